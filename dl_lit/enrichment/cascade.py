"""Which question to ask whom next, cheapest and surest first, stopping at the first strong match.

0. local catalogues, which cost nothing;
1. identifiers that are printed (DOI, arXiv, PMID), in batches over the rows handed in;
2. works that the library has already, where the whole record is as printed;
4. Crossref's search with the whole printed string. (Step 3, the citing paper's own record, comes later.)
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dl_lit.enrichment import hydrate
from dl_lit.enrichment.local import Catalogues, judged
from dl_lit.enrichment.matching import decide, judge
from dl_lit.enrichment.printed import Printed
from dl_lit.enrichment.sources import Known, Services, is_passing, wait_of
from dl_lit.enrichment.vocabulary import POINTING_BACK
from dl_lit.identity import arxiv as arxiv_ids
from dl_lit.identity import doi as dois
from dl_lit.identity.folding import words
from dl_lit.model import (
    Answer,
    Decision,
    Enrichment,
    EnrichmentReason,
    Evidence,
    Found,
    NoAnswer,
    NoMetadataRow,
    Reference,
    Work,
)

SEARCH_ROWS = 10
# Accepted works are fetched whole in batches; none waits longer than this for its batch to fill.
HYDRATE_BATCH = 10
HYDRATE_SECONDS = 2.0

Outcome = tuple[NoMetadataRow, Enrichment]


@dataclass(slots=True)
class _Question:
    """One row on its way down the cascade."""

    row: NoMetadataRow
    reference: Reference
    printed: Printed
    evidence: list[Evidence] = field(default_factory=list)
    silent: list[NoAnswer] = field(default_factory=list)
    preprint: Work | None = None  # arXiv's record, when its number is printed

    def judged(self, work: Work, *, service: str, query: str, rank: int = 1) -> Evidence:
        evidence = judge(self.reference, work, service=service, query=query, rank=rank, printed=self.printed)
        self.evidence.append(evidence)
        return evidence

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


class Enricher:
    """Enriches rows; holds nothing of its own, so that several threads may call it at once with different rows."""

    def __init__(self, services: Services, known: Known, catalogues: Catalogues | None = None) -> None:
        self._services = services
        self._known = known
        self._catalogues = catalogues

    def enrich(self, rows: Sequence[NoMetadataRow], stop: threading.Event) -> Iterator[Outcome]:
        """Each row with its verdict, as soon as it is known. Ends early, rows left out, when `stop` is set."""
        questions = [_question(row) for row in rows]
        for question in questions:
            if not stop.is_set():
                self._ask_catalogues(question)
        open_ones = [question for question in questions if not _is_accepted(question)]
        if open_ones and not stop.is_set():
            self._ask_by_identifier(open_ones)
        accepted: list[tuple[_Question, Enrichment]] = []
        since = time.monotonic()
        for question in questions:
            if stop.is_set():
                return
            verdict = self._verdict(question)
            if verdict.decision is not Decision.ACCEPTED:
                yield question.row, verdict
                continue
            since = time.monotonic() if not accepted else since
            accepted.append((question, verdict))
            if len(accepted) >= HYDRATE_BATCH or time.monotonic() - since > HYDRATE_SECONDS:
                yield from self._completed(accepted)
                accepted = []
        if not stop.is_set():
            yield from self._completed(accepted)

    def _ask_catalogues(self, question: _Question) -> None:
        """A work of a catalogue settles it, unless the print bears the DOI of another one."""
        if self._catalogues is None or not is_searchable(question.reference):
            return
        found = judged(question.reference, self._catalogues.helpings(question.reference), printed=question.printed)
        named = question.reference.doi
        fitting = [one for one in found if one.decision is not Decision.REJECTED]
        if named is None or all(one.candidate.doi == named for one in fitting):
            question.evidence.extend(fitting)

    def _ask_by_identifier(self, questions: Sequence[_Question]) -> None:
        self._ask_by_doi([q for q in questions if q.reference.doi])
        self._ask_arxiv([q for q in questions if q.reference.arxiv and not _is_accepted(q)])
        self._ask_by_pmid([q for q in questions if q.reference.pmid and not _is_accepted(q)])

    def _ask_by_doi(self, questions: Sequence[_Question]) -> None:
        found = hydrate.records(self._services, [q.reference.doi for q in questions if q.reference.doi])
        for question in questions:
            question.hears_of(found[question.reference.doi or ""], query="doi")

    def _ask_arxiv(self, questions: Sequence[_Question]) -> None:
        """arXiv's own record names the published version; OpenAlex stands in where arXiv is off or silent."""
        numbers = [q.reference.arxiv for q in questions if q.reference.arxiv]
        answers = self._services.arxiv.works(numbers) if self._services.arxiv and numbers else {}
        for question in questions:
            answer = answers.get(question.reference.arxiv or "")
            if isinstance(answer, Found):
                question.preprint = answer.value
                question.judged(answer.value, service="arxiv", query="arxiv")
        self._ask_openalex_for_preprints([q for q in questions if q.preprint is None], answers)

    def _ask_openalex_for_preprints(self, questions: Sequence[_Question], by_arxiv: Mapping[str, Answer[Work]]) -> None:
        openalex = self._services.openalex
        names = {q.reference.arxiv: f"10.48550/arxiv.{q.reference.arxiv}" for q in questions if q.reference.arxiv}
        answers = openalex.works_by_doi(names.values()) if openalex and names else {}
        for question in questions:
            number = question.reference.arxiv or ""
            answer = answers.get(names.get(number, ""))
            question.hears(answer, service="openalex", query="arxiv")
            if not isinstance(answer, Found):
                question.hears(by_arxiv.get(number), service="arxiv", query="arxiv")

    def _ask_by_pmid(self, questions: Sequence[_Question]) -> None:
        if self._services.openalex is None or not questions:
            return
        answers = self._services.openalex.works_by_pmid([q.reference.pmid for q in questions if q.reference.pmid])
        for question in questions:
            question.hears(answers.get(question.reference.pmid or ""), service="openalex", query="pmid")

    def _verdict(self, question: _Question) -> Enrichment:
        """The outcome of the cheapest step that settles it."""
        verdict = decide(question.reference, question.evidence)
        if verdict.decision is Decision.ACCEPTED:
            return verdict
        if not is_searchable(question.reference):
            return self._unsettled(question, verdict)
        if (known := self._known_already(question)) is not None:
            return known
        self._search(question)
        verdict = decide(question.reference, question.evidence)
        if verdict.decision is Decision.ACCEPTED and not self._waits_for_its_identifier(question, verdict):
            return verdict
        return self._unsettled(question, verdict)

    def _known_already(self, question: _Question) -> Enrichment | None:
        """A known work settles it only when its whole record is as printed: then a search would say the same."""
        for work in self._known.find_known(question.reference):
            evidence = judge(question.reference, work, service="library", query="local", printed=question.printed)
            if evidence.decision is Decision.ACCEPTED and _is_whole(evidence):
                question.evidence.append(evidence)
                return decide(question.reference, question.evidence)
        return None

    def _search(self, question: _Question) -> None:
        if self._services.crossref is None:
            return
        answer = self._services.crossref.search(question.reference.raw, rows=SEARCH_ROWS)
        if isinstance(answer, NoAnswer):
            question.silent.append(answer)
        elif isinstance(answer, Found):
            seen = {evidence.candidate.doi for evidence in question.evidence} - {None}
            for rank, work in enumerate(answer.value, 1):
                if work.doi not in seen:
                    question.judged(work, service="crossref", query="bibliographic", rank=rank)

    def _waits_for_its_identifier(self, question: _Question, verdict: Enrichment) -> bool:
        """Whether another work was found than the printed DOI may be, whose record nobody could give yet."""
        printed = question.reference.doi
        answered = any(evidence.query == "doi" for evidence in question.evidence)
        differs = printed is not None and verdict.work is not None and verdict.work.doi != printed
        return differs and not answered and any(map(is_passing, question.silent))

    def _unsettled(self, question: _Question, verdict: Enrichment) -> Enrichment:
        """A verdict without a work stands only when all who might know have answered."""
        if question.silent:
            return _unanswered(question.silent, question.evidence)
        if not question.evidence and not is_searchable(question.reference):
            return replace(verdict, reason=EnrichmentReason.TOO_LITTLE_PRINTED)
        return verdict

    def _completed(self, accepted: Sequence[tuple[_Question, Enrichment]]) -> Iterator[Outcome]:
        """The accepted with their whole records; who is silent for a moment only is waited for."""
        wanted = [verdict.work.doi for _, verdict in accepted if verdict.work and verdict.work.doi]
        found = hydrate.records(self._services, wanted)
        for question, verdict in accepted:
            candidate = verdict.work
            record = found.get(candidate.doi or "") if candidate else None
            passing = [one for one in record.silent if is_passing(one)] if record else []
            if passing:
                yield question.row, _unanswered(passing, question.evidence)
            else:
                yield question.row, replace(verdict, work=_whole(candidate, record, question.preprint))


