"""A printed reference as matching reads it: its letters run together, each knowing where it stands in the print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz

from dl_lit.identity import centuries, editions, names, parts, titles
from dl_lit.identity.editions import Edition
from dl_lit.identity.folding import fold, is_latin, is_word_character, words
from dl_lit.identity.parts import Part
from dl_lit.identity.vocabulary import GREEK
from dl_lit.identity.word_lists import SMALL_WORDS
from dl_lit.model import Reference

# Identifiers and links hold numbers that are no volumes, and words that are no titles.
_IDENTIFIERS = re.compile(
    r"(?i)\b(?:https?://|www\.)\S+|\b(?:doi\s*[:.]?\s*)?10\.\d{4,9}/\S+|\barxiv\s*[:.]\s*\S+|\bpmc?i?d\s*[:.]?\s*\d+"
)
_LABEL = re.compile(r"^\s*(?:\[[^\]\s]{1,12}\]|\(\d{1,4}\)|\d{1,4}(?:[.)]|(?=\s*[A-ZÀ-Þ]))(?=\s*\D))\s*")
_LEADING = re.compile(r"^p{0,2}0*(?=\d)")
_GLUED = re.compile(r"(?:\s+|[^\W\d]{4,})?(\d+)[^\W\d]?")
THOUSANDS = re.compile(r"(?<![\d,.])(\d{1,3}),(\d{3})(?![\d,])")
_APART = " .,;:()[]"
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?<![\d\-–.])(1[4-9]\d\d|20\d\d)(?:[a-z]\b|(?!\d))")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the run-together letters."""

    start: int
    end: int

    def covers(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Word:
    text: str  # folded as words of names are
    span: Span
    capital: bool  # begins with a capital, or with a letter of a script without capitals
    has_digit: bool


@dataclass(frozen=True)
class Printed:
    """Views of one printed string: `letters` is folded like `identity.titles.key`, letter i of them
    stands at `origin[i]:end[i]` in the print."""

    text: str
    letters: str
    origin: tuple[int, ...]
    end: tuple[int, ...]

    @classmethod
    def of(cls, reference: Reference) -> Printed:
        text = _IDENTIFIERS.sub(lambda found: " " * len(found.group()), titles.strip_markup(reference.raw))
        if label := _LABEL.match(text):
            text = " " * label.end() + text[label.end() :]
        return cls(text, *_run_together(text))

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Words as printed: they begin and end where letters do."""
        found = []
        start = 0
        for place in range(1, len(self.letters) + 1):
            if place == len(self.letters) or not self._joined(place):
                first = self.text[self.origin[start]]
                text = names.fold_word(self.within(Span(start, place))) or self.letters[start:place]
                digit = _DIGIT.search(self.letters, start, place) is not None
                found.append(Word(text, Span(start, place), first.upper() == first, digit))
                start = place
        return tuple(found) if self.letters else ()

    @cached_property
    def significant(self) -> tuple[Word, ...]:
        """The words that are kept when a container's name is shortened."""
        return tuple(word for word in self.words if word.text not in SMALL_WORDS)

    @cached_property
    def years(self) -> tuple[int, ...]:
        return tuple(int(found) for found in _YEAR.findall(self.text))

    @cached_property
    def editions(self) -> list[Edition]:
        return editions.find(self.text)

    @cached_property
    def parts(self) -> list[Part]:
        return list(parts.find(self.text)) if parts.may_name(self.text, words(self.text)) else []

    @cached_property
    def without_editions(self) -> str:
        """The text, every letter in its place, but what it says of editions."""
        return blanked(self.text, self.editions)

    @cached_property
    def without_parts(self) -> str:
        return blanked(self.without_editions, self.parts)

    @cached_property
    def has_centuries(self) -> bool:
        return centuries.are_named(self.text)

    @cached_property
    def has_thousands(self) -> bool:
        return THOUSANDS.search(self.text) is not None

    @cached_property
    def numbers(self) -> tuple[tuple[str, ...], ...]:
        """For each word, how it reads as a number."""
        return tuple(numbers_of(self.letters[word.span.start : word.span.end]) for word in self.words)

    def find(self, key: str, *, glued_to_number: bool = False) -> Iterator[Span]:
        """Where `key` stands as whole words; with `glued_to_number` also where a number is run into its end."""
        start = self.letters.find(key) if key else -1
        while start >= 0:
            end = start + len(key)
            glued = glued_to_number and self.letters[end : end + 1].isdecimal() and not key[-1].isdecimal()
            if not self._joined(start) and (glued or not self._joined(end)):
                yield Span(start, end)
            start = self.letters.find(key, start + 1)

    def find_like(self, key: str, least: float) -> Span | None:
        """Where something like `key` stands, misprints and lost blanks allowed; `least` is a ratio of 0..100."""
        if not key or len(key) > len(self.letters):
            return None
        found = fuzz.partial_ratio_alignment(key, self.letters, score_cutoff=least)
        if found is None:
            return None
        span = self._whole_words(Span(found.dest_start, found.dest_end))
        return span if span.end > span.start else None

    def before(self, span: Span) -> str:
        return self.text[: self.origin[span.start]]

    def after(self, span: Span) -> str:
        return self.text[self.end[span.end - 1] :]

    def behind(self, span: Span, *, with_parts: bool = True) -> str:
        """What is after it, without editions, or without parts and volumes either."""
        text = self.without_editions if with_parts else self.without_parts
        return text[self.end[span.end - 1] :]

    def within(self, span: Span) -> str:
        return self.text[self.origin[span.start] : self.end[span.end - 1]]

    def words_outside(self, spans: Iterable[Span]) -> list[Word]:
        taken = list(spans)
        return [word for word in self.words if not any(word.span.covers(span) for span in taken)]

    def _joined(self, place: int) -> bool:
        """Whether letters `place - 1` and `place` belong to one word."""
        if not 0 < place < len(self.letters):
            return False
        start, end = self.end[place - 1], self.origin[place]
        if start < end and self.text[start] in _APART:  # what nearly all words end with
            return False
        return start >= end or all(c in "\u00ad'’" or is_word_character(c) for c in self.text[start:end])

    def _whole_words(self, span: Span) -> Span:
        """`span` with words cut by at most two letters made whole; a number that is cut or run in is no part of it."""
        start, end = span.start, span.end
        for word in self.words:
            if word.span.start < start < word.span.end:
                start = self._whole_from(word, start)
            if word.span.start < end < word.span.end:
                end = self._whole_to(word, end)
        return Span(start, end)

    def _whole_from(self, word: Word, start: int) -> int:
        if self.letters[word.span.start : word.span.end].isdecimal():
            return word.span.end
        return word.span.start if start - word.span.start <= 2 else start

    def _whole_to(self, word: Word, end: int) -> int:
        if self.letters[word.span.start : word.span.end].isdecimal():
            return word.span.start
        return word.span.end if word.span.end - end <= 2 and self.letters[end : word.span.end].isalpha() else end


def blanked(text: str, statements: Iterable[Edition | Part]) -> str:
    """`text` with a semicolon and blanks for each statement, every letter in its place."""
    for one in statements:
        text = f"{text[: one.start]};{' ' * (one.end - one.start - 1)}{text[one.end :]}"
    return text


def numbers_of(text: str) -> tuple[str, ...]:
    """What can be numbers in a word, also one that a lost blank glued to a name before or a letter after it."""
    found = [plain_number(part) for part in text.split()]
    if not text.isdecimal() and (glued := _GLUED.fullmatch(text)):
        found.append(plain_number(glued.group(1)))
    return tuple(found)


def plain_number(folded: str) -> str:
    """ "pp. 012" and "P12" are page 12."""
    return folded if folded.isalpha() else _LEADING.sub("", folded)


def _run_together(text: str) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    letters: list[str] = []
    origin: list[int] = []
    end: list[int] = []
    latin = is_latin(text)
    for place, character in enumerate(text):
        if not character.isalnum() and character.isascii():
            continue
        for letter in character.lower() if character.isascii() else _letters_of(character, latin):
            # The same as in titles: ue, oe, ae are other spellings of ü, ö, ä.
            if letter == "e" and letters and letters[-1] in "aou" and place <= end[-1]:
                end[-1] = place + 1
                continue
            letters.append(letter)
            origin.append(place)
            end.append(place + 1)
    return "".join(letters), tuple(origin), tuple(end)


@lru_cache(maxsize=1 << 13)
def _letters_of(character: str, latin: bool) -> str:
    folded = fold(character)
    if latin:
        folded = "".join(GREEK.get(c, c) for c in folded)
    return "".join(c for c in folded if is_word_character(c))
