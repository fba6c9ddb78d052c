"""Sets paragraphs into columns and pages of a PDF: line breaking, hyphenation, justification, running heads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import pymupdf

from dl_lit.standin.citing import Face, Run

Align = Literal["left", "justify", "centre"]

_VOWELS = set("aeiouyäöüáéíóúàèêâ")
_URL = re.compile(r"https?://|10\.\d{4,9}/|www\.")
_FONTS = {
    "times": {Face.ROMAN: "tiro", Face.ITALIC: "tiit", Face.BOLD: "tibo", Face.RAISED: "tiro"},
    "helvetica": {Face.ROMAN: "helv", Face.ITALIC: "heit", Face.BOLD: "hebo", Face.RAISED: "helv"},
}


@cache
def font(family: str, face: Face) -> Any:
    return pymupdf.Font(_FONTS[family][face])


class _Advances(dict[str, float]):
    """Widths of characters in ems; asking MuPDF for each letter again would take most of the time."""

    def __init__(self, face: Any) -> None:
        self._face = face

    def __missing__(self, char: str) -> float:
        return self.setdefault(char, float(self._face.glyph_advance(ord(char))))


class _Codes(dict[int, str]):
    """Glyph numbers as a PDF string wants them; a table for `str.translate`."""

    def __init__(self, face: Any) -> None:
        self._face = face

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, f"{self._face.has_glyph(code):04x}")


@cache
def advances(family: str, face: Face) -> _Advances:
    return _Advances(font(family, face))


@cache
def codes(family: str, face: Face) -> _Codes:
    return _Codes(font(family, face))


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph is set; lengths in points. `first` and `rest` are indents from the column's left edge."""

    size: float = 10
    leading: float = 12
    align: Align = "justify"
    first: float = 0
    rest: float = 0
    before: float = 0
    after: float = 0
    keep: int = 0  # lines that must still fit below it in the same column: headings stay with their text
    hyphenate: bool = True
    label_face: Face = Face.ROMAN
    label_gap: float = 0  # where text starts behind a label in the margin; 0: no label column


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph; `label` stands in the margin of its first line ("[12]")."""

    runs: tuple[Run, ...]
    look: Look
    label: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Page and column measures in points."""

    width: float = 595
    height: float = 842
    left: float = 70
    right: float = 70
    top: float = 76
    bottom: float = 80
    columns: int = 1
    gutter: float = 20
    family: str = "times"

    @property
    def column_width(self) -> float:
        return (self.width - self.left - self.right - (self.columns - 1) * self.gutter) / self.columns

    def column_left(self, column: int) -> float:
        return self.left + column * (self.column_width + self.gutter)


Piece = tuple[str, Face]
Word = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Line:
    words: tuple[Word, ...]
    indent: float
    width: float  # natural width of the words with single spaces
    last: bool


def words_of(runs: Iterable[Run]) -> list[Word]:
    """Splits at spaces only, so that a word may change its face in the middle ("*Nature*,")."""
    words: list[list[Piece]] = [[]]
    for run in runs:
        for number, text in enumerate(run.text.split(" ")):
            if number:
                words.append([])
            if text:
                words[-1].append((text, run.face))
    return [tuple(word) for word in words if word]


def width_of(word: Word, family: str, size: float) -> float:
    return sum(sum(map(advances(family, face).__getitem__, text)) * scale(face) for text, face in word) * size


def scale(face: Face) -> float:
    return 0.68 if face is Face.RAISED else 1.0


