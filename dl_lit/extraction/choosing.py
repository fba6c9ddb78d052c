"""Which pages of a long file are worth reading closely: its first ones, and those that look like reference lists."""

from __future__ import annotations

from collections.abc import Iterable

from dl_lit.extraction.headings import heads_list
from dl_lit.extraction.looks import signals, starts_like_reference

READ_WHOLE = 150  # a file of so many pages is read from end to end

_FRONT = 3
_DENSE = 0.8  # signals a line: running text has 0.1 to 0.3, a list 1 to 2


def worth_reading(texts: Iterable[str]) -> list[int]:
    """Numbers (from 1) of the pages to read, given the bare text of every page; neighbours of a list come with it."""
    chosen: set[int] = set()
    count = 0
    for count, text in enumerate(texts, 1):
        if count <= _FRONT:
            chosen.add(count)
        if _is_list(text):
            chosen.update((count - 1, count, count + 1))
    return sorted(number for number in chosen if 1 <= number <= count)


def _is_list(text: str) -> bool:
    lines = [line.strip() for line in text.splitlines() if len(line.strip()) > 3]
    if not lines:
        return False
    if any(heads_list(line) for line in lines):
        return True
    marks = sum(min(2, signals(line) + (starts_like_reference(line) == 1.0)) for line in lines)
    return marks / len(lines) >= _DENSE and len(lines) >= 8
