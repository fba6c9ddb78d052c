"""The data of expansion and keyword search, as frozen and free of behaviour as `model`'s: whose relations are looked
for, how far, what was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `model` has the row of this module among its rows
    from dl_lit.model import Work


class Direction(StrEnum):
    """Which way an expansion goes from a work: to what it cites, or to what cites it."""

    REFERENCES = "references"
    CITATIONS = "citations"


@dataclass(frozen=True, slots=True)
class ExpansionRow:
    """An accepted work whose relations are looked for; `reference_id` is its own id, `depth` its steps from a PDF."""

    id: int
    reference_id: int
    direction: Direction
    depth: int
    attempts: int
    title: str | None = None
    doi: str | None = None
    openalex_id: str | None = None


class ExpansionReason(StrEnum):
    """Why an expansion brought nothing, or not all yet."""

    NOT_INDEXED = "not_indexed"  # no index knows the work
    NONE_KNOWN = "none_known"  # the work is known, but none of its relations
    SERVICE_SILENT = "service_silent"  # waits: a service gave no answer
    BUDGET_SPENT = "budget_spent"  # waits: its budget is spent until a time that the detail names
    ACCESS_REFUSED = "access_refused"  # waits: it refuses us, and a person must act
    RUN_IS_FULL = "run_is_full"  # waits for the next run: this one has brought in as many works as it may
    INTERNAL_ERROR = "internal_error"  # our own code failed on it, again and again


WAITING_FOR_RELATIONS = frozenset(
    {ExpansionReason.SERVICE_SILENT, ExpansionReason.BUDGET_SPENT, ExpansionReason.ACCESS_REFUSED}
)


@dataclass(frozen=True, slots=True)
class Expansion:
    """The works that are related to one, best first, and who said so. `reason` is None when there are any.

    With a WAITING_FOR_RELATIONS the row waits `retry_after` seconds.
    """

    works: tuple[Work, ...] = ()
    source: str = ""
    reason: ExpansionReason | None = None
    detail: str | None = None
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a run goes beyond the works that its PDFs cite: steps by direction, and how many works at most.

    `most_related` works come in with one work, `most_expanded` in one run.
    """

    references: int = 0
    citations: int = 0
    most_related: int = 50
    most_expanded: int = 1000

    @property
    def depth(self) -> int:
        return max(self.references, self.citations)

    def steps(self, direction: Direction) -> int:
        return self.references if direction is Direction.REFERENCES else self.citations


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of what a search gave, best first; `total` is how many there are on all pages, where that is said."""

    works: tuple[Work, ...]
    total: int | None = None
