"""What a library costs at each size: a reference more, a claim, a look at what waits, `status`, the start of a run.

Each library is measured in processes of its own, for the memory, and in turn with the others, so that what else the
machine does meets them all:
    python -m scale_bench.sizes DONE WAITING PAPERS ROUND
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from download_bench.telling import Part, table
from worldtools import ROOT, environment

from dl_lit.config import Store as StoreSettings
from dl_lit.library import DATABASE_NAME
from dl_lit.model import PdfFile, Stage
from dl_lit.store.database import Database
from dl_lit.store.store import Store
from scale_bench.libraries import BASE, base, count, grown
from scale_bench.machinery import REFERENCES, Machinery, Papers

SIZES, QUICK_SIZES = (4_000, 40_000, 400_000), (400, 800)
NEW, QUICK_NEW = 30, 3  # papers read into each library
MOST_GROWTH = 1.10
MOST_OWN = 3.0  # ms of CPU a reference
OWNER = "bench:1:0"
REPEATS, QUICK_REPEATS = 5, 2
MB = 1e6


@dataclass(frozen=True, slots=True)
class Size:
    """CPU and times in seconds, memory in bytes. `claim`, `backlog` and `waiting` are of a run before which all the
    references of a library still wait; the rest is of a library in which all of them are done."""

    references: int
    database: int
    busy: float  # CPU of a run, for each of the references that it brings through all stages
    idle: float  # the same without any, which is its start
    start: float  # of a run that has nothing to do
    status: float
    claim: float
    claim_of_one: float  # of a run on one of the PDFs, when the references of all others wait, too
    backlog: float
    waiting: float
    peak: int

    @property
    def cpu(self) -> float:
        """Of the program itself for one reference more."""
        return self.busy - self.idle


def measured(folder: Path, quick: bool) -> Part:
    papers = Papers(0, 10, BASE.seed) if quick else BASE
    done = base(folder / "done", enriched=True, papers=papers)
    waiting = base(folder / "waiting", enriched=False, papers=papers)
    libraries = [
        (grown(done, folder / f"done{number}", number), grown(waiting, folder / f"waiting{number}", number))
        for number in (QUICK_SIZES if quick else SIZES)
    ]
    rounds = [
        [_in_a_process(*library, QUICK_NEW if quick else NEW, number) for library in libraries]
        for number in range(QUICK_REPEATS if quick else REPEATS)
    ]
    sizes = [_together(of_one) for of_one in zip(*rounds, strict=True)]
    return Part("Size of the library", tuple(_told(sizes)), () if quick else tuple(_faults(sizes)))


def _in_a_process(done: Path, waiting: Path, new: int, number: int) -> Size:
    scripts = str(ROOT / "scripts")
    command = [sys.executable, "-m", "scale_bench.sizes", str(done), str(waiting), str(new), str(number)]
    env = environment(PYTHONPATH=os.pathsep.join((scripts, str(ROOT))))
    out = subprocess.run(command, check=True, capture_output=True, text=True, env=env, cwd=ROOT).stdout
    return Size(**json.loads(out.splitlines()[-1]))


def _together(rounds: Sequence[Size]) -> Size:
    """One library's rounds: of CPU the least, because what else the machine does can only add; of times the median."""
    least = {name: min(getattr(one, name) for one in rounds) for name in ("references", "database", "busy", "idle")}
    times = {
        name: statistics.median(getattr(one, name) for one in rounds)
        for name in ("start", "status", "claim", "claim_of_one", "backlog", "waiting")
    }
    return Size(**least, **times, peak=max(one.peak for one in rounds))


