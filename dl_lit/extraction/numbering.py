"""The running numbers at the head of lines: what carries the next one belongs to the list, however it reads."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dl_lit.extraction.pages import Line

# "[12] ", "(12) ", "12. ", "12) ", "12 Name"
_NUMBERED = re.compile(r"([\[(]?)(\d{1,4})([\])]?[.:]?)(?:\s(?=\S)|(?=[^\W\d_]))")
_FIRST_LETTERS = frozenset("[(0123456789")
_STEPS = (1, 2)  # one label may have been lost
_FARTHEST = 24  # lines from one label to the next

_Form = tuple[str, str]


def label_of(text: str) -> tuple[_Form, int] | None:
    """How the line's number is set, and the number; None without one."""
    if text[:1] not in _FIRST_LETTERS:
        return None
    match = _NUMBERED.match(text)
    if match is None or (match[1] and not match[3]):
        return None
    if not match[1] and not match[3] and not text[match.end() : match.end() + 1].isupper():
        return None
    return (match[1], match[3]), int(match[2])


class Numbering:
    """The labels of a list, followed from its first line on."""

    def __init__(self) -> None:
        self._last: dict[_Form, tuple[int, int]] = {}  # by form: the last number, and how many rose up to it

    def goes_on(self, text: str) -> bool:
        """The line carries the label that is due. Ask about every line of the list, in order."""
        label = label_of(text)
        if label is None:
            return False
        form, number = label
        last, run = self._last.get(form, (number, 0))
        if number - last in _STEPS:
            self._last[form] = (number, run + 1)
            return True
        if run < 2 or number == 1:
            self._last[form] = (number, 1)
        return False


def first_of_chain(lines: Sequence[Line], start: int) -> int:
    """Where number 1 stands of the labels that are under way at `start`, or `start` if they begin there or later."""
    at = _first_labelled(lines, start)
    label = None if at is None else label_of(lines[at].text)
    if at is None or label is None:
        return start
    form, number = label
    while number > 1:
        wanted = (form, number - 1)
        before = next(
            (i for i in range(at - 1, max(-1, at - _FARTHEST), -1) if label_of(lines[i].text) == wanted), None
        )
        if before is None:
            return start
        at, number = before, number - 1
    return min(at, start)


def in_brackets(lines: Sequence[Line]) -> int:
    """How many labels "[1]", "[2]", ... follow each other without a gap."""
    count = 0
    for line in lines:
        count += line.text.startswith("[") and label_of(line.text) == (("[", "]"), count + 1)
    return count


def _first_labelled(lines: Sequence[Line], start: int) -> int | None:
    """The first line from `start` on with a label that the next one follows."""
    for at in range(start, min(len(lines), start + _FARTHEST)):
        label = label_of(lines[at].text)
        if label is not None:
            form, number = label
            following = (label_of(line.text) for line in lines[at + 1 : at + _FARTHEST])
            return at if (form, number + 1) in following else None
    return None
