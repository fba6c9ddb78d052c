"""All that a report tells of a library, gathered at one moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dl_lit.exporting.selection import VERIFIED, State
from dl_lit.library import Library
from dl_lit.report.entries import entries
from dl_lit.report.figures import Figure, figures
from dl_lit.report.links import Files
from dl_lit.report.lists import pdf_pages
from dl_lit.report.timeline import Timeline, timeline
from dl_lit.report.words import LOOKS, Look, safe
from dl_lit.store import reported
from dl_lit.store.connection import Connection
from dl_lit.store.records import LibraryCounts, ReasonCount, RunRecord
from dl_lit.store.store import Store
from dl_lit.ui.outages import in_words
from dl_lit.ui.wording import STAGE_NAMES, explain

_RUNS = 20


@dataclass(frozen=True, slots=True)
class Missing:
    """So many rows of a stage came to no good end for a reason; `reason` finds them in the table of works."""

    count: int
    stage: str
    reason: str
    meaning: str
    is_of_works: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    count: int
    stages: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many references stand so."""

    state: str
    look: Look
    count: int
    share: float  # of all


@dataclass(frozen=True, slots=True)
class Facts:
    """`entries` and `pdfs` go into the page as data, what else is there as text."""

    name: str
    counts: LibraryCounts
    entries: Sequence[Mapping[str, Any]]
    pdfs: Sequence[Mapping[str, Any]]
    works: int
    shared: int  # works that several PDFs cite
    prints: Sequence[Outcome]
    outcomes: Sequence[Outcome]
    missing: Sequence[Missing]
    waiting: Sequence[Waiting]
    figures: Sequence[Figure]
    timeline: Timeline | None
    runs: Sequence[RunRecord]


def gathered(store: Store, library: Library, files: Files) -> Facts:
    """At one moment, so that a run that goes on meanwhile cannot make the parts differ."""
    with store.database.snapshot() as connection:
        return _gathered(store, connection, library, files)


def _gathered(store: Store, connection: Connection, library: Library, files: Files) -> Facts:
    citations = reported.citations(connection)
    works = entries(store, citations, reported.standings(connection), files, library.pdfs)
    states = {one["id"]: one["state"] for one in works}
    hosts = reported.hosts(connection)
    return Facts(
        name=safe(library.folder.name) or "library",
        counts=store.counts(),
        entries=works,
        pdfs=pdf_pages(reported.source_pdfs(connection), citations, reported.verdicts(connection), states, files),
        works=sum(1 for one in works if one["state"] in VERIFIED),
        shared=sum(1 for one in works if len(one.get("cited_by", ())) > 1),
        prints=_outcomes(Counter(states.get(one.reference_id, State.UNTRIED.value) for one in citations)),
        outcomes=_outcomes(Counter(states.values())),
        missing=[_missing(one) for one in store.failure_reasons()],
        waiting=[
            Waiting(one.rows.total(), one.stages, safe(text) or "") for one, text in in_words(store.waiting_rows())
        ],
        figures=figures(works, hosts),
        timeline=timeline(connection, hosts),
        runs=store.runs(_RUNS),
    )


def _outcomes(counted: Mapping[str, int]) -> list[Outcome]:
    whole = sum(counted.values()) or 1
    return [
        Outcome(state.value, look, counted[state.value], counted[state.value] / whole)
        for state, look in LOOKS.items()
        if counted.get(state.value)
    ]


def _missing(one: ReasonCount) -> Missing:
    name = STAGE_NAMES[one.stage]
    return Missing(
        one.count, name, one.reason, explain(one.stage, one.reason), name not in ("read PDFs", "find related")
    )
