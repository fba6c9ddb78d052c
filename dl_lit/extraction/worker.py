"""All that is done to one file: open, read, find the lists, split, parse. Runs in a child process (`child`)."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from dl_lit.errors import UnreadableDocument
from dl_lit.extraction import frontmatter, language, sections
from dl_lit.extraction.backends import pdfplumber, pymupdf
from dl_lit.extraction.choosing import READ_WHOLE, worth_reading
from dl_lit.extraction.joining import joined, words_of
from dl_lit.extraction.layout import reading_order
from dl_lit.extraction.limits import FileLimits
from dl_lit.extraction.opening import ends_properly, is_out_of_memory, open_pdf
from dl_lit.extraction.pages import Line, Link, Page
from dl_lit.extraction.parsing import parse_reference
from dl_lit.extraction.quality import POOR, quality
from dl_lit.extraction.splitting import Entry, split
from dl_lit.model import Extraction, PdfReason, Reference

T = TypeVar("T")

_SHARE_FOR_CHOOSING = 0.6  # of the time limit: of a huge file, its end is looked through first
_SLOW_PAGES = 120  # as many as pdfplumber reads in about ten seconds
_FEWEST_LETTERS = 60  # a file with fewer has no text worth the name


@dataclass(frozen=True, slots=True)
class _Reading:
    """The text of a file as one backend gives it."""

    pages: tuple[Page, ...]
    backend: str
    quality: float
    page_count: int
    is_repaired: bool


def extract(path: str, limits: FileLimits) -> Extraction:
    """The references of one file, or the reason why there are none. Raises MemoryError, nothing else on purpose."""
    begun = time.monotonic()
    try:
        reading = _read(Path(path), limits)
        extraction = _references(reading) if _has_text(reading) else _without_text(reading)
        extraction = _if_truncated(extraction, reading, Path(path))
    except UnreadableDocument as error:
        extraction = Extraction(reason=PdfReason(error.reason), detail=error.message)
    return replace(extraction, seconds=time.monotonic() - begun)


def read_pages(path: Path, limits: FileLimits) -> tuple[Page, ...]:
    """The pages of one file as `extract` reads them; UnreadableDocument if there is no text to be had."""
    return _read(path, limits).pages


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────


def _read(path: Path, limits: FileLimits) -> _Reading:
    with open_pdf(path, max_bytes=limits.max_bytes) as document:
        count = document.page_count
        numbers = _numbers(document, limits)
        pages = tuple(page for _, page in _each(numbers, document.page))
        reading = _Reading(pages, pymupdf.NAME, _quality(pages), count, document.is_repaired)
    if reading.quality < POOR and any(page.lines for page in pages):
        return _better(reading, path, numbers)
    return reading


def _numbers(document: pymupdf.Document, limits: FileLimits) -> list[int]:
    count = document.page_count
    if count <= READ_WHOLE:
        return list(range(1, count + 1))
    enough = time.monotonic() + _SHARE_FOR_CHOOSING * limits.seconds
    from_the_end = itertools.takewhile(lambda _: time.monotonic() < enough, range(count, 0, -1))
    return worth_reading(count, _each(from_the_end, document.plain_text))


def _each(numbers: Iterable[int], read: Callable[[int], T]) -> Iterator[tuple[int, T]]:
    """Each number with what `read` makes of that page; a broken page costs itself only."""
    for done, number in enumerate(numbers, 1):
        try:
            yield number, read(number)
        except pymupdf.ERRORS as error:
            if is_out_of_memory(error):
                raise MemoryError(str(error)) from error
        if done % 50 == 0:
            pymupdf.shrink_cache()


def _quality(pages: Sequence[Page]) -> float:
    return quality(page.text for page in reversed(pages))


def _better(reading: _Reading, path: Path, numbers: Sequence[int]) -> _Reading:
    """The slower backend's text of the last pages, where lists stand, if it is better."""
    try:
        pages = tuple(pdfplumber.read_pages(path, [*numbers[:2], *numbers[2:][-_SLOW_PAGES:]]))
    except MemoryError:
        raise
    except Exception:  # pdfminer raises anything at all on odd files; the first text remains then
        return reading
    other = _quality(pages)
    if other <= reading.quality:
        return reading
    return replace(reading, pages=pages, backend=pdfplumber.NAME, quality=other)


def _has_text(reading: _Reading) -> bool:
    letters = sum(character.isalpha() for page in reading.pages for line in page.lines for character in line.text)
    pictures = sum(not page.lines and page.images > 0 for page in reading.pages)
    # A scan often comes with a cover sheet that has text.
    return letters >= _FEWEST_LETTERS and pictures < 0.8 * len(reading.pages)


def _without_text(reading: _Reading) -> Extraction:
    result = Extraction(pages=reading.page_count, backend=reading.backend, quality=reading.quality)
    if any(page.images for page in reading.pages):
        detail = "its pages are pictures without a text layer; run OCR over it (for example ocrmypdf)"
        return replace(result, reason=PdfReason.NO_TEXT, detail=detail)
    return replace(result, reason=PdfReason.NO_TEXT, detail="its pages hold no text")


def _if_truncated(extraction: Extraction, reading: _Reading, path: Path) -> Extraction:
    """A file that broke off opens all the same, with blank pages; the missing list is then no fault of ours."""
    if not reading.is_repaired or ends_properly(path):
        return extraction
    blank = sum(not page.lines for page in reading.pages)
    if extraction.references:
        return replace(extraction, detail=f"its end is missing; {blank} of its pages are blank")
    detail = f"its end is missing and {blank} of its {reading.page_count} pages are blank; get the file again"
    return replace(extraction, reason=PdfReason.TRUNCATED, detail=detail)


# ── references ───────────────────────────────────────────────────────────────────────────────────────────


def _references(reading: _Reading) -> Extraction:
    lines = reading_order(reading.pages)
    front = frontmatter.describe(reading.pages)
    result = Extraction(
        pages=reading.page_count,
        backend=reading.backend,
        quality=round(reading.quality, 3),
        title=front.title,
        authors=front.authors,
        year=front.year,
        doi=front.doi,
    )
    found = sections.find(lines)
    entries = [entry for section in found for entry in split(section.lines)]
    references = _parsed(entries, lines, reading.pages)
    if references:
        return replace(result, references=references)
    if found or sections.has_heading(lines):
        detail = "a reference list was found, but no reference could be read from it"
        return replace(result, reason=PdfReason.EMPTY_LIST, detail=detail)
    detail = f"no reference list was found on its {reading.page_count} pages"
    return replace(result, reason=PdfReason.NO_REFERENCES, detail=detail)


def _parsed(entries: Sequence[Entry], lines: Sequence[Line], pages: Sequence[Page]) -> tuple[Reference, ...]:
    links = {page.number: page.links for page in pages}
    texts = [line.text for line in lines]
    words = words_of(texts)
    tongue = language.guess("\n".join(texts[:2000]))
    references: list[Reference] = []
    for entry in entries:
        raw = joined(entry.texts, words)
        if not any(character.isalnum() for character in raw):
            continue
        parsed = parse_reference(raw, language=tongue, label=entry.label)
        doi = parsed.doi or _linked_doi(entry, links)
        references.append(replace(parsed, position=len(references) + 1, page=entry.lines[0].page, doi=doi))
    return tuple(references)


def _linked_doi(entry: Entry, links: Mapping[int, Sequence[Link]]) -> str | None:
    """The DOI that the entry's text leads to, unless it leads to several."""
    found = {link.doi for line in entry.lines for link in links.get(line.page, ()) if link.lies_on(line)}
    return found.pop() if len(found) == 1 else None
