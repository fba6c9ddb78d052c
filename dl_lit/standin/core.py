"""CORE as a client meets it: a redirect for want of a slash, five requests in ten seconds, records merged wrongly."""

from __future__ import annotations

import re
from typing import Any

from dl_lit.standin.citations import inverted_name, whole_title
from dl_lit.standin.context import Context
from dl_lit.standin.wire import Reply, Request, json_reply, redirect
from dl_lit.standin.world import Entry

LIMITS = {"keyless": 5, "keyed": 10}
WINDOW = 10.0
SEARCH = "/search/works"
_DOI = re.compile(r'doi:"([^"]+)"')


class Core:
    """The service under `/core`: the works that a repository holds."""

    def __init__(self, context: Context) -> None:
        self._context = context
        held = (one for one in context.world.entries if any(not copy.host.is_publisher for copy in one.copies))
        self._by_doi = {entry.doi: entry for entry in held if entry.doi and not entry.is_parasite}

    def bucket(self, request: Request) -> str:
        return "keyed" if self._key(request) in self._context.settings.core_keys else "keyless"

    @staticmethod
    def _key(request: Request) -> str:
        return request.headers.get("authorization", "").removeprefix("Bearer ")

    def answer(self, request: Request) -> Reply:
        bucket = self.bucket(request)
        if bucket == "keyless" and self._key(request):
            return json_reply({"message": "Unauthorized"}, 401)
        if not self._context.windows.admit(("core", bucket), request.time, LIMITS[bucket], WINDOW):
            wait = (("X-RateLimit-Retryafter", f"{WINDOW:.0f}"),)
            return json_reply({"message": "Too many requests"}, 429, headers=wait, refused="speed", retry_after=WINDOW)
        if request.path == SEARCH:
            return redirect(f"{self._context.addresses.services}/core{SEARCH}/?{request.raw_query}", 301)
        if request.path != f"{SEARCH}/":
            return json_reply({"message": "Not found"}, 404)
        return self._search(request.param("q") or "", request.param("limit") or "10")

    def _search(self, query: str, limit: str) -> Reply:
        """The first hit is a stranger's record; clients compare the DOI."""
        found = [entry for doi in _DOI.findall(query) if (entry := self._by_doi.get(doi.lower())) is not None]
        strangers = [entry for entry in self._by_doi.values() if entry not in found][: 1 if found else 0]
        rows = int(limit) if limit.isascii() and limit.isdigit() else 10
        shown = [self._record(entry) for entry in (*strangers, *found)][:rows]
        body = {"totalHits": len(shown), "limit": rows, "offset": 0, "scrollId": None, "results": shown}
        return json_reply(body)

    def _record(self, entry: Entry) -> dict[str, Any]:
        work, addresses = entry.work, self._context.addresses
        copies = [copy for copy in entry.copies if not copy.host.is_publisher]
        files = [addresses.pdf(copy) or addresses.landing(entry, copy) for copy in copies]
        return {
            "id": int(entry.openalex_id[1:]),
            "doi": work.doi,
            "title": whole_title(entry),
            "authors": [{"name": inverted_name(person)} for person in work.authors],
            "yearPublished": work.year,
            "abstract": None,
            "documentType": "research",
            "downloadUrl": files[0],
            "sourceFulltextUrls": files,
            "links": [{"type": "download", "url": files[0]}],
            "arxivId": work.arxiv,
        }
