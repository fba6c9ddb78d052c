"""What each line was taken for and why: as data, as a picture, and on the screen."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pymupdf
import pytest

from dl_lit.cli.main import run
from dl_lit.config import ExtractionSettings
from dl_lit.extraction.explaining import Question, explain
from dl_lit.extraction.explaining_pool import ExplainingPool
from dl_lit.extraction.limits import FileLimits
from dl_lit.model import PdfReason
from dl_lit.page_views import Explanation, LineRole
from pdf_pages import AUTHOR_YEAR, BODY, Sheet, article, hanging, scanned


@pytest.fixture(autouse=True)
def wide_screen(away_from_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_pictures_of_files_with_one_name_are_all_kept(paper: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    twin = shutil.copy(paper, tmp_path / "other" / paper.name)
    assert run(["extract-references", str(paper), str(twin), "--page", "1", "--pictures", "pictures"]) == 0
    drawn = sorted(picture.name for picture in (tmp_path / "pictures").iterdir())
    assert drawn == ["paper-2-page-1.png", "paper-page-1.png"]


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


def test_the_telling_can_be_written_to_a_file(paper: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["extract-references", str(paper), "--explain", "--output", "told.txt"]) == 0
    assert capsys.readouterr().out == ""
    assert "begins by hanging indent" in (tmp_path / "told.txt").read_text("utf-8")


def test_each_printed_line_is_one_line_in_a_pipe(
    paper: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert run(["extract-references", str(paper), "--explain"]) == 0
    shown = capsys.readouterr().out.splitlines()
    (first,) = (line for line in shown if "Adler, M. and Brandt, S. (1999): Time at work and time at home." in line)
    assert first.split()[:2] == ["1", "reference"]


def test_on_a_terminal_it_is_a_table(
    paper: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda stream: True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert run(["extract-references", str(paper), "--explain"]) == 0
    shown = capsys.readouterr().out
    assert "page 2" in shown and "begins by hanging indent" in shown


def test_pages_that_cannot_be_shown_are_named(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["extract-references", str(paper), "--page", "99"]) == 1
    shown = capsys.readouterr()
    assert "paper.pdf: it has no page 99; the last one is 2." in shown.err
    assert run(["extract-references", str(paper), "--page", "99", "--page", "2"]) == 0
    shown = capsys.readouterr()
    assert "no page 99" in shown.err and "page 2" in shown.out


def test_a_page_without_text_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = Sheet().paragraph(BODY).page().page().paragraph(BODY)
    assert run(["extract-references", str(sheet.save(tmp_path / "a.pdf")), "--page", "2"]) == 1
    assert "page 2 holds no text" in capsys.readouterr().err


def test_a_page_that_was_left_out_of_a_long_file_is_told_so(tmp_path: Path) -> None:
    sheet = Sheet()
    for _ in range(160):
        sheet.paragraph(BODY).page()
    hanging(sheet.heading("References"), AUTHOR_YEAR)
    assert "page 80 was not read" in " ".join(told(sheet.save(tmp_path / "long.pdf"), 80).remarks)


@pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")
def test_a_document_without_pages_has_no_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = "\n\n".join(AUTHOR_YEAR)
    (tmp_path / "a.md").write_text(f"# Hours\n\n{BODY}\n\n## References\n\n{entries}\n", "utf-8")
    assert run(["extract-references", "a.md", "--pictures", "pictures"]) == 0
    assert "only the pages of PDFs are drawn" in capsys.readouterr().err
    assert not (tmp_path / "pictures").exists()


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_scan_is_recognised_to_be_explained(paper: Path) -> None:
    with ExplainingPool(ExtractionSettings.model_validate({"ocr_languages": ["eng"]})) as pool:
        explanation = pool.explain(Question(str(scanned(paper))))
    assert explanation.backend_note is not None and "tesseract" in explanation.backend_note
    assert {"heads a list", "goes on"} <= {line.why for line in explanation.lines}


def test_a_scan_that_nothing_reads_says_what_would_help(paper: Path) -> None:
    with ExplainingPool(ExtractionSettings(ocr=False)) as pool:
        explanation = pool.explain(Question(str(scanned(paper))))
    assert explanation.reason is PdfReason.NO_TEXT
    assert explanation.detail is not None and "extraction.ocr" in explanation.detail


def test_a_heading_inside_a_list_is_told(tmp_path: Path) -> None:
    sheet = hanging(article(heading="Bibliography").heading("1. Diaries of households"), AUTHOR_YEAR[:5])
    path = hanging(sheet.heading("2. What others made of them"), AUTHOR_YEAR[5:]).save(tmp_path / "paper.pdf")
    lines = explain(Question(str(path)), FileLimits()).lines
    heads = [line.text for line in lines if line.why == "heads a part of the list"]
    assert heads == ["1. Diaries of households", "2. What others made of them"]
