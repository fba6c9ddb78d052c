"""New, old, newer and foreign files."""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import closing
from pathlib import Path

import pytest

from dl_lit.config import Store as StoreSettings
from dl_lit.errors import DatabaseBusy, DatabaseTooNew, DatabaseUnusable, DlLitError
from dl_lit.store import Database
from dl_lit.store.connection import connect
from dl_lit.store.migrations import Schema, _make_file, _version, prepare

FIRST = """
CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT) STRICT;
CREATE TABLE loans (id INTEGER PRIMARY KEY, book_id INTEGER NOT NULL REFERENCES books (id)) STRICT;
PRAGMA user_version = 1;
"""
THIRD = """
-- Books; a trigger, to see that statements with semicolons inside stay whole.
CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT, shelf TEXT NOT NULL DEFAULT 'A') STRICT;
CREATE TABLE loans (id INTEGER PRIMARY KEY, book_id INTEGER NOT NULL REFERENCES books (id)) STRICT;
CREATE TRIGGER kept BEFORE DELETE ON books BEGIN SELECT raise(ABORT, 'no; never'); END;
PRAGMA user_version = 3;
"""
TO_SECOND = """
CREATE TABLE books_new (id INTEGER PRIMARY KEY, title TEXT, shelf TEXT NOT NULL DEFAULT 'A') STRICT;
INSERT INTO books_new (id, title) SELECT id, title FROM books;
DROP TABLE books;
ALTER TABLE books_new RENAME TO books;
"""
TO_THIRD = "CREATE TRIGGER kept BEFORE DELETE ON books BEGIN SELECT raise(ABORT, 'no; never'); END;\n"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A library of version 1 with a book that is out on loan."""
    path = tmp_path / "literature.db"
    with Database.open(path, schema=Schema(FIRST, 1, {})) as database, database.transaction() as connection:
        connection.execute("INSERT INTO books VALUES (7, 'On Testing')")
        connection.execute("INSERT INTO loans VALUES (1, 7)")
    return path


@pytest.fixture
def third(tmp_path: Path) -> Schema:
    """Version 3, as it is read from a folder."""
    folder = tmp_path / "program"
    (folder / "migrations").mkdir(parents=True)
    (folder / "schema.sql").write_text(THIRD)
    (folder / "migrations" / "0002_shelves.sql").write_text(TO_SECOND)
    (folder / "migrations" / "0003_keep.sql").write_text(TO_THIRD)
    (folder / "migrations" / "README.md").write_text("no migration")
    return Schema.load(folder)


def layout(connection: sqlite3.Connection) -> set[tuple[str, ...]]:
    # What ALTER TABLE leaves behind differs from a new table by quotes only.
    rows = connection.execute("SELECT type, name, tbl_name, replace(sql, '\"', '') FROM sqlite_schema").fetchall()
    return {tuple(row) for row in rows}


def test_the_bundled_schema_makes_a_database_of_its_version(tmp_path: Path) -> None:
    schema = Schema.bundled()
    with Database.open(tmp_path / "new" / "literature.db") as database:
        assert database.reader().value("PRAGMA user_version") == schema.version
        assert database.backup is None
    assert sorted(schema.steps) == list(range(2, schema.version + 1))


def test_every_table_of_the_schema_is_strict(tmp_path: Path) -> None:
    with Database.open(tmp_path / "literature.db") as database:
        rows = database.reader().all("PRAGMA table_list")
    loose = [row["name"] for row in rows if row["type"] == "table" and not row["strict"]]
    assert [name for name in loose if not name.startswith("sqlite_")] == []


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "literature.db"
    Database.open(path).close()
    before = path.read_bytes()
    with Database.open(path) as database:
        assert database.backup is None
    assert path.read_bytes() == before


def test_an_older_database_is_brought_up_to_date(old: Path, third: Schema, tmp_path: Path) -> None:
    with Database.open(old, schema=third) as database, Database.open(tmp_path / "new.db", schema=third) as new:
        connection = database.reader()
        assert connection.value("PRAGMA user_version") == 3
        assert tuple(connection.all("SELECT * FROM books")[0]) == (7, "On Testing", "A")
        assert connection.value("SELECT book_id FROM loans") == 7
        assert layout(connection) == layout(new.reader())


def test_the_backup_is_the_older_database(old: Path, third: Schema) -> None:
    with Database.open(old, schema=third) as database:
        assert database.backup == old.with_name("literature.db.backup-v1")
    with closing(sqlite3.connect(database.backup)) as backup:
        assert backup.execute("PRAGMA user_version").fetchone() == (1,)
        assert backup.execute("SELECT * FROM books").fetchall() == [(7, "On Testing")]
    assert list(old.parent.glob("*.partial")) == []


def test_an_earlier_backup_is_not_written_over(old: Path, third: Schema) -> None:
    for name in ("literature.db.backup-v1", "literature.db.backup-v1-2"):
        old.with_name(name).write_text("precious")
    with Database.open(old, schema=third) as database:
        assert database.backup == old.with_name("literature.db.backup-v1-3")
    assert old.with_name("literature.db.backup-v1").read_text() == "precious"


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("DELETE FROM books WHERE true; SELECT * FROM nowhere;", sqlite3.OperationalError),
        ("DELETE FROM books WHERE true; SELECT * FROM forgotten_semicolon", sqlite3.OperationalError),
        ("ROLLBACK; SELECT * FROM nowhere;", sqlite3.OperationalError),
        ("DELETE FROM books WHERE true;", DatabaseUnusable),  # a loan then points nowhere
    ],
)
def test_a_migration_that_fails_changes_nothing(old: Path, step: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        Database.open(old, schema=Schema(THIRD, 2, {2: step}))
    with Database.open(old, schema=Schema(FIRST, 1, {})) as database:
        assert database.reader().value("SELECT title FROM books") == "On Testing"


def test_a_version_too_old_to_migrate_is_refused(old: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="older release"):
        Database.open(old, schema=Schema(THIRD, 3, {3: TO_THIRD}))


def test_a_newer_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "literature.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE future (a); PRAGMA user_version = 999;")
    before = path.read_bytes()
    with pytest.raises(DatabaseTooNew, match="pip install --upgrade dl-lit"):
        Database.open(path)
    assert path.read_bytes() == before


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE cookies (a)")


def _text(path: Path) -> None:
    path.write_text("Dear diary, " * 200)


def _damaged(path: Path) -> None:
    Database.open(path).close()
    pages = bytearray(path.read_bytes())
    pages[100:2000] = b"\xff" * 1900
    path.write_bytes(pages)


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_foreign, "not a dl-lit database"),
        (_text, "not a dl-lit database"),
        (_damaged, "damaged.*recover"),
        (_folder, "not a dl-lit database"),
    ],
)
def test_what_is_no_library_is_refused(tmp_path: Path, make: Callable[[Path], None], message: str) -> None:
    path = tmp_path / "literature.db"
    make(path)
    with pytest.raises(DatabaseUnusable, match=message) as caught:
        Database.open(path)
    assert str(path) in str(caught.value)


def test_a_missing_library_is_not_made_unless_wanted(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="dl-lit init-db"):
        Database.open(tmp_path / "literature.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseUnusable, match="--library"):
        Database.open(tmp_path / "file" / "literature.db")


def test_a_schema_without_a_version_is_our_mistake(tmp_path: Path) -> None:
    (tmp_path / "schema.sql").write_text("CREATE TABLE a (b);")
    with pytest.raises(ValueError, match="user_version"):
        Schema.load(tmp_path)


def test_a_program_of_the_first_version_needs_no_migrations_folder(tmp_path: Path) -> None:
    (tmp_path / "schema.sql").write_text(FIRST)
    assert Schema.load(tmp_path) == Schema(FIRST, 1, {})


def test_an_sqlite_that_is_too_old_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    with pytest.raises(DatabaseUnusable, match="newer Python"):
        Database.open(tmp_path / "literature.db")


def test_many_openers_at_once_make_one_database(tmp_path: Path) -> None:
    path = tmp_path / "literature.db"
    with ThreadPoolExecutor(8) as executor:
        futures = [executor.submit(Database.open, path) for _ in range(8)]
        databases = [future.result(20) for future in futures]
    for database in databases:
        database.close()


def test_a_file_that_another_process_makes_in_the_same_moment_is_ours(tmp_path: Path) -> None:
    """Two looks at the path were two answers: on this one, every fourth file was "not a dl-lit database"."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as executor:
            for number in range(200):
                start = threading.Barrier(4, timeout=20)
                tries = [executor.submit(_made, start, tmp_path / f"{number}.db") for _ in range(4)]
                assert [one.result(20) for one in tries] == [None] * 4
    finally:
        sys.setswitchinterval(before)


