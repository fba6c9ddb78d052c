"""The runs of a library, for a terminal and for other programs."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from dl_lit.model import Stage
from dl_lit.rows import written
from dl_lit.store.records import RunRecord
from dl_lit.ui.wording import duration, printable

_SHOWN = {Stage.EXTRACTION: "read", Stage.ENRICHMENT: "matched", Stage.DOWNLOAD: "fetched"}
_COLUMNS = (
    *("id", "command", "owner", "started_at", "finished_at", "exit_code", "end", "seconds", "pdfs"),
    *(*_SHOWN.values(), "failed", "left"),
)
_ENDS = {0: "done", 1: "error", 2: "wrong options", 3: "some rows wait", 130: "interrupted"}


def table(records: Sequence[RunRecord]) -> RenderableType:
    if not records:
        return Text("No run has been made.")
    grid = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    grid.add_column("run", overflow="fold")
    for name in (*_SHOWN.values(), "failed", "left"):
        grid.add_column(name, justify="right", no_wrap=True)
    for record in records:
        row = _row(record)
        numbers = ("" if row[name] is None else str(row[name]) for name in (*_SHOWN.values(), "failed", "left"))
        grid.add_row(_named(record, row), *numbers)
    return grid


def _named(record: RunRecord, row: Mapping[str, Any]) -> Text:
    began = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.started_at))
    end = (row["end"], "" if record.exit_code == 0 or record.goes_on else "yellow")
    return Text.assemble(f"{record.id} {printable(record.command)}\n  {began}, {duration(row['seconds'])}, ", end)


def told(records: Sequence[RunRecord], form: str) -> str:
    """As `rows.written`; JSON has the options and the whole summary, too."""
    return written(
        [asdict(record) | _row(record) for record in records], _COLUMNS, form, times=("started_at", "finished_at")
    )


def rows(records: Sequence[RunRecord]) -> list[dict[str, Any]]:
    """What a table of runs shows of each, by its columns."""
    return [_row(record) for record in records]


def _row(record: RunRecord) -> dict[str, Any]:
    stages = record.summary.get("stages", {})
    counts = {word: stages.get(stage.value, {}).get("done") for stage, word in _SHOWN.items()}
    failed = sum(one["failed"] for one in stages.values()) if stages else None
    last = record.finished_at or record.heartbeat_at
    return {
        **{name: getattr(record, name) for name in _COLUMNS[:6]},
        "end": _end(record),
        "seconds": round(last - record.started_at, 1),
        "pdfs": record.pdfs,
        **counts,
        "failed": failed,
        "left": record.summary.get("left"),
    }


def _end(record: RunRecord) -> str:
    if record.goes_on:
        return f"goes on (process {record.owner.rsplit(':', 2)[-2]})"
    if record.exit_code is None:
        return "killed"
    return _ENDS.get(record.exit_code, f"exit code {record.exit_code}")
