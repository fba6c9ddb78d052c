"""The stand-ins of the newer services: limits, refusals and shapes as apis.md tells them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from defusedxml import ElementTree

from dl_lit.errors import UsageError
from dl_lit.standin.audit import Violation, audit, repeats
from dl_lit.standin.citations import cited_by, pmcid_of
from dl_lit.standin.server import StandIn
from dl_lit.standin.settings import StandInSettings
from standin_tools import POLITE, freeze, get, made_up_works, running

KEY = {"x-api-key": "stand-in-key"}


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[StandIn]:
    works = tuple(replace(work, type="journal-article") for work in made_up_works(40))
    with running(tmp_path, works=works, semanticscholar_busy=0.0, europepmc_hollow=0.0) as standin:
        yield standin


def breaches(standin: StandIn) -> list[Violation]:
    """What the audit finds, once the stand-in has ended and the last line of its log is written."""
    standin.__exit__(None, None, None)
    return audit(standin.log_path)


def post(url: str, ids: list[str], headers: dict[str, str] | None = None) -> requests.Response:
    with requests.Session() as session:
        return session.post(url, json={"ids": ids}, headers=headers, timeout=20)


def test_a_work_always_cites_the_same_older_works(standin: StandIn) -> None:
    lists = {entry.doi: cited_by(standin.world, entry) for entry in standin.world.entries if not entry.is_parasite}
    assert any(lists.values()) and not all(lists.values())
    for entry in standin.world.entries:
        cited = cited_by(standin.world, entry)
        assert cited == cited_by(standin.world, entry)
        assert entry not in cited and all(one.work.year <= entry.work.year for one in cited)


# (path, what a second may hold, status of the next one)
SPEEDS = {
    "idconv": ("/idconv/api/v1/articles/?ids=PMC1&format=json", 3),
    "doaj": ("/doaj/search/articles/doi:10.1000%2Fw001", 2),
    "openlibrary": ("/openlibrary/search.json?title=x", 3),
    "semanticscholar": ("/semanticscholar/paper/search/match?query=bees", 1),
}


@pytest.mark.parametrize("service", SPEEDS)
def test_too_many_in_a_second_are_turned_away(standin: StandIn, service: str) -> None:
    path, allowed = SPEEDS[service]
    freeze(standin)
    answers = [get(standin.url + path).status_code for _ in range(allowed + 2)]
    assert answers[allowed:] == [429, 429] and 429 not in answers[:allowed]
    assert {one.rule for one in breaches(standin)} >= {"refused", "rate"}


def test_longer_windows_are_counted_too(standin: StandIn) -> None:
    freeze(standin)
    anonymous = {"User-Agent": "tests"}
    for path, allowed in (("/zenodo/records?q=title:x", 30), ("/opencitations/index/v2/references/doi:10.1/x", 180)):
        answers = [get(standin.url + path, headers=anonymous).status_code for _ in range(allowed + 1)]
        assert answers == [200] * allowed + [429]
    details = {one.detail for one in breaches(standin) if one.rule == "rate"}
    assert any("30 in 60 s allowed" in one for one in details) and any("180 in 60 s allowed" in one for one in details)


def test_core_wants_its_slash_and_takes_five_requests_in_ten_seconds(standin: StandIn) -> None:
    freeze(standin)
    url = f'{standin.url}/core/search/works/?q=doi:"10.1000/none"'
    moved = get(url.replace("works/?", "works?"))
    assert moved.status_code == 301 and moved.headers["Location"].startswith(f"{standin.url}/core/search/works/?q=")
    assert [get(url).status_code for _ in range(4)] == [200] * 4
    late = get(url)
    assert (late.status_code, late.headers["X-RateLimit-Retryafter"], "Retry-After" in late.headers) == (
        429,
        "10",
        False,
    )
    assert get(url, headers={"Authorization": "Bearer stand-in-key"}).status_code == 200
    assert get(url, headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert get(f"{standin.url}/core/elsewhere", headers={"Authorization": "Bearer stand-in-key"}).status_code == 404


def test_the_archive_wants_two_seconds_between_questions(standin: StandIn) -> None:
    freeze(standin)
    url = f"{standin.url}/wayback/cdx/search/cdx?url=http://127.0.0.30/none.pdf&output=json"
    first = get(url)
    assert (first.status_code, first.json()) == (200, [])
    assert get(url).status_code == 429
    assert get(f"{standin.url}/wayback/web/20200102030405id_/http://127.0.0.30/none.pdf").status_code == 404
    assert {one.rule for one in breaches(standin)} >= {"refused", "spacing"}


def test_a_preprint_of_osf_lies_at_another_host(tmp_path: Path) -> None:
    work = replace(made_up_works(1)[0], type="posted-content", arxiv=None, doi="10.31235/osf.io/ab3cd")
    with running(tmp_path, works=(work,)) as standin:
        assert get(f"{standin.url}/osf/download/ab3cd/").status_code == 302
        assert get(f"{standin.url}/osf/download/none/").status_code == 404


def test_the_bucket_of_pmc_knows_what_it_holds_only(standin: StandIn) -> None:
    assert b"<KeyCount>0</KeyCount>" in get(f"{standin.url}/pmc/?list-type=2&prefix=metadata/PMC1.").content
    assert get(f"{standin.url}/pmc/metadata/PMC1.1.json").status_code == 404
    assert get(f"{standin.url}/pmc/PMC1.1/PMC1.1.pdf").status_code == 404


def test_datacite_allows_more_to_who_gives_an_address(standin: StandIn) -> None:
    freeze(standin)
    url = f"{standin.url}/datacite/dois/10.5281/zenodo.1"
    with requests.Session() as session:
        answers = [session.get(url, headers={"User-Agent": "tests"}, timeout=20).status_code for _ in range(501)]
    assert answers == [404] * 500 + [429]
    assert get(url, headers=POLITE).status_code == 404


def test_semantic_scholar_refuses_a_wrong_key_and_turns_away_who_has_none(tmp_path: Path) -> None:
    with running(tmp_path, semanticscholar_busy=1.0) as standin:
        url = f"{standin.url}/semanticscholar/paper/search/match?query=bees"
        assert get(url, headers={"x-api-key": "wrong"}).status_code == 403
        busy = get(url)
        assert (busy.status_code, busy.json()["code"], "Retry-After" in busy.headers) == (429, "429", False)
        assert get(url, headers=KEY).status_code != 429
    assert {one.rule for one in audit(standin.log_path)} == {"rate"}  # being turned away is no fault of theirs


def test_semantic_scholar_names_what_is_wrong(standin: StandIn) -> None:
    base = f"{standin.url}/semanticscholar/paper"

    def status(url: str) -> tuple[int, str]:
        later = standin.clock() + 2
        standin.clock = lambda: later
        answer = get(url)
        return answer.status_code, answer.json().get("error", "")

    assert status(f"{base}/search/match?query=bees&fields=tilte") == (
        *(400, "Unrecognized or unsupported fields: [tilte]"),
    )
    assert status(f"{base}/DOI:10.1/none?fields=title") == (404, "Paper with id DOI:10.1/none not found")
    assert status(f"{base}/search/match?query=never+written+words") == (404, "Title match not found")
    assert status(f"{standin.url}/semanticscholar/elsewhere")[0] == 404
    assert status(f"{base}/DOI:10.1000/w001/references?limit=5000")[0] in (400, 404)


def test_a_batch_of_semantic_scholar_keeps_its_order_with_nulls(standin: StandIn) -> None:
    url = f"{standin.url}/semanticscholar/paper/batch?fields=title,externalIds"
    ids = ["DOI:10.1/none", *(f"DOI:10.1000/w{n:03}" for n in range(8)), "PMID:7000009", "CorpusId:1"]
    found = post(url, ids, KEY).json()
    dois = [record and record["externalIds"]["DOI"] for record in found]
    assert len(found) == len(ids) and (found[0], found[-1]) == (None, None)
    assert all(doi in (None, name.removeprefix("DOI:")) for doi, name in zip(dois[:9], ids, strict=False))
    for body in (b"no json", b'{"ids": "x"}'):
        later = standin.clock() + 2
        standin.clock = lambda instant=later: instant  # type: ignore[misc]
        with requests.Session() as session:
            assert session.post(url, data=body, headers=KEY, timeout=20).status_code == 400


def test_europe_pmc_answers_hollow_to_a_share_of_the_requests(tmp_path: Path) -> None:
    with running(tmp_path, europepmc_hollow=0.5) as standin:
        url = f"{standin.url}/europepmc/search?query=EXT_ID:7000001&format=json"
        answers = [get(url).json() for _ in range(24)]
    hollow = [one for one in answers if one == {"version": "6.9"}]
    assert 4 < len(hollow) < 20
    assert all("resultList" in one for one in answers if one not in hollow)
    # To ask again after those is no repetition.
    assert sum(again.times for again in repeats(tmp_path / "requests.jsonl")) == len(answers) - len(hollow)


def test_the_id_converter_takes_no_more_than_two_hundred(standin: StandIn) -> None:
    url = f"{standin.url}/idconv/api/v1/articles/?format=json&ids="
    entry = next(one for one in standin.world.entries if pmcid_of(one))
    (record,) = get(url + (entry.work.pmid or "")).json()["records"]
    assert (record["doi"], record["pmcid"]) == (entry.doi, pmcid_of(entry))
    assert get(url + ",".join(["PMC1"] * 201)).status_code == 400
    assert get(f"{standin.url}/idconv/elsewhere").status_code == 404


def test_opencitations_breaks_over_long_batches(standin: StandIn) -> None:
    ids = [f"doi:10.1000/w{n:03}" for n in range(15)]
    base = f"{standin.url}/opencitations/meta/v1/metadata/"
    assert get(base + "__".join(ids)).status_code == 500
    assert len(get(base + "__".join(ids[:10])).json()) == 10
    assert get(f"{standin.url}/opencitations/elsewhere").status_code == 404


def test_datacite_and_hal_refuse_what_they_cannot_read(standin: StandIn) -> None:
    assert get(f"{standin.url}/datacite/dois?query=x&page[size]=many").status_code == 400
    assert get(f"{standin.url}/hal/search/?q=&rows=5").status_code == 400
    assert get(f"{standin.url}/hal/elsewhere").status_code == 404
    assert get(f"{standin.url}/doaj/elsewhere").status_code == 404
    assert get(f"{standin.url}/europepmc/elsewhere").status_code == 404


def test_zenodo_leads_from_all_versions_to_the_latest(tmp_path: Path) -> None:
    work = replace(made_up_works(1)[0], type="report", doi="10.5281/zenodo.42")
    with running(tmp_path, works=(work,)) as standin:
        base = f"{standin.url}/zenodo/records"
        moved = get(f"{base}/41")
        assert (moved.status_code, moved.headers["Location"]) == (302, f"{base}/42")
        assert get(f"{base}/42").json()["conceptdoi"] == "10.5281/zenodo.41"
        assert [get(f"{base}/{wrong}").status_code for wrong in ("7", "x")] == [404, 404]
        found = get(f'{base}?q=title:"{work.title}"').json()["hits"]
        assert found["total"] == 1 and get(f"{base}/42").headers["X-RateLimit-Limit"] == "60"


@pytest.mark.parametrize("query", ["", "tit=x and", "tit=x prox per=y", "tit=x and per=y or num=1"])
def test_the_national_library_diagnoses_under_status_200(standin: StandIn, query: str) -> None:
    answer = get(f"{standin.url}/dnb/sru/dnb", params={"query": query, "maximumRecords": "5"})
    root = ElementTree.fromstring(answer.content)
    expected = query != "tit=x and"  # a joint too many is forgiven
    assert answer.status_code == 200
    assert (root.find(".//{http://www.loc.gov/zing/srw/diagnostic/}message") is not None) is expected


def test_the_national_library_limits_its_records(standin: StandIn) -> None:
    answer = get(f"{standin.url}/dnb/sru/dnb", params={"query": "tit=x", "maximumRecords": "101"})
    assert b"Unsupported parameter value" in answer.content
    assert get(f"{standin.url}/dnb/elsewhere").status_code == 404
    assert get(f"{standin.url}/openlibrary/elsewhere").status_code == 404


def test_doi_org_hands_datacites_dois_to_another_host(tmp_path: Path) -> None:
    works = tuple(replace(work, doi=f"10.48550/arxiv.2001.{n:05}") for n, work in enumerate(made_up_works(2)))
    csl = {"Accept": "application/vnd.citationstyles.csl+json"}
    with running(tmp_path, works=works) as standin:
        base = f"{standin.url}/doi"
        moved = get(f"{base}/10.48550/arxiv.2001.00001", headers=csl)
        assert moved.headers["Location"] == f"{base}/data.crosscite.org/10.48550/arxiv.2001.00001"
        record = get(moved.headers["Location"]).json()
        assert (record["type"], record["DOI"]) == ("article", "10.48550/arxiv.2001.00001")
        assert get(f"{base}/data.crosscite.org/10.1/none").status_code == 404
        assert get(f"{base}/10.48550/arxiv.2001.00001", headers={"Accept": "application/x-bibtex"}).status_code == 406


def test_shares_must_be_shares() -> None:
    with pytest.raises(UsageError, match="between 0 and 1"):
        StandInSettings(semanticscholar_busy=1.5)
    with pytest.raises(UsageError, match="between 0 and 1"):
        StandInSettings(europepmc_hollow=-0.1)


def test_openalex_finds_a_work_by_its_pmcid(standin: StandIn) -> None:
    entry = next(one for one in standin.world.entries if pmcid_of(one) and one.in_openalex)
    single = get(f"{standin.url}/openalex/works/pmcid:{pmcid_of(entry)}").json()
    listed = get(f"{standin.url}/openalex/works?filter=pmcid:{pmcid_of(entry)}").json()["results"]
    assert single["id"] == listed[0]["id"] == f"https://openalex.org/{entry.openalex_id}"
    assert single["referenced_works_count"] == len(single["referenced_works"])
