"""OpenAlex as a client meets it: a ledger of credits, limits a second, errors of the edge and of the origin."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from dl_lit.standin.citations import cited_by, pmcid_of
from dl_lit.standin.context import Context
from dl_lit.standin.openalex_query import ROOT_FIELDS, Question, Rejected, passes, read_question
from dl_lit.standin.openalex_records import Records, abridged
from dl_lit.standin.settings import FaultMode
from dl_lit.standin.wire import Reply, Request, json_reply, redirect
from dl_lit.standin.world import Entry

RATES = {"anonymous": 10, "keyed": 30}
BOOLEAN_RATES = {"anonymous": 1, "keyed": 5}
MAX_OPERATORS = 5
NOT_FOUND = (
    b"<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not "
    b"found on the server. If you entered the URL manually please check your spelling and try again.</p>\n"
)


class Ledger:
    """Credits spent by each account on each UTC day."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spent: defaultdict[tuple[str, str], int] = defaultdict(int)

    def charge(self, account: str, day: str, cost: int, limit: int) -> tuple[bool, int]:
        """Whether the account can pay, and how many credits are left then."""
        with self._lock:
            left = max(0, limit - self._spent[account, day])
            if cost > left:
                return False, left
            self._spent[account, day] += cost
            return True, left - cost


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks: an address without a key, or a key."""

    name: str
    kind: str
    credits: int


class OpenAlex:
    """The service under `/openalex`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._entries = [entry for entry in context.world.entries if entry.in_openalex]
        self._by_doi = {entry.doi: entry for entry in reversed(self._entries) if entry.doi}
        self._records = Records(context)
        self._ledger = Ledger()

    def bucket(self, request: Request) -> str:
        account = self._account(request)
        return account.kind if account else "anonymous"

    def answer(self, request: Request) -> Reply:
        if request.method not in ("GET", "HEAD"):
            return json_reply({"error": "Method not allowed"}, 405)
        account = self._account(request)
        if account is None:
            return json_reply(
                {"error": "Invalid or missing API key", "message": "API key not found"}, 401, refused="key"
            )
        operators = len(re.findall(r"\b(?:AND|OR|NOT)\b", " ".join(value for _, value in request.query)))
        cost = cost_of(request)
        refusal = self._too_fast(request, account, operators) or self._shed(account, cost)
        if refusal is not None:
            _, left = self._ledger.charge(account.name, _day(), 0, account.credits)
            return self._with_headers(refusal, account, cost=0, left=left, needed=cost)
        paid, left = self._ledger.charge(account.name, _day(), cost, account.credits)
        if not paid:
            return self._with_headers(_over_budget(cost, left), account, cost=0, left=left, needed=cost)
        return self._with_headers(self._route(request), account, cost=cost, left=left, needed=cost)

    def _account(self, request: Request) -> Account | None:
        settings, headers = self._context.settings, request.headers
        bearer = headers.get("authorization", "").removeprefix("Bearer ") if "authorization" in headers else None
        given = [request.param("api_key", "api-key"), bearer, headers.get("api_key"), headers.get("api-key")]
        key = next((value for value in given if value is not None), None)
        if key is None:
            return Account("address", "anonymous", self._context.faults.openalex_credits)
        return Account(key, "keyed", settings.openalex_key_credits) if key in settings.openalex_keys else None

    def _too_fast(self, request: Request, account: Account, operators: int) -> Reply | None:
        windows, limit = self._context.windows, RATES[account.kind]
        if not windows.admit(("openalex", account.name), request.time, limit):
            text = f"Rate limit exceeded: {limit} requests per second. Please slow down."
            return _limited(text, 1, refused="speed")
        if operators > MAX_OPERATORS:
            slow = BOOLEAN_RATES[account.kind]
            if not windows.admit(("openalex", "boolean", account.name), request.time, slow):
                more = {"reason": "broad_boolean_query", "booleanOperators": operators}
                return _limited("Broad boolean queries are limited.", 1, refused="boolean", **more)
        return None

    def _shed(self, account: Account, cost: int) -> Reply | None:
        """At load, the searches of clients without a key are the first to be turned away."""
        fault = self._context.faults.of("openalex")
        if fault is None or account.kind != "anonymous" or cost < 10:
            return None
        wait = 5.0 if fault.seconds is None else fault.seconds
        if fault.mode is FaultMode.SEARCH_LIMITED:
            return _limited("Anonymous search is temporarily rate-limited. Please use a key.", wait, refused="fault")
        if fault.mode is FaultMode.SEARCH_PAUSED:
            body = {
                "error": "Search temporarily unavailable",
                "message": "Anonymous search is paused. Please use a key.",
            }
            headers = (("Retry-After", f"{wait:.0f}"),)
            return json_reply(body, 503, headers=headers, refused="fault", retry_after=wait)
        return None

    def _with_headers(self, reply: Reply, account: Account, *, cost: int, left: int, needed: int) -> Reply:
        refused = reply.refused in ("speed", "budget", "boolean")
        headers = [
            ("X-RateLimit-Limit", str(account.credits)),
            ("X-RateLimit-Remaining", str(left)),
            ("X-RateLimit-Onetime-Remaining", "0"),
            ("X-RateLimit-Credits-Used", str(cost)),
            ("X-RateLimit-Reset", str(seconds_to_midnight())),
            ("X-RateLimit-Limit-USD", f"{account.credits / 10_000:g}"),
            ("X-RateLimit-Remaining-USD", f"{left / 10_000:g}"),
            ("X-RateLimit-Prepaid-Remaining-USD", "0"),
            ("X-RateLimit-Cost-USD", f"{cost / 10_000:g}"),
        ]
        if refused:
            headers.append(("X-RateLimit-Credits-Required", str(needed)))
            headers.append(("X-RateLimit-Cost-Required-USD", f"{needed / 10_000:g}"))
        return replace(reply, headers=(*reply.headers, *headers), cost=needed if refused else cost, left=left)

    def _route(self, request: Request) -> Reply:
        path = unquote(request.path).rstrip("/")
        if path == "/works":
            return self._list(request)
        if not path.startswith("/works/"):
            return Reply(404, NOT_FOUND)
        wanted = path.removeprefix("/works/").removeprefix("https://openalex.org/")
        if wanted.upper() in self._context.world.merged:
            target = self._context.world.merged[wanted.upper()]
            return redirect(f"{self._context.addresses.services}/openalex/works/{target}{_query(request)}", 301)
        entry = self._single(wanted)
        if entry is None:
            return Reply(404, NOT_FOUND)
        select = request.param("select")
        problem = _unknown_fields(select)
        return problem or json_reply(_selected(self._records.of(entry), select))

    def _single(self, wanted: str) -> Entry | None:
        kind, _, value = wanted.partition(":")
        if kind in ("https", "http"):
            kind, value = "doi", re.sub(r"^https?://(dx\.)?doi\.org/", "", wanted)
        match kind:
            case "doi":
                return self._by_doi.get(re.sub(r"^https?://(dx\.)?doi\.org/", "", value).lower())
            case "pmid":
                return self._context.world.by_pmid.get(value)
            case "pmcid":
                return next((one for one in self._entries if pmcid_of(one) == value.upper()), None)
            case _:
                return self._context.world.by_openalex.get(wanted.upper())

    def _list(self, request: Request) -> Reply:
        try:
            question = read_question(request)
        except Rejected as rejected:
            return rejected.reply
        problem = _unknown_fields(question.select)
        if problem is not None:
            return problem
        found = self._find(question)
        start = (question.page - 1) * question.per_page if question.cursor is None else question.cursor
        shown = found[start : start + question.per_page]
        following = start + question.per_page
        meta = {
            "count": len(found),
            "q": question.search or None,
            "db_response_time_ms": 12,
            "page": None if question.cursor is not None else question.page,
            "per_page": question.per_page,
            "next_cursor": f"c{following}" if question.cursor is not None and following < len(found) else None,
            "groups_count": None,
            "cost_usd": cost_of(request) / 10_000,
        }
        results = [self._listed(entry, position, question) for position, entry in enumerate(shown, start)]
        return json_reply({"meta": meta, "results": results, "group_by": []})

    def _listed(self, entry: Entry, position: int, question: Question) -> dict[str, Any]:
        record = abridged(self._records.of(entry))
        if question.search:
            record["relevance_score"] = round(1000 / (position + 1), 2)
        return _selected(record, question.select)

    def _find(self, question: Question) -> list[Entry]:
        if question.search:
            found = [entry for entry in self._context.index.all_of(question.search) if entry.in_openalex]
        else:
            wanted = dict(question.filters).get("doi")
            narrowed = None if wanted is None or wanted.startswith("!") else wanted.lower().split("|")
            dois = [re.sub(r"^https?://(dx\.)?doi\.org/", "", doi) for doi in narrowed or ()]
            pool = self._entries if narrowed is None else [self._by_doi.get(doi) for doi in dict.fromkeys(dois)]
            found = [entry for entry in pool if entry is not None]
        found = self._citing(found, question)
        plain = [(name, value) for name, value in question.filters if name != "cites"]
        found = [entry for entry in found if all(passes(entry, name, value) for name, value in plain)]
        if question.most_cited_first:
            return sorted(found, key=lambda entry: (-entry.work.cited_by, entry.work.key))
        if not question.search:
            self._context.world.randomness("order", repr(question.filters)).shuffle(found)
        return found

    def _citing(self, found: list[Entry], question: Question) -> list[Entry]:
        """Those of `found` that cite one of the works that the filter `cites` names, if it is there."""
        named = next((value for name, value in question.filters if name == "cites"), None)
        if named is None:
            return found
        wanted = {one.rpartition("/")[2].upper() for one in named.split("|")}
        return [entry for entry in found if wanted & self._cites[entry.openalex_id]]

    @cached_property
    def _cites(self) -> dict[str, set[str]]:
        """The ids of what each work cites; made on first use, as it takes a second for a large world."""
        world = self._context.world
        return {entry.openalex_id: {one.openalex_id for one in cited_by(world, entry)} for entry in self._entries}


