"""The smaller signals of a match: authors, year, volume, issue and pages, each agreed, disagreed or silent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from dl_lit.enrichment.printed import THOUSANDS, Printed, Span, Word, numbers_of, plain_number
from dl_lit.enrichment.vocabulary import LOOSELY_DATED, NOT_NAMES, POINTING_BACK
from dl_lit.identity import names
from dl_lit.identity.folding import is_latin, letters
from dl_lit.identity.folding import words as words_of
from dl_lit.identity.lookalikes import is_near
from dl_lit.identity.numbers import in_figures
from dl_lit.model import Person, Reference, Work

# What registrants put where there is no page.
_NO_PAGE = frozenset({"no", "na", "null", "none"})
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_BETWEEN = re.compile(r"[\s,;:–—\-−/+]+")
_WITH_COMMAS = re.compile(r"^(\d{1,3}),(\d{3})\s*[-–]\s*(\d{1,3}),(\d{3})$")
_PART_OF_VOLUME = re.compile(r"(?<=\d)\s*[.(]")
_BRACKETED = re.compile(r"[\[(](?:[^\[\]()]|\([^()]*\))*[\])]")
_DAY = re.compile(r"\b(?:1[4-9]|20)\d\d-\d\d-\d\d\b")
_NUMBER = re.compile(r"\d+")
_OF_A_SUPPLEMENT = re.compile(r"(?<![\w-])(?:[IVX]{1,4}|S)[-–](\d+)")
_SUPPLEMENT = re.compile(r"(?i)\bsuppl")
_INITIAL = re.compile(r",?\s+(?!e\.\s?g)[^\W\d_][.\s,]")
_YEAR = re.compile(r"\b(1[4-9]\d\d|20\d\d)[a-z]?\b")


class Signal(StrEnum):
    AGREES = "agrees"
    NEAR = "near"  # one year off; an author, but not the first
    DISAGREES = "disagrees"
    SILENT = "silent"  # the print or the record does not say


class Outside:
    """What the print shows outside of the title and the container of one candidate: there its names and numbers are.

    `taken` are the places of title and container.
    """

    def __init__(self, printed: Printed, taken: Sequence[Span]) -> None:
        self.printed = printed
        self.taken = taken

    @cached_property
    def words(self) -> Sequence[Word]:
        return self.printed.words_outside(self.taken) if self.taken else self.printed.words

    @cached_property
    def text(self) -> str:
        """The print as it is, title and container left out."""
        found, start = [], 0
        for span in sorted(self.taken, key=lambda one: one.start):
            found.append(self.printed.text[start : self.printed.origin[span.start]])
            start = max(start, self.printed.end[span.end - 1])
        return " ".join([*found, self.printed.text[start:]])

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where among `words` each word stands."""
        found: dict[str, list[int]] = {}
        for place, word in enumerate(self.words):
            found.setdefault(word.text, []).append(place)
        return found

    @cached_property
    def initials(self) -> str:
        """The first letters of the words with a capital, initials left out."""
        return "".join(
            word.text[0] for word in self.words if word.capital and len(word.text) > 1 and not word.has_digit
        )

    @cached_property
    def letters(self) -> str:
        return "".join(word.text for word in self.words)

    @cached_property
    def numbers(self) -> Sequence[str]:
        """Words that can be numbers; of one that is partly taken, what is left of it."""
        found: list[str] = []
        for word, numbers in zip(self.printed.words, self.printed.numbers, strict=True):
            touched = [span for span in self.taken if word.span.covers(span)]
            found.extend(numbers_of(self._rest(word, touched)) if touched else numbers)
        return found

    @cached_property
    def thousands(self) -> Sequence[str]:
        """Numbers printed with a comma ("12,345"), which can as well be two."""
        return ["".join(found) for found in THOUSANDS.findall(self.text)] if self.printed.has_thousands else ()

    @cached_property
    def romans(self) -> Sequence[str]:
        """Numbers in Roman numerals of two letters and more; one letter may be an initial."""
        texts = [self.printed.within(word.span) for word in self.words if len(word.text) > 1 and not word.has_digit]
        return [number for text in texts if text.isupper() and (number := in_figures(text)) and number != text]

    @cached_property
    def of_supplements(self) -> Sequence[str]:
        """Pages of supplements, which have their own count: "II-200", "S-12"."""
        return [plain_number(page) for page in _OF_A_SUPPLEMENT.findall(self.text)]

    @cached_property
    def years(self) -> Sequence[int]:
        outside = " ".join(self.printed.within(word.span) for word in self.words if word.has_digit)
        return [one for year in _YEAR.findall(outside) if (one := int(year)) in self.printed.years]

    @cached_property
    def smudged(self) -> Sequence[str]:
        """Numbers in which a misprint put a letter for a digit or beside it ("1F16", "g282"), or a blank ("2 51")."""
        words = self.printed.words
        mixed = [self.printed.letters[w.span.start : w.span.end] for w in words if w.has_digit and w in self._outside]
        cut = [
            one.text + two.text
            for one, two in pairwise(words)
            if one.text.isdecimal() and two.text.isdecimal() and self._is_blank_between(one, two)
        ]
        return [*(text for text in mixed if not text.isdecimal()), *cut]

    @cached_property
    def _outside(self) -> frozenset[Word]:
        return frozenset(self.words)

    def _is_blank_between(self, one: Word, two: Word) -> bool:
        text = self.printed.text
        return text[self.printed.end[one.span.end - 1] : self.printed.origin[two.span.start]].isspace()

    def may_show(self, number: str) -> bool:
        """Whether a smudged number can be read as `number`."""
        return number.isdecimal() and any(_reads_as(one, number) for one in self.smudged)

    def _rest(self, word: Word, touched: Sequence[Span]) -> str:
        """The letters of a word that are not in a title or container, blanks for the others."""
        return "".join(
            letter if not any(span.start <= place < span.end for span in touched) else " "
            for place, letter in enumerate(self.printed.letters[word.span.start : word.span.end], word.span.start)
        )


