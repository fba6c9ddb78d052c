"""Works as compact lines of JSON, and blocks of them compressed together (one alone hardly shrinks)."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import Any

from dl_lit.model import Person, Work

WORKS_IN_A_BLOCK = 16
_LARGEST_BLOCK = 64 << 20  # bytes; works with thousands of authors each need some
# Abstracts and locations are left out: they are most of the bytes, and the services have fresher ones.
_FIELDS = (
    "title", "subtitle", "year", "container", "volume", "issue", "pages", "publisher", "place", "type", "doi",
    "openalex_id", "arxiv", "pmid", "pmcid", "isbn", "issn", "url", "language", "cited_by_count", "is_retracted",
    "edition",
)  # fmt: skip


def as_line(work: Work) -> str:
    values: list[Any] = [getattr(work, name) for name in _FIELDS]
    while values and not values[-1]:
        values.pop()
    line = [_people(work.authors), _people(work.editors), list(work.sources), *values]
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def from_line(line: str) -> Work:
    authors, editors, sources, *values = json.loads(line)
    fields = dict(zip(_FIELDS, values, strict=False))
    return Work(authors=_persons(authors), editors=_persons(editors), sources=tuple(sources), **fields)


def pack(works: Sequence[Work]) -> bytes:
    """Up to WORKS_IN_A_BLOCK works as one block."""
    return zlib.compress("\n".join(map(as_line, works)).encode("utf-8", "replace"), 6)


def unpack(block: bytes) -> list[str]:
    """Raises zlib.error or ValueError for what is no block, however much it would unpack to."""
    unpacking = zlib.decompressobj()
    text = unpacking.decompress(block, _LARGEST_BLOCK)
    if not unpacking.eof:
        raise ValueError("it does not end, or is larger than any block of works")
    return text.decode().split("\n")


def _people(people: Sequence[Person]) -> list[list[str | None]]:
    return [[one.family, one.given] if one.name is None else [one.family, one.given, one.name] for one in people]


def _persons(people: Sequence[Sequence[str | None]]) -> tuple[Person, ...]:
    return tuple(Person(*parts) for parts in people)
