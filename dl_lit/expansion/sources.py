"""What expansion asks: the services as it sees them. One that is off is None."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from dl_lit.model import Answer, NoAnswer, Work

Works = Answer[tuple[Work, ...]]


class Records(Protocol):
    def works_by_doi(self, dois: Iterable[str]) -> Mapping[str, Answer[Work]]: ...


class Graph(Records, Protocol):
    """OpenAlex, as far as it is used here."""

    def cited_ids(self, ids: Iterable[str]) -> Mapping[str, Answer[tuple[str, ...]]]: ...

    def related_records(self, ids: Iterable[str]) -> Mapping[str, Answer[Work]]: ...

    def citing_works(self, identifier: str, page: int = 1) -> Works: ...


class CitedWorks(Protocol):
    def references(self, doi: str) -> Works: ...


class Scholar(CitedWorks, Protocol):
    @property
    def has_key(self) -> bool: ...


class Whole(Protocol):
    """The record of a DOI put together from all services that have one; `silent` are those that gave no answer."""

    @property
    def work(self) -> Work | None: ...

    @property
    def silent(self) -> Sequence[NoAnswer]: ...


# The whole records of DOIs, in batches.
Complete = Callable[[Iterable[str]], Mapping[str, Whole]]


class Services(Protocol):
    @property
    def openalex(self) -> Graph | None: ...

    @property
    def crossref(self) -> Records | None: ...

    @property
    def semanticscholar(self) -> Scholar | None: ...

    @property
    def opencitations(self) -> CitedWorks | None: ...
