"""What the run takes of the machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import psutil

from dl_lit.ui.panel.scene import Usage

SECONDS = 2.0  # between two looks: one walks through all processes of the machine


class Meter:
    """Measures this process and its children; a look between two measurements gets the last one."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at = clock()
        self._last: Usage | None = None
        self._spent = self._seconds(_family())

    def now(self) -> Usage | None:
        """None until the first measurement."""
        passed = self._clock() - self._at
        if passed >= SECONDS:
            self._measure(passed)
        return self._last

    def _measure(self, passed: float) -> None:
        family = _family()
        before, self._spent = self._spent, self._seconds(family)
        spent = sum(seconds - before.get(pid, 0.0) for pid, seconds in self._spent.items())
        self._last = Usage(spent / passed, sum(map(_memory, family)), len(family))
        self._at = self._clock()

    @staticmethod
    def _seconds(family: list[psutil.Process]) -> dict[int, float]:
        spent: dict[int, float] = {}
        for process in family:
            with suppress(psutil.Error):
                times = process.cpu_times()
                spent[process.pid] = times.user + times.system
        return spent


def _family() -> list[psutil.Process]:
    me = psutil.Process()
    with suppress(psutil.Error):
        return [me, *me.children(recursive=True)]
    return [me]


def _memory(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0
