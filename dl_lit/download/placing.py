"""Files put into their place without ever replacing another, and onto the disk before anything else is said of them."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from dl_lit.errors import DiskFull

# What file systems and the kernel say where a file cannot have a second name.
_NO_LINKS = frozenset(
    {errno.EPERM, errno.EACCES, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
)


def place(source: Path, target: Path) -> None:
    """Moves a file within its file system. Raises FileExistsError rather than take another's place."""
    if link(source, target):
        remove_moved(source, target)
        return
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))  # the name is ours, and empty if all ends here
    try:
        source.replace(target)
    except OSError:
        _take_back(source, target)
        raise


def remove_moved(source: Path, target: Path) -> None:
    """The last step of a move, when `target` is there. Where it fails, that goes: a new try makes it again."""
    try:
        source.unlink(missing_ok=True)
    except OSError:
        _take_back(source, target)
        raise


def _take_back(source: Path, target: Path) -> None:
    """Not when the source is gone: a network folder may have done what it said had failed."""
    if os.path.lexists(source):
        with contextlib.suppress(OSError):
            target.unlink()


def link(source: Path, target: Path) -> bool:
    """A second name for a file; False where there can be none. Raises FileExistsError."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return False
    return True


def sha256_of(path: Path) -> str:
    """Raises OSError, also for a pipe or a device, which might have no end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is no ordinary file")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def holds(path: Path, sha256: str) -> bool:
    """Whether this content is there; somebody may have taken the file away."""
    with contextlib.suppress(FileNotFoundError):
        return sha256_of(path) == sha256
    return False


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def space() -> Iterator[None]:
    """A full disk stops the run with its own word, not with a traceback."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EFBIG:
            cure = "Raise the limit (ulimit -f) or use another disk, then run the same command again."
            raise DiskFull(f"Files as large as a download's may not be written here. {cure}") from error
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull("No space left for downloads. Free some, then run the same command again.") from error
        raise
