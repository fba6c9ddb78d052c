"""Which part, volume or meeting of a series is a title of? Part 1 is not Part 2, nor the whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from dl_lit.enrichment import genres
from dl_lit.enrichment.vocabulary import BOOKS
from dl_lit.identity import editions, parts, titles
from dl_lit.model import Reference, Work

_PARTS = r"part|parts|pt|teil|tl|parte|partie|mitt|mitteilung|mémoire|communication|section|abteilung|abt|livre|libro"
_VOLUMES = r"volume|vol|band|bd|tome|tomo|t|book|buch"
_NUMBER = r"\d{1,2}|[IVX]{1,5}|[A-H]|[ivx]{1,5}|one|two|three|four|five|six|eins|zwei|drei|first|second|third"
_ORDINAL = r"first|second|third|fourth|erster|zweiter|dritter|première|deuxième|primera|segunda|\d(?:st|nd|rd|th|\.)"
# Behind a title: "Part B", "Vol. 2", "(IV)", "II". A bare "I." or "2" can be an initial or a volume, and a bracket with
# a figure an issue.
_BEHIND = re.compile(
    rf"[\s.,:;–—\-(\[]{{0,4}}(?:(?i:{_PARTS}|(?P<volume>{_VOLUMES}))\b\.?\s*(?P<number>{_NUMBER})\b(?!\s+(?:of|in)\b)"
    rf"|(?i:(?P<ordinal>{_ORDINAL})\s+(?:part|paper|teil|partie|parte|abteilung))\b"
    r"|(?<=[(\[])(?P<bracketed>[IVX]{1,5}|[A-H])[)\]]|(?P<roman>(?=[IVX]{2,5}\b)X{0,3}(?:IX|IV|V?I{0,3}))\b(?![’'\-]))"
)
# The same where the title itself is known to go on: as the start of its second half, or as what was read behind it.
_STARTS = re.compile(
    rf"[\s.,:;–—\-(\[]{{0,4}}(?:(?i:{_PARTS}|{_VOLUMES})\b\.?\s*)?(?P<number>{_NUMBER})[)\]]?\s*(?:$|[.:,;–—)])"
    rf"|[\s.,:;–—\-(\[]{{0,4}}(?i:(?P<ordinal>{_ORDINAL})\s+(?:part|paper|teil|partie|parte|abteilung))\b"
)
_VALUES = (
    ("one", "two", "three", "four", "five", "six"),
    ("eins", "zwei", "drei"),
    ("first", "second", "third", "fourth"),
    ("erster", "zweiter", "dritter"),
    ("première", "deuxième"),
    ("primera", "segunda"),
)


def is_other(ours: str, theirs: str, rest: str, after: str, reference: Reference, work: Work) -> bool:
    """Whether print and record name another part, or only one of them names one.

    `ours` and `theirs` are the titles as far as they are alike, `rest` is what the record's has beyond, and `after`
    the print behind it.
    """
    own = _own_numbers(reference, work)
    if _missing(ours, theirs) or set(_missing(theirs, ours)) - own:
        return True
    after = genres.without_code(after)
    stated, found = parts.leading(after), _BEHIND.match(after)
    if stated is not None:
        printed, is_volume = stated.numbers, stated.is_volume
    else:
        printed, is_volume = _printed_part(found, ours, reference), bool(found and found["volume"])
    registered = _first_part(rest)
    known = {*titles.numbers(theirs), *_volumes(reference, work, is_volume=is_volume)}
    if printed and not set(printed) & set(registered):
        return not set(printed) & known
    return bool(registered) and not set(registered) & {*printed, *titles.numbers(ours)}


def _own_numbers(reference: Reference, work: Work) -> set[str]:
    """Year, volume and the like: found at the edge of a title, they are none of its numbers."""
    fields = (work.year, reference.year, work.volume, work.pages)
    return {number for field in fields for number in _first_numbers(field)}


def _first_numbers(field: str | int | None) -> Collection[str]:
    return re.findall(r"\d+", str(field)) if field else ()


def _volumes(reference: Reference, work: Work, *, is_volume: bool) -> Collection[str]:
    """Numbers behind a title that are the record's volume, and no part: of a book any, of an article "vol. 3"."""
    if work.type in BOOKS | {"proceedings"}:
        return _first_numbers(work.volume)
    return _first_numbers(work.volume or reference.volume) if is_volume else ()


def _missing(text: str, other: str) -> list[str]:
    """Numbers of `other` that `text` does not have as often, not even run into a word by a lost blank."""
    there = Counter(titles.numbers(text))
    there |= Counter(run.lstrip("0") or "0" for run in re.findall(r"[0-9]+", text))
    return list((Counter(titles.numbers(other)) - there).elements())


def _printed_part(found: re.Match[str] | None, ours: str, reference: Reference) -> tuple[str, ...]:
    number = found and (found["number"] or found["ordinal"] or found["bracketed"] or found["roman"])
    return (_value(number),) if number else _first_part(_read_beyond(ours, reference))


def _read_beyond(ours: str, reference: Reference) -> str:
    """What was read as title behind `ours`."""
    title = editions.blanked(titles.strip_markup(reference.title or ""))
    return title[len(ours) :] if titles.key(title[: len(ours)]) == titles.key(ours) else ""


def _first_part(rest: str) -> tuple[str, ...]:
    if (stated := parts.leading(rest)) is not None:
        return stated.numbers
    found = _STARTS.match(rest)
    return (_value(found["number"] or found["ordinal"]),) if found else ()


def _value(number: str) -> str:
    for words in _VALUES:
        if number.lower() in words:
            return str(words.index(number.lower()) + 1)
    return next(iter(titles.numbers(f"part {number}")), number.lower())
