"""Unpaywall: the open locations of a DOI (apis.md §5). It answers only to a real e-mail address."""

from __future__ import annotations

import json
from dataclasses import replace

from dl_lit.errors import RequestRefused
from dl_lit.identity import arxiv
from dl_lit.identity import doi as dois_of
from dl_lit.model import Answer, Found, Location, Nothing
from dl_lit.net.http import HttpRequest
from dl_lit.net.limits import PoolLimits
from dl_lit.services.base import Batch, Cache, Index, Pool, chunks
from dl_lit.services.fields import Node
from dl_lit.services.offers import Need, Offer, Price, Question, same
from dl_lit.services.openalex_records import version_of

# 100,000 calls a day are published; no rate is, and 10 a second is what everyone keeps to.
LIMITS = PoolLimits(rates={"default": 10.0}, concurrency=4, daily=100_000.0)
_LISTS = ("oa_locations", "oa_locations_embargoed")
PROBE = "doi:10.7717/peerj.4375"


class Unpaywall(Index):
    """The same facts as OpenAlex in an older format, without key and budget."""

    name = "unpaywall"
    offer = Offer(
        "open copies of works with a DOI", same(Price(1.0), Question.LOCATIONS), LIMITS, needs=Need.EMAIL, copies=True
    )

    def __init__(self, pool: Pool, cache: Cache, *, base_url: str, email: str) -> None:
        super().__init__(pool, cache, base_url=base_url)
        self._email = email

    def locations(self, doi: str) -> Answer[tuple[Location, ...]]:
        """The open locations of a (normalised) DOI, and those that are to be; Nothing when it is unknown or closed."""
        if arxiv.from_doi(doi):
            return Nothing()  # Unpaywall knows the DOIs of Crossref only; arXiv's are DataCite's
        key = f"doi:{doi}"
        answer = self._lookup([key], self._ask, _read, batches=lambda keys: chunks(keys, 1))[key]
        return Nothing(cached=answer.cached) if isinstance(answer, Found) and not answer.value else answer

    def probe(self) -> bool:
        return bool(self._ask((PROBE,)))

    def _ask(self, batch: Batch) -> dict[str, str]:
        (key,) = batch
        url = f"{self._base_url}/{dois_of.url_path(key.partition(':')[2])}"
        try:
            reads = self._promise("a record", _is_record)
            response = self._send(HttpRequest(url, params=(("email", self._email),), cost=1.0, reads=reads))
        except RequestRefused as error:
            # 422 is always about the address, so that every other question would get it too.
            raise self.pool.refuse(
                f"{error} It is not asked again in this run. Set contact.email to an address of your own, then run the "
                "same command again."
            ) from error
        if response.status == 404:
            return {}
        record = Node(response.json())
        kept = {name: record[name].value for name in ("doi", "oa_status", "best_oa_location", *_LISTS)}
        return {key: json.dumps(kept)}


def parse_locations(record: Node) -> tuple[Location, ...]:
    """All that may be used now, then those under an embargo whose end is known."""
    nodes = list(record["oa_locations"])
    if not nodes and isinstance(record["best_oa_location"].value, dict):
        nodes = [record["best_oa_location"]]
    found = [location for node in nodes if (location := _location(node)) is not None]
    for node in record["oa_locations_embargoed"]:
        day, location = node["oa_date"].day(), _location(node)
        if day is not None and location is not None:
            found.append(replace(location, open_from=day, is_best=False))
    return tuple(dict.fromkeys(found))


def _location(node: Node) -> Location | None:
    pdf, landing = node["url_for_pdf"].url(), node["url_for_landing_page"].url()
    if pdf is None and landing is None:
        # `url` is one of the two; without either of them there is no telling, and a landing page is the safe guess.
        landing = node["url"].url()
    if pdf is None and landing is None:
        return None
    return Location(
        source=Unpaywall.name,
        pdf_url=pdf,
        landing_url=landing,
        version=version_of(node["version"].text()),
        licence=node["license"].text(),
        host_type=node["host_type"].text(),
        is_best=node["is_best"].flag() is True,
    )


def _read(payload: str) -> tuple[Location, ...] | None:
    return parse_locations(Node(json.loads(payload)))


def _is_record(record: Node) -> bool:
    return record["is_oa"].flag() is not None or isinstance(record["oa_locations"].value, list)
