"""`review --files` as a person types it: suspect files are shown, kept or refused; shared copies are shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dl_lit.cli import review as review_command
from dl_lit.cli.main import program
from dl_lit.model import Attempt, Download, DownloadReason
from download_world import pdf
from library import A_FILE, SmallLibrary, work

NAME = "smith2001-on-testing-1-abc-wrong_work.pdf"


@pytest.fixture
def library(tmp_path: Path, away_from_home: None) -> Iterator[SmallLibrary]:
    """In `./library`, with a work that has no copy but a suspect file."""
    (tmp_path / "library" / "quarantine").mkdir(parents=True)
    (tmp_path / "library" / "quarantine" / NAME).write_bytes(pdf())
    made = SmallLibrary(tmp_path / "library" / "literature.db")
    made.accept(work(doi="10.1000/a"))
    made.queue()
    suspect = Attempt(
        *("unpaywall", "http://host.test/a", "http://host.test/a.pdf", "host.test", DownloadReason.WRONG_WORK),
        detail="its first pages do not show the work",
        quarantined_as=NAME,
    )
    made.download(Download(reason=DownloadReason.WRONG_WORK, attempts=(suspect,)))
    yield made
    made.close()


def typed(*arguments: str, answers: str = "", terminal: bool = True) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(review_command, "is_terminal", lambda: terminal)
        return CliRunner().invoke(program, ["review", *arguments], input=answers)


def test_suspect_files_are_listed_with_their_reason(library: SmallLibrary, tmp_path: Path) -> None:
    told = typed("--files", "--list").output
    for part in ("File 1, for reference 1: On Testing", "wrong_work: its first pages do not show the work", NAME):
        assert part in told
    [one] = json.loads(typed("--files", "--list", "--format", "json").output)["suspect"]
    assert (one["id"], one["reason"], one["title"]) == (1, "wrong_work", "On Testing")
    assert Path(one["path"]).is_file()


def test_a_suspect_file_that_is_kept_becomes_the_copy(library: SmallLibrary, tmp_path: Path) -> None:
    result = typed("--keep-file", "1")
    assert result.exit_code == 0, result.output
    assert library.ids("downloaded_references") == [1]
    [(name, identity, source, pages)] = library.rows(
        "SELECT file_name, file_identity, file_source, file_pages FROM downloaded_references"
    )
    assert (identity, source, pages) == ("person", "unpaywall", 3)
    assert (tmp_path / "library" / "pdfs" / name).read_bytes() == pdf()
    assert not (tmp_path / "library" / "quarantine" / NAME).exists()
    assert "No file needs a look." in typed("--files", "--list").output
    assert ("kept_by_person",) in library.rows("SELECT reason FROM state_log")


def test_a_suspect_file_that_is_refused_moves_aside(library: SmallLibrary, tmp_path: Path) -> None:
    assert typed("--refuse-file", "1").exit_code == 0
    assert (tmp_path / "library" / "aside" / NAME).read_bytes() == pdf()
    assert library.ids("failed_downloads") == [1]
    assert "No file needs a look." in typed("--files", "--list").output


def test_a_file_that_does_not_open_cannot_be_kept(library: SmallLibrary, tmp_path: Path) -> None:
    (tmp_path / "library" / "quarantine" / NAME).write_bytes(b"%PDF-1.7 half %%EOF")
    result = typed("--keep-file", "1")
    assert result.exit_code != 0
    assert library.ids("failed_downloads") == [1]


def test_questions_decide_about_one_file_after_the_other(library: SmallLibrary) -> None:
    assert typed("--files", answers="what\nk\n").exit_code == 0
    assert library.ids("downloaded_references") == [1]


def test_skipping_and_leaving_change_nothing(library: SmallLibrary) -> None:
    assert "the last one" in typed("--files", answers="s\n").output
    assert typed("--files", answers="q\n").exit_code == 0
    assert library.ids("failed_downloads") == [1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--keep-file", "7"),
        ("--refuse-file", "7"),
        ("--keep-file", "1", "--refuse-file", "1"),
        ("--keep-file", "1", "--list"),
        ("--files", "--accepted"),
        ("--files", "--format", "json"),
    ],
)
def test_what_makes_no_sense_is_refused(library: SmallLibrary, arguments: tuple[str, ...]) -> None:
    assert typed(*arguments).exit_code != 0
    assert library.ids("failed_downloads") == [1]


def test_without_a_terminal_nothing_is_asked(library: SmallLibrary) -> None:
    assert typed("--files", terminal=False).exit_code != 0


def test_a_file_that_was_taken_away_is_named(library: SmallLibrary, tmp_path: Path) -> None:
    (tmp_path / "library" / "quarantine" / NAME).unlink()
    assert "not there any more" in str(typed("--keep-file", "1").exception or typed("--keep-file", "1").output)


def test_one_file_that_is_the_copy_of_two_works_is_shown(library: SmallLibrary) -> None:
    library.accept(work("Another", doi="10.1000/b"), work("A third", doi="10.1000/c"))
    library.queue()
    library.download(Download(file=replace(A_FILE, file_name="w2.pdf")))
    told = typed("--files", "--list").output
    assert "The same file is the copy of several works" in told
    assert "reference 3: A third" in told
