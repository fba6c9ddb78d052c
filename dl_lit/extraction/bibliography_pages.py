"""The pages of a PDF that hold its bibliography, copied into a PDF of their own. Runs in a child process (`child`)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pymupdf

from dl_lit.errors import UnreadableDocument
from dl_lit.extraction import kinds, sections
from dl_lit.extraction.backends.pymupdf import ERRORS, silence
from dl_lit.extraction.layout import reading_order
from dl_lit.extraction.limits import FileLimits
from dl_lit.extraction.opening import is_out_of_memory, kind_of, named_plainly
from dl_lit.extraction.pages import Line
from dl_lit.extraction.reading import Reading, read
from dl_lit.extraction.recognising import recognise
from dl_lit.extraction.sections import Section
from dl_lit.extraction.worker import why_no_text
from dl_lit.model import PdfReason
from dl_lit.page_views import BibliographyPages

_HEADING_REACH = 8  # lines: so far before its first reference a list's heading may stand

_new: Any = pymupdf.Document  # PyMuPDF has no annotations


def extract(argument: tuple[str, int | None], limits: FileLimits) -> BibliographyPages:
    """Of a path, and at most so many pages. Raises MemoryError, nothing else on purpose."""
    path, most = argument
    try:
        form = kind_of(Path(path), max_bytes=limits.max_bytes)
        if form != kinds.PDF:
            raise UnreadableDocument(f"it is {form}: only a PDF has pages to copy", reason=PdfReason.NOT_A_PDF)
        reader = recognise if limits.recognise else read
        reading = reader(Path(path), limits, time.monotonic() + limits.seconds)
        numbers = page_numbers(reading_order(reading.pages))[:most]
        if not numbers:
            return _without_list(reading, limits)
        return BibliographyPages(numbers, copied(Path(path), numbers), quality=reading.quality)
    except UnreadableDocument as error:
        return BibliographyPages(reason=PdfReason(error.reason), detail=error.message)


def _without_list(reading: Reading, limits: FileLimits) -> BibliographyPages:
    wants_ocr = limits.ocr is not None and reading.wants_ocr
    if any(page.lines for page in reading.pages) and not wants_ocr:
        detail = f"no reference list was found on its {reading.page_count} pages"
        detail = "; ".join(filter(None, (detail, reading.remark)))
        return BibliographyPages(reason=PdfReason.NO_REFERENCES, detail=detail, quality=reading.quality)
    detail = why_no_text(reading, limits)
    return BibliographyPages(reason=PdfReason.NO_TEXT, detail=detail, quality=reading.quality, wants_ocr=wants_ocr)


def page_numbers(lines: Sequence[Line]) -> tuple[int, ...]:
    """The pages of all lists among `lines` (in reading order), each from its heading to its last line; rising."""
    numbers: set[int] = set()
    for section in sections.find(lines):
        pages = [line.page for line in section.lines]
        numbers.update(range(_first_page(section, lines), max(pages) + 1))
    return tuple(sorted(numbers))


def _first_page(section: Section, lines: Sequence[Line]) -> int:
    """A heading may be the last line of the page before the list."""
    first = section.lines[0]
    at = next((at for at, line in enumerate(lines) if _same_place(line, first)), 0)
    before = lines[max(0, at - _HEADING_REACH) : at]
    return min([first.page, *(line.page for line in before if line.text == section.heading)])


def _same_place(one: Line, other: Line) -> bool:
    return (one.page, one.column, one.baseline, one.x0) == (other.page, other.column, other.baseline, other.x0)


def copied(path: Path, numbers: Sequence[int]) -> bytes:
    """A PDF of these pages (from 1), in this order. Raises UnreadableDocument."""
    silence()
    try:
        with named_plainly(path) as plain, _new(plain, filetype="pdf") as source, _new() as target:
            for first, last in _ranges(numbers):
                target.insert_pdf(source, from_page=first - 1, to_page=last - 1, widgets=False)
            return bytes(target.tobytes(garbage=3, deflate=True))
    except ERRORS as error:
        if is_out_of_memory(error):
            raise MemoryError(str(error)) from error
        detail = f"its pages {numbers[0]}-{numbers[-1]} cannot be copied ({error})"
        raise UnreadableDocument(detail, reason=PdfReason.DAMAGED) from error


def _ranges(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of consecutive numbers, as (first, last)."""
    first = last = numbers[0]
    for number in numbers[1:]:
        if number != last + 1:
            yield first, last
            first = number
        last = number
    yield first, last
