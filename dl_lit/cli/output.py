"""Where a command writes its lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from dl_lit.errors import UsageError


@contextmanager
def destination(output: Path | None) -> Iterator[TextIO]:
    """The file `output`, its folder made where it is missing, or standard output."""
    if output is None:
        yield sys.stdout
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        file = output.open("w", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}. Choose another --output.") from error
    with file:
        yield file
