"""Claims: their order, their leases, and what is left by processes that died."""

from __future__ import annotations

import multiprocessing
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.queues import Queue
from pathlib import Path

import psutil
import pytest

from dl_lit.errors import LeaseLost
from dl_lit.model import (
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    Extraction,
    NoMetadataRow,
    PdfFile,
    Queueing,
    Stage,
)
from dl_lit.processes import owners
from dl_lit.store import Database, Store, claims, this_process
from dl_lit.store.run_rows import READY
from library import LEASE, ME, OTHER, SmallLibrary, work

SILENT = Enrichment(Decision.UNANSWERED)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


def claimed_one_by_one(library: SmallLibrary, stage: Stage, number: int) -> list[int]:
    return [row.id for _ in range(number) for row in library.store.claim(stage, ME, 1, LEASE)]


# ── order ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_newest_pdf_goes_first_and_every_eighth_pick_is_the_oldest(library: SmallLibrary) -> None:
    run = library.store.start_run(ME, "test", {})
    library.store.add_pdfs(run, [PdfFile(f"/{i}", f"sha{i}", 1) for i in range(1, 21)])
    assert claimed_one_by_one(library, Stage.EXTRACTION, 17) == [
        *(20, 19, 18, 17, 16, 15, 14, 1),
        *(13, 12, 11, 10, 9, 8, 7, 2),
        6,
    ]


def test_a_batch_claim_ages_like_single_ones(library: SmallLibrary) -> None:
    run = library.store.start_run(ME, "test", {})
    library.store.add_pdfs(run, [PdfFile(f"/{i}", f"sha{i}", 1) for i in range(1, 21)])
    assert [row.id for row in library.store.claim(Stage.EXTRACTION, ME, 16, LEASE)] == [1, 2, *range(20, 6, -1)]


def test_references_are_taken_in_rounds_over_their_pdfs(library: SmallLibrary) -> None:
    handbook = library.print_references(*(f"handbook {i}" for i in range(30)))
    small = library.print_references("small 1", "small 2")
    tiny = library.print_references("tiny 1")
    rows = library.store.claim(Stage.ENRICHMENT, ME, 6, LEASE)
    citing = [library.field("no_metadata", row.id, "source_pdf_id") for row in rows]
    assert citing == [tiny, small, handbook, small, handbook, handbook]


def test_a_stream_of_new_pdfs_does_not_starve_the_end_of_a_long_one(library: SmallLibrary) -> None:
    library.print_references(*(f"handbook {i}" for i in range(20)))
    last_of_handbook = 20
    for round_ in range(200):
        library.print_references(f"new {round_}", f"newer {round_}")
        if last_of_handbook in claimed_one_by_one(library, Stage.ENRICHMENT, 2):
            break
    assert round_ < 100


def test_downloads_go_by_priority_then_newest(library: SmallLibrary) -> None:
    works = [work(f"A Work Called {name}") for name in ("first", "second", "third", "fourth")]
    ids = library.accept(*works)
    for row, priority in zip(library.claim_works(), (1.0, 3.0, 1.0, 2.0), strict=True):
        library.store.finish_queueing(row, ME, Queueing(priority=priority))
    assert claimed_one_by_one(library, Stage.DOWNLOAD, 4) == [ids[1], ids[3], ids[2], ids[0]]


def test_the_claim_skips_what_is_excluded_and_takes_no_more_than_wanted(library: SmallLibrary) -> None:
    library.print_references("a", "b", "c", "d")
    assert library.store.claim(Stage.ENRICHMENT, ME, 0, LEASE) == []
    rows = library.store.claim(Stage.ENRICHMENT, ME, 2, LEASE, exclude={1, 2})
    assert {row.id for row in rows} == {3, 4}
    assert library.store.claim(Stage.ENRICHMENT, ME, 2, LEASE, exclude=[1, 2]) == []


@pytest.mark.parametrize("stage", list(Stage))
def test_each_stage_claims_over_an_index_of_ready_rows_alone(library: SmallLibrary, stage: Stage) -> None:
    connection = library.store.database.reader()
    order = claims.ORDERS[stage]
    for index, by in ((order.first_index, order.first), (order.oldest_index, "id")):
        plan = connection.all(
            f"EXPLAIN QUERY PLAN SELECT id FROM {stage} INDEXED BY {index} WHERE {READY} ORDER BY {by} LIMIT 5"
        )
        assert [row["detail"].split(" USING ")[0] for row in plan] == [f"SCAN {stage}"]


