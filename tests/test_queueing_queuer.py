"""Stage 3 on a real library: twins merged, the rest ranked."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_lit.model import Work
from dl_lit.queueing import Queuer
from dl_lit.queueing.filters import Filters
from dl_lit.queueing.ranking import priority, query_words
from dl_lit.store.decisions import Selection
from library import ME, SmallLibrary, work


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


def queue(library: SmallLibrary, queuer: Queuer | None = None) -> dict[int, str]:
    queuer = queuer or Queuer(library.store)
    tables = {}
    for row in library.claim_works():
        with library.store.database.transaction():
            tables[row.id] = library.store.finish_queueing(row, ME, queuer.decide(row))
    return tables


def test_twins_in_one_batch_are_found(library: SmallLibrary) -> None:
    library.accept(work("On Testing Programs", doi="10.1000/1"), work("On testing programs"))
    assert queue(library) == {1: "to_download_references", 2: "duplicate_references"}


def test_twins_are_found_across_runs(library: SmallLibrary) -> None:
    library.accept(work("On Testing Programs", doi="10.1000/1"))
    queue(library)
    library.download()
    library.accept(work("On Testing Programs"), work("On Other Programs"))
    assert queue(library) == {2: "duplicate_references", 3: "to_download_references"}
    assert library.rows("SELECT rule, winner_table FROM merge_log") == [("title_authors_year", "downloaded_references")]


def test_two_introductions_with_their_own_dois_stay_two(library: SmallLibrary) -> None:
    library.accept(work("Introduction", doi="10.1000/1"), work("Introduction", doi="10.1000/2"))
    assert set(queue(library).values()) == {"to_download_references"}


def test_the_priority_counts_all_pdfs_that_cite_the_work(library: SmallLibrary) -> None:
    for _ in range(3):
        library.accept(work("On Testing Programs", doi="10.1000/1"))
        queue(library)
    library.accept(work("On Testing Programs"), work("Cited Once", cited_by_count=10**6))
    queue(library)
    rows = sorted(library.claim_downloads(), key=lambda row: -row.priority)
    assert [(row.work.title, int(row.priority)) for row in rows] == [("On Testing Programs", 4), ("Cited Once", 1)]


def test_a_work_cited_twice_by_one_pdf_counts_once(library: SmallLibrary) -> None:
    library.accept(work("On Testing Programs", doi="10.1000/1"), work("On Testing Programs", doi="10.1000/1"))
    queue(library)
    [row] = library.claim_downloads()
    assert int(row.priority) == 1


# ── ranking ──────────────────────────────────────────────────────────────────────────────────────────────

citations = st.one_of(st.none(), st.integers(-5, 10**8))
years = st.one_of(st.none(), st.integers(-500, 3000))
counts = st.integers(0, 500)


@given(counts, counts, citations, citations, years, years)
def test_one_more_citing_pdf_outweighs_everything(
    a: int, b: int, cited_a: int | None, cited_b: int | None, year_a: int | None, year_b: int | None
) -> None:
    if a < b:
        work_a, work_b = Work(cited_by_count=cited_a, year=year_a), Work(cited_by_count=cited_b, year=year_b)
        assert priority(a, work_a) < priority(b, work_b)


@given(years, years)
def test_ten_times_the_citations_outweigh_any_year(year_a: int | None, year_b: int | None) -> None:
    assert priority(1, Work(cited_by_count=10, year=year_a)) < priority(1, Work(cited_by_count=100, year=year_b))


def test_the_newer_of_two_equally_cited_works_goes_first() -> None:
    ranked = [priority(1, Work(cited_by_count=100, year=year)) for year in (None, 1900, 1999, 2000, 2026)]
    assert all(a < b for a, b in itertools.pairwise(ranked))


# ── filters and relevance ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("filters", "kept", "left_out"),
    [
        (Filters(min_citations=5), work(cited_by_count=5), work(cited_by_count=4)),
        (Filters(from_year=2001), work(), work(year=2000)),
        (Filters(to_year=2001), work(), work(year=2002)),
        (Filters(types=("book", "monograph")), work(type="monograph"), work(type="journal-article")),
        (Filters(languages=("en",)), work(language="en"), work(language="de")),
        (Filters(open_only=True), work(is_oa=True), work(is_oa=False)),
    ],
)
def test_a_filter_leaves_out_what_is_known_to_fall_outside(filters: Filters, kept: Work, left_out: Work) -> None:
    assert filters.objection(kept) is None
    assert filters.objection(left_out)


def test_what_a_record_does_not_say_speaks_for_the_work() -> None:
    filters = Filters(5, 2001, 2002, ("book",), ("en",), open_only=True)
    assert filters.objection(Work(title="A")) is None


def test_a_work_that_is_left_out_keeps_its_metadata_and_says_why(library: SmallLibrary) -> None:
    [row_id] = library.accept(work(doi="10.1000/a", year=1950))
    assert queue(library, Queuer(library.store, Filters(from_year=2000))) == {row_id: "failed_downloads"}
    [failure] = library.store.failures()
    assert (failure.reason, failure.detail) == ("filtered_out", "it is of 1950, before 2000")
    assert library.field("failed_downloads", row_id, "doi") == "10.1000/a"


def test_another_way_to_a_copy_does_not_bring_a_left_out_work_back(library: SmallLibrary) -> None:
    [first] = library.accept(work(doi="10.1000/a", year=1950))
    queue(library, Queuer(library.store, Filters(from_year=2000)))
    library.accept(work(doi="10.1000/a", year=1950, pmcid="PMC12345"))
    queue(library)
    assert library.ids("failed_downloads") == [first]


def test_a_left_out_work_that_is_let_in_again_goes_to_the_queue(library: SmallLibrary) -> None:
    [row_id] = library.accept(work(year=1950))
    queue(library, Queuer(library.store, Filters(from_year=2000)))
    library.store.retry(Selection(reasons=("filtered_out",)))
    assert library.ids("to_download_references") == [row_id]


def test_works_near_to_the_query_come_before_much_cited_ones() -> None:
    words_wanted = query_words("testing of programs")
    near, half, far = work("Testing Programs"), work("Testing", abstract="for programs"), work(cited_by_count=10**6)
    ranks = [priority(1, near, words_wanted), priority(1, half, words_wanted), priority(50, far, words_wanted)]
    assert ranks == sorted(ranks, reverse=True)


def test_a_query_of_short_words_only_changes_nothing() -> None:
    assert priority(2, work(), query_words("of a")) == priority(2, work())
