"""Records that services answered with, kept for all libraries of a user: one SQLite file, bounded in size.

It keeps answers as they came, by the key under which they are asked for, and works by the features that a print shows
(`catalogue.features`). Everything belongs to a world: answers of a stand-in are none of the real services'.
"""

from __future__ import annotations

import heapq
import math
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dl_lit.model import Work
from dl_lit.store.columns import work_from_json, work_to_json
from dl_lit.store.shared_file import BUSY_SECONDS, SharedFile

# The number is that of the tables and of the features: an older or newer dl-lit beside this one has a file of its own.
NAME = "fetched-1.db"

_TABLES = (
    """
    CREATE TABLE IF NOT EXISTS entries (
        id         INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again, so that no feature leads to another entry
        world      TEXT NOT NULL,
        name       TEXT NOT NULL,     -- "crossref doi:10.1000/1", or "work doi:10.1000/1"
        payload    BLOB NOT NULL,     -- JSON, compressed
        rank       INTEGER NOT NULL,  -- of whoever described a work; a better one's record has a lower number
        expires_at REAL NOT NULL,
        used_at    REAL NOT NULL,
        UNIQUE (world, name)
    ) STRICT
    """,
    "CREATE INDEX IF NOT EXISTS entries_use ON entries (used_at)",
    """
    CREATE TABLE IF NOT EXISTS features (
        entry   INTEGER NOT NULL,
        feature INTEGER NOT NULL,
        PRIMARY KEY (feature, entry)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX IF NOT EXISTS features_entry ON features (entry)",
)
SETTLED = -1  # the rank of a work that was the outcome of a search at all who could know it
_AT_ONCE = 400  # variables of a statement
_DROPPED_AT_ONCE = 200  # entries; so that no transaction is long
_SAME_USE = 86_400.0  # seconds within which a second use is not written down
_MOST_WORKS = 4000  # of the rarest features of a print, as in a catalogue
_MOST_OF_A_FEATURE = 500  # entries; what more have says too little to be read
_LOOKED_AT = 4  # times as many as are wanted, as some may be stale or another world's
_KEEP = """
INSERT INTO entries (world, name, payload, rank, expires_at, used_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (world, name) DO UPDATE SET payload = excluded.payload, rank = excluded.rank,
    expires_at = excluded.expires_at, used_at = excluded.used_at
WHERE excluded.rank <= rank OR expires_at <= excluded.used_at
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class FetchedStats:
    """`works` can be found by their prints, `records` by their names; times are unix times, None without entries."""

    works: int
    records: int
    bytes: int
    expired: int
    last_used: float | None


@dataclass(frozen=True, slots=True)
class Described:
    """A work under the name that all its records share; of two records the one with the lower `rank` is kept."""

    name: str
    work: Work
    rank: int
    features: frozenset[int]


@dataclass(frozen=True, slots=True)
class Likely:
    """A work that has what a print shows; `likeness` compares those of one print.

    `settled`: for another print of it all who could know better were asked lately.
    """

    work: Work
    likeness: float
    settled: bool = False


class FetchedFile:
    """The entries of one `world`. Any number of threads and processes.

    When more than `max_bytes` are in use, the entries that were not used longest go, whatever their world. Every method
    may raise sqlite3.Error, the first also OSError.
    """

    def __init__(
        self,
        path: Path,
        world: str,
        max_bytes: int,
        *,
        busy_seconds: float = BUSY_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._file = SharedFile(path, _TABLES, busy_seconds=busy_seconds)
        self.path = path
        self._world = world
        self._max_bytes = max_bytes
        self._clock = clock

    def close(self) -> None:
        self._file.close()

    def records(self, service: str, keys: Sequence[str]) -> dict[str, str]:
        """The answers of a service that are kept and have not expired, by key."""
        found: dict[str, str] = {}
        by_name = {_storable(f"{service} {key}"): key for key in keys}
        names = list(by_name)
        with self._file.reading() as connection:
            for start in range(0, len(names), _AT_ONCE):
                some = names[start : start + _AT_ONCE]
                rows = connection.execute(
                    f"SELECT id, name, payload, used_at FROM entries WHERE world = ? AND name IN ({_marks(some)})"
                    " AND expires_at > ?",
                    (self._world, *some, self._clock()),
                ).fetchall()
                found |= {by_name[name]: _text(payload) for _, name, payload, _ in rows}
                self._used(connection, [(number, used_at) for number, _, _, used_at in rows])
        return found

    def keep_records(self, service: str, answers: Mapping[str, str], seconds: float) -> None:
        now = self._clock()
        rows = [
            (self._world, _storable(f"{service} {key}"), _packed(payload), 0, now + seconds, now)
            for key, payload in answers.items()
        ]
        with self._file.transaction() as connection:
            for row in rows:
                connection.execute(_KEEP, row).fetchall()
            self._make_room(connection)

    def keep_works(self, described: Iterable[Described], seconds: float) -> None:
        now = self._clock()
        with self._file.transaction() as connection:
            for one in described:
                payload = _packed(work_to_json(one.work))
                row = (self._world, _storable(f"work {one.name}"), payload, one.rank, now + seconds, now)
                for (number,) in connection.execute(_KEEP, row).fetchall():
                    connection.execute("DELETE FROM features WHERE entry = ?", (number,))
                    connection.executemany(
                        "INSERT INTO features (entry, feature) VALUES (?, ?)",
                        [(number, feature) for feature in one.features],
                    )
            self._make_room(connection)

    def likely(self, shown: Sequence[int], most: int) -> list[Likely]:
        """Works with any of the features `shown`, those first that have more and rarer ones."""
        with self._file.reading() as connection:
            postings = self._postings(connection, shown)
            # As many as there ever were, which is read at once; counting those that are there would read them all.
            total = connection.execute("SELECT coalesce(max(id), 0) FROM entries").fetchone()[0]
            scores = _scores(postings, total)
            best = heapq.nsmallest(_LOOKED_AT * most, scores, key=lambda number: (-scores[number], number))
            works = self._works(connection, best)
            best = [number for number in best if number in works][:most]
        return [
            Likely(work, scores[number], settled=rank == SETTLED) for number in best for work, rank in [works[number]]
        ]

    def stats(self) -> FetchedStats:
        """Of all worlds together."""
        with self._file.reading() as connection:
            row = connection.execute(
                "SELECT coalesce(sum(name LIKE 'work %'), 0), coalesce(sum(name NOT LIKE 'work %'), 0),"
                " coalesce(sum(expires_at <= ?), 0), max(used_at) FROM entries",
                (self._clock(),),
            ).fetchone()
            return FetchedStats(row[0], row[1], self._file.bytes_in_use(), row[2], row[3])

    def clear(self) -> int:
        """Drop all entries and give the space back; returns how many there were."""
        with self._file.transaction() as connection:
            connection.execute("DELETE FROM features")
            dropped = connection.execute("DELETE FROM entries").rowcount
        self._file.give_back()
        return dropped

    @staticmethod
    def _postings(connection: sqlite3.Connection, shown: Sequence[int]) -> dict[int, list[int]]:
        """For each feature that few entries have, those, of whatever world and age."""
        postings: dict[int, list[int]] = {}
        for feature in shown:
            asked = (feature, _MOST_OF_A_FEATURE + 1)
            rows = connection.execute("SELECT entry FROM features WHERE feature = ? LIMIT ?", asked).fetchall()
            if 0 < len(rows) <= _MOST_OF_A_FEATURE:
                postings[feature] = [number for (number,) in rows]
        return postings

    def _works(self, connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, tuple[Work, int]]:
        """(work, rank) of each entry that is of this world and fresh."""
        rows = connection.execute(
            f"SELECT id, payload, rank, used_at FROM entries WHERE id IN ({_marks(numbers)})"
            " AND world = ? AND expires_at > ?",
            (*numbers, self._world, self._clock()),
        ).fetchall()
        self._used(connection, [(number, used_at) for number, _, _, used_at in rows])
        return {number: (work_from_json(_text(payload)), rank) for number, payload, rank, _ in rows}

    def _used(self, connection: sqlite3.Connection, entries: Iterable[tuple[int, float]]) -> None:
        """Written down once a day at most: reading must not cost a write."""
        now = self._clock()
        stale = [(now, number) for number, used_at in entries if used_at < now - _SAME_USE]
        if stale:
            connection.executemany("UPDATE entries SET used_at = ? WHERE id = ?", stale)

    def _make_room(self, connection: sqlite3.Connection) -> None:
        if self._file.bytes_in_use() <= self._max_bytes:
            return
        numbers = connection.execute(
            "SELECT id FROM entries ORDER BY expires_at > ?, used_at, id LIMIT ?", (self._clock(), _DROPPED_AT_ONCE)
        ).fetchall()
        connection.executemany("DELETE FROM features WHERE entry = ?", numbers)
        connection.executemany("DELETE FROM entries WHERE id = ?", numbers)


def _scores(postings: Mapping[int, Sequence[int]], total: int) -> dict[int, float]:
    """The likeness of each work: what it has of the print, rare features more (as `Catalogue.count`)."""
    scores: dict[int, float] = {}
    room = _MOST_WORKS
    for numbers in sorted(postings.values(), key=len):
        room -= len(numbers)
        if room < 0:
            break
        weight = math.log((total + 1) / len(numbers)) + 0.5
        for number in numbers:
            scores[number] = scores.get(number, 0.0) + weight
    return scores


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "replace"))


def _text(payload: bytes) -> str:
    return zlib.decompress(payload).decode()


def _storable(name: str) -> str:
    """JSON may hold half a character, which SQLite cannot keep."""
    return name.encode("utf-8", "replace").decode()
