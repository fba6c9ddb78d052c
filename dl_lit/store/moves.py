"""Moving a reference on: insert there, delete here, log, all within the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from dl_lit.errors import LeaseLost
from dl_lit.model import Stage
from dl_lit.store.columns import TABLES, insert
from dl_lit.store.connection import Connection

PERSON = "person"  # the owner of a step that a person took
UNSETTLED = ("needs_review", "failed_enrichments")  # where prints are that no work was found for
UNVERIFIED = (str(Stage.ENRICHMENT), *UNSETTLED)  # where references are as they are printed

# What starts anew in the next table; the rest of the columns that both tables have go along.
_FRESH = {"attempts": 0, "last_error": None, "reason": None, "finished_at": None}
_CLAIM = {"next_attempt_at": None, "wait_by": None, "claimed_by": None, "claimed_until": None}


def held(connection: Connection, stage: Stage, row_id: int, owner: str) -> sqlite3.Row:
    """The row as it is now. Raises LeaseLost unless `owner` still holds it."""
    row = connection.one(f"SELECT * FROM {stage} WHERE id = ? AND claimed_by = ?", (row_id, owner))
    if row is None:
        raise LeaseLost(
            f"Row {row_id} of {stage} is no longer ours: its lease ran out and another process took it, or a person "
            "decided about it meanwhile. This result is dropped; whoever has the row now delivers another.",
            reason="lease_lost",
            table=str(stage),
            id=row_id,
        )
    return row


def move(
    connection: Connection,
    source: str,
    target: str,
    row_id: int,
    values: Mapping[str, Any],
    *,
    now: float,
    owner: str | None = None,
) -> None:
    """Move one reference; `values` are the columns of the target that differ from the row as it is."""
    columns = TABLES[target]
    set_here = {k: v for k, v in (_FRESH | _CLAIM | {"stage_entered_at": now} | dict(values)).items() if k in columns}
    go_along = [name for name in TABLES[source] if name in columns and name not in set_here]
    names = ", ".join(("id", *go_along, *set_here))
    marks = ", ".join(("id", *go_along, *(f":{name}" for name in set_here)))
    connection.execute(
        f"INSERT INTO {target} ({names}) SELECT {marks} FROM {source} WHERE id = :row_id",
        {**set_here, "row_id": row_id},
    )
    gone = connection.execute(f"DELETE FROM {source} WHERE id = ?", (row_id,))
    if gone.rowcount != 1:
        raise LookupError(f"reference {row_id} is not in {source}")
    if source in UNSETTLED:
        connection.execute("DELETE FROM unsettled_prints WHERE reference_id = ?", (row_id,))
    reason, detail = values.get("reason"), values.get("last_error")
    log(connection, now, target, reference_id=row_id, source=source, reason=reason, detail=detail, owner=owner)


def log(
    connection: Connection,
    now: float,
    target: str,
    *,
    reference_id: int | None = None,
    source_pdf_id: int | None = None,
    source: str | None = None,
    reason: str | None = None,
    detail: str | None = None,
    owner: str | None = None,
) -> None:
    values = {
        "at": now,
        "reference_id": reference_id,
        "source_pdf_id": source_pdf_id,
        "from_table": source,
        "to_table": target,
        "reason": reason,
        "detail": detail,
        "owner": owner,
    }
    insert(connection, "state_log", values)
