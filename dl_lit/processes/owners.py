"""Processes as owners of what outlives them: told apart for ever, and known to be dead."""

from __future__ import annotations

import socket
from pathlib import Path

import psutil

# Seconds: where only the wall clock tells a process's start, it may be rounded anew at each reading.
_SAME_START = 2.0
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_START_TICKS = 19  # place in /proc/PID/stat behind the name of the program


def this_process() -> str:
    """The owner string of this process: "host:pid:start", which no other process ever has again."""
    return owner_of(psutil.Process())


def owner_of(process: psutil.Process) -> str:
    """Raises psutil.NoSuchProcess or psutil.AccessDenied."""
    return f"{socket.gethostname()}:{process.pid}:{_start_of(process)}"


def _start_of(process: psutil.Process) -> str:
    """By the kernel's own clock where it tells (Linux): one that is told by the wall clock changes when that is set."""
    try:
        boot = _BOOT_ID.read_text("ascii")[:8]
        ticks = Path(f"/proc/{process.pid}/stat").read_bytes().rpartition(b")")[2].split()[_START_TICKS].decode()
    except (OSError, IndexError):
        return f"{process.create_time():.2f}"
    return f"{boot}-{ticks}"


def parts_of(owner: str) -> tuple[str, str, str]:
    """Host, process id and start of what `this_process` has told; empty where it is no such text."""
    host, pid, started = ("", "", *owner.rsplit(":", 2))[-3:]
    return host, pid, started


def is_dead(owner: str) -> bool:
    """Whether `owner` is a process of this machine that has ended; of other machines we cannot know."""
    host, pid, started = parts_of(owner)
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        process = psutil.Process(int(pid))
        if process.status() == psutil.STATUS_ZOMBIE:
            return True
        if "-" in started:
            return _start_of(process) != started
        return abs(process.create_time() - float(started)) > _SAME_START
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False
