"""Semantic Scholar as a client meets it: batches by POST, one title matched, and 429 for most who have no key."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from dl_lit.standin.citations import cited_by, full_name, pmcid_of, whole_title
from dl_lit.standin.context import Context
from dl_lit.standin.limits import seeded_share
from dl_lit.standin.wire import Reply, Request, json_reply
from dl_lit.standin.world import Entry

UNKNOWN_SHARE = 0.05
MAX_IDS, MAX_LIMIT = 500, 1000
_FIELDS = (
    "paperId corpusId externalIds url title abstract venue year referenceCount citationCount influentialCitationCount "
    "isOpenAccess openAccessPdf fieldsOfStudy publicationTypes publicationDate journal citationStyles authors"
)
FIELDS = frozenset(_FIELDS.split())
BUSY = "Too Many Requests. Please wait and try again or apply for a key for higher rate limits."
_TYPES = {
    "journal-article": ["JournalArticle"],
    "proceedings-article": ["Conference"],
    "book": ["Book"],
    "book-chapter": ["BookSection"],
}


class SemanticScholar:
    """The service under `/semanticscholar`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        seed = context.world.seed
        self._entries = [
            entry
            for entry in context.world.entries
            if not entry.is_parasite and seeded_share(seed, "semantic scholar", entry.work.key) >= UNKNOWN_SHARE
        ]
        self._by_id = {name: entry for entry in self._entries for name in _names(entry)}
        self._keys = {entry.work.key for entry in self._entries}

    def bucket(self, request: Request) -> str:
        return "keyed" if request.headers.get("x-api-key") in self._context.settings.semanticscholar_keys else "keyless"

    def answer(self, request: Request) -> Reply:
        kind = self.bucket(request)
        if kind == "keyless" and "x-api-key" in request.headers:
            return json_reply({"message": "Forbidden"}, 403, refused="key")
        if not self._context.windows.admit(("semanticscholar", kind), request.time, 1):
            return json_reply({"message": BUSY, "code": "429"}, 429, refused="speed")
        if kind == "keyless" and self._is_busy(request):
            return json_reply({"message": BUSY, "code": "429"}, 429, refused="crowd")
        return self._route(request, unquote(request.path).rstrip("/"))

    def _is_busy(self, request: Request) -> bool:
        dice = self._context.dice.throw(f"semantic scholar {request.path} {request.raw_query}")
        return dice.random() < self._context.settings.semanticscholar_busy

    def _route(self, request: Request, path: str) -> Reply:
        fields = (request.param("fields") or "title").split(",")
        if wrong := [name for name in fields if name.partition(".")[0] not in FIELDS]:
            return json_reply({"error": f"Unrecognized or unsupported fields: [{', '.join(wrong)}]"}, 400)
        if path == "/paper/batch":
            return self._batch(request, fields)
        if path == "/paper/search/match":
            return self._match(request.param("query") or "", fields)
        if not path.startswith("/paper/"):
            return json_reply({"error": "Not Found"}, 404)
        name, wants_references = path.removeprefix("/paper/"), path.endswith("/references")
        name = name.removesuffix("/references")
        entry = self._by_id.get(_key(name))
        if entry is None:
            return json_reply({"error": f"Paper with id {name} not found"}, 404)
        return self._references(request, entry, fields) if wants_references else json_reply(self._record(entry, fields))

    def _batch(self, request: Request, fields: list[str]) -> Reply:
        try:
            ids = json.loads(request.body)["ids"]
        except (ValueError, KeyError, TypeError):
            return json_reply({"error": "Invalid request body"}, 400)
        if request.method != "POST" or not isinstance(ids, list) or len(ids) > MAX_IDS:
            return json_reply({"error": f"POST a list of at most {MAX_IDS} ids"}, 400)
        found = [self._by_id.get(_key(str(name))) for name in ids]
        if not any(found):
            return json_reply({"error": "No valid paper ids given"}, 400)
        return json_reply([None if entry is None else self._record(entry, fields) for entry in found])

    def _match(self, query: str, fields: list[str]) -> Reply:
        entry = next((one for one in self._context.index.all_of(query) if one.work.key in self._keys), None)
        if entry is None:
            return json_reply({"error": "Title match not found"}, 404)
        return json_reply({"data": [{**self._record(entry, fields), "matchScore": 174.2}]})

    def _references(self, request: Request, entry: Entry, fields: list[str]) -> Reply:
        numbers = [request.param(name) or default for name, default in (("offset", "0"), ("limit", "100"))]
        if not all(number.isascii() and number.isdigit() for number in numbers) or int(numbers[1]) > MAX_LIMIT:
            return json_reply({"error": "Invalid offset or limit"}, 400)
        offset, limit = map(int, numbers)
        cited = cited_by(self._context.world, entry)
        shown = [{"citedPaper": self._record(one, fields)} for one in cited[offset : offset + limit]]
        more = {"next": offset + limit} if offset + limit < len(cited) else {}
        return json_reply({"offset": offset, **more, "data": shown})

    def _record(self, entry: Entry, fields: list[str]) -> dict[str, Any]:
        work = entry.work
        copy = entry.copies[0] if entry.copies else None
        pdf = self._context.addresses.pdf(copy) if copy else None
        pmcid = pmcid_of(entry)
        ids = {"DOI": work.doi, "ArXiv": work.arxiv, "PubMed": work.pmid, "PubMedCentral": pmcid and pmcid[3:]}
        number = int(entry.openalex_id[1:])
        everything: dict[str, Any] = {
            "corpusId": number,
            "externalIds": {**{name: value for name, value in ids.items() if value}, "CorpusId": number},
            "url": f"https://www.semanticscholar.org/paper/{_paper_id(entry)}",
            "title": whole_title(entry),
            "abstract": None,
            "venue": work.container or "",
            "year": work.year,
            "citationCount": work.cited_by,
            "isOpenAccess": copy is not None,
            "openAccessPdf": {"url": pdf or "", "status": entry.oa_status.upper(), "license": copy and copy.licence},
            "publicationTypes": _TYPES.get(work.type),
            "publicationDate": f"{work.year}-01-01",
            "journal": {"name": work.container, "volume": work.volume, "pages": work.pages},
            "authors": [{"authorId": None, "name": full_name(person)} for person in work.authors],
        }
        wanted = {name.partition(".")[0] for name in fields}
        return {"paperId": _paper_id(entry), **{name: value for name, value in everything.items() if name in wanted}}


def _names(entry: Entry) -> list[str]:
    work, pmcid = entry.work, pmcid_of(entry)
    names = {"doi": entry.doi, "arxiv": work.arxiv, "pmid": work.pmid, "pmcid": pmcid and pmcid[3:]}
    return [_paper_id(entry), *(f"{kind}:{value}".lower() for kind, value in names.items() if value)]


def _key(name: str) -> str:
    kind, colon, value = name.partition(":")
    if not colon:
        return name.lower() if not name.startswith("10.") else f"doi:{name.lower()}"
    return f"{kind}:{value.upper().removeprefix('PMC') if kind.upper() == 'PMCID' else value}".lower()


def _paper_id(entry: Entry) -> str:
    return f"{int(entry.openalex_id[1:]):040x}"
