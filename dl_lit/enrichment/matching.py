"""Is it that work? `judge` weighs one candidate against a printed reference, `decide` chooses among the judged.

A candidate needs its title AND an author or the year; where the print has no title, its container AND volume AND
first page AND an author or the year. What contradicts the print vetoes, however much else agrees.
"""

from __future__ import annotations

from collections.abc import Sequence

from dl_lit.enrichment import bodies, conflicts, signals, unexplained
from dl_lit.enrichment.comparison import Comparison, agreements, compare, disagreements
from dl_lit.enrichment.printed import Printed
from dl_lit.enrichment.sameness import same_work
from dl_lit.enrichment.signals import Signal
from dl_lit.enrichment.title_match import TitleMatch, TitleReading
from dl_lit.enrichment.vocabulary import ARTICLES, BOOKS, CHAPTERS
from dl_lit.identity import names, titles
from dl_lit.identity.folding import words
from dl_lit.model import Decision, Enrichment, EnrichmentReason, Evidence, Reference, Work
from dl_lit.refusals import REFUSED

_WEIGHTS = {
    "doi": 0.5, "arxiv": 0.5, "pmid": 0.5, "isbn": 0.3,
    "title": 0.4, "main_title": 0.3, "title_words": 0.2, "title_part": 0.2,
    "first_author": 0.2, "author": 0.1, "year": 0.12, "year_near": 0.06,
    "container": 0.12, "volume": 0.12, "volume_near": 0.06, "first_page": 0.14, "first_page_near": 0.07,
    "last_page": 0.02, "issue": 0.03,
}  # fmt: skip
_OF_CONTAINERS = frozenset(f"type: {kind}" for kind in ARTICLES | CHAPTERS)
_IDENTIFIERS = ("doi", "arxiv", "pmid")
_SEEN = (TitleReading.SAME, TitleReading.MAIN)
_OF_REPORTS = frozenset({"a", "annual", "the", "report", "indicators", "yearbook", "bericht", "jahresbericht", "of"})
_WORDS_OF_A_REGION = 5  # "Latin America and the Caribbean"; a longer subtitle is left out in citing
_LONG_TITLE = 25  # letters from which on one is hardly shared by two works in one place
_SHORT_TITLE = 15  # letters below which a title alone says little


def judge(
    reference: Reference, candidate: Work, *, service: str, query: str, rank: int = 1, printed: Printed | None = None
) -> Evidence:
    """What speaks for and against `candidate` being what is printed, and the verdict on it alone.

    `printed` spares reading the string again for each of many candidates.
    """
    comparison = compare(reference, printed or Printed.of(reference), candidate)
    agreed, disagreed = agreements(comparison), disagreements(comparison)
    vetoes = _vetoes(comparison, candidate)
    decision = _verdict(comparison, candidate, vetoes)
    score = _score(agreed, disagreed, vetoes, comparison.title)
    if decision is Decision.ACCEPTED and (more := _unexplained(reference, comparison, candidate)):
        decision, disagreed = Decision.REVIEW, (*disagreed, f"unexplained: {', '.join(more[:3])}")
    return Evidence(
        service=service,
        query=query,
        candidate=candidate,
        score=score,
        decision=decision,
        agreed=agreed,
        disagreed=disagreed,
        vetoes=vetoes,
        rank=rank,
    )


def _vetoes(c: Comparison, work: Work) -> tuple[str, ...]:
    # Without a printed title, a correction is known by its page like any other work.
    by_its_place = not c.title_printed and _place_is_enough(c, work)
    # A review of a book, or the book of a chapter, is not found in the container that is printed.
    found = [] if by_its_place else [one for one in c.conflicts if not _is_explained(one, c, work)]
    # Of two journals' articles one in a hundred begins on the same page; another volume is another place.
    elsewhere = c.volume is Signal.DISAGREES or (c.page is Signal.DISAGREES and c.volume is not Signal.AGREES)
    contradictions = (
        (
            "authors",
            (c.author is Signal.DISAGREES and not _is_misread(c) and not _is_of_a_body(c, work)) or _is_a_namesake(c),
        ),
        ("year", c.year is Signal.DISAGREES),
        ("title", (c.other_words and not c.on_its_page) or (c.near_words and not _is_placed(c))),
        ("part", c.title.other_part and not _same_place(c)),
        ("subtitle", c.title.other_subtitle),
        ("second work", c.title.second_work),
        ("told of", c.told_of),
        ("goes with another work", c.title.offshoot and not c.on_its_page),
        ("form", c.other_form),
        ("edition", c.other_edition),
        ("volume", _is_next_of_a_series(c, work)),
        ("pages", c.page is Signal.DISAGREES and not _pages_may_differ(c, work)),
        ("container", c.container is False and (elsewhere or _is_in_every_journal(c, work))),
    )
    return (*found, *(name for name, holds in contradictions if holds))


