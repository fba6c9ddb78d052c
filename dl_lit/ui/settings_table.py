"""Settings as a person reads them, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dl_lit.rows import written
from dl_lit.setting_origins import DEFAULT, Setting
from dl_lit.ui.wording import printable


def told(rows: Sequence[Setting], form: str) -> str:
    """As `rows.written`."""
    return written([asdict(row) for row in rows], [field.name for field in fields(Setting)], form)


def table(rows: Sequence[Setting], file: Path) -> RenderableType:
    """The settings under their sections, each as a file would have it; below, which file that is."""
    grid = Table(box=None, show_header=False)
    for section, settings in groupby(rows, lambda row: row.name.rpartition(".")[0]):
        grid.add_row(Text(f"[{section}]", style="bold", overflow="fold"))
        for row in settings:
            style = "dim" if row.origin == DEFAULT else ""
            told = (row.name.rpartition(".")[2], _value(row.value), row.origin)
            grid.add_row(*(Text(printable(word), style=style, overflow="fold") for word in told))
    state = "" if file.is_file() else ", which is not there; dl-lit init writes it"
    return Group(grid, Text(printable(f"The file is {file}{state}.")))


def _value(value: Any) -> str:
    if value is None:
        return "(not set)"
    return json.dumps(value, ensure_ascii=False)
