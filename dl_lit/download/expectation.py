"""What a file should be, as its verification needs to know it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dl_lit.model import Person, Reference, Work

_MOST_AUTHORS = 20
BOOKS = frozenset({"book", "monograph", "edited-book", "reference-book", "proceedings", "dissertation"})
ARTICLES = frozenset({"journal-article", "proceedings-article", "book-chapter", "article", "chapter"})


@dataclass(frozen=True, slots=True)
class Expectation:
    """The wanted work."""

    title: str | None = None
    subtitle: str | None = None
    authors: tuple[Person, ...] = ()
    year: int | None = None
    doi: str | None = None
    arxiv: str | None = None
    pages: str | None = None
    type: str | None = None
    container: str | None = None
    edition: str | None = None

    @classmethod
    def of(cls, work: Work | Reference) -> Expectation:
        people = (work.authors or work.editors)[:_MOST_AUTHORS]
        return cls(
            title=work.title,
            subtitle=work.subtitle if isinstance(work, Work) else None,
            authors=people,
            year=work.year,
            doi=work.doi,
            arxiv=work.arxiv,
            pages=work.pages,
            type=work.type,
            container=work.container,
            edition=work.edition if isinstance(work, Work) else None,
        )

    @property
    def is_book(self) -> bool:
        return self.type in BOOKS

    @property
    def is_article(self) -> bool:
        return self.type in ARTICLES

    @property
    def page_count(self) -> int:
        """By the record; 2 for a book, which has more than one at any rate; 0: unknown."""
        first, last = self.first_and_last
        return last - first + 1 if last else 2 if self.is_book else 0

    @property
    def first_and_last(self) -> tuple[int, int]:
        """The range of pages in the record; (0, 0) where it has none."""
        match = re.fullmatch(r"\s*([A-Za-z]?)(\d{1,6})\s*[-–—]\s*\1(\d{1,6})\s*", self.pages or "")
        return (int(match[2]), int(match[3])) if match and int(match[3]) >= int(match[2]) else (0, 0)