# ── who holds what ───────────────────────────────────────────────────────────────────────────────────────


def test_twenty_threads_claim_one_row_once(library: SmallLibrary) -> None:
    library.print_references("the only one")
    barrier = threading.Barrier(20)

    def claim(number: int) -> int:
        barrier.wait(10)
        return len(library.store.claim(Stage.ENRICHMENT, f"here:{number}:1.00", 5, LEASE))

    with ThreadPoolExecutor(20) as executor:
        assert sorted(executor.map(claim, range(20))) == [0] * 19 + [1]


def _work_alone(path: Path, number: int, results: Queue[tuple[int, list[int]]]) -> None:
    store = Store(Database.open(path))
    owner = this_process()
    done = []
    while rows := store.claim(Stage.ENRICHMENT, owner, 3, LEASE):
        for row in rows:
            assert isinstance(row, NoMetadataRow)
            store.finish_enrichment(row, owner, Enrichment(Decision.REJECTED))
            done.append(row.id)
    store.close()
    results.put((number, done))


def test_two_processes_share_a_database_and_do_no_row_twice(library: SmallLibrary, tmp_path: Path) -> None:
    library.print_references(*(f"reference {i}" for i in range(200)))
    context = multiprocessing.get_context("spawn")
    results: Queue[tuple[int, list[int]]] = context.Queue()
    processes = [context.Process(target=_work_alone, args=(tmp_path / "literature.db", i, results)) for i in range(2)]
    for process in processes:
        process.start()
    done = Counter(row_id for _ in processes for row_id in results.get(timeout=30)[1])
    for process in processes:
        process.join(10)
        process.close()
    results.close()
    results.join_thread()
    assert sorted(done.elements()) == list(range(1, 201))
    assert library.store.counts().failed_enrichments == 200


def test_a_lease_is_renewed_while_the_work_goes_on(library: SmallLibrary) -> None:
    library.print_references("a", "b")
    rows = library.claim_references()
    for _ in range(5):
        library.clock.now += LEASE - 1
        assert library.store.renew(Stage.ENRICHMENT, ME, [row.id for row in rows], LEASE) == {1, 2}
        assert library.claim_references(owner=OTHER) == []


def test_an_expired_lease_is_free_for_others_and_lost_for_its_owner(library: SmallLibrary) -> None:
    library.print_references("a", "b")
    first, second = library.claim_references()
    library.clock.now += LEASE + 1
    assert [row.id for row in library.claim_references(owner=OTHER, limit=1)] == [1]
    assert library.store.renew(Stage.ENRICHMENT, ME, [1, 2], LEASE) == set()
    with pytest.raises(LeaseLost, match="another process") as lost:
        library.store.finish_enrichment(first, ME, Enrichment(Decision.REJECTED))
    assert lost.value.context == {"table": "no_metadata", "id": 1}
    with pytest.raises(LeaseLost):
        library.store.postpone(Stage.ENRICHMENT, second.id, ME, seconds=5, error="x")
    library.store.finish_enrichment(first, OTHER, Enrichment(Decision.REJECTED))
    assert library.ids("failed_enrichments") == [1]


def test_an_expired_lease_that_nobody_took_is_still_good(library: SmallLibrary) -> None:
    """The work is done; throwing the result away would only cost the services a second time."""
    library.print_references("a")
    [row] = library.claim_references()
    library.clock.now += LEASE + 1
    assert library.store.finish_enrichment(row, ME, Enrichment(Decision.REJECTED)) == "failed_enrichments"


def test_a_process_that_slept_past_its_lease_keeps_what_it_has_in_hand(library: SmallLibrary) -> None:
    """Its next claim used to free them, so that all that was under way was thrown away and done again."""
    library.print_references("a", "b", "c")
    [in_hand] = library.claim_references(limit=1)
    library.clock.now += LEASE + 1
    others = library.store.claim(Stage.ENRICHMENT, ME, 10, LEASE, exclude=[in_hand.id])
    assert sorted(row.id for row in others) == [2, 3]
    assert library.store.finish_enrichment(in_hand, ME, Enrichment(Decision.REJECTED)) == "failed_enrichments"


