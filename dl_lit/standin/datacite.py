"""DataCite as a client meets it: single DOIs, Lucene queries in any order, five minutes' limits."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from dl_lit.standin.citations import inverted_name
from dl_lit.standin.context import Context
from dl_lit.standin.wire import Reply, Request, json_reply
from dl_lit.standin.world import Entry

LIMITS = {"anonymous": 500, "identified": 1000}
WINDOW = 300.0
MISSING = {"errors": [{"status": "404", "title": "The resource you are looking for doesn't exist."}]}
_TYPES = {
    "posted-content": "Preprint",
    "dissertation": "Dissertation",
    "report": "Report",
    "book": "Book",
    "book-chapter": "BookChapter",
    "journal-article": "JournalArticle",
    "proceedings-article": "ConferencePaper",
    "dataset": "Dataset",
}


class DataCite:
    """The service under `/datacite`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        entries = [entry for entry in context.world.entries if entry.doi and not entry.in_crossref]
        self._by_doi = {entry.doi: entry for entry in entries}

    def bucket(self, request: Request) -> str:
        told = f"{request.param('mailto') or ''} {request.headers.get('user-agent', '')}"
        return "identified" if re.search(r"[^\s@]+@[^\s@]+", told) else "anonymous"

    def answer(self, request: Request) -> Reply:
        kind = self.bucket(request)
        if not self._context.windows.admit(("datacite", kind), request.time, LIMITS[kind], WINDOW):
            return json_reply({"errors": [{"status": "429", "title": "Too many requests"}]}, 429, refused="speed")
        path = unquote(request.path).rstrip("/")
        if path == "/dois":
            return self._list(request)
        entry = self._by_doi.get(path.removeprefix("/dois/").lower())
        return json_reply(MISSING, 404) if entry is None else json_reply({"data": _record(entry)})

    def _list(self, request: Request) -> Reply:
        query, size = request.param("query") or "", request.param("page[size]") or "25"
        if not size.isascii() or not size.isdigit() or not 1 <= int(size) <= 1000:
            return json_reply({"errors": [{"status": "400", "title": "page[size] must be a number up to 1000"}]}, 400)
        found = self._find(query)
        if request.param("sort") != "relevance":
            self._context.world.randomness("order", query).shuffle(found)
        shown = [_record(entry) for entry in found[: int(size)]]
        return json_reply({"data": shown, "meta": {"total": len(found), "totalPages": 1, "page": 1}, "links": {}})

    def _find(self, query: str) -> list[Entry]:
        field, _, rest = query.partition(":")
        values = [value.lower() for value in re.findall(r'"([^"]*)"', rest)]
        if field == "doi":
            return [entry for doi in dict.fromkeys(values) if (entry := self._by_doi.get(doi)) is not None]
        hits = self._context.index.all_of(" ".join(values)) if field == "titles.title" else []
        return [entry for entry in hits if entry.doi in self._by_doi]


def _record(entry: Entry) -> dict[str, Any]:
    work = entry.work
    titles = [{"title": work.title}, *([{"title": work.subtitle, "titleType": "Subtitle"}] if work.subtitle else [])]
    creators = [
        {"name": inverted_name(person), "nameType": "Organizational"}
        if person.name
        else {
            "name": inverted_name(person),
            "nameType": "Personal",
            "givenName": person.given,
            "familyName": person.family,
        }
        for person in work.authors
    ]
    attributes = {
        "doi": entry.doi,
        "titles": titles,
        "creators": creators,
        "contributors": [],
        "publicationYear": work.year,
        "publisher": work.publisher or ("arXiv" if work.arxiv else "Zenodo"),
        "container": {},
        "types": {"resourceTypeGeneral": _TYPES.get(work.type, "Text"), "resourceType": work.type},
        "url": f"https://arxiv.org/abs/{work.arxiv}" if work.arxiv else None,
        "contentUrl": None,
        "language": work.language,
        "rightsList": [],
        "relatedIdentifiers": [],
        "descriptions": [{"description": "The stand-in has no abstract of it.", "descriptionType": "Abstract"}],
    }
    return {"id": entry.doi, "type": "dois", "attributes": attributes}
