"""Services that answer the cascade from what a test gives them, and two works to find."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from dl_lit.enrichment.cascade import Enricher, Outcome
from dl_lit.model import (
    Answer,
    CitingPaper,
    Enrichment,
    Found,
    Location,
    NoAnswer,
    NoMetadataRow,
    Nothing,
    Person,
    Reference,
    Refusals,
    Silence,
    Work,
)

NUMERALS = Work(
    title="Deep learning for the recognition of handwritten numerals",
    authors=(Person("LeCun", "Yann"),),
    year=2015,
    container="Journal of Machine Vision",
    volume="21",
    pages="436-444",
    type="journal-article",
    doi="10.5555/deep",
    sources=("crossref",),
)
RAW = (
    "LeCun, Y. (2015). Deep learning for the recognition of handwritten numerals. "
    "Journal of Machine Vision, 21, 436–444."
)
HERRING = Work(
    title="A history of the Baltic herring trade",
    authors=(Person("Miller", "Ann"),),
    year=1999,
    container="Fish Review",
    volume="3",
    pages="7-9",
    type="journal-article",
    doi="10.5555/fish",
    sources=("crossref",),
)
HERRING_RAW = "Miller, A. (1999). A history of the Baltic herring trade. Fish Review 3, 7-9."
IN_OPENALEX = Work(
    title="Deep Learning For Numerals (repository version)",
    doi="10.5555/deep",
    openalex_id="W1",
    cited_by_count=7,
    is_oa=True,
    locations=(Location("openalex", pdf_url="https://repository.example/deep.pdf"),),
    sources=("openalex",),
)
SOON, MIDNIGHT = NoAnswer("busy", 30.0), NoAnswer("budget spent", 40_000.0, Silence.BUDGET)
REFUSING = NoAnswer("wrong key", None, Silence.REFUSED)

Records = Mapping[str, Answer[Work]]


@dataclass
class FakeService:
    """A service that answers from what it is given, and remembers what it was asked."""

    name: str = "crossref"
    records: Records = field(default_factory=dict)
    hits: Callable[[str], Answer[tuple[Work, ...]]] = lambda raw: Nothing()
    lists: Mapping[str, Any] = field(default_factory=dict)
    silent: NoAnswer | None = None
    lags: bool = False
    has_key: bool = True
    asked: list[tuple[str, ...]] = field(default_factory=list)
    searched: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)

    def works_by_doi(self, identifiers: Iterable[str]) -> dict[str, Answer[Work]]:
        self.asked.append(tuple(identifiers))
        return {one: self.silent or self.records.get(one, Nothing()) for one in self.asked[-1]}

    works = works_by_pmid = works_by_pmcid = works_by_isbn = works_by_doi

    def references(self, doi: str) -> Any:
        self.listed.append(doi)
        return self.silent or self.lists.get(doi, Nothing())

    def search(self, raw: str, rows: int = 5) -> Answer[tuple[Work, ...]]:
        self.searched.append(raw)
        return self.silent or self.hits(raw)

    def search_title(self, title: str, author: str | None = None) -> Answer[tuple[Work, ...]]:
        self.searched.append(title if author is None else f"{title} by {author}")
        return self.silent or self.hits(title)


def fake_crossref(
    records: Records | None = None,
    hits: Callable[[str], Answer[tuple[Work, ...]]] = lambda raw: Nothing(),
    **more: Any,
) -> FakeService:
    return FakeService("crossref", records or {}, hits, **more)


def fake_openalex(records: Records | None = None, **more: Any) -> FakeService:
    return FakeService("openalex", records or {}, **more)


def fake_arxiv(records: Records | None = None, **more: Any) -> FakeService:
    return FakeService("arxiv", records or {}, **more)


@dataclass
class World:
    crossref: FakeService | None = field(default_factory=fake_crossref)
    openalex: FakeService | None = field(default_factory=fake_openalex)
    arxiv: FakeService | None = None
    semanticscholar: FakeService | None = None
    datacite: FakeService | None = None
    europepmc: FakeService | None = None
    opencitations: FakeService | None = None
    doaj: FakeService | None = None
    zenodo: FakeService | None = None
    hal: FakeService | None = None
    openlibrary: FakeService | None = None
    dnb: FakeService | None = None
    doi: FakeService | None = None
    known: Sequence[Work] = ()
    papers: Sequence[CitingPaper] = ()
    attempts: int = 0
    refused: Refusals = frozenset()
    enricher: Enricher | None = None  # of the first call

    def find_known(self, reference: Reference) -> Sequence[Work]:
        return self.known

    def citing_papers(self, reference_ids: Iterable[int]) -> Sequence[CitingPaper]:
        wanted = set(reference_ids)
        return [paper for paper in self.papers if wanted & set(paper.ids)]

    def enrich(self, *references: Reference | str) -> list[Enrichment]:
        given = [one if isinstance(one, Reference) else Reference(raw=one) for one in references]
        rows = [NoMetadataRow(number, reference, self.attempts, self.refused) for number, reference in enumerate(given)]
        self.enricher = self.enricher or Enricher(self, self)
        found = dict(outcomes(self.enricher, rows, threading.Event()))
        return [found[row] for row in rows]


def outcomes(enricher: Enricher, rows: Sequence[NoMetadataRow], stop: threading.Event) -> Iterator[Outcome]:
    return chain.from_iterable(enricher.groups(rows, stop))


def finds(*works: Work) -> Callable[[str], Answer[tuple[Work, ...]]]:
    return lambda raw: Found(works)
