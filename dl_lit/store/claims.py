"""Who works on which row: claims with leases, their order, and what happens to the claims of the dead."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from dl_lit.model import DownloadReason, NoMetadataRow, PdfRow, Row, Silence, Stage, ToDownloadRow, WithMetadataRow
from dl_lit.processes.owners import is_dead
from dl_lit.relations import Direction, ExpansionRow
from dl_lit.store import refused
from dl_lit.store.columns import reference_from_row, to_json, work_from_row
from dl_lit.store.connection import Connection
from dl_lit.store.run_rows import READY, choose, of_run

AGEING = 8  # every so-manieth pick is the oldest row, so that a stream of newer ones cannot starve it
BACKOFF = (30.0, 300.0, 1800.0, 7200.0, 43200.0)  # seconds before the second, third, ... try
HOST_RESTS = 3600.0  # seconds, as in `net.host`

_OF_SERVICES = ", ".join(f"'{one}'" for one in Silence)


@dataclass(frozen=True, slots=True)
class Order:
    """How a stage takes its rows; the indices named are partial ones over exactly the rows that are ready."""

    first: str
    first_index: str
    oldest_index: str
    decode: Callable[[sqlite3.Row], Row]


def _pdf(row: sqlite3.Row) -> Row:
    return PdfRow(row["id"], row["path"], row["sha256"], row["attempts"])


def _no_metadata(row: sqlite3.Row) -> Row:
    return NoMetadataRow(row["id"], reference_from_row(row), row["attempts"])


def _with_metadata(row: sqlite3.Row) -> Row:
    return WithMetadataRow(row["id"], work_from_row(row), row["attempts"])


def _to_download(row: sqlite3.Row) -> Row:
    return ToDownloadRow(row["id"], work_from_row(row), row["attempts"], float(row["priority"]), row["printed_url"])


def _expansion(row: sqlite3.Row) -> Row:
    names = ("id", "reference_id", "depth", "attempts", "title", "doi", "openalex_id")
    return ExpansionRow(direction=Direction(row["direction"]), **{name: row[name] for name in names})


ORDERS = {
    Stage.EXTRACTION: Order("id DESC", "source_pdfs_ready", "source_pdfs_ready", _pdf),
    Stage.ENRICHMENT: Order("turn, id DESC", "no_metadata_ready", "no_metadata_oldest", _no_metadata),
    Stage.QUEUEING: Order("id DESC", "with_metadata_ready", "with_metadata_ready", _with_metadata),
    Stage.DOWNLOAD: Order("priority DESC, id DESC", "to_download_ready", "to_download_oldest", _to_download),
    Stage.EXPANSION: Order("depth, id", "expansions_ready", "expansions_oldest", _expansion),
}


class Picks:
    """Counts the picks of each stage, to know which of them go to the oldest row. Used within a transaction only."""

    def __init__(self) -> None:
        self._taken = dict.fromkeys(Stage, 0)

    def aged(self, stage: Stage, limit: int) -> int:
        """How many of the next `limit` picks are for the oldest rows."""
        before = self._taken[stage]
        self._taken[stage] = before + limit
        return (before + limit) // AGEING - before // AGEING


def claim(
    connection: Connection,
    stage: Stage,
    owner: str,
    limit: int,
    until: float,
    *,
    now: float,
    picks: Picks,
    exclude: Collection[int] = (),
    run_id: int | None = None,
) -> list[Row]:
    """Take up to `limit` ready rows until the lease ends at `until`; in the order in which they should be done.

    With a `run_id`, only PDFs that the run was asked to do, references that these cite, and what it found with them.
    `exclude` is what the owner has in hand: its lease may be over (the process was stopped, the machine asleep, the
    clock set), and is still good as long as nobody else takes the row.
    """
    if limit < 1:
        return []
    _free_due(connection, stage, now, exclude)
    order = ORDERS[stage]
    aged = picks.aged(stage, limit)
    ids = choose(connection, stage, order.oldest_index, "id", aged, run_id=run_id, exclude=exclude)
    first, left = (order.first_index, order.first), limit - len(ids)
    ids += choose(connection, stage, *first, left, run_id=run_id, exclude={*exclude, *ids})
    rows = [order.decode(row) for row in _take(connection, stage, owner, until, ids)]
    return _with_refusals(connection, rows) if stage is Stage.ENRICHMENT else rows


def _with_refusals(connection: Connection, rows: list[Row]) -> list[Row]:
    names = refused.of_all(connection, [row.id for row in rows])
    return [
        replace(row, refused=names[row.id]) if isinstance(row, NoMetadataRow) and row.id in names else row
        for row in rows
    ]


def _free_due(connection: Connection, stage: Stage, now: float, held: Collection[int]) -> None:
    """Make ready what waited long enough, and what a process that no longer renews its lease has left."""
    connection.execute(
        f"UPDATE {stage} SET next_attempt_at = NULL, wait_by = NULL WHERE next_attempt_at <= ? AND claimed_by IS NULL",
        (now,),
    )
    _free_expired(connection, stage, now, held)


def _free_expired(connection: Connection, stage: Stage, now: float, held: Collection[int] = ()) -> int:
    but = "AND id NOT IN (SELECT value FROM json_each(:held))" if held else ""
    expired = connection.execute(
        f"UPDATE {stage} SET claimed_by = NULL, claimed_until = NULL"
        f" WHERE claimed_by IS NOT NULL AND claimed_until < :now {but}",
        {"now": now, "held": to_json(list(held))},
    )
    return expired.rowcount


def _take(connection: Connection, stage: Stage, owner: str, until: float, ids: list[int]) -> list[sqlite3.Row]:
    """The rows, claimed, in the order of `ids`."""
    updated = connection.all(
        f"UPDATE {stage} SET claimed_by = :owner, claimed_until = :until"
        " WHERE id IN (SELECT value FROM json_each(:ids)) RETURNING *",
        {"owner": owner, "until": until, "ids": to_json(ids)},
    )
    by_id = {row["id"]: row for row in updated}
    return [by_id[row_id] for row_id in ids]


def renew(connection: Connection, stage: Stage, owner: str, ids: Iterable[int], until: float) -> set[int]:
    """Prolong; returns the ids that are still `owner`'s."""
    rows = connection.all(
        f"UPDATE {stage} SET claimed_until = :until WHERE claimed_by = :owner"
        " AND id IN (SELECT value FROM json_each(:ids)) RETURNING id",
        {"owner": owner, "until": until, "ids": to_json(list(ids))},
    )
    return {row["id"] for row in rows}


