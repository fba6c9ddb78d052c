"""SQLite's errors as ours: each says what happened to which file, and what a person can do about it."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from dl_lit.errors import DatabaseBusy, DatabaseUnusable, DiskFull, DlLitError

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_NO_ACCESS = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_SMALLEST_FREE = 64 * 1024  # bytes; with less, an i/o error is taken for a full disk


class translated:  # noqa: N801 - reads as a statement
    """Raise `errors` in place of those SQLite errors that a person must act on; mistakes of ours pass unchanged."""

    __slots__ = ("_path",)  # a class and not a generator, because it is around every statement

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.Error) and (ours := translate(error, self._path)) is not None:
            raise ours from error


def translate(error: sqlite3.Error, path: Path) -> DlLitError | None:
    """The error to raise instead, or None where SQLite's own is right (a mistake in our statements)."""
    extended = getattr(error, "sqlite_errorcode", None)  # absent where Python itself complains
    if extended is None:
        return None
    code = extended & 0xFF
    if code in _BUSY:
        return busy(path)
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _no_space(path)):
        return DiskFull(
            f"No space is left for {path}. Nothing was lost: free some space there and run the same command again.",
            path=str(path),
        )
    if code in _NO_ACCESS:
        return no_access(path)
    if code == sqlite3.SQLITE_NOTADB:
        return not_ours(path)
    if code == sqlite3.SQLITE_CORRUPT:
        return _damaged(path)
    if code == sqlite3.SQLITE_IOERR:
        return DatabaseUnusable(
            f"Reading or writing {path} failed ({error}). Check the disk or network drive it lies on, "
            "or choose a folder on a local disk with --library.",
            path=str(path),
        )
    return None


def busy(path: Path) -> DatabaseBusy:
    return DatabaseBusy(
        f"Another process kept {path} locked for too long. Wait until it is done or stop it, then run the same "
        "command again; store.busy_timeout sets how many seconds to wait.",
        path=str(path),
    )


def no_access(path: Path) -> DatabaseUnusable:
    return DatabaseUnusable(
        f"{path} cannot be opened for writing. Give yourself write permission to the file and its folder "
        f"({path.parent}), or choose another folder with --library.",
        path=str(path),
    )


def displaced(path: Path) -> DatabaseUnusable:
    another = (
        # SQLite leaves its journal there, and would take it for the new file's.
        f"What is there now is another file: before anything opens it, move {path.name}-wal and {path.name}-shm away, "
        "which belong to the old one."
        if path.exists()
        else "Run the same command again where it is now."
    )
    return DatabaseUnusable(
        f"{path} was moved, deleted or replaced while it was in use, so nothing more was written. Do such things only "
        f"when no command works on it. {another}",
        path=str(path),
    )


def not_ours(path: Path) -> DatabaseUnusable:
    return DatabaseUnusable(
        f"{path} is not a dl-lit database. Choose another folder with --library, or move that file away.",
        path=str(path),
    )


def _damaged(path: Path) -> DatabaseUnusable:
    return DatabaseUnusable(
        f"{path} is damaged. Put back a copy (backups made by dl-lit lie beside it as {path.name}.backup-*), or save "
        f"what is readable with: sqlite3 {path.name} .recover | sqlite3 rescued.db",
        path=str(path),
    )


def _no_space(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _SMALLEST_FREE
    except OSError:
        return False
