"""Pictures of pages as tesseract reads them.

Not ocrmypdf: it writes a whole new file first, whereas here pages are read from the last one backwards until the list
is whole, and the place of each line comes along (hOCR: https://kba.github.io/hocr-spec/1.2/).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from statistics import mean, median
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from dl_lit.extraction.cleaning import clean
from dl_lit.extraction.pages import Line
from dl_lit.extraction.programs import ProgramFailed, output_of

NAME = "tesseract"
DPI = 300  # what tesseract is trained for

_LEAST_SURE = 40  # per cent: below it a "line" is a speck, a stamp or a picture
_JITTER = 0.15  # sizes of type measured on a scan differ by so much within one type
_ASK_SECONDS = 10.0
_LINE = re.compile(r"ocr_(?:line|header|caption|textfloat)")
_PROPERTY = re.compile(r"(\w+) ([-\d. ]+)")


def program() -> str | None:
    """Where it is installed."""
    return shutil.which("tesseract")


def languages() -> tuple[str, ...]:
    """The languages that are installed; raises ProgramFailed."""
    listed = output_of(["tesseract", "--list-langs"], seconds=_ASK_SECONDS).decode(errors="replace").splitlines()
    return tuple(name for line in listed[1:] if (name := line.strip()))


def read_picture(picture: bytes, page: int, *, scale: float, languages: Sequence[str], seconds: float) -> list[Line]:
    """The lines of a page from its picture (PNM); `scale` is points a pixel. Raises ProgramFailed."""
    dpi = str(round(72 / scale))
    command = ["tesseract", "-", "-", "-l", "+".join(languages), "--dpi", dpi, "-c", "tessedit_create_hocr=1"]
    output = output_of(command, seconds=seconds, given=picture)
    try:
        root = ElementTree.fromstring(output.decode("utf-8", "replace"))
    except ElementTree.ParseError as error:
        raise ProgramFailed(f"tesseract wrote what is no XML: {error}") from error
    elements = (element for element in root.iter() if _LINE.fullmatch(element.get("class", "")))
    return _evened([line for element in elements if (line := _line(element, page, scale))])


def _line(element: Element, page: int, scale: float) -> Line | None:
    words = [child for child in element.iter() if child.get("class") == "ocrx_word"]
    text = clean(" ".join("".join(word.itertext()).strip() for word in words)).strip()
    if not text or mean(_property(word, "x_wconf", (0.0,))[0] for word in words) < _LEAST_SURE:
        return None
    x0, y0, x1, y1 = _property(element, "bbox", (0.0, 0.0, 0.0, 0.0))
    _, offset = _property(element, "baseline", (0.0, 0.0))
    (size,) = _property(element, "x_size", (y1 - y0,))
    return Line(
        text=text,
        x0=x0 * scale,
        y0=y0 * scale,
        x1=x1 * scale,
        y1=y1 * scale,
        baseline=(y1 + offset) * scale,
        size=size * scale,
        page=page,
    )


def _property(element: Element, name: str, usual: tuple[float, ...]) -> tuple[float, ...]:
    """The numbers behind `name` in the element's title."""
    found = dict(_PROPERTY.findall(element.get("title", ""))).get(name, "")
    numbers = tuple(float(number) for number in found.split())
    return numbers if len(numbers) == len(usual) else usual


def _evened(lines: list[Line]) -> list[Line]:
    """Lines of about the usual size are set in the usual size."""
    if not lines:
        return lines
    usual = median(line.size for line in lines)
    return [replace(line, size=usual) if abs(line.size - usual) <= _JITTER * usual else line for line in lines]
