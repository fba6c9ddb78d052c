"""Related works in the store: what is noted to be expanded, what comes in, who cites whom, and whose run it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dl_lit.errors import LeaseLost
from dl_lit.model import DownloadReason, PdfFile, Queueing, Stage, Twin
from dl_lit.relations import Direction, Expansion, ExpansionReason, ExpansionRow, Reach
from dl_lit.store.decisions import Selection
from dl_lit.store.run_table import RunTable
from library import LEASE, ME, OTHER, SmallLibrary, work

ONE = Reach(references=1)
TWO = Reach(references=2, citations=1)
CITED = work("What is cited", doi="10.1000/cited", openalex_id="W9")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


def matched(library: SmallLibrary, doi: str = "10.1000/own", **fields: Any) -> int:
    """An accepted work past stage 3, cited by a PDF of its own."""
    [reference_id] = library.accept(work("A matched work", doi=doi, **fields))
    library.queue()
    return reference_id


def new_run(library: SmallLibrary) -> int:
    return library.store.start_run(ME, "test", {})


def seeded(library: SmallLibrary, reference_id: int, reach: Reach = ONE) -> int:
    run = new_run(library)
    library.store.seed_expansion(run, [reference_id], reach)
    return run


def claimed(library: SmallLibrary, run: int, limit: int = 10, owner: str = ME) -> list[ExpansionRow]:
    rows = library.store.claim(Stage.EXPANSION, owner, limit, LEASE, run_id=run)
    return [row for row in rows if isinstance(row, ExpansionRow)]


def expand(library: SmallLibrary, run: int, *works: Any, reach: Reach = ONE) -> list[ExpansionReason | None]:
    """All that is to be expanded, each with these works."""
    outcome = Expansion(works, "openalex")
    return [library.store.finish_expansion(row, ME, outcome, run, reach) for row in claimed(library, run)]


def edges(library: SmallLibrary) -> list[tuple[Any, ...]]:
    return library.rows("SELECT citing_id, cited_id, source FROM citation_edges ORDER BY 1, 2")


# ── what is to be expanded ───────────────────────────────────────────────────────────────────────────────


def test_an_accepted_work_is_noted_once_a_direction_with_what_it_is_asked_by(library: SmallLibrary) -> None:
    own = matched(library, openalex_id="W1")
    run = seeded(library, own, TWO)
    library.store.seed_expansion(run, [own], TWO)
    rows = claimed(library, run)
    assert [(row.reference_id, row.direction, row.depth, row.doi, row.openalex_id) for row in rows] == [
        (own, Direction.REFERENCES, 0, "10.1000/own", "W1"),
        (own, Direction.CITATIONS, 0, "10.1000/own", "W1"),
    ]


def test_what_is_not_accepted_or_cannot_be_asked_about_is_not_noted(library: SmallLibrary) -> None:
    [nameless] = library.accept(work("No identifiers"), raw="other")
    library.queue()
    [not_ranked] = library.accept(work("Before stage 3", doi="10.1000/early"), raw="third")
    library.print_references("nobody knows this")
    [unknown] = library.ids("no_metadata")
    run = new_run(library)
    library.store.seed_expansion(run, [unknown, nameless, not_ranked], TWO)
    assert claimed(library, run) == []


def test_a_work_of_which_no_copy_is_wanted_may_lead_to_others(library: SmallLibrary) -> None:
    [own] = library.accept(work("A matched work", doi="10.1000/own"))
    [row] = library.claim_works()
    library.store.finish_queueing(row, ME, Queueing(unwanted=DownloadReason.FILTERED_OUT))
    assert [one.reference_id for one in claimed(library, seeded(library, own))] == [own]


def test_two_owners_never_expand_the_same_row(library: SmallLibrary) -> None:
    run = seeded(library, matched(library))
    [row] = claimed(library, run)
    assert claimed(library, run, owner=OTHER) == []
    library.store.release(Stage.EXPANSION, ME)
    assert [one.id for one in claimed(library, run, owner=OTHER)] == [row.id]
    with pytest.raises(LeaseLost):
        library.store.finish_expansion(row, ME, Expansion((CITED,), "openalex"), run, ONE)
    assert edges(library) == []


def test_a_finished_expansion_is_not_repeated_by_a_later_run(library: SmallLibrary) -> None:
    own = matched(library)
    expand(library, seeded(library, own), CITED)
    assert claimed(library, seeded(library, own)) == []


def test_a_finished_expansion_opens_again_when_more_is_wanted_than_came_in(library: SmallLibrary) -> None:
    own = matched(library)
    few, many = Reach(references=1, most_related=1), Reach(references=1, most_related=9)
    works = (CITED, work("Another", doi="10.1000/another"))
    expand(library, seeded(library, own, few), *works, reach=few)
    assert len(library.ids("with_metadata")) == 1
    expand(library, seeded(library, own, many), *works, reach=many)
    assert len(library.ids("with_metadata")) == 2
    assert claimed(library, seeded(library, own, Reach(references=1, most_related=10))) == []


def test_a_found_work_that_a_pdf_cites_later_is_as_near_as_any_cited_one(library: SmallLibrary) -> None:
    own = matched(library)
    run = seeded(library, own)
    expand(library, run, CITED)
    library.queue()
    [found] = library.rows("SELECT reference_id FROM found_works")[0]
    assert claimed(library, seeded(library, found)) == []  # one step away already
    [again] = library.accept(CITED, raw="later")
    [row] = library.claim_works()
    library.store.finish_queueing(row, ME, Queueing(Twin("to_download_references", found, "doi")))
    assert library.store.now_known_as(again) == found
    [expansion] = claimed(library, seeded(library, found))
    assert (expansion.reference_id, expansion.depth) == (found, 0)


# ── what comes in ────────────────────────────────────────────────────────────────────────────────────────


def test_a_found_work_waits_for_stage_3_with_its_origin_and_the_edge(library: SmallLibrary) -> None:
    own = matched(library)
    run = seeded(library, own)
    assert expand(library, run, CITED) == [None]
    [new] = library.ids("with_metadata")
    assert edges(library) == [(own, new, "openalex")]
    origin = library.rows("SELECT way, depth, found_with, brought_by, run_id FROM found_works")
    assert origin == [("references", 1, own, run, run)]
    counts = library.store.counts()
    assert (counts.found_works, counts.citation_edges, counts.expanded, counts.citations) == (1, 1, 1, 1)


def test_what_cites_a_work_has_its_edge_the_other_way_round(library: SmallLibrary) -> None:
    own = matched(library)
    reach = Reach(citations=1)
    expand(library, seeded(library, own, reach), CITED, reach=reach)
    [new] = library.ids("with_metadata")
    assert edges(library) == [(new, own, "openalex")]


def test_works_that_the_library_has_get_an_edge_and_no_second_row(library: SmallLibrary) -> None:
    first, second = matched(library), matched(library, "10.1000/second", openalex_id="W2")
    by_id = work("The same under another name", openalex_id="W2")
    itself = work("A matched work", doi="10.1000/own")
    expand(library, seeded(library, first), by_id, itself)
    assert edges(library) == [(first, second, "openalex")]
    assert library.ids("with_metadata") == []


def test_beyond_the_most_of_a_work_only_known_works_are_noted(library: SmallLibrary) -> None:
    first, second = matched(library), matched(library, "10.1000/second")
    reach = Reach(references=1, most_related=1)
    known = work("Known", doi="10.1000/second")
    expand(library, seeded(library, first, reach), CITED, work("Too many", doi="10.1000/x"), known, reach=reach)
    [new] = library.ids("with_metadata")
    assert edges(library) == [(first, second, "openalex"), (first, new, "openalex")]


def test_a_full_run_leaves_the_row_for_the_next_one_which_doubles_nothing(library: SmallLibrary) -> None:
    own = matched(library)
    reach = Reach(references=1, most_expanded=1)
    works = (CITED, work("One more", doi="10.1000/more"))
    run = seeded(library, own, reach)
    assert expand(library, run, *works, reach=reach) == [ExpansionReason.RUN_IS_FULL]
    table = RunTable(library.store, run, reach=reach)
    assert table.claim(Stage.EXPANSION, ME, 5, LEASE) == []
    waiting = table.waiting(Stage.EXPANSION)
    assert (waiting.claimable, waiting.later, waiting.next_attempt_at) == (0, 1, None)
    assert expand(library, seeded(library, own, reach), *works, reach=reach) == [None]
    assert len(edges(library)) == 2
    assert library.store.counts().found_works == 2


def test_an_edge_told_twice_is_one_and_told_by_two_services_two(library: SmallLibrary) -> None:
    own = matched(library)
    expand(library, seeded(library, own, Reach(references=1, most_related=1)), CITED)
    reach = Reach(references=1, most_related=2)
    for source in ("openalex", "opencitations"):
        with library.store.database.transaction() as connection:
            connection.execute("UPDATE expansions SET finished_at = NULL")
        run = seeded(library, own, reach)
        for row in claimed(library, run):
            library.store.finish_expansion(row, ME, Expansion((CITED,), source), run, reach)
    assert [source for _, _, source in edges(library)] == ["openalex", "opencitations"]


def test_edges_follow_a_merge_and_come_back_when_it_is_undone(library: SmallLibrary) -> None:
    own, other = matched(library), matched(library, "10.1000/other")
    twin = work("Found", openalex_id="W77")
    expand(library, seeded(library, own), twin)
    [found] = library.ids("with_metadata")
    [table] = library.queue(Twin("to_download_references", other, "title_authors_year"))
    assert table == "duplicate_references"
    assert edges(library) == [(own, other, "openalex")]
    library.store.unmerge(found)
    assert edges(library) == [(own, found, "openalex")]


def test_an_expansion_that_waits_is_told_in_the_story_of_its_work(library: SmallLibrary) -> None:
    own = matched(library)
    [row] = claimed(library, seeded(library, own))
    library.store.postpone(Stage.EXPANSION, row.id, ME, seconds=30.0, error="busy", reason="internal_error")
    assert library.store.crashes(Stage.EXPANSION, row.id) == 1
    last = library.store.story(own)[-1]
    assert (last.reference_id, last.to_table, last.detail) == (own, "expansions", "busy")
    assert library.store.counts().expansion.later == 1


# ── whose run ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_run_works_on_what_it_found_and_others_leave_it(library: SmallLibrary) -> None:
    own = matched(library)
    run, stranger = seeded(library, own), new_run(library)
    expand(library, run, CITED)
    assert library.store.backlog(Stage.QUEUEING, stranger) == 0
    assert library.store.backlog(Stage.QUEUEING, run) == 1


def test_a_later_run_on_the_same_pdf_goes_on_with_what_was_found(library: SmallLibrary) -> None:
    own = matched(library)
    expand(library, seeded(library, own), CITED)
    [new] = library.ids("with_metadata")
    library.queue()
    run = new_run(library)
    added = library.store.add_pdfs(run, [PdfFile("/pdfs/paper1.pdf", "sha-paper1", 100)])
    library.store.resume_expansion(run, added.ids, TWO)
    assert library.store.backlog(Stage.DOWNLOAD, run) == 2
    rows = {(row.reference_id, row.direction, row.depth) for row in claimed(library, run)}
    assert rows == {(new, Direction.REFERENCES, 1), (own, Direction.CITATIONS, 0)}


def test_another_folder_does_not_go_on_with_it(library: SmallLibrary) -> None:
    expand(library, seeded(library, matched(library)), CITED)
    matched(library, "10.1000/elsewhere")
    run = new_run(library)
    added = library.store.add_pdfs(run, [PdfFile("/pdfs/paper2.pdf", "sha-paper2", 100)])
    library.store.resume_expansion(run, added.ids, ONE)
    assert library.store.backlog(Stage.QUEUEING, run) == 0


def test_a_pdf_whose_works_are_found_from_two_sides_takes_both(library: SmallLibrary) -> None:
    """The work was brought in by another PDF's run; the edge leads this run to it all the same."""
    first, second = matched(library), matched(library, "10.1000/second")
    expand(library, seeded(library, first), CITED)
    expand(library, seeded(library, second), CITED)
    run = new_run(library)
    added = library.store.add_pdfs(run, [PdfFile("/pdfs/paper2.pdf", "sha-paper2", 100)])
    library.store.resume_expansion(run, added.ids, ONE)
    assert library.store.backlog(Stage.QUEUEING, run) == 1


def test_what_brought_nothing_may_be_tried_again(library: SmallLibrary) -> None:
    first, second = matched(library), matched(library, "10.1000/second")
    run = new_run(library)
    library.store.seed_expansion(run, [first, second], ONE)
    for row in claimed(library, run):
        found = row.reference_id == first
        outcome = Expansion((CITED,), "openalex") if found else Expansion(reason=ExpansionReason.NOT_INDEXED)
        library.store.finish_expansion(row, ME, outcome, run, ONE)
    assert library.store.retry(Selection((Stage.EXPANSION,), ids=(first, second))) == {Stage.EXPANSION: 1}
    assert [row.reference_id for row in claimed(library, seeded(library, second))] == [second]
