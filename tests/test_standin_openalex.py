"""OpenAlex's stand-in: credits, limits, searches, refusals, merged ids, and the gaps of its records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from dl_lit.model import Person
from dl_lit.standin.audit import audit
from dl_lit.standin.citations import cited_by
from dl_lit.standin.hosts import Quirk
from dl_lit.standin.openalex import seconds_to_midnight
from dl_lit.standin.server import StandIn
from dl_lit.standin.settings import FaultMode
from standin_tools import freeze, get, made_up_works, running

KEY = "api_key=stand-in-key"


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[StandIn]:
    with running(tmp_path) as standin:
        yield standin


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """For many small questions with a key, whose rate they do not reach."""
    with running(tmp_path_factory.mktemp("shared")) as standin:
        yield standin


def credits_of(standin: StandIn, path: str) -> tuple[int, int]:
    headers = get(f"{standin.url}/openalex{path}").headers
    return int(headers["X-RateLimit-Credits-Used"]), int(headers["X-RateLimit-Remaining"])


def test_one_work_is_free_a_list_costs_one_and_a_search_ten(standin: StandIn) -> None:
    assert credits_of(standin, "/works/doi:10.1000/w001") == (0, 1000)
    assert credits_of(standin, "/works/pmid:7000001") == (0, 1000)
    assert credits_of(standin, "/works?filter=doi:10.1000/w001") == (1, 999)
    assert credits_of(standin, "/works/https://doi.org/10.1000/w001") == (1, 998)
    assert credits_of(standin, "/works?filter=title.search:bees") == (10, 988)
    assert credits_of(standin, "/works?search=bees") == (10, 978)


def test_every_answer_carries_the_budget(standin: StandIn) -> None:
    headers = get(f"{standin.url}/openalex/works/doi:10.1000/none").headers
    assert headers["X-RateLimit-Limit"] == "1000"
    assert headers["X-RateLimit-Limit-USD"] == "0.1"
    assert abs(int(headers["X-RateLimit-Reset"]) - seconds_to_midnight()) <= 2


def test_a_spent_budget_is_a_429_until_midnight_and_leaves_single_works_free(tmp_path: Path) -> None:
    with running(tmp_path, openalex_credits=11) as standin:
        assert credits_of(standin, "/works?search=bees") == (10, 1)
        refused = get(f"{standin.url}/openalex/works?search=opera")
        assert get(f"{standin.url}/openalex/works?filter=doi:10.1000/w001").status_code == 200
        assert get(f"{standin.url}/openalex/works/doi:10.1000/w001").status_code == 200
    body = refused.json()
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == pytest.approx(seconds_to_midnight(), abs=3)
    assert (body["creditsRequired"], body["creditsRemaining"]) == (10, 1)
    assert refused.headers["X-RateLimit-Credits-Required"] == "10"
    assert "Insufficient budget" in body["message"]


def test_too_many_a_second_is_a_429_with_a_short_wait(standin: StandIn) -> None:
    freeze(standin)
    answers = [get(f"{standin.url}/openalex/works/doi:10.1000/w001") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "1"
    assert "10 requests per second" in answers[-1].json()["message"]
    assert "X-RateLimit-Credits-Required" in answers[-1].headers


def test_a_key_has_its_own_budget_and_rate(standin: StandIn) -> None:
    answers = [get(f"{standin.url}/openalex/works/doi:10.1000/w001?{KEY}") for _ in range(12)]
    bearer = get(f"{standin.url}/openalex/works/doi:10.1000/w001", headers={"Authorization": "Bearer stand-in-key"})
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["X-RateLimit-Limit"] for answer in (*answers, bearer)} == {"10000"}


@pytest.mark.parametrize("key", ["", "wrong"])
def test_a_blank_or_wrong_key_is_a_401(standin: StandIn, key: str) -> None:
    answer = get(f"{standin.url}/openalex/works/doi:10.1000/w001?api_key={key}")
    assert (answer.status_code, answer.json()["message"]) == (401, "API key not found")


def test_a_broad_boolean_query_is_limited_to_one_a_second(standin: StandIn) -> None:
    freeze(standin)
    search = " AND ".join(["bees"] * 7)
    answers = [get(f"{standin.url}/openalex/works", params={"search": search}) for _ in range(2)]
    assert answers[1].status_code == 429
    assert answers[1].json()["reason"] == "broad_boolean_query"


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("nonsense=1", "nonsense is not a valid parameter"),
        ("filter=nonsense:1", "nonsense is not a valid field"),
        ("filter=doi:a,b", "comma inside a filter value"),
        ("filter=doi:a&filter=pmid:1", "Only one filter"),
        ("filter=doi:" + "|".join(["10.1/x"] * 101), "Maximum number of values"),
        ("limit=5", "per_page instead of limit"),
        ("search=bees?", "'?' is not allowed"),
        ("filter=title.search:be*s", "'*' is not allowed"),
        ("search=" + "a" * 1501, "limited to 1500 characters"),
        ("select=id,nonsense", "nonsense is not a valid select field"),
        ("per_page=201", "between 1 and 100"),
        ("per_page=many", "must be a number"),
        ("page=200&per_page=100", "Maximum results size"),
        ("cursor=wrong", "Cursor value is invalid"),
        ("filter=doi:" + "|".join(["10.1/" + "x" * 100] * 90), "Keep it below"),
    ],
)
def test_a_wrong_list_request_is_a_400_in_json(shared: StandIn, query: str, text: str) -> None:
    answer = get(f"{shared.url}/openalex/works?{query}", headers={"Authorization": "Bearer stand-in-key"})
    assert answer.status_code == 400
    assert text in answer.json()["message"]


def test_the_edge_names_itself_when_it_rejects(standin: StandIn) -> None:
    headers = get(f"{standin.url}/openalex/works?filter=doi:a,b").headers
    assert headers["x-openalex-edge-reject"] == "f1:raw_comma_filter"


def test_a_comma_in_a_value_passes_when_encoded_or_quoted(standin: StandIn) -> None:
    both = get(f"{standin.url}/openalex/works", params={"filter": "doi:10.1000/w001,publication_year:1981"}).json()
    encoded = get(f"{standin.url}/openalex/works?filter=doi:10.1000/w001%2Cb|10.1000/w001").json()
    quoted = get(f'{standin.url}/openalex/works?filter=title.search:"bees, number"&per_page=1').json()
    assert both["meta"]["count"] == encoded["meta"]["count"] == 1
    assert quoted["meta"]["count"] > 1


def test_an_unknown_work_is_a_404_page(standin: StandIn) -> None:
    for path in ("/works/doi:10.1000/none", "/works/W1", "/works/pmid:1", "/authors/A1"):
        answer = get(f"{standin.url}/openalex{path}")
        assert answer.status_code == 404
        assert answer.text.startswith("<!doctype html>")


def test_a_merged_id_leads_to_the_work_that_took_it_over(standin: StandIn) -> None:
    old, new = next(iter(standin.world.merged.items()))
    moved = get(f"{standin.url}/openalex/works/{old}?select=id")
    assert moved.status_code == 301
    assert get(moved.headers["Location"]).json() == {"id": f"https://openalex.org/{new}"}


def test_a_batch_of_a_hundred_comes_in_another_order(standin: StandIn) -> None:
    asked = [f"10.1000/w{n:03}" for n in range(100)]
    query = f"filter=doi:{'|'.join(asked)}&per_page=100&select=doi"
    answer = get(f"{standin.url}/openalex/works?{query}").json()
    found = [result["doi"].removeprefix("https://doi.org/") for result in answer["results"]]
    assert sorted(found) == asked
    assert found != asked
    assert answer["meta"]["cost_usd"] == 0.0001


def test_a_work_that_is_an_example_of_manuals_is_in_lists_like_any_other(tmp_path: Path) -> None:
    example = replace(made_up_works(1)[0], doi="10.7717/peerj.4375")
    with running(tmp_path, works=(example, *made_up_works(2)[1:])) as standin:
        answer = get(f"{standin.url}/openalex/works?filter=doi:10.7717/peerj.4375|10.1000/w001&select=doi").json()
    assert len(answer["results"]) == 2


def test_filters_narrow_by_identifier_year_type_and_openness(standin: StandIn) -> None:
    entry = standin.world.by_doi["10.1000/w003"]
    for wanted, count in (
        (f"openalex:{entry.openalex_id}", 1),
        ("pmid:7000003|7000004", 2),
        ("doi:10.1000/w003,publication_year:1984-1990", 0),
        ("doi:10.1000/w003,publication_year:1983", 1),
        ("doi:10.1000/w003,type:preprint", 1),
        ("doi:10.1000/w003,is_oa:true", 1),
        ("doi:10.1000/w003,doi:!https://doi.org/10.1000/w003", 0),
    ):
        answer = get(f"{standin.url}/openalex/works?filter={wanted}&{KEY}").json()
        assert answer["meta"]["count"] == count, wanted


def test_a_search_needs_all_words_and_pages_by_cursor(standin: StandIn) -> None:
    first = get(f"{standin.url}/openalex/works?filter=title.search:observation opera&per_page=5&cursor=*").json()
    cursor = first["meta"]["next_cursor"]
    second = get(
        f"{standin.url}/openalex/works?filter=title.search:observation opera&per_page=5&cursor={cursor}"
    ).json()
    assert all("opera" in result["title"] for result in first["results"])
    assert first["results"][0]["relevance_score"] > first["results"][1]["relevance_score"]
    assert {r["id"] for r in first["results"]}.isdisjoint(r["id"] for r in second["results"])
    assert get(f"{standin.url}/openalex/works?search=opera xylophone").json()["results"] == []
    assert get(f"{standin.url}/openalex/works?search=...").json()["results"] == []


def test_locations_lead_to_the_hosts_and_the_best_is_first(standin: StandIn) -> None:
    entry = next(one for one in standin.world.entries if one.copies and one.copies[0].host.quirk is Quirk.DIRECT)
    copy = entry.copies[0]
    record = get(f"{standin.url}/openalex/works/doi:{entry.doi}").json()
    assert record["best_oa_location"] == record["locations"][0]
    assert record["open_access"]["is_oa"] is True
    assert record["locations"][0]["pdf_url"] == f"http://{copy.host.address}:{standin.port}{copy.pdf_path}"
    assert record["locations"][0]["landing_page_url"].startswith(
        standin.url if copy.host.is_publisher else "http://127"
    )


def test_lists_cut_authors_at_a_hundred_and_single_works_do_not(tmp_path: Path) -> None:
    crowd = replace(made_up_works(1)[0], authors=tuple(Person(family=f"F{n}", given="G") for n in range(130)))
    with running(tmp_path, works=(crowd,)) as standin:
        listed = get(f"{standin.url}/openalex/works?filter=doi:{crowd.doi}").json()["results"][0]
        single = get(f"{standin.url}/openalex/works/doi:{crowd.doi}").json()
    assert (len(listed["authorships"]), listed["is_authors_truncated"]) == (100, True)
    assert (len(single["authorships"]), single["is_authors_truncated"]) == (130, False)


def test_some_records_lack_title_or_source(tmp_path: Path) -> None:
    with running(tmp_path, works=made_up_works(900)) as standin:
        records = []
        for page in range(1, 10):
            records += get(f"{standin.url}/openalex/works?per_page=100&page={page}&{KEY}").json()["results"]
    assert any(record["title"] is None for record in records)
    assert any(record["locations"] and record["locations"][0]["source"] is None for record in records)
    assert any(record["locations"] and record["locations"][0]["pdf_url"] is None for record in records)


@pytest.mark.parametrize(("mode", "status"), [(FaultMode.SEARCH_LIMITED, 429), (FaultMode.SEARCH_PAUSED, 503)])
def test_under_load_only_searches_without_a_key_are_shed(standin: StandIn, mode: FaultMode, status: int) -> None:
    standin.faults.set("openalex", mode)
    shed = get(f"{standin.url}/openalex/works?search=bees")
    assert (shed.status_code, shed.headers["Retry-After"]) == (status, "5")
    assert get(f"{standin.url}/openalex/works?search=bees&{KEY}").status_code == 200
    assert get(f"{standin.url}/openalex/works?filter=doi:10.1000/w001").status_code == 200
    assert audit(standin.log_path) == []


def test_other_verbs_are_not_allowed(standin: StandIn) -> None:
    with requests.Session() as session:
        assert session.put(f"{standin.url}/openalex/works", timeout=5).status_code == 405


def test_the_works_that_cite_one_come_most_cited_first_a_page_at_a_time(tmp_path: Path) -> None:
    with running(tmp_path) as standin:
        world = standin.world
        listed = [entry for entry in world.entries if entry.in_openalex]
        target = cited_by(world, next(entry for entry in listed if cited_by(world, entry)))[0]
        citing = [entry for entry in listed if target in cited_by(world, entry)]
        url = f"{standin.url}/openalex/works?filter=cites:{target.openalex_id}&sort=cited_by_count:desc&per_page=10"
        cursor, found = "*", []
        while cursor:
            answer = get(f"{url}&cursor={cursor}").json()
            found += [record["id"].rpartition("/")[2] for record in answer["results"]]
            cursor = answer["meta"]["next_cursor"]
        best_first = sorted(citing, key=lambda entry: (-entry.work.cited_by, entry.work.key))
        assert found == [entry.openalex_id for entry in best_first]
        assert get(f"{standin.url}/openalex/works?filter=cites:W1&sort=title").status_code == 400
