"""Crossref's REST API as a client meets it: pools, buckets, work lists, text 404s, messages that are lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from dl_lit.standin.context import Context
from dl_lit.standin.crossref_records import SELECTABLE, Records, csl
from dl_lit.standin.wire import Reply, Request, json_reply, text_reply
from dl_lit.standin.world import Entry


@dataclass(frozen=True, slots=True)
class Pool:
    """Requests per second for one work and for lists, and how many at once (None: no limit)."""

    single: int
    array: int
    concurrency: int | None


POOLS = {"public": Pool(5, 1, 1), "polite": Pool(10, 3, 3), "plus": Pool(150, 150, None)}
MAX_ROWS, MAX_OFFSET = 1000, 10_000
QUERIES = ("query.bibliographic", "query", "query.author", "query.container-title", "query.editor", "query.affiliation")
PARAMETERS = {*QUERIES, "filter", "rows", "offset", "cursor", "select", "sort", "order", "sample", "mailto"}
FILTERS = {"doi", "type", "isbn", "issn", "from-pub-date", "until-pub-date"}
CSL_TYPE = "application/vnd.citationstyles.csl+json"


class Crossref:
    """The service under `/crossref`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._entries = [entry for entry in context.world.entries if entry.in_crossref]
        self._by_doi = {entry.doi: entry for entry in reversed(self._entries) if entry.doi}
        self._records = Records(context)

    def bucket(self, request: Request) -> str:
        """As in "polite-single"; `x-api-pool` says so, too, but leaves out the second half for "plus"."""
        is_list = request.path.removeprefix("/v1").rstrip("/") == "/works"
        return f"{_pool(request)}-{'array' if is_list else 'single'}"

    def answer(self, request: Request) -> Reply:
        name = self.bucket(request)
        pool, _, bucket = name.partition("-")
        refusal = self._refuse(request, pool, bucket)
        if refusal is not None:
            return refusal
        limits = POOLS[pool]
        headers = [
            ("x-rate-limit-limit", str(getattr(limits, bucket))),
            ("x-rate-limit-interval", "1s"),
            ("x-api-pool", pool if pool == "plus" else name),
        ]
        if limits.concurrency is not None:
            headers.append(("x-concurrency-limit", str(limits.concurrency)))
        reply = self._route(request, request.path.removeprefix("/v1"))
        return replace(reply, headers=(*reply.headers, *headers))

    def _refuse(self, request: Request, pool: str, bucket: str) -> Reply | None:
        """A real 429 comes without a body, without the limit headers and without Retry-After."""
        limits = POOLS[pool]
        stall = self._context.settings.crossref_stall_seconds
        if limits.concurrency is not None and request.in_flight > limits.concurrency:
            return Reply(429, b"", None, hold=stall, refused="concurrency")
        if not self._context.windows.admit(("crossref", pool, bucket), request.time, getattr(limits, bucket)):
            return Reply(429, b"", None, refused="speed")
        return None

    def _route(self, request: Request, path: str) -> Reply:
        if request.method not in ("GET", "HEAD"):
            return text_reply("Method Not Allowed", 405)
        if path.rstrip("/") == "/works":
            return self._list(request)
        if not path.startswith("/works/"):
            return text_reply("Resource not found.", 404)
        doi, _, rest = _split(unquote(path.removeprefix("/works/")))
        entry = self._by_doi.get(doi.lower())
        if rest == "agency":
            return self._agency(doi)
        if entry is None:
            return text_reply("Resource not found.", 404)
        if rest.startswith("transform"):
            return self._transform(entry, rest.removeprefix("transform/"))
        if wrong := [name for name, _ in request.query if name != "mailto"]:
            return _failure("parameter-not-allowed", wrong[0], f"This route does not support {wrong[0]}")
        return json_reply(_message("work", self._records.of(entry)))

    def _agency(self, doi: str) -> Reply:
        entry = self._context.world.by_doi.get(doi.lower())
        if entry is None:
            return text_reply("Resource not found.", 404)
        agency = ("crossref", "Crossref") if entry.in_crossref else ("datacite", "DataCite")
        return json_reply(
            _message("work-agency", {"DOI": doi, "agency": dict(zip(("id", "label"), agency, strict=True))})
        )

    def _transform(self, entry: Entry, mime: str) -> Reply:
        if mime not in (CSL_TYPE, "application/json"):
            return text_reply("Not Acceptable", 406)
        return replace(json_reply(csl(self._records.of(entry))), content_type=CSL_TYPE)

    def _list(self, request: Request) -> Reply:
        problem = _check(request)
        if problem is not None:
            return problem
        rows, offset = int(request.param("rows") or 20), _offset(request)
        query = " ".join(value for name, value in request.query if name in QUERIES)
        hits = self._search(query, request)
        items = [self._records.of(entry, score=score) for entry, score in hits[offset : offset + rows]]
        select = request.param("select")
        if select:
            keys = set(select.split(","))
            items = [{key: value for key, value in item.items() if key in keys} for item in items]
        message = {
            "facets": {},
            "total-results": len(hits),
            "items": items,
            "items-per-page": rows,
            "query": {"start-index": offset, "search-terms": query or None},
        }
        if request.param("cursor"):
            message["next-cursor"] = f"c{offset + rows}"
        return json_reply(_message("work-list", message))

    def _search(self, query: str, request: Request) -> list[tuple[Entry, float]]:
        filters = _filters(request.param("filter") or "")
        if query:
            return self._context.index.any_of(query, lambda entry: entry.in_crossref and _passes(entry, filters))
        dois = filters.get("doi")
        wanted: Iterable[Entry | None] = self._entries if dois is None else map(self._by_doi.get, dict.fromkeys(dois))
        found = [(entry, 0.0) for entry in wanted if entry is not None and _passes(entry, filters)]
        # No order is promised for a filter, and clients that rely on one are wrong.
        self._context.world.randomness("order", request.param("filter") or "").shuffle(found)
        return found


