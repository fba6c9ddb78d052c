"""Which rows of a stage's table are a run's, found without reading through those of all other runs.

A library can hold hundreds of thousands of rows that wait for other runs. Where a run has few of the table's rows, they
are found by way of its PDFs; where it has many, the table's own order soon comes to some.
"""

from __future__ import annotations

from collections.abc import Collection

from dl_lit.model import DownloadReason, Stage
from dl_lit.store.columns import to_json
from dl_lit.store.connection import Connection
from dl_lit.store.records import Waiting

READY = "claimed_by IS NULL AND next_attempt_at IS NULL AND finished_at IS NULL"
WINDOW = 500  # rows of a table in their order that are looked through before those of the run are listed
# Those whose rows are references, listed by way of the run's PDFs; the others have few rows, or name their run.
OF_REFERENCES = (Stage.ENRICHMENT, Stage.QUEUEING, Stage.DOWNLOAD)


def of_run(stage: Stage, run_id: int | None) -> str:
    """What keeps a query on a stage's table to the rows of one run."""
    if run_id is None:
        return "true"
    if stage is Stage.EXTRACTION:
        return f"id IN (SELECT source_pdf_id FROM run_pdfs WHERE run_id = {run_id:d})"
    if stage is Stage.EXPANSION:
        return f"run_id = {run_id:d}"
    cited = (
        "EXISTS (SELECT 1 FROM citations JOIN run_pdfs USING (source_pdf_id)"
        f" WHERE reference_id = {stage}.id AND run_pdfs.run_id = {run_id:d})"
    )
    if stage is Stage.ENRICHMENT:
        return cited
    return f"({cited} OR EXISTS (SELECT 1 FROM found_works WHERE reference_id = {stage}.id AND run_id = {run_id:d}))"


def _by_way_of_pdfs(stage: Stage, run_id: int) -> str:
    """The same rows as a source for FROM, read from the run's side."""
    cited = (
        "SELECT reference_id AS id FROM run_pdfs CROSS JOIN citations USING (source_pdf_id)"
        f" WHERE run_pdfs.run_id = {run_id:d}"
    )
    found = (
        "" if stage is Stage.ENRICHMENT else f" UNION SELECT reference_id FROM found_works WHERE run_id = {run_id:d}"
    )
    return f"(SELECT DISTINCT id FROM ({cited}{found})) AS mine CROSS JOIN {stage} USING (id)"


def choose(
    connection: Connection,
    stage: Stage,
    index: str,
    order: str,
    limit: int,
    *,
    run_id: int | None,
    exclude: Collection[int] = (),
    only: str = "true",
) -> list[int]:
    """The first `limit` ready rows of the run in this order, which `index` has; `exclude` are left out."""
    if limit < 1:
        return []
    but = f"{only} AND id NOT IN (SELECT value FROM json_each(:exclude))" if exclude else only
    values = {"limit": limit, "exclude": to_json(list(exclude)), "window": WINDOW}
    table = f"{stage} INDEXED BY {index}"
    if run_id is None or stage not in OF_REFERENCES:
        where = f"{READY} AND {but} AND {of_run(stage, run_id)}"
        return _ids(connection, f"SELECT id FROM {table} WHERE {where} ORDER BY {order} LIMIT :limit", values)
    by = order.replace(" DESC", "")
    columns = by if "id" in by.split(", ") else f"{by}, id"
    # A subquery with a LIMIT of its own: no more than that is looked through.
    window = f"(SELECT {columns} FROM {table} WHERE {READY} ORDER BY {order} LIMIT :window) AS {stage}"
    where = f"{but} AND {of_run(stage, run_id)}"
    found = _ids(connection, f"SELECT id FROM {window} WHERE {where} ORDER BY {order} LIMIT :limit", values)
    if len(found) == limit or not _is_more_than(connection, f"{table} WHERE {READY}", WINDOW):
        return found
    source = _by_way_of_pdfs(stage, run_id)
    return _ids(connection, f"SELECT id FROM {source} WHERE {READY} AND {but} ORDER BY {order} LIMIT :limit", values)


def _ids(connection: Connection, query: str, values: dict[str, object]) -> list[int]:
    return [row["id"] for row in connection.all(query, values)]


def _is_more_than(connection: Connection, rows: str, number: int) -> bool:
    return bool(connection.value(f"SELECT count(*) FROM (SELECT 1 FROM {rows} LIMIT {number + 1})") > number)


def waiting(connection: Connection, stage: Stage, now: float, run_id: int | None = None) -> Waiting:
    """How many rows wait in the table, and for what."""
    row = connection.one(
        f"SELECT count(*) FILTER (WHERE {READY}) AS ready,"
        " count(*) FILTER (WHERE next_attempt_at <= :now AND claimed_by IS NULL) AS due,"
        " count(*) FILTER (WHERE claimed_by IS NOT NULL) AS claimed,"
        " count(*) FILTER (WHERE next_attempt_at > :now) AS later,"
        " min(next_attempt_at) FILTER (WHERE next_attempt_at > :now) AS next,"
        " count(*) FILTER (WHERE next_attempt_at > :now AND reason = :resting) AS resting"
        f" FROM {_shorter_way(connection, stage, run_id)}",
        {"now": now, "resting": DownloadReason.EMBARGOED},
    )
    assert row is not None
    return Waiting(row["ready"] + row["due"], row["claimed"], row["later"], row["next"], row["resting"])


def _shorter_way(connection: Connection, stage: Stage, run_id: int | None) -> str:
    """To all rows of the run: over the table or over the run's PDFs, whichever has fewer rows."""
    table = f"{stage} WHERE {of_run(stage, run_id)}"
    if run_id is None or stage not in OF_REFERENCES or not _is_more_than(connection, str(stage), WINDOW):
        return table
    cited: int = connection.value(
        "SELECT count(*) FROM run_pdfs CROSS JOIN citations USING (source_pdf_id) WHERE run_pdfs.run_id = ?", (run_id,)
    )
    return _by_way_of_pdfs(stage, run_id) if _is_more_than(connection, str(stage), cited) else table
