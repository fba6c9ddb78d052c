"""The parts of reading on a cluster that need none: what is compared, what may be on its way, what a worker keeps."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from dl_lit.cluster.agreement import problems
from dl_lit.cluster.allowance import Allowance
from dl_lit.cluster.jobs import Job, WorkerFacts
from dl_lit.config import ExtractionSettings
from dl_lit.errors import Stopping
from dl_lit.extraction.executor import deciding
from dl_lit.extraction.version import Facts, fingerprint
from waiting import until

pytest.importorskip("distributed", reason="the extra dask is not installed: no cluster is tested")

from dl_lit.cluster.worker_side import Bench

HERE = WorkerFacts(
    Facts("0.1.0", "abc", "3.11.7", ("PyMuPDF 1.28.2", "rapidfuzz 3.14"), ("tesseract 9 9",)), "2026.8.0"
)
TASK = "child_tasks:read"


def changed(**changes: object) -> WorkerFacts:
    return replace(HERE, facts=replace(HERE.facts, **changes))  # type: ignore[arg-type]


# ── versions ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (changed(dl_lit="0.0.9"), "Workers w1: dl-lit 0.0.9, here 0.1.0. Run there: pip install 'dl-lit[dask]==0.1.0'"),
        (changed(code="x"), "Workers w1: dl-lit 0.1.0 with other code than here. Install the same copy"),
        (changed(python="3.12.1"), "Workers w1: Python 3.12.1, here 3.11.7. Run both in the same environment or image"),
        (
            changed(libraries=("PyMuPDF 1.27.0", "rapidfuzz 3.14")),
            "Workers w1: PyMuPDF 1.27.0, here PyMuPDF 1.28.2. Run there: pip install 'PyMuPDF==1.28.2'",
        ),
        (
            replace(HERE, distributed="2026.1.0"),
            "Workers w1: distributed 2026.1.0, here 2026.8.0. Run there: pip install 'distributed==2026.8.0'",
        ),
    ],
)
def test_what_differs_is_named_with_its_cure(there: WorkerFacts, said: str) -> None:
    (problem,) = problems(HERE, {"w1": there})
    assert problem.startswith(said)


def test_what_many_workers_have_wrong_is_said_once() -> None:
    old = changed(dl_lit="0.0.9")
    (problem,) = problems(HERE, {f"w{number}": old for number in range(5)})
    assert problem.startswith("Workers w0, w1, w2 and 2 more: dl-lit 0.0.9")


def test_programs_may_be_others_than_here_but_the_same_on_all_workers() -> None:
    other = changed(programs=("pdftotext 1 1",))
    assert list(problems(HERE, {"w1": other, "w2": other})) == []
    (problem,) = problems(HERE, {"w1": HERE, "w2": other})
    assert problem.startswith("Workers w2: another pdftotext, tesseract than other workers have. Run all workers in")


def test_results_are_kept_under_what_the_workers_have() -> None:
    assert fingerprint("x", of=HERE.facts) != fingerprint("x", of=changed(programs=()).facts)
    assert fingerprint("x", of=HERE.facts) != fingerprint("x")


# ── back-pressure ────────────────────────────────────────────────────────────────────────────────────────


def nothing() -> None:
    """Nobody stops."""


def test_no_more_than_the_allowance_is_on_its_way() -> None:
    allowance, first = Allowance(10), threading.Event()
    most, lock, now = [0], threading.Lock(), [0]

    def send(size: int) -> None:
        with allowance.take(size, nothing):
            with lock:
                now[0] += size
                most[0] = max(most[0], now[0])
            first.wait(0.01)
            with lock:
                now[0] -= size

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(send, [4] * 24))
    assert most[0] == 8


def test_a_file_larger_than_the_allowance_goes_alone_and_waiting_can_be_stopped() -> None:
    allowance = Allowance(10)

    def stop() -> None:
        raise Stopping("enough")

    with allowance.take(50, nothing), pytest.raises(Stopping), allowance.take(1, stop):
        raise AssertionError("two were on their way")
    with allowance.take(1, nothing):
        pass


# ── a worker's children ──────────────────────────────────────────────────────────────────────────────────


def job(path: Path, settings: ExtractionSettings, version: str | None = None) -> Job:
    content = path.read_bytes()
    return Job(
        path=str(path),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        suffix=path.suffix,
        settings=settings,
        task=TASK,
        version=version or fingerprint(*deciding(settings, TASK)),
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "who"
    path.write_text("a file")
    return path


def test_children_serve_many_files_and_go_when_none_comes(file: Path) -> None:
    settings = ExtractionSettings()
    bench = Bench(settings, TASK, 1, idle_seconds=0.5)
    one, two = (bench.serve(job(file, settings), "w1").extraction for _ in range(2))
    assert one is not None and two is not None and one.detail == two.detail, "the same process read both"
    child = int(one.detail or 0)
    until(lambda: not Path(f"/proc/{child}").exists())
    again = bench.serve(job(file, settings), "w1").extraction
    assert again is not None and again.detail != one.detail
    until(lambda: not Path(f"/proc/{again.detail}").exists())


def test_a_run_of_another_version_is_not_served(file: Path) -> None:
    settings = ExtractionSettings()
    reply = Bench(settings, TASK, 1, idle_seconds=0.1).serve(job(file, settings, "0" * 32), "w1")
    assert reply.extraction is None and reply.facts is not None


def test_a_workers_own_trouble_is_not_the_files(file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    settings = ExtractionSettings()
    sent = replace(job(file, settings), content=b"a file")
    reply = Bench(settings, TASK, 1, idle_seconds=0.1).serve(sent, "w1")
    assert reply.extraction is None and reply.trouble is not None and "missing" in reply.trouble


@pytest.mark.parametrize("change", ["shorter", "other"])
def test_a_file_that_is_another_is_asked_for(file: Path, change: str) -> None:
    settings = ExtractionSettings()
    meant = job(file, settings)
    file.write_text("a f" if change == "shorter" else "b file")
    reply = Bench(settings, TASK, 1, idle_seconds=0.1).serve(meant, "w1")
    assert reply.needs_content and reply.extraction is None
