"""One printed reference on its way down the cascade, with all that was heard about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from dl_lit.enrichment import hydrate
from dl_lit.enrichment.matching import judge
from dl_lit.enrichment.printed import Printed
from dl_lit.enrichment.sources import is_passing
from dl_lit.identity import arxiv as arxiv_ids
from dl_lit.identity import doi as dois
from dl_lit.model import Answer, Decision, Evidence, Found, NoAnswer, NoMetadataRow, Reference, Work
from dl_lit.refusals import REFUSED, is_refused


@dataclass(slots=True)
class Case:
    """`silent` are answers that must be waited for before anything is said; `passed_over` are services that would
    have been asked, had they not been out for longer than a match waits: without one, they are waited for too."""

    row: NoMetadataRow
    reference: Reference
    printed: Printed
    evidence: list[Evidence] = field(default_factory=list)
    silent: list[NoAnswer] = field(default_factory=list)
    passed_over: list[NoAnswer] = field(default_factory=list)
    preprint: Work | None = None  # arXiv's record, when its number is printed

    @classmethod
    def of(cls, row: NoMetadataRow) -> Case:
        reference = with_identifiers(row.reference)
        return cls(row, reference, Printed.of(reference))

    @property
    def is_accepted(self) -> bool:
        return any(one.decision is Decision.ACCEPTED for one in self.evidence)

    def judged(self, work: Work, *, service: str, query: str, rank: int = 1) -> Evidence:
        evidence = judge(self.reference, work, service=service, query=query, rank=rank, printed=self.printed)
        evidence = self.as_decided(evidence)
        self.evidence.append(evidence)
        return evidence

    def as_decided(self, evidence: Evidence) -> Evidence:
        """What a person has refused for this reference is refused, whatever speaks for it."""
        if not is_refused(evidence.candidate, self.row.refused):
            return evidence
        return replace(evidence, decision=Decision.REJECTED, vetoes=(*evidence.vetoes, REFUSED))

    def hears_of(self, record: hydrate.Record, *, query: str) -> None:
        """A silent service matters as long as no other one has the record."""
        if record.work is not None:
            self.judged(record.work, service=_best(record.work), query=query)
        else:
            self.silent.extend(record.silent)

    def hears(self, answer: Answer[Work] | None, *, service: str, query: str) -> None:
        if isinstance(answer, Found):
            self.judged(answer.value, service=service, query=query)
        elif isinstance(answer, NoAnswer):
            self.silent.append(answer)

    def hears_candidates(self, works: Iterable[Work], *, service: str, query: str) -> None:
        """Candidates, best first; one that is known by its DOI already is not judged again."""
        seen = {evidence.candidate.doi for evidence in self.evidence} - {None}
        for rank, work in enumerate(works, 1):
            if work.doi not in seen:
                self.judged(work, service=service, query=query, rank=rank)

    def misses(self, silence: NoAnswer) -> None:
        """A service that could add something gave no answer: it is waited for if that cannot take long."""
        (self.silent if is_passing(silence) else self.passed_over).append(silence)


def with_identifiers(reference: Reference) -> Reference:
    """`reference` with the identifiers that its string shows, arXiv's DOIs as arXiv numbers."""
    doi = reference.doi or next(iter(dois.find(reference.raw)), None)
    number = reference.arxiv or arxiv_ids.from_doi(doi) or next(iter(arxiv_ids.find(reference.raw)), None)
    return replace(reference, doi=None if arxiv_ids.from_doi(doi) else doi, arxiv=number)


def _best(work: Work) -> str:
    return work.sources[0] if work.sources else "crossref"