def cost_of(request: Request) -> int:
    """Credits: 0 for one work, 1 for a list, 10 for a search. A DOI written as a URL is billed as a list."""
    path = unquote(request.path).rstrip("/")
    if path != "/works":
        return 1 if path.startswith(("/works/https://doi.org", "/works/http://doi.org")) else 0
    searches = any(name.startswith("search") for name, _ in request.query)
    return 10 if searches or ".search:" in (request.param("filter") or "") else 1


def seconds_to_midnight() -> int:
    now = datetime.now(UTC)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(1, int((midnight - now).total_seconds()))


def _day() -> str:
    return datetime.now(UTC).date().isoformat()


def _query(request: Request) -> str:
    select = request.param("select")
    return f"?select={select}" if select else ""


def _limited(message: str, wait: float, *, refused: str, **more: Any) -> Reply:
    body = {"error": "Rate limit exceeded", "message": message, "retryAfter": wait, **more}
    headers = (("Retry-After", f"{wait:.0f}"),)
    return json_reply(body, 429, headers=headers, refused=refused, retry_after=wait)


def _over_budget(cost: int, left: int) -> Reply:
    message = (
        f"Insufficient budget. This request costs ${cost / 10_000:g} but you only have ${left / 10_000:g} remaining. "
        "Resets at midnight UTC. Need more? Use a key."
    )
    money = {"costUsd": cost / 10_000, "dailyRemainingUsd": left / 10_000, "prepaidRemainingUsd": 0}
    credits = {"creditsRequired": cost, "creditsRemaining": left, "onetimeCreditsRemaining": 0}
    return _limited(message, seconds_to_midnight(), refused="budget", **money, **credits)


def _unknown_fields(select: str | None) -> Reply | None:
    unknown = next((name for name in (select or "").split(",") if name and name not in ROOT_FIELDS), None)
    if unknown is None:
        return None
    text = f"{unknown} is not a valid select field. Valid fields for select are: {', '.join(sorted(ROOT_FIELDS))}."
    return json_reply({"error": "Invalid query parameters error.", "message": text}, 400)


def _selected(record: dict[str, Any], select: str | None) -> dict[str, Any]:
    return record if not select else {name: record[name] for name in select.split(",") if name in record}
