"""What files are called: `<first author><year>-<short title>-<reference>.pdf`, safe on every file system.

ASCII letters, digits and hyphens only; all lower case, so that no two names differ in case alone; a number at the end,
so that none is a device's of Windows and none ends in a dot; at most some 120 characters.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Protocol

from anyascii import anyascii

from dl_lit.model import Person

_AUTHOR_LETTERS = 24
_TITLE_LETTERS = 48
_LAST_YEAR = 9999


class Described(Protocol):
    """What a work and a printed reference have in common."""

    @property
    def title(self) -> str | None: ...

    @property
    def authors(self) -> tuple[Person, ...]: ...

    @property
    def editors(self) -> tuple[Person, ...]: ...

    @property
    def year(self) -> int | None: ...


def stem(reference_id: int, work: Described) -> str:
    """A file's name without its ending."""
    year = work.year if work.year is not None and 0 < work.year <= _LAST_YEAR else ""
    return f"{_first_author(work)}{year}-{slug(work.title)}-{reference_id}"


def names(stem: str) -> Iterator[str]:
    """The name to take, then those for when it is taken; no stem ends like one of the latter."""
    yield f"{stem}.pdf"
    yield from (f"{stem}_{number}.pdf" for number in itertools.count(2))


def slug(title: str | None) -> str:
    """A title's first words, as many as there is room for."""
    words = _words(title)
    text = ""
    for word in words:
        if len(text) + len(word) + 1 > _TITLE_LETTERS:
            break
        text = f"{text}-{word}" if text else word
    return text or (words[0][:_TITLE_LETTERS] if words else "untitled")


def _first_author(work: Described) -> str:
    people = work.authors or work.editors
    name = people[0].family or people[0].name if people else None
    return "".join(_words(name))[:_AUTHOR_LETTERS] or "anon"


def _words(text: str | None) -> list[str]:
    return re.findall(r"[a-z0-9]+", anyascii(text or "").lower())
