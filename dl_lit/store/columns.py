"""Which columns hold a reference, a work and a file, and how their values become text and back.

The one list of columns: every statement that moves a row between tables is generated from it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from dl_lit.model import CopyVersion, Evidence, KeptFile, Location, Person, Reference, Work

REFERENCE = tuple(field.name for field in fields(Reference))
WORK = tuple(field.name for field in fields(Work) if field.name != "edition")
FILE = tuple(f"file_{name.removeprefix('file_')}" for name in (field.name for field in fields(KeptFile)))

_HISTORY = ("attempts", "last_error", "reason", "created_at", "stage_entered_at", "finished_at")
_CLAIM = ("next_attempt_at", "wait_by", "claimed_by", "claimed_until")
_PRINTED = ("source_pdf_id", "turn", *REFERENCE)

# The columns of every table in which a reference can be, without its id.
TABLES: Mapping[str, tuple[str, ...]] = {
    "no_metadata": (*_PRINTED, *_HISTORY, *_CLAIM),
    "needs_review": (*_PRINTED, *_HISTORY),
    "failed_enrichments": (*_PRINTED, *_HISTORY),
    "with_metadata": ("printed_url", *WORK, *_HISTORY, *_CLAIM),
    "to_download_references": ("priority", "printed_url", *WORK, *_HISTORY, *_CLAIM),
    "downloaded_references": ("printed_url", *WORK, *FILE, *_HISTORY),
    "failed_downloads": ("printed_url", *WORK, *_HISTORY, "unasked"),
    "duplicate_references": ("merged_into", "rule", "score", "printed_url", *WORK, *_HISTORY),
}

_PEOPLE = ("authors", "editors")
_DEFAULTS: Mapping[type, tuple[tuple[str, Any], ...]] = {
    kind: tuple((field.name, field.default) for field in fields(kind)) for kind in (Person, Location, Reference, Work)
}


def to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _filled(item: Person | Location | Reference | Work) -> dict[str, Any]:
    """The fields that say something. Not `asdict`, which copies deeply: it took a third of the time of a commit."""
    return {name: value for name, default in _DEFAULTS[type(item)] if (value := getattr(item, name)) != default}


def people_to_json(people: Iterable[Person]) -> str:
    return to_json([_filled(person) for person in people])


def people_from_json(text: str) -> tuple[Person, ...]:
    return tuple(Person(**person) for person in json.loads(text))


def reference_to_values(reference: Reference) -> dict[str, Any]:
    values = {name: getattr(reference, name) for name in REFERENCE}
    people = {name: people_to_json(values[name]) for name in _PEOPLE}
    return values | people | {"from_note": int(reference.from_note)}


def reference_from_row(row: sqlite3.Row) -> Reference:
    values = {name: row[name] for name in REFERENCE}
    people = {name: people_from_json(values[name]) for name in _PEOPLE}
    return Reference(**values | people | {"from_note": bool(row["from_note"])})


def as_work(reference: Reference) -> Work:
    """What was read from a print as if it were a record, for writing; nobody has verified it."""
    return Work(**{name: getattr(reference, name) for name in REFERENCE if name in WORK})


def reference_to_json(reference: Reference) -> str:
    """What was read from the print, without the print itself and its place, which have columns of their own."""
    apart = {"raw", "position", "page", "label", "from_note"}
    return to_json({key: value for key, value in _filled_deep(reference).items() if key not in apart})


def reference_from_citation(row: sqlite3.Row) -> Reference:
    """What a row of `citations` says was printed and read."""
    values = json.loads(row["fields"])
    people = {name: people_from_json(to_json(values[name])) for name in _PEOPLE if name in values}
    place = {name: row[name] for name in ("raw", "position", "page", "label")}
    return Reference(**values | people | place | {"from_note": bool(row["from_note"])})


def _filled_deep(item: Reference | Work) -> dict[str, Any]:
    values = _filled(item)
    return values | {name: [_filled(person) for person in values[name]] for name in _PEOPLE if name in values}


def work_to_values(work: Work) -> dict[str, Any]:
    values = {name: getattr(work, name) for name in WORK}
    return values | {
        **{name: people_to_json(values[name]) for name in _PEOPLE},
        "locations": locations_to_json(work.locations),
        "sources": to_json(work.sources),
        "is_oa": None if work.is_oa is None else int(work.is_oa),
        "is_retracted": int(work.is_retracted),
    }


def work_from_row(row: sqlite3.Row | Mapping[str, Any]) -> Work:
    values = {name: row[name] for name in WORK}
    return Work(
        **values
        | {
            **{name: people_from_json(values[name]) for name in _PEOPLE},
            "locations": locations_from_json(values["locations"]),
            "sources": tuple(json.loads(values["sources"])),
            "is_oa": None if values["is_oa"] is None else bool(values["is_oa"]),
            "is_retracted": bool(values["is_retracted"]),
        }
    )


def work_to_json(work: Work) -> str:
    locations = [_filled(location) for location in work.locations]
    return to_json(_filled_deep(work) | ({"locations": locations} if locations else {}))


def work_from_json(text: str) -> Work:
    values = json.loads(text)
    people = {name: people_from_json(to_json(values[name])) for name in _PEOPLE if name in values}
    locations = locations_from_json(to_json(values.get("locations", [])))
    return Work(**values | people | {"locations": locations, "sources": tuple(values.get("sources", ()))})


def locations_to_json(locations: Iterable[Location]) -> str:
    return to_json([_filled(location) for location in locations])


def locations_from_json(text: str) -> tuple[Location, ...]:
    return tuple(_location(values) for values in json.loads(text))


def _location(values: dict[str, Any]) -> Location:
    version = values.get("version")
    return Location(**values | {"version": CopyVersion(version) if version else None})


def file_to_values(file: KeptFile) -> dict[str, Any]:
    return dict(zip(FILE, (getattr(file, field.name) for field in fields(KeptFile)), strict=True))


def file_from_row(row: sqlite3.Row) -> KeptFile:
    values = {field.name: row[column] for field, column in zip(fields(KeptFile), FILE, strict=True)}
    version = values["version"]
    return KeptFile(**values | {"version": CopyVersion(version) if version else None})


def evidence_to_values(reference_id: int, evidence: Evidence, now: float) -> dict[str, Any]:
    return {
        "reference_id": reference_id,
        "service": evidence.service,
        "query": evidence.query,
        "rank": evidence.rank,
        "score": evidence.score,
        "decision": evidence.decision,
        "agreed": to_json(evidence.agreed),
        "disagreed": to_json(evidence.disagreed),
        "vetoes": to_json(evidence.vetoes),
        "candidate_doi": evidence.candidate.doi,
        "candidate_title": evidence.candidate.title,
        "candidate": work_to_json(evidence.candidate),
        "created_at": now,
    }


def insert(connection: sqlite3.Connection, table: str, values: Mapping[str, Any]) -> int:
    """Insert one row with named columns; returns its rowid."""
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    cursor = connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)
    return cursor.lastrowid or 0
