"""Which works an export takes, out of all that a library has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from dl_lit.exporting.keys import Keyed, keyed
from dl_lit.store import exported
from dl_lit.store.moves import UNVERIFIED
from dl_lit.store.records import LibraryWork
from dl_lit.store.store import Store

_PAGE = 500


class State(StrEnum):
    """How far a reference has come."""

    COPY = "copy"
    NO_COPY = "no-copy"
    WAITING = "waiting"
    REVIEW = "review"
    UNMATCHED = "unmatched"
    UNTRIED = "untried"


VERIFIED = frozenset({State.COPY, State.NO_COPY, State.WAITING})
STATE_OF = {
    "downloaded_references": State.COPY,
    "failed_downloads": State.NO_COPY,
    "with_metadata": State.WAITING,
    "to_download_references": State.WAITING,
    "needs_review": State.REVIEW,
    "failed_enrichments": State.UNMATCHED,
    "no_metadata": State.UNTRIED,
}


@dataclass(frozen=True, slots=True)
class Selection:
    """`ids` None: whatever cites them. A work without a year fits no bound of years."""

    states: frozenset[State] = VERIFIED
    from_year: int | None = None
    to_year: int | None = None
    cited_only: bool = False
    ids: frozenset[int] | None = None

    def takes(self, one: LibraryWork) -> bool:
        return (
            STATE_OF[one.table] in self.states
            and self._fits(one.work.year)
            and (one.cited_by_pdfs > 0 or not self.cited_only)
            and (self.ids is None or one.id in self.ids)
        )

    def _fits(self, year: int | None) -> bool:
        if self.from_year is None and self.to_year is None:
            return True
        return year is not None and (self.from_year or year) <= year <= (self.to_year or year)


def selected(store: Store, selection: Selection) -> list[Keyed]:
    """Keys are given before anything is left out. Verified works have theirs first: where no other is wanted, the rest
    need not be read."""
    everything = references(store, with_unverified=not selection.states <= VERIFIED)
    return [one for one in keyed(everything, store.given_keys()) if selection.takes(one.entry)]


def references(store: Store, *, with_unverified: bool) -> Iterator[LibraryWork]:
    """All works of a library by id, then what was read from prints without one."""
    pages = [lambda last: store.works(after_id=last, limit=_PAGE)]
    if with_unverified:
        pages += [partial(exported.unverified, store.database.reader(), table, _PAGE) for table in UNVERIFIED]
    return (one for page in pages for one in _paged(page))


def _paged(page: Callable[[int], list[LibraryWork]]) -> Iterator[LibraryWork]:
    """`page` gives what comes after an id."""
    last = 0
    while found := page(last):
        yield from found
        last = found[-1].id
