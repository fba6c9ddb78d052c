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
_STATES = tuple(f"={state:08b}" for state in range(256))
_PLACES = tuple(tuple(f"O{before}{after}" for after in range(4)) for before in range(3))
_TELLING = frozenset(("places", "publishers", "journals", "given", "bodies", "roles", "genres", "editions", "access"))


class _Word(NamedTuple):
    """A word with the features that depend on it alone: its own, and those it lends its neighbours."""

    lower: str
    form: str
    own: tuple[bytes, ...]
    to_next: tuple[bytes, ...]
    to_previous: tuple[bytes, ...]
    telling: frozenset[str]
    is_inside: bool
    is_role: bool
    is_prose: bool  # a small word of a title rather than a name
    tongue: int  # 1 German, 2 English, 3 both, 0 neither


class _Gap(NamedTuple):
    """The punctuation between two words in one spelling; "_" for a mere space, "" for none."""

    text: str
    before: bytes
    after: bytes
    ends: bool  # a phrase
    starts: bool  # something new, so that "in" behind it is no part of a title
    depth: int  # brackets opened, less those closed
    quotes: int


class _Phrase(NamedTuple):
    """A run of words between two marks of punctuation that end something."""

    start: int
    end: int
    closing: str
    first: str
    last: str
    look: str  # how long it is, how it is capitalised, whether it holds a number, and what closes it
    size: int
    kinds: str  # the word lists that its words are in


def features(tokens: Sequence[Token]) -> list[list[str | bytes]]:
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
    lower = form if form in _NUMERIC or form == "id" else text.lower()
    kinds = lexicon.kinds_by_word().get(lower, ())
    listed = ",".join(kinds)
    names = (f"w={lower}", f"f={form}", f"s={lower[-3:]}", f"p={lower[:3]}", *([f"k={listed}"] if listed else []))
    return _Word(
        lower,
        form,
        own=tuple(_coded(name) for name in names),
        to_next=tuple(_coded(name) for name in (f"w-={lower}", *([f"k-={listed}"] if listed else []))),
        to_previous=tuple(_coded(name) for name in (f"w+={lower}", *([f"k+={listed}"] if listed else []))),
        telling=_TELLING.intersection(kinds),
        is_inside=lower in _INSIDE,
        is_role="roles" in kinds,
        is_prose=form == "xx" and lower not in _AMONG_NAMES,
        tongue=("languages-de" in kinds) + 2 * ("languages-en" in kinds),
    )


@lru_cache(maxsize=16384)
def _coded(name: str) -> bytes:
    """One object for all words with that feature; bytes, because the tagger would encode a string each time."""
    return name.encode()


