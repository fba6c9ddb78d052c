"""Is a book printed, or a text of its title in another book, or a text of another title in it?"""

from __future__ import annotations

import re

from dl_lit.enrichment.printed import Printed, Span
from dl_lit.identity import names, titles
from dl_lit.identity.folding import words
from dl_lit.model import Reference, Work

_RANGE = re.compile(r"\d\s*[-–—−]+\s*\d")
_PAGES = r"(?:[Pp]{1,2}\.?\s*[\d–-]+\s*)?"
_QUOTED_IN = re.compile(rf"^[,.]?[”\"»“’'][,.]?\s*{_PAGES}[Ii]n:?\s+\W*[A-ZÀ-ÞА-Я]")  # '"X," in Oxford History'
_CITED = re.compile(r"(?:^|[.,;:)\]”\"»’'\d])\s*[Ii]n:?\s")
# "“Suez.” The Long Decline": what was closed before the title; nicknames follow a name without a stop between.
_CLOSED = re.compile(
    r"(?:^|[.,:;)\]\d])\s*(?:[“\"„«][^“”\"„«»]{3,}[”\"“»]|[‘'‚][^‘‚“”\"„«»]{3,}[’'‘])[.,;]?\s*(?P<link>[Ii]n:?\s)?\W*$"
)
_IN_NAMED = re.compile(r"[.,;”\"»’']\s*[Ii]n:?\s+(?P<people>[^:“”\"„«»;]{0,60})$")
_SLASHES = re.compile(r"(?P<title>[^/]+)\s//\s(?P<people>[^/]{0,60})$")
_OF_PEOPLE = frozenset(
    ("idem", "ders", "dies", "his", "her", "hers", "same", "eds", "hrsg", "and", "und", "von", "van")
)


def is_in_another(reference: Reference, printed: Printed, work: Work, title_at: Span | None) -> bool:
    """Whether the print goes on from the title of the book `work` to another book, with a range of pages or editors:
    an excerpt in a reader, which often has the year of the original."""
    container = reference.container
    if not container or _is_of(container, work):
        return False
    behind = printed.after(title_at) if title_at else printed.text
    if _CITED.search(behind) and (reference.editors or _RANGE.search(reference.pages or "")):
        return True
    return title_at is not None and _QUOTED_IN.match(behind) is not None


def _is_of(container: str, work: Work) -> bool:
    """Whether that is an end of the record's own title, its series or its publisher."""
    key = titles.key(container)
    own = titles.key(f"{work.title or ''} {work.subtitle or ''}")
    fields = (work.title, work.container, work.publisher)
    return key in own or any(field and titles.similarity(container, field) >= 0.85 for field in fields)


def is_of_a_text_within(printed: Printed, work: Work, title_at: Span | None) -> bool:
    """Whether another title is printed before that of the book `work`, in quotation marks, before "//" or before "In"
    and its authors: a chapter of it."""
    if title_at is None:
        return False
    before = printed.before(title_at)
    if _CLOSED.search(before):
        return True
    found = _SLASHES.search(before)
    if found is None and _RANGE.search(printed.after(title_at)):
        found = _IN_NAMED.search(before)
    if found is None:
        return False
    known = frozenset[str]().union(*map(names.all_words, (*work.authors, *work.editors)))
    if not set(_long(found["people"])) <= known:
        return False
    return any(word not in known for word in _long(before[: found.start("people")]))


def _long(text: str) -> list[str]:
    """The words of more than initials, but those that point back to a name."""
    return [word for one in words(text) if len(word := names.fold_word(one)) > 2 and word not in _OF_PEOPLE]
