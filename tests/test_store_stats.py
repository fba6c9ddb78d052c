"""Runs, counts, failures and pages of works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dl_lit.model import (
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    EnrichmentReason,
    Extraction,
    PdfFile,
    PdfReason,
    Queueing,
    Stage,
)
from dl_lit.store import this_process
from dl_lit.store.records import Failure, LibraryCounts, ReasonCount, StageCounts, WaitingRows
from library import A_FILE, ME, OTHER, SmallLibrary, work


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


@pytest.fixture
def mixed(library: SmallLibrary) -> SmallLibrary:
    """A library with something in every state."""
    works = [work(f"Number {i}", doi=f"10.1000/{i}") for i in range(5)]
    library.accept(*works, works[0])
    rows = library.claim_works()
    for row in rows[:3]:
        library.store.finish_queueing(row, ME, Queueing())
    library.store.release(Stage.QUEUEING, ME)
    first, second, _ = library.claim_downloads()
    library.clock.now += 1
    library.store.finish_download(first, ME, Download(A_FILE))
    library.clock.now += 1
    library.store.finish_download(second, ME, Download(reason=DownloadReason.BLOCKED, detail="a bot wall"))
    library.print_references("rejected", "to look at", "later", "claimed", "free")
    rejected, look, later, _, free = library.claim_references()
    library.clock.now += 1
    library.store.finish_enrichment(rejected, ME, Enrichment(Decision.REJECTED, reason=EnrichmentReason.NO_MATCH))
    library.store.finish_enrichment(look, ME, Enrichment(Decision.REVIEW, reason=EnrichmentReason.AMBIGUOUS))
    library.store.finish_enrichment(later, ME, Enrichment(Decision.UNANSWERED))
    library.store.release(Stage.ENRICHMENT, ME, [free.id])
    [pdf] = library.add_pdfs()
    library.clock.now += 1
    library.store.finish_extraction(pdf, ME, Extraction(reason=PdfReason.NO_TEXT))
    run = library.store.start_run(ME, "test", {})
    library.store.add_pdfs(run, [PdfFile("/new.pdf", "sha-new", 1)])
    return library


def test_counts_has_every_row_once(mixed: SmallLibrary) -> None:
    counts = mixed.store.counts()
    assert counts == LibraryCounts(
        extraction=StageCounts(1, 0, 0),
        enrichment=StageCounts(3, 1, 1),
        queueing=StageCounts(2, 0, 0),
        download=StageCounts(1, 1, 0),
        pdfs_done=2,
        pdfs_failed=1,
        citations=11,
        references=11,
        needs_review=1,
        failed_enrichments=1,
        duplicates=1,
        downloaded=1,
        failed_downloads=1,
    )
    assert [counts.stage(stage).claimable for stage in Stage] == [1, 1, 2, 0, 0]
    assert counts.unfinished == 7


def test_counts_is_one_statement(mixed: SmallLibrary) -> None:
    statements: list[str] = []
    connection = mixed.store.database.reader()
    connection.set_trace_callback(statements.append)
    mixed.store.counts()
    connection.set_trace_callback(None)
    assert len(statements) == 1


def test_the_latest_failures_come_first_with_their_reasons(mixed: SmallLibrary) -> None:
    start = mixed.clock.now
    assert mixed.store.failures(10) == [
        Failure(Stage.EXTRACTION, 3, "/pdfs/paper3.pdf", "no_text", None, start),
        Failure(Stage.ENRICHMENT, 7, "rejected", "no_match", None, start - 1),
        Failure(Stage.DOWNLOAD, 2, "Number 1", "blocked", "a bot wall", start - 2, "https://doi.org/10.1000/1"),
    ]
    assert [failure.stage for failure in mixed.store.failures(1)] == [Stage.EXTRACTION]
    assert [failure.id for failure in mixed.store.failures(10, Stage.DOWNLOAD)] == [2]
    assert mixed.store.failures(10, Stage.QUEUEING) == []


def test_reasons_are_counted_by_stage(mixed: SmallLibrary) -> None:
    assert mixed.store.failure_reasons() == [
        ReasonCount(Stage.ENRICHMENT, "no_match", 1),
        ReasonCount(Stage.EXTRACTION, "no_text", 1),
        ReasonCount(Stage.DOWNLOAD, "blocked", 1),
    ]


def test_recent_steps_tell_of_retries_too(mixed: SmallLibrary) -> None:
    steps = [(event.from_table, event.to_table, event.reason) for event in mixed.store.recent(100)]
    assert ("no_metadata", "no_metadata", "service_silent") in steps
    assert steps[0] == (None, "source_pdfs", None)
    assert len(mixed.store.recent(3)) == 3


def test_works_come_in_pages_that_neither_skip_nor_repeat(mixed: SmallLibrary) -> None:
    seen: list[int] = []
    while page := mixed.store.works(after_id=seen[-1] if seen else 0, limit=2):
        seen += [one.id for one in page]
        mixed.download()  # rows move on while the pages are read
    assert seen == [1, 2, 3, 4, 5]


def test_a_work_comes_with_its_place_its_file_and_its_citations(mixed: SmallLibrary) -> None:
    first, second, third, *_ = mixed.store.works()
    assert (first.table, first.file, first.cited_by_pdfs) == ("downloaded_references", A_FILE, 1)
    assert (second.table, second.file) == ("failed_downloads", None)
    assert third.work == work("Number 2", doi="10.1000/2")
    assert [one.id for one in mixed.store.works() if one.file] == [1]


# ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_run_is_live_until_it_is_finished(library: SmallLibrary) -> None:
    run = library.store.start_run(this_process(), "process-folder", {"workers": 3})
    [live] = library.store.live_runs()
    assert (live.id, live.command, live.started_at) == (run, "process-folder", library.clock.now)
    library.store.finish_run(run, {"downloaded": 3}, 0)
    assert library.store.live_runs() == []
    assert library.rows("SELECT options, summary, exit_code, finished_at FROM pipeline_runs") == [
        ('{"workers":3}', '{"downloaded":3}', 0, library.clock.now)
    ]


def test_a_run_elsewhere_is_live_while_its_heart_beats(library: SmallLibrary) -> None:
    run = library.store.start_run(OTHER, "process-folder", {})
    library.clock.now += 100
    library.store.heartbeat(run)
    library.clock.now += 100
    assert [live.owner for live in library.store.live_runs()] == [OTHER]
    library.clock.now += 100
    assert library.store.live_runs() == []


# ── integrity ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_library_in_any_state_has_no_problems(mixed: SmallLibrary) -> None:
    assert mixed.store.problems() == []


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("DELETE FROM no_metadata WHERE id = 9", "reference 9 is in no table"),
        (
            "INSERT INTO needs_review (id, raw, position, authors, editors, created_at, stage_entered_at)"
            " VALUES (9, '', 1, '[]', '[]', 0, 0)",
            "reference 9 is in several tables: no_metadata, needs_review",
        ),
        ("UPDATE citations SET reference_id = 6 WHERE id = 1", "points to reference 6, which was merged into 1"),
        ("UPDATE duplicate_references SET merged_into = 7", "merged into 7, which is no work"),
        ("INSERT INTO state_log (at, reference_id, to_table) VALUES (1, 9, 'with_metadata')", "where it is not"),
        ("UPDATE source_pdfs SET reference_count = 9 WHERE id = 1", "PDF 1 has 3 references less"),
    ],
)
def test_each_kind_of_damage_is_told(mixed: SmallLibrary, damage: str, told: str) -> None:
    with pytest.raises(RuntimeError), mixed.store.database.transaction() as connection:
        connection.execute(damage)
        assert any(told in problem for problem in mixed.store.problems())
        raise RuntimeError("undone")


def test_waiting_rows_are_counted_by_reason_with_the_words_of_one_of_them(library: SmallLibrary) -> None:
    library.print_references("one", "two", "three")
    rows = library.claim_references()
    for row in rows[:2]:
        library.store.postpone(Stage.ENRICHMENT, row.id, ME, seconds=None, error="crossref is down", reason="silent")
    library.store.release(Stage.ENRICHMENT, ME)
    assert library.store.waiting_rows() == [WaitingRows(Stage.ENRICHMENT, "silent", 2, "crossref is down")]
