"""Which works leave a library, and where they go."""

from __future__ import annotations

import csv
import io
import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from bibtexparser.entrypoint import parse_string

from dl_lit.cli.main import run
from dl_lit.model import Decision, Enrichment, EnrichmentReason
from library import ME, SmallLibrary, work

Captured = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("away_from_home")


@pytest.fixture(autouse=True)
def library(tmp_path: Path) -> Path:
    """paper1 cites Old (a copy) and New (none); paper2 one that nobody knows, one to look at, one not tried yet."""
    folder = tmp_path / "library"
    small = SmallLibrary(folder / "literature.db")
    small.accept(work("Old", year=1990))
    small.queue()
    small.download()
    small.accept(work("New", year=2020), work("Undated", year=None))
    small.queue()
    small.fail_downloads()
    small.print_references("nobody knows this", "look at this", "not tried yet")
    unknown, odd, _ = small.claim_references()
    small.store.finish_enrichment(unknown, ME, Enrichment(Decision.REJECTED, reason=EnrichmentReason.NO_CANDIDATES))
    small.store.finish_enrichment(odd, ME, Enrichment(Decision.REVIEW))
    small.close()
    return folder


def rows(capsys: Captured, *options: str) -> list[dict[str, str]]:
    assert run(["export", "--to", "csv", *options]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def titles(capsys: Captured, *options: str) -> set[str]:
    return {row["title"] for row in rows(capsys, *options)}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), {"Old", "New", "Undated"}),
        (("--with-copy-only",), {"Old"}),
        (("--state", "copy"), {"Old"}),
        (("--state", "no-copy"), {"New", "Undated"}),
        (("--state", "waiting"), set()),
        (("--from-year", "2000"), {"New"}),
        (("--to-year", "2000"), {"Old"}),
        (("--from-year", "1990", "--to-year", "2020"), {"Old", "New"}),
        (("--cited-by", "paper1"), {"Old"}),
        (("--cited-by", "PAPER"), {"Old", "New", "Undated"}),
        (("--cited-by", "paper1", "--cited-by", "paper2.pdf"), {"Old", "New", "Undated"}),
        (("--cited-only",), {"Old", "New", "Undated"}),
    ],
)
def test_filters_choose_what_is_written(options: tuple[str, ...], expected: set[str], capsys: Captured) -> None:
    assert titles(capsys, *options) == expected


@pytest.mark.parametrize(
    ("state", "printed"),
    [("unmatched", "nobody knows this"), ("review", "look at this"), ("untried", "not tried yet")],
)
def test_unverified_references_are_written_when_asked_for(state: str, printed: str, capsys: Captured) -> None:
    (row,) = rows(capsys, "--state", state)
    assert row["printed"] == printed


def test_a_key_does_not_depend_on_the_filter(library: Path, capsys: Captured) -> None:
    small = SmallLibrary(library / "literature.db")
    small.accept(work("Old", year=1990, doi="10.1000/other"))
    small.close()
    keys = {row["id"]: row["key"] for row in rows(capsys)}
    assert len(set(keys.values())) == len(keys)
    for options in (("--state", "waiting"), ("--cited-by", "paper4")):
        for row in rows(capsys, *options):
            assert row["key"] == keys[row["id"]]


def test_each_pdf_has_a_file_of_its_own(capsys: Captured) -> None:
    assert run(["export", "--per-pdf", "bibs"]) == 0
    assert "3 files are in bibs" in capsys.readouterr().err
    found = {one.name: len(parse_string(one.read_text()).entries) for one in Path("bibs").iterdir()}
    assert found == {"paper1.bib": 1, "paper2.bib": 2, "paper3.bib": 0}


def test_pdfs_of_one_name_keep_their_files_apart(library: Path) -> None:
    small = SmallLibrary(library / "literature.db")
    with small.store.database.transaction() as connection:
        connection.execute("UPDATE source_pdfs SET path = '/elsewhere/Paper1.pdf' WHERE id = 2")
    small.close()
    assert run(["export", "--per-pdf", "bibs", "--to", "ris"]) == 0
    assert {one.name for one in Path("bibs").iterdir()} == {"paper1.ris", "Paper1-2.ris", "paper3.ris"}


