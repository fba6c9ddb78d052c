"""Searches that are kept: what was asked and what came, and its works on their way into the library."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dl_lit.errors import UsageError
from dl_lit.model import Work
from dl_lit.store.columns import insert, to_json, work_from_json, work_to_json
from dl_lit.store.connection import Connection
from dl_lit.store.expanding import add_work, known_as
from dl_lit.store.known import IDENTIFIERS
from dl_lit.store.outcomes import validated


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """`results` are (work, who found it), best first; `told` what each source gave; `created_at` unix time."""

    id: int
    query: str
    options: Mapping[str, Any]
    created_at: float
    told: Mapping[str, Any]
    results: tuple[tuple[Work, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Enqueued:
    """Of a search's works: new to the library, there already, and without an identifier to know them by."""

    new: int
    known: int
    nameless: int


def save(
    connection: Connection,
    query: str,
    options: Mapping[str, Any],
    told: Mapping[str, Any],
    results: Sequence[tuple[Work, Sequence[str]]],
    now: float,
) -> int:
    values = {
        "query": query,
        "options": to_json(dict(options)),
        "created_at": now,
        "sources": to_json(dict(told)),
        "results": to_json([{"work": json.loads(work_to_json(work)), "found_by": found} for work, found in results]),
    }
    return insert(connection, "searches", values)


def saved(connection: Connection, limit: int) -> list[SavedSearch]:
    """The latest first."""
    return [_search(row) for row in connection.all("SELECT * FROM searches ORDER BY id DESC LIMIT ?", (limit,))]


def one(connection: Connection, search_id: int) -> SavedSearch:
    """Raises UsageError when there is no such search."""
    row = connection.one("SELECT * FROM searches WHERE id = ?", (search_id,))
    if row is None:
        raise UsageError(f"There is no search {search_id}. dl-lit keyword-search --saved lists them.")
    return _search(row)


def _search(row: sqlite3.Row) -> SavedSearch:
    results = tuple(
        (work_from_json(to_json(one["work"])), tuple(one["found_by"])) for one in json.loads(row["results"])
    )
    told = json.loads(row["sources"])
    return SavedSearch(row["id"], row["query"], json.loads(row["options"]), row["created_at"], told, results)


def known(connection: Connection, works: Sequence[Work]) -> list[int | None]:
    """The id of each work in the library, None where it is not there."""
    return [known_as(connection, validated(work)) for work in works]


def enqueue(connection: Connection, search_id: int, now: float) -> Enqueued:
    """The works of a search come in as verified ones, before stage 3; twice changes nothing."""
    new = old = nameless = 0
    for work, _ in one(connection, search_id).results:
        work = validated(work)
        if work.title is None or not any(getattr(work, kind) for kind in IDENTIFIERS):
            nameless += 1
            continue
        reference_id = known_as(connection, work)
        if reference_id is None:
            new += 1
            reference_id = add_work(connection, work, reason="search", detail=f"search {search_id}", now=now)
        else:
            old += 1
        connection.execute(
            "INSERT INTO found_works (reference_id, way, depth, search_id, created_at) VALUES (?1, 'search', 0, ?2, ?3)"
            " ON CONFLICT (reference_id) DO UPDATE SET search_id = excluded.search_id",
            (reference_id, search_id, now),
        )
    return Enqueued(new, old, nameless)


def adopt(connection: Connection, run_id: int, search_id: int) -> None:
    """The works that came in by a search are this run's."""
    connection.execute("UPDATE found_works SET run_id = ? WHERE search_id = ?", (run_id, search_id))
