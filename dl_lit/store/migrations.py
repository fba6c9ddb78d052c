"""Making a new database, bringing an older one up to date, refusing a newer one.

`schema.sql` is the whole current schema; `migrations/NNNN_name.sql` leads from version NNNN-1 to NNNN. The version
is SQLite's `user_version`.
"""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import count
from pathlib import Path

from dl_lit.config import Store as StoreSettings
from dl_lit.errors import DatabaseTooNew, DatabaseUnusable
from dl_lit.store.connection import Connection, connect
from dl_lit.store.faults import not_ours, translated
from dl_lit.store.journal import write_ahead

_FILE_NAME = re.compile(r"(\d{4})_\w+\.sql")
_OLDEST_SQLITE = (3, 37, 0)  # the first with STRICT tables
_VERSION = re.compile(r"^PRAGMA user_version = (\d+);$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Schema:
    """The current schema, its version, and the steps that lead to it, by the version they lead to."""

    sql: str
    version: int
    steps: dict[int, str]

    @classmethod
    def bundled(cls) -> Schema:
        return cls.load(files("dl_lit.store"))

    @classmethod
    def load(cls, folder: Traversable) -> Schema:
        """From a folder with `schema.sql` and, once there is a second version, `migrations/`."""
        sql = folder.joinpath("schema.sql").read_text(encoding="utf-8")
        found = _VERSION.search(sql)
        if found is None:
            raise ValueError("schema.sql must set user_version")
        return cls(sql, int(found[1]), _steps(folder.joinpath("migrations")))


def _steps(folder: Traversable) -> dict[int, str]:
    if not folder.is_dir():
        return {}
    named = ((_FILE_NAME.fullmatch(entry.name), entry) for entry in folder.iterdir())
    return {int(name[1]): entry.read_text(encoding="utf-8") for name, entry in named if name}


def prepare(path: Path, settings: StoreSettings, schema: Schema, *, create: bool) -> Path | None:
    """See to it that `path` is a database of the current version; returns the backup, if one was made.

    Raises DatabaseTooNew, DatabaseUnusable, DatabaseBusy or DiskFull, each naming the cure.
    """
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise _sqlite_too_old(path)
    _make_file(path, create=create)
    with closing(connect(path, settings)) as connection:
        version = _version(connection)
        if version == schema.version:
            return None
        if version > schema.version:
            raise _too_new(path, version, schema.version)
        if version == 0:
            _create(connection, settings, schema)
            return None
        return _migrate(connection, settings, schema)


def check(path: Path, settings: StoreSettings, schema: Schema) -> None:
    """See to it that `path` can be looked at as it is, without a change to it.

    Raises DatabaseTooNew, DatabaseUnusable or DatabaseBusy, each naming the cure.
    """
    _make_file(path, create=False)
    with closing(connect(path, settings, read_only=True)) as connection:
        version = _version(connection)
    if version > schema.version:
        raise _too_new(path, version, schema.version)
    if version < schema.version:
        raise DatabaseUnusable(
            f"{path} has database version {version}, older than this program's ({schema.version}). Bring it up to date "
            f"first, with a backup: dl-lit init-db --db-path {path}",
            path=str(path),
            version=version,
        )


def _make_file(path: Path, *, create: bool) -> None:
    # One look: between two, another process may make the file.
    kind = _kind(path)
    if kind == stat.S_IFREG:
        return
    if kind is not None:
        raise not_ours(path)
    if not create:
        raise DatabaseUnusable(
            f"There is no library at {path.parent} (no {path.name}). Check --library, or make one with: dl-lit init-db",
            path=str(path),
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as error:
        raise DatabaseUnusable(
            f"{path} cannot be made ({error.strerror}). Give yourself write permission to {path.parent}, "
            "or choose another folder with --library.",
            path=str(path),
        ) from error


def _kind(path: Path) -> int | None:
    try:
        return stat.S_IFMT(path.stat().st_mode)
    except OSError:
        return None


def _version(connection: Connection) -> int:
    version: int = connection.value("PRAGMA user_version")
    if version == 0 and connection.value("SELECT count(*) FROM sqlite_schema"):
        # Another process may have made the database between the two looks; then it has its version by now.
        version = connection.value("PRAGMA user_version")
        if version == 0:
            raise not_ours(connection.path)
    return version


def _create(connection: Connection, settings: StoreSettings, schema: Schema) -> None:
    with translated(connection.path):
        write_ahead(connection, settings.busy_timeout)
    with translated(connection.path), _exclusive(connection):
        if _version(connection) == 0:  # else another process was faster
            _run(connection, schema.sql)


def _migrate(connection: Connection, settings: StoreSettings, schema: Schema) -> Path | None:
    # Rebuilding a table needs this off; `foreign_key_check` below makes up for it.
    connection.execute("PRAGMA foreign_keys = OFF")
    with translated(connection.path), _exclusive(connection):
        version = _version(connection)
        if version == schema.version:  # another process was faster
            return None
        steps = [schema.steps[number] for number in range(version + 1, schema.version + 1) if number in schema.steps]
        if len(steps) != schema.version - version:
            raise _no_way(connection.path, version, schema.version)
        backup = _backup(connection.path, settings, version)
        for step in steps:
            _run(connection, step)
        broken = connection.all("PRAGMA foreign_key_check")
        if broken:
            raise DatabaseUnusable(
                f"{connection.path} could not be brought up to date: {len(broken)} rows point nowhere, first in "
                f"{broken[0][0]}. It is unchanged; a copy is {backup.name}. Please report this.",
                path=str(connection.path),
            )
        connection.execute(f"PRAGMA user_version = {schema.version}")
    return backup


class _exclusive:  # noqa: N801 - reads as a statement
    """The write transaction of a connection that no other thread has."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._connection.execute("COMMIT")
        elif self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def _run(connection: Connection, script: str) -> None:
    for statement in _statements(script):
        connection.execute(statement)


def _statements(script: str) -> Iterator[str]:
    """The script's statements one by one: `executescript` would commit the transaction that we are in."""
    statement = ""
    for part in re.split("(?<=;)", script):
        statement += part
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    yield statement  # blanks and comments, or a statement whose semicolon was forgotten


def _backup(path: Path, settings: StoreSettings, version: int) -> Path:
    """A copy of the committed state beside the database, whole or not there at all."""
    target = next(name for name in _backup_names(path, version) if not name.exists())
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    with closing(connect(path, settings)) as source, closing(sqlite3.connect(partial)) as copy:
        source.backup(copy)
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(target)
    return target


def _backup_names(path: Path, version: int) -> Iterator[Path]:
    """The first is free unless an earlier backup was put back; that one is not written over."""
    yield path.with_name(f"{path.name}.backup-v{version}")
    for number in count(2):
        yield path.with_name(f"{path.name}.backup-v{version}-{number}")


def _too_new(path: Path, version: int, known: int) -> DatabaseTooNew:
    return DatabaseTooNew(
        f"{path} was written by a newer dl-lit (database version {version}, this program knows {known}). "
        "Update with: pip install --upgrade dl-lit",
        path=str(path),
        version=version,
    )


def _sqlite_too_old(path: Path) -> DatabaseUnusable:
    return DatabaseUnusable(
        f"{path} needs SQLite 3.37 or newer; this Python has {sqlite3.sqlite_version}. Use a newer Python.",
        path=str(path),
    )


def _no_way(path: Path, version: int, known: int) -> DatabaseUnusable:
    return DatabaseUnusable(
        f"{path} has database version {version}, which this dl-lit (version {known}) can no longer bring up to date. "
        "Open it once with an older release of dl-lit, then with this one.",
        path=str(path),
        version=version,
    )
