"""Bibliographies that a person hands in: a file of references takes the place of a PDF that cites them."""

from __future__ import annotations

from collections.abc import Sequence

from dl_lit.errors import UsageError
from dl_lit.model import PdfFile, Reference, Stage
from dl_lit.store.columns import insert, reference_to_json
from dl_lit.store.connection import Connection
from dl_lit.store.moves import PERSON, log
from dl_lit.store.pdfs import add_reference
from dl_lit.store.records import AddedBibliography

BACKEND = "bibtex"  # who read such a file
_TABLE = str(Stage.EXTRACTION)


def add(connection: Connection, file: PdfFile, references: Sequence[Reference], now: float) -> AddedBibliography:
    """Take in a file's references; a file, and an entry of an earlier state of it, that is there already stays."""
    if file.sha256 is None:
        raise ValueError("a bibliography that was read has a hash")
    row = connection.one(f"SELECT * FROM {_TABLE} WHERE sha256 = ?", (file.sha256,))
    if row is not None and row["backend"] == BACKEND:
        connection.execute(f"UPDATE {_TABLE} SET path = ? WHERE id = ?", (file.path, row["id"]))
        return AddedBibliography(row["id"], 0, _ids_in_order(connection, row["id"]))
    if row is not None and row["claimed_by"] is not None:
        raise UsageError(f"{file.path} is being read by a run as a document. Import it when the run has ended.")
    pdf_id = _file(connection, file, len(references), now) if row is None else row["id"]
    if row is not None:  # a process command was given it before, and could not read it
        _settle(connection, pdf_id, len(references), now)
    known = _known(connection)
    new, ids = 0, []
    for reference in references:
        there = known.get(reference.raw)
        if there is None:
            there = add_reference(connection, reference, pdf_id, reference.position, now, PERSON)
            known[reference.raw] = there
            new += 1
        else:
            _cite(connection, pdf_id, there, reference, now)
        ids.append(there)
    return AddedBibliography(pdf_id, new, tuple(ids))


def _ids_in_order(connection: Connection, pdf_id: int) -> tuple[int, ...]:
    rows = connection.all(
        "SELECT original_reference_id AS id FROM citations WHERE source_pdf_id = ? ORDER BY position, id", (pdf_id,)
    )
    return tuple(row["id"] for row in rows)


def _file(connection: Connection, file: PdfFile, count: int, now: float) -> int:
    values = {
        "sha256": file.sha256,
        "path": file.path,
        "size": file.size,
        "backend": BACKEND,
        "reference_count": count,
        "state": "done",
        "created_at": now,
        "stage_entered_at": now,
        "finished_at": now,
    }
    pdf_id = insert(connection, _TABLE, values)
    log(connection, now, _TABLE, source_pdf_id=pdf_id, reason="imported", owner=PERSON)
    return pdf_id


def _settle(connection: Connection, pdf_id: int, count: int, now: float) -> None:
    connection.execute(
        f"UPDATE {_TABLE} SET backend = ?, reference_count = ?, state = 'done', reason = NULL, last_error = NULL,"
        " next_attempt_at = NULL, wait_by = NULL, finished_at = ? WHERE id = ?",
        (BACKEND, count, now, pdf_id),
    )
    log(connection, now, _TABLE, source=_TABLE, source_pdf_id=pdf_id, reason="imported", owner=PERSON)


def _known(connection: Connection) -> dict[str, int]:
    """Entries of all bibliographies so far, by their string."""
    rows = connection.all(
        "SELECT raw, original_reference_id AS id FROM citations JOIN source_pdfs AS p ON p.id = source_pdf_id"
        " WHERE p.backend = ?",
        (BACKEND,),
    )
    return {row["raw"]: row["id"] for row in rows}


def _cite(connection: Connection, pdf_id: int, original_id: int, reference: Reference, now: float) -> None:
    merged = connection.value("SELECT merged_into FROM duplicate_references WHERE id = ?", (original_id,))
    citation = {
        "source_pdf_id": pdf_id,
        "reference_id": merged or original_id,
        "original_reference_id": original_id,
        "position": reference.position,
        "label": reference.label,
        "raw": reference.raw,
        "fields": reference_to_json(reference),
        "created_at": now,
    }
    insert(connection, "citations", citation)
