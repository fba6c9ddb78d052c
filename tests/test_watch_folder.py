"""`watch-folder-concurrent` as a process of its own: files come, go to their places, and no kill costs anything."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dl_lit.cli.main import run as run_command
from dl_lit.standin.server import StandIn
from small_world import EMAIL, printed, works, write_pdf

PATIENCE = 60.0  # seconds after which a test gives up
NAME = "watch-folder-concurrent"


class Watching:
    """Real watchers on one folder, one after the other."""

    def __init__(self, root: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.library, self.root = root / "in", root / "library", root
        self.folder.mkdir()
        (root / "empty.toml").touch()
        settings = {
            "CONFIG": str(root / "empty.toml"),
            "CATALOGUE__FETCHED": "false",
            "WATCH__STILL_SECONDS": "0.1",
            "WATCH__PATIENCE_SECONDS": "0.5",
            "PIPELINE__POLL_SECONDS": "0.1",
        }
        for name, value in settings.items():
            monkeypatch.setenv(f"DL_LIT_{name}", value)
        self._url = url
        self._started: list[subprocess.Popen[str]] = []

    def arguments(self, *options: str, form: Sequence[str] = (NAME, "--move-completed")) -> list[str]:
        here = [*form, str(self.folder), "--library", str(self.library), "--interval", "0.05"]
        return [*here, "--services-url", self._url, "--email", EMAIL, *options]

    def start(self, *options: str, form: Sequence[str] = (NAME, "--move-completed")) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "dl_lit", *self.arguments(*options, form=form)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._started.append(process)
        return process

    def end_all(self) -> None:
        for process in self._started:
            with process:  # closes its pipes and waits
                process.kill()

    def until(self, condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
        """Asks again and again, as nothing in this process can be woken by that one."""
        tick = threading.Event()
        for _ in range(int(PATIENCE / 0.05)):
            if condition():
                return
            assert process.poll() is None, process.communicate()
            tick.wait(0.05)
        raise AssertionError(f"nothing came of it: {self.files()} {self.rows('SELECT path, state FROM source_pdfs')}")

    def stop(self, process: subprocess.Popen[str]) -> tuple[int, str]:
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=PATIENCE)
        return process.returncode, told

    def files(self) -> list[str]:
        return sorted(str(one.relative_to(self.folder)) for one in self.folder.rglob("*.[pP][dD][fF]"))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        if not (self.library / "literature.db").exists():
            return []
        with closing(sqlite3.connect(self.library / "literature.db")) as database:
            is_made = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'watched_files'").fetchone()
            return database.execute(sql).fetchall() if is_made else []


@pytest.fixture
def watching(world: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watching]:
    watching = Watching(tmp_path, world.url, monkeypatch)
    yield watching
    watching.end_all()


def write(watching: Watching, number: int) -> Path:
    """A paper that cites two works; each shares one with the next. It comes in as a copy program lets it."""
    some = works(12)
    cited = [printed(some[number], doi=True), printed(some[number + 1], doi=False)]
    part = write_pdf(watching.root / f"{number}.part", f"Paper {number} about something", cited)
    return part.rename(watching.folder / f"paper {number}.pdf")


def test_pdfs_that_come_one_after_the_other_end_in_their_places_and_a_signal_ends_the_watch(
    watching: Watching,
) -> None:
    process = watching.start()
    write(watching, 0)
    watching.until(lambda: watching.files() == ["completed/paper 0.pdf"], process)
    assert not (watching.folder / "failed").exists(), "nothing has failed"
    (watching.folder / "page.PDF").write_bytes(b"<html>please log in</html>")
    write(watching, 1)
    done = ["completed/paper 0.pdf", "completed/paper 1.pdf", "failed/page.PDF"]
    watching.until(lambda: watching.files() == done, process)
    exit_code, told = watching.stop(process)
    assert (exit_code, "Traceback" in told) == (130, False)
    kept = watching.rows("SELECT path FROM source_pdfs")
    assert sorted(str(Path(path).relative_to(watching.folder)) for (path,) in kept) == done
    assert not (watching.folder / ".dl-lit-watch.lock").exists()


def test_the_sequential_form_watches_a_folder_too(watching: Watching) -> None:
    process = watching.start(form=["process-folder", "--watch"])
    ends = "SELECT count(*) FROM downloaded_references UNION ALL SELECT count(*) FROM failed_downloads"
    for works_cited in (2, 3):
        write(watching, works_cited - 2)
        watching.until(partial(lambda wanted: sum(n for (n,) in watching.rows(ends)) == wanted, works_cited), process)
    exit_code, told = watching.stop(process)
    assert (exit_code, "Traceback" in told) == (130, False)
    assert watching.files() == ["paper 0.pdf", "paper 1.pdf"]
    assert watching.rows("SELECT command, exit_code FROM pipeline_runs") == [("process-folder", 130)]


@pytest.mark.parametrize(
    ("options", "cure"),
    [
        (["in", "--interval", "3"], "nothing is watched without --watch"),
        (["in", "in", "--watch"], "takes one folder"),
        (["in", "--watch", "--dry-run"], "--dry-run is of a run that ends"),
        (["in", "--watch", "--max-entries", "3"], "--max-entries is of a run that ends"),
    ],
)
def test_the_sequential_form_refuses_what_makes_no_sense_with_a_watch(
    away_from_home: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], cure: str
) -> None:
    (tmp_path / "in").mkdir()
    assert run_command(["process-folder", *options]) == 2
    assert cure in capsys.readouterr().err
    assert not (tmp_path / "library").exists()


def test_a_watcher_that_is_killed_again_and_again_loses_nothing_and_moves_nothing_twice(watching: Watching) -> None:
    for number in range(8):
        write(watching, number)
    moments = (
        lambda: bool(watching.rows("SELECT 1 FROM source_pdfs")),
        lambda: bool(watching.rows("SELECT 1 FROM citations")),
        lambda: any(name.startswith("completed/") for name in watching.files()),
        lambda: sum(name.startswith("completed/") for name in watching.files()) >= 4,
    )
    for moment in moments:
        process = watching.start()
        watching.until(moment, process)
        process.kill()
        process.communicate(timeout=PATIENCE)
    process = watching.start()
    done = [f"completed/paper {number}.pdf" for number in range(8)]
    watching.until(lambda: watching.files() == done, process)
    assert watching.stop(process)[0] == 130
    assert watching.rows("SELECT count(*), count(DISTINCT sha256) FROM source_pdfs WHERE state = 'done'") == [(8, 8)]
    assert watching.rows("SELECT count(*) FROM citations") == [(16,)]
    assert watching.rows("SELECT count(*) FROM watched_files") == [(0,)]
    assert {Path(path).parent.name for (path,) in watching.rows("SELECT path FROM source_pdfs")} == {"completed"}
    open_rows = "SELECT (SELECT count(*) FROM no_metadata) + (SELECT count(*) FROM to_download_references)"
    assert watching.rows(open_rows) == [(0,)]


def test_a_pdf_stays_while_a_service_is_silent_and_goes_when_it_answers(
    watching: Watching, world: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.faults.set("crossref", "down")
    write(watching, 0)
    process = watching.start()
    waits = "SELECT 1 FROM no_metadata WHERE next_attempt_at IS NOT NULL"
    watching.until(lambda: bool(watching.rows(waits)), process)
    exit_code, told = watching.stop(process)
    assert (exit_code, watching.files()) == (130, ["paper 0.pdf"])
    assert "1 PDF stays in" in told
    world.faults.clear()
    process = watching.start()
    watching.until(lambda: watching.files() == ["completed/paper 0.pdf"], process)
    assert watching.stop(process)[0] == 130


def test_the_second_watcher_of_a_folder_is_refused_by_name(
    watching: Watching, capsys: pytest.CaptureFixture[str]
) -> None:
    process = watching.start()
    watching.until(lambda: bool(watching.rows("SELECT 1 FROM pipeline_runs")), process)
    assert run_command([NAME, str(watching.folder), "--library", str(watching.root / "other")]) == 2
    assert f"process {process.pid}" in capsys.readouterr().err
    assert not (watching.root / "other").exists()
    watching.stop(process)


@pytest.mark.parametrize(
    ("options", "cure"),
    [
        (["--completed-dir", "done"], "without --move-completed"),
        (["--move-completed", "--failed-dir", "in"], "to itself"),
        (["--move-completed", "--failed-dir", "in/a.txt/failed"], "cannot be made"),
        (["--move-completed", "--completed-dir", "library/pdfs"], "belongs to the library"),
        (["--no-enrich", "--max-entries", "3"], "No such option"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    away_from_home: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], cure: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").touch()
    assert run_command([NAME, "in", *options]) == 2
    assert cure in capsys.readouterr().err
    assert not (tmp_path / "library").exists()


@pytest.mark.parametrize(
    ("folder", "cure"), [("nowhere", "nothing at"), ("a.pdf", "is a file"), ("library", "belongs")]
)
def test_what_is_no_folder_to_watch_is_refused(
    away_from_home: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], folder: str, cure: str
) -> None:
    (tmp_path / "a.pdf").touch()
    (tmp_path / "library").mkdir()
    assert run_command([NAME, folder]) == 2
    assert cure in capsys.readouterr().err
