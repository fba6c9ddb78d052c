"""Sets rows of text into columns, regions and pages of a PDF: justified or ragged, balanced or not, with furniture.

Richer and rougher than the stand-in's typesetting: what matters here is that pages differ as real ones do.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pymupdf

_FACES = {
    "times": ("tiro", "tibo", "tiit"),
    "helvetica": ("helv", "hebo", "heit"),
    "courier": ("cour", "cobo", "coit"),
}
ROMAN, BOLD, ITALIC = 0, 1, 2
_VOWELS = set("aeiouyäöüáéíóúàèêâãõ")
_BREAKS_OF_ADDRESS = re.compile(r"(?<=[/._=?&-])(?=\w)")


@cache
def font(family: str, face: int) -> Any:
    return pymupdf.Font(_FACES[family][face])


@cache
def _advance(family: str, face: int, char: str) -> float:
    return float(font(family, face).glyph_advance(ord(char)))


@cache
def _printable() -> frozenset[int]:
    sets = [set(font(family, face).valid_codepoints()) for family in ("times", "helvetica") for face in range(3)]
    return frozenset(set.intersection(*sets))


def can_print(text: str) -> bool:
    return all(ord(char) in _printable() for char in text)


def width_of(text: str, family: str, face: int, size: float) -> float:
    return sum(_advance(family, face, char) for char in text) * size


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph is set; lengths in points. `first` and `rest` are indents from the column's left edge."""

    size: float = 10
    leading: float = 12
    face: int = ROMAN
    align: str = "justify"  # or left, centre
    first: float = 0
    rest: float = 0
    before: float = 0
    hyphenate: bool = True
    label: str = ""  # stands at `first`, the text behind it at `rest`, unless `rest` is 0
    raised_label: bool = False
    keep: bool = False  # with the next row


@dataclass(frozen=True, slots=True)
class Row:
    """One line of type: pieces of (offset from the column's left edge, rise, text, face, size)."""

    pieces: tuple[tuple[float, float, str, int, float], ...]
    leading: float
    before: float = 0
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    width: float = 595
    height: float = 842
    left: float = 66
    right: float = 66
    top: float = 80
    bottom: float = 78
    gutter: float = 20
    family: str = "times"


@dataclass(slots=True)
class PageItems:
    """What stands on one page: (x, baseline, text, face, size, family)."""

    items: list[tuple[float, float, str, int, float, str]] = field(default_factory=list)
    baselines: list[float] = field(default_factory=list)
    watermark: str = ""


