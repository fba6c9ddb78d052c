"""The live panel: what it shows of a run, on terminals of all sizes, and what it foresees."""

from __future__ import annotations

import io
import re
import time
from dataclasses import replace

import pytest
from rich.console import Console
from rich.text import Text

from dl_lit.model import Health, PoolHealth, Stage
from dl_lit.pipeline.progress import Event, Snapshot, StageStats, WorkerStats
from dl_lit.pipeline.work import Verdict
from dl_lit.ui.panel.budgets import ENOUGH_TO_TELL, Budgets
from dl_lit.ui.panel.drawing import draw
from dl_lit.ui.panel.grid import Column, beside, lines
from dl_lit.ui.panel.latest import events
from dl_lit.ui.panel.load import SECONDS, Meter
from dl_lit.ui.panel.pools import state
from dl_lit.ui.panel.scene import Focus, Motion, Scene, Size, Usage

WIDE = Size(160, 48)
SIZES = [
    Size(200, 60),
    Size(160, 40),
    Size(120, 30),
    Size(80, 24),
    Size(60, 18),
    Size(40, 12),
    Size(100, 10),
    Size(80, 6),
]


def drawn(scene: Scene, size: Size = WIDE) -> str:
    out = io.StringIO()
    Console(file=out, width=size.width, color_system=None).print(draw(scene, size))
    return out.getvalue()


def stats(stage: Stage, workers: int = 2, rate: float = 0.0, **values: int) -> StageStats:
    return replace(StageStats(stage, 0, 0, 0, 0, workers, 0, 0, 0, 0, 0, rate, 0.0), **values)  # type: ignore[arg-type]


EVENTS = tuple(
    Event(1_000_000.0 + n, Stage.DOWNLOAD, Verdict.FAILED, f"Missing work {n} [not markup]", "blocked")
    for n in range(20)
)
RESULTS = (*EVENTS, Event(1_000_100.0, Stage.EXTRACTION, Verdict.DONE, "/folder/paper.pdf", ""))
WORKERS = tuple(
    WorkerStats(Stage.DOWNLOAD, n, n, 0, 30.0, active=n > 3, on=f"Work {n}" if n > 3 else "") for n in range(1, 17)
)
SNAPSHOT = Snapshot(
    stages=(
        stats(Stage.EXTRACTION, waiting=3, queued=2, active=1, done=4, failed=1, held_back=True),
        stats(Stage.ENRICHMENT, workers=8, rate=12.0, waiting=400, done=40, review=5, later=6),
        stats(Stage.QUEUEING, done=30, duplicate=10),
        stats(Stage.DOWNLOAD, workers=16, parked=7, done=12),
    ),
    workers=WORKERS,
    events=EVENTS,
    reasons={Stage.DOWNLOAD: {"blocked": 20, "no_open_copy": 7}, Stage.ENRICHMENT: {"no_match": 9}},
    seconds=75.0,
    eta=4000.0,
    bottleneck=Stage.ENRICHMENT,
    results=RESULTS,
    etas={Stage.ENRICHMENT: 4000.0, Stage.DOWNLOAD: None},
)
HEALTH = (
    PoolHealth("crossref", Health.SLOWED, 1.5, 2, 30, 4),
    PoolHealth("openalex", Health.EXHAUSTED, 9.0, 0, 10, 0, remaining=0.0, until=4e9),
    PoolHealth("unasked", Health.IDLE, 9.0, 0, 0, 0),
    *(PoolHealth(f"host{n}.org", Health.OK, 1.0, 0, n, 0) for n in range(30)),
    PoolHealth("given.up.org", Health.OPEN, 1.0, 0, 1, 1, until=4e9),
)
SCENE = Scene(SNAPSHOT, HEALTH, usage=Usage(0.43, 380_000_000, 4), keys=True)


def test_the_stages_are_shown_from_left_to_right_with_their_counts() -> None:
    text = drawn(SCENE)
    heading = next(line for line in text.splitlines() if "read PDFs" in line)
    assert heading.index("read PDFs") < heading.index("find works") < heading.index("merge and rank")
    rows = {line[1:12].strip(): line[12:].split()[:-1] for line in text.splitlines()[1:] if line.startswith("│")}
    assert rows["waiting"][:4] == ["5", "400", "0", "7"]
    assert rows["active"][:4] == ["1/2", "0/8", "0/2", "0/16"]
    assert rows["done"][:4] == ["4", "40", "30", "12"]
    assert rows["merged"][:4] == ["·", "·", "10", "·"]
    assert rows["to look at"][:4] == ["·", "5", "·", "·"]
    assert rows["failed"][:4] == ["1", "·", "·", "·"]
    assert rows["later"][:4] == ["·", "6", "·", "·"]
    assert rows["time left"] == ["·", "1", "h", "06", "min", "·", "?"]


def test_the_slowest_stage_and_the_one_held_back_are_told_in_words() -> None:
    [marks] = [line for line in drawn(SCENE).splitlines() if "held back" in line]
    assert marks.index("held back") < marks.index("slowest")


