"""HAL, the French archive: records by DOI in batches, and by title, with their files (apis.md §14)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from dl_lit.identity import arxiv, isbn, names, pubmed
from dl_lit.identity import doi as dois_of
from dl_lit.model import Answer, Location, Nothing, Person, Work
from dl_lit.net.http import HttpRequest
from dl_lit.net.limits import PoolLimits
from dl_lit.services.base import Batch, Index, packed
from dl_lit.services.fields import Node, quoted
from dl_lit.services.licences import licence_of
from dl_lit.services.offers import Offer, Price, Question, same

# No rate is published.
LIMITS = PoolLimits(rates={"default": 2.0}, concurrency=1, daily=None)
BATCH_SIZE = 50
MAX_QUERY_BYTES = 3000
MAX_TITLE_LETTERS = 300
PROBE = "doi:10.7717/peerj.4375"

_FIELDS = (
    *("halId_s", "title_s", "subTitle_s", "authFullName_s", "authLastName_s", "authFirstName_s", "doiId_s"),
    *("producedDateY_i", "uri_s", "fileMain_s", "openAccess_bool", "submitType_s", "licence_s", "docType_s"),
    *("journalTitle_s", "bookTitle_s", "conferenceTitle_s", "volume_s", "issue_s", "page_s", "publisher_s"),
    *("journalPublisher_s", "isbn_s", "journalIssn_s", "arxivId_s", "pubmedId_s", "language_s", "abstract_s"),
)
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "ART": "journal-article",
        "COMM": "proceedings-article",
        "COUV": "book-chapter",
        "OUV": "book",
        "DOUV": "edited-book",
        "PROCEEDINGS": "proceedings",
        "THESE": "dissertation",
        "HDR": "dissertation",
        "MEM": "dissertation",
        "REPORT": "report",
        "REPACT": "report",
        "UNDEFINED": "posted-content",
        "PREPRINT": "posted-content",
        "SOFTWARE": "software",
    }
)


class Hal(Index):
    """What French research has deposited, a third of it not linked by any other index."""

    name = "hal"
    surely_has_probe = False
    offer = Offer(
        "works deposited in French research, theses and reports among them, with their files",
        MappingProxyType({**same(Price(batch=BATCH_SIZE), Question.DOI, Question.LOCATIONS), Question.TITLE: Price()}),
        LIMITS,
        abstracts=True,
        copies=True,
    )

    def works_by_doi(self, dois: Iterable[str]) -> dict[str, Answer[Work]]:
        """The record of each (normalised) DOI, the one with a file where there are several."""
        keys = {f"doi:{doi}": doi for doi in dois}
        answers = self._lookup(keys, self._ask, _read_work, batches=_batches, gather="doi")
        return {doi: answers[key] for key, doi in keys.items()}

    def search_title(self, title: str, rows: int = 5) -> Answer[tuple[Work, ...]]:
        words = quoted((Node(title).plain() or "")[:MAX_TITLE_LETTERS])
        if words == '""':
            return Nothing()
        return self._found(f"title:{rows}:{words}", lambda: self._documents(f"title_t:{words}", rows), parse_work)

    def probe(self) -> bool:
        return bool(self._ask((PROBE,)))

    def _ask(self, batch: Batch) -> dict[str, str]:
        query = " OR ".join(quoted(key.removeprefix("doi:")) for key in batch)
        found: dict[str, Any] = {}
        for record in self._documents(f"doiId_s:({query})", 5 * len(batch) + 10):
            key = f"doi:{dois_of.normalise(Node(record)['doiId_s'].text())}"
            if key in batch and ("fileMain_s" in record or key not in found):
                found[key] = record
        return {key: json.dumps(record) for key, record in found.items()}

    def _documents(self, query: str, rows: int) -> list[Any]:
        params = (("q", query), ("fl", ",".join(_FIELDS)), ("wt", "json"), ("rows", str(rows)))
        request = HttpRequest(f"{self._base_url}/search/", params)
        documents = self._node(request, "a list of documents", _lists_documents)["response"]["docs"]
        return [one.value for one in documents if isinstance(one.value, dict)]


def parse_work(record: Node) -> Work:
    """A document as a `Work`."""
    doi = dois_of.normalise(record["doiId_s"].text())
    return Work(
        title=record["title_s"].plain(),
        subtitle=record["subTitle_s"].plain(),
        authors=_authors(record),
        year=record["producedDateY_i"].year(),
        container=next(
            (text for name in ("journalTitle_s", "bookTitle_s", "conferenceTitle_s") if (text := record[name].plain())),
            None,
        ),
        volume=record["volume_s"].text(),
        issue=record["issue_s"].first(),
        pages=record["page_s"].text(),
        publisher=record["publisher_s"].plain() or record["journalPublisher_s"].plain(),
        type=_TYPES.get(record["docType_s"].text() or "", "other" if record["docType_s"].text() else None),
        doi=doi,
        arxiv=arxiv.normalise(record["arxivId_s"].text()) or arxiv.from_doi(doi),
        pmid=pubmed.pmid(record["pubmedId_s"].text()),
        isbn=isbn.normalise(record["isbn_s"].first()),
        issn=isbn.normalise_issn(record["journalIssn_s"].text()),
        url=record["uri_s"].url(),
        language=record["language_s"].first(),
        abstract=record["abstract_s"].plain(),
        is_oa=record["openAccess_bool"].flag(),
        locations=_locations(record),
        sources=(Hal.name,),
    )


def _authors(record: Node) -> tuple[Person, ...]:
    full, last, first = (record[name].texts() for name in ("authFullName_s", "authLastName_s", "authFirstName_s"))
    if last and len(full) == len(last) == len(first):
        return tuple(Person(family=family, given=given) for family, given in zip(last, first, strict=True))
    return tuple(names.parse(name) for name in full)


def _locations(record: Node) -> tuple[Location, ...]:
    """A notice has no file; a file under an embargo is not named."""
    pdf = record["fileMain_s"].url()
    if pdf is None or record["openAccess_bool"].flag() is False or record["submitType_s"].text() == "notice":
        return ()
    return (
        Location(
            source=Hal.name,
            pdf_url=pdf,
            landing_url=record["uri_s"].url(),
            licence=licence_of(record["licence_s"].text()),
            host_type="repository",
            is_best=True,
        ),
    )


def _batches(keys: Sequence[str]) -> list[Batch]:
    return packed(keys, size=BATCH_SIZE, max_bytes=MAX_QUERY_BYTES, alone=lambda key: '"' in key or "\\" in key)


def _read_work(payload: str) -> Work | None:
    return parse_work(Node(json.loads(payload)))


def _lists_documents(answer: Node) -> bool:
    return isinstance(answer["response"]["docs"].value, list)
