"""A child process: takes one file at a time from its parent, within limits that the kernel enforces.

Run as `python -m dl_lit.extraction.child FD TASK`: FD is its end of a socket pair, TASK names the function that does
the work ("module:name"; it takes a path and Limits). A process of its own (not
`multiprocessing`'s) because that would import the parent's main module, with all of the command line, in each child.
"""

from __future__ import annotations

import importlib
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue

from dl_lit.extraction.limits import Limits
from dl_lit.model import Extraction, PdfReason

READY = "ready"  # sent once, when the libraries are loaded and the clock of the first file may start

# The parent ends a file that takes too long. Only if the parent is gone must the kernel do it, a little later.
_ALARM_AFTER = 2.0


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class Reply:
    """`resident_bytes` is the memory that the child holds when the file is done."""

    extraction: Extraction
    resident_bytes: int


Task = Callable[[str, Limits], Extraction]


def main(descriptor: int, task_name: str) -> None:
    """Serves requests until the parent closes its end."""
    _ignore_signals()
    connection = Connection(descriptor)
    task = _task_named(task_name)
    connection.send(READY)
    requests: SimpleQueue[Request | None] = SimpleQueue()
    busy = threading.Event()
    threading.Thread(target=_listen, args=(connection, requests, busy), daemon=True).start()
    while (request := requests.get()) is not None:
        reply, healthy = _serve(task, request)
        busy.clear()
        connection.send(reply)
        if not healthy:
            break


def _ignore_signals() -> None:
    """Ctrl-C and a service manager's SIGTERM reach the whole group; the parent decides what they mean for us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _listen(connection: Connection, requests: SimpleQueue[Request | None], busy: threading.Event) -> None:
    """Hands requests on; when the parent is gone, ends the process even in the middle of a file."""
    try:
        while True:
            request = connection.recv()
            busy.set()
            requests.put(request)
    except (EOFError, OSError):
        if busy.is_set():
            os._exit(1)
        requests.put(None)


def _serve(task: Task, request: Request) -> tuple[Reply, bool]:
    """The reply, and whether the process is fit for another file."""
    _limit_memory(request.limits.memory_bytes)
    signal.setitimer(signal.ITIMER_REAL, request.limits.seconds + _ALARM_AFTER)  # SIGALRM ends the process
    try:
        extraction, healthy = task(request.path, request.limits), True
    except MemoryError:
        megabytes = request.limits.memory_bytes >> 20
        detail = f"it needs more than {megabytes} MB (extraction.memory_limit_mb)"
        extraction, healthy = Extraction(reason=PdfReason.OUT_OF_MEMORY, detail=detail), False
    except Exception as error:
        # A file that breaks a library in a new way costs itself only; what happened goes into its row.
        detail = f"{type(error).__name__}: {error}"[:300]
        extraction, healthy = Extraction(reason=PdfReason.DAMAGED, detail=detail), True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return Reply(extraction, _resident()), healthy


def _limit_memory(extra: int) -> None:
    """Address space: what the process has now (code, libraries), and `extra` bytes for the file."""
    pages = _memory_pages()
    if not pages:
        return  # no /proc, no such limit either (macOS): the time limit remains
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = pages[0] * _PAGE + extra
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


_PAGE = os.sysconf("SC_PAGE_SIZE")


def _resident() -> int:
    # Not ru_maxrss: a process takes the figure of the one that started it along, however small it is itself.
    pages = _memory_pages()
    return pages[1] * _PAGE if pages else 0


def _memory_pages() -> list[int]:
    """The process's size and the part in memory, in pages; empty where there is no /proc."""
    try:
        return [int(figure) for figure in Path("/proc/self/statm").read_text().split()[:2]]
    except OSError:
        return []


def _task_named(name: str) -> Task:
    module, _, function = name.partition(":")
    task: Task = getattr(importlib.import_module(module), function)
    return task


if __name__ == "__main__":
    # Requests are pickled with this module's proper name, not as parts of "__main__".
    from dl_lit.extraction.child import main as serve

    serve(int(sys.argv[1]), sys.argv[2])
