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
from dl_lit.extraction.pages import Line, Page
from dl_lit.extraction.reading import read
from dl_lit.extraction.sections import Section
from dl_lit.model import BibliographyPages, PdfReason

_HEADING_REACH = 8  # lines: so far before its first reference a list's heading may stand

_new: Any = pymupdf.Document  # PyMuPDF has no annotations


def extract(argument: tuple[str, int | None], limits: FileLimits) -> BibliographyPages:
    """Of a path, and at most so many pages. Raises MemoryError, nothing else on purpose."""
    path, most = argument
    try:
        if kind_of(Path(path), max_bytes=limits.max_bytes) != kinds.PDF:
            raise UnreadableDocument("only a PDF has pages to copy", reason=PdfReason.NOT_A_PDF)
        reading = read(Path(path), limits, time.monotonic() + limits.seconds)
        numbers = page_numbers(reading_order(reading.pages))[:most]
        if not numbers:
            raise _without_list(reading.pages, reading.page_count)
        return BibliographyPages(numbers, copied(Path(path), numbers))
    except UnreadableDocument as error:
        return BibliographyPages(reason=PdfReason(error.reason), detail=error.message)


def _without_list(pages: Sequence[Page], count: int) -> UnreadableDocument:
    if any(page.lines for page in pages):
        return UnreadableDocument(f"no reference list was found on its {count} pages", reason=PdfReason.NO_REFERENCES)
    return UnreadableDocument("its pages hold no text", reason=PdfReason.NO_TEXT)


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
