"""What each line was taken for and why: as data, as a picture, and on the screen."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from dl_lit.cli.main import run
from dl_lit.config import ExtractionSettings
from dl_lit.extraction.explaining import Question, explain
from dl_lit.extraction.explaining_pool import ExplainingPool
from dl_lit.extraction.limits import FileLimits
from dl_lit.model import Explanation, LineRole, PdfReason
from pdf_pages import AUTHOR_YEAR, BODY, Sheet, hanging


@pytest.fixture(autouse=True)
def away_from_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.toml").touch()
    monkeypatch.setenv("DL_LIT_CONFIG", str(tmp_path / "empty.toml"))
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """Text with a running head, then a list with a heading, then an appendix."""
    sheet = Sheet(head="Studies of the week")
    for _ in range(6):
        sheet.paragraph(BODY, after=6)
    sheet.page()
    sheet.paragraph(BODY, after=6).heading("References")
    hanging(sheet, AUTHOR_YEAR)
    sheet.heading("Appendix").paragraph(BODY)
    return sheet.save(tmp_path / "paper.pdf")


def told(path: Path, *pages: int, with_pictures: bool = False) -> Explanation:
    return explain(Question(str(path), pages, with_pictures), FileLimits())


def roles(explanation: Explanation) -> dict[str, tuple[LineRole, str, int | None]]:
    return {line.text: (line.role, line.why, line.number) for line in explanation.lines}


def test_only_pages_with_references_are_told_of_unless_others_are_asked_for(paper: Path) -> None:
    assert {line.page for line in told(paper).lines} == {2}
    assert {line.page for line in told(paper, 1).lines} == {1}


def test_each_line_says_what_it_was_taken_for_and_why(paper: Path) -> None:
    found = roles(told(paper))
    assert found["References"] == (LineRole.HEADING, "heads a list", None)
    assert found["Studies of the week 113"][:2] == (LineRole.FURNITURE, "running head or foot")
    first = next(text for text in found if text.startswith("Adler, M."))
    assert found[first] == (LineRole.REFERENCE, "begins by hanging indent", 1)
    assert found["Appendix"] == (LineRole.TEXT, "the list above ends here: another size of type", None)
    numbers = [number for role, _, number in found.values() if role is LineRole.REFERENCE]
    assert numbers == list(range(1, len(AUTHOR_YEAR) + 1))
    assert {why for role, why, _ in found.values() if role is LineRole.CONTINUED} == {"goes on"}


def test_labels_are_given_as_the_reason(tmp_path: Path) -> None:
    sheet = Sheet().heading("References")
    hanging(sheet, [f"[{number}] {entry}" for number, entry in enumerate(AUTHOR_YEAR, 1)])
    found = roles(told(sheet.save(tmp_path / "numbered.pdf")))
    assert "begins by label 3" in {why for _, why, _ in found.values()}


def test_a_document_without_references_shows_its_last_page(tmp_path: Path) -> None:
    sheet = Sheet().paragraph(BODY).page().at(60, 400, "One sentence of another kind.")
    explanation = told(sheet.save(tmp_path / "text.pdf"))
    assert {line.page for line in explanation.lines} == {2}
    assert {(line.role, line.why) for line in explanation.lines} == {(LineRole.TEXT, "no list was found")}


def test_lines_of_notes_that_cite_are_told_of(tmp_path: Path) -> None:
    sheet = Sheet()
    for _ in range(4):
        sheet.paragraph(BODY, after=6)
    notes = (
        "1 Anna Dietrich, Die Zeit der Haushalte, Opladen 1987, S. 12.",
        "2 Karl Bellmann, Arbeit und Alltag, 2003.",
    )
    for number, note in enumerate(notes):
        sheet.at(60, 760 + 12 * number, note, size=7)
    found = roles(told(sheet.save(tmp_path / "notes.pdf")))
    assert {why for role, why, _ in found.values() if role is LineRole.NOTE} == {
        "note 1: a work with its title",
        "note 2: a work with its title",
    }


def test_a_picture_has_a_box_around_each_line(paper: Path) -> None:
    ((number, png),) = told(paper, with_pictures=True).pictures
    assert number == 2
    picture = pymupdf.Pixmap(png)
    plain = pymupdf.open(paper)[1].get_pixmap(dpi=110, alpha=False)
    assert (picture.width, picture.height) == (plain.width, plain.height)
    assert len(set(picture.samples)) > len(set(plain.samples))  # colours that the page does not have


def test_a_file_that_cannot_be_read_gives_its_reason(tmp_path: Path) -> None:
    (tmp_path / "no.pdf").write_bytes(b"<html>no</html>")
    assert told(tmp_path / "no.pdf").reason is not None
    (tmp_path / "empty.pdf").touch()
    assert told(tmp_path / "empty.pdf").reason is PdfReason.EMPTY_FILE


def test_a_crash_costs_one_file_and_leaves_a_reason(paper: Path) -> None:
    with ExplainingPool(ExtractionSettings(), task="child_tasks:explain") as pool:
        assert pool.explain(Question(str(paper.with_name("segfault")))).reason is PdfReason.CRASHED


def test_the_command_tells_and_draws(paper: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["extract-references", str(paper), "--explain"]) == 0
    shown = capsys.readouterr().out
    assert "page 2" in shown and "begins by hanging indent" in shown and "(pymupdf" in shown
    assert run(["extract-references", str(paper), "--page", "1", "--pictures", "pictures"]) == 0
    assert str(Path("pictures/paper-page-1.png")) in capsys.readouterr().err
    assert (tmp_path / "pictures" / "paper-page-1.png").read_bytes().startswith(b"\x89PNG")


def test_the_command_names_files_that_it_cannot_explain(
    paper: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.pdf").touch()
    assert run(["extract-references", str(tmp_path / "empty.pdf"), str(paper), "--explain"]) == 0
    assert "empty.pdf: empty_file" in capsys.readouterr().err
    assert run(["extract-references", str(tmp_path / "empty.pdf"), "--explain"]) == 1


def test_a_folder_that_cannot_be_written_is_said_with_the_cure(
    paper: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").touch()
    assert run(["extract-references", str(paper), "--pictures", str(tmp_path / "taken")]) == 2
    assert "Choose another --pictures" in capsys.readouterr().err
