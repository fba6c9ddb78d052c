"""Stage 3's decision on one work: merge it into a twin, or give it a place in the download queue."""

from __future__ import annotations

from typing import Protocol

from dl_lit.model import Queueing, Twin, WithMetadataRow, Work
from dl_lit.queueing.dedup import find_twin
from dl_lit.queueing.ranking import priority


class Library(Protocol):
    """What stage 3 must know about the library."""

    def find_twins(self, row: WithMetadataRow) -> list[tuple[Twin, Work]]: ...

    def citing_pdfs(self, reference_id: int, *others: int) -> int: ...


class Queuer:
    """Decide within the transaction that carries the decision out, or two twins may pass each other unseen."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def decide(self, row: WithMetadataRow) -> Queueing:
        twin = find_twin(row.work, self._library.find_twins(row))
        citing = self._library.citing_pdfs(row.id, *([twin.id] if twin else []))
        return Queueing(twin, priority(citing, row.work))
