"""Crossref REST: records by DOI in batches, and candidates for a printed reference (apis.md §4, §21.2)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from dl_lit.identity import arxiv, isbn
from dl_lit.identity import doi as dois_of
from dl_lit.model import Answer, CopyVersion, DepositedReference, Found, Location, Nothing, Person, Work
from dl_lit.net.http import HttpRequest, HttpResponse
from dl_lit.net.limits import PoolLimits, Tuning
from dl_lit.relations import Hits
from dl_lit.services.ahead import Coming
from dl_lit.services.base import SEARCH_SECONDS, Batch, Cache, Index, Pool, chunks, packed
from dl_lit.services.fields import Node, without_markup
from dl_lit.services.licences import is_open, licence_of
from dl_lit.services.offers import Need, Offer, Price, Question

SINGLE, LIST = "single", "list"
# https://www.crossref.org/documentation/retrieve-metadata/rest-api/ (pools of 2025-12-01)
POLITE = PoolLimits(rates={SINGLE: 10.0, LIST: 3.0}, concurrency=3, daily=None)
PUBLIC = PoolLimits(rates={SINGLE: 5.0, LIST: 1.0}, concurrency=1, daily=None)
# Of requests at once nothing is published for Metadata Plus; this many fill its rate when an answer takes 0.1 s.
PLUS = PoolLimits(rates={SINGLE: 150.0, LIST: 150.0}, concurrency=15, daily=None)

# About 50 DOIs are known to come back complete from one filter; the URL stays below 4,000 bytes.
BATCH_SIZE = 50
KEYWORD_ROWS = 100
MAX_FILTER_BYTES = 3000
ISBN_BATCH_SIZE = 20
# Chapters bear the ISBN of their book; these are the types of whole books.
WHOLE_BOOKS = ("book", "monograph", "edited-book", "reference-book", "book-set", "proceedings", "report")
PROBE = "doi:10.5555/12345678"  # Crossref's own example
MAX_QUERY_LETTERS = 800
MAX_RAW_LETTERS = 8000  # of what is printed; the rest of a longer string would be cut from the query anyway

_BUCKETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"single": (SINGLE,), "array": (LIST,), "plus": (SINGLE, LIST)}
)
_NOT_SELECTED = "edition-number"  # is in whole records, but no search may ask for it
_FIELDS = (
    *("DOI", "URL", "type", "title", "subtitle", "original-title", "author", "editor", "issued", "published-print"),
    *("published-online", "container-title", "volume", "issue", "page", "article-number", "publisher"),
    *("publisher-location", "ISBN", "ISSN", "abstract", "is-referenced-by-count", "link", "license"),
)

_VERSIONS: Mapping[str, CopyVersion] = MappingProxyType({"vor": CopyVersion.PUBLISHED, "am": CopyVersion.ACCEPTED})
_LINKS = re.compile(r"(?i)\b(?:https?://|www\.)\S+|\b(?:doi|digital object identifier)[\s:.]{0,9}(?=10\.\d)")
_BARE_DOI = re.compile(r"\b10\.\d{4,9}(?:\.\d{1,9}){0,5}/\S+")
_ARXIV = re.compile(
    r"(?i)\barxiv[\s:.]{0,9}(?:preprint\s{0,9})?(?:arxiv[\s:.]{1,9})?(?:\d{4}\.\d{4,5}|[a-z.-]{2,20}/\d{7})(?:v\d{1,3})?"
)
_ABSTRACT_HEADING = re.compile(r"(?is)<jats:title>\s*(?:abstract|summary|zusammenfassung)\s*</jats:title>")
_LABEL = re.compile(r"^\s*(?:\[[^\]\s]{1,12}\]|\(\d{1,4}\)|\d{1,4}\.(?=\s))\s*")
_EMPTY_BRACKETS = re.compile(r"[\[(<]\s*[\])>]|[\[(<](?=\s|$)")
_WORD = re.compile(r"[^\W\d_]{2}")
_ABBREVIATED_PAGES = re.compile(r"(?<![\d.\-–—/])(\d{2,7})\s?[-–—]{1,2}\s?(\d{1,6})(?![\d\-–—/]|\.\d)")


class Crossref(Index):
    """The registry of most journal articles, chapters and proceedings. It has no arXiv, Zenodo or Figshare DOIs."""

    name = "crossref"
    offer = Offer(
        "most journal articles, chapters, proceedings and books with a DOI; what a work cites",
        MappingProxyType(
            {
                Question.DOI: Price(batch=BATCH_SIZE, bucket=LIST),
                Question.ISBN: Price(batch=ISBN_BATCH_SIZE, bucket=LIST),
                Question.PRINTED: Price(bucket=LIST),
                Question.REFERENCES: Price(bucket=SINGLE),
            }
        ),
        PUBLIC,
        advised=Need.EMAIL,
        better=POLITE,
        paid=PLUS,
        abstracts=True,
        copies=True,
    )

    def __init__(
        self, pool: Pool, cache: Cache, *, base_url: str, email: str | None = None, api_key: str | None = None
    ) -> None:
        super().__init__(pool, cache, base_url=base_url)
        self._mailto = (("mailto", email),) if email else ()
        self._headers = {"Crossref-Plus-API-Token": f"Bearer {api_key}"} if api_key else {}

    @property
    def _cure(self) -> str:
        return f"Check services.{self.name}.api_key" if self._headers else super()._cure

    def take_along(self, kind: str, coming: Coming) -> None:
        """It has no DOIs of arXiv's, and is never asked for one."""
        super().take_along(kind, lambda: (one for one in coming() if not arxiv.from_doi(one)))

    def works_by_doi(self, dois: Iterable[str]) -> dict[str, Answer[Work]]:
        """The record of each (normalised) DOI."""
        keys = {f"doi:{doi}": doi for doi in dois}
        nothing: dict[str, Answer[Work]] = {doi: Nothing() for doi in keys.values() if arxiv.from_doi(doi)}
        asked = {key: doi for key, doi in keys.items() if doi not in nothing}
        answers = self._lookup(asked, self._ask_dois, _read_work, batches=_batches, gather="doi", bucket=LIST)
        return nothing | {doi: answers[key] for key, doi in asked.items()}

    def works_by_isbn(self, isbns: Iterable[str]) -> dict[str, Answer[Work]]:
        """The book with each (normalised) ISBN; chapters, which bear it too, are left out."""
        return self._records("isbn", isbns, self._ask_isbns, _read_work, ISBN_BATCH_SIZE, bucket=LIST)

    def references(self, doi: str) -> Answer[tuple[DepositedReference, ...]]:
        """The reference list that the publisher of a (normalised) DOI deposited, in its order.

        Nothing when Crossref does not know the DOI, or no list came with it.
        """
        if arxiv.from_doi(doi):
            return Nothing()
        key = f"references:{doi}"
        answer = self._lookup([key], self._ask_references, _read_references, batches=_one_by_one)[key]
        return Nothing(cached=answer.cached) if isinstance(answer, Found) and not answer.value else answer

    def probe(self) -> bool:
        return bool(self._ask_one(PROBE))

    def search(self, raw: str, rows: int = 5) -> Answer[tuple[Work, ...]]:
        """The candidates for a printed reference, Crossref's best first: there is nearly always one, fitting or not."""
        query = query_of(raw)
        if not _WORD.search(query):
            return Nothing()
        key = f"search:{rows}:{query}"

        def ask(batch: Batch) -> dict[str, str]:
            items = self._items((("query.bibliographic", query), ("rows", str(rows))))
            self._remember_records(items)
            return {key: json.dumps(items)} if items else {}

        return self._lookup(
            [key], ask, _read_works, batches=_one_by_one, seconds=SEARCH_SECONDS, negative_seconds=SEARCH_SECONDS
        )[key]

    def keyword_page(self, words: str, conditions: str = "", page: int = 1) -> Answer[Hits]:
        """A page (from 1) of a hundred of the works that have any of these words, those with most of them first."""
        params = [
            ("query.bibliographic", words),
            ("rows", str(KEYWORD_ROWS)),
            ("offset", str(KEYWORD_ROWS * (page - 1))),
        ]
        params += [("filter", conditions)] if conditions else []
        key = "keywords:" + "&".join(f"{name}={value}" for name, value in params)

        def ask(batch: Batch) -> dict[str, str]:
            message = self._message(tuple(params))
            items = self._items_of(message)
            self._remember_records(items)
            return {key: json.dumps({"works": items, "total": message["total-results"].whole()})}

        return self._lookup([key], ask, _read_hits, batches=_one_by_one, seconds=SEARCH_SECONDS)[key]

    def _ask_dois(self, batch: Batch) -> dict[str, str]:
        if len(batch) == 1:
            return self._ask_one(batch[0])
        condition = ",".join(sorted(batch))  # a key is already spelt as the filter wants it: doi:10.1/x
        items = self._items((("filter", condition), ("rows", str(len(batch) + 10))))
        found = {key: json.dumps(item) for item in items if (key := f"doi:{_doi(Node(item))}") in batch}
        self._remember(found, found)
        # A list leaves out aliases as silently as unknown DOIs; only the entity endpoint says a definite no.
        for key in (key for key in batch if key not in found):
            found |= self._ask_one(key)
        return found

    def _ask_one(self, key: str) -> dict[str, str]:
        """`/works/{doi}` has its own, faster bucket; it has no `select`."""
        doi = key.removeprefix("doi:")
        message = self._whole_record(doi)
        if message is None:
            return {}
        if message["reference"].value:  # it came along, and is what a citing paper is asked for next
            self._remember_list(doi, message)
        return {key: json.dumps(_slim(message.value))}

    def _remember_list(self, doi: str, message: Node) -> None:
        listed = {f"references:{doi}": json.dumps(message["reference"].value)}
        self._remember(listed, listed)

    def _whole_record(self, doi: str) -> Node | None:
        url = f"{self._base_url}/works/{dois_of.url_path(doi)}"
        reads = self._promise("a work", lambda answer: _doi(answer["message"]) is not None)
        response = self._send(HttpRequest(url, params=self._mailto, headers=self._headers, bucket=SINGLE, reads=reads))
        return None if response.status == 404 else Node(response.json())["message"]

    def _ask_references(self, batch: Batch) -> dict[str, str]:
        doi = batch[0].removeprefix("references:")
        message = self._whole_record(doi)
        if message is None:
            self._remember((f"doi:{doi}",), {})
            return {}
        record = {f"doi:{doi}": json.dumps(_slim(message.value))}  # this came along too
        self._remember(record, record)
        return {batch[0]: json.dumps(message["reference"].value or [])}

    def _ask_isbns(self, batch: Batch) -> dict[str, str]:
        # A key is already spelt as the filter wants it: isbn:9783161484100
        conditions = (*batch, *(f"type:{kind}" for kind in WHOLE_BOOKS))
        items = self._items((("filter", ",".join(conditions)), ("rows", str(5 * len(batch) + 10))))
        self._remember_records(items)
        found: dict[str, str] = {}
        for item in items:
            for number in _isbns(Node(item)):
                if (key := f"isbn:{number}") in batch:
                    # Asked for by one of its ISBNs (print, electronic), a book is known by that one.
                    found.setdefault(key, json.dumps({**item, "ISBN": [number]}))
        return found

    def _items(self, params: tuple[tuple[str, str], ...]) -> list[dict[str, Any]]:
        return self._items_of(self._message(params))

    def _message(self, params: tuple[tuple[str, str], ...]) -> Node:
        every = (*params, ("select", ",".join(_FIELDS)), *self._mailto)
        query = "&".join(f"{name}={quote(value, safe='', errors='replace')}" for name, value in every)
        request = HttpRequest(f"{self._base_url}/works?{query}", headers=self._headers, bucket=LIST)
        return self._node(request, "a list of works", _lists_works)["message"]

    @staticmethod
    def _items_of(message: Node) -> list[dict[str, Any]]:
        items = message["items"].value
        return [_slim(item) for item in items if isinstance(item, dict)]

    def _remember_records(self, items: Sequence[dict[str, Any]]) -> None:
        """Hits of a search are whole records: an accepted one need not be fetched again."""
        records = {f"doi:{doi}": json.dumps(item) for item in items if (doi := _doi(Node(item)))}
        self._remember(records, records)


