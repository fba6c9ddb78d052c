"""Two references that are one work: which id stays, whose fields are kept, and what follows along.

The id that stays is the one further down the pipeline. The record is made anew of all records that ever went into it,
as they were accepted: the best one stays, its gaps are filled from the others. So the order of work does not show.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from dl_lit.identity import titles
from dl_lit.model import DownloadReason, Location, Twin, Work
from dl_lit.store.columns import WORK, insert, to_json, work_from_row, work_to_json, work_to_values
from dl_lit.store.connection import Connection
from dl_lit.store.known import IDENTIFIERS, PAST_QUEUEING, add_aliases, aliases_of_work
from dl_lit.store.moves import log, move

RECORD = ("printed_url", *WORK)
WAYS_TO_A_COPY = ("doi", "arxiv", "pmid", "pmcid", "locations", "printed_url")
_IN_CONTAINER = ("volume", "issue", "pages")


def identifier_owner(connection: Connection, work: Work, own_id: int, places: Collection[str]) -> Twin | None:
    """The reference in one of the tables `places` that an identifier of `work` belongs to already.

    A DOI decides alone; the others count only between works without a DOI (see schema.sql at with_metadata).
    """
    for kind in ("doi",) if work.doi else IDENTIFIERS:
        value = getattr(work, kind)
        if value is None:
            continue
        without_doi = "" if kind == "doi" else "AND doi IS NULL"
        rows = connection.all(
            f"SELECT stage, id FROM works WHERE {kind} = ? {without_doi} AND id <> ?", (value, own_id)
        )
        for row in rows:
            if row["stage"] in places:
                return Twin(row["stage"], row["id"], kind)
    return None


def still_there(connection: Connection, twin: Twin) -> Twin | None:
    """Where the twin is now: it may have moved on, or have been merged into another, since it was found."""
    merged_into = connection.value("SELECT merged_into FROM duplicate_references WHERE id = ?", (twin.id,))
    row = connection.one("SELECT stage, id FROM works WHERE id = ?", (merged_into or twin.id,))
    return None if row is None else replace(twin, table=row["stage"], id=row["id"])


@dataclass(frozen=True, slots=True)
class Loser:
    """The row that is given up, and the record that it brings."""

    table: str
    id: int
    work: Work
    printed_url: str | None


def merge(connection: Connection, loser: Loser, twin: Twin, *, now: float, owner: str, priority: float = 0.0) -> str:
    """Merge a row into its twin: fields filled, citations and aliases moved, all of it logged."""
    told = {"merged_into": twin.id, "rule": twin.rule, "score": twin.score, "reason": twin.rule, "finished_at": now}
    record = _as_accepted(connection, loser.id, work_to_values(loser.work) | {"printed_url": loser.printed_url})
    move(connection, loser.table, "duplicate_references", loser.id, record | told, now=now, owner=owner)
    _bring_along(connection, loser.id, twin.id)
    changed = refill(connection, twin.table, twin.id)
    _log_merge(connection, loser, twin, changed, now)
    if twin.table == "to_download_references":
        connection.execute(f"UPDATE {twin.table} SET priority = max(priority, ?) WHERE id = ?", (priority, twin.id))
    elif (
        twin.table == "failed_downloads"
        and _was_looked_for(connection, twin)
        and not changed.keys().isdisjoint(WAYS_TO_A_COPY)
    ):
        move(connection, twin.table, "to_download_references", twin.id, {"priority": priority}, now=now, owner=owner)
    return "duplicate_references"


def _was_looked_for(connection: Connection, twin: Twin) -> bool:
    """A work that the user's filters left out does not come back because another way to a copy is known."""
    reason = connection.value(f"SELECT reason FROM {twin.table} WHERE id = ?", (twin.id,))
    return bool(reason != DownloadReason.FILTERED_OUT)


def own_record(connection: Connection, reference_id: int) -> dict[str, Any]:
    """The columns of a work, or of one that was merged into another, as they were before any merge."""
    row = connection.one("SELECT * FROM duplicate_references WHERE id = ?", (reference_id,))
    if row is not None:
        return {name: row[name] for name in RECORD}
    row = connection.one("SELECT * FROM works WHERE id = ?", (reference_id,))
    if row is None:
        raise LookupError(f"reference {reference_id} is no work")
    return _as_accepted(connection, reference_id, {name: row[name] for name in RECORD})


