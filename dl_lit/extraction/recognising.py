"""Text of scans: pages as pictures to tesseract, from the last one backwards until a reference list is whole."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dl_lit.errors import UnreadableDocument
from dl_lit.extraction import sections
from dl_lit.extraction.backends import pymupdf, tesseract
from dl_lit.extraction.layout import reading_order
from dl_lit.extraction.limits import FileLimits, OcrLimits
from dl_lit.extraction.opening import is_out_of_memory, open_pdf
from dl_lit.extraction.pages import Page
from dl_lit.extraction.programs import ProgramFailed
from dl_lit.extraction.quality import POOR, quality
from dl_lit.extraction.reading import Reading, quality_of
from dl_lit.model import PdfReason

_SHARE = 0.85  # of the time limit; the rest is for finding and parsing
_FRONT = 1  # the page that tells what the document itself is


def recognise(path: Path, limits: FileLimits, ends: float) -> Reading:
    """What tesseract reads; raises UnreadableDocument or MemoryError. `ends` is when the time is over."""
    ocr = limits.ocr or OcrLimits()
    until = ends - (1 - _SHARE) * limits.seconds
    with open_pdf(path, max_bytes=limits.max_bytes) as document:
        scan = _Scan(document, _usable(ocr.languages), until)
        remark = _read_list(scan, document.page_count, ocr)
        if time.monotonic() < until:
            scan.read(_FRONT)
        pages = scan.pages
        score = quality_of(pages)
        note = f"{tesseract.NAME} {score:.2f} ({'+'.join(scan.languages)}, {scan.recognised} pages)"
        return Reading(
            pages, tesseract.NAME, score, document.page_count, note, remark, is_repaired=document.is_repaired
        )


def _usable(languages: Sequence[str]) -> tuple[str, ...]:
    try:
        there = tesseract.languages()
    except ProgramFailed as error:
        raise UnreadableDocument(f"its pages are pictures, and {error}", reason=PdfReason.NO_TEXT) from error
    usable = tuple(language for language in languages if language in there)
    if not usable:
        wanted = ", ".join(languages)
        detail = f"its pages are pictures, and tesseract has no data for {wanted} (extraction.ocr_languages)"
        raise UnreadableDocument(detail, reason=PdfReason.NO_TEXT)
    return usable


def _read_list(scan: _Scan, count: int, ocr: OcrLimits) -> str | None:
    """Reads backwards; the remark says what was left unread, if no whole list was found before."""
    for number in range(count, 0, -1):
        over = time.monotonic() >= scan.until
        if over or scan.recognised >= ocr.max_pages:
            limit = f"extraction.{'ocr_time_limit_seconds' if over else 'ocr_max_pages'}"
            return f"only its last {count - number} of {count} pages were recognised ({limit})"
        scan.read(number)
        if scan.has_whole_list():
            return None
    return None


@dataclass(slots=True)
class _Scan:
    """The pages read so far; a page that has good text of its own is not recognised."""

    document: pymupdf.Document
    languages: tuple[str, ...]
    until: float
    recognised: int = 0
    _pages: dict[int, Page] = field(default_factory=dict)

    @property
    def pages(self) -> tuple[Page, ...]:
        return tuple(self._pages[number] for number in sorted(self._pages))

    def has_whole_list(self) -> bool:
        """The heading has come, so all that stands behind it has too."""
        return any(section.heading is not None for section in sections.find(reading_order(self.pages)))

    def read(self, number: int) -> None:
        """A page that cannot be printed or recognised costs itself only."""
        if number in self._pages:
            return
        try:
            self._pages[number] = self._page(number)
        except pymupdf.ERRORS as error:
            if is_out_of_memory(error):
                raise MemoryError(str(error)) from error
        except ProgramFailed:
            pass
        pymupdf.shrink_cache()

    def _page(self, number: int) -> Page:
        page = self.document.page(number)
        if not page.images and (not page.lines or quality([page.text]) >= POOR):
            return page
        self.recognised += 1
        picture, scale = self.document.picture(number, dpi=tesseract.DPI)
        lines, on_its_side = tesseract.read_picture(
            picture, number, scale=scale, languages=self.languages, seconds=self.until - time.monotonic()
        )
        width, height = (page.height, page.width) if on_its_side else (page.width, page.height)
        return replace(page, width=width, height=height, lines=tuple(lines), images=0)
