"""Is this file a whole PDF, and is it that work? Runs in a child process, because MuPDF trusts nobody's bytes well.

`verify_file` and what it takes and returns can be pickled.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pymupdf
from rapidfuzz import fuzz

from dl_lit.identity import doi as dois_of
from dl_lit.identity import names, titles
from dl_lit.identity.folding import letters
from dl_lit.model import DownloadReason, Person, Reference, Work

T = TypeVar("T")

_HEAD, _TAIL = 1024, 8192
_FIRST_PAGES = 3
_SAMPLED_PAGES = 60
_TOP_LETTERS = 1200  # of a page: above its title there may be a journal's head, a licence, an abstract's beginning
_LATER_TOP_LETTERS = 400
_LARGER = 1.15  # times the usual size
_SHORT_KEY = 20  # letters of a title that could stand in any text
_ALIKE = 92.0  # of 100, for a title with a misprint, a ligature or a broken hyphen
_FEWEST_LETTERS = 80  # a page with fewer is a picture
_WHOLE_BOOKS = frozenset({"book", "monograph", "edited-book", "reference-book", "proceedings", "dissertation"})
_BLANKS = r"[^\S\n]{0,20}"
_REFERENCES = re.compile(
    rf"(?im)^{_BLANKS}(?:\d{{1,3}}\.?{_BLANKS}|[IVX]{{1,7}}\.?{_BLANKS})?"
    r"(?:references|bibliography|works cited|literature(?: cited)?|"
    rf"literatur(?:verzeichnis)?|quellen|références|bibliographie|referencias|bibliografía){_BLANKS}:?{_BLANKS}$"
)
_ARXIV = re.compile(r"(?i)arxiv:\s*(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?\s*\[")
_ABOUT_IT = (
    "erratum",
    "corrigendum",
    "correctionto",
    "commenton",
    "replyto",
    "reviewof",
    "rezensionzu",
    "recommendationof",
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the file should be."""

    title: str | None = None
    subtitle: str | None = None
    authors: tuple[Person, ...] = ()
    year: int | None = None
    doi: str | None = None
    arxiv: str | None = None
    pages: str | None = None
    type: str | None = None

    @classmethod
    def of(cls, work: Work | Reference) -> Expectation:
        people = work.authors or work.editors
        subtitle = work.subtitle if isinstance(work, Work) else None
        return cls(work.title, subtitle, people[:20], work.year, work.doi, work.arxiv, work.pages, work.type)


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


def verify_file(path: str, expectation: Expectation) -> Verdict:
    """Judges one file. Raises MemoryError, nothing else on purpose."""
    return _opened(path, lambda document: _check_document(document, expectation))


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
        with pymupdf.open(path, filetype="pdf") as document:
            return _unusable(document) or judge(document)
    except (pymupdf.FileDataError, RuntimeError, ValueError) as error:
        if "malloc" in str(error):
            raise MemoryError(str(error)) from error
        return Verdict(DownloadReason.DAMAGED, f"it does not open ({error})"[:200])


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
    pages = _first_pages(document)
    described = _described_as(document)
    text = "\n".join([*(page.text for page in pages), described])
    prominent = [titles.key(part) for part in (*(page.prominent for page in pages), described)]
    return Face(
        dois=tuple(dict.fromkeys(dois_of.find(text))),
        arxiv=tuple(dict.fromkeys(match[1] for match in _ARXIV.finditer(pages[0].text if pages else ""))),
        prominent=tuple(prominent),
        has_text=_has_text(pages),
        pages=document.page_count,
    )


def _unusable(document: Any) -> Verdict | None:
    if not document.is_pdf:
        return Verdict(DownloadReason.WRONG_TYPE, "it only claims to be a PDF")
    if document.needs_pass:
        return Verdict(DownloadReason.ENCRYPTED, "it opens with a password only")
    if document.page_count == 0:
        return Verdict(DownloadReason.DAMAGED, "it has no pages")
    return None


def _check_document(document: Any, expectation: Expectation) -> Verdict:
    pages = document.page_count
    if document.is_repaired and (blank := _blank_pages(document)) * 4 > min(pages, _SAMPLED_PAGES):
        return Verdict(DownloadReason.DAMAGED, f"repaired, and {blank} of {pages} pages are blank", pages)
    expected = _page_count(expectation)
    if pages == 1 and expected > 1:
        return Verdict(DownloadReason.PREVIEW, f"one page of {expected or 'a book'}", pages)
    return _check_identity(document, expectation, pages)


def _blank_pages(document: Any) -> int:
    """Pages without text, pictures and drawings: what MuPDF makes of pages that it cannot find."""
    sample = range(min(document.page_count, _SAMPLED_PAGES))
    return sum(1 for number in sample if _is_blank(document[number]))


def _is_blank(page: Any) -> bool:
    return not page.get_text().strip() and not page.get_images() and not page.get_drawings()


def _page_count(expectation: Expectation) -> int:
    """How many pages the work has by its record; 2 for a book, which has more than one at any rate; 0: unknown."""
    match = re.fullmatch(r"\s*([A-Za-z]?)(\d{1,6})\s*[-–—]\s*\1(\d{1,6})\s*", expectation.pages or "")
    if match and int(match[3]) >= int(match[2]):
        return int(match[3]) - int(match[2]) + 1
    return 2 if expectation.type in _WHOLE_BOOKS else 0


