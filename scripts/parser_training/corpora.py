"""The corpora that the tagger learns from and is measured on, in fifths that never share a reference."""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from parser_training.alignment import Example, from_fields, from_segments

# excite and linkedbooks are never learnt from: they are what we are measured on.
LEARNT = ("anystyle_core", "anystyle_gold", "cora", "grobid_citation", "pmc_jats", "scielo_jats")
FOLDS = 5
# How the fifths are drawn: "files" keeps all references of a document or collection together, so that its style is
# never learnt from; "works" keeps all printings of a work together, whatever their style and corpus.
APART = ("works", "files")
_FILED = frozenset(("grobid_citation", "pmc_jats", "scielo_jats"))
_TELLING = 24  # letters at either end of a title by which two printings of it are told to be the same


def records(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def divided(folder: Path, apart: str) -> dict[str, list[tuple[dict[str, Any], int]]]:
    """The records of each corpus in LEARNT with the fifth that they are in.

    To see what goes wrong, look at fifths 1 to 4 only: nobody has looked at fifth 0.
    """
    corpora = {name: list(records(folder, name)) for name in LEARNT}
    if apart == "files":
        return {name: [(r, _fifth(_file(r, name))) for r in rows] for name, rows in corpora.items()}
    works = _Works()
    for rows in corpora.values():
        for record in rows:
            works.join(_signs(record))
    return {name: [(r, _fifth(works.find(key(r["raw"])))) for r in rows] for name, rows in corpora.items()}


def key(raw: str) -> str:
    return re.sub(r"\W+", "", raw.casefold())


def learnt(folder: Path, fold: int | None = None, apart: str = "works") -> Iterator[tuple[str, Example]]:
    """The examples to learn from, none of them printed like a held-out one (the corpora overlap)."""
    corpora = divided(folder, apart)
    seen = {key(record["raw"]) for rows in corpora.values() for record, fifth in rows if fifth == fold}
    for name, rows in corpora.items():
        for record, _ in rows:
            mark = key(record["raw"])
            if mark in seen:
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


# ── which references belong together ─────────────────────────────────────────────────────────────────────


def _fifth(mark: str) -> int:
    return zlib.crc32(mark.encode()) % FOLDS


def _file(record: dict[str, Any], name: str) -> str:
    return str(record["doc"]) if name in _FILED else key(record["raw"])


def _signs(record: dict[str, Any]) -> list[str]:
    """What a printing of a work shares with others of the same work: it is enough that one of them is equal."""
    title = _letters(record["title"])
    if len(title) >= _TELLING // 2:
        return [key(record["raw"]), f"begins {title[:_TELLING]}", f"ends {title[-_TELLING:]}"]
    place = (_letters(record["container"])[:6], record["year"], record["volume"], _letters(record["pages"])[:4])
    return [key(record["raw"]), f"{title} {place}"]


def _letters(text: object) -> str:
    plain = unicodedata.normalize("NFKD", str(text or "")).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


class _Works:
    """Sets of signs that are of one work, found by union and find; the least sign stands for the set."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def find(self, sign: str) -> str:
        above = self._above.setdefault(sign, sign)
        while above != self._above[above]:
            above = self._above[above]
        self._above[sign] = above
        return above

    def join(self, signs: list[str]) -> None:
        roots = {self.find(sign) for sign in signs}
        for root in roots:
            self._above[root] = min(roots)
