"""A reference list cut into its references: by labels, by indents, by spacing, or by the words alone.

The words tell roughly which lines begin a reference; the geometry tells exactly, but not by which rule. So each rule
proposes its cuts, and the rule that agrees best with the words is followed through the whole list, over columns and
pages.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from dl_lit.extraction.looks import looks_complete, starts_like_reference
from dl_lit.extraction.pages import Line

_LABELS = (
    re.compile(r"\[ ?(\d{1,4}) ?\]\.? ?"),
    re.compile(r"\((\d{1,4})\)\.? ?"),
    re.compile(r"(\d{1,4})\. ?(?=\D)"),
    re.compile(r"(\d{1,4})\) ?"),
    re.compile(r"(\d{1,4})\s*[:/]\s+"),
    re.compile(r"(\d{1,4})[ .]+(?=[^\W\d_a-z])"),
)
_KEYED = re.compile(r"\[([^\W\d_][\w+.&’' -]{1,20}\d{2,4}[a-z]?|[^\W\d_][\w+*-]{1,7})\] ?")


@dataclass(frozen=True, slots=True)
class Entry:
    """The lines of one reference, and the label printed before it ("12", "Abc98")."""

    lines: tuple[Line, ...]
    label: str | None = None
    label_length: int = 0  # characters of the first line that are the label

    @property
    def texts(self) -> list[str]:
        first = self.lines[0].text[self.label_length :]
        return [first, *(line.text for line in self.lines[1:])]


def split(lines: Sequence[Line]) -> list[Entry]:
    """The references of one list, in the order of the print."""
    return _trimmed(_entries_of(lines)) if lines else []


def _trimmed(entries: Sequence[Entry]) -> list[Entry]:
    """Without what stands before and after the references and reads like none."""
    good = [index for index, entry in enumerate(entries) if looks_complete(" ".join(entry.texts))]
    return list(entries[good[0] : good[-1] + 1]) if good else []


def _entries_of(lines: Sequence[Line]) -> list[Entry]:
    labelled = _split_by_labels(lines)
    if labelled:
        return labelled
    starts = _best_starts(lines)
    return [Entry(tuple(lines[start:end])) for start, end in pairwise([*starts, len(lines)])]


# ── labels ───────────────────────────────────────────────────────────────────────────────────────────────


def _split_by_labels(lines: Sequence[Line]) -> list[Entry]:
    """Numbered or keyed entries, or nothing when the list has no labels."""
    chains = [_chain(lines, pattern) for pattern in _LABELS]
    best = max(chains, key=len)
    if len(best) >= 3 and _covers(best, lines):
        return _entries(lines, best)
    if len(best) == 2 and best[0][1] == 0 and best[0][0] == 1 and _covers(best, lines):
        return _entries(lines, best)
    keyed = [(0, index, match) for index, line in enumerate(lines) if (match := _KEYED.match(line.text))]
    if len(keyed) >= 3 and keyed[0][1] <= 2 and len(lines) <= 8 * len(keyed):
        return _entries(lines, keyed)
    return []


_Labelled = tuple[int, int, re.Match[str]]


def _chain(lines: Sequence[Line], pattern: re.Pattern[str]) -> list[_Labelled]:
    """The longest run of lines whose labels rise by one (a gap of up to three is a label that was lost)."""
    found = [(int(match[1]), index, match) for index, line in enumerate(lines) if (match := pattern.match(line.text))]
    best: list[_Labelled] = []
    lengths: list[int] = []
    previous: list[int] = []
    for here, (number, _, _) in enumerate(found):
        length, before = 1, -1
        for there in range(here - 1, max(-1, here - 60), -1):
            step = number - found[there][0]
            if 1 <= step <= 3 and lengths[there] + 1 - 0.4 * (step - 1) > length:
                length, before = lengths[there] + 1, there
                if step == 1:
                    break
        lengths.append(length)
        previous.append(before)
    if not lengths:
        return best
    at = max(range(len(lengths)), key=lambda index: lengths[index])
    while at >= 0:
        best.append(found[at])
        at = previous[at]
    return best[::-1]


def _covers(chain: Sequence[_Labelled], lines: Sequence[Line]) -> bool:
    """Labels begin near the list's head, stand all along it, and never twelve lines of list apart on average."""
    first, last = chain[0][1], chain[-1][1]
    return first <= max(3, len(lines) // 4) and (last - first) <= 14 * len(chain) and len(lines) <= 20 * len(chain)


def _entries(lines: Sequence[Line], chain: Sequence[_Labelled]) -> list[Entry]:
    ends = [index for _, index, _ in chain[1:]] + [len(lines)]
    return [
        Entry(tuple(lines[index:end]), match[1], match.end())
        for (_, index, match), end in zip(chain, ends, strict=True)
    ]


# ── unlabelled lists ─────────────────────────────────────────────────────────────────────────────────────


def _best_starts(lines: Sequence[Line]) -> list[int]:
    """The cuts of the rule that agrees best with the words."""
    marks = [starts_like_reference(line.text) for line in lines]
    after_end = [_may_follow(lines, index) for index in range(len(lines))]
    words = [mark if follows else 0.3 * mark for mark, follows in zip(marks, after_end, strict=True)]
    best, best_mark = [0], -1.0
    for rule, trust in _RULES:
        starts = rule(lines, words)
        mark = trust * _agreement(lines, starts, words)
        if mark > best_mark:
            best, best_mark = starts, mark
    return best


def _may_follow(lines: Sequence[Line], index: int) -> bool:
    """Whether the line before can be the end of a reference."""
    if index == 0:
        return True
    before = lines[index - 1].text.rstrip()
    return not before.endswith(("-", ",", "&", "/", "(", " and", " und", " in", " In:", " the", " der", " of"))


def _agreement(lines: Sequence[Line], starts: Sequence[int], words: Sequence[float]) -> float:
    """0..1: the harmonic mean of how good the starts look and how many good-looking lines are starts."""
    chosen = set(starts)
    strong = [index for index, mark in enumerate(words) if mark >= 0.8]
    if not strong:
        return 1.0 if starts == [0] else 0.0
    recall = sum(index in chosen for index in strong) / len(strong)
    precision = sum(words[start] for start in starts) / len(starts)
    whole = sum(
        looks_complete(" ".join(line.text for line in lines[start:end]))
        for start, end in pairwise([*starts, len(lines)])
    ) / len(starts)
    return 3 / (1 / max(recall, 0.01) + 1 / max(precision, 0.01) + 1 / max(whole, 0.01))


_Place = tuple[int, int]


def _places(lines: Sequence[Line]) -> dict[_Place, list[int]]:
    """The indices of the lines of each column of each page."""
    places: defaultdict[_Place, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        places[line.page, line.column].append(index)
    return places


def _levels(lines: Sequence[Line]) -> tuple[list[bool | None], bool]:
    """For each line whether it stands at the inner level of its column (None: the column shows one level only)."""
    step = _usual_step(lines)
    inner: list[bool | None] = [None] * len(lines)
    if step is None:
        return inner, False
    for indices in _places(lines).values():
        edge = min(lines[index].x0 for index in indices)
        edge = _solid_edge([lines[index].x0 for index in indices], edge)
        flags = [lines[index].x0 > edge + 0.5 * step for index in indices]
        if any(flags):
            for index, flag in zip(indices, flags, strict=True):
                inner[index] = flag
    return inner, True


def _solid_edge(xs: Sequence[float], edge: float) -> float:
    """The left edge, not counting one stray line that sticks out of a long column."""
    if len(xs) < 8:
        return edge
    low = sorted(xs)
    return low[1] if low[1] - low[0] > 3 and len([x for x in xs if x < low[0] + 3]) == 1 else edge


def _usual_step(lines: Sequence[Line]) -> float | None:
    """By how much the inner level is indented, where the list has two levels."""
    steps: Counter[int] = Counter()
    for indices in _places(lines).values():
        edge = min(lines[index].x0 for index in indices)
        for index in indices:
            steps[round(lines[index].x0 - edge)] += 1
    inner = {step: count for step, count in steps.items() if step >= 4}
    if not inner or sum(inner.values()) < 0.1 * len(lines):
        return None
    return float(max(inner, key=lambda step: inner[step] + inner.get(step - 1, 0) + inner.get(step + 1, 0)))


def _by_hanging_indent(lines: Sequence[Line], words: Sequence[float]) -> list[int]:
    inner, known = _levels(lines)
    if not known:
        return [0]
    return _starts(lines, [word >= 0.8 if flag is None else not flag for flag, word in zip(inner, words, strict=True)])


def _by_first_line_indent(lines: Sequence[Line], words: Sequence[float]) -> list[int]:
    inner, known = _levels(lines)
    if not known:
        return [0]
    return _starts(lines, [word >= 0.8 if flag is None else flag for flag, word in zip(inner, words, strict=True)])


def _by_spacing(lines: Sequence[Line], words: Sequence[float]) -> list[int]:
    """A reference begins after a wider gap; at the top of a column the words decide."""
    gaps = [_gap(lines, index) for index in range(len(lines))]
    within = sorted(gap for gap in gaps if gap is not None)
    if len(within) < 2:
        return [0]
    tight = within[len(within) // 10]
    limit = max(1.12 * tight, tight + 1.2)
    return _starts(lines, [word >= 0.8 if gap is None else gap > limit for gap, word in zip(gaps, words, strict=True)])


def _gap(lines: Sequence[Line], index: int) -> float | None:
    """From the last baseline to this one; None at the top of a column."""
    if index == 0:
        return None
    before, line = lines[index - 1], lines[index]
    same = (before.page, before.column) == (line.page, line.column) and line.baseline > before.baseline
    return line.baseline - before.baseline if same else None


def _by_words(lines: Sequence[Line], words: Sequence[float]) -> list[int]:
    """A good-looking first line after a line that ends a sentence or falls short of the margin."""
    ended = [_ended(lines, index) for index in range(len(lines))]
    return _starts(lines, [word >= 0.8 and end for word, end in zip(words, ended, strict=True)])


def _ended(lines: Sequence[Line], index: int) -> bool:
    if index == 0:
        return True
    before = lines[index - 1]
    right = median(sorted(line.x1 for line in lines if (line.page, line.column) == (before.page, before.column))[-5:])
    return before.text.endswith((".", ")", "]")) or before.x1 < right - 3 * before.size or before.text[-1].isdigit()


def _starts(lines: Sequence[Line], flags: Sequence[bool]) -> list[int]:
    starts = [index for index, flag in enumerate(flags) if flag]
    return starts if starts and starts[0] == 0 else [0, *starts]


_Rule = Callable[[Sequence[Line], Sequence[float]], list[int]]
# The words always agree with themselves, so their rule must be much better than geometry to be followed.
_RULES: tuple[tuple[_Rule, float], ...] = (
    (_by_hanging_indent, 1.0),
    (_by_spacing, 1.0),
    (_by_first_line_indent, 0.95),
    (_by_words, 0.75),
)
