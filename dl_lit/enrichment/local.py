"""Candidates from local catalogues, judged the likeliest first until no more of them can matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from dl_lit.enrichment.matching import judge
from dl_lit.enrichment.printed import Printed
from dl_lit.model import Decision, Evidence, Reference, Work

SERVICE = "catalogue"
FETCHED = "fetched"  # the built-in catalogue, of what services sent before
# A work with less of what is printed, compared with one that is accepted, is no rival of it.
_RIVAL = 0.6


class Candidate(Protocol):
    """A work of a catalogue; `likeness` compares the candidates of one print, nothing else."""

    @property
    def work(self) -> Work: ...

    @property
    def likeness(self) -> float: ...


class Catalogues(Protocol):
    """Local catalogues, as they are asked here."""

    def helpings(self, reference: Reference) -> Iterable[Sequence[Candidate]]: ...


class FetchedCandidate(Candidate, Protocol):
    @property
    def settled(self) -> bool:
        """Whether all who could know better were asked lately, for another print of the work."""


class FetchedWorks(Protocol):
    """The built-in catalogue, as it is asked and fed here."""

    def helpings(self, reference: Reference) -> Iterable[Sequence[FetchedCandidate]]: ...

    def settles(self, works: Sequence[Work]) -> None: ...


def judged(
    reference: Reference,
    helpings: Iterable[Sequence[Candidate]],
    *,
    printed: Printed | None = None,
    service: str = SERVICE,
) -> list[Evidence]:
    """The evidence on the candidates; a further helping is taken only when none before was accepted."""
    printed = printed or Printed.of(reference)
    evidence: list[Evidence] = []
    seen: set[str | None] = set()
    for candidates in helpings:
        accepted = 0.0
        for candidate in candidates:
            doi = candidate.work.doi
            if candidate.likeness < accepted * _RIVAL or (doi and doi in seen):
                continue
            seen.add(doi)
            rank = len(evidence) + 1
            one = judge(reference, candidate.work, service=service, query="text", rank=rank, printed=printed)
            evidence.append(one)
            if one.decision is Decision.ACCEPTED:
                accepted = max(accepted, candidate.likeness)
        if accepted:
            break
    return evidence
