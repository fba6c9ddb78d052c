"""Tables of the store, from `schema.sql` and its comments, with SQL to ask them (`examples.sql`, beside this file)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dl_lit.store.migrations import Schema
from reference.markdown import MADE, code, table

EXAMPLES = Path(__file__).with_name("examples.sql")
HEAD = f"""# Tables

{MADE.format("`schema.sql`")}
A library is one SQLite file, `literature.db`. Ask it with `sqlite3 -readonly library/literature.db`, with Python, R,
or anything else that reads SQLite, also while a run is going on. `dl-lit inspect-tables` lists the tables with their
rows, `dl-lit show-sample works` shows the latest works. Do not write to it: the program's commands keep
rows, log and files in step.
"""
WAY = """A reference keeps one id for life and is, at every instant, in exactly one of eight tables; moving on is one
transaction:

```text
PDFs ──▶ no_metadata ──▶ with_metadata ──▶ to_download_references ──▶ downloaded_references
              │                 │                     └──▶ failed_downloads
              │                 └──▶ duplicate_references
              └──▶ needs_review, failed_enrichments
```

All times are unix seconds (`datetime(finished_at, 'unixepoch', 'localtime')`). People, locations and other lists are
JSON arrays (`json_each`).
"""
_BLOCK = re.compile(
    r"((?:^--(?: [^\n]*)?\n)+)^CREATE (TABLE|VIEW) (\w+) (?:\(\n|AS)(.*?)(?:^\) STRICT|;$)", re.M | re.S
)
_COLUMN = re.compile(r"^    (\w+) +([A-Z]+)((?:[^-]|-(?!-))*)(?:-- *(.*))?$")
_SHARED = re.compile(r"^--   ((?:\w+, )*\w+)  +(.*)$", re.M)
_NOT_COLUMNS = frozenset({"PRIMARY", "UNIQUE", "CHECK"})
_WORDS = re.compile(r"CHECK \(\w+ IN \(([^)]*)\)\)")


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` is empty for a view."""

    name: str
    purpose: str
    columns: tuple[Column, ...]


def page() -> str:
    parts = [HEAD, WAY, "## SQL to ask them\n", *_examples(), *map(_section, read(Schema.bundled().sql))]
    return "\n".join(parts)


def read(sql: str) -> list[Table]:
    shared = dict(_shared(sql))
    return [
        Table(name, _sentence(comment), () if kind == "VIEW" else tuple(_columns(body, shared)))
        for comment, kind, name, body in _BLOCK.findall(sql)
    ]


def _shared(sql: str) -> Iterator[tuple[str, str]]:
    """What the head of the file says of columns that many tables have."""
    head = sql.partition("\nCREATE ")[0]
    for names, meaning in _SHARED.findall(head):
        yield from ((name, meaning) for name in names.split(", "))


def _columns(body: str, shared: Mapping[str, str]) -> Iterator[Column]:
    for line in body.splitlines():
        found = _COLUMN.match(line)
        if found is None or found[1] in _NOT_COLUMNS:
            continue
        name, kind, rest, told = found[1], found[2], found[3], found[4]
        words = _WORDS.search(rest)
        choice = f"one of {words[1]}" if words else ""
        target = re.search(r"REFERENCES (\w+)", rest)
        belongs = f"a row of {code(target[1])}" if target and target[1] != "reference_ids" else ""
        meaning = told or choice or shared.get(name, "") or belongs
        yield Column(name, kind.lower(), meaning)


def _sentence(comment: str) -> str:
    return " ".join(re.sub(r"^--", "", comment, flags=re.M).split())


def _section(one: Table) -> str:
    rows = ((code(column.name), column.kind, column.meaning) for column in one.columns)
    listed = "\n" + table(("Column", "Type", "What it holds"), rows) if one.columns else ""
    return f"## {one.name}\n\n{one.purpose}\n{listed}"


def examples() -> dict[str, str]:
    """SQL by its question."""
    parts = re.split(r"^-- (.*)\n", EXAMPLES.read_text("utf-8"), flags=re.M)
    return {question: sql.strip() for question, sql in zip(parts[1::2], parts[2::2], strict=True)}


def _examples() -> Iterator[str]:
    for question, sql in examples().items():
        yield f"{question}\n\n```sql\n{sql}\n```\n"
