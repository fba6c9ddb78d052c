"""What `extract-bib-pages` and `--explain` hand over: pages of a bibliography, and what each line was taken for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dl_lit.model import PdfReason


@dataclass(frozen=True, slots=True)
class BibliographyPages:
    """The pages of a PDF that hold its reference lists: their `numbers`, from 1, and a PDF of them, or the reason.

    `wants_ocr` and `quality` as in `Extraction`.
    """

    numbers: tuple[int, ...] = ()
    pdf: bytes | None = None
    reason: PdfReason | None = None
    detail: str | None = None
    quality: float | None = None
    wants_ocr: bool = False


class LineRole(StrEnum):
    """What a line of a page was taken for."""

    FURNITURE = "furniture"  # running heads, page numbers, line numbers, watermarks
    TEXT = "text"
    HEADING = "heading"  # of a list
    REFERENCE = "reference"  # the first line of one
    CONTINUED = "continued"
    LEFT_OUT = "left out"  # within a list, and no reference
    NOTE = "note"  # of a note that cites


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A line, what it was taken for and why. Coordinates are points from the page's top left corner."""

    page: int
    text: str
    role: LineRole
    why: str
    x0: float
    y0: float
    x1: float
    y1: float
    number: int | None = None  # of the reference, from 1


@dataclass(frozen=True, slots=True)
class Explanation:
    """How the lines of some pages of a file were read. `pictures` are PNG files by page number.

    `remarks` say what was asked for and could not be shown; `wants_ocr` and `quality` as in `Extraction`.
    """

    lines: tuple[ExplainedLine, ...] = ()
    backend_note: str | None = None
    pictures: tuple[tuple[int, bytes], ...] = ()
    reason: PdfReason | None = None
    detail: str | None = None
    remarks: tuple[str, ...] = ()
    quality: float | None = None
    wants_ocr: bool = False