def authors(reference: Reference, outside: Outside, work: Work) -> Signal:
    """Whether the people of `work` are those of the print."""
    people = work.authors or work.editors
    if not people:
        return Signal.SILENT
    if is_printed(people[0], reference, outside):
        return Signal.AGREES
    if any(is_printed(person, reference, outside) for person in [*people[1:40], *work.editors[:10]]):
        return Signal.NEAR
    return Signal.DISAGREES if _names_are_printed(reference, outside) else Signal.SILENT


def is_misread(reference: Reference, work: Work) -> bool:
    """Whether a printed name is the first author's but for one letter ("Kem" for "Kern"), with no other initial."""
    if not work.authors:
        return False
    family, given = "".join(names.family_words(work.authors[0])), names.fold_word(work.authors[0].given or "")
    printed = [("".join(names.family_words(one)), names.fold_word(one.given or "")) for one in reference.authors[:10]]
    return any(is_near(name, family) and (not first or not given or first[0] == given[0]) for name, first in printed)


def all_authors(reference: Reference, outside: Outside, work: Work) -> bool:
    """Whether each of several authors is printed: together they identify a work nearly as a page does."""
    return len(work.authors) > 1 and all(is_printed(one, reference, outside) for one in work.authors)


def year(reference: Reference, outside: Outside, work: Work) -> Signal:
    if work.year is None:
        return Signal.SILENT
    if work.year == reference.year or work.year in outside.years:
        return Signal.AGREES
    known = [reference.year] if reference.year else outside.years
    if (not known or min(abs(work.year - one) for one in known) > 1) and outside.may_show(str(work.year)):
        return Signal.NEAR
    if not known:
        return Signal.SILENT
    gap = min(abs(work.year - one) for one in known)
    return Signal.NEAR if gap <= (2 if work.type in LOOSELY_DATED else 1) else Signal.DISAGREES