def test_counts_that_are_nought_everywhere_take_no_line() -> None:
    calm = replace(SNAPSHOT, stages=tuple(replace(s, duplicate=0, review=0, later=0) for s in SNAPSHOT.stages))
    text = drawn(replace(SCENE, snapshot=calm))
    assert not any(word in text for word in ("merged", "to look at", "later "))


def test_services_and_hosts_are_shown_the_ill_hosts_first() -> None:
    text = drawn(SCENE)
    assert "slowed" in text and "budget spent till 2096" in text and "unasked" not in text
    assert text.index("given.up.org") < text.index("host29.org") < text.index("host28.org")
    assert re.search(r"host \d+/31 ", text), "how many there are is told where not all have room"


def test_the_latest_results_and_failures_are_shown_newest_first() -> None:
    text = drawn(SCENE)
    assert "read PDFs: done" in text and " paper.pdf" in text and "/folder/" not in text
    assert text.index("Missing work 19 [not markup]") < text.index("Missing work 18 [not markup]")


def test_only_the_stage_of_a_result_is_dim() -> None:
    [_, line] = events("latest", RESULTS[:1], Size(80, 4))
    at = line.plain.index("blocked")
    assert {str(span.style) for span in line.spans if span.start <= at < span.end} == {"red"}


def test_failures_are_grouped_with_what_can_be_done() -> None:
    text = drawn(replace(SCENE, focus=Focus.FAILURES))
    assert "open, but the host keeps programs out: open it in a browser" in text
    assert text.index("20 get copies") < text.index("9 find works") < text.index("7 get copies")
    assert "latest failures" in text and "given.up.org" not in text


def test_workers_are_shown_the_busy_ones_first() -> None:
    text = drawn(replace(SCENE, focus=Focus.WORKERS))
    assert "40%" in text
    assert text.index("get copies 4 ") < text.index("get copies 16") < text.index("get copies 1 ")


@pytest.mark.parametrize("focus", Focus)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width}x{size.height}")
def test_the_panel_fits_its_terminal(size: Size, focus: Focus) -> None:
    printed = drawn(replace(SCENE, focus=focus, lasting={"crossref": 3.0}), size).splitlines()
    assert {Text(line).cell_len for line in printed} == {size.width}
    assert len(printed) <= size.height - 1
    assert "read PDFs" in printed[1] + printed[2] and " q" in printed[-2] and "1 min 15 s" in printed[-1]
    assert size.height < 9 or " get copies " in "".join(printed)
    assert not any("service 0/" in line or "host 0/" in line for line in printed)


def test_on_a_small_terminal_the_stages_stand_below_one_another_with_their_first_figures() -> None:
    narrow = [line.strip("│ ") for line in drawn(SCENE, Size(40, 24)).splitlines()]
    assert narrow[1].split() == ["ended", "waiting", "done"]
    assert narrow[3].split() == ["find", "works", "9%", "400", "40"]
    low = drawn(SCENE, Size(100, 10))
    assert "time left" in low and "1 h 06 min" in low and "w  workers" in low


def test_names_and_figures_stand_in_columns_however_narrow_it_is() -> None:
    for width in (40, 60, 80):
        text = drawn(replace(SCENE, health=HEALTH[:2]), Size(width, 40))
        [heading, first, second] = [
            line for line in text.splitlines() if re.match("│ (service|crossref|openalex) ", line)
        ]
        assert heading.index("state") == first.index("slowed") == second.index("budget"), width


def test_of_few_lines_the_services_come_before_the_hosts() -> None:
    text = drawn(SCENE, Size(100, 24))
    assert "crossref" in text and "/0" not in text and "service 0/" not in text


def test_a_paused_run_foresees_no_end() -> None:
    [row] = [line for line in drawn(replace(SCENE, motion=Motion.PAUSED)).splitlines() if "time left" in line]
    assert "1 h" not in row and "?" in row


def test_a_long_warning_is_wrapped_and_keys_are_whole_on_a_narrow_terminal() -> None:
    text = drawn(replace(SCENE, lasting={"openalex": 120.0}), Size(40, 30))
    assert "400 references" in text and "p pause q stop f failures w workers" in text
    assert "CPU 43% · 380 MB" in drawn(SCENE, Size(60, 30)) and "w workers" in drawn(SCENE, Size(60, 30))


def test_the_panel_of_a_run_that_has_not_begun_is_drawn_too() -> None:
    empty = Snapshot((), (), (), {}, 0.0, None, None)
    for focus in Focus:
        assert "dl-lit" in drawn(Scene(empty, focus=focus))


@pytest.mark.parametrize(
    ("motion", "words"),
    [
        (Motion.RUNNING, "1 min 15 s · about 1 h 06 min left · slowest: find works · 6 wait for later"),
        (Motion.PAUSED, "PAUSED, 1 still at work"),
        (Motion.DRAINING, "STOPPING, 1 still at work"),
    ],
)
def test_the_last_line_says_how_the_run_moves(motion: Motion, words: str) -> None:
    assert words in drawn(replace(SCENE, motion=motion))


