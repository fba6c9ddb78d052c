"""DOAJ: articles of open-access journals by DOI, several in one search, and by title (apis.md §11).

Queries are Elasticsearch's query strings, whose words are joined by AND unless OR is written (https://doaj.org/api/docs).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from dl_lit.identity import doi as dois_of
from dl_lit.identity import isbn, names
from dl_lit.model import Answer, CopyVersion, Location, Nothing, Work
from dl_lit.net.http import HttpRequest
from dl_lit.net.limits import PoolLimits
from dl_lit.services.base import Batch, Index
from dl_lit.services.fields import Node, page_range, quoted
from dl_lit.services.licences import licence_of
from dl_lit.services.offers import Offer, Price, Question, same

LIMITS = PoolLimits(rates={"default": 2.0}, concurrency=1, daily=None)  # https://doaj.org/api/docs
ROWS = 10  # of each DOI, as strangers are found with it
BATCH_SIZE = 10  # a page holds a hundred
MAX_TITLE_LETTERS = 300
_PLAIN = re.compile(r"[\w./-]+")  # DOIs that hold nothing with a meaning in a query
PROBE = "doi:10.7717/peerj.4375"


class Doaj(Index):
    """Every journal in it is open, and so is every article."""

    name = "doaj"
    offer = Offer(
        "articles of open-access journals, with where they are",
        MappingProxyType({**same(Price(batch=BATCH_SIZE), Question.DOI, Question.LOCATIONS), Question.TITLE: Price()}),
        LIMITS,
        abstracts=True,
        copies=True,
    )

    def works_by_doi(self, dois: Iterable[str]) -> dict[str, Answer[Work]]:
        return self._records("doi", dois, self._ask, _read_work, size=BATCH_SIZE)

    def search_title(self, title: str, rows: int = 5) -> Answer[tuple[Work, ...]]:
        words = quoted((Node(title).plain() or "")[:MAX_TITLE_LETTERS])
        if words == '""':
            return Nothing()
        return self._found(f"title:{rows}:{words}", lambda: self._results(f"bibjson.title:{words}", rows), parse_work)

    def probe(self) -> bool:
        return bool(self._ask((PROBE,)))

    def _ask(self, batch: Batch) -> dict[str, str]:
        """The search takes a DOI apart into words, so that others than those asked for are found too."""
        found: dict[str, str] = {}
        for record in self._results(_query(batch), ROWS * len(batch)):
            key = f"doi:{_doi(Node(record))}"
            if key in batch:
                found.setdefault(key, json.dumps(record))
        return found

    def _results(self, query: str, rows: int) -> list[Any]:
        url = f"{self._base_url}/search/articles/{quote(query, safe=':')}?page=1&pageSize={rows}"
        answer = self._node(HttpRequest(url), "a list of results", _lists_results)
        return [one.value for one in answer["results"] if isinstance(one.value, dict)]


def _query(batch: Batch) -> str:
    dois = [key.removeprefix("doi:") for key in batch]
    if len(dois) == 1 and _PLAIN.fullmatch(dois[0]):
        return f"doi:{dois[0]}"
    return " OR ".join(f"doi:{quoted(doi)}" for doi in dois)


def parse_work(record: Node) -> Work:
    """An article as a `Work`."""
    article, journal = record["bibjson"], record["bibjson"]["journal"]
    return Work(
        title=article["title"].plain(),
        authors=tuple(names.parse(name) for one in article["author"] if (name := one["name"].plain())),
        year=article["year"].year(),
        container=journal["title"].plain(),
        volume=journal["volume"].text(),
        issue=journal["number"].text(),
        pages=page_range(article["start_page"].text(), article["end_page"].text()),
        publisher=journal["publisher"].plain(),
        type="journal-article",
        doi=_doi(record),
        issn=next((found for text in _ids(record, "pissn", "eissn") if (found := isbn.normalise_issn(text))), None),
        language=journal["language"].first(),
        abstract=article["abstract"].plain(),
        is_oa=True,
        oa_status="gold",
        locations=_locations(record),
        sources=(Doaj.name,),
    )


def _ids(record: Node, *kinds: str) -> list[str]:
    wanted = [one for one in record["bibjson"]["identifier"] if (one["type"].text() or "").lower() in kinds]
    return [text for one in wanted if (text := one["id"].text())]


def _doi(record: Node) -> str | None:
    return next((doi for text in _ids(record, "doi") if (doi := dois_of.normalise(text))), None)


def _locations(record: Node) -> tuple[Location, ...]:
    licences = record["bibjson"]["license"].value or record["bibjson"]["journal"]["license"].value
    licence = licence_of(Node(licences)[0]["type"].text() or Node(licences)[0]["title"].text())
    found = []
    for link in record["bibjson"]["link"]:
        url = link["url"].url()
        if url is None or link["type"].text() != "fulltext":
            continue
        is_pdf = (link["content_type"].text() or "").lower() in ("pdf", "application/pdf")
        found.append(
            Location(
                source=Doaj.name,
                pdf_url=url if is_pdf else None,
                landing_url=None if is_pdf else url,
                version=CopyVersion.PUBLISHED,
                licence=licence,
                host_type="publisher",
            )
        )
    return tuple(dict.fromkeys(found))


def _read_work(payload: str) -> Work | None:
    return parse_work(Node(json.loads(payload)))


def _lists_results(answer: Node) -> bool:
    return isinstance(answer["results"].value, list)
