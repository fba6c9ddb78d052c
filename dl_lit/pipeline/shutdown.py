"""How a run pauses and ends: the first signal drains, the second stops at once, a fatal error stops and is kept."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

log = logging.getLogger(__name__)


class Shutdown:
    """Four events, and the error that caused them.

    `paused`: no new rows for now; work under way finishes. `draining`: no new rows ever. `holding`: either of them, for
    those who could leave a batch half done. `stopping`: everything that waits wakes up and leaves.
    """

    def __init__(self) -> None:
        self.paused = threading.Event()
        self.draining = threading.Event()
        self.holding = threading.Event()
        self.stopping = threading.Event()
        self.interrupted = False
        self.error: BaseException | None = None
        self._lock = threading.Lock()
        self._on_stop: list[Callable[[], None]] = []

    def on_stop(self, wake: Callable[[], None]) -> None:
        """`wake` is called when the run is stopped, for what waits for something else than the events."""
        self._on_stop.append(wake)

    def turn_pause(self) -> None:
        """Pauses, or goes on after a pause."""
        with self._lock:
            if self.paused.is_set():
                self.paused.clear()
            else:
                self.paused.set()
            self._hold()

    def drain(self) -> None:
        self.draining.set()
        with self._lock:
            self._hold()

    def _hold(self) -> None:
        if self.paused.is_set() or self.draining.is_set():
            self.holding.set()
        else:
            self.holding.clear()

    def stop(self) -> None:
        self.drain()
        self.stopping.set()
        with self._lock:
            wakes, self._on_stop = self._on_stop, []
        for wake in wakes:
            try:
                wake()
            except Exception:
                log.exception("Something that waits could not be woken")

    def fail(self, error: BaseException) -> None:
        """Stops the run because of `error`; the first one wins."""
        with self._lock:
            if self.error is None:
                self.error = error
        self.stop()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        # Not here: the interrupted code may hold the lock of the very event that is to be set.
        threading.Thread(target=self.interrupt, name="signal", daemon=True).start()

    def interrupt(self) -> None:
        """What a signal means: drain first, stop the second time."""
        with self._lock:
            again, self.interrupted = self.interrupted, True
        if again:
            self.stop()
        else:
            self.drain()

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Handles SIGINT and SIGTERM inside the block; nothing outside the main thread, where Python forbids it."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        kept = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)
