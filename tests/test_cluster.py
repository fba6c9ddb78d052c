"""PDFs read on a Dask cluster: a real scheduler and workers in processes of their own, which may die or not fit."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import dl_lit
from dl_lit.config import ExtractionSettings
from dl_lit.errors import ClusterUnusable, ServiceUnavailable, Stopping, UsageError
from dl_lit.extraction.executor import ParserPool
from dl_lit.extractors import open_reader
from dl_lit.model import PdfReason
from dl_lit.standin.dask_processes import DaskProcesses
from pdf_pages import AUTHOR_YEAR, article, hanging
from waiting import LIMIT, until

pytest.importorskip("distributed", reason="the extra dask is not installed: no cluster is tested")

from dl_lit.cluster import connection
from dl_lit.cluster.pool import ClusterPool

TASK = "child_tasks:read"
TESTS = str(Path(__file__).parent)


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskProcesses]:
    folder = tmp_path_factory.mktemp("dask")
    with DaskProcesses(folder, workers=2, env={"PYTHONPATH": TESTS}, allowed_failures=1) as dask:
        yield dask


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def pool(dask: DaskProcesses, told: list[str]) -> Iterator[ClusterPool]:
    pool = ClusterPool(settings(dask), told.append, task=TASK)
    until(lambda: len(pool.workers()) == len(dask.workers))
    yield pool
    pool.close()


def settings(dask: DaskProcesses, seconds: float = LIMIT) -> ExtractionSettings:
    return ExtractionSettings(cluster=dask.address, time_limit_seconds=seconds, memory_limit_mb=256, max_file_mb=2)


def order(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text(name)
    return path


# ── as on one's own machine ──────────────────────────────────────────────────────────────────────────────


def test_a_pdf_is_read_as_here_whether_the_workers_see_its_folder_or_not(dask: DaskProcesses, tmp_path: Path) -> None:
    path = hanging(article(), AUTHOR_YEAR).save(tmp_path / "بحث عن الوقت.pdf")
    with ParserPool(ExtractionSettings(), 1) as local:
        here, version = local.extract(path), local.version
    cluster = ClusterPool(ExtractionSettings(cluster=dask.address), print)
    try:
        assert cluster.version == version, "results are kept under the same key"
        descriptor = os.open(tmp_path, os.O_RDONLY)  # a way to the folder that only this process has
        unseen = Path(f"/proc/self/fd/{descriptor}") / path.name
        for there in (cluster.extract(path), cluster.extract(unseen), cluster.extract(unseen)):
            assert len(there.references) == len(AUTHOR_YEAR)
            assert replace(there, seconds=0.0) == replace(here, seconds=0.0)
        os.close(descriptor)
    finally:
        cluster.close()


def test_another_file_under_the_same_path_is_not_believed(
    dask: DaskProcesses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    theirs = Path(dask.folder) / "paper.pdf"  # where the workers' own "current folder" is
    ours = hanging(article(), AUTHOR_YEAR).save(tmp_path / "paper.pdf")
    theirs.write_bytes(ours.read_bytes()[:-1] + b"#")
    cluster = ClusterPool(ExtractionSettings(cluster=dask.address), print)
    try:
        assert len(cluster.extract(Path("/proc/self/cwd/paper.pdf")).references) == len(AUTHOR_YEAR)
        assert cluster.folders_not_seen == {"/proc/self/cwd"}
    finally:
        cluster.close()


@pytest.mark.parametrize(
    ("name", "reason", "detail"),
    [
        ("segfault", PdfReason.CRASHED, "SIGSEGV"),
        ("bomb", PdfReason.OUT_OF_MEMORY, "256 MB (extraction.memory_limit_mb)"),
        ("raise", PdfReason.DAMAGED, "ZeroDivisionError"),
    ],
)
def test_a_bad_file_costs_itself(pool: ClusterPool, tmp_path: Path, name: str, reason: PdfReason, detail: str) -> None:
    extraction = pool.extract(order(tmp_path, name))
    assert (extraction.reason, detail in (extraction.detail or "")) == (reason, True)
    assert pool.extract(order(tmp_path, "next")).pages == 7


def test_the_time_limit_of_a_file_holds_there(dask: DaskProcesses, told: list[str], tmp_path: Path) -> None:
    with closing(ClusterPool(settings(dask, 0.5), told.append, task=TASK)) as pool:
        extraction = pool.extract(order(tmp_path, "hang"))
    assert extraction.reason is PdfReason.TIMED_OUT
    assert "0.5 s (extraction.time_limit_seconds)" in (extraction.detail or "")


def test_what_cannot_be_sent_is_judged_here(dask: DaskProcesses, tmp_path: Path) -> None:
    (tmp_path / "large.pdf").write_bytes(b"%PDF-1.7\n" + b"x" * 2_000_001)
    (tmp_path / "empty.pdf").touch()
    cluster = ClusterPool(settings(dask), print)
    try:
        names = ("large.pdf", "empty.pdf", "vanished.pdf")
        reasons = [cluster.extract(tmp_path / name).reason for name in names]
    finally:
        cluster.close()
    assert reasons == [PdfReason.TOO_LARGE, PdfReason.EMPTY_FILE, PdfReason.UNREADABLE]


def test_as_many_files_are_in_flight_as_the_cluster_has_threads_and_a_quarter(pool: ClusterPool) -> None:
    assert 2 <= pool.at_once <= 3


def test_stopping_ends_the_wait_for_a_file(pool: ClusterPool, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(pool.extract, order(tmp_path, "hold"))
        until(lambda: list(tmp_path.glob("hold.held-by-*")))
        pool.interrupt()
        with pytest.raises(Stopping):
            waiting.result(LIMIT)
    (tmp_path / "hold.go").touch()


# ── workers that die ─────────────────────────────────────────────────────────────────────────────────────


def test_what_a_killed_worker_was_reading_is_read_by_another(
    dask: DaskProcesses, pool: ClusterPool, tmp_path: Path
) -> None:
    dask.start_worker()
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(pool.extract, order(tmp_path, "hold"))
        until(lambda: list(tmp_path.glob("hold.held-by-*")))
        (held,) = tmp_path.glob("hold.held-by-*")
        dask.kill_worker(int(held.name.rpartition("-")[2]))
        (tmp_path / "hold.go").touch()
        assert reading.result(LIMIT).pages == 7
    assert len(list(tmp_path.glob("hold.held-by-*"))) == 2


def test_a_file_that_kills_workers_is_given_up_and_a_mere_neighbour_is_not(
    dask: DaskProcesses, pool: ClusterPool, tmp_path: Path
) -> None:
    for _ in range(2):
        dask.start_worker()
    until(lambda: len(pool.workers()) == len(dask.workers) >= 4)
    extraction = pool.extract(order(tmp_path, "kill the worker"))
    assert extraction.reason is PdfReason.CRASHED
    assert extraction.detail is not None and extraction.detail.startswith("3 Dask workers in turn ended")
    for _ in range(2):
        dask.start_worker()
    until(lambda: len(pool.workers()) == len(dask.workers) >= 3)
    assert pool.extract(order(tmp_path, "kill two workers")).pages == 7, "Dask suspected it; the last try went well"
    dask.start_worker()


# ── clusters that do not fit, or are not there ───────────────────────────────────────────────────────────


@contextmanager
def another_worker(dask: DaskProcesses, pool: ClusterPool, path: Path) -> Iterator[None]:
    """One that finds its dl-lit under `path`."""
    worker = dask.start_worker(env={"PYTHONPATH": str(path)})
    until(lambda: len(pool.workers()) == len(dask.workers))
    yield
    dask.kill_worker(worker)
    until(lambda: len(pool.workers()) == len(dask.workers))


def test_a_worker_with_other_code_is_refused_with_the_cure(
    dask: DaskProcesses, pool: ClusterPool, tmp_path: Path
) -> None:
    shutil.copytree(Path(dl_lit.__file__).parent, tmp_path / "dl_lit", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "dl_lit" / "extraction" / "extra.py").write_text("# somebody changed something\n")
    with (
        another_worker(dask, pool, tmp_path),
        pytest.raises(
            ClusterUnusable, match=r"Workers \S+: dl-lit \S+ with other code than here\. Install the same copy"
        ),
    ):
        ClusterPool(settings(dask), print)


def test_a_worker_without_dl_lit_is_named_with_the_cure(dask: DaskProcesses, pool: ClusterPool, tmp_path: Path) -> None:
    (tmp_path / "dl_lit").mkdir()
    (tmp_path / "dl_lit" / "__init__.py").write_text("raise ImportError('nothing is installed here')\n")
    with (
        another_worker(dask, pool, tmp_path),
        pytest.raises(ClusterUnusable, match=r"1 of \d workers .* cannot read PDFs; .*pip install 'dl-lit\[dask\]'"),
    ):
        ClusterPool(settings(dask), print)


def test_a_worker_that_came_later_and_does_not_fit_ends_the_run(
    dask: DaskProcesses, tmp_path: Path, pool: ClusterPool
) -> None:
    """As such a worker sees it: the run's version is not its own."""
    pool.facts = replace(pool.facts, code="0")
    with pytest.raises(ClusterUnusable, match="came later and does not fit"):
        pool.extract(order(tmp_path, "next"))


