"""Lines out of MuPDF's own description of a page: its runs (letters of one font) put together again.

PyMuPDF's dictionaries hold the same in three to four times as many pieces: one ends at each space that MuPDF puts in,
a run only where the font changes. Lengths are thousandths of a point here, for MuPDF's JSON has whole numbers.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import msgspec
import pymupdf
from msgspec.structs import replace

from dl_lit.extraction.cleaning import clean
from dl_lit.extraction.pages import Line

TEXT_FLAGS: int = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
_RUN_FLAGS: int = TEXT_FLAGS | pymupdf.TEXT_PRESERVE_SPANS
_SCALE = 1000
_BOLD_NAMES = ("bold", "black", "heavy", "demi")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_DIRECTION = re.compile(r'<line [^>]*?\bdir="(\S+) ')  # the cosine of the line's angle
_UPRIGHT = 0.9  # the least cosine
_MANY = 5  # lines of a page with numbers at their heads
_LEAST_GAP = 0.15  # of the type size
_ROUNDING = 0.05  # of the type size; the same letters' boxes differ by less

_mupdf: Any = pymupdf.mupdf


# What is used of MuPDF's JSON, by its names. None of it can be part of a cycle, so the collector need not look at it.
class _Font(msgspec.Struct, gc=False):
    name: str
    weight: str
    style: str
    size: int


class _Box(msgspec.Struct, gc=False):
    x: int
    y: int
    w: int
    h: int


class _Run(msgspec.Struct, gc=False):
    """`x` and `y` are those of the first letter, on the baseline."""

    text: str
    x: int
    y: int
    bbox: _Box
    font: _Font


class _Block(msgspec.Struct, gc=False):
    type: str
    lines: list[_Run] = []  # msgspec copies it


class _Page(msgspec.Struct, gc=False):
    blocks: list[_Block]


def lines_of(page: Any, number: int) -> tuple[Line, ...]:
    """The upright lines of a PyMuPDF page, block by block. Raises what MuPDF raises."""
    blocks = _blocks(page, _RUN_FLAGS)
    if _RIGHT_TO_LEFT.search("".join([run.text for block in blocks for run in block])):
        # Where letters run both ways only MuPDF knows which runs make a line; the whole lines name one font each.
        blocks = _blocks(page, TEXT_FLAGS)
    _mend_baselines([run for block in blocks for run in block])
    lines = tuple(line for block in blocks for line in _lines(block, number))
    unplaced = sum(line.head is not None and line.head[1] is None for line in lines)
    return _with_places(page, lines) if unplaced >= _MANY else lines


def _with_places(page: Any, lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines with the places of the texts behind their numbers, told by a second look at the page, without the
    spaces that MuPDF puts in."""
    found: dict[tuple[int, int], float] = {}
    for block in _blocks(page, _RUN_FLAGS | pymupdf.TEXT_INHIBIT_SPACES):
        for run, following in pairwise(block):
            found.setdefault((run.bbox.x // _SCALE, run.y // _SCALE), following.bbox.x / _SCALE)
    return tuple(
        replace(line, head=(line.head[0], found.get((int(line.x0), int(line.baseline)))))
        if line.head is not None and line.head[1] is None
        else line
        for line in lines
    )


# ── what MuPDF tells ─────────────────────────────────────────────────────────────────────────────────────


def _blocks(page: Any, flags: int) -> list[list[_Run]]:
    """The upright runs of each block of text."""
    text = page.get_textpage(flags=flags).this
    told = _page(_printed(_mupdf.fz_print_stext_page_as_json, text, _SCALE))
    blocks = [block.lines for block in told.blocks if block.type == "text"]
    if all([_starts_left(run) for block in blocks for run in block]):
        return blocks
    # Only the XML tells directions. Without its letters it is short, but most pages can do without it.
    printed = _printed(_mupdf.fz_print_stext_page_as_xml_with_flags, text, 0, 0)
    upright = [float(cosine) > _UPRIGHT for cosine in _DIRECTION.findall(printed.decode("utf-8", "replace"))]
    if len(upright) != sum(map(len, blocks)):
        raise ValueError("MuPDF's JSON and XML have different lines")
    answers = iter(upright)
    return [[run for run in block if next(answers)] for block in blocks]


def _page(told: bytes) -> _Page:
    try:
        return msgspec.json.decode(told, type=_Page)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # Broken fonts have control characters, which strict JSON has not, and codes that are no text.
        return msgspec.convert(json.loads(told.decode("utf-8", "replace"), strict=False), _Page, strict=False)


def _printed(print_page: Callable[..., None], *arguments: object) -> bytes:
    buffer = _mupdf.fz_new_buffer(0)
    output = _mupdf.FzOutput(buffer)
    print_page(output, *arguments)
    output.fz_close_output()
    content: bytes = buffer.fz_buffer_extract()
    return content


def _starts_left(run: _Run) -> bool:
    """Whether the first letter stands at the left edge: upright letters do, those that run up, down or back do not."""
    x = run.x
    left = run.bbox.x
    return bool(x == left or abs(x - left) <= 0.1 * run.font.size)


def _mend_baselines(runs: Iterable[_Run]) -> None:
    """Sets right the baselines of runs that begin with a space.

    MuPDF puts in the spaces that a PDF lacks, each where the last letter stood: behind a raised number, too high.
    The box reaches from there to the letters, so what the font has above and below the baseline tells where that is.
    """
    above: dict[str, float] = {}  # by font, parts of its size
    below: dict[str, float] = {}
    led = []
    for run in runs:
        if run.text[:1] == " ":
            led.append(run)
            continue
        font, box = run.font, run.bbox
        if font.size and font.name not in below:
            above[font.name] = (run.y - box.y) / font.size
            below[font.name] = (box.y + box.h - run.y) / font.size
    for run in led:
        font, box = run.font, run.bbox
        if font.name in below:
            lowest = box.y + box.h - below[font.name] * font.size
            highest = box.y + above[font.name] * font.size
            mended = lowest if lowest - run.y > run.y - highest else highest
            if abs(mended - run.y) > _ROUNDING * font.size:
                run.y = round(mended)


# ── lines ────────────────────────────────────────────────────────────────────────────────────────────────


def _lines(block: Sequence[_Run], page: int) -> Iterator[Line]:
    runs: list[_Run] = []
    pieces: list[str] = []
    for run in block:
        gap = _gap(runs[-1], run) if runs else ""
        if gap is None:
            yield from _line(runs, pieces, page)
            runs, pieces, gap = [], [], ""
        runs.append(run)
        pieces += gap, run.text
    yield from _line(runs, pieces, page)


def _gap(last: _Run, run: _Run) -> str | None:
    """What stands between two runs of one line; None where the second begins a line of its own.

    In a line of MuPDF's, letters move up or down by less than 0.8 of their size, so raised numbers belong to it; its
    runs hold all spaces. It ends where a gap is as wide; on one baseline the pieces belong together all the same.
    """
    before, after = last.font.size, run.font.size
    away = abs(run.y - last.y)
    if away >= 0.8 * after and away >= 0.35 * before:
        return None  # nearly all that begin one
    box = last.bbox
    along = run.bbox.x - box.x - box.w
    if away < 0.8 * after and -0.8 * after < along < 0.8 * after:
        return ""
    size = max(before, after)
    return " " if away < 0.35 * size and -0.5 * size < along < 4 * size else None


def _line(runs: Sequence[_Run], pieces: Sequence[str], page: int) -> Iterator[Line]:
    """The line that the runs make, or nothing where nothing is printed.

    One pass in plain steps: a page easily has some hundred runs.
    """
    text = "".join(pieces)
    printed = "" if text.isspace() else clean(text).strip()
    if not printed:
        return
    main = runs[0]
    letters = longest = bold = italic = 0
    x0 = y0 = math.inf
    x1 = y1 = -math.inf
    for at, run in enumerate(runs):
        text, font, box = run.text, run.font, run.bbox
        if text.isspace():
            if not _leads_in(runs, pieces, at):
                continue
        else:
            length = len(text)
            letters += length
            if length > longest:
                longest, main = length, run
            bold += length if font.weight == "bold" or _is_bold(font.name) else 0
            italic += length if font.style == "italic" else 0
        left, top = box.x, box.y
        right, bottom = left + box.w, top + box.h
        x0 = left if left < x0 else x0
        y0 = top if top < y0 else y0
        x1 = right if right > x1 else x1
        y1 = bottom if bottom > y1 else y1
    font = main.font
    yield Line(
        printed,
        x0 / _SCALE,
        y0 / _SCALE,
        x1 / _SCALE,
        y1 / _SCALE,
        main.y / _SCALE,
        font.size / _SCALE,
        _untagged(font.name),
        2 * bold > letters,
        2 * italic > letters,
        page,
        head=_number_at_head(runs),
    )


def _number_at_head(runs: Sequence[_Run]) -> tuple[int, float | None] | None:
    if len(runs) < 2 or not runs[0].text.isdecimal():
        return None
    if runs[1].text[0] == " ":  # put in by MuPDF, and as wide as the gap
        return len(runs[0].text), None
    gap = runs[1].bbox.x - runs[0].bbox.x - runs[0].bbox.w
    return (len(runs[0].text), runs[1].bbox.x / _SCALE) if gap > _LEAST_GAP * runs[0].font.size else None


def _leads_in(runs: Sequence[_Run], pieces: Sequence[str], at: int) -> bool:
    """Blanks right before letters of their font: a dash for the author named before may be drawn over them."""
    if at + 1 == len(runs):
        return False
    return not pieces[2 * at + 2] and bool(runs[at].font == runs[at + 1].font)


@lru_cache(maxsize=512)  # a file has a few fonts and a thousand lines
def _is_bold(font: str) -> bool:
    return any(name in font.lower() for name in _BOLD_NAMES)


def _untagged(font: str) -> str:
    """A font that is embedded in part has six letters before its name: "ABCDEF+Times"."""
    return font[7:] if font[6:7] == "+" else font
