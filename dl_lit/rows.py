"""Rows for other programs: as a JSON list, and as CSV (RFC 4180 but for the line ends) for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dl_lit import moments

# https://owasp.org/www-community/attacks/CSV_Injection: a spreadsheet runs what begins so.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def written(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], form: str, *, times: Collection[str] = ()
) -> str:
    """`form` is "json" or "csv"; `columns` are the CSV's, in their order, and may leave some out.

    `times` are columns of unix times, which JSON has as they are and the CSV as a spreadsheet reads them.
    """
    if form == "json":
        return json.dumps([dict(row) for row in rows], indent=2, ensure_ascii=False) + "\n"
    return as_csv(columns, [[_value(row, name, times) for name in columns] for row in rows])


def _value(row: Mapping[str, Any], name: str, times: Collection[str]) -> Any:
    value = row[name]
    return moments.second(value) if name in times and value is not None else value


def as_csv(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Lists and objects within a cell are JSON; a text that a spreadsheet would run gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8", "backslashreplace").decode()


def _cell(value: object) -> object:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULAS) else value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, tuple, Mapping)) else value
