"""The whole story of one reference, for `why`: what was printed, what was asked, found, tried, merged, and when."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dl_lit.identity import arxiv, doi, pubmed, titles
from dl_lit.model import Attempt, Decision, Evidence, KeptFile, Reference, Stage, Work
from dl_lit.refusals import names_of
from dl_lit.store import attempts, stats
from dl_lit.store.columns import (
    TABLES,
    WORK,
    file_from_row,
    reference_from_citation,
    reference_from_row,
    work_from_json,
    work_from_row,
)
from dl_lit.store.connection import Connection
from dl_lit.store.moves import UNVERIFIED
from dl_lit.store.records import Event

MOST_MEANT = 50  # references that a word may mean; more are no answer to a person's question


@dataclass(frozen=True, slots=True)
class Printed:
    """Where a PDF prints the reference."""

    pdf: str
    position: int
    page: int | None
    label: str | None
    raw: str
    original_id: int  # the reference's own id; another one when it was merged


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate of the latest verdict; `id` names it in `review accept`."""

    id: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Merge:
    """One line of the merge log."""

    id: int
    at: float
    loser_id: int
    winner_id: int
    rule: str
    score: float
    changed: tuple[str, ...]  # the fields of the one that stays that changed
    standing: str = "holds"  # else it was undone since (schema.sql at merge_log)
    title: str | None = None  # of the one that went, while it is merged


@dataclass(frozen=True, slots=True)
class Origin:
    """How a work came in that no PDF brought: `way` is references (a work cites it), citations (it cites a work) or
    search; `depth` its steps from a PDF; `found_with` that work, `query` what was searched for."""

    way: str
    depth: int
    found_with: int | None
    title: str | None
    search_id: int | None
    query: str | None


@dataclass(frozen=True, slots=True)
class Relation:
    """Another work of the library that the work `cites`, or else is cited by, as a service says."""

    cites: bool
    id: int
    title: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Story:
    """`table` is where the reference is; `work` is None as long as no match is accepted, `reference` what was read of
    the print, None where no PDF prints it. `refused` are works that a person has refused for it (DOI, else title),
    `parted` references that a person has parted from it, `withdrawn` files in pdfs/ that are no longer its copy."""

    id: int
    table: str
    reason: str | None
    detail: str | None
    next_attempt_at: float | None
    is_named: bool  # that time was named by a service or host, so that no run tries before
    merged_into: int | None
    reference: Reference | None
    work: Work | None
    file: KeptFile | None
    printed: tuple[Printed, ...]
    candidates: tuple[Judged, ...]
    attempts: tuple[Attempt, ...]
    merges: tuple[Merge, ...]
    events: tuple[Event, ...]
    origin: Origin | None = None
    relations: tuple[Relation, ...] = ()
    refused: tuple[str, ...] = ()
    parted: tuple[int, ...] = ()
    withdrawn: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()  # indexes that were off and could know a copy
    url: str | None = None  # that a person can open, where a copy was looked for in vain


def meant(connection: Connection, text: str) -> list[int]:
    """The ids of the references that `text` names: an id, an identifier, a title, or words of the print."""
    for found in _ways(connection, text.strip()):
        ids = list(dict.fromkeys(found))
        if ids:
            return ids[:MOST_MEANT]
    return []


def _ways(connection: Connection, text: str) -> Iterator[Iterable[int]]:
    if text.lstrip("#").isdecimal():
        yield _column(connection, "SELECT id FROM reference_ids WHERE id = ?", int(text.lstrip("#")[:18]))
    for kind, value in _identifiers(text):
        yield _column(connection, "SELECT reference_id FROM work_aliases WHERE kind = ? AND value = ?", kind, value)
        if kind in ("doi", "arxiv", "pmid", "pmcid"):
            for table in UNVERIFIED:
                yield _column(connection, f"SELECT id FROM {table} WHERE {kind} = ?", value)
    if key := titles.key(text):
        yield _column(connection, "SELECT reference_id FROM work_aliases WHERE kind = 'title' AND value = ?", key)
    if text:
        yield _column(
            connection,
            "SELECT DISTINCT reference_id FROM citations WHERE raw LIKE ? ESCAPE '\\' ORDER BY reference_id LIMIT ?",
            f"%{_like(text)}%",
            MOST_MEANT,
        )


