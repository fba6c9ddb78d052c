"""The whole record of a DOI, from every service that has one, put together the same way each time.

It depends on the DOI only, never on which row asked first: Crossref says what was published, OpenAlex adds ids,
open copies and citation counts, arXiv its own papers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from dl_lit.enrichment.sources import Services
from dl_lit.identity import arxiv as arxiv_ids
from dl_lit.model import Answer, Found, NoAnswer, Work

# Fields in which OpenAlex knows more than the registrant.
_OPENALEX_FIRST = frozenset({"cited_by_count", "is_oa", "oa_status", "openalex_id", "pmid", "pmcid"})


@dataclass(frozen=True, slots=True)
class Record:
    """`work` is None when no service that answered has the DOI; `silent` are those that gave no answer."""

    work: Work | None
    silent: tuple[NoAnswer, ...] = ()


def records(services: Services, dois: Iterable[str]) -> dict[str, Record]:
    """The record of each DOI, asked for in batches."""
    wanted = list(dict.fromkeys(dois))
    preprints = {doi: number for doi in wanted if (number := arxiv_ids.from_doi(doi))}
    registered = [doi for doi in wanted if doi not in preprints]
    by_crossref = services.crossref.works_by_doi(registered) if services.crossref and registered else {}
    by_openalex = services.openalex.works_by_doi(wanted) if services.openalex and wanted else {}
    by_arxiv = services.arxiv.works(preprints.values()) if services.arxiv and preprints else {}
    return {
        doi: _record(doi, [by_crossref.get(doi), by_arxiv.get(preprints.get(doi, "")), by_openalex.get(doi)])
        for doi in wanted
    }


def merge(works: Sequence[Work], doi: str | None) -> Work:
    """One record of several, the first one's fields before the next one's; empty fields are filled, lists united."""
    merged = {field.name: _first(works, field.name) for field in fields(Work)}
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


def _record(doi: str, answers: Sequence[Answer[Work] | None]) -> Record:
    works = [answer.value for answer in answers if isinstance(answer, Found)]
    silent = tuple(answer for answer in answers if isinstance(answer, NoAnswer))
    return Record(merge(works, doi) if works else None, silent)


def _first(works: Sequence[Work], name: str) -> Any:
    order = works
    if name in _OPENALEX_FIRST:
        order = sorted(works, key=lambda work: "openalex" not in work.sources)
    return next((value for work in order if (value := getattr(work, name)) not in (None, ())), _empty(name))


def _empty(name: str) -> Any:
    return () if name in ("authors", "editors", "locations", "sources") else None
