"""The whole record of a DOI, from every service that has one, put together the same way each time.

It depends on the DOI only, never on which row asked first: the agency that registered the DOI says what was published
(Crossref, else DataCite, else another one, by way of doi.org), arXiv knows its own papers, OpenAlex adds ids, open
copies and citation counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from dl_lit.enrichment.sources import Services
from dl_lit.identity import arxiv as arxiv_ids
from dl_lit.model import Answer, Found, NoAnswer, Nothing, Work
from dl_lit.together import at_once

# Fields in which OpenAlex knows more than the registrant.
_OPENALEX_FIRST = frozenset({"cited_by_count", "is_oa", "oa_status", "openalex_id", "pmid", "pmcid"})


@dataclass(frozen=True, slots=True)
class Record:
    """`work` is None when no service that answered has the DOI; `silent` are those that gave no answer."""

    work: Work | None
    silent: tuple[NoAnswer, ...] = ()


def records(services: Services, dois: Iterable[str]) -> dict[str, Record]:
    """The record of each DOI, asked for in batches: of the agencies that register DOIs, and of OpenAlex."""
    wanted = list(dict.fromkeys(dois))
    preprints = {doi: number for doi in wanted if (number := arxiv_ids.from_doi(doi))}
    answers = {doi: _Answers() for doi in wanted}
    calls: list[tuple[str, Callable[[], Mapping[str, Answer[Work]]]]] = []
    registered = [doi for doi in wanted if doi not in preprints]
    if (crossref := services.crossref) and registered:
        calls.append(("crossref", lambda: crossref.works_by_doi(registered)))
    if (openalex := services.openalex) and wanted:
        calls.append(("openalex", lambda: openalex.works_by_doi(wanted)))
    if (arxiv := services.arxiv) and preprints:
        calls.append(("arxiv", lambda: _by_doi(arxiv.works(preprints.values()), preprints)))
    for (name, _), found in zip(calls, at_once([call for _, call in calls]), strict=True):
        _take(answers, name, found)
    if services.datacite:
        strangers = [doi for doi in wanted if answers[doi].is_strange]
        _take(answers, "datacite", services.datacite.works_by_doi(strangers) if strangers else {})
    if services.doi:  # other agencies (mEDRA, JaLC, ...) have no batches, so it is asked only when nobody knows it
        unknown = [doi for doi in wanted if answers[doi].is_strange and not answers[doi].works]
        _take(answers, "doi", services.doi.works_by_doi(unknown) if unknown else {})
    return {doi: one.record(doi) for doi, one in answers.items()}


_PRECEDENCE = ("crossref", "arxiv", "datacite", "doi", "openalex")


@dataclass(slots=True)
class _Answers:
    """What the services said about one DOI, by their names."""

    by_service: dict[str, Answer[Work]] = field(default_factory=dict)

    @property
    def works(self) -> list[Work]:
        found = (self.by_service.get(name) for name in _PRECEDENCE)
        return [answer.value for answer in found if isinstance(answer, Found)]

    @property
    def is_strange(self) -> bool:
        """No agency asked so far has it, and none is silent about it."""
        agencies = [answer for name, answer in self.by_service.items() if name != "openalex"]
        return all(isinstance(answer, Nothing) for answer in agencies)

    def record(self, doi: str) -> Record:
        silent = tuple(answer for answer in self.by_service.values() if isinstance(answer, NoAnswer))
        return Record(merge(self.works, doi) if self.works else None, silent)


def _take(answers: Mapping[str, _Answers], name: str, found: Mapping[str, Answer[Work]]) -> None:
    for doi, answer in found.items():
        answers[doi].by_service[name] = answer


def _by_doi(found: Mapping[str, Answer[Work]], numbers: Mapping[str, str]) -> dict[str, Answer[Work]]:
    return {doi: found[number] for doi, number in numbers.items() if number in found}


def merge(works: Sequence[Work], doi: str | None) -> Work:
    """One record of several, the first one's fields before the next one's; empty fields are filled, lists united."""
    merged = {one.name: _first(works, one.name) for one in fields(Work)}
    merged["doi"] = doi or merged["doi"]
    merged["locations"] = tuple(dict.fromkeys(place for work in works for place in work.locations))
    merged["sources"] = tuple(dict.fromkeys(name for work in works for name in work.sources))
    merged["is_retracted"] = any(work.is_retracted for work in works)
    if merged["arxiv"] is None:
        merged["arxiv"] = arxiv_ids.from_doi(doi)
    return Work(**merged)


def with_preprint(record: Work, preprint: Work) -> Work:
    """`record` of the published work, with the copy that arXiv has of it."""
    return merge([record, replace(preprint, title=None, subtitle=None)], record.doi)


def _first(works: Sequence[Work], name: str) -> Any:
    order = works
    if name in _OPENALEX_FIRST:
        order = sorted(works, key=lambda work: "openalex" not in work.sources)
    return next((value for work in order if (value := getattr(work, name)) not in (None, ())), _empty(name))


def _empty(name: str) -> Any:
    return () if name in ("authors", "editors", "locations", "sources") else None
