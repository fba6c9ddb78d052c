"""Whether a file that has stopped growing looks like a whole PDF, from its first and last bytes alone."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

HEAD, TAIL = 1024, 2048  # bytes; readers look for the header and the end mark within the first and last 1024
_LENGTH = re.compile(rb"/Linearized\b.{0,200}?/L\s+(\d+)", re.DOTALL)


def is_whole(path: Path) -> bool:
    """False for what is no PDF, too: whoever asks waits for a while, and then lets a reader say what it is."""
    try:
        # Not blocking, because a pipe may have taken the file's place.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return False
        head = os.pread(descriptor, HEAD, 0)
        tail = os.pread(descriptor, TAIL, max(0, status.st_size - TAIL))
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return b"%PDF-" in head and b"%%EOF" in tail and _announced(head) <= status.st_size


def _announced(head: bytes) -> int:
    """The length that a linearized file gives itself. It has an end mark near its beginning too; what was added later
    makes it longer, never shorter."""
    match = _LENGTH.search(head)
    return int(match[1]) if match else 0
