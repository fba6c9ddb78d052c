"""What others say is printed in a PDF, held against the print: what is not there is dropped, however likely it sounds.

Texts are compared by their letters and digits alone, without accents. A value counts as printed where its letters
stand in the print one after another, from the beginning of a word to the end of one: "cooperation" is found in
"co-operation", "JA" in "J. A.", but the volume 5 not in 2005. What is kept is the stretch of print, not the claim.
Two things beyond the print are taken from the PDF itself: the end of a page range, and a DOI that a click leads to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dl_lit.extraction.joining import joined, words_of
from dl_lit.extraction.parsing import numbers
from dl_lit.identity import arxiv, isbn, pubmed
from dl_lit.identity import doi as dois
from dl_lit.model import Person, PrintedLine, Reference

SHORTEST, LONGEST = 12, 2500  # letters of a printed reference: shorter is a scrap, longer a list that was not split

_TYPES = frozenset(
    (
        "journal-article",
        "book",
        "book-chapter",
        "proceedings-article",
        "dissertation",
        "report",
        "posted-content",
        "other",
    )
)
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20|21)\d\d(?!\d)")
_UNSEEN = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_PAGES = re.compile(r"(?<!\w)\w{1,12}\s?[-‐‑–—−]{1,2}\s?\w{1,12}(?!\w)")
_DASHES = re.compile("[‐‑‒–—−]")
_OPENING = "[(“„\"«»'‘‚<"
_CLOSING = "])”“\"«»'’>.,;:!?"


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the print: positions among its letters, and the page where it begins."""

    start: int
    end: int
    page: int


class Print:
    """The lines of a document, folded so that stretches of it can be found again."""

    def __init__(self, lines: Sequence[PrintedLine]) -> None:
        self._lines = lines
        self._words = words_of([line.text for line in lines])
        letters: list[str] = []
        self._at: list[tuple[int, int]] = []  # each letter's line and column
        for number, line in enumerate(lines):
            for column, character in enumerate(line.text):
                for letter in _letters(character):
                    letters.append(letter)
                    self._at.append((number, column))
        self._text = "".join(letters)

    def find(self, printed: str, after: int = 0) -> Place | None:
        """Where `printed` stands, at `after` or later if it does so anywhere there."""
        needle = _letters(printed)
        if not SHORTEST <= len(needle) <= LONGEST:
            return None
        start = self._text.find(needle, after)
        start = start if start >= 0 else self._text.find(needle)
        if start < 0:
            return None
        return Place(start, start + len(needle), self._lines[self._at[start][0]].page)

    def text(self, place: Place) -> str:
        """The whole words at that place as one line, with the punctuation around them, end-of-line hyphens mended."""
        first, last = self._at[place.start], self._at[place.end - 1]
        texts = [line.text for line in self._lines[first[0] : last[0] + 1]]
        texts[-1] = texts[-1][: _end(texts[-1], last[1])]
        texts[0] = texts[0][_start(texts[0], first[1]) :]
        return joined(texts, self._words)

    def linked_doi(self, place: Place) -> str | None:
        """The DOI that a click on the text at that place leads to, unless it leads to several."""
        first, last = self._at[place.start][0], self._at[place.end - 1][0]
        found = {doi for line in self._lines[first : last + 1] for doi in line.dois}
        return found.pop() if len(found) == 1 else None


def grounded(claims: Iterable[Reference], lines: Sequence[PrintedLine]) -> tuple[Reference, ...]:
    """Those claims that are printed, in the order of the print, each with what of its fields is printed in it.

    Claims that overlap come from two looks at the same lines, one of which saw the reference cut off: the longer stays.
    """
    text = Print(lines)
    placed: dict[Place, Reference] = {}
    after = 0
    for claim in claims:
        place = text.find(claim.raw, after)
        if place is not None:
            placed.setdefault(place, claim)
            after = place.end
    kept = sorted(_apart(placed.items()), key=lambda pair: pair[0].start)
    return tuple(replace(_at(place, text, claim), position=number) for number, (place, claim) in enumerate(kept, 1))


def _at(place: Place, text: Print, claim: Reference) -> Reference:
    reference = checked(claim, text.text(place))
    return replace(reference, page=place.page, doi=reference.doi or text.linked_doi(place))


def located(references: Iterable[Reference], lines: Sequence[PrintedLine]) -> tuple[Reference, ...]:
    """The references numbered, each with its page where the print tells it."""
    text = Print(lines)
    after = 0
    result: list[Reference] = []
    for number, reference in enumerate(references, 1):
        place = text.find(reference.raw, after)
        after = place.end if place else after
        result.append(replace(reference, position=number, page=place.page if place else None))
    return tuple(result)


def _apart(placed: Iterable[tuple[Place, Reference]]) -> list[tuple[Place, Reference]]:
    kept: list[tuple[Place, Reference]] = []
    for place, claim in sorted(placed, key=lambda pair: pair[0].start - pair[0].end):
        if all(place.end <= other.start or other.end <= place.start for other, _ in kept):
            kept.append((place, claim))
    return kept


