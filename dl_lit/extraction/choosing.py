"""Which pages of a long file are worth reading closely: its first ones, and those that look like reference lists."""

from __future__ import annotations

from collections.abc import Iterable

from dl_lit.extraction.headings import heads_list
from dl_lit.extraction.looks import YEAR, signals, starts_like_reference

READ_WHOLE = 150  # a file of so many pages is read from end to end

_FRONT = 3
_FEWEST_YEARS = 3  # the cheap question first: a page of a list names years
_DENSE = 0.8  # signals a line: running text has 0.1 to 0.3, a list 1 to 2


def worth_reading(count: int, texts: Iterable[tuple[int, str]]) -> list[int]:
    """Numbers (from 1) of the pages to read of a file of `count` pages; neighbours of a list come with it.

    `texts` gives numbers with the bare text of these pages, in any order.
    """
    chosen = set(range(1, _FRONT + 1))
    for number, text in texts:
        if _is_list(text):
            chosen.update((number - 1, number, number + 1))
    return sorted(number for number in chosen if 1 <= number <= count)


def _is_list(text: str) -> bool:
    if len(YEAR.findall(text)) < _FEWEST_YEARS:
        return False
    lines = [line.strip() for line in text.splitlines() if len(line.strip()) > 3]
    if any(heads_list(line) for line in lines):
        return True
    marks = sum(min(2, signals(line) + (starts_like_reference(line) == 1.0)) for line in lines)
    return len(lines) >= 8 and marks / len(lines) >= _DENSE
