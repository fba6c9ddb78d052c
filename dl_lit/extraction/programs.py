"""Other programs (pdftotext, tesseract, pandoc) run for one file: within its time and memory, without temporary files.

A program stays in the process group of the child that runs it, so that it ends with the child, and inherits the
child's limit of memory. What it reads and writes goes through pipes.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_WORDS_KEPT = 200  # characters of what a program said on standard error
_LEAVES_SECONDS = 2.0


class ProgramFailed(Exception):
    """It did not start, or ended with an error; the text says which. Never leaves `extraction`."""

    def __init__(self, text: str, code: int | None = None) -> None:
        super().__init__(text)
        self.code = code


class ProgramTookTooLong(ProgramFailed):
    """It was ended at its time limit."""


def output_of(command: Sequence[str | Path], *, seconds: float, given: bytes = b"") -> bytes:
    """What the program writes when it is given `given`; raises ProgramFailed. Nothing of it is left afterwards."""
    name = Path(command[0]).name
    if seconds <= 0:
        raise ProgramTookTooLong(f"no time was left for {name}")
    process = _started(command, name)
    try:
        output, said = process.communicate(given, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise ProgramTookTooLong(f"{name} took longer than {seconds:.3g} s") from error
    finally:
        _end(process)
    if process.returncode != 0:
        raise ProgramFailed(f"{name} {_ending(process.returncode, said)}", process.returncode)
    return output


def _started(command: Sequence[str | Path], name: str) -> subprocess.Popen[bytes]:
    # One thread a program: the files are what is read in parallel.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
    except OSError as error:
        raise ProgramFailed(f"{name} does not start: {error.strerror}") from error


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_LEAVES_SECONDS)
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with suppress(OSError):  # what was not yet written cannot be any more
                pipe.close()


def _ending(code: int, said: bytes) -> str:
    words = " ".join(said.decode(errors="replace").split())[:_WORDS_KEPT]
    how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
    return f"{how}: {words}" if words else how
