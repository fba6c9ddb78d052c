"""Files that a person should look at: suspect ones in quarantine/, and contents that several works have as copy."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from dl_lit.store.connection import Connection

_WITHOUT_COPY = "('to_download_references', 'failed_downloads')"


@dataclass(frozen=True, slots=True)
class SuspectFile:
    """A file that came for a work without a copy. `id` is that of the attempt, `name` the path in quarantine/."""

    id: int
    reference_id: int
    title: str | None
    name: str
    reason: str
    detail: str | None
    bytes: int
    source: str
    url: str
    final_url: str | None


@dataclass(frozen=True, slots=True)
class SharedCopy:
    """One content that is the copy of several works: one of them may be wrong, or two of them the same."""

    sha256: str
    works: tuple[tuple[int, str | None, str], ...]  # reference, title, file name


def waiting(connection: Connection) -> list[SuspectFile]:
    """Each file once, however often it came."""
    rows = connection.all(
        "SELECT a.*, w.title, w.id AS work_id FROM download_attempts AS a"
        " LEFT JOIN duplicate_references AS d ON d.id = a.reference_id"
        f" JOIN works AS w ON w.id = coalesce(d.merged_into, a.reference_id) AND w.stage IN {_WITHOUT_COPY}"
        " WHERE a.quarantined_as IS NOT NULL ORDER BY a.id"
    )
    return list({row["quarantined_as"]: _suspect(row) for row in rows}.values())


def _suspect(row: sqlite3.Row) -> SuspectFile:
    return SuspectFile(
        id=row["id"],
        reference_id=row["work_id"],
        title=row["title"],
        name=row["quarantined_as"],
        reason=row["outcome"],
        detail=row["detail"],
        bytes=row["bytes"],
        source=row["source"],
        url=row["url"],
        final_url=row["final_url"],
    )


def shared(connection: Connection) -> list[SharedCopy]:
    rows = connection.all(
        "SELECT id, title, file_name, file_sha256 FROM downloaded_references WHERE file_sha256 IN"
        " (SELECT file_sha256 FROM downloaded_references GROUP BY 1 HAVING count(*) > 1) ORDER BY id"
    )
    found: dict[str, list[tuple[int, str | None, str]]] = {}
    for row in rows:
        found.setdefault(row["file_sha256"], []).append((row["id"], row["title"], row["file_name"]))
    return [SharedCopy(sha256, tuple(works)) for sha256, works in found.items()]
