"""Answers that come while another program holds the library are known, and written when it lets go."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dl_lit.config import Store as StoreSettings
from dl_lit.errors import DatabaseBusy
from dl_lit.services import unkept
from dl_lit.services.unkept import Unkept
from dl_lit.store import Database, Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(Database.open(tmp_path / "literature.db", StoreSettings(busy_timeout=0.05)))
    yield store
    store.close()


def put_while_held(store: Store, cache: Unkept, answers: dict[str, str | None]) -> None:
    """Another program has the write lock."""
    with closing(sqlite3.connect(store.database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy):
            cache.cache_put_many("crossref", answers, 60.0)


def payloads(cache: Unkept | Store, *keys: str) -> dict[str, str | None]:
    return {key: one.payload for key, one in cache.cache_get_many("crossref", keys).items()}


def test_what_could_not_be_written_is_known(store: Store) -> None:
    cache = Unkept(store)
    cache.cache_put_many("crossref", {"a": "one"}, 60.0)
    put_while_held(store, cache, {"b": "two", "c": None})
    assert payloads(cache, "a", "b", "c", "d") == {"a": "one", "b": "two", "c": None}
    assert payloads(store, "a", "b", "c", "d") == {"a": "one"}


def test_it_is_written_with_the_next_answers(store: Store) -> None:
    cache = Unkept(store)
    put_while_held(store, cache, {"b": "two", "c": None})
    cache.cache_put_many("openalex", {"z": "last"}, 60.0)
    assert payloads(store, "b", "c") == {"b": "two", "c": None}


def test_a_later_answer_is_not_replaced_by_one_that_was_held(store: Store) -> None:
    cache = Unkept(store)
    put_while_held(store, cache, {"b": "old"})
    cache.cache_put_many("crossref", {"b": "new"}, 60.0)
    assert payloads(store, "b") == payloads(cache, "b") == {"b": "new"}


def test_it_is_another_services_answer_no_more_than_in_the_library(store: Store) -> None:
    cache = Unkept(store)
    put_while_held(store, cache, {"b": "two"})
    assert cache.cache_get_many("openalex", ["b"]) == {}


def test_the_oldest_are_forgotten_when_they_are_too_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unkept, "MOST", 2)
    cache = Unkept(store)
    put_while_held(store, cache, {"a": "1", "b": "2", "c": "3"})
    assert set(payloads(cache, "a", "b", "c")) == {"b", "c"}


def test_what_is_refused_once_more_stays_known(store: Store) -> None:
    """The answers of the moment are taken, and another program is faster than the older ones."""

    class Shut(Store):
        def cache_put_many(self, service: str, answers: object, ttl_seconds: float) -> None:
            if service == "crossref":
                raise DatabaseBusy("held")

    cache = Unkept(Shut(store.database))
    with pytest.raises(DatabaseBusy):
        cache.cache_put_many("crossref", {"a": "one"}, 60.0)
    cache.cache_put_many("openalex", {"z": "last"}, 60.0)
    assert payloads(cache, "a") == {"a": "one"}
