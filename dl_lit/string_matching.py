"""Printed strings into decided matches with catalogues alone: read, search, judge, decide. No network, no database.

Only here do reading (extraction), searching (catalogue) and judging (enrichment) of strings meet.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dl_lit.catalogue.catalogue import CatalogueSet
from dl_lit.enrichment.case import with_identifiers
from dl_lit.enrichment.local import judged
from dl_lit.enrichment.matching import decide
from dl_lit.extraction.parsing import parse_reference
from dl_lit.model import Enrichment, EnrichmentReason, Evidence
from dl_lit.processes.limits import Limits

_MOST_LETTERS = 4000  # of a string; no reference is as long


def match(raw: str, catalogues: CatalogueSet) -> Enrichment:
    """The verdict on one printed string."""
    reference = with_identifiers(parse_reference(raw[:_MOST_LETTERS]))
    return decide(reference, judged(reference, catalogues.helpings(reference)))


@dataclass(frozen=True, slots=True)
class Lines:
    """Numbered lines of a file of strings, for a child process that opens the catalogues itself."""

    catalogues: tuple[Path, ...]
    lines: tuple[tuple[int, bytes], ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of one line: a line of the output, or what is wrong with it."""

    number: int
    output: str | None = None
    problem: str | None = None


def decide_lines(argument: Lines, limits: Limits) -> list[Decided]:
    """Each line's decision, in their order; blank lines are left out. Runs in a child process."""
    catalogues = _opened(argument.catalogues)
    return [decide_line(number, line, catalogues) for number, line in argument.lines if line.strip()]


def decide_line(number: int, line: bytes, catalogues: CatalogueSet) -> Decided:
    """The decision on one line of `{"id", "raw"}`."""
    try:
        query = json.loads(line.decode("utf-8-sig"), parse_constant=_refused)
    except UnicodeDecodeError:
        return Decided(number, problem="is not UTF-8")
    except (ValueError, RecursionError):
        return Decided(number, problem="is no JSON")
    if not isinstance(query, dict) or not isinstance(query.get("raw"), str) or query.get("id") is None:
        return Decided(number, problem='needs "id" and, as text, "raw"')
    return Decided(number, output=as_line(query["id"], match(query["raw"], catalogues)))


def as_line(identifier: Any, verdict: Enrichment) -> str:
    """One decision as JSON: `doi` is set only when accepted; `score` is the best candidate's."""
    best = max(verdict.evidence, key=lambda one: one.score, default=None)
    chosen = next((one for one in verdict.evidence if one.candidate is verdict.work), best)
    is_none = verdict.reason in (EnrichmentReason.NO_CANDIDATES, EnrichmentReason.TOO_LITTLE_PRINTED)
    decision = {
        "id": identifier,
        "decision": "none" if is_none else verdict.decision.value,
        "doi": verdict.work.doi if verdict.work else None,
        "score": chosen.score if chosen else 0.0,
        "reason": verdict.reason.value if verdict.reason else None,
        "evidence": [_as_object(one) for one in verdict.evidence],
    }
    return json.dumps(decision, ensure_ascii=False)


def _as_object(evidence: Evidence) -> dict[str, Any]:
    work = evidence.candidate
    shown = ("doi", "title", "year", "container", "volume", "issue", "pages", "type")
    return {
        **{name: getattr(work, name) for name in shown},
        "authors": [person.family or person.name for person in work.authors[:10]],
        "rank": evidence.rank,
        "score": evidence.score,
        "decision": evidence.decision.value,
        "agreed": evidence.agreed,
        "disagreed": evidence.disagreed,
        "vetoes": evidence.vetoes,
    }


@lru_cache(maxsize=4)
def _opened(paths: tuple[Path, ...]) -> CatalogueSet:
    """A child process opens its catalogues once, not for each of its tasks."""
    return CatalogueSet(paths)


def _refused(constant: str) -> None:
    """NaN and Infinity, which Python reads and no other program does."""
    raise ValueError(constant)
