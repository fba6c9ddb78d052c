"""The circuit breaker of one service: pybreaker counts, outside its lock the request is made.

pybreaker holds its lock during the call it protects, which would make a service serial, and lets everybody through
when half-open. So outcomes are reported afterwards, and one probe at a time is let through here.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time

import pybreaker

from dl_lit.errors import CircuitOpen

log = logging.getLogger(__name__)

_LONGEST_REST = 600.0


class Breaker:
    """Opens after `failures` in a row for `rest_seconds`, twice as long after each probe that fails."""

    def __init__(self, name: str, failures: int, rest_seconds: float) -> None:
        self._name = name
        self._rest = self._first_rest = rest_seconds
        self._lock = threading.Lock()
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=failures, reset_timeout=rest_seconds, throw_new_error_on_trip=False, name=name
        )
        self._until = 0.0
        self._told = f"{name} failed too often in a row."
        self._probe: Passage | None = None

    @property
    def rests_for(self) -> float | None:
        """Seconds until the next probe, or None while the circuit is closed."""
        if self._breaker.current_state == pybreaker.STATE_CLOSED:
            return None
        return max(0.0, self._until - time.monotonic())

    def check(self) -> None:
        """Raises CircuitOpen if a request would not be let through now."""
        with self._lock:
            self._refuse()

    def enter(self) -> Passage:
        """Lets a request through, as the probe if the circuit has rested; raises CircuitOpen. Report its outcome."""
        with self._lock:
            self._refuse()
            passage = Passage(self)
            if self._breaker.current_state != pybreaker.STATE_CLOSED:
                self._breaker.half_open()
                self._probe = passage
            return passage

    def report(self, passage: Passage, ok: bool | None, told: str = "") -> None:
        """`ok` None: it never came to an outcome. What is `told` of a failure later ones are told in the same words."""
        with self._lock:
            if ok is False and told:
                self._told = told
            if passage is self._probe:
                self._probe = None
                if ok is None:
                    self._until = time.monotonic()
                    return
            elif ok is None or self._breaker.current_state != pybreaker.STATE_CLOSED:
                return  # sent before the circuit opened: it says nothing about now
            self._count(ok)

    def _count(self, ok: bool) -> None:
        was_closed = self._breaker.current_state == pybreaker.STATE_CLOSED
        with contextlib.suppress(_Failure):
            self._breaker.call(_succeed if ok else _fail)
        if self._breaker.current_state == pybreaker.STATE_OPEN:
            self._rest = self._first_rest if was_closed else min(_LONGEST_REST, 2 * self._rest)
            self._until = time.monotonic() + self._rest
            log.warning("%s failed too often in a row; it is left alone for %.0f s.", self._name, self._rest)
        elif not was_closed:
            log.info("%s answers again.", self._name)

    def _refuse(self) -> None:
        if self._breaker.current_state == pybreaker.STATE_CLOSED:
            return
        left = max(0.0, self._until - time.monotonic())
        if left > 0 or self._probe is not None:
            raise CircuitOpen(self._told, retry_after=left or self._rest)


class Passage:
    """One request's way through the breaker; only the first report counts."""

    def __init__(self, breaker: Breaker) -> None:
        self._breaker = breaker
        self._reported = False

    def report(self, ok: bool | None, told: str = "") -> None:
        if not self._reported:
            self._reported = True
            self._breaker.report(self, ok, told)


class _Failure(Exception):
    pass


def _succeed() -> None:
    return None


def _fail() -> None:
    raise _Failure
