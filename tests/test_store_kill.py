"""kill -9 at any instant: no row lost, none doubled, none in two tables."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from dl_lit.model import (
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    Evidence,
    Extraction,
    NoMetadataRow,
    PdfRow,
    Queueing,
    Reference,
    Stage,
    ToDownloadRow,
    Twin,
    WithMetadataRow,
)
from dl_lit.queueing import Queuer
from dl_lit.store import Database, Store, this_process
from dl_lit.store.columns import TABLES
from library import A_FILE, LEASE, ME, SmallLibrary, work

CONTEXT = multiprocessing.get_context("spawn")


# ── between any two statements ───────────────────────────────────────────────────────────────────────────


def _extract(store: Store) -> None:
    references = tuple(Reference(f"printed {i}", i) for i in range(1, 4))
    store.finish_extraction(PdfRow(3, "", None, 0), ME, Extraction(references=references))


def _merge_at_acceptance(store: Store) -> None:
    accepted = work("Same Work", doi="10.1000/same", abstract="More.")
    evidence = (Evidence("crossref", "doi", accepted, 1.0, Decision.ACCEPTED),)
    row = NoMetadataRow(4, Reference(""), 0)
    store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, accepted, evidence))


def _merge_and_revive(store: Store) -> None:
    twin = Twin("failed_downloads", 1, "title_authors_year", 0.9)
    store.finish_queueing(WithMetadataRow(2, work(), 0), ME, Queueing(twin, 2.0))


def _keep_a_file(store: Store) -> None:
    store.finish_download(ToDownloadRow(3, work(), 0, 0.0), ME, Download(A_FILE))


def _claim(store: Store) -> None:
    store.claim(Stage.ENRICHMENT, ME, 5, LEASE)


STEPS = {
    "extract": _extract,
    "merge at acceptance": _merge_at_acceptance,
    "merge and revive": _merge_and_revive,
    "keep a file": _keep_a_file,
    "claim": _claim,
}


def _library_before(path: Path) -> None:
    """1 has failed, 2 has metadata and is claimed, 3 is being downloaded, 4 enriched, 5 free; PDF 3 is being read."""
    library = SmallLibrary(path)
    library.accept(work("First"))
    library.queue()
    library.fail_downloads()
    library.print_references("2", "3", "4", "5")
    rows = library.claim_references()
    accepted = (work("Same Work", doi="10.1000/same", arxiv="1706.03762"), work("To Download", doi="10.1000/3"))
    for row, one in zip(rows, accepted, strict=False):
        library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, one))
    library.store.release(Stage.ENRICHMENT, ME, [5])
    _, third = library.claim_works()
    library.store.finish_queueing(third, ME, Queueing())
    library.claim_downloads()
    library.add_pdfs()
    library.close()


def _die_at_statement(path: Path, step: str, number: int) -> None:
    """Runs in a child of its own: dies by SIGKILL just before its `number`th statement."""
    store = Store(Database.open(path))
    seen = 0

    def count(_: str) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    store.database.reader().set_trace_callback(count)
    STEPS[step](store)
    os._exit(0)


def _die_everywhere(before: Path, folder: Path, step: str) -> None:
    """One fork for every statement, until one lives to the end; in a process without threads, where forking is safe."""
    for number in range(1, 200):
        path = folder / f"{number}.db"
        shutil.copyfile(before, path)
        child = os.fork()
        if child == 0:
            _die_at_statement(path, step, number)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            os._exit(os.waitstatus_to_exitcode(status))
    os._exit(1)


def _where(path: Path) -> dict[int, str]:
    with Database.open(path) as database:
        store = Store(database)
        assert store.problems() == []
        rows = [(row["id"], table) for table in TABLES for row in database.reader().all(f"SELECT id FROM {table}")]
    assert len(rows) == len(dict(rows))
    return dict(rows)


@pytest.mark.parametrize("step", list(STEPS))
def test_a_kill_between_any_two_statements_leaves_all_or_nothing(tmp_path: Path, step: str) -> None:
    before = tmp_path / "before.sqlite"
    _library_before(before)
    process = CONTEXT.Process(target=_die_everywhere, args=(before, tmp_path, step))
    process.start()
    process.join(60)
    assert process.exitcode == 0
    process.close()
    outcomes = [_where(path) for path in sorted(tmp_path.glob("*.db"), key=lambda path: int(path.stem))]
    assert len(outcomes) > 5
    untouched, done = outcomes[0], outcomes[-1]
    assert all(outcome == untouched for outcome in outcomes[:-2])
    assert outcomes[-2] == done  # killed after the commit, before the connection refuses writes again
    assert set(untouched) <= set(done)


# ── at random moments of a busy process ──────────────────────────────────────────────────────────────────


def _work_on(path: Path, started: Event) -> None:
    """All stages over and over, with merges and postponements, until everything is done."""
    store, owner = Store(Database.open(path)), this_process()
    store.free_stale_claims(owner)
    store.make_due()
    queuer = Queuer(store)
    started.set()
    busy = True
    while busy:
        busy = False
        for row in store.claim(Stage.DOWNLOAD, owner, 3, LEASE):
            assert isinstance(row, ToDownloadRow)
            outcome = Download(A_FILE) if row.id % 2 else Download(reason=DownloadReason.NO_OPEN_COPY)
            store.finish_download(row, owner, outcome)
            busy = True
        with store.database.transaction():
            for row in store.claim(Stage.QUEUEING, owner, 3, LEASE):
                assert isinstance(row, WithMetadataRow)
                store.finish_queueing(row, owner, queuer.decide(row))
                busy = True
        for row in store.claim(Stage.ENRICHMENT, owner, 5, LEASE):
            assert isinstance(row, NoMetadataRow)
            # Every third reference is to a work of which there are only ten.
            doi = f"10.1000/{row.id % 10 if row.id % 3 == 0 else 1000 + row.id}"
            store.finish_enrichment(row, owner, Enrichment(Decision.ACCEPTED, work(f"Title of {doi}", doi=doi)))
            busy = True
    store.close()


def _start(path: Path) -> multiprocessing.context.SpawnProcess:
    started = CONTEXT.Event()
    process = CONTEXT.Process(target=_work_on, args=(path, started))
    process.start()
    assert started.wait(30)
    return process


def test_kills_at_random_moments_lose_and_double_nothing(tmp_path: Path) -> None:
    library = SmallLibrary(tmp_path / "literature.db")
    for i in range(6):
        library.print_references(*(f"printed {i} {j}" for j in range(100)))
    moments = random.Random(7)
    for _ in range(4):
        process = _start(tmp_path / "literature.db")
        process.join(moments.uniform(0.0, 0.15))
        process.kill()
        process.join(10)
        process.close()
        assert library.store.problems() == []
    last = _start(tmp_path / "literature.db")
    last.join(60)
    assert last.exitcode == 0
    last.close()
    counts = library.store.counts()
    assert counts.unfinished == 0
    assert counts.references == counts.citations == 600
    works_cited = {1000 + i for i in range(1, 601) if i % 3} | {i % 10 for i in range(3, 601, 3)}
    assert counts.downloaded + counts.failed_downloads == len(works_cited)
    assert counts.duplicates == 600 - len(works_cited)
    assert library.rows("SELECT count(DISTINCT doi) FROM works") == [(len(works_cited),)]
    library.close()
