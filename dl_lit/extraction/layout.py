"""From lines on pages to lines in the order one reads them: furniture removed, columns found, pieces joined."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from dl_lit.extraction.headings import heads_list
from dl_lit.extraction.pages import Line, Page

_MARGIN = 0.14  # the part of a page's height, at top and bottom, where running heads and feet stand
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|p\.|s\.)?\s*[-–—|\[(]*\s*(?:\d{1,4}|[ivxlc]{1,7})\s*[-–—|\])]*\s*(?:(?:of|von|/)\s*\d{1,4})?", re.I
)
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]")


def reading_order(pages: Sequence[Page]) -> list[Line]:
    """All lines of the body in reading order, `column` set, pieces of one line joined."""
    pages = [replace(page, lines=_without_doubles(page.lines)) for page in pages]
    furniture = _repeated(pages)
    bodies = [_body(page, furniture) for page in pages]
    usual = _usual_gutters(bodies)
    return [line for page in bodies for line in _order(page, usual)]


# ── furniture ────────────────────────────────────────────────────────────────────────────────────────────


def _without_doubles(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Bold made by printing twice gives each line twice."""
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for line in lines:
        key = (line.text, round(line.x0 / 3), round(line.baseline / 3))
        if key not in seen:
            seen.add(key)
            kept.append(line)
    return tuple(kept)


def _shape(line: Line) -> str:
    """The text, digits aside; mere numbers as they are (a volume that each page names, not the page's number)."""
    return _DIGITS.sub("#", line.text.casefold()) if _LETTERS.search(line.text) else line.text


def _edges(page: Page) -> set[Line]:
    """The lines where furniture stands: in the margins, and the two topmost and lowest rows wherever they are."""
    rows = sorted({round(line.baseline) for line in page.lines})
    outer = {*rows[:2], *rows[-2:]}
    top, bottom = _MARGIN * page.height, (1 - _MARGIN) * page.height
    return {line for line in page.lines if line.y1 < top or line.y0 > bottom or round(line.baseline) in outer}


def _repeated(pages: Sequence[Page]) -> set[tuple[str, int]]:
    """Texts (digits aside) that stand at the same height of the margin on two or more pages."""
    seen: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for page in pages:
        for line in _edges(page):
            if not heads_list(line.text):  # each chapter may have its list at the top of a page
                for height in _heights(line):
                    seen[_shape(line), height].add(page.number)
    return {key for key, numbers in seen.items() if len(numbers) >= 2}


