"""The word lists of `lexicon.txt`: places, publishers, given names and the other words that give a part away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple


class Marked(NamedTuple):
    """A slow pattern, with marks of which every match holds one.

    Kept side by side and not in a dictionary: the hash of a pattern takes as long as looking for all its marks.
    """

    pattern: re.Pattern[str]
    marks: tuple[str, ...]

    def is_in(self, text: str) -> bool:
        return any_in(self.marks, text) and self.pattern.search(text) is not None


def marked(pattern: re.Pattern[str], marks: str) -> Marked:
    """`marks` stand between strokes."""
    return Marked(pattern, tuple(marks.split("|")))


def any_in(marks: Iterable[str], text: str) -> bool:
    """Whether one of the marks is in the text: what a slow pattern needs is looked for before the pattern is tried."""
    for mark in marks:  # noqa: SIM110  (any() with a generator takes twice as long for so few)
        if mark in text:
            return True
    return False


@cache
def words(kind: str) -> frozenset[str]:
    """The words of one section, in lower case."""
    return frozenset(word for word, kinds in kinds_by_word().items() if kind in kinds)


@cache
def kinds_by_word() -> Mapping[str, tuple[str, ...]]:
    """For each word the sections that list it, in the order of the file."""
    found: dict[str, list[str]] = {}
    kind = ""
    for line in resources.files(__package__).joinpath("lexicon.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif not line.startswith("#"):
            for word in line.split():
                kinds = found.setdefault(word, [])
                if kind not in kinds:
                    kinds.append(kind)
    return {word: tuple(kinds) for word, kinds in found.items()}
