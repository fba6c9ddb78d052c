"""The pages of the bibliography as a PDF of their own, and the command that writes it."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from dl_lit.cli.main import run
from dl_lit.config import ExtractionSettings
from dl_lit.errors import UnreadableDocument
from dl_lit.extraction.bibliography_pages import copied, extract
from dl_lit.extraction.bibliography_pool import BibliographyPool
from dl_lit.extraction.limits import FileLimits
from dl_lit.model import PdfReason
from dl_lit.page_views import BibliographyPages
from pdf_pages import AUTHOR_YEAR, BODY, Sheet, article, hanging, scanned
from stand_in_programs import HANGS, put_first

open_pdf: Any = pymupdf.open  # PyMuPDF has no annotations


pytestmark = pytest.mark.usefixtures("away_from_home")


def text_of(pdf: bytes | Path) -> list[str]:
    with open_pdf(stream=pdf, filetype="pdf") if isinstance(pdf, bytes) else open_pdf(pdf) as document:
        return [page.get_text() for page in document]


def pages_of(path: Path, most: int | None = None) -> BibliographyPages:
    return extract((str(path), most), FileLimits())


def prose(sheet: Sheet, paragraphs: int = 8) -> Sheet:
    for _ in range(paragraphs):
        sheet.paragraph(BODY, after=6)
    return sheet


def paper(path: Path, entries: Sequence[str] = AUTHOR_YEAR) -> Path:
    """Two pages of text, then a page with the list."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet = prose(prose(Sheet()).page()).page().heading("References")
    return hanging(sheet, entries).save(path)


def test_the_pages_from_the_heading_to_the_end_of_the_list_are_copied(tmp_path: Path) -> None:
    found = pages_of(paper(tmp_path / "a.pdf"))
    assert found.numbers == (3,)
    assert found.pdf is not None
    (text,) = text_of(found.pdf)
    assert "References" in text and "Maier-Schmidt" in text


def test_a_list_that_begins_within_a_page_of_text_has_that_page_too(tmp_path: Path) -> None:
    path = hanging(article(), AUTHOR_YEAR * 4).save(tmp_path / "a.pdf")
    assert pages_of(path).numbers == (1, 2)


def test_a_heading_at_the_foot_of_the_page_before_belongs_to_the_list(tmp_path: Path) -> None:
    sheet = prose(Sheet())
    sheet.y = 740
    sheet.at(60, sheet.y, "References", size=12, bold=True).page()
    found = pages_of(hanging(sheet, AUTHOR_YEAR).save(tmp_path / "a.pdf"))
    assert found.numbers == (1, 2)


def test_several_lists_are_several_ranges_in_one_file(tmp_path: Path) -> None:
    sheet = Sheet()
    for chapter in range(2):
        prose(sheet.heading(f"Chapter {chapter + 1}: How time goes by")).page().heading("References")
        hanging(sheet, AUTHOR_YEAR)
        if chapter == 0:
            sheet.page()
    found = pages_of(sheet.save(tmp_path / "a.pdf"))
    assert found.numbers == (2, 4)
    assert found.pdf is not None and len(text_of(found.pdf)) == 2


def test_no_more_pages_than_asked_for(tmp_path: Path) -> None:
    path = hanging(article(), AUTHOR_YEAR * 4).save(tmp_path / "a.pdf")
    found = pages_of(path, most=1)
    assert found.numbers == (1,)
    assert found.pdf is not None and len(text_of(found.pdf)) == 1


def test_a_file_without_a_list_has_a_reason(tmp_path: Path) -> None:
    assert pages_of(prose(Sheet()).save(tmp_path / "a.pdf")).reason is PdfReason.NO_REFERENCES
    assert pages_of(Sheet().save(tmp_path / "blank.pdf")).reason is PdfReason.NO_TEXT
    (tmp_path / "b.pdf").write_bytes(b"<html>")
    assert pages_of(tmp_path / "b.pdf").reason is PdfReason.NOT_A_PDF
    assert pages_of(tmp_path / "none.pdf").reason is PdfReason.UNREADABLE


def test_pages_that_cannot_be_copied_are_a_damage_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 and nothing more")
    with pytest.raises(UnreadableDocument) as refused:
        copied(tmp_path / "a.pdf", [1])
    assert refused.value.reason is PdfReason.DAMAGED


def test_what_a_child_cannot_do_is_a_reason_of_that_file(tmp_path: Path) -> None:
    settings = ExtractionSettings(time_limit_seconds=5)
    with BibliographyPool(settings, 1, task="child_tasks:answer_or_crash") as pool:
        assert pool.extract(tmp_path / "segfault").reason is PdfReason.CRASHED
        assert pool.extract(tmp_path / "fine").numbers == (7,)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_the_pages_of_a_scan_are_found_by_recognising_them(tmp_path: Path) -> None:
    path = scanned(paper(tmp_path / "a.pdf"))
    with BibliographyPool(ExtractionSettings.model_validate({"ocr_languages": ["eng"]}), 1) as pool:
        found = pool.extract(path)
    assert (found.reason, found.numbers) == (None, (3,))


