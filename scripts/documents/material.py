"""Printed references from the shared corpora, grouped into lists that one paper could print."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from documents.typesetter import can_print

Reference = dict[str, Any]

GOLD_FIELDS = [
    "raw",
    "raw_kind",
    "authors",
    "editors",
    "title",
    "year",
    "container",
    "publisher",
    "place",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "arxiv",
    "url",
    "type",
]
_FEWEST, _LONGEST = 7, 700
_LABEL = re.compile(r"^\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)]|\d{1,3} (?=[A-Z][a-zà-ÿ]))\s*")
# What the corpora themselves got wrong: two references in one string, or the tail of another.
_BAD_START = re.compile(r"[a-z,;.)]|\(?\d{4}\)?[ .]")


@dataclass(frozen=True, slots=True)
class Printed:
    """The references of one real document, in its order and style."""

    source: str
    language: str
    references: tuple[Reference, ...]
    is_sorted: bool  # by the first letters, as lists without labels are


def lists(strings: Path) -> list[Printed]:
    """All lists of at least seven references. `strings` is the folder of the shared corpora."""
    return [printed for grouped in _grouped(strings) if (printed := _printed(*grouped)) is not None]


def _grouped(strings: Path) -> Iterator[tuple[str, str, list[Reference]]]:
    for name in ("excite", "scielo_jats", "pmc_jats", "grobid_citation"):
        documents: defaultdict[str, list[Reference]] = defaultdict(list)
        for row in _rows(strings / f"{name}.jsonl"):
            documents[row["doc"]].append(row)
        for rows in documents.values():
            yield name, rows[0].get("lang_doc") or "en", rows
    rows = list(_rows(strings / "pmc1943_doi.jsonl"))
    for at in range(0, len(rows) - 40, 40):
        yield "pmc1943_doi", "en", rows[at : at + 25]


def _rows(path: Path) -> Iterator[Reference]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _printed(name: str, language: str, rows: Sequence[Reference]) -> Printed | None:
    found: dict[str, Reference] = {}
    for row in rows:
        raw = _LABEL.sub("", " ".join((row.get("raw_no_ids") or row["raw"]).split()))
        raw = raw.replace("\u2010", "-").replace("\u2011", "-").replace("\u00ad", "")
        if 35 <= len(raw) <= _LONGEST and can_print(raw) and not _BAD_START.match(raw) and re.search(r"\d{4}", raw):
            found.setdefault(raw, {**{key: row.get(key) for key in GOLD_FIELDS}, "raw": raw, "raw_kind": "as_printed"})
    if len(found) < _FEWEST:
        return None
    keys = [raw[:4].casefold() for raw in found]
    rising = sum(before <= after for before, after in pairwise(keys)) / (len(keys) - 1)
    return Printed(name, language, tuple(found.values()), rising >= 0.8)


def some(printed: Printed, count: int, chance: random.Random) -> list[Reference]:
    """`count` neighbouring references, or all when there are fewer."""
    if count >= len(printed.references):
        return list(printed.references)
    start = chance.randrange(len(printed.references) - count + 1)
    return list(printed.references[start : start + count])
