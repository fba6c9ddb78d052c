"""The headings inside a list ("2. Secondary literature", "C. Films"): they part it, and are no references.

Known by their words, by their type, or because they count the parts while the references carry no such number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dl_lit.extraction.bullets import bullet_length
from dl_lit.extraction.headings import heads_part, without_number
from dl_lit.extraction.looks import breaks_off, is_heading_within, starts_like_reference
from dl_lit.extraction.numbering import label_of
from dl_lit.extraction.pages import Line

_LONGEST = 80  # letters
_ENDS = frozenset('.)]”"’»/')
_COUNTER = re.compile(r"(\(?)(?:\d{1,2}\.)*(\d{1,2}|[IVX]{1,5}|[A-Z]|[a-z])([.)]?) +(?=[^\W\d_a-zà-ÿ])")
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
_FEWEST = 2  # references in a counted part, on average


def part_heads(lines: Sequence[Line]) -> list[int]:
    """The indices of the lines that head a part of the list, rising."""
    short = [at for at, line in enumerate(lines) if len(line.text) < _LONGEST and _may_follow(lines, at)]
    short = [at for at in short if _says_no_reference(lines[at].text)]
    if not short:
        return []
    usual = _Usual.of(lines)
    found: set[int] = set()
    for at in short:
        if heads_part(lines[at].text) or _is_set_so(lines, at, usual, found):
            found.add(at)
    return sorted(found | _counted(lines, short))


def _may_follow(lines: Sequence[Line], at: int) -> bool:
    """The line before is over: its text ends, or this line stands apart from it."""
    if at == 0:
        return True
    before = lines[at - 1].text
    return before[-1] in _ENDS or before[-1].isdigit() or (_is_apart(lines, at) and not breaks_off(before))


def _says_no_reference(text: str) -> bool:
    rest = without_number(text)
    return text[-1] not in ".,;-" and (heads_part(text) or (is_heading_within(rest) and not rest[:1].islower()))


def _is_apart(lines: Sequence[Line], at: int) -> bool:
    before, line = lines[at - 1], lines[at]
    same = (before.page, before.column) == (line.page, line.column) and line.baseline > before.baseline
    return not same or line.baseline - before.baseline > 1.4 * line.size


@dataclass(frozen=True, slots=True)
class _Usual:
    """The type of most letters of a list."""

    size: float
    bold: bool

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Usual:
        letters: defaultdict[tuple[float, bool], int] = defaultdict(int)
        for line in lines:
            letters[line.size, line.bold] += len(line.text)
        return cls(*max(letters, key=lambda look: letters[look]))


def _is_set_so(lines: Sequence[Line], at: int, usual: _Usual, found: set[int]) -> bool:
    """Set as a heading is, apart from what stands before it (or below another such line), above a reference."""
    line = lines[at]
    distinct = line.bold > usual.bold or line.size > usual.size + 0.8
    if not distinct or not (at == 0 or at - 1 in found or _is_apart(lines, at)):
        return False
    following = next((one for one in lines[at + 1 : at + 4] if one.bold == usual.bold), None)
    return following is not None and _begins(following.text)


def _begins(text: str) -> bool:
    return starts_like_reference(text) >= 0.8 or label_of(text) is not None or bullet_length(text) > 0


# ── counted parts ────────────────────────────────────────────────────────────────────────────────────────


def _counted(lines: Sequence[Line], short: Sequence[int]) -> set[int]:
    """Lines that count 1, 2, 3 (or A, B, C) while nothing else carries such a number, above references."""
    by_form: defaultdict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
    for at in short:
        match = _COUNTER.match(lines[at].text)
        for kind, number in _read(match[2]) if match else ():
            if match:
                by_form[match[1], match[3], kind].append((number, at))
    found: set[int] = set()
    for counted in by_form.values():
        chain = _rising(counted)
        if len(chain) >= 2 and _holds_references(lines, chain):
            found.update(chain)
    return found


def _read(counter: str) -> list[tuple[str, int]]:
    """The kinds of counting that the sign may belong to, with its number: "I" is one, and the ninth letter."""
    if counter.isdigit():
        return [("1", int(counter))]
    kinds = [("I", _ROMAN[counter])] if counter in _ROMAN else []
    if len(counter) == 1:
        kinds.append(("A", ord(counter) - ord("A") + 1) if counter.isupper() else ("a", ord(counter) - ord("a") + 1))
    return kinds


def _rising(counted: Sequence[tuple[int, int]]) -> list[int]:
    """The places of those that count from 1 on without a gap."""
    chain: list[int] = []
    for number, at in counted:
        if number == len(chain) + 1:
            chain.append(at)
    return chain


def _holds_references(lines: Sequence[Line], chain: Sequence[int]) -> bool:
    """Below the counted lines stand references by themselves, not the rest of what the number belongs to."""
    heads = set(chain)
    begin = sum(_begins(lines[at].text) for at in range(chain[0] + 1, len(lines)) if at not in heads)
    next_to = sum(at + 1 < len(lines) and _begins(lines[at + 1].text) for at in chain)
    return begin >= _FEWEST * len(chain) and 2 * next_to > len(chain) and chain[0] <= 3
