"""The smaller signals of a match: authors, year, volume, issue and pages, each agreed, disagreed or silent."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import StrEnum

from rapidfuzz import fuzz

from dl_lit.enrichment.printed import Printed, Span, Word
from dl_lit.enrichment.vocabulary import LOOSELY_DATED, NOT_NAMES
from dl_lit.identity import names
from dl_lit.identity.folding import is_latin, letters
from dl_lit.model import Person, Reference, Work

# What registrants put where there is no page.
_NO_PAGE = frozenset({"no", "na", "null", "none"})


class Signal(StrEnum):
    AGREES = "agrees"
    NEAR = "near"  # one year off; an author, but not the first
    DISAGREES = "disagrees"
    SILENT = "silent"  # the print or the record does not say


def authors(reference: Reference, printed: Printed, work: Work, taken: Collection[Span]) -> Signal:
    """Whether the people of `work` are those of the print; `taken` is where its title and container stand."""
    people = work.authors or work.editors
    if not people:
        return Signal.SILENT
    outside = printed.words_outside(taken)
    if _is_printed(people[0], reference, printed, outside):
        return Signal.AGREES
    if any(_is_printed(person, reference, printed, outside) for person in [*people[1:40], *work.editors[:10]]):
        return Signal.NEAR
    return Signal.DISAGREES if _names_are_printed(reference, printed, taken) else Signal.SILENT


def all_authors(reference: Reference, printed: Printed, work: Work, taken: Collection[Span]) -> bool:
    """Whether each of several authors is printed: together they identify a work nearly as a page does."""
    outside = printed.words_outside(taken)
    return len(work.authors) > 1 and all(_is_printed(one, reference, printed, outside) for one in work.authors)


def year(reference: Reference, printed: Printed, work: Work, taken: Collection[Span]) -> Signal:
    if work.year is None:
        return Signal.SILENT
    printed_years = _years_outside(printed, taken)
    if work.year == reference.year or work.year in printed_years:
        return Signal.AGREES
    known = [reference.year] if reference.year else printed_years
    if not known:
        return Signal.SILENT
    gap = min(abs(work.year - one) for one in known)
    return Signal.NEAR if gap <= (2 if work.type in LOOSELY_DATED else 1) else Signal.DISAGREES


def volume(reference: Reference, printed: Printed, work: Work, taken: Collection[Span]) -> Signal:
    explained = {page_key(reference.issue), page_key(reference.pages)} if reference.volume else set()
    return _number(work.volume, reference.volume, printed, taken, explained)


def issue(reference: Reference, printed: Printed, work: Work, taken: Collection[Span]) -> Signal:
    return _number(work.issue, reference.issue, printed, taken, set())


def first_page(reference: Reference, printed: Printed, work: Work, taken: Collection[Span]) -> Signal:
    """The first page, or the article number. A volume's number printed once does not stand for the page too."""
    theirs = page_key(work.pages)
    if theirs is None or theirs in _NO_PAGE:
        return Signal.SILENT
    count = 2 if theirs in (page_key(work.volume), str(work.year)) else 1
    if _tokens_outside(printed, taken).count(theirs) >= count:
        return Signal.AGREES
    ours = page_key(reference.pages)
    return Signal.DISAGREES if ours and ours != theirs else Signal.SILENT


def _number(
    theirs: str | None, parsed: str | None, printed: Printed, taken: Collection[Span], explained: set[str | None]
) -> Signal:
    """`explained` numbers are known to stand for something else in the print."""
    number = page_key(theirs)
    if not number:
        return Signal.SILENT
    if number == page_key(parsed) or (number not in explained and number in _tokens_outside(printed, taken)):
        return Signal.AGREES
    return Signal.DISAGREES if page_key(parsed) else Signal.SILENT


def _plain_page(folded: str) -> str:
    """ "pp. 012" and "P12" are page 12."""
    return re.sub(r"^p{0,2}0*(?=\d)", "", folded)


def page_key(pages: str | None) -> str | None:
    """The first number of a range of pages (or volumes), or an article number, as it is compared."""
    parts = [part for part in re.split(r"[\s,;:–—\-−/+]+", (pages or "").strip()) if part]
    return (_plain_page(letters(parts[0])) or None) if parts else None


def _tokens_outside(printed: Printed, taken: Collection[Span]) -> list[str]:
    """Words that can be numbers, also those that a lost blank glued to the name before or a letter after them."""
    found: list[str] = []
    for word in printed.words:
        rest = "".join(
            printed.letters[place] if not any(span.start <= place < span.end for span in taken) else " "
            for place in range(word.span.start, word.span.end)
        )
        glued = re.fullmatch(r"(?:\s+|[^\W\d]{4,})?(\d+)[^\W\d]?", rest)
        found.extend(_plain_page(part) for part in rest.split())
        if glued:
            found.append(_plain_page(glued.group(1)))
    return found


def _years_outside(printed: Printed, taken: Collection[Span]) -> list[int]:
    outside = " ".join(printed.within(word.span) for word in printed.words_outside(taken))
    inside = [int(y) for y in re.findall(r"\b(1[4-9]\d\d|20\d\d)[a-z]?\b", outside)]
    return [one for one in inside if one in printed.years]


def _is_printed(person: Person, reference: Reference, printed: Printed, words: Sequence[Word]) -> bool:
    family = names.family_words(person)
    if not family:
        return False
    if _stands_in(family, words) or (len(family) > 1 and _stands_in((family[-1],), words)):
        return True
    if any(names.same_family(person, one) for one in _worth_comparing(person, reference)):
        return True
    return _misprinted("".join(family), words)


def _worth_comparing(person: Person, reference: Reference) -> Sequence[Person]:
    """Parsed names show what the letters do not: another script, or family and given name changed round."""
    if not is_latin(person.family or person.name or "") or not is_latin(reference.raw):
        return (*reference.authors, *reference.editors)
    given = names.fold_word(person.given or "")
    return [one for one in reference.authors[:10] if given and names.fold_word(one.family or "") == given]


def _stands_in(family: Sequence[str], words: Sequence[Word]) -> bool:
    """The words of a family name, in a row or run together; short ones must begin with a capital."""
    joined = "".join(family)
    if len(joined) < 2:
        return False
    for start, word in enumerate(words):
        if not word.capital and len(joined) < 5:
            continue
        if word.text == joined or [w.text for w in words[start : start + len(family)]] == list(family):
            return True
    return False


def _misprinted(family: str, words: Sequence[Word]) -> bool:
    """Printed with a letter wrong, or with blanks lost or added around it."""
    if len(family) < 5:
        return False
    text = "".join(word.text for word in words)
    return len(text) >= len(family) and fuzz.partial_ratio(family, text) >= (80 if len(family) < 8 else 84)


def _names_are_printed(reference: Reference, printed: Printed, taken: Collection[Span]) -> bool:
    """Whether there are people in the print at all: as parsed, or as words in front of title and container."""
    if reference.authors or reference.editors:
        return True
    end = min((span.start for span in taken), default=None)
    if end is None:
        return False
    ahead = [w for w in printed.words if w.span.end <= end and w.text.isalpha() and w.text not in NOT_NAMES]
    return any(len(word.text) > 1 for word in ahead)
