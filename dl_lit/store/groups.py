"""References that were merged: what holds them together, and what falls apart when one of them leaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dl_lit.model import Work
from dl_lit.store.columns import to_json, work_from_row
from dl_lit.store.connection import Connection
from dl_lit.store.known import IDENTIFIERS
from dl_lit.store.merging import own_record

Groups = list[list[int]]


@dataclass(frozen=True, slots=True)
class Members:
    """All references to one work, each with its own record as it was accepted; `winner_id` is the one that stays."""

    winner_id: int
    works: Mapping[int, Work]

    @classmethod
    def of(cls, connection: Connection, winner_id: int) -> Members:
        rows = connection.all("SELECT * FROM duplicate_references WHERE merged_into = ?", (winner_id,))
        works = {row["id"]: work_from_row(row) for row in rows}
        return cls(winner_id, {winner_id: work_from_row(own_record(connection, winner_id)), **works})

    def without(self, connection: Connection, leaving: int) -> Groups:
        """The others, in groups that still hold together: by a merge of two of them, or by an identifier."""
        left = {one: work for one, work in self.works.items() if one != leaving}
        pairs = [*_merges(connection, list(left)), *_shared_identifiers(left)]
        return _connected(sorted(left), pairs)

    def shares_record(self, reference_id: int, beside: Collection[int]) -> bool:
        """Whether a reference was taken for the very record of any other, those in `beside` left out."""
        own = self.works[reference_id]
        return any(_is_one_record(own, work) for one, work in self.works.items() if one not in beside)


def _is_one_record(a: Work, b: Work) -> bool:
    """By their DOI or, without any, by another identifier; a preprint's may stand in the record of the article too."""
    if a.doi or b.doi:
        return a.doi == b.doi
    return any(getattr(a, kind) and getattr(a, kind) == getattr(b, kind) for kind in IDENTIFIERS)


def merged_through(connection: Connection, reference_id: int) -> list[int]:
    """The reference and all that came into its present work by way of it."""
    rows = connection.all(
        "WITH RECURSIVE through (id) AS (SELECT :id UNION"
        " SELECT loser_id FROM merge_log JOIN through ON winner_id = through.id WHERE standing = 'holds')"
        " SELECT id FROM through",
        {"id": reference_id},
    )
    return [row["id"] for row in rows]


def _merges(connection: Connection, ids: Sequence[int]) -> list[tuple[int, int]]:
    rows = connection.all(
        "SELECT loser_id, winner_id FROM merge_log WHERE standing = 'holds'"
        " AND loser_id IN (SELECT value FROM json_each(:ids)) AND winner_id IN (SELECT value FROM json_each(:ids))",
        {"ids": to_json(list(ids))},
    )
    return [(row["loser_id"], row["winner_id"]) for row in rows]


def _shared_identifiers(works: Mapping[int, Work]) -> Iterable[tuple[int, int]]:
    """A DOI decides alone: another one makes another work, whatever else two have in common."""
    holders: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for one, work in works.items():
        for kind in IDENTIFIERS:
            if value := getattr(work, kind):
                holders[kind, value].append(one)
    for (kind, _), ids in holders.items():
        first = ids[0]
        for other in ids[1:]:
            dois = {works[first].doi, works[other].doi} - {None}
            if kind == "doi" or len(dois) < 2:
                yield first, other


def _connected(ids: Sequence[int], pairs: Iterable[tuple[int, int]]) -> Groups:
    near: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    groups: Groups = []
    seen: set[int] = set()
    for start in ids:
        if start in seen:
            continue
        group, waiting = [], [start]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                group.append(one)
                waiting += near[one]
        groups.append(sorted(group))
    return groups
