"""What the checks and benchmarks share: a stand-in in a process of its own, runs of dl-lit, and how a library ended."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from dl_lit.library import DATABASE_NAME
from dl_lit.standin.process import standin_process

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
# A made-up reader: these programs talk to stand-ins on this machine only.
EMAIL = "reader@bench.invalid"
FINAL_TABLES = (
    "needs_review",
    "failed_enrichments",
    "downloaded_references",
    "failed_downloads",
    "duplicate_references",
)
OPEN_TABLES = ("no_metadata", "with_metadata", "to_download_references")
WORK_FIELDS = ("title", "authors", "year", "container", "volume", "issue", "pages", "doi", "openalex_id", "arxiv")


def standin(log: Path, *options: str) -> AbstractContextManager[str]:
    """A stand-in in its own process that logs to `log`; gives its address."""
    return standin_process("--log", str(log), *options)


def run_command(pdfs: Sequence[Path], library: Path, url: str, *options: str) -> list[str]:
    """The command line of a run against a stand-in."""
    command = [sys.executable, "-m", "dl_lit", "process-folder-concurrent", *map(str, pdfs)]
    return [
        *command,
        "--library",
        str(library),
        "--services-url",
        url,
        "--email",
        EMAIL,
        "--log-format",
        "json",
        *options,
    ]


def environment(**settings: str) -> dict[str, str]:
    """Without the settings of whoever starts the benchmark; `settings` are names and values of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DL_LIT_")}
    # Nor with results of earlier runs: what is measured is the work.
    none = {"DL_LIT_EXTRACTION__CACHE": "false", "DL_LIT_CATALOGUE__FETCHED": "false"}
    return {**kept, "DL_LIT_CONFIG": str(ROOT / "scripts" / "no_settings.toml"), **none, **settings}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one run ended: seconds, peak memory of all its processes together in bytes, and its own summary."""

    exit_code: int
    seconds: float
    peak_bytes: int
    peak_processes: int
    summary: dict[str, Any]


def run(
    pdfs: Sequence[Path],
    library: Path,
    url: str,
    *options: str,
    timeout: float = 5400,
    settings: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> Outcome:
    """One run from start to end, its memory watched."""
    started = time.monotonic()
    command = run_command(pdfs, library, url, *options)
    library.mkdir(parents=True, exist_ok=True)
    with (library / "stderr.txt").open("wb") as err:
        env = environment(**settings or {})
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=err, text=True, env=env, cwd=cwd)
        watch = MemoryWatch(process.pid)
        out, _ = process.communicate(timeout=timeout)
    watch.stop()
    seconds = time.monotonic() - started
    lines = out.strip().splitlines()
    summary = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    return Outcome(process.returncode, seconds, watch.peak, watch.processes, summary)


class MemoryWatch:
    """Samples the resident memory of a process and all its children, ten times a second."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self.processes = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(psutil.Process(pid),))
        self._thread.start()

    def _watch(self, process: psutil.Process) -> None:
        while not self._over.wait(0.1):
            try:
                family = [process, *process.children(recursive=True)]
                self.peak = max(self.peak, sum(_resident(one) for one in family))
                self.processes = max(self.processes, len(family))
            except psutil.NoSuchProcess:
                return

    def stop(self) -> None:
        self._over.set()
        self._thread.join()


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return 0


def reading(library: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(f"file:{library / DATABASE_NAME}?mode=ro", uri=True))


def rows(library: Path, sql: str) -> list[tuple[Any, ...]]:
    with reading(library) as database:
        return database.execute(sql).fetchall()


def final_rows(library: Path) -> list[tuple[Any, ...]]:
    """Where every printed reference of a library ended, independent of row ids and of the order of events.

    One row a citation: the PDF's hash, position, printed string, the table its reference is in, the work's fields,
    the reason and the kept file's hash. Twins count as the reference that they were merged into. And one row for each
    citation between two works that a service told.
    """
    with reading(library) as database:
        ends = {}
        for table in (*FINAL_TABLES, *OPEN_TABLES):
            columns = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
            wanted = [name if name in columns else "NULL" for name in (*WORK_FIELDS, "reason", "file_sha256")]
            for row in database.execute(f"SELECT id, {', '.join(wanted)} FROM {table}"):
                ends[row[0]] = (table, *row[1:])
        pdfs = database.execute("SELECT coalesce(sha256, path), state, reason, doi, title FROM source_pdfs").fetchall()
        cited = database.execute(
            "SELECT p.sha256, c.position, c.raw, c.reference_id"
            " FROM citations c JOIN source_pdfs p ON p.id = c.source_pdf_id"
        ).fetchall()
        edges = database.execute("SELECT citing_id, cited_id, source FROM citation_edges").fetchall()
    found = [(sha, position, raw, *ends[reference]) for sha, position, raw, reference in cited]
    found += [("edge", *ends[citing], *ends[cited], source) for citing, cited, source in edges]
    return sorted([*found, *pdfs], key=repr)


def open_rows(library: Path) -> int:
    """PDFs and references that are in no final state."""
    with reading(library) as database:
        unread = database.execute("SELECT count(*) FROM source_pdfs WHERE state = 'waiting'").fetchone()[0]
        counts = (database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in OPEN_TABLES)
        return int(unread + sum(counts))


def difference(one: list[tuple[Any, ...]], other: list[tuple[Any, ...]], most: int = 10) -> list[str]:
    """The first rows that only one of two libraries has, or has more often."""
    left, right = Counter(one), Counter(other)
    lines = [f"- {row}" for row in sorted((left - right).elements(), key=repr)[:most]]
    return lines + [f"+ {row}" for row in sorted((right - left).elements(), key=repr)[:most]]


def skip(what: str) -> None:
    """Says loudly that a check did not run, and why."""
    print(f"SKIPPED: {what} is not here ({SHARED}); this check needs the shared gold data.", file=sys.stderr)
