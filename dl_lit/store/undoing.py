"""Taking a match back: a reference leaves the work that it was taken for.

Whoever leaves takes its citation along and nothing else: the work stays, under the id of another reference to it, as
long as there is one. What only the leaving one held together goes through stage 3 again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dl_lit.errors import UsageError
from dl_lit.model import EnrichmentReason, Stage, Twin, Work
from dl_lit.store import refused, stories
from dl_lit.store.columns import (
    TABLES,
    insert,
    reference_from_citation,
    reference_to_values,
    to_json,
    work_from_row,
    work_to_values,
)
from dl_lit.store.connection import Connection
from dl_lit.store.groups import Groups, Members
from dl_lit.store.known import IDENTIFIERS, add_aliases, aliases_of_print, aliases_of_work
from dl_lit.store.merging import (
    RECORD,
    WAYS_TO_A_COPY,
    identifier_owner,
    refill,
    without_foreign_identifiers,
    write_merge,
)
from dl_lit.store.moves import log, move
from dl_lit.store.records import TakenBack

DUPLICATES, REVIEW, _DOWNLOADED = "duplicate_references", "needs_review", "downloaded_references"
_WITH_METADATA, QUEUE = str(Stage.QUEUEING), str(Stage.DOWNLOAD)
_ACCEPTED = (DUPLICATES, _WITH_METADATA, QUEUE, _DOWNLOADED, "failed_downloads")


def is_accepted(table: str | None) -> bool:
    """Whether a reference in this table is taken for a work."""
    return table in _ACCEPTED


def is_printed(connection: Connection, reference_id: int) -> bool:
    """Whether a PDF brought the reference, rather than a search or another work."""
    return bool(connection.value("SELECT 1 FROM citations WHERE original_reference_id = ?", (reference_id,)))


# ── a match ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Leaving:
    """A reference that is about to leave its work, and those that stay, in groups that still hold together.

    `row` is its row in `table`; `work_table` is where the work is, under the id `winner_id`.
    """

    id: int
    table: str
    row: sqlite3.Row
    winner_id: int
    work_table: str
    members: Members
    groups: Groups

    @classmethod
    def of(cls, connection: Connection, reference_id: int) -> _Leaving:
        table = stories.where(connection, reference_id)
        assert table is not None
        row = connection.one(f"SELECT * FROM {table} WHERE id = ?", (reference_id,))
        assert row is not None
        winner_id = row["merged_into"] if table == DUPLICATES else reference_id
        work_table = stories.where(connection, winner_id)
        assert work_table is not None
        members = Members.of(connection, winner_id)
        groups = members.without(connection, reference_id)
        return cls(reference_id, table, row, winner_id, work_table, members, groups)

    @property
    def work(self) -> Work:
        return self.members.works[self.id]

    def staying(self) -> list[int]:
        """Those who keep the work's row: with whom it is merged, else who is most surely the same; maybe none."""
        if self.winner_id != self.id:
            return next(group for group in self.groups if self.winner_id in group)
        return max(self.groups, key=lambda group: (bool(self._same_doi(group)), len(group), -group[0]), default=[])

    def heir(self, staying: Sequence[int]) -> int | None:
        """Whose id the work has from now on."""
        if self.winner_id != self.id:
            return self.winner_id
        return next(iter(self._same_doi(staying) or staying), None)

    def _same_doi(self, group: Sequence[int]) -> list[int]:
        doi = self.row["doi"]
        return [one for one in group if doi is not None and self.members.works[one].doi == doi]