def _as_accepted(connection: Connection, reference_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """The record before any merge: the log has the old value of every field that a merge changed.

    What it tells of a work that the reference was taken for before, and is not any more, is closed.
    """
    rows = connection.all(
        "SELECT changed FROM merge_log WHERE winner_id = ? AND changed <> '{}' AND standing <> 'closed'"
        " ORDER BY id DESC",
        (reference_id,),
    )
    earlier: dict[str, Any] = {}
    for row in rows:
        earlier |= json.loads(row["changed"])
    return {name: earlier.get(name, values[name]) for name in RECORD}


def refill(connection: Connection, table: str, winner_id: int, *, without: int | None = None) -> dict[str, Any]:
    """Write the record combined of all that is merged (but `without`) to the winner's row.

    Returns the old values of what changed.
    """
    winner = connection.one(f"SELECT * FROM {table} WHERE id = ?", (winner_id,))
    if winner is None:
        raise LookupError(f"reference {winner_id} is not in {table}")
    own = _as_accepted(connection, winner_id, {name: winner[name] for name in RECORD})
    # Most duplicates of a much cited work are equal, letter by letter.
    others = connection.all(
        f"SELECT DISTINCT {', '.join(RECORD)} FROM duplicate_references WHERE merged_into = ? AND id IS NOT ?",
        (winner_id, without),
    )
    records = [own, *(dict(zip(other.keys(), other, strict=True)) for other in others)]
    combined = combine([work_from_row(record) for record in records])
    combined = without_foreign_identifiers(connection, combined, table, winner_id)
    urls = [record["printed_url"] for record in records if record["printed_url"]]
    new = work_to_values(combined) | {"printed_url": min(urls, default=None)}
    changed = {name: winner[name] for name in RECORD if new[name] != winner[name]}
    if changed:
        settings = ", ".join(f"{name} = :{name}" for name in changed)
        values = {name: new[name] for name in changed}
        connection.execute(f"UPDATE {table} SET {settings} WHERE id = :id", values | {"id": winner_id})
    add_aliases(connection, winner_id, aliases_of_work(combined))
    return changed


def without_foreign_identifiers(connection: Connection, work: Work, table: str, own_id: int) -> Work:
    """Leave out what a filled-in identifier would take from a third work; it stays in the duplicate's row."""
    places = PAST_QUEUEING if table in PAST_QUEUEING else (table,)
    while (other := identifier_owner(connection, work, own_id, places)) is not None:
        taken: dict[str, Any] = {other.rule: None}
        work = replace(work, **taken)
    return work


def _bring_along(connection: Connection, loser_id: int, winner_id: int) -> None:
    ids = (winner_id, loser_id)
    connection.execute("UPDATE citations SET reference_id = ? WHERE reference_id = ?", ids)
    connection.execute("UPDATE duplicate_references SET merged_into = ? WHERE merged_into = ?", ids)
    connection.execute(
        "INSERT OR IGNORE INTO work_aliases (kind, value, reference_id)"
        " SELECT kind, value, ? FROM work_aliases WHERE reference_id = ?",
        ids,
    )
    connection.execute("DELETE FROM work_aliases WHERE reference_id = ?", (loser_id,))
    # The run that found the one goes on with the other, if that was found too.
    connection.execute(
        "UPDATE found_works SET depth = min(found_works.depth, loser.depth), run_id = loser.run_id"
        " FROM (SELECT depth, run_id FROM found_works WHERE reference_id = ?2) AS loser WHERE reference_id = ?1",
        ids,
    )


def _log_merge(connection: Connection, loser: Loser, twin: Twin, changed: dict[str, Any], now: float) -> None:
    write_merge(connection, (loser.id, loser.table), twin, changed, now)
    detail = f"reference {loser.id} is the same work ({twin.rule})"
    log(connection, now, twin.table, reference_id=twin.id, source=twin.table, reason="merged", detail=detail)


def write_merge(
    connection: Connection,
    loser: tuple[int, str],
    winner: Twin,
    changed: Mapping[str, Any],
    now: float,
    standing: str = "holds",
) -> None:
    """A line of the merge log; `loser` is an id and its table until now, `changed` are the winner's old values."""
    values = {
        "at": now,
        "loser_id": loser[0],
        "winner_id": winner.id,
        "loser_table": loser[1],
        "winner_table": winner.table,
        "rule": winner.rule,
        "score": winner.score,
        "changed": to_json(dict(changed)),
        "standing": standing,
    }
    insert(connection, "merge_log", values)


def ways_to_a_copy(row: sqlite3.Row | Mapping[str, Any]) -> list[Any]:
    """All in a record that a search for a copy starts from."""
    return [row[name] for name in WAYS_TO_A_COPY]


def combine(records: Sequence[Work]) -> Work:
    """One record of several of the same work: the best one, its gaps filled. The same in whatever order they come."""
    ordered = sorted(records, key=_worth, reverse=True)
    combined = ordered[0]
    for other in ordered[1:]:
        gaps: dict[str, Any] = {
            field.name: getattr(other, field.name)
            for field in fields(Work)
            if getattr(combined, field.name) in (None, ()) and _may_fill(field.name, combined, other)
        }
        combined = replace(combined, **gaps)
    return replace(
        combined,
        is_retracted=any(record.is_retracted for record in ordered),
        locations=_united([location for record in ordered for location in record.locations]),
        sources=tuple(dict.fromkeys(source for record in ordered for source in record.sources)),
    )


def _worth(work: Work) -> tuple[bool, bool, int, str]:
    filled = sum(getattr(work, name) not in (None, ()) for name in WORK)
    return work.doi is not None, work.openalex_id is not None, filled, work_to_json(work)


def _may_fill(name: str, better: Work, other: Work) -> bool:
    """Volume and pages belong to their container, a subtitle to its title: no mixture of preprint and article."""
    if name in _IN_CONTAINER:
        return better.container is None or _same(better.container, other.container)
    return name != "subtitle" or better.title is None or _same(better.title, other.title)


def _same(a: str | None, b: str | None) -> bool:
    return a is not None and b is not None and titles.key(a) == titles.key(b)


def _united(locations: Sequence[Location]) -> tuple[Location, ...]:
    """Each address once, as the best record that has it describes it."""
    by_address: dict[tuple[str | None, str | None], Location] = {}
    for location in locations:
        by_address.setdefault((location.pdf_url, location.landing_url), location)
    return tuple(by_address.values())
