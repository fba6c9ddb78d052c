"""Which reader's text of a PDF is taken, and what each one tried came to."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dl_lit.config import ExtractionSettings
from dl_lit.extraction.executor import ParserPool
from dl_lit.extraction.limits import FileLimits, OcrLimits
from dl_lit.extraction.worker import extract
from dl_lit.model import PdfReason
from pdf_pages import AUTHOR_YEAR, BODY, Sheet, article, hanging, open_pdf, scanned
from stand_in_programs import HANGS, leave_none, put_first
from test_extraction_text import garble

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
CODES = range(32, 256)


def paper(folder: Path, *, paragraphs: int = 6) -> Path:
    return hanging(article(paragraphs=paragraphs), AUTHOR_YEAR).save(folder / "paper.pdf")


def numbered_glyphs(path: Path) -> Path:
    """Names of glyphs that MuPDF cannot tell apart, and a page that pdfminer cannot open; poppler minds neither."""
    with open_pdf(path) as document:
        for font in {font[0] for page in document for font in page.get_fonts()}:
            names = " ".join(f"/C{code:03d}" for code in CODES)
            document.xref_set_key(font, "Encoding", f"<</Type/Encoding/Differences[{CODES[0]} {names}]>>")
            document.xref_set_key(font, "FirstChar", str(CODES[0]))
            document.xref_set_key(font, "LastChar", str(CODES[-1]))
            document.xref_set_key(font, "Widths", f"[{'480 ' * len(CODES)}]")
        for page in document:
            document.xref_set_key(page.xref, "Rotate", "/Up")
        document.save(path.with_name("numbered.pdf"))
    return path.with_name("numbered.pdf")


def test_a_good_first_text_is_the_only_one_read(tmp_path: Path) -> None:
    extraction = extract(str(paper(tmp_path)), FileLimits())
    assert extraction.backend == "pymupdf"
    assert extraction.backend_note is not None
    name, score = extraction.backend_note.split()
    assert name == "pymupdf" and float(score) > 0.9


def test_the_note_tells_why_the_second_reader_won(tmp_path: Path) -> None:
    extraction = extract(str(garble(paper(tmp_path))), FileLimits())
    assert extraction.backend == "pdfplumber"
    assert extraction.backend_note is not None
    first, second = extraction.backend_note.split(", ")
    assert first.startswith("pymupdf 0.") and float(second.removeprefix("pdfplumber ")) > 0.9


@needs_poppler
def test_where_two_readers_fail_popplers_text_is_used(tmp_path: Path) -> None:
    extraction = extract(str(numbered_glyphs(paper(tmp_path))), FileLimits())
    assert extraction.backend == "pdftotext"
    assert [reference.year for reference in extraction.references[:3]] == [1999, 2003, 2001]
    assert len(extraction.references) == len(AUTHOR_YEAR)
    assert extraction.backend_note is not None
    assert "pymupdf 0.00, pdfplumber failed (TypeError: " in extraction.backend_note
    assert extraction.backend_note.rpartition(", ")[2] in ("pdftotext 1.00", "pdftotext 0.99")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (HANGS, "took longer than"),
        ("echo no such font >&2; exit 1", "code 1: no such font"),
        ("echo '<html'", "no XML"),
    ],
)
def test_a_bad_pdftotext_costs_its_own_text_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, words: str
) -> None:
    put_first(tmp_path / "bin", monkeypatch, pdftotext=script)
    extraction = extract(str(numbered_glyphs(paper(tmp_path))), FileLimits(seconds=4.0))
    assert extraction.backend == "pymupdf"
    assert extraction.backend_note is not None and words in extraction.backend_note
    assert extraction.seconds < 4


def test_without_other_programs_the_first_readers_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = numbered_glyphs(paper(tmp_path))
    leave_none(tmp_path / "bin", monkeypatch)
    extraction = extract(str(path), FileLimits(ocr=OcrLimits()))
    assert extraction.backend_note is not None and "pdftotext" not in extraction.backend_note
    assert not extraction.wants_ocr


# ── scans ────────────────────────────────────────────────────────────────────────────────────────────────


ENGLISH = tuple(entry for entry in AUTHOR_YEAR if entry.isascii())


def short_paper(folder: Path) -> Path:
    return hanging(article(paragraphs=2), ENGLISH).save(folder / "short.pdf")


def settings(**values: object) -> ExtractionSettings:
    return ExtractionSettings.model_validate({"ocr_languages": ["eng"], **values})


@needs_tesseract
@pytest.mark.parametrize("stamp", ["", "Downloaded from an archive by a library, 12 May 2020"])
def test_a_scan_is_recognised_and_its_list_read(tmp_path: Path, stamp: str) -> None:
    path = scanned(short_paper(tmp_path), stamp=stamp)
    with ParserPool(settings(), 1) as pool:
        extraction = pool.extract(path)
    assert extraction.reason is None and extraction.detail is None
    assert extraction.backend == "tesseract"
    assert extraction.backend_note is not None and extraction.backend_note.startswith("pymupdf ")
    assert "tesseract" in extraction.backend_note
    raws = [reference.raw for reference in extraction.references]
    assert len(raws) == len(ENGLISH)
    assert sum(raw == entry for raw, entry in zip(raws, ENGLISH, strict=True)) >= len(ENGLISH) - 2
    assert extraction.title == "How Households Report Their Time"


@needs_tesseract
@pytest.mark.parametrize("turned", [90, 270])
def test_a_scan_of_pages_on_their_side_is_read(turned: int, tmp_path: Path) -> None:
    path = scanned(short_paper(tmp_path), turned=turned)
    with ParserPool(settings(), 1) as pool:
        references = pool.extract(path).references
    assert len(references) == len(ENGLISH)
    assert references[0].raw == ENGLISH[0]


@needs_tesseract
def test_pages_are_recognised_from_the_end_until_the_list_is_whole(tmp_path: Path) -> None:
    sheet = Sheet()
    for _ in range(5):
        sheet.paragraph(BODY).page()
    path = scanned(hanging(sheet.heading("References"), ENGLISH).save(tmp_path / "paper.pdf"))
    with ParserPool(settings(), 1) as pool:
        extraction = pool.extract(path)
    assert len(extraction.references) == len(ENGLISH)
    assert extraction.pages == 6
    assert {reference.page for reference in extraction.references} == {6}
    assert extraction.backend_note is not None and "2 pages" in extraction.backend_note  # the last, and the first


@needs_tesseract
def test_a_scan_beyond_the_cap_is_told_so(tmp_path: Path) -> None:
    sheet = Sheet()
    for _ in range(3):
        sheet.paragraph(BODY).page()
    path = scanned(sheet.paragraph(BODY).save(tmp_path / "paper.pdf"))
    with ParserPool(settings(ocr_max_pages=1), 1) as pool:
        extraction = pool.extract(path)
    assert extraction.reason is PdfReason.NO_REFERENCES
    assert extraction.detail is not None
    assert "only its last 1 of 4 pages were recognised (extraction.ocr_max_pages)" in extraction.detail


@needs_tesseract
def test_text_that_stays_poor_is_recognised_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_first(tmp_path / "bin", monkeypatch, pdftotext="exit 1")
    path = numbered_glyphs(short_paper(tmp_path))
    with ParserPool(settings(), 1) as pool:
        extraction = pool.extract(path)
    assert extraction.backend == "tesseract"
    assert len(extraction.references) == len(ENGLISH)


@needs_tesseract
def test_a_language_without_data_is_named(tmp_path: Path) -> None:
    with ParserPool(settings(ocr_languages=["tlh"]), 1) as pool:
        extraction = pool.extract(scanned(short_paper(tmp_path)))
    assert extraction.reason is PdfReason.NO_TEXT
    assert extraction.detail is not None and "no data for tlh (extraction.ocr_languages)" in extraction.detail


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exit 1", "tesseract ended with code 1"),
        ('test "$1" = --list-langs && printf "List:\\neng\\n" && exit; ' + HANGS, "recognised no text"),
        ('test "$1" = --list-langs && printf "List:\\neng\\n" && exit; echo "<p"', "recognised no text"),
    ],
)
def test_a_bad_tesseract_costs_the_scan_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, words: str
) -> None:
    put_first(tmp_path / "bin", monkeypatch, tesseract=script)
    path = scanned(short_paper(tmp_path))
    with ParserPool(settings(ocr_time_limit_seconds=5.0), 1) as pool:
        extraction = pool.extract(path)
        assert extraction.reason is PdfReason.NO_TEXT
        assert extraction.detail is not None and words in extraction.detail
        assert len(pool.extract(paper(tmp_path)).references) == len(AUTHOR_YEAR)


def test_recognising_that_takes_too_long_leaves_what_the_first_reading_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_first(tmp_path / "bin", monkeypatch, tesseract=HANGS)
    with ParserPool(settings(ocr_time_limit_seconds=0.5), 1) as pool:
        extraction = pool.extract(scanned(short_paper(tmp_path)))
    assert extraction.reason is PdfReason.NO_TEXT
    assert extraction.detail is not None and "OCR failed: It took longer than 0.5 s" in extraction.detail


def test_a_scan_asks_for_tesseract_or_for_the_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = scanned(short_paper(tmp_path))
    with ParserPool(settings(ocr=False), 1) as pool:
        off = pool.extract(path)
    leave_none(tmp_path / "bin", monkeypatch)
    missing = extract(str(path), FileLimits(ocr=OcrLimits()))
    assert off.reason is missing.reason is PdfReason.NO_TEXT
    assert off.detail is not None and "extraction.ocr" in off.detail
    assert missing.detail is not None and "install tesseract" in missing.detail
