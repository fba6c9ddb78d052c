"""DataCite: preprints, data, software, theses and reports by DOI, in batches, and by title (apis.md §10)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from dl_lit.identity import arxiv, isbn, names
from dl_lit.identity import doi as dois_of
from dl_lit.model import Answer, Location, Nothing, Person, Work
from dl_lit.net.http import HttpRequest
from dl_lit.net.limits import PoolLimits
from dl_lit.services.base import Batch, Index, packed, wrong_shape
from dl_lit.services.fields import Node, page_range, quoted
from dl_lit.services.licences import is_open, licence_of
from dl_lit.services.offers import Need, Offer, Price, Question, same

# Published per address and five minutes: 500, or 1,000 for who says who he is.
ANONYMOUS = PoolLimits(rates={"default": 500 / 300}, concurrency=2, daily=None)
IDENTIFIED = PoolLimits(rates={"default": 1000 / 300}, concurrency=3, daily=None)
BATCH_SIZE = 50
MAX_QUERY_BYTES = 3000
MAX_TITLE_LETTERS = 300
PROBE = "doi:10.5281/zenodo.31780"

_FIELDS = (
    *("doi", "titles", "creators", "contributors", "publicationYear", "publisher", "container", "types", "url"),
    *("contentUrl", "rightsList", "language", "descriptions", "relatedIdentifiers", "citationCount"),
)
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "Preprint": "posted-content",
        "JournalArticle": "journal-article",
        "DataPaper": "journal-article",
        "ConferencePaper": "proceedings-article",
        "ConferenceProceeding": "proceedings",
        "Book": "book",
        "BookChapter": "book-chapter",
        "Dissertation": "dissertation",
        "Report": "report",
        "Standard": "standard",
        "PeerReview": "peer-review",
        "Journal": "journal",
        "Dataset": "dataset",
        "Software": "software",
        "ComputationalNotebook": "software",
    }
)
# What people write where DataCite says only "Text"; the first word that is found decides.
_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "preprint": "posted-content",
        "working paper": "report",
        "dissertation": "dissertation",
        "thesis": "dissertation",
        "conference paper": "proceedings-article",
        "conferencepaper": "proceedings-article",
        "chapter": "book-chapter",
        "article": "journal-article",
        "journal contribution": "journal-article",
        "report": "report",
        "monograph": "book",
        "book": "book",
    }
)


_NO_TEXTS = frozenset({"dataset", "software", "other", None})


class DataCite(Index):
    """The registry of what Crossref has not: arXiv, Zenodo, Figshare, university repositories."""

    name = "datacite"
    surely_has_probe = False
    offer = Offer(
        "preprints, data, software, theses and reports with a DataCite DOI",
        MappingProxyType({Question.DOI: Price(batch=BATCH_SIZE), **same(Price(), Question.TITLE)}),
        ANONYMOUS,
        advised=Need.EMAIL,
        better=IDENTIFIED,
        abstracts=True,
        copies=True,
    )

    def works_by_doi(self, dois: Iterable[str]) -> dict[str, Answer[Work]]:
        """The record of each (normalised) DOI."""
        keys = {f"doi:{doi}": doi for doi in dois}
        answers = self._lookup(keys, self._ask, _read_work, batches=_batches, gather="doi")
        return {doi: answers[key] for key, doi in keys.items()}

    def search_title(self, title: str, rows: int = 5) -> Answer[tuple[Work, ...]]:
        """The works with the words of `title` in theirs, best first."""
        words = quoted((Node(title).plain() or "")[:MAX_TITLE_LETTERS])
        if words == '""':
            return Nothing()
        query = f"titles.title:{words}"

        def find() -> list[Any]:
            return self._list(query, rows, "&page[number]=1&sort=relevance")

        return self._found(f"title:{rows}:{words}", find, parse_work)

    def probe(self) -> bool:
        return bool(self._ask((PROBE,)))

    def _ask(self, batch: Batch) -> dict[str, str]:
        if len(batch) == 1:
            return self._ask_one(batch[0])
        query = " OR ".join(quoted(key.removeprefix("doi:")) for key in batch)
        records = self._list(f"doi:({query})", len(batch) + 10)
        found = {f"doi:{dois_of.normalise(Node(record)['doi'].text())}": json.dumps(record) for record in records}
        return {key: payload for key, payload in found.items() if key in batch}

    def _ask_one(self, key: str) -> dict[str, str]:
        url = f"{self._base_url}/dois/{dois_of.url_path(key.removeprefix('doi:'))}"
        reads = self._promise("a record", lambda answer: isinstance(answer["data"]["attributes"].value, dict))
        response = self._send(HttpRequest(url, reads=reads))
        answer = Node(response.json())
        if response.status == 404 and isinstance(answer["errors"].value, list):
            return {}
        attributes = answer["data"]["attributes"].value
        if not isinstance(attributes, dict):
            raise wrong_shape(self.name, "a record")
        return {key: json.dumps(_slim(attributes))}

    def _list(self, query: str, rows: int, more: str = "") -> list[dict[str, Any]]:
        url = f"{self._base_url}/dois?query={quote(query, safe='')}&page[size]={rows}{more}"
        answer = self._node(HttpRequest(url), "a list of records", _lists_records)
        found = (record["attributes"].value for record in answer["data"])
        return [_slim(attributes) for attributes in found if isinstance(attributes, dict)]


def parse_work(record: Node) -> Work:
    """The `attributes` of a record as a `Work`; whatever is missing or odd is left out."""
    container, doi = record["container"], dois_of.normalise(record["doi"].text())
    title, subtitle = _titles(record["titles"])
    publisher = record["publisher"].plain() or record["publisher"]["name"].plain()
    number = container["identifier"].text() if container["identifierType"].text() in ("ISBN", "ISSN") else None
    return Work(
        title=title,
        subtitle=subtitle,
        authors=_people(record["creators"]),
        editors=_people(record["contributors"], kind="Editor"),
        year=record["publicationYear"].year(),
        container=container["title"].plain(),
        volume=container["volume"].text(),
        issue=container["issue"].text(),
        pages=page_range(container["firstPage"].text(), container["lastPage"].text()),
        publisher=publisher,
        type=_type(record["types"]),
        doi=doi,
        arxiv=arxiv.from_doi(doi),
        isbn=isbn.normalise(number),
        issn=isbn.normalise_issn(number),
        url=record["url"].url(),
        language=record["language"].text(),
        abstract=_abstract(record["descriptions"]),
        cited_by_count=record["citationCount"].whole(),
        locations=_locations(record),
        sources=(DataCite.name,),
    )


def _titles(titles: Node) -> tuple[str | None, str | None]:
    """Title and subtitle; translations and other titles have a type, too, and are neither."""
    plain = [(title["title"].plain(), title["titleType"].text()) for title in titles]
    main = next((text for text, kind in plain if text and kind is None), None)
    return main or next((text for text, _ in plain if text), None), next(
        (text for text, kind in plain if text and kind == "Subtitle"), None
    )


def _abstract(descriptions: Node) -> str | None:
    told = (one["description"].plain() for one in descriptions if one["descriptionType"].text() == "Abstract")
    return next((text for text in told if text), None)


def _people(people: Node, kind: str | None = None) -> tuple[Person, ...]:
    wanted = (one for one in people if kind is None or one["contributorType"].text() == kind)
    return tuple(person for one in wanted if (person := _person(one)) is not None)


def _person(one: Node) -> Person | None:
    name, family = one["name"].plain(), one["familyName"].plain()
    if family is not None:
        return Person(family=family, given=one["givenName"].plain())
    if name is None or name.startswith("(:"):  # (:unav), (:unkn): codes for "not known"
        return None
    return Person(name=name) if one["nameType"].text() == "Organizational" else names.parse(name)


def _type(types: Node) -> str | None:
    general = types["resourceTypeGeneral"].text()
    if general is not None and general in _TYPES:
        return _TYPES[general]
    words = (types["resourceType"].text() or "").lower()
    if general in ("Text", None):
        return next((kind for word, kind in _TEXTS.items() if word in words), None if general is None else "other")
    return "other"


def _locations(record: Node) -> tuple[Location, ...]:
    """The file itself is rarely registered, and only a licence says that it or the page of a text is open."""
    rights = (one[name].text() for one in record["rightsList"] for name in ("rightsUri", "rights", "rightsIdentifier"))
    licence = next((found for text in rights if is_open(found := licence_of(text))), None)
    address = record["contentUrl"].url() or record["contentUrl"][0].url()
    if licence is None:
        return ()
    place = Location(source=DataCite.name, licence=licence, host_type="repository")
    if address is not None and address.lower().partition("?")[0].endswith(".pdf"):
        return (replace(place, pdf_url=address, is_best=True),)
    page = record["url"].url()
    return (replace(place, landing_url=page),) if page and _type(record["types"]) not in _NO_TEXTS else ()


def _batches(keys: Sequence[str]) -> list[Batch]:
    return packed(keys, size=BATCH_SIZE, max_bytes=MAX_QUERY_BYTES, alone=lambda key: '"' in key or "\\" in key)


def _slim(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: attributes[name] for name in _FIELDS if name in attributes}


def _read_work(payload: str) -> Work | None:
    return parse_work(Node(json.loads(payload)))


def _lists_records(answer: Node) -> bool:
    return isinstance(answer["data"].value, list)
