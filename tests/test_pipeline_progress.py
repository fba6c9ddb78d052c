"""Counts, rates and forecasts."""

from __future__ import annotations

import pytest

from dl_lit.model import PdfRow, Stage
from dl_lit.pipeline.progress import ENOUGH_TO_FORECAST, LATEST_EVENTS, RATE_WINDOW_SECONDS, Load, Progress
from dl_lit.pipeline.work import Finished, Item, Verdict


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def finished(verdict: Verdict, reason: str | None = None) -> Finished:
    return Finished(Item(PdfRow(1, "a.pdf", None, 0)), None, verdict, reason, "a.pdf")


def loads(**waiting: int) -> dict[Stage, Load]:
    return {stage: Load(waiting.get(stage.name.lower(), 0), 0, 0, False, later=0) for stage in Stage}


def test_each_verdict_is_counted_where_it_belongs() -> None:
    progress = Progress(clock=Clock())
    for verdict in (Verdict.DONE, Verdict.DONE, Verdict.FAILED, Verdict.REVIEW, Verdict.DUPLICATE, Verdict.LATER):
        progress.finished(Stage.ENRICHMENT, 1, finished(verdict, "why" if verdict is Verdict.FAILED else None))
    snapshot = progress.snapshot({**loads(), Stage.ENRICHMENT: Load(0, 0, 0, False, later=7)})
    one = snapshot.stages[1]
    assert (one.done, one.failed, one.review, one.duplicate) == (2, 1, 1, 1)
    assert one.later == 7, "rows that wait are counted in the table: one row may have been put off many times"
    assert progress.finished_rows() == 5
    assert (snapshot.failed, snapshot.deduplicated, snapshot.cached) == (1, 1, 0)
    assert snapshot.reasons[Stage.ENRICHMENT] == {"why": 1}


def test_a_worker_is_active_between_begin_and_end_and_its_seconds_are_time_at_work() -> None:
    clock = Clock()
    progress = Progress(clock=clock)
    progress.begin(Stage.DOWNLOAD, 3, "x.pdf")
    clock.now += 2
    snapshot = progress.snapshot(loads())
    running = snapshot.workers[0]
    assert sum(stage.seconds for stage in snapshot.stages) == 2.0, "what is not over counts for the stage, too"
    assert (running.active, running.seconds, running.on, running.worker) == (True, 2.0, "x.pdf", 3)
    progress.end(Stage.DOWNLOAD, 3)
    clock.now += 50
    idle = progress.snapshot(loads()).workers[0]
    assert (idle.active, idle.seconds, idle.on) == (False, 2.0, "")
    assert progress.snapshot(loads()).active_workers == 0


def test_the_rate_forgets_what_is_older_than_its_window() -> None:
    clock = Clock()
    progress = Progress(clock=clock)
    for _ in range(30):
        progress.finished(Stage.EXTRACTION, 1, finished(Verdict.DONE))
    clock.now += 30
    assert progress.snapshot(loads()).stages[0].rate == pytest.approx(60.0)
    clock.now += RATE_WINDOW_SECONDS
    assert progress.snapshot(loads()).stages[0].rate == 0


def test_the_bottleneck_is_the_stage_that_needs_longest_for_what_will_come_to_it() -> None:
    clock = Clock()
    progress = Progress(clock=clock)
    for stage_, rows in ((Stage.EXTRACTION, 60), (Stage.ENRICHMENT, 105), (Stage.QUEUEING, 60), (Stage.DOWNLOAD, 30)):
        for _ in range(rows):
            progress.finished(stage_, 1, finished(Verdict.DONE))
    clock.now += 60
    snapshot = progress.snapshot(loads(extraction=5, enrichment=15, download=10))
    # 60 PDFs became 120 references, so five more become ten; the 25 become 25 * 60/105 works, and so on.
    works = 25 * 60 / 105
    downloads = 10 + works * (30 + 10) / 60
    assert snapshot.bottleneck is Stage.DOWNLOAD
    assert snapshot.eta == pytest.approx(60 * downloads / 30)


