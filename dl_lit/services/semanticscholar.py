"""Semantic Scholar: records by many identifiers at once, one title matched, what a work cites (apis.md §6).

Without a key its one pool is shared by the whole world, so that 429 is the usual answer: little is tried then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from dl_lit.errors import RequestRefused
from dl_lit.identity import arxiv, names, pubmed
from dl_lit.identity import doi as dois_of
from dl_lit.model import Answer, Found, Location, Nothing, Work
from dl_lit.net.http import HttpRequest
from dl_lit.net.limits import PoolLimits
from dl_lit.services.base import Batch, Cache, Index, Pool, chunks, wrong_shape
from dl_lit.services.fields import Node
from dl_lit.services.licences import licence_of
from dl_lit.services.offers import Need, Offer, Price, Question, same

# https://www.semanticscholar.org/product/api: with a key one request a second over all endpoints together.
KEYED = PoolLimits(rates={"default": 1.0}, concurrency=1, daily=None)
KEYLESS = PoolLimits(rates={"default": 0.5}, concurrency=1, daily=None, failures=3, rest_seconds=300.0, tries=2)
BATCH_SIZE = 500
REFERENCES_PER_PAGE = 1000
MAX_REFERENCE_PAGES = 10
MAX_TITLE_LETTERS = 300
PROBE = "DOI:10.7717/peerj.4375"

_FIELDS = (
    "corpusId,externalIds,title,year,venue,journal,authors,isOpenAccess,openAccessPdf,publicationTypes,citationCount,"
    "abstract"
)
_CITED_FIELDS = "externalIds,title,year,venue,journal,authors,publicationTypes"
_PREFIXES: Mapping[str, str] = MappingProxyType(
    {"doi": "DOI:", "arxiv": "ARXIV:", "pmid": "PMID:", "pmcid": "PMCID:", "corpus": "CorpusId:"}
)
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "JournalArticle": "journal-article",
        "Review": "journal-article",
        "Editorial": "journal-article",
        "LettersAndComments": "journal-article",
        "CaseReport": "journal-article",
        "ClinicalTrial": "journal-article",
        "Study": "journal-article",
        "MetaAnalysis": "journal-article",
        "Conference": "proceedings-article",
        "Book": "book",
        "BookSection": "book-chapter",
        "Dataset": "dataset",
    }
)


class SemanticScholar(Index):
    """A large index of its own, good at titles; its records come from PDFs and are thinner than Crossref's."""

    name = "semanticscholar"
    offer = Offer(
        "titles, preprints and what a work cites; a key makes it dependable",
        MappingProxyType(
            {
                **same(
                    Price(batch=BATCH_SIZE),
                    *(Question.DOI, Question.ARXIV, Question.PMID, Question.PMCID, Question.LOCATIONS),
                ),
                **same(Price(), Question.TITLE, Question.REFERENCES),
            }
        ),
        KEYLESS,
        advised=Need.KEY,
        better=KEYED,
        abstracts=True,
        copies=True,
    )

    def __init__(self, pool: Pool, cache: Cache, *, base_url: str, api_key: str | None = None) -> None:
        super().__init__(pool, cache, base_url=base_url)
        self.has_key = bool(api_key)
        self._headers = {"x-api-key": api_key} if api_key else {}

    def works_by_doi(self, dois: Iterable[str]) -> dict[str, Answer[Work]]:
        return self._records("doi", dois, self._ask, _read_work, BATCH_SIZE)

    def works_by_arxiv(self, ids: Iterable[str]) -> dict[str, Answer[Work]]:
        return self._records("arxiv", ids, self._ask, _read_work, BATCH_SIZE)

    def works_by_pmid(self, pmids: Iterable[str]) -> dict[str, Answer[Work]]:
        return self._records("pmid", pmids, self._ask, _read_work, BATCH_SIZE)

    def works_by_pmcid(self, pmcids: Iterable[str]) -> dict[str, Answer[Work]]:
        return self._records("pmcid", pmcids, self._ask, _read_work, BATCH_SIZE)

    def search_title(self, title: str) -> Answer[tuple[Work, ...]]:
        """The one work that Semantic Scholar thinks has this title; whether it has is for the caller to judge."""
        query = (Node(title).plain() or "")[:MAX_TITLE_LETTERS]
        if not query:
            return Nothing()

        def find() -> list[Any]:
            answer = self._get("/paper/search/match", query=query, fields=_FIELDS)
            return [] if answer is None else self._listed(answer)

        return self._found(f"title:{query}", find, parse_work)

    def references(self, doi: str) -> Answer[tuple[Work, ...]]:
        """What the work with a (normalised) DOI cites, in no order that means anything; many have a title only."""
        key = f"references:{doi}"
        answer = self._lookup([key], self._ask_references, _read_works, batches=lambda keys: chunks(keys, 1))[key]
        return Nothing(cached=answer.cached) if isinstance(answer, Found) and not answer.value else answer

    def probe(self) -> bool:
        paper = self._get(f"/paper/{PROBE}", fields="title")
        if paper is not None and paper["title"].text() is None:
            raise wrong_shape(self.name, "a record")
        return paper is not None

    def _ask(self, batch: Batch) -> dict[str, str]:
        ids = [_PREFIXES[kind] + value for kind, _, value in (key.partition(":") for key in batch)]
        url = f"{self._base_url}/paper/batch"
        request = HttpRequest(url, (("fields", _FIELDS),), "POST", self._headers, {"ids": ids})
        try:
            # The order is that of the question, with null for what is unknown; so the lengths must agree.
            records = self._node(request, "as many records as were asked for", partial(_are, len(batch)))
        except RequestRefused as error:
            if "No valid paper ids" in error.message:
                return {}  # none of them is known
            raise
        return {key: json.dumps(record.value) for key, record in zip(batch, records, strict=True) if record.value}

    def _ask_references(self, batch: Batch) -> dict[str, str]:
        path = f"/paper/DOI:{dois_of.url_path(batch[0].removeprefix('references:'))}/references"
        cited: list[Any] = []
        for _ in range(MAX_REFERENCE_PAGES):
            answer = self._get(path, fields=_CITED_FIELDS, offset=str(len(cited)), limit=str(REFERENCES_PER_PAGE))
            if answer is None:
                return {}
            page = answer["data"].value
            if page is None and answer["citingPaperInfo"].value is not None:
                break  # the publisher keeps this list back
            cited += [entry["citedPaper"].value for entry in map(Node, self._listed(answer))]
            if answer["next"].whole() is None:
                break
        return {batch[0]: json.dumps([record for record in cited if isinstance(record, dict)])}

    def _get(self, path: str, **params: str) -> Node | None:
        """The answer; None for 404 in Semantic Scholar's own words ("Title match not found")."""
        reads = self._promise("a record", lambda answer: isinstance(answer.value, dict) and not _says_error(answer))
        response = self._send(HttpRequest(self._base_url + path, params, headers=self._headers, reads=reads))
        answer = Node(response.json())
        missing = response.status == 404
        if not isinstance(answer.value, dict) or missing is not _says_error(answer):
            raise wrong_shape(self.name, "a record")
        return None if missing else answer

    def _listed(self, answer: Node) -> list[Any]:
        if not isinstance(answer["data"].value, list):
            raise wrong_shape(self.name, "a list of records")
        return [record.value for record in answer["data"]]