def splits(word: Word, hyphenate: bool) -> list[tuple[Word, Word]]:
    """Ways to break a word over two lines, the longest head first. URLs and DOIs break without a hyphen."""
    if len(word) != 1:
        return []
    text, face = word[0]
    if _URL.search(text):
        places = [m.end() for m in re.finditer(r"[/.\-_=]", text) if 6 < m.end() < len(text) - 2]
        return [(((text[:at], face),), ((text[at:], face),)) for at in reversed(places)]
    match = re.fullmatch(r"([„“‘(]*)([^\W\d_]+)([.,;:)”“’]*)", text)
    if not match or not hyphenate or len(match[2]) < 6 or match[2].isupper():
        return []
    start, core = len(match[1]), match[2].casefold()
    places = [start + at for at in range(3, len(core) - 2) if _syllable(core, at)]
    return [(((text[:at] + "-", face),), ((text[at:], face),)) for at in reversed(places)]


def _syllable(core: str, at: int) -> bool:
    """True before a consonant that a vowel follows and another sound precedes: "re-gard", "schaf-ten"."""
    if core[at] in _VOWELS or core[at + 1] not in _VOWELS:
        return False
    return core[at - 1 : at + 1] not in ("ch", "ck", "sc", "ph", "th", "qu", "sh", "gh", "wh", "st", "tr", "pr", "kr")


def break_lines(block: Block, width: float, family: str) -> list[Line]:
    look, words = block.look, words_of(block.runs)
    space = advances(family, Face.ROMAN)[" "] * look.size
    lines: list[Line] = []
    current: list[Word] = []
    used = 0.0
    while words:
        indent = (look.first if not lines else look.rest) + look.label_gap
        room = width - indent
        word = words.pop(0)
        need = width_of(word, family, look.size) + (space if current else 0)
        if used + need <= room:
            current.append(word)
            used += need
            continue
        gap = space if current else 0
        halves = splits(word, look.hyphenate)
        fitting = (half for half in halves if used + gap + width_of(half[0], family, look.size) <= room)
        head_tail = next(fitting, None) if used < room * 0.86 or not current else None
        if head_tail:
            current.append(head_tail[0])
            used += gap + width_of(head_tail[0], family, look.size)
            words.insert(0, head_tail[1])
        elif current:
            words.insert(0, word)
        else:  # a word wider than the column that nothing breaks: it sticks out
            current, used = [word], need
        lines.append(Line(tuple(current), indent, used, last=False))
        current, used = [], 0.0
    indent = (look.first if not lines else look.rest) + look.label_gap
    if current:
        lines.append(Line(tuple(current), indent, used, last=True))
    return lines


