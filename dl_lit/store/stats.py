"""Counting and listing what is in the library, for panels, reports and exports."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from dl_lit import clickable
from dl_lit.model import Attempt, Stage
from dl_lit.store import attempts
from dl_lit.store.columns import FILE, WORK, file_from_row, to_json, work_from_row
from dl_lit.store.connection import Connection
from dl_lit.store.moves import PERSON
from dl_lit.store.records import Event, Failure, LibraryCounts, LibraryWork, ReasonCount, StageCounts, WaitingRows

_TOTALS = {
    "pdfs_done": "SELECT count(*) FROM source_pdfs WHERE state = 'done'",
    "pdfs_failed": "SELECT count(*) FROM source_pdfs WHERE state = 'failed'",
    "citations": "SELECT count(*) FROM citations",
    "references": "SELECT count(*) FROM reference_ids",
    "needs_review": "SELECT count(*) FROM needs_review",
    "failed_enrichments": "SELECT count(*) FROM failed_enrichments",
    "duplicates": "SELECT count(*) FROM duplicate_references",
    "downloaded": "SELECT count(*) FROM downloaded_references",
    "failed_downloads": "SELECT count(*) FROM failed_downloads",
    "expanded": "SELECT count(*) FROM expansions WHERE finished_at IS NOT NULL AND reason IS NOT 'internal_error'",
    "failed_expansions": "SELECT count(*) FROM expansions WHERE reason = 'internal_error' AND finished_at IS NOT NULL",
    "found_works": (
        "SELECT count(*) FROM found_works WHERE reference_id NOT IN (SELECT reference_id FROM citations)"
        " AND reference_id NOT IN (SELECT id FROM duplicate_references)"
    ),
    "citation_edges": "SELECT count(*) FROM citation_edges",
}
_FINISHED_STAY = (Stage.EXTRACTION, Stage.EXPANSION)  # their tables keep what is done

_SAME = "coalesce(reason, '') AS reason, last_error AS detail, finished_at AS at"
# `what` names the row for a person.
_FAILURES = {
    Stage.EXTRACTION: f"SELECT id, path AS what, {_SAME} FROM source_pdfs WHERE state = 'failed'",
    Stage.ENRICHMENT: f"SELECT id, coalesce(title, raw) AS what, {_SAME} FROM failed_enrichments",
    Stage.DOWNLOAD: f"SELECT id, coalesce(title, doi, '') AS what, {_SAME} FROM failed_downloads",
    Stage.EXPANSION: (
        f"SELECT reference_id AS id, coalesce(title, doi, '') AS what, {_SAME} FROM expansions"
        " WHERE reason = 'internal_error' AND finished_at IS NOT NULL"
    ),
}

_AMONG = "{} IN (SELECT value FROM json_each(?))"
_WITHOUT_COPY = f"SELECT id, printed_url, {', '.join(WORK)} FROM failed_downloads WHERE {_AMONG.format('id')}"
_TELLING = ", ".join(f"'{one}'" for one in (*clickable.WALLED, *clickable.PAGES, *clickable.DEAD))
_TELLING_ATTEMPTS = (
    f"SELECT * FROM download_attempts WHERE outcome IN ({_TELLING}) AND {_AMONG.format('reference_id')} ORDER BY id"
)
_NO_FILE = ", ".join(f"NULL AS {name}" for name in FILE)


def counts(connection: Connection, now: float) -> LibraryCounts:
    """Everything a panel shows, in one query over the indices."""
    parts = [f'({sql}) AS "{name}"' for name, sql in _TOTALS.items()]
    for stage in Stage:
        open_rows = f"FROM {stage} WHERE finished_at IS NULL" if stage in _FINISHED_STAY else f"FROM {stage} WHERE true"
        parts += [
            f"(SELECT count(*) {open_rows}) AS {stage}_total",
            f"(SELECT count(*) FROM {stage} WHERE claimed_by IS NOT NULL) AS {stage}_claimed",
            f"(SELECT count(*) FROM {stage} WHERE next_attempt_at > :now) AS {stage}_later",
        ]
    row = connection.one("SELECT " + ", ".join(parts), {"now": now})
    assert row is not None
    values: dict[str, Any] = {stage.name.lower(): _stage_counts(row, stage) for stage in Stage}
    return LibraryCounts(**values, **{name: row[name] for name in _TOTALS})


def _stage_counts(row: sqlite3.Row, stage: Stage) -> StageCounts:
    return StageCounts(row[f"{stage}_total"], row[f"{stage}_claimed"], row[f"{stage}_later"])


def failures(connection: Connection, limit: int, stage: Stage | None, reasons: Sequence[str] = ()) -> list[Failure]:
    """The latest first; without `reasons` for any."""
    wanted = "WHERE reason IN (SELECT value FROM json_each(:reasons))" if reasons else ""
    selects = [
        f"SELECT * FROM (SELECT '{one}' AS stage, * FROM ({sql}) {wanted} ORDER BY at DESC, id DESC LIMIT :limit)"
        for one, sql in _FAILURES.items()
        if stage in (None, one)
    ]
    if not selects:
        return []
    given = {"limit": limit} | ({"reasons": to_json(list(reasons))} if reasons else {})
    rows = connection.all(" UNION ALL ".join(selects) + " ORDER BY at DESC, id DESC LIMIT :limit", given)
    ids = [row["id"] for row in rows if row["stage"] == Stage.DOWNLOAD]
    urls = addresses(connection, connection.all(_WITHOUT_COPY, (to_json(ids),))) if ids else {}
    return [_failure(row, urls) for row in rows]


def _failure(row: sqlite3.Row, urls: Mapping[int, str | None]) -> Failure:
    stage = Stage(row["stage"])
    url = urls.get(row["id"]) if stage is Stage.DOWNLOAD else None
    return Failure(stage, row["id"], row["what"], row["reason"], row["detail"], row["at"], url)


def addresses(connection: Connection, rows: Sequence[sqlite3.Row]) -> dict[int, str | None]:
    """What a person can open for each of these works without a copy, by id."""
    ids = [row["id"] for row in rows]
    tried: dict[int, list[Attempt]] = {}
    for row in connection.all(_TELLING_ATTEMPTS, (to_json(ids),)):
        tried.setdefault(row["reference_id"], []).append(attempts.from_row(row))
    return {
        row["id"]: clickable.address(work_from_row(row), tried.get(row["id"], ()), row["printed_url"]) for row in rows
    }


def failure_reasons(connection: Connection) -> list[ReasonCount]:
    """How often each reason stopped a row, by stage, most frequent first."""
    selects = [
        f"SELECT '{stage}' AS stage, reason, count(*) AS n FROM ({sql}) GROUP BY reason"
        for stage, sql in _FAILURES.items()
    ]
    rows = connection.all(" UNION ALL ".join(selects) + " ORDER BY n DESC, stage, reason")
    return [ReasonCount(Stage(row["stage"]), row["reason"], row["n"]) for row in rows]


def waiting_rows(connection: Connection) -> list[WaitingRows]:
    """What waits for another try and why, by stage and text, most frequent first."""
    selects = [
        f"SELECT '{stage}' AS stage, coalesce(reason, 'retry_later') AS reason,"
        " count(*) AS n, last_error AS detail,"
        " min(CASE wait_by WHEN 'service' THEN next_attempt_at END) AS due"
        f" FROM {stage} WHERE next_attempt_at IS NOT NULL GROUP BY 2, last_error"
        for stage in Stage
    ]
    rows = connection.all(" UNION ALL ".join(selects) + " ORDER BY n DESC, stage, reason, detail")
    return [WaitingRows(Stage(row["stage"]), row["reason"], row["n"], row["detail"], row["due"]) for row in rows]


def recent(connection: Connection, limit: int) -> list[Event]:
    """The latest lines of the state log, newest first."""
    rows = connection.all("SELECT * FROM state_log ORDER BY id DESC LIMIT ?", (limit,))
    return [_event(row) for row in rows]


def crashes(connection: Connection, stage: Stage, row_id: int) -> int:
    whose = "source_pdf_id" if stage is Stage.EXTRACTION else "reference_id"
    row = "(SELECT reference_id FROM expansions WHERE id = ?)" if stage is Stage.EXPANSION else "?"
    count: int = connection.value(
        f"SELECT count(*) FROM state_log WHERE {whose} = {row} AND to_table = ? AND from_table = to_table"
        " AND reason = 'internal_error'",
        (row_id, str(stage)),
    )
    return count


def under_review(connection: Connection, limit: int) -> list[int]:
    return [row["id"] for row in connection.all("SELECT id FROM needs_review ORDER BY id LIMIT ?", (limit,))]


def accepted(connection: Connection, limit: int) -> list[int]:
    """Printed references that were matched without a person, the least sure first."""
    rows = connection.all(
        "SELECT original_reference_id AS id, (SELECT max(score) FROM match_evidence"
        " WHERE reference_id = original_reference_id AND decision = 'accepted') AS score FROM citations"
        " WHERE original_reference_id IN (SELECT id FROM works UNION ALL SELECT id FROM duplicate_references)"
        " AND NOT EXISTS (SELECT 1 FROM state_log WHERE reference_id = original_reference_id"
        " AND reason IN ('taken', 'confirmed')) ORDER BY score IS NULL, score, id LIMIT ?",
        (limit,),
    )
    return [row["id"] for row in rows]


def story(connection: Connection, reference_id: int) -> list[Event]:
    """All that ever happened to one reference, oldest first."""
    rows = connection.all("SELECT * FROM state_log WHERE reference_id = ? ORDER BY id", (reference_id,))
    return [_event(row) for row in rows]


def _event(row: sqlite3.Row) -> Event:
    names = ("at", "reference_id", "source_pdf_id", "from_table", "to_table", "reason", "detail")
    return Event(**{name: row[name] for name in names}, by_hand=row["owner"] == PERSON)


def library(connection: Connection, after_id: int, limit: int) -> list[LibraryWork]:
    """A page of the library's accepted works, by id; the next page starts after the last id of this one."""
    shown = ", ".join(("id", "printed_url", *WORK))
    with_file = f"SELECT 'downloaded_references' AS stage, {shown}, {', '.join(FILE)} FROM downloaded_references"
    without = f"SELECT stage, {shown}, {_NO_FILE} FROM works WHERE stage <> 'downloaded_references'"
    rows = connection.all(
        "SELECT *, (SELECT count(DISTINCT source_pdf_id) FROM citations WHERE reference_id = library.id) AS cited"
        f" FROM ({with_file} UNION ALL {without}) AS library WHERE id > ? ORDER BY id LIMIT ?",
        (after_id, limit),
    )
    urls = addresses(connection, [row for row in rows if row["file_name"] is None])
    return [_library_work(row, urls) for row in rows]


def _library_work(row: sqlite3.Row, urls: Mapping[int, str | None]) -> LibraryWork:
    file = None if row["file_name"] is None else file_from_row(row)
    return LibraryWork(row["id"], row["stage"], work_from_row(row), file, row["cited"], urls.get(row["id"]))
