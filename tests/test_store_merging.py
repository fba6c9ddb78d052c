"""Two references, one work: nothing is lost, and the order of work does not show."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_lit.model import (
    CopyVersion,
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    Location,
    Queueing,
    Reference,
    Twin,
    Work,
)
from dl_lit.queueing import Queuer
from dl_lit.store.merging import combine
from library import A_FILE, ME, SmallLibrary, work

DOI = "10.1000/same"
HERE, THERE = Location("unpaywall", "http://here.test/a.pdf"), Location("arxiv", "http://there.test/a.pdf")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


def decide_and_queue(library: SmallLibrary) -> list[str]:
    """Stage 3 as the pipeline does it."""
    queuer = Queuer(library.store)
    tables = []
    for row in library.claim_works():
        with library.store.database.transaction():
            tables.append(library.store.finish_queueing(row, ME, queuer.decide(row)))
    return tables


# ── conflicts of identifiers ─────────────────────────────────────────────────────────────────────────────


def test_the_same_doi_twice_merges_instead_of_raising(library: SmallLibrary) -> None:
    first, second = library.accept(work("A", doi=DOI), work("A", doi=DOI.upper()))
    assert library.ids("with_metadata") == [first]
    assert library.rows("SELECT id, merged_into, rule FROM duplicate_references") == [(second, first, "doi")]


@pytest.mark.parametrize(
    "identifier", [{"openalex_id": "W12"}, {"arxiv": "1706.03762"}, {"pmid": "123"}, {"pmcid": "PMC123"}]
)
@pytest.mark.parametrize("moved_on", [False, True])
def test_weaker_identifiers_merge_works_without_a_doi(
    library: SmallLibrary, identifier: dict[str, str], moved_on: bool
) -> None:
    library.accept(work("One Title", **identifier))
    if moved_on:
        library.queue()
    library.accept(work("Another Title", authors=("Other",), **identifier))
    library.queue()
    assert library.rows("SELECT id, merged_into, rule FROM duplicate_references") == [(2, 1, next(iter(identifier)))]


@pytest.mark.parametrize(
    "identifier", [{"openalex_id": "W12"}, {"arxiv": "1706.03762"}, {"pmid": "123"}, {"pmcid": "PMC123"}]
)
def test_different_dois_forbid_a_merge_by_anything_else(library: SmallLibrary, identifier: dict[str, str]) -> None:
    library.accept(work("A Title", doi="10.1000/1", **identifier))
    decide_and_queue(library)
    library.accept(work("A Title", doi="10.1000/2", **identifier))
    assert decide_and_queue(library) == ["to_download_references"]
    assert library.ids("duplicate_references") == []


def test_a_work_that_is_queued_meanwhile_is_merged_even_without_a_word_from_stage_3(library: SmallLibrary) -> None:
    library.accept(work("A", doi=DOI))
    library.queue()
    library.accept(work("A", doi=DOI))
    assert library.queue(priority=4.0) == ["duplicate_references"]
    assert library.field("to_download_references", 1, "priority") == 4.0


# ── what follows along ───────────────────────────────────────────────────────────────────────────────────


def test_citations_follow_and_remember_where_they_came_from(library: SmallLibrary) -> None:
    library.accept(work("A", doi=DOI), raw="first pdf")
    library.accept(work("A", doi=DOI), raw="second pdf")
    assert library.rows("SELECT reference_id, original_reference_id, raw FROM citations ORDER BY id") == [
        (1, 1, "first pdf 0"),
        (1, 2, "second pdf 0"),
    ]
    assert library.store.citing_pdfs(1) == 2
    assert library.store.citing_pdfs(2) == 0


def test_a_chain_of_merges_ends_at_the_one_that_stays(library: SmallLibrary) -> None:
    library.accept(work("A", doi=DOI))
    library.queue()
    library.accept(work("B", arxiv="1706.03762"), work("B", arxiv="1706.03762"))
    library.queue(Twin("to_download_references", 1, "title_authors_year", 0.9))
    assert library.rows("SELECT id, merged_into FROM duplicate_references ORDER BY id") == [(2, 1), (3, 1)]
    assert library.rows("SELECT DISTINCT reference_id FROM citations") == [(1,)]
    assert library.rows("SELECT DISTINCT reference_id FROM work_aliases") == [(1,)]


def test_the_loser_is_known_by_its_names_from_then_on(library: SmallLibrary) -> None:
    library.accept(work("A", doi=DOI), raw="Smith, On A")
    library.queue()
    library.accept(work("Ein A", arxiv="1706.03762"), raw="Schmidt, Ein A")
    library.queue(Twin("to_download_references", 1, "title_authors_year", 0.9))
    for known in (Reference("?", arxiv="1706.03762"), Reference("Schmidt, Ein A 0"), Reference("?", title="Ein A")):
        assert [found.doi for found in library.store.find_known(known)] == [DOI]


def test_the_duplicate_is_kept_whole(library: SmallLibrary) -> None:
    one = work("A Title", doi=DOI, volume="1", locations=(THERE,), abstract="Abstract")
    library.accept(work("A Title", doi=DOI))
    library.accept(one)
    [row] = library.rows("SELECT title, volume, abstract, created_at, finished_at, reason FROM duplicate_references")
    assert row == ("A Title", "1", "Abstract", library.clock.now, library.clock.now, "doi")


def test_a_merge_is_logged_with_what_it_changed(library: SmallLibrary) -> None:
    library.accept(work("A", doi=DOI, publisher="Press"))
    library.clock.now += 5
    library.accept(work("A", doi=DOI, volume="7"))
    names = "at, loser_id, winner_id, loser_table, winner_table, rule, score"
    assert library.rows(f"SELECT {names} FROM merge_log") == [
        (library.clock.now, 2, 1, "no_metadata", "with_metadata", "doi", 1.0)
    ]
    [(changed,)] = library.rows("SELECT changed FROM merge_log")
    assert set(json.loads(changed)) <= {"volume", "publisher"}
    assert [event.reason for event in library.store.story(1)] == [None, None, "merged"]
    assert [event.to_table for event in library.store.story(2)] == ["no_metadata", "duplicate_references"]


def test_a_worker_that_holds_the_winner_delivers_his_file(library: SmallLibrary) -> None:
    library.accept(work("A", doi=DOI))
    library.queue()
    [held] = library.claim_downloads()
    library.accept(work("A", doi=DOI, abstract="New.", locations=(HERE,)))
    library.queue()
    assert library.store.finish_download(held, ME, Download(A_FILE)) == "downloaded_references"
    assert library.field("downloaded_references", 1, "abstract") == "New."


def test_a_failure_is_not_final_when_the_twin_brought_another_place_meanwhile(library: SmallLibrary) -> None:
    library.accept(work("A", doi=DOI, locations=(HERE,)))
    library.queue()
    [held] = library.claim_downloads()
    library.accept(work("A", doi=DOI, locations=(HERE, THERE)))
    library.queue()
    failed = Download(reason=DownloadReason.NO_OPEN_COPY)
    assert library.store.finish_download(held, ME, failed) == "to_download_references"
    assert library.store.story(1)[-1].reason == "changed_meanwhile"
    [again] = library.claim_downloads()
    assert set(again.work.locations) == {HERE, THERE}
    assert library.store.finish_download(again, ME, failed) == "failed_downloads"


def test_a_decision_about_a_record_that_grew_meanwhile_is_made_anew(library: SmallLibrary) -> None:
    library.accept(work("A", arxiv="1706.03762"))
    [held] = library.claim_works()
    library.accept(work("A", arxiv="1706.03762", openalex_id="W5"))
    assert library.store.finish_queueing(held, ME, Queueing()) == "with_metadata"
    [again] = library.claim_works()
    assert again.work.openalex_id == "W5"
    assert library.store.finish_queueing(again, ME, Queueing()) == "to_download_references"


# ── where the twin is ────────────────────────────────────────────────────────────────────────────────────


def test_a_twin_that_moved_on_since_it_was_found_is_found_where_it_is(library: SmallLibrary) -> None:
    library.accept(work("A", doi="10.1000/1"))
    library.queue()
    library.download()
    library.accept(work("B"))
    assert library.queue(Twin("to_download_references", 1, "title_authors_year")) == ["duplicate_references"]
    assert library.rows("SELECT winner_table FROM merge_log") == [("downloaded_references",)]


def test_a_twin_that_was_merged_meanwhile_leads_to_the_one_that_stayed(library: SmallLibrary) -> None:
    library.accept(work("A", doi=DOI))
    library.queue()
    library.accept(work("A", doi=DOI))
    library.queue()
    library.accept(work("B"))
    library.queue(Twin("to_download_references", 2, "title_authors_year"))
    assert library.rows("SELECT id, merged_into FROM duplicate_references") == [(2, 1), (3, 1)]


def test_two_rows_that_took_each_other_for_the_twin_leave_one(library: SmallLibrary) -> None:
    library.accept(work("A", doi="10.1000/1"), work("A", arxiv="1706.03762"))
    first, second = library.claim_works()
    library.store.finish_queueing(first, ME, Queueing(Twin("with_metadata", second.id, "title_authors_year")))
    library.store.finish_queueing(second, ME, Queueing(Twin("with_metadata", first.id, "title_authors_year")))
    assert library.queue() == ["to_download_references"]
    assert library.store.counts().duplicates == 1


def test_a_twin_that_is_nowhere_is_no_twin(library: SmallLibrary) -> None:
    library.accept(work("A"))
    assert library.queue(Twin("to_download_references", 77, "doi")) == ["to_download_references"]


def test_a_failed_download_is_tried_again_when_the_twin_knows_another_place(library: SmallLibrary) -> None:
    library.accept(work("A", doi=DOI, locations=(HERE,)))
    library.queue()
    library.fail_downloads()
    library.accept(work("A", doi=DOI, locations=(HERE, THERE)))
    library.queue(priority=2.0)
    [row] = library.claim_downloads()
    assert (row.id, row.priority, row.attempts) == (1, 2.0, 0)
    assert set(row.work.locations) == {HERE, THERE}


def test_a_failed_download_stays_failed_when_the_twin_knows_nothing_new(library: SmallLibrary) -> None:
    library.accept(work("A", doi=DOI, locations=(HERE,)))
    library.queue()
    library.fail_downloads()
    library.accept(work("A", doi=DOI, locations=(HERE,)))
    library.queue(priority=2.0)
    assert library.ids("failed_downloads") == [1]


def test_an_identifier_that_belongs_to_a_third_work_is_not_filled_in(library: SmallLibrary) -> None:
    library.accept(work("Third", openalex_id="W3"))
    library.queue()
    library.accept(work("A", arxiv="1706.03762"))
    library.queue()
    library.accept(work("A", openalex_id="W3"))
    library.queue(Twin("to_download_references", 2, "title_authors_year"))
    assert library.rows("SELECT id, openalex_id, arxiv FROM to_download_references ORDER BY id") == [
        (1, "W3", None),
        (2, None, "1706.03762"),
    ]


# ── order ────────────────────────────────────────────────────────────────────────────────────────────────

VARIANTS = (
    work("On the Testing of Programs", doi=DOI, container="Journal of Tests", volume="3", locations=(HERE,)),
    work("On the testing of programs", arxiv="1706.03762", container="arXiv", pages="1-20", locations=(THERE,)),
    work("On the Testing of Programs", year=2002, openalex_id="W5", abstract="Abstract."),
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("one_by_one", [True, False])
def test_the_merged_work_does_not_depend_on_the_order(tmp_path: Path, order: tuple[int, ...], one_by_one: bool) -> None:
    library = SmallLibrary(tmp_path / "literature.db")
    for number in order:
        library.print_references(Reference(f"printed {number}", 1, url=f"http://printed{number}.test"))
        [row] = library.claim_references()
        library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, VARIANTS[number]))
        if one_by_one:
            decide_and_queue(library)
    decide_and_queue(library)
    [merged] = library.claim_downloads()
    expected = VARIANTS[0]
    assert merged.work == Work(
        title=expected.title,
        authors=expected.authors,
        year=2001,
        container="Journal of Tests",
        volume="3",
        doi=DOI,
        openalex_id="W5",
        arxiv="1706.03762",
        abstract="Abstract.",
        locations=(HERE, THERE),
    )
    assert int(merged.priority) == 3
    assert merged.printed_url == "http://printed0.test"
    library.close()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("one_by_one", [True, False])
def test_gaps_filled_before_do_not_make_a_record_the_better_one(
    tmp_path: Path, order: tuple[int, ...], one_by_one: bool
) -> None:
    """Two small records together have more fields than the third, which is the best nevertheless."""
    records = (
        work("on testing", doi=DOI, volume="1", issue="2"),
        work("ON TESTING", doi=DOI, publisher="Press", place="Wien"),
        work("On Testing", doi=DOI, language="en", abstract="Abstract.", issn="0028-0836"),
    )
    library = SmallLibrary(tmp_path / "literature.db")
    for number in order:
        library.accept(records[number])
        if one_by_one:
            decide_and_queue(library)
    decide_and_queue(library)
    [merged] = library.claim_downloads()
    assert merged.work == work(
        *("On Testing",),
        doi=DOI,
        language="en",
        abstract="Abstract.",
        issn="0028-0836",
        publisher="Press",
        place="Wien",
        volume="1",
        issue="2",
    )
    kept = [*library.rows("SELECT title, volume, place FROM duplicate_references")]
    assert len(kept) == 2
    assert set(kept) < {("on testing", "1", None), ("ON TESTING", None, "Wien"), ("On Testing", None, None)}
    library.close()


words = st.sampled_from(["a", "b", None])
works = st.builds(
    Work,
    title=words,
    subtitle=words,
    year=st.sampled_from([1999, 2000, None]),
    container=words,
    volume=words,
    pages=words,
    doi=st.sampled_from(["10.1000/1", None]),
    openalex_id=st.sampled_from(["W1", None]),
    is_retracted=st.booleans(),
    locations=st.lists(st.sampled_from([HERE, THERE]), max_size=2, unique=True).map(tuple),
    sources=st.lists(st.sampled_from(["crossref", "openalex"]), max_size=2, unique=True).map(tuple),
)


@given(works, works)
def test_combining_is_the_same_from_both_sides(a: Work, b: Work) -> None:
    assert combine([a, b]) == combine([b, a])


@given(works)
def test_combining_with_itself_changes_nothing(a: Work) -> None:
    assert combine([a, a]) == a


@pytest.mark.parametrize(
    ("better", "other", "expected"),
    [
        ({"container": "Journal"}, {"container": "arXiv", "volume": "9"}, {"container": "Journal", "volume": None}),
        ({"container": "Journal"}, {"container": "JOURNAL", "volume": "9"}, {"container": "Journal", "volume": "9"}),
        ({"container": None}, {"container": "Journal", "volume": "9"}, {"container": "Journal", "volume": "9"}),
        ({"title": "A"}, {"title": "B", "subtitle": "of B"}, {"title": "A", "subtitle": None}),
        ({"title": "A"}, {"title": "a", "subtitle": "of A"}, {"title": "A", "subtitle": "of A"}),
        ({"title": None}, {"title": "B", "subtitle": "of B"}, {"title": "B", "subtitle": "of B"}),
    ],
)
def test_gaps_are_filled_with_what_belongs_together(
    better: dict[str, Any], other: dict[str, Any], expected: dict[str, Any]
) -> None:
    combined = combine([Work(doi="10.1000/1", **better), Work(**other)])
    assert {name: getattr(combined, name) for name in expected} == expected


def test_a_retraction_is_never_forgotten() -> None:
    assert combine([Work(doi="10.1000/1"), Work(is_retracted=True)]).is_retracted


def test_one_address_from_two_services_is_one_place() -> None:
    again = Location("openalex", HERE.pdf_url, version=CopyVersion.ACCEPTED)
    combined = combine([Work(doi="10.1000/1", locations=(HERE,)), Work(locations=(again, THERE))])
    assert combined.locations == (HERE, THERE)
