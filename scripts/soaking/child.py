"""Runs dl-lit's command line in this process, disturbed at a point: `python -m soaking.child POINT ARGUMENTS...`."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from soaking.points import INTERRUPT, INTERRUPT_TWICE, JUMP, KILL, TERM, Point, called

LIBRARY = "literature.db"
_SIGNALS = {
    KILL: (signal.SIGKILL,),
    TERM: (signal.SIGTERM,),
    INTERRUPT: (signal.SIGINT,),
    INTERRUPT_TWICE: (signal.SIGINT, signal.SIGINT),
}


class Clock:
    """The wall clock of this process, which can be set; must be there before anything of dl-lit is imported."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self._time = time.time

    def __call__(self) -> float:
        return self._time() + self.ahead


class Watcher:
    """Sees every statement on the library just before it is made, whatever thread makes it."""

    def __init__(self, point: Point, clock: Clock) -> None:
        self.made: Counter[str] = Counter()
        self._point = point
        self._clock = clock
        self._lock = threading.Lock()

    def __call__(self, sql: str) -> None:
        name = called(sql)
        if not name:
            return
        with self._lock:
            self.made[name] += 1
            number = self.made[name] if self._point.statement else self.made.total()
        if self._point.action and self._point.statement in ("", name) and number == self._point.number:
            self._strike()

    def _strike(self) -> None:
        if self._point.action == JUMP:
            self._clock.ahead += self._point.seconds
        for number in _SIGNALS.get(self._point.action, ()):
            os.kill(os.getpid(), number)


def watch(watcher: Watcher, pages: int) -> None:
    """Every connection to a library tells `watcher`; with `pages`, the file may grow by no more."""
    from dl_lit.store.connection import Connection, connect

    limits: list[int] = []

    def watched(path: Path, *arguments: Any, **options: Any) -> Connection:
        connection = connect(path, *arguments, **options)
        if path.name == LIBRARY:
            if pages:
                limits.append(connection.value("PRAGMA page_count") + pages)
                connection.execute(f"PRAGMA max_page_count = {limits[0]}")
            connection.set_trace_callback(watcher)
        return connection

    sys.modules["dl_lit.store.database"].__dict__["connect"] = watched


def break_stage(point: Point) -> None:
    """The worker of a stage raises at one of its batches, in the middle of the work."""
    from dl_lit import stages

    task: Any = getattr(stages, f"{point.stage}Task")
    run: Callable[..., Iterator[Any]] = task.run
    batches = iter(range(1, sys.maxsize))
    error: type[BaseException] = getattr(__import__("builtins"), point.raises)

    def broken(self: Any, items: Sequence[Any], stop: threading.Event) -> Iterator[Any]:
        if next(batches) == point.number:
            raise error("made for this test")
        yield from run(self, items, stop)

    task.run = broken


def main() -> int:
    point, clock = Point.from_text(sys.argv[1]), Clock()
    time.time = clock
    from dl_lit.cli.main import run

    watcher = Watcher(point, clock)
    watch(watcher, point.pages)
    if point.raises:
        break_stage(point)
    try:
        return run(sys.argv[2:])
    finally:
        if point.counts:
            Path(point.counts).write_text(json.dumps(watcher.made), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
