"""What becomes of a row when its stage is done with it. Each returns the table where the reference is then."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from dl_lit.identity import arxiv, doi, isbn, pubmed
from dl_lit.model import (
    WAITING_FOR_A_COPY,
    Decision,
    Download,
    Enrichment,
    EnrichmentReason,
    Queueing,
    Stage,
    ToDownloadRow,
    WithMetadataRow,
    Work,
)
from dl_lit.refusals import is_refused
from dl_lit.store import attempts, claims, owned, refused, settling
from dl_lit.store.columns import (
    file_to_values,
    reference_from_row,
    to_json,
    work_from_row,
    work_to_values,
)
from dl_lit.store.connection import Connection
from dl_lit.store.known import IDENTIFIERS, PAST_QUEUEING, add_aliases, aliases_of_print, aliases_of_work
from dl_lit.store.merging import (
    Loser,
    identifier_owner,
    merge,
    still_there,
    ways_to_a_copy,
    without_foreign_identifiers,
)
from dl_lit.store.moves import held, log, move
from dl_lit.store.undoing import is_printed, take_back

_OPENALEX_WORK = re.compile(r"W[1-9]\d*")
_FAILED_DOWNLOADS, _NEEDS_REVIEW = "failed_downloads", "needs_review"
_NO_METADATA, _WITH_METADATA, _TO_DOWNLOAD = str(Stage.ENRICHMENT), str(Stage.QUEUEING), str(Stage.DOWNLOAD)


def enrichment(connection: Connection, row_id: int, owner: str, outcome: Enrichment, now: float) -> str:
    row = held(connection, Stage.ENRICHMENT, row_id, owner)
    settling.keep_evidence(connection, row_id, outcome.evidence, now)
    if outcome.decision == Decision.ACCEPTED:
        if outcome.work is None:
            raise ValueError("an accepted reference must come with its work")
        if objection := _objection(connection, row_id, outcome.work):
            told = {"attempts": row["attempts"] + 1, "finished_at": now}
            move(connection, _NO_METADATA, objection.table, row_id, objection.told | told, now=now, owner=owner)
            return objection.table
        return accept(connection, _NO_METADATA, row, owner, outcome.work, now)
    reason = outcome.reason
    if outcome.decision == Decision.UNANSWERED:
        reason = reason or EnrichmentReason.SERVICE_SILENT
        return postpone(
            connection,
            Stage.ENRICHMENT,
            row,
            owner,
            seconds=outcome.retry_after,
            now=now,
            error=outcome.detail,
            reason=reason,
        )
    target = _NEEDS_REVIEW if outcome.decision == Decision.REVIEW else "failed_enrichments"
    values = {"reason": reason, "last_error": outcome.detail, "attempts": row["attempts"] + 1, "finished_at": now}
    move(connection, _NO_METADATA, target, row_id, values, now=now, owner=owner)
    settling.remember(connection, row_id, reference_from_row(row))
    return target


@dataclass(frozen=True, slots=True)
class _Objection:
    """Where a reference goes instead, and what its row says, because a person has decided otherwise before."""

    table: str
    told: dict[str, Any]


def _objection(connection: Connection, row_id: int, work: Work) -> _Objection | None:
    work = validated(work)
    if is_refused(work, refused.of(connection, row_id)):
        told = {"reason": EnrichmentReason.REJECTED_BY_PERSON, "last_error": "found again what was refused for it"}
        return _Objection("failed_enrichments", told)
    twin = identifier_owner(connection, work, row_id, (_WITH_METADATA,))
    if twin is not None and twin.id in refused.parted_from(connection, row_id):
        told = {"reason": EnrichmentReason.PARTED_BY_PERSON, "last_error": f"found to be reference {twin.id} again"}
        return _Objection(_NEEDS_REVIEW, told)
    return None


def accept(connection: Connection, table: str, row: sqlite3.Row, owner: str, work: Work, now: float) -> str:
    """The reference `row` of `table` is `work`: it goes on to stage 3, or into a twin that waits there."""
    row_id: int = row["id"]
    work = validated(work)
    add_aliases(connection, row_id, [*aliases_of_work(work), *aliases_of_print(row["raw"], row["title"])])
    # One that is further on is stage 3's business, which also ranks anew; here would be no place for a second row.
    twin = identifier_owner(connection, work, row_id, (_WITH_METADATA,))
    if twin is not None:
        return merge(connection, Loser(table, row_id, work, row["url"]), twin, now=now, owner=owner)
    values = work_to_values(work) | {"printed_url": row["url"]}
    move(connection, table, _WITH_METADATA, row_id, values, now=now, owner=owner)
    return _WITH_METADATA


def queueing(connection: Connection, claimed: WithMetadataRow, owner: str, outcome: Queueing, now: float) -> str:
    row_id = claimed.id
    row = held(connection, Stage.QUEUEING, row_id, owner)
    work = work_from_row(row)
    if work != claimed.work:
        return _decide_anew(connection, Stage.QUEUEING, row_id, owner, now)
    twin = still_there(connection, outcome.twin) if outcome.twin else None
    if twin is None or twin.id == row_id:  # two rows may each have been found the other's twin at once
        twin = identifier_owner(connection, work, row_id, PAST_QUEUEING)
    if twin is not None and twin.id in refused.parted_from(connection, row_id):
        if is_printed(connection, row_id):
            return take_back(
                connection, row_id, _NEEDS_REVIEW, EnrichmentReason.PARTED_BY_PERSON, now=now, owner=owner
            ).table
        work, twin = without_foreign_identifiers(connection, work, _TO_DOWNLOAD, row_id), None
    if twin is not None:
        loser = Loser(_WITH_METADATA, row_id, work, row["printed_url"])
        table = merge(connection, loser, twin, priority=outcome.priority, now=now, owner=owner)
        owned.wake(connection, twin.id, outcome.priority, now)
        return table
    named = {name: getattr(work, name) for name in IDENTIFIERS}
    if outcome.unwanted is not None and not owned.has_any(connection, row_id):
        told = {"reason": outcome.unwanted, "last_error": outcome.detail, "finished_at": now, **named}
        move(connection, _WITH_METADATA, _FAILED_DOWNLOADS, row_id, told, now=now, owner=owner)
        return _FAILED_DOWNLOADS
    move(
        connection, _WITH_METADATA, _TO_DOWNLOAD, row_id, {"priority": outcome.priority, **named}, now=now, owner=owner
    )
    return _TO_DOWNLOAD


def _decide_anew(connection: Connection, stage: Stage, row_id: int, owner: str, now: float) -> str:
    """A twin was merged into the row while it was worked on; what was found out is about less than is known now."""
    claims.release(connection, stage, owner, [row_id])
    log(connection, now, stage, reference_id=row_id, source=stage, reason="changed_meanwhile", owner=owner)
    return str(stage)


def download(connection: Connection, claimed: ToDownloadRow, owner: str, outcome: Download, now: float) -> str:
    row_id = claimed.id
    row = held(connection, Stage.DOWNLOAD, row_id, owner)
    for attempt in outcome.attempts:
        attempts.record(connection, row_id, attempt, now)
    reason = outcome.reason
    if outcome.file is None and reason is None:
        raise ValueError("a download without a file needs a reason")
    if outcome.file is None and reason in WAITING_FOR_A_COPY:
        return postpone(
            connection,
            Stage.DOWNLOAD,
            row,
            owner,
            seconds=outcome.retry_after,
            now=now,
            error=outcome.detail,
            reason=reason,
        )
    if outcome.file is None and ways_to_a_copy(row) != ways_to_a_copy(_claimed_values(claimed)):
        return _decide_anew(connection, Stage.DOWNLOAD, row_id, owner, now)
    values = {"attempts": row["attempts"] + 1, "last_error": outcome.detail, "finished_at": now}
    if outcome.file is not None:
        target, values = "downloaded_references", values | file_to_values(outcome.file)
        owned.taken(connection, row_id, outcome.file.sha256)
    else:
        unasked = to_json(outcome.unasked) if outcome.unasked else None
        target, values = _FAILED_DOWNLOADS, values | {"reason": reason, "unasked": unasked}
    move(connection, _TO_DOWNLOAD, target, row_id, values, now=now, owner=owner)
    return target


def look_again(connection: Connection, are_on: Collection[str], now: float) -> int:
    """Works without a copy of which an index was not asked that is asked now go back into the queue; how many."""
    rows = connection.all(
        "SELECT f.id, group_concat(asked.value, ', ') AS names"
        " FROM failed_downloads AS f, json_each(f.unasked) AS asked"
        " WHERE asked.value IN (SELECT value FROM json_each(?)) GROUP BY f.id ORDER BY f.id",
        (to_json(sorted(are_on)),),
    )
    for row in rows:
        told = {"last_error": f"asked now, but not before: {row['names']}"}
        move(connection, _FAILED_DOWNLOADS, _TO_DOWNLOAD, row["id"], told, now=now)
    return len(rows)


def _claimed_values(row: ToDownloadRow) -> dict[str, Any]:
    return work_to_values(row.work) | {"printed_url": row.printed_url}


def postpone(
    connection: Connection,
    stage: Stage,
    row: sqlite3.Row,
    owner: str,
    *,
    seconds: float | None,
    now: float,
    error: str | None,
    reason: str | None,
) -> str:
    claims.postpone(connection, stage, row, seconds=seconds, now=now, error=error, reason=reason)
    who = _whose(stage, row)
    log(
        connection, now, str(stage), source=str(stage), reason=reason or "retry_later", detail=error, owner=owner, **who
    )
    return str(stage)


def _whose(stage: Stage, row: sqlite3.Row) -> dict[str, int]:
    """Whose story a step of this row belongs to."""
    if stage is Stage.EXTRACTION:
        return {"source_pdf_id": row["id"]}
    return {"reference_id": row["reference_id"] if stage is Stage.EXPANSION else row["id"]}


def validated(work: Work) -> Work:
    """Junk identifiers become None: a "n/a" must never be taken for the same work as another "n/a"."""
    return replace(
        work,
        doi=doi.normalise(work.doi),
        openalex_id=work.openalex_id if _OPENALEX_WORK.fullmatch(work.openalex_id or "") else None,
        arxiv=arxiv.normalise(work.arxiv),
        pmid=pubmed.pmid(work.pmid),
        pmcid=pubmed.pmcid(work.pmcid),
        isbn=isbn.normalise(work.isbn),
        issn=isbn.normalise_issn(work.issn),
    )
