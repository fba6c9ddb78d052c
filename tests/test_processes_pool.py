"""What one bad task may cost when tasks are done in child processes: itself, and nothing else."""

from __future__ import annotations

import os
import resource
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

from child_tasks import DONE, NotToBeUnpacked
from dl_lit.errors import ChildrenDoNotStart, Died, Failed, OutOfMemory, Stopping, TookTooLong
from dl_lit.processes import child
from dl_lit.processes.limits import Limits
from dl_lit.processes.pool import ChildPool

TASK = "child_tasks:obey"
LIMITS = Limits(seconds=1.0, memory_bytes=256 << 20)
PATIENT = Limits(seconds=60.0, memory_bytes=256 << 20)


@pytest.fixture
def pool() -> Iterator[ChildPool]:
    with ChildPool(TASK, LIMITS, 1) as pool:
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


def a_task(program: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a task whose module is that program."""
    (folder / "other_child_tasks.py").write_text(program)
    monkeypatch.syspath_prepend(folder)
    return "other_child_tasks:obey"


def test_the_task_gets_the_argument_and_the_limits() -> None:
    with ChildPool("child_tasks:answer", LIMITS, 1) as pool:
        assert pool.run((Path("some file.pdf"), 5)) == ((Path("some file.pdf"), 5), LIMITS)


def test_a_hanging_task_is_given_up_at_the_time_limit(pool: ChildPool, tmp_path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(TookTooLong, match="1 s"):
        pool.run(tmp_path / "hang")
    assert 1 <= time.monotonic() - begun < 10
    assert_ends(wait_for(tmp_path / "hang.pid"))
    assert pool.run("next") == DONE


@pytest.mark.parametrize(("file", "error"), [("program", TookTooLong), ("dying with a program", Died)])
def test_a_program_that_a_task_started_does_not_outlive_its_child(
    pool: ChildPool, tmp_path: Path, file: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        pool.run(tmp_path / file)
    assert_ends(wait_for(tmp_path / f"{file}.pid"))


def test_a_task_may_have_limits_of_its_own(pool: ChildPool, tmp_path: Path) -> None:
    with pytest.raises(TookTooLong, match=r"0\.2 s"):
        pool.run(tmp_path / "hang", Limits(seconds=0.2))


def test_a_memory_bomb_is_stopped_at_its_limit() -> None:
    with ChildPool(TASK, PATIENT, 1) as pool:
        before = pool.run("who")
        with pytest.raises(OutOfMemory, match="256 MB"):
            pool.run("bomb")
        assert pool.run("who") != before


def test_a_system_that_does_not_tell_sizes_leaves_memory_unlimited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dl_lit.processes.child._SIZES", tmp_path / "statm")
    before = resource.getrlimit(resource.RLIMIT_AS)
    child._limit_memory(1)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert child._resident() == 0


@pytest.mark.parametrize(
    ("file", "how"),
    [
        ("segfault", "ended by SIGSEGV"),
        ("killed", "ended by SIGKILL"),
        ("real-time signal", "ended by signal 40"),
        ("leave", "ended with code 3"),
    ],
)
def test_a_crash_costs_its_task_and_tells_how(pool: ChildPool, file: str, how: str) -> None:
    with pytest.raises(Died, match=how):
        pool.run(file)
    assert pool.run("next") == DONE


def test_a_child_killed_from_outside_once_does_not_cost_the_task(pool: ChildPool, tmp_path: Path) -> None:
    assert pool.run(tmp_path / "die-once") == "alive"


@pytest.mark.parametrize(
    ("argument", "error"),
    [
        ("raise", "^ZeroDivisionError: a page without a width$"),
        ("unpicklable", "cannot pickle"),
        (NotToBeUnpacked(), "^LookupError: this cannot be unpacked$"),
    ],
)
def test_an_unexpected_error_is_told_and_the_child_goes_on(pool: ChildPool, argument: object, error: str) -> None:
    before = pool.run("who")
    with pytest.raises(Failed, match=error):
        pool.run(argument)
    assert pool.run("who") == before


def test_an_argument_that_cannot_be_sent_is_the_callers_mistake(pool: ChildPool) -> None:
    with pytest.raises(TypeError, match="pickle"):
        pool.run(threading.Lock())
    assert pool.run("next") == DONE


def test_noise_of_a_library_reaches_neither_screen_nor_answer(
    pool: ChildPool, capfd: pytest.CaptureFixture[str]
) -> None:
    assert pool.run("print") == "quiet"
    assert capfd.readouterr() == ("", "")


def test_a_child_loads_little_and_ignores_ctrl_c(pool: ChildPool) -> None:
    assert pool.run("signals") == [True, True]
    with ChildPool("child_tasks:modules_with", LIMITS, 1) as other:
        loaded = other.run("dl_lit.processes.child")
    assert not loaded & {"click", "rich", "requests", "pydantic", "pymupdf", "dl_lit.config", "dl_lit.processes.pool"}


def test_a_child_survives_signals_meant_for_the_group(pool: ChildPool) -> None:
    pid = pool.run("who")
    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGTERM)
    assert pool.run("who") == pid


def test_many_threads_share_few_children() -> None:
    with ChildPool(TASK, PATIENT, 2) as pool, ThreadPoolExecutor(8) as threads:
        pids = set(threads.map(pool.run, ["who"] * 40))
        assert 1 <= len(pids) <= 2
        assert sorted(pool.processes()) == sorted(pids)
    for pid in pids:
        assert_ends(pid)


def test_idle_children_that_are_killed_from_outside_cost_no_task(tmp_path: Path) -> None:
    """As a system that is short of memory does, which may end all of them."""
    files = [tmp_path / name / "hold" for name in "abc"]
    with ChildPool(TASK, PATIENT, 3) as pool, ThreadPoolExecutor(3) as threads:
        for file in files:
            file.parent.mkdir()
        calls = [threads.submit(pool.run, file) for file in files]
        until = time.monotonic() + 30
        while len(list(tmp_path.glob("*/hold.held-by-*"))) < 3 and time.monotonic() < until:
            time.sleep(0.01)
        for file in files:
            file.with_name("hold.go").touch()
        assert [call.result(timeout=20) for call in calls] == [DONE] * 3
        pids = pool.processes()
        assert len(pids) == 3
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        for pid in pids:
            assert_ends(pid)
        assert pool.run("next") == DONE


def test_a_bad_task_does_not_hold_up_the_other_children(tmp_path: Path) -> None:
    with ChildPool(TASK, PATIENT, 2) as pool, ThreadPoolExecutor(1) as threads:
        hanging_call = threads.submit(pool.run, tmp_path / "hang")
        wait_for(tmp_path / "hang.pid")
        assert pool.run("next") == DONE
        pool.interrupt()
        with pytest.raises(Stopping):
            hanging_call.result(timeout=10)


def test_a_child_is_replaced_after_many_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dl_lit.processes.process._TASKS_PER_CHILD", 3)
    with ChildPool(TASK, PATIENT, 1) as pool:
        pids = [pool.run("who") for _ in range(6)]
    assert pids == [pids[0]] * 3 + [pids[3]] * 3 and pids[0] != pids[3]


def test_a_child_that_grew_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dl_lit.processes.process._RESIDENT_LIMIT", 1 << 20)
    with ChildPool(TASK, PATIENT, 1) as pool:
        assert len({pool.run("who") for _ in range(2)}) == 2


def test_children_of_a_large_parent_are_not_taken_for_large_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dl_lit.processes.process._RESIDENT_LIMIT", 100 << 20)
    ballast = bytearray(b"x") * (120 << 20)
    with ChildPool(TASK, PATIENT, 1) as pool:
        assert len({pool.run("who") for _ in range(3)}) == 1
    assert ballast


def test_interrupt_ends_waiting_and_later_calls_at_once(tmp_path: Path) -> None:
    with ChildPool(TASK, PATIENT, 1) as pool, ThreadPoolExecutor(3) as threads:
        calls = [threads.submit(pool.run, tmp_path / "hang") for _ in range(3)]
        pid = wait_for(tmp_path / "hang.pid")
        begun = time.monotonic()
        pool.interrupt()
        for call in calls:
            with pytest.raises(Stopping):
                call.result(timeout=10)
        assert time.monotonic() - begun < 5
        assert_ends(pid)
        with pytest.raises(Stopping):
            pool.run("next")


def test_interrupt_lets_idle_children_go_and_may_come_twice() -> None:
    pool = ChildPool(TASK, PATIENT, 1)
    pid = pool.run("who")
    pool.interrupt()
    pool.interrupt()
    pool.close()
    assert_ends(pid)


def test_close_ends_a_task_under_way(tmp_path: Path) -> None:
    pool = ChildPool(TASK, PATIENT, 1)
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(pool.run, tmp_path / "hang")
        wait_for(tmp_path / "hang.pid")
        pool.close()
        with pytest.raises(Stopping):
            call.result(timeout=10)


def test_a_child_that_is_not_ready_in_time_is_not_awaited_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dl_lit.processes.process._START_SECONDS", 0.0)
    with ChildPool(TASK, PATIENT, 1) as pool, pytest.raises(ChildrenDoNotStart, match="not ready within 0 s"):
        pool.run("next")


def test_children_that_cannot_start_stop_the_run_with_their_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = "print('the first of many lines\\n' + 'noise\\n' * 2000, file=sys.stderr)"
    error = "ImportError('libmupdf.so.26: cannot open shared object file')"
    with ChildPool(a_task(f"import sys; {noise}\nraise {error}", tmp_path, monkeypatch), PATIENT, 1) as pool:
        with pytest.raises(ChildrenDoNotStart) as caught:
            pool.run("next")
        assert pool.processes() == []
    message = caught.value.message
    assert "ended with code 1" in message
    assert "ImportError: libmupdf.so.26: cannot open shared object file" in message
    assert "the first of many lines" not in message
    assert "dl-lit doctor" in message and "installing dl-lit again" in message


def test_a_system_that_gives_no_process_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/no/such/python")
    with ChildPool(TASK, PATIENT, 1) as pool, pytest.raises(ChildrenDoNotStart, match="No such file"):
        pool.run("next")


def test_one_failed_start_proves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = f"""
from pathlib import Path
from child_tasks import obey
started = Path({str(tmp_path / "started")!r})
if not started.exists():
    started.touch()
    raise ImportError("not yet")
"""
    with ChildPool(a_task(once, tmp_path, monkeypatch), PATIENT, 1) as pool:
        assert pool.run("next") == DONE
        (tmp_path / "started").unlink()
        with pytest.raises(Died):
            pool.run("killed")  # ends its child, and the next one does not start at once
        assert pool.run("next") == DONE


def test_interrupt_does_not_take_a_child_that_is_starting_for_a_broken_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = tmp_path / "started"
    slow = f"import os, pathlib, time\npathlib.Path({str(started)!r}).write_text(str(os.getpid()))\ntime.sleep(600)"
    task = a_task(slow, tmp_path, monkeypatch)
    with ChildPool(task, PATIENT, 1) as pool, ThreadPoolExecutor(1) as threads:
        call = threads.submit(pool.run, "next")
        pid = wait_for(started)
        assert pool.processes() == [pid]
        pool.interrupt()
        with pytest.raises(Stopping):
            call.result(timeout=10)


@pytest.mark.parametrize("file", ["hang", "program", "idle"])
def test_children_end_when_their_parent_is_killed(tmp_path: Path, file: str) -> None:
    """The parent is killed with -9, in the middle of a file or between files."""
    program = f"""
import sys, time
from pathlib import Path
from dl_lit.processes.limits import Limits
from dl_lit.processes.pool import ChildPool
pool = ChildPool("child_tasks:obey", Limits(), 1)
child = pool.run("who")
Path(sys.argv[1], "idle.pid").write_text(str(child))
pool.run(Path(sys.argv[1], "{file}")) if "{file}" != "idle" else time.sleep(600)
"""
    parent = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], env=_environment())
    try:
        pid = wait_for(tmp_path / f"{file}.pid")
    finally:
        parent.kill()
        parent.wait(10)
    assert_ends(pid)


def test_a_child_that_cannot_be_interrupted_ends_itself_when_orphaned(tmp_path: Path) -> None:
    """Even a library that hangs without letting Python run is ended, by the kernel's alarm."""
    program = """
import sys
from pathlib import Path
from dl_lit.processes.limits import Limits
from dl_lit.processes.pool import ChildPool
pool = ChildPool("child_tasks:obey", Limits(seconds=0.5), 1)
pool.run(Path(sys.argv[1], "spin"))
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
    pool = ChildPool(TASK, PATIENT, 1)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(pool.run, tmp_path / "hang")
        wait_for(tmp_path / "hang.pid")
        second = threads.submit(pool.run, "next")
        timer = threading.Timer(0.1, pool.interrupt)
        timer.start()
        for call in (first, second):
            with pytest.raises(Stopping):
                call.result(timeout=10)
        timer.join()
    pool.close()
