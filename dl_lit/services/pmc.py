"""PubMed Central's open articles in its bucket at S3: the newest version of each, and its file (apis.md §8.1).

The pages of PMC itself ask programs for proof of work; the bucket is the way that it offers to them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from dl_lit.identity import pubmed
from dl_lit.model import Answer, CopyVersion, Found, Location, Nothing
from dl_lit.net.http import HttpRequest
from dl_lit.net.limits import PoolLimits
from dl_lit.services.base import Batch, Index, chunks
from dl_lit.services.fields import Node
from dl_lit.services.licences import licence_of
from dl_lit.services.offers import Offer, Price, Question, same

# S3 states none that we could reach; this is what we hold ourselves to.
LIMITS = PoolLimits(rates={"default": 5.0}, concurrency=3, daily=None)
BUCKET = "pmc-oa-opendata"
PROBE = "PMC5815332"

_FIELDS = ("pmcid", "pdf_url", "license_code", "is_manuscript")
_MD5 = re.compile(r"[0-9a-f]{32}")


class Pmc(Index):
    """It knows PMCIDs only; other identifiers lead there by way of OpenAlex, Europe PMC or the id converter."""

    name = "pmc"
    offer = Offer(
        "the files of open articles in PubMed Central", same(Price(), Question.LOCATIONS), LIMITS, copies=True
    )
    surely_has_probe = False  # articles leave the open set

    def locations(self, pmcid: str) -> Answer[tuple[Location, ...]]:
        """The file of a (normalised) PMCID; Nothing when it is not in the open set, or there as text only."""
        key = f"pmcid:{pmcid}"
        answer = self._lookup([key], self._ask, self._read_locations, batches=lambda keys: chunks(keys, 1))[key]
        return Nothing(cached=answer.cached) if isinstance(answer, Found) and not answer.value else answer

    def probe(self) -> bool:
        return bool(self._versions(PROBE))

    def _ask(self, batch: Batch) -> dict[str, str]:
        (key,) = batch
        pmcid = key.removeprefix("pmcid:")
        versions = self._versions(pmcid)
        if not versions:
            return {}
        request = HttpRequest(f"{self._base_url}/metadata/{pmcid}.{max(versions)}.json")
        what = "the record that was asked for"
        record = self._node(request, what, lambda answer: pubmed.pmcid(answer["pmcid"].text()) == pmcid)
        return {key: json.dumps({name: record[name].value for name in _FIELDS})}

    def _versions(self, pmcid: str) -> list[int]:
        params = (("list-type", "2"), ("prefix", f"metadata/{pmcid}."))
        listing = self._xml(HttpRequest(f"{self._base_url}/", params), "a list of keys", "ListBucketResult")
        form = re.compile(rf"metadata/{pmcid}\.(\d{{1,6}})\.json")
        names = (one.text or "" for one in listing.iter() if one.tag.rpartition("}")[2] == "Key")
        return [int(found[1]) for name in names if (found := form.fullmatch(name))]

    def _read_locations(self, payload: str) -> tuple[Location, ...]:
        return tuple(_locations(Node(json.loads(payload)), self._base_url))


def _locations(record: Node, base_url: str) -> Iterator[Location]:
    """Author manuscripts have the licence TDM: to be read and mined, not to be passed on."""
    address = record["pdf_url"].text()
    if address is None or (url := _over_https(address, base_url)) is None:
        return
    manuscript = record["is_manuscript"].flag() is True
    yield Location(
        source=Pmc.name,
        pdf_url=url,
        version=CopyVersion.ACCEPTED if manuscript else CopyVersion.PUBLISHED,
        licence=licence_of(record["license_code"].text()),
        host_type="repository",
        md5=_md5(address),
    )


def _over_https(address: str, base_url: str) -> str | None:
    """ "s3://bucket/key?md5=..." as an address that needs no client of S3."""
    parts = urlsplit(address)
    if parts.scheme in ("http", "https"):
        return address
    if parts.scheme != "s3" or not parts.netloc or not parts.path.strip("/"):
        return None
    host = base_url if parts.netloc == BUCKET else f"https://{parts.netloc}.s3.amazonaws.com"
    return f"{host}{parts.path}"


def _md5(address: str) -> str | None:
    given = parse_qs(urlsplit(address).query).get("md5", [""])[0].lower()
    return given if _MD5.fullmatch(given) else None