def release(connection: Connection, stage: Stage, owner: str, ids: Iterable[int] | None) -> int:
    """Give back, as if never claimed: these ids, or all that `owner` holds in this stage."""
    only = "" if ids is None else "AND id IN (SELECT value FROM json_each(:ids))"
    cursor = connection.execute(
        f"UPDATE {stage} SET claimed_by = NULL, claimed_until = NULL"
        f" WHERE claimed_by IS NOT NULL AND claimed_by = :owner {only}",
        {"owner": owner, "ids": to_json(list(ids or ()))},
    )
    return cursor.rowcount


def free_stale(connection: Connection, owner: str, now: float) -> int:
    """Free expired leases of anyone, and at once those of processes of this machine that are no more."""
    return sum(_free_expired(connection, stage, now) for stage in Stage) + free_dead(connection, owner)


def free_dead(connection: Connection, owner: str) -> int:
    """Free what processes of this machine that are no more have held; `owner` is who asks."""
    freed = 0
    for stage in Stage:
        holders = connection.all(f"SELECT DISTINCT claimed_by FROM {stage} WHERE claimed_by IS NOT NULL")
        for holder in (row["claimed_by"] for row in holders):
            if holder != owner and is_dead(holder):
                freed += release(connection, stage, holder, None)
    return freed


def postpone(
    connection: Connection,
    stage: Stage,
    row: sqlite3.Row,
    *,
    seconds: float | None,
    now: float,
    error: str | None,
    reason: str | None,
) -> float:
    """Give the row back for a later try; `seconds` None: our own back-off. Returns when it is due.

    Who refuses us is off for this run, so that a try within it would be in vain, and a host that ended rests; the next
    run tries at once.
    """
    tries = len(BACKOFF) if reason == Silence.REFUSED else row["attempts"]
    ours = HOST_RESTS if reason == DownloadReason.HOST_ENDED else BACKOFF[min(tries, len(BACKOFF) - 1)]
    wait = ours if seconds is None else max(0.0, seconds)
    connection.execute(
        f"UPDATE {stage} SET attempts = attempts + 1, next_attempt_at = :due, wait_by = :by, claimed_by = NULL,"
        " claimed_until = NULL, last_error = :error, reason = :reason WHERE id = :id",
        {
            "due": now + wait,
            "by": "backoff" if seconds is None else "service",
            "error": error,
            "reason": reason,
            "id": row["id"],
        },
    )
    return now + wait


def make_due(connection: Connection, *, anew: bool = False) -> int:
    """Let all rows be tried at once whose wait was our own back-off, not a time that a service named.

    `anew`: the services take us for somebody else than before, so that what they said then holds no more. Whom it does
    hold for, the ledger of this machine knows; what a file host said, it does not.
    """
    waits = "wait_by = 'backoff'" + (f" OR reason IN ({_OF_SERVICES})" if anew else "")
    return sum(
        connection.execute(
            f"UPDATE {stage} SET next_attempt_at = NULL, wait_by = NULL"
            f" WHERE next_attempt_at IS NOT NULL AND ({waits}) AND claimed_by IS NULL"
        ).rowcount
        for stage in Stage
    )


def backlog(
    connection: Connection,
    stage: Stage,
    now: float,
    run_id: int | None = None,
    *,
    most: int | None = None,
    of_one_pdf: int | None = None,
) -> int:
    """Rows that could be claimed now; of more than `most` it is enough to know that they are more.

    Of the references of one PDF only the first `of_one_pdf` count.
    """
    turns = f"turn <= {of_one_pdf:d}" if stage is Stage.ENRICHMENT and of_one_pdf is not None else "true"
    due: int = connection.value(
        f"SELECT count(*) FROM {stage} WHERE {of_run(stage, run_id)} AND {turns} AND next_attempt_at <= ?"
        " AND claimed_by IS NULL",
        (now,),
    )
    if most is None:
        rows = f"{stage} WHERE {of_run(stage, run_id)} AND {turns} AND {READY}"
        return due + int(connection.value(f"SELECT count(*) FROM {rows}"))
    order = ORDERS[stage]
    first = (order.first_index, order.first)
    return min(due + len(choose(connection, stage, *first, most + 1, run_id=run_id, only=turns)), most + 1)


def dois_ahead(connection: Connection, owner: str, run_id: int, most: int) -> list[str]:
    """The DOIs that are printed in what `owner` has in hand in stage 2, and in the `most` rows that it takes next."""
    order = ORDERS[Stage.ENRICHMENT]
    following = choose(connection, Stage.ENRICHMENT, order.first_index, order.first, most, run_id=run_id)
    rows = connection.all(
        "SELECT doi FROM no_metadata WHERE claimed_by = :owner AND doi IS NOT NULL UNION ALL"
        " SELECT doi FROM no_metadata WHERE id IN (SELECT value FROM json_each(:following)) AND doi IS NOT NULL",
        {"owner": owner, "following": to_json(following)},
    )
    return [row["doi"] for row in rows]
