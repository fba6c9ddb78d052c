"""Copies from the user's own disk: what they could be copies of, and how they become it, wherever that stands."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from dl_lit.model import Attempt, DownloadReason, KeptFile, Reference, Stage, Work
from dl_lit.store import attempts
from dl_lit.store.columns import (
    REFERENCE,
    WORK,
    file_from_row,
    file_to_values,
    reference_from_row,
    work_from_row,
)
from dl_lit.store.connection import Connection
from dl_lit.store.moves import PERSON, UNVERIFIED, log, move
from dl_lit.store.records import PrintedReference

SOURCE = "import"  # who named the copy: the user
IMPORTED, KEPT_BY_PERSON = "imported", "kept_by_person"  # the step in a reference's story
_DOWNLOADED, _QUEUE, _FAILED = "downloaded_references", str(Stage.DOWNLOAD), "failed_downloads"
# A reference and all that were merged into it.
_GROUP = "(SELECT ?1 UNION ALL SELECT id FROM duplicate_references WHERE merged_into = ?1)"


def printed(connection: Connection) -> Iterator[PrintedReference]:
    """References that are not known as works yet."""
    for table in UNVERIFIED:
        for row in connection.all(f"SELECT id, {', '.join(REFERENCE)} FROM {table} ORDER BY id"):
            yield PrintedReference(row["id"], table, reference_from_row(row))


def names_of_works(connection: Connection) -> Iterator[tuple[str, str, int]]:
    """(kind, value, reference) of all DOIs, arXiv numbers and folded titles of accepted works."""
    rows = connection.all("SELECT kind, value, reference_id FROM work_aliases WHERE kind IN ('doi', 'arxiv', 'title')")
    yield from ((row["kind"], row["value"], row["reference_id"]) for row in rows)


def subject(connection: Connection, reference_id: int) -> Work | Reference | None:
    """What a reference stands for: the verified work, else what is printed; None for one that is neither."""
    row = connection.one(f"SELECT {', '.join(WORK)} FROM works WHERE id = ?", (reference_id,))
    if row is not None:
        return work_from_row(row)
    for table in UNVERIFIED:
        row = connection.one(f"SELECT {', '.join(REFERENCE)} FROM {table} WHERE id = ?", (reference_id,))
        if row is not None:
            return reference_from_row(row)
    return None


def copies_with(connection: Connection, sha256: str) -> list[tuple[int, KeptFile]]:
    """The works whose copy has this content."""
    rows = connection.all(f"SELECT * FROM {_DOWNLOADED} WHERE file_sha256 = ? ORDER BY id", (sha256,))
    return [(row["id"], file_from_row(row)) for row in rows]


def copy_of(connection: Connection, reference_id: int) -> KeptFile | None:
    row = connection.one(f"SELECT * FROM {_DOWNLOADED} WHERE id = ?", (reference_id,))
    return None if row is None else file_from_row(row)


def waiting_for(connection: Connection, reference_id: int) -> list[KeptFile]:
    """Files of the user's that wait for this reference, or for one that was merged into it, to be looked for."""
    rows = connection.all(f"SELECT * FROM owned_files WHERE reference_id IN {_GROUP} ORDER BY id", (reference_id,))
    return [from_row(row) for row in rows]


def waits_with(connection: Connection, sha256: str) -> list[int]:
    """The references that a file with this content waits for."""
    rows = connection.all("SELECT reference_id FROM owned_files WHERE file_sha256 = ? ORDER BY 1", (sha256,))
    return [row["reference_id"] for row in rows]


def has_any(connection: Connection, reference_id: int) -> bool:
    return bool(connection.value(f"SELECT 1 FROM owned_files WHERE reference_id IN {_GROUP}", (reference_id,)))


