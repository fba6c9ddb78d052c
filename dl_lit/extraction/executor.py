"""Files read in child processes: a crash, a hang or a memory bomb costs its own file and never the run.

Each child has a pipe of its own, so a child that dies in the middle of an answer spoils no other answer. (A pool in
which workers share one pipe, as in `concurrent.futures` or pebble, is lost when one of them is killed while it sends.)
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.connection import Pipe
from pathlib import Path
from types import TracebackType

from dl_lit.config import ExtractionSettings
from dl_lit.errors import Stopping
from dl_lit.extraction.child import READY, Reply, Request
from dl_lit.extraction.limits import Limits
from dl_lit.model import Extraction, PdfReason

EXTRACT = "dl_lit.extraction.worker:extract"

_FILES_PER_CHILD = 200
_RESIDENT_LIMIT = 250 << 20  # a child that grew larger is replaced, so that the run as a whole stays small
_GOODBYE_SECONDS = 2.0
_START_SECONDS = 30.0  # a loaded machine may take long to start Python; this is not the file's fault


class ParserPool:
    """`extract` may be called from any number of threads; at most `workers` files are read at once."""

    def __init__(self, settings: ExtractionSettings, workers: int, *, task: str = EXTRACT) -> None:
        self._limits = Limits(
            seconds=settings.time_limit_seconds,
            memory_bytes=settings.memory_limit_mb << 20,
            max_bytes=int(settings.max_file_mb * 1_000_000),
        )
        self._task = task
        self._free = threading.Semaphore(workers)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._stopping = threading.Event()

    def __enter__(self) -> ParserPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def extract(self, path: str | Path) -> Extraction:
        """The references of the file, or the reason for none; raises Stopping after `interrupt` or `close`."""
        request = Request(str(path), self._limits)
        begun = time.monotonic()
        try:
            extraction = self._attempt_twice(request)
        except _Died as death:
            extraction = Extraction(reason=PdfReason.CRASHED, detail=str(death))
        except _TookTooLong:
            detail = f"it took longer than {self._limits.seconds:g} s (extraction.time_limit_seconds)"
            extraction = Extraction(reason=PdfReason.TIMED_OUT, detail=detail)
        return replace(extraction, seconds=extraction.seconds or time.monotonic() - begun)

    def processes(self) -> list[int]:
        """The process ids of the children, for memory figures."""
        with self._lock:
            return [child.pid for child in (*self._idle, *self._busy)]

    def interrupt(self) -> None:
        """Ends all children at once; calls of `extract` under way raise Stopping. May be called from any thread."""
        self._stopping.set()
        with self._lock:
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for child in busy:
            child.kill()
        for child in idle:
            child.discard()

    def close(self) -> None:
        """Lets idle children go and ends busy ones."""
        self._stopping.set()
        with self._lock:
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for child in busy:
            child.kill()
        for child in idle:
            child.hang_up()
        for child in idle:
            child.wait()

    def _attempt_twice(self, request: Request) -> Extraction:
        """What kills a child may come from outside (the kernel short of memory): one death proves nothing."""
        try:
            return self._attempt(request)
        except _Died:
            return self._attempt(request)

    def _attempt(self, request: Request) -> Extraction:
        with self._child() as child:
            return child.ask(request).extraction

    @contextmanager
    def _child(self) -> Iterator[_Child]:
        """A child for one file; it returns to the idle ones only if it answered and is fit for another file."""
        while not self._free.acquire(timeout=0.2):
            self._refuse_if_stopping()
        child: _Child | None = None
        try:
            child = self._take()
            yield child
        except _Died:
            self._refuse_if_stopping()
            raise
        finally:
            if child is not None:
                self._give_back(child)
            self._free.release()

    def _take(self) -> _Child:
        self._refuse_if_stopping()
        with self._lock:
            child = self._idle.pop() if self._idle else None
            if child is not None:
                self._busy.add(child)
                return child
        child = _Child(self._task)
        with self._lock:
            self._busy.add(child)
        if self._stopping.is_set():  # interrupt() may have looked before the child was in the set
            child.kill()
        return child

    def _give_back(self, child: _Child) -> None:
        with self._lock:
            self._busy.discard(child)
            keep = child.fit and not self._stopping.is_set()
            if keep:
                self._idle.append(child)
        if not keep:
            child.dismiss()

    def _refuse_if_stopping(self) -> None:
        if self._stopping.is_set():
            raise Stopping("The reading of PDFs was stopped.")


class _Died(Exception):
    """The child ended without an answer; the text says how."""


class _TookTooLong(Exception):
    """The child did not answer within the time limit."""


class _Child:
    """One child process as its parent sees it. Used by one thread at a time; `kill` may come from any."""

    def __init__(self, task: str) -> None:
        self.fit = False
        self._answered = False
        self._files = 0
        ours, theirs = Pipe()
        with theirs:
            self._connection = ours
            # A session of its own: Ctrl-C at the terminal is for the parent, which drains first. -P: a folder of
            # PDFs that holds a signal.py must not lend it to us.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "dl_lit.extraction.child", str(theirs.fileno()), task],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, request: Request) -> Reply:
        """Raises _TookTooLong or _Died; after either the child is of no more use."""
        self.fit = self._answered = False
        try:
            if not self._files and (not self._connection.poll(_START_SECONDS) or self._connection.recv() != READY):
                raise _Died(f"the process that was to read it did not start within {_START_SECONDS:g} s")
            self._connection.send(request)
            if not self._connection.poll(request.limits.seconds):
                raise _TookTooLong
            reply: Reply = self._connection.recv()
        except (EOFError, OSError) as error:
            raise _Died(self._how_it_ended()) from error
        self._answered = True
        self._files += 1
        small = reply.resident_bytes < _RESIDENT_LIMIT
        self.fit = small and self._files < _FILES_PER_CHILD and reply.extraction.reason is not PdfReason.OUT_OF_MEMORY
        return reply

    def hang_up(self) -> None:
        """Asks the child to end: it sees its pipe closed."""
        self._connection.close()

    def wait(self) -> None:
        """Sees the process gone, by force if need be."""
        try:
            self._process.wait(_GOODBYE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Ends the process and sees it gone; whoever waits for its answer gets an end of file."""
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GOODBYE_SECONDS)

    def discard(self) -> None:
        """`kill`, and the pipe closed; for the thread that uses the child."""
        self.kill()
        self._connection.close()

    def dismiss(self) -> None:
        """Sees the child gone: one that answered may leave by itself, any other is ended."""
        if not self._answered:
            self.kill()
        self.hang_up()
        self.wait()

    def _how_it_ended(self) -> str:
        self.wait()
        code = self._process.returncode
        if code is not None and code < 0:
            return f"the process that read it was ended by {signal.Signals(-code).name}"
        return f"the process that read it ended with code {code}"
