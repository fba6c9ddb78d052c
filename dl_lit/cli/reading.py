"""Opens a library for commands that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dl_lit.config import load_settings
from dl_lit.errors import UsageError
from dl_lit.library import Library
from dl_lit.store.database import Database
from dl_lit.store.store import Store


@contextmanager
def opened(library: Library) -> Iterator[Store]:
    """The library's store, which cannot write; UsageError when there is no library yet."""
    if not library.database.is_file():
        raise UsageError(
            f"There is no library at {library.folder}. Name it with --library, or make one with "
            "dl-lit process-folder-concurrent."
        )
    database = Database.look(library.database, load_settings().store)
    try:
        yield Store(database)
    finally:
        database.close()
