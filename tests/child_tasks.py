"""Tasks for child processes, each doing what some file one day makes a library do."""

from __future__ import annotations

import ctypes
import importlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from dl_lit.extraction.limits import FileLimits
from dl_lit.model import Extraction
from dl_lit.page_views import BibliographyPages
from dl_lit.processes.limits import Limits

if TYPE_CHECKING:
    from dl_lit.download.verify import Expectation, Verdict
    from dl_lit.extraction.explaining import Question

DONE = "done"


class NotToBeUnpacked:
    """An argument that the child cannot read."""

    def __reduce__(self) -> tuple[object, ...]:
        return _refuse, ()


def _refuse() -> None:
    raise LookupError("this cannot be unpacked")


def answer(argument: object, limits: Limits) -> object:
    return argument, limits


def modules_with(module: str, limits: Limits) -> set[str]:
    """What a child has loaded whose task is in that module."""
    del limits
    importlib.import_module(module)
    return set(sys.modules)


def greet(path: str, limits: FileLimits) -> Extraction:
    return Extraction(pages=1, detail=f"{path} {limits.seconds:g} {limits.max_bytes}", seconds=0.5)


def read(path: str, limits: FileLimits) -> Extraction:
    """Does what the file's name says, like a reader of PDFs."""
    return Extraction(pages=7, detail=repr(obey(path, limits)))


def check(file: tuple[str, Expectation, object], limits: Limits) -> Verdict:
    """Does what the file's name says, like a check of a downloaded file."""
    from dl_lit.download.verify import Verdict  # only here: it brings MuPDF along, which the other tasks do without

    return Verdict(detail=repr(obey(file[0], limits)))


def explain(question: Question, limits: Limits) -> object:
    return obey(question.path, limits)


def obey(path: str | Path, limits: Limits) -> object:
    """Does what the file's name says."""
    del limits
    orders: dict[str, Callable[[str], object]] = {
        "hang": _hang,
        "program": _program,
        "dying with a program": _dying_with_a_program,
        "spin": _spin,
        "bomb": _bomb,
        "segfault": _segfault,
        "real-time signal": _real_time_signal,
        "killed": _killed,
        "kill the worker": _kill_the_worker,
        "kill two workers": _kill_two_workers,
        "hold": _hold,
        "die-once": _die_once,
        "raise": _raise,
        "leave": lambda _path: sys.exit(3),
        "print": _print,
        "who": _who,
        "signals": _signals,
        "unpicklable": _unpicklable,
    }
    order = orders.get(Path(path).name)
    return order(str(path)) if order else DONE


def _hang(path: str) -> object:
    Path(path + ".pid").write_text(str(os.getpid()))
    time.sleep(600)
    return None


def _program(path: str) -> object:
    """Runs another program, which hangs."""
    program = subprocess.Popen(["sleep", "600"])
    Path(path + ".pid").write_text(str(program.pid))
    program.wait()
    return None


def _dying_with_a_program(path: str) -> object:
    Path(path + ".pid").write_text(str(subprocess.Popen(["sleep", "600"]).pid))
    os._exit(1)


def _spin(path: str) -> object:
    """Like a library that never lets other threads run."""
    Path(path + ".pid").write_text(str(os.getpid()))
    libc = ctypes.PyDLL(None)
    libc.pause()
    return None


def _bomb(path: str) -> object:
    kept = [bytearray(32 << 20)]
    while True:
        kept.append(bytearray(32 << 20))


def _segfault(path: str) -> object:
    ctypes.string_at(0)
    return None


def _real_time_signal(path: str) -> object:
    os.kill(os.getpid(), 40)
    return None


def _killed(path: str) -> object:
    os.kill(os.getpid(), signal.SIGKILL)
    return None


def _kill_the_worker(path: str) -> object:
    """The process that we were started by; not the pool of a test, which would be pytest."""
    if b"dask_worker" in Path(f"/proc/{os.getppid()}/cmdline").read_bytes():
        os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)
    return None


def _kill_two_workers(path: str) -> object:
    for marker in (Path(path + ".killed-one"), Path(path + ".killed-two")):
        if not marker.exists():
            marker.touch()
            _kill_the_worker(path)
    return DONE


def _hold(path: str) -> object:
    """Tells who holds it, and goes on when it may."""
    Path(f"{path}.held-by-{os.getppid()}").touch()
    while not Path(path + ".go").exists():
        time.sleep(0.02)
    return DONE


def _die_once(path: str) -> object:
    marker = Path(path + ".died")
    if not marker.exists():
        marker.touch()
        os._exit(1)
    return "alive"


def _raise(path: str) -> object:
    raise ZeroDivisionError("a page without a width")


def _print(path: str) -> object:
    print("noise that no one asked for", flush=True)
    print("and more of it", file=sys.stderr, flush=True)
    return "quiet"


def _who(path: str) -> object:
    return os.getpid()


def _signals(path: str) -> object:
    return [signal.getsignal(number) is signal.SIG_IGN for number in (signal.SIGINT, signal.SIGTERM)]


def _unpicklable(path: str) -> object:
    return threading.Lock()


def answer_or_crash(argument: tuple[str, int | None], limits: Limits) -> BibliographyPages:
    """Does what the file's name says, like a search for the pages of a bibliography."""
    obey(argument[0], limits)
    return BibliographyPages(numbers=(7,))
