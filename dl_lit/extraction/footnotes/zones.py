"""Where the notes of a document are: at the feet of its pages in small type, or all together behind a heading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from msgspec.structs import replace

from dl_lit.extraction.footnotes.marks import Mark, chain, mark, with_marks
from dl_lit.extraction.headings import ends_list, heads_list, unspaced
from dl_lit.extraction.pages import Line

_SMALL = 0.93  # of the body's size: notes are set at least one point smaller
_WIDE_GAP = 2.4  # sizes of its type between two baselines: what follows is another thing
_FOOT = 0.55  # of the text's height: a note at the foot of a page ends below it
_FEWEST = 2  # notes


@dataclass(frozen=True, slots=True)
class Note:
    """One note: its lines, the first one without the mark, and its number (0 for a star)."""

    number: int
    lines: tuple[Line, ...]

    @property
    def texts(self) -> list[str]:
        return [line.text for line in self.lines]


def footnotes(lines: Sequence[Line]) -> list[Note]:
    """The notes at the feet of the pages, in their order."""
    body = _body_size(lines)
    return _notes([foot for page in _pages(lines) for foot in _feet(page, body)])


# ── feet ─────────────────────────────────────────────────────────────────────────────────────────────────


def _body_size(lines: Sequence[Line]) -> float:
    """The size that most letters are set in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 4) / 4] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _pages(lines: Sequence[Line]) -> Iterator[list[Line]]:
    for _, page in groupby(lines, key=lambda line: line.page):
        yield list(page)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Lines of small type that follow each other; `is_foot` when they reach down to the foot of the page."""

    lines: list[Line]
    is_foot: bool = True


def _feet(page: Sequence[Line], body: float) -> list[_Stretch]:
    """The stretches of small type of a page: one for each column, or one across all, and those in a margin."""
    small = _small(page, body)
    top, bottom = min(line.y0 for line in page), max(line.y1 for line in page)
    low = top + _FOOT * (bottom - top)
    stretches = [_Stretch(with_marks(lines), lines[-1].y1 > low) for lines in _stretches(_in_order(small), page)]
    return [stretch for stretch in stretches if any(line.size <= _SMALL * body for line in stretch.lines)]


def _small(page: Sequence[Line], body: float) -> list[Line]:
    """Lines in small type, bare marks, and single lines among small ones: recognised text varies in size."""
    flags = [0 < line.size <= _SMALL * body or len(line.text) <= 4 for line in page]
    among = [
        flags[at - 1] and flags[at + 1] and _follows(page[at - 1], page[at]) and _follows(page[at], page[at + 1])
        for at in range(1, len(page) - 1)
    ]
    return [line for line, flag, is_among in zip(page, flags, [False, *among, False], strict=False) if flag or is_among]


def _in_order(small: Sequence[Line]) -> list[Line]:
    """Notes across the page are read row by row, whatever columns their shorter lines seem to stand in."""
    across = [line for line in small if line.column == 0]
    if not across:
        return list(small)
    top = min(line.y0 for line in across)
    letters = sum(len(line.text) for line in small if line.y1 > top)
    if sum(len(line.text) for line in across) < 0.4 * letters:
        return list(small)
    above = [line for line in small if line.y1 <= top]
    below = [replace(line, column=0) for line in small if line.y1 > top]
    return [*above, *_rows(below)]


def _rows(lines: Sequence[Line]) -> list[Line]:
    """From top to bottom, pieces of one row made one line."""
    rows: list[Line] = []
    for line in sorted(lines, key=lambda line: (round(line.baseline), line.x0)):
        last = rows[-1] if rows else None
        if last and abs(last.baseline - line.baseline) < 1 and -1 <= line.x0 - last.x1 < 2 * line.size:
            gap = "" if line.x0 - last.x1 < 0.1 * line.size else " "
            rows[-1] = replace(last, text=last.text + gap + line.text, x1=line.x1)
        else:
            rows.append(line)
    return rows


def _stretches(small: Sequence[Line], page: Sequence[Line]) -> list[list[Line]]:
    """Small lines that follow each other, with no body text and no wide gap between them."""
    stretches: list[list[Line]] = []
    for line in small:
        last = stretches[-1][-1] if stretches else None
        if last is not None and _follows(last, line) and not _stands_between(last, line, page):
            stretches[-1].append(line)
        else:
            stretches.append([line])
    return stretches


def _follows(before: Line, line: Line) -> bool:
    size = max(before.size, line.size)
    return before.column == line.column and -0.8 * size < line.baseline - before.baseline < _WIDE_GAP * size


def _stands_between(before: Line, line: Line, page: Sequence[Line]) -> bool:
    larger = (other for other in page if other.size > 1.05 * line.size and len(other.text) > 4)
    return any(
        before.baseline < other.baseline < line.baseline and other.x0 < line.x1 and line.x0 < other.x1
        for other in larger
    )


# ── feet in the type of the text ─────────────────────────────────────────────────────────────────────────

_RULE = re.compile(r"[_—–-]{6,}")
_APART = 1.45  # usual steps: at least so far is the first note from the text


def set_off_footnotes(lines: Sequence[Line]) -> list[Note]:
    """Notes as typewriters and some word processors set them: as large as the text, below a gap or a rule.

    Numbered headings stand below gaps, too; the caller must see whether such notes cite anything.
    """
    feet = [_set_off(list(column)) for page in _pages(lines) for column in _columns(page)]
    return _notes([_Stretch(foot) for foot in feet if foot])


def _columns(page: Sequence[Line]) -> Iterator[Iterator[Line]]:
    return (column for _, column in groupby(with_marks(page), key=lambda line: line.column))


def _set_off(column: Sequence[Line]) -> list[Line]:
    """From the first gap in the lower part below which only notes begin, to the end of the column."""
    steps = [line.baseline - before.baseline for before, line in pairwise(column)]
    usual = median(steps) if steps else 0.0
    low = column[0].y0 + 0.3 * (column[-1].y1 - column[0].y0)
    first = len(column)
    for at in range(len(column) - 1, 0, -1):
        if steps[at - 1] > _APART * usual or _RULE.fullmatch(column[at - 1].text):
            if column[at].y0 < low or not mark(column[at], at):
                break
            first = at
    return list(column[first:])


# ── endnotes ─────────────────────────────────────────────────────────────────────────────────────────────

_NOTES_HEAD = re.compile(
    r"[\W_]{0,3}(?:(?:\d{1,2}\.?|[IVX]{1,5}\.?|[A-Z]\.) )?(?:(?:end|foot)?notes?|(?:end|fu(?:ß|ss))noten|anmerkungen|"
    r"anmerkungsapparat|notas?(?: (?:finales|de rodapé|al pie))?|notes? de fin|note|noter|noten|eindnoten|"
    r"(?:notes?|endnotes?) and (?:references|citations|sources|literature)|(?:references|sources) and notes|"
    r"anmerkungen (?:und|&|u\.) (?:literatur|quellen|belege|nachweise)\w*|"
    r"(?:belege|literatur|quellen|nachweise) (?:und|&|u\.) anmerkungen|notes et références|notas y referencias|notas e "
    r"referências)[\W_]{0,3}",
    re.I,
)


def heads_notes(text: str) -> bool:
    """The line is nothing but the heading of a collection of notes."""
    return len(text) < 60 and bool(_NOTES_HEAD.fullmatch(unspaced(text)))


def endnotes(lines: Sequence[Line]) -> list[Note]:
    """The notes behind headings such as "Notes" or "Anmerkungen", each chapter's in its turn."""
    notes: list[Note] = []
    heads = [at for at, line in enumerate(lines) if heads_notes(line.text)]
    for head in heads:
        found = _notes([_Stretch(list(_behind(lines, head)))])
        if len(found) >= _FEWEST and found[0].number <= 3:
            notes += found
    return notes


