"""From lines on pages to lines in the order one reads them: furniture removed, columns found, pieces joined."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from statistics import median

from msgspec.structs import replace

from dl_lit.extraction.furniture import bodies_of
from dl_lit.extraction.headings import ends_list, heads_list
from dl_lit.extraction.looks import likeness
from dl_lit.extraction.pages import Line, Page

# Not lambdas: each page is sorted several times.
_BASELINE, _COLUMN_AND_BASELINE, _LEFT = attrgetter("baseline"), attrgetter("column", "baseline"), attrgetter("x0")


def reading_order(pages: Sequence[Page]) -> list[Line]:
    """All lines of the body in reading order, `column` set, pieces of one line joined."""
    bodies = bodies_of(pages)
    found = [_gutters(page.lines, 0, page.width) for page in bodies]
    usual = _usual_gutters(found)
    return [line for page, gutters in zip(bodies, found, strict=True) for line in _order(page, gutters, usual)]


# ── columns ──────────────────────────────────────────────────────────────────────────────────────────────


_MOST = 0.85  # the part of a line that must stand in a column for the line to belong there
_FEWEST = 4  # lines on each side that make a stretch of two columns


def _beside(lines: Sequence[Line], x: float, width: float) -> int:
    """How many lines stand beside a vertical cut at `x` in column-like stretches; `lines` from top to bottom.

    A stretch is what stands between two lines that cross the cut.
    """
    beside = 0
    left: list[Line] = []
    right: list[Line] = []
    for line in lines:
        if line.x1 <= x + 1:
            left.append(line)
        elif line.x0 >= x - 1:
            right.append(line)
        elif left or right:
            if len(left) >= _FEWEST and len(right) >= _FEWEST:
                beside += _columns(left, right, width)
            left, right = [], []
    return beside + _columns(left, right, width)


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
    x = _best_cut(lines, [low + width * share / 100 for share in range(25, 76)])
    if x is None:
        return []
    left = [line for line in lines if line.x1 <= x + 1]
    right = [line for line in lines if line.x0 >= x - 1]
    return [*_gutters(left, low, x), x, *_gutters(right, x, high)]


def _best_cut(lines: Sequence[Line], places: Sequence[float]) -> float | None:
    """Where most lines stand side by side and fewest cross; None where nothing stands in columns.

    No cut has more lines beside it than do not cross it, so the places are tried from the fewest crossing lines on, and
    most of them need no look at the lines at all.
    """
    ends, starts = sorted(line.x1 for line in lines), sorted(line.x0 for line in lines)
    counts = [(bisect_right(ends, x + 1), len(lines) - bisect_left(starts, x - 1), x) for x in places]
    possible = [(len(lines) - left - right, x, left) for left, right, x in counts if min(left, right) >= _FEWEST]
    ordered = sorted(lines, key=_BASELINE)
    text_width = ends[-1] - starts[0]
    found: list[tuple[int, int, float]] = []
    counted: dict[tuple[int, int], int] = {}  # places that leave as many lines on either side leave the same ones
    most = 0
    for crossing, x, left in sorted(possible):
        if len(lines) - crossing < max(1, 0.95 * most):
            break
        beside = counted.get((crossing, left))
        if beside is None:
            beside = counted[crossing, left] = _beside(ordered, x, text_width)
        most = max(most, beside)
        found.append((beside, crossing, x))
    good = [(crossing, x) for beside, crossing, x in found if beside and beside >= 0.95 * most]
    best = sorted(x for crossing, x in good if crossing == min(good)[0])
    return best[len(best) // 2] if best else None


def left_edge(lines: Iterable[Line]) -> float:
    return min(line.x0 for line in lines)


def right_edge(lines: Iterable[Line]) -> float:
    return max(line.x1 for line in lines)


def _usual_gutters(pages: Sequence[list[float]]) -> list[float]:
    """The gutters that most pages have, for pages too empty to show their own (the last of a list)."""
    found = [gutters for gutters in pages if gutters]
    if not found or 3 * len(found) < len(pages):
        return []
    count = Counter(len(gutters) for gutters in found).most_common(1)[0][0]
    same = [gutters for gutters in found if len(gutters) == count]
    return [median(column) for column in zip(*same, strict=True)]


def _order(page: Page, gutters: list[float], usual: list[float]) -> list[Line]:
    lines = page.lines
    if not gutters and usual and all(_crossing(lines, x) <= 0.1 * len(lines) for x in usual):
        gutters = usual
    columns = list(pairwise([float("-inf"), *gutters, float("inf")]))
    placed = [_placed(line, _column(line, columns) if gutters else 1) for line in lines]
    placed = _widened(placed) if gutters else placed
    return [line for band in _bands(placed) for line in _joined(band)]


_SHORT_ROWS = 3


def _widened(lines: Sequence[Line]) -> list[Line]:
    """The short last lines of paragraphs that run across the page cross no gutter, but belong to these lines."""
    ordered = sorted(lines, key=_BASELINE)
    run: list[int] = []  # lone lines on the left, closely below one across the page
    found: set[int] = set()
    for at, line in enumerate(ordered[1:], 1):
        before = ordered[at - 1]
        close = 0.5 * line.size < line.baseline - before.baseline < 1.8 * line.size
        if line.column == 0:
            found.update(run if before.column != 0 else [])
            run = []
        elif close and line.column == 1 and (run[-1:] == [at - 1] or before.column == 0):
            run = [*run, at] if len(run) < _SHORT_ROWS else []
        else:
            run = []
    found.update(run)
    return [_placed(line, 0) if at in found else line for at, line in enumerate(ordered)]


def _placed(line: Line, column: int) -> Line:
    return line if line.column == column else replace(line, column=column)


def _crossing(lines: Sequence[Line], x: float) -> int:
    return sum(line.x0 < x - 1 and line.x1 > x + 1 for line in lines)


def _column(line: Line, columns: Sequence[tuple[float, float]]) -> int:
    """1, 2, ... or 0 for a line that crosses a gutter; `columns` are the left and right edges of each."""
    for number, (left, right) in enumerate(columns, 1):
        if left <= line.x0 and line.x1 <= right:  # nearly all
            return number
    shares = [min(line.x1, right) - max(line.x0, left) for left, right in columns]
    widest = max(shares)
    # A long address may stick out of its column a little; a heading across the page does not stand in one column.
    return shares.index(widest) + 1 if widest >= _MOST * line.width - 1 else 0


def _bands(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines across the page part it into bands; inside a band one column is read after the other."""
    bands: list[list[Line]] = []
    current: list[Line] = []
    cuts = _level_cuts(lines)
    for line in sorted(lines, key=_BASELINE):
        if current and ((line.column == 0) != (current[-1].column == 0) or line.baseline in cuts):
            bands += _parted(current) if line.column == 0 else [current]
            current = []
        current.append(line)
    bands.append(current)
    return [sorted(band, key=_COLUMN_AND_BASELINE) for band in bands]


