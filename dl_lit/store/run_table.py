"""The stage tables as one run sees them: only the PDFs that it was asked to do, and the references that they cite.

A run may be told to take at most so many rows of a stage; the rest waits for the next one.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from dl_lit.model import Row, Stage
from dl_lit.relations import Reach
from dl_lit.store.database import Database
from dl_lit.store.records import Waiting
from dl_lit.store.store import Store

DOIS_FROM = 300  # rows that are looked through for what they print: enough for full lists, and a look of a millisecond


class RunTable:
    """A store narrowed to one run, for the pipeline. `most` is how many different rows of a stage it may take, `reach`
    how many works it may bring in that are related to others."""

    def __init__(
        self, store: Store, run_id: int, most: Mapping[Stage, int] | None = None, reach: Reach | None = None
    ) -> None:
        self._store = store
        self._reach = reach
        self._run_id = run_id
        self._most = dict(most or {})
        self._taken: defaultdict[Stage, set[int]] = defaultdict(set)
        self._lock = threading.Lock()

    @property
    def database(self) -> Database:
        return self._store.database

    def claim(
        self, stage: Stage, owner: str, limit: int, lease_seconds: float, *, exclude: Collection[int] = ()
    ) -> list[Row]:
        if stage is Stage.EXPANSION and not self._has_room():
            return []
        if stage not in self._most:
            return self._store.claim(stage, owner, limit, lease_seconds, exclude=exclude, run_id=self._run_id)
        with self._lock:
            limit = min(limit, self._room(stage))
            rows = self._store.claim(stage, owner, limit, lease_seconds, exclude=exclude, run_id=self._run_id)
            self._taken[stage].update(row.id for row in rows)
            return rows

    def _has_room(self) -> bool:
        """Whether the run may bring in more related works."""
        return self._reach is None or self._store.brought_in(self._run_id) < self._reach.most_expanded

    def _room(self, stage: Stage) -> int:
        return max(0, self._most[stage] - len(self._taken[stage]))

    def dois_ahead(self, owner: str) -> list[str]:
        """The DOIs that stage 2 will soon ask for."""
        most = DOIS_FROM
        if Stage.ENRICHMENT in self._most:
            with self._lock:
                most = min(most, self._room(Stage.ENRICHMENT))
        return self._store.dois_ahead(owner, self._run_id, most)

    def renew(self, stage: Stage, owner: str, ids: Collection[int], lease_seconds: float) -> set[int]:
        return self._store.renew(stage, owner, ids, lease_seconds)

    def release(self, stage: Stage, owner: str, ids: Collection[int] | None = None) -> int:
        return self._store.release(stage, owner, ids)

    def backlog(self, stage: Stage, *, most: int | None = None, of_one_pdf: int | None = None) -> int:
        if stage is Stage.EXPANSION and not self._has_room():
            return 0
        backlog = self._store.backlog(stage, self._run_id, most=most, of_one_pdf=of_one_pdf)
        return min(backlog, self._room(stage)) if stage in self._most else backlog

    def waiting(self, stage: Stage) -> Waiting:
        """What waits beyond the run's share counts as waiting for later, at a time that never comes."""
        waiting = self._store.waiting(stage, self._run_id)
        if stage is Stage.EXPANSION and not self._has_room():
            return Waiting(0, waiting.claimed, waiting.later + waiting.claimable, None)
        if stage not in self._most:
            return waiting
        room = self._room(stage)
        beyond = max(0, waiting.claimable - room)
        due = waiting.next_attempt_at if room else None
        return replace(waiting, claimable=waiting.claimable - beyond, later=waiting.later + beyond, next_attempt_at=due)

    def crashes(self, stage: Stage, row_id: int) -> int:
        return self._store.crashes(stage, row_id)

    def postpone(
        self, stage: Stage, row_id: int, owner: str, *, seconds: float | None, error: str, reason: str | None = None
    ) -> None:
        self._store.postpone(stage, row_id, owner, seconds=seconds, error=error, reason=reason)
