"""One volume of a book in several, in whatever order and punctuation print and record have it.

"Logic. Vol. 3. Modal Logic" is the record "Modal Logic" in "Logic", "Logic III", or "Logic: Modal Logic", volume 3.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dl_lit.enrichment.printed import Printed, Span
from dl_lit.enrichment.vocabulary import BOOKS, NOT_TITLES
from dl_lit.identity import parts, titles
from dl_lit.identity.folding import words
from dl_lit.identity.numbers import roman
from dl_lit.identity.parts import Part
from dl_lit.model import Reference, Work

_MARKS = re.compile(r"[\s.,:;–—\-(\[)\]=„“”\"«»/]{0,8}")
_BETWEEN = re.compile(  # title and volume: "in three volumes", "в 3 т."
    r"(?i)[\s.,:;–—\-(\[)\]=„“”\"«»/]{0,8}"
    r"(?:(?:in|en|в|у|w|v|i)\s\w{1,6}\.?\s(?:t|т|ч|кн|bd|bde|vol|vols|volumes?|bänden?|tomes|tomos|томах)\b[\s.,:;–—\-)\]]{0,6})?"
)
_COUNT_OF = re.compile(r"(?i)\s*(?:of|von|der|de|di|del|van|из)\s+")
_VOLUME_OF = re.compile(
    r"(?i)\b(?:vol(?:ume)?|bd|band|tome|tomo|t|part|teil|book|buch|том|т|часть)\b\.?\s(\d{1,2}|[ivx]{1,5})(?=\s(?:of|von|der|de|di|del|van)\s)"
)
_NUMBERED = re.compile(r"[\s.,:;(\[]+(\d{1,2}|(?=[IVX]+\b)X{0,2}(?:IX|IV|V?I{0,3}))(?=[)\]]?\s*(?:[.,:;(]|$))")
_FRAGMENT = re.compile(r"[)\]]?\s*[.:,]\s*([^.:;,()\[\]\d“”\"]{4,})(?!\s*[:\w])")
_IN_A_BRACKET = re.compile(r"[(\[]\s*=?\s*[“\"„»«‘]?\s*$")
_ARTICLE = re.compile(r"(?i)^(?:(?:the|an?|der|die|das|les?|la)\s+|l['’]\s?)")
_MAIN = 12
_LEAST = 4  # letters of a title


@dataclass(frozen=True, slots=True)
class Volume:
    """How a record can be read: the title of the whole, the numbers of the volume, and the volume's own title."""

    whole: str
    numbers: tuple[str, ...]
    own: str


@dataclass(frozen=True, slots=True)
class Found:
    """`span` of the whole, the volume and its own title; `reference` as it is read then."""

    span: Span
    reference: Reference


def find(reference: Reference, printed: Printed, work: Work) -> Found | None:
    """Where the print has the volume that `work` is."""
    if work.type not in BOOKS | {"proceedings"} or not work.title or _is_within_another(reference):
        return None
    stated = [*printed.parts, *_bare(reference, printed), *_of_a_whole(printed)]
    if not stated:
        return None
    known = _known(reference, work)
    for volume in readings(work):
        for part in stated:
            if span := _in_print(printed, part, volume, known):
                span = span if volume.own else _with_its_own_before(printed, span, reference)
                number = work.volume or part.numbers[0]
                title = printed.within(span)
                return Found(span, replace(reference, type="book", title=title, container=None, volume=number))
    return None


def _is_within_another(reference: Reference) -> bool:
    """Whether an article or a chapter is printed, and no book."""
    return reference.type not in BOOKS and bool(reference.container and reference.pages)


def is_another(reference: Reference, printed: Printed, work: Work) -> bool:
    """Whether another number than the record's stands without a word right behind the title of the whole."""
    if work.type not in BOOKS or not work.volume:
        return False
    return any(
        volume.numbers
        and not set(volume.numbers) & set(part.numbers)
        and _before(printed, volume.whole, part.start, _MARKS)
        for part in _bare(reference, printed)
        for volume in readings(work)
    )


def readings(work: Work) -> Iterator[Volume]:
    title = titles.strip_markup(work.title or "")
    full = f"{title}: {work.subtitle}" if work.subtitle else title
    numbers = _numbers(work.volume)
    if (part := next(parts.find(full), None) or _numbered(full)) is not None:
        whole, own = full[: part.start].strip(" .,:;([–-"), full[part.end :].strip(" .,:;)]–-")
        yield Volume(whole or work.container or "", part.numbers, own)
        return
    if work.container:
        yield Volume(work.container, numbers, full)
    whole, _, own = full.partition(": ")
    if own:
        yield Volume(whole, numbers, own)
    elif numbers:
        yield Volume(full, numbers, "")


