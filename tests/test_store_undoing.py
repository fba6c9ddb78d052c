"""An accepted match is taken back: where the reference, the work, its copy and what was merged go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dl_lit.errors import LeaseLost, UsageError
from dl_lit.model import (
    Decision,
    Download,
    Enrichment,
    EnrichmentReason,
    Evidence,
    Location,
    Queueing,
    Reference,
    Stage,
    Work,
)
from dl_lit.queueing import Queuer
from dl_lit.relations import Expansion, ExpansionRow, Reach
from dl_lit.store import Store
from dl_lit.store.decisions import Selection
from dl_lit.store.records import Parted, TakenBack
from dl_lit.store.stories import Story
from library import A_FILE, ME, SmallLibrary, work

TIDES = work("Tides of a Harbour", doi="10.1000/a", openalex_id="W1")
MILLS = work("Mills and Their Owners", doi="10.1000/b")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


def accept(library: SmallLibrary, *works: Work, candidates: tuple[Work, ...] = (TIDES, MILLS)) -> list[int]:
    """References accepted with these candidates as evidence, before stage 3."""
    library.print_references(*(printed(one, number) for number, one in enumerate(works, 1)))
    rows = library.claim_references()
    evidence = tuple(
        Evidence("crossref", "text", one, 0.9, Decision.ACCEPTED if one in works else Decision.REJECTED)
        for one in candidates
    )
    for row, one in zip(rows, works, strict=True):
        library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, one, evidence))
    return [row.id for row in rows]


def printed(one: Work, number: int = 1) -> Reference:
    return Reference(f"Print of {one.title}", number, title=one.title, url="http://p.test")


def rank(library: SmallLibrary) -> list[str]:
    """Stage 3 as it is."""
    queuer = Queuer(library.store)
    tables = []
    for row in library.claim_works():
        with library.store.database.transaction():
            tables.append(library.store.finish_queueing(row, ME, queuer.decide(row)))
    return tables


def told(store: Store, reference_id: int) -> Story:
    story = store.told(reference_id)
    assert story is not None
    return story


def candidate(library: SmallLibrary, reference_id: int, doi: str) -> int:
    story = told(library.store, reference_id)
    return next(one.id for one in story.candidates if one.evidence.candidate.doi == doi)


def parted(library: SmallLibrary) -> tuple[int, int]:
    """Two accepted references of one work without a DOI, merged by stage 3 and parted by a person."""
    [one] = accept(library, work("Tides of a Harbour"))
    rank(library)
    [other] = accept(library, work("Tides of a Harbour", place="Here"))
    rank(library)
    library.store.unmerge(other)
    return one, other


def find_again(library: SmallLibrary, work_: Work) -> str:
    """What becomes of the only waiting reference if a run accepts this for it."""
    [row] = library.claim_references()
    return library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, work_))


# ── alone ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "table", ["with_metadata", "to_download_references", "downloaded_references", "failed_downloads"]
)
def test_a_work_that_nothing_else_cites_is_withdrawn_wherever_it_is(library: SmallLibrary, table: str) -> None:
    [one] = accept(library, TIDES)
    if table != "with_metadata":
        rank(library)
    if table == "downloaded_references":
        library.download()
    if table == "failed_downloads":
        library.fail_downloads()
    back = library.store.refuse(one)
    assert (back.was_in, back.stays_as, back.table) == (table, None, "failed_enrichments")
    assert library.field("failed_enrichments", one, "reason") == "rejected_by_person"
    assert library.rows("SELECT * FROM works") == []
    assert library.store.meant("10.1000/a") == []


def test_the_reference_is_again_as_it_was_printed(library: SmallLibrary) -> None:
    [one] = accept(library, TIDES)
    library.store.refuse(one)
    library.store.retry(Selection(reasons=("rejected_by_person",)))
    [row] = library.claim_references()
    assert row.reference == printed(TIDES)


def test_a_copy_is_not_lost_silently(library: SmallLibrary) -> None:
    [one] = accept(library, TIDES)
    rank(library)
    library.download()
    assert library.store.refuse(one).file_name == A_FILE.file_name
    assert library.rows("SELECT reference_id, file_name, doi FROM withdrawn_files") == [(one, "w1.pdf", "10.1000/a")]
    story = told(library.store, one)
    assert story.withdrawn == ("w1.pdf",)
    assert "its copy stays in pdfs/ as w1.pdf" in (story.events[-1].detail or "")
    assert story.events[-1].by_hand


def test_the_evidence_no_longer_says_accepted(library: SmallLibrary) -> None:
    [one] = accept(library, TIDES)
    library.store.refuse(one)
    [first] = [one.evidence for one in told(library.store, one).candidates if one.evidence.candidate == TIDES]
    assert (first.decision, first.vetoes) == (Decision.REJECTED, ("refused by a person",))
    assert told(library.store, one).refused == ("10.1000/a",)


def test_a_refused_work_without_a_doi_is_named_by_its_title(library: SmallLibrary) -> None:
    book = work("Soundings: An Atlas")
    one, other = accept(library, book, book, candidates=(book,))
    library.store.refuse(one)
    assert told(library.store, one).refused == ("Soundings: An Atlas",)
    [third] = accept(library, work("Soundings: An Atlas", year=2003), candidates=())
    library.store.refuse(third)
    assert told(library.store, third).refused == ("soundingsanatlas",)
    assert library.store.now_known_as(other) == other


# ── never again ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_refused_match_is_never_accepted_again(library: SmallLibrary) -> None:
    [one] = accept(library, TIDES)
    library.store.refuse(one)
    library.store.retry(Selection(reasons=("rejected_by_person",)))
    [row] = library.claim_references()
    assert ("doi", "10.1000/a") in row.refused
    again = library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, replace(TIDES, title="Other")))
    assert again == "failed_enrichments"
    assert library.field("failed_enrichments", one, "reason") == "rejected_by_person"


def test_stage_3_does_not_lead_back_to_what_was_refused(library: SmallLibrary) -> None:
    """By another record of the same work, which has none of its names but a longer title."""
    one, other = accept(library, *[work("A Theory of Harbours")] * 2)
    rank(library)
    library.store.refuse(one)
    library.store.retry(Selection(reasons=("rejected_by_person",)))
    assert find_again(library, work("A Theory of Harbours", subtitle="An Outline", openalex_id="W8")) == "with_metadata"
    assert rank(library) == ["to_download_references"]
    [third] = accept(library, work("A Theory of Harbours"))
    assert rank(library) == ["duplicate_references"]
    assert library.field("duplicate_references", third, "merged_into") == other


def test_another_reference_may_still_be_that_work(library: SmallLibrary) -> None:
    [one] = accept(library, TIDES)
    library.store.refuse(one)
    [other] = accept(library, TIDES)
    assert library.ids("with_metadata") == [other]


def test_candidates_refused_in_a_review_are_refused_for_good(library: SmallLibrary) -> None:
    library.print_references("A thing")
    [row] = library.claim_references()
    evidence = (Evidence("crossref", "text", TIDES, 0.5, Decision.REVIEW),)
    library.store.finish_enrichment(
        row, ME, Enrichment(Decision.REVIEW, evidence=evidence, reason=EnrichmentReason.WEAK_MATCH)
    )
    assert library.store.refuse(row.id) == TakenBack(row.id, "failed_enrichments")
    library.store.retry(Selection(reasons=("rejected_by_person",)))
    assert find_again(library, TIDES) == "failed_enrichments"


def test_a_person_may_change_their_mind(library: SmallLibrary) -> None:
    [one] = accept(library, TIDES)
    library.store.refuse(one)
    assert library.store.take(one, candidate(library, one, "10.1000/a")) == "with_metadata"
    assert told(library.store, one).refused == ()
    assert told(library.store, one).candidates[0].evidence.decision is Decision.ACCEPTED


# ── with others ──────────────────────────────────────────────────────────────────────────────────────────


def test_others_keep_the_work_with_its_copy(library: SmallLibrary) -> None:
    one, other = accept(library, TIDES, TIDES)
    rank(library)
    library.download()
    assert library.field("duplicate_references", other, "merged_into") == one
    back = library.store.refuse(one)
    assert (back.stays_as, back.file_name, back.again) == (other, None, ())
    assert library.ids("downloaded_references") == [other]
    assert library.field("downloaded_references", other, "file_name") == "w1.pdf"
    assert library.rows("SELECT reference_id FROM citations ORDER BY id") == [(one,), (other,)]
    assert library.store.meant("10.1000/a") == [other]


def test_a_merged_reference_leaves_without_a_trace_in_the_work(library: SmallLibrary) -> None:
    [one] = accept(library, TIDES)
    rank(library)
    [other] = accept(library, replace(TIDES, publisher="Press"))
    rank(library)
    assert library.field("to_download_references", one, "publisher") == "Press"
    assert library.store.refuse(other).stays_as == one
    assert library.field("to_download_references", one, "publisher") is None
    assert [merge.standing for merge in library.store.merges() if merge.rule == "doi"] == ["undone"]
    assert "match_taken_back" in [event.reason for event in told(library.store, one).events]


def test_what_only_the_match_held_together_goes_through_stage_3_again(library: SmallLibrary) -> None:
    [one] = accept(library, work("Tides of a Northern Harbour", year=2001))
    rank(library)
    [early] = accept(library, work("Tides of a Northern Harbour", year=2000))
    [late] = accept(library, work("Tides of a Northern Harbour", year=2002))
    assert rank(library) == ["duplicate_references"] * 2
    back = library.store.refuse(one)
    assert (back.stays_as, back.again) == (early, (late,))
    assert library.ids("with_metadata") == [late]
    assert rank(library) == ["to_download_references"]


def test_those_who_share_a_doi_stay_together(library: SmallLibrary) -> None:
    [one] = accept(library, work("Tides of a Harbour"))
    rank(library)
    two, three = accept(library, TIDES, TIDES)
    assert rank(library) == ["duplicate_references"]
    assert library.store.refuse(one).again == ()
    assert library.field("duplicate_references", three, "merged_into") == two
    [merge] = [merge for merge in library.store.merges() if merge.standing == "holds"]
    assert (merge.loser_id, merge.winner_id) == (three, two)


def test_what_falls_off_joins_its_own_record_where_that_waits(library: SmallLibrary) -> None:
    one, two = accept(library, TIDES, TIDES)
    rank(library)
    bare = work("Tides of a Harbour", openalex_id="W9")
    [three] = accept(library, bare)
    assert rank(library) == ["duplicate_references"]
    [four] = accept(library, bare)
    assert library.store.refuse(one).again == (three,)
    assert library.field("duplicate_references", three, "merged_into") == four
    assert library.ids("to_download_references") == [two]
    assert rank(library) == ["duplicate_references"]
    assert library.field("duplicate_references", three, "merged_into") == two


def test_a_record_is_not_mixed_with_that_of_an_earlier_life(library: SmallLibrary) -> None:
    """What merges changed in the work that a reference was taken for says nothing about its next one."""
    [one] = accept(library, TIDES)
    rank(library)
    accept(library, replace(TIDES, publisher="Press"))
    rank(library)
    library.store.take(one, candidate(library, one, "10.1000/b"))
    rank(library)
    [third] = accept(library, replace(MILLS, place="There"))
    rank(library)
    library.store.refuse(third)
    record = library.rows("SELECT doi, publisher, place FROM to_download_references WHERE id = ?", one)
    assert record == [("10.1000/b", None, None)]


# ── copies in doubt ──────────────────────────────────────────────────────────────────────────────────────


def test_a_copy_found_at_an_address_of_the_one_that_left_is_looked_for_again(library: SmallLibrary) -> None:
    [one] = accept(library, TIDES)
    rank(library)
    [other] = accept(library, replace(TIDES, locations=(Location("unpaywall", pdf_url=A_FILE.url),)))
    rank(library)
    library.download()
    back = library.store.refuse(other)
    assert (back.stays_as, back.file_name) == (one, "w1.pdf")
    assert library.ids("to_download_references") == [one]
    assert told(library.store, one).withdrawn == ("w1.pdf",)


def test_a_copy_found_by_a_doi_that_left_is_looked_for_again(library: SmallLibrary) -> None:
    [one] = accept(library, work("Tides of a Harbour"))
    rank(library)
    [other] = accept(library, TIDES)
    rank(library)
    library.download()
    parted = library.store.unmerge(other)
    assert parted == Parted(other, one, file_name="w1.pdf")
    assert library.ids("to_download_references") == [one, other]


# ── another choice ───────────────────────────────────────────────────────────────────────────────────────


def test_an_accepted_match_can_be_changed(library: SmallLibrary) -> None:
    one, other = accept(library, TIDES, TIDES)
    rank(library)
    library.download()
    assert library.store.take(one, candidate(library, one, "10.1000/b")) == "with_metadata"
    assert library.field("with_metadata", one, "doi") == "10.1000/b"
    assert library.ids("downloaded_references") == [other]
    assert told(library.store, one).refused == ("10.1000/a",)
    assert [event.reason for event in told(library.store, one).events if event.by_hand] == [
        "rejected_by_person",
        "taken",
        None,
    ]


def test_the_same_choice_again_changes_nothing(library: SmallLibrary) -> None:
    [one] = accept(library, TIDES)
    with pytest.raises(UsageError, match="taken for this candidate already"):
        library.store.take(one, candidate(library, one, "10.1000/a"))
    assert library.ids("with_metadata") == [one]


# ── merges ───────────────────────────────────────────────────────────────────────────────────────────────


def test_parting_an_equal_doi_takes_a_match_back(library: SmallLibrary) -> None:
    one, other = accept(library, TIDES, TIDES)
    rank(library)
    parted = library.store.unmerge(other)
    assert parted.back is not None and parted.back.table == "needs_review"
    assert library.field("needs_review", other, "reason") == "parted_by_person"
    assert library.ids("to_download_references") == [one]
    assert library.rows("SELECT reference_id FROM citations ORDER BY id") == [(one,), (other,)]
    assert told(library.store, other).parted == (one,)


def test_parting_equal_records_without_a_doi_takes_a_match_back(library: SmallLibrary) -> None:
    one = work("Tides", openalex_id="W5")
    _, other = accept(library, one, replace(one, place="Here"))
    rank(library)
    assert library.store.unmerge(other).back is not None


def test_a_preprint_that_is_parted_from_its_article_keeps_its_identifier(library: SmallLibrary) -> None:
    [one] = accept(library, work("Tides of a Harbour", doi="10.1000/a", arxiv="1706.03762"))
    rank(library)
    [other] = accept(library, work("Tides of a Harbour", arxiv="1706.03762"))
    assert rank(library) == ["duplicate_references"]
    assert library.store.unmerge(other) == Parted(other, one)
    assert library.field("to_download_references", other, "arxiv") == "1706.03762"


def test_a_second_undoing_says_when_the_first_was(library: SmallLibrary) -> None:
    one, other = accept(library, TIDES, TIDES)
    rank(library)
    library.store.unmerge(other)
    with pytest.raises(UsageError, match=rf"parted from {one} already \(1970-01-1.*merge-log"):
        library.store.unmerge(other)


def test_the_one_that_stays_names_those_that_can_be_parted(library: SmallLibrary) -> None:
    one, *others = accept(library, *[TIDES] * 12)
    with pytest.raises(UsageError, match=rf"merged into it: {others[0]}, .*, \.\.\.\. Name one"):
        library.store.unmerge(one)


def test_parted_works_are_not_merged_again_after_one_of_them_was_decided_anew(library: SmallLibrary) -> None:
    [one] = accept(library, work("Tides of a Harbour"))
    rank(library)
    [other] = accept(library, TIDES)
    rank(library)
    library.store.unmerge(other)
    library.store.take(other, candidate(library, other, "10.1000/b"))
    library.store.take(other, candidate(library, other, "10.1000/a"))
    assert rank(library) == ["to_download_references"]
    assert library.ids("to_download_references") == [one, other]


def test_equal_dois_that_were_parted_need_a_look_when_they_come_again(library: SmallLibrary) -> None:
    one, other = accept(library, TIDES, TIDES)
    rank(library)
    library.store.unmerge(other)
    library.store.take(other, candidate(library, other, "10.1000/b"))
    rank(library)
    library.store.refuse(one)  # then `other` is moved to the DOI that it had been parted from
    library.store.take(other, candidate(library, other, "10.1000/a"))
    rank(library)
    library.store.retry(Selection(reasons=("rejected_by_person",)))
    assert find_again(library, MILLS) == "with_metadata"
    assert rank(library) == ["to_download_references"]


def test_a_run_that_finds_the_same_work_for_parted_references_asks_a_person(library: SmallLibrary) -> None:
    one, other = parted(library)
    library.store.refuse(one)
    library.store.refuse(other)
    library.store.retry(Selection(reasons=("rejected_by_person",)))
    rows = library.claim_references()
    tables = [library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, TIDES)) for row in rows]
    assert tables == ["with_metadata", "needs_review"]
    assert library.field("needs_review", other, "reason") == "parted_by_person"


def test_stage_3_asks_a_person_about_parted_references_with_one_doi(library: SmallLibrary) -> None:
    one, other = parted(library)
    library.store.refuse(one)
    library.store.refuse(other)
    library.store.retry(Selection(reasons=("rejected_by_person",)))
    for row in library.claim_references():
        library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, TIDES))
        if row.id == one:
            rank(library)
    assert rank(library) == ["needs_review"]
    assert library.ids("to_download_references") == [one]


def test_a_person_who_gives_parted_references_one_work_has_the_last_word(library: SmallLibrary) -> None:
    one, other = accept(library, TIDES, TIDES)
    rank(library)
    library.store.unmerge(other)
    library.store.take(other, candidate(library, other, "10.1000/a"))
    assert rank(library) == ["duplicate_references"]
    assert library.field("duplicate_references", other, "merged_into") == one
    assert told(library.store, other).parted == ()


# ── works that no PDF brought ────────────────────────────────────────────────────────────────────────────


def found_by_search(library: SmallLibrary, found: Work) -> int:
    search = library.store.save_search("tides", {}, {}, [(found, ("openalex",))])
    library.store.enqueue_search(search)
    [reference_id] = library.store.ids_of([found])
    assert reference_id is not None
    return reference_id


def test_a_work_that_a_search_found_too_stays_under_an_id_of_its_own(library: SmallLibrary) -> None:
    [one] = accept(library, TIDES)
    rank(library)
    assert found_by_search(library, TIDES) == one
    library.download()
    heir = library.store.refuse(one).stays_as
    assert heir == one + 1
    assert library.field("downloaded_references", heir, "file_name") == "w1.pdf"
    assert library.rows("SELECT reference_id FROM found_works") == [(heir,)]


def test_a_match_of_a_work_that_no_pdf_prints_cannot_be_taken_back(library: SmallLibrary) -> None:
    found = found_by_search(library, TIDES)
    with pytest.raises(UsageError, match="printed in no PDF"):
        library.store.refuse(found)


def test_parting_a_found_work_from_a_print_takes_the_prints_match_back(library: SmallLibrary) -> None:
    [one] = accept(library, work("Tides of a Harbour"))
    rank(library)
    found = found_by_search(library, TIDES)
    [other] = accept(library, TIDES)
    rank(library)
    assert {library.store.now_known_as(found), library.store.now_known_as(other)} == {one}
    parted = library.store.unmerge(other)
    assert parted.back is not None and parted.back.reference_id == other
    assert library.store.now_known_as(found) == one


def test_parting_a_found_work_takes_back_the_match_of_the_print_it_leaves(library: SmallLibrary) -> None:
    [one] = accept(library, work("Tides of a Harbour"))
    rank(library)
    found = found_by_search(library, TIDES)
    rank(library)
    [other] = accept(library, TIDES)
    rank(library)
    parted = library.store.unmerge(found)
    assert parted.back is not None and parted.back.reference_id == one
    assert library.store.now_known_as(found) == library.store.now_known_as(other) != one


def test_who_cites_whom_goes_to_who_is_that_work_now(library: SmallLibrary) -> None:
    one, other = accept(library, TIDES, TIDES)
    rank(library)
    run_id, reach = library.store.start_run(ME, "test", {}), Reach(references=1)
    library.store.seed_expansion(run_id, [one], reach)
    [row] = library.store.claim(Stage.EXPANSION, ME, 1, 60.0, run_id=run_id)
    assert isinstance(row, ExpansionRow)
    library.store.finish_expansion(row, ME, Expansion((MILLS,), "openalex"), run_id, reach)
    library.store.refuse(one)
    [edge] = library.rows("SELECT citing_id FROM citation_edges")
    assert edge == (other,)
    assert library.rows("SELECT reference_id FROM expansions") == [(other,)]
    library.store.refuse(other)
    assert library.rows("SELECT * FROM citation_edges") == []


# ── beside a run ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_run_that_fetches_a_copy_meanwhile_drops_it(library: SmallLibrary) -> None:
    one, other = accept(library, TIDES, TIDES)
    rank(library)
    [row] = library.claim_downloads()
    library.store.refuse(one)
    with pytest.raises(LeaseLost, match="a person"):
        library.store.finish_download(row, ME, Download(A_FILE))
    assert [row.id for row in library.claim_downloads()] == [other]


def test_a_run_that_fetches_a_copy_by_what_has_left_begins_anew(library: SmallLibrary) -> None:
    [one] = accept(library, work("Tides of a Harbour"))
    rank(library)
    [other] = accept(library, TIDES)
    rank(library)
    [row] = library.claim_downloads()
    library.store.unmerge(other)
    with pytest.raises(LeaseLost):
        library.store.finish_download(row, ME, Download(A_FILE))
    assert {row.id for row in library.claim_downloads()} == {one, other}


def test_a_run_that_ranks_a_work_meanwhile_drops_it(library: SmallLibrary) -> None:
    [one] = accept(library, TIDES)
    [row] = library.claim_works()
    library.store.refuse(one)
    with pytest.raises(LeaseLost):
        library.store.finish_queueing(row, ME, Queueing())
