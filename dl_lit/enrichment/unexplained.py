"""What a print says beside title, people and container that the record does not explain.

Lists of the words for theses, reviews, editions and broadcasts have holes in every language. This looks from the
other side: what a reference may say beside its work is little, so a word that is none of it makes the match doubtful.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from rapidfuzz import fuzz, process

from dl_lit.enrichment import known, series
from dl_lit.enrichment.signals import Outside
from dl_lit.enrichment.vocabulary import (
    ARTICLES,
    BESIDE_A_WORK,
    BOOKS,
    CHAPTERS,
    OF_DEPOSITS,
    OF_REPORTS,
    OF_TALKS,
)
from dl_lit.identity import names, titles
from dl_lit.identity.editions import Edition
from dl_lit.identity.folding import is_latin
from dl_lit.identity.parts import Part
from dl_lit.model import Reference, Work

_LINK = re.compile(r"(?i)\b(?:https?\s*:|www\d?\s?\.|url\b|doi\b|[\w.-]+\.(?:com|org|net|edu|gov|int|html?|pdf|php)\b)")
_BROKEN = re.compile(r"[-\u00ad\u2010‑–]\s*$")  # "Ve - nezia": the second half of a word
_ELISION = re.compile(r"^[^\W\d_]{1,5}['’](?=[A-ZÀ-Þ])")  # "dell'Orso"
# "[The weavers of the valley]": a title has a capital or several words, "[doctoral thesis]" has neither.
_TITLE_IN_BRACKETS = re.compile(r"[\[(](?:[^\[\]()]*[A-ZÀ-ÞА-Я][^\[\]()]*|\s*(?:[^\W\d_]+\s+){3,}[^\[\]()]*)[\])]")
# "Original: ...", "Trans. ...": behind it the work is told in another language.
_LABEL = re.compile(
    r"(?i)\b(?:orig(?:inal\w*)?|trans(?:l|lated|lation)?|dt|deutsch|engl|englisch|frz|franz|ital|span|russ)\b\.?\s*:?\s*\w"
    r"|\b(?:first|originally) published\b"
)
_DEPOSITED = frozenset({"posted-content", "report", "other"})
_CLOSED = re.compile(r"\s*[.,]?[”\"“»’']")
_ROMAN = re.compile(r"m{0,4}(?:c[md]|d?c{0,4})(?:x[cl]|l?x{0,4})(?:i[xv]|v?i{0,4})")
_SHORTEST = 3  # letters of a word that says something
_MISPRINTED = 5  # letters from which on a word can be told to be the misprint of another,
_ALIKE = 75  # at so many percent of the same letters


def words(reference: Reference, outside: Outside, work: Work, *, placed: bool, subtitle: str) -> tuple[str, ...]:
    """The words, as printed, that nothing in the record accounts for.

    Of an article or chapter that is not `placed` in its container any word counts, as another container or kind of
    thing may be named; else only those in small letters, as publishers and places have capitals. `subtitle` is one
    that only the print has, and that is judged elsewhere.
    """
    if work.type not in BOOKS | CHAPTERS | ARTICLES | _DEPOSITED:
        return ()
    elsewhere = not placed and bool(work.container) and work.type in ARTICLES | CHAPTERS
    latin = is_latin(work.title or "")  # what is printed in another script cannot be compared
    own = known.of_record(reference, work) | names.folded_words(subtitle)
    other = _of_another_container(reference, outside, work)
    aside = Asides.of(reference, outside, with_brackets=not elsewhere)
    return tuple(
        text
        for word in outside.words
        if _says_something(word.text) and (start := outside.printed.origin[word.span.start]) not in aside
        for text in [outside.printed.within(word.span)]
        if is_latin(text) == latin
        and (elsewhere or word.text in other or not (word.capital or _is_of_a_name(text, outside.printed.text[:start])))
        and not _is_known(word.text, own, work)
    )


@dataclass(frozen=True, slots=True)
class Asides:
    """Where the print has turned to something else: an address and all behind it, the title in another language, the
    edition, the volume, the series."""

    end: int
    brackets: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, reference: Reference, outside: Outside, *, with_brackets: bool) -> Self:
        text = outside.printed.text
        # Addresses are blanked in the print that is compared, letter for letter.
        link = _LINK.search(titles.strip_markup(reference.raw))
        label = _LABEL.search(text) if with_brackets else None
        end = min(found.start() if found else len(text) for found in (link, label))
        brackets = _TITLE_IN_BRACKETS.finditer(text) if with_brackets else ()
        statements: list[Edition | Part] = [*outside.printed.editions, *outside.printed.parts]
        told = ((one.start, one.end) for one in statements)  # they are compared
        named = series.find(reference, text) if with_brackets else ()
        return cls(end, (*(found.span() for found in brackets), *told, *named))

    def __contains__(self, place: int) -> bool:
        return place >= self.end or any(start <= place < end for start, end in self.brackets)


def _is_of_a_name(text: str, before: str) -> bool:
    return _ELISION.match(text) is not None or _BROKEN.search(before) is not None


def _says_something(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha() and not _ROMAN.fullmatch(word)


def _is_known(word: str, own: frozenset[str], work: Work) -> bool:
    if word in own or word in BESIDE_A_WORK or word in _of_its_kind(work):
        return True
    if len(word) < _MISPRINTED:
        return False
    return process.extractOne(word, own, scorer=fuzz.ratio, score_cutoff=_ALIKE) is not None


def _of_another_container(reference: Reference, outside: Outside, work: Work) -> frozenset[str]:
    """The words of the journal that was read behind a book's title in quotation marks, its publisher not printed."""
    container = reference.container or ""
    is_a_journal = reference.type in ARTICLES and not reference.place and not reference.publisher
    is_quoted = any(_CLOSED.match(outside.printed.after(span)) for span in outside.taken)
    if work.type not in BOOKS or not (is_a_journal and is_quoted) or len(container.split()) < 2:
        return frozenset()  # one word may be the place
    printed = {names.fold_word(word.text) for word in outside.words}
    publisher = names.folded_words(work.publisher)
    return frozenset() if publisher and publisher <= printed else names.folded_words(container)


def _of_its_kind(work: Work) -> frozenset[str]:
    if work.type in _DEPOSITED:
        return OF_REPORTS | OF_DEPOSITS
    return OF_REPORTS if work.type in BOOKS else OF_TALKS if work.type == "proceedings-article" else frozenset()
