"""What the request log says of the hosts: how many at once, how close, and how long the rules made it take at least."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from dl_lit.standin.log import Entry, read_log

SPACING = 1.0
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class HostFigures:
    """Times in seconds. `bound` is what the rules ask for between its first and last request, `late` what passed on top
    of that, `asked_for` the spacing that holds at the end."""

    host: str
    requests: int
    at_once: int
    closest: float | None
    asked_for: float
    bound: float
    late: float


@dataclass(frozen=True, slots=True)
class Figures:
    """`busy` is the time of all requests together, `wall` from the first one's start to the last one's end."""

    hosts: tuple[HostFigures, ...]
    requests: int
    busy: float
    wall: float
    workers: int

    @property
    def binding(self) -> HostFigures:
        return max(self.hosts, key=lambda host: host.bound)

    @property
    def bound(self) -> float:
        """Neither the slowest host nor the workers could have been done sooner."""
        return max(self.binding.bound, self.busy / self.workers)

    @property
    def ratio(self) -> float:
        return self.wall / self.bound

    @property
    def idle(self) -> float:
        return 1 - self.busy / (self.workers * self.wall)


def figures(log: Path, workers: int) -> Figures:
    entries = read_log(log)
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.service or entry.host].append(entry)
    began, ended = min(one.time for one in entries), max(one.finished for one in entries)
    hosts = tuple(host_figures(name, group) for name, group in sorted(groups.items()))
    return Figures(hosts, len(entries), sum(one.finished - one.time for one in entries), ended - began, workers)


def host_figures(name: str, entries: Sequence[Entry]) -> HostFigures:
    gaps = [after.time - before.time for before, after in pairwise(entries)]
    needed = list(_needed(entries))
    return HostFigures(
        host=name,
        requests=len(entries),
        at_once=max(one.in_flight for one in entries),
        closest=min(gaps, default=None),
        asked_for=max([SPACING, *(one.crawl_delay or 0.0 for one in entries)]),
        bound=sum(needed) + entries[-1].finished - entries[-1].time,
        late=sum(gap - least for gap, least in zip(gaps, needed, strict=True)),
    )


def _needed(entries: Sequence[Entry]) -> Iterable[float]:
    """Between each request's start and the next one's: the spacing, or an order of the host's to stay away."""
    spacing = SPACING
    for before, after in pairwise(entries):
        spacing = max(spacing, before.crawl_delay or 0.0)
        ordered = 0.0
        if before.retry_after and before.status in (429, 503):
            ordered = before.finished - before.time + before.retry_after
        yield min(max(spacing, ordered), max(spacing, after.time - before.time))
