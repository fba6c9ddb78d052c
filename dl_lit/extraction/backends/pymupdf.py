"""Pages as MuPDF reads them: fast, with fonts and exact places."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pymupdf

from dl_lit.extraction.cleaning import clean
from dl_lit.extraction.pages import Line, Link, Metadata, Page, has_letters
from dl_lit.identity import doi

NAME = "pymupdf"

ERRORS: tuple[type[Exception], ...] = (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase)  # what a bad file raises

TEXT_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
_ITALIC, _BOLD = 2, 16
_BOLD_NAMES = ("bold", "black", "heavy", "demi")
# One page's fonts and pictures are rarely wanted again; MuPDF's own cache would grow to 256 MB.
_STORE_PERCENT_FREED = 70
_LONGEST_XMP = 100_000  # characters; the rest is the history of a layout program
_MOST_PIXELS = 15_000_000  # of a page's picture; A4 at 300 dpi has 8.7 million
_FEWEST_LETTERS = 150

_Span = dict[str, Any]  # letters of one look, as PyMuPDF describes them

_tools: Any = pymupdf.TOOLS  # PyMuPDF has no annotations; what comes out of it is converted below
_open: Any = pymupdf.Document


def silence() -> None:
    """MuPDF writes its complaints to stdout, where they would end up among the results."""
    _tools.mupdf_display_errors(False)
    _tools.mupdf_display_warnings(False)


def shrink_cache() -> None:
    """Gives memory back between the pages of a long file."""
    _tools.store_shrink(_STORE_PERCENT_FREED)


class Document:
    """An open PDF whose pages are read one at a time. Raises ERRORS."""

    def __init__(self, path: Path) -> None:
        silence()
        self._file: Any = _open(path, filetype="pdf")

    def __enter__(self) -> Document:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    @property
    def is_pdf(self) -> bool:
        return bool(self._file.is_pdf)

    @property
    def is_repaired(self) -> bool:
        return bool(self._file.is_repaired)

    @property
    def needs_password(self) -> bool:
        return bool(self._file.needs_pass)

    @property
    def page_count(self) -> int:
        return int(self._file.page_count)

    @property
    def metadata(self) -> Metadata:
        """A DOI is taken from XMP or the subject, if there is exactly one."""
        info = {name: str(value or "") for name, value in (self._file.metadata or {}).items()}
        xmp = self._file.get_xml_metadata()[:_LONGEST_XMP]
        told = [info.get("subject", ""), *xmp.replace(">", "<").split("<")]
        found = {one for text in told if "10." in text for one in doi.find(html.unescape(text))}
        return Metadata(
            title=clean(info.get("title", "")).strip(),
            author=clean(info.get("author", "")).strip(),
            doi=found.pop() if len(found) == 1 else None,
        )

    def page(self, number: int) -> Page:
        """The page `number`, from 1."""
        page = self._file.load_page(number - 1)
        blocks = page.get_text("dict", flags=TEXT_FLAGS)["blocks"]
        lines = tuple(line for block in blocks if block["type"] == 0 for line in _lines(block, number))
        images = 0 if _is_text(lines) else len(page.get_images())
        area = page.rect
        return Page(number, float(area.width), float(area.height), lines, images, tuple(_links(page)))

    def picture(self, number: int, *, dpi: int) -> tuple[bytes, float]:
        """The page `number` (from 1) printed in grey as PNM, and how many points a pixel is."""
        page = self._file.load_page(number - 1)
        area = max(1.0, float(page.rect.width) * float(page.rect.height))
        zoom = min(dpi / 72, (_MOST_PIXELS / area) ** 0.5)
        pixmap = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csGRAY, alpha=False)
        return bytes(pixmap.tobytes("pgm")), 1 / zoom

    def plain_text(self, number: int) -> str:
        """The bare text of a page, several times faster than `page`."""
        return str(self._file.load_page(number - 1).get_text("text", flags=TEXT_FLAGS))


def _is_text(lines: Sequence[Line]) -> bool:
    """More than the stamp ("Downloaded from ...") that archives print over each page of a scan."""
    return has_letters(lines, _FEWEST_LETTERS)


def _links(page: Any) -> Iterator[Link]:
    """Publishers print "[CrossRef]" and hide the DOI behind it."""
    # MuPDF's own list: get_links() looks up the target of every link inside the file, and takes half as long as the
    # text; first_link and next list all annotations of the page again for each link.
    for link in pymupdf.mupdf.fz_load_links(page.this):
        uri = link.uri() or ""
        found = doi.normalise(uri) if "10." in uri else None
        if found:
            place = link.rect()
            yield Link(found, place.x0, place.y0, place.x1, place.y1)


def _lines(block: dict[str, Any], page: int) -> Iterator[Line]:
    """MuPDF cuts a line at each wide gap; inside one of its blocks the pieces on one baseline belong together."""
    pieces: list[list[_Span]] = []
    last = None
    for piece in block["lines"]:
        if piece["dir"][0] <= 0.9 or not piece["spans"]:
            continue  # not upright
        if last is not None and not _continues(last, piece):
            yield from _line(pieces, page)
            pieces = []
        pieces.append(piece["spans"])
        last = piece
    yield from _line(pieces, page)


def _continues(last: dict[str, Any], piece: dict[str, Any]) -> bool:
    """The piece stands right of the last one on the same baseline."""
    before, after = last["spans"][-1], piece["spans"][0]
    size = max(before["size"], after["size"])
    level = abs(before["origin"][1] - after["origin"][1]) < 0.35 * size
    return bool(level and -0.5 * size < piece["bbox"][0] - last["bbox"][2] < 4 * size)


def _line(pieces: Sequence[Sequence[_Span]], page: int) -> Iterator[Line]:
    """The line that the pieces make, or nothing where nothing is printed.

    One pass in plain steps: MuPDF ends a span at every wide space, so a page easily has a thousand of them.
    """
    texts: list[str] = []
    main: _Span = {}
    letters = longest = bold = italic = 0
    x0 = y0 = math.inf
    x1 = y1 = -math.inf
    for spans in pieces:
        texts.append(" ")
        for span in spans:
            text = span["text"]
            texts.append(text)
            if text.isspace() or not text:
                continue
            length = len(text)
            letters += length
            if length > longest:
                longest, main = length, span
            flags = span["flags"]
            bold += length if flags & _BOLD or _is_bold(span["font"]) else 0
            italic += length if flags & _ITALIC else 0
            left, top, right, bottom = span["bbox"]
            x0 = left if left < x0 else x0
            y0 = top if top < y0 else y0
            x1 = right if right > x1 else x1
            y1 = bottom if bottom > y1 else y1
    printed = clean("".join(texts)).strip()
    if printed and main:
        is_bold, is_italic = 2 * bold > letters, 2 * italic > letters
        yield Line(printed, x0, y0, x1, y1, main["origin"][1], main["size"], main["font"], is_bold, is_italic, page)


@lru_cache(maxsize=512)  # a file has a few fonts and a thousand lines
def _is_bold(font: str) -> bool:
    return any(name in font.lower() for name in _BOLD_NAMES)
