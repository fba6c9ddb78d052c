"""What one bad file may cost when files are read in child processes: itself, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from dl_lit.config import ExtractionSettings
from dl_lit.errors import Stopping
from dl_lit.extraction.executor import ParserPool
from dl_lit.model import PdfReason
from pdf_pages import AUTHOR_YEAR, article, hanging

TASK = "child_tasks:obey"
SETTINGS = ExtractionSettings(time_limit_seconds=1.0, memory_limit_mb=256)
PATIENT = ExtractionSettings(time_limit_seconds=60.0, memory_limit_mb=256)


@pytest.fixture
def pool() -> Iterator[ParserPool]:
    with ParserPool(SETTINGS, 1, task=TASK) as pool:
        yield pool


def wait_for(path: Path) -> int:
    """The number that another process writes into the file, once it has."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if path.exists() and (text := path.read_text()):
            return int(text)
        time.sleep(0.01)
    raise AssertionError(f"{path} was not written")


def assert_ends(pid: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.02)
    raise AssertionError(f"process {pid} is still there")


def test_a_real_pdf_with_an_arabic_name_and_spaces_is_read_in_a_child(tmp_path: Path) -> None:
    path = hanging(article(), AUTHOR_YEAR).save(tmp_path / "بحث عن الوقت والعمل.pdf")
    with ParserPool(ExtractionSettings(), 1) as pool:
        extraction = pool.extract(path)
    assert len(extraction.references) == len(AUTHOR_YEAR)
    assert extraction.seconds > 0


def test_the_task_gets_the_path_and_the_limits() -> None:
    with ParserPool(SETTINGS, 1, task="child_tasks:greet") as pool:
        extraction = pool.extract("some file.pdf")
    assert extraction.detail == "some file.pdf 1"
    assert extraction.seconds == 0.5


def test_a_hanging_file_is_given_up_at_the_time_limit(pool: ParserPool, tmp_path: Path) -> None:
    begun = time.monotonic()
    extraction = pool.extract(tmp_path / "hang")
    assert extraction.reason is PdfReason.TIMED_OUT
    assert extraction.detail is not None and "time_limit_seconds" in extraction.detail
    assert 1 <= extraction.seconds <= time.monotonic() - begun < 10
    assert_ends(wait_for(tmp_path / "hang.pid"))
    assert pool.extract("next").pages == 7


def test_a_memory_bomb_is_stopped_at_its_limit(pool: ParserPool) -> None:
    extraction = pool.extract("bomb")
    assert extraction.reason is PdfReason.OUT_OF_MEMORY
    assert extraction.detail is not None and "256 MB" in extraction.detail
    assert pool.extract("next").pages == 7


@pytest.mark.parametrize(("file", "how"), [("segfault", "SIGSEGV"), ("killed", "SIGKILL"), ("leave", "code 3")])
def test_a_crash_costs_its_file_and_tells_how(pool: ParserPool, file: str, how: str) -> None:
    extraction = pool.extract(file)
    assert extraction.reason is PdfReason.CRASHED
    assert extraction.detail is not None and how in extraction.detail
    assert pool.extract("next").pages == 7


def test_a_child_killed_from_outside_once_does_not_cost_the_file(pool: ParserPool, tmp_path: Path) -> None:
    assert pool.extract(tmp_path / "die-once").pages == 3


def test_an_unexpected_error_is_recorded_and_the_child_goes_on(pool: ParserPool) -> None:
    before = pool.extract("who").pages
    extraction = pool.extract("raise")
    assert extraction.reason is PdfReason.DAMAGED
    assert extraction.detail == "ZeroDivisionError: a page without a width"
    assert pool.extract("who").pages == before


def test_noise_of_a_library_reaches_neither_screen_nor_answer(
    pool: ParserPool, capfd: pytest.CaptureFixture[str]
) -> None:
    assert pool.extract("print").pages == 1
    assert capfd.readouterr() == ("", "")


def test_a_child_loads_no_command_line_and_ignores_ctrl_c(pool: ParserPool) -> None:
    assert pool.extract("who").detail == "|True"


def test_a_child_survives_signals_meant_for_the_group(pool: ParserPool) -> None:
    child = pool.extract("who").pages
    os.kill(child, signal.SIGINT)
    os.kill(child, signal.SIGTERM)
    assert pool.extract("who").pages == child


def test_many_threads_share_few_children() -> None:
    with ParserPool(PATIENT, 2, task=TASK) as pool, ThreadPoolExecutor(8) as threads:
        pids = {extraction.pages for extraction in threads.map(pool.extract, ["who"] * 40)}
        assert 1 <= len(pids) <= 2
        assert sorted(pool.processes()) == sorted(pids)
    for pid in pids:
        assert_ends(pid)


def test_a_bad_file_does_not_hold_up_the_other_children(tmp_path: Path) -> None:
    with ParserPool(PATIENT, 2, task=TASK) as pool, ThreadPoolExecutor(1) as threads:
        hanging_call = threads.submit(pool.extract, tmp_path / "hang")
        wait_for(tmp_path / "hang.pid")
        assert pool.extract("next").pages == 7
        pool.interrupt()
        with pytest.raises(Stopping):
            hanging_call.result(timeout=10)


