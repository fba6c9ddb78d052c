"""The works that copies are made of, and what a kind of copy hands over."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from dl_lit.download.verify import Expectation
from dl_lit.identity import titles
from dl_lit.identity.folding import letters
from dl_lit.standin import catalogue
from dl_lit.standin.catalogue import CatalogueWork

BOOKS = ("book", "monograph", "edited-book")


@dataclass(frozen=True, slots=True)
class Made:
    """A file and the work that it is judged as a copy of. `doubt`: a person might not know it either."""

    body: bytes
    wanted: Expectation
    doubt: bool = False


Maker = Callable[["Shelf"], Made]


def entering(makers: dict[str, Maker]) -> Callable[[str], Callable[[Maker], Maker]]:
    """A decorator that enters a kind of copy, by its name."""

    def kind(name: str) -> Callable[[Maker], Maker]:
        def enter(maker: Maker) -> Maker:
            makers[name] = maker
            return maker

        return enter

    return kind


def expectation(work: CatalogueWork, **changes: object) -> Expectation:
    whole = Expectation(
        title=work.title,
        subtitle=work.subtitle,
        authors=work.authors or work.editors,
        year=work.year,
        doi=work.doi,
        arxiv=work.arxiv,
        pages=work.pages,
        type=work.type,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


class Shelf:
    """Picks works; the same `seed` picks the same ones."""

    def __init__(self, seed: str) -> None:
        self.rng = random.Random(seed)
        self.works = catalogue.load()

    def article(self, *, longest: int = 160, least: int = 30) -> CatalogueWork:
        """With a DOI, authors, a title of some length, and more than four pages."""
        return self.rng.choice(
            [
                work
                for work in self.works
                if work.type == "journal-article"
                and work.doi
                and work.authors
                and work.authors[0].family
                and least <= len(letters(work.title)) <= longest
                and pages_of(work) > 4
                and not titles.is_generic(work.title)
            ]
        )

    def short_titled(self) -> CatalogueWork:
        return self.rng.choice(
            [
                w
                for w in self.works
                if w.type == "journal-article" and w.authors and len(letters(w.title)) < 20 and w.doi
            ]
        )

    def subtitled(self) -> CatalogueWork:
        return self.rng.choice(
            [
                w
                for w in self.works
                if w.type == "journal-article" and w.subtitle and w.doi and len(letters(w.title)) > 12
            ]
        )

    def book(self) -> CatalogueWork:
        return self.rng.choice([w for w in self.works if w.type in BOOKS and (w.authors or w.editors)])

    def chapter(self) -> CatalogueWork:
        return self.rng.choice([w for w in self.works if w.type == "book-chapter" and w.authors and w.container])

    def preprint(self) -> CatalogueWork:
        return self.rng.choice([w for w in self.works if w.arxiv and w.authors and len(letters(w.title)) > 12])

    def thesis(self) -> CatalogueWork:
        return self.rng.choice([w for w in self.works if w.type == "dissertation"])

    def german(self) -> CatalogueWork:
        umlauts = set("äöüß")
        return self.rng.choice(
            [w for w in self.works if w.authors and w.type == "journal-article" and umlauts & set(w.title.lower())]
        )

    def other(self, work: CatalogueWork) -> CatalogueWork:
        """An article with another title and none of its authors."""
        families = {person.family for person in work.authors}
        while True:
            found = self.article()
            if found.title != work.title and not families & {person.family for person in found.authors}:
                return found


def pages_of(work: CatalogueWork) -> int:
    first, _, last = (work.pages or "").partition("-")
    return int(last) - int(first) + 1 if first.isdecimal() and last.isdecimal() and int(last) >= int(first) else 0
