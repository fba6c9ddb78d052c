"""Runs killed with -9 while bodies are under way: every file against its bytes, doubles, and what was gone on with."""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import psutil
from worldtools import ROOT, environment, rows, run, run_command

from dl_lit.model import CopyVersion
from dl_lit.standin.audit import audit, repeats
from dl_lit.standin.hosts import HOSTS, Quirk
from dl_lit.standin.log import read_log
from dl_lit.standin.server import StandIn
from dl_lit.standin.settings import StandInSettings
from download_bench.telling import Part, parts_below, table
from download_bench.worlds import Placed, arranged, digest, hosts_only, made_up, padded_copy, waiting_library

KILLS, QUICK_KILLS = 20, 4
WORKS, QUICK_WORKS = 160, 24
SIZE = 600_000
BODY_SECONDS = 3.0
KINDS = (Quirk.DIRECT, Quirk.SIGNPOSTING, Quirk.META_ABSOLUTE, Quirk.OJS, Quirk.CHAIN, Quirk.COOKIE, Quirk.WRONG_TYPE)
SEED = 0


def measured(folder: Path, quick: bool) -> Part:
    folder.mkdir(parents=True)
    hosts = [host for host in HOSTS if host.quirk in KINDS]
    placed = [
        Placed(made_up(number), (hosts[number % len(hosts)],)) for number in range(QUICK_WORKS if quick else WORKS)
    ]
    log, library = folder / "requests.jsonl", folder / "library"
    make, limits = padded_copy(SIZE), hosts_only(folder)
    settings = StandInSettings(log_path=log, body_seconds=BODY_SECONDS)
    with StandIn(settings, works=[one.work for one in placed], make_copy=make, arrange=arranged(placed)) as standin:
        paper = waiting_library(library, placed, standin)
        command = run_command(paper, library, standin.url, "--download-workers", "8")
        moments = _moments(QUICK_KILLS if quick else KILLS)
        times = [_killed(command, limits, moment) for moment in moments]
        last = run(paper, library, standin.url, "--download-workers", "8", settings=limits)
    wanted = {one.work.doi: digest(make(one.work, version=CopyVersion.PUBLISHED, seed=0)) for one in placed}
    found = Found(library, log, wanted, times)
    lines = [
        f"{len(placed)} works of {SIZE:,} bytes at {len(hosts)} hosts that take {BODY_SECONDS:g} s for each file;",
        f"killed (-9) {len(moments)} times after {min(moments):.1f} to {max(moments):.1f} s, then run to the end:",
        f"exit {last.exit_code}.",
        "",
        *table(("", ""), found.told()),
    ]
    faults = [*found.faults(), *([f"exit {last.exit_code}"] if last.exit_code else [])]
    return Part("Kills", tuple(lines), tuple(faults))


def _moments(kills: int) -> list[float]:
    """Seconds after the start; the program needs one or two before its first request."""
    dice = random.Random(SEED)
    return [dice.uniform(2.5, 7.0) for _ in range(kills)]


def _killed(command: Sequence[str], limits: Mapping[str, str], moment: float) -> float:
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(**limits), cwd=ROOT
    )
    time.sleep(moment)
    children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    killed_at = time.time()
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(children, timeout=5)
    if alive:
        raise SystemExit(f"FAILED: {len(alive)} child processes outlived their parent by 5 s")
    return killed_at


class Found:
    """What the library, its folder and the log hold in the end."""

    def __init__(self, library: Path, log: Path, wanted: Mapping[str | None, str], times: Sequence[float]) -> None:
        self.wanted = wanted
        self.times = times
        self.kept = rows(library, "SELECT doi, file_name, file_sha256, file_bytes FROM downloaded_references")
        self.on_disk = {path.name: digest(path.read_bytes()) for path in (library / "pdfs").glob("*.pdf")}
        self.resumable, self.strays = parts_below(library)
        self.sound = rows(library, "PRAGMA integrity_check")[0][0]
        self.entries = read_log(log)
        self.breaches = audit(log)
        self.files_again = [one for one in repeats(log, hosts=True) if one.path.endswith((".pdf", "/download"))]

    @property
    def corrupt(self) -> list[str]:
        """Rows whose file is not there, or has other bytes than the host's."""
        return [name for doi, name, sha, _ in self.kept if not self.wanted[doi] == sha == self.on_disk.get(name)]

    @property
    def doubles(self) -> list[str]:
        names = Counter(name for _, name, *_ in self.kept)
        several = [name for name, times in names.items() if times > 1]
        return [*several, *(self.on_disk.keys() - names.keys())]

    def told(self) -> Iterator[tuple[str, object]]:
        rest = [one for one in self.entries if one.status == 206]
        yield "kept, of works", f"{len(self.kept)} of {len(self.wanted)}"
        yield "files whose bytes are not the host's", len(self.corrupt)
        yield "files twice, or of no work", len(self.doubles)
        cut = [one for one in self.entries if not one.delivered]
        hit = sum(any(one.time < moment < one.finished + 2 for one in cut) for moment in self.times)
        yield "transfers cut off", f"{len(cut)}, by {hit} of {len(self.times)} kills"
        yield "parts gone on with (206)", len(rest)
        yield "parts left, stray parts left", f"{len(self.resumable)}, {len(self.strays)}"
        yield "files asked for again although they had been sent to the end", len(self.files_again)
        yield "breaches of a rule, across all restarts", len(self.breaches)
        yield "database", self.sound

    def faults(self) -> Iterator[str]:
        yield from map(str, self.breaches)
        if len(self.kept) != len(self.wanted):
            yield f"{len(self.kept)} kept of {len(self.wanted)}"
        for what in ("corrupt", "doubles", "resumable", "strays"):
            if found := getattr(self, what):
                yield f"{what}: {found[:5]}"
        if self.sound != "ok":
            yield f"database: {self.sound}"
