"""The database file: a connection a thread to read, one to write with, one transaction manager, and a clean end.

Every write of the program goes through `Database.transaction()`; nothing else begins or commits.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dl_lit.config import Store as StoreSettings
from dl_lit.errors import DatabaseUnusable
from dl_lit.store.connection import Connection, connect
from dl_lit.store.faults import busy, displaced
from dl_lit.store.migrations import Schema, check, prepare

# Kibibytes of the file that the connection for writing keeps. Only what other processes write makes it forget them,
# while the connections of the threads forget all at each commit.
_WRITERS_CACHE = 8_000


class Database:
    """One SQLite file. Safe to share between threads; a child process opens its own."""

    def __init__(self, path: Path, settings: StoreSettings, *, read_only: bool = False) -> None:
        self.path = path
        self.settings = settings
        self.read_only = read_only
        self.backup: Path | None = None  # made on opening, when an older version was brought up to date
        # SQLite's busy handler lets a waiting thread starve for seconds; waiting here first is fair enough and cheap.
        self._write_lock = threading.RLock()
        self._pool_lock = threading.Lock()
        self._connections: dict[threading.Thread, Connection] = {}
        # For whoever holds the write lock. It is never switched to query_only and back, as the readers are not: the
        # pragma makes SQLite prepare all statements anew, which was a quarter of what a reference costs.
        self._writer: Connection | None = None
        self._gave_up = False
        self._file: tuple[int, int] | None = None  # device and inode of the file that the first connection found
        self._mine = _Mine()
        self._closed = False

    @classmethod
    def open(
        cls, path: Path, settings: StoreSettings | None = None, *, create: bool = True, schema: Schema | None = None
    ) -> Database:
        """Open, making it (`create`) or bringing it up to date first, with a backup file beside it.

        Raises DatabaseTooNew, DatabaseUnusable, DatabaseBusy or DiskFull, each naming the cure.
        """
        database = cls(Path(path), settings or StoreSettings())
        database.backup = prepare(database.path, database.settings, schema or Schema.bundled(), create=create)
        try:
            with database.transaction():
                pass  # a file that cannot be written is refused now, not in the middle of a run
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def look(cls, path: Path, settings: StoreSettings | None = None, *, schema: Schema | None = None) -> Database:
        """Open an existing database of the current version to read it: nothing is made, migrated or written.

        Raises DatabaseTooNew, DatabaseUnusable (also for an older version) or DatabaseBusy, each naming the cure.
        """
        database = cls(Path(path), settings or StoreSettings(), read_only=True)
        check(database.path, database.settings, schema or Schema.bundled())
        return database

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def reader(self) -> Connection:
        """This thread's connection, which refuses writes; within a transaction the one that writes, with its state."""
        if self._mine.depth and self._writer is not None:
            return self._writer
        connection = self._mine.connection
        if connection is None or self._closed:
            connection = self._new_connection()
        return connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Reads within it see one moment, whatever others write meanwhile. Not for use within a transaction."""
        connection = self.reader()
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("ROLLBACK")

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """The right to write: committed at the end, rolled back on any exception. Nested, it is a savepoint."""
        if self._mine.depth:
            with self._savepoint() as connection:
                yield connection
            return
        if not self._write_lock.acquire(timeout=self.settings.busy_timeout):
            raise busy(self.path)
        try:
            self._check_in_place()
            connection = self._writing()
            with self._outermost(connection):
                yield connection
        finally:
            self._write_lock.release()

    def _writing(self) -> Connection:
        if self._writer is None:
            self._writer = self._connected()
            self._writer.execute(f"PRAGMA cache_size = -{_WRITERS_CACHE}")
        elif self._gave_up:
            self._writer.execute("PRAGMA query_only = OFF")
        self._gave_up = False
        return self._writer

    @contextmanager
    def _outermost(self, connection: Connection) -> Iterator[None]:
        try:
            connection.execute("BEGIN IMMEDIATE")
            self._mine.depth = 1
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # a full disk, for one, has already rolled back
                connection.execute("ROLLBACK")
            raise
        finally:
            self._mine.depth = 0

    @contextmanager
    def _savepoint(self) -> Iterator[Connection]:
        connection = self.reader()
        name = f"level_{self._mine.depth}"
        connection.execute(f"SAVEPOINT {name}")
        self._mine.depth += 1
        try:
            yield connection
        except BaseException:
            if connection.in_transaction:
                connection.execute(f"ROLLBACK TO {name}")
                connection.execute(f"RELEASE {name}")
            else:
                # SQLite gave up the whole transaction. Whoever catches this must not go on in autocommit mode.
                connection.execute("PRAGMA query_only = ON")
                self._gave_up = True
            raise
        else:
            connection.execute(f"RELEASE {name}")
        finally:
            self._mine.depth -= 1

    def _connected(self) -> Connection:
        if self._closed:
            raise DatabaseUnusable(f"{self.path} was closed while it was still in use.", path=str(self.path))
        self._check_in_place()
        connection = connect(self.path, self.settings, read_only=self.read_only)
        self._file = self._file or self._identity()
        return connection

    def _identity(self) -> tuple[int, int] | None:
        """None when nothing is there. What the disk does not tell is taken for unchanged: SQLite tells of faults."""
        try:
            told = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError:
            return self._file
        return told.st_dev, told.st_ino

    def _check_in_place(self) -> None:
        """What is written into a file that was deleted is lost, and SQLite's journal is found by the name alone: with
        another file under that name it would be mixed into that."""
        if self._file is not None and self._identity() != self._file:
            raise displaced(self.path)

    def _new_connection(self) -> Connection:
        connection = self._connected()
        connection.execute("PRAGMA query_only = ON")
        with self._pool_lock:
            for thread in [thread for thread in self._connections if not thread.is_alive()]:
                self._connections.pop(thread).close()
            self._connections[threading.current_thread()] = connection
        self._mine.connection = connection
        return connection

    def close(self) -> None:
        """Close the connections of all threads, after the transaction that is under way; may be called twice."""
        with self._write_lock, self._pool_lock:
            self._closed = True
            for connection in self._connections.values():
                connection.close()
            self._connections.clear()
            if self._writer is not None:
                self._writer.close()  # the last one folds the journal into the file
                self._writer = None


class _Mine(threading.local):
    """What belongs to the current thread."""

    connection: Connection | None = None
    depth = 0
