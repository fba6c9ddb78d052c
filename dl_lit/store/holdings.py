"""Which files the database says a library has, and the changes that follow when the disk says otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from dl_lit.model import KeptFile, Stage
from dl_lit.store.columns import file_from_row
from dl_lit.store.connection import Connection
from dl_lit.store.moves import PERSON, move
from dl_lit.store.owned import from_row

_DOWNLOADED, _QUEUE = "downloaded_references", str(Stage.DOWNLOAD)


@dataclass(frozen=True, slots=True)
class Holding:
    """A file in pdfs/ and its reference: that one's copy, or (`waits`) to be its copy when it is looked for."""

    reference_id: int
    file: KeptFile
    waits: bool = False


def copies(connection: Connection) -> list[Holding]:
    rows = connection.all(f"SELECT * FROM {_DOWNLOADED} ORDER BY id")
    return [Holding(row["id"], file_from_row(row)) for row in rows]


def waiting(connection: Connection) -> list[Holding]:
    """Files of the user's for references whose copies have not been looked for."""
    rows = connection.all("SELECT * FROM owned_files ORDER BY id")
    return [Holding(row["reference_id"], from_row(row), waits=True) for row in rows]


def withdrawn(connection: Connection) -> set[str]:
    """Names in pdfs/ of files that are no work's copy any more, as matches were taken back."""
    return {row["file_name"] for row in connection.all("SELECT file_name FROM withdrawn_files")}


def suspects(connection: Connection) -> dict[str, tuple[int, ...]]:
    """Names in quarantine/ with the references that they came for."""
    rows = connection.all(
        "SELECT DISTINCT quarantined_as AS name, reference_id FROM download_attempts"
        " WHERE quarantined_as IS NOT NULL ORDER BY 1, 2"
    )
    found: dict[str, tuple[int, ...]] = {}
    for row in rows:
        found[row["name"]] = (*found.get(row["name"], ()), row["reference_id"])
    return found


def queued(connection: Connection) -> set[int]:
    return {row["id"] for row in connection.all(f"SELECT id FROM {_QUEUE}")}


def lost(connection: Connection, holding: Holding, why: str, now: float) -> None:
    """The file is not there any more: its work is looked for again; one that only waited is forgotten."""
    if holding.waits:
        connection.execute(
            "DELETE FROM owned_files WHERE reference_id = ? AND file_sha256 = ?",
            (holding.reference_id, holding.file.sha256),
        )
        return
    row = connection.one(f"SELECT file_name FROM {_DOWNLOADED} WHERE id = ?", (holding.reference_id,))
    if row is not None and row["file_name"] == holding.file.file_name:
        told = {"reason": "copy_lost", "last_error": f"{holding.file.file_name}: {why}"}
        move(connection, _DOWNLOADED, _QUEUE, holding.reference_id, told, now=now, owner=PERSON)
        connection.execute(
            f"UPDATE {_QUEUE} SET reason = NULL, last_error = NULL WHERE id = ?", (holding.reference_id,)
        )


def forget_suspect(connection: Connection, name: str) -> None:
    connection.execute("UPDATE download_attempts SET quarantined_as = NULL WHERE quarantined_as = ?", (name,))
