"""What a part of the benchmark hands back, and what a library says of its works."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """`lines` are Markdown; `faults` are what must not be."""

    title: str
    lines: tuple[str, ...]
    faults: tuple[str, ...]


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |"


def rows(library: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{library / 'literature.db'}?mode=ro", uri=True)) as database:
        return database.execute(sql).fetchall()


def files_below(folder: Path) -> list[Path]:
    """Files of `pdfs/` and `quarantine/`, hidden ones too."""
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def parts_below(library: Path) -> tuple[list[Path], list[Path]]:
    """Parts on the disk: those that can be gone on with, and strays."""
    found = [path for path in files_below(library / "pdfs" / ".incoming") if path.suffix != ".json"]
    resumable = [path for path in found if path.with_name(f"{path.name}.json").exists()]
    return resumable, [path for path in found if path not in resumable]
