"""Titles of works: their keys, how alike two are, and the numbers in them that must agree."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rapidfuzz import fuzz

from dl_lit.identity import parts
from dl_lit.identity.folding import fold, is_latin, letters, to_latin, unescaped, words
from dl_lit.identity.numbers import roman
from dl_lit.identity.vocabulary import (
    GENERIC_TITLES,
    GREEK,
    SERIES_OF_MEETINGS,
    SPELLED_NUMBERS,
    SPELLED_ORDINALS,
    UNITS_OF_PARTS,
)
from dl_lit.model import Work

_INLINE_TAG = re.compile(
    r"(?i)</?(?:su[bp]|i|b|em|strong|u|sc|scp|span|font|tt|italic|bold|jats:\w+|mml:\w+|m[a-z]+|math)\b[^<>]*>"
)
_TAG = re.compile(r"<[/!?]?[A-Za-z][^<>]*>|<!--.{0,1000}?-->")
_LATEX = re.compile(r"\\(?:text\w*|math\w*|emph|rm|it|bf)\b|[${}]")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_DIGRAPH = re.compile(r"(?<=[aou])e+")
_NUMBERING = re.compile(
    r"(?i)^\s*(?:(?:chapter|kapitel|part|teil|appendix|anhang|section|no|nr)\b\.?\s*)?(?:[\divxlc]+\b)?[\s.:)\-–—]*"
)
_GREEK_LETTER = re.compile("[\u0370-\u03ff\u1f00-\u1fff\u00b5\U0001d6a8-\U0001d7cb]")
_ROMAN = re.compile(r"^(?:x{0,3})(?:ix|iv|v?i{0,3})$")
_ORDINAL = re.compile(r"(\d{1,3})(?:st|nd|rd|th)")
# "Part B", and "(B)" at the end of a title or of its first half.
_LETTERED = re.compile(
    r"(?i:\b(?:part|pt|teil|section|series|volume|vol|band)\b\.?)\s+([A-H])\b|[(\[]([A-H])[)\]]\s*(?:$|[.:])"
)
# One title is compared with many others, in several ways each.
_REMEMBERED = 4096


@lru_cache(maxsize=_REMEMBERED)
def strip_markup(text: str) -> str:
    """`text` without HTML, JATS, MathML and LaTeX marks, entities resolved, blanks collapsed."""
    if "&" in text:
        text = unescaped(text)
    if "<" in text:
        text = _TAG.sub(" ", _INLINE_TAG.sub("", text))
    text = _COMMAND.sub(r" \1 ", _LATEX.sub("", text)) if "\\" in text or text.count("$") >= 2 else text
    return " ".join(text.split())


@lru_cache(maxsize=_REMEMBERED)
def key(title: str) -> str:
    """Folded letters and digits of any script; umlaut spellings made one, Greek letters among Latin ones spelt out.

    Equal keys mean the same words; whether that is enough for the same work, the caller decides.
    """
    plain = strip_markup(title)
    # Before the words are run together: the end of one and the beginning of the next are no umlaut.
    return letters(_DIGRAPH.sub("", fold(greek_spelt(plain)))) or letters(title)


def whole(work: Work) -> str:
    """The title with the subtitle, as references print them."""
    return f"{work.title}: {work.subtitle}" if work.title and work.subtitle else work.title or ""


def similarity(a: str, b: str) -> float:
    """How alike two titles are, 0 to 1, over their whole length: a title contained in a longer one is not like it."""
    key_a, key_b = key(a), key(b)
    if not key_a or not key_b:
        return 0.0
    if key_a == key_b:
        return 1.0
    if is_latin(a) != is_latin(b):
        key_a, key_b = key(to_latin(strip_markup(a))), key(to_latin(strip_markup(b)))
    by_words = fuzz.token_sort_ratio(" ".join(words(strip_markup(a))), " ".join(words(strip_markup(b))))
    return min(max(fuzz.ratio(key_a, key_b), by_words) / 100, 0.999)


def is_generic(title: str) -> bool:
    """Whether many works bear this title ("Introduction", "Book reviews", "Chapter 3"), so that it proves little."""
    plain = strip_markup(title)
    bare = letters(_NUMBERING.sub("", plain, count=1))
    generic = _generic_keys()
    return letters(plain) in generic or bare in generic or len(bare) < 4 - 2 * (not is_latin(plain))


@cache
def _generic_keys() -> frozenset[str]:
    return frozenset(letters(title) for title in GENERIC_TITLES)


@lru_cache(maxsize=_REMEMBERED)
def numbers(title: str) -> tuple[str, ...]:
    """Numbers that tell two otherwise equal titles apart, as Arabic numerals in order: parts, volumes, years, "II",
    "11th", in a series of meetings "Eleventh"; and behind them the letters of parts ("Part B")."""
    plain = strip_markup(title)
    tokens = words(plain)
    if parts.may_name(plain, tokens):
        tokens = words(parts.spelt(plain))
    of_series = not SERIES_OF_MEETINGS.isdisjoint(tokens)
    found = []
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else ""
        value = _number(token, after_unit=before in UNITS_OF_PARTS, last=place == len(tokens) - 1 and place > 0)
        value = value or (SPELLED_ORDINALS.get(token) if of_series else None)
        if value is not None:
            found.append(value)
    return (*found, *(next(filter(None, letter)).lower() for letter in _LETTERED.findall(plain)))


def _number(token: str, *, after_unit: bool, last: bool) -> str | None:
    if token.isdecimal():
        return str(int(token))
    if ordinal := _ORDINAL.fullmatch(token):
        return str(int(ordinal.group(1)))
    if after_unit and token in SPELLED_NUMBERS:
        return SPELLED_NUMBERS[token]
    if (
        token.isascii()
        and _ROMAN.match(token)
        and (after_unit or (len(token) > 1 and token != "mix") or (last and token == "i"))
    ):
        return str(roman(token))
    return None


def greek_spelt(text: str) -> str:
    """Greek letters by name where they are symbols in a Latin title; a Greek title stays Greek."""
    if text.isascii() or not _GREEK_LETTER.search(text) or not is_latin(text):
        return text
    return "".join(f" {GREEK[c]} " if c in GREEK else c for c in fold(text))
