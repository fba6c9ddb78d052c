"""Crossref: what is asked, what is made of the answers, and what is never taken for "nothing"."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dl_lit.errors import Stopping
from dl_lit.model import CopyVersion, Found, Location, NoAnswer, Nothing, Person
from dl_lit.net.http import HttpResponse
from dl_lit.services import crossref
from dl_lit.services.crossref import Crossref
from dl_lit.services.fields import Node
from httpserver import Arrival, Reply
from outside import Outside, as_json, outside, path_of, query_of

ARTICLE = {
    "DOI": "10.1000/Alpha.1",
    "URL": "https://doi.org/10.1000/alpha.1",
    "type": "journal-article",
    "publisher": "Example &amp; Sons",
    "title": ["Growth of <i>E. coli</i> in&nbsp;tubes"],
    "subtitle": ["A study"],
    "container-title": ["Journal of Examples", "J Ex"],
    "author": [
        {"given": "Ada", "family": "Byron", "suffix": "Jr.", "sequence": "first"},
        {"name": "The Tube Consortium"},
        {"given": "Mononym"},
        {},
    ],
    "editor": [{"family": "Maier"}],
    "issued": {"date-parts": [[2015, 5, 27]]},
    "volume": "12",
    "issue": "3",
    "page": "1425-37",
    "ISSN": ["1234-5678", "0028-0836"],
    "ISBN": ["http://id.crossref.org/isbn/9780000000000", "978-3-16-148410-0"],
    "abstract": "<jats:title>Abstract</jats:title><jats:p>Tubes &lt; flasks.</jats:p>",
    "is-referenced-by-count": 7,
}


def listed(*items: Any) -> dict[str, Any]:
    return {"status": "ok", "message-type": "work-list", "message": {"items": list(items), "total-results": len(items)}}


def single(item: Any) -> dict[str, Any]:
    return {"status": "ok", "message-type": "work", "message": item}


NOT_FOUND = Reply(404, b"Resource not found.", {"Content-Type": "text/plain"})


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Outside]:
    with outside(tmp_path, "crossref") as made:
        yield made


@pytest.fixture
def client(world: Outside) -> Crossref:
    return Crossref(world.pool("crossref"), world.store, base_url=world.url, email="me@uni.test")


def test_a_record_becomes_a_work() -> None:
    work = crossref.parse_work(Node(ARTICLE))
    assert work.title == "Growth of E. coli in tubes"
    assert (work.subtitle, work.container, work.publisher) == ("A study", "Journal of Examples", "Example & Sons")
    assert work.authors == (
        Person(family="Byron", given="Ada, Jr."),
        Person(name="The Tube Consortium"),
        Person(name="Mononym"),
    )
    assert work.editors == (Person(family="Maier"),)
    assert (work.year, work.volume, work.issue, work.pages) == (2015, "12", "3", "1425-1437")
    assert (work.doi, work.type, work.issn, work.isbn) == (
        "10.1000/alpha.1",
        "journal-article",
        "0028-0836",
        "9783161484100",
    )
    assert (work.abstract, work.cited_by_count, work.sources) == ("Tubes < flasks.", 7, ("crossref",))


@pytest.mark.parametrize(
    "odd",
    [
        {},
        None,
        [],
        "text",
        {"title": [""], "issued": {"date-parts": [[None]]}, "author": None},
        {"title": "bare", "issued": {"date-parts": []}, "author": [None, "x", 3], "ISSN": "1234"},
        {"title": [None, 3], "issued": None, "page": 12, "volume": True, "is-referenced-by-count": "many"},
        {"title": ["half a pair \ud800 and \u0000 zero"], "DOI": 10.5, "issued": {"date-parts": [["20x5"]]}},
    ],
)
def test_no_record_is_too_odd_to_be_read(odd: Any) -> None:
    work = crossref.parse_work(Node(odd))
    json.dumps(work.title, ensure_ascii=False).encode()
    assert work.doi is None
    assert work.year is None


def test_the_year_comes_from_print_when_issued_is_empty() -> None:
    work = crossref.parse_work(
        Node({"issued": {"date-parts": [[None]]}, "published-print": {"date-parts": [["1998", 2]]}})
    )
    assert work.year == 1998


def test_an_empty_title_gives_way_to_the_original_title() -> None:
    assert crossref.parse_work(Node({"title": [""], "original-title": ["Über Röhren"]})).title == "Über Röhren"


def test_many_dois_are_asked_for_in_one_filter(world: Outside, client: Crossref) -> None:
    world.server.answer = lambda arrival: as_json(
        listed({"DOI": "10.1000/B", "title": ["B"]}, {"DOI": "10.1000/a(1)", "title": ["A"]}, "junk")
    )
    answers = client.works_by_doi(["10.1000/a(1)", "10.1000/b"])
    assert [answers[doi].value.title for doi in ("10.1000/a(1)", "10.1000/b")] == ["A", "B"]  # type: ignore[union-attr]
    (arrival,) = world.arrivals
    assert query_of(arrival)["filter"] == "doi:10.1000/a(1),doi:10.1000/b"
    assert query_of(arrival)["mailto"] == "me@uni.test"
    assert int(query_of(arrival)["rows"]) >= 2


def test_a_doi_that_a_list_leaves_out_is_nothing_only_after_its_own_404(world: Outside, client: Crossref) -> None:
    def answer(arrival: Arrival) -> Reply:
        if "filter" in query_of(arrival):
            return as_json(listed({"DOI": "10.1000/a", "title": ["A"]}))
        return as_json(single({"DOI": "10.1000/new", "title": ["Alias"]})) if "alias" in arrival.path else NOT_FOUND

    world.server.answer = answer
    answers = client.works_by_doi(["10.1000/a", "10.1000/alias", "10.1000/none"])
    assert isinstance(answers["10.1000/a"], Found)
    assert isinstance(answers["10.1000/alias"], Found)
    assert answers["10.1000/none"] == Nothing()


def test_a_doi_with_a_comma_is_asked_for_alone_and_encoded(world: Outside, client: Crossref) -> None:
    world.server.answer = lambda arrival: as_json(single({"DOI": "10.1000/a,b<c>", "title": ["Odd"]}))
    answers = client.works_by_doi(["10.1000/a,b<c>"])
    assert isinstance(answers["10.1000/a,b<c>"], Found)
    assert world.arrivals[0].path.startswith("/works/10.1000/a%2Cb%3Cc%3E")


def test_more_than_fifty_dois_are_several_requests_with_short_lines(world: Outside, client: Crossref) -> None:
    def answer(arrival: Arrival) -> Reply:
        wanted = query_of(arrival)["filter"].replace("doi:", "").split(",")
        return as_json(listed(*({"DOI": doi, "title": [doi]} for doi in reversed(wanted))))

    world.server.answer = answer
    dois = [f"10.1000/{'x' * (n % 90)}{n}" for n in range(120)]
    answers = client.works_by_doi(dois)
    assert all(isinstance(answers[doi], Found) for doi in dois)
    assert len(world.arrivals) >= 3
    assert max(len(arrival.path) for arrival in world.arrivals) < 4000


def test_dois_of_arxiv_are_not_asked_for(world: Outside, client: Crossref) -> None:
    assert client.works_by_doi(["10.48550/arxiv.1706.03762"]) == {"10.48550/arxiv.1706.03762": Nothing()}
    assert world.arrivals == []


def test_an_answer_is_asked_for_once(world: Outside, client: Crossref) -> None:
    world.server.answer = lambda arrival: as_json(single(ARTICLE)) if "alpha" in arrival.path else NOT_FOUND
    for _ in range(2):
        client.works_by_doi(["10.1000/alpha.1"])
        client.works_by_doi(["10.1000/none"])
    assert len(world.arrivals) == 2
    assert client.works_by_doi(["10.1000/none"]) == {"10.1000/none": Nothing(cached=True)}
    found = client.works_by_doi(["10.1000/alpha.1"])["10.1000/alpha.1"]
    assert isinstance(found, Found)
    assert found.cached


def test_two_threads_that_want_the_same_record_send_one_request(world: Outside, client: Crossref) -> None:
    asked, go = threading.Event(), threading.Event()

    def answer(arrival: Arrival) -> Reply:
        asked.set()
        assert go.wait(5)
        return as_json(single(ARTICLE))

    world.server.answer = answer
    got: list[Any] = []
    threads = [threading.Thread(target=lambda: got.append(client.works_by_doi(["10.1000/alpha.1"]))) for _ in range(3)]
    threads[0].start()
    assert asked.wait(5)
    for thread in threads[1:]:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(5)
    assert len(world.arrivals) == 1
    assert [isinstance(answers["10.1000/alpha.1"], Found) for answers in got] == [True] * 3


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"<html>maintenance</html>", {"Content-Type": "text/html"}),
        as_json({"version": "1.0"}),
        as_json({"status": "ok", "message": {}}),
        as_json([]),
        Reply(503, b"try later"),
        Reply(429, b""),
        Reply(410, b"gone"),
    ],
)
def test_no_answer_is_never_nothing(world: Outside, client: Crossref, reply: Reply) -> None:
    world.server.answer = lambda arrival: reply
    answers = client.works_by_doi(["10.1000/a", "10.1000/b"])
    assert all(isinstance(answer, NoAnswer) for answer in answers.values())
    assert isinstance(client.works_by_doi(["10.1000/c"])["10.1000/c"], NoAnswer)
    assert isinstance(client.search("Byron 1843 Notes"), NoAnswer)
    assert world.store.cache_get_many("crossref", ["doi:10.1000/a", "doi:10.1000/c"]) == {}


def test_one_refused_doi_does_not_spoil_its_batch(world: Outside, client: Crossref) -> None:
    def answer(arrival: Arrival) -> Reply:
        if "bad" in arrival.path:
            return as_json({"status": "failed", "message": [{"type": "filter-not-valid", "message": "no"}]}, 400)
        if "filter" not in query_of(arrival):
            return as_json(single({"DOI": path_of(arrival).removeprefix("/works/"), "title": ["One"]}))
        dois = query_of(arrival)["filter"].replace("doi:", "").split(",")
        return as_json(listed(*({"DOI": doi, "title": [doi]} for doi in dois)))

    world.server.answer = answer
    answers = client.works_by_doi(["10.1000/a", "10.1000/b", "10.1000/bad", "10.1000/c"])
    assert {doi: type(answer) for doi, answer in answers.items()} == {
        "10.1000/a": Found,
        "10.1000/b": Found,
        "10.1000/bad": NoAnswer,
        "10.1000/c": Found,
    }


def test_a_service_that_blocks_us_is_left_alone(world: Outside, client: Crossref) -> None:
    world.server.answer = lambda arrival: Reply(403, b"Blocked")
    first = client.works_by_doi(["10.1000/a"])["10.1000/a"]
    second = client.works_by_doi(["10.1000/b"])["10.1000/b"]
    assert isinstance(first, NoAnswer)
    assert "contact.email" in first.reason
    assert isinstance(second, NoAnswer)
    assert len(world.arrivals) == 1


def test_shutting_down_is_no_answer_to_anything(world: Outside, client: Crossref) -> None:
    world.stop.set()
    with pytest.raises(Stopping):
        client.works_by_doi(["10.1000/a"])


def test_a_search_sends_the_cleaned_print_and_keeps_the_order(world: Outside, client: Crossref) -> None:
    hits = [{"DOI": f"10.1000/{n}", "title": [f"Hit {n}"]} for n in range(3)]
    world.server.answer = lambda arrival: as_json(listed(*hits))
    answer = client.search("[3] Byron, A. Notes. Sci. Mem. 3, 666–731. doi:10.1000/x")
    assert isinstance(answer, Found)
    assert [work.title for work in answer.value] == ["Hit 0", "Hit 1", "Hit 2"]
    query = query_of(world.arrivals[0])
    assert query["query.bibliographic"] == "Byron, A. Notes. Sci. Mem. 3, 666–731."
    assert query["rows"] == "5"
    assert "DOI" in query["select"].split(",")


def test_hits_of_a_search_need_not_be_fetched_again(world: Outside, client: Crossref) -> None:
    world.server.answer = lambda arrival: as_json(listed(ARTICLE))
    client.search("Byron, Growth of E. coli, 2015")
    found = client.works_by_doi(["10.1000/alpha.1"])["10.1000/alpha.1"]
    assert isinstance(found, Found)
    assert found.value == crossref.parse_work(Node(ARTICLE))
    assert len(world.arrivals) == 1


def test_a_search_without_hits_is_nothing(world: Outside, client: Crossref) -> None:
    world.server.answer = lambda arrival: as_json(listed())
    assert client.search("zzz 1900") == Nothing()
    assert client.search("zzz 1900") == Nothing(cached=True)


@pytest.mark.parametrize("raw", ["", "   ", "https://example.org/only/a/link", "[7]", "12-13"])
def test_nothing_is_asked_when_nothing_is_left_to_ask(world: Outside, client: Crossref, raw: str) -> None:
    assert client.search(raw) == Nothing()
    assert world.arrivals == []


@pytest.mark.parametrize(
    ("printed", "query"),
    [
        (
            "[12] A, B. T. Nature 521, 436–44 (2015). https://doi.org/10.1038/nature14539",
            "A, B. T. Nature 521, 436-444 (2015).",
        ),
        ("3. Smith J. Title here. 1425-37", "Smith J. Title here. 1425-1437"),
        ("Smith, T. arXiv preprint arXiv:1706.03762v5, 2017", "Smith, T. , 2017"),
        ("Smith. T (doi: 10.1000/a(b)c). Press", "Smith. T Press"),
        ("Meier, Z. f. Phys. 1998, S. 12-14", "Meier, Z. f. Phys. 1998, S. 12-14"),
        ("Seen 2019-05-12; pp. 300-20", "Seen 2019-05-12; pp. 300-320"),
        ("half a pair \ud83d here 12", "half a pair here 12"),
        ("x" * 500 + " " + "y" * 500, "x" * 500),
        ("x" * 900, "x" * 800),
    ],
)
def test_the_query_has_what_helps_and_no_more(printed: str, query: str) -> None:
    assert crossref.query_of(printed) == query


def test_headers_of_an_answer_tell_the_limits_of_its_bucket() -> None:
    headers = {"X-Rate-Limit-Limit": "3", "x-rate-limit-interval": "1s", "x-concurrency-limit": "3"}
    tuning = crossref.tune(HttpResponse(200, {**headers, "x-api-pool": "polite-array"}, b"", ""))
    assert tuning is not None
    assert (dict(tuning.rates), tuning.concurrency) == ({"list": 3.0}, 3)
    plus = crossref.tune(HttpResponse(200, {**headers, "x-api-pool": "plus", "x-concurrency-limit": "-"}, b"", ""))
    assert plus is not None
    assert (dict(plus.rates), plus.concurrency) == ({"single": 3.0, "list": 3.0}, None)
    bare = crossref.tune(HttpResponse(429, {"x-rate-limit-limit": "0", "x-api-pool": "polite-single"}, b"", ""))
    assert bare is not None
    assert not bare.rates


def test_a_metadata_plus_token_goes_with_every_request_in_a_header_of_its_own(world: Outside) -> None:
    world.server.answer = lambda arrival: as_json(single(ARTICLE) if "select" not in arrival.path else listed())
    keyed = Crossref(world.pool("crossref"), world.store, base_url=world.url, api_key="plustoken")
    keyed.works_by_doi(["10.1000/alpha.1"])
    keyed.search("A tube of Smith 1999")
    assert [arrival.headers.get("crossref-plus-api-token") for arrival in world.arrivals] == ["Bearer plustoken"] * 2
    assert not any("plustoken" in arrival.path for arrival in world.arrivals)


def test_a_wrong_metadata_plus_token_names_the_setting(world: Outside) -> None:
    world.server.answer = lambda arrival: Reply(401, b"Invalid token plustoken")
    keyed = Crossref(world.pool("crossref"), world.store, base_url=world.url, api_key="plustoken")
    answer = keyed.works_by_doi(["10.1000/alpha.1"])["10.1000/alpha.1"]
    assert isinstance(answer, NoAnswer)
    assert "services.crossref.api_key" in answer.reason and "plustoken" not in answer.reason


def test_who_has_no_token_is_not_sent_to_look_for_it(world: Outside, client: Crossref) -> None:
    world.server.answer = lambda arrival: Reply(403)
    answer = client.works_by_doi(["10.1000/alpha.1"])["10.1000/alpha.1"]
    assert isinstance(answer, NoAnswer)
    assert "blocked" in answer.reason and "api_key" not in answer.reason


@pytest.mark.parametrize("raw", ["arxiv." * 8_000, "10.1234." * 6_000, "doi" + ":" * 40_000, "( " * 20_000])
def test_a_query_out_of_long_junk_costs_no_seconds(raw: str) -> None:
    begun = time.monotonic()
    assert len(crossref.query_of(raw)) <= crossref.MAX_QUERY_LETTERS
    assert time.monotonic() - begun < 1


# ── copies ───────────────────────────────────────────────────────────────────────────────────────────────

CC_BY = "http://creativecommons.org/licenses/by/4.0/"


def licence(url: str = CC_BY, version: str = "vor", start: list[int] | None = None) -> dict[str, Any]:
    return {"URL": url, "content-version": version, "delay-in-days": 0, "start": {"date-parts": [start or [2015, 5]]}}


def link(name: str, version: str = "vor", kind: str = "application/pdf", use: str = "text-mining") -> dict[str, Any]:
    url = f"https://pub.test/{name}"
    return {"URL": url, "content-version": version, "content-type": kind, "intended-application": use}


def places(*licences: dict[str, Any], links: tuple[dict[str, Any], ...] = ()) -> list[Location]:
    record = {"DOI": "10.1000/a", "license": list(licences), "link": list(links)}
    return list(crossref.parse_work(Node(record)).locations)


def test_links_count_when_an_open_licence_is_for_their_version() -> None:
    links = (link("v.pdf"), link("am.pdf", "am"), link("v.xml", kind="text/xml"), link("u.pdf", kind="unspecified"))
    found = places(licence(), links=links)
    assert [(one.pdf_url, one.version, one.licence) for one in found] == [
        ("https://pub.test/v.pdf", CopyVersion.PUBLISHED, "cc-by"),
        ("https://pub.test/u.pdf", CopyVersion.PUBLISHED, "cc-by"),
    ]
    assert {one.open_from for one in found} == {"2015-05-01"}


def test_a_link_without_an_open_licence_is_no_open_copy() -> None:
    assert places(links=(link("v.pdf"),)) == []
    assert places(licence("https://www.elsevier.com/tdm/userlicense/1.0/"), links=(link("v.pdf"),)) == []
    assert places(licence(version="tdm"), links=(link("v.pdf"),)) == []


def test_links_for_plagiarism_checks_are_never_used_and_the_doi_leads_to_the_page_instead() -> None:
    (one,) = places(licence(), links=(link("v.pdf", use="similarity-checking"),))
    assert (one.pdf_url, one.landing_url) == (None, "https://doi.org/10.1000/a")


def test_of_several_open_licences_the_one_that_begins_first_gives_the_day() -> None:
    later = licence("https://creativecommons.org/licenses/by-nc/4.0/", start=[2031, 6, 30])
    (one,) = places(later, licence(start=[2031, 6, 1]), links=(link("v.pdf"),))
    assert (one.open_from, one.licence) == ("2031-06-01", "cc-by")
    (other,) = places(licence(start=[2031]), links=(link("v.pdf"),))
    assert other.open_from == "2031-01-01"
