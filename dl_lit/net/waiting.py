"""Waits that end at once when the program stops."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

from dl_lit.errors import Stopping
from dl_lit.net.ledger import Ledger

_POLL = 0.1
_MARGIN = 30.0  # seconds a place is kept beyond the longest request


def check(stop: threading.Event) -> None:
    if stop.is_set():
        raise Stopping("The program is shutting down; the request was not sent.")


def wait(stop: threading.Event, seconds: float) -> None:
    """Sleeps; raises Stopping as soon as `stop` is set."""
    if stop.wait(max(0.0, seconds)):
        check(stop)


class Places:
    """A semaphore whose number of places can change while it is in use."""

    def __init__(self, most: int, stop: threading.Event) -> None:
        self._most = most
        self._now = most
        self._taken = 0
        self._freed = threading.Condition()
        self._stop = stop

    @property
    def taken(self) -> int:
        return self._taken

    @property
    def now(self) -> int:
        return self._now

    def resize(self, places: int) -> None:
        """Between one place and the configured number, never more."""
        with self._freed:
            self._now = max(1, min(self._most, places))
            self._freed.notify_all()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        with self._freed:
            while self._taken >= self._now:
                check(self._stop)
                # One cannot wait for a place and for `stop` at once, hence the short turns.
                self._freed.wait(_POLL)
            self._taken += 1
        try:
            yield
        finally:
            with self._freed:
                self._taken -= 1
                self._freed.notify()


class SharedPlaces:
    """The places that a service allows, shared with all other processes of this machine."""

    def __init__(self, pool: str, ledger: Ledger, patience: float, stop: threading.Event) -> None:
        """`patience` is the longest, in seconds, that one request may take."""
        self._pool = pool
        self._ledger = ledger
        self._longest = patience + _MARGIN
        self._stop = stop

    @contextlib.contextmanager
    def held(self, most: int) -> Iterator[None]:
        """Waits for one of `most` places; raises Stopping."""
        while (place := self._ledger.take_place(self._pool, most, self._longest)) is None:
            wait(self._stop, _POLL)
        try:
            yield
        finally:
            self._ledger.leave_place(place)


def seconds_until(moment: float) -> float:
    """From now to a point on the clock of `time.monotonic()`, never negative."""
    return max(0.0, moment - time.monotonic())
