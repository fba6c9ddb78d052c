"""Unpaywall's, arXiv's and doi.org's stand-ins."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from defusedxml import ElementTree

from dl_lit.standin.server import StandIn
from standin_tools import freeze, get, made_up_works, running

ME = "email=someone@uni-nord.de"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[StandIn]:
    with running(tmp_path) as standin:
        yield standin


# ── Unpaywall ────────────────────────────────────────────────────────────────────────────────────────────


def test_unpaywall_tells_the_same_locations_as_openalex(standin: StandIn) -> None:
    entry = next(one for one in standin.world.entries if len(one.copies) == 2 and one.in_unpaywall)
    legacy = get(f"{standin.url}/unpaywall/{entry.doi}?{ME}").json()
    record = get(f"{standin.url}/openalex/works/doi:{entry.doi}").json()
    pairs = zip(legacy["oa_locations"], record["locations"], strict=False)
    assert legacy["oa_status"] == record["open_access"]["oa_status"]
    assert legacy["best_oa_location"] == legacy["oa_locations"][0]
    assert all((a["url_for_pdf"], a["url_for_landing_page"]) == (b["pdf_url"], b["landing_page_url"]) for a, b in pairs)
    assert all(one["url"] == (one["url_for_pdf"] or one["url_for_landing_page"]) for one in legacy["oa_locations"])


@pytest.mark.parametrize("email", ["", "?email=", "?email=YOUR_EMAIL", "?email=me@example.com", "?email=nobody"])
def test_unpaywall_wants_a_real_address(standin: StandIn, email: str) -> None:
    answer = get(f"{standin.url}/unpaywall/10.1000/w001{email}")
    assert answer.status_code == 422
    assert answer.json()["HTTP_status_code"] == 422


def test_unpaywall_refuses_the_twenty_first_address(standin: StandIn) -> None:
    url = f"{standin.url}/unpaywall/10.1000/w001?email=me"
    answers = [get(f"{url}{n}@uni-nord.de").status_code for n in range(22)]
    later = standin.clock() + 301
    standin.clock = lambda: later
    assert answers == [200] * 20 + [422] * 2
    assert get(f"{url}99@uni-nord.de").status_code == 200


def test_unpaywall_misses_come_in_both_shapes(standin: StandIn) -> None:
    answers = [get(f"{standin.url}/unpaywall/10.1000/none{n}?{ME}") for n in range(12)]
    kinds = {answer.headers["Content-Type"].partition(";")[0] for answer in answers}
    assert {answer.status_code for answer in answers} == {404}
    assert kinds == {"text/html", "application/json"}


def test_some_dois_are_unknown_to_unpaywall_and_datacites_all_are(tmp_path: Path) -> None:
    works = tuple(replace(work, doi=f"10.48550/arxiv.{n}") for n, work in enumerate(made_up_works(5)))
    with running(tmp_path, works=works) as standin:
        assert get(f"{standin.url}/unpaywall/10.48550/arxiv.1?{ME}").status_code == 404
        assert get(f"{standin.url}/crossref/works/10.48550/arxiv.1").status_code == 404
        assert get(f"{standin.url}/openalex/works/doi:10.48550/arxiv.1").status_code == 200
        agency = get(f"{standin.url}/crossref/works/10.48550/arxiv.1/agency").json()["message"]["agency"]["id"]
        assert get(f"{standin.url}/doi/ra/10.48550/arxiv.1").json()[0]["RA"] == "DataCite"
    assert agency == "datacite"


def test_embargoed_copies_are_listed_apart_and_kept_closed(tmp_path: Path) -> None:
    works = tuple(replace(work, type="book", arxiv=None) for work in made_up_works(400))
    with running(tmp_path, works=works) as standin:
        entry = next(one for one in standin.world.entries if one.embargoed and one.in_unpaywall)
        record = get(f"{standin.url}/unpaywall/{entry.doi}?{ME}").json()
        location = record["oa_locations_embargoed"][0]
        assert (record["is_oa"], record["oa_locations"], location["oa_date"]) == (False, [], "2099-01-01")
        assert get(location["url_for_pdf"]).status_code == 403


# ── arXiv ────────────────────────────────────────────────────────────────────────────────────────────────


def test_arxiv_gives_the_entries_of_an_id_list_and_leaves_unknown_ids_out(standin: StandIn) -> None:
    answer = get(f"{standin.url}/arxiv/api/query?id_list=2001.00010v2,2001.00020,9999.99999")
    feed = ElementTree.fromstring(answer.content)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert ids[0] == "http://arxiv.org/abs/2001.00010v2"
    assert ids[1] is not None and ids[1].startswith("http://arxiv.org/abs/2001.00020v")
    assert len(ids) == 2
    links = {link.get("title"): link.get("href") for link in feed.iter(f"{ATOM}link")}
    assert get(links["pdf"] or "").content.startswith(b"%PDF")


def test_arxiv_wraps_long_titles(tmp_path: Path) -> None:
    work = replace(made_up_works(1)[0], title="On " + "very " * 20 + "long titles")
    with running(tmp_path, works=(work,)) as standin:
        feed = ElementTree.fromstring(get(f"{standin.url}/arxiv/api/query?id_list={work.arxiv}").content)
    title = next(feed.iter(f"{ATOM}entry")).findtext(f"{ATOM}title") or ""
    assert "\n  " in title
    assert " ".join(title.split()) == work.title


@pytest.mark.parametrize("query", ["id_list=abc", "id_list=2001.00010&max_results=many"])
def test_arxiv_reports_an_error_as_an_entry(standin: StandIn, query: str) -> None:
    answer = get(f"{standin.url}/arxiv/api/query?{query}")
    feed = ElementTree.fromstring(answer.content)
    assert answer.status_code == 400
    assert "/api/errors" in (next(feed.iter(f"{ATOM}entry")).findtext(f"{ATOM}id") or "")


def test_arxiv_finds_by_title_and_author(standin: StandIn) -> None:
    hit = get(f'{standin.url}/arxiv/api/query?search_query=ti:"number 10" AND au:Author10')
    assert len(list(ElementTree.fromstring(hit.content).iter(f"{ATOM}entry"))) == 1


def test_arxiv_has_no_other_route(standin: StandIn) -> None:
    assert get(f"{standin.url}/arxiv/list").status_code == 404


def test_arxiv_answers_once_in_three_seconds(standin: StandIn) -> None:
    freeze(standin)
    answers = [get(f"{standin.url}/arxiv/api/query?id_list=2001.00010") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].text == "Rate exceeded."


def test_arxiv_has_one_connection_for_everybody(tmp_path: Path) -> None:
    with running(tmp_path, service_latency=(0.5, 0.5)) as standin:
        together = threading.Barrier(2)

        def ask(_: int) -> int:
            together.wait(timeout=5)
            return get(f"{standin.url}/arxiv/api/query?id_list=2001.00010").status_code

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(ask, range(2))) == [200, 503]


def test_arxiv_files_are_at_the_host_with_and_without_version(standin: StandIn) -> None:
    moved = get(f"{standin.url}/arxiv/pdf/2001.00010")
    assert moved.status_code == 301
    assert get(moved.headers["Location"]).content.startswith(b"%PDF")
    suffixed = get(f"{moved.headers['Location']}.pdf")
    assert (suffixed.status_code, suffixed.headers["Location"]) == (301, moved.headers["Location"])
    assert "citation_pdf_url" in get(moved.headers["Location"].replace("/pdf/", "/abs/")).text


# ── doi.org ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_doi_leads_to_the_publishers_page(standin: StandIn) -> None:
    entry = next(one for one in standin.world.entries if one.copies and one.copies[0].host.is_publisher)
    answer = get(f"{standin.url}/doi/{entry.doi}")
    assert (answer.status_code, answer.headers["Location"].partition(str(standin.port))[2]) == (
        302,
        entry.copies[0].landing_path,
    )


def test_the_doi_of_a_closed_work_leads_to_a_page_with_a_wall(tmp_path: Path) -> None:
    works = tuple(replace(work, type="book", arxiv=None) for work in made_up_works(20))
    with running(tmp_path, works=works) as standin:
        entry = next(one for one in standin.world.entries if not one.copies)
        page = get(get(f"{standin.url}/doi/{entry.doi}").headers["Location"])
    assert page.status_code == 200
    assert "Get access" in page.text and "citation_pdf_url" not in page.text


def test_an_unknown_doi_is_not_found(standin: StandIn) -> None:
    answer = get(f"{standin.url}/doi/10.1000/none")
    assert (answer.status_code, "DOI Not Found" in answer.text) == (404, True)
    assert get(f"{standin.url}/doi/api/handles/10.1000/none").json()["responseCode"] == 100
    assert get(f"{standin.url}/doi/ra/10.1000/none").json()[0]["status"] == "DOI does not exist"


def test_the_handle_api_and_content_negotiation_answer(standin: StandIn) -> None:
    handle = get(f"{standin.url}/doi/api/handles/10.1000/w003").json()
    accept = {"Accept": "application/vnd.citationstyles.csl+json; q=1", "User-Agent": "x"}
    data = get(f"{standin.url}/doi/10.1000/w003", headers=accept, allow_redirects=True)
    refused = get(f"{standin.url}/doi/10.1000/w003", headers={"Accept": "application/x-bibtex"})
    assert handle["values"][0]["data"]["value"].startswith("http://127.0.0.")
    assert data.json()["DOI"] == "10.1000/w003"
    assert refused.status_code == 406


def test_services_answer_fast_enough_to_share_a_machine(standin: StandIn) -> None:
    """Generous on purpose: it catches a return of the 44 ms that unbuffered writes and Nagle cost together."""
    with requests.Session() as session:
        start = time.perf_counter()
        for _ in range(50):
            session.get(f"{standin.url}/doi/10.1000/w003", allow_redirects=False, timeout=5)
    assert time.perf_counter() - start < 50 * 0.03
