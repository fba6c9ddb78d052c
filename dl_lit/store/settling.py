"""Prints that no service could settle, and the works that come into the library later and settle them.

A printed reference that is looked for after its work came in is recognised at once; one that was looked for before has
been given up. So that the order of work does not show, those given up are kept under their names, and each work that
comes in is compared with those that share one with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dl_lit.identity import titles
from dl_lit.model import Evidence, NoMetadataRow, Reference, Twin, Work
from dl_lit.store import known, owned, refused, stories
from dl_lit.store.columns import evidence_to_values, insert, reference_from_row, work_from_row
from dl_lit.store.connection import Connection
from dl_lit.store.merging import Loser, merge
from dl_lit.store.moves import UNSETTLED

_MOST = 20  # prints that one work is compared with
_BY_TITLE = "title_authors_year"


def remember(connection: Connection, reference_id: int, reference: Reference) -> None:
    """A print was given up, and not by a person: `moves.move` forgets its names when it leaves."""
    connection.executemany(
        "INSERT OR IGNORE INTO unsettled_prints (kind, value, reference_id) VALUES (?, ?, ?)",
        [(kind, value, reference_id) for kind, value in _names(reference)],
    )


def _names(reference: Reference) -> Iterator[known.Alias]:
    """Hundreds of works can bear a generic title: their places tell them apart."""
    title = reference.title
    without = titles.key(title) if title and titles.is_generic(title) else None
    return (one for one in known.names_of_print(reference) if one != ("title", without))


def alike(connection: Connection, reference_id: int) -> list[NoMetadataRow]:
    """Prints that were given up and share a name with this reference."""
    rows = connection.all(
        "SELECT DISTINCT prints.reference_id AS id FROM work_aliases AS work JOIN unsettled_prints AS prints"
        " USING (kind, value) WHERE work.reference_id = ? ORDER BY 1 LIMIT ?",
        (reference_id, _MOST),
    )
    return [found for row in rows if (found := _given_up(connection, row["id"])) is not None]


def _given_up(connection: Connection, reference_id: int) -> NoMetadataRow | None:
    for table in UNSETTLED:
        row = connection.one(f"SELECT * FROM {table} WHERE id = ?", (reference_id,))
        if row is not None:
            names = refused.of(connection, reference_id)
            return NoMetadataRow(reference_id, reference_from_row(row), row["attempts"], refused=names)
    return None


def is_open(connection: Connection, reference_id: int) -> bool:
    """Whether a program has given the print up; what a person has decided stays."""
    return bool(connection.value("SELECT 1 FROM unsettled_prints WHERE reference_id = ?", (reference_id,)))


def work_of(connection: Connection, reference_id: int) -> Work | None:
    """The record of an accepted work as it is now; None when the id has none of its own."""
    row = connection.one("SELECT * FROM works WHERE id = ?", (reference_id,))
    return None if row is None else work_from_row(row)


def settle(connection: Connection, reference_id: int, work_id: int, evidence: Evidence, now: float, owner: str) -> bool:
    """The print is the work `work_id` and goes into it; False when a person has parted them, or decided about it."""
    table = stories.where(connection, reference_id)
    place = connection.one("SELECT * FROM works WHERE id = ?", (work_id,))
    if table is None or place is None or not is_open(connection, reference_id):
        return False
    if work_id in refused.parted_from(connection, reference_id):
        return False
    row = connection.one(f"SELECT * FROM {table} WHERE id = ?", (reference_id,))
    assert row is not None
    keep_evidence(connection, reference_id, [evidence], now)
    work = work_from_row(place)
    names = [*known.aliases_of_work(work), *known.aliases_of_print(row["raw"], row["title"])]
    known.add_aliases(connection, reference_id, names)
    rule = next((kind for kind in known.IDENTIFIERS if getattr(work, kind)), _BY_TITLE)
    twin = Twin(place["stage"], work_id, rule, 1.0)
    merge(connection, Loser(table, reference_id, work, row["url"]), twin, now=now, owner=owner)
    owned.wake(connection, work_id, 0.0, now)
    return True


def keep_evidence(connection: Connection, reference_id: int, evidence: Sequence[Evidence], now: float) -> None:
    """What the latest verdict on a reference was built on, in place of the verdict before."""
    connection.execute("DELETE FROM match_evidence WHERE reference_id = ?", (reference_id,))
    for one in evidence:
        insert(connection, "match_evidence", evidence_to_values(reference_id, one, now))
