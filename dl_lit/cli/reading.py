"""Opens a library for commands that look at it or change single rows, and finds the reference that a person means."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dl_lit.config import load_settings
from dl_lit.errors import UsageError
from dl_lit.library import Library
from dl_lit.store.database import Database
from dl_lit.store.store import Store
from dl_lit.store.stories import MOST_MEANT, Story
from dl_lit.ui.story import short

_SHOWN = 20  # references that are listed where a word means several


@contextmanager
def opened(library: Library) -> Iterator[Store]:
    """The library's store, which cannot write; UsageError when there is no library yet."""
    _must_exist(library)
    database = Database.look(library.database, load_settings().store)
    try:
        yield Store(database)
    finally:
        database.close()


@contextmanager
def opened_for_change(library: Library) -> Iterator[Store]:
    """The library's store; UsageError when there is no library yet."""
    _must_exist(library)
    database = Database.open(library.database, load_settings().store)
    try:
        yield Store(database)
    finally:
        database.close()


def must_be_still(store: Store, what: str) -> None:
    """Raises UsageError while a run works on the library; `what` is to be done when it has ended."""
    if runs := store.live_runs():
        raise UsageError(
            f"A run works on this library (process {runs[0].pid}): its files come and go. {what} when it has ended."
        )


def the_one_meant(store: Store, text: str) -> Story:
    """The story of the one reference that `text` names; UsageError when it names none, or several."""
    stories = [told for found in store.meant(text) if (told := store.told(found)) is not None]
    if not stories:
        raise UsageError(
            f"The library has no reference {text!r}. Try a DOI, words of the title, or an id from dl-lit failures."
        )
    if len(stories) > 1:
        listed = "\n".join(f"  {short(told)}" for told in stories[:_SHOWN])
        number = f"{len(stories)} references" + (" or more" if len(stories) >= MOST_MEANT else "")
        raise UsageError(f"{text!r} may mean {number}; name one by its id, or give more words:\n{listed}")
    return stories[0]


def _must_exist(library: Library) -> None:
    if not library.database.is_file():
        raise UsageError(
            f"There is no library at {library.folder}. Name it with --library, or make one with "
            "dl-lit process-folder-concurrent."
        )
