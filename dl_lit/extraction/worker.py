"""All that is done to one file: read, find the lists, split, parse, assemble. Runs in a child process (`child`)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from dl_lit.errors import UnreadableDocument
from dl_lit.extraction import footnotes, frontmatter, language, sections
from dl_lit.extraction.entries import Entry
from dl_lit.extraction.joining import joined, words_of
from dl_lit.extraction.layout import reading_order
from dl_lit.extraction.limits import FileLimits
from dl_lit.extraction.opening import ends_properly
from dl_lit.extraction.pages import Line, Link, Page
from dl_lit.extraction.parsing import inherit_authors, parse_reference
from dl_lit.extraction.reading import Reading, read
from dl_lit.extraction.recognising import recognise
from dl_lit.extraction.splitting import split
from dl_lit.model import Extraction, PdfReason, Reference


def extract(path: str, limits: FileLimits) -> Extraction:
    """The references of one file, or the reason why there are none. Raises MemoryError, nothing else on purpose."""
    begun = time.monotonic()
    try:
        reader = recognise if limits.recognise else read
        reading = reader(Path(path), limits, begun + limits.seconds)
        extraction = _if_scan(_references(reading), reading, limits)
        extraction = _if_truncated(extraction, reading, Path(path))
    except UnreadableDocument as error:
        extraction = Extraction(reason=PdfReason(error.reason), detail=error.message)
    return replace(extraction, seconds=time.monotonic() - begun)


def _if_scan(extraction: Extraction, reading: Reading, limits: FileLimits) -> Extraction:
    extraction = replace(extraction, wants_ocr=limits.ocr is not None and reading.wants_ocr)
    if extraction.references or not reading.is_scan:
        return extraction
    return replace(extraction, reason=PdfReason.NO_TEXT, detail=why_no_text(reading, limits))


def why_no_text(reading: Reading, limits: FileLimits) -> str:
    """For a person: what kind of file this is, and what would help."""
    if limits.recognise:
        return "tesseract recognised no text on its pages" + (f"; {reading.remark}" if reading.remark else "")
    if not any(page.images for page in reading.pages):
        return "its pages hold no text" if reading.page_count else "it holds no text"
    cure = "install tesseract, or run OCR over it" if limits.ocr is not None else "turn OCR on (extraction.ocr)"
    return f"its pages are pictures without a text layer; {cure}"


def _if_truncated(extraction: Extraction, reading: Reading, path: Path) -> Extraction:
    """A file that broke off opens all the same, with blank pages; the missing list is then no fault of ours."""
    if not reading.is_repaired or ends_properly(path):
        return extraction
    blank = sum(not page.lines for page in reading.pages)
    if extraction.references:
        return replace(extraction, detail=f"its end is missing; {blank} of its pages are blank")
    detail = f"its end is missing and {blank} of its {reading.page_count} pages are blank; get the file again"
    return replace(extraction, reason=PdfReason.TRUNCATED, detail=detail)


# ── references ───────────────────────────────────────────────────────────────────────────────────────────


def _references(reading: Reading) -> Extraction:
    lines = reading_order(reading.pages)
    front = frontmatter.describe(reading.pages, reading.metadata)
    result = Extraction(
        pages=reading.page_count,
        backend=reading.backend,
        backend_note=reading.note,
        quality=round(reading.quality, 3),
        title=front.title,
        authors=front.authors,
        year=front.year,
        doi=front.doi,
    )
    found = sections.find(lines)
    entries = [entry for section in found for entry in split(section.lines)]
    references = _noted(found, lines) or _parsed(entries, lines, reading.pages)
    if not reading.page_count:
        references = tuple(replace(reference, page=None) for reference in references)
    if references:
        return replace(result, references=references, detail=reading.remark)
    if found or sections.has_heading(lines):
        detail = "a reference list was found, but no reference could be read from it"
        return replace(result, reason=PdfReason.EMPTY_LIST, detail=detail)
    where = f"on its {reading.page_count} pages" if reading.page_count else "in it"
    detail = "; ".join(filter(None, (f"no reference list was found {where}", reading.remark)))
    return replace(result, reason=PdfReason.NO_REFERENCES, detail=detail)


def _parsed(entries: Sequence[Entry], lines: Sequence[Line], pages: Sequence[Page]) -> tuple[Reference, ...]:
    links = {page.number: page.links for page in pages}
    texts = [line.text for line in lines]
    words = words_of(texts)
    tongue = language.guess_from(texts)
    references: list[Reference] = []
    for entry in entries:
        raw = joined(entry.texts, words)
        if not any(character.isalnum() for character in raw):
            continue
        position, page = len(references) + 1, entry.lines[0].page
        parsed = parse_reference(raw, language=tongue, label=entry.label, position=position, page=page)
        linked = None if parsed.doi else _linked_doi(entry, links)
        references.append(replace(parsed, doi=linked) if linked else parsed)
    return inherit_authors(references)


def _noted(found: Sequence[sections.Section], lines: Sequence[Line]) -> tuple[Reference, ...]:
    """The references in foot- and endnotes, where there is no list."""
    cited = footnotes.cited_in_notes(lines, found)
    tongue = language.guess_from([line.text for line in lines]) if cited else None
    return tuple(footnotes.references(cited, partial(parse_reference, language=tongue)))


def _linked_doi(entry: Entry, links: Mapping[int, Sequence[Link]]) -> str | None:
    """The DOI that the entry's text leads to, unless it leads to several."""
    found = {link.doi for line in entry.lines for link in links.get(line.page, ()) if link.lies_on(line)}
    return found.pop() if len(found) == 1 else None