def query_of(raw: str) -> str:
    """What of a printed reference helps to find it: no label, links and identifiers; last pages in full."""
    text = _LABEL.sub("", (Node(raw).text() or "")[:MAX_RAW_LETTERS], count=1)
    for pattern in (_LINKS, _BARE_DOI, _ARXIV, _EMPTY_BRACKETS):
        text = pattern.sub(" ", text)
    text = _ABBREVIATED_PAGES.sub(_whole_range, text)
    text = " ".join(text.split()).strip(" ,;:")
    if len(text) <= MAX_QUERY_LETTERS:
        return text
    cut = text[:MAX_QUERY_LETTERS]
    return cut.rpartition(" ")[0] or cut


def parse_work(record: Node) -> Work:
    """A Crossref record as a `Work`; whatever is missing or odd is left out."""
    subtitle = record["subtitle"].plain()
    return Work(
        title=record["title"].plain() or record["original-title"].plain(),
        subtitle=subtitle,
        authors=_people(record["author"]),
        editors=_people(record["editor"]),
        year=_year(record),
        container=record["container-title"].plain(),
        volume=record["volume"].text(),
        issue=record["issue"].text(),
        pages=_pages(record),
        publisher=record["publisher"].plain(),
        place=record["publisher-location"].plain(),
        type=record["type"].text(),
        doi=_doi(record),
        isbn=next(_isbns(record), None),
        issn=next((found for text in record["ISSN"].texts() if (found := isbn.normalise_issn(text))), None),
        url=record["URL"].url(),
        abstract=_abstract(record["abstract"].text()),
        cited_by_count=record["is-referenced-by-count"].whole(),
        locations=tuple(dict.fromkeys(_locations(record))),
        sources=(Crossref.name,),
        edition=record["edition-number"].text() or record["edition"].text(),
    )


