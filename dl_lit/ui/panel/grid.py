"""Lines of text in columns, each cell one line: rich's tables measure and wrap, for which a panel has no time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.text import Text

GAP = 1  # characters between two columns


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in characters; None: what the others leave, shared by all that have none."""

    heading: str | Text
    width: int | None = None
    is_right: bool = False


def lines(columns: Sequence[Column], rows: Iterable[Sequence[Text]], width: int) -> list[Text]:
    """The headings and the rows, each `width` characters wide; what does not fit into its column ends in "…"."""
    widths = _widths(columns, width)
    headings = [Text.assemble(column.heading, style="bold") for column in columns]
    return [_line(columns, widths, cells) for cells in (headings, *rows)]


def beside(left: Sequence[Text], right: Sequence[Text], width: int) -> list[Text]:
    """Two blocks next to each other, of which the left one takes `width` characters."""
    return [
        Text.assemble(a if a is not None else " " * width, "  ", b if b is not None else "")
        for a, b in zip_longest(left, right)
    ]


def _widths(columns: Sequence[Column], width: int) -> list[int]:
    rest = max(0, width - sum(column.width or 0 for column in columns) - GAP * (len(columns) - 1))
    free = sum(column.width is None for column in columns)
    shares = iter([rest // free + (n < rest % free) for n in range(free)])
    return [next(shares) if column.width is None else column.width for column in columns]


def _line(columns: Sequence[Column], widths: Sequence[int], cells: Sequence[Text]) -> Text:
    line = Text(no_wrap=True, overflow="crop", end="")
    for place, (column, width, cell) in enumerate(zip(columns, widths, cells, strict=True)):
        if place:
            line.append(" " * GAP)
        line.append_text(_fitted(cell, width, is_right=column.is_right))
    return line


def _fitted(cell: Text, width: int, *, is_right: bool) -> Text:
    if is_right and (missing := width - cell.cell_len) > 0:
        return Text.assemble(" " * missing, cell)
    cell = cell.copy()
    cell.truncate(width, overflow="ellipsis", pad=True)
    return cell
