"""Answers of services, kept until they expire."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dl_lit.config import Store as StoreSettings
from dl_lit.store.records import CachedAnswer
from library import ME, SmallLibrary


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db", StoreSettings(cache_mb=1))
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


@pytest.mark.parametrize("sign", ["start", "heartbeat"])
def test_the_oldest_answers_go_when_all_are_too_many(library: SmallLibrary, sign: str) -> None:
    run = library.store.start_run(ME, "test", {})
    for number in range(11):
        library.store.cache_put("crossref", f"{number:02}", "x" * 100_000, 3600)
        library.clock.now += 1
    if sign == "start":
        library.store.start_run(ME, "test", {})
    else:
        library.store.heartbeat(run)
    kept = [key for (key,) in library.rows("SELECT key FROM service_cache ORDER BY key")]
    assert kept == [f"{number:02}" for number in range(4, 11)]
    assert library.store.cache_stats().bytes == sum(100_002 for _ in kept)


def test_answers_within_the_bounds_stay(library: SmallLibrary) -> None:
    library.store.cache_put_many("crossref", {f"{number}": "x" * 100_000 for number in range(9)}, 3600)
    library.store.start_run(ME, "test", {})
    assert library.store.cache_stats().entries == 9
