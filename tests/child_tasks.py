"""Tasks for the child processes of a ParserPool, each doing what some file one day makes a library do."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

from dl_lit.extraction.limits import Limits
from dl_lit.model import Extraction


def greet(path: str, limits: Limits) -> Extraction:
    return Extraction(pages=1, detail=f"{path} {limits.seconds:g}", seconds=0.5)


def obey(path: str, limits: Limits) -> Extraction:
    """Does what the file's name says."""
    del limits
    return {
        "hang": _hang,
        "spin": _spin,
        "bomb": _bomb,
        "segfault": _segfault,
        "killed": _killed,
        "die-once": _die_once,
        "raise": _raise,
        "leave": lambda _path: sys.exit(3),
        "print": _print,
        "who": _who,
    }.get(Path(path).name, _read)(path)


def _read(path: str) -> Extraction:
    return Extraction(pages=7, detail=path)


def _hang(path: str) -> Extraction:
    Path(path + ".pid").write_text(str(os.getpid()))
    time.sleep(600)
    return Extraction()


def _spin(path: str) -> Extraction:
    """Like a library that never lets other threads run."""
    Path(path + ".pid").write_text(str(os.getpid()))
    libc = ctypes.PyDLL(None)
    libc.pause()
    return Extraction()


def _bomb(path: str) -> Extraction:
    kept = [bytearray(32 << 20)]
    while True:
        kept.append(bytearray(32 << 20))


def _segfault(path: str) -> Extraction:
    ctypes.string_at(0)
    return Extraction()


def _killed(path: str) -> Extraction:
    os.kill(os.getpid(), signal.SIGKILL)
    return Extraction()


def _die_once(path: str) -> Extraction:
    marker = Path(path + ".died")
    if not marker.exists():
        marker.touch()
        os._exit(1)
    return Extraction(pages=3)


def _raise(path: str) -> Extraction:
    raise ZeroDivisionError("a page without a width")


def _print(path: str) -> Extraction:
    print("noise that no one asked for", flush=True)
    print("and more of it", file=sys.stderr, flush=True)
    return Extraction(pages=1)


def _who(path: str) -> Extraction:
    loaded = [name for name in ("click", "rich", "requests", "pydantic") if name in sys.modules]
    interrupts = (
        signal.getsignal(signal.SIGINT) is signal.SIG_IGN and signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    )
    return Extraction(pages=os.getpid(), detail=f"{','.join(loaded)}|{interrupts}")