def _made(start: threading.Barrier, path: Path) -> None:
    start.wait()
    _make_file(path, create=True)


def test_a_database_that_is_made_between_two_looks_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "literature.db"
    path.touch()
    with closing(connect(path, StoreSettings())) as looking:
        value = looking.value

        def make_it_meanwhile(sql: str, *parameters: object) -> object:
            seen = value(sql, *parameters)
            if sql == "PRAGMA user_version" and seen == 0:
                Database.open(path).close()
            return seen

        looking.value = make_it_meanwhile  # type: ignore[method-assign,assignment]
        assert _version(looking) == Schema.bundled().version


def test_a_new_database_waits_for_the_other_that_is_making_it(tmp_path: Path) -> None:
    path = tmp_path / "literature.db"
    path.touch()
    with closing(sqlite3.connect(path, isolation_level=None)) as other, ThreadPoolExecutor(1) as executor:
        other.execute("BEGIN IMMEDIATE")
        making = executor.submit(prepare, path, StoreSettings(), Schema.bundled(), create=True)
        with pytest.raises(FutureTimeout):
            making.result(0.3)
        other.execute("COMMIT")
        assert making.result(20) is None


def test_a_new_database_that_someone_keeps_locked_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "literature.db"
    path.touch()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match="locked"):
            prepare(path, StoreSettings(busy_timeout=0.1), Schema.bundled(), create=True)


