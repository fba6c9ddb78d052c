"""What a person decides about rows: try again, take this candidate, none of them, these two are not one work."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dl_lit.errors import UsageError
from dl_lit.model import EnrichmentReason, Stage, Work
from dl_lit.store import claims, stories
from dl_lit.store.columns import to_json, work_from_row
from dl_lit.store.connection import Connection
from dl_lit.store.known import IDENTIFIERS, add_aliases, aliases_of_print, aliases_of_work
from dl_lit.store.merging import refill
from dl_lit.store.moves import log, move
from dl_lit.store.outcomes import accept

PERSON = "person"  # the owner of a step that a person took
_QUEUE = str(Stage.DOWNLOAD)
_WAITING_AGAIN = (
    "state = 'waiting', reason = NULL, last_error = NULL, attempts = 0, next_attempt_at = NULL, wait_by = NULL,"
    " finished_at = NULL, stage_entered_at = :now"
)
# Where what failed in a stage lies, and where it starts again.
_BACK = {
    Stage.ENRICHMENT: ("failed_enrichments", str(Stage.ENRICHMENT)),
    Stage.DOWNLOAD: ("failed_downloads", _QUEUE),
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which failures: of these stages, with one of these reasons (none: any), that failed before `before` (seconds)."""

    stages: tuple[Stage, ...] = (Stage.EXTRACTION, Stage.ENRICHMENT, Stage.DOWNLOAD)
    reasons: tuple[str, ...] = ()
    before: float | None = None
    ids: tuple[int, ...] = ()

    def where(self) -> str:
        tests = ["finished_at IS NOT NULL"]
        tests += ["reason IN (SELECT value FROM json_each(:reasons))"] if self.reasons else []
        # What a person has decided is not undone with everything else.
        tests += [] if self.reasons else [f"coalesce(reason, '') <> '{EnrichmentReason.REJECTED_BY_PERSON}'"]
        tests += ["finished_at <= :before"] if self.before is not None else []
        tests += ["id IN (SELECT value FROM json_each(:ids))"] if self.ids else []
        return " AND ".join(tests)

    def parameters(self) -> dict[str, Any]:
        return {"reasons": to_json(self.reasons), "before": self.before, "ids": to_json(self.ids)}


def retry(connection: Connection, selection: Selection, now: float) -> dict[Stage, int]:
    """Failed rows wait again, metadata and print untouched; also what waits by our own back-off is due at once."""
    counts: dict[Stage, int] = {}
    for stage in selection.stages:
        retried = _RETRIED.get(stage, _retry_references)
        counts[stage] = retried(connection, stage, selection, now)
    claims.make_due(connection)
    return counts


def _retry_pdfs(connection: Connection, stage: Stage, selection: Selection, now: float) -> int:
    ids = _selected(connection, f"{stage} WHERE state = 'failed' AND", selection)
    for pdf_id in ids:
        connection.execute(f"UPDATE {stage} SET {_WAITING_AGAIN} WHERE id = :id", {"now": now, "id": pdf_id})
        log(connection, now, stage, source=stage, source_pdf_id=pdf_id, reason="retry", owner=PERSON)
    return len(ids)


def _retry_references(connection: Connection, stage: Stage, selection: Selection, now: float) -> int:
    failed, start = _BACK[stage]
    ids = _selected(connection, f"{failed} WHERE", selection)
    for reference_id in ids:
        move(connection, failed, start, reference_id, {}, now=now, owner=PERSON)
    return len(ids)


def _retry_expansions(connection: Connection, stage: Stage, selection: Selection, now: float) -> int:
    """Those that brought nothing; the ids are those of their works."""
    ended = "(SELECT id AS own_id, reference_id AS id, reason, finished_at FROM expansions WHERE reason IS NOT NULL)"
    rows = connection.all(
        f"UPDATE {stage} SET finished_at = NULL, reason = NULL, last_error = NULL, attempts = 0 WHERE id IN"
        f" (SELECT own_id FROM {ended} WHERE {selection.where()}) RETURNING reference_id",
        selection.parameters(),
    )
    for row in rows:
        log(connection, now, stage, reference_id=row["reference_id"], source=stage, reason="retry", owner=PERSON)
    return len(rows)


_RETRIED = {Stage.EXTRACTION: _retry_pdfs, Stage.EXPANSION: _retry_expansions}


def _selected(connection: Connection, source: str, selection: Selection) -> list[int]:
    rows = connection.all(f"SELECT id FROM {source} {selection.where()} ORDER BY id", selection.parameters())
    return [row["id"] for row in rows]


# ── needs a look ─────────────────────────────────────────────────────────────────────────────────────────


def take(connection: Connection, reference_id: int, candidate_id: int, now: float) -> str:
    """A person says that this candidate is the work; returns the table where the reference is then.

    The candidates stay as evidence. Raises UsageError when the reference does not need a look or has no such one.
    """
    row = _under_review(connection, reference_id)
    judged = stories.candidates(connection, reference_id)
    chosen = next((one.evidence.candidate for one in judged if one.id == candidate_id), None)
    if chosen is None:
        raise UsageError(f"Reference {reference_id} has no candidate {candidate_id}. See dl-lit review --list.")
    connection.execute("UPDATE match_evidence SET decision = 'accepted' WHERE id = ?", (candidate_id,))
    log(connection, now, "needs_review", reference_id=reference_id, source="needs_review", reason="taken", owner=PERSON)
    return accept(connection, "needs_review", row, PERSON, chosen, now)


