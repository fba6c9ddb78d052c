"""The works of the stand-in world: bibliographic facts about real works, one a line in `data/works.jsonl`.

How the facts were gathered, and what a line holds, is told in `data/README.md`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from dl_lit.model import Person


@dataclass(frozen=True, slots=True)
class CatalogueWork:
    """One real work. Identifiers are normalised; `type` is Crossref's vocabulary; `cited_by` is approximate."""

    key: str
    title: str
    year: int
    type: str
    language: str
    cited_by: int
    subtitle: str | None = None
    authors: tuple[Person, ...] = ()
    editors: tuple[Person, ...] = ()
    container: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    place: str | None = None
    doi: str | None = None
    isbn: str | None = None
    issn: str | None = None
    arxiv: str | None = None
    pmid: str | None = None
    page_count: int | None = None
    field: str | None = None  # computing, statistics, life, physics, economics, social


def parse(line: str) -> CatalogueWork:
    """One line of `works.jsonl`; an unknown or missing field is an error, for the file is ours."""
    fields: dict[str, Any] = json.loads(line)
    for role in ("authors", "editors"):
        fields[role] = tuple(_person(parts) for parts in fields[role])
    return CatalogueWork(**fields)


@cache
def load() -> tuple[CatalogueWork, ...]:
    """All works in the order of the file; read once, on first use."""
    text = files("dl_lit.standin").joinpath("data", "works.jsonl").read_text(encoding="utf-8")
    return tuple(parse(line) for line in text.splitlines())


def _person(parts: list[str]) -> Person:
    if len(parts) == 1:
        return Person(name=parts[0])
    family, given = parts
    return Person(family=family, given=given)
