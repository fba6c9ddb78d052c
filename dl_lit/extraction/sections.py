"""Where the reference lists of a document are: from a heading (or from the look of the lines) to what comes after."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from msgspec.structs import replace

from dl_lit.extraction.headings import (
    ends_list,
    heads_list,
    heads_more,
    heads_part,
    interrupts,
    mentions_list,
    run_in_head,
)
from dl_lit.extraction.looks import breaks_off, is_dated, likeness, may_go_on, signals, starts_like_reference
from dl_lit.extraction.numbering import Numbering, first_of_chain
from dl_lit.extraction.pages import Line

_WINDOW = 12
_LIST_DENSITY = 0.35  # signals a line: running text has up to 0.2, lists from 0.4 (long entries) to 2
_SPARSE = 0.15
_FEW = 8  # lines, enough to tell running text, whose mean likeness is about -2.5
_PROSE = -1.5
_REACH = 60  # lines: how far a figure or a note can keep the two parts of a list apart


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one list without its heading; `heading` is None where the look of the lines gave it away.

    `end` says, for a person, why the list ends where it does.
    """

    lines: tuple[Line, ...]
    heading: str | None = None
    end: str = ""


def find(lines: Sequence[Line]) -> list[Section]:
    """The reference lists, in the order of the document."""
    text = _Text(lines)
    heads = [at for at in range(len(lines)) if _is_heading(lines, at) and _promises(text, at)]
    heads = heads or [at for at in range(len(lines)) if _may_head(text, at)]
    if not heads:
        return _from_looks(text)
    return _before_more(text, heads[0]) + _from_headings(text, heads)


def has_heading(lines: Sequence[Line]) -> bool:
    """A line by itself says that a reference list follows, whether or not one could be read."""
    return any(_is_heading(lines, at) for at in range(len(lines)))


class _Text:
    """The lines, and how many signs of references any stretch of them holds; each line is looked at once, if at all."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self._signs: dict[int, int] = {}
        self._odds: dict[int, float] = {}

    def density(self, start: int, count: int) -> float:
        """Signs per line, at most two counted a line, over `count` lines from `start`; 0 beyond the end."""
        return self._mean(self._sign, start, count)

    def evidence(self, start: int, count: int) -> float:
        """The mean of the lines' likeness to references, over `count` lines from `start`; 0 beyond the end."""
        return self._mean(self.odds, start, count)

    def _mean(self, value: Callable[[int], float], start: int, count: int) -> float:
        start, end = max(0, start), min(len(self.lines), start + count)
        return sum(map(value, range(start, end))) / (end - start) if end > start else 0.0

    def _sign(self, at: int) -> int:
        if at not in self._signs:
            text = self.lines[at].text
            self._signs[at] = min(2, signals(text) + (starts_like_reference(text) == 1.0))
        return self._signs[at]

    def odds(self, at: int) -> float:
        if at not in self._odds:
            self._odds[at] = likeness(self.lines[at].text)
        return self._odds[at]

    def begins(self, at: int) -> bool:
        """The line looks like the first of a reference, labelled or not."""
        text = self.lines[at].text
        return starts_like_reference(text) >= 0.8 or bool(_LABEL.match(text))


_LABEL = re.compile(r"\[[\w+ -]{1,12}\] ?\S|\(?\d{1,3}[.)] ?\D|\d{1,3} [^\W\d_]")


def _is_heading(lines: Sequence[Line], at: int) -> bool:
    text = lines[at].text
    return heads_list(text) or (_stands_alone(lines, at) and _runs_in(text) > 0)


def _runs_in(text: str) -> int:
    """The length of "Literatur: " where a reference follows on the same line, else 0."""
    length = run_in_head(text)
    if not length:
        return 0
    rest = text[length:]
    return length if starts_like_reference(rest) >= 0.8 or _LABEL.match(rest) else 0


def _stands_alone(lines: Sequence[Line], at: int) -> bool:
    """A paragraph of its own: after a gap, or at the top of a column."""
    step = _step(lines[at - 1], lines[at]) if at else None
    return step is None or step > 1.5 * lines[at].size


def _promises(text: _Text, at: int) -> bool:
    """Reference-like lines follow (a table of contents, or a chapter about literature, promises nothing)."""
    first = at if _runs_in(text.lines[at].text) else at + 1
    dense = any(text.density(first, count) >= _LIST_DENSITY for count in (8, _WINDOW, 2 * _WINDOW))
    dense = dense or text.evidence(first, _WINDOW) > 0
    return dense and any(is_dated(line.text) for line in text.lines[first : first + 2 * _WINDOW])


def _may_head(text: _Text, at: int) -> bool:
    """A heading that holds a word of such headings, among others, above lines that leave no doubt."""
    lines = text.lines
    line = lines[at]
    if at + 6 > len(lines) or not mentions_list(line.text) or not _stands_alone(lines, at):
        return False
    following = lines[at + 1 : at + 9]
    distinct = line.bold > following[0].bold or abs(line.size - following[0].size) > 0.8 or line.text.isupper()
    return distinct and text.begins(at + 1) and text.evidence(at + 1, 8) > 0.5


