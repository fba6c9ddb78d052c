"""Works that come in with others: whose relations are looked for, what was found, and who cites whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dl_lit.model import Stage, Work
from dl_lit.relations import Direction, Expansion, ExpansionReason, ExpansionRow, Reach
from dl_lit.store.columns import insert, to_json, work_to_values
from dl_lit.store.connection import Connection
from dl_lit.store.known import IDENTIFIERS, PAST_QUEUEING, add_aliases, aliases_of_work
from dl_lit.store.merging import identifier_owner
from dl_lit.store.moves import held, log
from dl_lit.store.outcomes import validated

_TABLE = str(Stage.EXPANSION)
_WITH_METADATA = str(Stage.QUEUEING)

# Works that can be asked about, with their steps from a PDF. The user's filters say of what copies are wanted: an old
# work may still lead to new ones.
_SEEDS = " UNION ALL ".join(
    "SELECT id, title, doi, openalex_id,"
    f" CASE WHEN EXISTS (SELECT 1 FROM citations WHERE reference_id = {table}.id) THEN 0"
    f" ELSE (SELECT depth FROM found_works WHERE reference_id = {table}.id) END AS depth FROM {table}"
    " WHERE id IN (SELECT value FROM json_each(:ids)) AND coalesce(doi, openalex_id) IS NOT NULL"
    for table in PAST_QUEUEING
)
_NEARER = "excluded.depth < depth OR (excluded.most > most AND named > most)"

# What was found, step by step, from what some PDFs cite.
_REACHED = (
    "WITH RECURSIVE reached (id) AS (SELECT reference_id FROM citations"
    " WHERE source_pdf_id IN (SELECT value FROM json_each(:pdfs))"
    " UNION SELECT cited_id FROM reached JOIN recorded_citations ON citing_id = reached.id"
    " JOIN found_works ON reference_id = cited_id"
    " UNION SELECT citing_id FROM reached JOIN recorded_citations ON cited_id = reached.id"
    " JOIN found_works ON reference_id = citing_id)"
)


def resume(connection: Connection, run_id: int, pdf_ids: Collection[int], reach: Reach, now: float) -> None:
    """What earlier runs found from these PDFs is this run's too; of all that, the relations are to be looked for."""
    pdfs = {"pdfs": to_json(list(pdf_ids))}
    ids = [row["id"] for row in connection.all(f"{_REACHED} SELECT id FROM reached", pdfs)]
    connection.execute(
        "UPDATE found_works SET run_id = :run WHERE reference_id IN (SELECT value FROM json_each(:ids))",
        {"run": run_id, "ids": to_json(ids)},
    )
    seed(connection, run_id, ids, reach, now)


def seed(connection: Connection, run_id: int, ids: Collection[int], reach: Reach, now: float) -> None:
    """Note those of `ids` that are accepted works near enough to a PDF as works to expand; a known one stays known."""
    for direction in Direction:
        if not reach.steps(direction):
            continue
        connection.execute(
            "INSERT INTO expansions (reference_id, direction, depth, most, run_id, title, doi, openalex_id, created_at,"
            " stage_entered_at) SELECT id, :direction, depth, :most, :run, title, doi, openalex_id, :now, :now"
            f" FROM ({_SEEDS}) WHERE depth < :steps"
            " ON CONFLICT (reference_id, direction) DO UPDATE SET run_id = excluded.run_id, doi = excluded.doi,"
            f" openalex_id = excluded.openalex_id, finished_at = CASE WHEN {_NEARER} THEN NULL ELSE finished_at END,"
            " depth = min(depth, excluded.depth), most = max(most, excluded.most)",
            {
                "ids": to_json(list(ids)),
                "direction": direction,
                "steps": reach.steps(direction),
                "most": reach.most_related,
                "run": run_id,
                "now": now,
            },
        )


def brought(connection: Connection, run_id: int) -> int:
    """How many works this run has brought in with others."""
    count: int = connection.value(
        "SELECT count(*) FROM found_works WHERE brought_by = ? AND way <> 'search'", (run_id,)
    )
    return count


