"""One child process as its parent sees it: started, asked, and seen gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from multiprocessing.connection import Connection, Pipe
from typing import IO

from dl_lit.errors import Died, TookTooLong
from dl_lit.processes.child import READY, Reply, Request

_TASKS_PER_CHILD = 200
_RESIDENT_LIMIT = 250 << 20  # a child that grew larger is replaced, so that the run as a whole stays small
_GOODBYE_SECONDS = 2.0
_START_SECONDS = 30.0  # a loaded machine may take long to start Python; this is not the task's fault
_LAST_WORDS_BYTES = 4096
_LAST_WORDS_LINES = 6


class NotStarted(Exception):
    """The child was not ready for a task; the text says why. Never leaves the pool, which counts these."""


class ChildProcess:
    """Used by one thread at a time; `kill` may come from any."""

    def __init__(self, task: str) -> None:
        """Raises NotStarted when the machine gives no process."""
        self.fit = False
        self._ready = self._answered = False
        self._tasks = 0
        try:
            with ExitStack() as undone:
                self._said = undone.enter_context(tempfile.TemporaryFile())
                self._connection, theirs = Pipe()
                undone.enter_context(self._connection)
                with theirs:
                    self._process = _started(task, theirs, self._said)
                undone.pop_all()
        except OSError as error:
            raise NotStarted(f"the system gives no process: {error}") from error

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Raises NotStarted."""
        if self._ready:
            return
        try:
            if not self._connection.poll(_START_SECONDS) or self._connection.recv() != READY:
                raise NotStarted(f"it was not ready within {_START_SECONDS:g} s{self._last_words()}")
        except (EOFError, OSError) as error:
            raise NotStarted(f"it {self._how_it_ended()}{self._last_words()}") from error
        self._said.close()
        self._ready = True

    def ask(self, request: Request) -> Reply:
        """Raises TookTooLong or Died; after either the child is of no more use."""
        self.fit = self._answered = False
        try:
            self._connection.send(request)
            if not self._connection.poll(request.limits.seconds):
                raise TookTooLong(f"It took longer than {request.limits.seconds:g} s.")
            reply: Reply = self._connection.recv()
        except (EOFError, OSError) as error:
            raise Died(f"the process that worked on it {self._how_it_ended()}") from error
        self._answered = True
        self._tasks += 1
        small = reply.resident_bytes < _RESIDENT_LIMIT
        self.fit = small and self._tasks < _TASKS_PER_CHILD and not reply.out_of_memory
        return reply

    def hang_up(self) -> None:
        """Asks the child to end: it sees its pipe closed."""
        self._connection.close()
        self._said.close()

    def wait(self) -> None:
        """Sees the process gone, by force if need be."""
        try:
            self._process.wait(_GOODBYE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._end_group()

    def _end_group(self) -> None:
        """Ends the programs that the process has started: they are in its group, which it leads.

        The group's number is no one else's as long as one of them is alive, even when the process itself is gone.
        """
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """Ends the process and what it started, and sees it gone; whoever waits for its answer gets an end of file."""
        self._end_group()
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GOODBYE_SECONDS)

    def discard(self) -> None:
        """`kill`, and the pipe closed; for the thread that uses the child."""
        self.kill()
        self.hang_up()

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
            return f"was ended by {_signal_name(-code)}"
        return f"ended with code {code}"

    def _last_words(self) -> str:
        """What the child said on standard error, a line each; empty when it said nothing."""
        size = os.fstat(self._said.fileno()).st_size
        said = os.pread(self._said.fileno(), _LAST_WORDS_BYTES, max(0, size - _LAST_WORDS_BYTES))
        lines = [line.rstrip() for line in said.decode(errors="replace").splitlines() if line.strip()]
        return "".join(f"\n  {line}" for line in lines[-_LAST_WORDS_LINES:])


def _started(task: str, theirs: Connection, said: IO[bytes]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C at the terminal is for the parent, which drains first. -P: a folder of PDFs that
    # holds a signal.py must not lend it to us.
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "dl_lit.processes.child", str(theirs.fileno()), task],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=said,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # the real-time signals have numbers only
        return f"signal {number}"
