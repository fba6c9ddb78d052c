"""The numbers before notes: read from the line's beginning, and followed through the document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from dl_lit.extraction.pages import Line

_MARK = re.compile(
    r"[(\[]?(?P<number>\d{1,3})(?:[)\]][.:]?\s*|[.:]\s+|\s+|(?=[^\W\d_]{2}|[\"“„«»‘‚(]))(?=\S)|(?P<star>\*{1,4}|[†‡§¶]{1,2})\s*(?=\S)"
)
_BARE = re.compile(r"[(\[]?(?:\d{1,3}|\*{1,4}|[†‡§¶])[)\]]?[.:]?")
_LOOKBACK = 80  # candidates: how far a chain looks back for the number before


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that may begin a note: its index, the number (0 for a star), and the characters that are the mark.

    One that is not at a foot can go on a run of numbers, but not begin one: tables have numbered rows, too.
    """

    at: int
    number: int
    length: int
    page: int
    is_foot: bool = True


def mark(line: Line, at: int, *, is_foot: bool = True) -> Mark | None:
    """The mark that the line begins with, if it begins with one."""
    found = _MARK.match(line.text)
    return Mark(at, int(found["number"] or 0), found.end(), line.page, is_foot) if found else None


def with_marks(lines: Sequence[Line]) -> list[Line]:
    """Raised marks that stand as lines of their own put before the line that they belong to."""
    whole: list[Line] = []
    for line in lines:
        before = whole[-1] if whole else None
        if before and _BARE.fullmatch(before.text) and _is_beside(before, line):
            whole[-1] = replace(line, text=f"{before.text} {line.text}", x0=before.x0, y0=min(before.y0, line.y0))
        else:
            whole.append(line)
    return whole


def _is_beside(raised: Line, line: Line) -> bool:
    level = abs(raised.baseline - line.baseline) < 0.75 * line.size
    return raised.page == line.page and level and line.x0 >= raised.x1 - 1 and line.x0 - raised.x1 < 8 * line.size


def chain(marks: Sequence[Mark]) -> list[Mark]:
    """The longest run of rising numbers; each page or chapter may begin at 1 again. Stars are not counted."""
    numbered = [found for found in marks if found.number]
    scores: list[float] = []
    previous: list[int] = []
    for here, found in enumerate(numbered):
        best, before = _beginning(found), -1
        for there in range(max(0, here - _LOOKBACK), here):
            score = scores[there] + _step(numbered[there], found)
            if score > best and _step(numbered[there], found) > 0:
                best, before = score, there
        scores.append(best)
        previous.append(before)
    return _followed(numbered, scores, previous)


def _beginning(mark: Mark) -> float:
    return (1.0 if mark.number == 1 else 0.4) if mark.is_foot else float("-inf")


def _step(before: Mark, after: Mark) -> float:
    rise = after.number - before.number
    if rise == 1:
        return 1.0
    if rise in (2, 3):
        return 0.5
    return 0.6 if after.number == 1 and after.page > before.page and after.is_foot else 0.0


def _followed(marks: Sequence[Mark], scores: Sequence[float], previous: Sequence[int]) -> list[Mark]:
    found: list[Mark] = []
    at = max(range(len(scores)), key=lambda index: scores[index], default=-1)
    if at < 0 or scores[at] < 0:
        return found
    while at >= 0:
        found.append(marks[at])
        at = previous[at]
    return found[::-1]
