"""The state of one file host: who is there, when the next may come, and whether it is worth coming at all."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from dl_lit import moments
from dl_lit.model import Health, PoolHealth
from dl_lit.net.ledger import Ledger
from dl_lit.net.pacing import Pacer

log = logging.getLogger(__name__)
now = time.monotonic

LONGEST_STAY = 1800.0  # seconds after which a place is free again even if nobody has left it
LONGEST_WAIT = 3600.0  # a host that asks for more is left alone: whoever wants something there takes another way
REST = 3600.0  # seconds for which a host that only failed is left alone; runs of days must not give it up for ever


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: do something else and come back in so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Ended:
    """This host is left alone for long; `retry_after` seconds if it named a time itself."""

    reason: str
    retry_after: float | None = None


class Host:
    """`places` requests at once, paced by `pacer`; more than `failures_allowed` in a row end it, and so do more than
    twice as many answers in a row that only ask for a pause: such a host keeps no promise that it makes by them."""

    def __init__(self, name: str, pacer: Pacer, places: int, failures_allowed: int, ledger: Ledger) -> None:
        self.name = name
        self._ledger = ledger
        self._shared: list[int] = []
        self.pacer = pacer
        self._places = places
        self._failures_allowed = failures_allowed
        self._lock = threading.Lock()
        self._in_flight = 0
        self._failures = 0
        self._put_off = 0  # answers in a row that only asked for a pause
        # On a clock that nobody can set: waiting for a wall clock that was set back would take as long as that.
        self._not_before = 0.0  # for whoever has no slot yet
        self._paused_until = 0.0  # for all, by the host's own word
        self._ended: Ended | None = None
        self._ended_until = 0.0
        self._requests = 0
        self._errors = 0

    def try_enter(self, slot: float | None = None) -> Wait | Ended | None:
        """None when the caller may send now; he must `leave` then. `slot`: what `Pacer.book` gave him."""
        with self._lock:
            if self._ended is not None and now() < self._ended_until:
                return self._ended
            self._revive()
            ahead = max(self._paused_until, self._not_before if slot is None else slot) - now()
            if ahead > 0:
                return Wait(ahead)
            if self._in_flight >= self._places:
                return Wait(self.pacer.interval)
            if (ahead := self._asked_before()) > 0:
                self._paused_until = now() + ahead
                return Wait(ahead)
            place = self._ledger.take_place(self.pacer.key, self._places, LONGEST_STAY)
            if place is None:  # other processes are there
                return Wait(self.pacer.interval)
            ahead = self.pacer.slot_now() if slot is None else 0.0
            if ahead > 0:
                self._ledger.leave_place(place)
                self._not_before = now() + ahead
                return Wait(ahead)
            self._shared.append(place)
            self._in_flight += 1
            self._requests += 1
            return None

    def _asked_before(self) -> float:
        """The seconds left of a pause that the host has asked another process for, or one that has ended since."""
        rest = self._ledger.rest(self.pacer.key, time.time())
        return rest.until - time.time() if rest is not None else 0.0

    def leave(self, ok: bool | None, retry_after: float | None) -> None:
        with self._lock:
            self._in_flight -= 1
            self._ledger.leave_place(self._shared.pop())
            if retry_after:
                until = time.time() + min(retry_after, LONGEST_WAIT)
                self._ledger.set_rest(self.pacer.key, until, 0.0, time.time())
            if ok is not None:
                self._failures = 0 if ok else self._failures + 1
            self._errors += ok is False
            self._put_off = self._put_off + 1 if retry_after is not None else 0 if ok else self._put_off
            if retry_after is not None and retry_after > LONGEST_WAIT:
                said = moments.here(time.time() + retry_after, now=time.time())
                self._end(f"{self.name} asked to be left alone until {said}", retry_after)
            elif retry_after is not None:
                self._paused_until = max(self._paused_until, now() + retry_after)
            if self._failures > self._failures_allowed:
                self._end(f"{self.name} failed {self._failures} times in a row", None)
            elif retry_after is not None and self._put_off > 2 * self._failures_allowed:
                self._end(f"{self.name} only asked for a pause, {self._put_off} times in a row", None)

    def _end(self, reason: str, retry_after: float | None) -> None:
        if self._ended is None:
            rest = REST if retry_after is None else retry_after
            self._ended, self._ended_until = Ended(reason, retry_after), now() + rest
            log.warning("%s; it is not asked again for %.0f minutes.", reason, rest / 60)

    def _revive(self) -> None:
        """After its rest one more failure ends it again."""
        if self._ended is not None:
            self._ended = None
            self._failures = self._failures_allowed

    def health(self) -> PoolHealth:
        with self._lock:
            ahead = max(self._not_before, self._paused_until) - now()
            return PoolHealth(
                name=self.name,
                health=self._condition(),
                rate=self.pacer.rate,
                in_flight=self._in_flight,
                requests=self._requests,
                errors=self._errors,
                until=time.time() + ahead if ahead > 0 else None,
            )

    def _condition(self) -> Health:
        if self._ended is not None:
            return Health.OPEN
        if self.pacer.slowed:
            return Health.SLOWED
        return Health.OK if self._requests else Health.IDLE
