"""Stage 3's decision on one work: merge it into a twin, or give it a place in the download queue."""

from __future__ import annotations

from typing import Protocol

from dl_lit.model import DownloadReason, Queueing, Twin, WithMetadataRow, Work
from dl_lit.queueing.dedup import find_twin
from dl_lit.queueing.filters import Filters
from dl_lit.queueing.ranking import priority, query_words


class Library(Protocol):
    """What stage 3 must know about the library."""

    def find_twins(self, row: WithMetadataRow) -> list[tuple[Twin, Work]]: ...

    def citing_pdfs(self, reference_id: int, *others: int) -> int: ...


class Queuer:
    """Decide within the transaction that carries the decision out, or two twins may pass each other unseen."""

    def __init__(self, library: Library, filters: Filters | None = None, query: str | None = None) -> None:
        """`query` is what the user is after: works near to it come first."""
        self._library = library
        self._filters = filters or Filters()
        self._query = query_words(query)

    def decide(self, row: WithMetadataRow) -> Queueing:
        twin = find_twin(row.work, self._library.find_twins(row))
        citing = self._library.citing_pdfs(row.id, *([twin.id] if twin else []))
        objection = None if twin else self._filters.objection(row.work)
        return Queueing(
            twin,
            priority(citing, row.work, self._query),
            unwanted=DownloadReason.FILTERED_OUT if objection else None,
            detail=objection,
        )
