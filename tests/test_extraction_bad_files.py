"""Each way of being no readable PDF has its own reason, and says what can be done."""

from __future__ import annotations

import os
import resource
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from dl_lit.extraction.limits import FileLimits
from dl_lit.extraction.worker import extract
from dl_lit.model import Extraction, PdfReason
from pdf_pages import AUTHOR_YEAR, BODY, Sheet, article, hanging, open_pdf

pixmap: Any = pymupdf.Pixmap
AES: int = pymupdf.mupdf.PDF_ENCRYPT_AES_256


def read(path: Path, limits: FileLimits | None = None) -> Extraction:
    return extract(str(path), limits or FileLimits())


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def whole_paper(folder: Path) -> Path:
    return hanging(article(paragraphs=30), AUTHOR_YEAR).save(folder / "whole.pdf")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE html><html><body>Please log in to read this paper.</body></html>", "web page"),
        (b"\n<html><p>Not found</p></html>", "web page"),
        (b"PK\x03\x04 word/document.xml", "Office"),
        (b"%!PS-Adobe-3.0", "PostScript"),
        (b"Only some words.", "plain text; name it .md"),
        ("Wörter in Latin-1.".encode("latin-1"), "plain text"),
        (b"{\\rtf1 Words}", "RTF; save it as PDF or docx"),
        (b"\x89PNG\r\n\x1a\n\x00", "a picture; make a PDF of it"),
        (b"\x00\x01\x02\x03", "something unknown; save it as"),
    ],
)
def test_what_is_no_pdf_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    extraction = read(written(tmp_path / "paper.pdf", content))
    assert extraction.reason is PdfReason.NOT_A_PDF
    assert extraction.detail is not None and words in extraction.detail


def test_a_web_page_that_mentions_the_mark_of_a_pdf_is_still_none(tmp_path: Path) -> None:
    path = written(tmp_path / "paper.pdf", b"<html><!-- %PDF-1.4 --><body>Log in</body></html>")
    assert read(path).reason in (PdfReason.NOT_A_PDF, PdfReason.TRUNCATED)


def test_an_empty_file(tmp_path: Path) -> None:
    assert read(written(tmp_path / "paper.pdf", b"")).reason is PdfReason.EMPTY_FILE


def test_a_missing_file_and_a_folder_are_unreadable(tmp_path: Path) -> None:
    assert read(tmp_path / "nowhere.pdf").reason is PdfReason.UNREADABLE
    extraction = read(tmp_path)
    assert extraction.reason is PdfReason.UNREADABLE
    assert extraction.detail is not None and "directory" in extraction.detail.lower()


def test_a_file_over_the_limit_is_not_opened(tmp_path: Path) -> None:
    extraction = read(whole_paper(tmp_path), FileLimits(max_bytes=100))
    assert extraction.reason is PdfReason.TOO_LARGE
    assert extraction.detail is not None and "max_file_mb" in extraction.detail


def test_a_file_cut_off_early_is_truncated(tmp_path: Path) -> None:
    content = whole_paper(tmp_path).read_bytes()
    extraction = read(written(tmp_path / "cut.pdf", content[:700]))
    assert extraction.reason is PdfReason.TRUNCATED
    assert extraction.references == ()


