"""The names of works in exports: the same in every format, with every filter, and once given out for good."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from anyascii import anyascii

from dl_lit.model import Person, Work
from dl_lit.store.citation_keys import GivenKeys
from dl_lit.store.records import LibraryWork

NONE_GIVEN = GivenKeys()


@dataclass(frozen=True, slots=True)
class Keyed:
    """A work of the library under its citation key, which may have been given out before (`is_given`). The address of
    a work without a file is the one that a person can open."""

    key: str
    entry: LibraryWork
    is_given: bool = False

    @property
    def work(self) -> Work:
        return replace(self.entry.work, url=self.entry.url) if self.entry.url else self.entry.work

    @property
    def note(self) -> str | None:
        """What must be said of one that no service has confirmed; None for a verified work."""
        return self.entry.printed and f"Not verified. Printed as: {self.entry.printed}"


def keyed(works: Iterable[LibraryWork], given: GivenKeys = NONE_GIVEN) -> Iterator[Keyed]:
    """Give it the whole library, by id, and filter what comes: a new key then depends on no filter."""
    taken, tried = set(given.all), dict[str, int]()
    for one in works:
        known = given.by_id.get(one.id)
        yield Keyed(known or _unique(citation_key(one.work), taken, tried), one, known is not None)


def citation_key(work: Work) -> str:
    """Family name, year and the title's first long word, in ASCII: "mueller2012bildung"."""
    first = (work.authors or work.editors or (Person(name="anon"),))[0]
    family = _ascii(first.family or first.name or "anon")
    words = [_ascii(word) for word in (work.title or "").split()]
    word = next((word for word in words if len(word) > 3), "".join(words[:1]))
    return f"{family or 'anon'}{work.year or ''}{word}"


def _ascii(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", anyascii(text).lower())


def _unique(key: str, taken: set[str], tried: dict[str, int]) -> str:
    """The key, or the key with the first free one of a, b, ... z, a1, ... behind it. `tried` remembers how many of
    these are taken: of a list of DOIs, every work has the same key."""
    candidate, number = key, tried.get(key, 0)
    while candidate in taken:
        round_, letter = divmod(number, 26)
        candidate = f"{key}{chr(ord('a') + letter)}{round_ or ''}"
        number += 1
    tried[key] = number
    taken.add(candidate)
    return candidate
