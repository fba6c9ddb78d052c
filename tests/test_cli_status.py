"""`status`, followed while another process works on the library."""

from __future__ import annotations

import json
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from dl_lit.cli.main import run
from dl_lit.store.database import Database
from library import SmallLibrary

pytestmark = pytest.mark.usefixtures("away_from_home")


# A shell that starts these tests in the background lets its children ignore Ctrl-C, unless they ask for it.
HEEDING_CTRL_C = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from dl_lit.cli.main import main
main()
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    Database.open(tmp_path / "library" / "literature.db").close()
    return tmp_path / "library"


@contextmanager
def watching(*options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HEEDING_CTRL_C, "status", "--watch", "--interval", "0.2", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0, process.communicate()


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    assert select.select([process.stdout], [], [], 30)[0]
    return process.stdout.readline()


def test_a_watch_sees_what_comes_in_and_ends_well_when_interrupted(library: Path) -> None:
    with watching("--format", "json") as process:
        assert json.loads(line_of(process))["references"] == 0
        with closing(SmallLibrary(library / "literature.db")) as small:
            small.print_references("one", "two")
        while json.loads(line_of(process))["references"] != 2:
            pass


def test_a_watch_writes_tables_one_below_the_other_into_a_pipe(library: Path) -> None:
    with watching() as process:
        tables = 0
        while tables < 2:
            tables += line_of(process).startswith("Library")


def test_an_interval_without_a_watch_is_refused(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "--interval", "1"]) == 2
    assert "goes with --watch" in capsys.readouterr().err
