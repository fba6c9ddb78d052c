"""Is this file a whole PDF, and is it that work? Runs in a child process, because MuPDF trusts nobody's bytes well.

`verify_file` and what it takes and returns can be pickled.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pymupdf

from dl_lit.download import shapes
from dl_lit.download.author_rows import names_an_author
from dl_lit.download.expectation import Expectation
from dl_lit.download.fault import Fault
from dl_lit.download.first_pages import (
    FEWEST_LETTERS,
    FirstPage,
    are_pictures,
    described_as,
    first_pages,
    has_a_picture_on_top,
    is_readable,
    recognised,
)
from dl_lit.download.recognition import Known, know
from dl_lit.download.satellites import as_satellite
from dl_lit.extraction.limits import OcrLimits
from dl_lit.extraction.quality import POOR
from dl_lit.identity import doi as dois_of
from dl_lit.identity import titles
from dl_lit.identity.folding import is_latin, letters
from dl_lit.model import DownloadReason

__all__ = ["Expectation", "Face", "Verdict", "look_at", "verify_file"]

T = TypeVar("T")
Recogniser = Callable[[Any], list[FirstPage]]  # of an open document

_HEAD, _TAIL = 1024, 8192
_SAMPLED_PAGES = 60
_ARXIV = re.compile(r"(?i)arxiv:\s*(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?\s*\[")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is None for a file to keep; `identity` says what showed that it is the work."""

    reason: DownloadReason | None = None
    detail: str | None = None
    pages: int = 0
    identity: str | None = None


@dataclass(frozen=True, slots=True)
class Face:
    """What a file says of itself on its first pages and in its description, to find out which work it may be.

    `prominent` are the folded words where a title may stand. `reason` is set for a file that is no PDF to use.
    """

    reason: DownloadReason | None = None
    detail: str | None = None
    dois: tuple[str, ...] = ()
    arxiv: tuple[str, ...] = ()
    prominent: tuple[str, ...] = ()
    has_text: bool = False
    pages: int = 0


def verify_file(
    path: str, expectation: Expectation, ocr: OcrLimits | None = None, *, seconds: float = math.inf
) -> Verdict:
    """Judges one file; with `ocr`, pictures of pages are recognised where tesseract is installed, for at most so many
    seconds. Raises MemoryError, nothing else on purpose."""
    recognise = None if ocr is None else partial(recognised, ocr=ocr, seconds=seconds)
    return _opened(path, lambda document: _check_document(document, expectation, recognise))


def look_at(path: str) -> Face:
    """Raises MemoryError, nothing else on purpose."""
    face = _opened(path, _face)
    return face if isinstance(face, Face) else Face(face.reason, face.detail)


def _opened(path: str, judge: Callable[[Any], T]) -> T | Verdict:
    whole = _check_ends(Path(path))
    if whole is not None:
        return whole
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    try:
        with _document(path) as document:
            return _unusable(document) or judge(document)
    except (pymupdf.FileDataError, RuntimeError, ValueError) as error:
        if "malloc" in str(error):
            raise MemoryError(str(error)) from error
        return Verdict(DownloadReason.DAMAGED, f"it does not open ({error})"[:200])


def _document(path: str) -> Any:
    """A name whose bytes are no UTF-8 is none that the PDF library can open."""
    if not path.isascii() and path != path.encode("utf-8", "replace").decode("utf-8"):
        return pymupdf.open(stream=Path(path).read_bytes(), filetype="pdf")
    return pymupdf.open(path, filetype="pdf")


def _check_ends(path: Path) -> Verdict | None:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(_HEAD)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    if not size:
        return Verdict(DownloadReason.EMPTY_BODY, "it has no bytes")
    if b"%PDF-" not in head:
        return Verdict(DownloadReason.WRONG_TYPE, "it does not begin like a PDF")
    if b"%%EOF" not in tail:
        return Verdict(DownloadReason.TRUNCATED, "its end is missing")
    return None


def _face(document: Any) -> Face:
    pages = first_pages(document)
    described = described_as(document)
    text = "\n".join([*(page.text for page in pages), described])
    return Face(
        dois=tuple(dict.fromkeys(dois_of.find(text))),
        arxiv=tuple(dict.fromkeys(match[1] for match in _ARXIV.finditer(pages[0].text if pages else ""))),
        pages=document.page_count,
        prominent=tuple(map(titles.key, [*(page.prominent for page in pages), described])),
        has_text=sum(len(letters(page.text)) for page in pages) >= FEWEST_LETTERS,
    )


