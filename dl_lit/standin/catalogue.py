"""The works of the stand-in world: bibliographic facts about real works, one a line in `data/works.jsonl`.

How the facts were gathered, and what a line holds, is told in `data/README.md`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from dl_lit.errors import UsageError
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


def read(path: Path) -> tuple[CatalogueWork, ...]:
    """The works of another catalogue; raises UsageError."""
    try:
        return tuple(parse(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{path} holds no works of a stand-in: {error}.") from error


def write(path: Path, works: Iterable[CatalogueWork]) -> None:
    """In the form that `read` reads."""
    with path.open("w", encoding="utf-8") as file:
        for work in works:
            people = {role: [_parts(one) for one in getattr(work, role)] for role in ("authors", "editors")}
            file.write(json.dumps(asdict(work) | people, ensure_ascii=False) + "\n")


def _parts(person: Person) -> list[str]:
    return [person.name] if person.name else [person.family or "", person.given or ""]


def _person(parts: list[str]) -> Person:
    if len(parts) == 1:
        return Person(name=parts[0])
    family, given = parts
    return Person(family=family, given=given)
