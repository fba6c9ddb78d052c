"""The day's budget of one service, kept in the ledger so that a restart does not forget what was spent."""

from __future__ import annotations

import math
import threading
import time

from dl_lit.errors import BudgetExhausted
from dl_lit.net.ledger import Ledger, next_midnight, utc_day


class Budget:
    """Refuses requests that cost too much for what is left; those that cost nothing go on."""

    def __init__(self, pool: str, daily: float | None, ledger: Ledger, *, account: str | None = None) -> None:
        """`account` is the ledger's key (default: `pool`, which is the name for a person)."""
        self._name = pool
        self._pool = account or pool
        self._daily = daily
        self._ledger = ledger
        self._lock = threading.Lock()
        self._exhausted_until = 0.0
        self._too_dear = math.inf  # requests of this cost and more are refused until then

    @property
    def exhausted_until(self) -> float | None:
        """The unix time at which the service is asked again, or None."""
        return self._exhausted_until if self._exhausted_until > time.time() else None

    def remaining(self) -> float | None:
        """Credits left today, or None where there is no limit."""
        account = self._ledger.budget(self._pool, utc_day())
        limit = account.limit if account is not None and account.limit is not None else self._daily
        if limit is None:
            return None
        return max(0.0, limit - (account.spent if account is not None else 0.0))

    def check(self, cost: float) -> None:
        """Raises BudgetExhausted if a request of this cost cannot be paid."""
        with self._lock:
            until, too_dear = self._exhausted_until, self._too_dear
        if until > time.time() and cost >= too_dear:
            raise self._spent(until)
        if cost > 0:
            left = self.remaining()
            if left is not None and left < cost:
                raise self._spent(next_midnight())

    def spend(self, cost: float) -> None:
        """Books the cost before the request leaves; raises BudgetExhausted, with nothing booked, if it is too much."""
        self.check(cost)
        if cost <= 0:
            return
        day = utc_day()
        account = self._ledger.budget(self._pool, day)
        limit = account.limit if account is not None and account.limit is not None else self._daily
        spent = self._ledger.spend(self._pool, day, cost)
        if limit is not None and spent > limit:
            self._ledger.spend(self._pool, day, -cost)
            raise self._spent(next_midnight())

    def give_back(self, cost: float) -> None:
        """The request never left."""
        if cost > 0:
            self._ledger.spend(self._pool, utc_day(), -cost)

    def charge(self, credits: float) -> None:
        """What a request turned out to cost beyond what was booked; negative for less."""
        if credits:
            self._ledger.spend(self._pool, utc_day(), credits)

    def correct(self, remaining: float, limit: float | None) -> None:
        """What the service itself counts; it also knows of other programs at this address or key."""
        whole = limit if limit is not None else self._daily
        if whole is not None:
            self._ledger.set_spent(self._pool, utc_day(), max(0.0, whole - remaining), whole)

    def exhaust(self, until: float, cost: float = 0.0) -> None:
        """Refuses requests of this cost or more until that unix time."""
        with self._lock:
            if self._exhausted_until <= time.time():
                self._too_dear = math.inf
            self._exhausted_until = max(self._exhausted_until, until)
            self._too_dear = min(self._too_dear, cost)

    def _spent(self, until: float) -> BudgetExhausted:
        seconds = max(0.0, until - time.time())
        return BudgetExhausted(
            f"The budget of {self._name} is spent; it is given anew in {_span(seconds)}.", retry_after=seconds
        )


def _span(seconds: float) -> str:
    hours, minutes = divmod(math.ceil(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
