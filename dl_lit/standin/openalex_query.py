"""Reading a list request to OpenAlex: its parameters and filters, and the ways in which they are refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote_plus

from dl_lit.standin.citations import pmcid_of
from dl_lit.standin.wire import Reply, Request, json_reply
from dl_lit.standin.world import Entry

_PARAMETERS = (
    "filter search search.title search.title_and_abstract select per_page per-page page cursor sort sample seed corpus "
    "mailto api_key api-key"
)
PARAMETERS = frozenset(_PARAMETERS.split())
SEARCH_FILTERS = frozenset({"title.search", "display_name.search", "default.search", "title_and_abstract.search"})
FILTERS = frozenset(
    {"doi", "pmid", "pmcid", "ids.openalex", "openalex", "publication_year", "type", "is_oa", "open_access.is_oa"}
    | {"open_access.oa_status", "language", "has_doi", "cites", *SEARCH_FILTERS}
)
_ROOT_FIELDS = (
    "id doi title display_name relevance_score publication_year publication_date ids language type type_crossref "
    "indexed_in primary_location best_oa_location locations_count locations open_access authorships "
    "is_authors_truncated biblio is_retracted is_paratext is_xpac has_fulltext has_content content_urls cited_by_count "
    "cited_by_api_url counts_by_year referenced_works_count referenced_works related_works abstract_inverted_index "
    "primary_topic topics keywords concepts mesh sustainable_development_goals awards funders fwci updated_date "
    "created_date countries_distinct_count institutions_distinct_count corresponding_author_ids "
    "citation_normalized_percentile"
)
ROOT_FIELDS = frozenset(_ROOT_FIELDS.split())
_FILTER_START = re.compile(rf",(?=(?:{'|'.join(map(re.escape, sorted(FILTERS)))}):)")
MAX_VALUES, MAX_SEARCH, MAX_LINE, MAX_REACH = 100, 1500, 8190, 10_000


class Rejected(Exception):
    """The request is wrong; `reply` says how."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


@dataclass(frozen=True, slots=True)
class Question:
    """`cursor` is the position it stands for, None for paging by number."""

    filters: tuple[tuple[str, str], ...]
    search: str
    select: str | None
    per_page: int
    page: int
    cursor: int | None
    most_cited_first: bool = False


def read_question(request: Request) -> Question:
    """Raises Rejected for what the edge or the origin would refuse."""
    _check_edge(request)
    for name, _ in request.query:
        if name not in PARAMETERS:
            raise _invalid(f"{name} is not a valid parameter. Valid parameters are: {', '.join(sorted(PARAMETERS))}.")
    filters = _read_filters(_raw_filter(request.raw_query))
    parts = [value for name, value in request.query if name.startswith("search")]
    parts += [value for name, value in filters if name in SEARCH_FILTERS]
    search = " ".join(parts)
    _check_search(search)
    page, per_page, cursor = _read_paging(request)
    plain = tuple((name, value) for name, value in filters if name not in SEARCH_FILTERS)
    sort = request.param("sort")
    if sort not in (None, "cited_by_count:desc"):
        raise _invalid(f"Sorting by {sort} is not played by this stand-in.")
    return Question(plain, search, request.param("select"), per_page, page, cursor, sort is not None)


def _check_edge(request: Request) -> None:
    if request.param("limit") is not None:
        raise _edge("f1:limit_param", "Use per_page instead of limit.")
    if sum(name == "filter" for name, _ in request.query) > 1:
        raise _invalid("Only one filter parameter is allowed.")
    if sum(len(name) + len(value) + 2 for name, value in request.query) > MAX_LINE:
        raise Rejected(
            json_reply({"error": "Request URL too long", "message": f"Keep it below {MAX_LINE} bytes."}, 400)
        )


def _raw_filter(query: str) -> str:
    return next((part.partition("=")[2] for part in query.split("&") if part.startswith("filter=")), "")


def _read_filters(raw: str) -> list[tuple[str, str]]:
    """Bare commas part the filters, encoded ones only before the name of a filter; quoted ones never."""
    parts: list[str] = []
    for bare in re.findall(r'(?:"[^"]*"|%22.*?%22|[^,])+', raw):
        text = unquote_plus(bare)
        if ":" not in text:
            raise _edge("f1:raw_comma_filter", "A comma inside a filter value must be quoted or encoded.")
        parts += _FILTER_START.split(text)
    return _known_filters(parts)