def test_many_openers_at_once_migrate_once(old: Path, third: Schema) -> None:
    def open_it(_: int) -> Path | DlLitError | None:
        with Database.open(old, schema=third) as database:
            return database.backup

    with ThreadPoolExecutor(6) as executor:
        backups = list(executor.map(open_it, range(6)))
    assert len([backup for backup in backups if backup is not None]) == 1
    with closing(sqlite3.connect(old.with_name("literature.db.backup-v1"))) as backup:
        assert backup.execute("PRAGMA user_version").fetchone() == (1,)


def columns(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")]
    return {name: [tuple(row) for row in connection.execute(f"PRAGMA table_xinfo({name})")] for name in names}


# The chain of migrations leads from the first version through all others.
FIRST_SCHEMA = Path(__file__).parent / "data" / "schema_0001.sql"


def test_a_library_of_the_first_version_becomes_what_a_new_one_is(tmp_path: Path) -> None:
    path = tmp_path / "literature.db"
    first = Schema(FIRST_SCHEMA.read_text(encoding="utf-8"), 1, {})
    with Database.open(path, schema=first) as database, database.transaction() as connection:
        connection.execute(
            "INSERT INTO source_pdfs (id, path, size, created_at, stage_entered_at) VALUES (3, '/a.pdf', 9, 1, 1)"
        )
    with Database.open(path) as database, Database.open(tmp_path / "new.db") as new:
        migrated = database.reader()
        assert database.backup is not None
        assert migrated.value("SELECT path FROM source_pdfs WHERE id = 3") == "/a.pdf"
        assert migrated.value("PRAGMA user_version") == Schema.bundled().version
        assert columns(migrated) == columns(new.reader())
        assert indices(migrated) == indices(new.reader())


def indices(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql NOTNULL")}


def test_references_of_a_first_library_are_not_from_notes(tmp_path: Path) -> None:
    path = tmp_path / "literature.db"
    first = Schema(FIRST_SCHEMA.read_text(encoding="utf-8"), 1, {})
    with Database.open(path, schema=first) as database, database.transaction() as connection:
        connection.execute("INSERT INTO reference_ids (id, created_at) VALUES (5, 1)")
        connection.execute(
            "INSERT INTO no_metadata (id, raw, position, authors, editors, created_at, stage_entered_at)"
            " VALUES (5, 'Bell, Tides, 1990.', 1, '[]', '[]', 1, 1)"
        )
    with Database.open(path) as database:
        assert database.reader().value("SELECT from_note FROM no_metadata WHERE id = 5") == 0


def test_merges_undone_in_an_older_library_stay_undone(tmp_path: Path) -> None:
    path = tmp_path / "literature.db"
    first = Schema(FIRST_SCHEMA.read_text(encoding="utf-8"), 1, {})
    with Database.open(path, schema=first) as database, database.transaction() as connection:
        for one in (1, 2, 3):
            connection.execute("INSERT INTO reference_ids (id, created_at) VALUES (?, 1)", (one,))
        for loser, rule in ((2, "doi"), (3, "doi"), (3, "unmerged")):
            connection.execute(
                "INSERT INTO merge_log (at, loser_id, winner_id, loser_table, winner_table, rule, score, changed)"
                " VALUES (1, ?, 1, 'with_metadata', 'with_metadata', ?, 1, '{}')",
                (loser, rule),
            )
    with Database.open(path) as database:
        standing = [row[0] for row in database.reader().all("SELECT standing FROM merge_log ORDER BY id")]
        parted = [tuple(row) for row in database.reader().all("SELECT one_id, other_id FROM parted_references")]
    assert standing == ["holds", "undone", "undone"]
    assert parted == [(1, 3)]
