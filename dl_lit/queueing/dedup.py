"""Are two works of verified metadata one? Rules from the surest to the weakest, and what forbids them.

A wrong merge hides a work from its reader, a missed one costs a second download: in doubt they are two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dl_lit.identity import names, titles
from dl_lit.model import Person, Twin, Work

_IDENTIFIERS = ("openalex_id", "arxiv", "pmid", "pmcid")
TITLE_RULE = "title_authors_year"
RULES = ("doi", *_IDENTIFIERS, TITLE_RULE)  # surest first

_SHORT_TITLE = 15  # letters; a shorter main title proves nothing when one side has a subtitle and the other none
_NEARLY = 0.9  # likeness of two titles that differ by misprints
_SHARED_AUTHORS = 0.5  # of the shorter list

# Works of two different kinds are two works, however alike they look: a review bears the title of the book.
# Kinds that services use for one and the same thing are together; a type that is not listed conflicts with none.
_KINDS = {
    "article": ("journal-article", "proceedings-article", "posted-content"),
    "book": ("book", "monograph", "edited-book", "reference-book", "proceedings"),
    "chapter": ("book-chapter", "book-part", "book-section", "reference-entry"),
    "dissertation": ("dissertation",),
    "dataset": ("dataset", "database"),
    "component": ("component",),
    "review": ("peer-review",),
}
_KIND_OF = {type_: kind for kind, types in _KINDS.items() for type_ in types}
_ONE_THING = {frozenset(("article", "chapter"))}  # papers in proceedings are called either


def find_twin(work: Work, candidates: Iterable[tuple[Twin, Work]]) -> Twin | None:
    """The candidate that is `work`, by the surest rule; between equals not the order of work decides, but the DOI."""
    judged = [(twin, other) for candidate, other in candidates if (twin := _judge(work, candidate, other)) is not None]
    judged.sort(key=lambda pair: (RULES.index(pair[0].rule), -pair[0].score, pair[1].doi or "~", pair[0].id))
    return judged[0][0] if judged else None


def _judge(work: Work, candidate: Twin, other: Work) -> Twin | None:
    if work.doi and other.doi:
        return replace(candidate, rule="doi", score=1.0) if work.doi == other.doi else None
    for name in _IDENTIFIERS:
        if getattr(work, name) and getattr(work, name) == getattr(other, name):
            return replace(candidate, rule=name, score=1.0)
    score = same_by_title(work, other)
    return replace(candidate, rule=TITLE_RULE, score=score) if score else None


def same_by_title(a: Work, b: Work) -> float:
    """How sure title, authors and year make it that the two are one, 0 to 1; 0 when anything forbids it."""
    misprinted = not _same_title(a, b)
    if (misprinted and not _misprinted(a, b)) or _numbers(a) != _numbers(b) or _conflicting_kinds(a, b):
        return 0.0
    if not _same_authors(a.authors or a.editors, b.authors or b.editors):
        return 0.0
    if titles.is_generic(a.title or "") and not _same_place(a, b):
        return 0.0
    if misprinted:
        return 0.9
    if a.year is None or b.year is None:
        return 0.9 if _same_place(a, b) else 0.0
    return {0: 0.98, 1: 0.92}.get(abs(a.year - b.year), 0.0)


def _same_title(a: Work, b: Work) -> bool:
    full_a, full_b = titles.key(_full_title(a)), titles.key(_full_title(b))
    if not full_a or not full_b:
        return False
    if full_a == full_b:
        return True
    one_has_subtitle = bool(a.subtitle) != bool(b.subtitle)
    main = titles.key(a.title or "")
    return one_has_subtitle and len(main) >= _SHORT_TITLE and main == titles.key(b.title or "")


def _misprinted(a: Work, b: Work) -> bool:
    """Nearly the same title on the same page of the same volume of the same year: one record has a misprint."""
    same_page = _first_page(a) is not None and _first_page(a) == _first_page(b)
    same_volume = a.volume is not None and a.volume == b.volume
    if not (same_page and same_volume and a.year == b.year):
        return False
    return titles.similarity(_full_title(a), _full_title(b)) >= _NEARLY


def _full_title(work: Work) -> str:
    return " ".join(part for part in (work.title, work.subtitle) if part)


def _numbers(work: Work) -> tuple[str, ...]:
    return titles.numbers(_full_title(work))


def _conflicting_kinds(a: Work, b: Work) -> bool:
    kinds = {_KIND_OF.get(work.type or "") for work in (a, b)}
    return len(kinds) == 2 and None not in kinds and frozenset(kinds) not in _ONE_THING


def _same_authors(a: tuple[Person, ...], b: tuple[Person, ...]) -> bool:
    """The first of both, or of one in any place of the other when the order differs; and half of the shorter list."""
    if not a or not b:
        return False
    short, long = sorted((a, b), key=len)
    shared = _count_shared(short, long)
    return (names.same_family(a[0], b[0]) or shared == len(short)) and shared >= _SHARED_AUTHORS * len(short)


def _count_shared(short: tuple[Person, ...], long: tuple[Person, ...]) -> int:
    """How many of `short` have a partner in `long`, one to one."""
    free = list(long)
    shared = 0
    for person in short:
        partner = next((other for other in free if names.same_family(person, other)), None)
        if partner is not None:
            free.remove(partner)
            shared += 1
    return shared


def _same_place(a: Work, b: Work) -> bool:
    """In the same container on the same page: what tells one "Introduction" from the next."""
    return (
        _agree(a.container, b.container)
        and _first_page(a) is not None
        and _first_page(a) == _first_page(b)
        and (a.volume is None or b.volume is None or a.volume == b.volume)
    )


def _agree(a: str | None, b: str | None) -> bool:
    return bool(a and b) and titles.key(a or "") == titles.key(b or "")


def _first_page(work: Work) -> str | None:
    return work.pages.replace("–", "-").split("-")[0].strip() or None if work.pages else None
