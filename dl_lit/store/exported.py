"""What exports need beside the accepted works: references without one, and what each PDF cites."""

from __future__ import annotations

from dl_lit.store.columns import as_work, reference_from_row
from dl_lit.store.connection import Connection
from dl_lit.store.moves import UNVERIFIED
from dl_lit.store.records import LibraryWork

_CITED = "(SELECT count(DISTINCT source_pdf_id) FROM citations WHERE reference_id = {}.id) AS cited"


def unverified(connection: Connection, table: str, limit: int, after_id: int) -> list[LibraryWork]:
    """A page of the references in one of UNVERIFIED, by id, as what was read from their print."""
    if table not in UNVERIFIED:
        raise ValueError(table)
    rows = connection.all(
        f"SELECT *, {_CITED.format(table)} FROM {table} WHERE id > ? ORDER BY id LIMIT ?", (after_id, limit)
    )
    found = [(row, reference_from_row(row)) for row in rows]
    return [LibraryWork(row["id"], table, as_work(one), None, row["cited"], None, one.raw) for row, one in found]


def cited_by(connection: Connection, pdf_id: int) -> set[int]:
    """Ids of the references that a PDF cites."""
    rows = connection.all("SELECT DISTINCT reference_id FROM citations WHERE source_pdf_id = ?", (pdf_id,))
    return {row["reference_id"] for row in rows}


def source_pdfs(connection: Connection) -> dict[int, str]:
    """The paths of the PDFs that were read, by id."""
    rows = connection.all("SELECT id, path FROM source_pdfs WHERE state = 'done' ORDER BY id")
    return {row["id"]: row["path"] for row in rows}
