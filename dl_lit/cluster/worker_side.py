"""What runs in a Dask worker: each file is read in a child process, as on the user's own machine.

So a crash, a hang or a memory bomb costs a child and its file, and the worker goes on.
"""

from __future__ import annotations

import hashlib
import tempfile
import threading
from importlib.metadata import version
from pathlib import Path

from distributed import get_worker

from dl_lit.cluster.jobs import Job, Reply, WorkerFacts
from dl_lit.config import ExtractionSettings
from dl_lit.errors import ChildrenDoNotStart
from dl_lit.extraction.executor import ParserPool
from dl_lit.extraction.version import facts
from dl_lit.model import Extraction

IDLE_SECONDS = 60.0  # then a worker that nobody asks keeps no children
_BLOCK = 1 << 20


def worker_facts() -> WorkerFacts:
    return WorkerFacts(facts(), version("distributed"))


def read(job: Job) -> Reply:
    """The task: run by Dask in a thread of the worker."""
    worker = get_worker()
    benches: dict[object, Bench] = worker.extensions.setdefault("dl-lit", {})  # a worker serves several runs
    bench = benches.setdefault((job.task, job.settings), Bench(job.settings, job.task, worker.state.nthreads))
    return bench.serve(job, str(worker.address))


class Bench:
    """The children for one kind of work in one worker; they start with the first file and go when none comes."""

    def __init__(
        self, settings: ExtractionSettings, task: str, workers: int, *, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        self._made_for = (settings, workers)
        self._task = task
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._busy = 0
        self._pool: ParserPool | None = None
        self._timer: threading.Timer | None = None

    def serve(self, job: Job, name: str) -> Reply:
        pool = self._taken()
        try:
            if pool.version != job.version:
                return Reply(name, facts=facts())
            return _served(pool, job, name)
        except (OSError, ChildrenDoNotStart) as error:
            return Reply(name, trouble=str(error))
        finally:
            self._given_back()

    def _taken(self) -> ParserPool:
        with self._lock:
            self._busy += 1
            if self._timer is not None:
                self._timer.cancel()
            if self._pool is None:
                settings, workers = self._made_for
                self._pool = ParserPool(settings, workers, task=self._task)
            return self._pool

    def _given_back(self) -> None:
        with self._lock:
            self._busy -= 1
            if not self._busy:
                self._timer = threading.Timer(self._idle_seconds, self._rest)
                self._timer.daemon = True
                self._timer.start()

    def _rest(self) -> None:
        with self._lock:
            if self._busy or self._pool is None:
                return
            pool, self._pool = self._pool, None
        pool.close()


def _served(pool: ParserPool, job: Job, name: str) -> Reply:
    if job.content is not None:
        return Reply(name, _read_content(pool, job, job.content))
    if not _is_that_file(Path(job.path), job):
        return Reply(name, needs_content=True)
    return Reply(name, pool.extract(job.path))


def _read_content(pool: ParserPool, job: Job, content: bytes) -> Extraction:
    with tempfile.TemporaryDirectory(prefix="dl-lit-") as folder:
        path = Path(folder) / f"document{job.suffix}"
        path.write_bytes(content)
        return pool.extract(path)


def _is_that_file(path: Path, job: Job) -> bool:
    """Whether this machine sees, under that path, the very content that the run means."""
    try:
        if path.stat().st_size != job.size:
            return False
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError:
        return False
    return digest.hexdigest() == job.sha256
