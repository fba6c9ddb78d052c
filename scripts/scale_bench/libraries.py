"""Libraries of any size: some papers go through the real pipeline, and copies of their rows are made in SQL.

A copy has ids, hashes, identifiers, titles and names of its own, so that it is another set of papers to every index.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from dl_lit.library import DATABASE_NAME
from scale_bench.machinery import Machinery, Papers

BASE = Papers(0, 100, seed=17)
# Told apart in each copy by its number; what else is text is the same.
_OWN = frozenset({"path", "sha256", "doi", "openalex_id", "title", "value", "file_sha256"})
_LEFT_OUT = frozenset({"sqlite_sequence", "pipeline_runs", "service_cache"})
_ROOTS = ("reference_ids", "source_pdfs")


def base(folder: Path, *, enriched: bool, papers: Papers = BASE) -> Path:
    """A library of the papers alone; without `enriched` all their references wait."""
    folder.mkdir(parents=True, exist_ok=True)
    Machinery(folder, papers, enrich=enriched).run()
    return folder


def grown(small: Path, folder: Path, references: int) -> Path:
    """A copy of the library `small` with so many references in all, in multiples of its own."""
    shutil.copytree(small, folder)
    with closing(sqlite3.connect(folder / DATABASE_NAME, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        own, pdfs = (database.execute(f"SELECT max(id) FROM {root}").fetchone()[0] for root in _ROOTS)
        copies = [copy for table in _tables(database) if (copy := _copy(database, table, own, pdfs)) is not None]
        for number in range(1, references // own):
            database.execute("BEGIN")
            for copy in copies:
                database.execute(copy, {"n": number})
            database.execute("COMMIT")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


def _tables(database: sqlite3.Connection) -> Iterator[str]:
    """Those that others refer to come first."""
    yield from _ROOTS
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
        if name not in (*_ROOTS, *_LEFT_OUT):
            yield name


def _copy(database: sqlite3.Connection, table: str, references: int, pdfs: int) -> str | None:
    """The statement that copies a table's first rows once more, as the `:n`-th time; None where there are none."""
    points_at = {row[3]: row[2] for row in database.execute(f"PRAGMA foreign_key_list({table})")}
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    if table in _ROOTS:
        points_at["id"] = table
    key = next(
        (name for name in ("id", "reference_id", "source_pdf_id") if name in points_at and name in columns), None
    )
    if key is None:
        return None
    steps = {"reference_ids": references, "source_pdfs": pdfs}
    values = {
        name: f"{name} + :n * {steps[root]}" if (root := points_at.get(name)) in steps else _value(name)
        for name in columns
        if name != "id" or name in points_at
    }
    own = _first_rows(points_at, steps)
    return f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {table} WHERE {own}"


def _first_rows(points_at: Mapping[str, str], steps: Mapping[str, int]) -> str:
    """Only rows of the small library: later copies stand behind them."""
    roots = ((name, steps[root]) for name, root in points_at.items() if root in steps)
    return " AND ".join(f"coalesce({name}, 0) <= {last}" for name, last in roots)


def _value(name: str) -> str:
    return f"{name} || ' ' || :n" if name in _OWN else name


def count(library: Path) -> int:
    with closing(sqlite3.connect(library / DATABASE_NAME)) as database:
        return int(database.execute("SELECT count(*) FROM reference_ids").fetchone()[0])