def _behind(lines: Sequence[Line], head: int) -> Iterator[Line]:
    """What stands behind a heading, up to the next one."""
    behind = lines[head + 1 :]
    size = median(line.size for line in behind[:20]) if behind else 0.0
    merged = with_marks(behind)
    for at, line in enumerate(merged):
        if heads_notes(line.text) or heads_list(line.text) or (ends_list(line.text) and not mark(line, at)):
            return
        if line.size > 1.25 * size and len(line.text) < 120 and at > 0 and any(c.isalpha() for c in line.text):
            return
        yield line


# ── notes ────────────────────────────────────────────────────────────────────────────────────────────────

_ENDED = re.compile(r"[.!?][\"“”’»)]*$")


def _notes(stretches: Sequence[_Stretch]) -> list[Note]:
    """The stretches cut where the numbers rise. What stands above the first mark of a foot may end the note before."""
    lines = [line for stretch in stretches for line in stretch.lines]
    is_foot = [stretch.is_foot for stretch in stretches for _ in stretch.lines]
    found = [begun for at, line in enumerate(lines) if (begun := mark(line, at, is_foot=is_foot[at]))]
    starts = {begun.at: begun for begun in (*chain(found), *(begun for begun in found if not begun.number))}
    if len(starts) < _FEWEST:
        return []
    return list(_cut(lines, starts, _belonging(stretches, starts)))


def _belonging(stretches: Sequence[_Stretch], starts: dict[int, Mark]) -> set[int]:
    """The indices of the lines in stretches that hold a mark (a table holds none), or go on with the note before."""
    belonging: set[int] = set()
    first, last = 0, None
    for stretch in stretches:
        here = range(first, first + len(stretch.lines))
        if any(at in starts for at in here) or (last is not None and stretch.is_foot and _goes_on(last, stretch.lines)):
            belonging.update(here)
            last = stretch.lines[-1]
        first += len(stretch.lines)
    return belonging


def _goes_on(last: Line, lines: Sequence[Line]) -> bool:
    """A foot without a mark on the page after a note that had not ended."""
    return lines[0].page == last.page + 1 and not _ENDED.search(last.text)


def _cut(lines: Sequence[Line], starts: dict[int, Mark], belonging: set[int]) -> Iterator[Note]:
    number, body = 0, list[Line]()
    for at, line in enumerate(lines):
        begun = starts.get(at)
        if begun:
            if body:
                yield Note(number, tuple(body))
            number, body = begun.number, [replace(line, text=line.text[begun.length :])]
        elif body and at in belonging and (_is_next(body[-1], line) or not _ENDED.search(body[-1].text)):
            body.append(line)
    if body:
        yield Note(number, tuple(body))


def _is_next(before: Line, line: Line) -> bool:
    return (before.page, before.column) == (line.page, line.column) and line.baseline > before.baseline
