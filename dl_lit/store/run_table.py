"""The stage tables as one run sees them: only the PDFs that it was asked to do, and the references that they cite."""

from __future__ import annotations

from collections.abc import Collection

from dl_lit.model import Row, Stage
from dl_lit.store.database import Database
from dl_lit.store.records import Waiting
from dl_lit.store.store import Store


class RunTable:
    """A store narrowed to one run, for the pipeline."""

    def __init__(self, store: Store, run_id: int) -> None:
        self._store = store
        self._run_id = run_id

    @property
    def database(self) -> Database:
        return self._store.database

    def claim(
        self, stage: Stage, owner: str, limit: int, lease_seconds: float, *, exclude: Collection[int] = ()
    ) -> list[Row]:
        return self._store.claim(stage, owner, limit, lease_seconds, exclude=exclude, run_id=self._run_id)

    def renew(self, stage: Stage, owner: str, ids: Collection[int], lease_seconds: float) -> set[int]:
        return self._store.renew(stage, owner, ids, lease_seconds)

    def release(self, stage: Stage, owner: str, ids: Collection[int] | None = None) -> int:
        return self._store.release(stage, owner, ids)

    def backlog(self, stage: Stage) -> int:
        return self._store.backlog(stage, self._run_id)

    def waiting(self, stage: Stage) -> Waiting:
        return self._store.waiting(stage, self._run_id)

    def crashes(self, stage: Stage, row_id: int) -> int:
        return self._store.crashes(stage, row_id)

    def postpone(
        self, stage: Stage, row_id: int, owner: str, *, seconds: float | None, error: str, reason: str | None = None
    ) -> None:
        self._store.postpone(stage, row_id, owner, seconds=seconds, error=error, reason=reason)
