"""What a person decides: try again, take a candidate, none of them, these two are not one work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dl_lit.errors import UsageError
from dl_lit.model import (
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    EnrichmentReason,
    Evidence,
    Extraction,
    PdfReason,
    Reference,
    Stage,
    Twin,
    Work,
)
from dl_lit.queueing import Queuer
from dl_lit.store.decisions import Selection
from dl_lit.store.records import Parted
from library import ME, SmallLibrary, work


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


def reject(library: SmallLibrary, *reasons: EnrichmentReason) -> list[int]:
    library.print_references(*(f"Unknown {reason}" for reason in reasons))
    rows = library.claim_references()
    for row, reason in zip(rows, reasons, strict=True):
        library.store.finish_enrichment(row, ME, Enrichment(Decision.REJECTED, reason=reason))
    return [row.id for row in rows]


def review(library: SmallLibrary, *candidates: Work, raw: str = "Smith, On Testing") -> int:
    """A reference that needs a look, with these candidates."""
    library.print_references(Reference(raw, title="On Testing", url="http://print.test/a"))
    [row] = library.claim_references()
    evidence = tuple(
        Evidence("crossref", "bibliographic", one, 0.9 - 0.1 * rank, Decision.REVIEW, ("title",), ("year",), (), rank)
        for rank, one in enumerate(candidates, 1)
    )
    outcome = Enrichment(Decision.REVIEW, evidence=evidence, reason=EnrichmentReason.AMBIGUOUS)
    assert library.store.finish_enrichment(row, ME, outcome) == "needs_review"
    return row.id


# ── trying again ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_failed_enrichment_waits_again_with_all_that_was_read(library: SmallLibrary) -> None:
    [row_id] = reject(library, EnrichmentReason.NO_CANDIDATES)
    assert library.store.retry(Selection((Stage.ENRICHMENT,))) == {Stage.ENRICHMENT: 1}
    [row] = library.claim_references()
    assert (row.id, row.reference.raw, row.attempts) == (row_id, "Unknown no_candidates", 0)


def test_a_failed_download_goes_back_to_the_queue_with_its_metadata(library: SmallLibrary) -> None:
    [row_id] = library.accept(work(doi="10.1000/a"))
    library.queue()
    library.fail_downloads()
    assert library.store.retry(Selection())[Stage.DOWNLOAD] == 1
    [row] = library.claim_downloads()
    assert (row.id, row.work.doi) == (row_id, "10.1000/a")


def test_a_failed_pdf_waits_again(library: SmallLibrary) -> None:
    [row] = library.add_pdfs()
    library.store.finish_extraction(row, ME, Extraction(reason=PdfReason.TIMED_OUT))
    assert library.store.retry(Selection((Stage.EXTRACTION,))) == {Stage.EXTRACTION: 1}
    assert [one.id for one in library.store.claim(Stage.EXTRACTION, ME, 5, 60.0)] == [row.id]


def test_only_the_named_reason_is_tried_again(library: SmallLibrary) -> None:
    reject(library, EnrichmentReason.NO_CANDIDATES, EnrichmentReason.NO_MATCH)
    selection = Selection((Stage.ENRICHMENT,), reasons=(EnrichmentReason.NO_MATCH,))
    assert library.store.retry(selection) == {Stage.ENRICHMENT: 1}
    assert [row.reference.raw for row in library.claim_references()] == ["Unknown no_match"]


def test_only_what_failed_long_enough_ago_is_tried_again(library: SmallLibrary) -> None:
    reject(library, EnrichmentReason.NO_MATCH)
    library.clock.now += 100
    reject(library, EnrichmentReason.NO_CANDIDATES)
    assert library.store.retry(Selection((Stage.ENRICHMENT,), before=library.clock.now - 50)) == {Stage.ENRICHMENT: 1}


def test_only_the_named_references_are_tried_again(library: SmallLibrary) -> None:
    first, _ = reject(library, EnrichmentReason.NO_MATCH, EnrichmentReason.NO_MATCH)
    assert library.store.retry(Selection((Stage.ENRICHMENT,), ids=(first,))) == {Stage.ENRICHMENT: 1}
    assert library.ids("no_metadata") == [first]


def test_what_a_person_has_refused_is_tried_again_only_when_named(library: SmallLibrary) -> None:
    row_id = review(library, work())
    library.store.refuse(row_id)
    assert library.store.retry(Selection()) == {Stage.EXTRACTION: 0, Stage.ENRICHMENT: 0, Stage.DOWNLOAD: 0}
    assert library.store.retry(Selection(reasons=("rejected_by_person",)))[Stage.ENRICHMENT] == 1


def test_what_waits_by_our_own_caution_is_due_at_once(library: SmallLibrary) -> None:
    library.print_references("A")
    [row] = library.claim_references()
    library.store.postpone(Stage.ENRICHMENT, row.id, ME, seconds=None, error="no answer")
    library.store.retry(Selection())
    assert [one.id for one in library.claim_references()] == [row.id]


# ── needs a look ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_taken_candidate_is_the_work_and_its_evidence_says_so(library: SmallLibrary) -> None:
    row_id = review(library, work("On Testing", doi="10.1000/a"), work("On Tasting", doi="10.1000/b"))
    story = library.store.told(row_id)
    assert story is not None and story.table == "needs_review"
    assert library.store.take(row_id, story.candidates[1].id) == "with_metadata"
    after = library.store.told(row_id)
    assert after is not None and after.work is not None and after.work.doi == "10.1000/b"
    assert [one.evidence.decision for one in after.candidates] == [Decision.REVIEW, Decision.ACCEPTED]
    assert library.field("with_metadata", row_id, "printed_url") == "http://print.test/a"
    assert "taken" in [event.reason for event in after.events]


def test_a_taken_candidate_that_waits_in_stage_3_already_is_merged(library: SmallLibrary) -> None:
    [first] = library.accept(work(doi="10.1000/a"))
    row_id = review(library, work(doi="10.1000/a"))
    [candidate] = library.store.told(row_id).candidates  # type: ignore[union-attr]
    assert library.store.take(row_id, candidate.id) == "duplicate_references"
    assert library.field("duplicate_references", row_id, "merged_into") == first


def test_refused_candidates_leave_a_failure_that_says_who_decided(library: SmallLibrary) -> None:
    row_id = review(library, work())
    assert library.store.refuse(row_id).table == "failed_enrichments"
    [failure] = library.store.failures()
    assert (failure.id, failure.reason) == (row_id, "rejected_by_person")


def test_references_to_look_at_come_in_the_order_in_which_they_were_read(library: SmallLibrary) -> None:
    ids = [review(library, work("A")), review(library, work("B"), raw="Another")]
    assert library.store.under_review() == ids
    assert library.store.under_review(limit=1) == ids[:1]


@pytest.mark.parametrize("wrong", ["candidate", "reference"])
def test_a_choice_that_does_not_exist_is_refused(library: SmallLibrary, wrong: str) -> None:
    row_id = review(library, work())
    with pytest.raises(UsageError, match="review --list"):
        library.store.take(row_id, 999) if wrong == "candidate" else library.store.refuse(999)
    assert library.ids("needs_review") == [row_id]


# ── undoing a merge ──────────────────────────────────────────────────────────────────────────────────────


def merged(library: SmallLibrary, a: Work, b: Work, rule: str = "title_authors_year") -> tuple[int, int]:
    """Two references, the second merged into the first, which is in the download queue."""
    [first] = library.accept(a, raw="first")
    library.queue()
    [second] = library.accept(b, raw="second")
    assert library.queue(Twin("to_download_references", first, rule)) == ["duplicate_references"]
    return first, second


def test_an_undone_merge_gives_both_their_citations_and_records_back(library: SmallLibrary) -> None:
    first, second = merged(library, work(doi="10.1000/a"), work(publisher="Press", place="Here"))
    assert library.field("to_download_references", first, "publisher") == "Press"
    assert library.store.unmerge(second) == Parted(second, first)
    assert library.ids("to_download_references") == [first, second]
    assert library.field("to_download_references", first, "publisher") is None
    assert library.field("to_download_references", second, "publisher") == "Press"
    assert library.rows("SELECT reference_id, raw FROM citations ORDER BY id") == [
        (first, "first 0"),
        (second, "second 0"),
    ]
    assert [merge.rule for merge in library.store.merges()] == ["unmerged", "title_authors_year"]


def test_a_doi_that_came_with_the_merge_goes_with_its_undoing(library: SmallLibrary) -> None:
    first, second = merged(library, work(), work(doi="10.1000/b"))
    assert library.field("to_download_references", first, "doi") == "10.1000/b"
    library.store.unmerge(second)
    dois = [library.field("to_download_references", row_id, "doi") for row_id in (first, second)]
    assert dois == [None, "10.1000/b"]
    assert library.store.meant("10.1000/b") == [second]


def test_what_came_through_the_merged_one_goes_along(library: SmallLibrary) -> None:
    # Two equal DOIs merge before stage 3, then their work is merged by its title.
    [first] = library.accept(work(publisher="Press"), raw="first")
    library.queue()
    second, third = library.accept(work(doi="10.1000/b"), work(doi="10.1000/b", place="Here"), raw="other")
    library.queue(Twin("to_download_references", first, "title_authors_year"))
    library.store.unmerge(second)
    assert library.field("duplicate_references", third, "merged_into") == second
    assert library.field("to_download_references", second, "place") == "Here"
    assert library.rows("SELECT count(*) FROM citations WHERE reference_id = ?", second) == [(2,)]
    assert library.field("to_download_references", first, "place") is None


def test_an_undone_merge_can_be_made_and_undone_again(library: SmallLibrary) -> None:
    first, second = merged(library, work(), work(publisher="Press"))
    library.store.unmerge(second)
    [row] = [one for one in library.claim_downloads() if one.id == second]
    library.store.finish_download(row, ME, Download(reason=DownloadReason.NO_OPEN_COPY))
    assert library.field("failed_downloads", second, "publisher") == "Press"
    assert library.field("to_download_references", first, "publisher") is None


def test_what_is_not_merged_cannot_be_undone(library: SmallLibrary) -> None:
    [first] = library.accept(work())
    with pytest.raises(UsageError, match="merge-log"):
        library.store.unmerge(first)


def test_an_undone_merge_is_not_made_again_by_stage_3(library: SmallLibrary) -> None:
    first, second = merged(library, work(), work())
    library.store.unmerge(second)
    queuer = Queuer(library.store)
    assert [queuer.decide(row) for row in library.claim_works()] == []
    assert library.ids("to_download_references") == [first, second]


# ── the story ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text", ["10.1000/A", "https://doi.org/10.1000/a", "W7", "https://openalex.org/W7", "on testing", "first 0", "#1"]
)
def test_a_reference_is_found_by_any_of_its_names(library: SmallLibrary, text: str) -> None:
    assert library.accept(work(doi="10.1000/a", openalex_id="W7"), raw="first") == [1]
    assert library.store.meant(text) == [1]


def test_a_printed_doi_finds_a_reference_without_a_work(library: SmallLibrary) -> None:
    library.print_references(Reference("A thing", doi="10.1000/x"))
    assert library.store.meant("10.1000/x") == [1]


@pytest.mark.parametrize("text", ["", "   ", "999", "10.9/none", "100%"])
def test_words_that_name_nothing_find_nothing(library: SmallLibrary, text: str) -> None:
    library.accept(work(doi="10.1000/a"))
    assert library.store.meant(text) == []


def test_a_story_has_print_work_attempts_and_events(library: SmallLibrary) -> None:
    [row_id] = library.accept(work(doi="10.1000/a"), raw="print")
    library.queue()
    library.download()
    story = library.store.told(row_id)
    assert story is not None
    assert (story.table, story.printed[0].raw, story.printed[0].position) == ("downloaded_references", "print 0", 1)
    assert story.file is not None and story.file.file_name == "w1.pdf"
    assert [event.to_table for event in story.events] == [
        "no_metadata",
        "with_metadata",
        "to_download_references",
        "downloaded_references",
    ]


def test_there_is_no_story_of_what_never_was(library: SmallLibrary) -> None:
    assert library.store.told(5) is None
