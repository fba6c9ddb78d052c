"""What the tagger sees of each word: its form, its neighbours, the punctuation around it, and its phrase.

The tagger takes most of a parser's time to feed, so what depends on one word or one gap alone is made once and kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from dl_lit.extraction.parsing import lexicon
from dl_lit.extraction.parsing.tokens import Token

_YEAR = re.compile(r"(?:1[4-9]|20)\d\d[a-z]?")
_RANGE = re.compile(r"[A-Za-z]?\d+\s?[-‐-―−]\s?[A-Za-z]?\d+")
_LETTER_NUMBER = re.compile(r"[A-Za-z]{1,3}\d+|\d+[A-Za-z]{1,2}")
# One sign for each kind of dash, quote and stop; those of Chinese and Japanese are as wide as their letters.
_MARKS = str.maketrans(
    dict.fromkeys("‐‑‒–—―−－", "-")
    | dict.fromkeys("“”„«»「」『』《》", '"')
    | dict.fromkeys("’‘‚‹›`´〈〉", "'")
    | dict(zip("，、。．：；（）［］【】？！", ",,..:;()[][]?!", strict=True))
)
_NUMERIC = frozenset(("year", "range", "num1", "num2", "num3", "num4", "num5", "alnum"))
_INITIALS = frozenset(("I", "i", "II"))
_INSIDE = frozenset(("in", "em", "dans", "en"))
# Small words that stand among names too, so that they do not tell that a title has begun.
_AMONG_NAMES = frozenset(("and", "und", "et", "al", "e", "y", "de", "von", "van", "der", "den", "da", "la", "in", "by"))
_TELLING = ("places", "publishers", "journals", "given", "bodies", "roles", "genres", "editions", "access")
_FIRST = (b"@a", b"@b", b"@c")
_DECILES = tuple(f"@{decile}".encode() for decile in range(11))
# What has come before a word, and where it stands: bits of a number that is one feature.
_YEAR_SEEN, _INSIDE_SEEN, _ROLE_SEEN, _PROSE_SEEN, _QUOTE_SEEN = 1, 2, 4, 8, 16
_IN_BRACKETS, _IN_QUOTES, _PROSE_AHEAD = 32, 64, 128
_STATES = tuple(f"={state}".encode() for state in range(256))


class _Word(NamedTuple):
    """A word with the features that depend on it alone: its own, and those it lends its neighbours."""

    lower: str
    form: str
    own: tuple[bytes, ...]
    to_next: tuple[bytes, ...]
    to_previous: tuple[bytes, ...]
    begins: bytes  # a phrase
    ends: bytes
    telling: int  # the bits of the lists in _TELLING that it is in
    is_capital: bool
    is_number: bool
    sets: int  # the bit of the state that it sets for the words behind it


class _Gap(NamedTuple):
    """The punctuation between two words in one spelling; "_" for a mere space, "" for none."""

    text: str
    ends: bool  # a phrase
    starts: bool  # something new, so that "in" behind it is no part of a title
    depth: int  # brackets opened, less those closed
    quotes: int


class _Phrase(NamedTuple):
    """A run of words between two marks of punctuation that end something, with its features."""

    start: int
    end: int
    closing: str
    own: tuple[bytes, ...]
    to_next: bytes
    to_previous: bytes


_EDGE = _Word("", "^", (), (b"-w=",), (b"+w=",), b"", b"", telling=0, is_capital=False, is_number=False, sets=0)


def features(tokens: Sequence[Token]) -> list[list[bytes]]:
    """One list of features a token, for the tagger in `tagging`. A change here asks for a new model."""
    if not tokens:
        return []
    words = [_word(token.text, token.kind) for token in tokens]
    gaps = [_gap(token.before) for token in tokens]
    gaps.append(_gap(tokens[-1].after))
    rows = _own(words, gaps)
    _add_states(rows, words, gaps)
    _add_phrases(rows, _phrases(words, gaps))
    return rows


# ── words and gaps ───────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=32768)
def _word(text: str, kind: str) -> _Word:
    form = _form(text, kind)
    is_shape = form in _NUMERIC or form == "id"  # whose letters and digits tell nothing
    lower = form if is_shape else text.lower()
    kinds = lexicon.kinds_by_word().get(lower, ())
    own, lent = [f"w={lower}"], [f"w={lower}"]
    if not is_shape:
        own.append(f"f={form}")
    if not is_shape and len(lower) > 3:
        own.append(f"p={lower[:3]}")
    if kinds:
        own.append(f"k={','.join(kinds)}")
        lent.append(own[-1])
    return _Word(
        lower,
        form,
        own=tuple(map(_coded, own)),
        to_next=tuple(_coded(f"-{name}") for name in lent),
        to_previous=tuple(_coded(f"+{name}") for name in lent),
        begins=_coded(f"F{lower}"),
        ends=_coded(f"E{lower}"),
        telling=sum(1 << bit for bit, name in enumerate(_TELLING) if name in kinds),
        is_capital=form not in ("xx", "i"),
        is_number=form in _NUMERIC,
        sets=_state_set(form, lower, kinds),
    )


def _state_set(form: str, lower: str, kinds: Sequence[str]) -> int:
    if form == "year":
        return _YEAR_SEEN
    if lower in _INSIDE:
        return _INSIDE_SEEN
    if "roles" in kinds:
        return _ROLE_SEEN
    return _PROSE_SEEN if form == "xx" and lower not in _AMONG_NAMES else 0


@lru_cache(maxsize=16384)
def _coded(name: str) -> bytes:
    """One object for all words with that feature; bytes, because the tagger would encode a string each time."""
    return name.encode()


@lru_cache(maxsize=32768)
def _around(earlier: str, previous: str, before: str, form: str, after: str) -> tuple[bytes, ...]:
    """The forms of a word and of the one before it, with the punctuation around both."""
    return (
        f"b{before}".encode(),
        f"a{after}".encode(),
        f"g{before}{form}{after}".encode(),
        f"<{earlier}{previous}".encode(),
        f"~{earlier}{previous}{before}{form}{after}".encode(),
    )


@lru_cache(maxsize=2048)
def _ahead(form: str, after: str) -> bytes:
    return f">{form}{after}".encode()


@lru_cache(maxsize=4096)
def _gap(raw: str) -> _Gap:
    full = raw.translate(_MARKS)
    marks = "".join(full.split())[:4] or ("_" if raw else "")
    return _Gap(
        text=marks,
        ends=any(mark in marks for mark in '.,;:!?()"[]'),
        starts=any(mark in marks for mark in ".,;:!?)"),
        depth=marks.count("(") + marks.count("[") - marks.count(")") - marks.count("]"),
        quotes=full.count('"'),
    )


def _form(text: str, kind: str) -> str:
    """The shape of a word in a dozen classes."""
    if kind == "id":
        return "id"
    if text[0].isdigit() or text[-1].isdigit():
        return _number_form(text)
    if len(text) == 1:
        return "I" if text.isupper() else "i"
    if text.isupper():
        return "II" if len(text) <= 3 else "CAPS"
    if text[0].isupper():
        return "Xx" if text[1:].islower() else "X-X" if "-" in text else "XxX"
    return "xx" if text.islower() else "o"


def _number_form(text: str) -> str:
    if _YEAR.fullmatch(text):
        return "year"
    if _RANGE.fullmatch(text):
        return "range"
    if text.isdigit():
        return f"num{min(len(text), 5)}"
    return "alnum" if _LETTER_NUMBER.fullmatch(text) else "mixed"


# ── the rows ─────────────────────────────────────────────────────────────────────────────────────────────


def _own(words: Sequence[_Word], gaps: Sequence[_Gap]) -> list[list[bytes]]:
    """The word itself, its neighbours, the punctuation between them, and where it stands."""
    last = len(words) - 1
    rows: list[list[bytes]] = []
    earlier, previous, before = "", _EDGE, gaps[0].text
    for i, word in enumerate(words):
        following, later = (words[i + 1], gaps[i + 2].text) if i < last else (_EDGE, "")
        after = gaps[i + 1].text
        rows.append(
            [
                *_around(earlier, previous.form, before, word.form, after),
                _ahead(following.form, later),
                *word.own,
                *previous.to_next,
                *following.to_previous,
                _DECILES[10 * i // last if last else 0] if i > 2 else _FIRST[i],
            ]
        )
        earlier, previous, before = before, word, after
    return rows


def _add_states(rows: list[list[bytes]], words: Sequence[_Word], gaps: Sequence[_Gap]) -> None:
    """For each word what came before it: year, "In", an editor's role, a quotation, prose; whether it stands in
    brackets or quotation marks; whether prose is still to come; and what the reference as a whole looks like."""
    look = _whole(words, gaps)
    whole = [f"{look}{seen}".encode() for seen in range(4)]
    prose = [i for i, word in enumerate(words) if word.sets == _PROSE_SEEN]
    last_prose = prose[-1] if prose else -1
    state, depth = _PROSE_AHEAD, 0
    for i, (row, word, gap) in enumerate(zip(rows, words, gaps, strict=False)):
        if i >= last_prose:
            state &= ~_PROSE_AHEAD
        if gap.depth:
            depth = max(0, depth + gap.depth)
            state = state | _IN_BRACKETS if depth else state & ~_IN_BRACKETS
        if gap.quotes & 1:
            state = (state | _QUOTE_SEEN if state & _IN_QUOTES else state) ^ _IN_QUOTES
        row += (_STATES[state], whole[state & (_YEAR_SEEN | _INSIDE_SEEN)])
        if word.sets and (word.sets != _INSIDE_SEEN or gap.starts):
            state |= word.sets


def _whole(words: Sequence[_Word], gaps: Sequence[_Gap]) -> str:
    """Where the year of the reference stands, whether it quotes, and whether it says "In"."""
    sets = [word.sets for word in words]
    front, bracket = "n", "-"
    if _YEAR_SEEN in sets:
        year_at = sets.index(_YEAR_SEEN)
        front = "f" if year_at <= max(8, len(words) // 3) else "b"
        bracket = "(" if "(" in gaps[year_at].text else "-"
    quotes = any([gap.quotes for gap in gaps])
    inside = _INSIDE_SEEN in sets and any(
        seen == _INSIDE_SEEN and gap.starts for seen, gap in zip(sets, gaps, strict=False)
    )
    return f"A{front}{bracket}{quotes:d}{inside:d}"


# ── phrases ──────────────────────────────────────────────────────────────────────────────────────────────


def _phrases(words: Sequence[_Word], gaps: Sequence[_Gap]) -> list[_Phrase]:
    """The phrases in order. A dot after an initial or a short abbreviation ends none."""
    found: list[_Phrase] = []
    start = 0
    last = len(words)
    for i, word in enumerate(words, 1):
        gap = gaps[i]
        if i == last or (gap.ends and not (gap.text == "." and word.form in _INITIALS)):
            found.append(_phrase(words[start:i], start, gap.text))
            start = i
    return found


def _phrase(words: Sequence[_Word], start: int, closing: str) -> _Phrase:
    length = len(words)
    capitals = telling = 0
    digits = False
    for word in words:
        capitals += word.is_capital
        digits = digits or word.is_number
        telling |= word.telling
    size = length if length < 4 else 4 if length < 6 else 6 if length < 10 else 10
    own, to_next, to_previous = _look(size, capitals * 4 // length, digits, closing, telling)
    if length > 1:
        own = (*own, words[0].begins, words[-1].ends)
    return _Phrase(start, start + length, closing, own, to_next, to_previous)


@lru_cache(maxsize=8192)
def _look(size: int, capitals: int, digits: bool, closing: str, telling: int) -> tuple[tuple[bytes, ...], bytes, bytes]:
    """How long a phrase is, how it is capitalised, whether it holds a number, what closes it, and what lists its words
    are in: for its own words, for the next phrase and for the previous one."""
    look = f"{size}{capitals}{digits:d}{closing}"
    own = (f"P{look}".encode(), f"K{telling}".encode()) if telling else (f"P{look}".encode(),)
    return own, f"V{look}".encode(), f"N{look}".encode()


def _add_phrases(rows: list[list[bytes]], phrases: Sequence[_Phrase]) -> None:
    """How long the phrase is, how it is capitalised and closed, what lists its words are in, how it begins and ends,
    and what its neighbours look like."""
    last = len(phrases) - 1
    for index, phrase in enumerate(phrases):
        shared = [*phrase.own]
        if index < last:
            shared.append(phrases[index + 1].to_previous)
        if index:
            shared.append(phrases[index - 1].to_next)
        for i in range(phrase.start, phrase.end):
            row = rows[i]
            row += shared
            before, after = i - phrase.start, phrase.end - i
            row.append(_place(before if before < 2 else 2, after if after < 3 else 3, phrase.closing))


@lru_cache(maxsize=4096)
def _place(before: int, after: int, closing: str) -> bytes:
    return f"O{before}{after}{closing}".encode()
