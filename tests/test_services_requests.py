"""What the newer clients send, and how they tell the records apart that come back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dl_lit.model import Answer, Found, NoAnswer, Nothing, Work
from dl_lit.net.http import HttpResponse
from dl_lit.services import semanticscholar, zenodo
from dl_lit.services.base import Index
from dl_lit.services.crossref import Crossref
from dl_lit.services.datacite import DataCite
from dl_lit.services.dnb import Dnb
from dl_lit.services.doaj import Doaj
from dl_lit.services.doi import CSL, DoiOrg
from dl_lit.services.europepmc import EuropePmc
from dl_lit.services.hal import Hal
from dl_lit.services.idconv import IdConverter
from dl_lit.services.openalex import OpenAlex, title_query
from dl_lit.services.opencitations import OpenCitations
from dl_lit.services.openlibrary import OpenLibrary
from dl_lit.services.semanticscholar import SemanticScholar
from dl_lit.services.zenodo import Zenodo
from httpserver import Arrival, Reply
from outside import Outside, as_json, outside, path_of, query_of

ODD_DOI = "10.1000/(sici)1<2::a>3.0;2#4"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Outside]:
    with outside(tmp_path, "crossref") as made:
        yield made


def client_of(world: Outside, kind: type[Index], **more: Any) -> Any:
    make: Any = kind
    return make(world.pool(kind.name), world.store, base_url=world.url, **more)


def work_of(answer: Answer[Work]) -> Work:
    assert isinstance(answer, Found), answer
    return answer.value


# ── Semantic Scholar ─────────────────────────────────────────────────────────────────────────────────────


def test_a_key_goes_into_a_header_and_ids_into_the_body(world: Outside) -> None:
    client = client_of(world, SemanticScholar, api_key="secret")
    world.server.answer = lambda arrival: as_json([{"title": "x"}, None])
    client.works_by_pmcid(["PMC1", "PMC2"])
    (arrival,) = world.arrivals
    assert (arrival.method, path_of(arrival), arrival.headers["x-api-key"]) == ("POST", "/paper/batch", "secret")
    assert json.loads(arrival.body) == {"ids": ["PMCID:PMC1", "PMCID:PMC2"]}
    assert "secret" not in arrival.path and "openAccessPdf" in query_of(arrival)["fields"]


def test_each_kind_of_identifier_has_its_prefix(world: Outside) -> None:
    client = client_of(world, SemanticScholar)
    world.server.answer = lambda arrival: as_json([None])
    client.works_by_doi(["10.1000/x"]), client.works_by_arxiv(["2001.00001"]), client.works_by_pmid(["7"])
    sent = [json.loads(arrival.body)["ids"][0] for arrival in world.arrivals]
    assert sent == ["DOI:10.1000/x", "ARXIV:2001.00001", "PMID:7"]


def test_a_batch_of_another_length_is_no_answer(world: Outside) -> None:
    client = client_of(world, SemanticScholar)
    world.server.answer = lambda arrival: as_json([{"title": "x"}])
    assert all(isinstance(one, NoAnswer) for one in client.works_by_doi(["10.1000/x", "10.1000/y"]).values())


def test_long_reference_lists_come_in_pages(world: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semanticscholar, "REFERENCES_PER_PAGE", 2)
    cited = [{"citedPaper": {"title": f"Paper {n}", "externalIds": None}} for n in range(5)]

    def page(arrival: Arrival) -> Reply:
        start = int(query_of(arrival)["offset"])
        more = {"next": start + 2} if start + 2 < len(cited) else {}
        return as_json({"offset": start, "data": cited[start : start + 2], **more})

    world.server.answer = page
    answer = client_of(world, SemanticScholar).references("10.1000/x")
    assert [work.title for work in answer.value] == [f"Paper {n}" for n in range(5)]
    assert len(world.arrivals) == 3


# ── batches and strangers ────────────────────────────────────────────────────────────────────────────────


def test_datacite_is_asked_for_many_in_one_query_and_maps_them_back(world: Outside) -> None:
    dois = [f"10.5281/zenodo.{n}" for n in range(60)]

    def listing(arrival: Arrival) -> Reply:
        asked = query_of(arrival)["query"]
        known = [doi for doi in reversed(dois[:55]) if f'"{doi}"' in asked]
        return as_json({"data": [{"attributes": {"doi": doi.upper(), "titles": [{"title": doi}]}} for doi in known]})

    world.server.answer = listing
    answers = client_of(world, DataCite).works_by_doi(dois)
    assert [work_of(answers[doi]).title for doi in dois[:55]] == dois[:55]
    assert all(answers[doi] == Nothing() for doi in dois[55:])
    assert len(world.arrivals) == 2


def test_europe_pmc_prefers_the_fuller_record(world: Outside) -> None:
    results = [
        {"source": "PPR", "doi": "10.1000/X", "title": "Preprint"},
        {"source": "MED", "doi": "10.1000/x", "title": "Article."},
        "odd",
    ]
    world.server.answer = lambda arrival: as_json({"resultList": {"result": results}})
    client = client_of(world, EuropePmc)
    assert work_of(client.works_by_doi(["10.1000/x"])["10.1000/x"]).title == "Article"
    client.works_by_pmid(["7", "8"]), client.works_by_pmcid(["PMC9"])
    asked = [query_of(arrival)["query"] for arrival in world.arrivals]
    assert asked == ['DOI:"10.1000/x"', "(EXT_ID:7 AND SRC:MED) OR (EXT_ID:8 AND SRC:MED)", "PMCID:PMC9"]


def test_the_id_converter_is_told_who_asks(world: Outside) -> None:
    world.server.answer = lambda arrival: as_json({"status": "ok", "records": []})
    client_of(world, IdConverter, email="me@uni.test").identifiers_by_pmid(["7", "8"])
    query = query_of(world.arrivals[0])
    assert (query["ids"], query["idtype"], query["tool"], query["email"]) == ("7,8", "pmid", "dl-lit", "me@uni.test")


def test_doaj_compares_the_doi(world: Outside) -> None:
    def hit(doi: str) -> dict[str, Any]:
        return {"bibjson": {"title": doi, "identifier": [{"type": "doi", "id": doi}]}}

    world.server.answer = lambda arrival: as_json({"results": [hit("10.1000/stranger"), hit(ODD_DOI.upper())]})
    client = client_of(world, Doaj)
    assert work_of(client.works_by_doi([ODD_DOI])[ODD_DOI]).doi == ODD_DOI
    assert client.works_by_doi(["10.1000/other"])["10.1000/other"] == Nothing()
    paths = [path_of(arrival) for arrival in world.arrivals]
    assert paths == [f'/search/articles/doi:"{ODD_DOI}"', "/search/articles/doi:10.1000/other"]


def test_doaj_is_asked_for_several_dois_at_once(world: Outside) -> None:
    def hit(doi: str) -> dict[str, Any]:
        return {"bibjson": {"title": doi, "identifier": [{"type": "doi", "id": doi}]}}

    world.server.answer = lambda arrival: as_json({"results": [hit("10.1000/b"), hit("10.1000/x"), hit("10.1000/A")]})
    answers = client_of(world, Doaj).works_by_doi(["10.1000/a", "10.1000/b", "10.1000/c"])
    assert [work_of(answers[doi]).doi for doi in ("10.1000/a", "10.1000/b")] == ["10.1000/a", "10.1000/b"]
    assert answers["10.1000/c"] == Nothing()
    assert [path_of(one) for one in world.arrivals] == [
        '/search/articles/doi:"10.1000/a" OR doi:"10.1000/b" OR doi:"10.1000/c"'
    ]


def test_zenodo_compares_the_doi_of_the_record_and_of_all_its_versions(world: Outside) -> None:
    hits = [
        {"doi": "10.1000/stranger", "metadata": {"title": "no"}},
        {"doi": "10.1000/V2", "conceptdoi": "10.1000/all"},
    ]
    world.server.answer = lambda arrival: as_json({"hits": {"hits": hits}})
    client = client_of(world, Zenodo)
    assert work_of(client.works_by_doi(["10.1000/all"])["10.1000/all"]).doi == "10.1000/all"
    assert client.works_by_doi(["10.1000/none"])["10.1000/none"] == Nothing()


def test_hal_prefers_the_document_with_a_file(world: Outside) -> None:
    documents = [
        {"doiId_s": "10.1000/x", "title_s": ["notice"]},
        {"doiId_s": "10.1000/X", "title_s": ["file"], "fileMain_s": "https://hal.test/1/document"},
        {"doiId_s": "10.1000/x", "title_s": ["another notice"]},
    ]
    world.server.answer = lambda arrival: as_json({"response": {"docs": documents}})
    answer = client_of(world, Hal).works_by_doi(["10.1000/x", "10.1000/y"])
    assert work_of(answer["10.1000/x"]).title == "file" and answer["10.1000/y"] == Nothing()


def test_opencitations_sends_its_token_and_keeps_to_ten(world: Outside) -> None:
    world.server.answer = lambda arrival: as_json([])
    client_of(world, OpenCitations, api_key="token").works_by_doi([f"10.1000/{n}" for n in range(11)])
    assert [path_of(arrival).count("__") for arrival in world.arrivals] == [9, 0]
    assert world.arrivals[0].headers["authorization"] == "token"


def test_open_library_answers_with_other_books_than_asked_is_no_answer(world: Outside) -> None:
    world.server.answer = lambda arrival: as_json({"ISBN:9780306406157": {"title": "x"}})
    answers = client_of(world, OpenLibrary).works_by_isbn(["9783161484100"])
    assert isinstance(answers["9783161484100"], NoAnswer)


def test_the_national_library_is_asked_for_many_isbns_at_once(world: Outside) -> None:
    empty = b"<searchRetrieveResponse><numberOfRecords>0</numberOfRecords></searchRetrieveResponse>"
    world.server.answer = lambda arrival: Reply(200, empty)
    client_of(world, Dnb).works_by_isbn(["9783161484100", "9780306406157"])
    assert query_of(world.arrivals[0])["query"] == "num=9783161484100 or num=9780306406157"


# ── Crossref and OpenAlex ────────────────────────────────────────────────────────────────────────────────


def test_whole_books_are_asked_for_by_isbn(world: Outside) -> None:
    items = [
        {
            "DOI": "10.1000/book",
            "type": "monograph",
            "ISBN": ["http://id.crossref.org/isbn/9783161484100", "9780306406157"],
        }
    ]
    world.server.answer = lambda arrival: as_json({"status": "ok", "message": {"items": items}})
    answers = client_of(world, Crossref).works_by_isbn(["9780306406157", "9783161484100"])
    assert {work_of(answer).doi for answer in answers.values()} == {"10.1000/book"}
    assert [work_of(answers[one]).isbn for one in answers] == list(answers)
    conditions = query_of(world.arrivals[0])["filter"].split(",")
    assert conditions[:2] == ["isbn:9780306406157", "isbn:9783161484100"] and "type:monograph" in conditions


def test_a_record_that_comes_with_its_references_is_not_asked_for_again(world: Outside) -> None:
    record = {"DOI": "10.1000/x", "title": ["X"], "reference": [{"DOI": "10.1000/y"}]}
    world.server.answer = lambda arrival: as_json({"status": "ok", "message": record})
    client = client_of(world, Crossref)
    assert [one.doi for one in client.references("10.1000/x").value] == ["10.1000/y"]
    assert work_of(client.works_by_doi(["10.1000/x"])["10.1000/x"]).title == "X"
    assert len(world.arrivals) == 1


def test_an_answer_that_a_locked_database_cannot_keep_is_used_all_the_same(world: Outside) -> None:
    world.server.answer = lambda arrival: as_json({"status": "ok", "message": {"DOI": "10.1000/x", "title": ["X"]}})
    client = client_of(world, Crossref)
    database = world.store.database
    database.reader().execute("PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert work_of(client.works_by_doi(["10.1000/x"])["10.1000/x"]).title == "X"
        other.execute("ROLLBACK")
    assert work_of(client.works_by_doi(["10.1000/x"])["10.1000/x"]).title == "X"
    assert len(world.arrivals) == 2


def test_a_work_without_a_deposited_list_has_nothing(world: Outside) -> None:
    world.server.answer = lambda arrival: as_json({"status": "ok", "message": {"DOI": "10.1000/x"}})
    client = client_of(world, Crossref)
    assert client.references("10.1000/x") == Nothing()
    assert client.references("10.1000/x") == Nothing(cached=True)
    assert client.references("10.48550/arxiv.2001.00001") == Nothing()


def test_openalex_tells_what_a_work_cites_as_records(world: Outside) -> None:
    def answer(arrival: Arrival) -> Reply:
        if path_of(arrival) == "/works/doi:10.1000/x":
            urls = ["https://openalex.org/W2", "https://openalex.org/W3", "https://openalex.org/W2"]
            return as_json({"id": "https://openalex.org/W1", "referenced_works": urls})
        return as_json({"results": [{"id": "https://openalex.org/W3", "doi": "https://doi.org/10.1000/Z"}]})

    world.server.answer = answer
    client = client_of(world, OpenAlex)
    assert client.reference_ids("10.1000/x") == Found(("W2", "W3"))
    assert [work.doi for work in client.references("10.1000/x").value] == ["10.1000/z"]
    assert query_of(world.arrivals[1])["filter"] == "ids.openalex:W2|W3"


def test_half_known_references_of_openalex_are_no_answer(world: Outside) -> None:
    def answer(arrival: Arrival) -> Reply:
        if path_of(arrival) == "/works/doi:10.1000/x":
            return as_json({"id": "https://openalex.org/W1", "referenced_works": ["https://openalex.org/W2"]})
        return Reply(200, b"<html>")

    world.server.answer = answer
    assert isinstance(client_of(world, OpenAlex).references("10.1000/x"), NoAnswer)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("What is it? A *study* (revised)", "What is it A study revised"),
        ("Cats AND dogs, OR NOT", "Cats and dogs or not"),
        ('The "new" | old!~', "The new old"),
        ("<i>In vitro</i> tests", "In vitro tests"),
        ("?!", ""),
        ("word " * 200, ("word " * 100).strip()),
    ],
)
def test_a_title_has_no_operators_in_a_search(title: str, expected: str) -> None:
    assert title_query(title) == expected


# ── doi.org ──────────────────────────────────────────────────────────────────────────────────────────────


def test_records_of_crossref_are_fetched_in_crossrefs_pool(world: Outside) -> None:
    base = f"{world.url}/crossref"
    record = {"DOI": "10.1000/X", "title": "X", "type": "book"}

    def answer(arrival: Arrival) -> Reply:
        if path_of(arrival).startswith("/crossref"):
            return as_json(record)
        return Reply(302, b"", {"Location": f"{base}/works/10.1000/x/transform"})

    world.server.answer = answer
    crossref = world.pool("crossref")
    client = client_of(world, DoiOrg, crossref=(base, crossref))
    assert work_of(client.works_by_doi(["10.1000/x"])["10.1000/x"]).title == "X"
    assert [arrival.headers["accept"] for arrival in world.arrivals] == [CSL, CSL]
    assert (crossref.health().requests, client.pool.health().requests) == (1, 1)


@pytest.mark.parametrize("status", [404, 406])
def test_a_doi_without_a_record_exists_all_the_same(world: Outside, status: int) -> None:
    def answer(arrival: Arrival) -> Reply:
        if path_of(arrival) == "/agency":
            return Reply(status, b"The resource you are looking for doesn't exist.")
        return Reply(302, b"", {"Location": "/agency"})

    world.server.answer = answer
    work = work_of(client_of(world, DoiOrg).works_by_doi(["10.1000/x"])["10.1000/x"])
    assert work == Work(doi="10.1000/x", sources=("doi",))


@pytest.mark.parametrize("crossref_answers", [Reply(500, b""), Reply(400, b"no"), Reply(200, b"<html>")])
def test_trouble_at_the_agency_is_no_answer(world: Outside, crossref_answers: Reply) -> None:
    base = f"{world.url}/crossref"

    def answer(arrival: Arrival) -> Reply:
        at_agency = path_of(arrival).startswith("/crossref")
        return crossref_answers if at_agency else Reply(302, b"", {"Location": f"{base}/works/10.1000/x"})

    world.server.answer = answer
    client = client_of(world, DoiOrg, crossref=(base, world.pool("crossref")))
    assert isinstance(client.works_by_doi(["10.1000/x"])["10.1000/x"], NoAnswer)


def test_a_refusal_of_an_agency_is_not_doi_orgs(world: Outside) -> None:
    def answer(arrival: Arrival) -> Reply:
        if path_of(arrival) == "/agency":
            return Reply(403, b"Forbidden")
        return Reply(404) if path_of(arrival) == "/10.1000/none" else Reply(302, b"", {"Location": "/agency"})

    world.server.answer = answer
    client = client_of(world, DoiOrg)
    assert isinstance(client.works_by_doi(["10.1000/x"])["10.1000/x"], NoAnswer)
    assert client.works_by_doi(["10.1000/none"])["10.1000/none"] == Nothing()


def test_a_redirect_to_nowhere_is_no_answer(world: Outside) -> None:
    world.server.answer = lambda arrival: Reply(302, b"", {"Location": "http://[x"})
    assert isinstance(client_of(world, DoiOrg).works_by_doi(["10.1000/x"])["10.1000/x"], NoAnswer)


# ── Zenodo's headers ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("header", "expected"), [("60", 0.5), ("12", 0.2), ("0", None), ("x", None), (None, None)])
def test_zenodo_is_asked_less_when_it_allows_less(header: str | None, expected: float | None) -> None:
    headers = {} if header is None else {"X-RateLimit-Limit": header}
    tuning = zenodo.tune(HttpResponse(200, headers, b"", "https://z.test"))
    assert (tuning and tuning.rates.get("default")) == expected