def volume(reference: Reference, outside: Outside, work: Work) -> Signal:
    theirs, ours = in_figures(_first_of(work.volume)), in_figures(_first_of(reference.volume))
    explained = {page_key(reference.issue), page_key(reference.pages)} if reference.volume else set()
    found = _number(theirs, ours, outside, explained)
    if found is Signal.SILENT and theirs in outside.romans:
        return Signal.AGREES
    if found is Signal.DISAGREES and page_key(work.issue) == page_key(ours):
        return Signal.NEAR  # journals that count volumes and issues are registered either way
    return found


def _first_of(volume: str | None) -> str | None:
    """The volume of "9(45)" and "2000.2"."""
    return _PART_OF_VOLUME.split(volume.strip())[0] if volume else None


def issue(reference: Reference, outside: Outside, work: Work) -> Signal:
    return _number(work.issue, reference.issue, outside, {page_key(reference.volume), page_key(reference.pages)})


def first_page(reference: Reference, outside: Outside, work: Work) -> Signal:
    """The first page, or the article number. A volume's number printed once does not stand for the page too."""
    theirs = page_key(work.pages)
    if theirs is None or theirs in _NO_PAGE:
        return Signal.SILENT
    count = 2 if theirs in (page_key(work.volume), str(work.year)) else 1
    if outside.numbers.count(theirs) - outside.of_supplements.count(theirs) >= count or theirs in outside.thousands:
        return Signal.AGREES
    if outside.may_show(theirs):
        return Signal.NEAR
    if outside.of_supplements and theirs.isdecimal():
        return Signal.DISAGREES
    ours = page_key(reference.pages)
    return Signal.DISAGREES if ours and ours != theirs and not _is_of_a_day(ours, outside) else Signal.SILENT


def _is_of_a_day(page: str, outside: Outside) -> bool:
    """Whether a page was read from nothing but a day: "[2019-04-14]"."""
    rest, days = _DAY.subn(" ", outside.text)
    return days > 0 and page not in map(plain_number, _NUMBER.findall(rest))


def is_next_page(reference: Reference, work: Work) -> bool:
    """Whether the printed first page is the one before or behind the record's."""
    ours, theirs = page_key(reference.pages), page_key(work.pages)
    return bool(ours and theirs and ours.isdecimal() and theirs.isdecimal()) and abs(int(ours) - int(theirs)) == 1  # type: ignore[arg-type]


def is_like_page(reference: Reference, outside: Outside, work: Work) -> bool:
    """Whether the printed first page is the record's but for a letter or digit that is wrong, missing or out of order,
    or one of the two has more behind or before it ("63.2", "2327G2329", "II-115")."""
    ours, theirs = page_key(reference.pages) or "", page_key(work.pages) or ""
    if min(len(ours), len(theirs)) >= 3 and OSA.distance(ours, theirs, score_cutoff=1) <= 1:
        return True
    known = {page_key(reference.volume), page_key(reference.issue), str(work.year), page_key(work.volume)}
    return any(_goes_on(one, theirs) for one in {ours, *outside.numbers} - known)


