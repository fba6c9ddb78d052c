"""How far the budgets of today will reach, from what they have been spent on since the run began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dl_lit.model import PoolHealth, Stage
from dl_lit.pipeline.progress import Snapshot

ENOUGH_TO_TELL = 20  # references; of fewer the mean cost says little


@dataclass(slots=True)
class Budgets:
    """Remembers what was left of each budget when it was first seen, or when it was last given anew."""

    _first: dict[str, tuple[float, int]] = field(default_factory=dict)  # service -> (left, references finished)
    _least: dict[str, float] = field(default_factory=dict)

    def lasting(self, snapshot: Snapshot, health: Sequence[PoolHealth]) -> Mapping[str, float]:
        """For how many more references what is left of each budget will do, where that can be told."""
        finished = sum(_finished(snapshot))
        known = {pool.name: pool.remaining for pool in health if pool.remaining is not None}
        return {
            name: references
            for name, left in known.items()
            if (references := self._reach(name, left, finished)) is not None
        }

    def _reach(self, name: str, left: float, finished: int) -> float | None:
        if left > self._least.get(name, float("inf")):
            self._first.pop(name, None)  # a new day, or a better account
        self._least[name] = left
        at_first, finished_then = self._first.setdefault(name, (left, finished))
        references, spent = finished - finished_then, at_first - left
        if references < ENOUGH_TO_TELL or spent <= 0:
            return None
        return left * references / spent


def _finished(snapshot: Snapshot) -> list[int]:
    stages = [stage for stage in snapshot.stages if stage.stage is Stage.ENRICHMENT]
    return [stage.done + stage.failed + stage.review + stage.duplicate for stage in stages]
