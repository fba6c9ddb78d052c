"""Pages as poppler reads them: it knows ways of decoding fonts that MuPDF and pdfminer do not, but tells no type."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from dl_lit.extraction.cleaning import clean
from dl_lit.extraction.pages import Line, Page
from dl_lit.extraction.programs import ProgramFailed, output_of

NAME = "pdftotext"

_SPACE = "{http://www.w3.org/1999/xhtml}"
# The printed text may hold characters that XML forbids; poppler passes them on.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_SIZE, _DESCENT = 0.9, 0.2  # of a word's height: poppler gives the font's box, which is a little larger than its size


def program() -> str | None:
    """Where it is installed."""
    return shutil.which("pdftotext")


def read_pages(path: Path, numbers: Sequence[int], *, seconds: float) -> Iterator[Page]:
    """The pages `numbers` (from 1, rising); raises ProgramFailed. `seconds` holds for each run of neighbours."""
    for first, last in _runs(numbers):
        command: list[str | Path] = [
            "pdftotext",
            "-bbox-layout",
            "-f",
            str(first),
            "-l",
            str(last),
            path.absolute(),
            "-",
        ]
        text = _NOT_XML.sub("\ufffd", output_of(command, seconds=seconds).decode("utf-8", "replace"))
        try:
            found = list(ElementTree.fromstring(text, forbid_entities=False).iter(f"{_SPACE}page"))
        except ElementTree.ParseError as error:
            raise ProgramFailed(f"pdftotext wrote what is no XML: {error}") from error
        for number, page in enumerate(found, first):
            lines = (_line(line, number) for line in page.iter(f"{_SPACE}line"))
            yield Page(number, float(page.get("width", 0)), float(page.get("height", 0)), tuple(filter(None, lines)))


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring numbers as (first, last)."""
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        yield run[0], run[-1]


def _line(element: Element, page: int) -> Line | None:
    words = [word for word in element.iter(f"{_SPACE}word") if word.text]
    text = clean(" ".join(word.text or "" for word in words)).strip()
    if not text:
        return None
    main = max(words, key=lambda word: len(word.text or ""))
    height = _number(main, "yMax") - _number(main, "yMin")
    return Line(
        text=text,
        x0=_number(element, "xMin"),
        y0=_number(element, "yMin"),
        x1=_number(element, "xMax"),
        y1=_number(element, "yMax"),
        baseline=_number(main, "yMax") - _DESCENT * height,
        size=_SIZE * height,
        page=page,
    )


def _number(element: Element, name: str) -> float:
    return float(element.get(name, 0))
