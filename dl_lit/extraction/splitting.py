"""A reference list cut into its references: by their labels, or else by where they start (`starts`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from dl_lit.extraction.bullets import bullet_length, is_clear
from dl_lit.extraction.entries import Entry
from dl_lit.extraction.looks import (
    breaks_off,
    is_heading_within,
    looks_complete,
    may_go_on,
    starts_like_reference,
)
from dl_lit.extraction.pages import Line
from dl_lit.extraction.parts import part_heads
from dl_lit.extraction.starts import best_starts
from dl_lit.extraction.works import works_of

_LABELS = (
    re.compile(r"\[ ?(\d{1,4}) ?\]\.? ?"),
    re.compile(r"\((\d{1,4})\)\.? ?"),
    re.compile(r"(\d{1,4})\. ?(?=\D|$)"),
    re.compile(r"(\d{1,4})\) ?"),
    re.compile(r"(\d{1,4})\s*[:/]\s+"),
    re.compile(r"(\d{1,4})[ .]+(?=[^\W\d_a-z]|[\"“„«\[(])"),
    re.compile(r"(\d{1,3})(?=[^\W\d_a-z](?:[^\W\d_]|[.’']))"),  # raised, and so close to the text that no space is left
)
_KEYED = re.compile(r"\[([^\W\d_][\w+.&’' -]{1,20}\d{2,4}[a-z]?|[^\W\d_][\w+*-]{0,7})\] ?")


def split(lines: Sequence[Line]) -> list[Entry]:
    """The references of one list, in the order of the print."""
    heads = part_heads(lines)
    entries = _entries_of_parts(_parts(lines, heads)) if heads else _entries_of(lines) if lines else []
    return [work for entry in _trimmed(entries) for work in works_of(entry)]


def _trimmed(entries: Sequence[Entry]) -> list[Entry]:
    """Without what stands before and after the references and reads like none, and without headings among them."""
    good = [index for index, entry in enumerate(entries) if entry.label or looks_complete(" ".join(entry.texts))]
    if not good:
        return []
    kept = entries[good[0] : good[-1] + 1]
    return [entry for entry in kept if entry.label or len(entry.lines) > 1 or not is_heading_within(entry.texts[0])]


def _entries_of(lines: Sequence[Line], cuts: Sequence[int] = ()) -> list[Entry]:
    """The entries; at each of `cuts` a part of the list begins, and with it an entry."""
    marked = _split_by_labels(lines, cuts) or _split_by_bullets(lines, cuts)
    if marked:
        return marked
    starts = best_starts(lines)
    indices = sorted({*starts.indices, *cuts})
    entries = [Entry(tuple(lines[start:end]), rule=starts.rule) for start, end in pairwise([*indices, len(lines)])]
    return _without_bullets(entries)


# ── parts ────────────────────────────────────────────────────────────────────────────────────────────────


def _parts(lines: Sequence[Line], heads: Sequence[int]) -> list[Sequence[Line]]:
    """The lines between the headings, where there are any."""
    edges = [-1, *heads, len(lines)]
    return [part for before, end in pairwise(edges) if (part := lines[before + 1 : end])]


def _entries_of_parts(parts: Sequence[Sequence[Line]]) -> list[Entry]:
    """Each part by its own labels where these begin anew; all together where they run on, or where there are none."""
    labelled = (entries[0] for part in parts if (entries := _split_by_labels(part)) and entries[0].label == "1")
    forms = Counter(entry.lines[0].text[: entry.label_length].rstrip() for entry in labelled)
    if max(forms.values(), default=0) > 1:
        return [entry for part in parts for entry in _entries_of(part)]
    cuts = list(accumulate(map(len, parts)))[:-1]
    return _entries_of([line for part in parts for line in part], cuts)


# ── labels ───────────────────────────────────────────────────────────────────────────────────────────────


def _split_by_labels(lines: Sequence[Line], cuts: Sequence[int] = ()) -> list[Entry]:
    """Numbered or keyed entries, or nothing when the list has no labels."""
    chains = [chain for pattern in _LABELS if (chain := _chain(lines, pattern)) and _covers(chain, lines)]
    # Other numbers may follow a list (affiliations, notes): the chain at its head goes before a longer one.
    best = max(chains, key=lambda chain: (chain[0][1] <= 2, len(chain)), default=[])
    if len(best) >= 3 or (len(best) == 2 and best[0][0] == 1 and best[0][1] == 0):
        return _entries(lines, _filled(best, lines), cuts)
    return _split_by_keys(lines, cuts)


def _split_by_keys(lines: Sequence[Line], cuts: Sequence[int]) -> list[Entry]:
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
    return _entries(lines, keyed, cuts)


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


def _entries(lines: Sequence[Line], chain: Sequence[_Labelled], cuts: Sequence[int]) -> list[Entry]:
    ends = _ends(lines, [index for _, index, _ in chain], cuts)
    return [
        Entry(tuple(lines[index:end]), match[1], match.end())
        for (_, index, match), end in zip(chain, ends, strict=True)
    ]


def _ends(lines: Sequence[Line], begins: Sequence[int], cuts: Sequence[int]) -> list[int]:
    """Where the entries end that begin at `begins`: at the next one, or where a part of the list is over."""
    usual = max((end - begin for begin, end in pairwise(begins)), default=12)
    ends = [*begins[1:], _end_of_last(lines, begins[-1], usual)]
    return [
        min(end, *(cut for cut in cuts if begin < cut), len(lines)) for begin, end in zip(begins, ends, strict=True)
    ]


def _end_of_last(lines: Sequence[Line], start: int, usual: int) -> int:
    """No label tells where the last entry ends: a new page, a wide gap, another type, or too great a length does."""
    first = lines[start]
    for at in range(start + 1, len(lines)):
        before, line = lines[at - 1], lines[at]
        same = (before.page, before.column) == (line.page, line.column)
        apart = not same or line.baseline - before.baseline > 1.8 * line.size
        headline = abs(line.size - first.size) > 0.8 or line.bold > first.bold
        too_long = at - start >= usual and not (breaks_off(before.text) or may_go_on(before.text))
        if (apart and (headline or too_long)) or at - start > 3 * usual + 4:
            return at
    return len(lines)


# ── bullets ──────────────────────────────────────────────────────────────────────────────────────────────


def _split_by_bullets(lines: Sequence[Line], cuts: Sequence[int]) -> list[Entry]:
    """Entries that all begin with the same mark, or nothing."""
    lengths = {at: length for at, line in enumerate(lines) if (length := bullet_length(line.text))}
    if len(lengths) < 2:
        return []
    mark = Counter(lines[at].text[0] for at in lengths).most_common(1)[0][0]
    begins = [at for at in lengths if lines[at].text[0] == mark]
    if not _is_bulleted(lines, begins):
        return []
    return [
        Entry(tuple(lines[begin:end]), None, lengths[begin], "bullet")
        for begin, end in zip(begins, _ends(lines, begins, cuts), strict=True)
    ]


def _is_bulleted(lines: Sequence[Line], begins: Sequence[int]) -> bool:
    """The marks begin the list, are not far apart on average, and stand before most of what looks like a beginning."""
    if len(begins) < 2 or begins[0] > (2 if is_clear(lines[begins[0]].text[0]) else 0):
        return False
    marked = set(begins)
    others = sum(starts_like_reference(line.text) >= 0.8 for at, line in enumerate(lines) if at not in marked)
    return others <= len(begins) and len(lines) <= 14 * len(begins)


def _without_bullets(entries: Sequence[Entry]) -> list[Entry]:
    """Two bullets are no chance, even where most entries have none."""
    lengths = [bullet_length(entry.lines[0].text) for entry in entries]
    if sum(map(bool, lengths)) < 2:
        return list(entries)
    return [replace(entry, label_length=length) for entry, length in zip(entries, lengths, strict=True)]