# ── is it that work? ─────────────────────────────────────────────────────────────────────────────────────


def _check_identity(document: Any, expectation: Expectation, pages: int) -> Verdict:
    first = _first_pages(document)
    described = _described_as(document)
    identity = _identity(first, described, expectation)
    if identity is not None:
        return Verdict(pages=pages, identity=identity)
    if not _has_text(first):
        return Verdict(DownloadReason.UNVERIFIED, "a scan: its first pages have no text to know it by", pages)
    start = " ".join(" ".join(page.text for page in first).split())[:120]
    return Verdict(DownloadReason.WRONG_WORK, f"its first pages do not show the work: {start!r}", pages)


def _described_as(document: Any) -> str:
    return " ".join(str(value) for value in (document.metadata or {}).values() if value)


def _has_text(pages: Sequence[_FirstPage]) -> bool:
    return sum(len(letters(page.text)) for page in pages) >= _FEWEST_LETTERS


@dataclass(frozen=True, slots=True)
class _FirstPage:
    """What one of the first pages says: all of it, and the part where a title stands (its top, its large print)."""

    text: str
    prominent: str


def _first_pages(document: Any) -> list[_FirstPage]:
    """The first pages up to a reference list: there the wanted work may be cited by another."""
    pages = []
    for number in range(min(document.page_count, _FIRST_PAGES)):
        text = document[number].get_text()
        heading = _REFERENCES.search(text)
        text = text[: heading.start()] if heading else text
        # A title on a later page, after a cover, stands at its very top; further down it is being talked about.
        top = text[: _LATER_TOP_LETTERS if number else _TOP_LETTERS]
        pages.append(_FirstPage(text, f"{top}\n{_large_print(document[number])}"))
        if heading:
            break
    return pages


def _top(text: str) -> str:
    return text[:_TOP_LETTERS]


def _large_print(page: Any) -> str:
    """Lines in a larger size than the text of the page."""
    spans = [
        span
        for block in page.get_text("dict", flags=pymupdf.TEXTFLAGS_TEXT)["blocks"]
        for line in block.get("lines", ())
        for span in line["spans"]
    ]
    sizes: Counter[float] = Counter()
    for span in spans:
        sizes[round(span["size"], 1)] += len(span["text"])
    if not sizes:
        return ""
    usual = sizes.most_common(1)[0][0]
    return "\n".join(span["text"] for span in spans if span["size"] > usual * _LARGER)


def _identity(pages: Sequence[_FirstPage], described: str, expectation: Expectation) -> str | None:
    text = "\n".join(page.text for page in pages)
    printed = dois_of.find(f"{text}\n{described}")
    by_doi = expectation.doi is not None and expectation.doi in printed
    if any(_shows_title(page.prominent, text, expectation) for page in pages):
        return "title and doi" if by_doi else "title"
    if by_doi and _is_its_own(text, expectation):
        return "doi"
    if expectation.arxiv is not None and pages and _is_stamped(pages[0].text, expectation.arxiv):
        return "arxiv"
    return "metadata" if _described(described, expectation) else None


def _is_stamped(text: str, identifier: str) -> bool:
    """arXiv prints "arXiv:1706.03762v7 [cs.CL] 2 Aug 2023" in the margin; a citation has no subject after it."""
    return re.search(rf"(?i)arxiv:\s*{re.escape(identifier)}(?:v\d+)?\s*\[", text) is not None


def _is_its_own(text: str, expectation: Expectation) -> bool:
    """A DOI without the title may be that of a work which is discussed or corrected here."""
    page = letters(text)
    title = letters(expectation.title or "")
    discussed = any(word in page[:300] and word not in title for word in _ABOUT_IT)
    return not discussed and (not expectation.authors or _shows_author(page, expectation))


def _shows_title(prominent: str, text: str, expectation: Expectation) -> bool:
    key = titles.key(expectation.title) if expectation.title else ""
    if not key:
        return False
    page = titles.key(prominent)
    place = page.find(key)
    if place < 0:
        place = _nearly_at(key, page)
    if place < 0 or _is_about_it(key, page[max(0, place - 40) : place]):
        return False
    if len(key) >= _SHORT_KEY and not titles.is_generic(expectation.title or ""):
        return True
    return _shows_author(letters(_top(text)), expectation)


def _nearly_at(key: str, page: str) -> int:
    if len(key) < _SHORT_KEY:
        return -1
    found = fuzz.partial_ratio_alignment(key, page, score_cutoff=_ALIKE)
    return found.dest_start if found is not None and len(page) >= len(key) else -1


def _is_about_it(key: str, before: str) -> bool:
    """ "Comment on “…”" shows the title of the work and is another."""
    return any(word in before and word not in key for word in _ABOUT_IT)


def _shows_author(page: str, expectation: Expectation) -> bool:
    families = (letters(names.family_key(person)) for person in expectation.authors)
    return any(len(family) > 2 and family in page for family in families)


def _described(described: str, expectation: Expectation) -> bool:
    """The title in the document's own description; programs fill it with anything, hence only a long one counts."""
    key = titles.key(expectation.title) if expectation.title else ""
    return len(key) >= _SHORT_KEY and key in titles.key(described)
