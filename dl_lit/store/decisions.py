"""What a person decides about rows: try again, take this candidate, none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dl_lit.errors import UsageError
from dl_lit.model import EnrichmentReason, Stage, Work
from dl_lit.refusals import is_same
from dl_lit.store import claims, refused, stories, undoing
from dl_lit.store.columns import to_json, work_from_row
from dl_lit.store.connection import Connection
from dl_lit.store.known import PAST_QUEUEING
from dl_lit.store.merging import identifier_owner, own_record
from dl_lit.store.moves import PERSON, log, move
from dl_lit.store.outcomes import accept, validated
from dl_lit.store.records import TakenBack

# What the log says of an accepted match that a person has looked at.
TAKEN, CONFIRMED = "taken", "confirmed"
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
    """Failed rows wait again, metadata and print untouched; also what waits by our own back-off is due at once.

    Raises UsageError, nothing changed, when an id that is named does not exist.
    """
    _must_exist(connection, selection)
    counts: dict[Stage, int] = {}
    for stage in selection.stages:
        retried = _RETRIED.get(stage, _retry_references)
        counts[stage] = retried(connection, stage, selection, now)
    claims.make_due(connection)
    return counts


def _must_exist(connection: Connection, selection: Selection) -> None:
    """The ids are those of PDFs where only PDFs are to be read again, else of references."""
    of_pdfs = selection.stages == (Stage.EXTRACTION,)
    what, table = ("PDF", str(Stage.EXTRACTION)) if of_pdfs else ("reference", "reference_ids")
    ids = (to_json(selection.ids),)
    rows = connection.all(f"SELECT id FROM {table} WHERE id IN (SELECT value FROM json_each(?))", ids)
    known = {row["id"] for row in rows}
    unknown = [str(one) for one in dict.fromkeys(selection.ids) if one not in known]
    if unknown:
        raise UsageError(
            f"There is no {what} {', '.join(unknown)}. Nothing was changed; dl-lit failures lists what has failed."
        )


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


# ── matches ──────────────────────────────────────────────────────────────────────────────────────────────

_REVIEW, _FAILED = "needs_review", "failed_enrichments"


def take(connection: Connection, reference_id: int, candidate_id: int, now: float) -> str:
    """A person says that this candidate is the work; returns the table where the reference is then.

    The candidates stay as evidence. A match that was accepted before is taken back first, and what the person had
    refused or parted before in the way of this choice is forgotten. Raises UsageError when there is no such choice.
    """
    table = _decided(connection, reference_id)
    judged = stories.candidates(connection, reference_id)
    chosen = next((one.evidence.candidate for one in judged if one.id == candidate_id), None)
    if chosen is None:
        raise UsageError(f"Reference {reference_id} has no candidate {candidate_id}. See dl-lit review --list.")
    chosen = validated(chosen)
    if undoing.is_accepted(table):
        _leave_for(connection, reference_id, chosen, now)
        table = _REVIEW
    refused.allow(connection, reference_id, chosen)
    connection.execute("UPDATE match_evidence SET decision = 'accepted' WHERE id = ?", (candidate_id,))
    log(connection, now, table, reference_id=reference_id, source=table, reason=TAKEN, owner=PERSON)
    owner = identifier_owner(connection, chosen, reference_id, (str(Stage.QUEUEING), *PAST_QUEUEING))
    if owner is not None:
        refused.join(connection, reference_id, owner.id)
    row = connection.one(f"SELECT * FROM {table} WHERE id = ?", (reference_id,))
    assert row is not None
    return accept(connection, table, row, PERSON, chosen, now)


def _leave_for(connection: Connection, reference_id: int, chosen: Work, now: float) -> None:
    """The match that was accepted is refused in favour of another one."""
    work = work_from_row(own_record(connection, reference_id))
    if is_same(chosen, work):
        raise UsageError(f"Reference {reference_id} is taken for this candidate already. Nothing was changed.")
    reason = EnrichmentReason.REJECTED_BY_PERSON
    undoing.take_back(connection, reference_id, _REVIEW, reason, now=now, owner=PERSON)
    refused.refuse(connection, reference_id, [work], now)


def refuse(connection: Connection, reference_id: int, now: float) -> TakenBack:
    """A person says that none of the candidates is the work, nor what was accepted: that match is taken back.

    No program accepts any of these for the reference again. Raises UsageError when nothing is there to be refused.
    """
    table = _decided(connection, reference_id)
    reason = EnrichmentReason.REJECTED_BY_PERSON
    if undoing.is_accepted(table):
        back = undoing.take_back(connection, reference_id, _FAILED, reason, now=now, owner=PERSON)
        refused.refuse(connection, reference_id, [back.work] if back.work else [], now)
        return back
    row = connection.one(f"SELECT * FROM {table} WHERE id = ?", (reference_id,))
    assert row is not None
    if table == _FAILED:
        said = "was refused by you already" if row["reason"] == reason else "has no match: no service knows it"
        raise UsageError(f"Reference {reference_id} {said}. Nothing was changed; see dl-lit why {reference_id}.")
    works = [one.evidence.candidate for one in stories.candidates(connection, reference_id)]
    refused.refuse(connection, reference_id, works, now)
    values = {"reason": reason, "attempts": row["attempts"], "finished_at": now}
    move(connection, _REVIEW, _FAILED, reference_id, values, now=now, owner=PERSON)
    return TakenBack(reference_id, _FAILED)


def confirm(connection: Connection, reference_id: int, now: float) -> None:
    """A person has looked at an accepted match and lets it stand."""
    table = _decided(connection, reference_id)
    log(connection, now, table, reference_id=reference_id, source=table, reason=CONFIRMED, owner=PERSON)


def _decided(connection: Connection, reference_id: int) -> str:
    """The table of a printed reference about which services have had their say. Raises UsageError for any other."""
    table = stories.where(connection, reference_id)
    if table is None:
        raise UsageError(f"There is no reference {reference_id}. dl-lit review --list names those that need a look.")
    if table == str(Stage.ENRICHMENT):
        raise UsageError(
            f"Reference {reference_id} still waits to be looked for: there is nothing to decide. Run the process "
            "command first, then dl-lit review --list."
        )
    if not undoing.is_printed(connection, reference_id):
        raise UsageError(
            f"Reference {reference_id} is printed in no PDF: a search or another work brought it, so it has no match "
            f"to decide about. See dl-lit why {reference_id}."
        )
    return table
