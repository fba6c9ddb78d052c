"""The database file: one connection a thread, one transaction manager, and a clean end.

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
from dl_lit.store.faults import busy
from dl_lit.store.migrations import Schema, check, prepare


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
        """This thread's connection: refuses writes, unless the thread is within a transaction, whose state it sees."""
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
        connection = self.reader()
        if not self._write_lock.acquire(timeout=self.settings.busy_timeout):
            raise busy(self.path)
        try:
            with self._outermost(connection):
                yield connection
        finally:
            self._write_lock.release()

    @contextmanager
    def _outermost(self, connection: Connection) -> Iterator[None]:
        try:
            connection.execute("PRAGMA query_only = OFF")
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
            connection.execute("PRAGMA query_only = ON")

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
            raise
        else:
            connection.execute(f"RELEASE {name}")
        finally:
            self._mine.depth -= 1

    def _new_connection(self) -> Connection:
        if self._closed:
            raise DatabaseUnusable(f"{self.path} was closed while it was still in use.", path=str(self.path))
        connection = connect(self.path, self.settings, read_only=self.read_only)
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
                connection.close()  # the last one folds the journal into the file
            self._connections.clear()


class _Mine(threading.local):
    """What belongs to the current thread."""

    connection: Connection | None = None
    depth = 0
