"""What no client may take for "nothing": pages, empty frames, errors. And what each of them must take for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dl_lit.model import Answer, Health, NoAnswer, Nothing, Silence
from dl_lit.services.arxiv import LIMITS, Arxiv
from dl_lit.services.base import Index
from dl_lit.services.core import Core
from dl_lit.services.crossref import Crossref
from dl_lit.services.datacite import DataCite
from dl_lit.services.dnb import Dnb
from dl_lit.services.doaj import Doaj
from dl_lit.services.doi import DoiOrg
from dl_lit.services.europepmc import EuropePmc
from dl_lit.services.hal import Hal
from dl_lit.services.idconv import IdConverter
from dl_lit.services.openalex import OpenAlex
from dl_lit.services.opencitations import OpenCitations
from dl_lit.services.openlibrary import OpenLibrary
from dl_lit.services.pmc import Pmc
from dl_lit.services.semanticscholar import SemanticScholar
from dl_lit.services.wayback import Wayback
from dl_lit.services.zenodo import Zenodo
from httpserver import Reply
from outside import Outside, as_json, outside

DOI, OTHER, ISBN, OTHER_ISBN = "10.1000/a", "10.1000/b", "9783161484100", "9780306406157"
SRU = '<searchRetrieveResponse xmlns="http://www.loc.gov/zing/srw/">{}</searchRetrieveResponse>'
DIAGNOSTIC = (
    "<numberOfRecords>0</numberOfRecords><diagnostics><d:diagnostic xmlns:d='http://www.loc.gov/zing/srw/diagnostic/'>"
    "<d:message>System temporarily unavailable</d:message></d:diagnostic></diagnostics>"
)

Ask = Callable[[Any], Answer[Any]]


def record(method: str, *ids: str) -> Ask:
    def ask(client: Any) -> Answer[Any]:
        answer: Answer[Any] = getattr(client, method)(ids)[ids[0]]
        return answer

    return ask


def asked(method: str, argument: str = "A title") -> Ask:
    def ask(client: Any) -> Answer[Any]:
        answer: Answer[Any] = getattr(client, method)(argument)
        return answer

    return ask


# What is asked of whom, and the answer that means "there is none".
QUESTIONS: dict[str, tuple[type[Index], Ask, Reply]] = {
    "crossref references": (Crossref, asked("references", DOI), Reply(404, b"Resource not found.")),
    "crossref isbn": (
        Crossref,
        record("works_by_isbn", ISBN),
        as_json({"status": "ok", "message": {"items": []}}),
    ),
    "openalex references": (OpenAlex, asked("references", DOI), Reply(404, b"<html>")),
    "openalex title": (OpenAlex, asked("search_title"), as_json({"results": []})),
    "openalex pmcid": (OpenAlex, record("works_by_pmcid", "PMC1", "PMC2"), as_json({"results": []})),
    "arxiv": (Arxiv, record("works", "2001.00001"), Reply(200, b'<feed xmlns="http://www.w3.org/2005/Atom"/>')),
    "semantic scholar": (SemanticScholar, record("works_by_doi", DOI, OTHER), as_json([None, None])),
    "semantic scholar, none valid": (
        SemanticScholar,
        record("works_by_pmid", "1"),
        as_json({"error": "No valid paper ids given"}, 400),
    ),
    "semantic scholar title": (
        SemanticScholar,
        asked("search_title"),
        as_json({"error": "Title match not found"}, 404),
    ),
    "semantic scholar title, empty": (SemanticScholar, asked("search_title"), as_json({"data": []})),
    "semantic scholar references": (
        SemanticScholar,
        asked("references", DOI),
        as_json({"error": "Paper with id DOI:10.1000/a not found"}, 404),
    ),
    "semantic scholar references, kept back": (
        SemanticScholar,
        asked("references", DOI),
        as_json({"data": None, "citingPaperInfo": {"openAccessPdf": None}}),
    ),
    "datacite": (DataCite, record("works_by_doi", DOI), as_json({"errors": [{"status": "404"}]}, 404)),
    "datacite batch": (DataCite, record("works_by_doi", DOI, OTHER), as_json({"data": []})),
    "datacite title": (DataCite, asked("search_title"), as_json({"data": []})),
    "europe pmc": (EuropePmc, record("works_by_doi", DOI), as_json({"resultList": {"result": []}})),
    "europe pmc title": (EuropePmc, asked("search_title"), as_json({"resultList": {"result": []}})),
    "idconv": (
        IdConverter,
        record("identifiers_by_doi", DOI),
        as_json({"status": "ok", "records": [{"requested-id": DOI, "status": "error", "errmsg": "not found"}]}),
    ),
    "opencitations": (OpenCitations, record("works_by_doi", DOI), as_json([])),
    "opencitations references": (OpenCitations, asked("references", DOI), as_json([])),
    "doaj": (Doaj, record("works_by_doi", DOI), as_json({"total": 0, "results": []})),
    "doaj title": (Doaj, asked("search_title"), as_json({"total": 0, "results": []})),
    "zenodo": (Zenodo, record("works_by_doi", DOI), as_json({"hits": {"total": 0, "hits": []}})),
    "zenodo record": (Zenodo, record("works_by_doi", "10.5281/zenodo.7"), as_json({"status": 410}, 410)),
    "zenodo title": (Zenodo, asked("search_title"), as_json({"hits": {"total": 0, "hits": []}})),
    "hal": (Hal, record("works_by_doi", DOI), as_json({"response": {"docs": []}})),
    "hal title": (Hal, asked("search_title"), as_json({"response": {"docs": []}})),
    "open library": (OpenLibrary, record("works_by_isbn", ISBN, OTHER_ISBN), as_json({})),
    "open library title": (OpenLibrary, asked("search_title"), as_json({"docs": []})),
    "dnb": (
        Dnb,
        record("works_by_isbn", ISBN),
        Reply(200, SRU.format("<numberOfRecords>0</numberOfRecords>").encode()),
    ),
    "dnb title": (
        Dnb,
        asked("search_title"),
        Reply(200, SRU.format("<numberOfRecords>0</numberOfRecords>").encode()),
    ),
    "pmc": (
        Pmc,
        asked("locations", "PMC1"),
        Reply(200, b"<ListBucketResult></ListBucketResult>"),
    ),
    "wayback": (Wayback, asked("snapshot", "https://gone.test/a.pdf"), as_json([])),
    "core": (Core, record("works_by_doi", DOI), as_json({"totalHits": 0, "results": []})),
    "doi": (DoiOrg, record("works_by_doi", DOI), Reply(404, b"<html>DOI Not Found</html>")),
}
BAD: dict[str, Reply] = {
    "a page": Reply(200, b"<html><title>We are improving our service</title></html>", {"Content-Type": "text/html"}),
    "an empty body": Reply(200, b""),
    "a bare version": as_json({"version": "6.9"}),
    "a number": as_json(7),
    "an error under 200": as_json({"error": "internal"}),
    "500": Reply(500, b"Internal Server Error"),
    "503": Reply(503, b""),
    "429": as_json({"message": "Too Many Requests.", "code": "429"}, 429),
    "403": as_json({"message": "Forbidden"}, 403),
    "an SRU diagnostic": Reply(200, SRU.format(DIAGNOSTIC).encode(), {"Content-Type": "text/xml"}),
    "an SRU response without a number": Reply(200, SRU.format("").encode()),
}
# A 404 that is no service's word: a proxy's page, or an entity endpoint that moved away.
NOT_FROM_LISTS = Reply(404, b"<html>404 Not Found</html>")
ENTITY_404 = frozenset({"crossref references", "openalex references", "doi"})


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Outside]:
    with outside(tmp_path, "crossref") as made:
        yield made


def client_of(world: Outside, kind: type[Index]) -> Any:
    make: Any = kind
    return make(world.pool(kind.name), world.store, base_url=world.url)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_definite_no_is_nothing_and_remembered(world: Outside, question: str) -> None:
    kind, ask, no = QUESTIONS[question]
    client = client_of(world, kind)
    world.server.answer = lambda arrival: no
    assert ask(client) == Nothing()
    asked_so_far = len(world.arrivals)
    assert ask(client) == Nothing(cached=True)
    assert len(world.arrivals) == asked_so_far


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("bad", BAD)
def test_a_bad_answer_is_no_answer_and_forgotten(world: Outside, question: str, bad: str) -> None:
    kind, ask, no = QUESTIONS[question]
    client = client_of(world, kind)
    world.server.answer = lambda arrival: BAD[bad]
    assert isinstance(ask(client), NoAnswer)
    if bad not in ("429", "403", "503", "500"):  # after those the pool rests for a while
        world.server.answer = lambda arrival: no
        assert ask(client) == Nothing()


@pytest.mark.parametrize("question", sorted(QUESTIONS.keys() - ENTITY_404))
def test_a_404_without_the_services_own_words_is_no_answer(world: Outside, question: str) -> None:
    kind, ask, _ = QUESTIONS[question]
    world.server.answer = lambda arrival: NOT_FROM_LISTS
    assert isinstance(ask(client_of(world, kind)), NoAnswer)


HOLLOW: dict[str, Any] = {
    "its version": {"version": "6.9"},
    "an error": {"version": "6.9", "errCode": 404, "errMsg": "Search error"},
    "a list of another kind": {"version": "6.9", "hitCount": 0, "resultList": {}},
}


@pytest.mark.parametrize("body", HOLLOW.values(), ids=HOLLOW)
def test_hollow_answers_of_europe_pmc_open_its_circuit_and_a_whole_one_closes_it(tmp_path: Path, body: Any) -> None:
    with outside(tmp_path, "europepmc") as world:
        world.server.answer = lambda arrival: as_json(body)
        client = EuropePmc(world.pool("europepmc", rest_seconds=0.3), world.store, base_url=world.url)
        answers = [client.search_title(f"Title number {number}") for number in range(8)]
        assert all(isinstance(answer, NoAnswer) for answer in answers)
        assert len(world.arrivals) == 5 and client.pool.health().health is Health.OPEN
        assert client.pool.health().detail == "answered with something else than a list of results, 5 times"
        world.server.answer = lambda arrival: as_json({"resultList": {"result": []}})
        threading.Event().wait(0.35)
        assert client.search_title("Another title") == Nothing()
        assert client.pool.health().health is not Health.OPEN


def diagnostic(number: int) -> Reply:
    """An SRU answer that refuses, with one of https://www.loc.gov/standards/sru/diagnostics/."""
    told = DIAGNOSTIC.replace("<d:message>", f"<d:uri>info:srw/diagnostic/1/{number}</d:uri><d:message>")
    return Reply(200, SRU.format(told).encode())


