"""`runs`: the record of what was done with a library; and rows as other programs read them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dl_lit.cli.main import run
from dl_lit.processes.owners import this_process
from dl_lit.rows import as_csv, written
from dl_lit.store.database import Database
from dl_lit.store.store import Store

Captured = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("away_from_home")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A library in the folder where commands look for one."""
    with closing(Store(Database.open(tmp_path / "library" / "literature.db"))) as made:
        yield made


def listed(capsys: Captured, *options: str) -> list[dict[str, Any]]:
    assert run(["runs", "--format", "json", *options]) == 0
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return rows


def test_each_run_is_listed_with_what_it_did_and_how_it_ended(store: Store, capsys: Captured) -> None:
    done = store.start_run("here:1:1.00", "process-folder", {"paths": ["a"]})
    stages = {
        "source_pdfs": {"done": 3, "failed": 1},
        "no_metadata": {"done": 40, "failed": 2},
        "to_download_references": {"done": 30, "failed": 8},
    }
    store.finish_run(done, {"left": 5, "seconds": 1.5, "stages": stages}, 3)
    failed = store.start_run("here:1:1.00", "process-pdf", {})
    store.finish_run(failed, {"error": "OSError: x"}, 1)
    latest, first = listed(capsys)
    assert [first[name] for name in ("read", "matched", "fetched", "failed", "left")] == [3, 40, 30, 11, 5]
    assert (first["end"], latest["end"], latest["read"]) == ("some rows wait", "error", None)
    assert first["options"] == {"paths": ["a"]} and first["summary"]["stages"] == stages
    assert len(listed(capsys, "--limit", "1")) == 1
    assert run(["runs", "--format", "csv"]) == 0
    begun = [row["started_at"] for row in csv.DictReader(io.StringIO(capsys.readouterr().out))]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", one) for one in begun) and len(begun) == 2


def test_a_run_that_was_killed_is_told_from_one_that_goes_on(store: Store, capsys: Captured) -> None:
    store.start_run(this_process(), "process-folder", {})
    store.start_run("elsewhere:1:1.00", "process-folder", {})
    with store.database.transaction() as connection:
        connection.execute("UPDATE pipeline_runs SET heartbeat_at = started_at - 1000 WHERE id = 2")
    assert [row["end"].partition(" (")[0] for row in listed(capsys)] == ["killed", "goes on"]


def test_runs_are_a_table_too_and_say_when_there_is_none(store: Store, capsys: Captured) -> None:
    assert run(["runs"]) == 0
    assert "No run has been made." in capsys.readouterr().out
    store.finish_run(store.start_run("here:1:1.00", "watch\x1b[2J", {}), {"left": 0, "stages": {}}, 0)
    assert run(["runs"]) == 0
    shown = capsys.readouterr().out
    assert "done" in shown and "watch" in shown and "\x1b[2J" not in shown


@pytest.mark.parametrize("command", ["runs", "failures", "merge-log"])
def test_rows_come_as_csv_with_a_head_even_when_there_are_none(store: Store, capsys: Captured, command: str) -> None:
    assert run([command, "--format", "csv"]) == 0
    (head,) = csv.reader(io.StringIO(capsys.readouterr().out))
    assert len(head) > 5


def test_a_cell_that_a_spreadsheet_would_run_is_a_text() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(("a", "b"), [("=1+1", "-5"), ("@x", -5), ("a=b", "\ud800")]))))
    assert rows == [["a", "b"], ["'=1+1", "'-5"], ["'@x", "-5"], ["a=b", "\\ud800"]]


def test_lists_in_a_cell_are_json_and_columns_keep_their_order() -> None:
    rows = [{"x": ["ä", 1], "y": None, "z": 2}]
    assert written(rows, ("z", "y", "x"), "csv").splitlines() == ["z,y,x", '2,,"[""ä"", 1]"']
    assert json.loads(written(rows, ("z",), "json")) == rows