def test_a_stage_that_lets_little_through_spares_the_next_one() -> None:
    clock = Clock()
    progress = Progress(clock=clock)
    for _ in range(90):
        progress.finished(Stage.ENRICHMENT, 1, finished(Verdict.FAILED))
    for _ in range(10):
        progress.finished(Stage.ENRICHMENT, 1, finished(Verdict.DONE))
        progress.finished(Stage.QUEUEING, 1, finished(Verdict.DONE))
        progress.finished(Stage.DOWNLOAD, 1, finished(Verdict.DONE))
    clock.now += 60
    snapshot = progress.snapshot(loads(enrichment=100))
    assert snapshot.eta == pytest.approx(60.0)


def test_nothing_is_forecast_while_a_stage_with_rows_has_no_rate() -> None:
    assert Progress(clock=Clock()).snapshot(loads(enrichment=3)).eta is None


def test_a_run_with_nothing_left_needs_no_more_time() -> None:
    assert Progress(clock=Clock()).snapshot(loads()).eta == 0


def test_failures_and_delays_are_kept_as_the_latest_events_only() -> None:
    progress = Progress(clock=Clock())
    for number in range(LATEST_EVENTS + 5):
        progress.finished(Stage.DOWNLOAD, 1, finished(Verdict.FAILED, f"reason {number}"))
    progress.finished(Stage.DOWNLOAD, 1, finished(Verdict.DONE))
    progress.finished(Stage.DOWNLOAD, 1, finished(Verdict.LATER))
    events = progress.snapshot(loads()).events
    assert len(events) == LATEST_EVENTS
    assert events[-1].reason == "unknown"
    assert events[-2].reason == f"reason {LATEST_EVENTS + 4}"


def test_the_latest_results_are_kept_beside_the_failures() -> None:
    progress = Progress(clock=Clock())
    for verdict in (Verdict.FAILED, Verdict.DONE):
        progress.finished(Stage.DOWNLOAD, 1, finished(verdict))
    snapshot = progress.snapshot(loads())
    assert [event.verdict for event in snapshot.results] == [Verdict.FAILED, Verdict.DONE]
    assert [event.verdict for event in snapshot.events] == [Verdict.FAILED]


def test_a_stage_that_only_waits_for_the_one_above_it_is_no_bottleneck() -> None:
    clock = Clock()
    progress = Progress(clock=clock)
    for stage_ in (Stage.ENRICHMENT, Stage.QUEUEING, Stage.DOWNLOAD):
        for _ in range(50):
            progress.finished(stage_, 1, finished(Verdict.DONE))
    clock.now += 60
    snapshot = progress.snapshot(loads(enrichment=300, download=3))
    needed = {stage: seconds or 0.0 for stage, seconds in snapshot.etas.items()}
    assert snapshot.eta == needed[Stage.DOWNLOAD] > needed[Stage.ENRICHMENT] == pytest.approx(60 * 300 / 50)
    assert snapshot.bottleneck is Stage.ENRICHMENT


def test_each_stage_is_forecast_for_itself_once_enough_rows_have_left_it() -> None:
    clock = Clock()
    progress = Progress(clock=clock)
    for _ in range(ENOUGH_TO_FORECAST):
        progress.finished(Stage.ENRICHMENT, 1, finished(Verdict.FAILED))
    for _ in range(ENOUGH_TO_FORECAST - 1):
        progress.finished(Stage.DOWNLOAD, 1, finished(Verdict.DONE))
    clock.now += 60
    snapshot = progress.snapshot(loads(enrichment=10, download=3))
    assert snapshot.etas == {Stage.ENRICHMENT: pytest.approx(120.0), Stage.DOWNLOAD: None}
    assert (snapshot.eta, snapshot.bottleneck) == (None, Stage.ENRICHMENT)
