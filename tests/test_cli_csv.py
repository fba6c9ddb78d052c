"""`--format csv` of every command whose answer is rows."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from dl_lit.cli.main import run
from dl_lit.model import Decision, Enrichment, EnrichmentReason, Evidence, Reference
from download_world import WORK, pdf
from library import ME, SmallLibrary
from test_library_check import OTHER, downloaded

Captured = pytest.CaptureFixture[str]


def rows(capsys: Captured, *command: str, code: int = 0) -> list[dict[str, str]]:
    capsys.readouterr()
    assert run([*command, "--format", "csv"]) == code
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_status_has_a_row_a_stage(library: SmallLibrary, capsys: Captured) -> None:
    downloaded(library, WORK)
    told = {row["stage"]: row for row in rows(capsys, "status")}
    assert told["download"] == {
        "stage": "download",
        "to do": "0",
        "in work": "0",
        "later": "0",
        "done": "1",
        "failed": "0",
    }
    assert len(told) == 4


def test_review_has_a_row_a_candidate(library: SmallLibrary, capsys: Captured) -> None:
    library.print_references(Reference(raw="=1+1 Tides, 1999", title="Tides"), "nothing like it")
    first, second = library.claim_references()
    found = Evidence("crossref", "bibliographic", OTHER, 0.71234, Decision.REVIEW, ("title",), ("year",))
    library.store.finish_enrichment(first, ME, Enrichment(Decision.REVIEW, None, (found,), EnrichmentReason.WEAK_MATCH))
    library.store.finish_enrichment(second, ME, Enrichment(Decision.REVIEW, None, (), EnrichmentReason.CONFLICT))
    one, other = rows(capsys, "review", "--list")
    assert (one["reference"], one["candidate"], one["score"], one["doi"]) == ("1", "1", "0.712", OTHER.doi)
    assert one["printed"] == "'=1+1 Tides, 1999", "a spreadsheet must not run what is printed"
    assert (one["agreed"], one["disagreed"], one["title"]) == ("title", "year", OTHER.title)
    assert (other["reference"], other["candidate"], other["reason"]) == ("2", "", "conflict")
    assert run(["review", "--format", "csv"]) == 2
    assert "--format csv goes with --list" in capsys.readouterr().err


def test_review_of_files_has_a_row_a_file(library: SmallLibrary, capsys: Captured) -> None:
    capsys.readouterr()
    assert run(["review", "--files", "--list", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("id,reference_id,title,name,reason,")
    assert run(["review", "--files", "--format", "csv"]) == 2


def test_a_check_of_the_library_has_a_row_a_finding(library: SmallLibrary, capsys: Captured) -> None:
    gone, _ = downloaded(library, WORK, OTHER)
    gone.unlink()
    [row] = rows(capsys, "library", "check", code=3)
    assert (row["kind"], row["file_name"], row["references"]) == ("missing", gone.name, "[1]")


def test_imports_of_pdfs_have_a_row_a_file(library: SmallLibrary, capsys: Captured) -> None:
    Path("mine").mkdir()
    Path("mine/a.pdf").write_bytes(pdf())
    [row] = rows(capsys, "import-pdfs", "mine")
    assert (Path(row["path"]).name, row["outcome"], row["reference"]) == ("a.pdf", "no such work", "")
    Path("works.json").write_text(json.dumps([{"title": "A work", "DOI": "10.1000/a"}]), "utf-8")
    assert rows(capsys, "import", "works.json") == []


def test_doctor_config_and_cache_have_a_row_each(library: SmallLibrary, capsys: Captured) -> None:
    checks = {row["name"]: row["ok"] for row in rows(capsys, "doctor")}
    assert checks["SQLite"] == "True" and len(checks) > 8
    settings = {row["name"]: row for row in rows(capsys, "config", "show")}
    assert settings["pipeline.queue_size"]["origin"] == "default"
    assert {row["entries"] for row in rows(capsys, "cache", "info")} == {"0"}
    assert run(["cache", "clear", "--format", "csv"]) == 2
