"""Counts, rates and forecasts of a run, readable while it runs (R6, R7)."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dl_lit.model import Stage
from dl_lit.pipeline.work import Finished, Verdict

RATE_WINDOW_SECONDS = 60.0
LATEST_EVENTS = 40
ABOUT_AS_LONG = 0.85  # of the longest need
ENOUGH_TO_FORECAST = 5  # rows that have left a stage; of fewer its rate says nothing


@dataclass(frozen=True, slots=True)
class WorkerStats:
    """One worker of one stage since the start; `seconds` is time at work, not waiting."""

    stage: Stage
    worker: int
    processed: int
    failed: int
    seconds: float
    active: bool
    on: str = ""


@dataclass(frozen=True, slots=True)
class StageStats:
    """One stage: rows waiting in table and queue, in work, and how they left; `rate` is rows a minute."""

    stage: Stage
    waiting: int
    queued: int
    parked: int
    active: int
    workers: int
    done: int
    failed: int
    review: int
    duplicate: int
    later: int
    rate: float
    seconds: float
    held_back: bool = False

    @property
    def ahead(self) -> int:
        """Rows that could be worked on and are not yet."""
        return self.waiting + self.queued + self.parked


@dataclass(frozen=True, slots=True)
class Event:
    """How one row left its stage, or came to wait for another try."""

    when: float
    stage: Stage
    verdict: Verdict
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The run at one moment; `events` are the latest failures and rows put off, `results` the latest of all.

    `eta` in seconds, None while nothing can be said; `bottleneck` the slowest stage; `etas` what each stage needs, for
    those that have rows, or will.
    """

    stages: tuple[StageStats, ...]
    workers: tuple[WorkerStats, ...]
    events: tuple[Event, ...]
    reasons: Mapping[Stage, Mapping[str, int]]
    seconds: float
    eta: float | None
    bottleneck: Stage | None
    cached: int = 0
    results: tuple[Event, ...] = ()
    etas: Mapping[Stage, float | None] = field(default_factory=dict)

    @property
    def active_workers(self) -> int:
        return sum(worker.active for worker in self.workers)

    @property
    def failed(self) -> int:
        return sum(stage.failed for stage in self.stages)

    @property
    def deduplicated(self) -> int:
        return sum(stage.duplicate for stage in self.stages)


@dataclass(slots=True)
class _Worker:
    processed: int = 0
    failed: int = 0
    seconds: float = 0.0
    since: float | None = None
    on: str = ""


@dataclass(slots=True)
class _Stage:
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    finished_at: deque[float] = field(default_factory=deque)
    workers: dict[int, _Worker] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Load:
    """What only the stage itself knows about its queue."""

    waiting: int
    queued: int
    parked: int
    held_back: bool
    later: int = 0


