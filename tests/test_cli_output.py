"""No command writes over what it reads, whatever name that goes by; it is refused before anything is read."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from dl_lit.cli.main import run
from dl_lit.store.database import Database
from test_cli import printed_pdf

pytestmark = pytest.mark.usefixtures("away_from_home")

RECORD = '{"DOI": "10.5555/own", "title": ["A work of its own"], "type": "book"}\n'
Link = Callable[[Path, Path], None]


def itself(target: Path, name: Path) -> None:
    target.rename(name)
    target.symlink_to(name)  # what was asked for is a link now, and the output the file


@pytest.fixture(params=[os.symlink, os.link, itself], ids=["symlink", "hard link", "the file behind a link"])
def link(request: pytest.FixtureRequest) -> Link:
    made: Link = request.param
    return made


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    (tmp_path / "works.jsonl").write_text(RECORD)
    assert run(["catalogue", "build", str(tmp_path / "works.jsonl"), "--output", str(tmp_path / "works.cat")]) == 0
    return tmp_path / "works.cat"


def assert_refused(command: list[str], target: Path, output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = target.read_bytes()
    capsys.readouterr()
    assert run([*command, "--output", str(output)]) == 2
    assert "Choose another --output" in capsys.readouterr().err
    assert target.read_bytes() == before


def test_catalogue_build_keeps_its_files(tmp_path: Path, link: Link, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "works.jsonl").write_text(RECORD)
    (folder / "empty.jsonl").touch()
    link(folder / "empty.jsonl", tmp_path / "out")
    assert_refused(["catalogue", "build", str(folder)], folder / "empty.jsonl", tmp_path / "out", capsys)


def test_match_keeps_strings_and_catalogues(
    catalogue: Path, tmp_path: Path, link: Link, capsys: pytest.CaptureFixture[str]
) -> None:
    strings = tmp_path / "strings.jsonl"
    strings.write_text(json.dumps({"id": 1, "raw": "A work of its own"}) + "\n")
    for number, target in enumerate((strings, catalogue)):
        link(target, tmp_path / f"out{number}")
        command = ["match", "--catalogue", str(catalogue), "--input", str(strings)]
        assert_refused(command, target, tmp_path / f"out{number}", capsys)


def test_extract_references_keeps_its_documents(tmp_path: Path, link: Link, capsys: pytest.CaptureFixture[str]) -> None:
    printed_pdf(tmp_path / "a.pdf")
    link(tmp_path / "a.pdf", tmp_path / "out")
    for more in ([], ["--explain"]):
        command = ["extract-references", str(tmp_path / "a.pdf"), *more]
        assert_refused(command, tmp_path / "a.pdf", tmp_path / "out", capsys)


def test_extract_references_keeps_its_settings(tmp_path: Path, link: Link, capsys: pytest.CaptureFixture[str]) -> None:
    printed_pdf(tmp_path / "a.pdf")
    config = tmp_path / "mine.toml"
    config.write_text("[pipeline]\nqueue_size = 50\n")
    link(config, tmp_path / "out")
    command = ["extract-references", str(tmp_path / "a.pdf"), "--config", str(config)]
    assert_refused(command, config, tmp_path / "out", capsys)


def test_export_bibtex_keeps_the_library(tmp_path: Path, link: Link, capsys: pytest.CaptureFixture[str]) -> None:
    database = tmp_path / "library" / "literature.db"
    database.parent.mkdir()
    Database.open(database).close()
    link(database, tmp_path / "out")
    command = ["export-bibtex", "--library", str(tmp_path / "library")]
    assert_refused(command, database, tmp_path / "out", capsys)
    with closing(Database.open(database)):
        wal = database.with_name("literature.db-wal")
        if wal.exists():
            assert_refused(command, wal, wal, capsys)


def test_no_library_is_written_over_by_a_command_that_does_not_know_it(
    tmp_path: Path, catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = tmp_path / "library" / "literature.db"
    database.parent.mkdir()
    Database.open(database).close()
    printed_pdf(tmp_path / "a.pdf")
    (tmp_path / "strings.jsonl").write_text('{"id": 1, "raw": "A work of its own"}\n')
    match = ["match", "--catalogue", str(catalogue), "--input", str(tmp_path / "strings.jsonl")]
    for command in (["extract-references", str(tmp_path / "a.pdf")], match):
        assert_refused(command, database, database, capsys)


def test_an_older_output_and_what_is_no_file_are_no_inputs(tmp_path: Path) -> None:
    printed_pdf(tmp_path / "a.pdf")
    for output in (tmp_path / "refs.jsonl", tmp_path / "refs.jsonl", Path("/dev/null")):
        assert run(["extract-references", str(tmp_path / "a.pdf"), "--output", str(output)]) == 0
    assert (tmp_path / "refs.jsonl").read_text().count("\n") == 3


def test_pages_are_never_written_over_a_source_of_another_name(tmp_path: Path) -> None:
    (tmp_path / "pdfs").mkdir()
    printed_pdf(tmp_path / "pdfs" / "a.pdf")
    shutil.copy(tmp_path / "pdfs" / "a.pdf", tmp_path / "pdfs" / "a-bibliography.pdf")
    before = (tmp_path / "pdfs" / "a-bibliography.pdf").read_bytes()
    (tmp_path / "link").symlink_to(tmp_path / "pdfs")
    command = ["extract-bib-pages", str(tmp_path / "pdfs"), "--output-dir", str(tmp_path / "link"), "--force"]
    assert run(command) == 0
    assert (tmp_path / "pdfs" / "a-bibliography.pdf").read_bytes() == before


def test_lines_in_a_pipe_have_no_blanks_at_their_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init-db", "--library", str(tmp_path)]) == 0
    assert run(["status", "--library", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 4 and not [line for line in lines if line != line.rstrip()]