def test_a_file_whose_pages_are_lost_is_truncated(tmp_path: Path) -> None:
    sheet = Sheet()
    for _ in range(30):
        sheet.paragraph(BODY, after=6)
    content = sheet.save(tmp_path / "long.pdf", garbage=3, deflate=True).read_bytes()
    assert read(written(tmp_path / "cut.pdf", content[: len(content) // 4])).reason is PdfReason.TRUNCATED


def test_a_file_cut_off_behind_its_text_says_that_its_list_may_be_lost(tmp_path: Path) -> None:
    sheet = Sheet()
    for _ in range(60):
        sheet.paragraph(BODY, after=6)
    content = hanging(sheet.heading("References"), AUTHOR_YEAR).save(tmp_path / "long.pdf").read_bytes()
    extraction = read(written(tmp_path / "cut.pdf", content[: content.rindex(b"xref") - 4000]))
    assert extraction.reason is PdfReason.TRUNCATED or extraction.references
    assert extraction.detail is not None and "its end is missing" in extraction.detail


def test_a_broken_structure_in_a_whole_file_is_damage(tmp_path: Path) -> None:
    extraction = read(written(tmp_path / "paper.pdf", b"%PDF-1.7\nnothing of use\n%%EOF"))
    assert extraction.reason in (PdfReason.DAMAGED, PdfReason.NO_PAGES)


def test_a_file_locked_by_a_password(tmp_path: Path) -> None:
    path = hanging(article(), AUTHOR_YEAR).save(
        tmp_path / "locked.pdf", encryption=AES, user_pw="secret", owner_pw="owner"
    )
    assert read(path).reason is PdfReason.ENCRYPTED


def test_a_file_that_only_forbids_printing_is_read(tmp_path: Path) -> None:
    path = hanging(article(), AUTHOR_YEAR).save(
        tmp_path / "guarded.pdf", encryption=AES, owner_pw="owner", permissions=0
    )
    assert len(read(path).references) == len(AUTHOR_YEAR)


def test_a_file_without_pages(tmp_path: Path) -> None:
    content = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000053 00000 n \n"
        b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n102\n%%EOF\n"
    )
    assert read(written(tmp_path / "none.pdf", content)).reason is PdfReason.NO_PAGES


def scan(pages: int, *, cover: bool) -> Any:
    document = open_pdf()
    if cover:
        page = document.new_page()
        page.insert_textbox((50, 50, 500, 700), BODY)
    picture = pixmap(pymupdf.csGRAY, (0, 0, 40, 60))
    picture.clear_with(200)
    for _ in range(pages):
        page = document.new_page()
        page.insert_image(page.rect, pixmap=picture)
    return document


@pytest.mark.parametrize("cover", [False, True])
def test_a_scan_without_text_asks_for_ocr_even_behind_a_cover_sheet(tmp_path: Path, cover: bool) -> None:
    with scan(6, cover=cover) as document:
        document.save(tmp_path / "scan.pdf")
    extraction = read(tmp_path / "scan.pdf")
    assert extraction.reason is PdfReason.NO_TEXT
    assert extraction.detail is not None and "OCR" in extraction.detail
    assert extraction.pages == 6 + cover


def test_blank_pages_hold_no_text(tmp_path: Path) -> None:
    extraction = read(Sheet().page().save(tmp_path / "blank.pdf"))
    assert extraction.reason is PdfReason.NO_TEXT
    assert extraction.detail == "its pages hold no text"


def test_a_page_that_breaks_costs_itself_only(tmp_path: Path) -> None:
    path = hanging(article(paragraphs=30), AUTHOR_YEAR).save(tmp_path / "paper.pdf")
    with open_pdf(path) as document:
        document.xref_set_key(document[0].xref, "Contents", "(no stream at all)")
        document.saveIncr()
    assert len(read(path).references) == len(AUTHOR_YEAR)


def write_huge(folder: Path, *, pages: int, list_at: int) -> None:
    filler = open_pdf()
    filler.new_page().insert_text((50, 50), BODY[:80])
    while len(filler) < pages:
        with open_pdf("pdf", filler.tobytes()) as twin:
            filler.insert_pdf(twin, to_page=pages - len(filler) - 1)
    with open_pdf(hanging(article(), AUTHOR_YEAR).save(folder / "paper.pdf")) as paper:
        filler.delete_pages(range(list_at, list_at + len(paper)))
        filler.insert_pdf(paper, start_at=list_at)
    filler.save(folder / "huge.pdf")
    filler.close()


def test_a_file_of_three_thousand_pages_is_read_within_bounds(tmp_path: Path) -> None:
    write_huge(tmp_path, pages=3000, list_at=1500)
    assert (
        extract(str(tmp_path / "huge.pdf"), FileLimits(seconds=0.01)).reason is PdfReason.NO_REFERENCES
    )  # no time to look
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    extraction = read(tmp_path / "huge.pdf")
    assert len(extraction.references) == len(AUTHOR_YEAR)
    assert extraction.pages == 3000
    assert {reference.page for reference in extraction.references} <= {1501, 1502}
    assert extraction.seconds < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def unspaced(path: Path) -> Path:
    sheet = Sheet()
    for _ in range(60):
        sheet.line(BODY[:90].replace(" ", ""))
    return sheet.save(path)


def test_text_that_no_backend_reads_well_is_kept_as_it_is(tmp_path: Path) -> None:
    extraction = read(unspaced(tmp_path / "paper.pdf"))
    assert extraction.backend == "pymupdf"
    assert extraction.quality is not None and extraction.quality < 0.5


def test_a_file_that_breaks_the_second_backend_is_left_to_the_first(tmp_path: Path) -> None:
    content = unspaced(tmp_path / "paper.pdf").read_bytes()
    content = content[: content.rindex(b"xref")].replace(b"/Root", b"/Rxxt") + b"%%EOF"
    extraction = read(written(tmp_path / "damaged.pdf", content))
    assert extraction.backend == "pymupdf"
    assert extraction.reason is PdfReason.NO_REFERENCES


def test_a_list_at_the_head_of_a_broken_file_is_read_and_the_loss_is_told(tmp_path: Path) -> None:
    content = hanging(article(), AUTHOR_YEAR).save(tmp_path / "paper.pdf").read_bytes()
    extraction = read(written(tmp_path / "cut.pdf", content[: content.rindex(b"xref")]))
    assert len(extraction.references) == len(AUTHOR_YEAR)
    assert extraction.reason is None
    assert extraction.detail is not None and "its end is missing" in extraction.detail


def test_a_good_file_whose_name_is_no_utf8_is_read_like_any_other(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9 \xff.pdf"))
    whole_paper(tmp_path).rename(path)
    extraction = read(path)
    assert extraction.reason is None
    assert len(extraction.references) == len(AUTHOR_YEAR)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "paper.pdf"
    os.mkfifo(pipe)
    assert read(pipe).reason is PdfReason.UNREADABLE
