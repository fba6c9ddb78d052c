"""What the cascade asks: the services and the library, as it sees them. A service that is off is None."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from dl_lit.model import Answer, CitingPaper, DepositedReference, NoAnswer, Reference, Silence, Work

# Who is silent for longer than this (budget spent, access refused) is gone on without; anyone else is waited for.
PATIENCE = 900.0

Works = Answer[tuple[Work, ...]]


class Service(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def lags(self) -> bool:
        """Whether it is slow, ill or spent just now."""


class Records(Protocol):
    def works_by_doi(self, dois: Iterable[str]) -> Mapping[str, Answer[Work]]: ...


class Titles(Service, Protocol):
    def search_title(self, title: str) -> Works: ...


class Books(Service, Protocol):
    def works_by_isbn(self, isbns: Iterable[str]) -> Mapping[str, Answer[Work]]: ...

    def search_title(self, title: str, author: str | None = ...) -> Works: ...


class CitedWorks(Protocol):
    """Who knows what a work cites, in no order that means anything."""

    def references(self, doi: str) -> Works: ...


class Registry(Records, Protocol):
    """Crossref, as far as it is used here."""

    def works_by_isbn(self, isbns: Iterable[str]) -> Mapping[str, Answer[Work]]: ...

    def references(self, doi: str) -> Answer[tuple[DepositedReference, ...]]: ...

    def search(self, raw: str, rows: int = ...) -> Works: ...


class Medicine(Records, Titles, Protocol):
    """Europe PMC, as far as it is used here."""

    def works_by_pmid(self, pmids: Iterable[str]) -> Mapping[str, Answer[Work]]: ...

    def works_by_pmcid(self, pmcids: Iterable[str]) -> Mapping[str, Answer[Work]]: ...


class OpenIndex(Medicine, CitedWorks, Protocol):
    """OpenAlex, as far as it is used here."""


class Repository(Records, Titles, Protocol):
    """DataCite, Zenodo, HAL, DOAJ, as far as they are used here."""


class Scholar(Titles, CitedWorks, Protocol):
    """Semantic Scholar, as far as it is used here."""

    @property
    def has_key(self) -> bool: ...


class Preprints(Protocol):
    """arXiv, as far as it is used here."""

    def works(self, ids: Iterable[str]) -> Mapping[str, Answer[Work]]: ...


class Services(Protocol):
    @property
    def crossref(self) -> Registry | None: ...

    @property
    def openalex(self) -> OpenIndex | None: ...

    @property
    def semanticscholar(self) -> Scholar | None: ...

    @property
    def arxiv(self) -> Preprints | None: ...

    @property
    def datacite(self) -> Repository | None: ...

    @property
    def europepmc(self) -> Medicine | None: ...

    @property
    def opencitations(self) -> CitedWorks | None: ...

    @property
    def doaj(self) -> Titles | None: ...

    @property
    def zenodo(self) -> Titles | None: ...

    @property
    def hal(self) -> Titles | None: ...

    @property
    def openlibrary(self) -> Books | None: ...

    @property
    def dnb(self) -> Books | None: ...

    @property
    def doi(self) -> Records | None: ...


class Known(Protocol):
    """The library: accepted works that a printed reference could be, and who cites a reference."""

    def find_known(self, reference: Reference) -> Sequence[Work]: ...

    def citing_papers(self, reference_ids: Iterable[int]) -> Sequence[CitingPaper]: ...


def is_passing(silence: NoAnswer) -> bool:
    """Whether an answer can be expected soon, so that it is worth waiting for."""
    if silence.kind is Silence.REFUSED:
        return False
    return silence.retry_after is None or silence.retry_after <= PATIENCE


def wait_of(silences: Iterable[NoAnswer]) -> float | None:
    """Seconds until the first of them may have an answer; None when one of them did not say, so that we choose.

    One that refuses us has none before a person has acted, so that it counts only when all do.
    """
    waits = [one.retry_after for one in silences if one.kind is not Silence.REFUSED]
    return None if None in waits else min((wait for wait in waits if wait is not None), default=None)
