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
        try:
            for folder in (self.folder, self.pdfs, self.quarantine, self.logs, self.database.parent):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unusable(self.folder, error) from error
        if not os.access(self.folder, os.W_OK):
            raise DatabaseUnusable(
                f"The library {self.folder} cannot be written. Give write permission, or name another with --library.",
                path=str(self.folder),
            )


def _unusable(folder: Path, error: OSError) -> DatabaseUnusable | DiskFull:
    if error.errno == errno.ENOSPC:
        return DiskFull(f"No space left for the library {folder}. Free some, or name another place with --library.")
    return DatabaseUnusable(
        f"The library {folder} cannot be made: {error.strerror}. Name another place with --library.", path=str(folder)
    )
