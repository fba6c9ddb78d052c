"""OpenCitations: what a DOI cites (Index), and the records of DOIs (Meta) (apis.md §12)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from dl_lit.identity import doi as dois_of
from dl_lit.identity import isbn, names, pubmed
from dl_lit.model import Answer, Found, Nothing, Person, Work
from dl_lit.net.http import HttpRequest
from dl_lit.net.limits import PoolLimits
from dl_lit.services.base import Batch, Cache, Index, Pool, chunks
from dl_lit.services.fields import Node
from dl_lit.services.offers import Offer, Price, Question

# About 180 requests a minute have been seen to pass; nothing is published.
LIMITS = PoolLimits(rates={"default": 3.0}, concurrency=2, daily=None)
BATCH_SIZE = 10  # fifteen are answered with 500
PROBE = "references:10.7717/peerj.4375"

_BRACKET = re.compile(r"\s*\[([^\]]*)\]\s*$")
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "journal article": "journal-article",
        "proceedings article": "proceedings-article",
        "proceedings": "proceedings",
        "book chapter": "book-chapter",
        "book part": "book-part",
        "book section": "book-section",
        "book": "book",
        "edited book": "edited-book",
        "monograph": "monograph",
        "reference book": "reference-book",
        "reference entry": "reference-entry",
        "dissertation": "dissertation",
        "report": "report",
        "dataset": "dataset",
        "data file": "dataset",
        "posted content": "posted-content",
        "preprint": "posted-content",
        "web content": "other",
        "peer review": "peer-review",
        "standard": "standard",
        "journal": "journal",
        "journal issue": "journal-issue",
        "component": "component",
    }
)


class OpenCitations(Index):
    """The open citation index: reference lists matched by others, also where the publisher's own is missing."""

    name = "opencitations"
    offer = Offer(
        "what a work cites, as identifiers",
        MappingProxyType({Question.REFERENCES: Price(), Question.DOI: Price(batch=BATCH_SIZE)}),
        LIMITS,
    )

    def __init__(self, pool: Pool, cache: Cache, *, base_url: str, api_key: str | None = None) -> None:
        super().__init__(pool, cache, base_url=base_url)
        self._headers = {"authorization": api_key} if api_key else {}

    def references(self, doi: str) -> Answer[tuple[Work, ...]]:
        """The works that a (normalised) DOI cites, identifiers only, in no order. Nothing when none is known."""
        key = f"references:{doi}"
        answer = self._lookup([key], self._ask_references, _read_cited, batches=lambda keys: chunks(keys, 1))[key]
        return Nothing(cached=answer.cached) if isinstance(answer, Found) and not answer.value else answer

    def works_by_doi(self, dois: Iterable[str]) -> dict[str, Answer[Work]]:
        return self._records("doi", dois, self._ask, _read_work, BATCH_SIZE)

    @property
    def _cure(self) -> str:
        return f"Check services.{self.name}.api_key, which it does not need"

    def probe(self) -> bool:
        return bool(self._ask_references((PROBE,)))

    def _ask_references(self, batch: Batch) -> dict[str, str]:
        path = dois_of.url_path(batch[0].removeprefix("references:"))
        cited = [row["cited"].text() for row in self._rows(f"/index/v2/references/doi:{path}")]
        return {batch[0]: json.dumps([ids for ids in cited if ids])} if cited else {}

    def _ask(self, batch: Batch) -> dict[str, str]:
        wanted = "__".join(f"doi:{dois_of.url_path(key.removeprefix('doi:'))}" for key in batch)
        found = {}
        for row in self._rows(f"/meta/v1/metadata/{wanted}"):
            for doi in _dois(row):
                if (key := f"doi:{doi}") in batch:
                    # A work may have several DOIs; it is known by the one it was asked by.
                    found[key] = json.dumps({**row.value, "doi": doi})
        return found

    def _rows(self, path: str) -> list[Node]:
        request = HttpRequest(self._base_url + path, headers=self._headers)
        answer = self._node(request, "a list", lambda answer: isinstance(answer.value, list))
        return [row for row in answer if isinstance(row.value, dict)]


def parse_cited(ids: str) -> Work | None:
    """One cited work of the Index ("omid:br/1 doi:10.1/x pmid:2", or a bare DOI); None without an identifier."""
    kinds = dict(_kind_value(word) for word in reversed(ids.split()))
    doi, pmid, pmcid = dois_of.normalise(kinds.get("doi")), pubmed.pmid(kinds.get("pmid")), kinds.get("pmcid")
    if doi is None and pmid is None:
        return None
    return Work(doi=doi, pmid=pmid, pmcid=pubmed.pmcid(pmcid), sources=(OpenCitations.name,))


def parse_work(row: Node) -> Work:
    """A row of Meta as a `Work`: strings only, with the identifiers of people and venues in brackets."""
    kinds = dict(_kind_value(word) for word in (row["id"].text() or "").split())
    venue, venue_ids = _bracketed(row["venue"].text() or row["source_title"].text())
    venue_kinds = dict(_kind_value(word) for word in venue_ids.split())
    return Work(
        title=row["title"].plain(),
        authors=_people(row["author"].text()),
        editors=_people(row["editor"].text()),
        year=Node((row["pub_date"].text() or row["year"].text() or "")[:4]).year(),
        container=Node(venue).plain(),
        volume=row["volume"].text(),
        issue=row["issue"].text(),
        pages=_pages(row["page"].text()),
        publisher=Node(_bracketed(row["publisher"].text())[0]).plain(),
        type=_TYPES.get(row["type"].text() or ""),
        doi=dois_of.normalise(row["doi"].text()) or next(iter(_dois(row)), None),
        openalex_id=next((value for kind, value in kinds.items() if kind == "openalex"), None),
        pmid=pubmed.pmid(kinds.get("pmid")),
        pmcid=pubmed.pmcid(kinds.get("pmcid")),
        isbn=isbn.normalise(kinds.get("isbn")),
        issn=isbn.normalise_issn(venue_kinds.get("issn")),
        sources=(OpenCitations.name,),
    )


def _kind_value(word: str) -> tuple[str, str]:
    kind, colon, value = word.partition(":")
    return (kind.lower(), value) if colon and not kind.startswith("10.") else ("doi", word)


def _dois(row: Node) -> list[str]:
    words = (row["id"].text() or row["doi"].text() or "").split()
    found = (dois_of.normalise(value) for kind, value in map(_kind_value, words) if kind == "doi")
    return [doi for doi in found if doi is not None]


def _bracketed(text: str | None) -> tuple[str, str]:
    """ "Nature [issn:0028-0836 omid:br/1]" -> the name, and what stands in the brackets."""
    match = _BRACKET.search(text or "")
    return ((text or "")[: match.start()], match[1]) if match else (text or "", "")


def _people(text: str | None) -> tuple[Person, ...]:
    printed = (_bracketed(one)[0].strip().strip(",").strip() for one in (text or "").split(";"))
    return tuple(names.parse(name) for name in printed if name)


def _pages(text: str | None) -> str | None:
    """A single page is written twice, "12-12"."""
    first, _, last = (text or "").partition("-")
    return first if first and first == last else text


def _read_cited(payload: str) -> tuple[Work, ...]:
    return tuple(work for ids in Node(json.loads(payload)).texts() if (work := parse_cited(ids)) is not None)


def _read_work(payload: str) -> Work | None:
    return parse_work(Node(json.loads(payload)))