# ── from a heading to the end ────────────────────────────────────────────────────────────────────────────


def _from_headings(text: _Text, heads: Sequence[int]) -> list[Section]:
    sections: list[Section] = []
    covered = -1
    for head in heads:
        if head <= covered:
            continue
        heading = text.lines[head]
        run_in = 0 if heads_list(heading.text) else _runs_in(heading.text)
        body, covered, end = _walk(text, head + 1, _Look.of(text.lines[head + 1 : head + 40], _WINDOW), heads)
        if run_in:
            body.insert(0, replace(heading, text=heading.text[run_in:]))
        if body:
            sections.append(Section(tuple(body), heading.text, end))
    return sections


def _walk(
    text: _Text, start: int, look: _Look, heads: Collection[int], end: int | None = None
) -> tuple[list[Line], int, str]:
    """The lines of a list from its first one to its end, where the walk stopped (`end` at the latest), and why."""
    body: list[Line] = []
    at = start
    why = "the text ends" if end is None else "the next heading"
    numbering = Numbering()
    while at < (len(text.lines) if end is None else end):
        line = text.lines[at]
        is_due = look.fits(line) and numbering.goes_on(line.text)
        if at in heads and body and _FIRST_LABEL.match(text.lines[at + 1].text if at + 1 < len(text.lines) else ""):
            return body, at - 1, "the next heading"
        if at in heads or heads_list(line.text):
            at += 1
        elif at > start and not (is_due or heads_part(line.text)) and (ends := _why_it_ends(text, at, look)):
            resumed = _resumes(text, at, look)
            if resumed is None:
                why = ends
                break
            at = resumed
        else:
            body.append(line)
            at += 1
    return body, at, why


_FIRST_LABEL = re.compile(r"[\[(]?1(?:[\]).:]|\s)")  # the numbers of a list begin anew


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


def _why_it_ends(text: _Text, at: int, look: _Look) -> str | None:
    """Why line `at` is no part of the list any more, for a person; None where it is."""
    line = text.lines[at]
    if not look.fits(line) and text.density(at, 6) < 0.5:
        return "another size of type"
    if at == 0 or _inside_entry(text.lines, at, look):
        return None
    if ends_list(line.text):
        return "a heading that follows lists"
    if _looks_like_heading(text.lines, at, look) and text.density(at + 1, 10) < _LIST_DENSITY:
        return "a heading"
    if _is_foreign_block(text.lines, at, look):
        return "set apart, in another type"
    if _is_foot(text.lines, at, look):
        return "alone at the foot of the column"
    return "running text" if _is_prose(text, at) else None


def _is_prose(text: _Text, at: int) -> bool:
    """From here on the lines read like no references."""
    if starts_like_reference(text.lines[at].text) >= 0.8:
        return False
    if at + _FEW <= len(text.lines) and text.evidence(at, _FEW) < _PROSE:
        return True
    return at + _WINDOW < len(text.lines) and text.density(at, 2 * _WINDOW) < _SPARSE


def _inside_entry(lines: Sequence[Line], at: int, look: _Look) -> bool:
    """A line of a reference may read like a heading ("Summary"): it is set like the line before, and close to it."""
    line, before = lines[at], lines[at - 1]
    step = _step(before, line)
    if step is None:  # a new column: the text must tell
        close = (breaks_off(before.text) or may_go_on(before.text)) and not ends_list(line.text)
    else:
        close = step < 1.15 * look.leading
    return close and abs(line.size - before.size) < 0.3 and line.bold <= before.bold


def _looks_like_heading(lines: Sequence[Line], at: int, look: _Look) -> bool:
    line = lines[at]
    larger = line.size > look.size + 0.8
    return len(line.text) < 80 and (larger or (line.bold and not lines[at - 1].bold)) and not is_dated(line.text)


def _is_foreign_block(lines: Sequence[Line], at: int, look: _Look) -> bool:
    """Set apart, and in another type for more than a line: a footnote, a journal's notice, a note on the author."""
    step = _step(lines[at - 1], lines[at])
    apart = step is None or step > 1.25 * look.leading
    return apart and not any(look.is_own(line) for line in lines[at : at + 2])


def _is_foot(lines: Sequence[Line], at: int, look: _Look) -> bool:
    """Alone at the end of its column, far below the list: a running foot, if only of this one page."""
    step = _step(lines[at - 1], lines[at])
    last = at + 1 == len(lines) or _step(lines[at], lines[at + 1]) is None
    return last and step is not None and step > 3 * look.leading and starts_like_reference(lines[at].text) < 0.8