class Progress:
    """Thread-safe counters; every method is short and never waits for anything but its lock."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._lock = threading.Lock()
        self._stages: dict[Stage, _Stage] = {}
        self._events: deque[Event] = deque(maxlen=LATEST_EVENTS)
        self._results: deque[Event] = deque(maxlen=LATEST_EVENTS)
        self._cached = 0

    def begin(self, stage: Stage, worker: int, on: str) -> None:
        with self._lock:
            state = self._worker(stage, worker)
            state.since, state.on = self._clock(), on

    def end(self, stage: Stage, worker: int) -> None:
        with self._lock:
            state = self._worker(stage, worker)
            if state.since is not None:
                state.seconds += self._clock() - state.since
            state.since, state.on = None, ""

    def finished(self, stage: Stage, worker: int, finished: Finished) -> None:
        with self._lock:
            state, one = self._stages.setdefault(stage, _Stage()), self._worker(stage, worker)
            failed = finished.verdict is Verdict.FAILED
            one.processed += 1
            one.failed += failed
            state.verdicts[finished.verdict] += 1
            state.finished_at.append(self._clock())
            self._cached += finished.cached
            if finished.reason:
                state.reasons[finished.reason] += 1
            troubled = finished.verdict in (Verdict.FAILED, Verdict.LATER)
            reason = finished.reason or ("unknown" if troubled else "")
            event = Event(time.time(), stage, finished.verdict, finished.what, reason)
            self._results.append(event)
            if troubled:
                self._events.append(event)

    def _worker(self, stage: Stage, worker: int) -> _Worker:
        return self._stages.setdefault(stage, _Stage()).workers.setdefault(worker, _Worker())

    def finished_rows(self) -> int:
        """How many rows have left their stage, for good or ill; waiting for another try is no end."""
        with self._lock:
            return sum(state.verdicts.total() - state.verdicts[Verdict.LATER] for state in self._stages.values())

    def snapshot(self, loads: Mapping[Stage, Load]) -> Snapshot:
        """The run now; `loads` says what lies in each stage's table and queue."""
        with self._lock:
            now = self._clock()
            stages = tuple(self._stage_stats(stage, load, now) for stage, load in loads.items())
            workers = tuple(
                _worker_stats(stage, number, worker, now)
                for stage, state in self._stages.items()
                for number, worker in sorted(state.workers.items())
            )
            reasons = {stage: dict(state.reasons) for stage, state in self._stages.items()}
            events, results, cached = tuple(self._events), tuple(self._results), self._cached
        etas = forecast(stages)
        eta, bottleneck = _longest(etas)
        seconds = now - self._started
        return Snapshot(stages, workers, events, reasons, seconds, eta, bottleneck, cached, results, etas)

    def _stage_stats(self, stage: Stage, load: Load, now: float) -> StageStats:
        state = self._stages.setdefault(stage, _Stage())
        while state.finished_at and state.finished_at[0] < now - RATE_WINDOW_SECONDS:
            state.finished_at.popleft()
        window = min(RATE_WINDOW_SECONDS, max(1.0, now - self._started))
        count = state.verdicts
        return StageStats(
            stage=stage,
            waiting=load.waiting,
            queued=load.queued,
            parked=load.parked,
            active=sum(worker.since is not None for worker in state.workers.values()),
            workers=len(state.workers),
            done=count[Verdict.DONE],
            failed=count[Verdict.FAILED],
            review=count[Verdict.REVIEW],
            duplicate=count[Verdict.DUPLICATE],
            later=load.later,
            rate=60.0 * len(state.finished_at) / window,
            seconds=sum(_at_work(worker, now) for worker in state.workers.values()),
            held_back=load.held_back,
        )


def _worker_stats(stage: Stage, number: int, worker: _Worker, now: float) -> WorkerStats:
    seconds = _at_work(worker, now)
    return WorkerStats(stage, number, worker.processed, worker.failed, seconds, worker.since is not None, worker.on)


def _at_work(worker: _Worker, now: float) -> float:
    return worker.seconds + (now - worker.since if worker.since is not None else 0.0)


def forecast(stages: tuple[StageStats, ...]) -> dict[Stage, float | None]:
    """Seconds that each stage needs for what it still has before it, at its rate so far; None while unknown.

    Before it lie its own rows and what the stages above will hand down: their rows times what each row has become so
    far (a PDF many references, a reference sometimes nothing). Stages with nothing before them are not in it, nor is
    expansion: what it will bring cannot be told from what there is.
    """
    seconds: dict[Stage, float | None] = {}
    coming = 0.0
    above: StageStats | None = None
    for stage in (one for one in stages if one.stage is not Stage.EXPANSION):
        here = stage.ahead + stage.active
        ahead = here + coming * _yield(above, stage, here)
        coming, above = ahead, stage
        if ahead >= 0.5:
            is_known = stage.rate and _finished(stage) >= ENOUGH_TO_FORECAST
            seconds[stage.stage] = 60.0 * ahead / stage.rate if is_known else None
    return seconds


def _longest(seconds: Mapping[Stage, float | None]) -> tuple[float | None, Stage | None]:
    """What the run needs and the stage that needs it; a stage whose need is not known yet leaves the first open.

    A stage that keeps pace with the one above it needs about as long, because it waits for it: the upper one counts.
    """
    known = {stage: needed for stage, needed in seconds.items() if needed is not None}
    longest = max(known.values(), default=0.0)
    bottleneck = next((stage for stage, needed in known.items() if needed >= ABOUT_AS_LONG * longest), None)
    return (longest if len(known) == len(seconds) else None), bottleneck


def _yield(above: StageStats | None, stage: StageStats, here: int) -> float:
    """How many rows of `stage` one row of the stage above has become on average; 1 until there is experience."""
    finished = above and _finished(above)
    return (_finished(stage) + here) / finished if finished else 1.0


def _finished(stage: StageStats) -> int:
    return stage.done + stage.failed + stage.review + stage.duplicate
