"""Processes that work on a library and die: before a statement, at any moment, or never."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from dl_lit.errors import LeaseLost
from dl_lit.model import (
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    NoMetadataRow,
    Stage,
    ToDownloadRow,
    WithMetadataRow,
)
from dl_lit.queueing import Queuer
from dl_lit.store import Database, Store, this_process
from dl_lit.store.columns import TABLES
from library import A_FILE, LEASE, work

Step = Callable[[Store], None]


def die_at_statement(path: Path, step: Step, number: int, clock: Callable[[], float]) -> None:
    """Runs in a child of its own: dies by SIGKILL just before its `number`th statement."""
    store = Store(Database.open(path), clock)
    seen = 0

    def count(_: str) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    with store.database.transaction() as connection:
        pass  # all that is written goes through this one
    connection.set_trace_callback(count)
    step(store)


def die_everywhere(before: Path, steps: Mapping[str, Step], clock: Callable[[], float] = time.time) -> None:
    """One fork for every statement of every step, until one lives to the end of the step."""
    for name, step in steps.items():
        folder = before.with_name(name)
        folder.mkdir()
        for number in range(1, 200):
            path = folder / f"{number}.db"
            shutil.copyfile(before, path)
            end = forked(die_at_statement, path, step, number, clock).wait()
            assert end <= 0, f"{name} failed by itself"
            if end == 0:
                break


class forked:  # noqa: N801 - reads as a verb
    """A copy of this process that runs `target`. For processes without threads only, where forking is safe."""

    def __init__(self, target: Callable[..., None], *arguments: Any) -> None:
        self._pid = os.fork()
        if self._pid == 0:
            try:
                target(*arguments)
                os._exit(0)
            except BaseException:
                traceback.print_exc()
            os._exit(1)

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> int:
        """0 when it came to its end, negative when it was killed."""
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])


def spawned(target: Callable[..., None], *arguments: Any) -> None:
    """Runs `target` to its end in a new process, which has no threads."""
    process = multiprocessing.get_context("spawn").Process(target=target, args=arguments)
    process.start()
    process.join(300)  # some hundreds of forks, on a machine that may be busy
    assert process.exitcode == 0
    process.close()


def where(path: Path) -> dict[int, str]:
    with Database.open(path) as database:
        store = Store(database)
        assert store.problems() == []
        rows = [(row["id"], table) for table in TABLES for row in database.reader().all(f"SELECT id FROM {table}")]
    assert len(rows) == len(dict(rows))
    return dict(rows)


def work_on(path: Path, lease: float = LEASE) -> None:
    """All stages over and over, with merges, until nothing can be claimed any more."""
    store, owner = Store(Database.open(path)), this_process()
    store.free_stale_claims(owner)
    queuer = Queuer(store)
    busy = True
    while busy:
        busy = False
        for row in store.claim(Stage.DOWNLOAD, owner, 3, lease):
            assert isinstance(row, ToDownloadRow)
            copy = Download(A_FILE) if row.id % 2 else Download(reason=DownloadReason.NO_OPEN_COPY)
            with suppress(LeaseLost):
                store.finish_download(row, owner, copy)
            busy = True
        with store.database.transaction():
            for row in store.claim(Stage.QUEUEING, owner, 3, lease):
                assert isinstance(row, WithMetadataRow)
                with suppress(LeaseLost):
                    store.finish_queueing(row, owner, queuer.decide(row))
                busy = True
        for row in store.claim(Stage.ENRICHMENT, owner, 5, lease):
            assert isinstance(row, NoMetadataRow)
            # Every third reference is to a work of which there are only ten.
            doi = f"10.1000/{row.id % 10 if row.id % 3 == 0 else 1000 + row.id}"
            outcome = Enrichment(Decision.ACCEPTED, work(f"Title of {doi}", doi=doi))
            with suppress(LeaseLost):
                store.finish_enrichment(row, owner, outcome)
            busy = True
    store.close()
