"""Europe PMC: biomedical records by DOI, PMID or PMCID in one query, and by title (apis.md §8.3).

Under load it answers 200 with nothing but its version, and to a query that it does not like with an error in JSON: only
a list of results, however short, is an answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from dl_lit.identity import doi as dois_of
from dl_lit.identity import isbn, names, pubmed
from dl_lit.model import Answer, CopyVersion, Location, Nothing, Person, Work
from dl_lit.net.http import HttpRequest
from dl_lit.net.limits import PoolLimits
from dl_lit.services.base import Batch, Index
from dl_lit.services.fields import Node
from dl_lit.services.licences import licence_of
from dl_lit.services.offers import Offer, Price, Question, same

# No rate is published; five a second is what others have kept to without trouble.
LIMITS = PoolLimits(rates={"default": 5.0}, concurrency=3, daily=None)
BATCH_SIZE = 50
RECORDS_PER_PAGE = 200  # a work may be there as preprint, in MEDLINE and in PMC
MAX_TITLE_LETTERS = 300
PROBE = "pmcid:PMC5815332"

_FIELDS = (
    *("id", "source", "pmid", "pmcid", "doi", "title", "authorString", "authorList", "journalInfo", "pubYear"),
    *("pageInfo", "abstractText", "pubTypeList", "isOpenAccess", "license", "citedByCount", "fullTextUrlList"),
    *("bookOrReportDetails", "language"),
)
_CONDITIONS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "doi": lambda value: f'DOI:"{value}"',
        "pmid": lambda value: f"(EXT_ID:{value} AND SRC:MED)",
        "pmcid": lambda value: f"PMCID:{value}",
    }
)
_ORDER = ("MED", "PMC")  # the fuller record first
_OPEN = frozenset({"OA", "F"})


class EuropePmc(Index):
    """Biomedicine, with preprints, and the route to the copies in PubMed Central."""

    name = "europepmc"
    offer = Offer(
        "biomedical works by DOI, PMID, PMCID or title, with their copies in PMC",
        MappingProxyType(
            {
                **same(Price(batch=BATCH_SIZE), Question.DOI, Question.PMID, Question.PMCID, Question.LOCATIONS),
                Question.TITLE: Price(),
            }
        ),
        LIMITS,
        abstracts=True,
        copies=True,
    )

    def works_by_doi(self, dois: Iterable[str]) -> dict[str, Answer[Work]]:
        return self._records("doi", dois, self._ask, _read_work, BATCH_SIZE)

    def works_by_pmid(self, pmids: Iterable[str]) -> dict[str, Answer[Work]]:
        return self._records("pmid", pmids, self._ask, _read_work, BATCH_SIZE)

    def works_by_pmcid(self, pmcids: Iterable[str]) -> dict[str, Answer[Work]]:
        return self._records("pmcid", pmcids, self._ask, _read_work, BATCH_SIZE)

    def search_title(self, title: str, rows: int = 5) -> Answer[tuple[Work, ...]]:
        words = _phrase(title)
        if not words:
            return Nothing()
        return self._found(f"title:{rows}:{words}", lambda: self._results(f'TITLE:"{words}"', rows), parse_work)

    def probe(self) -> bool:
        return bool(self._ask((PROBE,)))

    def _ask(self, batch: Batch) -> dict[str, str]:
        conditions = (_CONDITIONS[kind](value) for kind, _, value in (key.partition(":") for key in batch))
        found: dict[str, Any] = {}
        for record in sorted(self._results(" OR ".join(conditions), RECORDS_PER_PAGE), key=_rank):
            for key in _keys(Node(record)):
                if key in batch:
                    found.setdefault(key, record)
        return {key: json.dumps(record) for key, record in found.items()}

    def _results(self, query: str, rows: int) -> list[Any]:
        params = (("query", query), ("resultType", "core"), ("format", "json"), ("pageSize", str(rows)))
        request = HttpRequest(f"{self._base_url}/search", params)
        results = self._node(request, "a list of results", _has_results)["resultList"]["result"]
        return [
            {name: one.value[name] for name in _FIELDS if name in one.value}
            for one in results
            if isinstance(one.value, dict)
        ]


def _has_results(answer: Node) -> bool:
    return isinstance(answer["resultList"]["result"].value, list)


def parse_work(record: Node) -> Work:
    """A "core" record as a `Work`; titles end with a full stop there."""
    journal, book = record["journalInfo"], record["bookOrReportDetails"]
    kinds = frozenset(kind.lower() for kind in record["pubTypeList"]["pubType"].texts())
    return Work(
        title=_without_stop(record["title"].plain()),
        authors=_authors(record),
        year=record["pubYear"].year() or journal["yearOfPublication"].year(),
        container=journal["journal"]["title"].plain() or book["comprisingTitle"].plain(),
        volume=journal["volume"].text(),
        issue=journal["issue"].text(),
        pages=record["pageInfo"].text(),
        publisher=book["publisher"].plain(),
        type=_type(kinds, record["source"].text(), is_book=isinstance(book.value, dict))
        or ("journal-article" if journal["journal"]["title"].text() else None),
        doi=dois_of.normalise(record["doi"].text()),
        pmid=pubmed.pmid(record["pmid"].text()),
        pmcid=pubmed.pmcid(record["pmcid"].text()),
        isbn=isbn.normalise(book["isbn13"].text() or book["isbn10"].text()),
        issn=isbn.normalise_issn(journal["journal"]["issn"].text() or journal["journal"]["essn"].text()),
        language=record["language"].text(),
        abstract=record["abstractText"].plain(),
        cited_by_count=record["citedByCount"].whole(),
        is_oa={"Y": True, "N": False}.get(record["isOpenAccess"].text() or ""),
        is_retracted="retracted publication" in kinds,
        locations=_locations(record),
        sources=(EuropePmc.name,),
    )


def _authors(record: Node) -> tuple[Person, ...]:
    people = tuple(person for one in record["authorList"]["author"] if (person := _person(one)) is not None)
    printed = (record["authorString"].plain() or "").rstrip(".")
    return people or tuple(names.parse(name) for name in printed.split(", ") if name)


def _person(one: Node) -> Person | None:
    family, body = one["lastName"].plain(), one["collectiveName"].plain()
    if family is not None:
        return Person(family=family, given=one["firstName"].plain() or one["initials"].plain())
    full = one["fullName"].plain()
    return Person(name=body) if body else names.parse(full) if full else None


def _type(kinds: frozenset[str], source: str | None, *, is_book: bool) -> str | None:
    if source == "PPR" or "preprint" in kinds:
        return "posted-content"
    if is_book or "book" in kinds or "monograph" in kinds:
        return "book-chapter" if "book chapter" in kinds or "chapter-article" in kinds else "book"
    if kinds & {"thesis", "academic dissertations", "dissertation"}:
        return "dissertation"
    return "journal-article" if kinds & {"journal article", "research-article", "review", "review-article"} else None


def _locations(record: Node) -> tuple[Location, ...]:
    licence = licence_of(record["license"].text())
    version = CopyVersion.SUBMITTED if record["source"].text() == "PPR" else None
    found = {}
    for one in record["fullTextUrlList"]["fullTextUrl"]:
        url, style = one["url"].url(), one["documentStyle"].text()
        if url is None or one["availabilityCode"].text() not in _OPEN or style not in ("pdf", "html", "doi"):
            continue
        pdf, landing = (url, None) if style == "pdf" else (None, url)
        ours = one["site"].text() in ("Europe_PMC", "PubMedCentral")
        found[url] = Location(
            source=EuropePmc.name,
            pdf_url=pdf,
            landing_url=landing,
            version=version,
            licence=licence,
            host_type="repository" if ours else "publisher",
            is_best=ours and pdf is not None,
        )
    return tuple(found.values())


def _keys(record: Node) -> tuple[str, ...]:
    return (
        f"doi:{dois_of.normalise(record['doi'].text())}",
        f"pmid:{pubmed.pmid(record['pmid'].text())}",
        f"pmcid:{pubmed.pmcid(record['pmcid'].text())}",
    )


def _rank(record: dict[str, Any]) -> int:
    source = record.get("source")
    return _ORDER.index(source) if source in _ORDER else len(_ORDER)


def _phrase(title: str) -> str:
    words = (Node(title).plain() or "").replace("\\", " ").replace('"', " ")
    return _without_stop(" ".join(words.split())[:MAX_TITLE_LETTERS]) or ""


def _without_stop(title: str | None) -> str | None:
    return title.removesuffix(".") or None if title and not title.endswith("..") else title


def _read_work(payload: str) -> Work | None:
    return parse_work(Node(json.loads(payload)))
