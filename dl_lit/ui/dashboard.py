"""The live panel of a run on a terminal."""

from __future__ import annotations

import time
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from dl_lit import moments
from dl_lit.model import Health, PoolHealth
from dl_lit.net.ledger import next_midnight
from dl_lit.pipeline.progress import Snapshot, StageStats
from dl_lit.pipeline.work import Verdict
from dl_lit.ui.wording import STAGE_NAMES, condition, duration, printable

EVENTS_SHOWN = 5
HOSTS_SHOWN = 6
HEALTH_STYLES = {
    Health.IDLE: "dim",
    Health.OK: "green",
    Health.SLOWED: "yellow",
    Health.OPEN: "red",
    Health.EXHAUSTED: "magenta",
    Health.BLOCKED: "red",
}


def render(snapshot: Snapshot, health: Sequence[PoolHealth]) -> RenderableType:
    """The whole panel for one moment of the run."""
    parts: list[RenderableType] = [_stages(snapshot)]
    if health:
        parts.append(_services(health))
    if snapshot.events:
        parts.append(_events(snapshot))
    return Panel(Group(*parts), title="dl-lit", subtitle=_footer(snapshot), border_style="blue", padding=(0, 1))


def _stages(snapshot: Snapshot) -> Table:
    table = Table(box=None, expand=True, header_style="bold", padding=(0, 1))
    table.add_column("stage", no_wrap=True)
    for name in ("waiting", "active", "done", "look", "failed", "later", "per min"):
        table.add_column(name, justify="right", no_wrap=True)
    for stage in snapshot.stages:
        table.add_row(*_stage_row(stage, stage.stage is snapshot.bottleneck))
    return table


def _stage_row(stage: StageStats, bottleneck: bool) -> list[Text]:
    name = Text(STAGE_NAMES[stage.stage], style="bold yellow" if bottleneck else "")
    if stage.held_back and stage.waiting:
        name.append(" (held back)", style="dim")
    done = f"{stage.done}" + (f" +{stage.duplicate} twins" if stage.duplicate else "")
    return [
        name,
        Text(str(stage.ahead)),
        Text(f"{stage.active}/{stage.workers}"),
        Text(done, style="green"),
        _count(stage.review, "yellow"),
        _count(stage.failed, "red"),
        _count(stage.later, "magenta"),
        Text(f"{stage.rate:.0f}"),
    ]


def _count(number: int, style: str) -> Text:
    return Text(str(number), style=style if number else "dim")


def _services(health: Sequence[PoolHealth]) -> Table:
    table = Table(box=None, expand=True, header_style="bold", padding=(0, 1))
    table.add_column("service or host", no_wrap=True)
    table.add_column("state", no_wrap=True)
    left = f"left until {moments.here(next_midnight(), now=time.time())[-5:]}"  # midnight by UTC, on the wall clock
    for name in ("allowed/s", "in flight", "requests", "errors", left):
        table.add_column(name, justify="right", no_wrap=True)
    for pool in _most_telling(health):
        table.add_row(
            Text(printable(pool.name)),
            Text(condition(pool), style=HEALTH_STYLES[pool.health]),
            f"{pool.rate:.2g}",
            str(pool.in_flight),
            str(pool.requests),
            _count(pool.errors, "red"),
            "" if pool.remaining is None else f"{pool.remaining:.0f}",
        )
    return table


def _most_telling(health: Sequence[PoolHealth]) -> list[PoolHealth]:
    """The services that were asked or are not well, and the busiest file hosts."""
    services = [pool for pool in health if "." not in pool.name and pool.health is not Health.IDLE]
    hosts = [pool for pool in health if "." in pool.name]
    hosts.sort(key=lambda pool: (-pool.in_flight, -pool.requests, pool.name))
    return services + hosts[:HOSTS_SHOWN]


def _events(snapshot: Snapshot) -> Table:
    table = Table(box=None, expand=True, show_header=False, padding=(0, 1))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    for event in snapshot.events[-EVENTS_SHOWN:]:
        style = "red" if event.verdict is Verdict.FAILED else "magenta"
        clock = time.strftime("%H:%M:%S", time.localtime(event.when))
        table.add_row(clock, Text(printable(event.reason), style=style), Text(printable(event.what)))
    return table


def _footer(snapshot: Snapshot) -> str:
    left = f" · about {duration(snapshot.eta)} left" if snapshot.eta else ""
    slow = f" · slowest: {STAGE_NAMES[snapshot.bottleneck]}" if snapshot.bottleneck else ""
    return f"{duration(snapshot.seconds)}{left}{slow} · Ctrl-C stops cleanly"