def test_diagnostics_of_the_catalogue_open_its_circuit_and_those_of_a_query_do_not(tmp_path: Path) -> None:
    with outside(tmp_path, "dnb") as world:
        client = Dnb(world.pool("dnb"), world.store, base_url=world.url)
        world.server.answer = lambda arrival: diagnostic(10)
        answers = [client.search_title(f"Title number {number}") for number in range(8)]
        assert {answer.kind for answer in answers if isinstance(answer, NoAnswer)} == {Silence.DECLINED}
        assert len(world.arrivals) == 8 and client.pool.health().health is not Health.OPEN
        world.server.answer = lambda arrival: diagnostic(2)
        answers = [client.search_title(f"Other title number {number}") for number in range(8)]
        assert {answer.kind for answer in answers if isinstance(answer, NoAnswer)} == {Silence.ILL}
        assert len(world.arrivals) == 13 and client.pool.health().health is Health.OPEN
        assert client.pool.health().detail == "could not answer (System temporarily unavailable), 5 times"


def test_arxiv_says_with_a_406_that_it_is_asked_too_fast(tmp_path: Path) -> None:
    with outside(tmp_path, "arxiv") as world:
        world.server.answer = lambda arrival: Reply(406)
        pool = world.network.service("arxiv", replace(LIMITS, rates={"default": 900.0}, tries=1))
        client = Arxiv(pool, world.store, base_url=world.url)
        answers = [client.works([f"2001.0000{number}"])[f"2001.0000{number}"] for number in range(8)]
        assert all(isinstance(answer, NoAnswer) for answer in answers)
        assert len(world.arrivals) == 5 and pool.health().health is Health.OPEN
        assert pool.health().detail == "was overloaded (406), 5 times"