def test_a_zip_holds_the_pdfs_that_are_there_and_names_the_others(library: Path, capsys: Captured) -> None:
    assert run(["export", "--to", "zip", "--output", "out.zip"]) == 0
    assert "1 PDFs are not there and were left out (w1.pdf)" in capsys.readouterr().err
    (library / "pdfs").mkdir(exist_ok=True)
    (library / "pdfs" / "w1.pdf").write_bytes(b"%PDF")
    assert run(["export", "--to", "zip", "--output", "out.zip"]) == 0
    with zipfile.ZipFile("out.zip") as bundle:
        assert bundle.read("pdfs/w1.pdf") == b"%PDF"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--to", "zip"), "--to zip needs --output"),
        (("--per-pdf", "x", "--output", "y"), "not both"),
        (("--with-copy-only", "--state", "review"), "give one of the two"),
        (("--from-year", "2000", "--to-year", "1999"), "swap the two"),
        (("--cited-by", "nothing"), "The library has read no PDF with 'nothing' in its name"),
    ],
)
def test_what_cannot_be_meant_is_refused(options: tuple[str, ...], said: str, capsys: Captured) -> None:
    assert run(["export", *options]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("x.bib", "@"),
        ("x.ris", "TY  - "),
        ("x.RIS", "TY  - "),
        ("x.csv", "key,id,"),
        ("x.csl.json", '[{"id":'),
        ("x.json", '[{"key":'),
        ("x.txt", "@"),
    ],
)
def test_the_ending_of_the_file_tells_the_format(name: str, begins: str, capsys: Captured) -> None:
    assert run(["export", "--output", name]) == 0
    written = "".join(Path(name).read_text().split())
    assert written.startswith("".join(begins.split()))
    assert capsys.readouterr().err == f"3 works are in {name}.\n"


def test_the_format_that_is_named_wins_over_the_ending() -> None:
    assert run(["export", "--to", "ris", "--output", "x.json"]) == 0
    assert Path("x.json").read_text().startswith("TY")
    assert run(["export", "--output", "x.zip"]) == 0
    assert zipfile.is_zipfile("x.zip")


def test_a_dash_is_standard_output(capsys: Captured) -> None:
    assert run(["export", "--output", "-"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("@") and told.err == "" and not Path("-").exists()
    assert run(["report", "--output", "-"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("<!DOCTYPE html>") and told.err == ""
    assert run(["report", "--output", "-", "--open"]) == 2
    assert run(["export", "--to", "zip", "--output", "-"]) == 2
    assert "name a file with --output" in capsys.readouterr().err


def test_an_export_of_nothing_says_so(capsys: Captured) -> None:
    assert run(["export", "--from-year", "2100", "--to", "json"]) == 0
    told = capsys.readouterr()
    assert told.out.strip() == "[]" and "No work of the library fits" in told.err


def test_a_pdf_may_be_named_by_its_path(library: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(library / "literature.db")) as database:
        [path] = database.execute("SELECT path FROM source_pdfs WHERE path LIKE '%paper1%'").fetchone()
    monkeypatch.chdir(Path(path).parent.parent)
    assert titles(capsys, "--cited-by", os.path.relpath(path), "--library", str(library)) == {"Old"}
    assert run(["export", "--cited-by", "paper9.pdf", "--library", str(library)]) == 2
    assert "Did you mean paper" in capsys.readouterr().err
    assert run(["export", "--cited-by", "zzzz", "--library", str(library)]) == 2
    assert "It has read: paper1.pdf" in capsys.readouterr().err


def test_a_file_where_the_folder_belongs_is_refused(capsys: Captured) -> None:
    Path("x.bib").write_text("")
    assert run(["export", "--per-pdf", "x.bib"]) == 2
    assert "--per-pdf x.bib: that is no folder" in capsys.readouterr().err
    assert run(["export", "--per-pdf", "x.bib/y"]) == 2
    assert "Choose another place" in capsys.readouterr().err