def _known_filters(parts: Iterable[str]) -> list[tuple[str, str]]:
    filters = []
    for part in parts:
        name, _, value = part.partition(":")
        if name not in FILTERS:
            raise _invalid(f"{name} is not a valid field. Valid fields are: {', '.join(sorted(FILTERS))}.")
        if value.count("|") >= MAX_VALUES:
            raise _invalid(f"Maximum number of values exceeded for {name}. Decrease values to {MAX_VALUES} or below.")
        filters.append((name, value.replace('"', "")))
    return filters


def _check_search(search: str) -> None:
    if len(search) > MAX_SEARCH:
        text = f"Search queries are limited to {MAX_SEARCH} characters."
        raise Rejected(json_reply({"error": "Search query too long", "message": text}, 400))
    if wrong := re.search(r"[?*|]|^!", search):
        raise _invalid(f"The character {wrong[0]!r} is not allowed in a search.")


def _read_paging(request: Request) -> tuple[int, int, int | None]:
    per_page = _number(request, "per_page", "per-page", default=25)
    page = _number(request, "page", default=1)
    if not 1 <= per_page <= 200:
        raise Rejected(
            json_reply({"error": "Pagination error.", "message": "per_page must be between 1 and 100."}, 400)
        )
    if page < 1 or page * per_page > MAX_REACH:
        text = f"Maximum results size of {MAX_REACH:,} records is exceeded. Use cursor=* for more."
        raise Rejected(json_reply({"error": "Pagination error.", "message": text}, 400))
    cursor = request.param("cursor")
    if cursor is None:
        return page, per_page, None
    if not re.fullmatch(r"\*|c\d+", cursor):
        raise Rejected(json_reply({"error": "Pagination error.", "message": "Cursor value is invalid."}, 400))
    return page, per_page, 0 if cursor == "*" else int(cursor[1:])


def _number(request: Request, *names: str, default: int) -> int:
    value = request.param(*names)
    if value is None:
        return default
    if not value.isascii() or not value.isdigit():
        raise Rejected(json_reply({"error": "Pagination error.", "message": f"{names[0]} must be a number."}, 400))
    return int(value)


def _invalid(text: str) -> Rejected:
    return Rejected(json_reply({"error": "Invalid query parameters error.", "message": text}, 400))


def _edge(word: str, text: str) -> Rejected:
    body = {"error": "Invalid request rejected at the API edge", "error_source": "openalex-api-proxy", "message": text}
    return Rejected(json_reply(body, 400, headers=(("x-openalex-edge-reject", word),)))


def passes(entry: Entry, name: str, value: str) -> bool:
    """Whether an entry fits one filter; `|` is OR, a leading `!` is NOT."""
    if value.startswith("!"):
        return not passes(entry, name, value[1:])
    return any(_fits(entry, name, one.strip()) for one in value.split("|"))


def _fits(entry: Entry, name: str, value: str) -> bool:
    match name:
        case "doi":
            return entry.doi == re.sub(r"^https?://(dx\.)?doi\.org/", "", value.lower())
        case "pmid":
            return entry.work.pmid is not None and entry.work.pmid == value.rstrip("/").rpartition("/")[2]
        case "pmcid":
            return pmcid_of(entry) == "PMC" + value.rstrip("/").rpartition("/")[2].upper().removeprefix("PMC")
        case "ids.openalex" | "openalex":
            return entry.openalex_id == value.rpartition("/")[2].upper()
        case "publication_year":
            first, dash, last = value.partition("-")
            low, high = int(first or 0), int(last or 9999) if dash else int(first or 0)
            return low <= entry.work.year <= high
        case _:
            return _fact(entry, name) == value.lower()


def _fact(entry: Entry, name: str) -> str | None:
    facts = {
        "type": openalex_type(entry.work.type),
        "is_oa": str(bool(entry.copies)).lower(),
        "open_access.is_oa": str(bool(entry.copies)).lower(),
        "open_access.oa_status": entry.oa_status,
        "language": entry.work.language,
        "has_doi": str(entry.doi is not None).lower(),
    }
    return facts[name]


def openalex_type(crossref_type: str) -> str:
    kinds = {"journal-article": "article", "proceedings-article": "article", "posted-content": "preprint"}
    return kinds.get(crossref_type, crossref_type)
