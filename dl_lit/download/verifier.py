"""Verification in child processes with limits: MuPDF is not thread-safe, and files may be hostile."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import threading
from collections.abc import Callable
from concurrent.futures import TimeoutError as TookTooLong
from concurrent.futures import wait
from pathlib import Path
from types import TracebackType

from pebble import ProcessExpired, ProcessPool

from dl_lit.config import ExtractionSettings
from dl_lit.download.verify import Expectation, Verdict, verify_file
from dl_lit.errors import Stopping
from dl_lit.model import DownloadReason

# What the downloader is handed: judges a file, raises Stopping when the program shuts down, nothing else.
Verifier = Callable[[Path, Expectation], Verdict]

_FILES_PER_CHILD = 500
_POLL_SECONDS = 0.1
_ALARM_AFTER = 5.0


class ProcessVerifier:
    """A `Verifier`. A crash, a hang or a memory bomb costs the one file; safe to call from any number of threads."""

    def __init__(self, settings: ExtractionSettings, workers: int = 1) -> None:
        self._seconds = settings.time_limit_seconds
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=_FILES_PER_CHILD,
            initializer=_prepare,
            initargs=(settings.memory_limit_mb << 20,),
            # Forking a process with threads can copy a lock that is held for ever.
            context=multiprocessing.get_context("spawn"),
        )

    def __call__(self, path: Path, expectation: Expectation) -> Verdict:
        try:
            return self._verdict(path, expectation)
        except ProcessExpired:
            # Perhaps someone ended the child from outside; if it was the file, it does so again.
            pass
        try:
            return self._verdict(path, expectation)
        except ProcessExpired as error:
            return Verdict(DownloadReason.DAMAGED, f"the process that checked it ended with code {error.exitcode}")

    def __enter__(self) -> ProcessVerifier:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the children; a check that is going on raises Stopping. May be called again, and by any thread."""
        with self._lock:
            if self._stopping.is_set():
                return
            self._stopping.set()
            self._end()

    def _end(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _verdict(self, path: Path, expectation: Expectation) -> Verdict:
        self._check_stopping()
        arguments = (str(path), expectation, self._seconds)
        try:
            future = self._pool.schedule(_verified, args=arguments, timeout=self._seconds)
        except RuntimeError as error:  # the pool was stopped a moment ago
            raise Stopping("The checking of files was stopped.") from error
        while not wait((future,), timeout=_POLL_SECONDS).done:
            self._check_stopping()  # a stopped pool leaves its futures open for ever
        try:
            verdict: Verdict = future.result()
        except TookTooLong:
            return Verdict(DownloadReason.DAMAGED, f"it could not be checked within {self._seconds:g} s")
        except MemoryError:
            return Verdict(DownloadReason.DAMAGED, "checking it needs more memory than extraction.memory_limit_mb")
        except Exception as error:
            self._check_stopping()
            if isinstance(error, ProcessExpired):
                raise
            return Verdict(DownloadReason.DAMAGED, f"{type(error).__name__}: {error}"[:200])
        return verdict

    def _check_stopping(self) -> None:
        if self._stopping.is_set():
            raise Stopping("The checking of files was stopped.")


def _verified(path: str, expectation: Expectation, seconds: float) -> Verdict:
    """In the child. Should the parent be killed, nobody but the kernel would end a check that hangs."""
    signal.setitimer(signal.ITIMER_REAL, seconds + _ALARM_AFTER)
    try:
        return verify_file(path, expectation)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _prepare(memory: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which drains first
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = memory + (512 << 20)  # address space of the interpreter and its libraries comes on top
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
