"""What of a work is indexed, and which of it a printed string can show: words, stretches of letters, numbers in pairs.

Every feature is one 32-bit number (the CRC of its kind and text), the same for a work and for the print that shows it.
A print without a title is found by its numbers (volume and first page, year and first page) and by a name with the
year; one with misprints and lost blanks by stretches of letters that no misprint has hit, sampled by their own hash so
that a work and its print choose the same ones without knowing of each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

from dl_lit.identity import titles
from dl_lit.identity.folding import is_latin, to_latin, words
from dl_lit.identity.numbers import first_number as number
from dl_lit.model import Person, Reference, Work

_MOST_PEOPLE = 12
_DATED_PEOPLE = 6  # whose name is also indexed together with the year
_MOST_WORDS = 24
_MOST_LETTERS = 200  # of a title
_SHORTEST_WORD = 4
_GRAM = 7  # letters of a stretch
_SAMPLE = 6  # one stretch of so many is kept
_MOST_NUMBERS = 9
_LONGEST_PRINT = 1200
_DIGRAPH = re.compile(r"(?<=[aou])e+")  # ue, oe, ae are other spellings of ü, ö, ä
_YEAR = re.compile(r"1[4-9]\d\d|20\d\d")
_IDENTIFIERS = ("doi", "arxiv", "pmid", "isbn")


@dataclass(frozen=True, slots=True)
class PrintedFeatures:
    """The features that a printed string shows, in two helpings: `sure` finds most works with few steps."""

    sure: tuple[int, ...]
    wide: tuple[int, ...]


def of_work(work: Work) -> set[int]:
    """All features of a work."""
    people = [*work.authors[:_MOST_PEOPLE], *work.editors[:4]]
    families = [name for person in people if (name := family(person))]
    title = f"{work.title or ''} {work.subtitle or ''}".strip()
    found = {_word(word) for word in _long(folded(title))}
    found |= {_word(part) for name in families for part in name.split() if len(part) > 1}
    found |= {_word(word) for word in _long(folded(work.container or ""))}
    found |= set(_grams(run_together(title)[:_MOST_LETTERS]))
    if title and not is_latin(title):
        found |= {_word(word) for word in _long(folded(to_latin(title)))}
    found |= set(_numbers_of(work, families))
    return found


def sure_of_work(work: Work) -> set[int]:
    """The few features by which most prints find a work: identifiers, numbers in pairs, dated names."""
    people = [*work.authors[:_MOST_PEOPLE], *work.editors[:4]]
    return set(_numbers_of(work, [name for person in people if (name := family(person))]))


def _numbers_of(work: Work, families: list[str]) -> Iterator[int]:
    for kind in _IDENTIFIERS:
        if value := getattr(work, kind):
            yield _hash("i", kind, value)
    volume, page = number(work.volume), number(work.pages)
    if volume and page:
        yield _hash("v", volume, page)
    if work.year:
        if page:
            yield _hash("y", work.year, page)
        for name in families[:_DATED_PEOPLE]:
            yield _hash("a", name.rpartition(" ")[2], work.year)
        if (start := _container_start(work.container)) and volume:
            yield _hash("c", start, volume, work.year)
        elif start and not page:
            yield _hash("c", start, "", work.year)
    for first, second in pairwise(families[:3]):
        yield _hash("p", first, second)


def of_print(reference: Reference) -> PrintedFeatures:
    """The features that a work must have to be what `reference` prints; most belong to no work at all."""
    text = reference.raw[:_LONGEST_PRINT]
    tokens = folded(text)
    spoken = [token for token in tokens if not token.isdecimal()]
    numbers = _numbers_in(tokens)
    years = _years(reference, tokens)
    families = [name for one in reference.authors[:_DATED_PEOPLE] if (name := family(one))]
    sure = [_hash("i", kind, value) for kind in _IDENTIFIERS if (value := getattr(reference, kind))]
    sure += _printed_numbers(reference, numbers, years)
    names = dict.fromkeys([*(name.rpartition(" ")[2] for name in families), *spoken[:_MOST_WORDS]])
    sure += [_hash("a", name, year) for year in years[:2] for name in names if len(name) > 1]
    sure += [_hash("p", first, second) for first, second in pairwise(families[:3])]
    wide = [_word(word) for word in dict.fromkeys(spoken) if len(word) > 2]
    wide += _grams(run_together(text))
    return PrintedFeatures(tuple(dict.fromkeys(sure)), tuple(dict.fromkeys(wide)))


def _printed_numbers(reference: Reference, numbers: list[str], years: list[int]) -> Iterator[int]:
    parsed = [found for text in (reference.volume, reference.pages) if (found := number(text))]
    if len(parsed) == 2:
        yield _hash("v", *parsed)
    for place, first in enumerate(numbers):
        for second in numbers[place + 1 : place + 5]:
            yield _hash("v", first, second)
    for year in years[:2]:
        for one in dict.fromkeys([*parsed[-1:], *numbers]):
            yield _hash("y", year, one)
        if start := _container_start(reference.container):
            for volume in ("", *dict.fromkeys([*parsed[:1], *numbers[:4]])):
                yield _hash("c", start, volume, year)


def _years(reference: Reference, tokens: list[str]) -> list[int]:
    printed = [int(token[:4]) for token in tokens if _YEAR.match(token) and len(token) <= 5]
    return list(dict.fromkeys([*([reference.year] if reference.year else []), *printed]))


def folded(text: str) -> list[str]:
    """The words of `text` as they are indexed."""
    return words(_DIGRAPH.sub("", titles.strip_markup(text).lower()))


def run_together(text: str) -> str:
    return "".join(folded(text))


def family(person: Person) -> str:
    """The words of a family name as they are indexed; of a name that is not divided, all of it."""
    return " ".join(folded(to_latin(person.family or person.name or person.given or "")))


def _numbers_in(tokens: list[str]) -> list[str]:
    """Numbers as they are printed, and two in a row as one that a blank has cut."""
    with_cuts = list(tokens)
    for first, second in pairwise(tokens):
        if first.isdecimal() and second.isdecimal() and len(first + second) <= 5:
            with_cuts.append(first + second)
    found = (number(token) for token in with_cuts if any(map(str.isdigit, token)))
    return list(dict.fromkeys(one for one in found if one))[:_MOST_NUMBERS]


def _container_start(name: str | None) -> str | None:
    """The first three letters of a container's name: the same in "Physical Review" and "Phys. Rev."."""
    found = [word for word in folded(name or "") if word != "the"]
    return found[0][:3] if found else None


def _long(tokens: Iterable[str]) -> list[str]:
    return [token for token in dict.fromkeys(tokens) if len(token) >= _SHORTEST_WORD][:_MOST_WORDS]


def _word(token: str) -> int:
    return crc32(_bytes(token))


def _hash(kind: str, *parts: object) -> int:
    return crc32(_bytes(f"{kind}\t{parts}"))


def _grams(letters: str) -> list[int]:
    data = _bytes(letters)
    hashes = (crc32(data[place : place + _GRAM]) for place in range(len(data) - _GRAM + 1))
    return [one ^ 0x5BD1E995 for one in hashes if one % _SAMPLE == 0]


def _bytes(text: str) -> bytes:
    """JSON may hold half a character, which no encoding has."""
    return text.encode("utf-8", "replace")
