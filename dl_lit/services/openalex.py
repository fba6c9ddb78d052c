"""OpenAlex: records by DOI or PMID, with every open location (apis.md §3). There is no polite pool; a key helps."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import quote

from dl_lit import moments
from dl_lit.errors import BudgetExhausted
from dl_lit.identity import doi as dois_of
from dl_lit.identity import pubmed
from dl_lit.model import Answer, Found, NoAnswer, Nothing, Work
from dl_lit.net.http import HttpRequest, HttpResponse
from dl_lit.net.ledger import next_midnight
from dl_lit.net.limits import PoolLimits, Tuning, Verdict
from dl_lit.relations import Hits
from dl_lit.services.base import SEARCH_SECONDS, Batch, Cache, Index, Pool, chunks, packed
from dl_lit.services.fields import Node
from dl_lit.services.offers import Need, Offer, Price, Question, same
from dl_lit.services.openalex_records import FIELDS, NAME, bare_id, openalex_id, parse_work, slim

SINGLE, LIST, SEARCH = "single", "list", "search"
# One rate for all classes together (gateway of 2026-08): 10 a second, 30 with a key. Searches have a part of it and a
# circuit of their own, as they are turned away at load while records go on.
ANONYMOUS = PoolLimits(rates={"default": 8.0, SEARCH: 2.0}, concurrency=8, daily=1000.0, apart=frozenset({SEARCH}))
KEYED = PoolLimits(rates={"default": 24.0, SEARCH: 6.0}, concurrency=8, daily=10_000.0, apart=frozenset({SEARCH}))
CREDITS: Mapping[str, float] = {SINGLE: 0.0, LIST: 1.0, SEARCH: 10.0}
KEPT_FOR_RECORDS = 200.0  # credits that searches leave: the records of 20,000 DOIs

CITING_SECONDS = 7 * 86400.0  # new works come to cite one

BATCH_SIZE = 100
MAX_FILTER_BYTES = 3200  # with the rest of the request line below the 4,000 bytes that are safe

# Characters with a meaning in a filter value; percent-encoding does not take `|` and `!` their meaning.
_UNFILTERABLE = re.compile(r"[|\"]|^!")
# Operators of the search language, and what it refuses. Words that are operators only in capitals lose them.
_OPERATORS = re.compile(r"[?*|~\"!()\[\]{}:^\\]+|(?<=\w)[,;](?=\s|$)")
_OPERATOR_WORDS = re.compile(r"\b(?:AND|OR|NOT)\b")
MAX_TITLE_LETTERS = 500
PROBE = "doi:10.7717/peerj.4375"

Kind = Literal["doi", "pmid", "pmcid", "ids.openalex"]


class OpenAlex(Index):
    """The largest open index, and the one that knows most copies."""

    name = NAME
    offer = Offer(
        "works of all kinds with their open copies; what a work cites; titles, at ten credits a search",
        MappingProxyType(
            {
                **same(
                    Price(CREDITS[LIST], BATCH_SIZE), Question.DOI, Question.PMID, Question.PMCID, Question.LOCATIONS
                ),
                Question.REFERENCES: Price(CREDITS[LIST]),
                Question.CITED: Price(CREDITS[LIST], BATCH_SIZE),
                Question.CITING: Price(CREDITS[LIST]),
                Question.TITLE: Price(CREDITS[SEARCH], bucket=SEARCH),
            }
        ),
        ANONYMOUS,
        advised=Need.KEY,
        better=KEYED,
        abstracts=True,
        copies=True,
    )

    def __init__(self, pool: Pool, cache: Cache, *, base_url: str, api_key: str | None = None) -> None:
        super().__init__(pool, cache, base_url=base_url)
        # In a header the key never reaches a log of URLs; a blank one would be answered with 401.
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}

    def works_by_doi(self, dois: Iterable[str]) -> dict[str, Answer[Work]]:
        """The record of each (normalised) DOI, with all its open locations."""
        return self._works("doi", dois)

    def works_by_pmid(self, pmids: Iterable[str]) -> dict[str, Answer[Work]]:
        return self._works("pmid", pmids)

    def works_by_pmcid(self, pmcids: Iterable[str]) -> dict[str, Answer[Work]]:
        return self._works("pmcid", pmcids)

    def works_by_id(self, ids: Iterable[str]) -> dict[str, Answer[Work]]:
        """The record of each OpenAlex id ("W2741809807")."""
        return self._works("ids.openalex", ids)

    def reference_ids(self, doi: str) -> Answer[tuple[str, ...]]:
        """The OpenAlex ids of what the work with a (normalised) DOI cites, in no order that means anything. Free.

        Nothing when the work is unknown, or OpenAlex has not found any of its references.
        """
        key = f"references:{doi}"
        answer = self._lookup([key], self._ask_references, _read_ids, batches=lambda keys: chunks(keys, 1))[key]
        return Nothing(cached=answer.cached) if isinstance(answer, Found) and not answer.value else answer

    def references(self, doi: str) -> Answer[tuple[Work, ...]]:
        """The records of what the work with a (normalised) DOI cites: one credit a hundred."""
        ids = self.reference_ids(doi)
        if not isinstance(ids, Found):
            return ids
        answers = self.works_by_id(ids.value)
        silent = next((answer for answer in answers.values() if isinstance(answer, NoAnswer)), None)
        works = tuple(answer.value for answer in answers.values() if isinstance(answer, Found))
        return silent or (Found(works, cached=ids.cached) if works else Nothing())

    def cited_ids(self, ids: Iterable[str]) -> dict[str, Answer[tuple[str, ...]]]:
        """The OpenAlex ids of what each of these works (OpenAlex ids) cites: one credit a hundred works.

        Found an empty tuple when OpenAlex knows the work but none of its references, Nothing when not even that.
        """
        keys = {f"cited:{one}": one for one in ids}
        answers = self._lookup(keys, self._ask_cited, _read_ids, batches=_batches, gather="cited")
        return {one: answers[key] for key, one in keys.items()}

    def related_records(self, ids: Iterable[str]) -> dict[str, Answer[Work]]:
        """As `works_by_id`, for works that nobody printed: the last credits of a day are not spent on them."""

        def ask(batch: Batch) -> dict[str, str]:
            self._check_spare_credits(CREDITS[LIST])
            records = self._ask_many("ids.openalex", batch)
            by_doi = ((_key("doi", Node(json.loads(record))), record) for record in records.values())
            named = {key: record for key, record in by_doi if key is not None}
            self._remember(named, named)  # by their DOIs they are asked for next
            return records

        keys = {f"ids.openalex:{one}": one for one in ids}
        answers = self._lookup(keys, ask, _read_work, batches=_batches, gather="related")
        return {one: answers[key] for key, one in keys.items()}

    def citing_works(self, identifier: str, page: int = 1) -> Answer[tuple[Work, ...]]:
        """A page (from 1) of a hundred of the works that cite the one with this OpenAlex id, most cited first.

        One credit a page that is not remembered. Nothing when there is no such page.
        """
        cursor = "*"
        for number in range(1, page + 1):
            answer = self._citing_page(identifier, number, cursor)
            if not isinstance(answer, Found):
                return answer
            works, following = answer.value
            if number == page:
                return Found(works, cached=answer.cached) if works else Nothing(cached=answer.cached)
            if following is None:
                return Nothing(cached=answer.cached)
            cursor = following
        return Nothing()

    def _citing_page(self, identifier: str, number: int, cursor: str) -> Answer[tuple[tuple[Work, ...], str | None]]:
        key = f"citing:{identifier}:{number}"

        def ask(batch: Batch) -> dict[str, str]:
            self._check_spare_credits(CREDITS[LIST])
            asked = f"filter=cites:{identifier}&sort=cited_by_count:desc&per_page={BATCH_SIZE}"
            answer = self._answer(f"{asked}&cursor={quote(cursor, safe='*')}&select={','.join(FIELDS)}", LIST)
            results = self._results(answer)
            works = [slim(record.value) for record in results]
            named = {name: json.dumps(slim(one.value)) for one in results if (name := _key("doi", one)) is not None}
            self._remember(named, named)
            return {key: json.dumps({"works": works, "next": answer["meta"]["next_cursor"].text()})}

        return self._lookup([key], ask, _read_page, batches=lambda keys: chunks(keys, 1), seconds=CITING_SECONDS)[key]

    def search_title(self, title: str, rows: int = 5) -> Answer[tuple[Work, ...]]:
        """The works whose title has all words of `title`, most relevant first. Ten credits; without a key, searches
        are the first to be turned away when OpenAlex is busy. The last credits of a day are kept for records."""
        words = title_query(title)
        if not words:
            return Nothing()

        def find() -> list[Any]:
            self._check_spare_credits(CREDITS[SEARCH])
            asked = f"search.title={quote(words, safe='')}&per_page={rows}&select={','.join(FIELDS)}"
            return [slim(record.value) for record in self._list(asked, SEARCH)]

        return self._found(f"title:{rows}:{words}", find, parse_work)

    def keyword_page(self, query: str, conditions: str = "", page: int = 1) -> Answer[Hits]:
        """A page (from 1) of a hundred of what a search over titles, abstracts and full texts gives, best first.

        `query` is in OpenAlex's own language, `conditions` a filter. Ten credits.
        """
        asked = f"search={quote(query, safe='')}&per_page={BATCH_SIZE}&page={page}&select={','.join(FIELDS)}"
        asked += f"&filter={conditions}" if conditions else ""

        def ask(batch: Batch) -> dict[str, str]:
            self._check_spare_credits(CREDITS[SEARCH])
            answer = self._answer(asked, SEARCH)
            works = [slim(record.value) for record in self._results(answer)]
            return {batch[0]: json.dumps({"works": works, "total": answer["meta"]["count"].whole()})}

        return self._lookup(
            [f"keywords:{asked}"], ask, _read_hits, batches=lambda keys: chunks(keys, 1), seconds=SEARCH_SECONDS
        )[f"keywords:{asked}"]

    def _check_spare_credits(self, price: float) -> None:
        health = self.pool.health()
        left = health.remaining
        if left is not None and left < price + KEPT_FOR_RECORDS:
            reset = next_midnight()
            text = (
                f"{self.name} has {left:.0f} credits left until {moments.utc(reset)}, which are kept for records. "
                f"{health.advice}"
            )
            raise BudgetExhausted(text.rstrip(), retry_after=reset - self._clock())

    def probe(self) -> bool:
        return bool(self._ask_one("doi", PROBE))

    def _works(self, kind: Kind, ids: Iterable[str]) -> dict[str, Answer[Work]]:
        keys = {f"{kind}:{identifier}": identifier for identifier in ids}
        answers = self._lookup(keys, self._asker(kind), _read_work, batches=_batches, gather=kind)
        return {identifier: answers[key] for key, identifier in keys.items()}

    def _asker(self, kind: Kind) -> Callable[[Batch], dict[str, str]]:
        def ask(batch: Batch) -> dict[str, str]:
            if len(batch) == 1:
                return self._ask_one(kind, batch[0])
            try:
                return self._ask_many(kind, batch)
            except BudgetExhausted:
                # Single records cost nothing, so that a spent budget slows this down and no more.
                return {key: record for one in batch for key, record in self._ask_one(kind, one).items()}

        return ask

    def _ask_many(self, kind: Kind, batch: Batch) -> dict[str, str]:
        values = quote("|".join(key.partition(":")[2] for key in batch), safe="")
        results = self._list(f"filter={kind}:{values}&per_page={BATCH_SIZE}&select={','.join(FIELDS)}", LIST)
        # The order of the answer is not that of the question.
        records = ((_key(kind, record), record.value) for record in results)
        return {key: json.dumps(slim(record)) for key, record in records if key in batch}

    def _ask_cited(self, batch: Batch) -> dict[str, str]:
        self._check_spare_credits(CREDITS[LIST])
        values = quote("|".join(key.removeprefix("cited:") for key in batch), safe="")
        results = self._list(f"filter=ids.openalex:{values}&per_page={BATCH_SIZE}&select=id,referenced_works", LIST)
        records = ((f"cited:{openalex_id(record)}", record["referenced_works"].value or []) for record in results)
        return {key: json.dumps(cited) for key, cited in records if key in batch}

    def _list(self, query: str, price: str) -> list[Node]:
        return self._results(self._answer(query, price))

    def _answer(self, query: str, price: str) -> Node:
        request = self._request(f"{self._base_url}/works?{query}", price)
        return self._node(request, "a list of works", lambda answer: isinstance(answer["results"].value, list))

    def _results(self, answer: Node) -> list[Node]:
        return [record for record in answer["results"] if isinstance(record.value, dict)]

    def _ask_references(self, batch: Batch) -> dict[str, str]:
        path = dois_of.url_path(batch[0].removeprefix("references:"))
        record = self._single(f"doi:{path}?select=id,doi,referenced_works")
        return {} if record is None else {batch[0]: json.dumps(record["referenced_works"].value or [])}

    def _ask_one(self, kind: Kind, key: str) -> dict[str, str]:
        value = key.partition(":")[2]
        path = dois_of.url_path(value) if kind == "doi" else value
        name = path if kind == "ids.openalex" else f"{kind}:{path}"
        record = self._single(f"{name}?select={','.join(FIELDS)}")
        # The record of a merged work may bear another identifier than the one it was asked by.
        return {} if record is None else {key: json.dumps(slim(record.value))}

    def _single(self, path: str) -> Node | None:
        request = self._request(f"{self._base_url}/works/{path}", SINGLE)
        response = self._send(replace(request, reads=self._promise("a work", _is_work)))
        return None if response.status == 404 else Node(response.json())

    def _request(self, url: str, price: str) -> HttpRequest:
        bucket = SEARCH if price == SEARCH else "default"
        return HttpRequest(url, headers=self._headers, cost=CREDITS[price], bucket=bucket)


def _is_work(record: Node) -> bool:
    return (record["id"].text() or "").rpartition("/")[2].upper().startswith("W")


def title_query(title: str) -> str:
    """The words of a title without what means something else to the search, cut at a word."""
    words = _OPERATORS.sub(" ", Node(title).plain() or "")
    words = _OPERATOR_WORDS.sub(lambda match: match[0].lower(), words)
    text = " ".join(words.split())
    return text if len(text) <= MAX_TITLE_LETTERS else text[:MAX_TITLE_LETTERS].rpartition(" ")[0]


def tune(response: HttpResponse) -> Tuning | None:
    """The day's credits out of the headers; `reset` is in seconds, not an epoch."""
    limit, remaining, reset = (_number(response, f"X-RateLimit-{name}") for name in ("Limit", "Remaining", "Reset"))
    if limit is None and remaining is None:
        return None
    return Tuning(limit=limit, remaining=remaining, reset_seconds=reset)