def _resumes(text: _Text, at: int, look: _Look) -> int | None:
    """Where the list goes on behind a figure, a table or a note that interrupts it, within a page's length."""
    if _ends_for_good(text.lines[at].text):
        return None
    for index in range(at + 1, min(at + _REACH, len(text.lines) - 1)):
        line = text.lines[index]
        if heads_list(line.text) or _ends_for_good(line.text):
            return None
        step = _step(text.lines[index - 1], line)
        parted = starts_like_reference(line.text) >= 0.8 or not look.is_own(text.lines[index - 1])
        begins = step is None or (step > 1.25 * look.leading and parted)
        if begins and all(map(look.is_own, text.lines[index : index + 4])) and text.density(index, _WINDOW) >= 0.5:
            # What is dense may be the next list, below its heading.
            return None if any(heads_list(one.text) for one in text.lines[index : index + _WINDOW]) else index
    return None


def _ends_for_good(text: str) -> bool:
    return ends_list(text) and not interrupts(text)


# ── without a heading ────────────────────────────────────────────────────────────────────────────────────


def _from_looks(text: _Text) -> list[Section]:
    """Lists without a heading: the stretch most like references in the last two thirds, and its equals."""
    runs = sorted(_alike(text, len(text.lines)), key=lambda run: -_weight(text, run))
    found: list[tuple[int, int, Section]] = []
    least = 0.0
    for run in runs:
        if _weight(text, run) < least or (not found and run[1] <= len(text.lines) // 3):
            continue
        start, stop, section = _section(text, run)
        if section is not None and not any(start < other[1] and other[0] < stop for other in found):
            found.append((start, stop, section))
            least = max(least, _EQUAL * _weight(text, run))
    return [section for _, _, section in sorted(found, key=lambda one: one[0])]


def _before_more(text: _Text, head: int) -> list[Section]:
    """The list without a heading that ends where "Further reading" begins."""
    if not heads_more(text.lines[head].text) or text.evidence(head - _WINDOW, _WINDOW) < _ALIKE:
        return []
    runs = _alike(text, head)
    if not runs or runs[-1][1] < head - 2:
        return []
    _, _, section = _section(text, runs[-1], head)
    return [] if section is None else [section]


def _alike(text: _Text, end: int) -> list[tuple[int, int]]:
    """The stretches before `end` whose lines are like references, with what looks like some beginnings of such."""
    flags = [text.evidence(at - _AROUND, min(2 * _AROUND + 1, end - at + _AROUND)) > _ALIKE for at in range(end)]
    return [
        (start, stop)
        for start, stop in _bridged(_runs(flags))
        if stop - start >= 6 and sum(map(text.begins, range(start, stop))) >= 3
    ]


def _weight(text: _Text, run: tuple[int, int]) -> float:
    return sum(max(0.0, text.odds(at)) for at in range(*run))


def _section(text: _Text, run: tuple[int, int], end: int | None = None) -> tuple[int, int, Section | None]:
    """Where the list that `run` shows begins and ends (at `end` at the latest), and its lines if they are a list."""
    first = first_of_chain(text.lines, _beginning(text, *run))
    lines = text.lines[first : min(run[1], first + 40)]
    body, stop, why = _walk(text, first, _Look.of(lines, _WINDOW), () if end is None else (end,), end)
    begins = sum(starts_like_reference(line.text) >= 0.8 or bool(_LABEL.match(line.text)) for line in body)
    return first, stop, Section(tuple(body), end=why) if begins >= 3 else None


_EQUAL = 0.4  # of the weight of the weightiest stretch: lists of chapters differ in length
_AROUND = 5  # lines before and behind that help to judge one
_ALIKE = -0.3  # mean likeness: 19 of 20 lines of lists lie above it, 98 of 100 others below
_BRIDGE = 12  # lines: a figure or a note inside a list


def _bridged(runs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in runs:
        if joined and start - joined[-1][1] <= _BRIDGE:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _beginning(text: _Text, start: int, end: int) -> int:
    """The line near `start` that parts text from references best, by words and by the look of the page."""
    first, last = max(0, start - 2 * _AROUND), min(end, start + 3 * _AROUND)
    behind = 0.0
    marks: dict[int, float] = {}
    for at in range(last - 1, first - 1, -1):
        behind += text.odds(at)
        if text.begins(at):
            marks[at] = behind + 2 * _is_apart(text.lines, at) + 2 * bool(_FIRST_LABEL.match(text.lines[at].text))
    return max(marks, key=lambda at: marks[at], default=start)


_FIRST_LABEL = re.compile(r"\W?1\W")


def _is_apart(lines: Sequence[Line], at: int) -> bool:
    """After a gap, at the top of a column, or in another type than the line before."""
    return at == 0 or _stands_alone(lines, at) or abs(lines[at].size - lines[at - 1].size) > 0.4


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """The stretches of true flags, as (start, end)."""
    edges = [at for at, (before, flag) in enumerate(pairwise([False, *flags, False])) if before != flag]
    return list(zip(edges[::2], edges[1::2], strict=True))
