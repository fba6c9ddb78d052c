"""The stages from left to right, as rows flow through them; on small terminals one below the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.text import Text

from dl_lit.model import Stage
from dl_lit.pipeline.progress import Snapshot, StageStats
from dl_lit.ui.panel.grid import GAP, Column, lines
from dl_lit.ui.panel.scene import Size
from dl_lit.ui.wording import STAGE_NAMES, duration

BAR = 6  # characters
LABELS = 10  # characters
LEAST = BAR + 5  # characters of a stage's column: what a bar and its per cents take
SHORT_NAMES = {Stage.QUEUEING: "merge, rank"}
WIDEST = 118  # characters: columns that lie too far apart are hard to read across
_Cell = Callable[[StageStats], Text]


def flow(snapshot: Snapshot, room: Size) -> list[Text]:
    """No more than has room. Counts that are nought everywhere have no row."""
    width = min(room.width, WIDEST)
    share = (width - LABELS) // max(1, len(snapshot.stages)) - GAP
    across = _across(snapshot, width, share) if share >= LEAST else None
    shown = across if across is not None and len(across) <= room.height else _below_one_another(snapshot, width)
    return shown[: max(0, room.height)]


def _across(snapshot: Snapshot, width: int, share: int) -> list[Text]:
    """One column a stage."""
    headings = [_heading(stage, snapshot, share) for stage in snapshot.stages]
    columns = [Column("", LABELS), *(Column(heading, is_right=True) for heading in headings)]
    rows = [
        [Text(label, style="dim"), *map(cell, snapshot.stages)] for label, cell, is_shown in _rows(snapshot) if is_shown
    ]
    return lines(columns, rows, width)


def _heading(stage: StageStats, snapshot: Snapshot, width: int) -> Text:
    name = STAGE_NAMES[stage.stage]
    name = name if len(name) <= width else SHORT_NAMES.get(stage.stage, name)
    return Text(name, style="yellow" if stage.stage is snapshot.bottleneck else "")


def _below_one_another(snapshot: Snapshot, width: int) -> list[Text]:
    """One line a stage, with as many of its figures as have room, the telling ones first."""
    names = max(map(len, STAGE_NAMES.values()))
    figures = list(_figures(snapshot, width - names))
    columns = [Column("", names), *(Column(label, size, is_right=True) for label, size, _ in figures)]
    rows = [[_heading(stage, snapshot, names), *(cell(stage) for *_, cell in figures)] for stage in snapshot.stages]
    return lines(columns, rows, width)


def _figures(snapshot: Snapshot, width: int) -> Iterator[tuple[str, int, _Cell]]:
    """Each with the characters it takes."""
    for label, size, cell in (
        ("ended", 5, lambda stage: Text(_percent(_share(stage)))),
        ("waiting", 7, lambda stage: Text(str(stage.ahead))),
        ("done", 6, lambda stage: Text(str(stage.done), style="green")),
        ("failed", 6, lambda stage: _count(stage.failed, "red")),
        ("time left", 11, lambda stage: _left(stage, snapshot)),
        ("active", 6, _active),
        ("to look at", 10, lambda stage: _count(stage.review, "yellow")),
        ("later", 5, lambda stage: _count(stage.later, "magenta")),
    ):
        if (width := width - GAP - size) < 0:
            return
        yield label, size, cell


def _rows(snapshot: Snapshot) -> list[tuple[str, _Cell, bool]]:
    stages = snapshot.stages
    return [
        ("", lambda stage: _mark(stage, snapshot), bool(stages)),
        ("finished", _bar, bool(stages)),
        ("waiting", lambda stage: Text(str(stage.ahead)), bool(stages)),
        ("active", _active, bool(stages)),
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


def _active(stage: StageStats) -> Text:
    return Text(f"{stage.active}/{stage.workers}")


def _share(stage: StageStats) -> float | None:
    """What has left the stage, of the rows it has had so far; None while it has had none."""
    ended = stage.done + stage.failed + stage.review + stage.duplicate
    known = ended + stage.ahead + stage.active + stage.later
    return ended / known if known else None


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{int(share * 100)}%"


def _bar(stage: StageStats) -> Text:
    share = _share(stage)
    if share is None:
        return Text("-", style="dim")
    full = round(share * BAR)
    return Text.assemble(("█" * full, "green"), ("░" * (BAR - full), "dim"), f" {_percent(share)}")


def _count(number: int, style: str) -> Text:
    return Text(str(number), style=style) if number else Text("·", style="dim")


def _left(stage: StageStats, snapshot: Snapshot) -> Text:
    if stage.stage not in snapshot.etas:
        return Text("·", style="dim")
    return Text(duration(snapshot.etas[stage.stage]))