def parse_references(references: Node) -> tuple[DepositedReference, ...]:
    """A deposited reference list; an entry without anything to read keeps its place and is empty."""
    return tuple(
        DepositedReference(
            position=position,
            doi=_doi(entry),
            doi_asserted_by=entry["doi-asserted-by"].text(),
            unstructured=entry["unstructured"].plain(),
            author=entry["author"].plain(),
            year=entry["year"].text(),
            article_title=entry["article-title"].plain(),
            journal_title=entry["journal-title"].plain(),
            volume_title=entry["volume-title"].plain(),
            volume=entry["volume"].text(),
            issue=entry["issue"].text(),
            first_page=entry["first-page"].text(),
            isbn=isbn.normalise((entry["ISBN"].text() or "").rpartition("/")[2]),
        )
        for position, entry in enumerate(references, 1)
    )


def tune(response: HttpResponse) -> Tuning | None:
    """Crossref says its limits with every answer, for the bucket that the request was in; "plus" has one for both."""
    limit, seconds, concurrency = (
        _positive(response.headers.get(name))
        for name in ("x-rate-limit-limit", "x-rate-limit-interval", "x-concurrency-limit")
    )
    buckets = _BUCKETS.get(response.headers.get("x-api-pool", "").rpartition("-")[2], ())
    rates = {bucket: limit / seconds for bucket in buckets} if limit and seconds else {}
    return Tuning(rates=rates, concurrency=concurrency)