class Typesetter:
    """Pours rows into the columns of growing pages. `opened` runs on each new page and may set its floats and notes."""

    def __init__(self, sheet: Sheet, mangle: Callable[[str], str], line_end: str = "-") -> None:
        self.sheet, self.mangle, self.line_end = sheet, mangle, line_end
        self.pages: list[PageItems] = []
        self.float_rows: Callable[[int, float], list[Row]] = lambda page, width: []
        self.foot_rows: Callable[[int, float], list[Row]] = lambda page, width: []
        self.y = 0.0
        self.floor = 0.0

    # ── pages ──

    def new_page(self) -> None:
        self.pages.append(PageItems())
        sheet = self.sheet
        self.y, self.floor = sheet.top, sheet.height - sheet.bottom
        width = sheet.width - sheet.left - sheet.right
        notes = self.foot_rows(len(self.pages), width)
        if notes:
            self.floor -= sum(row.leading + row.before for row in notes) + 10
            self._stack(notes, sheet.left, self.floor + 10)
        for row in self.float_rows(len(self.pages), width):
            self.y = self._stack([row], sheet.left, self.y)

    def _stack(self, rows: Sequence[Row], left: float, y: float) -> float:
        for row in rows:
            y += row.before
            self._put(row, left, y)
            y += row.leading
        return y

    def _put(self, row: Row, left: float, y: float) -> None:
        page = self.pages[-1]
        for dx, rise, text, face, size in row.pieces:
            page.items.append((left + dx, y + 0.8 * row.leading - rise, text, face, size, self.sheet.family))
        page.baselines.append(y + 0.8 * row.leading)

    # ── regions ──

    def column_width(self, columns: int) -> float:
        sheet = self.sheet
        return (sheet.width - sheet.left - sheet.right - (columns - 1) * sheet.gutter) / columns

    def pour(self, rows: Sequence[Row], columns: int = 1, *, balance: bool = False) -> None:
        """Sets `rows` from the present height on; the next call goes on below the lowest column."""
        rest = list(rows)
        if not self.pages:
            self.new_page()
        while rest:
            top, room = self.y, self.floor - self.y
            if room < 4 * rest[0].leading:
                self.new_page()
                continue
            height = sum(row.leading + row.before for row in rest)
            if balance and height <= 0.97 * room * columns:
                room = min(room, height / columns + 1.5 * rest[0].leading)
            rest, lowest, is_full = self._columns(rest, top, room, columns)
            self.y = lowest
            if rest or (is_full and not balance and columns > 1):
                self.new_page()

    def _columns(self, rows: list[Row], top: float, room: float, columns: int) -> tuple[list[Row], float, bool]:
        width, lowest, at, used = self.column_width(columns), top, 0, 0
        for column in range(columns):
            left = self.sheet.left + column * (width + self.sheet.gutter)
            y = top
            while at < len(rows):
                row = rows[at]
                before = row.before if y > top else 0
                need = before + row.leading + (2 * rows[at + 1].leading if row.keep and at + 1 < len(rows) else 0)
                if y + need > top + room + 0.5:
                    break
                self._put(row, left, y + before)
                y += before + row.leading
                at += 1
                used = column
            lowest = max(lowest, y)
        return rows[at:], lowest, used > 0

    # ── paragraphs ──

    def rows(self, text: str, width: float, look: Look, *, family: str = "") -> list[Row]:
        """`text` broken into rows for a column of `width`."""
        family = family or self.sheet.family
        lines = self._broken(text, width, look, family)
        rows = []
        for number, words in enumerate(lines):
            last = number == len(lines) - 1
            indent = self._indent(look, number)
            pieces = _pieces(words, width - indent, look, family, justify=look.align == "justify" and not last)
            shift = (
                (width - width_of(" ".join(words), family, look.face, look.size)) / 2 if look.align == "centre" else 0
            )
            placed = [(indent + shift + dx, 0.0, self.mangle(word), look.face, look.size) for dx, word in pieces]
            if number == 0 and look.label:
                small = look.size * (0.65 if look.raised_label else 1)
                rise = 0.35 * look.size if look.raised_label else 0.0
                placed.insert(0, (look.first, rise, look.label, look.face, small))
            rows.append(Row(tuple(placed), look.leading, look.before if number == 0 else 0, look.keep))
        return rows

    def _indent(self, look: Look, number: int) -> float:
        if number or (look.label and look.rest):
            return look.rest
        label = width_of(look.label + " ", self.sheet.family, look.face, look.size) if look.label else 0
        return look.first + (0.65 * label if look.raised_label else label)

    def _broken(self, text: str, width: float, look: Look, family: str) -> list[list[str]]:
        space = width_of(" ", family, look.face, look.size)
        lines: list[list[str]] = [[]]
        used = 0.0
        words = text.split()
        while words:
            word = words.pop(0)
            room = width - self._indent(look, len(lines) - 1)
            need = width_of(word, family, look.face, look.size) + (space if lines[-1] else 0)
            if used + need <= room:
                lines[-1].append(word)
                used += need
                continue
            head, tail = self._split(word, room - used - space, look, family, force=not lines[-1])
            if head:
                lines[-1].append(head)
                words.insert(0, tail)
            elif lines[-1]:
                words.insert(0, word)
            else:
                lines[-1].append(word)
            lines.append([])
            used = 0.0
        return [line for line in lines if line]

    def _split(self, word: str, room: float, look: Look, family: str, *, force: bool) -> tuple[str, str]:
        """The longest head that fits, with its hyphen, and the tail; two empty strings when none does."""
        if re.search(r"https?:|www\.|10\.\d{4}", word):
            places = [(match.start(), "") for match in _BREAKS_OF_ADDRESS.finditer(word) if match.start() > 3]
        elif look.hyphenate:
            places = [(at, self.line_end) for at in _syllables(word)]
            places += [(match.end(), "") for match in re.finditer(r"\w{2}[-–](?=\w{2})", word)]
        else:
            places = []
        if force and not places:
            places = [(at, "") for at in range(3, len(word) - 2)]
        for at, hyphen in sorted(places, reverse=True):
            if width_of(word[:at] + hyphen, family, look.face, look.size) <= room:
                return word[:at] + hyphen, word[at:]
        return "", ""

    # ── output ──

    def save(self, path: str) -> None:
        document: Any = pymupdf.open()
        for page in self.pages:
            _write(document.new_page(width=self.sheet.width, height=self.sheet.height), page)
        document.subset_fonts()
        document.save(path, garbage=1, deflate=True, no_new_id=True)
        document.close()