def test_a_finished_row_cannot_be_finished_again(library: SmallLibrary) -> None:
    library.print_references("a")
    [row] = library.claim_references()
    library.store.finish_enrichment(row, ME, Enrichment(Decision.REJECTED))
    with pytest.raises(LeaseLost):
        library.store.finish_enrichment(row, ME, Enrichment(Decision.REJECTED))


def test_every_stage_checks_the_lease(library: SmallLibrary) -> None:
    [pdf] = library.add_pdfs()
    library.accept(work("A Work to Queue"))
    [to_queue] = library.claim_works()
    library.store.finish_queueing(to_queue, ME, Queueing())
    [to_download] = library.claim_downloads()
    with pytest.raises(LeaseLost):
        library.store.finish_extraction(pdf, OTHER, Extraction())
    with pytest.raises(LeaseLost):
        library.store.finish_queueing(to_queue, OTHER, Queueing())
    with pytest.raises(LeaseLost):
        library.store.finish_download(to_download, OTHER, Download(reason=DownloadReason.GONE))


def test_released_rows_are_as_if_never_claimed(library: SmallLibrary) -> None:
    library.print_references("a", "b", "c")
    library.claim_references()
    assert library.store.release(Stage.ENRICHMENT, ME, [2]) == 1
    assert library.store.release(Stage.ENRICHMENT, OTHER) == 0
    assert [(row.id, row.attempts) for row in library.claim_references(owner=OTHER)] == [(2, 0)]
    assert library.store.release(Stage.ENRICHMENT, ME) == 2
    assert library.store.backlog(Stage.ENRICHMENT) == 2


# ── the dead ─────────────────────────────────────────────────────────────────────────────────────────────


def ended_process() -> str:
    """The owner string of a process that has just ended."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        owner = owners.owner_of(psutil.Process(process.pid))
        assert not owners.is_dead(owner)
        process.communicate(b"\n", timeout=10)
    return owner


def test_the_claims_of_a_dead_process_are_freed_at_once(library: SmallLibrary) -> None:
    dead, alive = ended_process(), this_process()
    library.print_references("dead", "alive", "another machine", "expired")
    for owner in (dead, alive, OTHER):
        library.store.claim(Stage.ENRICHMENT, owner, 1, LEASE)
    library.store.claim(Stage.ENRICHMENT, OTHER, 1, -1.0)
    assert library.store.free_stale_claims(ME) == 2
    holders = {row[0] for row in library.rows("SELECT claimed_by FROM no_metadata")}
    assert holders == {None, alive, OTHER}


def test_a_process_id_used_again_is_not_the_process() -> None:
    host, pid, started = this_process().rsplit(":", 2)
    assert not owners.is_dead(f"{host}:{pid}:{started}")
    assert owners.is_dead(f"{host}:{pid}:{started[:-1]}{(int(started[-1]) + 1) % 10}")


def test_an_owner_that_an_earlier_version_wrote_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """And so is one of a system that tells the start of a process by the wall clock only."""
    monkeypatch.setattr(owners, "_BOOT_ID", Path("/nowhere"))
    host, pid, started = this_process().rsplit(":", 2)
    monkeypatch.undo()
    assert not owners.is_dead(f"{host}:{pid}:{started}")
    assert owners.is_dead(f"{host}:{pid}:{float(started) - 100}")


@pytest.mark.skipif(not owners._BOOT_ID.exists(), reason="this system tells the start of a process by the wall clock")
def test_a_process_lives_on_when_the_clock_of_the_machine_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its start would then be another one, and whoever came next would take its rows from it."""
    owner, start = this_process(), psutil.Process().create_time()
    monkeypatch.setattr(psutil.Process, "create_time", lambda process: start + 3600)
    assert not owners.is_dead(owner)


def test_a_zombie_is_dead() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    owner = owners.owner_of(psutil.Process(process.pid))
    for _ in range(200):
        if psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE:
            break
        threading.Event().wait(0.05)
    assert owners.is_dead(owner)
    process.wait(10)


@pytest.mark.parametrize("owner", ["", "nonsense", "elsewhere:1:2.0", f"{socket.gethostname()}:x:1.0"])
def test_what_cannot_be_known_to_be_dead_is_left_alone(owner: str) -> None:
    assert not owners.is_dead(owner)


