"""Every option of the commands that run the pipeline, all at once; and the older `--db-path` with those that look."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from dl_lit.cli.main import run
from dl_lit.standin.server import StandIn
from small_world import EMAIL, printed, works, write_pdf

pytestmark = pytest.mark.usefixtures("away_from_home")

SIZES = {
    "--extraction-workers": 1,
    "--enrichment-workers": 3,
    "--download-workers": 2,
    "--queue-size": 30,
    "--backpressure-threshold": 0.7,
    "--worker-timeout": 90,
    "--checkpoint-interval": 4,
}
RECORDED = {
    "extraction_workers": 1,
    "enrichment_workers": 3,
    "download_workers": 2,
    "queue_size": 30,
    "backpressure_threshold": 0.7,
    "worker_timeout_seconds": 90,
    "checkpoint_interval": 4,
    "enable_backpressure": False,
}
REST = [
    "--library",
    "lib",
    "--db-path",
    "other/works.db",
    "--config",
    "own.toml",
    "--log-format",
    "json",
    "--no-panel",
    "--metrics-port",
    "0",
    "--metrics-host",
    "127.0.0.1",
    "--catalogue",
    "own.catalogue",
    "--no-cache",
    "--expand-references",
    "1",
    "--expand-citations",
    "1",
    "--most-related",
    "2",
    "--most-expanded",
    "3",
    "--min-citations",
    "1",
    "--from-year",
    "1900",
    "--to-year",
    "2100",
    "--type",
    "journal-article",
    "--language",
    "en",
    "--open-only",
    "--rank-by",
    "learning",
    "--extractor",
    "builtin",
]
FORMS = {
    "process-folder-concurrent": ["pdfs", "--concurrent", "--limit", "5", "--max-entries", "50"],
    "process-pdf-concurrent": ["pdfs/a.pdf", "--concurrent", "--limit", "5", "--max-entries", "50"],
    "process-folder": ["pdfs", "--limit", "5", "--max-entries", "50"],
    "process-pdf": ["pdfs/a.pdf", "--limit", "5", "--max-entries", "50"],
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a PDF, a catalogue and a settings file."""
    (tmp_path / "pdfs").mkdir()
    cited = works(3)
    write_pdf(tmp_path / "pdfs" / "a.pdf", "A paper about all options", [printed(one, doi=True) for one in cited])
    Path("own.toml").write_text("[pipeline]\npoll_seconds = 0.1\npatience_seconds = 0.0\n", "utf-8")
    record = {"title": "Something else", "type": "article-journal", "DOI": "10.1000/else", "id": "x"}
    Path("own.json").write_text(json.dumps([record]), "utf-8")
    assert run(["catalogue", "build", "own.json", "--output", "own.catalogue"]) == 0
    return tmp_path


def options(world: StandIn, *, is_sequential: bool) -> list[str]:
    sizes = [] if is_sequential else [str(word) for pair in SIZES.items() for word in pair] + ["--no-backpressure"]
    return [*sizes, *REST, "--email", EMAIL, "--services-url", world.url]


def last_run() -> dict[str, Any]:
    with closing(sqlite3.connect("other/works.db")) as database:
        [(told,)] = database.execute("SELECT options FROM pipeline_runs ORDER BY id DESC LIMIT 1")
    recorded: dict[str, Any] = json.loads(told)
    return recorded


