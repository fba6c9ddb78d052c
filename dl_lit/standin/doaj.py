"""DOAJ as a client meets it: a search that reads a DOI as words, so that a stranger comes first."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from dl_lit.standin.citations import full_name, whole_title
from dl_lit.standin.context import Context
from dl_lit.standin.wire import Reply, Request, json_reply
from dl_lit.standin.world import Entry

RATE = 2
PATH = "/search/articles/"


class Doaj:
    """The service under `/doaj`: the works whose journal is open."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._entries = [one for one in context.world.entries if one.oa_status == "gold" and one.doi]
        self._keys = {entry.work.key for entry in self._entries}

    def bucket(self, request: Request) -> str:
        return "search"

    def answer(self, request: Request) -> Reply:
        if not self._context.windows.admit("doaj", request.time, RATE):
            return json_reply({"status": "rate_limited", "error": "Too many requests"}, 429, refused="speed")
        path = unquote(request.path)
        if not path.startswith(PATH):
            return json_reply({"status": "not_found"}, 404)
        found = self._find(path.removeprefix(PATH))
        size = request.param("pageSize") or "10"
        shown = [self._record(entry) for entry in found[: int(size) if size.isascii() and size.isdigit() else 10]]
        return json_reply({"total": len(found), "page": 1, "pageSize": len(shown), "results": shown})

    def _find(self, query: str) -> list[Entry]:
        field, _, value = query.partition(":")
        if field == "bibjson.title":
            words = value.strip('"')
            return [entry for entry in self._context.index.all_of(words) if entry.work.key in self._keys]
        dois = [one.removeprefix("doi:").strip('"').lower() for one in query.split(" OR ")]
        prefix = dois[0].partition("/")[0]
        strangers = [one for one in self._entries if (one.doi or "").startswith(prefix) and one.doi not in dois][:1]
        return [*strangers, *(one for one in self._entries if one.doi in dois)]

    def _record(self, entry: Entry) -> dict[str, Any]:
        work, copy = entry.work, entry.copies[0]
        first, _, last = (work.pages or "").partition("-")
        ids = [{"type": "doi", "id": work.doi}, *([{"type": "eissn", "id": work.issn}] if work.issn else [])]
        addresses = self._context.addresses
        article = {
            "title": whole_title(entry),
            "year": str(work.year),
            "author": [{"name": full_name(person)} for person in work.authors],
            "identifier": ids,
            "link": [{"type": "fulltext", "content_type": "HTML", "url": addresses.landing(entry, copy)}],
            "journal": {
                "title": work.container,
                "volume": work.volume,
                "number": work.issue,
                "publisher": work.publisher,
                "license": [{"type": (copy.licence or "").upper().replace("-", " ", 1)}],
            },
            "start_page": first or None,
            "end_page": last or None,
        }
        return {"id": entry.openalex_id, "bibjson": article}
