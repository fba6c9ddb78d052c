"""What processes share and what outlives them: when each pool may send next, its places, its budget and rests."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Protocol


class Spent(Protocol):
    """A day's account; `limit` is None while nobody has said what it is."""

    @property
    def spent(self) -> float: ...

    @property
    def limit(self) -> float | None: ...


# A rest that ends later than this is the work of a clock that was wrong; services name at most a week (`net.http`).
FARTHEST_REST = 8 * 86400.0


class Rest(Protocol):
    """A spent budget: requests of `cost` and more are in vain before the unix time `until`."""

    @property
    def until(self) -> float: ...

    @property
    def cost(self) -> float: ...


class Ledger(Protocol):
    """The store's part of it; all methods are atomic over threads and processes. Times are unix seconds."""

    def reserve_slot(self, pool: str, interval: float, now: float) -> float:
        """The time, not before `now`, at which the caller may send; the next caller gets `interval` later.

        An `interval` of 0 asks for the time without reserving it.
        """
        ...

    def spend(self, pool: str, day: str, amount: float) -> float:
        """Adds `amount` (negative to give it back) and returns what is spent in all on that day."""
        ...

    def set_spent(self, pool: str, day: str, spent: float, limit: float | None) -> None: ...

    def budget(self, pool: str, day: str) -> Spent | None: ...

    def rest(self, pool: str, now: float) -> Rest | None:
        """The rest that `pool` takes now, or None."""
        ...

    def set_rest(self, pool: str, until: float, cost: float, now: float) -> None:
        """Added to one that is not over yet: the longer time and the lower cost of the two hold."""
        ...

    def take_place(self, pool: str, most: int, seconds: float) -> int | None:
        """One of the `most` places of a pool, for `seconds` at most, or None when all are taken."""
        ...

    def leave_place(self, place: int) -> None: ...


@dataclass(frozen=True, slots=True)
class DaySpent:
    spent: float = 0.0
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Resting:
    until: float
    cost: float = 0.0


class MemoryLedger:
    """A ledger for use without a database; it forgets everything with the process.

    For commands without a library (`extract-references`), where no other can be had, and tests: a run keeps its ledger
    on disk, so that a restart breaks no limit.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: dict[str, float] = {}
        self._days: dict[tuple[str, str], DaySpent] = {}
        self._rests: dict[str, Resting] = {}
        self._places: dict[int, str] = {}
        self._numbers = count(1)

    def reserve_slot(self, pool: str, interval: float, now: float) -> float:
        with self._lock:
            slot = max(now, self._next.get(pool, now))
            self._next[pool] = slot + interval
            return slot

    def spend(self, pool: str, day: str, amount: float) -> float:
        with self._lock:
            before = self._days.get((pool, day), DaySpent())
            self._days[pool, day] = DaySpent(before.spent + amount, before.limit)
            return before.spent + amount

    def set_spent(self, pool: str, day: str, spent: float, limit: float | None) -> None:
        with self._lock:
            self._days[pool, day] = DaySpent(spent, limit)

    def budget(self, pool: str, day: str) -> Spent | None:
        with self._lock:
            return self._days.get((pool, day))

    def rest(self, pool: str, now: float) -> Rest | None:
        with self._lock:
            found = self._rests.get(pool)
            return found if found is not None and now < found.until < now + FARTHEST_REST else None

    def set_rest(self, pool: str, until: float, cost: float, now: float) -> None:
        before = self.rest(pool, now)
        with self._lock:
            self._rests[pool] = Resting(
                max(until, before.until if before else until), min(cost, before.cost if before else cost)
            )

    def take_place(self, pool: str, most: int, seconds: float) -> int | None:
        with self._lock:
            if sum(one == pool for one in self._places.values()) >= most:
                return None
            number = next(self._numbers)
            self._places[number] = pool
            return number

    def leave_place(self, place: int) -> None:
        with self._lock:
            self._places.pop(place, None)


def utc_day(now: float | None = None) -> str:
    """The day on which budgets are counted, such as "2026-11-22"."""
    return datetime.fromtimestamp(time.time() if now is None else now, UTC).date().isoformat()


def next_midnight(now: float | None = None) -> float:
    """The unix time at which the next UTC day begins."""
    today = datetime.fromtimestamp(time.time() if now is None else now, UTC).date()
    return datetime.combine(today + timedelta(days=1), datetime.min.time(), UTC).timestamp()
