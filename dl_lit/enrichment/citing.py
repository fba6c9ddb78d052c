"""Step 3 of the cascade: what others recorded as the reference list of the citing paper itself.

One question answers for a whole paper. The publisher's list at Crossref has the printed order and is aligned with what
was read; OpenAlex and OpenCitations know the cited works in no order, so that each print is held against those which
could be it. What comes out is a candidate like any other: it is accepted only if the print shows it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from dl_lit.enrichment import hydrate
from dl_lit.enrichment.alignment import aligned
from dl_lit.enrichment.case import Case
from dl_lit.enrichment.matching import judge
from dl_lit.enrichment.sources import CitedWorks, Known, Services
from dl_lit.identity import names
from dl_lit.model import Answer, CitingPaper, Decision, DepositedReference, Found, Nothing, Work

MOST_CANDIDATES = 12  # works of one list whose first author's name is printed


def ask(services: Services, known: Known, cases: Sequence[Case]) -> None:
    """Judges what the lists of the papers that cite the cases propose for them. Nobody is waited for here: what a
    silent list would have told is found by the searches."""
    by_id = {case.row.id: case for case in cases}
    for paper in known.citing_papers(by_id) if by_id else ():
        _ask_publisher(services, paper, by_id)
        for name, service in _unordered(services):
            left = [case for number in paper.ids if (case := by_id.get(number)) is not None and not case.is_accepted]
            answer = service.references(paper.doi) if left else Nothing()
            if isinstance(answer, Found):
                _hold_against(services, left, name, answer.value)
                break  # the lists of the others are much the same


def _ask_publisher(services: Services, paper: CitingPaper, by_id: Mapping[int, Case]) -> None:
    if services.crossref is None:
        return
    answer = services.crossref.references(paper.doi)
    proposed = dict(_proposed(paper, answer, by_id))
    found = hydrate.records(services, proposed.values()) if proposed else {}
    for number, doi in proposed.items():
        if (work := found[doi].work) is not None and not by_id[number].is_accepted:
            by_id[number].hears_candidates([work], service="crossref", query="deposited")


def _proposed(
    paper: CitingPaper, answer: Answer[tuple[DepositedReference, ...]], by_id: Mapping[int, Case]
) -> Iterator[tuple[int, str]]:
    """(id of the reference, DOI that was deposited for it)."""
    if isinstance(answer, Found):
        for index, entry in aligned(paper.printed, answer.value).items():
            if entry.doi is not None and paper.ids[index] in by_id:
                yield paper.ids[index], entry.doi


def _unordered(services: Services) -> Iterator[tuple[str, CitedWorks]]:
    """Cheapest first."""
    scholar = services.semanticscholar
    keyed = scholar if scholar is not None and scholar.has_key else None
    named = (("openalex", services.openalex), ("semanticscholar", keyed), ("opencitations", services.opencitations))
    yield from ((name, service) for name, service in named if service is not None)


def _hold_against(services: Services, cases: Sequence[Case], name: str, listed: Sequence[Work]) -> None:
    """What could be it is judged by its whole record: those of the lists lack journals, or all but identifiers."""
    works = _with_titles(services, listed)
    by_word = _by_word(works)
    likely = {case.row.id: list(_likely(case, works, by_word)) for case in cases}
    found = hydrate.records(services, [work.doi for ones in likely.values() for work in ones if work.doi])
    for case in cases:
        whole = [(found[work.doi].work or work) if work.doi else work for work in likely[case.row.id]]
        case.hears_candidates(whole, service=name, query="cited")


def _likely(case: Case, works: Sequence[Work], by_word: Mapping[str, Sequence[int]]) -> Iterator[Work]:
    """Those whose first author is printed, and that are not refuted by what is known of them."""
    numbers = {number for word in case.printed.words for number in by_word.get(word.text, ())}
    for number in sorted(numbers)[:MOST_CANDIDATES]:
        judged = judge(case.reference, works[number], service="", query="", printed=case.printed)
        if judged.decision is not Decision.REJECTED:
            yield works[number]


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
