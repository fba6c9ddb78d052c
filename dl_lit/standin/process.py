"""The stand-in as a process of its own, so that it does not share an interpreter with the program that asks it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from dl_lit.errors import StopRun

STOP_SECONDS = 10.0


@contextmanager
def standin_process(*options: str) -> Iterator[str]:
    """Runs `dl-lit standin` with `options` at a free port; yields its address. It ends when this process does."""
    command = [sys.executable, "-m", "dl_lit", "standin", "--port", "0", "--until-eof", *options]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            first = process.stdout.readline()
            found = re.search(r"http://[\d.:]+", first)
            if found is None:
                raise StopRun("The stand-in did not start; what it said stands above.")
            yield found.group()
        finally:
            process.stdin.close()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
