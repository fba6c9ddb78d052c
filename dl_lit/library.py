"""A library on disk: one folder with the database, the kept PDFs, the quarantine and the logs (design §8)."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from dl_lit.errors import DatabaseUnusable, DiskFull

DATABASE_NAME = "literature.db"


@dataclass(frozen=True, slots=True)
class Library:
    """The paths of a library. `database` may lie elsewhere (`--db-path`)."""

    folder: Path
    database: Path

    @classmethod
    def at(cls, folder: Path, database: Path | None = None) -> Library:
        folder = folder.expanduser().resolve()
        return cls(folder, database.expanduser().resolve() if database else folder / DATABASE_NAME)

    @property
    def pdfs(self) -> Path:
        return self.folder / "pdfs"

    @property
    def quarantine(self) -> Path:
        return self.folder / "quarantine"

    @property
    def aside(self) -> Path:
        """Where `library check --fix` puts files that are no work's; it is made when there is one."""
        return self.folder / "aside"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def make_folders(self) -> None:
        """Creates what is missing; StoreError when the place cannot be written."""
        for folder in (self.folder, self.pdfs, self.quarantine, self.logs, self.database.parent):
            if folder.is_symlink() and not folder.exists():
                raise DatabaseUnusable(
                    f"{folder} is a link to {folder.readlink()}, which is not there. Mount the disk that it is on, or"
                    " remove the link.",
                    path=str(folder),
                )
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise _unusable(self.folder, error) from error
        for folder in (self.folder, self.pdfs, self.quarantine):
            if not os.access(folder, os.W_OK):  # false of a disk that is mounted read-only, too
                what = f"The library {folder}" if folder == self.folder else f"The library's folder {folder}"
                cure = "Give write permission, or name another with --library."
                raise DatabaseUnusable(f"{what} cannot be written. {cure}", path=str(folder))


def _unusable(folder: Path, error: OSError) -> DatabaseUnusable | DiskFull:
    if error.errno == errno.ENOSPC:
        return DiskFull(f"No space left for the library {folder}. Free some, or name another place with --library.")
    return DatabaseUnusable(
        f"The library {folder} cannot be made: {error.strerror}"
        f"{f' ({error.filename})' if error.filename not in (None, str(folder)) else ''}."
        " Name another place with --library.",
        path=str(folder),
    )
