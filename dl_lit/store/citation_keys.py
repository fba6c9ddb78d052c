"""The names under which works were given out, which stay theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dl_lit.store.connection import Connection

# A merged reference's name goes to its work, which is named by its own first.
_NAMES = """
    SELECT coalesce(merged.merged_into, reference_id) AS id, citation_key
      FROM citation_keys LEFT JOIN duplicate_references AS merged ON merged.id = reference_id
     ORDER BY merged.id IS NOT NULL, reference_id
"""


@dataclass(frozen=True, slots=True)
class GivenKeys:
    """`by_id` of works as they are now; `all` no other work may have, even where they name none any more."""

    by_id: Mapping[int, str] = field(default_factory=dict)
    all: frozenset[str] = frozenset()


def given(connection: Connection) -> GivenKeys:
    rows = connection.all(_NAMES)
    by_id: dict[int, str] = {}
    for row in rows:
        by_id.setdefault(row["id"], row["citation_key"])
    return GivenKeys(by_id, frozenset(row["citation_key"] for row in rows))


def keep(connection: Connection, keys: Mapping[int, str]) -> None:
    """Of those that have none yet. A name that another was given meanwhile stays that one's."""
    for reference_id, key in keys.items():
        connection.execute("INSERT OR IGNORE INTO citation_keys VALUES (?, ?)", (reference_id, key))
