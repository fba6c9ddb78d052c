"""Where the reference lists of a document are: from a heading (or from the look of the lines) to what comes after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dl_lit.extraction.headings import ends_list, heads_list, heads_part, run_in_head
from dl_lit.extraction.looks import is_dated, signals, starts_like_reference
from dl_lit.extraction.pages import Line

_WINDOW = 12


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
    following = lines[index + 1 : index + 1 + _WINDOW]
    if run_in_head(lines[index].text):
        following = lines[index : index + _WINDOW]
    return _density(following) >= 0.5 and any(is_dated(line.text) for line in following)


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
    look = _Look.of(lines[head + 1 : head + 40])
    at = head + 1
    while at < len(lines):
        line = lines[at]
        if at in heads or heads_part(line.text) or heads_list(line.text):
            at += 1
            continue
        if _ends_here(lines, at, look):
            break
        body.append(line)
        at += 1
    return body, at


@dataclass(frozen=True, slots=True)
class _Look:
    """The type that a list is set in."""

    size: float

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Look:
        sizes = Counter(round(line.size * 2) / 2 for line in lines for _ in range(len(line.text)))
        return cls(sizes.most_common(1)[0][0] if sizes else 0.0)

    def fits(self, line: Line) -> bool:
        return abs(line.size - self.size) <= 0.8


def _ends_here(lines: Sequence[Line], at: int, look: _Look) -> bool:
    line = lines[at]
    following = lines[at + 1 : at + 1 + _WINDOW]
    if ends_list(line.text) and not _inside_entry(lines, at):
        return True
    if not look.fits(line) and _density([line, *lines[at + 1 : at + 6]]) < 0.5:
        return True
    if _looks_like_heading(lines, at, look):
        return _density(following[:8]) < 0.6
    return len(following) >= 6 and _density([line, *following]) < 0.25


def _inside_entry(lines: Sequence[Line], at: int) -> bool:
    """A line of a reference may read like a heading ("Summary"): set as the lines around it, in the middle of them."""
    line, before = lines[at], lines[at - 1]
    same = (before.page, before.column) == (line.page, line.column)
    tight = same and line.baseline - before.baseline < 1.35 * line.size
    return (
        tight
        and abs(line.size - before.size) < 0.3
        and line.bold == before.bold
        and not before.text.endswith((".", ")"))
    )


def _looks_like_heading(lines: Sequence[Line], at: int, look: _Look) -> bool:
    line = lines[at]
    larger = line.size > look.size + 0.8
    return len(line.text) < 80 and (larger or (line.bold and not lines[at - 1].bold)) and not is_dated(line.text)


def _from_looks(lines: Sequence[Line]) -> list[Section]:
    """A list without a heading: the longest dense run in the last two thirds of the document."""
    first = len(lines) // 3
    dense = [_density(lines[max(0, at - 4) : at + 8]) >= 0.9 for at in range(len(lines))]
    best: tuple[int, int] = (0, 0)
    start: int | None = None
    for at in range(first, len(lines) + 1):
        if at < len(lines) and dense[at]:
            start = at if start is None else start
        elif start is not None:
            best = max(best, (start, at), key=lambda run: run[1] - run[0])
            start = None
    run = lines[best[0] : best[1]]
    begins = [index for index, line in enumerate(run) if starts_like_reference(line.text) >= 0.8]
    if len(run) < 6 or len(begins) < 3:
        return []
    return [Section(tuple(run[begins[0] :]))]
