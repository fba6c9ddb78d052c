"""Pages as pdfminer reads them: forty times slower than MuPDF, for the files whose fonts MuPDF cannot decode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber

from dl_lit.extraction.cleaning import clean
from dl_lit.extraction.pages import Line, Page

NAME = "pdfplumber"

_COLUMN_GAP = (
    1.1  # in sizes of type: words further apart than this stand in different columns (layout joins them if not)
)


def read_pages(path: Path, numbers: Sequence[int]) -> Iterator[Page]:
    """The pages `numbers` (from 1) in turn; raises what pdfminer raises."""
    # The file is ours to close: pdfplumber, when a page breaks it, breaks again while it closes, and leaves it open.
    with path.open("rb") as file, pdfplumber.open(file) as document:
        for number in numbers:
            page = document.pages[number - 1]
            yield _page(page, number)
            page.close()  # pdfplumber keeps every letter of every page otherwise


def _page(page: Any, number: int) -> Page:
    words = page.extract_words(extra_attrs=["size", "fontname"], use_text_flow=False, keep_blank_chars=False)
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(
        (word for word in words if word["upright"]), key=lambda word: (round(word["bottom"]), word["x0"])
    ):
        if rows and abs(rows[-1][0]["bottom"] - word["bottom"]) < 0.35 * max(word["size"], 1):
            rows[-1].append(word)
        else:
            rows.append([word])
    pieces = [piece for row in rows for piece in _pieces(sorted(row, key=lambda word: float(word["x0"])))]
    lines = tuple(line for piece in pieces if (line := _line(piece, number)))
    return Page(number, float(page.width), float(page.height), lines)


def _pieces(row: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    pieces = [[row[0]]]
    for before, word in pairwise(row):
        if word["x0"] - before["x1"] > _COLUMN_GAP * word["size"]:
            pieces.append([])
        pieces[-1].append(word)
    return pieces


def _line(words: list[dict[str, Any]], page: int) -> Line | None:
    text = clean(" ".join(word["text"] for word in words)).strip()
    if not text:
        return None
    main = max(words, key=lambda word: len(word["text"]))
    font = str(main["fontname"])
    return Line(
        text=text,
        x0=float(words[0]["x0"]),
        y0=float(min(word["top"] for word in words)),
        x1=float(words[-1]["x1"]),
        y1=float(max(word["bottom"] for word in words)),
        baseline=float(main["bottom"]) - 0.2 * float(main["size"]),
        size=float(main["size"]),
        font=font,
        bold=any(name in font.lower() for name in ("bold", "black", "heavy")),
        italic=any(name in font.lower() for name in ("italic", "oblique")),
        page=page,
    )
