"""Printed strings into decided matches with catalogues alone: read, search, judge, decide. No network, no database.

Only here do reading (extraction), searching (catalogue) and judging (enrichment) of strings meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dl_lit.catalogue.catalogue import Candidate, Catalogue, helpings
from dl_lit.enrichment.cascade import with_identifiers
from dl_lit.enrichment.matching import decide, judge
from dl_lit.enrichment.printed import Printed
from dl_lit.extraction.parsing import parse_reference
from dl_lit.model import Decision, Enrichment, Evidence, Reference

SERVICE = "catalogue"
# A work with less of what is printed, compared with one that is accepted, is no rival of it.
_RIVAL = 0.6


def match(raw: str, catalogues: Sequence[Catalogue]) -> Enrichment:
    """The verdict on one printed string."""
    reference = with_identifiers(parse_reference(raw))
    return decide(reference, judged(reference, helpings(catalogues, reference)))


def judged(reference: Reference, found: Iterable[Sequence[Candidate]]) -> list[Evidence]:
    """The evidence on the candidates of each helping, until one is accepted and what is left is no rival of it."""
    printed = Printed.of(reference)
    evidence: list[Evidence] = []
    seen: set[str] = set()
    for candidates in found:
        accepted = 0.0
        for candidate in candidates:
            doi = candidate.work.doi
            if candidate.likeness < accepted * _RIVAL or doi in seen:
                continue
            seen |= {doi} if doi else set()
            rank = len(evidence) + 1
            one = judge(reference, candidate.work, service=SERVICE, query="text", rank=rank, printed=printed)
            evidence.append(one)
            if one.decision is Decision.ACCEPTED:
                accepted = max(accepted, candidate.likeness)
        if accepted:
            break
    return evidence