def test_nobody_at_the_address_is_said_before_anything_is_read() -> None:
    with pytest.raises(ClusterUnusable, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9 .*dask scheduler"):
        open_reader(ExtractionSettings(cluster="tcp://127.0.0.1:9"), 1)


def test_a_lost_scheduler_makes_files_wait_and_is_found_again(tmp_path: Path, told: list[str]) -> None:
    with DaskProcesses(tmp_path, workers=1, env={"PYTHONPATH": TESTS}) as dask:
        pool = ClusterPool(settings(dask), told.append, task=TASK, worker_seconds=LIMIT)
        with ThreadPoolExecutor(1) as threads:
            reading = threads.submit(pool.extract, order(tmp_path, "hold"))
            until(lambda: list(tmp_path.glob("hold.held-by-*")))
            dask.kill_scheduler()
            with pytest.raises(ServiceUnavailable, match="is gone or cut off") as lost:
                reading.result(LIMIT)
        assert lost.value.retry_after == 1
        with pytest.raises(ServiceUnavailable):
            pool.extract(order(tmp_path, "next"))
        dask.start_scheduler()
        dask.start_worker()
        until(lambda: _reads(pool, tmp_path / "next"))
        pool.close()
    assert [text.rpartition(" ")[0].split(" at ")[0] for text in told] == ["The Dask scheduler"] * 2
    assert told[1].endswith("answers again.")


def test_a_scheduler_that_is_stopped_is_not_waited_for(
    tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connections stay, and nothing comes: as a machine that hangs."""
    with DaskProcesses(tmp_path, workers=1, env={"PYTHONPATH": TESTS}) as dask:
        pool = ClusterPool(settings(dask), told.append, task=TASK)
        monkeypatch.setattr(connection, "ANSWER_SECONDS", 0.2)
        dask.signal_scheduler(signal.SIGSTOP)
        with pytest.raises(ServiceUnavailable, match="is gone or cut off"):
            pool.extract(order(tmp_path, "next"))
        dask.signal_scheduler(signal.SIGCONT)
        monkeypatch.setattr(connection, "ANSWER_SECONDS", LIMIT)
        until(lambda: _reads(pool, tmp_path / "next"))
        pool.close()


def _reads(pool: ClusterPool, path: Path) -> bool:
    try:
        return pool.extract(path).pages == 7
    except ServiceUnavailable:
        return False


def test_a_cluster_without_workers_is_said_at_the_start_and_makes_files_wait_later(tmp_path: Path) -> None:
    with DaskProcesses(tmp_path, env={"PYTHONPATH": TESTS}) as dask:
        with pytest.raises(ClusterUnusable, match=r"has no workers, and none came within 0\.1 s"):
            ClusterPool(settings(dask), print, worker_seconds=0.1)
        worker = dask.start_worker()
        pool = ClusterPool(settings(dask), print, task=TASK, worker_seconds=LIMIT)
        pool.workless_seconds = 0.1
        dask.kill_worker(worker)
        with pytest.raises(ServiceUnavailable, match="has no workers"):
            pool.extract(order(tmp_path, "next"))
        pool.close()


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dl_lit.cluster.pool", None)
    with pytest.raises(UsageError, match=r"pip install 'dl-lit\[dask\]'"):
        open_reader(ExtractionSettings(cluster="tcp://127.0.0.1:9"), 1)


def test_threads_share_one_look_at_the_workers(pool: ClusterPool) -> None:
    seen: list[object] = []
    threads = [threading.Thread(target=lambda: seen.append(pool.workers())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
    assert len(seen) == 8 and pool.workers()
