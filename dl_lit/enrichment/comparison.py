"""All signals of one candidate against one printed reference, and their names in the evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from dl_lit.enrichment import (
    bodies,
    conflicts,
    containers,
    datasets,
    forms,
    known,
    multivolume,
    series,
    signals,
    title_match,
    title_sentence,
)
from dl_lit.enrichment.printed import Printed, Span
from dl_lit.enrichment.signals import Outside, Signal
from dl_lit.enrichment.title_match import TitleMatch, TitleReading
from dl_lit.enrichment.vocabulary import ARTICLES, BOOKS, FURNITURE
from dl_lit.identity import centuries, editions, names, parts, title_words, titles
from dl_lit.model import Reference, Work

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
    on_its_page: bool  # page and volume or container agree: nothing else begins there
    told_of: bool  # the record's place is told in brackets, before the place of what is cited
    second_place: bool  # another volume and page are printed before the record's
    next_page: bool  # the page before or behind the record's is printed
    like_page: bool  # a letter or digit of the record's page is wrong, too many or left out
    misread: bool  # none of the authors is printed, but a name that differs from the first by one letter
    by_a_body: bool  # none of the authors is printed, and print or record name a body or nobody
    last_page: Signal
    given_name: Signal  # the first author's initial
    all_authors: bool  # there are several, and all are printed
    explained: bool  # beside a title the print has no number that is not the record's
    complete: bool  # the record has nothing (people, year, container, volume, pages) that the print does not show
    conflicts: tuple[str, ...]
    other_words: bool  # the title printed has words that the record's does not have, or the other way round
    near_words: bool  # a word of the title is printed in another form, or as one that rhymes
    other_form: bool  # a thesis, talk or report is printed and the record is an article, or the other way round
    other_edition: bool  # the print names an edition that the record can't be
    outside: Outside
    bare: bool  # beside an identifier nothing is printed that could be compared


def compare(reference: Reference, printed: Printed, work: Work) -> Comparison:
    if printed.has_centuries:
        reference, printed, work = _with_centuries_alike(reference, printed, work)
    reference = _without_statements(reference, printed, work)
    if volume_of := multivolume.find(reference, printed, work):
        reference = volume_of.reference
        title = TitleMatch(TitleReading.SAME, volume_of.span, reference.title, reference.title)
    elif data := datasets.find(printed, work):
        reference = replace(reference, title=printed.within(data), type="dataset")
        title = TitleMatch(TitleReading.SAME, data, reference.title, reference.title)
    else:
        title = title_match.compare(reference, printed, work)
        if multivolume.is_another(reference, printed, work):
            title = replace(title, other_part=True)
    container = containers.find(printed, work.container, title.span) if work.container else None
    outside = Outside(printed, [span for span in (title.span, container) if span is not None])
    agreed, other = _identifiers(reference, work)
    author = signals.authors(reference, outside, work)
    year = signals.year(reference, outside, work)
    volume = signals.volume(reference, outside, work)
    page = signals.first_page(reference, outside, work)
    same_container = _container(reference, work, container, title)
    on_its_page = page is Signal.AGREES and (volume is Signal.AGREES or same_container is True)
    return Comparison(
        title=title,
        container=same_container,
        author=author,
        year=year,
        volume=volume,
        issue=signals.issue(reference, outside, work),
        page=page,
        told_of=signals.is_told_of(outside, work),
        second_place=signals.is_second_place(outside, work),
        next_page=page is Signal.DISAGREES and signals.is_next_page(reference, work),
        like_page=page is Signal.DISAGREES and signals.is_like_page(reference, outside, work),
        misread=author is Signal.DISAGREES and on_its_page and signals.is_misread(reference, work),
        by_a_body=author is Signal.DISAGREES
        and title.span is not None
        and bodies.is_on_one_side(reference, printed.before(title.span), work),
        last_page=signals.last_page(outside, work),
        given_name=signals.given_name(reference, work),
        explained=same_container is True and not signals.unexplained_numbers(outside, work),
        all_authors=author is Signal.AGREES and signals.all_authors(reference, outside, work),
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
        title_printed=title.span is not None or _shows_a_title(reference, outside, work),
        conflicts=tuple(conflicts.of_type(reference, printed, work, title.span)),
        other_words=_other_words(reference, printed, work, title, container),
        near_words=title_words.may_differ(title.printed or "", title.variant or ""),
        other_form=title.printed is not None
        and not on_its_page
        and not (agreed and work.type == "posted-content")
        and (
            forms.is_another(reference, outside.text, work, in_container=same_container)
            or (page is Signal.DISAGREES and signals.is_in_a_supplement(outside, work))
        ),
        on_its_page=on_its_page,
        outside=outside,
        other_edition=conflicts.is_another_edition(reference, printed, work, other_page=page is Signal.DISAGREES),
        bare=len(printed.letters) < 4,
    )


def _with_centuries_alike(reference: Reference, printed: Printed, work: Work) -> tuple[Reference, Printed, Work]:
    """All three with one form of centuries, where both print and record have them."""
    if not centuries.are_named(f"{work.title} {work.subtitle}"):
        return reference, printed, work
    form = centuries.in_one_form
    title = centuries.title_in_one_form(reference.title, reference.raw)
    reference = replace(reference, raw=form(reference.raw), title=title)
    own = replace(work, title=form(work.title or ""), subtitle=form(work.subtitle) if work.subtitle else None)
    return reference, Printed.of(reference), own


def _without_statements(reference: Reference, printed: Printed, work: Work) -> Reference:
    """`reference` without editions and volumes that were read as the end of its title, where the record's has none, and
    without the series of a book."""
    title = work.title or ""
    if work.type in ARTICLES:
        return reference
    if work.type in BOOKS and (named := series.find(reference, printed.text)):
        reference = series.cut(reference, printed.text, named)
    if printed.editions and not editions.find(title):
        reference = editions.cut(reference, printed.text, printed.editions)
    if printed.parts and not any(parts.find(title)):
        ended = [one for one in printed.parts if (reference.title or "") in printed.text[: one.end + 2]]
        reference = editions.cut(reference, printed.text, ended)
    return reference


def _identifiers(reference: Reference, work: Work) -> tuple[tuple[str, ...], tuple[str, ...]]:
    both = [
        (kind, ours == theirs)
        for kind in ("doi", "arxiv", "pmid", "isbn")
        if (ours := getattr(reference, kind)) and (theirs := getattr(work, kind))
    ]
    return tuple(kind for kind, same in both if same), tuple(kind for kind, same in both if not same)


def _container(reference: Reference, work: Work, found: Span | None, title: TitleMatch) -> bool | None:
    if not work.container:
        return None
    if found is not None or (reference.container and containers.alike(reference.container, work.container)):
        return True
    if title.reading is TitleReading.CUT and titles.key(reference.container or "") in titles.key(work.title or ""):
        return None  # the end of a spoilt title was read as container
    return False if reference.container else None


def _other_words(reference: Reference, printed: Printed, work: Work, title: TitleMatch, container: Span | None) -> bool:
    """Whether the title that is printed has other words than the record's, or goes on before or behind it."""
    if title.reading is TitleReading.WORDS and reference.title:
        theirs = f"{work.title} {work.subtitle or ''}"
        return title_words.adds(reference.title, theirs, _known_words(reference, work))
    if not title.printed or not title.variant:
        return False
    own = _known_words(reference, work)
    if title_words.differ(title.printed, title.variant, own):
        return True
    return title.span is not None and title_sentence.goes_on(printed, title.span, container, own, reference.title)