_SHORT_TAIL = 3  # lines
_TOP = 5


def _parted(band: list[Line]) -> list[list[Line]]:
    """Columns above a line across the page; a heading at their foot, below all of them, belongs to what follows."""
    lowest = band[-1].column
    others = [line.baseline for line in band if line.column != lowest]
    if not others or not lowest:
        return [band]
    stack = [line for line in band if line.column == lowest]
    wide = [at for at in range(1, len(stack)) if stack[at].baseline - stack[at - 1].baseline > 1.4 * stack[at].size]
    tail = stack[wide[-1] :] if wide else []
    if not 0 < len(tail) <= _SHORT_TAIL or tail[0].baseline < max(others) + 0.5 * tail[0].size:
        return [band]
    return [[line for line in band if line not in tail], tail]


def _level_cuts(lines: Sequence[Line]) -> set[float]:
    """Baselines at which all columns together begin something else: both halves of the page are balanced.

    Some journals set text and list one above the other on one page, each in columns of its own. What follows is in
    another type, or it is a list, headed as such, under running text in all columns.
    """
    columns = sorted({line.column for line in lines} - {0})
    if len(columns) < 2:
        return set()
    stacks = [sorted((line for line in lines if line.column == c), key=_BASELINE) for c in columns]
    gaps = [_gaps(stack) for stack in stacks]
    cuts = _tail_cuts(stacks, gaps)
    for gap in gaps[0]:
        level = [gap, *(other for others in gaps[1:] if (other := _beside_gap(others, gap)) is not None)]
        if len(level) == len(columns) and (all(map(_changes_type, level)) or _begins_list(level)):
            cuts.append(min(gap.below.baseline for gap in level))
    return {cut for before, cut in pairwise([float("-inf"), *sorted(cuts)]) if cut - before > 30}


