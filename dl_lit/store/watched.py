"""Files that watched folders have handed in, until they are moved: which PDF each is, and whether it is done with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dl_lit.model import PdfReason, Stage
from dl_lit.store.connection import Connection
from dl_lit.store.run_rows import OF_REFERENCES

# What a PDF cites leaves these stages before it is done with. Rows that wait for a service, a budget or the end of an
# embargo are in them, and related works that came by expansion are not: they are no references of the PDF.


@dataclass(frozen=True, slots=True)
class HandedIn:
    """`target` is set when the program ended while it moved the file; `sha256` is None for what could not be read."""

    path: str
    source_pdf_id: int
    signature: str
    target: str | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Settled:
    """A file whose PDF is done with; `reason` is why it gave no references."""

    path: str
    signature: str
    sha256: str | None
    reason: PdfReason | None


@dataclass(frozen=True, slots=True)
class Resumed:
    """What a watcher finds of earlier ones: the files that are still watched, and the PDFs that are its own now."""

    files: list[HandedIn]
    pdf_ids: list[int]


def resume(connection: Connection, run_id: int, folder: str, *, everything: bool) -> Resumed:
    """Makes PDFs of earlier watchers of this folder this run's: those that are watched and those with work left, whose
    files may be gone; or all."""
    connection.execute(
        "INSERT OR IGNORE INTO run_pdfs (run_id, source_pdf_id)"
        " SELECT :run, source_pdf_id FROM watched_files WHERE folder = :folder"
        " UNION SELECT :run, p.id FROM run_pdfs r JOIN source_pdfs p ON p.id = r.source_pdf_id"
        " WHERE r.run_id IN (SELECT id FROM pipeline_runs WHERE options ->> '$.watch' = :folder)"
        f" AND (:all OR state = 'waiting' OR {_open(OF_REFERENCES)})",
        {"run": run_id, "folder": folder, "all": everything},
    )
    files = connection.all(
        "SELECT w.path, source_pdf_id, signature, target, sha256 FROM watched_files w"
        " JOIN source_pdfs p ON p.id = source_pdf_id WHERE folder = ? ORDER BY w.path",
        (folder,),
    )
    ids = connection.all("SELECT source_pdf_id FROM run_pdfs WHERE run_id = ?", (run_id,))
    return Resumed([HandedIn(*row) for row in files], [row["source_pdf_id"] for row in ids])


def add(connection: Connection, folder: str, files: Sequence[tuple[str, str, int]], now: float) -> None:
    connection.executemany(
        "INSERT INTO watched_files (path, folder, source_pdf_id, signature, handed_in_at)"
        " VALUES (:path, :folder, :pdf, :signature, :now) ON CONFLICT (path) DO UPDATE SET folder = :folder,"
        " source_pdf_id = :pdf, signature = :signature, target = NULL, handed_in_at = :now",
        [
            {"path": path, "folder": folder, "pdf": pdf_id, "signature": signature, "now": now}
            for path, signature, pdf_id in files
        ],
    )


def settled(connection: Connection, folder: str, through: Collection[Stage]) -> list[Settled]:
    rows = connection.all(
        "SELECT w.path, signature, sha256, CASE state WHEN 'failed' THEN reason END AS reason"
        f" FROM watched_files w JOIN source_pdfs p ON p.id = source_pdf_id"
        f" WHERE folder = ? AND state <> 'waiting' AND NOT ({_open(through)}) ORDER BY w.path",
        (folder,),
    )
    return [
        Settled(row["path"], row["signature"], row["sha256"], row["reason"] and PdfReason(row["reason"]))
        for row in rows
    ]


def held(connection: Connection, folder: str, through: Collection[Stage]) -> int:
    count: int = connection.value(
        "SELECT count(*) FROM watched_files w JOIN source_pdfs p ON p.id = source_pdf_id"
        f" WHERE folder = ? AND state = 'done' AND ({_open(through)})",
        (folder,),
    )
    return count


def _open(through: Collection[Stage]) -> str:
    """Whether a PDF cites what is still in one of the stages."""
    tables = [
        f"EXISTS (SELECT 1 FROM citations JOIN {stage} ON {stage}.id = reference_id"
        " WHERE citations.source_pdf_id = p.id)"
        for stage in OF_REFERENCES
        if stage in through
    ]
    return " OR ".join(tables) or "false"


def aim(connection: Connection, path: str, target: str | None) -> None:
    connection.execute("UPDATE watched_files SET target = ? WHERE path = ?", (target, path))


def moved(connection: Connection, path: str, target: str) -> None:
    # By path, too: the PDF may have been seen under another name since.
    connection.execute(
        "UPDATE source_pdfs SET path = :target WHERE path = :path"
        " AND id = (SELECT source_pdf_id FROM watched_files WHERE path = :path)",
        {"target": target, "path": path},
    )
    forget(connection, path)


def forget(connection: Connection, path: str) -> None:
    connection.execute("DELETE FROM watched_files WHERE path = ?", (path,))
