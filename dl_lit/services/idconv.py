"""NCBI's id converter: which DOI, PMID and PMCID are one article in PubMed Central (apis.md §8.2)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from dl_lit.identity import doi as dois_of
from dl_lit.identity import pubmed
from dl_lit.model import Answer, Work
from dl_lit.net.http import HttpRequest
from dl_lit.net.limits import PoolLimits
from dl_lit.services.base import Batch, Cache, Index, Pool
from dl_lit.services.fields import Node
from dl_lit.services.offers import Offer, Price, Question, same

# https://www.ncbi.nlm.nih.gov/books/NBK25497/: three requests a second, tool and e-mail named.
LIMITS = PoolLimits(rates={"default": 3.0}, concurrency=2, daily=None)
BATCH_SIZE = 200
PROBE = "pmcid:PMC5815332"
TOOL = "dl-lit"

_KINDS: Mapping[str, Callable[[str | None], str | None]] = MappingProxyType(
    {"doi": dois_of.normalise, "pmid": pubmed.pmid, "pmcid": pubmed.pmcid}
)


class IdConverter(Index):
    """Knows the articles in PubMed Central only; an article of PubMed alone is unknown to it."""

    name = "idconv"
    offer = Offer(
        "the PMCID of a DOI or PMID, and back",
        same(Price(batch=BATCH_SIZE), Question.IDENTIFIERS),
        LIMITS,
    )

    def __init__(self, pool: Pool, cache: Cache, *, base_url: str, email: str | None = None) -> None:
        super().__init__(pool, cache, base_url=base_url)
        self._identity = (("tool", TOOL), *((("email", email),) if email else ()))

    def identifiers_by_doi(self, dois: Iterable[str]) -> dict[str, Answer[Work]]:
        """The identifiers of each article, as a `Work` with nothing else in it."""
        return self._records("doi", dois, self._ask, _read_work, BATCH_SIZE)

    def identifiers_by_pmid(self, pmids: Iterable[str]) -> dict[str, Answer[Work]]:
        return self._records("pmid", pmids, self._ask, _read_work, BATCH_SIZE)

    def identifiers_by_pmcid(self, pmcids: Iterable[str]) -> dict[str, Answer[Work]]:
        return self._records("pmcid", pmcids, self._ask, _read_work, BATCH_SIZE)

    def probe(self) -> bool:
        return bool(self._ask((PROBE,)))

    def _ask(self, batch: Batch) -> dict[str, str]:
        """One call takes identifiers of one kind only, which is what a batch holds."""
        kind = batch[0].partition(":")[0]
        ids = ",".join(key.partition(":")[2] for key in batch)
        params = (("ids", ids), ("idtype", kind), ("format", "json"), *self._identity)
        request = HttpRequest(f"{self._base_url}/api/v1/articles/", params)
        answer = self._node(request, "a list of records", _lists_records)
        found = {}
        for record in answer["records"]:
            asked = record["requested-id"].text() or record[kind].text()
            key = f"{kind}:{_KINDS[kind](asked)}"
            if key in batch and record["status"].text() != "error":
                found[key] = json.dumps({name: record[name].value for name in _KINDS})
        return found


def parse_work(record: Node) -> Work | None:
    """The identifiers of a record; None when it has none that is well formed."""
    doi, pmid, pmcid = (read(record[kind].text()) for kind, read in _KINDS.items())
    return Work(doi=doi, pmid=pmid, pmcid=pmcid, sources=(IdConverter.name,)) if doi or pmid or pmcid else None


def _read_work(payload: str) -> Work | None:
    return parse_work(Node(json.loads(payload)))


def _lists_records(answer: Node) -> bool:
    return answer["status"].text() == "ok" and isinstance(answer["records"].value, list)
