"""Where the reference lists of a document are: from a heading (or from the look of the lines) to what comes after."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from dl_lit.extraction.headings import ends_list, heads_list, heads_part, interrupts, run_in_head
from dl_lit.extraction.looks import is_dated, signals, starts_like_reference
from dl_lit.extraction.pages import Line

_WINDOW = 12
_LIST_DENSITY = 0.35  # signals a line: running text has up to 0.2, lists from 0.4 (long entries) to 2


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one list without its heading; `heading` is None where the look of the lines gave it away."""

    lines: tuple[Line, ...]
    heading: str | None = None


def find(lines: Sequence[Line]) -> list[Section]:
    """The reference lists, in the order of the document."""
    heads = [index for index, line in enumerate(lines) if _is_heading(lines, index) and _promises(lines, index)]
    sections = _from_headings(lines, heads)
    return sections or _from_looks(lines)


def has_heading(lines: Sequence[Line]) -> bool:
    """A line by itself says that a reference list follows, whether or not one could be read."""
    return any(_is_heading(lines, index) for index in range(len(lines)))


def _is_heading(lines: Sequence[Line], index: int) -> bool:
    line = lines[index]
    return heads_list(line.text) or (run_in_head(line.text) > 0 and _stands_alone(lines, index))


def _stands_alone(lines: Sequence[Line], index: int) -> bool:
    """A paragraph of its own: after a gap, at the top of a column, or in bold."""
    if index == 0:
        return True
    before, line = lines[index - 1], lines[index]
    return (before.page, before.column) != (line.page, line.column) or line.baseline - before.baseline > 1.5 * line.size


def _promises(lines: Sequence[Line], index: int) -> bool:
    """Reference-like lines follow (a table of contents, or a chapter about literature, promises nothing)."""
    first = index if run_in_head(lines[index].text) else index + 1
    following = lines[first : first + 2 * _WINDOW]
    dense = any(_density(following[:count]) >= _LIST_DENSITY for count in (8, _WINDOW, 2 * _WINDOW))
    return dense and any(is_dated(line.text) for line in following)


def _density(lines: Sequence[Line]) -> float:
    """Signals per line, at most two counted a line."""
    if not lines:
        return 0.0
    return sum(min(2, signals(line.text) + (starts_like_reference(line.text) == 1.0)) for line in lines) / len(lines)


def _from_headings(lines: Sequence[Line], heads: Sequence[int]) -> list[Section]:
    sections: list[Section] = []
    covered = -1
    for index in heads:
        if index <= covered:
            continue
        body, covered = _body(lines, index, set(heads))
        if body:
            sections.append(Section(tuple(body), lines[index].text))
    return sections


def _body(lines: Sequence[Line], head: int, heads: set[int]) -> tuple[list[Line], int]:
    """The lines from a heading to the end of its list, and the index where reading stopped."""
    run_in = run_in_head(lines[head].text) if not heads_list(lines[head].text) else 0
    body = [replace(lines[head], text=lines[head].text[run_in:])] if run_in else []
    look = _Look.of(lines[head + 1 : head + 40], _WINDOW)
    at = head + 1
    while at < len(lines):
        line = lines[at]
        if at in heads or heads_part(line.text) or heads_list(line.text):
            at += 1
        elif _ends_here(lines, at, look):
            resumed = _resumes(lines, at, look)
            if resumed is None:
                break
            at = resumed
        else:
            body.append(line)
            at += 1
    return body, at


@dataclass(frozen=True, slots=True)
class _Look:
    """The type that a list is set in, and the distance of its baselines."""

    size: float
    leading: float
    families: frozenset[str]

    @classmethod
    def of(cls, lines: Sequence[Line], first: int) -> _Look:
        """The size is that of the `first` lines; of later ones, maybe from behind the list, those like them count."""
        sizes: Counter[float] = Counter()
        for line in lines[:first]:
            sizes[round(line.size * 2) / 2] += len(line.text)
        size = sizes.most_common(1)[0][0] if sizes else 0.0
        lines = [line for line in lines if abs(line.size - size) <= 0.8]
        steps = [step for before, line in pairwise(lines) if (step := _step(before, line)) is not None]
        return cls(size, median(steps) if steps else 1.2 * size, frozenset(_family(line) for line in lines))

    def fits(self, line: Line) -> bool:
        return abs(line.size - self.size) <= 0.8

    def is_own(self, line: Line) -> bool:
        """Set as the list is, closely seen: its size, and one of its type families."""
        return abs(line.size - self.size) <= 0.45 and _family(line) in self.families


