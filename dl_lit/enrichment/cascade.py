"""Which question to ask whom next, cheapest and surest first, stopping at the first strong match.

0. local catalogues, and what was fetched for any library, which cost nothing;
1. identifiers that are printed (DOI, arXiv, PMID, PMCID, ISBN), in batches over the rows handed in (`identifiers`);
2. works that the library has already, where the whole record is as printed;
3. the reference list that others recorded of the citing paper itself (`citing`);
4. Crossref's search with the whole printed string;
5. searches by title at who knows this kind of work, the free ones first, OpenAlex's last (`searching`).
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from dl_lit.enrichment import citing, hydrate, identifiers, searching
from dl_lit.enrichment.case import Case
from dl_lit.enrichment.local import FETCHED, SERVICE, Candidate, Catalogues, FetchedCandidate, FetchedWorks, judged
from dl_lit.enrichment.matching import decide, is_named, judge
from dl_lit.enrichment.sameness import same_work
from dl_lit.enrichment.sources import Known, Services, is_passing, wait_of
from dl_lit.enrichment.vocabulary import ARTICLES, POINTING_BACK
from dl_lit.identity.folding import words
from dl_lit.model import (
    Decision,
    Enrichment,
    EnrichmentReason,
    Evidence,
    NoAnswer,
    NoMetadataRow,
    Reference,
    Silence,
    Work,
)
from dl_lit.silence import soonest, word

ROWS_AT_ONCE = 20  # rows handed in together, so that the identifiers they print share requests
# Accepted works are fetched whole in batches; none waits longer than this for its batch to fill.
HYDRATE_BATCH = 10
HYDRATE_SECONDS = 2.0
# So often a matched row waits for the rest of its record; then it goes on with what there is. A service that is away
# for hours must not hold up what another one has found.
PATIENT_ATTEMPTS = 1
# So often a row waits for who might know it, before the others are asked by its title.
IMPATIENT_ATTEMPTS = 3
# A person has to choose here; more candidates would not help.
_FOR_A_PERSON = frozenset({EnrichmentReason.AMBIGUOUS, EnrichmentReason.CONFLICT})

Outcome = tuple[NoMetadataRow, Enrichment]


class Enricher:
    """Enriches rows. Several threads may call it at once with different rows: of its own it keeps only which lists were
    asked for in vain."""

    def __init__(
        self,
        services: Services,
        known: Known,
        catalogues: Catalogues | None = None,
        fetched: FetchedWorks | None = None,
    ) -> None:
        self._services = services
        self._known = known
        self._catalogues = catalogues
        self._fetched = fetched
        self._silences = citing.Silences()

    def groups(self, rows: Sequence[NoMetadataRow], stop: threading.Event) -> Iterator[list[Outcome]]:
        """Each row with its verdict, as soon as it is known, with those that are known at the same time.

        Ends early, rows left out, when `stop` is set.
        """
        cases = [Case.of(row) for row in rows]
        for step in (
            *(self._ask_catalogues, self._ask_by_identifier),
            *(self._look_at_home, self._ask_citing_papers),
        ):
            left = [case for case in cases if not case.is_accepted]
            if left and not stop.is_set():
                step(left)
        # What is settled goes on at once: searches wait for their turn, and others would wait for copies meanwhile. The
        # articles are searched for first, as they have more places to be fetched from than books and the like.
        settled, open_ones = ([one for one in cases if one.is_accepted is so] for so in (True, False))
        for group in (settled, sorted(open_ones, key=lambda one: one.reference.type not in ARTICLES)):
            yield from self._in_batches(self._verdicts(group, stop), stop)

    def _in_batches(
        self, verdicts: Iterator[tuple[Case, Enrichment]], stop: threading.Event
    ) -> Iterator[list[Outcome]]:
        """The accepted wait for one another, so that their whole records are asked for together."""
        accepted: list[tuple[Case, Enrichment]] = []
        began = since = time.monotonic()
        for case, verdict in verdicts:
            now = time.monotonic()
            if verdict.decision is Decision.ACCEPTED:
                since = since if accepted else now
                accepted.append((case, verdict))
            else:
                yield [(case.row, verdict)]
            expected = now + (now - began)  # the next one may take as long
            if accepted and (len(accepted) >= HYDRATE_BATCH or expected - since > HYDRATE_SECONDS):
                yield list(self._completed(accepted))
                accepted = []
            began = time.monotonic()
        if accepted and not stop.is_set():
            yield list(self._completed(accepted))

    def _verdicts(self, cases: Sequence[Case], stop: threading.Event) -> Iterator[tuple[Case, Enrichment]]:
        for case in cases:
            if stop.is_set():
                return
            yield case, self._verdict(case)

    # ── for all rows together ────────────────────────────────────────────────────────────────────────────

    def _ask_catalogues(self, cases: Sequence[Case]) -> None:
        for case in cases:
            ask_locally(case, self._catalogues, self._fetched)

    def _ask_by_identifier(self, cases: Sequence[Case]) -> None:
        identifiers.ask(self._services, cases)

    def _look_at_home(self, cases: Sequence[Case]) -> None:
        for case in cases:
            works = self._known.find_known(case.reference) if is_searchable(case.reference) else ()
            case.evidence.extend(islice(_at_home(case, works), 1))

    def _ask_citing_papers(self, cases: Sequence[Case]) -> None:
        searchable = [case for case in cases if is_searchable(case.reference)]
        citing.ask(self._services, self._known, searchable, self._silences)

    # ── for one row ──────────────────────────────────────────────────────────────────────────────────────

    def _verdict(self, case: Case) -> Enrichment:
        """The outcome of the cheapest step that settles it."""
        verdict = decide(case.reference, case.evidence)
        for step in (self._look_at_home_again, self._search_whole, self._search_titles):
            if self._is_settled(case, verdict) or not is_searchable(case.reference):
                break
            step(case)
            verdict = decide(case.reference, case.evidence)
        return verdict if self._is_settled(case, verdict) else self._unsettled(case, verdict)

    def _look_at_home_again(self, case: Case) -> None:
        """Another row may have been settled meanwhile, and be this very work."""
        self._look_at_home([case])

    def _search_whole(self, case: Case) -> None:
        searching.search_whole(self._services, case)

    def _search_titles(self, case: Case) -> None:
        """Not while the better search is out for a moment only: its records have DOIs, and it costs no more later."""
        waits = any(map(is_passing, case.silent)) and case.row.attempts < IMPATIENT_ATTEMPTS
        if not waits and decide(case.reference, case.evidence).reason not in _FOR_A_PERSON:
            searching.search_titles(self._services, case)

    def _is_settled(self, case: Case, verdict: Enrichment) -> bool:
        return verdict.decision is Decision.ACCEPTED and not self._waits_for_its_identifier(case, verdict)

    def _waits_for_its_identifier(self, case: Case, verdict: Enrichment) -> bool:
        """Whether another work was found than the printed DOI may be, whose record nobody could give yet."""
        printed = case.reference.doi
        answered = any(evidence.query == "doi" for evidence in case.evidence)
        differs = printed is not None and verdict.work is not None and verdict.work.doi != printed
        return differs and not answered and any(map(is_passing, case.silent))

    def _unsettled(self, case: Case, verdict: Enrichment) -> Enrichment:
        """A verdict without a work stands only when all who might know have answered; what a person is to look at
        does not wait for a budget, or for a service that refuses us."""
        awaited = [one for one in case.passed_over if one.kind is not Silence.DECLINED]
        if case.silent or (awaited and verdict.decision is Decision.REJECTED):
            return _unanswered([*case.silent, *awaited], case.evidence)
        if not case.evidence and not is_searchable(case.reference):
            return replace(verdict, reason=EnrichmentReason.TOO_LITTLE_PRINTED)
        if case.passed_over:
            return replace(verdict, detail="Not asked: " + "; ".join(_reasons(case.passed_over)))
        return verdict

    def _completed(self, accepted: Sequence[tuple[Case, Enrichment]]) -> Iterator[Outcome]:
        """The accepted with their whole records; who is silent for a moment only is waited for, a few times."""
        wanted = [verdict.work.doi for _, verdict in accepted if verdict.work and verdict.work.doi]
        found = hydrate.records(self._services, wanted)
        for case, verdict in accepted:
            candidate = verdict.work
            record = found.get(candidate.doi or "") if candidate else None
            passing = [one for one in record.silent if is_passing(one)] if record else []
            if passing and case.row.attempts < PATIENT_ATTEMPTS:
                yield case.row, _unanswered(passing, case.evidence)
            else:
                work = _whole(verdict, record, case.preprint)
                if self._fetched is not None and work is not None and self._was_searched_out(case, candidate):
                    self._fetched.settles([work])
                yield case.row, replace(verdict, work=work)

    def _was_searched_out(self, case: Case, candidate: Work | None) -> bool:
        """Whether the searches found it, and all of them that came first had answered."""
        found = next((one for one in case.evidence if one.candidate is candidate), None)
        asked_all = self._services.crossref is not None and not case.silent and not case.passed_over
        return found is not None and asked_all and found.query in searching.QUERIES and found.service != FETCHED


def is_searchable(reference: Reference) -> bool:
    """Whether there is something to search with and to verify by: two words, and a number or three words more."""
    said = [word for word in words(reference.raw) if len(word) > 2 and word.isalpha() and word not in POINTING_BACK]
    return len(said) >= 5 or (len(said) >= 2 and re.search(r"\d", reference.raw) is not None)


def settled_by(row: NoMetadataRow, works: Iterable[Work]) -> Iterator[Evidence]:
    """What shows of works of the library that they are the one that is printed, where they surely are; asks nobody."""
    case = Case.of(row)
    return _at_home(case, works if is_searchable(case.reference) else ())


def _at_home(case: Case, works: Iterable[Work]) -> Iterator[Evidence]:
    """A known work settles it only when its whole record is as printed: then a search would say the same."""
    for work in works:
        evidence = case.as_decided(judge(case.reference, work, service="library", query="local", printed=case.printed))
        if evidence.decision is Decision.ACCEPTED and _is_whole(evidence):
            yield evidence


def ask_locally(case: Case, catalogues: Catalogues | None, fetched: FetchedWorks | None) -> None:
    """Step 0, which sends nothing. A work of a catalogue settles it, unless the print bears the DOI of another one."""
    if not is_searchable(case.reference):
        return
    if catalogues is not None:
        case.evidence.extend(_fitting(case, catalogues.helpings(case.reference)))
    # An arXiv number leads to more than one record, and is asked for.
    if fetched is not None and not case.is_accepted and case.reference.arxiv is None:
        case.evidence.extend(_surely_fetched(case, fetched))


def _surely_fetched(case: Case, fetched: FetchedWorks) -> list[Evidence]:
    """What was fetched by chance is no catalogue to rely on: it settles only what a search could not settle otherwise,
    because the print is whole or because a search for another print of the work had its end, and says nothing else."""
    candidates = [one for helping in fetched.helpings(case.reference) for one in helping]
    evidence = _fitting(case, [[one for one in candidates if not one.settled]], service=FETCHED)
    chosen = _chosen(case, evidence)
    if chosen is not None and (is_named(chosen) or _is_whole(chosen)):
        return evidence
    settled = [one.work for one in candidates if one.settled]
    first_these = sorted(candidates, key=_is_unsettled) if settled else []
    evidence = _fitting(case, [first_these], service=FETCHED)
    chosen = _chosen(case, evidence)
    if chosen is None or not any(chosen.candidate is work for work in settled):
        return []
    return evidence if _shows_all(chosen, case.reference) else []


def _is_unsettled(candidate: FetchedCandidate) -> bool:
    return not candidate.settled


def _chosen(case: Case, evidence: Sequence[Evidence]) -> Evidence | None:
    work = decide(case.reference, evidence).work
    return next((one for one in evidence if one.candidate is work), None)


def _fitting(case: Case, helpings: Iterable[Sequence[Candidate]], *, service: str = SERVICE) -> list[Evidence]:
    """What of a catalogue could be the work; none when the print bears the DOI of another one."""
    found = judged(case.reference, helpings, printed=case.printed, service=service)
    decided = (case.as_decided(one) for one in found)
    fitting = [one for one in decided if one.decision is not Decision.REJECTED]
    named = case.reference.doi
    return fitting if named is None or all(one.candidate.doi == named for one in fitting) else []


_NUMBERS = (("container", "container"), ("volume", "volume"), ("pages", "first_page"))  # field, signal


def _shows_all(evidence: Evidence, reference: Reference) -> bool:
    """Whether the record has all that is printed; a preprint's never has, as the article may be out by now."""
    agreed = set(evidence.agreed)
    printed = {signal for field, signal in _NUMBERS if getattr(reference, field)}
    is_preprint = evidence.candidate.type == "posted-content"
    return {"title", "first_author", "year", *printed} <= agreed and not evidence.disagreed and not is_preprint


