"""Step 3 of the cascade: what others recorded as the reference list of the citing paper itself.

One question answers for a whole paper. The publisher's list at Crossref has the printed order and is aligned with what
was read; OpenAlex and OpenCitations know the cited works in no order, so that each print is held against those which
could be it. What comes out is a candidate like any other: it is accepted only if the print shows it.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from dl_lit.enrichment import hydrate
from dl_lit.enrichment.alignment import aligned
from dl_lit.enrichment.case import Case
from dl_lit.enrichment.matching import judge
from dl_lit.enrichment.sources import CitedWorks, Known, Services
from dl_lit.identity import names
from dl_lit.model import Answer, CitingPaper, Decision, DepositedReference, Found, NoAnswer, Work
from dl_lit.together import at_once

AT_ONCE = 4  # papers; a batch of rows can come from as many papers as it has rows
MOST_CANDIDATES = 12  # works of one list whose first author's name is printed
# A list that nobody gave is asked for again after this time, doubled each time: a long paper's rows are many batches.
SILENT_SECONDS = 60.0
LONGEST_SILENCE = 3600.0

T = TypeVar("T")


class Silences:
    """Which lists were asked for in vain, and until when none of the paper's other rows asks again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], _Kept] = {}

    def ask(self, service: str, doi: str, ask: Callable[[str], Answer[T]]) -> Answer[T]:
        """What `ask` answers for `doi`, or the silence of a moment ago."""
        with self._lock:
            kept = self._kept.get((service, doi))
        if kept is not None and self._clock() < kept.until:
            return kept.silence
        answer = ask(doi)
        with self._lock:
            if isinstance(answer, NoAnswer):
                self._keep(service, doi, answer)
            else:
                self._kept.pop((service, doi), None)
        return answer

    def _keep(self, service: str, doi: str, silence: NoAnswer) -> None:
        before = self._kept.get((service, doi))
        if before is not None and self._clock() < before.until:
            return  # asked at the same time by another row
        rest = min(LONGEST_SILENCE, 2 * before.rest) if before is not None else SILENT_SECONDS
        until = self._clock() + max(rest, silence.retry_after or 0.0)
        self._kept[service, doi] = _Kept(silence, until, rest)


@dataclass(frozen=True, slots=True)
class _Kept:
    silence: NoAnswer
    until: float
    rest: float


@dataclass(frozen=True, slots=True)
class _Likely:
    """What of a service's list could be what a case prints."""

    case: Case
    service: str
    works: Sequence[Work]


def ask(services: Services, known: Known, cases: Sequence[Case], silences: Silences) -> None:
    """Judges what the lists of the papers that cite the cases propose for them. Nobody is waited for here: what a
    silent list would have told is found by the searches."""
    by_id = {case.row.id: case for case in cases}
    papers = known.citing_papers(by_id) if by_id else ()
    _ask_publishers(services, papers, by_id, silences)
    left = [paper for paper in papers if _open(paper, by_id)]
    likely: list[_Likely] = []
    for paper, name, works in at_once([partial(_cited, services, silences, paper) for paper in left], most=AT_ONCE):
        likely.extend(_likely(services, _open(paper, by_id), name, works))
    _judge_whole(services, likely)


def _open(paper: CitingPaper, by_id: Mapping[int, Case]) -> list[Case]:
    return [case for number in paper.ids if (case := by_id.get(number)) is not None and not case.is_accepted]


def _ask_publishers(
    services: Services, papers: Sequence[CitingPaper], by_id: Mapping[int, Case], silences: Silences
) -> None:
    """The records that the lists of all papers propose are asked for together."""
    crossref = services.crossref
    if crossref is None:
        return
    questions = [partial(silences.ask, "crossref", paper.doi, crossref.references) for paper in papers]
    answers = at_once(questions, most=AT_ONCE)
    proposed: dict[int, str] = {}
    for paper, answer in zip(papers, answers, strict=True):
        proposed |= dict(_proposed(paper, answer, by_id))
    found = hydrate.records(services, proposed.values()) if proposed else {}
    for number, doi in proposed.items():
        if (work := found[doi].work) is not None:
            by_id[number].hears_candidates([work], service="crossref", query="deposited")


def _proposed(
    paper: CitingPaper, answer: Answer[tuple[DepositedReference, ...]], by_id: Mapping[int, Case]
) -> Iterator[tuple[int, str]]:
    """(id of the reference, DOI that was deposited for it)."""
    if isinstance(answer, Found):
        for index, entry in aligned(paper.printed, answer.value).items():
            if entry.doi is not None and paper.ids[index] in by_id:
                yield paper.ids[index], entry.doi


def _cited(services: Services, silences: Silences, paper: CitingPaper) -> tuple[CitingPaper, str, Sequence[Work]]:
    """The first list that anybody has: those of the others are much the same."""
    for name, service in _unordered(services):
        answer = silences.ask(name, paper.doi, service.references)
        if isinstance(answer, Found):
            return paper, name, answer.value
    return paper, "", ()


def _unordered(services: Services) -> Iterator[tuple[str, CitedWorks]]:
    """Cheapest first."""
    scholar = services.semanticscholar
    keyed = scholar if scholar is not None and scholar.has_key else None
    named = (("openalex", services.openalex), ("semanticscholar", keyed), ("opencitations", services.opencitations))
    yield from ((name, service) for name, service in named if service is not None)


def _likely(services: Services, cases: Sequence[Case], name: str, listed: Sequence[Work]) -> Iterator[_Likely]:
    """Works whose first author is printed, and that are not refuted by what the list says of them."""
    works = _with_titles(services, listed)
    by_word = _by_word(works)
    for case in cases:
        numbers = {number for word in case.printed.words for number in by_word.get(word.text, ())}
        near = [works[number] for number in sorted(numbers)[:MOST_CANDIDATES]]
        yield _Likely(case, name, [work for work in near if _is_unrefuted(case, work)])


def _is_unrefuted(case: Case, work: Work) -> bool:
    judged = judge(case.reference, work, service="", query="", printed=case.printed)
    return judged.decision is not Decision.REJECTED


def _judge_whole(services: Services, likely: Sequence[_Likely]) -> None:
    """By whole records, fetched together: the lists name no journals, or identifiers only."""
    found = hydrate.records(services, [work.doi for one in likely for work in one.works if work.doi])
    for one in likely:
        whole = [(found[work.doi].work or work) if work.doi else work for work in one.works]
        one.case.hears_candidates(whole, service=one.service, query="cited")


def _with_titles(services: Services, listed: Sequence[Work]) -> list[Work]:
    """OpenCitations names identifiers only."""
    bare = [work.doi for work in listed if work.title is None and work.doi]
    found = hydrate.records(services, bare) if bare else {}
    records = [work if work.title else found[work.doi].work if work.doi else None for work in listed]
    return [work for work in records if work is not None]


def _by_word(works: Sequence[Work]) -> Mapping[str, list[int]]:
    """Works by the words of their first author's family name."""
    index: defaultdict[str, list[int]] = defaultdict(list)
    for number, work in enumerate(works):
        for word in names.family_words(work.authors[0]) if work.authors else ():
            index[word].append(number)
    return index
