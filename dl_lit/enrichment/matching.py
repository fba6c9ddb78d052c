"""Is it that work? `judge` weighs one candidate against a printed reference, `decide` chooses among the judged.

A candidate needs its title AND an author or the year; where the print has no title, its container AND volume AND
first page AND an author or the year. What contradicts the print vetoes, however much else agrees.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import process

from dl_lit.enrichment import conflicts, containers, signals
from dl_lit.enrichment.printed import Printed, Span
from dl_lit.enrichment.signals import Signal
from dl_lit.enrichment.title_match import TitleMatch, TitleReading, compare
from dl_lit.enrichment.vocabulary import ARTICLES, CHAPTERS, FURNITURE
from dl_lit.identity import names, titles
from dl_lit.model import Decision, Enrichment, EnrichmentReason, Evidence, Person, Reference, Work

_WEIGHTS = {
    "doi": 0.5, "arxiv": 0.5, "pmid": 0.5, "isbn": 0.3,
    "title": 0.4, "main_title": 0.3, "title_words": 0.2,
    "first_author": 0.2, "author": 0.1, "year": 0.12, "year_near": 0.06,
    "container": 0.12, "volume": 0.12, "first_page": 0.14, "issue": 0.03,
}  # fmt: skip
_OF_CONTAINERS = frozenset(f"type: {kind}" for kind in ARTICLES | CHAPTERS)
_SHORT_TITLE = 15  # letters below which a title alone says little
# Fewer letters than this beside names, container and numbers are no title.
_NO_TITLE_LETTERS = 14


@dataclass(frozen=True, slots=True)
class Comparison:
    """All signals of one candidate."""

    title: TitleMatch
    container: bool | None  # None: not said
    author: Signal
    year: Signal
    volume: Signal
    issue: Signal
    page: Signal
    identifiers: tuple[str, ...]
    other_identifiers: tuple[str, ...]
    title_printed: bool  # the print shows some title, this one or another
    all_authors: bool  # there are several, and all are printed
    complete: bool  # the record has nothing (people, year, container, volume, pages) that the print does not show
    conflicts: tuple[str, ...]


def judge(
    reference: Reference, candidate: Work, *, service: str, query: str, rank: int = 1, printed: Printed | None = None
) -> Evidence:
    """What speaks for and against `candidate` being what is printed, and the verdict on it alone.

    `printed` spares reading the string again for each of many candidates.
    """
    comparison = _compare(reference, printed or Printed.of(reference), candidate)
    agreed, disagreed = _agreed(comparison), _disagreed(comparison)
    vetoes = _vetoes(comparison, candidate)
    return Evidence(
        service=service,
        query=query,
        candidate=candidate,
        score=_score(agreed, disagreed, vetoes),
        decision=_verdict(comparison, candidate, vetoes),
        agreed=agreed,
        disagreed=disagreed,
        vetoes=vetoes,
        rank=rank,
    )


def _compare(reference: Reference, printed: Printed, work: Work) -> Comparison:
    title = compare(reference, printed, work)
    container = containers.find(printed, work.container, title.span) if work.container else None
    taken = [span for span in (title.span, container) if span is not None]
    agreed, other = _identifiers(reference, work)
    author = signals.authors(reference, printed, work, taken)
    year = signals.year(reference, printed, work, taken)
    volume = signals.volume(reference, printed, work, taken)
    page = signals.first_page(reference, printed, work, taken)
    same_container = _container(reference, work, container)
    return Comparison(
        title=title,
        container=same_container,
        author=author,
        year=year,
        volume=volume,
        issue=signals.issue(reference, printed, work, taken),
        page=page,
        all_authors=signals.all_authors(reference, printed, work, taken),
        complete=same_container is True
        and all(
            not has or signal is Signal.AGREES
            for has, signal in (
                (work.authors, author),
                (work.year, year),
                (work.volume, volume),
                (signals.page_key(work.pages), page),
            )
        ),
        identifiers=agreed,
        other_identifiers=other,
        title_printed=title.span is not None or _shows_a_title(reference, printed, work, taken),
        conflicts=tuple(conflicts.of_type(reference, printed, work)),
    )


def _identifiers(reference: Reference, work: Work) -> tuple[tuple[str, ...], tuple[str, ...]]:
    both = [
        (kind, ours == theirs)
        for kind in ("doi", "arxiv", "pmid", "isbn")
        if (ours := getattr(reference, kind)) and (theirs := getattr(work, kind))
    ]
    return tuple(kind for kind, same in both if same), tuple(kind for kind, same in both if not same)


def _container(reference: Reference, work: Work, found: Span | None) -> bool | None:
    if not work.container:
        return None
    if found is not None or (reference.container and containers.alike(reference.container, work.container)):
        return True
    return False if reference.container else None


def _shows_a_title(reference: Reference, printed: Printed, work: Work, taken: Sequence[Span]) -> bool:
    """Whether the print says more than people, container and numbers: then it has a title, and not this one."""
    people = (*work.authors, *work.editors, *reference.authors, *reference.editors)
    known = {names.fold_word(part) for one in people for part in _name_parts(one)} | FURNITURE
    rest = [
        word.text
        for word in printed.words_outside(taken)
        if word.text.isalpha() and len(word.text) > 2 and word.text not in known
    ]
    letters = sum(len(word) for word in rest if process.extractOne(word, known, score_cutoff=75) is None)
    return letters >= _NO_TITLE_LETTERS


def _name_parts(person: Person) -> list[str]:
    return re.split(r"[\s.,\-]+", f"{person.family or ''} {person.given or ''} {person.name or ''}")


def _agreed(c: Comparison) -> tuple[str, ...]:
    signs = [
        *[(kind, True) for kind in c.identifiers],
        ("title", c.title.reading is TitleReading.SAME),
        ("title_words", c.title.reading is TitleReading.WORDS),
        ("main_title", c.title.reading is TitleReading.MAIN),
        ("first_author", c.author is Signal.AGREES),
        ("author", c.author is Signal.NEAR),
        ("year", c.year is Signal.AGREES),
        ("year_near", c.year is Signal.NEAR),
        ("container", c.container is True),
        ("volume", c.volume is Signal.AGREES),
        ("first_page", c.page is Signal.AGREES),
        ("issue", c.issue is Signal.AGREES),
    ]
    return tuple(name for name, holds in signs if holds)


def _disagreed(c: Comparison) -> tuple[str, ...]:
    signs = [
        *[(kind, True) for kind in c.other_identifiers],
        ("title", c.title.reading is TitleReading.UNSEEN and c.title_printed),
        ("first_author", c.author is Signal.DISAGREES),
        ("year", c.year is Signal.DISAGREES),
        ("container", c.container is False),
        ("volume", c.volume is Signal.DISAGREES),
        ("first_page", c.page is Signal.DISAGREES),
        ("issue", c.issue is Signal.DISAGREES),
    ]
    return tuple(name for name, holds in signs if holds)


def _vetoes(c: Comparison, work: Work) -> tuple[str, ...]:
    # Without a printed title, a correction is known by its page like any other work.
    by_its_place = not c.title_printed and _place_is_enough(c, work)
    # A review of a book, or the book of a chapter, is not found in the container that is printed.
    found = [] if by_its_place else [one for one in c.conflicts if not (one in _OF_CONTAINERS and c.container)]
    if c.author is Signal.DISAGREES:
        found.append("authors")
    if c.year is Signal.DISAGREES:
        found.append("year")
    if c.title.other_part and not _same_place(c):
        found.append("part")
    if c.title.other_subtitle:
        found.append("subtitle")
    if c.page is Signal.DISAGREES and not _pages_may_differ(c, work):
        found.append("pages")
    if c.container is False and Signal.DISAGREES in (c.volume, c.page) and Signal.AGREES not in (c.volume, c.page):
        found.append("container")
    return tuple(found)


def _same_place(c: Comparison) -> bool:
    return c.container is True and c.volume is Signal.AGREES and c.page is Signal.AGREES


def _pages_may_differ(c: Comparison, work: Work) -> bool:
    """An article online first counts its pages from 1: all else must then be as printed."""
    return (
        c.title.reading is TitleReading.SAME
        and not titles.is_generic(work.title or "")
        and c.author in (Signal.AGREES, Signal.NEAR)
        and c.year in (Signal.AGREES, Signal.NEAR)
        and (c.volume is Signal.AGREES or c.container is True)
    )


def _score(agreed: Sequence[str], disagreed: Sequence[str], vetoes: Sequence[str]) -> float:
    """Agreement against disagreement, damped while little is known; vetoed candidates stay below one half."""
    pro = sum(_WEIGHTS[name] for name in agreed)
    contra = sum(_WEIGHTS[name] for name in disagreed)
    score = pro / (pro + contra + 0.15) if pro else 0.0
    return round(min(score, 0.49) if vetoes else score, 4)


def _verdict(c: Comparison, work: Work, vetoes: Sequence[str]) -> Decision:
    if not vetoes and _is_enough(c, work):
        return Decision.ACCEPTED
    return Decision.REVIEW if _is_worth_a_look(c, vetoes) else Decision.REJECTED


def _is_enough(c: Comparison, work: Work) -> bool:
    if c.identifiers and _fits_its_identifier(c):
        return True
    if c.title.reading in (TitleReading.SAME, TitleReading.MAIN):
        return _title_is_enough(c, work)
    return (c.title.reading is TitleReading.WORDS or not c.title_printed) and _place_is_enough(c, work)


def _fits_its_identifier(c: Comparison) -> bool:
    """A printed identifier is evidence, not proof: the record must look like the print."""
    if c.title.reading in (TitleReading.SAME, TitleReading.MAIN):
        return True
    signs = sum((_who(c), _when(c), c.container is True, c.volume is Signal.AGREES, c.page is Signal.AGREES))
    if c.title_printed and c.title.reading is TitleReading.UNSEEN:
        return _who(c) and _when(c) and c.page is Signal.AGREES and signs >= 4
    return signs >= 2


def _title_is_enough(c: Comparison, work: Work) -> bool:
    title = work.title or ""
    placed = (c.container is True) + (c.volume is Signal.AGREES) + (c.page is Signal.AGREES)
    if titles.is_generic(title) or len(titles.key(title)) < _SHORT_TITLE:
        proven = _who(c) or c.complete
        least = 1 if (proven and not titles.is_generic(title)) or (_who(c) and c.complete) else 2
        return _when(c) and placed >= least
    if c.title.reading is TitleReading.MAIN:
        return (_who(c) and _when(c)) or ((_who(c) or _when(c)) and placed >= 2)
    if _who(c):
        return True
    return _when(c) and (placed >= 1 or len(titles.key(title)) >= 40)


def _place_is_enough(c: Comparison, work: Work) -> bool:
    """Container, volume, first page and an author or the year. What the record itself lacks needs more of the rest:
    without a volume (chapters) the author and the year; without a page all of several authors and the year."""
    if c.container is not True:
        return False
    if c.page is Signal.AGREES and c.volume is Signal.AGREES:
        return _who(c) or _when(c)
    if c.page is Signal.AGREES and not work.volume:
        return c.author is Signal.AGREES and c.year is Signal.AGREES
    if c.volume is Signal.AGREES and signals.page_key(work.pages) is None:
        return c.all_authors and c.year is Signal.AGREES
    return False


def _who(c: Comparison) -> bool:
    return c.author in (Signal.AGREES, Signal.NEAR)


def _when(c: Comparison) -> bool:
    return c.year in (Signal.AGREES, Signal.NEAR)


def _is_worth_a_look(c: Comparison, vetoes: Sequence[str]) -> bool:
    if c.identifiers:
        return True
    if c.conflicts or c.title.other_part:
        return False
    if c.title.reading in (TitleReading.SAME, TitleReading.MAIN):
        return _who(c) or (_when(c) and not vetoes)
    placed = (c.container is True) + (c.volume is Signal.AGREES) + (c.page is Signal.AGREES)
    return not vetoes and (placed + _who(c) + _when(c) >= 4 or (c.complete and c.all_authors and _when(c)))


def decide(reference: Reference, evidence: Sequence[Evidence]) -> Enrichment:
    """The verdict over all candidates looked at: the best acceptable one, unless another work fits as well."""
    kept = tuple(evidence)
    accepted = sorted((e for e in kept if e.decision is Decision.ACCEPTED), key=_preference)
    if accepted:
        best = accepted[0]
        rivals = [
            e for e in accepted[1:] if e.score >= best.score - _MARGIN and not same_work(best.candidate, e.candidate)
        ]
        if rivals:
            return Enrichment(Decision.REVIEW, evidence=kept, reason=EnrichmentReason.AMBIGUOUS)
        return Enrichment(Decision.ACCEPTED, work=best.candidate, evidence=kept)
    if any(_names_it(e) for e in kept):
        return Enrichment(Decision.REVIEW, evidence=kept, reason=EnrichmentReason.CONFLICT)
    if any(e.decision is Decision.REVIEW for e in kept):
        return Enrichment(Decision.REVIEW, evidence=kept, reason=EnrichmentReason.WEAK_MATCH)
    reason = EnrichmentReason.NO_MATCH if kept else EnrichmentReason.NO_CANDIDATES
    return Enrichment(Decision.REJECTED, evidence=kept, reason=reason)


_MARGIN = 0.03


def _names_it(evidence: Evidence) -> bool:
    """Whether the print bears an identifier of this candidate."""
    return any(kind in evidence.agreed for kind in ("doi", "arxiv", "pmid"))


def _preference(evidence: Evidence) -> tuple[bool, float, bool, bool, int, str]:
    """Sorts the better first, and the same way on every run."""
    work = evidence.candidate
    filled = sum(1 for value in (work.volume, work.pages, work.container, work.year, work.authors) if value)
    return (
        not _names_it(evidence),
        -evidence.score,
        conflicts.is_redeposit(work),
        work.type == "posted-content",
        -filled,
        work.doi or work.openalex_id or work.title or "",
    )


def same_work(a: Work, b: Work) -> bool:
    """Two records of one work: a duplicate deposit with the same fields, or a preprint and its article."""
    if a.doi and a.doi == b.doi:
        return True
    if (
        not a.title
        or not b.title
        or titles.key(a.title) != titles.key(b.title)
        or titles.numbers(a.title) != titles.numbers(b.title)
    ):
        return False
    if _at_one_place(a, b):
        return True
    if not _same_first_author(a, b):
        return False
    gap = abs(a.year - b.year) if a.year and b.year else 0
    if (a.type == "posted-content") != (b.type == "posted-content"):
        return gap <= 3
    same_pages = not a.pages or not b.pages or signals.page_key(a.pages) == signals.page_key(b.pages)
    return gap <= 1 and same_pages and not titles.is_generic(a.title)


def _at_one_place(a: Work, b: Work) -> bool:
    """Two records with one title on one page of one volume, whatever became of their authors."""
    keys = [(signals.page_key(w.volume), signals.page_key(w.pages), titles.key(w.container or "")) for w in (a, b)]
    return keys[0] == keys[1] and all(keys[0])


def _same_first_author(a: Work, b: Work) -> bool:
    if not a.authors or not b.authors:
        return not a.authors and not b.authors
    return names.same_family(a.authors[0], b.authors[0])
