"""What came out last, what failed and why, and who is at what."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import PurePath

from rich.text import Text

from dl_lit.model import Stage
from dl_lit.pipeline.progress import Event, Snapshot, WorkerStats
from dl_lit.pipeline.work import Verdict
from dl_lit.ui.panel.grid import Column, lines
from dl_lit.ui.panel.scene import Size
from dl_lit.ui.wording import STAGE_NAMES, explain, printable

CLOCK, ENDING = 8, 28  # characters
VERDICT_STYLES = {
    Verdict.DONE: "green",
    Verdict.FAILED: "red",
    Verdict.REVIEW: "yellow",
    Verdict.DUPLICATE: "dim",
    Verdict.LATER: "magenta",
}


def events(title: str, latest: Sequence[Event], room: Size) -> list[Text]:
    """The newest at the top."""
    columns = [Column("", CLOCK), Column(title, ENDING), Column("")]
    return lines(columns, [_event(event) for event in reversed(latest[-room.height :])], room.width)


def _event(event: Event) -> tuple[Text, ...]:
    clock = time.strftime("%H:%M:%S", time.localtime(event.when))
    return Text(clock, style="dim"), _ending(event), Text(printable(_name(event)))


def _ending(event: Event) -> Text:
    """The stage alone is dim: a dim red can hardly be read."""
    said = printable(event.reason or event.verdict.value)
    return Text.assemble((f"{STAGE_NAMES[event.stage]}: ", "dim"), (said, VERDICT_STYLES[event.verdict]))


def _name(event: Event) -> str:
    return PurePath(event.what).name if event.stage is Stage.EXTRACTION else event.what


def reasons(snapshot: Snapshot, room: Size) -> list[Text]:
    """Why rows came to no good end, by stage, the most frequent first, with what can be done."""
    counted = [(n, stage, reason) for stage, counts in snapshot.reasons.items() for reason, n in counts.items()]
    most = sorted(counted, key=lambda one: -one[0])[: room.height]
    columns = [Column("why not", 7, is_right=True), Column("", 14), Column("", 20), Column("")]
    return lines(columns, [_reason(*one) for one in most], room.width)


def _reason(number: int, stage: Stage, reason: str) -> tuple[Text, ...]:
    said = Text(printable(reason), style="yellow")
    return Text(str(number)), Text(STAGE_NAMES[stage], style="dim"), said, Text(explain(stage, reason))


def workers(snapshot: Snapshot, room: Size) -> list[Text]:
    """Those at work first; `busy` is the share of the run's time that each has been at work."""
    shown = sorted(snapshot.workers, key=lambda one: not one.active)[: room.height]
    counts = [Column(name, 8, is_right=True) for name in ("finished", "failed", "busy")]
    columns = [Column("worker", 17), *counts, Column("at work on")]
    return lines(columns, [_worker(worker, snapshot.seconds) for worker in shown], room.width)


def _worker(worker: WorkerStats, seconds: float) -> tuple[Text, ...]:
    share = f"{100 * worker.seconds / seconds:.0f}%" if seconds else "-"
    name = Text(f"{STAGE_NAMES[worker.stage]} {worker.worker}")
    return (
        name,
        Text(str(worker.processed)),
        Text(str(worker.failed), style="red" if worker.failed else "dim"),
        Text(share),
        Text(printable(worker.on) or "-", style="" if worker.active else "dim"),
    )