def refuse(connection: Connection, reference_id: int, now: float) -> str:
    """A person says that none of the candidates is the work. Raises UsageError when it does not need a look."""
    row = _under_review(connection, reference_id)
    values = {
        "reason": EnrichmentReason.REJECTED_BY_PERSON,
        "attempts": row["attempts"],
        "finished_at": now,
    }
    move(connection, "needs_review", "failed_enrichments", reference_id, values, now=now, owner=PERSON)
    return "failed_enrichments"


def _under_review(connection: Connection, reference_id: int) -> sqlite3.Row:
    row = connection.one("SELECT * FROM needs_review WHERE id = ?", (reference_id,))
    if row is None:
        raise UsageError(f"Reference {reference_id} does not need a look. dl-lit review --list names those that do.")
    return row


# ── undoing a merge ──────────────────────────────────────────────────────────────────────────────────────


def unmerge(connection: Connection, reference_id: int, now: float) -> int:
    """A merged reference becomes a work of its own again, with its citations, and goes to the download queue.

    What had been merged into it goes along; the work that stays is made anew of what is left. Returns that work's id.
    Raises UsageError when it was not merged, or when both bear the same identifier, which makes them one work.
    """
    row = connection.one("SELECT * FROM duplicate_references WHERE id = ?", (reference_id,))
    if row is None:
        raise UsageError(f"Reference {reference_id} is not merged into another. See dl-lit merge-log.")
    winner_id: int = row["merged_into"]
    table = stories.where(connection, winner_id)
    assert table is not None
    group = _merged_through(connection, reference_id)
    _take_along(connection, group, winner_id, reference_id)
    changed = refill(connection, table, winner_id, without=reference_id)
    rest = _without_shared(connection, table, winner_id, work_from_row(row))
    move(connection, "duplicate_references", _QUEUE, reference_id, _identifiers(rest), now=now, owner=PERSON)
    refill(connection, _QUEUE, reference_id)
    for owner_id in (reference_id, winner_id):
        _name_anew(connection, owner_id)
    _log(connection, reference_id, winner_id, table, changed, now)
    return winner_id


def _without_shared(connection: Connection, table: str, winner_id: int, work: Work) -> Work:
    """The work without identifiers that the winner has of its own too; a shared DOI forbids it all."""
    winner = connection.one(f"SELECT * FROM {table} WHERE id = ?", (winner_id,))
    assert winner is not None
    if work.doi is not None and work.doi == winner["doi"]:
        raise UsageError(f"Both references have the DOI {work.doi}, which makes them one work. Nothing was changed.")
    shared: dict[str, Any] = {
        name: None for name in IDENTIFIERS if getattr(work, name) and getattr(work, name) == winner[name]
    }
    return replace(work, **shared)


def _identifiers(work: Work) -> dict[str, Any]:
    return {name: getattr(work, name) for name in IDENTIFIERS}


def _merged_through(connection: Connection, reference_id: int) -> list[int]:
    """The reference and all that came into its present work by way of it."""
    rows = connection.all(
        "WITH RECURSIVE through (id) AS (SELECT :id UNION"
        " SELECT loser_id FROM merge_log JOIN through ON winner_id = through.id WHERE rule <> 'unmerged')"
        " SELECT id FROM through",
        {"id": reference_id},
    )
    return [row["id"] for row in rows]


def _take_along(connection: Connection, group: Sequence[int], winner_id: int, own_id: int) -> None:
    values = {"ids": to_json(list(group)), "winner": winner_id, "own": own_id}
    connection.execute(
        "UPDATE citations SET reference_id = :own WHERE reference_id = :winner"
        " AND original_reference_id IN (SELECT value FROM json_each(:ids))",
        values,
    )
    connection.execute(
        "UPDATE duplicate_references SET merged_into = :own WHERE merged_into = :winner AND id <> :own"
        " AND id IN (SELECT value FROM json_each(:ids))",
        values,
    )


def _name_anew(connection: Connection, reference_id: int) -> None:
    """The aliases that the work's own record, its duplicates' and its printed strings give it."""
    connection.execute("DELETE FROM work_aliases WHERE reference_id = ?", (reference_id,))
    records = connection.all("SELECT * FROM works WHERE id = ?", (reference_id,))
    records += connection.all("SELECT * FROM duplicate_references WHERE merged_into = ?", (reference_id,))
    for record in records:
        add_aliases(connection, reference_id, aliases_of_work(work_from_row(record)))
    for row in connection.all(
        "SELECT raw, fields ->> 'title' AS title FROM citations WHERE reference_id = ?", (reference_id,)
    ):
        add_aliases(connection, reference_id, aliases_of_print(row["raw"], row["title"]))


def _log(
    connection: Connection, loser_id: int, winner_id: int, table: str, changed: dict[str, Any], now: float
) -> None:
    connection.execute(
        "INSERT INTO merge_log (at, loser_id, winner_id, loser_table, winner_table, rule, score, changed)"
        " VALUES (?, ?, ?, ?, ?, 'unmerged', 0, ?)",
        (now, loser_id, winner_id, _QUEUE, table, to_json(changed)),
    )
    detail = f"reference {loser_id} is a work of its own again"
    log(
        connection,
        now,
        table,
        reference_id=winner_id,
        source=table,
        reason="unmerged",
        detail=detail,
        owner=PERSON,
    )
