"""Results of extraction kept between runs: one SQLite file for all libraries of a user, bounded in size.

Unlike the library's database it holds nothing that cannot be had again (`shared_file`).
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dl_lit.store.shared_file import BUSY_SECONDS, SharedFile

# The number is that of the table's form: an older or newer dl-lit beside this one has a file of its own.
NAME = "extractions-1.db"

_TABLE = (
    """
    CREATE TABLE IF NOT EXISTS extractions (
        sha256    TEXT NOT NULL,  -- of the document
        version   TEXT NOT NULL,  -- of the extractor
        payload   BLOB NOT NULL,
        stored_at REAL NOT NULL,
        used_at   REAL NOT NULL,
        hits      INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (sha256, version)
    ) STRICT
    """,
    "CREATE INDEX IF NOT EXISTS extractions_use ON extractions (used_at)",
)
_LEFT_AFTER_EVICTION = 0.9  # of the limit, so that not every new entry costs an eviction
_LARGEST_ENTRY = 0.25  # of the limit


@dataclass(frozen=True, slots=True)
class CacheStats:
    """`bytes` is what the entries take up in the file; times are unix times, None without entries."""

    entries: int
    bytes: int
    hits: int
    oldest: float | None
    last_used: float | None


class CacheFile:
    """Payloads by (SHA-256 of the document, version of the extractor). Any number of threads and processes.

    When more than `max_bytes` are in use, the entries that were not asked for longest go. Every method may raise
    sqlite3.Error, the first also OSError.
    """

    def __init__(
        self,
        path: Path,
        max_bytes: int,
        *,
        busy_seconds: float = BUSY_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._file = SharedFile(path, _TABLE, busy_seconds=busy_seconds)
        self.path = path
        self._max_bytes = max_bytes
        self._clock = clock

    def close(self) -> None:
        self._file.close()

    def get(self, sha256: str, version: str) -> bytes | None:
        """The payload, which counts as used by that."""
        with self._file.transaction() as connection:
            row = connection.execute(
                "UPDATE extractions SET used_at = ?, hits = hits + 1 WHERE sha256 = ? AND version = ?"
                " RETURNING payload",
                (self._clock(), sha256, version),
            ).fetchall()
        return row[0][0] if row else None

    def put(self, sha256: str, version: str, payload: bytes) -> None:
        """Keep a payload in place of an older one; one that would push out too many others is not kept."""
        if len(payload) > _LARGEST_ENTRY * self._max_bytes:
            return
        now = self._clock()
        with self._file.transaction() as connection:
            connection.execute(
                "INSERT INTO extractions (sha256, version, payload, stored_at, used_at) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (sha256, version) DO UPDATE SET payload = excluded.payload,"
                " stored_at = excluded.stored_at, used_at = excluded.used_at",
                (sha256, version, payload, now, now),
            )
            used = self._file.bytes_in_use()
            if used > self._max_bytes:
                _evict(connection, used - _LEFT_AFTER_EVICTION * self._max_bytes)

    def stats(self) -> CacheStats:
        with self._file.reading() as connection:
            row = connection.execute(
                "SELECT count(*), coalesce(sum(hits), 0), min(stored_at), max(used_at) FROM extractions"
            ).fetchone()
            return CacheStats(row[0], self._file.bytes_in_use(), *row[1:])

    def clear(self) -> int:
        """Drop all entries and give the space back; returns how many there were."""
        with self._file.transaction() as connection:
            dropped = connection.execute("DELETE FROM extractions").rowcount
        self._file.give_back()
        return dropped


def _evict(connection: sqlite3.Connection, wanted: float) -> None:
    """Drop the entries that were not asked for longest, until they make up `wanted` bytes."""
    connection.execute(
        "DELETE FROM extractions WHERE rowid IN (SELECT rowid FROM (SELECT rowid, length(payload) AS bytes,"
        " sum(length(payload)) OVER (ORDER BY used_at, rowid) AS together FROM extractions)"
        " WHERE together - bytes < ?)",
        (wanted,),
    )