def _numbers(volume: str | None) -> tuple[str, ...]:
    text = (volume or "").strip().lower()
    if text.isdecimal():
        return (str(int(text)),)
    return (str(roman(text)),) if text and re.fullmatch("x{0,3}(?:ix|iv|v?i{0,3})", text) else ()


def _numbered(full: str) -> Part | None:
    """ "A history of technology. 2, The Middle Ages", "Logic III"."""
    found = _NUMBERED.search(full)
    if not found or not found[1]:
        return None
    return Part(_numbers(found[1]), True, found.start(1), found.end(1))


def _bare(reference: Reference, printed: Printed) -> Iterator[Part]:
    """The same in the print, right behind the title that was read or within it."""
    title = reference.title or (reference.container if not reference.pages else "") or ""
    place = printed.text.find(title) if title else -1
    found = _NUMBERED.search(printed.text, place) if place >= 0 else None
    if found and found[1] and found.start() < place + len(title) + 4:
        yield Part(_numbers(found[1]), True, found.start(1), found.end(1))


def _with_its_own_before(printed: Printed, span: Span, reference: Reference) -> Span:
    """With the title of its own that stands before the bracket of the whole: "Modallogik (= Logik, Bd. 3)"."""
    before, title = printed.before(span), reference.title or ""
    place = before.find(title) if title and _IN_A_BRACKET.search(before) else -1
    return span if place < 0 else Span(bisect_left(printed.origin, place), span.end)


def _of_a_whole(printed: Printed) -> Iterator[Part]:
    """ "Vol. 2 of A History of Technology"."""
    for found in _VOLUME_OF.finditer(printed.text):
        yield Part(_numbers(found[1]), True, *found.span())


def _in_print(printed: Printed, part: Part, volume: Volume, known: frozenset[str]) -> Span | None:
    if volume.numbers and not set(volume.numbers) & set(part.numbers):
        return None
    whole = _before(printed, volume.whole, part.start, _BETWEEN) or _after_of(printed, volume.whole, part.end)
    if whole is None:
        return None
    own = _own(printed, volume.own, whole, part) if volume.own else None
    if own is None and not volume.numbers:
        return None
    follows = _fragment(printed, part.end) if printed.origin[whole.start] < part.start else None
    says_more = follows is not None and not known.issuperset(words(follows[1]))
    if own is None and volume.own and says_more:
        return None  # another title of its own
    end = follows.end() if follows and says_more and own is None else part.end
    spans = [one for one in (whole, own) if one]
    return Span(min(one.start for one in spans), max(bisect_right(printed.end, end), *(one.end for one in spans)))


def _spans(printed: Printed, title: str) -> Iterator[Span]:
    main = re.split(r"[,:]", title)[0]
    keys = [titles.key(title), titles.key(_ARTICLE.sub("", title)), *([titles.key(main)] if len(main) >= _MAIN else [])]
    for key in dict.fromkeys(keys):
        if len(key) >= _LEAST or (key and not key.isascii()):
            yield from printed.find(key)


def _before(printed: Printed, title: str, place: int, marks: re.Pattern[str]) -> Span | None:
    """Where `title` ends right before `place`."""
    for span in _spans(printed, title):
        behind = printed.end[span.end - 1]
        if behind <= place and marks.fullmatch(printed.text, behind, place):
            return span
    return None


def _after_of(printed: Printed, title: str, place: int) -> Span | None:
    """Where `title` follows "vol. 2 of"."""
    found = _COUNT_OF.match(printed.text, place)
    return _begins_at(printed, title, found.end()) if found else None


def _begins_at(printed: Printed, title: str, place: int) -> Span | None:
    for span in _spans(printed, title):
        start = printed.origin[span.start]
        if start >= place and _MARKS.fullmatch(printed.text, place, start):
            return span
    return None


def _own(printed: Printed, own: str, whole: Span, part: Part) -> Span | None:
    """The volume's own title, behind the number or before all of it."""
    first = min(printed.origin[whole.start], part.start)
    return _begins_at(printed, own, part.end) or _before(printed, own, first, _MARKS)


def _fragment(printed: Printed, place: int) -> re.Match[str] | None:
    """What follows the number behind a mark, and is no "Place: Publisher"."""
    return _FRAGMENT.match(printed.text, place)


def _known(reference: Reference, work: Work) -> frozenset[str]:
    fields = (reference.publisher, reference.place, work.publisher, work.place)
    return NOT_TITLES | {word for field in fields if field for word in words(field)}
