"""Short forms: a work named by authors and year, note or short title, because a note before names it in full."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict

from dl_lit.extraction.footnotes import phrases
from dl_lit.extraction.looks import is_dated

_PAGES = (
    r"(?:(?:S|pp?|Rn|Rz|Tz|Sp|fol|Bl|para|paras|ch|Kap|Bd|Vol|Seite|page)\.? ?)?"
    r"[\dIVXivxl]++(?:\s?[-–—]+\s?\d++)?\s?(?:ff?\.?|sqq?\.)?"
)
_LIST_OF_PAGES = (
    r"(?:[\s,;:]*(?:insbes(?:ondere|\.)|bes\.|esp\.|especially|at|hier|here|and|und|sowie|siehe auch|see also|"
    rf"vgl\. auch|vgl\.|passim|u\. ?ö\.|m\.? ?w\.? ?N\w*\.?|\({_PAGES}\)|{_PAGES}))*+"
)
_END = r"[\s.,;:)\]]*"
_REST = rf"{_LIST_OF_PAGES}{_END}(?:{phrases.NOTE_POINTER.pattern}{_LIST_OF_PAGES}{_END})?"
_SHORT = re.compile(
    rf"(?P<names>{phrases.SHORT_NAMES}|[{phrases.UPPER}][^,;:()\d]{{1,60}}?){phrases.ROLE},?\s?"
    rf"(?:[(\[]?(?P<year>{phrases.YEAR})[)\]]?)?{_REST}"
)
_INITIALS = rf"(?:, (?:[{phrases.UPPER}]\.[ -]?){{1,3}})?"
_QUOTED = rf"[{phrases.OPENING}](?P<quoted>[^{phrases.OPENING}”’]{{2,100}})[”’{phrases.OPENING}]"
_TITLED = re.compile(
    rf"(?P<names>{phrases.SHORT_NAMES}){_INITIALS}{phrases.ROLE}[,:]? "
    rf"(?:{_QUOTED}|(?P<title>[{phrases.UPPER}][^,;:()\[\]\d{phrases.OPENING}]{{2,80}}?)(?=[\s,(\[])),?\s?(?P<rest>{_REST})"
)
_LONGEST = 200  # characters


@dataclass(frozen=True, slots=True)
class ShortForm:
    """ "Bell 1990a, S. 4", "Bell, a.a.O.", "Bell, Tides (Anm. 5)": what is printed of it, the names as they stand.

    `is_back`: in words that mean a work cited before, with or without the number of a note.
    """

    names: str
    year: int | None = None
    letter: str = ""
    title: str | None = None
    note: int | None = None
    is_back: bool = False


class _Back(TypedDict):
    note: int | None
    is_back: bool


def short_form(text: str) -> ShortForm | None:
    """The short form that the whole text is, at the likeliest reading."""
    return next(readings(text), None)


def readings(text: str) -> Iterator[ShortForm]:
    """All that the text may be: "Bell, Ports and Tides, 48" names three authors, or one and a title."""
    forms = (_named(text), _titled(text)) if len(text) <= _LONGEST else ()
    return (form for form in forms if form is not None)


def _named(text: str) -> ShortForm | None:
    found = _SHORT.fullmatch(text)
    if not found:
        return None
    year = found["year"] or ""
    return ShortForm(found["names"].strip(" ,"), int(year[:4]) if year else None, year[4:], **_back(text))


def _titled(text: str) -> ShortForm | None:
    """Without a note that it points to, such a form needs a page, and no year: else it could be a work of its own."""
    found = _TITLED.fullmatch(text)
    if not found or not (found["pointer"] or (re.search(r"\d", found["rest"]) and not is_dated(text))):
        return None
    title = (found["quoted"] or found["title"]).strip(" ,.")
    if not found["quoted"] and (phrases.LEAD.match(f"{title} ") or phrases.VERB.search(title)):
        return None  # the sentence goes on to another work
    return ShortForm(found["names"].strip(" ,"), title=title, **_back(text))


def _back(text: str) -> _Back:
    pointed = phrases.NOTE_POINTER.search(text) or phrases.REPEAT.search(text)
    return {"note": _note(text), "is_back": bool(pointed)}


def _note(text: str) -> int | None:
    """The number of the note that the text points to, also behind "a.a.O."."""
    numbers = (found["note"] for found in phrases.NOTE_POINTER.finditer(text))
    return next((int(number) for number in numbers if number), None)


def loose_form(text: str) -> ShortForm:
    """What can be told of a short form that has more in it: names up to the first sign, a title up to "a.a.O."."""
    names = re.split(r",|:|\(|„|\"|‘|“", text)[0]
    pointer = phrases.NOTE_POINTER.search(text) or phrases.REPEAT.search(text)
    between = text[len(names) : pointer.start() if pointer else len(text)].strip(f" .,:;()[]{phrases.OPENING}”’")
    return ShortForm(names.strip(), title=between or None, **_back(text))


def is_short_name(text: str) -> bool:
    """ "Bell 1990, S. 4", and nothing but names before the year."""
    form = short_form(text)
    pointed = form and (form.year or phrases.NOTE_POINTER.search(text))
    return bool(pointed and form and re.fullmatch(phrases.SHORT_NAMES, form.names))
