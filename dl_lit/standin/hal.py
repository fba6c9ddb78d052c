"""HAL as a client meets it: a Solr query, documents in any order, notices without a file."""

from __future__ import annotations

import re
from typing import Any

from dl_lit.standin.citations import full_name
from dl_lit.standin.context import Context
from dl_lit.standin.limits import seeded_share
from dl_lit.standin.wire import Reply, Request, json_reply, page
from dl_lit.standin.world import Entry

SHARE = 0.2  # of the works lie there
_TYPES = {
    "journal-article": "ART",
    "proceedings-article": "COMM",
    "book-chapter": "COUV",
    "book": "OUV",
    "dissertation": "THESE",
    "report": "REPORT",
    "posted-content": "UNDEFINED",
}


class Hal:
    """The service under `/hal`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._entries = [
            entry
            for entry in context.world.entries
            if not entry.is_parasite and seeded_share(context.world.seed, "hal", entry.work.key) < SHARE
        ]
        self._keys = {entry.work.key for entry in self._entries}

    def bucket(self, request: Request) -> str:
        return "search"

    def answer(self, request: Request) -> Reply:
        if request.path.rstrip("/") != "/search":
            return page("404 Not Found", status=404)
        query, rows = request.param("q") or "", request.param("rows") or "30"
        if not query or not rows.isascii() or not rows.isdigit():
            return json_reply({"error": {"msg": "org.apache.solr.search.SyntaxError", "code": 400}}, 400)
        found = self._find(query)
        self._context.world.randomness("order", query).shuffle(found)
        wanted = set((request.param("fl") or "uri_s").split(","))
        shown = [
            {name: value for name, value in self._document(entry).items() if name in wanted and value is not None}
            for entry in found[: int(rows)]
        ]
        return json_reply({"response": {"numFound": len(found), "start": 0, "docs": shown}})

    def _find(self, query: str) -> list[Entry]:
        """Of the string fields only an exact value is a hit; the text fields are words."""
        field, _, rest = query.partition(":")
        values = re.findall(r'"([^"]*)"', rest)
        if field == "doiId_s":
            return [entry for entry in self._entries if entry.doi in {value.lower() for value in values}]
        return [entry for entry in self._context.index.all_of(" ".join(values)) if entry.work.key in self._keys]

    def _document(self, entry: Entry) -> dict[str, Any]:
        work, number = entry.work, f"hal-{entry.openalex_id[-8:]}"
        copy = next((one for one in entry.copies if not one.host.is_publisher), None)
        pdf = self._context.addresses.pdf(copy) if copy else None
        return {
            "halId_s": number,
            "title_s": [work.title],
            "subTitle_s": [work.subtitle] if work.subtitle else None,
            "authFullName_s": [full_name(person) for person in work.authors],
            "doiId_s": work.doi,
            "producedDateY_i": work.year,
            "uri_s": f"https://hal.science/{number}",
            "fileMain_s": pdf,
            "openAccess_bool": pdf is not None,
            "submitType_s": "file" if pdf else "notice",
            "docType_s": _TYPES.get(work.type, "OTHER"),
            "journalTitle_s": work.container if work.type == "journal-article" else None,
            "bookTitle_s": work.container if work.type == "book-chapter" else None,
            "volume_s": work.volume,
            "issue_s": [work.issue] if work.issue else None,
            "page_s": work.pages,
            "publisher_s": [work.publisher] if work.publisher else None,
            "isbn_s": work.isbn,
            "arxivId_s": work.arxiv,
            "language_s": [work.language],
        }
