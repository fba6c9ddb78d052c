"""What a person has said no to, and what must therefore not happen by itself again: matches and merges."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from dl_lit.model import Decision, Refusals, Work
from dl_lit.refusals import REFUSED, is_refused, names_of
from dl_lit.store.columns import to_json, work_from_json
from dl_lit.store.connection import Connection

_GROUP = (
    "SELECT :id AS id UNION SELECT merged_into FROM duplicate_references WHERE id = :id"
    " UNION SELECT id FROM duplicate_references WHERE merged_into = :id"
)

# ── matches ──────────────────────────────────────────────────────────────────────────────────────────────


def of(connection: Connection, reference_id: int) -> Refusals:
    """The names of the works that a person has refused for a reference."""
    return of_all(connection, [reference_id]).get(reference_id, frozenset())


def of_all(connection: Connection, ids: Collection[int]) -> dict[int, Refusals]:
    """The same for many references; those without a refusal are left out."""
    rows = connection.all(
        "SELECT reference_id, kind, value FROM refused_matches WHERE reference_id IN (SELECT value FROM json_each(?))",
        (to_json(list(ids)),),
    )
    found: dict[int, set[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault(row["reference_id"], set()).add((row["kind"], row["value"]))
    return {reference_id: frozenset(names) for reference_id, names in found.items()}


def of_group(connection: Connection, reference_id: int) -> Refusals:
    """The names of the works that a person has refused for a reference or for any that is merged with it."""
    rows = connection.all(
        f"SELECT kind, value FROM refused_matches WHERE reference_id IN ({_GROUP})", {"id": reference_id}
    )
    return frozenset((row["kind"], row["value"]) for row in rows)


def refuse(connection: Connection, reference_id: int, works: Iterable[Work], now: float) -> None:
    """Remember that none of these is the reference's work, and let its evidence say so."""
    names = dict.fromkeys(name for work in works for name in names_of(work))
    connection.executemany(
        "INSERT OR IGNORE INTO refused_matches (reference_id, kind, value, created_at) VALUES (?, ?, ?, ?)",
        [(reference_id, kind, value, now) for kind, value in names],
    )
    _rewrite_evidence(connection, reference_id)


def allow(connection: Connection, reference_id: int, work: Work) -> None:
    """A person has changed their mind about this work."""
    connection.executemany(
        "DELETE FROM refused_matches WHERE reference_id = ? AND kind = ? AND value = ?",
        [(reference_id, kind, value) for kind, value in names_of(work)],
    )
    _rewrite_evidence(connection, reference_id)


def _rewrite_evidence(connection: Connection, reference_id: int) -> None:
    refused = of(connection, reference_id)
    rows = connection.all(
        "SELECT id, candidate, decision, vetoes FROM match_evidence WHERE reference_id = ?", (reference_id,)
    )
    for row in rows:
        vetoes = [one for one in json.loads(row["vetoes"]) if one != REFUSED]
        decision = row["decision"]
        if is_refused(work_from_json(row["candidate"]), refused):
            vetoes, decision = [*vetoes, REFUSED], Decision.REJECTED
        connection.execute(
            "UPDATE match_evidence SET vetoes = ?, decision = ? WHERE id = ?", (to_json(vetoes), decision, row["id"])
        )


# ── merges ───────────────────────────────────────────────────────────────────────────────────────────────


def part(connection: Connection, reference_id: int, others: Collection[int], now: float) -> None:
    """Remember that a reference is not one work with any of the others."""
    connection.executemany(
        "INSERT OR IGNORE INTO parted_references (one_id, other_id, created_at) VALUES (?, ?, ?)",
        [(*sorted((reference_id, other)), now) for other in others if other != reference_id],
    )


def parted_from(connection: Connection, reference_id: int) -> set[int]:
    """All that a person has parted from the reference or what is merged with it, and what those are merged into."""
    if not connection.value("SELECT EXISTS (SELECT 1 FROM parted_references)"):
        return set()
    rows = connection.all(
        f"WITH own AS ({_GROUP}), other AS (SELECT other_id AS id FROM parted_references WHERE one_id IN own"
        " UNION SELECT one_id FROM parted_references WHERE other_id IN own)"
        " SELECT id FROM other UNION SELECT merged_into FROM duplicate_references WHERE id IN other",
        {"id": reference_id},
    )
    return {row["id"] for row in rows}


def join(connection: Connection, reference_id: int, other: int) -> None:
    """A person has said since that the two are one work: what parts them, or what is merged with them, is forgotten."""
    groups = [to_json([row["id"] for row in connection.all(_GROUP, {"id": one})]) for one in (reference_id, other)]
    for one, two in (groups, groups[::-1]):
        connection.execute(
            "DELETE FROM parted_references WHERE one_id IN (SELECT value FROM json_each(?))"
            " AND other_id IN (SELECT value FROM json_each(?))",
            (one, two),
        )
