"""Single keys from a terminal, without Enter, for as long as the program is in its foreground."""

from __future__ import annotations

import os
import select
import sys
import termios
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

POLL_SECONDS = 0.25


@contextmanager
def listening(press: Callable[[str], None]) -> Iterator[bool]:
    """Calls `press` in a thread of its own with each key; False, and nothing is read, without a terminal.

    Ctrl-C and Ctrl-Z stay what they are. At the end the terminal is as it was.
    """
    if not sys.stdin.isatty():
        yield False
        return
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    over = threading.Event()
    thread = threading.Thread(target=_listen, args=(descriptor, press, over), name="keys")
    thread.start()
    try:
        yield True
    finally:
        over.set()
        thread.join()
        if _is_ours(descriptor):
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _listen(descriptor: int, press: Callable[[str], None], over: threading.Event) -> None:
    with suppress(OSError, termios.error):  # the terminal was closed
        while not over.is_set():
            # Whoever touches a terminal from the background is stopped by the kernel.
            if not _is_ours(descriptor):
                over.wait(POLL_SECONDS)
                continue
            _take_single_keys(descriptor)
            if select.select([descriptor], [], [], POLL_SECONDS)[0] and not over.is_set():
                for key in os.read(descriptor, 64).decode(errors="ignore"):
                    press(key)


def _is_ours(descriptor: int) -> bool:
    try:
        return os.tcgetpgrp(descriptor) == os.getpgrp()
    except OSError:
        return False


def _take_single_keys(descriptor: int) -> None:
    """Again after Ctrl-Z and `fg`, when the shell has put its own settings back."""
    if termios.tcgetattr(descriptor)[3] & termios.ICANON:
        tty.setcbreak(descriptor, termios.TCSADRAIN)