def _unusable(document: Any) -> Verdict | None:
    if not document.is_pdf:
        return Verdict(DownloadReason.WRONG_TYPE, "it only claims to be a PDF")
    if document.needs_pass:
        return Verdict(DownloadReason.ENCRYPTED, "it opens with a password only")
    if document.page_count == 0:
        return Verdict(DownloadReason.DAMAGED, "it has no pages")
    return None


def _check_document(document: Any, expectation: Expectation, recognise: Recogniser | None) -> Verdict:
    pages = document.page_count
    blank, sampled = _blank_pages(document), min(pages, _SAMPLED_PAGES)
    if blank == sampled or (document.is_repaired and blank * 4 > sampled):
        return Verdict(DownloadReason.DAMAGED, f"{blank} of {sampled} pages are blank", pages)
    fault = shapes.before_reading(document)
    return _as_verdict(fault, pages) if fault else _check_identity(document, expectation, recognise)


def _as_verdict(fault: Fault, pages: int) -> Verdict:
    return Verdict(fault.reason, fault.detail[:300], pages)


def _blank_pages(document: Any) -> int:
    """Pages without text, pictures and drawings: what MuPDF makes of pages that it cannot find."""
    sample = range(min(document.page_count, _SAMPLED_PAGES))
    return sum(1 for number in sample if _is_blank(document[number]))


def _is_blank(page: Any) -> bool:
    return not page.get_text().strip() and not page.get_images() and not page.get_drawings()


# ── is it that work? ─────────────────────────────────────────────────────────────────────────────────────


def _check_identity(document: Any, expectation: Expectation, recognise: Recogniser | None) -> Verdict:
    pages = first_pages(document)
    pictures = are_pictures(document)
    is_text = is_readable(
        pages, POOR if pictures else POOR / 2
    )  # of text that was typed, much is odd and nothing misread
    known = know(document, pages, expectation, is_read=pictures)
    unknown = known.identity is None and known.fault is None
    if unknown and (not is_text or pictures):
        return _check_pictures(document, pages, expectation, recognise)
    if unknown and has_a_picture_on_top(document) and names_an_author(document, pages, (), "", expectation):
        return _check_top(document, expectation, recognise)
    return _concluded(document, pages, expectation, known)


def _check_pictures(
    document: Any, pages: list[FirstPage], expectation: Expectation, recognise: Recogniser | None
) -> Verdict:
    """What the first pages' pictures say, where tesseract can read them."""
    read, known = _known_by_pictures(document, expectation, recognise)
    if known.identity is not None or known.fault is not None:
        return _concluded(document, [*pages, *read], expectation, known)
    if is_readable(read) and is_latin(expectation.title or ""):
        return _concluded(document, read, expectation, known)
    why = "what tesseract reads of it is no text" if read else "reading it needs tesseract (dl-lit doctor)"
    detail = f"a scan: its first pages have no text to know it by; {why}"
    return Verdict(DownloadReason.UNVERIFIED, detail, document.page_count)


def _known_by_pictures(
    document: Any, expectation: Expectation, recognise: Recogniser | None
) -> tuple[list[FirstPage], Known]:
    read = recognise(document) if recognise is not None else []
    return read, know(document, read, expectation, is_read=True) if read else Known()


def _check_top(document: Any, expectation: Expectation, recognise: Recogniser | None) -> Verdict:
    """Of a page whose text has an author but no title: the title may be drawn."""
    read, known = _known_by_pictures(document, expectation, recognise)
    if known.identity is not None:
        return _concluded(document, read, expectation, known)
    detail = "it names an author of the work, and its title may be a picture; a person must look"
    return Verdict(DownloadReason.UNVERIFIED, detail, document.page_count)


def _concluded(document: Any, pages: list[FirstPage], expectation: Expectation, known: Known) -> Verdict:
    count = document.page_count
    if known.fault is not None:
        return _as_verdict(known.fault, count)
    if known.identity is None:
        start = " ".join(" ".join(page.whole_text for page in pages).split())[:120]
        return Verdict(DownloadReason.WRONG_WORK, f"its first pages do not show the work: {start!r}", count)
    fault = shapes.after_reading(document, pages, known.page, known.hit, expectation)
    if fault is None and known.hit is not None:
        by_doi = known.identity == "title and doi"
        fault = as_satellite(document, pages, known.hit, expectation, by_doi=by_doi)
    return _as_verdict(fault, count) if fault else Verdict(pages=count, identity=known.identity)
