"""Which lines of an unlabelled list begin a reference.

The words tell roughly; the geometry tells exactly, but not by which rule (indent, spacing). So each rule proposes its
beginnings, and the one that agrees best with the words is followed through the whole list, over columns and pages.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dl_lit.extraction.looks import (
    breaks_off,
    cannot_start,
    is_dated,
    looks_complete,
    may_go_on,
    never_starts,
    starts_like_reference,
)
from dl_lit.extraction.pages import Line

_STRONG = 0.8  # `starts_like_reference` from here up: names first, or a name and a year
_ENDS = frozenset(".)]。．）］」』")
_ALIKE = 0.85  # two rules whose agreement differs by less are both right about the list


@dataclass(frozen=True, slots=True)
class Starts:
    """The indices of the lines that begin a reference (the first line always does), and the rule that told them."""

    indices: tuple[int, ...]
    rule: str


def best_starts(lines: Sequence[Line]) -> Starts:
    measured = _Measured(lines)
    by_rule = {rule: _allowed(measured, rule(measured)) for rule in _TRUST}
    agreement = {starts: _agreement(measured, starts) for starts in set(by_rule.values())}
    marks = {rule: _trust(rule, starts) * agreement[starts] for rule, starts in by_rule.items()}
    best = max(marks, key=lambda rule: marks[rule])
    if best is _by_spacing and marks[_by_hanging_indent] >= _ALIKE * marks[best]:
        # Spacing says nothing about the tops of columns; the indent, good as well, does.
        indented = set(by_rule[_by_hanging_indent])
        spaced = set(by_rule[best])
        chosen = [at for at, gap in enumerate(measured.gaps) if at in (indented if gap is None else spaced) or at == 0]
        return Starts(tuple(chosen), f"{_NAMES[best]}, {_NAMES[_by_hanging_indent]} at the tops of columns")
    return Starts(by_rule[best], _NAMES[best])


class _Measured:
    """The lines with what all rules need: how they look, where they stand, what was before them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.places = _places(lines)
        self.rights = {place: _right(lines, indices) for place, indices in self.places.items()}
        self.gaps = [_gap(lines, at) for at in range(len(lines))]
        self.looks = [starts_like_reference(line.text) for line in lines]
        self.allowed = [self._may_begin(at) for at in range(len(lines))]
        self.words = [look if ok else 0.3 * look for look, ok in zip(self.looks, self.allowed, strict=True)]
        self.inner = _levels(lines, self.places)

    def _may_begin(self, at: int) -> bool:
        """Whether the line before can be the end of a reference, and this one a beginning."""
        if at == 0:
            return True
        before, line = self.lines[at - 1], self.lines[at]
        if breaks_off(before.text) or never_starts(line.text):
            return False
        if cannot_start(line.text):
            return before.text[-1] in ".)]/" or before.text[-1].isdigit()
        # A full line that ends in a comma or an initial goes on, unless the next one is clearly a beginning.
        return self.looks[at] >= _STRONG or not (may_go_on(before.text) and self.falls_short(before) < 2)

    def falls_short(self, line: Line) -> float:
        """By how many sizes of its type the line ends before the right edge of its column."""
        return (self.rights[line.page, line.column] - line.x1) / max(line.size, 1.0)

    def begins_by_words(self, at: int) -> bool:
        """Where geometry is silent: a line that looks like a beginning, after one that looks like an end."""
        if self.words[at] < _STRONG:
            return False
        if at == 0:
            return True
        before = self.lines[at - 1]
        ended = before.text[-1] in _ENDS or before.text[-1].isdigit() or self.falls_short(before) > 3
        return ended and not may_go_on(before.text)


def _trust(rule: _Rule, starts: Sequence[int]) -> float:
    """Geometry that parts nothing off says nothing: it is no better than the words then."""
    return min(_TRUST[rule], _SILENT) if len(starts) == 1 else _TRUST[rule]


def _allowed(measured: _Measured, flags: Sequence[bool]) -> tuple[int, ...]:
    return tuple(at for at, flag in enumerate(flags) if at == 0 or (flag and measured.allowed[at]))


def _agreement(measured: _Measured, starts: Sequence[int]) -> float:
    """0..1: do the starts look like starts, are the lines that look so among them, do whole references come out?"""
    lines, words = measured.lines, measured.words
    strong = [at for at, mark in enumerate(words) if mark >= _STRONG]
    if not strong:
        return _agreement_without_words(measured, starts)
    chosen = set(starts)
    found = sum(at in chosen for at in strong) / len(strong)
    good = sum(words[start] for start in starts) / len(starts)
    texts = (" ".join(line.text for line in lines[start:end]) for start, end in pairwise([*starts, len(lines)]))
    whole = sum(looks_complete(text) for text in texts) / len(starts)
    return 3 / sum(1 / max(part, 0.01) for part in (found, good, whole))


