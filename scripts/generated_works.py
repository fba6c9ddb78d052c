"""Works by the million for benchmarks, in Crossref's shape, and what is printed of them. The same on every run.

Title words and names follow Zipf's law, as real ones do: a few in nearly every title, most of them rare. The words are
those of the stand-in's titles and, beyond them, made of syllables.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dl_lit.identity.folding import words
from dl_lit.standin import catalogue

_VOCABULARY, _FAMILIES, _JOURNALS = 80_000, 60_000, 8_000
_SYLLABLES = tuple("badifoguhajokilimonesapequrisutevawexozytragephymic"[n : n + 2] for n in range(0, 50, 2))


@dataclass(frozen=True, slots=True)
class Query:
    raw: str
    doi: str | None
    style: str


class World:
    """A generator of works with its own vocabulary; another `seed` gives other works of the same world."""

    def __init__(self, seed: int = 1) -> None:
        makes = random.Random(7)
        real = {word for work in catalogue.load() for word in words(work.title or "") if word.isascii()}
        self._words = _zipf(sorted(real, key=lambda word: (len(word), word)), _VOCABULARY, makes)
        self._families = _zipf([], _FAMILIES, makes)
        self._journals = _zipf([], _JOURNALS, makes)
        self._random = random.Random(seed)
        self._seed = seed

    def works(self, count: int) -> Iterator[dict[str, Any]]:
        for number in range(count):
            yield self._work(number)

    def _work(self, number: int) -> dict[str, Any]:
        pick = self._random
        first = pick.randint(1, 9000)
        return {
            "DOI": f"10.5555/{self._seed}.{number}",
            "type": "journal-article",
            "title": [" ".join(_some(self._words, pick, pick.randint(5, 14))).capitalize()],
            "author": [
                {"family": name.capitalize(), "given": f"{pick.choice('ABCDEFGHJKLMNPRSTW')}."}
                for name in _some(self._families, pick, min(12, 1 + int(pick.expovariate(0.35))))
            ],
            "container-title": [self._journal()],
            "issued": {"date-parts": [[2024 - int(pick.expovariate(0.08)) % 90]]},
            "volume": str(pick.randint(1, 180)),
            "issue": str(pick.randint(1, 12)),
            "page": f"{first}-{first + pick.randint(1, 18)}",
        }

    def _journal(self) -> str:
        (name,) = _some(self._journals, self._random, 1)
        return f"{self._random.choice(('Journal of', 'Annals of', 'Review of'))} {name.capitalize()}"


def _zipf(known: list[str], count: int, pick: random.Random) -> tuple[list[str], list[float]]:
    """Words and their cumulative weights."""
    made = ("".join(pick.choices(_SYLLABLES, k=pick.randint(2, 4))) for _ in itertools.count())
    found = list(dict.fromkeys(itertools.islice(itertools.chain(known, made), int(count * 1.3))))[:count]
    return found, list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(found))))


def _some(vocabulary: tuple[list[str], list[float]], pick: random.Random, count: int) -> list[str]:
    return pick.choices(vocabulary[0], cum_weights=vocabulary[1], k=count)


def write(path: Path, count: int, every: int) -> list[Query]:
    """`count` works as lines at `path`; what is printed of each `every`-th one, and of as many tenths not written."""
    queries: list[Query] = []
    with path.open("w", encoding="utf-8") as file:
        for number, work in enumerate(World().works(count)):
            file.write(json.dumps(work) + "\n")
            if number % every == 0:
                queries.append(printed(work, number // every))
    absent = (printed(work, number) for number, work in enumerate(World(seed=2).works(len(queries) // 10)))
    return queries + [Query(one.raw, None, "absent") for one in absent]


def printed(work: dict[str, Any], number: int) -> Query:
    """The work in one of three styles: full, without its title, with misprints and lost blanks."""
    year, title, journal = work["issued"]["date-parts"][0][0], work["title"][0], work["container-title"][0]
    people = ", ".join(f"{one['family']}, {one['given']}" for one in work["author"][:6])
    place = f"{work['volume']}({work['issue']}), {work['page']}"
    full = f"{people} ({year}). {title}. {journal}, {place}."
    if number % 3 == 0:
        return Query(full, work["DOI"], "with title")
    if number % 3 == 1:
        people = "; ".join(f"{one['family']}, {one['given']}" for one in work["author"])
        return Query(f"{people} {journal} {year}, {work['volume']}, {work['page']}.", work["DOI"], "without title")
    return Query(_misprinted(full, random.Random(number)), work["DOI"], "with noise")


def _misprinted(text: str, pick: random.Random) -> str:
    """One letter or digit in thirty another letter, one blank in eight lost."""
    found = []
    for character in text:
        if character == " " and pick.random() < 0.12:
            continue
        spoilt = character.isalnum() and pick.random() < 0.033
        found.append(pick.choice("abcdefghiklmnorstu") if spoilt else character)
    return "".join(found)