def take_back(
    connection: Connection, reference_id: int, target: str, reason: EnrichmentReason, *, now: float, owner: str
) -> TakenBack:
    """An accepted, printed reference is not its work: it goes to `target` (needs_review, failed_enrichments).

    Others that were taken for the same work stay with it; without any it is withdrawn, wherever it was on its way.
    """
    leaving = _Leaving.of(connection, reference_id)
    staying = leaving.staying()
    heir = leaving.heir(staying)
    if heir is None and connection.value("SELECT 1 FROM found_works WHERE reference_id = ?", (reference_id,)):
        heir = insert(connection, "reference_ids", {"created_at": now})  # a search or another work led to it as well
    file_name = leaving.row["file_name"] if heir is None and leaving.table == _DOWNLOADED else None
    if file_name is not None:
        _withdraw_file(connection, reference_id, leaving.row, now)
    told = {"reason": reason, "last_error": _what_happens(leaving, heir, file_name), "finished_at": now}
    _step_out(connection, leaving, target, told, now, owner)
    _inherit(connection, reference_id, heir)
    if heir is not None:
        file_name = _stay(connection, leaving, heir, staying, now, owner)
    again = [group for group in leaving.groups if group != staying]
    for group in again:
        _send_again(connection, leaving, group, now, owner)
    return TakenBack(
        reference_id,
        target,
        work=leaving.work,
        stays_as=heir,
        again=tuple(group[0] for group in again),
        file_name=file_name,
        was_in=leaving.work_table,
    )


def _step_out(
    connection: Connection, leaving: _Leaving, target: str, told: dict[str, Any], now: float, owner: str
) -> None:
    """The reference is what is printed again, with its citation, and has no name of the work any more."""
    values = _printed(connection, leaving.id) | told
    _cut(connection, leaving.id, now)
    move(connection, leaving.table, target, leaving.id, values, now=now, owner=owner)
    connection.execute("UPDATE citations SET reference_id = ?1 WHERE original_reference_id = ?1", (leaving.id,))
    connection.execute("DELETE FROM work_aliases WHERE reference_id = ?", (leaving.id,))


def _what_happens(leaving: _Leaving, heir: int | None, file_name: str | None) -> str:
    """The line of the story."""
    said = f"no longer taken for {leaving.work.doi or leaving.work.title or 'a work without a title'}"
    if heir is not None:
        return f"{said}, which stays as reference {heir}"
    copy = f"; its copy stays in pdfs/ as {file_name}, and is no work's copy now" if file_name else ""
    return f"{said}, which nothing else cites: withdrawn from {leaving.work_table}{copy}"


def _printed(connection: Connection, reference_id: int) -> dict[str, Any]:
    row = connection.one("SELECT * FROM citations WHERE original_reference_id = ? ORDER BY id", (reference_id,))
    if row is None:
        raise UsageError(f"Reference {reference_id} is printed in no PDF: there is no match to take back.")
    values = reference_to_values(reference_from_citation(row))
    return {"source_pdf_id": row["source_pdf_id"], "turn": row["position"], **values}


def _cut(connection: Connection, leaving: int, now: float) -> None:
    """No merge with the reference that leaves holds any more; the end of each is a line of the log."""
    held = connection.all(
        "SELECT * FROM merge_log WHERE standing = 'holds' AND ?1 IN (loser_id, winner_id) ORDER BY id", (leaving,)
    )
    connection.execute("UPDATE merge_log SET standing = 'undone' WHERE loser_id = ? AND standing = 'holds'", (leaving,))
    # The record that these lines tell about is gone with the row.
    connection.execute("UPDATE merge_log SET standing = 'closed' WHERE winner_id = ?", (leaving,))
    for row in held:
        winner = Twin(row["winner_table"], row["winner_id"], "unmerged", 0.0)
        standing = "closed" if row["winner_id"] == leaving else "undone"
        write_merge(connection, (row["loser_id"], row["loser_table"]), winner, {}, now, standing)


def _inherit(connection: Connection, reference_id: int, heir: int | None) -> None:
    """What is known about the work, not the print, goes to who is that work now: how it was found, who cites whom."""
    ids = {"old": reference_id, "new": heir}
    if heir is not None:
        connection.execute(
            "INSERT OR IGNORE INTO found_works (reference_id, way, depth, found_with, search_id, brought_by, run_id,"
            " created_at) SELECT :new, way, depth, found_with, search_id, brought_by, run_id, created_at"
            " FROM found_works WHERE reference_id = :old",
            ids,
        )
        connection.execute("UPDATE found_works SET found_with = :new WHERE found_with = :old", ids)
        connection.execute("UPDATE OR IGNORE expansions SET reference_id = :new WHERE reference_id = :old", ids)
        for side in ("citing_id", "cited_id"):
            connection.execute(f"UPDATE OR IGNORE recorded_citations SET {side} = :new WHERE {side} = :old", ids)
    connection.execute("DELETE FROM found_works WHERE reference_id = :old", {"old": reference_id})
    connection.execute("DELETE FROM expansions WHERE reference_id = :old", {"old": reference_id})
    connection.execute("DELETE FROM recorded_citations WHERE :old IN (citing_id, cited_id)", {"old": reference_id})


