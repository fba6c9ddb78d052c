"""Who is asked for what kind of identifier, list or title, and who is spared."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import pytest

from dl_lit.enrichment.cascade import IMPATIENT_ATTEMPTS, PATIENT_ATTEMPTS
from dl_lit.enrichment.citing import SILENT_SECONDS, Silences
from dl_lit.model import (
    Answer,
    CitingPaper,
    Decision,
    DepositedReference,
    EnrichmentReason,
    Found,
    NoAnswer,
    Nothing,
    Person,
    Reference,
    Silence,
    Work,
)
from enrichment_world import (
    HERRING,
    HERRING_RAW,
    MIDNIGHT,
    NUMERALS,
    RAW,
    REFUSING,
    SOON,
    FakeService,
    World,
    fake_crossref,
    fake_openalex,
    finds,
)

# ── step 1: whom identifiers are asked of ────────────────────────────────────────────────────────────────


def test_a_doi_of_another_agency_is_asked_of_datacite_and_then_of_doi_org() -> None:
    datacite = FakeService("datacite", {"10.5555/deep": Found(replace(NUMERALS, sources=("datacite",)))})
    agency = FakeService("doi", {"10.5555/fish": Found(replace(HERRING, sources=("doi",)))})
    world = World(datacite=datacite, doi=agency)
    deep, fish = world.enrich(f"{RAW} doi:10.5555/deep", f"{HERRING_RAW} doi:10.5555/fish")
    assert [one.work.sources for one in (deep, fish) if one.work] == [("datacite",), ("doi",)]
    assert datacite.asked[0] == ("10.5555/deep", "10.5555/fish")
    assert agency.asked[0] == ("10.5555/fish",)


def test_other_agencies_are_not_asked_for_what_crossref_has_or_is_silent_about() -> None:
    datacite = FakeService("datacite")
    World(fake_crossref({"10.5555/deep": Found(NUMERALS)}), datacite=datacite).enrich(f"{RAW} doi:10.5555/deep")
    World(fake_crossref(silent=SOON), datacite=datacite).enrich(f"{RAW} doi:10.5555/deep")
    assert datacite.asked == []


@pytest.mark.parametrize(
    ("number", "reference"), [("123", Reference(RAW, pmid="123")), ("PMC123", Reference(RAW, pmcid="PMC123"))]
)
def test_europe_pmc_is_asked_for_the_numbers_that_openalex_does_not_have(number: str, reference: Reference) -> None:
    record = replace(NUMERALS, doi=None, sources=("europepmc",), pmid=reference.pmid, pmcid=reference.pmcid)
    (found,) = World(europepmc=FakeService("europepmc", {number: Found(record)})).enrich(reference)
    assert found.work == record and found.evidence[0].service == "europepmc"
    (waits,) = World(openalex=fake_openalex(silent=SOON), europepmc=FakeService("europepmc")).enrich(reference)
    assert waits.decision is Decision.UNANSWERED


BOOK_RAW = "Miller, Ann: The herring and the Hanse. Bergen: Fjord Press, 1999. ISBN 978-3-16-148410-0"
BOOK = Work(
    title="The herring and the Hanse",
    authors=(Person("Miller", "Ann"),),
    year=1999,
    publisher="Fjord Press",
    type="book",
    isbn="9783161484100",
    sources=("openlibrary",),
)
PRINTED_BOOK = Reference(
    BOOK_RAW, title=BOOK.title, authors=BOOK.authors, year=1999, type="book", isbn=BOOK.isbn, language="en"
)


def test_an_isbn_is_asked_of_all_who_know_books_at_once() -> None:
    shelves = {name: FakeService(name) for name in ("openlibrary", "dnb")}
    shelves["openlibrary"].records = {"9783161484100": Found(BOOK)}
    world = World(openlibrary=shelves["openlibrary"], dnb=shelves["dnb"])
    (found,) = world.enrich(PRINTED_BOOK)
    assert found.work == BOOK and found.evidence[0].query == "isbn"
    assert [one.asked for one in shelves.values()] == [[("9783161484100",)]] * 2
    assert world.crossref is not None and world.crossref.searched == []


def test_a_book_without_a_doi_is_what_all_libraries_know_of_it() -> None:
    german = replace(BOOK, publisher=None, place="Bergen", abstract="On fish.", sources=("dnb",))
    shelf, national = (FakeService(name, {"9783161484100": Found(one)}) for name, one in (("a", BOOK), ("b", german)))
    (found,) = World(openlibrary=shelf, dnb=national).enrich(PRINTED_BOOK)
    assert found.work is not None
    assert (found.work.publisher, found.work.place, found.work.abstract) == ("Fjord Press", "Bergen", "On fish.")
    assert set(found.work.sources) == {"openlibrary", "dnb"}


def test_of_two_records_of_a_book_the_one_with_a_doi_is_taken() -> None:
    registered = replace(BOOK, doi="10.5555/book", publisher=None, sources=("crossref",))
    crossref = fake_crossref({"9783161484100": Found(registered), "10.5555/book": Found(registered)})
    (found,) = World(crossref, openlibrary=FakeService("openlibrary", {"9783161484100": Found(BOOK)})).enrich(
        PRINTED_BOOK
    )
    assert found.work == registered


def test_who_is_silent_about_an_isbn_is_not_waited_for() -> None:
    world = World(fake_crossref(hits=finds(BOOK)), openlibrary=FakeService("openlibrary", silent=SOON))
    (found,) = world.enrich(PRINTED_BOOK)
    assert found.work == BOOK


# ── step 3: the lists that others recorded of the citing paper ───────────────────────────────────────────

PAPER = CitingPaper("10.5555/citing", (0, 1), (HERRING_RAW, RAW))
DEPOSITED = (
    DepositedReference(1, doi="10.5555/fish", author="Miller", year="1999", journal_title="Fish Review"),
    DepositedReference(2, doi="10.5555/deep", unstructured=RAW),
)


def test_the_publishers_list_of_the_citing_paper_spares_the_searches() -> None:
    records = {"10.5555/deep": Found(NUMERALS), "10.5555/fish": Found(HERRING)}
    crossref = fake_crossref(records, lists={"10.5555/citing": Found(DEPOSITED)})
    found = World(crossref, papers=[PAPER]).enrich(HERRING_RAW, RAW)
    assert [one.work for one in found] == [HERRING, NUMERALS]
    assert [one.evidence[0].query for one in found] == ["deposited"] * 2
    assert (crossref.listed, crossref.searched) == (["10.5555/citing"], [])
    assert crossref.asked[0] == ("10.5555/deep", "10.5555/fish") or crossref.asked[0] == (
        "10.5555/fish",
        "10.5555/deep",
    )


def test_a_deposited_doi_of_another_work_is_not_believed() -> None:
    wrong = tuple(replace(entry, doi="10.5555/fish") for entry in DEPOSITED)
    crossref = fake_crossref({"10.5555/fish": Found(HERRING)}, finds(NUMERALS), lists={"10.5555/citing": Found(wrong)})
    found = World(crossref, papers=[PAPER]).enrich(HERRING_RAW, RAW)
    assert found[1].work == NUMERALS
    assert crossref.searched != []


def test_what_openalex_says_the_paper_cites_is_held_against_each_print() -> None:
    openalex = fake_openalex(lists={"10.5555/citing": Found((NUMERALS, HERRING))})
    scholar, citations = FakeService("semanticscholar"), FakeService("opencitations")
    world = World(openalex=openalex, semanticscholar=scholar, opencitations=citations, papers=[PAPER])
    found = world.enrich(HERRING_RAW, RAW)
    assert [one.work for one in found] == [HERRING, NUMERALS]
    assert [one.query for result in found for one in result.evidence] == ["cited"] * 2
    assert scholar.listed == citations.listed == []
    assert world.crossref is not None and world.crossref.searched == []


def test_opencitations_names_dois_whose_records_are_fetched() -> None:
    crossref = fake_crossref({"10.5555/deep": Found(NUMERALS)})
    bare = (Work(doi="10.5555/deep"), Work(doi="10.5555/unknown"), Work(pmid="7"))
    citations = FakeService("opencitations", lists={"10.5555/citing": Found(bare)})
    world = World(crossref, opencitations=citations, papers=[PAPER])
    assert world.enrich(HERRING_RAW, RAW)[1].work == NUMERALS
    assert crossref.searched == [HERRING_RAW]


def test_a_list_that_nobody_can_give_now_is_not_waited_for() -> None:
    citations = FakeService("opencitations", silent=SOON)
    world = World(fake_crossref(hits=finds(NUMERALS)), opencitations=citations, papers=[PAPER])
    assert world.enrich(HERRING_RAW, RAW)[1].work == NUMERALS


def test_a_list_that_nobody_gives_is_not_asked_for_by_each_row_of_the_paper() -> None:
    crossref = fake_crossref(silent=SOON)
    citations = FakeService("opencitations", silent=SOON)
    world = World(crossref, opencitations=citations, papers=[PAPER])
    for _ in range(5):
        world.enrich(HERRING_RAW, RAW)
    assert crossref.listed == citations.listed == ["10.5555/citing"]


def test_a_silent_list_is_asked_for_again_after_a_time_that_doubles() -> None:
    now, asked = [0.0], []

    def ask(doi: str) -> Answer[None]:
        asked.append(now[0])
        return SOON if len(asked) < 3 else Nothing()

    silences = Silences(lambda: now[0])
    for second in range(0, 400, 10):
        now[0] = float(second)
        answer = silences.ask("crossref", "10.5555/citing", ask)
    assert asked[:3] == [0, SILENT_SECONDS, 3 * SILENT_SECONDS]
    assert answer == Nothing(), "an answer is for the cache to remember"


# ── step 5: searches by title ────────────────────────────────────────────────────────────────────────────

ARTICLE = Reference(RAW, title=NUMERALS.title, type="journal-article")
THESIS = Reference(
    "Miller, A.: The herring and the Hanse. PhD thesis, Bergen 1999.",
    title="The herring and the Hanse",
    authors=(Person("Miller", "A."),),
    year=1999,
    type="dissertation",
)


def everybody(**more: Any) -> World:
    names = ("semanticscholar", "datacite", "europepmc", "doaj", "zenodo", "hal", "openlibrary", "dnb")
    return World(**{name: FakeService(name) for name in names} | more)


def searched(world: World) -> set[str]:
    services = {one.name: getattr(world, one.name) for one in fields(World)}
    return {name for name, one in services.items() if isinstance(one, FakeService) and one.searched}


@pytest.mark.parametrize(
    ("reference", "free"),
    [
        (ARTICLE, {"europepmc", "doaj"}),
        (replace(PRINTED_BOOK, isbn=None), {"openlibrary"}),
        (replace(PRINTED_BOOK, isbn=None, language="de"), {"openlibrary", "dnb"}),
        (THESIS, {"datacite", "hal", "dnb"}),
        (replace(THESIS, language="fr"), {"datacite", "hal"}),
        (replace(ARTICLE, type="report"), {"datacite", "zenodo"}),
        (replace(ARTICLE, type="posted-content"), {"datacite", "hal"}),
        (replace(ARTICLE, type="book-chapter"), set()),
        (replace(ARTICLE, type="other"), {"datacite"}),
    ],
)
def test_titles_are_asked_of_those_who_know_such_works(reference: Reference, free: set[str]) -> None:
    world = everybody()
    world.enrich(reference)
    assert searched(world) == free | {"crossref", "semanticscholar", "openalex"}


@pytest.mark.parametrize("kind", ["legislation", "legal_case", "patent"])
def test_nobody_is_searched_for_what_no_service_keeps(kind: str) -> None:
    world = everybody(crossref=fake_crossref(hits=finds(NUMERALS)))
    (found,) = world.enrich(replace(ARTICLE, type=kind))
    assert (searched(world), found.work) == (set(), None)


def test_a_title_is_asked_of_nobody_once_a_work_is_accepted() -> None:
    world = everybody(crossref=fake_crossref(hits=finds(NUMERALS)))
    world.enrich(ARTICLE)
    assert searched(world) == {"crossref"}


def test_credits_are_spent_on_a_title_only_when_the_free_services_do_not_know_it() -> None:
    world = everybody(doaj=FakeService("doaj", hits=finds(NUMERALS)))
    (found,) = world.enrich(ARTICLE)
    assert found.work == NUMERALS and found.evidence[0].query == "title"
    assert searched(world) == {"crossref", "europepmc", "doaj"}


def test_books_are_asked_for_with_their_author() -> None:
    shelf = FakeService("openlibrary", hits=finds(BOOK))
    (found,) = World(openlibrary=shelf).enrich(replace(PRINTED_BOOK, isbn=None))
    assert found.work == BOOK
    assert shelf.searched == ["The herring and the Hanse by Miller"]


def test_semantic_scholar_is_not_asked_without_a_key() -> None:
    world = everybody(semanticscholar=FakeService("semanticscholar", has_key=False))
    world.enrich(ARTICLE)
    assert "semanticscholar" not in searched(world)


def test_a_print_without_title_is_not_asked_for_by_title() -> None:
    world = everybody()
    world.enrich(replace(ARTICLE, title=None))
    assert searched(world) == {"crossref"}


def test_who_lags_is_asked_only_when_nobody_else_has_it() -> None:
    slow = FakeService("europepmc", lags=True)
    world = everybody(europepmc=slow, openalex=fake_openalex(hits=finds(NUMERALS)))
    assert world.enrich(ARTICLE)[0].work == NUMERALS
    assert slow.searched == []
    world = everybody(europepmc=replace(slow, hits=finds(NUMERALS)))
    assert world.enrich(ARTICLE)[0].work == NUMERALS


def test_what_a_person_must_decide_is_not_searched_further() -> None:
    world = everybody(crossref=fake_crossref({"10.5555/fish": Found(HERRING)}))
    (found,) = world.enrich(replace(ARTICLE, doi="10.5555/fish"))
    assert found.reason is EnrichmentReason.CONFLICT
    assert searched(world) == {"crossref"}


def test_a_title_search_that_is_silent_for_a_moment_is_waited_for() -> None:
    (found,) = everybody(doaj=FakeService("doaj", silent=SOON)).enrich(ARTICLE)
    assert (found.decision, found.retry_after) == (Decision.UNANSWERED, 30.0)


def test_titles_are_not_asked_for_while_the_better_search_is_out_for_a_moment() -> None:
    silent = fake_crossref(silent=SOON)
    world = everybody(crossref=silent, doaj=FakeService("doaj", hits=finds(NUMERALS)))
    (found,) = world.enrich(ARTICLE)
    assert found.decision is Decision.UNANSWERED and searched(world) == {"crossref"}
    world.attempts = IMPATIENT_ATTEMPTS
    assert world.enrich(ARTICLE)[0].work == NUMERALS
    longer = everybody(crossref=fake_crossref(silent=MIDNIGHT), doaj=FakeService("doaj", hits=finds(NUMERALS)))
    assert longer.enrich(ARTICLE)[0].work == NUMERALS


# ── who will not answer now ──────────────────────────────────────────────────────────────────────────────


def test_without_credits_for_a_title_nothing_is_said_before_they_are_given_anew() -> None:
    (found,) = everybody(openalex=fake_openalex(silent=MIDNIGHT)).enrich(ARTICLE)
    assert (found.decision, found.reason) == (Decision.UNANSWERED, EnrichmentReason.BUDGET_SPENT)
    assert (found.detail, found.retry_after) == ("budget spent", 40_000.0)


def test_a_service_that_refuses_us_leaves_the_row_waiting_for_a_person() -> None:
    (found,) = everybody(doaj=FakeService("doaj", silent=REFUSING)).enrich(ARTICLE)
    assert (found.decision, found.reason) == (Decision.UNANSWERED, EnrichmentReason.ACCESS_REFUSED)
    assert (found.detail, found.retry_after) == ("wrong key", None)


def test_the_reason_of_a_row_is_the_silence_that_may_pass_first() -> None:
    budget, refused = fake_openalex(silent=MIDNIGHT), FakeService("doaj", silent=REFUSING)
    (found,) = everybody(openalex=budget, doaj=refused).enrich(ARTICLE)
    assert (found.reason, found.retry_after) == (EnrichmentReason.BUDGET_SPENT, 40_000.0)
    assert found.detail == "wrong key\nbudget spent"
    (found,) = everybody(openalex=budget, doaj=refused, europepmc=FakeService("europepmc", silent=SOON)).enrich(ARTICLE)
    assert (found.reason, found.retry_after) == (EnrichmentReason.SERVICE_SILENT, 30.0)


def test_a_match_waits_for_nobody_who_refuses_us() -> None:
    crossref = fake_crossref({"10.5555/deep": Found(NUMERALS)}, finds(NUMERALS))
    assert World(crossref, fake_openalex(silent=REFUSING)).enrich(RAW)[0].work == NUMERALS
    refusing = everybody(crossref=fake_crossref(silent=REFUSING), doaj=FakeService("doaj", hits=finds(NUMERALS)))
    assert refusing.enrich(ARTICLE)[0].work == NUMERALS


def test_what_a_person_is_to_look_at_does_not_wait_for_a_budget() -> None:
    world = everybody(openalex=fake_openalex(silent=MIDNIGHT), doaj=FakeService("doaj", hits=finds(NUMERALS)))
    raw = "LeCun, Y. (2011). Deep learning for the recognition of handwritten numerals."
    (found,) = world.enrich(Reference(raw, title=NUMERALS.title, type="journal-article"))
    assert (found.decision, found.detail) == (Decision.REVIEW, "Not asked: budget spent")


def test_a_question_that_a_service_calls_wrong_is_not_waited_for() -> None:
    declined = NoAnswer("400: no such field", 86_400.0, Silence.DECLINED)
    (found,) = everybody(doaj=FakeService("doaj", silent=declined)).enrich(ARTICLE)
    assert (found.decision, found.detail) == (Decision.REJECTED, "Not asked: 400: no such field")


# ── patience ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_matched_row_that_has_waited_often_goes_on_with_what_there_is() -> None:
    crossref = fake_crossref({"10.5555/deep": Found(NUMERALS)}, finds(NUMERALS))
    world = World(crossref, fake_openalex(silent=SOON), attempts=PATIENT_ATTEMPTS)
    assert world.enrich(RAW)[0].work == NUMERALS


def test_a_matched_row_whose_whole_record_nobody_could_give_goes_on_as_it_was_found() -> None:
    @dataclass
    class Searching(FakeService):
        def search(self, raw: str, rows: int = 5) -> Answer[tuple[Work, ...]]:
            return Found((NUMERALS,))

    assert World(Searching(silent=SOON), None).enrich(RAW)[0].decision is Decision.UNANSWERED
    world = World(Searching(silent=SOON), None, attempts=PATIENT_ATTEMPTS)
    assert world.enrich(RAW)[0].work == NUMERALS
