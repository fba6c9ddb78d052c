"""CORE: what repositories all over the world hold, by DOI (apis.md §9). Slow and often ill, hence asked last."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from dl_lit.identity import arxiv, names
from dl_lit.identity import doi as dois_of
from dl_lit.model import Answer, Location, Work
from dl_lit.net.http import HttpRequest, HttpResponse
from dl_lit.net.limits import Patience, PoolLimits, Verdict
from dl_lit.services.base import Batch, Cache, Index, Pool, packed
from dl_lit.services.fields import Node, quoted
from dl_lit.services.offers import Need, Offer, Price, Question, same

# https://core.ac.uk/services/api: without a key five single requests in ten seconds. It often needs half a minute.
_PATIENCE = Patience(read=45.0, total=120.0)
KEYLESS = PoolLimits(rates={"default": 0.5}, rest_seconds=300.0, tries=2, patience=_PATIENCE)
KEYED = PoolLimits(rates={"default": 1.0}, rest_seconds=300.0, tries=2, patience=_PATIENCE)
BATCH_SIZE = 10
RECORDS_PER_DOI = 5  # several repositories may hold one work, and CORE does not always put them together
MAX_QUERY_BYTES = 2500
PROBE = "doi:10.7717/peerj.4375"

_FIELDS = ("doi", "title", "authors", "yearPublished", "abstract", "arxivId", "downloadUrl", "sourceFulltextUrls")


class Core(Index):
    """The aggregator of repositories; everything in it is open, though not all of it is still there."""

    name = "core"
    offer = Offer(
        "copies in repositories of works with a DOI",
        MappingProxyType(dict(same(Price(batch=BATCH_SIZE), Question.DOI, Question.LOCATIONS))),
        KEYLESS,
        advised=Need.KEY,
        better=KEYED,
        abstracts=True,
        copies=True,
    )
    surely_has_probe = False

    def __init__(self, pool: Pool, cache: Cache, *, base_url: str, api_key: str | None = None) -> None:
        super().__init__(pool, cache, base_url=base_url)
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}

    def works_by_doi(self, dois: Iterable[str]) -> dict[str, Answer[Work]]:
        """The record of each (normalised) DOI, with the files of all its records. They are merged wrongly at times:
        the title is for the caller to compare."""
        keys = {f"doi:{doi}": doi for doi in dois}
        answers = self._lookup(keys, self._ask, _read_work, batches=_batches, gather="doi")
        return {doi: answers[key] for key, doi in keys.items()}

    def probe(self) -> bool:
        return bool(self._ask((PROBE,)))

    def _ask(self, batch: Batch) -> dict[str, str]:
        query = " OR ".join(f"doi:{quoted(key.removeprefix('doi:'))}" for key in batch)
        found: dict[str, list[Any]] = {}
        for record in self._results(query, RECORDS_PER_DOI * len(batch)):
            key = f"doi:{dois_of.normalise(Node(record)['doi'].text())}"
            if key in batch:
                found.setdefault(key, []).append(record)
        return {key: json.dumps(records) for key, records in found.items()}

    def _results(self, query: str, rows: int) -> list[Any]:
        """The address ends with a slash: without it CORE redirects, which costs a call."""
        params = (("q", query), ("limit", str(rows)), ("exclude", "fullText"))
        request = HttpRequest(f"{self._base_url}/search/works/", params, headers=self._headers)
        results = self._node(request, "a list of results", _lists_results)["results"]
        records = (one.value for one in results if isinstance(one.value, dict))
        return [{name: record[name] for name in _FIELDS if name in record} for record in records]


def classify_429(response: HttpResponse) -> Verdict:
    """It may ask for ten minutes; that is about speed, and there is no budget of a day."""
    return Verdict.SLOW_DOWN


def parse_work(records: Node) -> Work:
    """The records of one DOI as a `Work`, described by the first of them."""
    first = records[0]
    return Work(
        title=first["title"].plain(),
        authors=tuple(names.parse(name) for one in first["authors"] if (name := one["name"].plain())),
        year=first["yearPublished"].year(),
        doi=dois_of.normalise(first["doi"].text()),
        arxiv=next((found for one in records if (found := arxiv.normalise(one["arxivId"].text()))), None),
        abstract=first["abstract"].plain(),
        is_oa=True,
        locations=tuple(dict.fromkeys(location for one in records for location in _locations(one))),
        sources=(Core.name,),
    )


def _locations(record: Node) -> Iterator[Location]:
    addresses = (record["downloadUrl"].url(), *(one.url() for one in record["sourceFulltextUrls"]))
    for url in dict.fromkeys(one for one in addresses if one):
        is_file = urlsplit(url).path.lower().endswith(".pdf")
        yield Location(
            source=Core.name,
            pdf_url=url if is_file else None,
            landing_url=None if is_file else url,
            host_type="repository",
        )


def _batches(keys: Sequence[str]) -> list[Batch]:
    return packed(keys, size=BATCH_SIZE, max_bytes=MAX_QUERY_BYTES, alone=lambda key: '"' in key or "\\" in key)


def _read_work(payload: str) -> Work | None:
    return parse_work(Node(json.loads(payload)))


def _lists_results(answer: Node) -> bool:
    return isinstance(answer["results"].value, list)