def _question(row: NoMetadataRow) -> _Question:
    reference = with_identifiers(row.reference)
    return _Question(row, reference, Printed.of(reference))


def with_identifiers(reference: Reference) -> Reference:
    """`reference` with the identifiers that its string shows, arXiv's DOIs as arXiv numbers."""
    doi = reference.doi or next(iter(dois.find(reference.raw)), None)
    number = reference.arxiv or arxiv_ids.from_doi(doi) or next(iter(arxiv_ids.find(reference.raw)), None)
    return replace(reference, doi=None if arxiv_ids.from_doi(doi) else doi, arxiv=number)


def is_searchable(reference: Reference) -> bool:
    """Whether there is something to search with and to verify by: two words, and a number or three words more."""
    said = [word for word in words(reference.raw) if len(word) > 2 and word.isalpha() and word not in POINTING_BACK]
    return len(said) >= 5 or (len(said) >= 2 and re.search(r"\d", reference.raw) is not None)


def _is_accepted(question: _Question) -> bool:
    return any(evidence.decision is Decision.ACCEPTED for evidence in question.evidence)


def _is_whole(evidence: Evidence) -> bool:
    agreed = set(evidence.agreed)
    return (
        {"title", "first_author", "year", "container"} <= agreed
        and bool({"volume", "first_page"} & agreed)
        and not evidence.disagreed
        and evidence.candidate.type != "posted-content"
    )


def _best(work: Work) -> str:
    return work.sources[0] if work.sources else "crossref"


def _whole(candidate: Work | None, record: hydrate.Record | None, preprint: Work | None) -> Work | None:
    if candidate is None or record is None or record.work is None:
        return candidate
    if preprint is not None and preprint.doi == candidate.doi:
        return hydrate.with_preprint(record.work, preprint)
    return record.work


def _unanswered(silent: Sequence[NoAnswer], evidence: Sequence[Evidence]) -> Enrichment:
    return Enrichment(
        Decision.UNANSWERED,
        evidence=tuple(evidence),
        reason=EnrichmentReason.SERVICE_SILENT,
        detail="; ".join(dict.fromkeys(one.reason for one in silent)),
        retry_after=wait_of(silent),
    )
