"""The user's PDFs: taking them in, and recording what stage 1 read from them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from dl_lit.model import Extraction, PdfFile, PdfReason, PdfRow, Reference, Stage
from dl_lit.store.columns import insert, people_to_json, reference_to_json, reference_to_values, to_json
from dl_lit.store.connection import Connection
from dl_lit.store.moves import log
from dl_lit.store.records import AddedPdfs

_TABLE = str(Stage.EXTRACTION)


def add(connection: Connection, run_id: int, files: Sequence[PdfFile], *, now: float, retry: bool) -> AddedPdfs:
    """Take in files; what is known by its content stays as it is, apart from its path.

    A known PDF that failed waits again with `retry`, or when it had only been out of reach and now has been read.
    """
    here = {file.path for file in files}
    ids: list[int] = []
    new = problem = 0
    for file in files:
        row = _known(connection, file)
        if row is None:
            ids.append(_add(connection, file, now))
            new += file.problem is None
        else:
            ids.append(row["id"])
            _seen_again(connection, file, row, here, now=now, retry=retry)
        problem += file.problem is not None
        connection.execute("INSERT OR IGNORE INTO run_pdfs (run_id, source_pdf_id) VALUES (?, ?)", (run_id, ids[-1]))
    return AddedPdfs(new, len(files) - new - problem, problem, tuple(ids))


def states(connection: Connection, hashes: Sequence[str]) -> dict[str, str]:
    rows = connection.all(
        "SELECT sha256, state FROM source_pdfs WHERE sha256 IN (SELECT value FROM json_each(?))",
        (to_json(list(hashes)),),
    )
    return {row["sha256"]: row["state"] for row in rows}


def _known(connection: Connection, file: PdfFile) -> sqlite3.Row | None:
    by_content = connection.one("SELECT * FROM source_pdfs WHERE sha256 = ?", (file.sha256,))
    if by_content is not None:
        _forget_unreadable(connection, file.path)
        return by_content
    unreadable = connection.one("SELECT * FROM source_pdfs WHERE sha256 IS NULL AND path = ?", (file.path,))
    if unreadable is not None or file.problem != PdfReason.UNREADABLE:
        return unreadable
    # Out of reach now, but read before under this name: it is that PDF, until its bytes say otherwise.
    return connection.one("SELECT * FROM source_pdfs WHERE path = ? ORDER BY id DESC LIMIT 1", (file.path,))


def _forget_unreadable(connection: Connection, path: str) -> None:
    """A row that stood for a file of unknown content, now that its content turns out to be a PDF we have."""
    pdf_id = connection.value("SELECT id FROM source_pdfs WHERE sha256 IS NULL AND path = ?", (path,))
    if pdf_id is not None:
        connection.execute("DELETE FROM state_log WHERE source_pdf_id = ?", (pdf_id,))
        connection.execute("DELETE FROM source_pdfs WHERE id = ?", (pdf_id,))


def _add(connection: Connection, file: PdfFile, now: float) -> int:
    values = {
        "sha256": file.sha256,
        "path": file.path,
        "size": file.size,
        "state": "failed" if file.problem else "waiting",
        "reason": file.problem,
        "created_at": now,
        "stage_entered_at": now,
        "finished_at": now if file.problem else None,
    }
    pdf_id = insert(connection, _TABLE, values)
    log(connection, now, _TABLE, source_pdf_id=pdf_id, reason=file.problem)
    return pdf_id


def _seen_again(
    connection: Connection, file: PdfFile, row: sqlite3.Row, here: set[str], *, now: float, retry: bool
) -> None:
    # Two copies in one folder would otherwise swap the path for ever.
    path = row["path"] if row["path"] in here else file.path
    connection.execute(
        "UPDATE source_pdfs SET path = ?, sha256 = coalesce(?, sha256), size = max(size, ?) WHERE id = ?",
        (path, file.sha256, file.size, row["id"]),
    )
    if file.problem is not None:
        if row["state"] != "done":
            _finish(connection, row["id"], file.problem, None, now)
    elif row["state"] == "failed" and (retry or row["reason"] == PdfReason.UNREADABLE or row["sha256"] is None):
        _wait_again(connection, row["id"], now)


def _wait_again(connection: Connection, pdf_id: int, now: float) -> None:
    connection.execute(
        "UPDATE source_pdfs SET state = 'waiting', reason = NULL, last_error = NULL, attempts = 0,"
        " next_attempt_at = NULL, wait_by = NULL, claimed_by = NULL, claimed_until = NULL, finished_at = NULL,"
        " stage_entered_at = ? WHERE id = ?",
        (now, pdf_id),
    )
    log(connection, now, _TABLE, source=_TABLE, source_pdf_id=pdf_id, reason="retry")


def finish(connection: Connection, row: PdfRow, owner: str, extraction: Extraction, now: float) -> None:
    """Record what was read from one PDF, its references included. One that was renamed meanwhile is read again."""
    pdf_id = row.id
    if extraction.reason == PdfReason.UNREADABLE and _lies_elsewhere(connection, row):
        _wait_again(connection, pdf_id, now)
        return
    connection.execute(
        "UPDATE source_pdfs SET pages = :pages, backend = :backend, backend_note = :note, quality = :quality,"
        " title = :title, authors = :authors, year = :year, doi = :doi, reference_count = :count, seconds = :seconds"
        " WHERE id = :id",
        {
            "id": pdf_id,
            "pages": extraction.pages,
            "backend": extraction.backend,
            "note": extraction.backend_note,
            "quality": extraction.quality,
            "title": extraction.title,
            "authors": people_to_json(extraction.authors),
            "year": extraction.year,
            "doi": extraction.doi,
            "count": len(extraction.references),
            "seconds": extraction.seconds,
        },
    )
    _finish(connection, pdf_id, extraction.reason, extraction.detail, now, owner)
    for turn, reference in enumerate(extraction.references, 1):
        add_reference(connection, reference, pdf_id, turn, now, owner)


def _lies_elsewhere(connection: Connection, row: PdfRow) -> bool:
    """Whether the file was seen under another name after its row was claimed."""
    path = connection.value("SELECT path FROM source_pdfs WHERE id = ?", (row.id,))
    return bool(path != row.path)


def _finish(
    connection: Connection,
    pdf_id: int,
    reason: PdfReason | None,
    detail: str | None,
    now: float,
    owner: str | None = None,
) -> None:
    connection.execute(
        "UPDATE source_pdfs SET state = ?, reason = ?, last_error = ?, attempts = attempts + 1, next_attempt_at = NULL,"
        " wait_by = NULL, claimed_by = NULL, claimed_until = NULL, finished_at = ? WHERE id = ?",
        ("failed" if reason else "done", reason, detail, now, pdf_id),
    )
    log(
        connection,
        now,
        _TABLE,
        source=_TABLE,
        source_pdf_id=pdf_id,
        reason=reason or "done",
        detail=detail,
        owner=owner,
    )


def add_reference(
    connection: Connection, reference: Reference, pdf_id: int, turn: int, now: float, owner: str | None
) -> int:
    """A new reference with its citation, before enrichment; returns its id for life."""
    reference_id = insert(connection, "reference_ids", {"created_at": now})
    citation = {
        "source_pdf_id": pdf_id,
        "reference_id": reference_id,
        "original_reference_id": reference_id,
        "position": reference.position,
        "page": reference.page,
        "label": reference.label,
        "raw": reference.raw,
        "fields": reference_to_json(reference),
        "from_note": int(reference.from_note),
        "created_at": now,
    }
    insert(connection, "citations", citation)
    printed = {"id": reference_id, "source_pdf_id": pdf_id, "turn": turn, **reference_to_values(reference)}
    insert(connection, "no_metadata", printed | {"created_at": now, "stage_entered_at": now})
    log(connection, now, "no_metadata", reference_id=reference_id, source_pdf_id=pdf_id, owner=owner)
    return reference_id
