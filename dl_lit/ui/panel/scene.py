"""What the panel shows at one moment, as facts that are drawn without asking anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from dl_lit.model import Health, PoolHealth, Stage
from dl_lit.pipeline.progress import Snapshot


class Focus(Enum):
    """What fills the panel below the stages; the value is the key that asks for it."""

    HOSTS = "h"
    FAILURES = "f"
    WORKERS = "w"


class Motion(Enum):
    """How the run moves."""

    RUNNING = "running"
    PAUSED = "paused"
    DRAINING = "stopping"


@dataclass(frozen=True, slots=True)
class Usage:
    """What all processes of the run take together: CPU seconds a second (2.0: two cores), memory in bytes."""

    cpu: float
    memory: int
    processes: int


@dataclass(frozen=True, slots=True)
class Size:
    """A terminal in characters."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Scene:
    """`lasting`: for how many more references each service's budget of today will do; `keys`: whether keys are read."""

    snapshot: Snapshot
    health: Sequence[PoolHealth] = ()
    focus: Focus = Focus.HOSTS
    motion: Motion = Motion.RUNNING
    usage: Usage | None = None
    lasting: Mapping[str, float] = field(default_factory=dict)
    keys: bool = False

    @property
    def references_ahead(self) -> int:
        """Those that have to be looked for yet."""
        stages = [stage for stage in self.snapshot.stages if stage.stage is Stage.ENRICHMENT]
        return sum(stage.ahead + stage.active for stage in stages)

    @property
    def short_budgets(self) -> Mapping[str, float]:
        """Of `lasting` what will not do for all of them."""
        return {name: enough for name, enough in self.lasting.items() if enough < self.references_ahead}

    @property
    def services(self) -> list[PoolHealth]:
        """Those that were asked or are not well."""
        return [pool for pool in self.health if not is_host(pool) and pool.health is not Health.IDLE]

    @property
    def hosts(self) -> list[PoolHealth]:
        """File hosts, those that are slow or given up first, then the busiest."""
        hosts = [pool for pool in self.health if is_host(pool)]
        return sorted(hosts, key=lambda pool: (is_well(pool), -pool.in_flight, -pool.requests, pool.name))


def is_host(pool: PoolHealth) -> bool:
    return "." in pool.name


def is_well(pool: PoolHealth) -> bool:
    return pool.health in (Health.OK, Health.IDLE)
