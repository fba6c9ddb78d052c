"""One run of dl-lit in one mode, and all that is measured of it; what was measured is kept beside its library."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from worldtools import run, standin

from dl_lit.standin.audit import audit

MODES = ("sequential", "concurrent")
FIGURES = "figures.json"


@dataclass(frozen=True, slots=True)
class World:
    """The stand-in of both modes. Seconds; `speed` divides the realistic latencies of services and hosts."""

    works: Path
    speed: float = 1.0

    def options(self) -> tuple[str, ...]:
        services, hosts = ((low / self.speed, high / self.speed) for low, high in LATENCIES)
        low, high = services
        slow, slowest = hosts
        latency = ("--service-latency", f"{low:.3f}", f"{high:.3f}", "--host-latency", f"{slow:.3f}", f"{slowest:.3f}")
        return ("--works", str(self.works), *latency)


LATENCIES = ((0.15, 0.4), (0.3, 2.0))  # of services and of file hosts
# A host that ends, and a budget that is spent, leave rows for another run; which ones depends on the order of the rows.
UNENDING = {"DL_LIT_NETWORK__HOST_FAILURES": "1000", "DL_LIT_SERVICES__OPENALEX__API_KEY": "stand-in-key"}


@dataclass(frozen=True, slots=True)
class Figures:
    """Times in seconds, `started` in unix time. `cpu` is of dl-lit and all its children; `busy` of the workers of each
    stage, one number a worker."""

    mode: str
    exit_code: int
    started: float
    seconds: float
    cpu: float
    peak_bytes: int
    processes: int
    references: int
    busy: Mapping[str, list[float]]

    @property
    def per_minute(self) -> float:
        return 60 * self.references / self.seconds


def measured(folder: Path, mode: str, pdfs: Path, world: World, workers: Mapping[str, int]) -> Figures:
    """Runs the mode in `folder`, unless a finished run of it is there from an earlier benchmark."""
    kept = folder / mode / FIGURES
    if kept.exists():
        return Figures(**json.loads(kept.read_text("utf-8")))
    folder.mkdir(parents=True, exist_ok=True)
    options = ["--sequential"] if mode == "sequential" else _options(workers)
    settings = {**UNENDING, "DL_LIT_NETWORK__STATE_DIR": str(folder / f"{mode}_state")}
    with standin(log_of(folder, mode), *world.options()) as url:
        started, before = time.time(), _cpu()
        outcome = run([pdfs], folder / mode, url, *options, timeout=6 * 3600, settings=settings)
        cpu = _cpu() - before
    last = last_progress(folder / mode)
    figures = Figures(
        mode=mode,
        exit_code=outcome.exit_code,
        started=started,
        seconds=outcome.seconds,
        cpu=cpu,
        peak_bytes=outcome.peak_bytes,
        processes=outcome.peak_processes,
        references=int(outcome.summary.get("counts", {}).get("citations", 0)),
        busy={stage: one["workers"] for stage, one in last.get("stages", {}).items()},
    )
    kept.write_text(json.dumps(asdict(figures)), "utf-8")
    return figures


def log_of(folder: Path, mode: str) -> Path:
    return folder / f"{mode}.jsonl"


def breaches(folder: Path, mode: str) -> list[str]:
    return [str(one) for one in audit(log_of(folder, mode))]


def _options(workers: Mapping[str, int]) -> list[str]:
    return [word for name, count in workers.items() for word in (f"--{name}-workers", str(count))]


def _cpu() -> float:
    """Of all children that have ended, and theirs; the stand-in is still running."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def progress(library: Path) -> list[dict[str, Any]]:
    """The progress lines of a run, from first to last."""
    lines = (library / "stderr.txt").read_text("utf-8", "replace").splitlines()
    return [json.loads(line) for line in lines if line.startswith('{"event": "progress"')]


def last_progress(library: Path) -> dict[str, Any]:
    return (progress(library) or [{}])[-1]
