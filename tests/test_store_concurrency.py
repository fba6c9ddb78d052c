"""The same rows whether one worker or many do the work, in whatever order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dl_lit.model import (
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    Location,
    NoMetadataRow,
    Reference,
    Row,
    Stage,
    ToDownloadRow,
    WithMetadataRow,
    Work,
)
from dl_lit.queueing import Queuer
from dl_lit.store.columns import WORK
from library import A_FILE, LEASE, ME, SmallLibrary, work

OPEN = Location("arxiv", "http://open.test/a.pdf")
WORKS, PDFS = 10, 9


def variant(number: int, pdf: int) -> Work:
    """What a service says about work `number` when `pdf` cites it: an article, its preprint, or a bare record."""
    title = f"On the Testing of Programs of Kind {'ABCDEFGHIJ'[number]}"
    article = work(title, doi=f"10.1000/{number}", container="Journal", volume="3", cited_by_count=number)
    preprint = work(title, arxiv=f"1706.{number:05}", cited_by_count=number, locations=(OPEN,))
    bare = work(title.upper(), year=2002, openalex_id=f"W{number + 1}", abstract="Abstract.", cited_by_count=number)
    # Of every fifth work nobody knows a preprint, so that it fails.
    return (article, bare if number % 5 == 0 else preprint, bare)[(number + pdf) % 3]


def finish(library: SmallLibrary, row: Row) -> None:
    store = library.store
    if isinstance(row, NoMetadataRow):
        pdf, number = map(int, row.reference.raw.split())
        outcome = Enrichment(Decision.ACCEPTED, variant(number, pdf))
        if number == 3 and pdf == 3:
            outcome = Enrichment(Decision.REJECTED)
        store.finish_enrichment(row, ME, outcome)
    elif isinstance(row, WithMetadataRow):
        with store.database.transaction():
            store.finish_queueing(row, ME, Queuer(store).decide(row))
    elif isinstance(row, ToDownloadRow):
        found = OPEN in row.work.locations
        store.finish_download(row, ME, Download(A_FILE) if found else Download(reason=DownloadReason.NO_OPEN_COPY))


def work_through(library: SmallLibrary, stages: list[Stage], batch: int) -> None:
    """Until there is nothing left to take; others may be at it too."""
    while True:
        rows = [row for stage in stages for row in library.store.claim(stage, ME, batch, LEASE)]
        if not rows and library.store.counts().unfinished == 0:
            return
        for row in rows:
            finish(library, row)
        if not rows:
            threading.Event().wait(0.005)


def one_stage_after_the_other(library: SmallLibrary) -> None:
    for stage in (Stage.ENRICHMENT, Stage.QUEUEING, Stage.DOWNLOAD):
        while rows := library.store.claim(stage, ME, 7, LEASE):
            for row in rows:
                finish(library, row)


def last_stage_first(library: SmallLibrary) -> None:
    work_through(library, [Stage.DOWNLOAD, Stage.QUEUEING, Stage.ENRICHMENT], 1)


def twelve_threads(library: SmallLibrary) -> None:
    stages = [[Stage.ENRICHMENT]] * 4 + [[Stage.QUEUEING]] * 2 + [[Stage.DOWNLOAD]] * 6
    with ThreadPoolExecutor(12) as executor:
        for future in [executor.submit(work_through, library, stage, 3) for stage in stages]:
            future.result(60)


def final_rows(library: SmallLibrary) -> list[tuple[Any, ...]]:
    """Every work with all its fields, its end and who cites it how; without ids and times."""
    names = ", ".join((*WORK, "printed_url", "reason"))
    rows = []
    for table in ("downloaded_references", "failed_downloads"):
        for row_id, *values in library.rows(f"SELECT id, {names} FROM {table}"):
            cited = library.rows("SELECT raw FROM citations WHERE reference_id = ? ORDER BY raw", row_id)
            rows.append((table, *values, *cited))
    return sorted(rows, key=repr)


@pytest.mark.parametrize("way", [last_stage_first, twelve_threads])
def test_the_rows_are_those_of_a_sequential_run(tmp_path: Path, way: Callable[[SmallLibrary], None]) -> None:
    results = []
    for name, go in (("sequential", one_stage_after_the_other), ("other", way)):
        library = SmallLibrary(tmp_path / f"{name}.db")
        for pdf in range(PDFS):
            order = range(WORKS) if pdf % 2 else reversed(range(WORKS))
            library.print_references(
                *(Reference(f"{pdf} {number}", i, url=f"http://printed.test/{pdf}") for i, number in enumerate(order))
            )
        go(library)
        results.append(final_rows(library))
        assert library.store.counts().failed_enrichments == 1
        library.close()
    sequential, other = results
    assert len(sequential) == WORKS
    assert other == sequential
    assert {row[0] for row in sequential} == {"downloaded_references", "failed_downloads"}