def _is_misread(c: Comparison) -> bool:
    """One letter of a name is wrong, and all else right: "Kem" is Kern."""
    seen = c.title.reading in _SEEN or not c.title_printed
    return c.misread and seen and c.year is Signal.AGREES and _same_place(c)


def _is_of_a_body(c: Comparison, work: Work) -> bool:
    """A group's article is cited by who wrote it, or by the body above the group: a long title, the year, and the
    whole place or an identifier say which it is."""
    seen = c.title.reading in _SEEN and not titles.is_generic(work.title or "")
    long = len(titles.key(c.title.printed or "")) >= _LONG_TITLE
    return c.by_a_body and seen and long and c.year is Signal.AGREES and (_same_place(c) or bool(c.identifiers))


def _is_a_namesake(c: Comparison) -> bool:
    """ "P. Smith" is not John Smith where the place or the year is another one, too."""
    if c.given_name is not Signal.DISAGREES or c.identifiers or c.on_its_page:
        return False
    otherwise = Signal.DISAGREES in (c.volume, c.page) or c.container is False
    return otherwise or (c.year is Signal.NEAR and c.container is not True)


def _is_explained(conflict: str, c: Comparison, work: Work) -> bool:
    """The kind of thing is right after all where its container is printed; and reviews bear the titles of books."""
    if conflict == conflicts.REVIEWED:
        return work.type in ARTICLES and c.on_its_page and c.author is Signal.AGREES
    return conflict in _OF_CONTAINERS and bool(c.container)


def _is_next_of_a_series(c: Comparison, work: Work) -> bool:
    """Another volume, the year one off, and a title that differs in some letters or their order: that the same page
    begins something there is chance. A generic title comes in every issue."""
    if c.identifiers or not c.title_printed:
        return False
    if titles.is_generic(work.title or ""):
        return Signal.DISAGREES in (c.volume, c.issue)
    if c.volume is Signal.DISAGREES and signals.page_key(work.pages) == "1":
        return True  # where each article begins on page 1, the page tells nothing
    is_exact = titles.key(c.title.printed or "") in titles.key(c.title.variant or "-")
    return c.volume is Signal.DISAGREES and c.year is Signal.NEAR and not is_exact


def _is_in_every_journal(c: Comparison, work: Work) -> bool:
    """ "Editorial" 12, 1-2: other journals, too, have a volume 12."""
    seen = c.title.reading in _SEEN
    return seen and titles.is_generic(work.title or "") and not c.identifiers


def _same_place(c: Comparison) -> bool:
    return c.container is True and c.volume is Signal.AGREES and c.page is Signal.AGREES


def _is_placed(c: Comparison) -> bool:
    """Whether the container, the volume or the page is that of the record, and none of them another one."""
    signs = (c.volume, c.page)
    return Signal.DISAGREES not in signs and (c.container is True or Signal.AGREES in signs)


def _pages_may_differ(c: Comparison, work: Work) -> bool:
    """An article online first counts its pages from 1, and a page can be misprinted: all else must then be as printed.
    With another volume or a longer title it is another article of its author, as it is with another issue or year."""
    if c.title.reading is not TitleReading.SAME or titles.is_generic(work.title or "") or not (_who(c) and _when(c)):
        return False
    if c.next_page and c.author is Signal.AGREES and c.container is True and c.volume is Signal.AGREES:
        return c.issue is not Signal.DISAGREES
    if c.volume is Signal.DISAGREES or c.title.more_subtitle:
        return False
    # Meetings have a title once: "In CVPR, 2016. 2, 5" ends with the pages where it is cited.
    at_a_meeting = not work.volume and c.container is True and c.year is Signal.AGREES
    is_like = c.like_page or c.issue is Signal.AGREES or at_a_meeting
    if signals.page_key(work.pages) != "1" and (c.issue is Signal.DISAGREES or c.year is Signal.NEAR or not is_like):
        return False
    return c.volume is Signal.AGREES or c.container is True


def _score(agreed: Sequence[str], disagreed: Sequence[str], vetoes: Sequence[str], title: TitleMatch) -> float:
    """Agreement against disagreement, damped while little is known; vetoed candidates stay below one half."""
    likeness = titles.similarity(title.printed, title.variant) if title.printed and title.variant else 1.0
    pro = sum(_WEIGHTS[name] * (likeness if name in ("title", "main_title") else 1.0) for name in agreed)
    contra = sum(_WEIGHTS[name] for name in disagreed)
    score = pro / (pro + contra + 0.15) if pro else 0.0
    return round(min(score, 0.49) if vetoes else score, 4)