_FAMILY_NAME = re.compile(r"[A-Za-z]+")


def _family(line: Line) -> str:
    match = _FAMILY_NAME.match(line.font)
    return match[0] if match else ""


def _step(before: Line, line: Line) -> float | None:
    """From one baseline to the next; None where a new column begins."""
    same = (before.page, before.column) == (line.page, line.column) and line.baseline > before.baseline
    return line.baseline - before.baseline if same else None


def _ends_here(lines: Sequence[Line], at: int, look: _Look) -> bool:
    line = lines[at]
    following = lines[at + 1 : at + 1 + 2 * _WINDOW]
    if not look.fits(line) and _density(lines[at : at + 6]) < 0.5:
        return True
    if _inside_entry(lines, at, look):
        return False
    if ends_list(line.text) or (_looks_like_heading(lines, at, look) and _density(following[:10]) < _LIST_DENSITY):
        return True
    if _is_foreign_block(lines, at, look):
        return True
    if starts_like_reference(line.text) >= 0.8:
        return False
    return len(following) >= _WINDOW and _density([line, *following]) < 0.15


def _is_foreign_block(lines: Sequence[Line], at: int, look: _Look) -> bool:
    """Set apart, and in another type for more than a line: a footnote, a journal's notice, a note on the author."""
    step = _step(lines[at - 1], lines[at])
    apart = step is None or step > 1.25 * look.leading
    return apart and not any(look.is_own(line) for line in lines[at : at + 2])


def _inside_entry(lines: Sequence[Line], at: int, look: _Look) -> bool:
    """A line of a reference may read like a heading ("Summary"): it is set like the line before, and close to it."""
    line, before = lines[at], lines[at - 1]
    step = _step(before, line)
    tight = step is not None and step < 1.15 * look.leading
    return tight and abs(line.size - before.size) < 0.3 and line.bold <= before.bold


def _looks_like_heading(lines: Sequence[Line], at: int, look: _Look) -> bool:
    line = lines[at]
    larger = line.size > look.size + 0.8
    return len(line.text) < 80 and (larger or (line.bold and not lines[at - 1].bold)) and not is_dated(line.text)


def _resumes(lines: Sequence[Line], at: int, look: _Look) -> int | None:
    """Where the list goes on behind a figure, a table or a note that interrupts it, within a page's length."""
    if _ends_for_good(lines[at].text):
        return None
    for index in range(at + 1, min(at + 60, len(lines) - 1)):
        line, window = lines[index], lines[index : index + _WINDOW]
        if heads_list(line.text) or _ends_for_good(line.text):
            return None
        step = _step(lines[index - 1], line)
        begins = step is None or (step > 1.25 * look.leading and starts_like_reference(line.text) >= 0.8)
        if begins and all(map(look.is_own, window[:4])) and _density(window) >= 0.5:
            return index
    return None


def _ends_for_good(text: str) -> bool:
    return ends_list(text) and not interrupts(text)


def _from_looks(lines: Sequence[Line]) -> list[Section]:
    """A list without a heading: the longest dense run in the last two thirds of the document."""
    dense = [_density(lines[max(0, at - 8) : at + 12]) >= _LIST_DENSITY for at in range(len(lines))]
    runs = _runs(dense, len(lines) // 3)
    start, end = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
    look = _Look.of(lines[start:end], end - start)
    run = [line for line in lines[start:end] if look.fits(line)]
    begins = [index for index, line in enumerate(run) if starts_like_reference(line.text) >= 0.8]
    if len(run) < 6 or len(begins) < 3:
        return []
    first = next((index for index in range(begins[0]) if re.match(r"\W?1\W", run[index].text)), begins[0])
    return [Section(tuple(run[first:]))]


def _runs(flags: Sequence[bool], first: int) -> list[tuple[int, int]]:
    runs = []
    start: int | None = None
    for at in range(first, len(flags) + 1):
        if at < len(flags) and flags[at]:
            start = at if start is None else start
        elif start is not None:
            runs.append((start, at))
            start = None
    return runs
