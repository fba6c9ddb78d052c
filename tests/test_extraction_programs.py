"""Other programs cost no more than their file may cost, and leave nothing behind."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from dl_lit.config import ExtractionSettings
from dl_lit.errors import Stopping
from dl_lit.extraction.executor import ParserPool
from dl_lit.extraction.programs import ProgramFailed, ProgramTookTooLong, output_of
from dl_lit.model import PdfReason
from stand_in_programs import HANGS, put_first

LEAVES_ITS_NUMBER = 'echo $$ > "{}"; '


def wait_for(path: Path) -> int:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if path.exists() and (text := path.read_text().strip()):
            return int(text)
        time.sleep(0.01)
    raise AssertionError(f"{path} was not written")


def assert_gone(pid: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.02)
    raise AssertionError(f"program {pid} is still there")


def test_what_is_given_comes_back_through_a_program() -> None:
    assert output_of(["cat"], seconds=20, given=b"x" * 300_000) == b"x" * 300_000


def test_a_program_that_is_not_there_or_fails_says_so() -> None:
    with pytest.raises(ProgramFailed, match="no-such-program does not start"):
        output_of(["no-such-program"], seconds=20)
    with pytest.raises(ProgramFailed, match="code 3: out of ink") as caught:
        output_of(["sh", "-c", "echo out of ink >&2; exit 3"], seconds=20)
    assert caught.value.code == 3
    with pytest.raises(ProgramFailed, match=r"signal 9$"):
        output_of(["sh", "-c", "kill -9 $$"], seconds=20)


def test_a_program_that_does_not_take_what_it_is_given_is_no_error() -> None:
    assert output_of(["true"], seconds=20, given=b"x" * 300_000) == b""


def test_a_program_that_hangs_is_ended_with_its_time(tmp_path: Path) -> None:
    number = tmp_path / "number"
    with pytest.raises(ProgramTookTooLong, match=r"sh took longer than 0\.5 s"):
        output_of(["sh", "-c", LEAVES_ITS_NUMBER.format(number) + HANGS], seconds=0.5)
    assert_gone(wait_for(number))
    with pytest.raises(ProgramTookTooLong, match="no time was left"):
        output_of(["cat"], seconds=0.0)


def test_a_program_does_not_outlive_the_child_that_is_killed_at_its_time_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A program in a pipe of a shell, so that it is no child of the process that reads the file.
    number = tmp_path / "number"
    put_first(tmp_path / "bin", monkeypatch, pandoc=f"sh -c 'echo $$ > \"{number}\"; exec sleep 600' | cat")
    (tmp_path / "paper.md").write_text("# References\n")
    with ParserPool(ExtractionSettings(time_limit_seconds=2.0), 1) as pool:
        extraction = pool.extract(tmp_path / "paper.md")
        assert extraction.reason is PdfReason.TIMED_OUT
    assert_gone(wait_for(number))


def test_interrupting_ends_the_program_of_a_file_in_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = tmp_path / "number"
    put_first(tmp_path / "bin", monkeypatch, pandoc=LEAVES_ITS_NUMBER.format(number) + HANGS)
    (tmp_path / "paper.md").write_text("# References\n")
    with ParserPool(ExtractionSettings(), 1) as pool, ThreadPoolExecutor(1) as threads:
        future = threads.submit(pool.extract, tmp_path / "paper.md")
        program = wait_for(number)
        pool.interrupt()
        with pytest.raises(Stopping):
            future.result(20)
    assert_gone(program)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel knows no such limit")
def test_a_memory_limit_holds_for_programs_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script asks the shell for its limit of address space, and fails as pandoc does when it is short of it."""
    script = 'test "$(ulimit -v)" = unlimited && exit 9; echo "pandoc: Cannot allocate memory" >&2; exit 1'
    put_first(tmp_path / "bin", monkeypatch, pandoc=script)
    (tmp_path / "paper.md").write_text("# References\n")
    with ParserPool(ExtractionSettings(memory_limit_mb=128), 1) as pool:
        assert pool.extract(tmp_path / "paper.md").reason is PdfReason.OUT_OF_MEMORY