def adopt(connection: Connection, reference_id: int, file: KeptFile, now: float) -> str:
    """The file in pdfs/ becomes the copy of a reference; returns the table where the reference is then.

    Before the download stage it waits there for it. A copy that the work has already is replaced in the record only.
    """
    for table in (_DOWNLOADED, _QUEUE, _FAILED):
        row = connection.one(f"SELECT * FROM {table} WHERE id = ?", (reference_id,))
        if row is not None:
            _become_copy(connection, table, row, file, now)
            return _DOWNLOADED
    _wait(connection, reference_id, file, now)
    return _told_of(connection, reference_id, file, now)


def taken(connection: Connection, reference_id: int, sha256: str) -> None:
    """What waited for the work, and is its copy now, waits no more."""
    connection.execute(
        f"DELETE FROM owned_files WHERE file_sha256 = ?2 AND reference_id IN {_GROUP}", (reference_id, sha256)
    )


def _become_copy(connection: Connection, table: str, row: sqlite3.Row, file: KeptFile, now: float) -> None:
    reference_id: int = row["id"]
    taken(connection, reference_id, file.sha256)
    step = IMPORTED if file.source == SOURCE else KEPT_BY_PERSON
    attempt = Attempt(
        file.source, file.url, file.final_url, "", DownloadReason.SUCCESS, bytes=file.bytes, detail=file.file_name
    )
    attempts.record(connection, reference_id, attempt, now)
    values: dict[str, Any] = file_to_values(file)
    if table == _DOWNLOADED:
        settings = ", ".join(f"{name} = :{name}" for name in values)
        connection.execute(f"UPDATE {table} SET {settings} WHERE id = :id", values | {"id": reference_id})
        log(
            connection,
            now,
            table,
            reference_id=reference_id,
            source=table,
            reason=step,
            detail=file.file_name,
            owner=PERSON,
        )
        return
    told = {"attempts": row["attempts"] + 1, "finished_at": now, "reason": step}
    move(connection, table, _DOWNLOADED, reference_id, values | told, now=now, owner=PERSON)
    connection.execute(f"UPDATE {_DOWNLOADED} SET reason = NULL WHERE id = ?", (reference_id,))


def _wait(connection: Connection, reference_id: int, file: KeptFile, now: float) -> None:
    values = {
        "at": now,
        "reference_id": reference_id,
        "file_name": file.file_name,
        "file_sha256": file.sha256,
        "file_bytes": file.bytes,
        "file_pages": file.pages,
        "url": file.url,
        "identity": file.identity,
    }
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(f"INSERT OR REPLACE INTO owned_files ({names}) VALUES ({marks})", values)


def _told_of(connection: Connection, reference_id: int, file: KeptFile, now: float) -> str:
    table: str | None = connection.value("SELECT stage FROM works WHERE id = ?", (reference_id,))
    places = (one for one in UNVERIFIED if connection.value(f"SELECT 1 FROM {one} WHERE id = ?", (reference_id,)))
    table = table or next(places, None)
    if table is None:
        raise LookupError(f"reference {reference_id} is neither a work nor a print")
    log(
        connection,
        now,
        table,
        reference_id=reference_id,
        source=table,
        reason="pdf_waits",
        detail=f"{file.file_name}, a PDF of yours, is taken when copies are looked for",
        owner=PERSON,
    )
    return table


def from_row(row: sqlite3.Row) -> KeptFile:
    return KeptFile(
        file_name=row["file_name"],
        sha256=row["file_sha256"],
        bytes=row["file_bytes"],
        pages=row["file_pages"],
        source=SOURCE,
        url=row["url"],
        final_url=row["url"],
        identity=row["identity"],
    )


def wake(connection: Connection, reference_id: int, priority: float, now: float) -> None:
    """A work without a copy, with which a reference was merged whose PDF the user has, is looked for again."""
    is_failed = connection.value(f"SELECT 1 FROM {_FAILED} WHERE id = ?", (reference_id,))
    if is_failed and has_any(connection, reference_id):
        move(connection, _FAILED, _QUEUE, reference_id, {"priority": priority}, now=now, owner=PERSON)
