"""The latest run over time: what each stage had finished, what stood before it, and so what held the run up.

All of it comes from the log of steps, so that it is there for a run that was killed, too.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from dl_lit.model import WAITING_FOR_A_COPY, Silence, Stage
from dl_lit.report.figures import Figure
from dl_lit.report.words import safe
from dl_lit.store import reported
from dl_lit.store.connection import Connection
from dl_lit.store.reported import Delay, Host, Span, Steps
from dl_lit.ui.outages import service_of
from dl_lit.ui.wording import STAGE_NAMES, duration

_PARTS = 100  # of the run's time
_STAGES = (Stage.EXTRACTION, Stage.ENRICHMENT, Stage.QUEUEING, Stage.DOWNLOAD)
_REASONS = frozenset({*map(str, Silence), *map(str, WAITING_FOR_A_COPY), "internal_error"})
_SHORTEST = 1.0  # seconds of a run that has a course to be drawn
_SLOWEST = 3


@dataclass(frozen=True, slots=True)
class Timeline:
    """`limits` says in sentences what held the run up."""

    when: str
    figures: tuple[Figure, ...]
    limits: tuple[str, ...]


def timeline(connection: Connection, hosts: Sequence[Host]) -> Timeline | None:
    """None where nothing was ever done."""
    span = reported.latest_span(connection)
    if span is None:
        return None
    if span.end - span.start < _SHORTEST:
        return Timeline(_when(span), (), tuple(_slow(hosts)))
    steps = reported.steps(connection, span, _PARTS)
    finished, before = _finished(steps), _before(steps)
    figures = (
        _lines("finished", "Rows finished in each stage", "How many each stage was done with.", span, finished),
        _lines("before", "Rows that stood before each stage", "A hill is what came faster than it went.", span, before),
    )
    limits = (*_busiest(span, before, _lists(connection)), *_waits(reported.delays(connection, span, _REASONS)))
    return Timeline(_when(span), figures, (*limits, *_slow(hosts)))


def _when(span: Span) -> str:
    began = time.strftime("%Y-%m-%d %H:%M", time.localtime(span.start))
    name = f"Run {span.run_id}" if span.run_id is not None else "All that was done"
    return f"{name}: from {began}, {duration(span.end - span.start)}"


def _finished(steps: Iterable[Steps]) -> dict[Stage, list[int]]:
    """By stage, how many rows had left it by the end of each part; those of earlier runs do not count."""
    left: defaultdict[Stage, Counter[int]] = defaultdict(Counter)
    for one in steps:
        if one.source in _STAGES and one.part >= 0:
            left[Stage(one.source)][one.part] += one.count
    return {stage: list(accumulate(left[stage][part] for part in range(_PARTS))) for stage in _STAGES}


def _before(steps: Iterable[Steps]) -> dict[Stage, list[int]]:
    """By stage, how many rows had come and not left by the end of each part."""
    change: defaultdict[Stage, Counter[int]] = defaultdict(Counter)
    for one in steps:
        if one.target in _STAGES:
            change[Stage(one.target)][one.part] += one.count
        if one.source in _STAGES:
            change[Stage(one.source)][one.part] -= one.count
    return {stage: _levels(change[stage]) for stage in _STAGES}


def _levels(change: Counter[int]) -> list[int]:
    """What stands there after each part; the first change is that of all the time before."""
    levels = list(accumulate(change[part] for part in range(-1, _PARTS)))
    return [max(0, level) for level in levels[1:]]


def _lines(key: str, title: str, summary: str, span: Span, levels: dict[Stage, list[int]]) -> Figure:
    names = tuple(STAGE_NAMES[stage] for stage in _STAGES)
    width = (span.end - span.start) / _PARTS
    rows = tuple((round((part + 1) * width, 2), *(levels[stage][part] for stage in _STAGES)) for part in range(_PARTS))
    parts = tuple(f"stage-{number}" for number in range(1, len(_STAGES) + 1))
    return Figure(key, "lines", title, summary, ("seconds", *names), parts, rows)


def _lists(connection: Connection) -> float:
    """References in a PDF's list, on average: so much work stands behind a PDF that is not read yet."""
    return float(connection.value("SELECT avg(reference_count) FROM source_pdfs WHERE state = 'done'") or 1.0)


def _busiest(span: Span, before: dict[Stage, list[int]], per_pdf: float) -> Iterator[str]:
    """Before which stage most of the work stood, for how much of the time."""
    worth = {stage: per_pdf if stage is Stage.EXTRACTION else 1.0 for stage in _STAGES}
    first: Counter[Stage] = Counter()
    for part in range(_PARTS):
        most = max(_STAGES, key=lambda stage: before[stage][part] * worth[stage])
        if before[most][part]:
            first[most] += 1
    for stage, parts in first.most_common(2):
        share = parts / _PARTS
        yield (
            f"For {duration((span.end - span.start) * share)} ({share:.0%} of the time) most of the work stood before"
            f" “{STAGE_NAMES[stage]}”."
        )


def _waits(delays: Sequence[Delay]) -> Iterator[str]:
    """For whom rows were put off, the most often first."""
    counted: Counter[str] = Counter()
    for one in delays:
        for line in (one.detail or "").split("\n"):
            whom = service_of(line) if one.reason in set(Silence) else None
            counted[whom or one.reason.replace("_", " ")] += one.count
    for whom, times in counted.most_common(_SLOWEST):
        yield f"Rows were put off {times:,} times: {safe(whom)}."


def _slow(hosts: Sequence[Host]) -> Iterator[str]:
    slowest = [one for one in sorted(hosts, key=lambda one: -one.seconds) if one.seconds >= 1][:_SLOWEST]
    if slowest:
        named = ", ".join(f"{safe(one.name)} ({duration(one.seconds)})" for one in slowest)
        yield f"Hosts that took longest to answer, in all runs together: {named}."
