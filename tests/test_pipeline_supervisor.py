"""When a run is over, and what is watched meanwhile."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from dl_lit.errors import DatabaseBusy, StopRun
from dl_lit.model import Stage
from dl_lit.pipeline.work import Finished, Item, Verdict
from dl_lit.processes.owners import owner_of
from engine import Engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(tmp_path)
    yield engine
    engine.close()


def test_a_run_is_not_over_while_files_are_still_coming_in(engine: Engine) -> None:
    engine.build()
    engine.fed.clear()
    assert not engine.supervisor().all_done()
    engine.fed.set()
    assert engine.supervisor().all_done()


def test_a_run_is_not_over_while_a_row_is_claimable_or_in_hand(engine: Engine) -> None:
    engine.add("a")
    engine.build()
    assert not engine.supervisor().all_done()
    engine.runners[0].feed()
    assert not engine.supervisor().all_done()


def test_rows_that_are_due_within_the_patience_are_waited_for_and_later_ones_are_not(engine: Engine) -> None:
    engine.add("a")
    engine.build()
    (row,) = engine.store.claim(Stage.EXTRACTION, engine.owner, 1, 60.0)
    engine.store.postpone(Stage.EXTRACTION, row.id, engine.owner, seconds=30.0, error="later")
    assert not engine.supervisor(patience=60.0).all_done()
    assert engine.supervisor(patience=5.0).all_done()


def test_rows_that_another_run_has_in_work_are_waited_for_and_told_of_once(engine: Engine) -> None:
    engine.add("a")
    engine.build()
    told: list[int] = []
    (row,) = engine.store.claim(Stage.EXTRACTION, "elsewhere:1:1.00", 1, 60.0)
    supervisor = engine.supervisor(elsewhere=told.append)
    assert not supervisor.all_done() and not supervisor.all_done()
    assert told == [1]
    engine.store.postpone(Stage.EXTRACTION, row.id, "elsewhere:1:1.00", seconds=900.0, error="later")
    assert supervisor.all_done()


def test_a_run_that_ends_does_not_take_its_own_rows_for_anothers(engine: Engine) -> None:
    """With a full disk it cannot give them back."""
    engine.add("a")
    engine.build()
    told: list[int] = []
    assert engine.store.claim(Stage.EXTRACTION, engine.owner, 1, 60.0)
    engine.shutdown.drain()
    assert not engine.supervisor(elsewhere=told.append).all_done()
    assert told == []


def test_what_a_dead_run_had_in_work_is_taken_over_when_its_lease_ends(engine: Engine) -> None:
    engine.add("a")
    assert engine.store.claim(Stage.EXTRACTION, "elsewhere:1:1.00", 1, 0.3)
    engine.run()
    assert engine.store.counts().pdfs_done == 1


def test_what_a_killed_process_of_this_machine_had_in_work_is_taken_over_at_once(engine: Engine) -> None:
    """And not when its lease ends, for which a run with nothing else to do would wait two minutes."""
    engine.add("a")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        owner = owner_of(psutil.Process(process.pid))
        assert engine.store.claim(Stage.EXTRACTION, owner, 1, 600.0)
        process.kill()
    engine.run()
    assert engine.store.counts().pdfs_done == 1


def test_a_row_that_becomes_due_while_the_run_waits_is_done(engine: Engine) -> None:
    engine.add("a")
    (row,) = engine.store.claim(Stage.EXTRACTION, engine.owner, 1, 60.0)
    engine.store.postpone(Stage.EXTRACTION, row.id, engine.owner, seconds=0.3, error="later")
    engine.run(patience=10.0)
    assert engine.store.counts().failed_downloads == 3


def test_leases_are_renewed_in_good_time_so_that_long_work_keeps_its_row(engine: Engine) -> None:
    in_work, go_on = threading.Event(), threading.Event()

    def hold(path: Path) -> None:
        in_work.set()
        assert go_on.wait(10)

    engine.reader.before = hold
    engine.sizes = type(engine.sizes)(workers=1, queue=10, lease=0.4, poll=0.05)
    engine.add("a")
    thread = threading.Thread(target=engine.run, kwargs={"lease": 0.4})
    thread.start()
    assert in_work.wait(5)
    assert not threading.Event().wait(1.0)  # longer than the lease
    assert engine.store.claim(Stage.EXTRACTION, "other:1:1.00", 1, 60.0) == []
    go_on.set()
    thread.join(10)
    assert engine.store.counts().pdfs_done == 1


def test_draining_for_longer_than_the_grace_time_becomes_stopping(engine: Engine) -> None:
    in_work = threading.Event()

    def hold(path: Path) -> None:
        in_work.set()
        assert engine.shutdown.stopping.wait(10)

    engine.reader.before = hold
    engine.add("a")
    thread = threading.Thread(target=engine.run, kwargs={"grace": 0.2})
    thread.start()
    assert in_work.wait(5)
    engine.shutdown.drain()
    assert engine.shutdown.stopping.wait(5)
    thread.join(10)


@pytest.mark.parametrize("error", [DatabaseBusy("busy"), StopRun("broken")])
def test_a_busy_database_is_tried_again_and_any_other_error_stops_the_run(engine: Engine, error: Exception) -> None:
    engine.build()
    called = threading.Event()

    def beat() -> None:
        called.set()
        raise error

    engine.fed.clear()
    supervisor = engine.supervisor(lease=0.06)
    supervisor._heartbeat = beat
    supervisor.start()
    assert called.wait(5)
    if isinstance(error, StopRun):
        assert engine.shutdown.stopping.wait(5)
        assert engine.shutdown.error is error
    supervisor.close()
    assert (engine.shutdown.error is None) is isinstance(error, DatabaseBusy)


def test_one_busy_renewal_does_not_keep_the_others_from_theirs(engine: Engine) -> None:
    engine.build()
    renewed: list[Stage] = []
    beaten = threading.Event()

    def busy() -> None:
        raise DatabaseBusy("busy")

    for runner in engine.runners:
        runner.renew = lambda stage=runner.stage: renewed.append(stage)  # type: ignore[misc,method-assign]
    engine.runners[0].renew = busy  # type: ignore[method-assign]
    supervisor = engine.supervisor(lease=0.06)
    supervisor._heartbeat = beaten.set
    engine.fed.clear()
    supervisor.start()
    assert beaten.wait(5)
    supervisor.close()
    assert renewed[:3] == [Stage.ENRICHMENT, Stage.QUEUEING, Stage.DOWNLOAD]


def test_patience_ends_when_nothing_gets_finished_however_often_rows_come_due(engine: Engine) -> None:
    engine.finder.silent.add("a number 1")
    engine.reader.per_pdf = 1
    engine.add("a")

    over = threading.Event()

    def due_again() -> None:
        while not over.wait(0.05):
            engine.store.make_due()

    clockwork = threading.Thread(target=due_again)
    clockwork.start()
    engine.run(patience=0.5)
    over.set()
    clockwork.join(5)
    assert engine.store.counts().failed_enrichments == 0
    assert engine.store.counts().unfinished == 1


def test_a_finished_row_renews_the_patience(engine: Engine) -> None:
    engine.add("a")
    engine.build()
    (row,) = engine.store.claim(Stage.EXTRACTION, engine.owner, 1, 60.0)
    engine.store.postpone(Stage.EXTRACTION, row.id, engine.owner, seconds=30.0, error="later")
    supervisor = engine.supervisor(patience=29.9)
    assert supervisor.all_done()
    supervisor._waiting_since = 0.0
    assert supervisor.all_done()
    engine.progress.finished(Stage.EXTRACTION, 1, Finished(Item(row), None, Verdict.DONE))
    supervisor._patience = 60.0
    assert not supervisor.all_done()


def test_a_paused_run_is_not_over_though_nothing_can_be_claimed(engine: Engine) -> None:
    engine.build()
    engine.shutdown.turn_pause()
    assert not engine.supervisor().all_done()
    engine.shutdown.turn_pause()
    assert engine.supervisor().all_done()
