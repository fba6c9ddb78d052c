"""What a service says about its limits: 429 of both kinds, long rests, daily budgets, headers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from dl_lit.errors import (
    AccessRefused,
    BudgetExhausted,
    RateLimited,
    ServiceUnavailable,
)
from dl_lit.model import Health
from dl_lit.moments import utc
from dl_lit.net.http import HttpResponse
from dl_lit.net.ledger import MemoryLedger, utc_day
from dl_lit.net.limits import Tuning, Verdict
from httpserver import Arrival, Reply
from net_world import World, Worlds, replies, together


@pytest.fixture
def world() -> Iterator[Worlds]:
    with Worlds() as worlds:
        yield worlds


# ── slow down, or budget spent ───────────────────────────────────────────────────────────────────────────


def test_a_short_retry_after_is_waited_for_by_all_threads(world: Worlds) -> None:
    here = world(replies(Reply(429, headers={"Retry-After": "0.3"}), Reply()))
    pool = here.pool(failures=50)
    pool_threads = threading.Thread(target=together, args=(lambda: pool.send(here.request()), 1))
    pool_threads.start()
    while not here.server.arrivals:
        time.sleep(0.005)
    time.sleep(0.05)
    together(lambda: pool.send(here.request()), 4)
    pool_threads.join(10)
    times = here.server.times
    assert len(times) == 6
    assert min(times[1:]) - times[0] >= 0.3


def test_a_429_without_headers_backs_off_and_slows_down(world: Worlds) -> None:
    here = world(replies(Reply(429), Reply()))
    pool = here.pool()
    pool.send(here.request())
    assert pool.health().health == Health.SLOWED
    assert pool.health().rate < 900
    for _ in range(12):
        pool.send(here.request())
    assert pool.health().health == Health.OK


def test_a_429_with_a_long_retry_after_is_a_spent_budget_and_never_slept_out(world: Worlds) -> None:
    here = world(replies(Reply(429, headers={"Retry-After": "53578"})))
    pool = here.pool()
    begun = time.monotonic()
    for _ in range(3):
        with pytest.raises(BudgetExhausted) as caught:
            pool.send(here.request())
        assert caught.value.retry_after == pytest.approx(53578, abs=5)
    assert time.monotonic() - begun < 1
    assert len(here.server.arrivals) == 1
    health = pool.health()
    assert health.health == Health.EXHAUSTED
    assert health.until == pytest.approx(time.time() + 53578, abs=5)


def test_the_service_client_may_say_what_a_429_means(world: Worlds) -> None:
    def classify(response: HttpResponse) -> Verdict | None:
        return Verdict.BUDGET if b"Insufficient budget" in response.body else None

    here = world(replies(Reply(429, b"Rate limit exceeded"), Reply(429, b"Insufficient budget"), Reply()))
    pool = here.pool(classify_429=classify, tuner=lambda response: Tuning(reset_seconds=1000.0))
    with pytest.raises(BudgetExhausted) as caught:
        pool.send(here.request(cost=10.0))
    assert caught.value.retry_after == pytest.approx(1000, abs=2)
    assert pool.send(here.request(cost=1.0)).status == 200, "what is cheaper goes on"
    with pytest.raises(BudgetExhausted):
        pool.send(here.request(cost=10.0))


def test_a_spent_budget_without_a_time_lasts_until_midnight(world: Worlds) -> None:
    here = world(replies(Reply(429)))
    with pytest.raises(BudgetExhausted) as caught:
        here.pool(classify_429=lambda response: Verdict.BUDGET).send(here.request())
    assert 0 < (caught.value.retry_after or 0) <= 86400


@pytest.mark.parametrize("status", [429, 503])
def test_a_service_that_asks_for_a_long_rest_gets_it_and_callers_go_on_at_once(world: Worlds, status: int) -> None:
    here = world(replies(Reply(status, headers={"Retry-After": "600"})))
    pool = here.pool(classify_429=lambda response: Verdict.SLOW_DOWN)
    with pytest.raises((RateLimited, ServiceUnavailable)):
        pool.send(here.request())
    with pytest.raises(RateLimited) as caught:
        pool.send(here.request())
    assert caught.value.retry_after == pytest.approx(600, abs=5)
    assert len(here.server.arrivals) == 1
    assert pool.health().until == pytest.approx(time.time() + 600, abs=5)


def test_a_service_that_refuses_us_is_off_for_the_run_and_that_is_told_once(world: Worlds) -> None:
    told: list[str] = []
    here = world(tell=told.append)
    pool = here.pool()
    assert pool.refuse("no: cure it").message == "no: cure it"
    assert pool.refuse("no, once more").message == "no: cure it"
    for cost in (0.0, 1.0):
        with pytest.raises(AccessRefused, match="no: cure it"):
            pool.send(here.request(cost=cost))
    assert (here.server.arrivals, told) == ([], ["no: cure it"])
    assert (pool.health().health, pool.health().detail) == (Health.BLOCKED, "no: cure it")


def test_a_refusal_is_forgotten_with_the_run(world: Worlds) -> None:
    here = world()
    here.pool().refuse("a wrong key")
    later = World(here.server, here.ledger)
    assert later.pool().send(later.request()).status == 200
    later.network.close()


def test_a_spent_budget_outlives_the_program_and_says_until_when(world: Worlds) -> None:
    here = world(replies(Reply(429, headers={"Retry-After": "7200"}), Reply()))
    with pytest.raises(BudgetExhausted) as first:
        here.pool().send(here.request(cost=5.0))
    later = World(here.server, here.ledger)
    with pytest.raises(BudgetExhausted) as second:
        later.pool().send(later.request(cost=5.0))
    assert later.pool().send(later.request(cost=1.0)).status == 200, "what is cheaper goes on"
    assert len(here.server.arrivals) == 2
    assert utc(time.time() + 7200) in first.value.message
    assert second.value.message == f"crossref has no budget left for us until {utc(time.time() + 7200)}."
    assert later.pool().health().until == pytest.approx(time.time() + 7200, abs=5)
    later.network.close()


# ── budgets and headers ──────────────────────────────────────────────────────────────────────────────────


def test_a_daily_budget_is_never_overdrawn_and_outlives_the_program(world: Worlds) -> None:
    ledger = MemoryLedger()
    here = world(ledger=ledger)
    pool = here.pool(daily=5.0)
    results = together(lambda: pool.send(here.request(cost=1.0)), 8)
    assert len(here.server.arrivals) == 5
    assert sum(isinstance(result, BudgetExhausted) for result in results) == 3
    assert (pool.health().remaining, pool.health().health) == (0.0, Health.EXHAUSTED)
    later = World(here.server, ledger)
    with pytest.raises(BudgetExhausted):
        later.pool(daily=5.0).send(later.request(cost=1.0))
    assert later.pool().send(later.request(cost=0.0)).status == 200
    later.network.close()


def test_headers_set_rate_places_and_budget(world: Worlds) -> None:
    def tune(response: HttpResponse) -> Tuning:
        rate = float(response.headers["x-rate-limit-limit"])
        return Tuning(rates={"list": rate, "unknown": 1.0}, concurrency=2, remaining=997.0, limit=1000.0)

    here = world(replies(Reply(headers={"x-rate-limit-limit": "20"})))
    pool = here.pool(rates={"list": 50.0}, tuner=tune)
    pool.send(here.request(bucket="list"))
    assert pool.health().rate == pytest.approx(18.0)
    assert pool.health().remaining == 997.0
    account = here.ledger.budget(here.network.account("crossref"), utc_day())
    assert account is not None
    assert (account.spent, account.limit) == (3.0, 1000.0)

    def slow(arrival: Arrival) -> Reply:
        time.sleep(0.1)
        return Reply(headers={"x-rate-limit-limit": "500"})

    here.server.answer = slow
    together(lambda: pool.send(here.request(bucket="list")), 6)
    assert here.server.most_in_flight == 2
    assert pool.health().rate == pytest.approx(45.0), "never above the configured rate"


def test_a_tuner_may_have_nothing_to_say(world: Worlds) -> None:
    here = world()
    assert here.pool(tuner=lambda response: None).send(here.request()).status == 200