def _pool(request: Request) -> str:
    if request.headers.get("crossref-plus-api-token", "").startswith("Bearer "):
        return "plus"
    mailto = request.param("mailto") or ""
    polite = "@" in mailto or re.search(r"mailto:[^\s@]+@[^\s@]+", request.headers.get("user-agent", ""))
    return "polite" if polite else "public"


def _split(rest: str) -> tuple[str, str, str]:
    """A DOI may contain slashes; only known words after it are not part of it."""
    found = re.fullmatch(r"(.+?)/(agency|transform(?:/.*)?)", rest)
    return (found[1], "/", found[2]) if found else (rest, "", "")


def _offset(request: Request) -> int:
    cursor = request.param("cursor")
    if cursor and cursor != "*":
        return int(cursor.removeprefix("c"))
    return int(request.param("offset") or 0)


def _filters(text: str) -> dict[str, list[str]]:
    """The same filter repeated is OR; a comma that no filter name follows belongs to the value before it."""
    filters: dict[str, list[str]] = {}
    for part in re.split(r",(?=[a-z-]+:)", text) if text else ():
        name, _, value = part.partition(":")
        value = re.sub(r"^https?://(dx\.)?doi\.org/", "", value) if name == "doi" else value
        filters.setdefault(name, []).append(value.lower())
    return filters


def _passes(entry: Entry, filters: dict[str, list[str]]) -> bool:
    work = entry.work
    facts = {"doi": entry.doi, "type": work.type, "isbn": work.isbn, "issn": work.issn}
    if any(facts[name] not in values for name, values in filters.items() if name in facts):
        return False
    first = max((int(value[:4]) for value in filters.get("from-pub-date", ())), default=work.year)
    last = min((int(value[:4]) for value in filters.get("until-pub-date", ())), default=work.year)
    return first <= work.year <= last


def _check(request: Request) -> Reply | None:
    """The first thing wrong with the parameters of a list, as the 400 that Crossref makes of it."""
    for name, value in request.query:
        if name == "query.title":
            return _failure(
                "field-query-not-available", value, "Field query query.title specified but there is no such field query"
            )
        if name not in PARAMETERS:
            return _failure(
                "unknown-parameter",
                name,
                f"Parameter {name} specified but there is no such parameter available on any route",
            )
    return _check_numbers(request) or _check_names(request)


def _check_numbers(request: Request) -> Reply | None:
    for name, limit in (("rows", MAX_ROWS), ("offset", MAX_OFFSET), ("sample", 100)):
        value = request.param(name)
        if value is not None and not (value.isascii() and value.isdigit() and int(value) <= limit):
            text = f"Integer specified as {value} but must be a positive integer less than or equal to {limit}. "
            return _failure("integer-not-valid", value, text)
    cursor = request.param("cursor")
    if cursor is not None and not re.fullmatch(r"\*|c\d+", cursor):
        body = {"type": "cursor-invalid", "value": cursor, "message": "Cursor specified but it is invalid"}
        return json_reply({"status": "failed", "message-type": "resource-failure", "message": [body]}, 404)
    return None


def _check_names(request: Request) -> Reply | None:
    for key in (request.param("select") or "").split(","):
        if key and key not in SELECTABLE:
            return _unavailable("select", key, SELECTABLE)
    for name in _filters(request.param("filter") or ""):
        if name not in FILTERS:
            return _unavailable("filter", name, FILTERS)
    return None


def _unavailable(kind: str, value: str, known: Iterable[str]) -> Reply:
    text = f"{kind.capitalize()} '{value}' specified but there is no such {kind} for this route. "
    return _failure(
        f"{kind}-not-available", value, f"{text}Valid {kind}s for this route are: {', '.join(sorted(known))}"
    )


def _failure(kind: str, value: str, text: str) -> Reply:
    problems: Sequence[dict[str, str]] = [{"type": kind, "value": value, "message": text}]
    return json_reply({"status": "failed", "message-type": "validation-failure", "message": problems}, 400)


def _message(kind: str, message: Any) -> dict[str, Any]:
    return {"status": "ok", "message-type": kind, "message-version": "1.0.0", "message": message}
