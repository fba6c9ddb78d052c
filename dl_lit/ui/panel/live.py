"""Keeps the panel of a run on the screen, and does what its keys ask for."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console, RenderableType
from rich.live import Live
from rich.text import Text

from dl_lit.model import PoolHealth
from dl_lit.pipeline.progress import Snapshot
from dl_lit.pipeline.shutdown import Shutdown
from dl_lit.ui.panel.budgets import Budgets
from dl_lit.ui.panel.drawing import draw
from dl_lit.ui.panel.keys import listening
from dl_lit.ui.panel.load import Meter
from dl_lit.ui.panel.scene import Focus, Motion, Scene, Size

log = logging.getLogger(__name__)

A_SECOND = 1.0  # frames; a key is answered at once


class Run(Protocol):
    """What is watched, and steered through `shutdown`."""

    shutdown: Shutdown

    def snapshot(self) -> Snapshot: ...

    def health(self) -> Sequence[PoolHealth]: ...


class LivePanel:
    """`press` may come from another thread than `frame`."""

    def __init__(self, run: Run, console: Console) -> None:
        self._run = run
        self._console = console
        self._focus = Focus.HOSTS
        self._meter = Meter()
        self._budgets = Budgets()
        self._live: Live | None = None
        self._has_keys = False
        self._has_failed = False
        self._width = 0
        self._last: RenderableType = Text("dl-lit")

    @contextmanager
    def shown(self) -> Iterator[None]:
        with (
            listening(self.press) as self._has_keys,
            Live(get_renderable=self.frame, console=self._console, refresh_per_second=A_SECOND) as self._live,
        ):
            yield
        self._live = None

    def frame(self) -> RenderableType:
        """Never raises: what goes wrong here is no reason to disturb a run, nor to write across the screen."""
        try:
            size = self._console.size
            self._sweep(size.width)
            self._last = draw(self.scene(), Size(size.width, size.height))
        except Exception:
            if not self._has_failed:
                log.exception("The panel could not be drawn")
            self._has_failed = True
        return self._last

    def _sweep(self, width: int) -> None:
        """A terminal that becomes narrower breaks the last frame's lines; parts of it would stay above the next."""
        if width < self._width:
            self._console.clear()
        self._width = width

    def scene(self) -> Scene:
        snapshot, health = self._run.snapshot(), self._run.health()
        return Scene(
            snapshot,
            health,
            self._focus,
            self._motion(),
            self._meter.now(),
            self._budgets.lasting(snapshot, health),
            self._has_keys,
        )

    def _motion(self) -> Motion:
        shutdown = self._run.shutdown
        if shutdown.interrupted:
            return Motion.DRAINING
        return Motion.PAUSED if shutdown.paused.is_set() else Motion.RUNNING

    def press(self, key: str) -> None:
        """p pauses and goes on, q does what Ctrl-C does, f and w turn to failures and workers and back."""
        match key.lower():
            case "p":
                self._run.shutdown.turn_pause()
            case "q":
                self._run.shutdown.interrupt()
            case "f":
                self._turn_to(Focus.FAILURES)
            case "w":
                self._turn_to(Focus.WORKERS)
            case _:
                return
        if self._live is not None:
            self._live.refresh()

    def _turn_to(self, focus: Focus) -> None:
        self._focus = Focus.HOSTS if self._focus is focus else focus
