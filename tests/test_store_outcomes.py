"""What becomes of a row when its stage is done with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from dl_lit.model import (
    Attempt,
    CopyVersion,
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    EnrichmentReason,
    Evidence,
    KeptFile,
    Location,
    Queueing,
    Reference,
    Work,
)
from dl_lit.net.host import REST
from dl_lit.store.claims import HOST_RESTS
from dl_lit.store.moves import move
from library import A_FILE, ME, SmallLibrary, work

PLACES = (Location("unpaywall", "http://host.test/a.pdf", version=CopyVersion.ACCEPTED),)
ATTEMPT = Attempt(
    "unpaywall", "http://host.test/a", None, "host.test", DownloadReason.BLOCKED, 403, 10, 20, "wall", "q.html"
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


def evidence(title: str, decision: Decision) -> Evidence:
    return Evidence("crossref", "bibliographic", work(title, doi="10.1000/e"), 0.5, decision, ("title",), ("year",))


# ── enrichment ───────────────────────────────────────────────────────────────────────────────────────────


def test_an_accepted_reference_keeps_its_id_all_the_way_to_its_file(library: SmallLibrary) -> None:
    known = work("A Work That Is Found", doi="10.1000/f", abstract="Abstract.", locations=PLACES, is_oa=True)
    library.print_references(Reference("printed", 1, url="http://printed.test"))
    [row] = library.claim_references()
    assert library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, known)) == "with_metadata"
    [to_queue] = library.claim_works()
    assert (to_queue.id, to_queue.work) == (row.id, known)
    library.store.finish_queueing(to_queue, ME, Queueing(priority=2.5))
    [to_download] = library.claim_downloads()
    assert (to_download.id, to_download.work, to_download.priority) == (row.id, known, 2.5)
    assert to_download.printed_url == "http://printed.test"
    file = KeptFile("x.pdf", "s", 1, 2, "oa", "http://a", "http://b", CopyVersion.PUBLISHED, "cc-by", "doi")
    outcome = Download(file, attempts=(ATTEMPT,))
    assert library.store.finish_download(to_download, ME, outcome) == "downloaded_references"
    [kept] = library.store.works()
    assert (kept.id, kept.work, kept.file, kept.cited_by_pdfs) == (row.id, known, file, 1)
    steps = [(event.from_table, event.to_table) for event in library.store.story(row.id)]
    assert steps == [
        (None, "no_metadata"),
        ("no_metadata", "with_metadata"),
        ("with_metadata", "to_download_references"),
        ("to_download_references", "downloaded_references"),
    ]


def test_times_tell_when_it_came_and_when_it_was_done(library: SmallLibrary) -> None:
    came = library.clock.now
    library.accept(work("A Work in Time"))
    library.clock.now += 10
    library.queue()
    library.clock.now += 10
    library.download()
    times = library.rows("SELECT created_at, stage_entered_at, finished_at FROM downloaded_references")
    assert times == [(came, came + 20, came + 20)]


@pytest.mark.parametrize(
    ("decision", "reason", "table"),
    [
        (Decision.REVIEW, EnrichmentReason.AMBIGUOUS, "needs_review"),
        (Decision.REJECTED, EnrichmentReason.NO_MATCH, "failed_enrichments"),
    ],
)
def test_a_verdict_keeps_the_print_and_the_evidence(
    library: SmallLibrary, decision: Decision, reason: EnrichmentReason, table: str
) -> None:
    library.print_references(Reference("Smith 2001. On.", 3, page=4, title="On", year=2001))
    [row] = library.claim_references()
    candidates = (evidence("One", Decision.REJECTED), evidence("Other", decision))
    outcome = Enrichment(decision, evidence=candidates, reason=reason, detail="two alike")
    assert library.store.finish_enrichment(row, ME, outcome) == table
    assert library.rows(f"SELECT id, raw, page, title, year, reason, last_error, attempts FROM {table}") == [
        (row.id, "Smith 2001. On.", 4, "On", 2001, reason, "two alike", 1)
    ]
    assert library.rows("SELECT reference_id, candidate_title, decision FROM match_evidence ORDER BY id") == [
        (row.id, "One", "rejected"),
        (row.id, "Other", decision),
    ]


def test_an_unanswered_reference_waits_and_its_evidence_is_replaced_by_the_verdict(library: SmallLibrary) -> None:
    library.print_references("a")
    [row] = library.claim_references()
    early = Enrichment(Decision.UNANSWERED, evidence=(evidence("Early", Decision.UNANSWERED),), retry_after=5)
    assert library.store.finish_enrichment(row, ME, early) == "no_metadata"
    assert library.field("no_metadata", row.id, "reason") == "service_silent"
    library.clock.now += 5
    [row] = library.claim_references()
    assert row.attempts == 1
    library.store.finish_enrichment(
        row, ME, Enrichment(Decision.REJECTED, evidence=(evidence("Late", Decision.REJECTED),))
    )
    assert library.rows("SELECT candidate_title FROM match_evidence") == [("Late",)]


def test_acceptance_without_a_work_is_our_mistake(library: SmallLibrary) -> None:
    library.print_references("a")
    [row] = library.claim_references()
    with pytest.raises(ValueError, match="its work"):
        library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED))
    assert library.ids("no_metadata") == [row.id]


def test_junk_identifiers_are_not_identifiers(library: SmallLibrary) -> None:
    junk = dict.fromkeys(("doi", "openalex_id", "arxiv", "pmid", "pmcid", "isbn", "issn"), "n/a")
    assert library.accept(work("One Work", **junk), work("Another Work", **junk)) == [1, 2]
    assert library.ids("with_metadata") == [1, 2]
    assert library.rows("SELECT DISTINCT doi, openalex_id, arxiv, pmid, pmcid, isbn, issn FROM with_metadata") == [
        (None,) * 7
    ]


def test_identifiers_are_stored_in_one_spelling(library: SmallLibrary) -> None:
    library.accept(work(doi="https://doi.org/10.1000/ABC", arxiv="arXiv:1706.03762v5", pmcid="pmc12"))
    assert library.rows("SELECT doi, arxiv, pmcid FROM with_metadata") == [("10.1000/abc", "1706.03762", "PMC12")]


# ── queueing and download ────────────────────────────────────────────────────────────────────────────────


def test_a_work_without_a_copy_keeps_its_abstract(library: SmallLibrary) -> None:
    library.accept(work("Closed", abstract="What it is about."))
    library.queue()
    assert library.fail_downloads() == ["failed_downloads"]
    assert library.rows("SELECT abstract, pdf_available, reason, attempts FROM failed_downloads") == [
        ("What it is about.", 0, "no_open_copy", 1)
    ]


def test_a_work_without_a_copy_is_looked_for_again_once_an_index_is_asked_that_was_off(library: SmallLibrary) -> None:
    library.accept(work("Closed", doi="10.1000/closed"), work("Also closed", doi="10.1000/also"))
    library.queue()
    first, second = library.claim_downloads()
    off = ("unpaywall", "semanticscholar")
    library.store.finish_download(first, ME, Download(reason=DownloadReason.NOT_ALL_ASKED, unasked=off))
    library.store.finish_download(second, ME, Download(reason=DownloadReason.BLOCKED, unasked=off[1:]))
    assert library.store.look_again({"openalex", "core"}) == 0
    story = library.store.told(first.id)
    assert story is not None and story.unasked == off
    assert library.store.look_again({"openalex", "unpaywall"}) == 1
    assert library.ids("to_download_references") == [first.id]
    assert library.store.look_again({"semanticscholar"}) == 1
    assert library.ids("failed_downloads") == []


def test_what_waits_for_a_host_that_ended_rests_as_long_as_the_host_and_the_next_run_need_not(
    library: SmallLibrary,
) -> None:
    library.accept(work("Waits"))
    library.queue()
    assert library.download(Download(reason=DownloadReason.HOST_ENDED)) == ["to_download_references"]
    assert library.rows("SELECT next_attempt_at, wait_by FROM to_download_references") == [
        (library.clock.now + HOST_RESTS, "backoff")
    ]
    assert HOST_RESTS == REST
    library.store.make_due()
    assert len(library.claim_downloads()) == 1


def test_every_attempt_is_logged_also_those_of_a_try_that_waits(library: SmallLibrary) -> None:
    library.accept(work("Slow"))
    library.queue()
    later = Download(reason=DownloadReason.RETRY_LATER, attempts=(ATTEMPT,), retry_after=30, detail="503")
    assert library.download(later) == ["to_download_references"]
    assert library.claim_downloads() == []
    library.clock.now += 30
    assert library.download(Download(A_FILE, attempts=(ATTEMPT, ATTEMPT))) == ["downloaded_references"]
    names = "source, url, final_url, host, outcome, status, bytes, milliseconds, detail, quarantined_as"
    assert (
        library.rows(f"SELECT {names} FROM download_attempts")
        == [("unpaywall", "http://host.test/a", None, "host.test", "blocked", 403, 10, 20, "wall", "q.html")] * 3
    )
    assert library.field("downloaded_references", 1, "attempts") == 2


def test_a_download_without_file_and_reason_is_our_mistake(library: SmallLibrary) -> None:
    library.accept(work())
    library.queue()
    [row] = library.claim_downloads()
    with pytest.raises(ValueError, match="reason"):
        library.store.finish_download(row, ME, Download())
    assert library.ids("to_download_references") == [row.id]


def test_two_works_may_share_a_file(library: SmallLibrary) -> None:
    library.accept(work("One Half of a Volume", doi="10.1000/1"), work("Other Half of a Volume", doi="10.1000/2"))
    library.queue()
    assert library.download() == ["downloaded_references"] * 2


def test_a_move_that_cannot_be_made_leaves_the_row_where_it_is(library: SmallLibrary) -> None:
    library.accept(work("Stays"))
    [row] = library.claim_works()
    refuse = "CREATE TRIGGER no BEFORE DELETE ON with_metadata BEGIN SELECT raise(FAIL, 'refused'); END"
    with pytest.raises(sqlite3.IntegrityError, match="refused"), library.store.database.transaction() as connection:
        connection.execute(refuse)
        library.store.finish_queueing(row, ME, Queueing())
    assert library.ids("with_metadata") == [row.id]
    assert library.ids("to_download_references") == []


def test_several_outcomes_in_one_transaction_are_one_commit(library: SmallLibrary) -> None:
    library.print_references("a", "b", "c")
    rows = library.claim_references()
    with pytest.raises(KeyboardInterrupt), library.store.database.transaction():
        for row in rows:
            library.store.finish_enrichment(row, ME, Enrichment(Decision.REJECTED))
        raise KeyboardInterrupt
    assert library.ids("no_metadata") == [1, 2, 3]
    with library.store.database.transaction():
        for row in rows:
            library.store.finish_enrichment(row, ME, Enrichment(Decision.REJECTED))
    assert library.ids("failed_enrichments") == [1, 2, 3]


def test_a_reference_that_is_nowhere_cannot_be_moved(library: SmallLibrary) -> None:
    with pytest.raises(LookupError), library.store.database.transaction() as connection:
        move(connection, "no_metadata", "failed_enrichments", 99, {}, now=1.0)


def test_text_that_is_no_unicode_does_not_stop_a_stage(library: SmallLibrary) -> None:
    library.print_references(Reference("broken \ud83d glyph", 1, title="broken \ud83d"))
    [row] = library.claim_references()
    broken = Work(title="half \udc00 pair", abstract="\ud800")
    assert library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, broken)) == "with_metadata"
    assert library.field("with_metadata", row.id, "title") == "half ? pair"
