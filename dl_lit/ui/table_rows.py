"""The database's tables and their rows, for a terminal and for other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dl_lit import moments
from dl_lit.rows import written
from dl_lit.store.inspecting import TableInfo
from dl_lit.ui.wording import printable

_LONGEST = 200  # letters of a value that a terminal shows


def tables(found: Sequence[TableInfo], database: Path) -> RenderableType:
    grid = Table(box=None)
    grid.add_column("table", no_wrap=True)
    grid.add_column("rows", justify="right", no_wrap=True)
    grid.add_column("what it holds", overflow="fold")
    for one in found:
        grid.add_row(one.name, str(one.rows), one.purpose)
    return Group(grid, Text(printable(f"The file is {database}; dl-lit show-sample TABLE shows rows.")))


def tables_told(found: Sequence[TableInfo], form: str) -> str:
    """As `rows.written`."""
    return written([asdict(one) for one in found], [one.name for one in fields(TableInfo)], form)


def records(table: str, rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    """One row below the other, a line for each column that has something."""
    if not rows:
        return Text(f"{table} has no rows.")
    return Group(*(_record(f"{table}, row {number}", row) for number, row in enumerate(rows, 1)))


def _record(title: str, row: Mapping[str, Any]) -> RenderableType:
    grid = Table(box=None, show_header=False, title=title, title_justify="left", title_style="bold")
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in row.items():
        if value not in (None, "", "[]", "{}"):
            text = _read(name, value)
            grid.add_row(name, Text(printable(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")))
    return grid


def _read(name: str, value: Any) -> str:
    """A time as a clock shows it; the database has unix time."""
    if name.endswith(("_at", "_until")) and isinstance(value, float):
        return moments.second(value)
    return str(value)