def test_a_pause_with_nothing_at_work_says_so() -> None:
    idle = replace(SNAPSHOT, stages=tuple(replace(s, active=0) for s in SNAPSHOT.stages))
    assert "PAUSED, nothing at work" in drawn(Scene(idle, motion=Motion.PAUSED))


def test_keys_are_named_by_what_they_would_do_now_and_not_at_all_where_none_are_read() -> None:
    assert all(words in drawn(SCENE) for words in (" p  pause", " q  stop", " f  failures", " w  workers"))
    paused = drawn(replace(SCENE, motion=Motion.PAUSED, focus=Focus.FAILURES))
    assert " p  go on" in paused and " f  back" in paused
    assert " q  stop at once" in drawn(replace(SCENE, motion=Motion.DRAINING))
    assert "Ctrl-C stops cleanly" in drawn(replace(SCENE, keys=False))


def test_what_the_run_takes_is_shown() -> None:
    assert "CPU 43% · 380 MB · 4 processes" in drawn(SCENE)
    assert "processes" not in drawn(SCENE, Size(80, 24))
    assert "CPU" not in drawn(replace(SCENE, usage=None))


def test_a_budget_that_will_not_do_is_told_with_how_far_it_reaches() -> None:
    words = "openalex: today's budget will do for about 120 of 400 references"
    assert words in drawn(replace(SCENE, lasting={"openalex": 120.0}))
    assert "today's budget" not in drawn(replace(SCENE, lasting={"openalex": 400.0}))


def after(finished: int) -> Snapshot:
    return replace(SNAPSHOT, stages=(stats(Stage.ENRICHMENT, done=finished),))


def left(remaining: float | None) -> list[PoolHealth]:
    return [PoolHealth("openalex", Health.OK, 9.0, 0, 1, 0, remaining)]


def test_a_budget_is_foreseen_from_what_references_have_cost_so_far() -> None:
    budgets = Budgets()
    assert budgets.lasting(after(10), left(1000.0)) == {}
    assert budgets.lasting(after(10 + ENOUGH_TO_TELL - 1), left(960.0)) == {}, "too few to tell"
    assert budgets.lasting(after(30), left(960.0)) == {"openalex": 960.0 * 20 / 40}
    assert budgets.lasting(after(50), left(None)) == {}


def test_a_budget_given_anew_is_reckoned_with_anew() -> None:
    budgets = Budgets()
    budgets.lasting(after(0), left(100.0))
    assert budgets.lasting(after(40), left(20.0)) == {"openalex": 10.0}
    assert budgets.lasting(after(50), left(1000.0)) == {}
    assert budgets.lasting(after(90), left(980.0)) == {"openalex": 1960.0}


def test_a_budget_that_is_not_touched_is_no_matter() -> None:
    budgets = Budgets()
    budgets.lasting(after(0), left(100.0))
    assert budgets.lasting(after(500), left(100.0)) == {}


def test_long_waits_are_told_by_the_clock_and_short_ones_counted_down() -> None:
    pool = PoolHealth("x", Health.SLOWED, 1.0, 0, 1, 0)
    assert state(pool) == "slowed"
    assert state(replace(pool, until=time.time() + 30.2)) == "slowed, again in 30 s"
    assert state(replace(pool, until=time.time() - 5)) == "slowed"
    assert state(replace(pool, until=time.time() + 1.2, health=Health.OK)) == "ok", "its usual pace"
    assert state(replace(pool, until=time.time() + 9.2, health=Health.OK)) == "ok, again in 9 s"
    clock = state(replace(pool, until=time.time() + 3600))
    assert clock.startswith("slowed till ") and len(clock) == len("slowed till 12:34")


def test_what_the_processes_take_is_measured_between_two_looks() -> None:
    now = 100.0
    meter = Meter(clock=lambda: now)
    assert meter.now() is None
    began = time.process_time()
    while time.process_time() - began < 0.2:
        pass
    now += SECONDS
    usage = meter.now()
    assert usage is not None and usage is meter.now(), "not measured again before its time"
    assert 0.05 < usage.cpu < 2.0 and usage.memory > 10_000_000 and usage.processes >= 1


def test_cells_are_cut_with_an_ellipsis_and_wide_characters_count_twice() -> None:
    columns = [Column("a", 4), Column("n", 3, is_right=True), Column("rest")]
    printed = [line.plain for line in lines(columns, [[Text("日本語"), Text("7"), Text("long title")]], 14)]
    assert printed == ["a      n rest ", "日 …   7 long…"]


def test_of_two_blocks_the_shorter_one_is_filled_up() -> None:
    joined = beside([Text("ab"), Text("cd")], [Text("x")], 2)
    assert [line.plain for line in joined] == ["ab  x", "cd  "]
    assert [line.plain for line in beside([], [Text("x")], 2)] == ["    x"]
