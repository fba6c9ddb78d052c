"""PDFs read on a Dask cluster, with the promises of the local pool: a bad file costs itself, a lost worker nothing."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from distributed import Client, Future, KilledWorker
from distributed.client import FutureCancelledError

from dl_lit.cluster.agreement import different
from dl_lit.cluster.allowance import Allowance
from dl_lit.cluster.connection import FIRST_WORKER_SECONDS, Connection
from dl_lit.cluster.jobs import Job, Reply
from dl_lit.cluster.worker_side import read
from dl_lit.config import ExtractionSettings
from dl_lit.errors import ClusterUnusable, ServiceUnavailable, Stopping
from dl_lit.extraction.executor import EXTRACT, ParserPool, deciding
from dl_lit.extraction.version import facts, fingerprint
from dl_lit.intake import identify
from dl_lit.model import Extraction, PdfReason

log = logging.getLogger(__name__)

CONTENT_BYTES = 256 << 20  # on their way at once
MOST_AT_ONCE = 256
_POLL_SECONDS = 0.2
_TURNS = 1.5  # how many time limits a file may take on the cluster, where it may have to wait for another
_GATHER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class LastTry:
    """A file that is suspected, and the one worker that it is given to."""

    worker: str
    suspected: KilledWorker


class ClusterPool:
    """`extract` may be called from any number of threads; `at_once` of them keep the cluster busy."""

    def __init__(
        self,
        settings: ExtractionSettings,
        tell: Callable[[str], None],
        *,
        task: str = EXTRACT,
        worker_seconds: float = FIRST_WORKER_SECONDS,
    ) -> None:
        """Raises ClusterUnusable, with the cure, before anything is read."""
        self._settings = settings
        self._task = task
        self._stopping = threading.Event()
        self._allowance = Allowance(CONTENT_BYTES)
        self.folders_not_seen: set[str] = set()  # folders that workers do not see
        self._patience = _TURNS * (settings.time_limit_seconds + settings.ocr_time_limit_seconds)
        self.workless_seconds = worker_seconds / 2
        self._connection = Connection(settings.cluster or "", tell, worker_seconds=worker_seconds)
        self.facts = self._connection.facts
        self.workers = self._connection.workers
        self._here = ParserPool(settings, 1, task=task)
        # A few more than there are threads, so that a file is there when a thread becomes free.
        ahead = max(1, self._connection.threads // 4)
        self.at_once = settings.cluster_in_flight or min(MOST_AT_ONCE, self._connection.threads + ahead)

    @property
    def version(self) -> str:
        return fingerprint(*deciding(self._settings, self._task), of=self.facts)

    def extract(self, path: str | Path) -> Extraction:
        """The references of the file, or the reason for none.

        Raises RetryLater while the cluster is away, ClusterUnusable when a worker does not fit, Stopping.
        """
        begun = time.monotonic()
        file = identify(Path(path))
        if file.sha256 is None or file.size > self._settings.max_file_mb * 1_000_000:
            return self._here.extract(path)  # nothing that could be sent; what is wrong with it is seen here
        job = Job(
            path=str(Path(path).absolute()),
            size=file.size,
            sha256=file.sha256,
            suffix=Path(path).suffix,
            settings=self._settings,
            task=self._task,
            version=self.version,
        )
        extraction = self._extraction(job, Path(path))
        return replace(extraction, seconds=extraction.seconds or time.monotonic() - begun)

    def interrupt(self) -> None:
        """Calls of `extract` under way raise Stopping. From any thread, more than once."""
        self._stopping.set()
        self._here.interrupt()

    def close(self) -> None:
        self._stopping.set()
        self._here.close()
        self._connection.close()

    def _extraction(self, job: Job, path: Path) -> Extraction:
        try:
            folder = str(path.parent)
            if folder not in self.folders_not_seen:
                reply = self._asked(job)
                if not reply.needs_content:
                    return self._taken(reply)
                if folder not in self.folders_not_seen:
                    log.info("The workers do not see %s: its files are sent.", folder)
                self.folders_not_seen.add(folder)
            return self._sent(job, path)
        except KilledWorker as error:
            return Extraction(reason=PdfReason.CRASHED, detail=_killed(error))

    def _sent(self, job: Job, path: Path) -> Extraction:
        with self._allowance.take(job.size, self._refuse_if_stopping):
            try:
                content = path.read_bytes()
            except OSError:
                return self._here.extract(path)
            return self._taken(self._asked(replace(job, content=content)))

    def _taken(self, reply: Reply) -> Extraction:
        if reply.facts is not None:
            # The same programs as the other workers', or else: the run keeps results under what those have.
            wrong = "; ".join(different(facts(), reply.facts)) or "other programs (pdftotext, tesseract, pandoc)"
            raise ClusterUnusable(f"The worker {reply.worker} came later and does not fit: {wrong}.")
        if reply.trouble is not None or reply.extraction is None:
            raise ServiceUnavailable(f"The Dask worker {reply.worker} cannot work: {reply.trouble}. Look at it there.")
        return reply.extraction

    # ── one task of the cluster ──────────────────────────────────────────────────────────────────────────

    def _asked(self, job: Job) -> Reply:
        """Raises KilledWorker when the file has had its tries, a last one on the worker with the least to do."""
        try:
            return self._result(job)
        except KilledWorker as error:
            # Dask suspects whatever lay on a worker that died. A last try, by itself if there is a free worker, tells:
            # either that one dies, too, or the file was only a neighbour.
            return self._last_try(job, error)

    def _last_try(self, job: Job, suspected: KilledWorker) -> Reply:
        loads = self._connection.loads()
        if not loads:
            raise self._no_workers() from suspected
        return self._result(job, LastTry(min(loads, key=loads.__getitem__), suspected))

    def _result(self, job: Job, last: LastTry | None = None) -> Reply:
        client = self._connection.client()
        pinned: dict[str, Any] = {} if last is None else {"workers": [last.worker], "allow_other_workers": False}
        try:
            future = client.submit(read, job, key=f"dl-lit-{uuid.uuid4()}", pure=False, **pinned)
            try:
                self._wait(client, future, last)
                reply: Reply = future.result(timeout=_GATHER_SECONDS)
            finally:
                self._let_go(client, future)
        except FutureCancelledError as error:
            self._refuse_if_stopping()
            self._connection.lose(client)
            raise self._connection.lost() from error
        except (ImportError, AttributeError) as error:
            raise ClusterUnusable(
                f"A worker of the Dask cluster at {self._connection.address} cannot read PDFs ({error}). Install the "
                "same dl-lit there: pip install 'dl-lit[dask]'"
            ) from error
        return reply

    def _wait(self, client: Client, future: Future[Reply], last: LastTry | None) -> None:
        done = threading.Event()
        future.add_done_callback(lambda _future: done.set())
        if last is not None and last.worker not in self._connection.loads():
            raise self._no_workers()  # it died before it can have had the file, which proves nothing
        begun = working = time.monotonic()
        while not done.wait(_POLL_SECONDS):
            self._refuse_if_stopping()
            if client.status != "running":
                raise FutureCancelledError(future.key, "scheduler-connection-lost")
            workers = self.workers()
            if last is not None and last.worker not in workers and self._has_died(last, done):
                raise last.suspected
            working = time.monotonic() if workers else working
            if time.monotonic() - working > self.workless_seconds:
                raise self._no_workers()
            if time.monotonic() - begun > self._patience:
                raise self._too_slow()

    def _has_died(self, last: LastTry, done: threading.Event) -> bool:
        return last.worker not in self._connection.loads() and not done.is_set()

    def _let_go(self, client: Client, future: Future[Reply]) -> None:
        if not future.done() and client.status == "running":
            future.cancel()
        future.release()

    def _no_workers(self) -> ServiceUnavailable:
        address = self._connection.address
        return ServiceUnavailable(
            f"The Dask cluster at {address} has no workers. Start some (dask worker {address}); then run the same "
            "command again."
        )

    def _too_slow(self) -> ServiceUnavailable:
        return ServiceUnavailable(
            f"The Dask cluster at {self._connection.address} gave no result within {self._patience:g} s, waiting "
            "included. Others may be using it, or extraction.cluster_in_flight is too large for it."
        )

    def _refuse_if_stopping(self) -> None:
        if self._stopping.is_set():
            raise Stopping("The work on the cluster was stopped.")


def _killed(error: KilledWorker) -> str:
    return (
        f"{error.allowed_failures + 2} Dask workers in turn ended while they had it; their logs say why (too little "
        "memory for a worker and its child process?)"
    )
