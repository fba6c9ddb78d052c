"""Where the text of a file comes from: which program reads which pages, and which of their results is taken.

A PDF goes to MuPDF; where its text is poor, to pdfminer; where that is poor too, to poppler; a scan, or what all of
them read badly, to tesseract (`recognising`). Other documents go to pandoc.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from dl_lit.errors import UnreadableDocument
from dl_lit.extraction import documents, kinds, latex
from dl_lit.extraction.backends import pandoc, pdfplumber, pdftotext, pymupdf, tesseract
from dl_lit.extraction.choosing import READ_WHOLE, worth_reading
from dl_lit.extraction.limits import FileLimits
from dl_lit.extraction.opening import is_out_of_memory, kind_of, open_pdf
from dl_lit.extraction.pages import Metadata, Page, has_letters
from dl_lit.extraction.quality import POOR, quality
from dl_lit.model import PdfReason

T = TypeVar("T")

_SHARE_FOR_CHOOSING = 0.6  # of the time limit: of a huge file, its end is looked through first
_SLOW_PAGES = 120  # as many as pdfplumber reads in about ten seconds
_FEWEST_LETTERS = 60  # a file with fewer has no text worth the name
_SCANNED = 0.8  # of the pages: a scan often comes with a cover sheet that has text
# Each reader after the first may go on until this part of the time limit is over, so that the next one has a chance.
_SHARES = {pdfplumber.NAME: 0.5, pdftotext.NAME: 0.8}
_SHARE_FOR_PANDOC = 0.8


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a file as one backend gives it.

    `note` tells what each backend tried came to. `page_count` is 0 for a document without pages. `remark` says, for a
    person, what was left unread.
    """

    pages: tuple[Page, ...]
    backend: str
    quality: float
    page_count: int
    note: str = ""
    remark: str | None = None
    is_repaired: bool = False
    metadata: Metadata = field(default_factory=Metadata)

    @property
    def is_scan(self) -> bool:
        """Its pages are pictures, or hold nothing at all."""
        lines = (line for page in self.pages for line in page.lines)
        pictures = sum(page.images > 0 for page in self.pages)
        return not has_letters(lines, _FEWEST_LETTERS) or (pictures > 0 and pictures >= _SCANNED * len(self.pages))

    @property
    def wants_ocr(self) -> bool:
        """Only tesseract could do better, and it is there."""
        has_pictures = any(page.images for page in self.pages)
        garbled = self.quality < POOR and any(page.lines for page in self.pages)
        needed = garbled or (self.is_scan and has_pictures)
        return needed and self.backend not in (tesseract.NAME, pandoc.NAME) and tesseract.program() is not None


def read(path: Path, limits: FileLimits, ends: float) -> Reading:
    """The file's text; raises UnreadableDocument or MemoryError. `ends` is when the time is over (time.monotonic)."""
    form = kind_of(path, max_bytes=limits.max_bytes)
    if form != kinds.PDF:
        return _document(path, form, limits, ends)
    reading, numbers = _first(path, limits)
    readings = [reading]
    notes = [_note(reading)]
    if any(page.lines for page in reading.pages):
        for name, read_again in _others(path, numbers, limits, ends).items():
            if max(one.quality for one in readings) >= POOR:
                break
            try:
                pages = read_again()
            except MemoryError:
                raise
            except Exception as error:  # pdfminer raises anything at all on odd files; the other texts remain then
                notes.append(f"{name} failed ({type(error).__name__}: {error})"[:120])
                continue
            readings.append(replace(reading, pages=pages, backend=name, quality=quality_of(pages)))
            notes.append(_note(readings[-1]))
    best = max(readings, key=lambda one: one.quality)  # of equals the first, which reads fonts best
    return replace(best, note=", ".join(notes))


def _note(reading: Reading) -> str:
    return f"{reading.backend} {reading.quality:.2f}"


def quality_of(pages: Sequence[Page]) -> float:
    """The quality of the text from its end on, where the references stand."""
    return quality(page.text for page in reversed(pages))


# ── PDFs ─────────────────────────────────────────────────────────────────────────────────────────────────


def _first(path: Path, limits: FileLimits) -> tuple[Reading, list[int]]:
    """MuPDF's text, and the numbers of the pages that were worth reading."""
    with open_pdf(path, max_bytes=limits.max_bytes) as document:
        numbers = _numbers(document, limits)
        pages = tuple(page for _, page in each(numbers, document.page))
        reading = Reading(
            pages,
            pymupdf.NAME,
            quality_of(pages),
            document.page_count,
            is_repaired=document.is_repaired,
            metadata=_metadata(document),
        )
    return reading, numbers