def _told(sizes: Sequence[Size]) -> Iterator[str]:
    first = sizes[0]
    yield "Libraries of papers with 40 references each that went through all stages; the first hundred for real,"
    yield "the rest as copies of their rows. *CPU* is the program's own for one reference more, from the printed"
    yield "string to its end, with answers that are ready at once: threads, queues, claims, the comparison with all"
    yield "that is there, commits. *Claim* takes twenty references, *backlog* and *waiting* are the looks by which"
    yield "stages hold each other back and see the end, all three before a run whose references all wait; *of one PDF*"
    yield "is the claim of a run on one PDF of that library. *Start* is a run with nothing to do. The libraries are"
    yield "measured in turn, round after round, so that what else the machine does meets them all; of CPU the least"
    yield "counts, of times the median."
    yield ""
    yield from table(
        (
            *("references", "database MB", "CPU ms a reference", "growth", "claim ms", "of one PDF ms", "backlog ms"),
            "waiting ms",
            *("`status` s", "start s", "peak MB"),
        ),
        (
            (
                *(f"{one.references:,}", f"{one.database / MB:.0f}", f"{1000 * one.cpu:.2f}"),
                *(f"{one.cpu / first.cpu:.2f}", f"{1000 * one.claim:.1f}", f"{1000 * one.claim_of_one:.1f}"),
                f"{1000 * one.backlog:.1f}",
                *(f"{1000 * one.waiting:.1f}", f"{one.status:.2f}", f"{one.start:.2f}", f"{one.peak / MB:.0f}"),
            )
            for one in sizes
        ),
    )
    for text in _faults(sizes):
        yield ""
        yield f"**Missed: {text}.**"


def _faults(sizes: Sequence[Size]) -> Iterator[str]:
    growth = sizes[-1].cpu / sizes[0].cpu
    if growth > MOST_GROWTH:
        yield f"a reference costs {growth:.2f} times as much at {sizes[-1].references:,}, not {MOST_GROWTH:g}"
    if sizes[0].cpu > MOST_OWN / 1000:
        yield f"{1000 * sizes[0].cpu:.2f} ms of CPU a reference, not {MOST_OWN:g}"


# ── in the process of its own ────────────────────────────────────────────────────────────────────────────


def main(arguments: Sequence[str]) -> None:
    done, waiting, new, number = Path(arguments[0]), Path(arguments[1]), int(arguments[2]), int(arguments[3])
    before, size = count(done), (done / DATABASE_NAME).stat().st_size
    began = time.perf_counter()
    idle = _cpu_of(Machinery(done, Papers(0, 0, 1)))
    start = time.perf_counter() - began
    status = _status(done)
    looks = _looks(waiting)
    busy = _cpu_of(Machinery(done, Papers(0, new, seed=1000 + number)))
    references = new * REFERENCES
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    found = Size(before, size, busy / references, idle / references, start, status, *looks, peak)
    print(json.dumps(asdict(found)))


def _cpu_of(machinery: Machinery) -> float:
    began = time.process_time()
    machinery.run()
    return time.process_time() - began


def _status(library: Path) -> float:
    store = Store(Database.look(library / DATABASE_NAME, StoreSettings()))
    try:
        return _median(lambda: (store.counts(), store.waiting_rows()))
    finally:
        store.close()


def _looks(library: Path) -> tuple[float, float, float, float]:
    store = Store(Database.open(library / DATABASE_NAME, StoreSettings()))
    try:
        run = 1  # whose PDFs all are
        claim = _claim(store, run)
        of_one = _claim(store, _run_on_one(store))
        backlog = _median(lambda: store.backlog(Stage.ENRICHMENT, run, most=80, of_one_pdf=40))
        return claim, of_one, backlog, _median(lambda: store.waiting(Stage.ENRICHMENT, run))
    finally:
        store.close()


def _claim(store: Store, run: int) -> float:
    seconds = _median(lambda: store.claim(Stage.ENRICHMENT, OWNER, 20, 60.0, run_id=run), repeats=2)
    store.release(Stage.ENRICHMENT, OWNER)
    return seconds


def _run_on_one(store: Store) -> int:
    [one] = store.database.reader().all("SELECT path, sha256 FROM source_pdfs ORDER BY id LIMIT 1")
    run = store.start_run(OWNER, "bench", {})
    store.add_pdfs(run, [PdfFile(one["path"], one["sha256"], 1)])
    return run


def _median(act: Callable[[], object], repeats: int = REPEATS) -> float:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    main(sys.argv[1:])
