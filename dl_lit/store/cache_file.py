"""Results of extraction kept between runs: one SQLite file for all libraries of a user, bounded in size.

Unlike the library's database it holds nothing that cannot be had again: whoever uses it goes on without it when it
fails. Hence it raises sqlite3.Error and OSError as they come, and does without `Connection`'s advice on libraries.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

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
_BUSY_SECONDS = 5.0
_PAUSE_SECONDS = 0.05
_LEFT_AFTER_EVICTION = 0.9  # of the limit, so that not every new entry costs an eviction
_LARGEST_ENTRY = 0.25  # of the limit
_LARGEST_WAL = 8 * 1024 * 1024


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
        busy_seconds: float = _BUSY_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.path = path
        self._max_bytes = max_bytes
        self._busy_seconds = busy_seconds
        self._clock = clock
        self._lock = threading.Lock()  # one connection for all threads: each use of it is a fraction of a millisecond
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._connection = sqlite3.connect(path, busy_seconds, isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def get(self, sha256: str, version: str) -> bytes | None:
        """The payload, which counts as used by that."""
        with self._transaction() as connection:
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
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO extractions (sha256, version, payload, stored_at, used_at) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (sha256, version) DO UPDATE SET payload = excluded.payload,"
                " stored_at = excluded.stored_at, used_at = excluded.used_at",
                (sha256, version, payload, now, now),
            )
            used = self._bytes_in_use()
            if used > self._max_bytes:
                self._evict(used - _LEFT_AFTER_EVICTION * self._max_bytes)

    def stats(self) -> CacheStats:
        with self._lock:
            row = self._connection.execute(
                "SELECT count(*), coalesce(sum(hits), 0), min(stored_at), max(used_at) FROM extractions"
            ).fetchone()
            return CacheStats(row[0], self._bytes_in_use(), *row[1:])

    def clear(self) -> int:
        """Drop all entries and give the space back; returns how many there were."""
        with self._transaction() as connection:
            dropped = connection.execute("DELETE FROM extractions").rowcount
        with self._lock:
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return dropped

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk has already rolled back
                    self._connection.execute("ROLLBACK")
                raise

    def _bytes_in_use(self) -> int:
        """Without the pages that are free for the next entries."""
        count, free, size = (
            self._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int((count - free) * size)

    def _evict(self, wanted: float) -> None:
        """Drop the entries that were not asked for longest, until they make up `wanted` bytes."""
        self._connection.execute(
            "DELETE FROM extractions WHERE rowid IN (SELECT rowid FROM (SELECT rowid, length(payload) AS bytes,"
            " sum(length(payload)) OVER (ORDER BY used_at, rowid) AS together FROM extractions)"
            " WHERE together - bytes < ?)",
            (wanted,),
        )

    def _prepare(self) -> None:
        """See to it that the file has its table and can be written."""
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(f"PRAGMA journal_size_limit = {_LARGEST_WAL}")
        self._change_journal()
        with self._transaction() as connection:
            for statement in _TABLE:
                connection.execute(statement)

    def _change_journal(self) -> None:
        """SQLite does not wait for another process here, whatever the timeout."""
        give_up = time.monotonic() + self._busy_seconds
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                    raise
                time.sleep(_PAUSE_SECONDS)


def remove(path: Path) -> None:
    """Delete the file, readable or not, with its journals."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
