"""What outlives a run about the services: answers, budgets, and the pace of requests."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.queues import Queue
from pathlib import Path

import pytest

from dl_lit.store import Database, Store
from dl_lit.store.records import Budget, CachedAnswer
from library import ME, SmallLibrary

DAY = "2026-11-22"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


def test_an_answer_is_kept_until_it_expires(library: SmallLibrary) -> None:
    store = library.store
    store.cache_put("crossref", "10.1000/1", '{"title": "A"}', 60)
    assert store.cache_get("crossref", "10.1000/1") == CachedAnswer('{"title": "A"}', found=True)
    assert store.cache_get("openalex", "10.1000/1") is None
    library.clock.now += 60
    assert store.cache_get("crossref", "10.1000/1") is None


def test_nothing_is_an_answer_too(library: SmallLibrary) -> None:
    library.store.cache_put("crossref", "10.1000/none", None, 60)
    assert library.store.cache_get("crossref", "10.1000/none") == CachedAnswer(None, found=False)


def test_many_answers_at_once(library: SmallLibrary) -> None:
    answers = {f"10.1000/{i}": str(i) for i in range(2000)} | {"odd 'key'\n\"": None}
    library.store.cache_put_many("crossref", answers, 60)
    found = library.store.cache_get_many("crossref", [*answers, "not there"])
    assert {key: answer.payload for key, answer in found.items()} == answers


def test_a_newer_answer_replaces_the_older_and_its_expiry(library: SmallLibrary) -> None:
    library.store.cache_put("crossref", "k", None, 10)
    library.clock.now += 5
    library.store.cache_put("crossref", "k", "found now", 10)
    library.clock.now += 9
    assert library.store.cache_get("crossref", "k") == CachedAnswer("found now", found=True)


def test_expired_answers_are_dropped_when_a_run_starts(library: SmallLibrary) -> None:
    library.store.cache_put_many("crossref", {"old": "1", "older": "2"}, 10)
    library.store.cache_put("crossref", "young", "3", 100)
    library.clock.now += 50
    library.store.start_run(ME, "test", {})
    assert library.rows("SELECT key FROM service_cache") == [("young",)]
    library.clock.now += 50
    assert library.store.cache_purge() == 1


def test_slots_are_an_interval_apart_and_not_in_the_past(library: SmallLibrary) -> None:
    slots = [library.store.reserve_slot("crossref", 0.5, 100.0) for _ in range(3)]
    assert slots == [100.0, 100.5, 101.0]
    assert library.store.reserve_slot("openalex", 0.5, 100.0) == 100.0
    assert library.store.reserve_slot("crossref", 0.5, 200.0) == 200.0


def test_the_next_slot_can_be_asked_for_without_taking_it(library: SmallLibrary) -> None:
    library.store.reserve_slot("host:a", 2.0, 100.0)
    assert [library.store.reserve_slot("host:a", 0.0, now) for now in (100.0, 100.0, 105.0)] == [102.0, 102.0, 105.0]
    assert library.store.reserve_slot("host:a", 2.0, 101.0) == 102.0


def test_a_restarted_process_keeps_the_spacing(tmp_path: Path) -> None:
    for expected in (50.0, 53.0, 56.0):
        store = Store(Database.open(tmp_path / "literature.db"))
        assert store.reserve_slot("arxiv", 3.0, 50.0) == expected
        store.close()


def test_a_clock_that_was_wrong_does_not_stop_a_service_for_days(library: SmallLibrary) -> None:
    library.store.reserve_slot("arxiv", 3.0, 1_000_000.0)
    assert library.store.reserve_slot("arxiv", 3.0, 100.0) == 100.0


def _reserve(path: Path, results: Queue[list[float]]) -> None:
    store = Store(Database.open(path))
    with ThreadPoolExecutor(4) as executor:
        results.put(list(executor.map(lambda _: store.reserve_slot("crossref", 1.0, 10.0), range(40))))
    store.close()


def test_two_processes_never_get_the_same_slot(library: SmallLibrary, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results: Queue[list[float]] = context.Queue()
    processes = [context.Process(target=_reserve, args=(tmp_path / "literature.db", results)) for _ in range(2)]
    for process in processes:
        process.start()
    slots = sorted(results.get(timeout=30) + results.get(timeout=30))
    for process in processes:
        process.join(10)
        process.close()
    results.close()
    results.join_thread()
    assert slots == [10.0 + i for i in range(80)]


def test_spending_adds_up_by_day_and_service(library: SmallLibrary) -> None:
    store = library.store
    assert store.budget("openalex", DAY) is None
    assert [store.spend("openalex", DAY, 10), store.spend("openalex", DAY, 1.5)] == [10.0, 11.5]
    assert store.spend("openalex", "2026-11-23", 1) == 1.0
    assert store.budget("openalex", DAY) == Budget(11.5, None)


def test_what_the_service_says_counts(library: SmallLibrary) -> None:
    store = library.store
    store.spend("openalex", DAY, 10)
    store.set_spent("openalex", DAY, 700.0, 1000.0)
    assert store.budget("openalex", DAY) == Budget(700.0, 1000.0)
    store.set_spent("openalex", DAY, 800.0, None)
    assert store.budget("openalex", DAY) == Budget(800.0, 1000.0)
    assert store.spend("openalex", DAY, 1) == 801.0