def test_a_scan_that_cannot_be_recognised_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_first(tmp_path / "bin", monkeypatch, tesseract=HANGS)
    path = scanned(paper(tmp_path / "a.pdf"))
    with BibliographyPool(ExtractionSettings(ocr_time_limit_seconds=0.5), 1) as pool:
        found = pool.extract(path)
    assert found.reason is PdfReason.NO_TEXT
    assert found.detail is not None and "OCR failed" in found.detail


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_writes_a_file_for_each_pdf_and_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper(tmp_path / "pdfs" / "b c.pdf")
    paper(tmp_path / "pdfs" / "مقال.pdf")
    assert run(["extract-bib-pages", "pdfs", "--output-dir", "out/deep", "--jobs", "1"]) == 0
    out = tmp_path / "out" / "deep"
    assert capsys.readouterr().out.splitlines() == [
        str(out / "b c-bibliography.pdf"),
        str(out / "مقال-bibliography.pdf"),
    ]
    assert sorted(file.name for file in out.iterdir()) == ["b c-bibliography.pdf", "مقال-bibliography.pdf"]
    assert all(len(text_of(file)) == 1 for file in out.iterdir())


def test_nothing_is_overwritten_unless_forced(tmp_path: Path) -> None:
    path = paper(tmp_path / "a.pdf")
    for _ in range(3):
        assert run(["extract-bib-pages", str(path), "--jobs", "1"]) == 0
    names = ["a-bibliography-2.pdf", "a-bibliography-3.pdf", "a-bibliography.pdf"]
    assert sorted(file.name for file in tmp_path.glob("a-*")) == names
    (tmp_path / names[2]).write_bytes(b"an older one")
    assert run(["extract-bib-pages", str(path), "--force", "--jobs", "1"]) == 0
    assert sorted(file.name for file in tmp_path.glob("a-*")) == names
    assert len(text_of(tmp_path / names[2])) == 1


def test_even_forced_it_overwrites_neither_a_source_nor_its_own_work(tmp_path: Path) -> None:
    paper(tmp_path / "one" / "a.pdf")
    paper(tmp_path / "two" / "a.pdf")
    source = paper(tmp_path / "two" / "a-bibliography.pdf")
    before = source.read_bytes()
    for _ in range(2):
        assert run(["extract-bib-pages", "one/a.pdf", "two", "--output-dir", "two", "--force", "--jobs", "1"]) == 0
        (tmp_path / "two" / "a-bibliography-bibliography.pdf").unlink()
        assert source.read_bytes() == before
        written = sorted(file.name for file in (tmp_path / "two").iterdir())
        assert written == ["a-bibliography-2.pdf", "a-bibliography-3.pdf", "a-bibliography.pdf", "a.pdf"]
        for name in written[:2]:
            (tmp_path / "two" / name).unlink()


def test_files_without_a_list_are_named_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pdfs").mkdir()
    (tmp_path / "pdfs" / "a.pdf").write_bytes(b"<html>no pdf</html>")
    paper(tmp_path / "pdfs" / "b.pdf")
    assert run(["extract-bib-pages", "pdfs", "--output-dir", "out", "--jobs", "2"]) == 0
    captured = capsys.readouterr()
    assert "a.pdf: not_a_pdf" in captured.err
    assert len(captured.out.splitlines()) == 1
    assert run(["extract-bib-pages", "pdfs/a.pdf", "--output-dir", "out", "--jobs", "1"]) == 1
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["b-bibliography.pdf"]


def test_the_number_of_pages_can_be_limited(tmp_path: Path) -> None:
    path = hanging(article(), AUTHOR_YEAR * 4).save(tmp_path / "a.pdf")
    assert run(["extract-bib-pages", str(path), "--max-ref-pages", "1", "--jobs", "1"]) == 0
    assert len(text_of(tmp_path / "a-bibliography.pdf")) == 1


def test_a_very_long_name_is_cut_at_a_letter(tmp_path: Path) -> None:
    path = paper(tmp_path / f"{'ü' * 124}.pdf")
    assert run(["extract-bib-pages", str(path), "--jobs", "1"]) == 0
    assert (tmp_path / f"{'ü' * 100}-bibliography.pdf").is_file()


def test_a_folder_without_pdfs_and_a_path_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["extract-bib-pages", str(tmp_path)]) == 0
    assert "No PDFs" in capsys.readouterr().err
    assert run(["extract-bib-pages", "nowhere"]) == 2


def test_documents_that_are_no_pdfs_are_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "in"
    paper(folder / "a.pdf")
    (folder / "b.html").write_text("<html>one</html>")
    (folder / "c.md").write_text("two")
    assert run(["extract-bib-pages", "in", "--output-dir", "out", "--jobs", "1"]) == 0
    assert "2 other documents are left out" in capsys.readouterr().err
    assert run(["extract-bib-pages", "in/b.html", "--output-dir", "out", "--jobs", "1"]) == 1
    assert "it is html: only a PDF has pages to copy" in capsys.readouterr().err
    (folder / "a.pdf").unlink()
    (folder / "c.md").unlink()
    assert run(["extract-bib-pages", "in", "--output-dir", "out"]) == 0
    said = capsys.readouterr().err
    assert "1 other document is left out" in said and "No PDFs" in said


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = paper(tmp_path / "a.pdf")
    (tmp_path / "file").touch()
    assert run(["extract-bib-pages", str(path), "--output-dir", "file/x", "--jobs", "1"]) == 2
    assert "Choose another --output-dir" in capsys.readouterr().err


def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = paper(tmp_path / "a.pdf")
    monkeypatch.setattr(os, "fsync", full)
    assert run(["extract-bib-pages", str(path), "--output-dir", "out", "--jobs", "1"]) == 1
    assert "Free some" in capsys.readouterr().err
    assert list((tmp_path / "out").iterdir()) == []
