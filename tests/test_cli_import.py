"""Works of other programs on the command line, from files and from standard input."""

from __future__ import annotations

import json
import shlex
import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from dl_lit.cli.import_works import command
from dl_lit.cli.main import run

pytestmark = pytest.mark.usefixtures("away_from_home")


def dois() -> set[str]:
    with closing(sqlite3.connect("library/literature.db")) as database:
        return {row[0] for row in database.execute("SELECT doi FROM no_metadata")}


def test_a_list_of_dois_on_standard_input_is_kept_as_a_file_that_runs_can_be_given(
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = BytesIO(b"10.1000/a\nhello\n10.1000/b\n")
    result = CliRunner().invoke(command, ["-"], input=given, catch_exceptions=False)
    assert result.exit_code == 0
    assert "line 2: 'hello' is no identifier" in result.output and "2 works came into the library" in result.output
    (kept,) = Path("library/imports").iterdir()
    assert kept.suffix == ".txt" and str(kept) in result.output
    assert dois() == {"10.1000/a", "10.1000/b"}
    assert run(["process-folder-concurrent", str(kept), "--dry-run"]) == 0


def test_several_files_of_several_formats_come_in_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.ris").write_text("TY  - JOUR\nTI  - A\nDO  - 10.1000/a\nER  - \n")
    Path("b.json").write_text('[{"id": "x", "title": "B", "DOI": "10.1000/b"}]')
    Path("c.bib").write_text("@article{c, title = {C}, doi = {10.1000/c}}")
    assert run(["add-to-no-metadata", "a.ris", "b.json", "c.bib"]) == 0
    assert dois() == {"10.1000/a", "10.1000/b", "10.1000/c"}


def test_the_next_command_names_all_files_and_the_library_as_a_shell_takes_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("My works.bib").write_text("@article{c, title = {C}, doi = {10.1000/c}}")
    Path("b.json").write_text('[{"id": "x", "title": "B", "DOI": "10.1000/b"}]')
    assert run(["import", "My works.bib", "b.json", "--library", "my library"]) == 0
    told = capsys.readouterr()
    [_, command] = next(line for line in told.err.splitlines() if line.startswith("To find")).split(": dl-lit ")
    library = str(Path("my library").absolute())
    assert shlex.split(command) == ["process-folder-concurrent", "My works.bib", "b.json", "--library", library]
    assert told.out == "No PDFs are named there.\n"
    assert run([*shlex.split(command), "--dry-run"]) == 0


@pytest.mark.parametrize("given", [b"", b" \n", b"[1", b"hello"])
def test_standard_input_that_is_nothing_changes_nothing(given: bytes) -> None:
    result = CliRunner().invoke(command, ["-"], input=BytesIO(given))
    assert result.exit_code == 1 and "Nothing was changed" in str(result.exception)
    assert not Path("library").exists()


def test_of_many_lines_that_cannot_be_read_the_first_are_told_and_the_rest_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("x.txt").write_text("10.1000/a\n" + "hello\n" * 130)
    assert run(["import", "x.txt"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert sum("is no identifier" in line for line in told) == 100
    assert "x.txt: 30 more that cannot be read" in told
    assert "x.txt: 1 work came into the library, 0 were there already." in told


def test_json_tells_of_each_file_how_many_works_came_in_and_what_could_not_be_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("a.txt").write_text("10.1000/a\nhello\n")
    Path("b.txt").write_text("10.1000/a\n10.1000/b\n")
    assert run(["import", "a.txt", "b.txt", "--format", "json"]) == 0
    first, second = json.loads(capsys.readouterr().out)["imported"]
    assert (first["path"], first["new"], first["known"]) == ("a.txt", 1, 0)
    assert first["problems"] == ["line 2: 'hello' is no identifier that is known here"]
    assert second["new"] + second["known"] == 2 and second["problems"] == []
