"""Real printed strings, each judged against a record made of its own hand-checked fields: what is refused though right?

Prints made to mislead only ever teach a matcher to refuse more. This is the other side: every one of these records is
the very thing that is printed, so all should be accepted.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dl_lit.enrichment.matching import judge
from dl_lit.extraction.parsing import parse_reference
from dl_lit.model import Decision, Evidence, Reference, Work

SETS = {"anystyle_gold": 1, "anystyle_core": 1, "grobid_citation": 4, "excite": 2, "scielo_jats": 1, "pmc_jats": 4}
_THESIS = re.compile(r"(?i)thesis|dissert|thèse|tese\b|diplomarbeit|diss\.")
# Some rows lack the container in which their title is printed: no books, whatever else.
_WITHIN = re.compile(
    r"(?i)[.,:;”\"’'»)]\s*in:?\s.{0,80}(?:\((?:eds?|hg|hrsg|hgg)\b|pp?\.\s*\d+\s*[-–]|\bS\.\s*\d+\s*[-–])"
)
_REPORT = re.compile(r"(?i)\b(?:tech(?:nical|\.)? rep|working paper|report\b|unpublished)")


def section(folder: Path, step: int = 1, shown: int = 0) -> str:
    """A table of the sets in `folder`, of every `step`-th string; `shown` refusals of each set are printed."""
    table = [
        "## Real strings and their own records\n",
        "Each string has one record to choose from, made of its own hand-checked fields (names as read here).\n",
        "| set | strings | accepted % | left to a person % | rejected % |",
        "|---|---|---|---|---|",
    ]
    for name, every in SETS.items():
        judged = list(_judged(folder / f"{name}.jsonl", every * step))
        tally = Counter(evidence.decision for _, evidence in judged)
        verdicts = (Decision.ACCEPTED, Decision.REVIEW, Decision.REJECTED)
        shares = (f"{100 * tally[one] / max(1, len(judged)):.1f}" for one in verdicts)
        table.append(f"| {name} | {len(judged)} | {' | '.join(shares)} |")
        _show(judged, shown)
    return "\n".join([*table, ""])


def _judged(path: Path, every: int) -> Iterator[tuple[str, Evidence]]:
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        row = json.loads(line)
        if number % every or not row.get("title"):
            continue
        reference = parse_reference(row["raw"])
        if reference.authors:
            yield row["raw"], judge(reference, _record(row, reference), service="made", query="text")


def _record(row: dict[str, Any], reference: Reference) -> Work:
    return Work(
        title=row["title"],
        authors=reference.authors,
        editors=reference.editors,
        year=row.get("year"),
        container=row.get("container"),
        volume=row.get("volume"),
        issue=row.get("issue"),
        pages=row.get("pages"),
        publisher=row.get("publisher"),
        type=_kind(row),
    )


def _kind(row: dict[str, Any]) -> str | None:
    if row.get("container"):
        return "journal-article" if row.get("volume") else "book-chapter"
    if _WITHIN.search(row["raw"]):
        return None
    if _THESIS.search(row["raw"]):
        return "dissertation"
    return "report" if _REPORT.search(row["raw"]) else "book"


def _show(judged: list[tuple[str, Evidence]], most: int) -> None:
    refused = [one for one in judged if one[1].decision is not Decision.ACCEPTED]
    for raw, evidence in refused[:most]:
        print(f"\n{evidence.decision} {raw}\n  +{evidence.agreed} -{evidence.disagreed} veto {evidence.vetoes}")
        print(f"  {evidence.candidate}")
