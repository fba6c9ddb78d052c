"""The stages from left to right, as rows flow through them."""

from __future__ import annotations

from collections.abc import Callable

from rich.text import Text

from dl_lit.pipeline.progress import Snapshot, StageStats
from dl_lit.ui.panel.grid import Column, lines
from dl_lit.ui.wording import STAGE_NAMES, duration

BAR = 6  # characters
LABELS = 10  # characters
WIDEST = 118  # characters: columns that lie too far apart are hard to read across
_Cell = Callable[[StageStats], Text]


def flow(snapshot: Snapshot, width: int) -> list[Text]:
    """One column a stage, in `width` characters at most. Counts that are nought everywhere have no row."""
    columns = [Column("", LABELS), *(Column(_heading(stage, snapshot), is_right=True) for stage in snapshot.stages)]
    rows = [
        [Text(label, style="dim"), *map(cell, snapshot.stages)] for label, cell, is_shown in _rows(snapshot) if is_shown
    ]
    return lines(columns, rows, min(width, WIDEST))


def _heading(stage: StageStats, snapshot: Snapshot) -> Text:
    return Text(STAGE_NAMES[stage.stage], style="yellow" if stage.stage is snapshot.bottleneck else "")


def _rows(snapshot: Snapshot) -> list[tuple[str, _Cell, bool]]:
    stages = snapshot.stages
    return [
        ("", lambda stage: _mark(stage, snapshot), bool(stages)),
        ("finished", _bar, bool(stages)),
        ("waiting", lambda stage: Text(str(stage.ahead)), bool(stages)),
        ("active", lambda stage: Text(f"{stage.active}/{stage.workers}"), bool(stages)),
        ("done", lambda stage: Text(str(stage.done), style="green"), bool(stages)),
        ("merged", lambda stage: _count(stage.duplicate, ""), any(stage.duplicate for stage in stages)),
        ("to look at", lambda stage: _count(stage.review, "yellow"), any(stage.review for stage in stages)),
        ("failed", lambda stage: _count(stage.failed, "red"), bool(stages)),
        ("later", lambda stage: _count(stage.later, "magenta"), any(stage.later for stage in stages)),
        ("a minute", lambda stage: Text(f"{stage.rate:.0f}"), bool(stages)),
        ("time left", lambda stage: _left(stage, snapshot), bool(snapshot.etas)),
    ]


def _mark(stage: StageStats, snapshot: Snapshot) -> Text:
    """Which stage is the slowest or waits for the next, said in words, not by colour alone; and where rows go."""
    mark = Text()
    if stage.stage is snapshot.bottleneck:
        mark.append("slowest", style="bold yellow")
    elif stage.held_back and stage.waiting:
        mark.append("held back", style="dim")
    return mark if stage is snapshot.stages[-1] else mark.append(" ──▶", style="dim")


def _bar(stage: StageStats) -> Text:
    """The share that has left the stage, of the rows it has had so far."""
    ended = stage.done + stage.failed + stage.review + stage.duplicate
    known = ended + stage.ahead + stage.active + stage.later
    if not known:
        return Text("-", style="dim")
    share = ended / known
    full = round(share * BAR)
    return Text.assemble(("█" * full, "green"), ("░" * (BAR - full), "dim"), f" {int(share * 100)}%")


def _count(number: int, style: str) -> Text:
    return Text(str(number), style=style) if number else Text("·", style="dim")


def _left(stage: StageStats, snapshot: Snapshot) -> Text:
    if stage.stage not in snapshot.etas:
        return Text("·", style="dim")
    return Text(duration(snapshot.etas[stage.stage]))
