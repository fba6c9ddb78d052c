"""Whole runs whose PDFs are read on a Dask cluster: the same rows as without, whatever happens to a worker."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dl_lit.cli.main import run
from dl_lit.standin.dask_processes import DaskProcesses
from pdf_pages import AUTHOR_YEAR, article, hanging

pytest.importorskip("distributed", reason="the extra dask is not installed: no cluster is tested")
pytestmark = pytest.mark.usefixtures("away_from_home")

PDFS = 24
LIMIT = 60.0  # seconds


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskProcesses]:
    with DaskProcesses(tmp_path_factory.mktemp("dask"), workers=2) as dask:
        yield dask


@pytest.fixture
def pdfs(tmp_path: Path) -> Path:
    (folder := tmp_path / "pdfs").mkdir()
    for number in range(PDFS):
        entries = AUTHOR_YEAR[number % 3 :]
        hanging(article(paragraphs=6 + number), entries).save(folder / f"{number}.pdf")
    return folder


def process(pdfs: Path, library: str, *options: str) -> int:
    return run(["process-folder-concurrent", str(pdfs), "--library", library, "--no-enrich", "--no-cache", *options])


def rows(library: str, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{library}/literature.db?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


PRINTED = (
    "SELECT p.path, p.state, p.reason, p.pages, p.title, c.position, c.page, c.label, c.raw, c.fields"
    " FROM source_pdfs p LEFT JOIN citations c ON c.source_pdf_id = p.id ORDER BY p.path, c.position"
)
DONE = "SELECT count(*) FROM source_pdfs WHERE state = 'done'"


def test_a_run_with_a_killed_worker_ends_with_the_rows_of_a_local_run(dask: DaskProcesses, pdfs: Path) -> None:
    assert process(pdfs, "here") == 0
    (victim, *_) = dask.workers
    killer = threading.Thread(target=_kill_when_one_is_done, args=(dask, victim))
    killer.start()
    assert process(pdfs, "there", "--extract-on", dask.address, "--checkpoint-interval", "1") == 0
    killer.join(LIMIT)
    assert victim not in dask.workers
    assert rows("there", PRINTED) == rows("here", PRINTED)
    assert rows("there", DONE) == [(PDFS,)]


def _kill_when_one_is_done(dask: DaskProcesses, victim: int) -> None:
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        try:
            if rows("there", DONE)[0][0]:
                break
        except sqlite3.OperationalError:
            pass  # not there yet
        time.sleep(0.01)
    dask.kill_worker(victim)


def test_the_doctor_reads_a_sample_on_the_cluster(
    dask: DaskProcesses, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DL_LIT_EXTRACTION__CLUSTER", dask.address)
    assert run(["doctor", "--format", "json"]) == 0
    (found,) = _dask_lines(capsys)
    assert dask.address in found["finding"] and "references of a sample" in found["finding"]
    assert "not encrypted" in found["finding"]


def test_the_doctor_says_that_no_scheduler_is_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DL_LIT_EXTRACTION__CLUSTER", "tcp://127.0.0.1:9")
    assert run(["doctor", "--format", "json"]) == 1
    (found,) = _dask_lines(capsys)
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in found["finding"]


def _dask_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [line for line in json.loads(capsys.readouterr().out) if line["name"] == "dask"]


def test_no_scheduler_ends_the_run_before_a_database_is_made(pdfs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert process(pdfs, "there", "--extract-on", "tcp://127.0.0.1:9") == 2
    assert "leave out --extract-on" in capsys.readouterr().err
    assert not Path("there/literature.db").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--extract-on", "scheduler:8786"], "tcp://host:port"),
        (["--extract-on", "tcp://127.0.0.1:9", "--extraction-workers", "2"], "--extraction-workers would do nothing"),
    ],
)
def test_an_address_that_is_none_and_workers_that_are_not_used_are_refused(
    pdfs: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert process(pdfs, "there", *options) == 2
    assert said in capsys.readouterr().err


def test_dask_is_not_loaded_unless_a_cluster_is_used() -> None:
    code = (
        "import sys, dl_lit.cli.main, dl_lit.cli.process_folder_concurrent, dl_lit.cli.doctor;"
        "sys.exit(bool({'dask', 'distributed'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], env={**os.environ}, timeout=LIMIT).returncode == 0


@pytest.mark.parametrize("command", ["process-pdf-concurrent", "process-pdf", "process-folder"])
def test_the_other_forms_of_a_run_read_on_the_cluster_too(
    command: str, dask: DaskProcesses, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    hanging(article(paragraphs=6), AUTHOR_YEAR).save(tmp_path / "in" / "0.pdf")
    named = ["in" if command == "process-folder" else "in/0.pdf", "--no-enrich", "--no-cache"]
    assert run([command, *named, "--library", "there", "--extract-on", "tcp://127.0.0.1:9"]) == 2
    assert "leave out --extract-on" in capsys.readouterr().err
    assert run([command, *named, "--library", "there", "--extract-on", dask.address]) == 0
    assert rows("there", DONE) == [(1,)]
    assert len(rows("there", PRINTED)) == len(AUTHOR_YEAR)


def test_a_watch_reads_on_the_cluster_too(dask: DaskProcesses, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    hanging(article(paragraphs=6), AUTHOR_YEAR).save(tmp_path / "inbox" / "0.pdf")
    command = [sys.executable, "-m", "dl_lit", "watch-folder-concurrent", "inbox", "--interval", "0.05"]
    command += ["--library", "there", "--no-enrich", "--no-cache", "--move-completed", "--extract-on", dask.address]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            _wait_for(tmp_path / "inbox" / "completed" / "0.pdf", process)
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=LIMIT)
        finally:
            process.kill()
    assert process.returncode == 130
    assert len(rows("there", PRINTED)) == len(AUTHOR_YEAR)


def _wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + LIMIT
    while not path.exists():
        assert process.poll() is None and time.monotonic() < deadline, process.communicate()
        time.sleep(0.05)
