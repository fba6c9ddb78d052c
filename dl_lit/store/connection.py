"""A SQLite connection as the store wants it: settings made, errors translated, rows by name."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dl_lit.config import Store as StoreSettings
from dl_lit.errors import DatabaseUnusable
from dl_lit.store.faults import translated

_LARGEST_WAL = 64 * 1024 * 1024  # bytes the journal keeps on disk after a checkpoint; it may grow beyond meanwhile


class Connection(sqlite3.Connection):
    """One thread's connection. `all`, `one` and `value` fetch at once, so that no read holds back a checkpoint."""

    path: Path

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        with translated(self.path):
            try:
                return super().execute(sql, parameters)
            except UnicodeEncodeError:
                return super().execute(sql, _storable(parameters))

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        with translated(self.path):
            return super().executemany(sql, parameters)

    def all(self, sql: str, parameters: Any = ()) -> list[sqlite3.Row]:
        with translated(self.path):
            return super().execute(sql, parameters).fetchall()

    def one(self, sql: str, parameters: Any = ()) -> sqlite3.Row | None:
        rows = self.all(sql, parameters)
        return rows[0] if rows else None

    def value(self, sql: str, parameters: Any = ()) -> Any:
        """The first column of the first row, None without a row."""
        row = self.one(sql, parameters)
        return None if row is None else row[0]


def _storable(parameters: Mapping[str, Any] | Iterable[Any]) -> Any:
    """Halves of surrogate pairs, as broken PDFs and services deliver them, have no UTF-8: they become "?"."""
    if isinstance(parameters, Mapping):
        return {name: _clean(value) for name, value in parameters.items()}
    return [_clean(value) for value in parameters]


def _clean(value: Any) -> Any:
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def connect(path: Path, settings: StoreSettings, *, read_only: bool = False) -> Connection:
    """A connection to an existing file, writable unless `read_only`; the caller closes it, from any thread."""
    if not read_only:
        return _connect(path, settings, "mode=rw")
    try:
        return _connect(path, settings, "mode=ro")
    except DatabaseUnusable:
        if path.with_name(f"{path.name}-wal").exists():
            raise
        # The folder may not be written and no one has the journal open: the file is all there is, and stays as it is.
        return _connect(path, settings, "mode=ro&immutable=1")


def _connect(path: Path, settings: StoreSettings, mode: str) -> Connection:
    with translated(path):
        connection: Connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?{mode}",
            uri=True,
            timeout=settings.busy_timeout,
            isolation_level=None,  # we begin and commit ourselves; the module's implicit BEGIN is a deferred one
            check_same_thread=False,  # used by one thread, but closed by whoever closes the database
            factory=Connection,
        )
    connection.path = path
    connection.row_factory = sqlite3.Row
    try:
        _configure(connection, settings)
    except BaseException:
        connection.close()
        raise
    return connection


def _configure(connection: Connection, settings: StoreSettings) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA synchronous = {settings.synchronous}")
    connection.execute(f"PRAGMA journal_size_limit = {_LARGEST_WAL}")
    # NOTE: no mmap_size: an i/o error on a network drive would then be a SIGBUS instead of an exception.
    # NOTE: no larger cache_size: each of ~40 threads has its own, and the memory is wanted for PDFs.
