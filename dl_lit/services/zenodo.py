"""Zenodo: records by DOI and by title, with their files (apis.md §14)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from dl_lit.identity import arxiv, isbn, names
from dl_lit.identity import doi as dois_of
from dl_lit.model import Answer, Location, Nothing, Person, Work
from dl_lit.net.http import HttpRequest, HttpResponse
from dl_lit.net.limits import PoolLimits, Tuning
from dl_lit.services.base import Batch, Index
from dl_lit.services.fields import Node, quoted
from dl_lit.services.licences import licence_of
from dl_lit.services.offers import Offer, Price, Question, same

# Guests have 60 requests a minute, 30 of them searches, and 2,000 an hour: this keeps all three.
LIMITS = PoolLimits(rates={"default": 0.5}, concurrency=1, daily=None)
ROWS = 5
MAX_TITLE_LETTERS = 300
PROBE = "doi:10.5281/zenodo.31780"

_OWN_DOI = re.compile(r"10\.5281/zenodo\.(\d{1,12})")
_MD5 = re.compile(r"(?i)md5:([0-9a-f]{32})")
_GONE = frozenset({200, 404, 410})
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "article": "journal-article",
        "preprint": "posted-content",
        "workingpaper": "report",
        "conferencepaper": "proceedings-article",
        "conferenceproceeding": "proceedings",
        "book": "book",
        "section": "book-chapter",
        "thesis": "dissertation",
        "report": "report",
        "technicalnote": "report",
        "deliverable": "report",
        "datapaper": "journal-article",
        "dataset": "dataset",
        "software": "software",
    }
)


class Zenodo(Index):
    """A repository for everything; many of its records hold data and no text."""

    name = "zenodo"
    surely_has_probe = False
    offer = Offer(
        "reports, theses, data and software in Zenodo, with their files",
        MappingProxyType({**same(Price(), Question.DOI, Question.LOCATIONS, Question.TITLE)}),
        LIMITS,
        abstracts=True,
        copies=True,
    )

    def works_by_doi(self, dois: Iterable[str]) -> dict[str, Answer[Work]]:
        """The record of each (normalised) DOI. The DOI of all versions gives the latest, under the DOI asked for."""
        return self._records("doi", dois, self._ask, _read_work)

    def search_title(self, title: str, rows: int = ROWS) -> Answer[tuple[Work, ...]]:
        words = quoted((Node(title).plain() or "")[:MAX_TITLE_LETTERS])
        if words == '""':
            return Nothing()
        return self._found(f"title:{rows}:{words}", lambda: self._hits(f"title:{words}", rows), parse_work)

    def probe(self) -> bool:
        return bool(self._ask((PROBE,)))

    def _ask(self, batch: Batch) -> dict[str, str]:
        (key,) = batch
        doi = key.removeprefix("doi:")
        own = _OWN_DOI.fullmatch(doi)
        records = self._record(own[1]) if own else self._hits(f"doi:{quoted(doi)}", ROWS)
        # The search reads a DOI as words, and a record bears two DOIs: its own and that of all its versions.
        fitting = (record for record in records if doi in _dois(Node(record)))
        return next(({key: json.dumps({**record, "doi": doi})} for record in fitting), {})

    def _record(self, number: str) -> list[Any]:
        reads = self._promise("a record", lambda answer: isinstance(answer["metadata"].value, dict))
        response = self._sent(HttpRequest(f"{self._base_url}/records/{number}", reads=reads), _GONE)
        answer = Node(response.json())
        return [answer.value] if response.status == 200 else []

    def _hits(self, query: str, rows: int) -> list[Any]:
        params = (("q", query), ("size", str(rows)))
        answer = self._node(HttpRequest(f"{self._base_url}/records", params), "a list of hits", _lists_hits)
        return [hit.value for hit in answer["hits"]["hits"] if isinstance(hit.value, dict)]


def tune(response: HttpResponse) -> Tuning | None:
    """Slower than usual when Zenodo allows less than usual in its window of a minute."""
    limit = (response.headers.get("X-RateLimit-Limit") or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", limit) is None or not int(limit):
        return None
    return Tuning(rates={"default": min(LIMITS.rates["default"], int(limit) / 60)})


def parse_work(record: Node) -> Work:
    """A record as a `Work`."""
    about = record["metadata"]
    journal, imprint = about["journal"], about["imprint"]
    doi = dois_of.normalise(record["doi"].text() or about["doi"].text())
    return Work(
        title=about["title"].plain(),
        authors=_people(about["creators"]),
        editors=_people(about["contributors"], "Editor"),
        year=Node((about["publication_date"].text() or "")[:4]).year(),
        container=journal["title"].plain() or about["part_of"]["title"].plain(),
        volume=journal["volume"].text(),
        issue=journal["issue"].text(),
        pages=journal["pages"].text() or about["part_of"]["pages"].text(),
        publisher=imprint["publisher"].plain() or about["thesis"]["university"].plain() or "Zenodo",
        place=imprint["place"].plain(),
        type=_type(about["resource_type"]),
        doi=doi,
        arxiv=arxiv.from_doi(doi),
        isbn=isbn.normalise(imprint["isbn"].text()),
        url=record["links"]["html"].url() or record["links"]["self_html"].url(),
        language=about["language"].text(),
        abstract=about["description"].plain(),
        is_oa=about["access_right"].text() == "open",
        locations=_locations(record),
        sources=(Zenodo.name,),
    )


def _people(people: Node, kind: str | None = None) -> tuple[Person, ...]:
    wanted = (one for one in people if kind is None or one["type"].text() == kind)
    return tuple(names.parse(name) for one in wanted if (name := one["name"].plain()))


def _type(kind: Node) -> str:
    return _TYPES.get(kind["subtype"].text() or kind["type"].text() or "", "other")


def _dois(record: Node) -> set[str | None]:
    texts = (record["doi"], record["metadata"]["doi"], record["conceptdoi"])
    return {dois_of.normalise(node.text()) for node in texts} - {None}


def _locations(record: Node) -> tuple[Location, ...]:
    about = record["metadata"]
    if about["access_right"].text() != "open":
        return ()
    licence = licence_of(about["license"]["id"].text() or about["license"].text())
    pdfs = (one for one in record["files"] if (one["key"].text() or "").lower().endswith(".pdf"))
    return tuple(
        Location(
            source=Zenodo.name,
            pdf_url=url,
            licence=licence,
            host_type="repository",
            is_best=True,
            md5=found[1].lower() if (found := _MD5.fullmatch(one["checksum"].text() or "")) else None,
        )
        for one in pdfs
        if (url := one["links"]["self"].url())
    )


def _read_work(payload: str) -> Work | None:
    return parse_work(Node(json.loads(payload)))


def _lists_hits(answer: Node) -> bool:
    return isinstance(answer["hits"]["hits"].value, list)