def test_a_process_that_may_not_be_looked_at_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(pid: int) -> None:
        raise psutil.AccessDenied(pid)

    monkeypatch.setattr(psutil, "Process", refuse)
    assert not owners.is_dead(f"{socket.gethostname()}:1:1.00")


# ── waiting for another try ──────────────────────────────────────────────────────────────────────────────


def test_our_own_back_off_grows_and_never_gives_up(library: SmallLibrary) -> None:
    library.print_references("429 for ever")
    waits = []
    for _ in range(8):
        [row] = library.claim_references()
        assert library.store.finish_enrichment(row, ME, SILENT) == "no_metadata"
        due = library.store.waiting(Stage.ENRICHMENT).next_attempt_at
        assert due is not None
        waits.append(due - library.clock.now)
        assert library.claim_references() == []
        library.clock.now = due
    assert waits == [30, 300, 1800, 7200, 43200, 43200, 43200, 43200]
    assert library.field("no_metadata", 1, "attempts") == 8


def test_a_time_that_a_service_named_is_kept(library: SmallLibrary) -> None:
    library.print_references("a")
    [row] = library.claim_references()
    library.store.finish_enrichment(row, ME, Enrichment(Decision.UNANSWERED, retry_after=17, detail="429"))
    waiting = library.store.waiting(Stage.ENRICHMENT)
    assert (waiting.claimable, waiting.later, waiting.next_attempt_at) == (0, 1, library.clock.now + 17)
    library.clock.now += 16
    assert library.claim_references() == []
    assert library.store.backlog(Stage.ENRICHMENT) == 0
    library.clock.now += 1
    assert library.store.backlog(Stage.ENRICHMENT) == 1
    assert library.store.waiting(Stage.ENRICHMENT).claimable == 1
    assert len(library.claim_references()) == 1


def test_a_new_run_tries_at_once_what_only_we_put_off(library: SmallLibrary) -> None:
    library.print_references("silent", "told to wait", "claimed")
    silent, told, _ = library.claim_references()
    library.store.finish_enrichment(silent, ME, SILENT)
    library.store.postpone(Stage.ENRICHMENT, told.id, ME, seconds=600, error="Retry-After: 600", reason="rate_limited")
    assert library.store.make_due() == 1
    assert [row.id for row in library.claim_references(owner=OTHER)] == [silent.id]
    assert library.field("no_metadata", told.id, "last_error") == "Retry-After: 600"
    assert library.field("no_metadata", told.id, "reason") == "rate_limited"


@pytest.mark.parametrize("seconds", [None, 0.0, -5.0])
def test_pdfs_can_be_put_off_too(library: SmallLibrary, seconds: float | None) -> None:
    [row] = library.add_pdfs()
    library.store.postpone(Stage.EXTRACTION, row.id, ME, seconds=seconds, error="the parser's process ended")
    library.clock.now += 60
    [again] = library.store.claim(Stage.EXTRACTION, ME, 5, LEASE)
    assert again.attempts == 1


def test_waiting_counts_every_row_of_a_stage_once(library: SmallLibrary) -> None:
    library.print_references("ready", "claimed", "later", "due")
    rows = library.claim_references()
    library.store.release(Stage.ENRICHMENT, ME, [rows[0].id])
    library.store.postpone(Stage.ENRICHMENT, rows[2].id, ME, seconds=100, error="x")
    library.store.postpone(Stage.ENRICHMENT, rows[3].id, ME, seconds=10, error="x")
    library.clock.now += 50
    waiting = library.store.waiting(Stage.ENRICHMENT)
    assert (waiting.claimable, waiting.claimed, waiting.later) == (2, 1, 1)
    assert waiting.next_attempt_at == library.clock.now + 50


def test_of_a_great_backlog_it_is_enough_to_know_that_it_is_great(library: SmallLibrary) -> None:
    library.print_references(*"abcdefghi")
    assert [library.store.backlog(Stage.ENRICHMENT, most=most) for most in (3, 9, 20)] == [4, 9, 9]
    assert library.store.backlog(Stage.ENRICHMENT) == 9


def test_of_one_long_list_only_the_first_references_count_for_those_behind_it(library: SmallLibrary) -> None:
    library.print_references(*"abcdefghi")
    library.print_references(*"jk")
    assert library.store.backlog(Stage.ENRICHMENT, most=20, of_one_pdf=3) == 5