def _positive(header: str | None) -> int | None:
    """The number of "10" or "1s"; None where there is none or it is 0."""
    match = re.fullmatch(r"\s*([0-9]{1,6})\s*s?\s*", header or "")
    return int(match[1]) or None if match else None


def _batches(keys: Sequence[str]) -> list[Batch]:
    """A DOI with a comma stands alone, because a filter would be cut there; parentheses are harmless."""
    return packed(keys, size=BATCH_SIZE, max_bytes=MAX_FILTER_BYTES, alone=lambda key: "," in key)


def _one_by_one(keys: Sequence[str]) -> list[Batch]:
    return chunks(keys, 1)


def _slim(record: dict[str, Any]) -> dict[str, Any]:
    return {name: record[name] for name in (*_FIELDS, _NOT_SELECTED) if name in record}


def _read_work(payload: str) -> Work | None:
    return parse_work(Node(json.loads(payload)))


def _read_references(payload: str) -> tuple[DepositedReference, ...]:
    return parse_references(Node(json.loads(payload)))


def _read_hits(payload: str) -> Hits:
    page = Node(json.loads(payload))
    return Hits(tuple(parse_work(item) for item in page["works"]), page["total"].whole())


def _read_works(payload: str) -> tuple[Work, ...] | None:
    return tuple(parse_work(item) for item in Node(json.loads(payload)))