def checked(claim: Reference, raw: str) -> Reference:
    """What of the claim is printed in `raw`; identifiers normalised, the type only a word of Crossref's."""
    words = _Words(raw)
    year_text = words.printed(claim.year_text)
    year = _YEAR.search(year_text or "")
    return Reference(
        raw=raw,
        authors=_people(claim.authors, words),
        editors=_people(claim.editors, words),
        title=words.printed(claim.title),
        translated_title=words.printed(claim.translated_title),
        year=int(year[0]) if year else None,
        year_text=year_text,
        container=words.printed(claim.container),
        volume=words.printed(claim.volume),
        issue=words.printed(claim.issue),
        pages=numbers.pages(words.printed(claim.pages)) or _completed(claim.pages, raw),
        publisher=words.printed(claim.publisher),
        place=words.printed(claim.place),
        type=claim.type if claim.type in _TYPES else None,
        doi=_among(dois.normalise(claim.doi), dois.find(raw)),
        arxiv=_among(arxiv.normalise(claim.arxiv), arxiv.find(raw)),
        pmid=pubmed.pmid(words.printed(claim.pmid)),
        pmcid=pubmed.pmcid(words.printed(claim.pmcid)),
        isbn=isbn.normalise(words.printed(claim.isbn)),
        issn=isbn.normalise_issn(words.printed(claim.issn)),
        url=_address(claim.url, raw),
    )


class _Words:
    """The letters of one printed reference, and where among them words begin and end."""

    def __init__(self, raw: str) -> None:
        self._raw = raw
        self._columns: list[int] = []
        self._bounds = {0}
        letters: list[str] = []
        for column, character in enumerate(raw):
            if _divides(character):
                self._bounds.add(len(letters))
            for letter in _letters(character):
                letters.append(letter)
                self._columns.append(column)
        self._text = "".join(letters)
        self._bounds.add(len(letters))

    def printed(self, value: str | None) -> str | None:
        """The value as it is printed, or None if it is not."""
        needle = _letters(value or "")
        start = self._text.find(needle) if needle else -1
        while start >= 0:
            end = start + len(needle)
            if start in self._bounds and end in self._bounds:
                return self._stretch(start, end, (value or "").strip())
            start = self._text.find(needle, start + 1)
        return None

    def _stretch(self, start: int, end: int, value: str) -> str:
        """With the sign before and behind it that the value has too: "What now?", "J. A."."""
        first, last = self._columns[start], self._columns[end - 1] + 1
        if first and not value[0].isalnum() and self._raw[first - 1] == value[0]:
            first -= 1
        if not value[-1].isalnum() and self._raw[last : last + 1] == value[-1]:
            last += 1
        return self._raw[first:last]


def _people(people: Iterable[Person], words: _Words) -> tuple[Person, ...]:
    """A person stands if the family name is printed; a given name that is not is taken from it."""
    kept: list[Person] = []
    for person in people:
        if person.name is not None:
            name = words.printed(person.name)
            kept += [Person(name=name)] if name else []
        elif family := words.printed(person.family):
            kept.append(Person(family=family, given=words.printed(person.given)))
    return tuple(kept)


def _completed(claimed: str | None, raw: str) -> str | None:
    """A range whose printed end is shorter: "1425-1437" where the print says "1425-37"."""
    wanted = numbers.pages(claimed)
    ranges = (numbers.pages(match[0]) for match in _PAGES.finditer(raw))
    return wanted if wanted is not None and wanted in ranges else None


def _among(identifier: str | None, printed: Sequence[str]) -> str | None:
    """The identifier if it is printed; else the only one that is, which the claim left out or got wrong."""
    if identifier in printed:
        return identifier
    return printed[0] if len(printed) == 1 else None


def _address(url: str | None, raw: str) -> str | None:
    """An address that is printed whole, with or without its scheme, and not only the beginning of a longer one."""
    if url is None or not url.lower().startswith(("http://", "https://")):
        return None
    bare = re.escape(_dense(url).partition("//")[2].rstrip("/."))
    # Blanks may end an address or break it, so that the print is read both with and without them.
    whole = any(re.search(rf"{bare}/?(?![\w/?#=&%-])", text) for text in (_dense(raw), raw.casefold()))
    return url if bare and whole else None


def _divides(character: str) -> bool:
    """Stands between words: no letter, no digit, no accent of its own, nothing that cannot be seen."""
    if character.isalnum() or _UNSEEN.match(character):
        return False
    return not unicodedata.combining(character)


def _letters(text: str) -> str:
    if text.isascii():
        return "".join(character for character in text.lower() if character.isalnum())
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if character.isalnum())


def _dense(text: str) -> str:
    return _DASHES.sub("-", _UNSEEN.sub("", "".join(text.casefold().split())))


def _end(text: str, column: int) -> int:
    """Behind the word that holds the column, and what closes it."""
    end = column + 1
    while end < len(text) and not _divides(text[end]):
        end += 1
    while end < len(text) and text[end] in _CLOSING:
        end += 1
    return end


def _start(text: str, column: int) -> int:
    """Before the word that holds the column, and what opens it."""
    while column and not _divides(text[column - 1]):
        column -= 1
    while column and text[column - 1] in _OPENING:
        column -= 1
    return column
