"""Moves files that are done with out of a watched folder: never over another file, and never twice.

Where a file goes is written down before it moves. After a kill at any moment one of these is true, and `finish` can
tell which: it has not moved; it has both names; it has moved and the database does not know.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dl_lit.download.placing import holds, place, remove_moved, sha256_of, sync
from dl_lit.download.shelf import free_name
from dl_lit.intake import path_from_text, path_text
from dl_lit.model import PdfReason
from dl_lit.store.watched import HandedIn, Settled
from dl_lit.watching.looking import signature_of

log = logging.getLogger(__name__)


class Record(Protocol):
    """The store, as far as a move needs it."""

    def move_file(self, path: str, target: str | None) -> None: ...

    def file_moved(self, path: str, target: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Places:
    """Where files go whose references have all reached a final state, and where those that could not be read."""

    completed: Path
    failed: Path

    def of(self, reason: PdfReason | None) -> Path:
        """A PDF that reads well and has no list of references was read."""
        return self.completed if reason in (None, PdfReason.NO_REFERENCES) else self.failed


class Mover:
    """`root` is the watched folder: what lies in folders below it goes into folders of the same names."""

    def __init__(self, root: Path, places: Places, record: Record, *, before_move: Callable[[Path], None]) -> None:
        """`before_move` is called when the target is written down and the file has not moved yet."""
        self._root = root
        self._places = places
        self._record = record
        self._before_move = before_move

    def move(self, file: Settled) -> Path | None:
        """Where the file is now; None when it is not what was handed in any more. Raises OSError."""
        source = path_from_text(file.path)
        if str(signature_of(source)) != file.signature:
            return None
        folder = self._places.of(file.reason) / source.relative_to(self._root).parent
        _check_leave(source)
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            target = folder / free_name(folder, source.name)
            self._record.move_file(file.path, path_text(target))
            self._before_move(target)
            with contextlib.suppress(FileExistsError):  # somebody took the name just now
                _carry(source, target, file.sha256)
                break
        self._record.file_moved(file.path, path_text(target))
        return target


def finish(file: HandedIn, record: Record) -> bool:
    """Ends a move that a kill may have cut off; False when the file is still to be moved."""
    source, target = path_from_text(file.path), path_from_text(file.target or "")
    if not _has_arrived(source, target, file):
        record.move_file(file.path, None)
        return False
    here = signature_of(source)
    if here is not None and here.may_be(file.signature):  # else another file has come in its place
        source.unlink()
    record.file_moved(file.path, path_text(target))
    return True


def _has_arrived(source: Path, target: Path, file: HandedIn) -> bool:
    there = signature_of(target)
    if there is None or not there.may_be(file.signature):
        return False
    if _same_file(source, target):
        # A link to the file is not a second name: without the file it would lead nowhere.
        return source.is_symlink() or not target.is_symlink()
    if file.sha256 is None:
        return not os.path.lexists(source)
    return holds(target, file.sha256)


def _same_file(source: Path, target: Path) -> bool:
    with contextlib.suppress(OSError):
        return source.samefile(target)
    return False


def _check_leave(source: Path) -> None:
    """Raises PermissionError before anything is touched: even a link that is taken back changes the times of a file."""
    folder, euid = source.parent.stat(), os.geteuid()
    is_kept = folder.st_mode & stat.S_ISVTX and euid not in (0, folder.st_uid, source.lstat().st_uid)
    if is_kept or not os.access(source.parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(source))


def _carry(source: Path, target: Path, sha256: str | None) -> None:
    if source.is_symlink():
        # Its own text may be relative to where it is.
        target.symlink_to(source.resolve())
        remove_moved(source, target)
    else:
        try:
            place(source, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy_over(source, target, sha256)
    with contextlib.suppress(OSError):  # some network folders cannot
        sync(target.parent)


def _copy_over(source: Path, target: Path, sha256: str | None) -> None:
    """To another file system: whole and on the disk before it gets its name, and only then away from here."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)  # what a kill has left, or a link that would lead the copy elsewhere
    try:
        shutil.copy2(source, part)
        sync(part)
        if sha256 is not None and sha256_of(part) != sha256:
            raise OSError(errno.EIO, "it changed while it was copied, and stays", str(source))
        place(part, target)
    finally:
        part.unlink(missing_ok=True)
    remove_moved(source, target)
