"""What the machinery and a stage say to each other: items in, steps out."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from dl_lit.model import NoMetadataRow, PdfRow, Row, Stage
from dl_lit.relations import ExpansionRow


@dataclass(frozen=True, slots=True)
class Item:
    """A claimed row on its way to a worker; `job` is what a parked row takes up again."""

    row: Row
    job: Any = None


NAME_LENGTH = 100  # characters of a title or printed string that name a row on the screen


def name_of(row: Row) -> str:
    """A row as a person knows it: the file, the printed reference, or the work."""
    match row:
        case PdfRow():
            return row.path
        case NoMetadataRow():
            name: str | None = row.reference.raw
        case ExpansionRow():
            name = row.title
        case _:
            name = row.work.title
    name = name or "(no title)"
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…"


class Verdict(StrEnum):
    """How a row left its stage, for the counts."""

    DONE = "done"
    FAILED = "failed"
    REVIEW = "review"
    DUPLICATE = "duplicate"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Finished:
    """A row whose work is over. `outcome` goes to the task's `finish`; `what` names the row for a person."""

    item: Item
    outcome: Any
    verdict: Verdict
    reason: str | None = None
    what: str = ""
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Parked:
    """A row that must wait `seconds` for something outside, without holding a worker meanwhile."""

    item: Item
    seconds: float


class Flush:
    """What comes next takes time: what is finished is written before it."""


Step = Finished | Parked | Flush


class Task(Protocol):
    """One stage's work. `run` may be called by several threads at once, with different items.

    `run` yields a step for each item, in any order, as soon as it is known, and a Flush between them; it may return
    early when `stop` is set, and the items without a step go back to the table. RetryLater and SkipItem never leave
    it; StopRun does.
    `finish` writes a result inside the machinery's transaction and returns it, changed where only the write could
    tell (a duplicate); it raises LeaseLost when the row is another's by now.
    """

    @property
    def stage(self) -> Stage: ...

    @property
    def batch(self) -> int: ...

    def run(self, items: Sequence[Item], stop: threading.Event) -> Iterator[Step]: ...

    def finish(self, finished: Finished, owner: str) -> Finished: ...

    def settled(self, finished: Finished) -> None:
        """Called once the result is safely in the database."""

    def give_up(self, item: Item, error: str) -> Finished | None:
        """The final failure of an item on which our own code crashed again and again; None: there is no such end."""


class Waiting(Protocol):
    """Rows of a stage's table: `claimable` now, `claimed` by anyone, `later` from `next_attempt_at` (unix time)."""

    @property
    def claimable(self) -> int: ...

    @property
    def claimed(self) -> int: ...

    @property
    def later(self) -> int: ...

    @property
    def next_attempt_at(self) -> float | None: ...


class Transactions(Protocol):
    def transaction(self) -> AbstractContextManager[Any]: ...


class Table(Protocol):
    """The store, as far as the machinery needs it."""

    def claim(
        self, stage: Stage, owner: str, limit: int, lease_seconds: float, *, exclude: Collection[int] = ...
    ) -> list[Row]: ...

    def renew(self, stage: Stage, owner: str, ids: Collection[int], lease_seconds: float) -> set[int]: ...

    def release(self, stage: Stage, owner: str, ids: Collection[int] | None = None) -> int: ...

    def backlog(self, stage: Stage, *, most: int | None = ..., of_one_pdf: int | None = ...) -> int:
        """How many rows could be claimed; `most + 1` stands for all numbers above `most`. Of the rows that one PDF has
        brought, no more than `of_one_pdf` count."""

    def waiting(self, stage: Stage) -> Waiting: ...

    def postpone(
        self, stage: Stage, row_id: int, owner: str, *, seconds: float | None, error: str, reason: str | None = None
    ) -> None: ...

    def crashes(self, stage: Stage, row_id: int) -> int:
        """How often the row was postponed with the reason "internal_error" in this stage."""

    @property
    def database(self) -> Transactions: ...