def parse_work(record: Node) -> Work | None:
    """A record as a `Work`; None where there is neither title nor identifier."""
    ids, journal = record["externalIds"], record["journal"]
    doi, title = dois_of.normalise(ids["DOI"].text()), record["title"].plain()
    preprint = arxiv.normalise(ids["ArXiv"].text()) or arxiv.from_doi(doi)
    if title is None and doi is None:
        return None
    return Work(
        title=title,
        authors=tuple(names.parse(name) for one in record["authors"] if (name := one["name"].plain())),
        year=record["year"].year(),
        container=journal["name"].plain() or record["venue"].plain(),
        volume=journal["volume"].text(),
        pages=(journal["pages"].text() or "").replace(" ", "") or None,
        type=_type(record["publicationTypes"].texts()),
        doi=doi,
        arxiv=preprint,
        pmid=pubmed.pmid(ids["PubMed"].text()),
        pmcid=pubmed.pmcid(f"PMC{number.removeprefix('PMC')}" if (number := ids["PubMedCentral"].text()) else None),
        url=record["url"].url(),
        abstract=record["abstract"].plain(),
        cited_by_count=record["citationCount"].whole(),
        is_oa=record["isOpenAccess"].flag(),
        oa_status=(record["openAccessPdf"]["status"].text() or "").lower() or None,
        locations=_locations(record["openAccessPdf"]),
        sources=(SemanticScholar.name,),
    )


def _type(kinds: tuple[str, ...]) -> str | None:
    """In Crossref's vocabulary, as far as the several kinds of a record agree."""
    found = {_TYPES[kind] for kind in kinds if kind in _TYPES}
    return found.pop() if len(found) == 1 else None


def _locations(pdf: Node) -> tuple[Location, ...]:
    """The address may be empty although a status is set, or there although the work is closed; a DOI is a page."""
    url = pdf["url"].url()
    if url is None or pdf["status"].text() == "CLOSED":
        return ()
    landing = "doi.org/" in url
    return (
        Location(
            source=SemanticScholar.name,
            pdf_url=None if landing else url,
            landing_url=url if landing else None,
            licence=licence_of(pdf["license"].text()),
            is_best=True,
        ),
    )


def _read_work(payload: str) -> Work | None:
    return parse_work(Node(json.loads(payload)))


def _read_works(payload: str) -> tuple[Work, ...]:
    return tuple(work for record in Node(json.loads(payload)) if (work := parse_work(record)) is not None)


def _are(count: int, records: Node) -> bool:
    return isinstance(records.value, list) and len(records.value) == count


def _says_error(answer: Node) -> bool:
    return isinstance(answer["error"].value, str)