def _stay(
    connection: Connection, leaving: _Leaving, heir: int, staying: Sequence[int], now: float, owner: str
) -> str | None:
    """The work goes on as `heir`, made of the records that are left. Returns the file that is not surely its copy."""
    table = leaving.work_table
    before = leaving.row if leaving.id == leaving.winner_id else row_of(connection, table, heir)
    if leaving.id == leaving.winner_id:
        _install(connection, leaving, heir, now, owner)
    else:
        detail = f"reference {leaving.id} is no longer taken for it"
        log(
            connection,
            now,
            table,
            reference_id=heir,
            source=table,
            reason="match_taken_back",
            detail=detail,
            owner=owner,
        )
    gather(connection, heir, table, [one for one in staying if one != heir], now)
    return look_after(connection, table, heir, before, now, owner)


def _install(connection: Connection, leaving: _Leaving, heir: int, now: float, owner: str) -> None:
    """The work's row, as it stands in its stage, under another id and with that one's own record."""
    table = leaving.work_table
    duplicate = connection.one(f"SELECT * FROM {DUPLICATES} WHERE id = ?", (heir,))
    record = leaving.row if duplicate is None else duplicate
    work = without_foreign_identifiers(connection, work_from_row(record), table, heir)
    free = dict.fromkeys({"claimed_by", "claimed_until"} & set(TABLES[table]))
    values = {name: leaving.row[name] for name in TABLES[table]} | free
    values |= work_to_values(work) | {"printed_url": record["printed_url"], "created_at": record["created_at"]}
    connection.execute(f"DELETE FROM {DUPLICATES} WHERE id = ?", (heir,))
    insert(connection, table, {"id": heir, **values, "stage_entered_at": now})
    source = None if duplicate is None else DUPLICATES
    detail = f"stands for the work now, as reference {leaving.id} is no longer taken for it"
    log(connection, now, table, reference_id=heir, source=source, reason="took_over", detail=detail, owner=owner)


def gather(connection: Connection, head: int, table: str, others: Sequence[int], now: float) -> None:
    """The others are merged into `head`, a row of `table`, whose record is made anew and whose names too."""
    values = {"head": head, "ids": to_json([head, *others])}
    connection.execute(
        f"UPDATE {DUPLICATES} SET merged_into = :head WHERE id <> :head AND id IN (SELECT value FROM json_each(:ids))",
        values,
    )
    connection.execute(
        "UPDATE citations SET reference_id = :head WHERE original_reference_id IN (SELECT value FROM json_each(:ids))",
        values,
    )
    changed = refill(connection, table, head)
    _note_merges(connection, head, table, others, changed, now)
    name_anew(connection, head)


def _note_merges(
    connection: Connection, head: int, table: str, others: Sequence[int], changed: dict[str, Any], now: float
) -> None:
    """Whoever was merged into the one that left is merged into `head` by the same rule; `changed` is noted once."""
    rows = connection.all(
        f"SELECT id, rule, score FROM {DUPLICATES} WHERE id IN (SELECT value FROM json_each(?))"
        " AND id NOT IN (SELECT loser_id FROM merge_log WHERE standing = 'holds') ORDER BY id",
        (to_json(list(others)),),
    )
    for row in rows:
        write_merge(connection, (row["id"], DUPLICATES), Twin(table, head, row["rule"], row["score"]), changed, now)
        changed = {}
    if changed and others:
        write_merge(connection, (others[0], DUPLICATES), Twin(table, head, "regrouped"), changed, now, "undone")