def _verdict(c: Comparison, work: Work, vetoes: Sequence[str]) -> Decision:
    if not vetoes and _is_enough(c, work):
        return Decision.ACCEPTED
    return Decision.REVIEW if _is_worth_a_look(c, vetoes) else Decision.REJECTED


def _unexplained(reference: Reference, c: Comparison, work: Work) -> tuple[str, ...]:
    """Printed words that nothing in the record accounts for: another form, edition or container. A printed identifier
    or place says which work it is all the same."""
    in_volume = c.container is True and c.volume is Signal.AGREES
    if c.identifiers or c.on_its_page or in_volume or not c.title_printed:
        return ()
    placed = c.container is True or c.page is Signal.AGREES  # other journals have such a volume, too
    return unexplained.words(
        reference, c.outside, work, placed=placed or conflicts.recurs(work), subtitle=c.title.more_subtitle
    )


def _is_enough(c: Comparison, work: Work) -> bool:
    if c.identifiers and _fits_its_identifier(c):
        return True
    if c.title.reading in _SEEN:
        return _title_is_enough(c, work)
    if c.title.reading is TitleReading.WORDS and _words_are_enough(c, work):
        return True
    if c.title.reading is TitleReading.CUT and _cut_is_enough(c):
        return True
    return (c.title.reading is TitleReading.WORDS or not c.title_printed) and _place_is_enough(c, work)


def _fits_its_identifier(c: Comparison) -> bool:
    """A printed identifier is evidence, not proof: the record must look like the print, where there is one."""
    if c.bare or c.title.reading in _SEEN:
        return True
    signs = sum((_who(c), _when(c), c.container is True, c.volume is Signal.AGREES, c.page is Signal.AGREES))
    if c.title_printed and c.title.reading is TitleReading.UNSEEN:
        return _who(c) and _when(c) and c.page is Signal.AGREES and signs >= 4
    return signs >= 1


def _title_is_enough(c: Comparison, work: Work) -> bool:
    title = work.title or ""
    placed = (c.container is True) + (c.volume is Signal.AGREES) + (c.page is Signal.AGREES)
    if titles.is_generic(title):
        return _when(c) and placed >= 1 and _generic_is_enough(c, work)
    if not placed and _may_be_yearly(c, work):
        return False
    if c.title.bracketed and not placed:
        return False  # of books, original and translation share their authors, and often the year
    if len(titles.key(title)) < _SHORT_TITLE:
        if work.type in BOOKS and (c.author, c.year) == (Signal.AGREES, Signal.AGREES):
            return True  # books have short titles, and no container to show
        return _when(c) and placed >= (1 if _who(c) or c.complete else 2)
    if c.title.reading is TitleReading.MAIN:
        return (_who(c) and _when(c)) or ((_who(c) or _when(c)) and placed >= 2) or _issue_is_enough(c)
    if _who(c):
        return True
    return _when(c) and (placed >= 1 or len(titles.key(title)) >= 40)


def _issue_is_enough(c: Comparison) -> bool:
    """Without authors and numbers of volume and page: the container, the year and the issue."""
    silent = Signal.DISAGREES not in (c.author, c.volume, c.page)
    return silent and c.year is Signal.AGREES and c.container is True and c.issue is Signal.AGREES


def _may_be_yearly(c: Comparison, work: Work) -> bool:
    """Bodies issue reports of one title every year, and for regions beside the whole: another year, a subtitle that
    only the print has, or a short one that only the record has makes another report."""
    by_a_body = all(one.given is None and bodies.is_without_given_name(one) for one in work.authors or work.editors)
    if work.type not in BOOKS | {"report", "proceedings", None} or not by_a_body:
        return False
    own = {names.fold_word(word) for one in work.authors for word in words(one.name or one.family or "")}
    own |= {acronym for one in work.authors for acronym in names.acronyms(one)}
    more, less = (
        [word for word in words(told) if names.fold_word(word) not in own | _OF_REPORTS]
        for told in (c.title.more_subtitle, c.title.rest)
    )
    return c.year is Signal.NEAR or bool(more) or 0 < len(less) <= _WORDS_OF_A_REGION


def _generic_is_enough(c: Comparison, work: Work) -> bool:
    """ "Editorial" is in every issue: the page says which it is, or the author and the issue; a record without any page
    must have nothing that is not printed."""
    if c.page is Signal.AGREES:
        return c.on_its_page
    if signals.page_key(work.pages) is None:
        return c.complete and (_who(c) or (c.volume is Signal.AGREES and (c.explained or c.issue is Signal.AGREES)))
    return c.container is True and _fits(c.volume) and c.author is Signal.AGREES and c.issue is Signal.AGREES


