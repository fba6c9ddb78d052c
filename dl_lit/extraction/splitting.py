"""A reference list cut into its references: by their labels, or else by where they start (`starts`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dl_lit.extraction.looks import is_heading_within, looks_complete
from dl_lit.extraction.pages import Line
from dl_lit.extraction.starts import best_starts

_LABELS = (
    re.compile(r"\[ ?(\d{1,4}) ?\]\.? ?"),
    re.compile(r"\((\d{1,4})\)\.? ?"),
    re.compile(r"(\d{1,4})\. ?(?=\D|$)"),
    re.compile(r"(\d{1,4})\) ?"),
    re.compile(r"(\d{1,4})\s*[:/]\s+"),
    re.compile(r"(\d{1,4})[ .]+(?=[^\W\d_a-z]|[\"“„«\[(])"),
    re.compile(r"(\d{1,3})(?=[^\W\d_a-z][^\W\d_])"),  # raised, and so close to the text that no space is left
)
_KEYED = re.compile(r"\[([^\W\d_][\w+.&’' -]{1,20}\d{2,4}[a-z]?|[^\W\d_][\w+*-]{0,7})\] ?")


@dataclass(frozen=True, slots=True)
class Entry:
    """The lines of one reference, and the label printed before it ("12", "Abc98"); `rule` says what parted it off."""

    lines: tuple[Line, ...]
    label: str | None = None
    label_length: int = 0  # characters of the first line that are the label
    rule: str = "label"

    @property
    def texts(self) -> list[str]:
        first = self.lines[0].text[self.label_length :]
        return [first, *(line.text for line in self.lines[1:])]


def split(lines: Sequence[Line]) -> list[Entry]:
    """The references of one list, in the order of the print."""
    return [work for entry in _trimmed(_entries_of(lines)) for work in works_of(entry)] if lines else []


def _trimmed(entries: Sequence[Entry]) -> list[Entry]:
    """Without what stands before and after the references and reads like none, and without headings among them."""
    good = [index for index, entry in enumerate(entries) if entry.label or looks_complete(" ".join(entry.texts))]
    if not good:
        return []
    kept = entries[good[0] : good[-1] + 1]
    return [entry for entry in kept if entry.label or len(entry.lines) > 1 or not is_heading_within(entry.texts[0])]


def _entries_of(lines: Sequence[Line]) -> list[Entry]:
    labelled = _split_by_labels(lines)
    if labelled:
        return labelled
    starts = best_starts(lines)
    ends = (*starts.indices[1:], len(lines))
    return [Entry(tuple(lines[start:end]), rule=starts.rule) for start, end in zip(starts.indices, ends, strict=True)]


# ── labels ───────────────────────────────────────────────────────────────────────────────────────────────


def _split_by_labels(lines: Sequence[Line]) -> list[Entry]:
    """Numbered or keyed entries, or nothing when the list has no labels."""
    chains = [chain for pattern in _LABELS if (chain := _chain(lines, pattern)) and _covers(chain, lines)]
    # Other numbers may follow a list (affiliations, notes): the chain at its head goes before a longer one.
    best = max(chains, key=lambda chain: (chain[0][1] <= 2, len(chain)), default=[])
    if len(best) >= 3 or (len(best) == 2 and best[0][0] == 1 and best[0][1] == 0):
        return _entries(lines, _filled(best, lines))
    return _split_by_keys(lines)


def _split_by_keys(lines: Sequence[Line]) -> list[Entry]:
    """Entries headed by "[Abc98]"; a mark that comes again and again ("[CrossRef]") is no key."""
    keyed = [(0, index, match) for index, line in enumerate(lines) if (match := _KEYED.match(line.text))]
    distinct = {match[1] for _, _, match in keyed}
    if (
        len(keyed) < 3
        or keyed[0][1] > max(3, len(lines) // 8)
        or len(lines) > 14 * len(keyed)
        or len(distinct) < 0.9 * len(keyed)
    ):
        return []
    return _entries(lines, keyed)


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


def _filled(chain: Sequence[_Labelled], lines: Sequence[Line]) -> list[_Labelled]:
    """The chain with the labels that its pattern missed ("12 www.example.org"): the very number, at the same margin."""
    found = [chain[0]]
    for number, index, match in chain[1:]:
        for missing in range(found[-1][0] + 1, number):
            pattern = re.compile(rf"[\[(]?({missing})[\])]?[.:]?\s+")
            margin = lines[index].x0
            for at in range(found[-1][1] + 1, index):
                other = pattern.match(lines[at].text)
                if other and (abs(lines[at].x0 - margin) < 8 or lines[at].column != lines[index].column):
                    found.append((missing, at, other))
                    break
        found.append((number, index, match))
    return found


def _covers(chain: Sequence[_Labelled], lines: Sequence[Line]) -> bool:
    """Labels begin near the list's head and are never far apart on average."""
    first, last = chain[0][1], chain[-1][1]
    if chain[0][0] > 1000:  # years
        return False
    return first <= max(3, len(lines) // 4) and (last - first) <= 14 * len(chain)


def _entries(lines: Sequence[Line], chain: Sequence[_Labelled]) -> list[Entry]:
    ends = [index for _, index, _ in chain[1:]]
    usual = max((end - index for (_, index, _), end in zip(chain, ends, strict=False)), default=12)
    ends.append(_end_of_last(lines, chain[-1][1], usual))
    return [
        Entry(tuple(lines[index:end]), match[1], match.end())
        for (_, index, match), end in zip(chain, ends, strict=True)
    ]


def _end_of_last(lines: Sequence[Line], start: int, usual: int) -> int:
    """No label tells where the last entry ends: a new page, a wide gap, another type, or too great a length does."""
    first = lines[start]
    for at in range(start + 1, len(lines)):
        before, line = lines[at - 1], lines[at]
        same = (before.page, before.column) == (line.page, line.column)
        apart = not same or line.baseline - before.baseline > 1.8 * line.size
        headline = abs(line.size - first.size) > 0.8 or line.bold > first.bold
        if (apart and (headline or at - start >= usual)) or at - start > 3 * usual + 4:
            return at
    return len(lines)


# ── several works under one number ───────────────────────────────────────────────────────────────────────

_LETTERS = "abcdefghijkl"
_FIRST_WORK = re.compile(r"\(?a ?\) ?(?=\S)")


def works_of(entry: Entry) -> list[Entry]:
    """ "12 (a) ...; (b) ..." as the entries "12a" and "12b"; other entries as they are."""
    first = _FIRST_WORK.match(entry.texts[0])
    if entry.label is None or not first:
        return [entry]
    places = [(0, entry.label_length + first.end())]
    for letter in _LETTERS[1:]:
        place = _next_work(entry.lines, letter, places[-1], bracket=first[0].startswith("("))
        if place is None:
            break
        places.append(place)
    if len(places) == 1:
        return [entry]
    return [
        Entry(tuple(_between(entry.lines, start, end)), entry.label + letter)
        for letter, (start, end) in zip(_LETTERS, pairwise([*places, (len(entry.lines), 0)]), strict=False)
    ]


_Place = tuple[int, int]  # line and character where the text of a work begins


def _next_work(lines: Sequence[Line], letter: str, behind: _Place, *, bracket: bool) -> _Place | None:
    mark = re.compile(rf"(?:^|(?<=[;.,] )|(?<=[;.,])|(?<=and )){'[(]' if bracket else ''}{letter} ?[)] ?(?=\S|$)")
    for at in range(behind[0], len(lines)):
        found = mark.search(lines[at].text, behind[1] if at == behind[0] else 0)
        if found:
            return at, found.end()
    return None


def _between(lines: Sequence[Line], start: _Place, end: _Place) -> list[Line]:
    """The lines from `start` up to the mark before `end`."""
    pieces = []
    for at in range(start[0], min(end[0] + 1, len(lines))):
        text = lines[at].text
        text = _WORK_TAIL.sub("", text[: end[1]]) if at == end[0] else text
        text = text[start[1] :] if at == start[0] else text
        if text.strip():
            pieces.append(replace(lines[at], text=text))
    if pieces and end[0] < len(lines):
        pieces[-1] = replace(pieces[-1], text=pieces[-1].text.rstrip(" ;,"))
    return pieces


_WORK_TAIL = re.compile(r"[;,]?(?: and)? ?\(?[a-l] ?\) ?$")
