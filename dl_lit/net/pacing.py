"""When the next request of one bucket may leave, and how fast the bucket goes just now.

A request passes three points. `turn`: one thread of this process at a time, when its time has come, so that only one
holds a place of the service while he waits. `slot`: its time in the ledger, which is shared with other processes and
with the one that was killed a moment ago. `gate`: the write itself, never closer to the last write than the interval,
whatever the scheduler or a slow handshake did in between; and who comes there late, when another process has taken the
next slot meanwhile, takes another.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from dl_lit.net.ledger import Ledger
from dl_lit.net.limits import SAFETY
from dl_lit.net.waiting import Places, seconds_until, wait

_LATENCY_FACTOR = 0.9
_LATENCY_FLOOR = 0.25
# A slot further ahead than this was reserved under a clock that has been set back since.
_LONGEST_SLOT = 120.0


class Pacer:
    """One bucket of a pool, or one file host. `rate` is the published one; sending stays below it by a margin."""

    def __init__(
        self,
        key: str,
        rate: float,
        ledger: Ledger,
        stop: threading.Event,
        *,
        slowest: float = 1 / 32,
        step: float = 1 / 20,
    ) -> None:
        """`slowest` is the part of the full rate below which nothing slows it down, `step` what of it one good answer
        gives back."""
        self.key = key
        self._step = step
        self._slowest = slowest
        self._ledger = ledger
        self._stop = stop
        self._lock = threading.Lock()
        self._wire = threading.Lock()
        self._most = rate * SAFETY
        self._full = self._most
        self._factor = 1.0
        self._line = Places(1, stop)
        self._next = 0.0
        self._last_write = -float("inf")
        self._reserved = -float("inf")  # `time.time()`: up to when this process has reserved
        self._resume = 0.0
        self._last_cut = -float("inf")
        self._latency = Latency()

    @property
    def interval(self) -> float:
        return 1.0 / (self._full * self._factor)

    @property
    def rate(self) -> float:
        return self._full * self._factor

    @property
    def slowed(self) -> bool:
        return self._factor < 1.0 or time.monotonic() < self._resume

    def until_due(self) -> None:
        """Waits for the next slot there is just now, reserves nothing; raises Stopping."""
        now = time.time()
        free = self._ledger.reserve_slot(self.key, 0.0, now) - now
        wait(self._stop, min(max(free, seconds_until(self._resume)), _LONGEST_SLOT))

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Waits to be the next of this bucket, and for the time; take the slot before the end. Raises Stopping."""
        with self._line.held():
            while (ahead := seconds_until(max(self._next, self._resume))) > 0:
                wait(self._stop, ahead)
            yield

    def slot(self) -> float:
        """Reserves a time in the ledger, waits for it and returns it (`time.time()`); raises Stopping."""
        now = time.time()
        ahead = min(self._reserve(now) - now, _LONGEST_SLOT)
        self._next = time.monotonic() + ahead + self.interval
        wait(self._stop, ahead)
        return now + ahead

    def _reserve(self, now: float) -> float:
        interval = self.interval
        mine = self._ledger.reserve_slot(self.key, interval, now)
        self._reserved = max(self._reserved, mine + interval)
        return mine

    def slot_now(self) -> float:
        """Takes a slot if one is due now and returns 0; else the seconds until the next, with nothing reserved."""
        # The gate would hold whoever is let in before it opens (the interval may have grown since the last slot).
        now, closed = time.time(), seconds_until(self._last_write + self.interval)
        ahead = max(closed, self._ledger.reserve_slot(self.key, 0.0, now) - now)
        if ahead <= 0:
            # Another process may have come in between; then its slot is before ours, and ours is given up.
            ahead = self._reserve(now) - now
        return min(max(0.0, ahead), _LONGEST_SLOT)

    def book(self) -> float:
        """Reserves the next slot without waiting for it; its time on the clock of `time.monotonic()`."""
        now = time.time()
        return time.monotonic() + min(self._reserve(now) - now, _LONGEST_SLOT)

    def gate(self, write: Callable[[], None], slot: float | None = None) -> None:
        """Writes as soon as the last write of this bucket is an interval ago; raises Stopping.

        `slot` is what `slot` returned for this request.
        """
        if slot is not None:
            self._catch_up(slot)
        while True:
            with self._wire:
                ahead = seconds_until(max(self._last_write + self.interval, self._resume))
                if ahead <= 0:
                    try:
                        write()
                    finally:
                        self._last_write = time.monotonic()
                    return
            wait(self._stop, ahead)

    def _catch_up(self, slot: float) -> None:
        """The slot of another process begins where ours ends: late by more than the margin, we would be in it."""
        while time.time() - slot > self.interval * (1 - SAFETY):
            now = time.time()
            free = self._ledger.reserve_slot(self.key, 0.0, now)
            if free <= max(now, self._reserved):
                return  # nobody else has come since
            slot = self.slot()

    def pause(self, seconds: float) -> None:
        """Nothing leaves for so long."""
        with self._lock:
            self._resume = max(self._resume, time.monotonic() + seconds)

    def slow_down(self, sent: float) -> None:
        """Halves the rate: once for all requests that were sent (`time.monotonic()`) before the last halving."""
        with self._lock:
            if sent >= self._last_cut:
                self._factor = max(self._slowest, self._factor / 2)
                self._last_cut = time.monotonic()

    def went_well(self, seconds: float) -> None:
        """A good answer after `seconds`: a step up, or a little down while answers take longer and longer."""
        with self._lock:
            if self._latency.is_rising(seconds):
                self._factor = min(self._factor, max(_LATENCY_FLOOR, self._factor * _LATENCY_FACTOR))
            else:
                self._factor = min(1.0, self._factor + self._step)

    def tune(self, rate: float) -> None:
        """The rate that the service publishes in its headers now; it can only be lower than the configured one."""
        if rate > 0:
            with self._lock:
                self._full = min(self._most, rate * SAFETY)


class Latency:
    """Compares the recent response time with the usual one."""

    def __init__(self) -> None:
        self._usual: float | None = None
        self._recent = 0.0

    def is_rising(self, seconds: float) -> bool:
        if self._usual is None:
            self._usual = self._recent = seconds
            return False
        self._recent += 0.3 * (seconds - self._recent)
        # Quick to believe that a service can be fast, slow to accept that it is slow for good.
        self._usual += (0.5 if seconds < self._usual else 0.02) * (seconds - self._usual)
        return self._recent > 2 * self._usual + 0.5