@pytest.mark.parametrize("name", FORMS)
def test_all_options_of_a_run_go_together(
    name: str, place: Path, world: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    is_sequential = not name.endswith("-concurrent")
    assert run([name, *FORMS[name], *options(world, is_sequential=is_sequential)]) in (0, 3)
    told = last_run()
    assert told["expansion"] == {"references": 1, "citations": 1, "most_related": 2, "most_expanded": 3}
    assert told["pipeline"]["poll_seconds"] == 0.1, "of the settings file"
    if not is_sequential:
        assert RECORDED.items() <= told["pipeline"].items()
    assert told["pipeline"]["sequential"] is is_sequential
    out = capsys.readouterr()
    assert json.loads(out.out)["event"] == "summary" and "Metrics for Prometheus: http://127.0.0.1:" in out.err
    assert Path("lib/logs/dl-lit.jsonl").exists() and not Path("lib/literature.db").exists()


def test_all_options_of_a_watch_go_together(place: Path, world: StandIn) -> None:
    command = [sys.executable, "-m", "dl_lit", "watch-folder-concurrent", "pdfs", "--recursive", "--interval", "0.05"]
    command += ["--move-completed", "--completed-dir", "done", "--failed-dir", "bad"]
    command += options(world, is_sequential=False)
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            wait_for(Path("done/a.pdf"), process)
            process.send_signal(signal.SIGTERM)
            out, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130 and json.loads(out)["event"] == "summary"
    assert RECORDED.items() <= last_run()["pipeline"].items()


def test_a_watch_without_downloads_leaves_its_works_waiting(place: Path, world: StandIn) -> None:
    command = [sys.executable, "-m", "dl_lit", "watch-folder-concurrent", "pdfs", "--interval", "0.05", "--no-cache"]
    command += ["--no-download", "--config", "own.toml", "--email", EMAIL, "--services-url", world.url]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            tick = threading.Event()
            while process.poll() is None and waiting_and_tried() != (3, 0):
                tick.wait(0.1)
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130, out + err
    assert waiting_and_tried() == (3, 0)


def waiting_and_tried() -> tuple[int, int]:
    """Works whose copy is not looked for yet, and attempts to get one."""
    if not Path("library/literature.db").exists():
        return 0, 0
    with closing(sqlite3.connect("file:library/literature.db?mode=ro", uri=True)) as database:
        try:
            [(waiting,)] = database.execute("SELECT count(*) FROM to_download_references")
            [(tried,)] = database.execute("SELECT count(*) FROM download_attempts")
        except sqlite3.OperationalError:  # being made
            return 0, 0
    return waiting, tried


def wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    tick = threading.Event()
    for _ in range(1200):
        if path.exists():
            return
        assert process.poll() is None, process.communicate()
        tick.wait(0.05)
    raise AssertionError(f"{path} never came")


@pytest.mark.parametrize("way", ["--concurrent", "--sequential"])
def test_the_demo_stops_before_the_services_when_told_to(way: str, tmp_path: Path) -> None:
    sizes = ["--backpressure"] if way == "--concurrent" else []
    command = ["demo", "--folder", "here", "--seed", "3", way, *sizes, "--no-enrich", "--no-cache", "--no-panel"]
    assert run(command) == 0
    with closing(sqlite3.connect("here/library/literature.db")) as database:
        [(number,)] = database.execute("SELECT count(*) FROM no_metadata")
    assert number > 100


LOOKS: Sequence[tuple[str, ...]] = (
    ("runs",),
    ("inspect-tables",),
    ("show-sample",),
    ("status",),
    ("failures",),
    ("merge-log",),
    ("review", "--list"),
    ("library", "check"),
    ("clear-downloaded", "--all", "--yes"),
    ("import-pdfs", "pdfs", "--copy"),
    ("import", "own.json", "--copy"),
    ("export", "--output", "works.bib"),
    ("report", "--output", "report.html"),
    ("cache", "info"),
    ("doctor",),
    ("init-db",),
)


@pytest.mark.parametrize("command", LOOKS, ids=lambda command: command[0])
def test_a_database_outside_the_librarys_folder_is_found_by_name(
    command: tuple[str, ...], place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = ["--library", "lib", "--db-path", "other/works.db"]
    assert run(["init-db", *here]) == 0
    assert run([*command, *here]) == 0
    assert Path("other/works.db").exists() and not Path("lib/literature.db").exists()
    assert not Path("library").exists()


def test_a_stand_in_takes_all_its_options_and_ends_with_its_input() -> None:
    options = ["--port", "0", "--seed", "2", "--realistic", "--host-latency", "0", "0.01", "--plain-hosts"]
    options += ["--service-latency", "0", "0.01", "--fault", "crossref=unavailable", "--log", "log.jsonl"]
    command = [sys.executable, "-m", "dl_lit", "standin", *options, "--until-eof"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            [address] = re.findall(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            answer = requests.get(f"{address}/crossref/works/10.1000/x", timeout=30)
            process.communicate("", timeout=60)
        finally:
            process.kill()
    assert answer.status_code == 503 and process.returncode == 0
    assert "crossref" in Path("log.jsonl").read_text("utf-8")
