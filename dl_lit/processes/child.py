"""A child process: takes one task at a time from its parent, within limits that the kernel enforces.

Run as `python -m dl_lit.processes.child FD TASK`: FD is its end of a socket pair, TASK names the function that does
the work ("module:function"; it takes an argument and Limits). A process of its own (not `multiprocessing`'s) because
that would import the parent's main module, with all of the command line, in each child.
"""

from __future__ import annotations

import importlib
import os
import pickle
import resource
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from dl_lit.processes.limits import Limits

READY = "ready"  # sent once, when the libraries are loaded and the clock of the first task may start

# The parent ends a task that takes too long. Only if the parent is gone must the kernel do it, a little later.
_ALARM_AFTER = 2.0
_ERROR_LETTERS = 300


@dataclass(frozen=True, slots=True)
class Request:
    argument: Any
    limits: Limits


@dataclass(frozen=True, slots=True)
class Reply:
    """`error` is the text of an exception; `resident_bytes` the memory that the child holds when the task is done."""

    result: Any = None
    error: str | None = None
    out_of_memory: bool = False
    resident_bytes: int = 0


Task = Callable[[Any, Any], Any]  # the second is the Limits, or a kind of them, that the pool was made with


def main(descriptor: int, task_name: str) -> None:
    """Serves requests until the parent closes its end."""
    _ignore_signals()
    connection = Connection(descriptor)
    task = _task_named(task_name)
    _fall_silent()
    connection.send(READY)
    requests: SimpleQueue[bytes | None] = SimpleQueue()
    busy = threading.Event()
    threading.Thread(target=_listen, args=(connection, requests, busy), daemon=True).start()
    while (request := requests.get()) is not None:
        reply, healthy = _serve(task, request)
        busy.clear()
        connection.send_bytes(reply)
        if not healthy:
            break


def _ignore_signals() -> None:
    """Ctrl-C and a service manager's SIGTERM reach the whole group; the parent decides what they mean for us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _fall_silent() -> None:
    """Until now the parent keeps what is said on standard error; from now on libraries may chatter without end."""
    sys.stderr.flush()
    os.dup2(sys.stdout.fileno(), sys.stderr.fileno())


def _listen(connection: Connection, requests: SimpleQueue[bytes | None], busy: threading.Event) -> None:
    """Hands requests on; when the parent is gone, ends the process even in the middle of a task."""
    try:
        while True:
            request = connection.recv_bytes()
            busy.set()
            requests.put(request)
    except (EOFError, OSError):
        if busy.is_set():
            os.killpg(0, signal.SIGKILL)  # with the programs that it has started
        requests.put(None)


def _serve(task: Task, packed: bytes) -> tuple[bytes, bool]:
    """The pickled reply, and whether the process is fit for another task."""
    try:
        request: Request = pickle.loads(packed)
        _limit_memory(request.limits.memory_bytes)
        signal.setitimer(signal.ITIMER_REAL, request.limits.seconds + _ALARM_AFTER)  # SIGALRM ends the process
        result = task(request.argument, request.limits)
        return pickle.dumps(Reply(result, resident_bytes=_resident())), True
    except MemoryError:
        reply, healthy = Reply(out_of_memory=True), False
    except Exception as error:
        # What breaks a library in a new way costs its own task only; the parent is told what happened.
        text = f"{type(error).__name__}: {error}"[:_ERROR_LETTERS]
        reply, healthy = Reply(error=text, resident_bytes=_resident()), True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return pickle.dumps(reply), healthy


def _limit_memory(extra: int) -> None:
    """Address space: what the process has now (code, libraries), and `extra` bytes for the task."""
    pages = _memory_pages()
    if not pages:
        return  # no /proc, no such limit either (macOS): the time limit remains
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = pages[0] * _PAGE + extra
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


_PAGE = os.sysconf("SC_PAGE_SIZE")
_SIZES = Path("/proc/self/statm")


def _resident() -> int:
    # Not ru_maxrss: a process takes the figure of the one that started it along, however small it is itself.
    pages = _memory_pages()
    return pages[1] * _PAGE if pages else 0


def _memory_pages() -> list[int]:
    """The process's size and the part in memory, in pages; empty where there is no /proc."""
    try:
        return [int(figure) for figure in _SIZES.read_text().split()[:2]]
    except OSError:
        return []


def _task_named(name: str) -> Task:
    module, _, function = name.partition(":")
    task: Task = getattr(importlib.import_module(module), function)
    return task


if __name__ == "__main__":
    # Requests are pickled with this module's proper name, not as parts of "__main__".
    from dl_lit.processes.child import main as serve

    serve(int(sys.argv[1]), sys.argv[2])
