"""The tables of a library as they are, for a person who wants to write SQL or to see what a row looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from dl_lit.store.connection import Connection
from dl_lit.store.migrations import Schema

# schema.sql says what a table or a view is for right above it.
_EXPLAINED = re.compile(r"((?:^--(?: .*)?\n)*)^CREATE (?:TABLE|VIEW) (\w+) ", re.MULTILINE)
_DASHES = re.compile(r"^--", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TableInfo:
    """`purpose` is a sentence or more, empty where the schema has none; `columns` are in their order."""

    name: str
    rows: int
    purpose: str
    columns: tuple[str, ...]


def tables(connection: Connection) -> list[TableInfo]:
    """In the order of the schema."""
    return [
        TableInfo(name, connection.value(f'SELECT count(*) FROM "{name}"'), purpose, columns(connection, name))
        for name, purpose in _purposes().items()
    ]


def sample(connection: Connection, table: str, limit: int) -> list[dict[str, Any]]:
    """The latest rows, whole; `table` is one of `names()`."""
    if table not in _purposes():
        raise ValueError(table)
    order = f" ORDER BY {key} DESC" if (key := _grows(connection, table)) else ""
    rows = connection.all(f'SELECT * FROM "{table}"{order} LIMIT ?', (limit,))
    return [{name: row[name] for name in row.keys()} for row in rows]  # noqa: SIM118 - a Row iterates values


def columns(connection: Connection, table: str) -> tuple[str, ...]:
    return tuple(row["name"] for row in connection.all("SELECT name FROM pragma_table_info(?)", (table,)))


def names() -> list[str]:
    return list(_purposes())


def _purposes() -> dict[str, str]:
    found = _EXPLAINED.finditer(Schema.bundled().sql)
    return {match[2]: " ".join(_DASHES.sub("", match[1]).split()) for match in found}


def _grows(connection: Connection, table: str) -> str | None:
    """The column by which the latest rows come last; a table WITHOUT ROWID, and a view without ids, have none."""
    kind = connection.value("SELECT type || wr FROM pragma_table_list WHERE name = ?", (table,))
    if kind == "table0":
        return "rowid"
    return "id" if kind == "view0" and "id" in columns(connection, table) else None