def _identifiers(text: str) -> Iterator[tuple[str, str]]:
    known = (
        ("doi", doi.normalise(text)),
        ("arxiv", arxiv.normalise(text)),
        ("pmcid", pubmed.pmcid(text)),
        ("openalex_id", text.rpartition("/")[2].upper()),
    )
    return ((kind, value) for kind, value in known if value)


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _column(connection: Connection, sql: str, *parameters: object) -> list[int]:
    return [row[0] for row in connection.all(sql, parameters)]


def prints_of(connection: Connection, reference_id: int) -> list[int]:
    """The printed references to the work that `reference_id` is or was merged into; itself if there is none."""
    ids = _column(
        connection,
        "SELECT original_reference_id FROM citations WHERE reference_id"
        " = coalesce((SELECT merged_into FROM duplicate_references WHERE id = :id), :id) ORDER BY id",
        reference_id,
    )
    return ids or [reference_id]


def tell(connection: Connection, reference_id: int) -> Story | None:
    """The story of a reference; None when there is none of this id."""
    table = where(connection, reference_id)
    if table is None:
        return None
    row = connection.one(f"SELECT * FROM {table} WHERE id = ?", (reference_id,))
    assert row is not None
    columns = TABLES[table]
    return Story(
        id=reference_id,
        table=table,
        reason=row["reason"],
        detail=row["last_error"],
        next_attempt_at=row["next_attempt_at"] if "next_attempt_at" in columns else None,
        is_named="wait_by" in columns and row["wait_by"] == "service",
        merged_into=row["merged_into"] if "merged_into" in columns else None,
        reference=reference_from_row(row) if "raw" in columns else _read(connection, reference_id),
        work=work_from_row(row) if set(WORK) <= set(columns) else None,
        file=file_from_row(row) if "file_name" in columns else None,
        printed=_printed(connection, reference_id),
        candidates=candidates(connection, reference_id),
        attempts=attempts.of(connection, reference_id),
        merges=_merges(connection, reference_id),
        events=tuple(stats.story(connection, reference_id)),
        origin=_origin(connection, reference_id),
        relations=_relations(connection, reference_id),
        refused=tuple(_refused(connection, reference_id)),
        parted=tuple(_column(connection, _PARTED, reference_id, reference_id)),
        withdrawn=tuple(
            row["file_name"]
            for row in connection.all("SELECT file_name FROM withdrawn_files WHERE reference_id = ?", (reference_id,))
        ),
        unasked=tuple(json.loads(row["unasked"] or "[]")) if "unasked" in columns else (),
        url=stats.addresses(connection, [row])[reference_id] if _lacks_a_copy(table, row) else None,
    )


def _lacks_a_copy(table: str, row: sqlite3.Row) -> bool:
    """Whether a copy was looked for in vain, so far or for good."""
    return table == "failed_downloads" or (table == str(Stage.DOWNLOAD) and row["next_attempt_at"] is not None)


_PARTED = (
    "SELECT other_id FROM parted_references WHERE one_id = ?"
    " UNION SELECT one_id FROM parted_references WHERE other_id = ? ORDER BY 1"
)


def _read(connection: Connection, reference_id: int) -> Reference | None:
    """What was read of the print of an accepted reference, whose own row is that of the work."""
    row = connection.one("SELECT * FROM citations WHERE original_reference_id = ? ORDER BY id", (reference_id,))
    return None if row is None else reference_from_citation(row)


def _refused(connection: Connection, reference_id: int) -> list[str]:
    """The DOIs, and the titles where no DOI was refused in the same moment."""
    rows = connection.all(
        "SELECT kind, value FROM refused_matches AS r WHERE reference_id = ? AND (kind = 'doi' OR kind = 'title'"
        " AND NOT EXISTS (SELECT 1 FROM refused_matches WHERE reference_id = r.reference_id AND kind = 'doi'"
        " AND created_at = r.created_at)) ORDER BY created_at, kind, value",
        (reference_id,),
    )
    written = _evidence_titles(connection, reference_id) if any(row["kind"] == "title" for row in rows) else {}
    return [
        row["value"] if row["kind"] == "doi" else written.get(row["value"], row["value"].rpartition(":")[0])
        for row in rows
    ]