def _goes_on(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 2 and (longer.startswith(shorter) or (len(shorter) >= 3 and longer.endswith(shorter)))


def is_in_a_supplement(outside: Outside, work: Work) -> bool:
    """Whether the print names a supplement, or a page of one, and the record none."""
    fields = " ".join(filter(None, (work.volume, work.issue, work.pages, work.container)))
    ours = _SUPPLEMENT.search(outside.text) or outside.of_supplements
    return bool(ours) and not _SUPPLEMENT.search(fields) and not re.search(r"(?i)\b(?:S|[IVX]+-?)\d", fields)


def is_second_place(outside: Outside, work: Work) -> bool:
    """Whether the record's page is printed behind a whole other place: "46, 1701 (1998); 47, 900 (1999)"."""
    page = page_key(work.pages)
    if not page or ";" not in outside.printed.text:
        return False
    clauses = outside.text.split(";")
    own = next((place for place, clause in enumerate(clauses) if page in _NUMBER.findall(clause)), 0)
    return any(_is_place(clause) for clause in clauses[:own])


def is_told_of(outside: Outside, work: Work) -> bool:
    """Whether the record's place is only told in brackets, before the place of what is cited: "[77, 3865 (1996)]
    (Erratum). 1997, 78, 1396", "(vol 91, 057201, 2003). 2004;92:109901"."""
    page = page_key(work.pages)
    if not page or not any(bracket in outside.printed.text for bracket in "[("):
        return False
    for told in _BRACKETED.finditer(outside.text):
        inside, behind = told.group(), outside.text[told.end() :]
        if page in map(plain_number, _NUMBER.findall(inside)) and _is_place(inside):
            return _is_place(behind) and page not in map(plain_number, _NUMBER.findall(behind))
    return False


def _is_place(clause: str) -> bool:
    """A year and two more numbers."""
    return _YEAR.search(clause) is not None and len(_NUMBER.findall(clause)) >= 3


def given_name(reference: Reference, work: Work) -> Signal:
    """Whether the first author's given name begins with the printed letter."""
    given = names.fold_word((work.authors[0].given or "")[:1]) if work.authors else ""
    family = names.family_words(work.authors[0]) if work.authors else ()
    printed = [names.fold_word((one.given or "")[:1]) for one in reference.authors if names.family_words(one) == family]
    if not given or not any(printed):
        return Signal.SILENT
    return Signal.AGREES if given in printed else Signal.DISAGREES


def last_page(outside: Outside, work: Work) -> Signal:
    """The last page of a range, where record and print have one."""
    parts = [part for part in _BETWEEN.split((work.pages or "").strip()) if part]
    if len(parts) < 2 or parts[0] == parts[-1]:
        return Signal.SILENT
    return Signal.AGREES if page_key(parts[-1]) in outside.numbers else Signal.SILENT


def unexplained_numbers(outside: Outside, work: Work) -> set[str]:
    """Numbers that the print shows and the record does not have: of a volume or a page that nobody can compare."""
    fields = (work.volume, work.issue, work.pages, work.container, str(work.year or ""))
    known = {plain_number(word) for field in fields if field for word in words_of(field)}
    return {one for one in outside.numbers if any(map(str.isdigit, one))} - known


def _number(theirs: str | None, parsed: str | None, outside: Outside, explained: set[str | None]) -> Signal:
    """`explained` numbers are known to stand for something else in the print."""
    number = page_key(theirs)
    if not number:
        return Signal.SILENT
    if number == page_key(parsed) or (number not in explained and number in outside.numbers):
        return Signal.AGREES
    if outside.may_show(number):
        return Signal.NEAR
    return Signal.DISAGREES if page_key(parsed) else Signal.SILENT


def _reads_as(smudged: str, number: str) -> bool:
    """At most two letters around `number`, or letters in the place of less than half of its digits."""
    bare = smudged.strip(_LETTERS)
    if bare == number:
        return len(smudged) - len(bare) <= 2
    if len(smudged) == len(number) + 1 and smudged[-1] in _LETTERS:
        smudged = smudged[:-1]
    if len(smudged) != len(number):
        return False
    same = sum(a == b for a, b in zip(smudged, number, strict=True))
    other = sum(a != b and a not in _LETTERS for a, b in zip(smudged, number, strict=True))
    return other == 0 and same * 2 > len(number) - (len(number) == 2)


@lru_cache(maxsize=4096)
def page_key(pages: str | None) -> str | None:
    """The first number of a range of pages (or volumes), or an article number, as it is compared."""
    text = (pages or "").strip()
    parts = [part for part in _BETWEEN.split(_WITH_COMMAS.sub(r"\1\2-\3\4", text) if "," in text else text) if part]
    return (plain_number(letters(parts[0])) or None) if parts else None


def is_printed(person: Person, reference: Reference, outside: Outside) -> bool:
    """Whether the family name of `person` stands outside title and container."""
    family = names.family_words(person)
    if not family:
        return False
    if _stands_in(family, outside) or (len(family) > 1 and _stands_in((family[-1],), outside)):
        return True
    if any(_is_named_in_short(person, family, one) for one in reference.authors[:10]):
        return True
    if any(names.same_family(person, one) for one in _worth_comparing(person, reference)):
        return True
    return _misprinted("".join(family), outside.letters) or _acronym_is_printed(person, outside)


def _is_named_in_short(person: Person, family: Sequence[str], parsed: Person) -> bool:
    """ "boyd, d." with small letters, "Ortega, J." without the second surname: as a parsed name with its initial."""
    short = names.family_words(parsed)
    given, ours = (names.fold_word((one.given or "")[:1]) for one in (person, parsed))
    if not given or given != ours or POINTING_BACK.intersection(short):  # "see, e.g., ..."
        return False
    return short in (tuple(family), tuple(family[:1])) and len("".join(short)) > 2


def _acronym_is_printed(person: Person, outside: Outside) -> bool:
    """Bodies are registered in full and printed as "WHO", or the other way round."""
    for acronym in names.acronyms(person):
        if any(_is_in_capitals(outside, place) for place in outside.places.get(acronym, ())):
            return True
    own = person.name or ("" if person.given else person.family or "")
    return own.isupper() and len(own) >= 3 and own.lower() in outside.initials


def _is_in_capitals(outside: Outside, place: int) -> bool:
    return outside.printed.within(outside.words[place].span).isupper()


def _worth_comparing(person: Person, reference: Reference) -> Sequence[Person]:
    """Parsed names show what letters do not: another script, names changed round, the author behind a dash."""
    if not is_latin(person.family or person.name or "") or not is_latin(reference.raw):
        return (*reference.authors, *reference.editors)
    given = names.fold_word(person.given or "")
    return [
        one
        for one in reference.authors[:10]
        # "———. 1991": the author stands in the entry before.
        if (given and names.fold_word(one.family or "") == given) or (one.family or one.name or "") not in reference.raw
    ]


def _stands_in(family: Sequence[str], outside: Outside) -> bool:
    """The words of a family name, in a row or run together; short ones must look like names."""
    joined = "".join(family)
    if len(joined) < 2:
        return False
    run = list(family)
    for place in outside.places.get(joined, ()):
        if outside.words[place].capital or len(joined) >= 5 or _opens_with_a_name(outside, place):
            return True
    return len(family) > 1 and any(
        [word.text for word in outside.words[place : place + len(run)]] == run
        and (outside.words[place].capital or len(joined) >= 5)
        for place in outside.places.get(family[0], ())
    )


def _opens_with_a_name(outside: Outside, place: int) -> bool:
    """ "boyd d. Social network sites": the first word, with an initial behind it."""
    span = outside.words[place].span
    return span.start == 0 and _INITIAL.match(outside.printed.after(span)) is not None


def _misprinted(family: str, text: str) -> bool:
    """Printed with a letter wrong, or with blanks lost or added around it."""
    if len(family) < 5:
        return False
    least = 80 if len(family) < 8 else 84
    return len(text) >= len(family) and fuzz.partial_ratio(family, text, score_cutoff=least) >= least


def _names_are_printed(reference: Reference, outside: Outside) -> bool:
    """Whether there are people in the print at all: as parsed, or as words in front of title and container."""
    if reference.authors or reference.editors:
        return True
    end = min((span.start for span in outside.taken), default=None)
    if end is None:
        return False
    words = outside.printed.words
    ahead = [w for w in words if w.span.end <= end and w.text.isalpha() and w.text not in NOT_NAMES]
    return any(len(word.text) > 1 for word in ahead)