@dataclass(slots=True)
class Setter:
    """Pours blocks into the columns of growing pages. `y` is the top of the next line, counted from the page's top."""

    sheet: Sheet
    pages: list[list[str]] = field(default_factory=list)  # text operators, page by page
    faces: set[Face] = field(default_factory=set)
    column: int = 0
    y: float = 0
    column_top: float = 0

    def new_page(self) -> None:
        self.pages.append([])
        self.column, self.y, self.column_top = 0, self.sheet.top, self.sheet.top

    def _room(self) -> float:
        return self.sheet.height - self.sheet.bottom - self.y

    def _next_column(self) -> None:
        if self.column + 1 < self.sheet.columns:
            self.column += 1
            self.y = self.column_top
        else:
            self.new_page()

    def full_width(self, blocks: Iterable[Block]) -> None:
        """Title matter across all columns; the columns start below it."""
        width = self.sheet.width - self.sheet.left - self.sheet.right
        for block in blocks:
            self._set(block, break_lines(block, width, self.sheet.family), self.sheet.left, width)
        self.column_top = self.y

    def pour(self, blocks: Iterable[Block]) -> None:
        width = self.sheet.column_width
        for block in blocks:
            lines = break_lines(block, width, self.sheet.family)
            if self._room() < block.look.before + (1 + block.look.keep) * block.look.leading:
                self._next_column()
            self._set(block, lines, self.sheet.column_left(self.column), width)

    def _set(self, block: Block, lines: Sequence[Line], left: float, width: float) -> None:
        look = block.look
        self.y += look.before if self.y > self.column_top else 0
        for number, line in enumerate(lines):
            if self._room() < look.leading:
                self._next_column()
                left = self.sheet.column_left(self.column)
            baseline = self.y + look.size
            if number == 0 and block.label:
                self.put(left + look.first, baseline, ((block.label, look.label_face),), look.size)
            self._put_line(line, look, left, baseline, width)
            self.y += look.leading
        self.y += look.after

    def _put_line(self, line: Line, look: Look, left: float, baseline: float, width: float) -> None:
        slack = width - line.indent - line.width
        x = left + line.indent + (slack / 2 if look.align == "centre" else 0)
        gaps = len(line.words) - 1
        space = advances(self.sheet.family, Face.ROMAN)[" "] * look.size
        stretch = slack / gaps if look.align == "justify" and not line.last and gaps else 0.0
        if not stretch:
            self.put(x, baseline, _one_word(line.words), look.size)
            return
        for number, word in enumerate(line.words):
            spaced = word if number == gaps else (*word, (" ", Face.ROMAN))
            self.put(x, baseline, spaced, look.size)
            x += width_of(word, self.sheet.family, look.size) + space + max(stretch, -space / 3)

    def put(self, x: float, baseline: float, word: Word, size: float) -> None:
        family, operators = self.sheet.family, self.pages[-1]
        for text, face in word:
            self.faces.add(face)
            y = self.sheet.height - baseline + (0.34 * size if face is Face.RAISED else 0)
            font_size = size * scale(face)
            shown = text.translate(codes(family, face))
            operators.append(f"/{face} {font_size:.2f} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm <{shown}> Tj")
            x += width_of(((text, face),), family, size)

    def finish(self, metadata: dict[str, str]) -> bytes:
        """The file's bytes: fixed metadata and no random id, so that the same input gives the same bytes."""
        document: Any = pymupdf.open()
        for _ in self.pages:
            document.new_page(width=self.sheet.width, height=self.sheet.height)
        fonts = self._insert_fonts(document)
        for number, operators in enumerate(self.pages):
            page, content = document.page_xref(number), document.get_new_xref()
            document.xref_set_key(page, "Resources", f"<</Font<<{fonts}>>>>")
            document.update_object(content, "<<>>")
            document.update_stream(content, "\n".join(("BT", *operators, "ET")).encode(), compress=False)
            document.xref_set_key(page, "Contents", f"{content} 0 R")
        document.set_metadata(metadata)
        document.subset_fonts()
        data: bytes = document.tobytes(garbage=3, deflate=True, no_new_id=True)
        document.close()
        return data

    def _insert_fonts(self, document: Any) -> str:
        """Embeds the faces in use; returns the entries of a page's font dictionary."""
        xrefs: dict[str, int] = {}
        entries = []
        for face in sorted(self.faces):
            name = _FONTS[self.sheet.family][face]
            if name not in xrefs:  # under the font's own name MuPDF would ignore the buffer and not embed it
                buffer = font(self.sheet.family, face).buffer
                xrefs[name] = document[0].insert_font(fontname=f"embedded-{name}", fontbuffer=buffer)
            entries.append(f"/{face} {xrefs[name]} 0 R")
        return "".join(entries)


def _one_word(words: Sequence[Word]) -> Word:
    """The words of a line with single spaces, as few pieces as the faces allow."""
    pieces: list[Piece] = []
    for text, face in (piece for word in words for piece in (*word, (" ", Face.ROMAN))):
        if pieces and pieces[-1][1] is face:
            pieces[-1] = (pieces[-1][0] + text, face)
        else:
            pieces.append((text, face))
    return tuple(pieces)


def header(setter: Setter, page: int, baseline: float, size: float, left: Piece, right: str) -> None:
    """A line across a finished page, outside the columns: text at the left margin, page number at the right."""
    sheet = setter.sheet
    margin = Setter(sheet, pages=[setter.pages[page]], faces=setter.faces)
    margin.put(sheet.left, baseline, (left,), size)
    number = ((right, Face.ROMAN),)
    margin.put(sheet.width - sheet.right - width_of(number, sheet.family, size), baseline, number, size)
