"""The day's credits: booked before sending, corrected by the service, remembered over a restart."""

from __future__ import annotations

import re
import threading
import time

import pytest

from dl_lit.errors import BudgetExhausted
from dl_lit.moments import utc
from dl_lit.net.budget import Budget
from dl_lit.net.ledger import MemoryLedger, next_midnight, utc_day


def test_requests_are_booked_until_nothing_is_left() -> None:
    ledger = MemoryLedger()
    budget = Budget("openalex", 25.0, ledger)
    budget.spend(10)
    budget.spend(10)
    assert budget.remaining() == 5.0
    with pytest.raises(BudgetExhausted, match="openalex") as caught:
        budget.spend(10)
    assert caught.value.retry_after == pytest.approx(next_midnight() - time.time(), abs=5)
    budget.spend(1)
    budget.spend(0)
    assert budget.remaining() == 4.0


def test_what_was_spent_survives_a_restart() -> None:
    ledger = MemoryLedger()
    Budget("openalex", 10.0, ledger).spend(10)
    with pytest.raises(BudgetExhausted):
        Budget("openalex", 10.0, ledger).check(1)


def test_without_a_limit_spending_is_counted_and_never_refused() -> None:
    ledger = MemoryLedger()
    budget = Budget("crossref", None, ledger)
    budget.spend(1e9)
    assert budget.remaining() is None
    account = ledger.budget("crossref", utc_day())
    assert account is not None
    assert account.spent == 1e9


def test_a_request_that_never_left_costs_nothing() -> None:
    budget = Budget("openalex", 10.0, MemoryLedger())
    budget.spend(10)
    budget.give_back(10)
    budget.give_back(0)
    assert budget.remaining() == 10.0


def test_the_services_own_count_is_believed() -> None:
    ledger = MemoryLedger()
    budget = Budget("openalex", 1000.0, ledger)
    budget.correct(7.0, 500.0)
    assert budget.remaining() == 7.0
    with pytest.raises(BudgetExhausted):
        budget.check(10)
    budget.correct(3.0, None)
    assert budget.remaining() == 3.0
    unlimited = Budget("crossref", None, ledger)
    unlimited.correct(5.0, None)
    assert unlimited.remaining() is None


def test_an_exhausted_service_still_answers_what_is_cheaper() -> None:
    budget = Budget("openalex", None, MemoryLedger())
    budget.exhaust(time.time() + 60, cost=10)
    budget.check(0)
    budget.check(1)
    with pytest.raises(BudgetExhausted) as caught:
        budget.check(10)
    assert caught.value.retry_after is not None
    assert 55 < caught.value.retry_after <= 60
    budget.exhaust(until := time.time() + 7200)
    with pytest.raises(BudgetExhausted, match=f"openalex has no budget left for us until {re.escape(utc(until))}"):
        budget.check(0)
    assert budget.exhausted_until is not None


def test_after_the_reset_it_starts_anew() -> None:
    budget = Budget("openalex", None, MemoryLedger())
    budget.exhaust(time.time() - 1, cost=0)
    budget.check(10)
    assert budget.exhausted_until is None
    budget.exhaust(time.time() + 60, cost=10)
    budget.check(1)


def test_threads_together_never_spend_more_than_there_is() -> None:
    budget = Budget("openalex", 50.0, MemoryLedger())
    paid: list[int] = []

    def spend() -> None:
        for _ in range(20):
            try:
                budget.spend(1)
            except BudgetExhausted:
                return
            paid.append(1)

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(paid) == 50
    assert budget.remaining() == 0.0


def test_credits_that_another_process_spent_in_between_are_not_spent_twice() -> None:
    class Contended(MemoryLedger):
        def spend(self, pool: str, day: str, amount: float) -> float:
            if amount > 0:
                super().spend(pool, day, 3.0)
            return super().spend(pool, day, amount)

    ledger = Contended()
    with pytest.raises(BudgetExhausted):
        Budget("openalex", 10.0, ledger).spend(8)
    assert ledger.spend("openalex", utc_day(), 0) == 3.0


def test_days_are_those_of_utc() -> None:
    assert utc_day(0.0) == "1970-01-01"
    assert utc_day(86399.9) == "1970-01-01"
    assert next_midnight(86399.9) == 86400.0
    assert next_midnight(86400.0) == 172800.0


def test_slots_of_a_pool_are_an_interval_apart_and_asking_reserves_nothing() -> None:
    ledger = MemoryLedger()
    assert ledger.reserve_slot("a", 2.0, 100.0) == 100.0
    assert ledger.reserve_slot("a", 0.0, 100.5) == 102.0
    assert ledger.reserve_slot("a", 0.0, 103.0) == 103.0
    assert ledger.reserve_slot("a", 2.0, 103.0) == 103.0
    assert ledger.reserve_slot("b", 2.0, 100.0) == 100.0


def test_what_a_request_cost_beyond_its_booking_is_charged_or_given_back() -> None:
    budget = Budget("llm", 100.0, MemoryLedger())
    budget.spend(40)
    budget.charge(20)
    assert budget.remaining() == 40.0
    budget.charge(-30)
    budget.charge(0)
    assert budget.remaining() == 70.0