def _metadata(document: pymupdf.Document) -> Metadata:
    try:
        return document.metadata
    except pymupdf.ERRORS:
        return Metadata()


def _numbers(document: pymupdf.Document, limits: FileLimits) -> list[int]:
    count = document.page_count
    if count <= READ_WHOLE:
        return list(range(1, count + 1))
    enough = time.monotonic() + _SHARE_FOR_CHOOSING * limits.seconds
    from_the_end = itertools.takewhile(lambda _: time.monotonic() < enough, range(count, 0, -1))
    return worth_reading(count, each(from_the_end, document.plain_text))


def each(numbers: Iterable[int], read: Callable[[int], T]) -> Iterator[tuple[int, T]]:
    """Each number with what `read` makes of that page; a broken page costs itself only."""
    for done, number in enumerate(numbers, 1):
        try:
            yield number, read(number)
        except pymupdf.ERRORS as error:
            if is_out_of_memory(error):
                raise MemoryError(str(error)) from error
        if done % 50 == 0:
            pymupdf.shrink_cache()


def _others(
    path: Path, numbers: Sequence[int], limits: FileLimits, ends: float
) -> dict[str, Callable[[], tuple[Page, ...]]]:
    """The other readers that are there, each for the last pages, where lists stand, and the first ones."""
    wanted = [*numbers[:2], *numbers[2:][-_SLOW_PAGES:]]

    def left(name: str) -> float:
        return ends - (1 - _SHARES[name]) * limits.seconds - time.monotonic()

    def with_pdfplumber() -> tuple[Page, ...]:
        until = time.monotonic() + left(pdfplumber.NAME)
        pages = pdfplumber.read_pages(path, wanted[::-1])
        return _rising(itertools.takewhile(lambda _: time.monotonic() < until, pages))

    def with_pdftotext() -> tuple[Page, ...]:
        return _rising(pdftotext.read_pages(path, wanted, seconds=left(pdftotext.NAME)))

    readers = {pdfplumber.NAME: with_pdfplumber}
    if pdftotext.program() is not None:
        readers[pdftotext.NAME] = with_pdftotext
    return readers


def _rising(pages: Iterable[Page]) -> tuple[Page, ...]:
    return tuple(sorted(pages, key=lambda page: page.number))


# ── other documents ──────────────────────────────────────────────────────────────────────────────────────


def _document(path: Path, form: str, limits: FileLimits, ends: float) -> Reading:
    content = _content(path)
    if form in ("html", "latex", "markdown"):
        content = _source(path, form, content, limits).encode("utf-8", "replace")
    seconds = ends - (1 - _SHARE_FOR_PANDOC) * limits.seconds - time.monotonic()
    tree = pandoc.tree(content, form, seconds=seconds, memory_bytes=limits.memory_bytes)
    try:
        pages = documents.pages_of(tree)
    except RecursionError as error:
        raise UnreadableDocument("its parts are nested too deeply", reason=PdfReason.DAMAGED) from error
    return _described(pages, form, content)


def _described(pages: tuple[Page, ...], form: str, content: bytes) -> Reading:
    score = quality_of(pages)
    remark = latex.missing_list(content.decode("utf-8")) if form == "latex" else None
    return Reading(pages, pandoc.NAME, score, 0, note=f"{pandoc.NAME} ({form}) {score:.2f}", remark=remark)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(error.strerror or str(error), reason=PdfReason.UNREADABLE) from error


def _source(path: Path, form: str, content: bytes, limits: FileLimits) -> str:
    source = kinds.decoded(content)
    if form != "latex":
        return source
    source = latex.with_parts(source, path, _parts_reader(limits.max_bytes))
    bbl = latex.bbl_beside(path, limits.max_bytes)
    return latex.prepared(source, kinds.decoded(bbl) if bbl else None)


def _parts_reader(most: int) -> Callable[[Path], str | None]:
    """Reads the parts of one document, as long as they hold no more than `most` bytes together."""
    left, count = most, 0

    def read(part: Path) -> str | None:
        nonlocal left, count
        count += 1
        found = latex.content_of(part, left) if count <= latex.MOST_PARTS else None
        left -= len(found or b"")
        return None if found is None else kinds.decoded(found)

    return read