def classify_429(response: HttpResponse) -> Verdict | None:
    """Whether a 429 is about speed or about the day's credits: `Retry-After` alone would send us to sleep for hours."""
    remaining, needed = _number(response, "X-RateLimit-Remaining"), _number(response, "X-RateLimit-Credits-Required")
    if remaining is not None and needed is not None:
        return Verdict.BUDGET if remaining < needed else Verdict.SLOW_DOWN
    return Verdict.BUDGET if b"nsufficient budget" in response.body else None


def _number(response: HttpResponse, header: str) -> float | None:
    try:
        return float(response.headers[header])
    except (KeyError, ValueError):
        return None


def _batches(keys: Sequence[str]) -> list[Batch]:
    return packed(keys, size=BATCH_SIZE, max_bytes=MAX_FILTER_BYTES, alone=_spoils_a_filter)


def _spoils_a_filter(key: str) -> bool:
    return _UNFILTERABLE.search(key.partition(":")[2]) is not None


def _read_work(payload: str) -> Work | None:
    return parse_work(Node(json.loads(payload)))


def _read_page(payload: str) -> tuple[tuple[Work, ...], str | None]:
    page = Node(json.loads(payload))
    return tuple(parse_work(record) for record in page["works"]), page["next"].text()


def _read_hits(payload: str) -> Hits:
    page = Node(json.loads(payload))
    return Hits(tuple(parse_work(record) for record in page["works"]), page["total"].whole())


def _read_ids(payload: str) -> tuple[str, ...]:
    ids = (bare_id(url) for url in Node(json.loads(payload)).texts())
    return tuple(dict.fromkeys(identifier for identifier in ids if identifier is not None))


def _key(kind: Kind, record: Node) -> str | None:
    match kind:
        case "doi":
            value = dois_of.normalise(record["doi"].text())
        case "pmid":
            value = pubmed.pmid(record["ids"]["pmid"].text())
        case "pmcid":
            value = pubmed.pmcid(record["ids"]["pmcid"].text())
        case _:
            value = openalex_id(record)
    return f"{kind}:{value}" if value else None
