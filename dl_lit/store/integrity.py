"""Looking over a whole library for what must never be, whatever was killed when."""

from __future__ import annotations

from dl_lit.store.columns import TABLES
from dl_lit.store.connection import Connection

_EVERYWHERE = " UNION ALL ".join(f"SELECT '{table}' AS place, id FROM {table}" for table in TABLES)

# Each gives rows (id, what); the text says what such a row means.
_MUST_BE_EMPTY = {
    "reference {} is in no table": f"SELECT id, '' FROM reference_ids WHERE id NOT IN (SELECT id FROM ({_EVERYWHERE}))",
    "reference {} is in several tables: {}": (
        f"SELECT id, group_concat(place, ', ') FROM ({_EVERYWHERE}) GROUP BY id HAVING count(*) > 1"
    ),
    "a citation points to reference {}, which was merged into {}": (
        "SELECT reference_id, merged_into FROM citations JOIN duplicate_references AS d ON d.id = reference_id"
    ),
    "citation {} is counted for reference {}, which is not what it was read as": (
        "SELECT c.id, c.reference_id FROM citations AS c"
        " LEFT JOIN duplicate_references AS d ON d.id = original_reference_id"
        " WHERE c.reference_id <> coalesce(merged_into, original_reference_id)"
    ),
    "reference {} has names of a work, and is none": (
        "SELECT DISTINCT reference_id, '' FROM work_aliases WHERE reference_id NOT IN (SELECT id FROM works)"
    ),
    "the merge of reference {} into {} is said to hold, and they are two works": (
        "SELECT loser_id, winner_id FROM merge_log LEFT JOIN duplicate_references AS l ON l.id = loser_id"
        " LEFT JOIN duplicate_references AS w ON w.id = winner_id WHERE standing = 'holds'"
        " AND coalesce(l.merged_into, loser_id) <> coalesce(w.merged_into, winner_id)"
    ),
    "reference {} was merged into {}, which is no work of the library": (
        "SELECT id, merged_into FROM duplicate_references WHERE merged_into NOT IN (SELECT id FROM works)"
    ),
    "reference {} is logged to be in {}, where it is not": (
        "SELECT reference_id, to_table FROM state_log"
        " WHERE id IN (SELECT max(id) FROM state_log WHERE reference_id IS NOT NULL AND to_table <> 'expansions'"
        " GROUP BY reference_id)"
        f" AND (to_table, reference_id) NOT IN (SELECT place, id FROM ({_EVERYWHERE}))"
    ),
    "PDF {} has {} references less in the library than were read from it": (
        "SELECT id, reference_count - (SELECT count(*) FROM citations WHERE source_pdf_id = p.id) AS missing"
        " FROM source_pdfs AS p WHERE state = 'done' AND missing <> 0"
    ),
}


def problems(connection: Connection) -> list[str]:
    """One line for each thing that is wrong; empty when all is well."""
    found = [f"the file is damaged: {row[0]}" for row in connection.all("PRAGMA quick_check") if row[0] != "ok"]
    found += [f"a row of {row[0]} points nowhere in {row[2]}" for row in connection.all("PRAGMA foreign_key_check")]
    for text, sql in _MUST_BE_EMPTY.items():
        found += [text.format(*row) for row in connection.all(sql)]
    return found
