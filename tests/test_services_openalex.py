"""OpenAlex: batches out of order, prices, two kinds of 429, and every open location."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dl_lit.model import CopyVersion, Found, Location, NoAnswer, Nothing, Person
from dl_lit.net.http import HttpResponse
from dl_lit.net.limits import Verdict
from dl_lit.services import openalex, openalex_records
from dl_lit.services.fields import Node
from dl_lit.services.openalex import KEPT_FOR_RECORDS, OpenAlex
from httpserver import Arrival, Reply
from outside import Outside, as_json, outside, path_of, query_of

JOURNAL = {
    "is_oa": True,
    "id": "doi:10.1000/a",
    "landing_page_url": "https://doi.org/10.1000/a",
    "pdf_url": "https://pub.test/a.pdf",
    "source": {"display_name": "J Ex", "issn_l": "0028-0836", "host_organization_name": "Example", "type": "journal"},
    "license": "cc-by",
    "version": "publishedVersion",
    "raw_type": "journal-article",
}
REPOSITORY = {
    "is_oa": True,
    "id": "pmh:oai:arXiv.org:1706.03762",
    "landing_page_url": "http://arxiv.org/abs/1706.03762",
    "pdf_url": None,
    "source": {"display_name": "arXiv (Cornell University)", "type": "repository"},
    "license": None,
    "version": "submittedVersion",
}
CLOSED = {"is_oa": False, "id": "doi:x", "landing_page_url": "https://closed.test/x", "pdf_url": None, "source": None}
WORK = {
    "id": "https://openalex.org/W123",
    "doi": "https://doi.org/10.1000/A",
    "title": "Attention to <b>tubes</b>",
    "publication_year": 2017,
    "ids": {
        "pmid": "https://pubmed.ncbi.nlm.nih.gov/29456894",
        "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/5815332",
    },
    "language": "en",
    "type": "article",
    "primary_location": JOURNAL,
    "best_oa_location": JOURNAL,
    "locations": [CLOSED, JOURNAL, REPOSITORY],
    "open_access": {"is_oa": True, "oa_status": "hybrid"},
    "authorships": [
        {"raw_author_name": "Ada M. Byron", "author": {"display_name": "Ada Byron"}, "institutions": [{"x": 1}]},
        {"raw_author_name": None, "author": {"display_name": "Charles Babbage"}},
        {"raw_author_name": None, "author": {}},
    ],
    "biblio": {"volume": "6", "issue": None, "first_page": "1", "last_page": "9"},
    "is_retracted": False,
    "cited_by_count": 10,
    "abstract_inverted_index": {"growing": [1], "Despite": [0, 2], "bad": ["x"], "worse": None},
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Outside]:
    with outside(tmp_path, "openalex") as made:
        yield made


@pytest.fixture
def client(world: Outside) -> OpenAlex:
    pool = world.pool("openalex", daily=1000.0, tuner=openalex.tune, classify_429=openalex.classify_429)
    return OpenAlex(pool, world.store, base_url=world.url)


def listing(arrival: Arrival) -> Reply:
    """The records asked for, in another order."""
    kind, _, values = query_of(arrival)["filter"].partition(":")
    records = [
        {
            "id": f"https://openalex.org/W{n}",
            "doi": f"https://doi.org/{value.upper()}",
            "ids": {"pmid": value},
            "title": value,
        }
        for n, value in enumerate(values.split("|"))
        if "unknown" not in value
    ]
    assert kind in ("doi", "pmid")
    return as_json({"meta": {"count": len(records)}, "results": [None, *records[::-1], {"doi": None}]})


def test_a_record_becomes_a_work() -> None:
    work = openalex_records.parse_work(Node(WORK))
    assert (work.title, work.year, work.container, work.publisher) == ("Attention to tubes", 2017, "J Ex", "Example")
    assert work.authors == (Person(family="Byron", given="Ada M."), Person(family="Babbage", given="Charles"))
    assert (work.doi, work.openalex_id, work.pmid, work.pmcid) == ("10.1000/a", "W123", "29456894", "PMC5815332")
    assert (work.volume, work.issue, work.pages, work.issn) == ("6", None, "1-9", "0028-0836")
    assert (work.type, work.arxiv, work.abstract) == ("journal-article", "1706.03762", "Despite growing Despite")
    assert (work.is_oa, work.oa_status, work.is_retracted, work.cited_by_count) == (True, "hybrid", False, 10)


def test_all_open_locations_are_kept_and_closed_ones_are_not() -> None:
    assert openalex_records.parse_work(Node(WORK)).locations == (
        Location(
            source="openalex",
            pdf_url="https://pub.test/a.pdf",
            landing_url="https://doi.org/10.1000/a",
            version=CopyVersion.PUBLISHED,
            licence="cc-by",
            host_type="publisher",
            is_best=True,
        ),
        Location(
            source="openalex",
            landing_url="http://arxiv.org/abs/1706.03762",
            version=CopyVersion.SUBMITTED,
            host_type="repository",
        ),
    )


def test_the_best_location_counts_even_when_the_list_lacks_it() -> None:
    best = {"pdf_url": "https://repo.test/1.pdf", "landing_page_url": None, "version": "odd"}
    locations = openalex_records.parse_locations(Node({"best_oa_location": best, "locations": [{"is_oa": True}]}))
    assert locations == (
        Location(source="openalex", pdf_url="https://repo.test/1.pdf", host_type="publisher", is_best=True),
    )


@pytest.mark.parametrize(
    "odd",
    [
        {},
        None,
        "text",
        {"title": None, "display_name": None, "ids": None, "primary_location": None, "locations": None},
        {"title": "", "publication_year": 0, "authorships": [None], "abstract_inverted_index": {"far": [10**9, -1]}},
        {"id": "https://openalex.org/A5", "doi": "not a doi", "locations": [None, 1], "open_access": [], "type": 3},
        {"locations": [{"is_oa": True, "pdf_url": "ftp://old.test/x.pdf", "landing_page_url": ""}]},
    ],
)
def test_no_record_is_too_odd_to_be_read(odd: Any) -> None:
    work = openalex_records.parse_work(Node(odd))
    assert (work.doi, work.openalex_id, work.title, work.locations, work.abstract) == (None, None, None, (), None)


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        ({"type": "preprint"}, "posted-content"),
        ({"type": "article"}, "journal-article"),
        ({"type": "article", "primary_location": {"source": {"type": "conference"}}}, "proceedings-article"),
        ({"type": "article", "primary_location": {"raw_type": "book-chapter"}}, "book-chapter"),
        ({"type": "article", "type_crossref": "proceedings-article"}, "proceedings-article"),
        ({"type": "dissertation"}, "dissertation"),
        ({"type": "software"}, "other"),
        ({}, None),
    ],
)
def test_types_are_those_of_crossref(record: dict[str, Any], kind: str | None) -> None:
    assert openalex_records.parse_work(Node(record)).type == kind


def test_a_batch_is_one_request_whose_answer_is_in_any_order(world: Outside, client: OpenAlex) -> None:
    world.server.answer = listing
    answers = client.works_by_doi(["10.1000/a,b", "10.1000/b;c", "10.1000/unknown"])
    assert [type(answer) for answer in answers.values()] == [Found, Found, Nothing]
    (arrival,) = world.arrivals
    assert "10.1000%2Fa%2Cb%7C10.1000%2Fb%3Bc" in arrival.path
    assert set(query_of(arrival)) == {"filter", "per_page", "select"}


def test_pmids_are_asked_for_the_same_way(world: Outside, client: OpenAlex) -> None:
    world.server.answer = listing
    answers = client.works_by_pmid(["111", "222"])
    assert all(isinstance(answer, Found) for answer in answers.values())
    assert query_of(world.arrivals[0])["filter"] == "pmid:111|222"


def test_batches_have_at_most_a_hundred_values_and_short_lines(world: Outside, client: OpenAlex) -> None:
    world.server.answer = listing
    dois = [f"10.1000/{n}" for n in range(150)] + [f"10.1000/{'y' * 80}{n}" for n in range(60)]
    answers = client.works_by_doi(dois)
    assert all(isinstance(answer, Found) for answer in answers.values())
    assert max(query_of(arrival)["filter"].count("|") for arrival in world.arrivals) < 100
    assert max(len(arrival.path) for arrival in world.arrivals) + 20 <= 4000


def test_a_single_work_is_asked_for_by_its_free_address(world: Outside, client: OpenAlex) -> None:
    world.server.answer = lambda arrival: as_json(WORK)
    assert isinstance(client.works_by_doi(["10.1000/a"])["10.1000/a"], Found)
    assert path_of(world.arrivals[0]) == "/works/doi:10.1000/a"
    assert client.pool.health().remaining == 1000


def test_a_value_with_a_bar_stands_alone(world: Outside, client: OpenAlex) -> None:
    world.server.answer = lambda arrival: listing(arrival) if "filter" in query_of(arrival) else as_json(WORK)
    client.works_by_doi(["10.1000/a", "10.1000/x|y", "10.1000/b"])
    assert [path_of(arrival) for arrival in world.arrivals] == ["/works", "/works/doi:10.1000/x|y"]


def test_a_merged_work_is_followed_to_its_new_record(world: Outside, client: OpenAlex) -> None:
    moved = Reply(301, b"", {"Location": "/works/W123"})
    world.server.answer = lambda arrival: moved if "doi:" in path_of(arrival) else as_json(WORK)
    answer = client.works_by_doi(["10.1000/old"])["10.1000/old"]
    assert isinstance(answer, Found)
    assert answer.value.openalex_id == "W123"


def test_a_404_in_html_is_a_definite_no(world: Outside, client: OpenAlex) -> None:
    world.server.answer = lambda arrival: Reply(
        404, b"<!doctype html><title>404</title>", {"Content-Type": "text/html"}
    )
    assert client.works_by_doi(["10.1000/none"]) == {"10.1000/none": Nothing()}
    assert client.works_by_doi(["10.1000/none"]) == {"10.1000/none": Nothing(cached=True)}


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"id": "https://openalex.org/A1"}', b'{"results": null}'])
def test_a_200_of_the_wrong_shape_is_no_answer(world: Outside, client: OpenAlex, body: bytes) -> None:
    world.server.answer = lambda arrival: Reply(200, body)
    answers = client.works_by_doi(["10.1000/a"]) | client.works_by_doi(["10.1000/b", "10.1000/c"])
    assert all(isinstance(answer, NoAnswer) for answer in answers.values())


def test_a_spent_budget_leaves_the_free_requests(world: Outside, client: OpenAlex) -> None:
    spent = {"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "0", "X-RateLimit-Credits-Required": "1"}

    def answer(arrival: Arrival) -> Reply:
        if "filter" in query_of(arrival):
            return as_json(
                {"error": "Rate limit exceeded"}, 429, {**spent, "Retry-After": "53578", "X-RateLimit-Reset": "53578"}
            )
        return as_json(WORK)

    world.server.answer = answer
    for pair in (["10.1000/a", "10.1000/b"], ["10.1000/c", "10.1000/d"]):
        assert all(isinstance(answer, Found) for answer in client.works_by_doi(pair).values())
    # The second pair knows that lists are paid for and there is nothing left to pay with.
    assert [path_of(arrival).count("doi:") for arrival in world.arrivals] == [0, 1, 1, 1, 1]


def test_titles_are_searched_for_with_the_credits_that_records_can_spare(world: Outside) -> None:
    world.server.answer = lambda arrival: as_json({"results": [WORK]})
    client = OpenAlex(world.pool("openalex", daily=KEPT_FOR_RECORDS + 12), world.store, base_url=world.url)
    assert isinstance(client.search_title("Some title of a work"), Found)
    answer = client.search_title("Another title of a work")
    assert isinstance(answer, NoAnswer) and "openalex has 202 credits left until 20" in answer.reason
    assert answer.retry_after is not None and answer.retry_after > 0
    assert len(world.arrivals) == 1


def test_a_key_goes_into_a_header_and_never_blank_into_a_url(world: Outside) -> None:
    world.server.answer = lambda arrival: as_json(WORK)
    keyed = OpenAlex(world.pool("openalex"), world.store, base_url=world.url, api_key="secret")
    keyed.works_by_doi(["10.1000/a"])
    OpenAlex(world.pool("openalex"), world.store, base_url=world.url, api_key="").works_by_doi(["10.1000/b"])
    assert world.arrivals[0].headers["authorization"] == "Bearer secret"
    assert "authorization" not in world.arrivals[1].headers
    assert not any("api_key" in arrival.path for arrival in world.arrivals)


def test_a_key_that_the_service_repeats_is_not_told_on(world: Outside) -> None:
    world.server.answer = lambda arrival: as_json({"error": "no such key: topsecretkey"}, 401)
    keyed = OpenAlex(world.pool("openalex"), world.store, base_url=world.url, api_key="topsecretkey")
    answer = keyed.works_by_doi(["10.1000/a"])["10.1000/a"]
    assert isinstance(answer, NoAnswer)
    assert "topsecretkey" not in answer.reason and "no such key" in answer.reason


def test_a_wrong_key_names_the_setting(world: Outside, client: OpenAlex) -> None:
    world.server.answer = lambda arrival: as_json({"error": "Invalid or missing API key"}, 401)
    answer = client.works_by_doi(["10.1000/a"])["10.1000/a"]
    assert isinstance(answer, NoAnswer)
    assert "services.openalex.api_key" in answer.reason
    client.works_by_doi(["10.1000/b"])
    assert len(world.arrivals) == 1


def test_a_record_is_the_same_from_a_list_and_alone(world: Outside, client: OpenAlex) -> None:
    crowd = [{"raw_author_name": f"Given{n} Family{n}", "author": {}} for n in range(300)]
    full, cut = {**WORK, "authorships": crowd}, {**WORK, "authorships": crowd[:100], "is_authors_truncated": True}
    world.server.answer = lambda arrival: (
        as_json({"results": [cut]}) if "filter" in query_of(arrival) else as_json(full)
    )
    listed = client.works_by_doi(["10.1000/a", "10.1000/b"])["10.1000/a"]
    world.store.cache_put_many("openalex", {"doi:10.1000/a": None}, -1)
    alone = client.works_by_doi(["10.1000/a"])["10.1000/a"]
    assert isinstance(listed, Found)
    assert isinstance(alone, Found)
    assert listed.value == alone.value


def test_what_is_remembered_leaves_out_affiliations(world: Outside, client: OpenAlex) -> None:
    world.server.answer = lambda arrival: as_json(WORK)
    client.works_by_doi(["10.1000/a"])
    payload = world.store.cache_get_many("openalex", ["doi:10.1000/a"])["doi:10.1000/a"].payload
    assert payload is not None
    assert "institutions" not in json.loads(payload)["authorships"][0]


def test_headers_tell_the_days_credits() -> None:
    headers = {"x-ratelimit-limit": "1000", "X-RateLimit-Remaining": "997", "X-RateLimit-Reset": "11987"}
    tuning = openalex.tune(HttpResponse(200, headers, b"", ""))
    assert tuning is not None
    assert (tuning.limit, tuning.remaining, tuning.reset_seconds) == (1000.0, 997.0, 11987.0)
    assert openalex.tune(HttpResponse(200, {"X-RateLimit-Reset": "soon"}, b"", "")) is None


@pytest.mark.parametrize(
    ("headers", "body", "verdict"),
    [
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Credits-Required": "10"}, b"", Verdict.BUDGET),
        ({"X-RateLimit-Remaining": "500", "X-RateLimit-Credits-Required": "1"}, b"", Verdict.SLOW_DOWN),
        ({}, b'{"message": "Insufficient budget."}', Verdict.BUDGET),
        ({}, b'{"message": "Please slow down."}', None),
    ],
)
def test_a_429_is_about_speed_or_about_money(headers: dict[str, str], body: bytes, verdict: Verdict | None) -> None:
    assert openalex.classify_429(HttpResponse(429, headers, body, "")) == verdict


# ── who cites whom ───────────────────────────────────────────────────────────────────────────────────────


def test_citing_works_come_in_pages_by_cursor_and_each_page_is_asked_for_once(world: Outside, client: OpenAlex) -> None:
    pages: dict[str, Any] = {
        "*": {"meta": {"next_cursor": "a+b=="}, "results": [{"id": "https://openalex.org/W1", "title": "One"}]},
        "a+b==": {"meta": {"next_cursor": None}, "results": [{"id": "https://openalex.org/W2", "title": "Two"}]},
    }
    world.server.answer = lambda arrival: as_json(pages[query_of(arrival)["cursor"]])
    second = client.citing_works("W9", 2)
    assert isinstance(second, Found) and [one.openalex_id for one in second.value] == ["W2"]
    first = client.citing_works("W9")
    assert isinstance(first, Found) and first.cached and [one.title for one in first.value] == ["One"]
    assert isinstance(client.citing_works("W9", 3), Nothing)
    assert [query_of(arrival)["filter"] for arrival in world.arrivals] == ["cites:W9", "cites:W9"]


def test_what_many_works_cite_is_one_call_and_a_known_work_without_references_is_no_stranger(
    world: Outside, client: OpenAlex
) -> None:
    listed = [
        {"id": "https://openalex.org/W1", "referenced_works": ["https://openalex.org/W7", "https://openalex.org/W8"]},
        {"id": "https://openalex.org/W2", "referenced_works": []},
    ]
    world.server.answer = lambda arrival: as_json({"results": listed})
    answers = client.cited_ids(["W2", "W1", "W3"])
    assert answers == {"W1": Found(("W7", "W8")), "W2": Found(()), "W3": Nothing()}
    assert len(world.arrivals) == 1


def test_related_works_leave_the_credits_that_records_need(world: Outside) -> None:
    world.server.answer = lambda arrival: as_json({"results": [], "meta": {}})
    client = OpenAlex(world.pool("openalex", daily=KEPT_FOR_RECORDS), world.store, base_url=world.url)
    answers = [client.cited_ids(["W1"])["W1"], client.related_records(["W1"])["W1"], client.citing_works("W1")]
    assert all(isinstance(one, NoAnswer) and one.retry_after for one in answers)
    assert world.arrivals == []