def _known_words(reference: Reference, work: Work) -> frozenset[str]:
    """Words of people, containers and publishers, which are no part of a title beside them; and the record's own."""
    fields = (reference.container, reference.publisher, reference.place)
    return known.of_record(reference, work).union(*map(names.folded_words, fields))


def _shows_a_title(reference: Reference, outside: Outside, work: Work) -> bool:
    """Whether the print says more than people, container and numbers: then it has a title, and not this one."""
    own = known.of_people(reference, work) | FURNITURE
    rest = [word.text for word in outside.words if word.text.isalpha() and len(word.text) > 2 and word.text not in own]
    letters = 0
    for word in rest:
        if process.extractOne(word, own, scorer=fuzz.ratio, score_cutoff=75) is None:
            letters += len(word)
        if letters >= _NO_TITLE_LETTERS:
            return True
    return False


def agreements(c: Comparison) -> tuple[str, ...]:
    signs = [
        *[(kind, True) for kind in c.identifiers],
        ("title", c.title.reading is TitleReading.SAME),
        ("title_words", c.title.reading is TitleReading.WORDS),
        ("title_part", c.title.reading is TitleReading.CUT),
        ("main_title", c.title.reading is TitleReading.MAIN),
        ("first_author", c.author is Signal.AGREES),
        ("author", c.author is Signal.NEAR),
        ("year", c.year is Signal.AGREES),
        ("year_near", c.year is Signal.NEAR),
        ("container", c.container is True),
        ("volume", c.volume is Signal.AGREES),
        ("volume_near", c.volume is Signal.NEAR),
        ("first_page", c.page is Signal.AGREES),
        ("first_page_near", c.page is Signal.NEAR),
        ("last_page", c.last_page is Signal.AGREES),
        ("issue", c.issue is Signal.AGREES),
    ]
    return tuple(name for name, holds in signs if holds)


def disagreements(c: Comparison) -> tuple[str, ...]:
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
