"""What a report of a whole library reads at once: citations with their verdicts, hosts, and steps over time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from dl_lit.identity.names import inverted
from dl_lit.model import Decision, Stage
from dl_lit.store.columns import TABLES, people_from_json, to_json
from dl_lit.store.connection import Connection
from dl_lit.store.moves import PERSON

# Where a reference may stand for good or for now; twins stand where the one does that they were merged into.
_STANDING = tuple(table for table in TABLES if table != "duplicate_references")


@dataclass(frozen=True, slots=True)
class SourcePdf:
    """A PDF that was handed in; `state` is waiting, done or failed."""

    id: int
    path: str
    state: str
    reason: str | None
    detail: str | None
    title: str | None
    authors: tuple[str, ...]
    year: int | None
    doi: str | None
    pages: int | None


@dataclass(frozen=True, slots=True)
class Citation:
    """A printed reference; `original_id` is its own id where it was merged into `reference_id`."""

    pdf_id: int
    position: int
    page: int | None
    label: str | None
    raw: str
    reference_id: int
    original_id: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a reference is now, and why."""

    table: str
    reason: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The best candidate of the latest verdict on a printed reference: the accepted one, else the likeliest."""

    service: str
    query: str
    score: float
    decision: Decision
    agreed: tuple[str, ...]
    disagreed: tuple[str, ...]
    vetoes: tuple[str, ...]
    title: str | None


@dataclass(frozen=True, slots=True)
class Host:
    """What tries at one host came to, and how long they took."""

    name: str
    copies: int
    failed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Span:
    """The time of a run. `run_id` is None where no run is kept: then it is that of all steps."""

    run_id: int | None
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Steps:
    """So many rows went from one table to another in a part of a span; `part` -1 is all that came before."""

    part: int
    source: str | None
    target: str
    count: int


@dataclass(frozen=True, slots=True)
class Delay:
    """How often rows of a stage were put off, and why."""

    stage: Stage
    reason: str
    detail: str | None
    count: int


def source_pdfs(connection: Connection) -> list[SourcePdf]:
    rows = connection.all("SELECT * FROM source_pdfs ORDER BY id")
    return [
        SourcePdf(
            **{name: row[name] for name in ("id", "path", "state", "reason", "title", "year", "doi", "pages")},
            detail=row["last_error"],
            authors=tuple(map(inverted, people_from_json(row["authors"] or "[]"))),
        )
        for row in rows
    ]


def citations(connection: Connection) -> list[Citation]:
    """In the order of PDFs, and in each as printed."""
    rows = connection.all(
        "SELECT source_pdf_id, position, page, label, raw, reference_id, original_reference_id FROM citations"
        " ORDER BY source_pdf_id, position, id"
    )
    return [Citation(*row) for row in rows]


def standings(connection: Connection) -> dict[int, Standing]:
    parts = (f"SELECT id, '{table}' AS stands_in, reason, last_error FROM {table}" for table in _STANDING)
    rows = connection.all(" UNION ALL ".join(parts))
    return {row["id"]: Standing(row["stands_in"], row["reason"], row["last_error"]) for row in rows}


def verdicts(connection: Connection) -> dict[int, Verdict]:
    """By the id that the reference had when it was judged."""
    rows = connection.all(
        "SELECT * FROM (SELECT reference_id, service, query, score, decision, agreed, disagreed, vetoes,"
        " candidate_title, row_number() OVER (PARTITION BY reference_id"
        " ORDER BY decision = 'accepted' DESC, score DESC, rank, id) AS place FROM match_evidence) WHERE place = 1"
    )
    return {row["reference_id"]: _verdict(row) for row in rows}


def _verdict(row: sqlite3.Row) -> Verdict:
    return Verdict(
        service=row["service"],
        query=row["query"],
        score=row["score"],
        decision=Decision(row["decision"]),
        agreed=tuple(json.loads(row["agreed"])),
        disagreed=tuple(json.loads(row["disagreed"])),
        vetoes=tuple(json.loads(row["vetoes"])),
        title=row["candidate_title"],
    )


def hosts(connection: Connection) -> list[Host]:
    """Most tries first."""
    rows = connection.all(
        "SELECT host, sum(outcome = 'success') AS copies, sum(outcome <> 'success') AS failed,"
        " sum(milliseconds) / 1000.0 AS seconds FROM download_attempts WHERE host <> ''"
        " GROUP BY host ORDER BY count(*) DESC, host"
    )
    return [Host(*row) for row in rows]


def latest_span(connection: Connection) -> Span | None:
    """Of the latest run that a row went on in, or after; None where no step is kept."""
    last = connection.value("SELECT max(at) FROM state_log WHERE from_table IS NOT NULL AND owner IS NOT ?", (PERSON,))
    row = connection.one(
        "SELECT id, started_at, coalesce(finished_at, heartbeat_at) AS ended_at FROM pipeline_runs"
        " WHERE started_at <= ? ORDER BY id DESC LIMIT 1",
        (last,),
    )
    if row is not None:
        return Span(row["id"], row["started_at"], row["ended_at"])
    first, last = next(iter(connection.all("SELECT min(at), max(at) FROM state_log")))
    return None if first is None else Span(None, first, last)


def steps(connection: Connection, span: Span, parts: int) -> list[Steps]:
    """What went on, by equal parts of the span. PDFs stay in their table; they go from it to `done`."""
    width = max(span.end - span.start, 1e-6) / parts
    part = "CASE WHEN at < :start THEN -1 ELSE min(:last, CAST((at - :start) / :width AS INTEGER)) END"
    rows = connection.all(
        f"SELECT {part} AS part, source, target, count(*) FROM ("
        "SELECT at, from_table AS source, to_table AS target FROM state_log"
        " WHERE from_table IS NOT to_table AND to_table <> :pdfs"
        " UNION ALL SELECT created_at, NULL, :pdfs FROM source_pdfs"
        " UNION ALL SELECT finished_at, :pdfs, 'done' FROM source_pdfs WHERE finished_at IS NOT NULL"
        ") WHERE at <= :end GROUP BY 1, 2, 3",
        {
            "start": span.start,
            "end": span.end,
            "width": width,
            "last": parts - 1,
            "pdfs": str(Stage.EXTRACTION),
        },
    )
    return [Steps(*row) for row in rows]


def delays(connection: Connection, span: Span, reasons: Collection[str]) -> list[Delay]:
    """The most frequent first."""
    rows = connection.all(
        "SELECT to_table, reason, detail, count(*) AS times FROM state_log WHERE from_table = to_table"
        " AND at BETWEEN ? AND ? AND reason IN (SELECT value FROM json_each(?))"
        " AND to_table IN (SELECT value FROM json_each(?)) GROUP BY 1, 2, 3 ORDER BY times DESC, 1, 2, 3",
        (span.start, span.end, to_json(sorted(reasons)), to_json([str(stage) for stage in Stage])),
    )
    return [Delay(Stage(row["to_table"]), row["reason"], row["detail"], row["times"]) for row in rows]
