"""What a backend reads: pages of lines with their place and look. Coordinates are points from the top left corner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec


class Line(msgspec.Struct, frozen=True, gc=False):
    """A run of text on one baseline inside one column; `size`, `font`, `bold`, `italic` are those of most letters.

    `page` counts from 1. `column` is 0 until `layout` has set the columns (then 1, 2, ... from left to right, and
    0 for lines that cross columns). `opens` says whether the line begins a paragraph, where the format tells. `head`
    tells of a number at its head that a gap parts from the text: how many digits it has, and where the text begins, as
    far as that is known.

    No dataclass, because a page has hundreds: a frozen one takes eight times as long to make.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    baseline: float
    size: float
    font: str = ""
    bold: bool = False
    italic: bool = False
    page: int = 1
    column: int = 0
    opens: bool | None = None
    head: tuple[int, float | None] | None = None

    @property
    def width(self) -> float:
        return self.x1 - self.x0


@dataclass(frozen=True, slots=True)
class Link:
    """An area of a page that leads to a DOI when one clicks it."""

    doi: str
    x0: float
    y0: float
    x1: float
    y1: float

    def lies_on(self, line: Line) -> bool:
        middle = (self.y0 + self.y1) / 2
        return line.y0 <= middle <= line.y1 and self.x0 < line.x1 and line.x0 < self.x1


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `images` counts its pictures if it has hardly any text (it is a scan then)."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...] = ()
    images: int = 0
    links: tuple[Link, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file says about itself beside its pages, as whoever made it left it: often nothing, or nonsense."""

    title: str = ""
    author: str = ""
    doi: str | None = None


def has_letters(lines: Iterable[Line], enough: int) -> bool:
    """Whether `lines` have at least `enough` letters together."""
    letters = 0
    for line in lines:
        letters += sum(map(str.isalpha, line.text))
        if letters >= enough:
            return True
    return False
