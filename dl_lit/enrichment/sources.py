"""What the cascade asks: the services and the library, as it sees them. A service that is off is None."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from dl_lit.model import Answer, NoAnswer, Reference, Work

# Who is silent for longer than this (budget spent, access refused) is gone on without; anyone else is waited for.
PATIENCE = 900.0
DEFAULT_WAIT = 60.0


class Registry(Protocol):
    """Crossref, as far as it is used here."""

    def works_by_doi(self, dois: Iterable[str]) -> Mapping[str, Answer[Work]]: ...

    def search(self, raw: str, rows: int = ...) -> Answer[tuple[Work, ...]]: ...


class OpenIndex(Protocol):
    """OpenAlex, as far as it is used here."""

    def works_by_doi(self, dois: Iterable[str]) -> Mapping[str, Answer[Work]]: ...

    def works_by_pmid(self, pmids: Iterable[str]) -> Mapping[str, Answer[Work]]: ...


class Preprints(Protocol):
    """arXiv, as far as it is used here."""

    def works(self, ids: Iterable[str]) -> Mapping[str, Answer[Work]]: ...


class Services(Protocol):
    @property
    def crossref(self) -> Registry | None: ...

    @property
    def openalex(self) -> OpenIndex | None: ...

    @property
    def arxiv(self) -> Preprints | None: ...


class Known(Protocol):
    """The library: accepted works that a printed reference could be."""

    def find_known(self, reference: Reference) -> Sequence[Work]: ...


def is_passing(silence: NoAnswer) -> bool:
    """Whether an answer can be expected soon, so that it is worth waiting for."""
    return silence.retry_after is None or silence.retry_after <= PATIENCE


def wait_of(silences: Iterable[NoAnswer]) -> float:
    """Seconds until the first of them may have an answer."""
    return min((DEFAULT_WAIT if one.retry_after is None else one.retry_after for one in silences), default=DEFAULT_WAIT)
