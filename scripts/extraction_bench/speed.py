"""How fast and with how much memory PDFs are read, and how much of that time the PDF library itself takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import pymupdf

from dl_lit.config import ExtractionSettings
from dl_lit.extraction import worker
from dl_lit.extraction.backends.runs import TEXT_FLAGS
from dl_lit.extraction.executor import ParserPool
from dl_lit.extraction.limits import FileLimits
from dl_lit.model import Extraction

WARM_UP = 2  # files a process, before the clock starts
WATCH_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass over some files: wall and processor seconds, and the most memory (bytes) of any one child process."""

    processes: int
    extractions: tuple[Extraction, ...]
    wall: float
    cpu: float
    peak: int

    @property
    def pdfs_per_second(self) -> float:
        return len(self.extractions) / self.wall

    @property
    def pdfs_per_core_second(self) -> float:
        return len(self.extractions) / self.cpu

    @property
    def pages_per_core_second(self) -> float:
        return sum(extraction.pages for extraction in self.extractions) / self.cpu


def read(paths: Sequence[Path], processes: int) -> Pass:
    """All files through a pool of warm child processes."""
    with ParserPool(ExtractionSettings(), processes) as pool, ThreadPoolExecutor(processes) as threads:
        list(threads.map(pool.extract, list(paths[:WARM_UP]) * processes))
        watch = _Watch(pool.processes)
        begun, before = time.monotonic(), watch.cpu()
        with watch:
            extractions = tuple(threads.map(pool.extract, paths))
            wall = time.monotonic() - begun
        return Pass(processes, extractions, wall, watch.cpu() - before, watch.peak)


class _Watch:
    """Processor time and memory of the pool's children, also of those that ended meanwhile."""

    def __init__(self, children: Callable[[], Sequence[int]]) -> None:
        self.peak = 0
        self._children = children
        self._seconds: dict[int, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def cpu(self) -> float:
        self._look()
        return sum(self._seconds.values())

    def _look_on(self) -> None:
        while not self._over.wait(WATCH_SECONDS):
            self._look()

    def _look(self) -> None:
        for pid in self._children():
            try:
                process = psutil.Process(pid)
                times = process.cpu_times()
                self._seconds[pid] = times.user + times.system
                self.peak = max(self.peak, process.memory_info().rss)
            except psutil.Error:
                continue


# ── the share of the PDF library ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Shares:
    """Processor seconds for the same files, medians of turns: MuPDF's text with geometry alone, and everything."""

    library: float
    everything: float

    @property
    def ratio(self) -> float:
        return self.everything / self.library


def shares(paths: Sequence[Path], turns: int) -> Shares:
    """Both in this one process, in turn, so that the machine's ups and downs meet both."""
    _everything(paths[:WARM_UP])
    pairs = [(_seconds(_library, paths), _seconds(_everything, paths)) for _ in range(turns)]
    return Shares(median(pair[0] for pair in pairs), median(pair[1] for pair in pairs))


def _seconds(work: Callable[[Sequence[Path]], None], paths: Sequence[Path]) -> float:
    begun = time.process_time()
    work(paths)
    return time.process_time() - begun


def _library(paths: Sequence[Path]) -> None:
    opened: Callable[[Path], Any] = pymupdf.Document
    for path in paths:
        with opened(path) as file:
            for page in file:
                page.get_text("dict", flags=TEXT_FLAGS)


def _everything(paths: Sequence[Path]) -> None:
    for path in paths:
        worker.extract(str(path), FileLimits())
