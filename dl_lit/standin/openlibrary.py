"""Open Library as a client meets it: editions by ISBN, works by search, three a second for who gives a name."""

from __future__ import annotations

import re
from typing import Any

from dl_lit.identity import isbn
from dl_lit.standin.citations import full_name
from dl_lit.standin.context import Context
from dl_lit.standin.search import words
from dl_lit.standin.wire import Reply, Request, json_reply, page
from dl_lit.standin.world import Entry

RATES = {"anonymous": 1, "identified": 3}


class OpenLibrary:
    """The service under `/openlibrary`: the books."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._entries = [one for one in context.world.entries if one.work.type == "book" and not one.is_parasite]
        self._by_isbn = {entry.work.isbn: entry for entry in self._entries if entry.work.isbn}
        self._keys = {entry.work.key for entry in self._entries}

    def bucket(self, request: Request) -> str:
        told = request.headers.get("user-agent", "")
        return "identified" if re.search(r"[^\s@]+@[^\s@]+", told) else "anonymous"

    def answer(self, request: Request) -> Reply:
        kind = self.bucket(request)
        if not self._context.windows.admit(("openlibrary", kind), request.time, RATES[kind]):
            body = {"status": 429, "message": "Too Many Requests. Please slow down."}
            return json_reply(body, 429, refused="speed")
        match request.path.rstrip("/"):
            case "/api/books":
                keys = (request.param("bibkeys") or "").split(",")
                found = {key: entry for key in keys if (entry := self._by_isbn.get(_isbn(key))) is not None}
                return json_reply({key: _edition(entry) for key, entry in found.items()})
            case "/search.json":
                return self._search(request)
            case _:
                return page("404 Not Found", status=404)

    def _search(self, request: Request) -> Reply:
        author, limit = set(words(request.param("author") or "")), request.param("limit") or "100"
        found = [
            entry
            for entry in self._context.index.all_of(request.param("title") or "")
            if entry.work.key in self._keys and author <= set(words(" ".join(map(full_name, entry.work.authors))))
        ]
        shown = [_work(entry) for entry in found[: int(limit) if limit.isascii() and limit.isdigit() else 100]]
        return json_reply({"numFound": len(found), "start": 0, "docs": shown})


def _isbn(key: str) -> str:
    return isbn.normalise(key.removeprefix("ISBN:")) or ""


def _edition(entry: Entry) -> dict[str, Any]:
    work = entry.work
    record: dict[str, Any] = {
        "url": f"https://openlibrary.org/books/OL{entry.openalex_id[1:]}M",
        "title": work.title,
        "subtitle": work.subtitle,
        "authors": [{"name": full_name(person)} for person in work.authors],
        "publishers": [{"name": work.publisher}] if work.publisher else [],
        "publish_places": [{"name": work.place}] if work.place else None,
        "publish_date": f"January {work.year}",
        "identifiers": {"isbn_13": [work.isbn]},
    }
    return {name: value for name, value in record.items() if value is not None}


def _work(entry: Entry) -> dict[str, Any]:
    work = entry.work
    record: dict[str, Any] = {
        "key": f"/works/OL{entry.openalex_id[1:]}W",
        "title": work.title,
        "subtitle": work.subtitle,
        "author_name": [full_name(person) for person in work.authors],
        "first_publish_year": work.year,
        "isbn": [work.isbn] if work.isbn else None,
        "publisher": [work.publisher] if work.publisher else None,
    }
    return {name: value for name, value in record.items() if value is not None}
