"""The stand-in as a process of its own, so that it does not share an interpreter with the program that asks it."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from dl_lit.errors import StopRun

STOP_SECONDS = 10.0


@contextmanager
def standin_process(*options: str, port: int = 0) -> Iterator[str]:
    """Runs `dl-lit standin` with `options` at `port` (0: a free one); yields its address. It ends when this process
    does."""
    command = [sys.executable, "-m", "dl_lit", "standin", "--port", str(port), "--until-eof", *options]
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


def port_again(note: Path) -> int:
    """The port noted there, if it is free now, else 0: addresses of copies that a library has lead to it."""
    with suppress(OSError, ValueError):
        port = int(note.read_text("utf-8"))
        with socket.create_server(("127.0.0.1", port if 0 < port < 2**16 else 0)) as free:
            return port if free.getsockname()[1] == port else 0
    return 0


def note_port(note: Path, url: str) -> None:
    note.write_text(f"{urlsplit(url).port}\n", "utf-8")