def _agreement_without_words(measured: _Measured, starts: Sequence[int]) -> float:
    """Of scripts and styles whose names we do not know: paragraphs that the format tells are right if all are dated."""
    lines = measured.lines
    if len(starts) == 1:
        return 1.0
    told = lines[0].opens is not None and all(lines[at].opens for at in starts)
    texts = (" ".join(line.text for line in lines[start:end]) for start, end in pairwise([*starts, len(lines)]))
    return 1.0 if told and all(map(is_dated, texts)) else 0.0


# ── measuring ────────────────────────────────────────────────────────────────────────────────────────────

_Place = tuple[int, int]


def _places(lines: Sequence[Line]) -> dict[_Place, list[int]]:
    """The indices of the lines of each column of each page."""
    places: defaultdict[_Place, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        places[line.page, line.column].append(at)
    return places


def _right(lines: Sequence[Line], indices: Sequence[int]) -> float:
    """The right edge of a column, a few lines that stick out aside."""
    edges = sorted(lines[at].x1 for at in indices)[-5:]
    return edges[len(edges) // 2]


def _gap(lines: Sequence[Line], at: int) -> float | None:
    """From the last baseline to this one; None at the top of a column."""
    if at == 0:
        return None
    before, line = lines[at - 1], lines[at]
    same = (before.page, before.column) == (line.page, line.column) and line.baseline > before.baseline
    return line.baseline - before.baseline if same else None


def _levels(lines: Sequence[Line], places: dict[_Place, list[int]]) -> list[bool | None]:
    """For each line whether it stands at the inner level of its column; None where a column shows one level only."""
    step = _usual_step(lines, places)
    inner: list[bool | None] = [None] * len(lines)
    if step is None:
        return inner
    for indices in places.values():
        edge = _solid_edge([lines[at].x0 for at in indices])
        flags = [lines[at].x0 > edge + 0.5 * step for at in indices]
        if any(flags):
            for at, flag in zip(indices, flags, strict=True):
                inner[at] = flag
    return inner


def _usual_step(lines: Sequence[Line], places: dict[_Place, list[int]]) -> float | None:
    """By how much the inner level is indented, where the list has two levels."""
    steps: Counter[int] = Counter()
    for indices in places.values():
        edge = min(lines[at].x0 for at in indices)
        steps.update(round(lines[at].x0 - edge) for at in indices)
    inner = {step: count for step, count in steps.items() if step >= 4}
    if sum(inner.values()) < max(1, 0.1 * len(lines)):
        return None
    return float(max(inner, key=lambda step: inner[step] + inner.get(step - 1, 0) + inner.get(step + 1, 0)))


def _solid_edge(xs: Sequence[float]) -> float:
    """The left edge, not counting one stray line that sticks out of a long column."""
    low = sorted(xs)
    return low[1] if len(low) >= 8 and low[1] - low[0] > 3 else low[0]


# ── rules ────────────────────────────────────────────────────────────────────────────────────────────────


def _by_hanging_indent(measured: _Measured) -> list[bool]:
    if all(flag is None for flag in measured.inner):
        return [False] * len(measured.lines)
    return [measured.begins_by_words(at) if flag is None else not flag for at, flag in enumerate(measured.inner)]


def _by_first_line_indent(measured: _Measured) -> list[bool]:
    if all(flag is None for flag in measured.inner):
        return [False] * len(measured.lines)
    return [measured.begins_by_words(at) if flag is None else flag for at, flag in enumerate(measured.inner)]


def _by_spacing(measured: _Measured) -> list[bool]:
    """A reference begins after a wider gap; at the top of a column the words decide."""
    within = sorted(gap for gap in measured.gaps if gap is not None)
    if len(within) < 2:
        return [False] * len(measured.lines)
    tight = within[len(within) // 10]
    limit = max(1.12 * tight, tight + 1.2)
    return [measured.begins_by_words(at) if gap is None else gap > limit for at, gap in enumerate(measured.gaps)]


def _by_paragraphs(measured: _Measured) -> list[bool]:
    return [bool(line.opens) for line in measured.lines]


def _by_words(measured: _Measured) -> list[bool]:
    return [measured.begins_by_words(at) for at in range(len(measured.lines))]


_Rule = Callable[[_Measured], list[bool]]
# The words always agree with themselves, so their rule must be much better than geometry to be followed.
_SILENT = 0.7
_TRUST: dict[_Rule, float] = {
    _by_hanging_indent: 1.0,
    _by_spacing: 1.0,
    _by_first_line_indent: 0.95,
    _by_paragraphs: 1.0,
    _by_words: 0.75,
}
_NAMES: dict[_Rule, str] = {
    _by_paragraphs: "paragraph",
    _by_hanging_indent: "hanging indent",
    _by_spacing: "spacing",
    _by_first_line_indent: "first-line indent",
    _by_words: "the words",
}
