"""What expansion asks: the services as it sees them. One that is off is None."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from dl_lit.model import Answer, Work

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


class Services(Protocol):
    @property
    def openalex(self) -> Graph | None: ...

    @property
    def crossref(self) -> Records | None: ...

    @property
    def semanticscholar(self) -> Scholar | None: ...

    @property
    def opencitations(self) -> CitedWorks | None: ...
