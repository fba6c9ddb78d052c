"""Locked, full, read-only, vanished: a clear message, and nothing lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from dl_lit.config import Store as StoreSettings
from dl_lit.errors import DatabaseBusy, DatabaseUnusable, DiskFull, DlLitError
from dl_lit.store import Database, faults
from dl_lit.store.migrations import Schema

NOBODY = 65534
BIG = "INSERT INTO service_cache VALUES ('s', ?, ?, 0, 0, 0)"


@contextmanager
def without_root() -> Iterator[None]:
    """Permissions count for nothing with root, who may be running the tests."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user can reach, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="dl-lit-test-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_file_is_named_with_the_cure(open_folder: Path) -> None:
    path, schema = open_folder / "literature.db", Schema.bundled()
    Database.open(path).close()
    path.chmod(0o444)
    open_folder.chmod(0o555)
    with without_root(), pytest.raises(DatabaseUnusable, match=r"write permission.*--library"):
        Database.open(path, schema=schema)


def test_a_read_only_folder_is_named_with_the_cure(open_folder: Path) -> None:
    schema = Schema.bundled()
    open_folder.chmod(0o555)
    with without_root(), pytest.raises(DatabaseUnusable, match=r"write permission.*--library"):
        Database.open(open_folder / "library" / "literature.db", schema=schema)


def test_a_lock_held_by_another_process_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "literature.db"
    with (
        Database.open(path, StoreSettings(busy_timeout=0.05)) as database,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match="Another process"), database.transaction():
            pass
        assert database.reader().value("SELECT count(*) FROM citations") == 0
        other.execute("COMMIT")
        with database.transaction() as connection:
            connection.execute(BIG, ("k", "v"))


@pytest.mark.parametrize("mode", ["NORMAL", "EXCLUSIVE"])
def test_a_database_locked_while_it_is_opened_is_busy(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "literature.db"
    Database.open(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(f"PRAGMA locking_mode = {mode}")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseBusy):
            Database.open(path, StoreSettings(busy_timeout=0.05))
        other.execute("COMMIT")


def test_a_full_disk_loses_nothing_and_the_next_run_goes_on(tmp_path: Path) -> None:
    with Database.open(tmp_path / "literature.db") as database:
        with database.transaction() as connection:
            connection.execute(BIG, ("before", "v"))
        limit = connection.value("PRAGMA page_count")
        connection.execute(f"PRAGMA max_page_count = {limit}")
        with pytest.raises(DiskFull, match="free some space"), database.transaction() as connection:
            for i in range(10):
                connection.execute(BIG, (f"big{i}", "x" * 100_000))
        assert [row["key"] for row in database.reader().all("SELECT key FROM service_cache")] == ["before"]
        connection.execute(f"PRAGMA max_page_count = {limit + 1000}")
        with database.transaction() as connection:
            connection.execute(BIG, ("after", "x" * 100_000))
        assert database.reader().value("SELECT count(*) FROM service_cache") == 2


def test_after_sqlite_gave_up_a_transaction_nothing_more_is_written(tmp_path: Path) -> None:
    """A full disk ends the whole transaction; a caller that swallows the error must not write on without one."""
    with Database.open(tmp_path / "literature.db") as database:
        with pytest.raises(DlLitError), database.transaction() as connection:
            connection.execute(BIG, ("outer", "v"))
            with pytest.raises(ValueError), database.transaction():
                connection.execute("ROLLBACK")  # as SQLite does by itself
                raise ValueError
            connection.execute(BIG, ("too late", "v"))
        assert database.reader().value("SELECT count(*) FROM service_cache") == 0
        with database.transaction() as connection:
            connection.execute(BIG, ("next", "v"))


def error(code: int | None) -> sqlite3.Error:
    made = sqlite3.OperationalError("as told")
    if code is not None:
        made.sqlite_errorcode = code
    return made


@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        (sqlite3.SQLITE_BUSY, DatabaseBusy, "busy_timeout"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, DatabaseBusy, "busy_timeout"),
        (sqlite3.SQLITE_LOCKED, DatabaseBusy, "busy_timeout"),
        (sqlite3.SQLITE_FULL, DiskFull, "free some space"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, DatabaseUnusable, "write permission"),
        (sqlite3.SQLITE_CANTOPEN, DatabaseUnusable, "write permission"),
        (sqlite3.SQLITE_CORRUPT, DatabaseUnusable, "recover"),
        (sqlite3.SQLITE_NOTADB, DatabaseUnusable, "not a dl-lit database"),
        (sqlite3.SQLITE_IOERR_READ, DatabaseUnusable, "Check the disk"),
    ],
)
def test_each_error_of_the_file_has_its_own_words(
    tmp_path: Path, code: int, kind: type[DlLitError], message: str
) -> None:
    ours = faults.translate(error(code), tmp_path / "literature.db")
    assert type(ours) is kind
    assert message in str(ours)
    assert str(tmp_path) in str(ours)


@pytest.mark.parametrize("code", [None, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_ERROR])
def test_our_own_mistakes_are_not_dressed_up(tmp_path: Path, code: int | None) -> None:
    assert faults.translate(error(code), tmp_path / "literature.db") is None


class _Usage:
    free = 0


@pytest.mark.parametrize(("usage", "kind"), [(_Usage(), DiskFull), (OSError("gone"), DatabaseUnusable)])
def test_an_io_error_on_a_full_disk_is_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, usage: Any, kind: type[DlLitError]
) -> None:
    def disk_usage(_: Path) -> Any:
        if isinstance(usage, Exception):
            raise usage
        return usage

    monkeypatch.setattr(shutil, "disk_usage", disk_usage)
    assert type(faults.translate(error(sqlite3.SQLITE_IOERR_WRITE), tmp_path / "x.db")) is kind


def test_a_process_wide_wait_is_not_for_ever(tmp_path: Path) -> None:
    with Database.open(tmp_path / "literature.db", StoreSettings(busy_timeout=0.05)) as database:
        with database.transaction():
            failed: list[BaseException] = []

            def write() -> None:
                try:
                    with database.transaction():
                        pass
                except DatabaseBusy as busy:
                    failed.append(busy)

            thread = threading.Thread(target=write)
            thread.start()
            thread.join(5)
        assert len(failed) == 1
