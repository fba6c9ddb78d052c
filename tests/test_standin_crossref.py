"""Crossref's stand-in: hits, misses, refusals, limits, and the flaws of its records."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from dl_lit.model import Person
from dl_lit.standin.catalogue import CatalogueWork
from dl_lit.standin.crossref_records import abbreviated
from dl_lit.standin.server import StandIn
from standin_tools import POLITE, freeze, get, running

FAMOUS = CatalogueWork(
    key="famous",
    title="On the Origin of <Species> & Genera",
    subtitle="A retelling",
    year=1999,
    type="journal-article",
    language="en",
    cited_by=50_000,
    authors=(Person(family="Darwin", given="C."),),
    container="Nature Tales",
    volume="7",
    issue="2",
    pages="1425-1437",
    doi="10.5555/Famous.1",
    issn="1234-5679",
)


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[StandIn]:
    with running(tmp_path) as standin:
        yield standin


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """For many small questions in the plus pool, whose rate they do not reach."""
    with running(tmp_path_factory.mktemp("shared")) as standin:
        yield standin


def test_a_known_doi_gives_its_record_in_any_case(standin: StandIn) -> None:
    answer = get(f"{standin.url}/crossref/works/10.1000/W007")
    record = answer.json()["message"]
    assert answer.json()["message-type"] == "work"
    assert record["DOI"] == "10.1000/w007"
    assert record["author"][1]["name"] == "The Observers"
    assert record["author"][0] == {"family": "Author7", "given": "Ada", "sequence": "first", "affiliation": []}


def test_limits_and_pool_are_in_the_headers(standin: StandIn) -> None:
    polite = get(f"{standin.url}/crossref/works/10.1000/w007").headers
    public = get(f"{standin.url}/crossref/works?rows=1", headers={"User-Agent": "nobody"}).headers
    plus = get(f"{standin.url}/crossref/works?rows=1", headers={"Crossref-Plus-API-Token": "Bearer x"}).headers
    asked = get(f"{standin.url}/crossref/works?rows=1&mailto=a@b.org", headers={"User-Agent": "nobody"}).headers
    assert (polite["x-api-pool"], polite["x-rate-limit-limit"], polite["x-concurrency-limit"]) == (
        "polite-single",
        "10",
        "3",
    )
    assert (public["x-api-pool"], public["x-rate-limit-limit"], public["x-concurrency-limit"]) == (
        "public-array",
        "1",
        "1",
    )
    assert plus["x-api-pool"] == "plus" and "x-concurrency-limit" not in plus
    assert asked["x-api-pool"] == "polite-array"


def test_an_unknown_doi_is_a_404_in_plain_text(standin: StandIn) -> None:
    answer = get(f"{standin.url}/crossref/works/10.1000/nothing")
    assert (answer.status_code, answer.text) == (404, "Resource not found.")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert get(f"{standin.url}/crossref/members").status_code == 404


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("nonsense=1", "unknown-parameter"),
        ("query.title=bees", "field-query-not-available"),
        ("rows=1001", "integer-not-valid"),
        ("rows=ten", "integer-not-valid"),
        ("select=DOI,nonsense", "select-not-available"),
        ("filter=nonsense:1", "filter-not-available"),
    ],
)
def test_a_wrong_parameter_is_a_400_whose_message_is_a_list(shared: StandIn, query: str, kind: str) -> None:
    answer = get(f"{shared.url}/crossref/works?{query}", headers={"Crossref-Plus-API-Token": "Bearer x"})
    assert answer.status_code == 400
    assert answer.json()["message-type"] == "validation-failure"
    assert [problem["type"] for problem in answer.json()["message"]] == [kind]


def test_one_work_takes_no_select(standin: StandIn) -> None:
    answer = get(f"{standin.url}/crossref/works/10.1000/w007?select=DOI")
    assert answer.status_code == 400
    assert answer.json()["message"][0]["type"] == "parameter-not-allowed"


def test_a_search_ranks_the_meant_work_first_and_always_finds_something(standin: StandIn) -> None:
    string = "Author42, A. (1982). Observations of glaciers, number 42. Journal of Observations 42, 1042-1051."
    hits = get(f"{standin.url}/crossref/works", params={"query.bibliographic": string, "rows": "3"}).json()["message"]
    nothing = get(f"{standin.url}/crossref/works?query.bibliographic=zzzz&rows=1").json()["message"]
    assert hits["items"][0]["DOI"] == "10.1000/w042"
    assert len(hits["items"]) == 3
    assert hits["items"][0]["score"] >= hits["items"][1]["score"] > 0
    assert len(nothing["items"]) == 1


def test_select_and_paging_narrow_a_list(standin: StandIn) -> None:
    first = get(f"{standin.url}/crossref/works?cursor=*&rows=2&select=DOI,score").json()["message"]
    second = get(f"{standin.url}/crossref/works?cursor={first['next-cursor']}&rows=2&select=DOI").json()["message"]
    assert set(first["items"][0]) == {"DOI", "score"}
    assert not {item["DOI"] for item in first["items"]} & {item["DOI"] for item in second["items"]}
    assert get(f"{standin.url}/crossref/works?cursor=x").status_code == 404


def test_a_batch_comes_out_of_order_and_leaves_unknown_dois_out(standin: StandIn) -> None:
    asked = [f"10.1000/w{n:03}" for n in range(40)]
    wanted = ",".join(f"doi:{doi}" for doi in [*asked, "10.1000/nothing", asked[0]])
    found = [
        item["DOI"] for item in get(f"{standin.url}/crossref/works?filter={wanted}&rows=60").json()["message"]["items"]
    ]
    assert sorted(found) == sorted(asked)
    assert found != asked


def test_filters_by_type_and_date_narrow_a_batch(standin: StandIn) -> None:
    both = "filter=doi:https://doi.org/10.1000/w001,doi:10.1000/w002"
    years = get(f"{standin.url}/crossref/works?{both},from-pub-date:1982,until-pub-date:1983-05").json()["message"]
    types = get(f"{standin.url}/crossref/works?{both},type:book").json()["message"]
    assert [item["DOI"] for item in years["items"]] == ["10.1000/w002"]
    assert types["items"] == []


def test_single_and_list_requests_have_separate_limits(standin: StandIn) -> None:
    freeze(standin)
    lists = [get(f"{standin.url}/crossref/works?rows=0").status_code for _ in range(4)]
    singles = [get(f"{standin.url}/crossref/works/10.1000/w001").status_code for _ in range(11)]
    assert lists == [200, 200, 200, 429]
    assert singles == [200] * 10 + [429]


def test_a_429_has_neither_body_nor_headers(standin: StandIn) -> None:
    freeze(standin)
    answers = [get(f"{standin.url}/crossref/works?rows=0", headers={}) for _ in range(2)]
    assert (answers[1].status_code, answers[1].content) == (429, b"")
    assert "Retry-After" not in answers[1].headers and "x-rate-limit-limit" not in answers[1].headers


@pytest.mark.parametrize("stall", [0.0, 0.3])
def test_too_many_requests_at_once_are_refused_perhaps_after_a_stall(tmp_path: Path, stall: float) -> None:
    with running(tmp_path, service_latency=(0.5, 0.5), crossref_stall_seconds=stall) as standin:
        together = threading.Barrier(5)

        def ask(number: int) -> tuple[int, float]:
            together.wait(timeout=5)
            answer = get(f"{standin.url}/crossref/works/10.1000/w{number:03}")
            return answer.status_code, answer.elapsed.total_seconds()

        with ThreadPoolExecutor(5) as pool:
            answers = list(pool.map(ask, range(5)))
    assert sorted(status for status, _ in answers) == [200, 200, 200, 429, 429]
    assert all(seconds >= 0.5 + stall for status, seconds in answers if status == 429)


def test_agency_and_transform_tell_who_registered_a_doi(standin: StandIn) -> None:
    agency = get(f"{standin.url}/crossref/works/10.1000/w003/agency").json()["message"]
    csl = get(f"{standin.url}/crossref/works/10.1000/w003/transform/application/vnd.citationstyles.csl+json")
    assert agency["agency"]["id"] == "crossref"
    assert csl.json()["title"] == "Observations of taxation, number 3"
    assert get(f"{standin.url}/crossref/works/10.1000/w003/transform/text/x-bibtex").status_code == 406
    assert get(f"{standin.url}/crossref/works/10.1000/none/agency").status_code == 404


def test_only_get_and_head_are_allowed(standin: StandIn) -> None:
    with requests.Session() as session:
        assert session.post(f"{standin.url}/crossref/works", data=b"x", headers=POLITE, timeout=5).status_code == 405
        head = session.head(f"{standin.url}/crossref/works/10.1000/w003", headers=POLITE, timeout=5)
    assert (head.status_code, head.content) == (200, b"")


def test_parasites_stand_beside_works(tmp_path: Path) -> None:
    works = tuple(replace(FAMOUS, key=f"f{n}", doi=f"10.5555/{n}") for n in range(60))
    with running(tmp_path, works=works) as standin:
        items = get(f"{standin.url}/crossref/works?query.bibliographic=origin species&rows=1000").json()["message"][
            "items"
        ]
    kinds = {
        (item["type"], item["title"][0].partition(" ")[0])
        for item in items
        if item["DOI"] not in {w.doi for w in works}
    }
    assert kinds == {
        ("component", "On"),
        ("peer-review", "Review"),
        ("dataset", "Faculty"),
        ("journal-article", "Correction:"),
        ("journal-article", "On"),  # the re-deposit
    }


def test_a_book_is_followed_by_its_review(tmp_path: Path) -> None:
    book = CatalogueWork(
        key="book",
        title="Capital",
        year=1867,
        type="book",
        language="de",
        cited_by=90_000,
        doi="10.5555/b",
        isbn="9780000000002",
    )
    titles: set[str] = set()
    for seed in range(8):
        with running(tmp_path, works=(book,), seed=seed) as standin:
            items = get(f"{standin.url}/crossref/works?query.bibliographic=Capital 1867").json()["message"]["items"]
            titles |= {item["title"][0] for item in items}
    assert "Book review: Capital" in titles


def test_records_have_the_flaws_of_real_deposits(tmp_path: Path) -> None:
    works = tuple(replace(FAMOUS, key=f"f{n}", doi=f"10.5555/{n}", cited_by=0) for n in range(900))
    with running(tmp_path, works=works) as standin:
        items = get(f"{standin.url}/crossref/works?filter=issn:1234-5679,type:journal-article&rows=1000").json()[
            "message"
        ]["items"]
    records = [item for item in items if item["DOI"] in {work.doi for work in works}]
    flawed = {
        "no date": sum(record["issued"]["date-parts"] == [[None]] for record in records),
        "no title": sum(record["title"] == [""] for record in records),
        "capitals": sum(record["title"][0].startswith("ON THE") for record in records),
        "markup": sum("<i>" in record["title"][0] for record in records),
        "entities": sum("&amp;" in record["title"][0] for record in records),
        "short pages": sum(record.get("page") == "1425-37" for record in records),
        "no issue": sum("issue" not in record for record in records),
        "no authors": sum("author" not in record for record in records),
    }
    assert all(0 < count < 100 for count in flawed.values()), flawed


def test_pages_are_abbreviated_only_where_that_is_usual() -> None:
    assert abbreviated("1425-1437") == "1425-37"
    assert abbreviated("e17") == "e17"
    assert abbreviated("99-101") == "99-101"
    assert abbreviated("10-19") == "10-19"
