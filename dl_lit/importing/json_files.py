"""JSON of works: CSL-JSON of reference managers, references as `extract-references` writes them, works as `export`
writes them, plain identifiers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from dl_lit.catalogue import csl
from dl_lit.identity import titles
from dl_lit.importing.entries import BibEntry, Bibliography, as_printed, reference_of
from dl_lit.importing.identifiers import entry_of
from dl_lit.model import Reference, Work
from dl_lit.services.fields import Node
from dl_lit.store.columns import REFERENCE, as_work

_REFERENCE = TypeAdapter(Reference)
_ONLY_OURS = frozenset({"raw", "authors", "year_text", "container", "source_pdf"})
_IDENTIFIERS = ("doi", "arxiv", "pmid", "pmcid", "isbn")


def parse(text: str) -> Bibliography:
    """A list, an object with `items`, one object, or one value a line; each may be of another kind.

    Raises ValueError for what is no JSON.
    """
    found: list[BibEntry] = []
    problems = []
    for where, value in _values(text):
        entry = _entry(value, len(found) + 1)
        if isinstance(entry, BibEntry):
            found.append(entry)
        else:
            problems.append(f"{where}: {entry}")
    return Bibliography(tuple(found), tuple(problems))


def _values(text: str) -> Iterator[tuple[str, Any]]:
    """Each value with where it is. Lines that are no JSON come as they are; a text of nothing else is an error."""
    try:
        whole = json.loads(text)
    except ValueError:
        yield from _lines(text)
        return
    if isinstance(whole, dict) and isinstance(whole.get("items"), list):
        whole = whole["items"]
    for number, value in enumerate(whole if isinstance(whole, list) else [whole], 1):
        yield f"entry {number}", value


def _lines(text: str) -> Iterator[tuple[str, Any]]:
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    values = [(number, _value(line)) for number, line in lines]
    if not any(isinstance(value, (dict, list)) for _, value in values):
        json.loads(text)  # says what is wrong with it
    for number, value in values:
        yield f"line {number}", value


def _value(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _entry(value: Any, position: int) -> BibEntry | str:
    """What is wrong with it, where nobody could look for it."""
    if isinstance(value, str):
        return entry_of(value, position) or "it is no identifier that is known here"
    if not isinstance(value, dict):
        return "it is no JSON object"
    if isinstance(value.get("work"), dict):
        value = _exported(value)
    reference = _ours(value, position) if _ONLY_OURS & value.keys() or _is_identifier(value) else _csl(value, position)
    if isinstance(reference, str):
        return reference
    known = reference.title or any(getattr(reference, name) for name in _IDENTIFIERS)
    if not known and not reference.raw.strip():
        return "it has no title, no print and no identifier"
    return BibEntry(reference.label or str(position), reference)


def _exported(value: Mapping[str, Any]) -> dict[str, Any]:
    """A work as `dl-lit export --to json` has it, with what was printed of it."""
    work = value["work"]
    title = titles.whole(Work(title=work.get("title"), subtitle=work.get("subtitle"))) or None
    told = {
        "title": title,
        "label": value.get("key"),
        "authors": work.get("authors") or (),
        "raw": value.get("printed"),
    }
    return {**work, **told}


def _is_identifier(value: Mapping[str, Any]) -> bool:
    return any(name in value for name in _IDENTIFIERS)


def _ours(value: Mapping[str, Any], position: int) -> Reference | str:
    given = {name: one for name, one in value.items() if name in REFERENCE and one is not None}
    try:
        reference = _REFERENCE.validate_python({"raw": "", **given, "position": position})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return reference if reference.raw.strip() else replace(reference, raw=as_printed(as_work(reference)))


def _csl(value: Mapping[str, Any], position: int) -> Reference:
    key = Node(dict(value))["id"].text() or str(position)
    return reference_of(csl.parse_work(Node(dict(value))), key, position)
