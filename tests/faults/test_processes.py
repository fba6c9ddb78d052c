"""Several processes on one library, of which some are killed or sleep: every row is done, and once."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from dying import where, work_on
from library import LEASE, SmallLibrary

PDFS, PRINTED = 3, 40
LIMIT = 240  # seconds after which a process is stuck
LEFT = (
    "(SELECT count(*) FROM no_metadata) + (SELECT count(*) FROM with_metadata)"
    " + (SELECT count(*) FROM to_download_references)"
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    for pdf in range(PDFS):
        library.print_references(*(f"printed {pdf} {number}" for number in range(PRINTED)))
    yield library
    library.close()


def started(library: SmallLibrary, number: int, lease: float = LEASE) -> list[BaseProcess]:
    """So many workers, each of which works until it finds nothing more to claim."""
    context = multiprocessing.get_context("spawn")
    path = library.store.database.path
    workers: list[BaseProcess] = [context.Process(target=work_on, args=(path, lease)) for _ in range(number)]
    for worker in workers:
        worker.start()
    return workers


def left(library: SmallLibrary) -> int:
    return int(library.rows(f"SELECT {LEFT}")[0][0])


def wait_until_some_is_done(library: SmallLibrary) -> None:
    over = time.monotonic() + LIMIT
    while left(library) == PDFS * PRINTED and time.monotonic() < over:
        time.sleep(0.005)


def stopped_between_two_writes(worker: BaseProcess, library: SmallLibrary) -> int:
    """One that is stopped in the middle of a write holds up everybody until it goes on or is ended."""
    pid, over = worker.pid, time.monotonic() + LIMIT
    assert pid is not None
    with closing(sqlite3.connect(library.store.database.path, timeout=0, isolation_level=None)) as database:
        while time.monotonic() < over:
            os.kill(pid, signal.SIGSTOP)
            with suppress(sqlite3.OperationalError):
                database.execute("BEGIN IMMEDIATE")
                database.execute("ROLLBACK")
                return pid
            os.kill(pid, signal.SIGCONT)
            time.sleep(0.001)  # it must come to its write's end: stopped again at once it hardly gets anywhere
    raise AssertionError("it is in a write at all times")


def ended(worker: BaseProcess) -> int | None:
    worker.join(LIMIT)
    code = worker.exitcode
    if code is None:
        worker.kill()
    worker.join()
    worker.close()
    return code


def check(library: SmallLibrary) -> None:
    """As one process alone would have left it: see `work_on` for which references are one work."""
    counts = library.store.counts()
    works = {
        library_id % 10 if library_id % 3 == 0 else 1000 + library_id for library_id in range(1, PDFS * PRINTED + 1)
    }
    assert counts.unfinished == 0
    assert counts.downloaded + counts.failed_downloads == len(works)
    assert counts.duplicates == PDFS * PRINTED - len(works)
    # Works that are cited once only: others are merged into, and may be looked for anew.
    once = "reference_id % 3 > 0 AND from_table <> to_table"
    logged = library.rows(f"SELECT count(*) FROM state_log WHERE {once} GROUP BY reference_id, to_table")
    assert set(logged) == {(1,)}
    assert len(where(library.store.database.path)) == PDFS * PRINTED


@pytest.mark.parametrize("number", [2, 4])
def test_processes_share_a_library_and_do_no_row_twice(library: SmallLibrary, number: int) -> None:
    workers = started(library, number)
    assert [ended(worker) for worker in workers] == [0] * number
    check(library)


def test_what_killed_processes_held_is_done_by_the_one_that_is_left(library: SmallLibrary) -> None:
    moments = random.Random(3)
    *killed, last = started(library, 4, lease=0.5)
    wait_until_some_is_done(library)
    for worker in killed:
        time.sleep(moments.uniform(0.0, 0.05))  # no event to wait for: any moment will do
        worker.kill()
        assert ended(worker) in (0, -signal.SIGKILL)
    assert ended(last) == 0
    library.store.free_stale_claims("")
    assert [ended(worker) for worker in started(library, 1)] == [0]
    check(library)


def test_a_process_that_sleeps_past_its_lease_loses_its_rows_and_spoils_none(library: SmallLibrary) -> None:
    [sleeper] = started(library, 1, lease=0.2)
    wait_until_some_is_done(library)
    pid = stopped_between_two_writes(sleeper, library)
    time.sleep(0.3)  # its leases run out
    try:
        others = started(library, 2)
        assert [ended(worker) for worker in others] == [0, 0]
    finally:
        os.kill(pid, signal.SIGCONT)
    assert ended(sleeper) == 0
    check(library)
