"""Pages as MuPDF reads them: fast, with fonts and exact places."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pymupdf

from dl_lit.extraction.backends.runs import TEXT_FLAGS, lines_of
from dl_lit.extraction.cleaning import clean
from dl_lit.extraction.pages import Line, Link, Metadata, Page, has_letters
from dl_lit.identity import doi

NAME = "pymupdf"

ERRORS: tuple[type[Exception], ...] = (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase)  # what a bad file raises

# One page's fonts and pictures are rarely wanted again; MuPDF's own cache would grow to 256 MB.
_STORE_PERCENT_FREED = 70
_LONGEST_XMP = 100_000  # characters; the rest is the history of a layout program
_MOST_PIXELS = 15_000_000  # of a page's picture; A4 at 300 dpi has 8.7 million
_FEWEST_LETTERS = 150

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
        lines = lines_of(page, number)
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