def finish(
    connection: Connection, claimed: ExpansionRow, owner: str, outcome: Expansion, run_id: int, reach: Reach, now: float
) -> ExpansionReason | None:
    """Take in what was found. Returns RUN_IS_FULL when not all found room in this run: then the row stays open."""
    row = held(connection, Stage.EXPANSION, claimed.id, owner)
    taking = _Taking(
        connection, claimed, outcome.source, run_id, now, reach.most_expanded - brought(connection, run_id)
    )
    taking.take(outcome.works, row["most"])
    seed(connection, run_id, taking.related, reach, now)
    reason = ExpansionReason.RUN_IS_FULL if taking.left_out else outcome.reason
    connection.execute(
        "UPDATE expansions SET named = :named, brought = brought + :new, reason = :reason, last_error = :detail,"
        " attempts = attempts + 1, finished_at = :finished, claimed_by = NULL, claimed_until = NULL WHERE id = :id",
        {
            "named": len(outcome.works),
            "new": taking.new,
            "reason": reason,
            "detail": outcome.detail,
            "finished": None if taking.left_out else now,
            "id": claimed.id,
        },
    )
    told = f"{len(outcome.works)} {_WORDS[claimed.direction]}, {taking.new} of them new here"
    log(
        connection,
        now,
        _TABLE,
        reference_id=claimed.reference_id,
        source=_TABLE,
        reason=reason or claimed.direction,
        detail=outcome.detail or told,
        owner=owner,
    )
    return reason


_WORDS = {Direction.REFERENCES: "works cited by it", Direction.CITATIONS: "works that cite it"}


class _Taking:
    """Takes in the works of one expansion; lives as long as its transaction."""

    def __init__(
        self, connection: Connection, row: ExpansionRow, source: str, run_id: int, now: float, room: int
    ) -> None:
        self.new = 0
        self.left_out = False
        self.related: list[int] = []
        self._connection = connection
        self._row = row
        self._source = source
        self._run_id = run_id
        self._now = now
        self._room = room

    def take(self, works: Sequence[Work], most: int) -> None:
        """The first `most` come in; of the others only those that the library has are noted as related."""
        for place, work in enumerate(map(validated, works)):
            known = known_as(self._connection, work)
            if known is None and place < most:
                known = self._bring_in(work)
            if known is not None and known != self._row.reference_id:
                self._relate(known)

    def _bring_in(self, work: Work) -> int | None:
        if self._room <= self.new:
            self.left_out = True
            return None
        self.new += 1
        detail = f"{_CAME_AS[self._row.direction]} reference {self._row.reference_id}"
        reference_id = add_work(self._connection, work, reason=self._row.direction, detail=detail, now=self._now)
        values = {
            "reference_id": reference_id,
            "way": self._row.direction,
            "depth": self._row.depth + 1,
            "found_with": self._row.reference_id,
            "brought_by": self._run_id,
            "run_id": self._run_id,
            "created_at": self._now,
        }
        insert(self._connection, "found_works", values)
        return reference_id

    def _relate(self, other: int) -> None:
        ids = (self._row.reference_id, other)
        citing, cited = ids if self._row.direction is Direction.REFERENCES else ids[::-1]
        self._connection.execute(
            "INSERT OR IGNORE INTO recorded_citations (citing_id, cited_id, source, created_at) VALUES (?, ?, ?, ?)",
            (citing, cited, self._source, self._now),
        )
        self._connection.execute(
            "UPDATE found_works SET run_id = ?, depth = min(depth, ?) WHERE reference_id = ?",
            (self._run_id, self._row.depth + 1, other),
        )
        self.related.append(other)


_CAME_AS = {Direction.REFERENCES: "cited by", Direction.CITATIONS: "cites"}


def known_as(connection: Connection, work: Work) -> int | None:
    """The reference that has an identifier of `work`; another DOI makes it another work."""
    for kind in IDENTIFIERS:
        value = getattr(work, kind)
        if value is None:
            continue
        rows = connection.all("SELECT reference_id FROM work_aliases WHERE kind = ? AND value = ?", (kind, value))
        for row in rows:
            if kind in ("doi", "openalex_id") or not _has_other_doi(connection, row["reference_id"], work):
                found: int = row["reference_id"]
                return found
    twin = identifier_owner(connection, work, 0, (_WITH_METADATA, *PAST_QUEUEING))
    return twin.id if twin else None


def _has_other_doi(connection: Connection, reference_id: int, work: Work) -> bool:
    doi = connection.value("SELECT doi FROM works WHERE id = ?", (reference_id,))
    return doi is not None and work.doi is not None and doi != work.doi


def add_work(connection: Connection, work: Work, *, reason: str, detail: str, now: float) -> int:
    """A work that nobody printed, before stage 3; returns its id for life."""
    reference_id = insert(connection, "reference_ids", {"created_at": now})
    values = {"id": reference_id, **work_to_values(work), "created_at": now, "stage_entered_at": now}
    insert(connection, _WITH_METADATA, values)
    add_aliases(connection, reference_id, aliases_of_work(work))
    log(connection, now, _WITH_METADATA, reference_id=reference_id, reason=reason, detail=detail)
    return reference_id
