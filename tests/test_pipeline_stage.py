"""Feeding, working, committing, parking, crashing and stopping, over a real store."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dl_lit.errors import DatabaseBusy, DatabaseUnusable, DiskFull, LeaseLost, Stopping
from dl_lit.model import Decision, Enrichment, Evidence, NoMetadataRow, Reference, Row, Stage, ToDownloadRow, Work
from dl_lit.pipeline.shutdown import Shutdown
from dl_lit.pipeline.stage import CRASHES_BEFORE_GIVING_UP, LOOK_SHARE, Look
from dl_lit.pipeline.work import Finished
from dl_lit.store.records import Waiting
from engine import Engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(tmp_path)
    yield engine
    engine.close()


@pytest.mark.parametrize(("workers", "queue", "pdfs"), [(1, 10, 1), (1, 10, 0), (20, 10, 1), (3, 10, 12), (2, 1000, 4)])
def test_any_sizes_bring_every_row_to_its_end(tmp_path: Path, workers: int, queue: int, pdfs: int) -> None:
    engine = Engine(tmp_path, workers=workers, queue=queue)
    engine.add(*(f"pdf{n}" for n in range(pdfs)))
    engine.run()
    counts = engine.store.counts()
    assert (counts.pdfs_done, counts.failed_downloads, counts.unfinished) == (pdfs, 3 * pdfs, 0)
    engine.close()


def test_twenty_workers_do_one_row_once(tmp_path: Path) -> None:
    engine = Engine(tmp_path, workers=20)
    done: list[str] = []
    engine.reader.before = lambda path: done.append(path.name)
    engine.add("only")
    engine.run()
    assert done == ["only.pdf"]
    engine.close()


def test_an_upstream_commit_wakes_the_stage_below_without_waiting_for_a_poll(tmp_path: Path) -> None:
    engine = Engine(tmp_path, poll=3600.0)
    engine.add("a", "b")
    engine.run()
    assert engine.store.counts().failed_downloads == 6
    engine.close()


def test_a_bad_file_costs_itself_and_nothing_else(engine: Engine) -> None:
    engine.add("bad", "good")
    engine.run()
    counts = engine.store.counts()
    assert (counts.pdfs_done, counts.pdfs_failed, counts.failed_downloads) == (1, 1, 3)
    assert engine.progress.snapshot({}).reasons[Stage.EXTRACTION] == {"damaged": 1}


def test_silence_of_a_service_fails_nothing(engine: Engine) -> None:
    engine.finder.silent.add("a number 2")
    engine.add("a")
    engine.run()
    counts = engine.store.counts()
    assert (counts.failed_downloads, counts.failed_enrichments, counts.enrichment.later) == (2, 0, 1)


def test_a_parked_job_comes_back_to_a_worker_and_holds_none_meanwhile(tmp_path: Path) -> None:
    engine = Engine(tmp_path, workers=1)
    engine.fetcher.park = 0.1
    engine.add("a", "b")
    engine.run()
    assert engine.store.counts().failed_downloads == 6
    engine.close()


def test_one_row_that_crashes_in_a_batch_does_not_take_the_others_with_it(engine: Engine) -> None:
    def crash(row: NoMetadataRow) -> None:
        if row.reference.position == 2:
            raise ValueError("our mistake")

    engine.finder.before = crash
    engine.add("a", "b")
    engine.run()
    counts = engine.store.counts()
    assert (counts.failed_downloads, counts.enrichment.later, counts.failed_enrichments) == (4, 2, 0)


def test_a_row_that_crashes_again_and_again_fails_with_what_happened(engine: Engine) -> None:
    def crash(row: object) -> None:
        raise ValueError("our mistake")

    engine.finder.before = crash
    engine.reader.per_pdf = 1
    engine.add("a")
    for _ in range(CRASHES_BEFORE_GIVING_UP):
        engine.store.make_due()
        engine.runners.clear()
        engine.shutdown = Shutdown()
        engine.run()
    (failure,) = engine.store.failures()
    assert (failure.reason, failure.detail) == ("internal_error", "ValueError: our mistake")


@pytest.mark.parametrize("stage", [Stage.EXTRACTION, Stage.DOWNLOAD])
def test_every_stage_with_a_failed_state_gives_up_in_the_end(engine: Engine, stage: Stage) -> None:
    def crash(row: object) -> None:
        raise ValueError("our mistake")

    engine.reader.per_pdf = 1
    if stage is Stage.EXTRACTION:
        engine.reader.before = crash
    else:
        engine.fetcher.before = crash
    engine.add("a")
    for _ in range(CRASHES_BEFORE_GIVING_UP):
        engine.store.make_due()
        engine.runners.clear()
        engine.shutdown = Shutdown()
        engine.run()
    (failure,) = engine.store.failures()
    assert (failure.stage, failure.reason) == (stage, "internal_error")


def test_a_fatal_error_stops_the_run_and_is_kept(engine: Engine) -> None:
    def full(path: Path) -> None:
        raise DiskFull("no space")

    engine.reader.before = full
    engine.add("a")
    engine.run()
    assert isinstance(engine.shutdown.error, DiskFull)
    assert engine.claimed() == 0


def test_a_fatal_error_in_a_row_that_is_tried_alone_stops_the_run_too(engine: Engine) -> None:
    seen: Counter[int] = Counter()

    def crash(row: NoMetadataRow) -> None:
        seen[row.id] += 1
        if row.reference.position == 2:
            raise ValueError("our mistake") if seen[row.id] == 1 else DatabaseUnusable("gone")

    engine.finder.before = crash
    engine.add("a")
    engine.run()
    assert isinstance(engine.shutdown.error, DatabaseUnusable)


def test_draining_finishes_the_row_in_work_and_gives_the_others_back(tmp_path: Path) -> None:
    engine = Engine(tmp_path, workers=1)
    in_work, go_on = threading.Event(), threading.Event()

    def hold(path: Path) -> None:
        in_work.set()
        assert go_on.wait(10)

    engine.reader.before = hold
    engine.add("a", "b", "c")
    thread = threading.Thread(target=engine.run)
    thread.start()
    assert in_work.wait(10)
    engine.shutdown.drain()
    go_on.set()
    thread.join(10)
    counts = engine.store.counts()
    assert (counts.pdfs_done, counts.extraction.claimable, engine.claimed()) == (1, 2, 0)
    engine.close()


def test_stopping_gives_back_the_row_in_work_without_counting_a_try(engine: Engine) -> None:
    def stop(row: ToDownloadRow) -> None:
        engine.shutdown.stop()
        raise Stopping("the run is stopping")

    engine.fetcher.before = stop
    engine.add("a")
    engine.run()
    counts = engine.store.counts()
    assert (counts.download.later, engine.claimed()) == (0, 0)
    assert counts.download.claimable > 0


def test_a_stage_that_is_stopped_in_the_middle_of_a_batch_keeps_what_it_has_finished(tmp_path: Path) -> None:
    # Without the stages below, which might carry the finished row on before the stop.
    engine = Engine(tmp_path, workers=1, tasks=2)

    def stop(row: NoMetadataRow) -> None:
        if row.reference.position == 2:
            engine.shutdown.stop()
            raise Stopping("the run is stopping")

    engine.finder.before = stop
    engine.add("a")
    engine.run()
    counts = engine.store.counts()
    assert (counts.enrichment.claimable, counts.queueing.claimable, engine.claimed()) == (2, 1, 0)
    engine.close()


def test_a_row_whose_lease_was_lost_is_dropped_and_its_neighbours_are_kept(engine: Engine) -> None:
    taken: list[int] = []

    def steal(row: NoMetadataRow) -> None:
        if row.reference.position == 2 and not taken:
            taken.append(row.id)
            engine.store.release(Stage.ENRICHMENT, engine.owner, [row.id])
            assert engine.store.claim(Stage.ENRICHMENT, "other:1:1.00", 1, 60.0)[0].id == row.id

    engine.finder.before = steal
    engine.add("a")
    engine.build()
    for runner in engine.runners[:2]:
        assert runner.feed()
        assert runner.work(1, timeout=0)
    counts = engine.store.counts()
    assert (counts.queueing.claimable, engine.store.waiting(Stage.ENRICHMENT).claimed) == (2, 1)


def test_a_crash_on_a_row_that_another_process_took_meanwhile_changes_nothing(engine: Engine) -> None:
    def steal_and_crash(row: NoMetadataRow) -> None:
        engine.store.release(Stage.ENRICHMENT, engine.owner, [row.id])
        engine.store.claim(Stage.ENRICHMENT, "other:1:1.00", 1, 60.0)
        raise ValueError("our mistake")

    engine.finder.before = steal_and_crash
    engine.reader.per_pdf = 1
    engine.add("a")
    engine.build()
    for runner in engine.runners[:2]:
        runner.feed()
        runner.work(1, timeout=0)
    assert engine.store.waiting(Stage.ENRICHMENT).claimed == 1


def test_back_pressure_holds_a_stage_back_until_the_next_has_caught_up(tmp_path: Path) -> None:
    engine = Engine(tmp_path, workers=1, queue=10)
    engine.reader.per_pdf = 12
    engine.add("a", "b", "c")
    engine.build()
    extraction, enrichment = engine.runners[:2]
    for _ in range(2):  # of one long list no more counts than leaves room for another
        assert extraction.feed(limit=1) == 1 and extraction.work(1, timeout=0)
    assert extraction.feed() == 0 and extraction.held_back
    while enrichment.feed() or enrichment.queued():
        enrichment.work(1, timeout=0, limit=2)
        engine.runners[2].feed()
        engine.runners[2].work(1, timeout=0)
        engine.runners[3].feed()
        engine.runners[3].work(1, timeout=0)
        for runner in engine.runners[2:]:
            while runner.feed() or runner.queued():
                runner.work(1, timeout=0)
    assert extraction.feed() == 1
    engine.close()


def test_without_back_pressure_a_stage_is_never_held_back(tmp_path: Path) -> None:
    engine = Engine(tmp_path, workers=1, queue=10, backpressure=None)
    engine.reader.per_pdf = 30
    engine.add("a", "b")
    engine.build()
    extraction = engine.runners[0]
    assert extraction.feed(limit=1) and extraction.work(1, timeout=0)
    assert extraction.feed() == 1
    engine.close()


def test_results_are_committed_in_groups_of_the_checkpoint_interval(tmp_path: Path) -> None:
    engine = Engine(tmp_path, workers=1, checkpoint=2)
    seen: list[int] = []
    engine.finder.before = lambda row: seen.append(engine.store.counts().queueing.claimable)
    engine.reader.per_pdf = 5
    engine.add("a")
    engine.build()
    for runner in engine.runners[:2]:
        runner.feed()
        runner.work(1, timeout=0)
    assert seen == [0, 0, 2, 2, 4]
    engine.close()


def test_what_is_finished_is_committed_before_a_pause(tmp_path: Path) -> None:
    engine = Engine(tmp_path, workers=1, checkpoint=100)
    engine.finder.alone = True
    seen: list[int] = []
    engine.finder.before = lambda row: seen.append(engine.store.counts().queueing.claimable)
    engine.add("a")
    engine.build()
    for runner in engine.runners[:2]:
        runner.feed()
        runner.work(1, timeout=0)
    assert seen == [0, 1, 2]
    engine.close()


def test_leases_are_renewed_but_not_for_a_row_that_is_stuck(tmp_path: Path) -> None:
    engine = Engine(tmp_path, workers=1, worker_timeout=0.0)
    engine.add("a", "b")
    renewed: list[set[int]] = []
    engine.build()
    extraction = engine.runners[0]
    assert extraction.feed() == 2

    def look(path: Path) -> None:
        before = dict(extraction._held)
        extraction.renew()
        renewed.append({row for row, since in before.items() if since is not None})

    engine.reader.before = look
    extraction.work(1, timeout=0)
    assert len(renewed[0]) == 1
    engine.close()


def test_a_database_that_stays_busy_ends_the_run_with_its_results_given_back(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    engine.store.database.settings = engine.store.database.settings.model_copy(update={"busy_timeout": 0.01})
    engine.add("a")
    engine.build()
    extraction = engine.runners[0]
    extraction.feed()
    locked, done = threading.Event(), threading.Event()

    def hold_the_lock() -> None:
        with engine.store.database.transaction():
            locked.set()
            done.wait(10)

    holder = threading.Thread(target=hold_the_lock)
    holder.start()
    assert locked.wait(5)
    extraction.work(1, timeout=0)
    done.set()
    holder.join(5)
    assert isinstance(engine.shutdown.error, DatabaseUnusable)
    assert "same command again" in str(engine.shutdown.error)
    engine.close()


def test_an_error_that_escapes_a_feeder_stops_the_run(engine: Engine) -> None:
    engine.add("a")
    engine.build()
    engine.store.close()
    failed: list[BaseException] = []

    def fail(error: BaseException) -> None:
        failed.append(error)
        engine.shutdown.stop()

    engine.runners[0].start(fail).join()
    assert isinstance(failed[0], DatabaseUnusable)


def test_a_task_whose_end_says_lease_lost_is_no_crash(engine: Engine) -> None:
    class Losing:
        stage = Stage.EXTRACTION
        batch = 1

        def __init__(self, task: object) -> None:
            self._task = task

        def __getattr__(self, name: str) -> object:
            return getattr(self._task, name)

        def finish(self, finished: Finished, owner: str) -> Finished:
            raise LeaseLost("gone", reason="lease_lost")

    engine.add("a")
    engine.build()
    runner = engine.runners[0]
    runner.task = Losing(runner.task)  # type: ignore[assignment]
    runner.feed()
    runner.work(1, timeout=0)
    assert engine.progress.snapshot({}).failed == 0
    assert runner.unfinished() is not None


def test_a_row_in_the_feeders_hands_is_never_taken_for_finished(engine: Engine) -> None:
    engine.add("a")
    engine.build()
    claimed, go_on = threading.Event(), threading.Event()
    claim = engine.store.claim

    def slow_claim(*args: Any, **kwargs: Any) -> list[Row]:
        rows = claim(*args, **kwargs)
        claimed.set()
        assert go_on.wait(10)
        return rows

    engine.store.claim = slow_claim  # type: ignore[method-assign]
    feeder = threading.Thread(target=engine.runners[0].feed)
    feeder.start()
    assert claimed.wait(5)
    seen: list[bool] = []
    looker = threading.Thread(target=lambda: seen.append(engine.supervisor().all_done()))
    looker.start()
    go_on.set()
    feeder.join(5)
    looker.join(5)
    assert seen == [False]


def test_waiting_for_silent_services_is_not_held_against_a_row_that_crashes_later(engine: Engine) -> None:
    engine.reader.per_pdf = 1
    engine.finder.silent.add("a number 1")
    engine.add("a")

    def again() -> None:
        engine.store.make_due()
        engine.runners.clear()
        engine.shutdown = Shutdown()
        engine.run()

    again()
    again()
    again()

    def crash(row: NoMetadataRow) -> None:
        raise ValueError("our mistake")

    engine.finder.before = crash
    again()
    counts = engine.store.counts()
    assert (counts.enrichment.later, counts.failed_enrichments) == (1, 0)


def test_a_busy_database_in_the_middle_of_work_is_nobodys_crash(engine: Engine) -> None:
    busy = [DatabaseBusy("locked"), DatabaseBusy("locked")]

    def lock(row: NoMetadataRow) -> None:
        if busy:
            raise busy.pop()

    engine.finder.before = lock
    engine.add("a")
    engine.run()
    counts = engine.store.counts()
    assert (counts.failed_downloads, counts.unfinished) == (3, 0)
    assert engine.store.database.reader().value("SELECT max(attempts) FROM failed_downloads") == 1


def test_a_busy_database_while_a_row_is_tried_alone_gives_it_back(engine: Engine) -> None:
    seen: Counter[int] = Counter()

    def trouble(row: NoMetadataRow) -> None:
        seen[row.id] += row.reference.position == 1
        if seen[row.id] == 1:
            raise ValueError("our mistake")
        if seen[row.id] == 2:
            raise DatabaseBusy("locked")

    engine.finder.before = trouble
    engine.add("a")
    engine.run()
    assert engine.store.counts().failed_downloads == 3


def test_a_slow_batch_keeps_the_leases_of_its_rows(tmp_path: Path) -> None:
    engine = Engine(tmp_path, workers=1)
    times: list[dict[int, float | None]] = []
    engine.finder.before = lambda row: times.append(dict(engine.runners[1]._held))
    engine.add("a")
    engine.build()
    for runner in engine.runners[:2]:
        runner.feed()
        runner.work(1, timeout=0)
    last = max(times[-1])
    assert times[0][last] != times[-1][last]
    engine.close()


def test_a_result_counts_even_when_what_follows_it_fails(engine: Engine) -> None:
    def unsettled(row_id: int) -> None:
        raise OSError("cannot remove the note")

    engine.fetcher.settled = unsettled  # type: ignore[method-assign]
    engine.reader.per_pdf = 1
    engine.add("a")
    engine.run()
    assert engine.store.counts().failed_downloads == 1
    assert sum(worker.failed for worker in engine.progress.snapshot({}).workers) == 1


def test_a_work_that_the_library_knew_already_is_counted_as_cached(engine: Engine) -> None:
    known = Evidence("library", "local", Work(title="x"), 1.0, Decision.ACCEPTED)
    outcome = engine.finder._outcome

    def from_the_library(reference: Reference) -> Enrichment:
        return replace(outcome(reference), evidence=(known,)) if reference.position == 2 else outcome(reference)

    engine.finder._outcome = from_the_library  # type: ignore[method-assign]
    engine.add("a")
    engine.run()
    assert engine.progress.snapshot({}).cached == 1


def test_a_look_that_takes_long_is_made_the_less_often_for_it() -> None:
    now, taken = 100.0, 0

    def look() -> Waiting:
        nonlocal now, taken
        now, taken = now + 2.0, taken + 1
        return Waiting(taken, 0, 0, None)

    waiting = Look(look, clock=lambda: now)
    assert [waiting.now().claimable, waiting.now().claimable] == [1, 1]
    now += 2.0 * LOOK_SHARE
    assert waiting.now().claimable == 2


def test_in_a_pause_nothing_is_claimed_or_begun_and_afterwards_all_is_done(engine: Engine) -> None:
    engine.add("a", "b")
    runner = engine.build()[0]
    assert runner.feed(limit=1) == 1
    engine.shutdown.turn_pause()
    assert runner.feed() == 0 and not runner.work(1, timeout=0.0)
    assert engine.store.counts().pdfs_done == 0
    engine.shutdown.turn_pause()
    assert runner.work(1, timeout=0.0) and runner.feed() == 1 and runner.work(1, timeout=0.0)
    assert engine.store.counts().pdfs_done == 2