def _doi(record: Node) -> str | None:
    return dois_of.normalise(record["DOI"].text())


def _isbns(record: Node) -> Iterator[str]:
    """Older deposits write them as addresses (http://id.crossref.org/isbn/…)."""
    return (found for text in record["ISBN"].texts() if (found := isbn.normalise(text.rpartition("/")[2])))


def _locations(record: Node) -> Iterator[Location]:
    """Where an open licence says that the version may be read, from the day on which it begins.

    A link alone shows nothing, and those for plagiarism checks are meant for nobody else. Without a link, the DOI leads
    to the page.
    """
    for version, (licence, day) in _open_licences(record).items():
        place = Location(Crossref.name, None, None, _VERSIONS[version], licence, "publisher", open_from=day)
        links = [url for link in record["link"] if link["content-version"].text() == version and (url := _pdf(link))]
        for url in links:
            yield replace(place, pdf_url=url)
        if not links and (doi := _doi(record)):
            yield replace(place, landing_url=f"https://doi.org/{doi}")


def _open_licences(record: Node) -> dict[str, tuple[str, str | None]]:
    """For each version the open licence that begins first, and the day."""
    found: dict[str, tuple[str, str | None]] = {}
    for one in record["license"]:
        version, licence = one["content-version"].text() or "", licence_of(one["URL"].text())
        if version in _VERSIONS and licence is not None and is_open(licence):
            parts = (number for part in one["start"]["date-parts"][0] if (number := part.whole()) is not None)
            day = Node("-".join(f"{number:02}" for number in parts)).day()
            if version not in found or (day or "") < (found[version][1] or ""):
                found[version] = (licence, day)
    return found


def _pdf(link: Node) -> str | None:
    url, kind = link["URL"].url(), link["content-type"].text() or "unspecified"
    if link["intended-application"].text() == "similarity-checking":
        return None
    is_pdf = kind == "application/pdf" or (kind == "unspecified" and (url or "").lower().endswith(".pdf"))
    return url if is_pdf else None


def _people(people: Node) -> tuple[Person, ...]:
    return tuple(person for entry in people if (person := _person(entry)) is not None)


def _person(entry: Node) -> Person | None:
    family, given, name = entry["family"].plain(), entry["given"].plain(), entry["name"].plain()
    if family is None and name is None:
        return Person(name=given) if given else None
    if family is not None and (suffix := entry["suffix"].text()) and given:
        given = f"{given}, {suffix}"
    return Person(family=family, given=given) if family is not None else Person(name=name)


def _year(record: Node) -> int | None:
    dates = (record[name]["date-parts"][0][0].year() for name in ("issued", "published-print", "published-online"))
    return next((year for year in dates if year is not None), None)


def _pages(record: Node) -> str | None:
    pages = record["page"].text() or record["article-number"].text()
    return _ABBREVIATED_PAGES.sub(_whole_range, pages) if pages else None


def _whole_range(match: re.Match[str]) -> str:
    """ "1425-37" -> "1425-1437"; left as it is when the second number is none of the first's tail."""
    first, last = match.groups()
    whole = first[: len(first) - len(last)] + last if len(last) < len(first) else last
    return f"{first}-{whole}" if len(last) < len(first) and int(whole) > int(first) else match.group()


def _abstract(text: str | None) -> str | None:
    """JATS without its marks and without the heading that says what it is."""
    return without_markup(_ABSTRACT_HEADING.sub("", text or ""))


def _lists_works(answer: Node) -> bool:
    return answer["status"].text() == "ok" and isinstance(answer["message"]["items"].value, list)
