"""The main job on a small world: what it finds, what it survives, and that both modes end with the same rows."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pymupdf
import pytest

from dl_lit.cli.main import run as run_command
from dl_lit.concurrent_pipeline import ConcurrentPipelineOrchestrator, Plan
from dl_lit.errors import DatabaseBusy, DatabaseTooNew
from dl_lit.library import Library
from dl_lit.model import Stage
from dl_lit.processes.owners import owner_of
from dl_lit.standin.audit import audit
from dl_lit.standin.server import StandIn
from dl_lit.store.database import Database
from dl_lit.store.decisions import Selection
from dl_lit.store.store import Store
from small_world import counts, printed, run, settings, works, write_pdf

AES_256 = 5  # pymupdf.PDF_ENCRYPT_AES_256, which its type stubs do not know
UNKNOWN = "Nobody, X. (1999). A leaflet that no index has ever heard about. Village Press, 7, 1-2."


@pytest.fixture(autouse=True)
def nobody_elses_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "empty.toml").touch()
    monkeypatch.setenv("DL_LIT_CONFIG", str(tmp_path / "empty.toml"))


@pytest.fixture
def pdfs(tmp_path: Path) -> Path:
    """Two papers with four works, one of them cited by both, and one reference that nobody knows."""
    folder = tmp_path / "pdfs"
    folder.mkdir()
    a, b, c, d = works(4)
    write_pdf(folder / "one.pdf", "A first paper on something", [printed(a, doi=True), printed(b, doi=False), UNKNOWN])
    write_pdf(
        folder / "مقال ثان.pdf",
        "A second paper on something else",
        [printed(b, doi=True), printed(c, doi=True), printed(d, doi=False)],
    )
    return folder


def ends(library: Path) -> list[tuple[Any, ...]]:
    """Where each printed reference ended, without ids and times."""
    with closing(sqlite3.connect(library / "literature.db")) as database:
        return sorted(
            database.execute(
                "SELECT p.sha256, c.position, c.raw, coalesce(d.doi, f.doi, e.reason), d.file_sha256"
                " FROM citations c JOIN source_pdfs p ON p.id = c.source_pdf_id"
                " LEFT JOIN downloaded_references d ON d.id = c.reference_id"
                " LEFT JOIN failed_downloads f ON f.id = c.reference_id"
                " LEFT JOIN failed_enrichments e ON e.id = c.reference_id"
            ).fetchall(),
            key=repr,
        )


def test_both_modes_bring_every_reference_to_the_same_end_and_break_no_limit(
    world: StandIn, pdfs: Path, tmp_path: Path
) -> None:
    concurrent = run(world.url, pdfs, tmp_path / "concurrent")
    sequential = run(world.url, pdfs, tmp_path / "sequential", sequential=True)
    assert (concurrent.exit_code, sequential.exit_code) == (0, 0)
    assert ends(tmp_path / "concurrent") == ends(tmp_path / "sequential")
    assert sequential.snapshot.deduplicated == 1
    found = counts(tmp_path / "concurrent")
    assert (found.pdfs_done, found.citations, found.duplicates, found.failed_enrichments) == (2, 6, 1, 1)
    assert found.downloaded + found.failed_downloads == 4
    assert audit(world.log_path) == []


def test_a_second_run_asks_nobody_anything(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    run(world.url, pdfs, tmp_path / "library")
    before = world.log_path.read_text("utf-8")
    again = run(world.url, pdfs, tmp_path / "library")
    assert (again.exit_code, again.intake.known) == (0, 2)
    assert world.log_path.read_text("utf-8") == before


@pytest.mark.parametrize(
    ("service", "fault"),
    [("crossref", "down"), ("crossref", "html"), ("openalex", "unavailable"), ("crossref", "too_many")],
)
def test_a_service_that_fails_makes_rows_wait_and_the_next_run_finishes_them(
    world: StandIn, pdfs: Path, tmp_path: Path, service: str, fault: str
) -> None:
    world.faults.set(service, fault)
    first = run(world.url, pdfs, tmp_path / "library")
    assert first.exit_code == 3
    waiting = counts(tmp_path / "library")
    # OpenAlex is not asked about a reference without identifiers: Crossref alone may say that it knows nothing.
    assert waiting.failed_enrichments <= (service == "openalex")
    assert waiting.unfinished == first.left > 0
    world.faults.clear()
    due_now(tmp_path / "library")
    assert run(world.url, pdfs, tmp_path / "library").exit_code == 0
    assert counts(tmp_path / "library").failed_enrichments == 1


def due_now(library: Path) -> None:
    """As if the time that the services asked for had passed."""
    with closing(sqlite3.connect(library / "literature.db")) as database, database:
        for table in ("no_metadata", "with_metadata", "to_download_references"):
            database.execute(f"UPDATE {table} SET next_attempt_at = NULL, wait_by = NULL")


def test_without_any_network_every_reference_waits_and_nothing_has_failed(pdfs: Path, tmp_path: Path) -> None:
    with closing(socket.socket()) as held:  # bound and never listened at, so that nobody else can answer there
        held.bind(("127.0.0.1", 0))
        result = run(f"http://127.0.0.1:{held.getsockname()[1]}", pdfs, tmp_path / "library")
    assert result.exit_code == 3
    found = counts(tmp_path / "library")
    assert (found.enrichment.total, found.failed_enrichments, found.needs_review) == (6, 0, 0)


def test_every_bad_file_has_its_own_reason_and_the_good_one_goes_through(
    world: StandIn, pdfs: Path, tmp_path: Path
) -> None:
    good = (pdfs / "one.pdf").read_bytes()
    (pdfs / "page.pdf").write_bytes(b"<html><body>please log in</body></html>")
    (pdfs / "empty.pdf").write_bytes(b"")
    (pdfs / "cut.pdf").write_bytes(good[: len(good) // 3])
    locked = pymupdf.open(stream=good)
    locked.save(pdfs / "locked.pdf", encryption=AES_256, user_pw="secret", owner_pw="secret")
    locked.close()
    scan = pymupdf.open()
    scan.new_page().insert_image(
        pymupdf.Rect(50, 50, 300, 300), pixmap=pymupdf.Pixmap(pymupdf.csRGB, (0, 0, 20, 20), False)
    )
    scan.save(pdfs / "scan.pdf")
    scan.close()
    (pdfs / "dangling.pdf").symlink_to(tmp_path / "nowhere")
    run(world.url, pdfs, tmp_path / "library")
    with closing(sqlite3.connect(tmp_path / "library" / "literature.db")) as database:
        reasons = dict(database.execute("SELECT path, reason FROM source_pdfs WHERE state = 'failed'").fetchall())
    assert {Path(path).name: reason for path, reason in reasons.items()} == {
        "page.pdf": "not_a_pdf",
        "empty.pdf": "empty_file",
        "cut.pdf": "truncated",
        "locked.pdf": "encrypted",
        "scan.pdf": "no_text",
        "dangling.pdf": "unreadable",
    }
    assert counts(tmp_path / "library").pdfs_done == 2


def test_a_folder_without_pdfs_is_done_at_once(world: StandIn, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    result = run(world.url, tmp_path / "none", tmp_path / "library")
    assert (result.exit_code, result.intake.total) == (0, 0)


def test_an_interrupted_run_gives_everything_back_and_the_next_one_carries_on(
    world: StandIn, pdfs: Path, tmp_path: Path
) -> None:
    plan, library = Plan((pdfs,), "test"), Library.at(tmp_path / "library")
    orchestrator = ConcurrentPipelineOrchestrator(settings(world.url), library, plan)
    seen = threading.Event()

    def interrupt() -> None:
        while not seen.wait(0.05):
            if orchestrator.snapshot().stages and orchestrator.snapshot().stages[0].done:
                orchestrator.shutdown.interrupt()
                return

    watcher = threading.Thread(target=interrupt)
    watcher.start()
    result = orchestrator.run()
    seen.set()
    watcher.join()
    assert result.exit_code == 130
    found = counts(tmp_path / "library")
    assert found.extraction.claimed + found.enrichment.claimed + found.download.claimed == 0
    assert run(world.url, pdfs, tmp_path / "library").exit_code == 0


def test_two_runs_on_one_library_share_its_rows_and_do_none_twice(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    results: list[int] = []
    threads = [
        threading.Thread(target=lambda: results.append(run(world.url, pdfs, tmp_path / "library").exit_code))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert results == [0, 0]
    found = counts(tmp_path / "library")
    assert (found.citations, found.downloaded + found.failed_downloads, found.unfinished) == (6, 4, 0)


def test_a_run_waits_for_rows_that_another_process_has_in_work_and_says_whose_they_are(
    world: StandIn, pdfs: Path, tmp_path: Path
) -> None:
    library, told, waits = Library.at(tmp_path / "library"), [], threading.Event()
    ConcurrentPipelineOrchestrator(settings(world.url), library, Plan((pdfs,), "test", enrich=False)).run()

    def tell(text: str) -> None:
        told.append(text)
        if "in work in another run" in text:
            waits.set()

    with subprocess.Popen(["sleep", "120"]) as other, Database.open(library.database, settings(world.url).store) as db:
        store, owner = Store(db), owner_of(psutil.Process(other.pid))
        store.start_run(owner, "process-pdf", {})
        assert store.claim(Stage.ENRICHMENT, owner, 2, 120.0)
        orchestrator = ConcurrentPipelineOrchestrator(settings(world.url), library, Plan((pdfs,), "test"), tell=tell)
        results: list[int] = []
        thread = threading.Thread(target=lambda: results.append(orchestrator.run().exit_code))
        thread.start()
        assert waits.wait(60)
        assert not results
        store.release(Stage.ENRICHMENT, owner)
        thread.join(60)
        other.kill()
    assert results == [0]
    (said,) = [text for text in told if "in work in another run" in text]
    assert said.startswith(f"2 rows are in work in another run (process {other.pid}, since ")
    assert counts(library.folder).unfinished == 0


def test_a_database_of_a_newer_program_is_refused_and_left_alone(pdfs: Path, tmp_path: Path) -> None:
    library = Library.at(tmp_path / "library")
    library.make_folders()
    Database.open(library.database).close()
    with closing(sqlite3.connect(library.database)) as database, database:
        database.execute("PRAGMA user_version = 9999")
    with pytest.raises(DatabaseTooNew):
        run("http://127.0.0.1:9", pdfs, tmp_path / "library")


def test_a_run_can_be_looked_at_before_during_and_after(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    plan, library = Plan((pdfs,), "test", download=False), Library.at(tmp_path / "library")
    orchestrator = ConcurrentPipelineOrchestrator(settings(world.url), library, plan)
    assert orchestrator.snapshot().stages == ()
    over = threading.Event()
    seen: list[int] = []

    def look() -> None:
        while not over.is_set():
            seen.append(len(orchestrator.snapshot().stages))

    watcher = threading.Thread(target=look)
    watcher.start()
    orchestrator.run()
    assert orchestrator.snapshot().stages[1].done == 5
    over.set()
    watcher.join()
    assert max(seen) == 3
    assert {pool.name for pool in orchestrator.health()} >= {"crossref", "openalex"}


def test_a_run_leaves_alone_what_other_pdfs_have_left_in_the_library(
    world: StandIn, pdfs: Path, tmp_path: Path
) -> None:
    arguments = ["--library", str(tmp_path / "l"), "--services-url", world.url]
    assert run_command(["process-pdf", str(pdfs / "one.pdf"), *arguments, "--no-enrich"]) == 0
    assert run_command(["process-pdf-concurrent", str(pdfs / "مقال ثان.pdf"), *arguments, "--no-download"]) == 0
    found = counts(tmp_path / "l")
    assert (found.enrichment.total, found.download.total) == (3, 3)


def test_a_run_leaves_its_record(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    run(world.url, pdfs, tmp_path / "library")
    with closing(sqlite3.connect(tmp_path / "library" / "literature.db")) as database:
        ((code, owner),) = database.execute("SELECT exit_code, owner FROM pipeline_runs").fetchall()
    assert code == 0 and owner
    with Database.open(tmp_path / "library" / "literature.db") as opened:
        assert Store(opened).live_runs() == []


def test_the_command_ends_with_a_summary_and_its_exit_code(
    world: StandIn, pdfs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--library", str(tmp_path / "l"), "--services-url", world.url, "--no-download", "--no-panel"]
    assert run_command(["process-folder-concurrent", str(pdfs), *arguments]) == 0
    assert "4 different works with verified metadata" in " ".join(capsys.readouterr().out.split())
    assert run_command(["process-pdf", str(pdfs / "one.pdf"), *arguments, "--log-format", "json"]) == 0
    assert '"event": "summary"' in capsys.readouterr().out


def test_without_enrichment_references_wait_in_front_of_it(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    arguments = ["--library", str(tmp_path / "l"), "--services-url", world.url, "--no-enrich"]
    assert run_command(["process-folder", str(pdfs), *arguments]) == 0
    assert counts(tmp_path / "l").enrichment.total == 6


def test_a_database_that_is_busy_while_files_come_in_costs_none_of_them(
    world: StandIn, pdfs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add, busy = Store.add_pdfs, [DatabaseBusy("locked"), DatabaseBusy("locked")]

    def add_later(store: Store, *args: Any, **kwargs: Any) -> Any:
        if busy:
            raise busy.pop()
        return add(store, *args, **kwargs)

    monkeypatch.setattr(Store, "add_pdfs", add_later)
    arguments = ["--library", str(tmp_path / "l"), "--services-url", world.url, "--no-enrich"]
    assert run_command(["process-folder-concurrent", str(pdfs), *arguments]) == 0
    assert counts(tmp_path / "l").pdfs_done == 2


@pytest.mark.parametrize("sequential", [False, True])
def test_a_run_that_ends_with_a_mistake_of_ours_is_recorded_as_over(
    world: StandIn, pdfs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sequential: bool
) -> None:
    def broken(path: Path) -> None:
        raise ValueError("our mistake")

    monkeypatch.setattr("dl_lit.taking_in.identify", broken)
    with pytest.raises(ValueError, match="our mistake"):
        run(world.url, pdfs, tmp_path / "library", sequential=sequential)
    with closing(sqlite3.connect(tmp_path / "library" / "literature.db")) as database:
        ((code, summary),) = database.execute("SELECT exit_code, summary FROM pipeline_runs").fetchall()
    assert code == 1 and "our mistake" in summary


def test_a_filter_keeps_the_metadata_and_fetches_no_copy(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    arguments = ["--library", str(tmp_path / "l"), "--services-url", world.url, "--to-year", "1500"]
    assert run_command(["process-folder-concurrent", str(pdfs), *arguments]) == 0
    with closing(sqlite3.connect(tmp_path / "l" / "literature.db")) as database:
        reasons = database.execute("SELECT DISTINCT reason FROM failed_downloads").fetchall()
    assert reasons == [("filtered_out",)]
    assert counts(tmp_path / "l").downloaded == 0


@pytest.mark.parametrize("sequential", [True, False])
def test_no_later_run_accepts_what_a_person_has_refused_or_merges_what_was_parted(
    world: StandIn, pdfs: Path, tmp_path: Path, sequential: bool
) -> None:
    folder = tmp_path / "library"
    run(world.url, pdfs, folder, sequential=sequential)
    with Database.open(Library.at(folder).database) as database:
        store = Store(database)
        [parted] = [merge.loser_id for merge in store.merges() if merge.standing == "holds"]
        assert store.unmerge(parted).back is not None
        refused = {one: store.refuse(one).work for one in store.accepted()[:3]}
        store.retry(Selection(reasons=("rejected_by_person",)))
    run(world.url, pdfs, folder, sequential=sequential)
    with Database.open(Library.at(folder).database) as database:
        store = Store(database)
        assert store.problems() == []
        for one, work in refused.items():
            story = store.told(one)
            assert work is not None and story is not None
            assert story.work is None
            assert story.refused == (work.doi,)
        story = store.told(parted)
        assert story is not None and story.table == "needs_review"


def test_a_work_under_an_embargo_waits_for_its_end_and_does_not_hold_up_the_exit_code(
    world: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = next(
        one
        for one in world.world.entries
        if one.embargoed and one.in_unpaywall and one.work.type == "journal-article" and len(one.work.title) > 25
    )
    (tmp_path / "pdfs").mkdir()
    write_pdf(tmp_path / "pdfs" / "one.pdf", "A paper on something", [printed(entry.work, doi=True)])
    assert run(world.url, tmp_path / "pdfs", tmp_path / "library").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "library" / "literature.db")) as database:
        told = database.execute("SELECT reason, next_attempt_at, last_error FROM to_download_references").fetchall()
    assert [(reason, at) for reason, at, _ in told] == [("embargoed", pytest.approx(4_070_908_800, abs=60))]
    assert run_command(["why", entry.doi or "", "--library", str(tmp_path / "library")]) == 0
    why = capsys.readouterr().out
    assert "under an embargo until 2099-01-01" in why.replace("\n", " ") and "A person can open" in why
    assert audit(world.log_path) == []
