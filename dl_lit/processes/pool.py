"""A pool of child processes for one task: a crash, a hang or a memory bomb costs its own argument and never the run.

Each child has a pipe of its own, so a child that dies in the middle of an answer spoils no other answer. (A pool in
which workers share one pipe, as in `concurrent.futures` or pebble, is lost when one of them is killed while it sends.)
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from dl_lit.errors import ChildrenDoNotStart, Died, Failed, OutOfMemory, Stopping
from dl_lit.processes.child import Reply, Request
from dl_lit.processes.limits import Limits
from dl_lit.processes.process import ChildProcess, NotStarted

_STARTS_TRIED = 2
_POLL_SECONDS = 0.2


class ChildPool:
    """`run` may be called from any number of threads; at most `workers` arguments are worked on at once.

    `task` is "module:function"; the function takes an argument and the limits. Children start when they are needed.
    """

    def __init__(self, task: str, limits: Limits, workers: int) -> None:
        self._task = task
        self._limits = limits
        self._free = threading.Semaphore(workers)
        self._lock = threading.Lock()
        self._idle: list[ChildProcess] = []
        self._busy: set[ChildProcess] = set()
        self._failed_starts = 0  # in a row
        self._stopping = threading.Event()

    def __enter__(self) -> ChildPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, argument: object, limits: Limits | None = None) -> Any:
        """The task's result, within other `limits` than the pool's if they are given.

        Raises a ChildFailed, ChildrenDoNotStart, or Stopping after `interrupt` or `close`.
        """
        request = Request(argument, limits or self._limits)
        try:
            reply = self._attempt(request)
        except Died:
            # What kills a child may come from outside (the kernel short of memory): one death proves nothing.
            reply = self._attempt(request)
        if reply.out_of_memory:
            raise OutOfMemory(f"It needs more than {request.limits.memory_bytes >> 20} MB.")
        if reply.error is not None:
            raise Failed(reply.error)
        return reply.result

    def processes(self) -> list[int]:
        """The process ids of the children, for memory figures."""
        with self._lock:
            return [child.pid for child in (*self._idle, *self._busy)]

    def interrupt(self) -> None:
        """Ends all children at once; calls of `run` under way raise Stopping. From any thread, more than once."""
        for child in self._stop():
            child.discard()

    def close(self) -> None:
        """Lets idle children go and ends busy ones. From any thread, more than once."""
        idle = self._stop()
        for child in idle:
            child.hang_up()
        for child in idle:
            child.wait()

    def _stop(self) -> list[ChildProcess]:
        """Ends the busy children; the idle ones are handed over to the caller."""
        self._stopping.set()
        with self._lock:
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for child in busy:
            child.kill()
        return idle

    def _attempt(self, request: Request) -> Reply:
        while True:
            try:
                with self._child() as child:
                    child.wait_until_ready()
                    self._failed_starts = 0
                    return child.ask(request)
            except NotStarted as failure:
                self._count(failure)

    def _count(self, failure: NotStarted) -> None:
        """A child that does not even start says nothing about its argument: after a few, no argument has a chance."""
        with self._lock:
            self._failed_starts += 1
            if self._failed_starts < _STARTS_TRIED:
                return
        raise ChildrenDoNotStart(
            f"The process for {self._task} does not start: {failure}\n"
            "Run `dl-lit doctor` to see what is missing; installing dl-lit again usually cures it."
        ) from failure

    @contextmanager
    def _child(self) -> Iterator[ChildProcess]:
        """A child for one argument; it returns to the idle ones only if it answered and is fit for another."""
        while not self._free.acquire(timeout=_POLL_SECONDS):
            self._refuse_if_stopping()
        child: ChildProcess | None = None
        try:
            child = self._take()
            yield child
        except (Died, NotStarted):
            self._refuse_if_stopping()
            raise
        finally:
            if child is not None:
                self._give_back(child)
            self._free.release()

    def _take(self) -> ChildProcess:
        self._refuse_if_stopping()
        while (idle := self._take_idle()) is not None:
            if idle.is_alive():
                return idle
            # A system short of memory ends idle children, too, maybe all of them: that says nothing of an argument.
            idle.fit = False
            self._give_back(idle)
        child = ChildProcess(self._task)
        with self._lock:
            self._busy.add(child)
        if self._stopping.is_set():  # interrupt() may have looked before the child was in the set
            child.kill()
        return child

    def _take_idle(self) -> ChildProcess | None:
        with self._lock:
            child = self._idle.pop() if self._idle else None
            if child is not None:
                self._busy.add(child)
        return child

    def _give_back(self, child: ChildProcess) -> None:
        with self._lock:
            self._busy.discard(child)
            keep = child.fit and not self._stopping.is_set()
            if keep:
                self._idle.append(child)
        if not keep:
            child.dismiss()

    def _refuse_if_stopping(self) -> None:
        if self._stopping.is_set():
            raise Stopping("The work in child processes was stopped.")