def _tail_cuts(stacks: Sequence[Sequence[Line]], gaps: Sequence[Sequence[_Gap]]) -> list[float]:
    """Where one column has a part in another type, or under a heading of its own, below the ends of all others."""
    deepest = max(range(len(stacks)), key=lambda at: stacks[at][-1].baseline)
    others = max(stack[-1].baseline for at, stack in enumerate(stacks) if at != deepest)
    below = [gap for gap in gaps[deepest] if gap.below.baseline > others + 0.5 * gap.below.size]
    if deepest + 1 < len(stacks) and any(_runs_over(gap, stacks[deepest + 1]) for gap in below):
        return []
    return [gap.below.baseline for gap in below if _changes_type(gap) or ends_list(gap.below.text)][:1]


def _runs_over(gap: _Gap, beside: Sequence[Line]) -> bool:
    """A list that begins at the foot of one column and goes on at the top of the next."""
    if not (heads_list(gap.before[-1].text) or heads_list(gap.below.text)):
        return False
    return sum(likeness(line.text) for line in beside[:_TOP]) > 0


@dataclass(frozen=True, slots=True)
class _Gap:
    """A wide gap in a column: the line below it, the edges of the white, and some lines of either side."""

    below: Line
    top: float
    before: Sequence[Line]
    after: Sequence[Line]


def _gaps(stack: Sequence[Line]) -> list[_Gap]:
    return [
        _Gap(below, above.baseline, stack[max(0, at - 6) : at], stack[at : at + 6])
        for at, (above, below) in enumerate(pairwise(stack), 1)
        if below.baseline - above.baseline >= 1.6 * above.size
    ]


def _beside_gap(gaps: Sequence[_Gap], gap: _Gap) -> _Gap | None:
    """The one of `gaps` that overlaps `gap` in height; a heading may make one a little longer."""
    found = (g for g in gaps if g.top < gap.below.baseline + gap.below.size and g.below.baseline > gap.top)
    return next(found, None)


def _changes_type(gap: _Gap) -> bool:
    """Lines of one size before it and of another behind it (a heading between them aside)."""
    if len(gap.after) < 3:
        return False
    before, after = gap.before[-3:], gap.after[:5]
    return abs(median(line.size for line in before) - median(line.size for line in after)) > 0.5


def _begins_list(level: Sequence[_Gap]) -> bool:
    """A heading of a list on the left, text above, references below in every column."""
    if not heads_list(level[0].below.text):
        return False
    above = [likeness(line.text) for gap in level[1:] for line in gap.before]
    below = [likeness(line.text) for gap in level for line in gap.after[1:]]
    return sum(above) < -0.5 * len(above) and sum(below) > 0


def _joined(band: Sequence[Line]) -> list[Line]:
    """Pieces of one column on one baseline made into one line."""
    rows: list[list[Line]] = []
    for line in band:
        if rows and _same_row(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [row[0] if len(row) == 1 else _one_line(sorted(row, key=_LEFT)) for row in rows]


def _same_row(first: Line, line: Line) -> bool:
    below = line.baseline - first.baseline
    if below > 0.6 * line.size or first.column != line.column:
        return False
    return abs(below) < 0.3 * min(first.size, line.size) or _is_raised_label(first, line, below)


def _is_raised_label(first: Line, line: Line, below: float) -> bool:
    """A small number left of a line and a little above its baseline."""
    small = first.size < 0.85 * line.size and first.text.isdigit()
    return small and 0 < below < 0.6 * line.size and first.x1 <= line.x0 + 1 and line.x0 - first.x1 < 3 * line.size


def _one_line(row: list[Line]) -> Line:
    main = max(row, key=lambda line: len(line.text))
    text = row[0].text
    for before, after in pairwise(row):
        text += ("" if after.x0 - before.x1 < 0.1 * main.size else " ") + after.text
    top, bottom = min(line.y0 for line in row), max(line.y1 for line in row)
    return replace(main, text=text, x0=left_edge(row), x1=right_edge(row), y0=top, y1=bottom)
