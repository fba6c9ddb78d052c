"""Undoing a merge: a person says that two references are not one work."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from dl_lit import moments
from dl_lit.errors import UsageError
from dl_lit.model import EnrichmentReason, Twin
from dl_lit.store import refused, stories
from dl_lit.store.columns import to_json, work_from_row
from dl_lit.store.connection import Connection
from dl_lit.store.groups import Members, merged_through
from dl_lit.store.known import IDENTIFIERS
from dl_lit.store.merging import own_record, refill, without_foreign_identifiers, write_merge
from dl_lit.store.moves import PERSON, log
from dl_lit.store.records import Parted
from dl_lit.store.undoing import (
    DUPLICATES,
    QUEUE,
    REVIEW,
    gather,
    is_printed,
    look_after,
    move_on,
    name_anew,
    row_of,
    take_back,
)


def unmerge(connection: Connection, reference_id: int, now: float) -> Parted:
    """A person says that a merged reference is another work than the one it was merged into.

    It becomes a work of its own in the download queue, with its citations and what had been merged into it. Where it
    was taken for the same record (one DOI), one of the matches is wrong: its own is taken back, and it needs a look.
    Raises UsageError when it is not merged, or when no PDF prints any of the two.
    """
    row = connection.one(f"SELECT * FROM {DUPLICATES} WHERE id = ?", (reference_id,))
    if row is None:
        raise UsageError(_why_not_merged(connection, reference_id))
    winner_id: int = row["merged_into"]
    partners = {winner_id} | {
        one["winner_id"]
        for one in connection.all(
            "SELECT winner_id FROM merge_log WHERE loser_id = ? AND standing = 'holds'", (reference_id,)
        )
    }
    members = Members.of(connection, winner_id)
    through = [one for one in merged_through(connection, reference_id) if one in members.works]
    # Who came in by way of it but was taken for the record of one who stays, stays.
    along = [one for one in through if one != reference_id and not members.shares_record(one, beside=through)]
    if members.shares_record(reference_id, beside=(reference_id, *along)):
        parted = _part_by_match(connection, reference_id, winner_id, now)
    else:
        file_name = _part_as_work(connection, row, winner_id, [reference_id, *along], now)
        parted = Parted(reference_id, winner_id, file_name=file_name)
    refused.part(connection, reference_id, partners, now)
    return parted


def _part_by_match(connection: Connection, reference_id: int, winner_id: int, now: float) -> Parted:
    """One of two matches to the same record is wrong: the one of the reference that is named, unless none prints it."""
    wrong = next((one for one in (reference_id, winner_id) if is_printed(connection, one)), None)
    if wrong is None:
        raise UsageError(
            f"References {reference_id} and {winner_id} came in from the services as one record and no PDF prints "
            "them: there is no match to take back. Nothing was changed."
        )
    refused.refuse(connection, wrong, [work_from_row(own_record(connection, wrong))], now)
    back = take_back(connection, wrong, REVIEW, EnrichmentReason.PARTED_BY_PERSON, now=now, owner=PERSON)
    return Parted(reference_id, winner_id, back)


def _part_as_work(
    connection: Connection, row: sqlite3.Row, winner_id: int, group: Sequence[int], now: float
) -> str | None:
    """Returns the file of the one that stays if it may be a copy of the one that leaves."""
    own_id: int = row["id"]
    table = stories.where(connection, winner_id)
    assert table is not None
    before = row_of(connection, table, winner_id)
    _leave_together(connection, group, winner_id, own_id)
    changed = refill(connection, table, winner_id, without=own_id)
    work = without_foreign_identifiers(connection, work_from_row(row), QUEUE, own_id)
    named = {name: getattr(work, name) for name in IDENTIFIERS}
    why = ("parted_by_person", f"it is not the work of reference {winner_id}")
    move_on(connection, (DUPLICATES, QUEUE), own_id, named, why, now, PERSON)
    gather(connection, own_id, QUEUE, [one for one in group if one != own_id], now)
    name_anew(connection, winner_id)
    write_merge(connection, (own_id, QUEUE), Twin(table, winner_id, "unmerged", 0.0), changed, now, "undone")
    detail = f"reference {own_id} is a work of its own again"
    log(connection, now, table, reference_id=winner_id, source=table, reason="unmerged", detail=detail, owner=PERSON)
    return look_after(connection, table, winner_id, before, now, PERSON)


def _leave_together(connection: Connection, group: Sequence[int], winner_id: int, own_id: int) -> None:
    """No merge between one of the group and one who stays holds any more; what was merged goes with the group."""
    ids = {"ids": to_json(list(group)), "own": own_id}
    connection.execute(
        "UPDATE merge_log SET standing = 'undone' WHERE standing = 'holds'"
        " AND (loser_id IN (SELECT value FROM json_each(:ids))) <> (winner_id IN (SELECT value FROM json_each(:ids)))",
        ids,
    )
    connection.execute(
        f"UPDATE {DUPLICATES} SET merged_into = :own WHERE id <> :own AND id IN (SELECT value FROM json_each(:ids))",
        ids,
    )


def _why_not_merged(connection: Connection, reference_id: int) -> str:
    """What to say to who wants to undo a merge that is not there."""
    if stories.where(connection, reference_id) is None:
        return f"There is no reference {reference_id}. dl-lit merge-log lists what was merged."
    others = connection.all(f"SELECT id FROM {DUPLICATES} WHERE merged_into = ? ORDER BY id", (reference_id,))
    if others:
        named = ", ".join(str(row["id"]) for row in others[:10]) + (", ..." if len(others) > 10 else "")
        return f"Reference {reference_id} is the one that stays; merged into it: {named}. Name one of these instead."
    last = connection.one("SELECT * FROM merge_log WHERE loser_id = ? ORDER BY id DESC", (reference_id,))
    if last is not None:
        day = moments.second(last["at"])
        return (
            f"Reference {reference_id} was parted from {last['winner_id']} already ({day}, see dl-lit merge-log). "
            "Nothing was changed."
        )
    return f"Reference {reference_id} is not merged into another. See dl-lit merge-log."
