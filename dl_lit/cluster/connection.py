"""The connection to a Dask scheduler: made, checked, lost, and made again with growing pauses."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import dask
from distributed import Client

from dl_lit.cluster.agreement import problems
from dl_lit.cluster.jobs import WorkerFacts
from dl_lit.cluster.worker_side import worker_facts
from dl_lit.errors import ClusterUnusable, ServiceUnavailable
from dl_lit.extraction.version import Facts, facts

T = TypeVar("T")

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 10.0  # of a scheduler to a question; one that is stopped keeps its connections and says nothing
CHECK_SECONDS = 60.0  # of all workers to the question what they have
FIRST_WORKER_SECONDS = 60.0
LOOK_SECONDS = 2.0  # between two questions who works there, however many threads ask
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


class Connection:
    """For any number of threads. `client` is there or raises ServiceUnavailable; nothing waits for a lost scheduler."""

    def __init__(
        self, address: str, tell: Callable[[str], None], *, worker_seconds: float = FIRST_WORKER_SECONDS
    ) -> None:
        """Raises ClusterUnusable when no scheduler answers, no worker comes, or the workers are not as this machine."""
        self.address = address
        self._tell = tell
        self._lock = threading.Lock()
        self._pause = FIRST_PAUSE
        self._not_before = 0.0
        self._looked = 0.0
        self._threads: Mapping[str, int] = {}
        self.facts: Facts = facts()
        _log_as_ours()
        self._client: Client | None = _connected(address)
        try:
            _wait_for_worker(self._client, address, worker_seconds)
            self.facts = self._agreed(self._client)
            self.threads = sum(self.workers().values())
        except (TimeoutError, ServiceUnavailable) as error:
            self.close()
            raise ClusterUnusable(
                f"The Dask cluster at {address} does not answer ({_first_line(error)}). Look at its scheduler and "
                "workers, or leave out --extract-on (extraction.cluster)."
            ) from error
        except BaseException:
            self.close()
            raise

    def client(self) -> Client:
        with self._lock:
            if self._client is None:
                self._client = self._again()
            return self._client

    def lose(self, client: Client) -> None:
        """`client` proved to be cut off; the first who says so decides."""
        with self._lock:
            if self._client is not client:
                return
            self._client = None
            self._not_before = time.monotonic() + self._pause
        self._tell(f"{self.lost().message} Its PDFs wait and are tried again.")
        threading.Thread(target=_close, args=(client,), name="dask-close", daemon=True).start()

    def lost(self) -> ServiceUnavailable:
        return ServiceUnavailable(
            f"The Dask scheduler at {self.address} is gone or cut off. Look whether it runs; then run the same command "
            "again.",
            retry_after=self._pause,
        )

    def workers(self) -> Mapping[str, int]:
        """The workers' addresses and threads, at most two seconds old."""
        client = self.client()
        with self._lock:
            if time.monotonic() - self._looked < LOOK_SECONDS:
                return self._threads
            self._looked = time.monotonic()
        self._threads = self._ask(client, client.nthreads)
        return self._threads

    def loads(self) -> dict[str, int]:
        """The workers of this very moment, and how many tasks each has."""
        client = self.client()
        return {worker: len(tasks) for worker, tasks in self._ask(client, client.processing).items()}

    def _ask(self, client: Client, question: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        try:
            return _within(ANSWER_SECONDS, question)
        except (OSError, TimeoutError, RuntimeError):
            self.lose(client)
            raise self.lost() from None

    def close(self) -> None:
        with self._lock:
            client, self._client = self._client, None
            self._not_before = float("inf")
        if client is not None:
            _close(client)

    def _again(self) -> Client:
        """Called with the lock held: one thread tries, the others find the pause that it leaves."""
        if time.monotonic() < self._not_before:
            raise self.lost()
        try:
            client = _connected(self.address)
        except ClusterUnusable:
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            self._not_before = time.monotonic() + self._pause
            raise self.lost() from None
        try:
            self.facts = self._agreed(client)
        except TimeoutError:
            _close(client)
            raise self.lost() from None
        except BaseException:
            _close(client)
            raise
        self._pause = FIRST_PAUSE
        self._tell(f"The Dask scheduler at {self.address} answers again.")
        return client

    def _agreed(self, client: Client) -> Facts:
        """What the workers have; the facts known so far while there are none. Raises ClusterUnusable."""
        there = _within(CHECK_SECONDS, lambda: _asked(client, self.address))
        wrong = list(problems(worker_facts(), there))
        versions = _within(CHECK_SECONDS, lambda: cast(Any, client.get_versions()))
        scheduler = versions["scheduler"]["packages"]["distributed"]
        if scheduler != worker_facts().distributed:
            wrong.append(f"The scheduler: distributed {scheduler}, here {worker_facts().distributed}")
        if wrong:
            raise ClusterUnusable(f"The Dask cluster at {self.address} does not fit:\n" + "\n".join(wrong))
        return next(iter(there.values())).facts if there else self.facts


def _within(seconds: float, question: Callable[[], T]) -> T:
    """What it answers; TimeoutError after `seconds`. Dask itself would wait for ever."""
    answer: Future[T] = Future()

    def ask() -> None:
        try:
            answer.set_result(question())
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=ask, name="dask-question", daemon=True).start()
    return answer.result(seconds)


def _connected(address: str) -> Client:
    # Files of several megabytes are what we send; Dask's warning means matrices sent by mistake.
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "8 GB"})
    place = urlsplit(address)
    try:
        # Dask would try for all of its time limit where nobody listens at all.
        socket.create_connection((place.hostname or "", place.port or 0), timeout=CONNECT_SECONDS).close()
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False, name="dl-lit")
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterUnusable(
            f"No Dask scheduler answers at {address} ({_first_line(error)}). Start one (`dask scheduler`), correct the "
            "address, or leave out --extract-on (extraction.cluster)."
        ) from error


def _wait_for_worker(client: Client, address: str, seconds: float) -> None:
    try:
        client.wait_for_workers(1, timeout=seconds)
    except TimeoutError as error:
        raise ClusterUnusable(
            f"The Dask cluster at {address} has no workers, and none came within {seconds:g} s. Start some, where "
            f"dl-lit is installed: dask worker {address} --nthreads 1"
        ) from error


def _asked(client: Client, address: str) -> dict[str, WorkerFacts]:
    answers = client.run(worker_facts, on_error="return")
    failed = {worker: answer for worker, answer in answers.items() if not isinstance(answer, WorkerFacts)}
    if failed:
        worker, answer = next(iter(failed.items()))
        raise ClusterUnusable(
            f"{len(failed)} of {len(answers)} workers of the Dask cluster at {address} cannot read PDFs; {worker} "
            f"says: {_first_line(answer)}. Install the same dl-lit there: pip install 'dl-lit[dask]'"
        )
    return dict(answers)


def _close(client: Client) -> None:
    with suppress(OSError, TimeoutError, RuntimeError):
        client.close(timeout=2)


def _first_line(error: object) -> str:
    return f"{error}".strip().split("\n")[0] or type(error).__name__


class _ToOurLog(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        logging.getLogger(__name__).handle(record)


def _log_as_ours() -> None:
    """Dask writes to standard error, where the panel is."""
    theirs = logging.getLogger("distributed")
    if not any(isinstance(handler, _ToOurLog) for handler in theirs.handlers):
        theirs.handlers = [_ToOurLog()]
        theirs.propagate = False
