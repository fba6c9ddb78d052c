"""Pictures of pages as tesseract reads them.

Not ocrmypdf: it writes a whole new file first, whereas here pages are read from the last one backwards until the list
is whole, and the place of each line comes along (hOCR: https://kba.github.io/hocr-spec/1.2/).
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Sequence
from statistics import mean, median
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from msgspec.structs import replace

from dl_lit.extraction.cleaning import clean
from dl_lit.extraction.pages import Line
from dl_lit.extraction.programs import ProgramFailed, output_of

NAME = "tesseract"
DPI = 300  # what tesseract is trained for

_LEAST_SURE = 40  # per cent: below it a "line" is a speck, a stamp or a picture
_JITTER = 0.15  # sizes of type measured on a scan differ by so much within one type
_ASK_SECONDS = 10.0
_LINE = re.compile(r"ocr_(?:line|header|caption|textfloat)")
_ROTATE = re.compile(r"^Rotate: (90|180|270)$", re.M)
_PGM = re.compile(rb"P5\s(?:#[^\n]*\n)?(\d+)\s+(\d+)\s+255\s")
_PROPERTY = re.compile(r"(\w+) ([-\d. ]+)")


def program() -> str | None:
    """Where it is installed."""
    return shutil.which("tesseract")


def languages() -> tuple[str, ...]:
    """The languages that are installed; raises ProgramFailed."""
    listed = output_of(["tesseract", "--list-langs"], seconds=_ASK_SECONDS).decode(errors="replace").splitlines()
    return tuple(name for line in listed[1:] if (name := line.strip()))


def read_picture(
    picture: bytes, page: int, *, scale: float, languages: Sequence[str], seconds: float
) -> tuple[list[Line], bool]:
    """The lines of a page from its picture (PGM), and whether it lay on its side: their places are those upright.

    `scale` is points a pixel. Raises ProgramFailed.
    """
    ends = time.monotonic() + seconds
    dpi = str(round(72 / scale))
    command = ["tesseract", "-", "-", "-l", "+".join(languages), "--dpi", dpi, "-c", "tessedit_create_hocr=1"]
    elements = _elements(output_of(command, seconds=seconds, given=picture))
    turn = _turn(picture, dpi, ends - time.monotonic()) if _is_turned(elements) else 0
    if turn:
        picture = _turned(picture, turn)
        elements = _elements(output_of(command, seconds=max(1.0, ends - time.monotonic()), given=picture))
    lines = [line for element in elements if (line := _line(element, page, scale))]
    return _evened(lines), turn in (90, 270)


def _elements(hocr: bytes) -> list[Element]:
    try:
        root = ElementTree.fromstring(hocr.decode("utf-8", "replace"))
    except ElementTree.ParseError as error:
        raise ProgramFailed(f"tesseract wrote what is no XML: {error}") from error
    return [element for element in root.iter() if _LINE.fullmatch(element.get("class", ""))]


# ── pages on their side ──────────────────────────────────────────────────────────────────────────────────


def _is_turned(elements: Sequence[Element]) -> bool:
    """Most lines run up or down; of such a page tesseract may read the letters upside down."""
    boxes = (_property(element, "bbox", (0.0, 0.0, 0.0, 0.0)) for element in elements)
    return 2 * sum(y1 - y0 > x1 - x0 for x0, y0, x1, y1 in boxes) > len(elements)


def _turn(picture: bytes, dpi: str, seconds: float) -> int:
    """By how many degrees, clockwise, the picture must be turned to stand upright; 0 where nothing can tell."""
    command = ["tesseract", "-", "-", "--psm", "0", "--dpi", dpi]
    try:
        found = _ROTATE.search(output_of(command, seconds=max(1.0, seconds), given=picture).decode(errors="replace"))
    except ProgramFailed:  # its data for it (osd) is not installed, or the page has too few letters
        return 0
    return int(found[1]) if found else 0


def _turned(picture: bytes, degrees: int) -> bytes:
    """The PGM (binary, a byte a pixel) turned clockwise by 90, 180 or 270 degrees."""
    head = _PGM.match(picture)
    if head is None:
        return picture
    width, height, pixels = int(head[1]), int(head[2]), picture[head.end() :]
    if degrees == 180:
        return picture[: head.end()] + pixels[::-1]
    columns = [pixels[x : width * height : width] for x in range(width)]
    rows = [column[::-1] for column in columns] if degrees == 90 else columns[::-1]
    return b"P5\n%d %d\n255\n" % (height, width) + b"".join(rows)


# ── lines ────────────────────────────────────────────────────────────────────────────────────────────────


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
