"""Connections, transactions and the end of them."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dl_lit.config import Store as StoreSettings
from dl_lit.errors import DatabaseBusy, DatabaseTooNew, DatabaseUnusable
from dl_lit.store import Database
from dl_lit.store.connection import Connection
from dl_lit.store.migrations import Schema

INSERT = "INSERT INTO service_cache (service, key, stored_at, expires_at) VALUES ('a', ?, 0, 0)"
COUNT = "SELECT count(*) FROM service_cache"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database.open(tmp_path / "literature.db", StoreSettings(busy_timeout=5)) as database:
        yield database


def test_a_new_database_has_its_settings(database: Database) -> None:
    connection = database.reader()
    settings = {
        name: connection.value(f"PRAGMA {name}")
        for name in ("journal_mode", "foreign_keys", "synchronous", "query_only", "busy_timeout")
    }
    assert settings == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 1,
        "query_only": 1,
        "busy_timeout": 5000,
    }


def test_full_synchronous_is_a_setting(tmp_path: Path) -> None:
    with Database.open(tmp_path / "literature.db", StoreSettings(synchronous="FULL")) as database:
        assert database.reader().value("PRAGMA synchronous") == 2


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseUnusable):
        database.reader().execute(INSERT, ("a",))
    assert database.reader().value(COUNT) == 0


def test_a_thread_keeps_its_connection_and_has_its_own(database: Database) -> None:
    mine = database.reader()
    assert database.reader() is mine
    with database.transaction() as writing:
        assert database.reader() is writing
    assert database.reader() is mine
    with ThreadPoolExecutor(1) as executor:
        assert executor.submit(database.reader).result(5) is not mine


def test_all_threads_write_with_one_connection_and_read_with_none_that_can_write(database: Database) -> None:
    def writing() -> tuple[Connection, Connection]:
        with database.transaction() as connection:
            return connection, database.reader()

    mine, read_within = writing()
    assert read_within is mine
    with ThreadPoolExecutor(1) as executor:
        assert executor.submit(writing).result(5)[0] is mine
    with pytest.raises(DatabaseUnusable):
        database.reader().execute(INSERT, ("a",))


def test_a_transaction_commits_at_its_end(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(INSERT, ("a",))
    with ThreadPoolExecutor(1) as executor:
        assert executor.submit(lambda: database.reader().value(COUNT)).result(5) == 1


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_any_exception_rolls_back(database: Database, error: type[BaseException]) -> None:
    with pytest.raises(error), database.transaction() as connection:
        connection.execute(INSERT, ("a",))
        raise error
    assert database.reader().value(COUNT) == 0
    with pytest.raises(DatabaseUnusable):
        database.reader().execute(INSERT, ("read-only again",))


def test_a_reader_within_a_transaction_sees_what_was_written(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(INSERT, ("a",))
        assert database.reader().value(COUNT) == 1


def test_a_nested_transaction_fails_alone(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(INSERT, ("outer",))
        with database.transaction():
            connection.execute(INSERT, ("inner, kept",))
        with pytest.raises(ValueError), database.transaction():
            connection.execute(INSERT, ("inner, lost",))
            with database.transaction():
                connection.execute(INSERT, ("innermost, lost",))
            raise ValueError
    names = {row["key"] for row in database.reader().all("SELECT key FROM service_cache")}
    assert names == {"outer", "inner, kept"}


def test_an_outer_rollback_takes_the_nested_one_along(database: Database) -> None:
    with pytest.raises(ValueError), database.transaction() as connection:
        with database.transaction():
            connection.execute(INSERT, ("inner",))
        raise ValueError
    assert database.reader().value(COUNT) == 0


def test_twenty_threads_write_without_losing_a_row(database: Database) -> None:
    def write(number: int) -> None:
        for i in range(10):
            with database.transaction() as connection:
                connection.execute(INSERT, (f"{number}/{i}",))

    with ThreadPoolExecutor(20) as executor:
        list(executor.map(write, range(20)))
    assert database.reader().value(COUNT) == 200


def test_waiting_too_long_for_another_thread_is_busy(tmp_path: Path) -> None:
    with Database.open(tmp_path / "literature.db", StoreSettings(busy_timeout=0.05)) as database:
        holding, done = threading.Event(), threading.Event()

        def hold() -> None:
            with database.transaction():
                holding.set()
                done.wait(5)

        with ThreadPoolExecutor(1) as executor:
            future = executor.submit(hold)
            assert holding.wait(5)
            with pytest.raises(DatabaseBusy, match="busy_timeout"), database.transaction():
                pass
            done.set()
            future.result(5)
        with database.transaction():
            pass


def test_close_closes_the_connections_of_all_threads(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "literature.db")
    with ThreadPoolExecutor(4) as executor:
        barrier = threading.Barrier(4)

        def open_one() -> Connection:
            barrier.wait(5)
            return database.reader()

        connections = [future.result(5) for future in [executor.submit(open_one) for _ in range(4)]]
        database.close()
        database.close()
    assert len({id(connection) for connection in connections}) == 4
    for connection in connections:
        with pytest.raises(sqlite3.ProgrammingError):
            connection.execute("SELECT 1")
    assert not (tmp_path / "literature.db-wal").exists()


def test_a_closed_database_says_so(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "literature.db")
    database.close()
    with pytest.raises(DatabaseUnusable, match="closed"):
        database.reader()
    with pytest.raises(DatabaseUnusable, match="closed"), database.transaction():
        pass


def test_close_waits_for_the_transaction_under_way(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "literature.db")
    writing, closing = threading.Event(), threading.Event()

    def write() -> None:
        with database.transaction() as connection:
            writing.set()
            closing.wait(0.1)
            connection.execute(INSERT, ("a",))

    with ThreadPoolExecutor(1) as executor:
        future = executor.submit(write)
        assert writing.wait(5)
        database.close()
        future.result(5)
    with Database.open(tmp_path / "literature.db") as again:
        assert again.reader().value(COUNT) == 1


def test_the_connections_of_ended_threads_are_closed(database: Database) -> None:
    def use() -> Connection:
        return database.reader()

    for _ in range(5):
        with ThreadPoolExecutor(1) as executor:
            last = executor.submit(use).result(5)
    database.reader()
    with ThreadPoolExecutor(1) as executor:
        executor.submit(use).result(5)
        with pytest.raises(sqlite3.ProgrammingError):
            last.execute("SELECT 1")


def test_mistakes_in_statements_stay_sqlite_errors(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        database.reader().all("SELECT * FROM nowhere")
    with pytest.raises(sqlite3.IntegrityError), database.transaction() as connection:
        connection.executemany(INSERT, [("a",), ("a",)])
    assert database.reader().one("SELECT 1 WHERE false") is None


@pytest.mark.parametrize("named", [True, False])
def test_half_surrogates_are_stored_as_question_marks(database: Database, named: bool) -> None:
    with database.transaction() as connection:
        if named:
            connection.execute(INSERT.replace("?", ":key"), {"key": "a\ud800b"})
        else:
            connection.execute(INSERT, ("a\ud800b",))
    assert database.reader().value("SELECT key FROM service_cache") == "a?b"


def test_idle_connections_do_not_keep_the_journal_growing(database: Database, tmp_path: Path) -> None:
    reading, done = threading.Event(), threading.Event()

    def read() -> None:
        database.reader().all("SELECT * FROM service_cache")
        reading.set()
        done.wait(10)

    with ThreadPoolExecutor(1) as executor:
        future = executor.submit(read)
        assert reading.wait(5)
        for i in range(150):
            with database.transaction() as connection:
                connection.execute(INSERT, (f"{i} " + "x" * 100_000,))
        assert (tmp_path / "literature.db-wal").stat().st_size < 6_000_000  # of 15 MB written
        done.set()
        future.result(5)


# ── only looking ─────────────────────────────────────────────────────────────────────────────────────────


def test_looking_sees_what_is_there_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "literature.db"
    with Database.open(path) as database, database.transaction() as connection:
        connection.execute(INSERT, ("a",))
    before = path.read_bytes()
    with Database.look(path, StoreSettings(busy_timeout=5)) as looking:
        assert looking.reader().value(COUNT) == 1
        assert looking.reader().value("PRAGMA busy_timeout") == 5000
        with pytest.raises(DatabaseUnusable), looking.transaction() as connection:
            connection.execute(INSERT, ("b",))
    assert path.read_bytes() == before


def test_looking_sees_what_a_run_has_just_committed(database: Database, tmp_path: Path) -> None:
    with Database.look(tmp_path / "literature.db") as looking:
        with database.transaction() as connection:
            connection.execute(INSERT, ("a",))
        assert looking.reader().value(COUNT) == 1


def test_a_library_in_a_folder_that_may_not_be_written_can_be_looked_at() -> None:
    folder = Path(tempfile.mkdtemp(prefix="dl-lit-test-"))  # pytest's own cannot be reached by another user
    path, schema, root = folder / "literature.db", Schema.bundled(), os.geteuid() == 0
    try:
        Database.open(path).close()
        path.chmod(0o444)
        folder.chmod(0o555)
        if root:
            os.seteuid(65534)  # permissions count for nothing with root
        with Database.look(path, schema=schema) as looking:
            assert looking.reader().value(COUNT) == 0
        assert [file.name for file in folder.iterdir()] == ["literature.db"]
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_looking_makes_no_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="no library"):
        Database.look(tmp_path / "literature.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("version", "error", "words"),
    [(99, DatabaseTooNew, "newer dl-lit"), (1, DatabaseUnusable, "dl-lit init-db"), (0, DatabaseUnusable, "init-db")],
)
def test_looking_brings_no_other_version_up_to_date(
    tmp_path: Path, version: int, error: type[Exception], words: str
) -> None:
    path = tmp_path / "literature.db"
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    before = path.read_bytes()
    schema = Schema("PRAGMA user_version = 2;", 2, {2: "CREATE TABLE x (id INTEGER)"})
    with pytest.raises(error, match=words):
        Database.look(path, schema=schema)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["literature.db"]


def test_looking_at_something_else_says_so(tmp_path: Path) -> None:
    path = tmp_path / "literature.db"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(DatabaseUnusable, match="not a dl-lit database"):
        Database.look(path)


def test_a_journal_that_cannot_be_read_is_not_overlooked(tmp_path: Path) -> None:
    path = tmp_path / "literature.db"
    Database.open(path).close()
    path.with_name("literature.db-wal").mkdir()  # there, but no file that SQLite could open
    with pytest.raises(DatabaseUnusable):
        Database.look(path)


def move_away(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def put_another_there(path: Path) -> None:
    other = path.with_name("other.db")
    Database.open(other).close()
    other.replace(path)


@pytest.mark.parametrize("displace", [Path.unlink, move_away, put_another_there])
def test_a_file_that_is_not_in_its_place_any_more_is_not_written_to(
    tmp_path: Path, displace: Callable[[Path], None]
) -> None:
    path = tmp_path / "literature.db"
    with Database.open(path) as database:
        displace(path)
        there = path.read_bytes() if path.exists() else None
        with pytest.raises(DatabaseUnusable, match="moved, deleted or replaced"), database.transaction():
            pytest.fail("it may be written to")
        cure = "-wal" if there else "where it is now"
        with (
            ThreadPoolExecutor(1) as pool,
            pytest.raises(DatabaseUnusable, match=f"moved, deleted or replaced.*{cure}"),
        ):
            pool.submit(database.reader).result(10)
    assert (path.read_bytes() if path.exists() else None) == there
