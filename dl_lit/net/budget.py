"""The budget of one service, kept in the ledger so that a restart forgets neither what was spent nor until when."""

from __future__ import annotations

import time

from dl_lit import moments
from dl_lit.errors import BudgetExhausted
from dl_lit.net.ledger import Ledger, Rest, next_midnight, utc_day


class Budget:
    """Refuses requests that cost too much for what is left; those that cost nothing go on."""

    def __init__(
        self, pool: str, daily: float | None, ledger: Ledger, *, account: str | None = None, advice: str = ""
    ) -> None:
        """`account` is the ledger's key (default: `pool`, which is the name for a person); `advice` what raises it."""
        self._name = pool
        self._pool = account or pool
        self._daily = daily
        self._ledger = ledger
        self._advice = advice

    @property
    def exhausted_until(self) -> float | None:
        """The unix time at which the service is asked again, or None."""
        rest = self._rest()
        return rest.until if rest is not None else None

    def _rest(self) -> Rest | None:
        return self._ledger.rest(self._pool, time.time())

    def remaining(self) -> float | None:
        """Credits left today, or None where there is no limit."""
        account = self._ledger.budget(self._pool, utc_day())
        limit = account.limit if account is not None and account.limit is not None else self._daily
        if limit is None:
            return None
        return max(0.0, limit - (account.spent if account is not None else 0.0))

    def check(self, cost: float) -> None:
        """Raises BudgetExhausted if a request of this cost cannot be paid."""
        rest = self._rest()
        if rest is not None and cost >= rest.cost:
            raise self._spent(rest.until)
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

    def exhaust(self, until: float, cost: float = 0.0) -> BudgetExhausted:
        """Refuses requests of this cost or more until that unix time, in this run and later ones; returns the error."""
        self._ledger.set_rest(self._pool, until, cost, time.time())
        return self._spent(until)

    def _spent(self, until: float) -> BudgetExhausted:
        text = f"{self._name} has no budget left for us until {moments.utc(until)}. {self._advice}"
        return BudgetExhausted(text.rstrip(), retry_after=max(0.0, until - time.time()))