@lru_cache(maxsize=4096)
def _gap(raw: str) -> _Gap:
    full = raw.translate(_MARKS)
    marks = "".join(full.split())[:4] or ("_" if raw else "")
    return _Gap(
        text=marks,
        before=f"b={marks}".encode(),
        after=f"a={marks}".encode(),
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


def _own(words: Sequence[_Word], gaps: Sequence[_Gap]) -> list[list[str | bytes]]:
    """The word itself, its neighbours, the punctuation between them, and where it stands."""
    last = len(words) - 1
    behind = ["^^", "^", *[word.form + gap.text for word, gap in zip(words, gaps, strict=False)]]
    ahead = [*[word.form + gap.text for word, gap in zip(words, gaps[1:], strict=True)], "$", "$$"]
    rows: list[list[str | bytes]] = []
    before = gaps[0]
    for i, word in enumerate(words):
        after = gaps[i + 1]
        row: list[str | bytes] = [
            before.before,
            after.after,
            f"g{before.text}|{word.form}|{after.text}",
            f"~{behind[i + 1]}{before.text}{ahead[i]}",
            f"-1{behind[i + 1]}",
            f"-2{behind[i]}",
            f"+1{ahead[i + 1]}",
            f"+2{ahead[i + 2]}",
            f"@{i if i < 3 else 'm'}{10 * i // last if last else 0}",
            *word.own,
        ]
        if i:
            row += words[i - 1].to_next
        if i < last:
            row += words[i + 1].to_previous
        rows.append(row)
        before = after
    return rows


def _add_states(rows: list[list[str | bytes]], words: Sequence[_Word], gaps: Sequence[_Gap]) -> None:
    """For each word what came before it: year, "In", an editor's role, a quotation, prose; and whether it stands in
    brackets or quotation marks, and whether prose is still to come."""
    first, second = _whole(words, gaps)
    whole = [(first + seen, second + seen) for seen in ("00", "01", "10", "11")]
    last_prose = max((i for i, word in enumerate(words) if word.is_prose), default=-1)
    year = inside = role = depth = quoted = quote = prose = 0
    for i, (row, word, gap) in enumerate(zip(rows, words, gaps, strict=False)):
        depth += gap.depth
        if depth < 0:
            depth = 0
        if gap.quotes & 1:
            quote |= quoted
            quoted ^= 1
        seen = 2 * year + inside
        row.append(
            _STATES[
                128 * (i < last_prose) + 64 * prose + 32 * quote + 8 * seen + 4 * role + 2 * (depth > 0) + quoted
            ]
        )
        row += whole[seen]
        if word.form == "year":
            year = 1
        elif word.is_inside and gap.starts:
            inside = 1
        elif word.is_role:
            role = 1
        elif word.is_prose:
            prose = 1


def _whole(words: Sequence[_Word], gaps: Sequence[_Gap]) -> tuple[str, str]:
    """What the reference as a whole looks like: where its year stands, whether it quotes, in which tongue, and whether
    it has pages, houses and editors."""
    year_at = next((i for i, word in enumerate(words) if word.form == "year"), None)
    front = "n" if year_at is None else "f" if year_at <= max(8, len(words) // 3) else "b"
    bracket = "(" if year_at is not None and "(" in gaps[year_at].text else "-"
    german = english = 0
    telling: set[str] = set()
    has_range = False
    for word in words:
        german += word.tongue & 1
        english += word.tongue >> 1
        telling |= word.telling
        has_range = has_range or word.form == "range"
    tongue = "de" if german > english else "en" if english else "?"
    quotes = any(gap.quotes for gap in gaps)
    inside = any(word.is_inside and gap.starts for word, gap in zip(words, gaps, strict=False))
    house = bool(telling & {"places", "publishers"})
    return f"A{front}{bracket}{quotes:d}{inside:d}", f"T{tongue}{has_range:d}{house:d}{'roles' in telling:d}"


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
    capitals = 0
    digits = False
    telling: set[str] = set()
    for word in words:
        capitals += word.form not in ("xx", "i")
        digits = digits or word.form in _NUMERIC
        telling |= word.telling
    size = length if length < 4 else 4 if length < 6 else 6 if length < 10 else 10
    look = f"{size}/{capitals * 4 // length}{digits:d}{closing}"
    return _Phrase(
        start, start + length, closing, words[0].lower, words[-1].lower, look, size, ",".join(sorted(telling))
    )


def _add_phrases(rows: list[list[str | bytes]], phrases: Sequence[_Phrase]) -> None:
    """How long the phrase is, how it is capitalised and closed, what lists its words are in, how it begins and ends,
    and what its neighbours look like."""
    count = len(phrases)
    for index, phrase in enumerate(phrases):
        left = count - index - 1
        shared = [
            f"P{phrase.look}",
            f"I{index if index < 6 else 6}/{left if left < 5 else 5}",
            f"K{phrase.kinds}/{phrase.size}",
            f"F{phrase.first}",
            f"E{phrase.last}",
        ]
        if left:
            following = phrases[index + 1]
            shared += (f"N{following.look}", f"NK{following.kinds}", f"NF{following.first}")
        if index:
            previous = phrases[index - 1]
            shared += (f"V{previous.look}", f"VK{previous.kinds}")
        for i in range(phrase.start, phrase.end):
            row = rows[i]
            row += shared
            before, after = i - phrase.start, phrase.end - i
            row.append(_PLACES[before if before < 2 else 2][after if after < 3 else 3] + phrase.closing)
