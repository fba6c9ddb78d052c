"""Zenodo as a client meets it: records by number, a search that is free text, two limits a minute."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from dl_lit.standin.citations import inverted_name, whole_title
from dl_lit.standin.context import Context
from dl_lit.standin.wire import Reply, Request, json_reply, redirect
from dl_lit.standin.world import Entry

LIMITS = {"record": 60, "search": 30}
WINDOW = 60.0
MISSING = {"status": 404, "message": "The persistent identifier does not exist."}
DEPOSITED = frozenset({"report", "dissertation", "posted-content", "dataset"})
_TYPES = {"report": "report", "dissertation": "thesis", "posted-content": "preprint"}
_OWN = re.compile(r"10\.5281/zenodo\.(\d+)")


class Zenodo:
    """The service under `/zenodo`. The number before a record's own is that of all its versions."""

    def __init__(self, context: Context) -> None:
        self._context = context
        entries = [one for one in context.world.entries if not one.is_parasite and one.work.type in DEPOSITED]
        self._by_number = {_number(entry): entry for entry in entries}
        self._keys = {entry.work.key for entry in entries}

    def bucket(self, request: Request) -> str:
        return "search" if request.path.rstrip("/") == "/records" else "record"

    def answer(self, request: Request) -> Reply:
        bucket = self.bucket(request)
        if not self._context.windows.admit(("zenodo", bucket), request.time, LIMITS[bucket], WINDOW):
            return json_reply({"status": 429, "message": "Too Many Requests"}, 429, refused="speed")
        reply = self._search(request) if bucket == "search" else self._record(request.path.rstrip("/"))
        limit = (("X-RateLimit-Limit", str(LIMITS[bucket])), ("X-RateLimit-Remaining", str(LIMITS[bucket] - 1)))
        return replace(reply, headers=(*reply.headers, *limit))

    def _record(self, path: str) -> Reply:
        number = path.removeprefix("/records/")
        if not number.isascii() or not number.isdigit():
            return json_reply(MISSING, 404)
        entry = self._by_number.get(int(number))
        if entry is not None:
            return json_reply(self._shown(entry))
        if int(number) + 1 in self._by_number:
            return redirect(f"{self._context.addresses.services}/zenodo/records/{int(number) + 1}", 302)
        return json_reply(MISSING, 404)

    def _search(self, request: Request) -> Reply:
        field, _, value = (request.param("q") or "").partition(":")
        value = value.strip('"')
        known = self._by_number.values()
        if field == "title":
            found = [entry for entry in self._context.index.all_of(value) if entry.work.key in self._keys]
        else:
            found = [*list(known)[:1], *(entry for entry in known if entry.doi == value.lower())]
        size = request.param("size") or "10"
        shown = [self._shown(entry) for entry in found[: int(size) if size.isascii() and size.isdigit() else 10]]
        return json_reply({"hits": {"total": len(found), "hits": shown}, "links": {}})

    def _shown(self, entry: Entry) -> dict[str, Any]:
        work, number = entry.work, _number(entry)
        files = [
            {"key": "paper.pdf", "size": 1, "checksum": "md5:0", "links": {"self": url}}
            for copy in entry.copies
            if (url := self._context.addresses.pdf(copy))
        ]
        subtype = _TYPES.get(work.type)
        kind = {"type": "publication", "subtype": subtype} if subtype else {"type": work.type}
        about = {
            "title": whole_title(entry),
            "doi": entry.doi or f"10.5281/zenodo.{number}",
            "creators": [{"name": inverted_name(person)} for person in work.authors],
            "publication_date": f"{work.year}-01-01",
            "resource_type": kind,
            "access_right": "open" if files else "closed",
            "license": {"id": "cc-by-4.0"},
            "description": "<p>The stand-in has no abstract of it.</p>",
        }
        return {
            "id": number,
            "doi": about["doi"],
            "conceptdoi": f"10.5281/zenodo.{number - 1}",
            "metadata": about,
            "files": files,
            "links": {"html": f"https://zenodo.org/records/{number}"},
        }


def _number(entry: Entry) -> int:
    own = _OWN.fullmatch(entry.doi or "")
    return int(own[1]) if own else int(entry.openalex_id[1:]) * 2
