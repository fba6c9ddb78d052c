"""What `review --list` tells as rows: a row a candidate, and one for a reference that has none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dl_lit.identity import titles
from dl_lit.identity.names import inverted
from dl_lit.rows import written
from dl_lit.store.stories import Judged, Story
from dl_lit.ui.story import worth_a_look

COLUMNS = (
    *("reference", "table", "reason", "printed", "candidate", "decision", "score", "service"),
    *("title", "authors", "year", "container", "doi", "agreed", "disagreed"),
)


def csv(stories: Sequence[Story]) -> str:
    """`candidate` is the number that --candidate takes."""
    return written([row for told in stories for row in _rows(told)], COLUMNS, "csv")


def _rows(told: Story) -> Iterator[dict[str, Any]]:
    common = {
        **dict.fromkeys(COLUMNS),
        "reference": told.id,
        "table": told.table,
        "reason": told.reason,
        "printed": told.reference.raw if told.reference else None,
    }
    candidates = worth_a_look(told)
    if not candidates:
        yield common
    for number, one in enumerate(candidates, 1):
        yield common | {"candidate": number} | _judged(one)


def _judged(one: Judged) -> dict[str, Any]:
    work, evidence = one.evidence.candidate, one.evidence
    return {
        "decision": evidence.decision.value,
        "score": round(evidence.score, 3),
        "service": evidence.service,
        "title": titles.whole(work),
        "authors": "; ".join(map(inverted, work.authors)),
        "year": work.year,
        "container": work.container,
        "doi": work.doi,
        "agreed": ", ".join(evidence.agreed),
        "disagreed": ", ".join(evidence.disagreed),
    }
