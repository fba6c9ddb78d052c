"""Every client against its stand-in: records come back as the world has them, misses are misses, limits are kept."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dl_lit.config import load_settings
from dl_lit.model import Answer, Found, NoAnswer, Nothing, Person, Work
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.network import Network
from dl_lit.services import semanticscholar
from dl_lit.services.registry import OFFERS, ServiceSet, build_services
from dl_lit.standin.audit import audit
from dl_lit.standin.catalogue import CatalogueWork
from dl_lit.standin.citations import cited_by, pmcid_of
from dl_lit.standin.server import SERVICES, StandIn
from dl_lit.standin.settings import Fault, FaultMode
from dl_lit.standin.world import Entry
from dl_lit.store.database import Database
from dl_lit.store.store import Store
from standin_tools import get, made_up_works, running

EMAIL = "someone@uni-nord.de"
KEYS = {"openalex": {"api_key": "stand-in-key"}, "semanticscholar": {"api_key": "stand-in-key"}}
BOOK = CatalogueWork(
    key="brücken",
    title="Die Brücken der Nordsee",
    subtitle="Ein Überblick",
    year=1999,
    type="book",
    language="de",
    cited_by=7,
    authors=(Person(family="Müller", given="Änne"),),
    editors=(Person(family="Ohm", given="Otto"),),
    publisher="Küstenverlag",
    place="Husum",
    doi="10.1000/book",
    isbn="9783161484100",
)
PREPRINT = replace(
    made_up_works(1)[0],
    key="preprint",
    title="Tidal gates",
    authors=BOOK.authors,
    doi="10.48550/arxiv.2001.00999",
    arxiv="2001.00999",
    pmid=None,
)
REPORT = replace(BOOK, key="report", title="Dikes in numbers", type="report", doi="10.5281/zenodo.4242", isbn=None)


def article(work: CatalogueWork) -> CatalogueWork:
    """An article by people whose names can be told apart into their parts."""
    return replace(work, type="journal-article", authors=(Person(family="Byron", given="Ada"), *work.authors[1:]))


@contextmanager
def asked(
    folder: Path, works: tuple[CatalogueWork, ...] = (), *, keyless: bool = False, **settings: Any
) -> Iterator[tuple[StandIn, ServiceSet]]:
    """A stand-in, and all clients with keys and an address, whose requests must have kept every limit."""
    catalogue = (*map(article, made_up_works(60)), BOOK, PREPRINT, REPORT, *works)
    quiet = {"europepmc_hollow": 0.0, "semanticscholar_busy": 0.0, **settings}
    with running(folder, works=catalogue, **quiet) as standin:
        overrides = {"contact": {"email": EMAIL}, "services": {} if keyless else KEYS}
        configured = load_settings(services_url=standin.url, overrides=overrides)
        network = Network(configured, MemoryLedger(), stop=threading.Event())
        store = Store(Database.open(folder / "literature.db", configured.store, create=True))
        try:
            yield standin, build_services(configured, network, store)
        finally:
            network.close()
            store.close()
    assert audit(standin.log_path) == []


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StandIn, ServiceSet]]:
    with asked(tmp_path_factory.mktemp("standin")) as made:
        yield made


def value(answer: Answer[Any]) -> Any:
    assert isinstance(answer, Found), answer
    return answer.value


def whole(work: Work) -> str:
    return f"{work.title}: {work.subtitle}" if work.subtitle else work.title or ""


def pubmed_entries(standin: StandIn, count: int) -> list[Entry]:
    return [one for one in standin.world.entries if pmcid_of(one) and not one.is_parasite and one.in_crossref][:count]


def test_the_stand_in_serves_every_client(world: tuple[StandIn, ServiceSet]) -> None:
    _, services = world
    assert {client.name for client in services.clients()} == OFFERS.keys()
    assert OFFERS.keys() <= SERVICES.keys()


def test_every_probe_is_answered(world: tuple[StandIn, ServiceSet]) -> None:
    for client in world[1].clients():
        client.probe()


def test_semantic_scholar_answers_many_identifiers_in_one_call(world: tuple[StandIn, ServiceSet]) -> None:
    standin, services = world
    client = services.semanticscholar
    assert client is not None
    known = [one for one in standin.world.entries if f"doi:{one.doi}" in standin_ids(standin)][:5]
    answers = client.works_by_doi([*(one.doi or "" for one in known), "10.1000/unheard-of"])
    assert [value(answers[one.doi or ""]).doi for one in known] == [one.doi for one in known]
    assert answers["10.1000/unheard-of"] == Nothing()
    assert all(value(answers[one.doi or ""]).authors == one.work.authors for one in known)
    assert client.works_by_doi(["10.1000/also-unheard-of"]) == {"10.1000/also-unheard-of": Nothing()}


def standin_ids(standin: StandIn) -> set[str]:
    service: Any = standin._services["semanticscholar"]
    return set(service._by_id)


def test_semantic_scholar_matches_a_title_and_knows_when_there_is_none(world: tuple[StandIn, ServiceSet]) -> None:
    standin, services = world
    client = services.semanticscholar
    assert client is not None
    entry = next(one for one in standin.world.entries if f"doi:{one.doi}" in standin_ids(standin))
    (work,) = value(client.search_title(entry.work.title))
    assert work.doi == entry.doi
    assert client.search_title("Nothing of this kind was ever written") == Nothing()


def test_what_a_work_cites_is_the_same_in_four_services(world: tuple[StandIn, ServiceSet]) -> None:
    standin, services = world
    crossref, openalex, open_citations = services.crossref, services.openalex, services.opencitations
    scholar = services.semanticscholar
    assert crossref is not None and openalex is not None and open_citations is not None and scholar is not None
    known = standin_ids(standin)
    entry = next(
        one
        for one in standin.world.entries
        if one.in_crossref and cited_by(standin.world, one) and f"doi:{one.doi}" in known
    )
    doi, cited = entry.doi or "", cited_by(standin.world, entry)
    expected = {one.doi for one in cited if one.doi}
    deposited = value(crossref.references(doi))
    assert [one.position for one in deposited] == list(range(1, len(cited) + 1))
    assert all(one.doi in (None, entry.doi) for one, entry in zip(deposited, cited, strict=True))
    assert sum(one.doi is not None for one in deposited) > len(cited) / 2
    assert {work.doi for work in value(openalex.references(doi))} == {one.doi for one in cited if one.in_openalex}
    assert {work.doi for work in value(open_citations.references(doi))} == expected
    assert {work.doi for work in value(scholar.references(doi))} == expected
    for answer in (crossref.references("10.1000/none"), openalex.references("10.1000/none")):
        assert answer == Nothing()
    assert open_citations.references("10.1000/none") == Nothing()
    assert scholar.references("10.1000/none") == Nothing()


def test_datacite_has_what_crossref_has_not(world: tuple[StandIn, ServiceSet]) -> None:
    client = world[1].datacite
    assert client is not None
    answers = client.works_by_doi([PREPRINT.doi or "", REPORT.doi or "", "10.1000/w001"])
    preprint, report = value(answers[PREPRINT.doi or ""]), value(answers[REPORT.doi or ""])
    assert (preprint.type, preprint.arxiv, preprint.authors) == ("posted-content", "2001.00999", PREPRINT.authors)
    assert (report.title, report.subtitle, report.type) == (REPORT.title, REPORT.subtitle, "report")
    assert answers["10.1000/w001"] == Nothing()
    assert [work.doi for work in value(client.search_title("Tidal gates"))] == [PREPRINT.doi]
    assert client.search_title("Tidal bores") == Nothing()
    assert client.works_by_doi(["10.5281/zenodo.1"]) == {"10.5281/zenodo.1": Nothing()}


def test_europe_pmc_answers_three_kinds_of_identifier(world: tuple[StandIn, ServiceSet]) -> None:
    standin, services = world
    client = services.europepmc
    assert client is not None
    first, second, third = pubmed_entries(standin, 3)
    by_doi = client.works_by_doi([first.doi or "", "10.1000/none"])
    by_pmid = client.works_by_pmid([second.work.pmid or ""])
    by_pmcid = client.works_by_pmcid([pmcid_of(third) or ""])
    for answer, entry in (
        (by_doi[first.doi or ""], first),
        (by_pmid[second.work.pmid or ""], second),
        (by_pmcid[pmcid_of(third) or ""], third),
    ):
        work = value(answer)
        assert (work.doi, work.pmid, work.pmcid) == (entry.doi, entry.work.pmid, pmcid_of(entry))
        assert (whole(work), work.year, work.authors) == (entry.work.title, entry.work.year, entry.work.authors)
        assert work.is_oa and work.locations
    assert by_doi["10.1000/none"] == Nothing()
    assert value(client.search_title(first.work.title))[0].doi == first.doi


def test_an_answer_of_europe_pmc_with_nothing_in_it_is_no_answer(tmp_path: Path) -> None:
    with asked(tmp_path, europepmc_hollow=1.0) as (_, services):
        assert services.europepmc is not None
        assert isinstance(services.europepmc.works_by_pmid(["7000001"])["7000001"], NoAnswer)


def test_the_id_converter_finds_the_other_identifiers(world: tuple[StandIn, ServiceSet]) -> None:
    standin, services = world
    client = services.idconv
    assert client is not None
    (entry,) = pubmed_entries(standin, 1)
    doi, pmid, pmcid = entry.doi or "", entry.work.pmid or "", pmcid_of(entry) or ""
    same = Found(Work(doi=doi, pmid=pmid, pmcid=pmcid, sources=("idconv",)))
    assert client.identifiers_by_doi([doi, "10.1000/none"]) == {doi: same, "10.1000/none": Nothing()}
    assert client.identifiers_by_pmid([pmid]) == {pmid: same}
    assert client.identifiers_by_pmcid([pmcid]) == {pmcid: same}


def test_openalex_answers_pmcids_ids_and_titles(world: tuple[StandIn, ServiceSet]) -> None:
    standin, services = world
    client = services.openalex
    assert client is not None
    entries = pubmed_entries(standin, 3)
    before = client.pool.health().remaining or 0
    answers = client.works_by_pmcid([pmcid_of(one) or "" for one in entries])
    assert [value(answer).doi for answer in answers.values()] == [one.doi for one in entries]
    number = entries[0].openalex_id
    assert value(client.works_by_id([number])[number]).doi == entries[0].doi
    found = value(client.search_title(f"{entries[0].work.title}?*"))
    assert found[0].doi == entries[0].doi
    assert before - (client.pool.health().remaining or 0) == 11  # one list, one free record, one search
    assert client.search_title("?!") == Nothing()


def test_opencitations_describes_dois_in_batches(world: tuple[StandIn, ServiceSet]) -> None:
    standin, services = world
    client = services.opencitations
    assert client is not None
    entries = [one for one in standin.world.entries if one.in_crossref and not one.is_parasite][:12]
    answers = client.works_by_doi([*(one.doi or "" for one in entries), "10.1000/none"])
    assert answers.pop("10.1000/none") == Nothing()
    for entry in entries:
        work = value(answers[entry.doi or ""])
        assert (whole(work), work.year, work.pages) == (entry.work.title, entry.work.year, entry.work.pages)
        assert (work.authors, work.type, work.container) == (entry.work.authors, entry.work.type, entry.work.container)


def test_doaj_does_not_take_the_stranger(world: tuple[StandIn, ServiceSet]) -> None:
    standin, services = world
    client = services.doaj
    assert client is not None
    entries = [one for one in standin.world.entries if one.oa_status == "gold" and one.doi][:2]
    answers = client.works_by_doi([entries[-1].doi or "", "10.1000/none"])
    work = value(answers[entries[-1].doi or ""])
    assert (work.doi, work.is_oa, bool(work.locations)) == (entries[-1].doi, True, True)
    assert answers["10.1000/none"] == Nothing()
    assert entries[0].doi in {one.doi for one in value(client.search_title(entries[0].work.title))}


def test_pmc_gives_the_file_of_the_newest_version(world: tuple[StandIn, ServiceSet]) -> None:
    standin, services = world
    assert services.pmc is not None
    service: Any = standin._services["pmc"]
    answers = {pmcid: services.pmc.locations(pmcid) for pmcid in service._open}
    found = {pmcid: value(answer)[0] for pmcid, answer in answers.items() if isinstance(answer, Found)}
    assert {max(service.versions(service._open[pmcid])) for pmcid in found} == {1, 10}
    for pmcid, location in list(found.items())[:2]:
        newest = max(service.versions(service._open[pmcid]))
        assert location.pdf_url == f"{standin.url}/pmc/{pmcid}.{newest}/{pmcid}.{newest}.pdf"
        body = get(location.pdf_url).content
        assert body.startswith(b"%PDF-") and hashlib.md5(body).hexdigest() == location.md5
    assert services.pmc.locations("PMC999") == Nothing()


def test_the_archive_has_some_files_of_dead_hosts(tmp_path: Path) -> None:
    with asked(tmp_path, seed=6) as (standin, services):
        assert services.wayback is not None
        service: Any = standin._services["wayback"]
        url = next(iter(service._files))
        answer = services.wayback.snapshot(url)
        assert isinstance(answer, Found)
        assert get(answer.value).content.startswith(b"%PDF-")
        assert services.wayback.snapshot("http://127.0.0.2/none.pdf") == Nothing()


def test_core_does_not_take_the_stranger(world: tuple[StandIn, ServiceSet]) -> None:
    standin, services = world
    assert services.core is not None
    service: Any = standin._services["core"]
    there = list(service._by_doi)[1:4]
    answers = services.core.works_by_doi([*there, "10.1000/none"])
    assert [value(answers[doi]).doi for doi in there] == there
    assert all(value(answers[doi]).locations for doi in there)
    assert answers["10.1000/none"] == Nothing()


def test_zenodo_gives_records_by_number_and_by_search(world: tuple[StandIn, ServiceSet]) -> None:
    client = world[1].zenodo
    assert client is not None
    doi = REPORT.doi or ""
    work = value(client.works_by_doi([doi])[doi])
    assert (whole(work), work.type, work.doi) == (f"{REPORT.title}: {REPORT.subtitle}", "report", doi)
    concept = "10.5281/zenodo.4241"
    assert value(client.works_by_doi([concept])[concept]).doi == concept
    assert client.works_by_doi(["10.1000/w001"])["10.1000/w001"] == Nothing()


def test_hal_maps_a_batch_back_by_doi(world: tuple[StandIn, ServiceSet]) -> None:
    standin, services = world
    client = services.hal
    assert client is not None
    service: Any = standin._services["hal"]
    there = [one for one in service._entries if one.doi][:4]
    answers = client.works_by_doi([*(one.doi for one in there), "10.1000/none"])
    for entry in there:
        work = value(answers[entry.doi])
        assert (work.title, work.year, work.authors) == (entry.work.title, entry.work.year, entry.work.authors)
        assert bool(work.locations) is bool(work.is_oa)
    assert answers["10.1000/none"] == Nothing()
    assert there[0].doi in {work.doi for work in value(client.search_title(there[0].work.title))}


def test_three_services_know_the_book_by_its_isbn(world: tuple[StandIn, ServiceSet]) -> None:
    _, services = world
    assert services.openlibrary is not None and services.dnb is not None and services.crossref is not None
    isbn, other = BOOK.isbn or "", "9780306406157"
    for client in (services.openlibrary, services.dnb, services.crossref):
        answers = client.works_by_isbn([isbn, other])
        work = value(answers[isbn])
        assert (work.title, work.subtitle, work.year) == (BOOK.title, BOOK.subtitle, BOOK.year), client.name
        assert (work.publisher, work.place, work.isbn) == (BOOK.publisher, BOOK.place, isbn), client.name
        assert (work.authors, work.type) == (BOOK.authors, "book"), client.name
        assert answers[other] == Nothing()
    assert value(services.dnb.works_by_isbn([isbn])[isbn]).editors == BOOK.editors


def test_books_are_found_by_title_and_author(world: tuple[StandIn, ServiceSet]) -> None:
    _, services = world
    assert services.openlibrary is not None and services.dnb is not None
    for client in (services.openlibrary, services.dnb):
        (work,) = value(client.search_title("Die Brücken der Nordsee", "Müller"))
        assert (work.title, work.year) == (BOOK.title, BOOK.year)
        assert client.search_title("Die Brücken der Nordsee", "Meier") == Nothing()
        assert client.search_title(" ") == Nothing()


def test_doi_org_tells_records_of_any_agency_and_what_does_not_exist(world: tuple[StandIn, ServiceSet]) -> None:
    standin, services = world
    client = services.doi
    assert client is not None
    entry = next(one for one in standin.world.entries if one.in_crossref and not one.is_parasite)
    answers = client.works_by_doi([entry.doi or "", PREPRINT.doi or "", "10.1000/none"])
    article, preprint = value(answers[entry.doi or ""]), value(answers[PREPRINT.doi or ""])
    assert (article.doi, article.year, article.type) == (entry.doi, entry.work.year, entry.work.type)
    assert (preprint.title, preprint.authors, preprint.type) == (PREPRINT.title, PREPRINT.authors, "posted-content")
    assert answers["10.1000/none"] == Nothing()


def test_without_a_key_semantic_scholar_is_left_alone_when_it_is_busy(tmp_path: Path) -> None:
    with running(tmp_path, semanticscholar_busy=1.0) as standin:
        configured = load_settings(services_url=standin.url)
        network = Network(configured, MemoryLedger(), stop=threading.Event())
        store = Store(Database.open(tmp_path / "literature.db", configured.store, create=True))
        # As without a key, but quicker to give up.
        network.service("semanticscholar", replace(semanticscholar.KEYLESS, rates={"default": 1.0}, failures=2))
        try:
            client = build_services(configured, network, store).semanticscholar
            assert client is not None
            answers = [client.works_by_doi([f"10.1000/w{n:03}"]) for n in range(4)]
        finally:
            network.close()
            store.close()
    assert all(isinstance(answer, NoAnswer) for one in answers for answer in one.values())
    assert len(standin.log_path.read_text().splitlines()) == 2  # the circuit is open then
    assert audit(standin.log_path) == []


@pytest.mark.parametrize("mode", [FaultMode.SEARCH_LIMITED, FaultMode.SEARCH_PAUSED])
def test_records_of_openalex_go_on_while_its_searches_are_turned_away(tmp_path: Path, mode: FaultMode) -> None:
    with asked(tmp_path, keyless=True, faults={"openalex": Fault(mode, seconds=1800.0)}) as (standin, services):
        client = services.openalex
        assert client is not None
        entry = next(one for one in standin.world.entries if one.in_openalex and one.doi)
        for number in range(8):
            silent = client.search_title(f"Some title of a work, number {number}")
            assert isinstance(silent, NoAnswer) and "services.openalex.api_key" in silent.reason
        assert isinstance(client.works_by_doi([entry.doi or ""])[entry.doi or ""], Found)