def _is_whole(evidence: Evidence) -> bool:
    """As printed in full: with its title or, where none is printed, with volume and page."""
    agreed = set(evidence.agreed)
    placed = {"volume", "first_page"} & agreed
    return (
        {"first_author", "year", "container"} <= agreed
        and ("title" in agreed or len(placed) == 2)
        and bool(placed)
        and not evidence.disagreed
        and evidence.candidate.type != "posted-content"
    )


def _whole(verdict: Enrichment, record: hydrate.Record | None, preprint: Work | None) -> Work | None:
    candidate = verdict.work
    if candidate is None or record is None or record.work is None:
        return _united(candidate, verdict.evidence) if candidate is not None and candidate.doi is None else candidate
    if preprint is not None and preprint.doi == candidate.doi:
        return hydrate.with_preprint(record.work, preprint)
    return record.work


def _united(work: Work, evidence: Sequence[Evidence]) -> Work:
    """A book that nobody registered, with what each library that has it knows of it."""
    accepted = [one.candidate for one in evidence if one.decision is Decision.ACCEPTED and one.candidate is not work]
    return hydrate.merge([work, *(other for other in accepted if other.doi is None and same_work(work, other))], None)


def _unanswered(silent: Sequence[NoAnswer], evidence: Sequence[Evidence]) -> Enrichment:
    return Enrichment(
        Decision.UNANSWERED,
        evidence=tuple(evidence),
        reason=EnrichmentReason(word(soonest(silent).kind)),
        detail="\n".join(_reasons(silent)),  # a line for each cause
        retry_after=wait_of(silent),
    )


def _reasons(silent: Sequence[NoAnswer]) -> Iterable[str]:
    return dict.fromkeys(one.reason for one in silent)
