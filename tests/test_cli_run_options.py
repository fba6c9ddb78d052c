"""The options that say how much of a job one run does: nothing is lost, the rest waits for the next run."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dl_lit.cli.main import run
from dl_lit.services.registry import OFFERS
from test_cli import printed_pdf

pytestmark = pytest.mark.usefixtures("away_from_home")


@pytest.fixture
def pdfs(tmp_path: Path) -> Path:
    folder = tmp_path / "pdfs"
    folder.mkdir()
    first = printed_pdf(folder / "a.pdf").read_bytes()
    (folder / "b.pdf").write_bytes(first + b"\n% another\n")
    return folder


def rows(sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect("library/literature.db")) as connection:
        return connection.execute(sql).fetchall()


def test_a_limit_reads_so_many_pdfs_and_the_next_run_the_rest(pdfs: Path) -> None:
    command = ["process-folder-concurrent", str(pdfs), "--no-enrich", "--limit", "1"]
    assert run(command) == 3
    assert rows("SELECT state, count(*) FROM source_pdfs GROUP BY state ORDER BY state") == [
        ("done", 1),
        ("waiting", 1),
    ]
    assert run(command) == 0
    assert rows("SELECT count(*) FROM source_pdfs WHERE state = 'done'") == [(2,)]


def test_max_entries_leaves_the_other_references_waiting(pdfs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OFFERS:
        monkeypatch.setenv(f"DL_LIT_SERVICES__{name.upper()}__ENABLED", "false")
    assert run(["process-pdf", str(pdfs / "a.pdf"), "--no-download", "--max-entries", "2"]) == 3
    assert rows("SELECT count(*) FROM failed_enrichments") == [(2,)]
    assert rows("SELECT count(*) FROM no_metadata") == [(1,)]


@pytest.mark.parametrize("limit", [[], ["--limit", "1"]])
def test_a_dry_run_says_what_would_be_read_and_makes_nothing(
    pdfs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], limit: list[str]
) -> None:
    assert run(["process-folder", str(pdfs), "--dry-run", *limit]) == 0
    told = capsys.readouterr().out
    assert told.count("a.pdf: new: would be read") == 1
    assert told.count("b.pdf: new: would be read") == (0 if limit else 1)
    assert not (tmp_path / "library").exists()


def test_a_dry_run_knows_what_the_library_has(pdfs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["process-folder", str(pdfs), "--no-enrich", "--limit", "1"])
    (pdfs / "empty.pdf").touch()
    capsys.readouterr()
    before = rows("SELECT * FROM source_pdfs")
    assert run(["process-folder", str(pdfs), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "known: was read" in told
    assert "known: would be read" in told
    assert "empty_file: would be recorded so" in told
    assert "2 known, 1 empty_file. Nothing was changed." in told
    assert rows("SELECT * FROM source_pdfs") == before


def test_filters_of_the_command_line_reach_stage_3(pdfs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OFFERS:
        monkeypatch.setenv(f"DL_LIT_SERVICES__{name.upper()}__ENABLED", "false")
    options = ["--type", "book", "--type", "monograph", "--language", "en", "--open-only", "--rank-by", "testing"]
    assert run(["process-folder", str(pdfs), "--no-download", "--min-citations", "3", *options]) == 0
