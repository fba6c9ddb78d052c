"""The corpora that the tagger learns from and is measured on, in parts that never share a reference."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from parser_training.alignment import Example, from_fields, from_segments

# excite and linkedbooks are never learnt from: they are what we are measured on.
LEARNT = ("anystyle_core", "anystyle_gold", "cora", "grobid_citation", "pmc_jats", "scielo_jats")
FOLDS = 5


def records(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def is_heldout(record: dict[str, Any], name: str, fold: int = 0) -> bool:
    """Whether a record is for measuring. By document where there are documents, because their references are alike.

    The model of the package leaves out fold 0. Models that leave out one of 1 to 4 show what goes wrong, so that
    nobody has to look at fold 0.
    """
    by_document = name in ("pmc_jats", "scielo_jats", "grobid_citation")
    return zlib.crc32((str(record["doc"]) if by_document else key(record["raw"])).encode()) % FOLDS == fold


def key(raw: str) -> str:
    return re.sub(r"\W+", "", raw.casefold())


def learnt(folder: Path, fold: int = 0) -> Iterator[tuple[str, Example]]:
    """The examples to learn from, none of them printed like a held-out one (the corpora overlap)."""
    heldout = {key(r["raw"]) for name in LEARNT for r in records(folder, name) if is_heldout(r, name, fold)}
    seen: set[str] = set()
    for name in LEARNT:
        for record in records(folder, name):
            mark = key(record["raw"])
            if mark in heldout or mark in seen:
                continue
            seen.add(mark)
            example = align(record)
            if example is not None and example.tokens:
                yield name, example


def align(record: dict[str, Any]) -> Example | None:
    if record.get("segments"):
        return from_segments(record["raw"], record["segments"])
    raw = re.sub(r"\s+", " ", record["raw"]).strip()
    return from_fields(record, raw)
