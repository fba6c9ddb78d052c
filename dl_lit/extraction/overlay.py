"""Pictures of pages with a coloured box around each line, by what it was taken for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pymupdf

from dl_lit.extraction.backends.pymupdf import ERRORS, silence
from dl_lit.extraction.opening import named_plainly
from dl_lit.page_views import ExplainedLine, LineRole

DOTS_PER_INCH = 110
_POINTS_PER_INCH = 72
_MOST_POINTS = 2500.0  # a page larger than a poster is drawn smaller

# Red, green, blue from 0 to 1, apart also for people who see no red or green (Okabe and Ito's palette).
COLOURS = {
    LineRole.FURNITURE: (0.60, 0.60, 0.60),
    LineRole.HEADING: (0.80, 0.47, 0.65),
    LineRole.REFERENCE: (0.00, 0.45, 0.70),
    LineRole.CONTINUED: (0.34, 0.71, 0.91),
    LineRole.LEFT_OUT: (0.84, 0.37, 0.00),
    LineRole.NOTE: (0.00, 0.62, 0.45),
}
_NUMBER_SIZE = 7

_open: Any = pymupdf.Document  # PyMuPDF has no annotations


def pictures_of(path: Path, lines: Iterable[ExplainedLine]) -> tuple[tuple[int, bytes], ...]:
    """A PNG of each page that `lines` are of, by page number; a page that cannot be drawn is left out."""
    by_page: defaultdict[int, list[ExplainedLine]] = defaultdict(list)
    for line in lines:
        by_page[line.page].append(line)
    silence()
    with named_plainly(path) as plain, _open(plain, filetype="pdf") as document:
        drawn = ((number, _drawn(document, number, by_page[number])) for number in sorted(by_page))
        return tuple((number, picture) for number, picture in drawn if picture is not None)


def _drawn(document: Any, number: int, lines: Iterable[ExplainedLine]) -> bytes | None:
    try:
        page = document.load_page(number - 1)
        for line in lines:
            if line.role in COLOURS:
                _mark(page, line)
        zoom = DOTS_PER_INCH / _POINTS_PER_INCH * min(1.0, _MOST_POINTS / max(page.rect.width, page.rect.height))
        return bytes(page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), alpha=False).tobytes("png"))
    except ERRORS:
        return None


def _mark(page: Any, line: ExplainedLine) -> None:
    colour = COLOURS[line.role]
    page.draw_rect(
        (line.x0 - 1, line.y0, line.x1 + 1, line.y1), color=colour, fill=colour, fill_opacity=0.2, stroke_opacity=0.8
    )
    if line.number is not None and line.role is not LineRole.CONTINUED:
        page.insert_text((max(1.0, line.x0 - 16), line.y1 - 2), str(line.number), fontsize=_NUMBER_SIZE, color=colour)
