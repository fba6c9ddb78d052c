"""One look at a watched folder: every file named *.pdf in it, and what tells whether it changes. Opens nothing."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dl_lit.intake import is_passed_over

ENDING = ".pdf"
# What browsers and copy programs put behind the name of a file under way; Firefox keeps an empty x.pdf beside it.
UNDER_WAY = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart", ".opdownload")


@dataclass(frozen=True, slots=True)
class Signature:
    """The same as long as nobody has written to the file. `ctime_ns` also tells of a rename and of new permissions.

    No inode: some network folders number their files anew as they like.
    """

    size: int
    mtime_ns: int
    ctime_ns: int

    @staticmethod
    def of(status: os.stat_result) -> Signature:
        return Signature(status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    def __str__(self) -> str:
        return f"{self.size}:{self.mtime_ns}:{self.ctime_ns}"

    def may_be(self, other: str) -> bool:
        """Whether this is what `other` was, whatever its name was then and is now."""
        return other.split(":")[:2] == [str(self.size), str(self.mtime_ns)]


@dataclass(slots=True)
class Look:
    """What is there now. `odd` are names *.pdf of what is neither file nor folder; `closed` folders that could not be
    read, so that nothing can be said of what is missing."""

    files: dict[Path, Signature] = field(default_factory=dict)
    odd: set[Path] = field(default_factory=set)
    closed: dict[Path, str] = field(default_factory=dict)


def signature_of(path: Path) -> Signature | None:
    """None when there is no file (any more)."""
    try:
        status = path.stat()
    except OSError:
        return None
    return Signature.of(status) if stat.S_ISREG(status.st_mode) else None


def look(folder: Path, *, recursive: bool, but: Collection[Path] = ()) -> Look:
    """Files in the folder, in folders below it too if `recursive`, except those in `but`. Each folder is entered once,
    however many links lead there."""
    seen = Look()
    been = set(map(_identity, but)) - {_identity(folder)}
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        identity = _identity(here)
        if identity in been and identity is not None:
            continue
        been.add(identity)
        folders = _read(here, seen)
        if recursive:
            waiting += folders
    return seen


def _identity(folder: Path) -> tuple[int, int] | None:
    with contextlib.suppress(OSError):
        status = folder.stat()
        return status.st_dev, status.st_ino
    return None


def _read(folder: Path, seen: Look) -> list[Path]:
    """Notes what is in one folder; returns the folders in it."""
    folders: list[Path] = []
    try:
        with os.scandir(folder) as entries:
            listed = list(entries)
    except OSError as error:
        seen.closed[folder] = error.strerror or str(error)
        return folders
    reserved = {entry.name.rpartition(".")[0] for entry in listed if entry.name.endswith(UNDER_WAY)}
    for entry in listed:
        if not is_passed_over(entry.name):
            folders += _note(entry, reserved, seen)
    return folders


def _note(entry: os.DirEntry[str], reserved: set[str], seen: Look) -> Iterator[Path]:
    path = Path(entry.path)
    with contextlib.suppress(OSError):  # vanished, a link to nowhere, or to itself
        if entry.is_dir():
            yield path
        elif entry.name.lower().endswith(ENDING) and entry.name not in reserved:
            status = entry.stat()
            if stat.S_ISREG(status.st_mode):
                seen.files[path] = Signature.of(status)
            else:
                seen.odd.add(path)