def _heights(line: Line) -> tuple[int, int]:
    """Two overlapping grids of 8 points, so that a small shift never parts two equal lines."""
    return 2 * round(line.baseline / 8), 2 * int(line.baseline // 8) + 1


def _body(page: Page, furniture: set[tuple[str, int]]) -> Page:
    edges = _edges(page)
    kept = [
        line
        for line in page.lines
        if line not in edges or not any((_shape(line), height) in furniture for height in _heights(line))
    ]
    return replace(page, lines=tuple(_without_line_numbers(_without_page_number(kept))))


def _without_page_number(lines: list[Line]) -> list[Line]:
    """The outermost row at top or bottom when it is but a number."""
    for outermost in (min, max):
        if not lines:
            break
        edge = outermost(lines, key=lambda line: line.baseline)
        row = [line for line in lines if abs(line.baseline - edge.baseline) < 0.5 * edge.size]
        if all(_is_page_number(line.text) for line in row):
            lines = [line for line in lines if line not in row]
    return lines


def _is_page_number(text: str) -> bool:
    solid = text.replace(" ", "")
    return bool(_PAGE_NUMBER.fullmatch(solid if solid.isdigit() else text.strip()))


def _without_line_numbers(lines: list[Line]) -> list[Line]:
    """Manuscripts number their lines in the margin: five or more rising numbers under each other, left of all text."""
    numbers = [line for line in lines if line.text.isdigit() and len(line.text) <= 4]
    text = [line for line in lines if _LETTERS.search(line.text)]
    if len(numbers) < 5 or not text:
        return lines
    edge = median(sorted(line.x0 for line in text)[: max(1, len(text) // 2)])
    margin = [line for line in numbers if line.x1 < edge]
    values = [int(line.text) for line in sorted(margin, key=lambda line: line.baseline)]
    steps = Counter(after - before for before, after in pairwise(values))
    regular = max(steps.values(), default=0) >= max(4, 0.8 * (len(values) - 1))
    # Numbers that stand beside the first lines of entries only are labels of a list, not line numbers.
    everywhere = len(margin) >= 0.7 * len({round(line.baseline) for line in text}) or steps.get(5, 0) >= 4
    return [line for line in lines if line not in set(margin)] if regular and everywhere else lines


# ── columns ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Cut:
    """A vertical cut at `x`: how many lines stand beside it in column-like stretches, and how many cross it there."""

    x: float
    beside: int
    crossing: int


_MOST = 0.85  # the part of a line that must stand in a column for the line to belong there
_FEWEST = 4  # lines on each side that make a stretch of two columns


def _cut(lines: Sequence[Line], x: float, width: float) -> _Cut:
    """`lines` from top to bottom. A stretch is what stands between two lines that cross the cut."""
    beside, crossing = 0, 0
    left: list[Line] = []
    right: list[Line] = []
    for line in lines:
        if line.x1 <= x + 1:
            left.append(line)
        elif line.x0 >= x - 1:
            right.append(line)
        else:
            crossing += 1
            beside += _columns(left, right, width)
            left, right = [], []
    return _Cut(x, beside + _columns(left, right, width), crossing)


def _columns(left: Sequence[Line], right: Sequence[Line], width: float) -> int:
    """The number of lines if both sides are running text over the same height (no table, no labels), else 0."""
    if min(len(left), len(right)) < _FEWEST:
        return 0
    overlap = min(left[-1].y1, right[-1].y1) - max(left[0].y0, right[0].y0)
    wide = all(sorted(line.width for line in side)[len(side) // 2] > 0.22 * width for side in (left, right))
    return len(left) + len(right) if wide and overlap > 3 * left[0].size else 0


def _gutters(lines: Sequence[Line], low: float, high: float) -> list[float]:
    """The cuts between columns of the strip `low`..`high`, from left to right."""
    width = high - low
    if width < 180 or len(lines) < 2 * _FEWEST:
        return []
    lines = sorted(lines, key=lambda line: line.baseline)
    text_width = right_edge(lines) - left_edge(lines)
    cuts = [_cut(lines, low + width * share / 100, text_width) for share in range(25, 76)]
    most = max(cut.beside for cut in cuts)
    if most == 0:
        return []
    good = [cut for cut in cuts if cut.beside >= 0.95 * most]
    fewest = min(cut.crossing for cut in good)
    best = [cut.x for cut in good if cut.crossing == fewest]
    x = best[len(best) // 2]
    left = [line for line in lines if line.x1 <= x + 1]
    right = [line for line in lines if line.x0 >= x - 1]
    return [*_gutters(left, low, x), x, *_gutters(right, x, high)]


def left_edge(lines: Iterable[Line]) -> float:
    return min(line.x0 for line in lines)


def right_edge(lines: Iterable[Line]) -> float:
    return max(line.x1 for line in lines)


def _usual_gutters(pages: Sequence[Page]) -> list[float]:
    """The gutters that most pages have, for pages too empty to show their own (the last of a list)."""
    found = [gutters for page in pages if (gutters := _gutters(page.lines, 0, page.width))]
    if not found or 3 * len(found) < len(pages):
        return []
    count = Counter(len(gutters) for gutters in found).most_common(1)[0][0]
    same = [gutters for gutters in found if len(gutters) == count]
    return [median(column) for column in zip(*same, strict=True)]


def _order(page: Page, usual: list[float]) -> list[Line]:
    lines = page.lines
    gutters = _gutters(lines, 0, page.width)
    if not gutters and usual and all(_crossing(lines, x) <= 0.1 * len(lines) for x in usual):
        gutters = usual
    placed = [replace(line, column=_column(line, gutters)) for line in lines]
    return [line for band in _bands(placed) for line in _joined(band)]


def _crossing(lines: Sequence[Line], x: float) -> int:
    return sum(line.x0 < x - 1 and line.x1 > x + 1 for line in lines)


def _column(line: Line, gutters: Sequence[float]) -> int:
    """1, 2, ... or 0 for a line that crosses a gutter; the only column of a page is 1."""
    edges = [float("-inf"), *gutters, float("inf")]
    shares = [min(line.x1, right) - max(line.x0, left) for left, right in pairwise(edges)]
    widest = max(shares)
    # A long address may stick out of its column a little; a heading across the page does not stand in one column.
    return shares.index(widest) + 1 if widest >= _MOST * line.width - 1 else 0


def _bands(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines across the page part it into bands; inside a band one column is read after the other."""
    bands: list[list[Line]] = []
    current: list[Line] = []
    cuts = _level_cuts(lines)
    for line in sorted(lines, key=lambda line: line.baseline):
        if current and ((line.column == 0) != (current[-1].column == 0) or line.baseline in cuts):
            bands.append(current)
            current = []
        current.append(line)
    bands.append(current)
    return [sorted(band, key=lambda line: (line.column, line.baseline)) for band in bands]


def _level_cuts(lines: Sequence[Line]) -> set[float]:
    """Baselines at which all columns together begin something in another type: both halves of the page are balanced.

    Some journals set text and list one above the other on one page, each in two columns of its own.
    """
    columns = sorted({line.column for line in lines} - {0})
    if len(columns) < 2:
        return set()
    stacks = [sorted((line for line in lines if line.column == c), key=lambda line: line.baseline) for c in columns]
    changes = [[pair for pair in pairwise(stack) if _changes_type(stack, *pair)] for stack in stacks]
    cuts = set()
    for above, below in changes[0]:
        across = [
            pair
            for others in changes[1:]
            for pair in others
            if pair[0].baseline < below.baseline + below.size and pair[1].baseline > above.baseline
        ]
        if len({pair[1].column for pair in across}) == len(columns) - 1:
            cuts.add(min(below.baseline, *(pair[1].baseline for pair in across)))
    return cuts


def _changes_type(stack: Sequence[Line], above: Line, below: Line) -> bool:
    """A wide gap, with lines of one size before it and of another behind it (a heading between them aside)."""
    if below.baseline - above.baseline < 1.6 * above.size:
        return False
    at = stack.index(below)
    before, after = stack[max(0, at - 3) : at], stack[at : at + 5]
    if len(after) < 3:
        return False
    return abs(median(line.size for line in before) - median(line.size for line in after)) > 0.5


def _joined(band: Sequence[Line]) -> list[Line]:
    """Pieces of one column on one baseline made into one line."""
    rows: list[list[Line]] = []
    for line in band:
        if rows and _same_row(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_one_line(sorted(row, key=lambda line: line.x0)) for row in rows]


def _same_row(first: Line, line: Line) -> bool:
    return first.column == line.column and abs(first.baseline - line.baseline) < 0.3 * min(first.size, line.size)


def _one_line(row: list[Line]) -> Line:
    if len(row) == 1:
        return row[0]
    main = max(row, key=lambda line: len(line.text))
    text = row[0].text
    for before, after in pairwise(row):
        text += ("" if after.x0 - before.x1 < 0.1 * main.size else " ") + after.text
    top, bottom = min(line.y0 for line in row), max(line.y1 for line in row)
    return replace(main, text=text, x0=left_edge(row), x1=right_edge(row), y0=top, y1=bottom)