def _write(sheet: Any, page: PageItems) -> None:
    writer: Any = pymupdf.TextWriter(sheet.rect)
    for x, baseline, text, face, size, family in page.items:
        if text.strip():
            writer.append((x, baseline), text, font=font(family, face), fontsize=size)
    writer.write_text(sheet)
    if page.watermark:
        _stamp(sheet, page.watermark)


def _stamp(sheet: Any, text: str) -> None:
    """Across the page at an angle (DRAFT), up its right margin, or lightly along its foot."""
    kind, _, words = text.partition(":")
    writer: Any = pymupdf.TextWriter(sheet.rect)
    middle: Any = pymupdf.Point(sheet.rect.width / 2, sheet.rect.height / 2)
    edge: Any = pymupdf.Point(sheet.rect.width - 14, sheet.rect.height - 150)
    matrix: Any = pymupdf.Matrix
    if kind == "across":
        writer.append((middle.x - 160, middle.y), words, font=font("helvetica", BOLD), fontsize=90)
        writer.write_text(sheet, color=(0.85, 0.85, 0.85), morph=(middle, matrix(45)))
    elif kind == "margin":
        writer.append(edge, words, font=font("helvetica", ROMAN), fontsize=7)
        writer.write_text(sheet, color=(0.4, 0.4, 0.4), morph=(edge, matrix(90)))
    else:  # upright and light, in the middle of the text
        writer.append((middle.x - 120, middle.y), words, font=font("helvetica", BOLD), fontsize=60)
        writer.write_text(sheet, color=(0.9, 0.9, 0.9))


def _pieces(words: list[str], width: float, look: Look, family: str, *, justify: bool) -> list[tuple[float, str]]:
    if not justify or len(words) < 2:
        return [(0.0, " ".join(words))]
    widths = [width_of(word, family, look.face, look.size) for word in words]
    gap = (width - sum(widths)) / (len(words) - 1)
    placed, x = [], 0.0
    for word, wide in zip(words, widths, strict=True):
        placed.append((x, word + " "))
        x += wide + gap
    placed[-1] = (placed[-1][0], words[-1])
    return placed


def _syllables(word: str) -> list[int]:
    match = re.fullmatch(r"([„“‘(\"]*)([^\W\d_]+)([.,;:)”“’\"]*)", word)
    if not match or len(match[2]) < 6 or match[2].isupper():
        return []
    start, core = len(match[1]), match[2].casefold()
    return [
        start + at
        for at in range(3, len(core) - 2)
        if core[at] not in _VOWELS
        and core[at + 1] in _VOWELS
        and core[at - 1 : at + 1] not in ("ch", "sc", "ph", "th", "qu")
    ]


def numbered_margin(setter: Typesetter, step: int, *, runs_on: bool) -> None:
    """Line numbers as in manuscripts: each `step`th line of all pages, or of each page anew."""
    count = 0
    for page in setter.pages:
        count = count if runs_on else 0
        for baseline in sorted(set(page.baselines)):
            count += 1
            if count % step == 0:
                x = setter.sheet.left - 26 - 4 * len(str(count))
                page.items.append((x, baseline, str(count), ROMAN, 8, "helvetica"))


def mangler(chance: random.Random, kind: str) -> Callable[[str], str]:
    """What programs do to letters: ligatures, accents printed apart from their letters, or nothing."""
    if kind == "ligatures":
        return lambda text: text.replace("fi", "\ufb01").replace("fl", "\ufb02")
    if kind in ("accent before", "accent behind"):
        accents = {"ä": "a¨", "ö": "o¨", "ü": "u¨", "Ä": "A¨", "Ö": "O¨", "Ü": "U¨", "é": "e´", "á": "a´", "ó": "o´"}
        back = kind == "accent behind"
        table = {letter: f"{pair[0]} {pair[1]}" if back else pair[::-1] for letter, pair in accents.items()}
        return lambda text: "".join(table.get(char, char) for char in text)
    return lambda text: text
