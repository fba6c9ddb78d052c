"""The log of download attempts, written one by one, so that a killed run need not try again what failed for good."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, fields

from dl_lit.model import ATTEMPT_CATEGORIES, Attempt, DownloadReason
from dl_lit.store.columns import insert
from dl_lit.store.connection import Connection

_FIELDS = tuple(field.name for field in fields(Attempt))


def record(connection: Connection, reference_id: int, attempt: Attempt, now: float) -> None:
    known = {"reference_id": reference_id, "at": now, "category": ATTEMPT_CATEGORIES[attempt.outcome]}
    insert(connection, "download_attempts", {**known, **asdict(attempt)})


def since_queued(connection: Connection, reference_id: int) -> list[Attempt]:
    """The attempts made since the reference was put into the download queue, the oldest first."""
    rows = connection.all(
        "SELECT a.* FROM download_attempts AS a JOIN to_download_references AS t ON t.id = a.reference_id"
        " WHERE a.reference_id = ? AND a.at >= t.stage_entered_at ORDER BY a.id",
        (reference_id,),
    )
    return [from_row(row) for row in rows]


def of(connection: Connection, reference_id: int) -> tuple[Attempt, ...]:
    """All attempts ever made for a reference, the oldest first."""
    rows = connection.all("SELECT * FROM download_attempts WHERE reference_id = ? ORDER BY id", (reference_id,))
    return tuple(map(from_row, rows))


def from_row(row: sqlite3.Row) -> Attempt:
    values = {name: row[name] for name in _FIELDS}
    return Attempt(**{**values, "outcome": DownloadReason(row["outcome"])})
