"""An SQLite file that all dl-lit processes of a user share, for what can be had again: whoever uses it goes on without.

Hence it raises sqlite3.Error and OSError as they come, and does without `Connection`'s advice on libraries.
"""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from dl_lit.errors import DatabaseUnusable
from dl_lit.store.journal import write_ahead

SPOILT = (zlib.error, ValueError, TypeError, AttributeError)  # what rows that cannot be read raise
BUSY_SECONDS = 5.0
_LARGEST_WAL = 8 * 1024 * 1024


class SharedFile:
    """One connection for all threads: each use of it takes a few milliseconds at most.

    Every method may raise sqlite3.Error, the first also OSError.
    """

    def __init__(self, path: Path, tables: Sequence[str], *, busy_seconds: float = BUSY_SECONDS) -> None:
        """`tables` are statements that make them where they are not there."""
        self.path = path
        self._busy_seconds = busy_seconds
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._connection = sqlite3.connect(path, busy_seconds, isolation_level=None, check_same_thread=False)
        try:
            self._prepare(tables)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk has already rolled back
                    self._connection.execute("ROLLBACK")
                raise

    def bytes_in_use(self) -> int:
        """Without the pages that are free for the next entries. Only between `reading` or `transaction`."""
        count, free, size = (
            self._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int((count - free) * size)

    def give_back(self) -> None:
        """The space of what was dropped goes back to the disk."""
        with self._lock:
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _prepare(self, tables: Sequence[str]) -> None:
        """See to it that the file has its tables and can be written."""
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(f"PRAGMA journal_size_limit = {_LARGEST_WAL}")
        write_ahead(self._connection, self._busy_seconds)
        with self.transaction() as connection:
            for statement in tables:
                connection.execute(statement)


class Emptied(Protocol):
    def clear(self) -> int:
        """Drops all that is kept; how many entries that were."""


def is_damage(error: BaseException | None) -> bool:
    """Whether the file itself is spoilt; one that is locked, or on a full disk, is not."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return isinstance(error, SPOILT) or code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def empty(path: Path, use: Callable[[], AbstractContextManager[Emptied]]) -> int:
    """Drops all that is kept, a damaged file as a whole; returns how many entries (of a damaged or absent file 0).

    Raises DatabaseUnusable, as `use` does.
    """
    if not path.exists():
        return 0
    try:
        with use() as file:
            return file.clear()
    except DatabaseUnusable as error:
        if not is_damage(error.__cause__):
            raise
        remove(path)
        return 0


def remove(path: Path) -> None:
    """Delete the file, readable or not, with its journals."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
