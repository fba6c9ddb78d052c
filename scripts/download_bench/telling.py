"""What a part of a benchmark hands back, how it is told, and what of downloads is left on the disk."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
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


def reported(parts: Sequence[Part], head: Iterable[str], place: Path | None) -> int:
    """Prints all parts behind `head`, and writes them to `place`; returns the exit code, 1 with any fault."""
    text = "\n".join([*head, *(line for part in parts for line in ("", f"## {part.title}", "", *part.lines))])
    print(text)
    if place is not None:
        place.write_text(text + "\n", encoding="utf-8")
    wrong = [f"{part.title}: {fault}" for part in parts for fault in part.faults]
    print(*(f"FAILED: {one}" for one in wrong), sep="\n", file=sys.stderr)
    return 1 if wrong else 0


def files_below(folder: Path) -> list[Path]:
    """Files of `pdfs/` and `quarantine/`, hidden ones too."""
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def parts_below(library: Path) -> tuple[list[Path], list[Path]]:
    """Parts on the disk: those that can be gone on with, and strays."""
    found = [path for path in files_below(library / "pdfs" / ".incoming") if path.suffix != ".json"]
    resumable = [path for path in found if path.with_name(f"{path.name}.json").exists()]
    return resumable, [path for path in found if path not in resumable]
