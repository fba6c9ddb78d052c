"""References as JSON objects, one a line: what `extract-references` writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dl_lit.model import Person, Reference

_FIELDS_AFTER_PEOPLE = (
    "title", "translated_title", "year", "year_text", "container", "volume", "issue", "pages", "publisher", "place",
    "type", "doi", "arxiv", "pmid", "pmcid", "isbn", "issn", "url", "language",
)  # fmt: skip


def as_object(reference: Reference, source_pdf: str) -> dict[str, Any]:
    """The keys in the order that the manual promises; what the print does not say is null or []."""
    return {
        "source_pdf": source_pdf,
        "position": reference.position,
        "page": reference.page,
        "label": reference.label,
        "raw": reference.raw,
        "authors": _people(reference.authors),
        "editors": _people(reference.editors),
        **{name: getattr(reference, name) for name in _FIELDS_AFTER_PEOPLE},
        "from_note": reference.from_note,
    }


def as_line(reference: Reference, source_pdf: str) -> str:
    """One line of JSON, without its end of line."""
    return json.dumps(as_object(reference, source_pdf), ensure_ascii=False)


def _people(people: Sequence[Person]) -> list[dict[str, str | None]]:
    return [
        {"name": person.name} if person.name is not None else {"family": person.family, "given": person.given}
        for person in people
    ]