def _words_are_enough(c: Comparison, work: Work) -> bool:
    """A title whose words stand in another order needs its first author, its year and its container."""
    if c.container is not True or c.year is not Signal.AGREES or titles.is_generic(work.title or ""):
        return False
    return c.author is Signal.AGREES or (c.complete and len(titles.key(work.title or "")) >= 40)


def _cut_is_enough(c: Comparison) -> bool:
    """A part of the title: the first author, volume and page, and the container or the very year."""
    if c.author is not Signal.AGREES or Signal.AGREES is not c.volume or Signal.AGREES is not c.page:
        return False
    return (c.container is True and _when(c)) or (c.container is None and c.year is Signal.AGREES)


def _place_is_enough(c: Comparison, work: Work) -> bool:
    """Container, volume, first page and an author or the year; what the record itself lacks needs more of the rest."""
    if c.container is not True:
        return False
    if c.second_place:
        return False
    if _fits(c.page) and _fits(c.volume):
        near = Signal.NEAR in (c.page, c.volume)
        return (_who(c) and _when(c)) if near else (_who(c) or _when(c))
    if c.page is Signal.AGREES and not work.volume:
        return _chapter_is_enough(c, work)
    if signals.page_key(work.pages) is None and (not work.volume or _fits(c.volume)):
        return _unpaged_is_enough(c, work)
    return False


def _chapter_is_enough(c: Comparison, work: Work) -> bool:
    """Without a volume: the author and the year; where there is no author, the range of pages, or a page so far back
    that few works begin there."""
    if c.author is Signal.AGREES:
        return _when(c)
    if work.authors or c.author is Signal.DISAGREES or not (c.complete and c.explained):
        return False
    return c.last_page is Signal.AGREES or len(signals.page_key(work.pages) or "") >= 3


def _unpaged_is_enough(c: Comparison, work: Work) -> bool:
    """Without a page: all of several authors and the year. One author alone could have written more than one work
    there in that year, unless the volume says which, or the print and the record have nothing else to say."""
    if c.year is not Signal.AGREES or c.author is not Signal.AGREES:
        return False
    if c.all_authors:
        return bool(work.volume) or c.explained
    return c.complete and c.explained and c.given_name is Signal.AGREES


def _fits(signal: Signal) -> bool:
    return signal in (Signal.AGREES, Signal.NEAR)


def _who(c: Comparison) -> bool:
    return c.author in (Signal.AGREES, Signal.NEAR)


def _when(c: Comparison) -> bool:
    return c.year in (Signal.AGREES, Signal.NEAR)


def _is_worth_a_look(c: Comparison, vetoes: Sequence[str]) -> bool:
    if c.identifiers:
        return True
    if c.conflicts or c.title.other_part:
        return False
    if c.title.reading in _SEEN:
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
    if any(_contradicts_itself(e) for e in kept):
        return Enrichment(Decision.REVIEW, evidence=kept, reason=EnrichmentReason.CONFLICT)
    if any(e.decision is Decision.REVIEW for e in kept):
        return Enrichment(Decision.REVIEW, evidence=kept, reason=EnrichmentReason.WEAK_MATCH)
    reason = EnrichmentReason.NO_MATCH if kept else EnrichmentReason.NO_CANDIDATES
    return Enrichment(Decision.REJECTED, evidence=kept, reason=reason)


# Scores nearer than this are equal: what differs is not in the print.
_MARGIN = 0.004


def is_named(evidence: Evidence) -> bool:
    """Whether the print bears an identifier of this candidate."""
    return any(kind in evidence.agreed for kind in _IDENTIFIERS)


def _contradicts_itself(evidence: Evidence) -> bool:
    """Whether the print bears an identifier of this candidate, and describes another work; no person has looked yet."""
    if REFUSED in evidence.vetoes:
        return False
    return is_named(evidence) and bool(evidence.vetoes or "title" in evidence.disagreed)


def _preference(evidence: Evidence) -> tuple[bool, float, bool, bool, bool, int, int, str]:
    """Sorts the better first, and the same way on every run."""
    work = evidence.candidate
    filled = sum(1 for value in (work.volume, work.pages, work.container, work.year, work.authors) if value)
    return (
        not is_named(evidence),
        -evidence.score,
        conflicts.is_redeposit(work),
        work.type == "posted-content",
        work.doi is None,  # nothing leads from such a record to a copy
        -filled,
        -len(titles.key(work.title or "")) if "title" in evidence.agreed else 0,  # more of the print is explained
        work.doi or work.openalex_id or work.title or "",
    )