def test_a_child_is_replaced_after_many_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dl_lit.extraction.executor._FILES_PER_CHILD", 3)
    with ParserPool(PATIENT, 1, task=TASK) as pool:
        pids = [pool.extract("who").pages for _ in range(6)]
    assert pids == [pids[0]] * 3 + [pids[3]] * 3 and pids[0] != pids[3]


def test_a_child_that_grew_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dl_lit.extraction.executor._RESIDENT_LIMIT", 1 << 20)
    with ParserPool(PATIENT, 1, task=TASK) as pool:
        assert len({pool.extract("who").pages for _ in range(2)}) == 2


def test_children_of_a_large_parent_are_not_taken_for_large_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dl_lit.extraction.executor._RESIDENT_LIMIT", 100 << 20)
    ballast = bytearray(b"x") * (120 << 20)
    with ParserPool(PATIENT, 1, task=TASK) as pool:
        assert len({pool.extract("who").pages for _ in range(3)}) == 1
    assert ballast


def test_interrupt_ends_waiting_and_later_calls_at_once(tmp_path: Path) -> None:
    with ParserPool(PATIENT, 1, task=TASK) as pool, ThreadPoolExecutor(3) as threads:
        calls = [threads.submit(pool.extract, tmp_path / "hang") for _ in range(3)]
        pid = wait_for(tmp_path / "hang.pid")
        begun = time.monotonic()
        pool.interrupt()
        for call in calls:
            with pytest.raises(Stopping):
                call.result(timeout=10)
        assert time.monotonic() - begun < 5
        assert_ends(pid)
        with pytest.raises(Stopping):
            pool.extract("next")


def test_interrupt_lets_idle_children_go_and_may_come_twice() -> None:
    pool = ParserPool(PATIENT, 1, task=TASK)
    child = pool.extract("who").pages
    pool.interrupt()
    pool.interrupt()
    pool.close()
    assert_ends(child)


def test_close_ends_a_file_under_way(tmp_path: Path) -> None:
    pool = ParserPool(PATIENT, 1, task=TASK)
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(pool.extract, tmp_path / "hang")
        wait_for(tmp_path / "hang.pid")
        pool.close()
        with pytest.raises(Stopping):
            call.result(timeout=10)


def test_a_child_that_never_starts_is_reported_not_awaited_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dl_lit.extraction.executor._START_SECONDS", 0.0)
    with ParserPool(PATIENT, 1, task=TASK) as pool:
        extraction = pool.extract("next")
    assert extraction.reason is PdfReason.CRASHED
    assert extraction.detail is not None and "did not start" in extraction.detail


def test_a_task_that_cannot_be_loaded_is_reported() -> None:
    with ParserPool(PATIENT, 1, task="no_such_module:nothing") as pool:
        extraction = pool.extract("next")
    assert extraction.reason is PdfReason.CRASHED
    assert extraction.detail is not None and "code 1" in extraction.detail


@pytest.mark.parametrize("file", ["hang", "idle"])
def test_children_end_when_their_parent_is_killed(tmp_path: Path, file: str) -> None:
    """The parent is killed with -9, in the middle of a file or between files."""
    program = f"""
import sys, time
from pathlib import Path
from dl_lit.config import ExtractionSettings
from dl_lit.extraction.executor import ParserPool
pool = ParserPool(ExtractionSettings(), 1, task="child_tasks:obey")
child = pool.extract("who").pages
Path(sys.argv[1], "idle.pid").write_text(str(child))
pool.extract(Path(sys.argv[1], "{file}")) if "{file}" == "hang" else time.sleep(600)
"""
    parent = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], env=_environment())
    try:
        child = wait_for(tmp_path / f"{file}.pid")
    finally:
        parent.kill()
        parent.wait(10)
    assert_ends(child)


def test_a_child_that_cannot_be_interrupted_ends_itself_when_orphaned(tmp_path: Path) -> None:
    """Even a library that hangs without letting Python run is ended, by the kernel's alarm."""
    program = """
import sys
from pathlib import Path
from dl_lit.config import ExtractionSettings
from dl_lit.extraction.executor import ParserPool
pool = ParserPool(ExtractionSettings(time_limit_seconds=0.5), 1, task="child_tasks:obey")
pool.extract(Path(sys.argv[1], "spin"))
"""
    parent = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], env=_environment())
    try:
        spinning = wait_for(tmp_path / "spin.pid")
    finally:
        parent.kill()
        parent.wait(10)
    assert_ends(spinning)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])}


def test_interrupt_from_another_thread_wakes_a_thread_that_waits_for_a_child(tmp_path: Path) -> None:
    pool = ParserPool(PATIENT, 1, task=TASK)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(pool.extract, tmp_path / "hang")
        wait_for(tmp_path / "hang.pid")
        second = threads.submit(pool.extract, "next")
        timer = threading.Timer(0.1, pool.interrupt)
        timer.start()
        for call in (first, second):
            with pytest.raises(Stopping):
                call.result(timeout=10)
        timer.join()
    pool.close()
