"""The tables of a library and their rows, as they are; and the names of earlier programs."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dl_lit.cli.main import run
from dl_lit.store import inspecting
from dl_lit.store.database import Database

Captured = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("away_from_home")


@pytest.fixture(autouse=True)
def library(tmp_path: Path) -> Path:
    """With two answers of services."""
    path = tmp_path / "library" / "literature.db"
    with closing(Database.open(path)) as database, database.transaction() as connection:
        for number in (1, 2):
            connection.execute(
                "INSERT INTO searches (query, options, created_at, sources, results) VALUES (?, '{}', ?, '{}', '[]')",
                (f"word\x1b[2J{'x' * 300}{number}", number),
            )
    return path


def rows(capsys: Captured, *command: str) -> Any:
    assert run([*command, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_every_table_and_view_is_listed_with_its_rows_columns_and_purpose(capsys: Captured, library: Path) -> None:
    listed = {row["name"]: row for row in rows(capsys, "inspect-tables")}
    with closing(sqlite3.connect(library)) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")}
    assert set(listed) == {name for name in names if not name.startswith("sqlite_")}
    assert listed["searches"]["rows"] == 2 and "query" in listed["searches"]["columns"]
    assert all(row["purpose"] for row in listed.values())
    assert listed["with_metadata"]["purpose"].startswith("Stage 3 takes from here")


def test_tables_are_told_to_a_person_too(capsys: Captured) -> None:
    assert run(["inspect-tables"]) == 0
    shown = capsys.readouterr().out
    assert "searches" in shown and "show-sample TABLE" in shown


def test_a_sample_has_the_latest_rows_whole(capsys: Captured) -> None:
    assert [row["query"][-1] for row in rows(capsys, "show-sample", "searches")] == ["2", "1"]
    assert len(rows(capsys, "show-sample", "searches", "--limit", "1")) == 1


@pytest.mark.parametrize("table", inspecting.names())
def test_every_table_gives_samples_and_the_head_of_a_csv(capsys: Captured, table: str) -> None:
    assert run(["show-sample", table, "--format", "csv"]) == 0
    head = next(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert len(head) >= 1


def test_on_a_terminal_long_values_are_cut_empty_ones_left_out_and_nothing_commands_it(capsys: Captured) -> None:
    assert run(["show-sample", "searches"]) == 0
    assert re.search(r"created_at +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", shown := capsys.readouterr().out), shown
    assert run(["show-sample", "searches"]) == 0
    shown = capsys.readouterr().out
    assert "…" in shown and "\x1b[2J" not in shown and "results" not in shown
    assert run(["show-sample"]) == 0
    assert "downloaded_references has no rows." in capsys.readouterr().out


def test_a_table_that_is_none_is_refused_with_those_that_there_are(capsys: Captured) -> None:
    assert run(["show-sample", "sqlite_schema"]) == 2
    assert "downloaded_references" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "shown"),
    [
        (["extract-bib-api", "--help"], "extract-references"),
        (["run-pipeline", "--help"], "process-folder"),
        (["retry-failed-downloads"], "get copies: 0 will be tried again"),
        (["retry-failed-enrichments"], "find works: 0 will be tried again"),
    ],
)
def test_names_of_earlier_programs_go_on_working(capsys: Captured, old: list[str], shown: str) -> None:
    assert run(old) == 0
    assert shown in capsys.readouterr().out
