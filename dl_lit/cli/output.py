"""Where a command writes its lines."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import click
from rich.console import Console, RenderableType

from dl_lit.errors import UsageError

_DATABASE = b"SQLite format 3\0"
STDOUT = Path("-")  # as `--output` names it
_BESIDE_A_DATABASE = ("-wal", "-shm", "-journal")


def check_output(
    output: Path | None, inputs: Iterable[Path], *, database: Path | None = None, replaces: bool = False
) -> None:
    """Raises UsageError when `output` is, under whatever name, a file that is read, or the library's `database`; any
    other database, too, unless the command `replaces` some and looks at them itself."""
    if output is None or (identity := identity_of(output)) is None:
        return
    files = [*inputs, *([database, *_beside_database(database)] if database else [])]
    if read := next((one for one in files if identity_of(one) == identity), None):
        which = "" if read == output else f" (as {read})"
        raise UsageError(f"{output} is read here too{which}. Choose another --output.")
    if not replaces and _is_database(output):
        raise UsageError(f"{output} is a database, of a library perhaps. Choose another --output.")


def identity_of(path: Path) -> tuple[int, int] | None:
    """The same for all names of a file: its own, symbolic and hard links. None for what is no file, as /dev/null."""
    try:
        told = path.stat()
    except OSError:
        return None
    return (told.st_dev, told.st_ino) if stat.S_ISREG(told.st_mode) else None


def _beside_database(database: Path) -> list[Path]:
    return [database.with_name(database.name + ending) for ending in _BESIDE_A_DATABASE]


def _is_database(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(len(_DATABASE)) == _DATABASE
    except OSError:
        return False  # whether it can be written is another question


def show(renderable: RenderableType) -> None:
    """On the console; into a pipe or a file without the blanks that fill up a table's lines. An address that is longer
    than a line stays whole."""
    console = Console()
    if console.is_terminal:
        console.print(renderable, crop=False)
        return
    with console.capture() as captured:
        console.print(renderable, crop=False)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def put_rows(form: str, table: Callable[[], RenderableType], written: Callable[[str], str]) -> None:
    """What `options.rows_option` chose: a table on the console, or the text that `written` makes of the form."""
    if form == "table":
        show(table())
    else:
        click.echo(written(form), nl=False)


@dataclass(slots=True)
class Destination:
    """Lines written so far, and whether they are worth keeping: a run that failed leaves an older file as it was."""

    file: IO[Any]
    is_kept: bool = True

    def write(self, text: str) -> None:
        self.file.write(text)

    def discard(self) -> None:
        self.is_kept = False


@contextmanager
def destination(output: Path | None, *, binary: bool = False) -> Iterator[Destination]:
    """The file `output`, its folder made where it is missing, or standard output (also "-"). `binary`: it takes bytes.

    A file gets its name at the end, when all went well; until then an older one stands. UsageError where it cannot be
    written.
    """
    if output is None or output == STDOUT:
        if binary:
            raise UsageError("What is written is no text: name a file with --output.")
        yield Destination(sys.stdout)
        return
    target = Path(os.path.realpath(output))  # of a link, what it leads to is replaced
    written = target if target.exists() and not target.is_file() else _beside(target)
    with _opened(written, target, output, binary) as file:
        result = Destination(file)
        try:
            yield result
            if result.is_kept and written != target:
                file.flush()
                os.fsync(file.fileno())
                _put(written, target)
        finally:
            if written != target:
                written.unlink(missing_ok=True)


def _beside(target: Path) -> Path:
    return target.with_name(f".dl-lit-{secrets.token_hex(6)}.part")


def _opened(written: Path, target: Path, output: Path, binary: bool) -> IO[Any]:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return written.open("wb") if binary else written.open("w", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}. Choose another place.") from error


def _put(written: Path, target: Path) -> None:
    if target.exists():
        shutil.copymode(target, written)
    written.replace(target)