def _evidence_titles(connection: Connection, reference_id: int) -> dict[str, str]:
    """The titles of candidates as they are written, by the form in which refusals keep them."""
    works = [one.evidence.candidate for one in candidates(connection, reference_id)]
    return {value: work.title or "" for work in works for kind, value in names_of(work) if kind == "title"}


def _origin(connection: Connection, reference_id: int) -> Origin | None:
    row = connection.one(
        "SELECT way, depth, found_with, search_id, (SELECT query FROM searches WHERE id = search_id) AS query"
        " FROM found_works WHERE reference_id = ?",
        (reference_id,),
    )
    if row is None:
        return None
    title = _title(connection, row["found_with"])
    return Origin(row["way"], row["depth"], row["found_with"], title, row["search_id"], row["query"])


def _relations(connection: Connection, reference_id: int) -> tuple[Relation, ...]:
    """What it cites first; no more than a person reads."""
    rows = connection.all(
        "SELECT citing_id = :id AS cites, iif(citing_id = :id, cited_id, citing_id) AS other,"
        " group_concat(source, ', ') AS source FROM citation_edges WHERE :id IN (citing_id, cited_id)"
        " GROUP BY 1, 2 ORDER BY 1 DESC, 2 LIMIT :most",
        {"id": reference_id, "most": MOST_MEANT},
    )
    return tuple(
        Relation(bool(row["cites"]), row["other"], _title(connection, row["other"]), row["source"]) for row in rows
    )


def _title(connection: Connection, reference_id: int | None) -> str | None:
    """Of an accepted work; a merged one has that of the work which stays."""
    now_in = "coalesce((SELECT merged_into FROM duplicate_references WHERE id = :id), :id)"
    title: str | None = connection.value(f"SELECT title FROM works WHERE id = {now_in}", {"id": reference_id})
    return title


def where(connection: Connection, reference_id: int) -> str | None:
    """The table in which the reference is now."""
    for table in TABLES:
        if connection.value(f"SELECT 1 FROM {table} WHERE id = ?", (reference_id,)):
            return table
    return None


def _printed(connection: Connection, reference_id: int) -> tuple[Printed, ...]:
    rows = connection.all(
        "SELECT path, position, page, label, raw, original_reference_id FROM citations"
        " JOIN source_pdfs ON source_pdfs.id = source_pdf_id"
        " WHERE reference_id = :id OR original_reference_id = :id ORDER BY source_pdf_id, position",
        {"id": reference_id},
    )
    return tuple(Printed(*row) for row in rows)


def candidates(connection: Connection, reference_id: int) -> tuple[Judged, ...]:
    """The best first."""
    rows = connection.all(
        "SELECT * FROM match_evidence WHERE reference_id = ? ORDER BY score DESC, rank, id", (reference_id,)
    )
    return tuple(
        Judged(
            row["id"],
            Evidence(
                service=row["service"],
                query=row["query"],
                candidate=work_from_json(row["candidate"]),
                score=row["score"],
                decision=Decision(row["decision"]),
                agreed=tuple(json.loads(row["agreed"])),
                disagreed=tuple(json.loads(row["disagreed"])),
                vetoes=tuple(json.loads(row["vetoes"])),
                rank=row["rank"],
            ),
        )
        for row in rows
    )


_MERGES = "SELECT merge_log.*, gone.title FROM merge_log LEFT JOIN duplicate_references AS gone ON gone.id = loser_id"


def _merges(connection: Connection, reference_id: int) -> tuple[Merge, ...]:
    where = " WHERE winner_id = :id OR loser_id = :id ORDER BY merge_log.id"
    rows = connection.all(_MERGES + where, {"id": reference_id})
    return tuple(map(_merge, rows))


def merges(connection: Connection, limit: int) -> list[Merge]:
    """The latest merges, newest first."""
    return [_merge(row) for row in connection.all(_MERGES + " ORDER BY merge_log.id DESC LIMIT ?", (limit,))]


def _merge(row: sqlite3.Row) -> Merge:
    names = ("id", "at", "loser_id", "winner_id", "rule", "score", "standing", "title")
    return Merge(**{name: row[name] for name in names}, changed=tuple(json.loads(row["changed"])))