def _send_again(connection: Connection, leaving: _Leaving, group: Sequence[int], now: float, owner: str) -> None:
    """Only the one that left held this group to the rest: stage 3 compares its work with the library once more."""
    works = leaving.members.works
    head = next((one for one in group if works[one].doi), group[0])
    others = [one for one in group if one != head]
    work = works[head]
    twin = identifier_owner(connection, work, head, (_WITH_METADATA,))
    if twin is not None and twin.id not in refused.parted_from(connection, head):
        gather(connection, twin.id, _WITH_METADATA, list(group), now)  # it waits there already, by another reference
        return
    values = work_to_values(without_foreign_identifiers(connection, work, _WITH_METADATA, head))
    named = {name: values[name] for name in IDENTIFIERS}
    detail = f"only reference {leaving.id} held it to the rest"
    move_on(connection, (DUPLICATES, _WITH_METADATA), head, named, ("sent_again", detail), now, owner)
    gather(connection, head, _WITH_METADATA, others, now)


def move_on(
    connection: Connection,
    way: tuple[str, str],
    row_id: int,
    values: dict[str, Any],
    why: tuple[str, str],
    now: float,
    owner: str,
) -> None:
    """To a stage that has its work before it; `why` (reason, detail) it came there is for the log, not for the row."""
    source, target = way
    told = {"reason": why[0], "last_error": why[1]}
    move(connection, source, target, row_id, values | told, now=now, owner=owner)
    connection.execute(f"UPDATE {target} SET reason = NULL, last_error = NULL WHERE id = ?", (row_id,))


# ── copies ───────────────────────────────────────────────────────────────────────────────────────────────


def look_after(
    connection: Connection, table: str, work_id: int, before: sqlite3.Row, now: float, owner: str
) -> str | None:
    """A work whose record was made anew: whoever works on the old one is not waited for, and a file that may be the
    copy of what left is not kept for it. Returns that file's name."""
    after = row_of(connection, table, work_id)
    if all(before[name] == after[name] for name in WAYS_TO_A_COPY):
        return None
    if "claimed_by" in TABLES[table]:
        connection.execute(f"UPDATE {table} SET claimed_by = NULL, claimed_until = NULL WHERE id = ?", (work_id,))
    if table != _DOWNLOADED or _is_its_copy(before, after):
        return None
    _withdraw_file(connection, work_id, before, now)
    file_name: str = before["file_name"]
    why = ("copy_in_doubt", f"{file_name} may be a copy of what left: it stays in pdfs/")
    move_on(connection, (table, QUEUE), work_id, {}, why, now, owner)
    return file_name


def _is_its_copy(before: sqlite3.Row, after: sqlite3.Row) -> bool:
    """Found by an identifier that is still the work's, and not at an address that only the one that left named."""
    named = ("doi",) if before["doi"] else ("arxiv", "pmid", "pmcid")
    lost = _addresses(before) - _addresses(after)
    return all(before[name] == after[name] for name in named) and lost.isdisjoint(
        {before["file_url"], before["file_final_url"]}
    )


def _addresses(row: sqlite3.Row) -> set[str]:
    named = {one.get(key) for one in json.loads(row["locations"]) for key in ("pdf_url", "landing_url")}
    return (named | {row["printed_url"]}) - {None}


def _withdraw_file(connection: Connection, reference_id: int, row: sqlite3.Row, now: float) -> None:
    kept = {name: row[name] for name in ("file_name", "file_sha256", "title", "doi")}
    insert(connection, "withdrawn_files", {"at": now, "reference_id": reference_id, **kept})


def row_of(connection: Connection, table: str, row_id: int) -> sqlite3.Row:
    row = connection.one(f"SELECT * FROM {table} WHERE id = ?", (row_id,))
    if row is None:
        raise LookupError(f"reference {row_id} is not in {table}")
    return row


def name_anew(connection: Connection, reference_id: int) -> None:
    """The aliases that the work's own record, its duplicates' and its printed strings give it."""
    connection.execute("DELETE FROM work_aliases WHERE reference_id = ?", (reference_id,))
    records = connection.all("SELECT * FROM works WHERE id = ?", (reference_id,))
    names = ", ".join(RECORD)
    records += connection.all(f"SELECT DISTINCT {names} FROM {DUPLICATES} WHERE merged_into = ?", (reference_id,))
    for record in records:
        add_aliases(connection, reference_id, aliases_of_work(work_from_row(record)))
    for row in connection.all(
        "SELECT raw, fields ->> 'title' AS title FROM citations WHERE reference_id = ?", (reference_id,)
    ):
        add_aliases(connection, reference_id, aliases_of_print(row["raw"], row["title"]))
