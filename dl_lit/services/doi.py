"""doi.org: the record of any DOI, whichever agency registered it, and whether there is such a DOI (apis.md §19.1)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from dl_lit.errors import ServiceUnavailable
from dl_lit.identity import arxiv, isbn
from dl_lit.identity import doi as dois_of
from dl_lit.model import Answer, Person, Work
from dl_lit.net.http import HttpRequest, HttpResponse
from dl_lit.net.limits import PoolLimits
from dl_lit.net.urls import joined
from dl_lit.services.base import Batch, Cache, Index, Pool, wrong_shape
from dl_lit.services.crossref import SINGLE
from dl_lit.services.fields import Node
from dl_lit.services.offers import Offer, Price, Question, same

# No rate is published; landing pages are resolved there too, at the other half of two a second.
LIMITS = PoolLimits(rates={"default": 1.0}, concurrency=1, daily=None)
CSL = "application/vnd.citationstyles.csl+json"
CROSSREF = "https://api.crossref.org/"
PROBE = "doi:10.1000/182"  # the DOI Handbook

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FIRST = frozenset({200, 404, 406}) | _REDIRECTS
_LAST = frozenset({200, 404, 406})
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "article-journal": "journal-article",
        "article-magazine": "journal-article",
        "article-newspaper": "journal-article",
        "paper-conference": "proceedings-article",
        "chapter": "book-chapter",
        "entry-encyclopedia": "reference-entry",
        "entry-dictionary": "reference-entry",
        "entry": "reference-entry",
        "thesis": "dissertation",
        "review": "peer-review",
        "article": "posted-content",
    }
)
_CROSSREF_TYPES = frozenset(
    {
        *("journal-article", "book", "monograph", "edited-book", "reference-book", "book-chapter", "book-section"),
        *("book-part", "proceedings", "proceedings-article", "posted-content", "dissertation", "report", "dataset"),
        *("component", "peer-review", "journal-issue", "journal", "reference-entry", "standard", "software", "other"),
    }
)


class DoiOrg(Index):
    """The last word on a DOI: Nothing means that no agency has registered it.

    Records of Crossref are fetched within Crossref's limits if its pool is handed in; ask Crossref and DataCite first.
    """

    name = "doi"
    offer = Offer(
        "the record of a DOI of any agency; whether a DOI exists", same(Price(), Question.DOI), LIMITS, abstracts=True
    )

    def __init__(self, pool: Pool, cache: Cache, *, base_url: str, crossref: tuple[str, Pool] | None = None) -> None:
        """`crossref` is the address and the pool of Crossref."""
        super().__init__(pool, cache, base_url=base_url)
        self._crossref = crossref

    def works_by_doi(self, dois: Iterable[str]) -> dict[str, Answer[Work]]:
        """The record of each (normalised) DOI; no more than the DOI, where it exists and its agency tells nothing."""
        return self._records("doi", dois, self._ask, _read_work)

    def probe(self) -> bool:
        """Whether it sends us on: whose page that is, and whether it answers, is not doi.org's matter."""
        url = f"{self._base_url}/{dois_of.url_path(PROBE.removeprefix('doi:'))}"
        response = self._sent(HttpRequest(url, follow=False), _FIRST)
        if response.status == 200:
            raise wrong_shape(self.name, "the address of a work")
        return response.status in _REDIRECTS and joined(url, response.headers.get("Location") or "") is not None

    def _ask(self, batch: Batch) -> dict[str, str]:
        (key,) = batch
        doi = key.removeprefix("doi:")
        url = f"{self._base_url}/{dois_of.url_path(doi)}"
        response = self._sent(HttpRequest(url, headers={"Accept": CSL}, follow=False), _FIRST)
        if response.status == 404:
            return {}
        if response.status in _REDIRECTS:
            response = self._from_agency(response)
        return {key: json.dumps(_record(response, doi))}

    def _from_agency(self, redirect: HttpResponse) -> HttpResponse:
        target = joined(redirect.url, redirect.headers.get("Location") or "")
        if target is None:
            raise wrong_shape(self.name, "the address of an agency")
        pool, bucket = self.pool, "default"
        if self._crossref is not None and target.startswith((f"{self._crossref[0]}/", CROSSREF)):
            pool, bucket = self._crossref[1], SINGLE  # over there it is one of Crossref's single records
        response = pool.send(HttpRequest(target, headers={"Accept": CSL}, bucket=bucket))
        if response.status not in _LAST:
            # Its refusal is no refusal of doi.org, which other DOIs must not suffer for.
            raise ServiceUnavailable(f"{self.name}: the agency answered with status {response.status}")
        return response


def parse_work(record: Node) -> Work:
    """CSL-JSON as a `Work`; agencies differ in what is a string and what a list."""
    kind, doi = record["type"].text(), dois_of.normalise(record["DOI"].text())
    return Work(
        title=record["title"].plain(),
        subtitle=record["subtitle"].plain(),
        authors=_people(record["author"]),
        editors=_people(record["editor"]),
        year=_year(record),
        container=record["container-title"].plain(),
        volume=record["volume"].text(),
        issue=record["issue"].text(),
        pages=record["page"].text() or record["article-number"].text(),
        publisher=record["publisher"].plain(),
        place=record["publisher-place"].plain() or record["publisher-location"].plain(),
        type=_TYPES.get(kind or "", kind if kind in _CROSSREF_TYPES else None if kind is None else "other"),
        doi=doi,
        arxiv=arxiv.from_doi(doi),
        isbn=isbn.normalise((record["ISBN"].first() or "").rpartition("/")[2]),
        issn=isbn.normalise_issn(record["ISSN"].first()),
        url=record["URL"].url(),
        language=record["language"].text(),
        abstract=record["abstract"].plain(),
        sources=(DoiOrg.name,),
    )


def _record(response: HttpResponse, doi: str) -> dict[str, Any]:
    """404 and 406 of an agency do not mean that the DOI does not exist: doi.org itself knew it."""
    if response.status != 200:
        return {"DOI": doi}
    record = response.json()
    if not isinstance(record, dict) or not ({"title", "author", "type"} & set(record)):
        raise wrong_shape(DoiOrg.name, "CSL-JSON")
    kept = {name: value for name, value in record.items() if name not in ("reference", "categories", "license", "link")}
    return {**kept, "DOI": doi}


def _people(people: Node) -> tuple[Person, ...]:
    found = []
    for one in people:
        family, given, body = one["family"].plain(), one["given"].plain(), one["literal"].plain() or one["name"].plain()
        if family is not None:
            found.append(Person(family=family, given=given))
        elif body or given:
            found.append(Person(name=body or given))
    return tuple(found)


def _year(record: Node) -> int | None:
    dates = (record[name]["date-parts"][0][0].year() for name in ("issued", "published-print", "published"))
    return next((year for year in dates if year is not None), None)


def _read_work(payload: str) -> Work | None:
    return parse_work(Node(json.loads(payload)))
