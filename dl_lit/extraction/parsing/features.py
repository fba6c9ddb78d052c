"""What the tagger sees of each word: its form, its neighbours, the punctuation around it, and its phrase."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dl_lit.extraction.parsing import lexicon
from dl_lit.extraction.parsing.tokens import Token

_YEAR = re.compile(r"(?:1[4-9]|20)\d\d[a-z]?")
_RANGE = re.compile(r"[A-Za-z]?\d+\s?[-‐-―−]\s?[A-Za-z]?\d+")
_LETTER_NUMBER = re.compile(r"[A-Za-z]{1,3}\d+|\d+[A-Za-z]{1,2}")
_OPENING, _CLOSING = '“„«‘‹"»', '”“»’›"«'
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys("“”„«»", '"') | dict.fromkeys("’‘‚‹›`´", "'"))


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A run of words between two marks of punctuation that end something, with the features all its words share."""

    start: int
    end: int
    index: int
    closing: str
    shape: tuple[str, str]
    listed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Printed:
    """The words of a reference as the features see them; `gaps` has one more entry, the punctuation at the end."""

    lowers: Sequence[str]
    forms: Sequence[str]
    gaps: Sequence[str]
    kinds: Mapping[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.lowers)


def features(tokens: Sequence[Token]) -> list[list[str]]:
    """One list of features a token, for the tagger in `tagging`. A change here asks for a new model."""
    if not tokens:
        return []
    printed = _printed(tokens)
    phrases = _phrases(printed)
    states = _states(printed)
    common = _whole(printed)
    quoted = _quoted(tokens)
    return [
        [
            *_own(i, printed),
            f"state={states[i]}{quoted[i]}",
            *_neighbours(i, printed),
            *_phrase_features(phrases[i], i),
            *(f"{name}|{states[i][:2]}" for name in common),
        ]
        for i in range(len(printed))
    ]


def _printed(tokens: Sequence[Token]) -> _Printed:
    forms = [_form(token) for token in tokens]
    return _Printed(
        lowers=[form if form in _NUMERIC else token.text.lower() for token, form in zip(tokens, forms, strict=True)],
        forms=forms,
        gaps=[*(_gap(token.before) for token in tokens), _gap(tokens[-1].after)],
        kinds=lexicon.kinds_by_word(),
    )


def _own(i: int, printed: _Printed) -> list[str]:
    """The word itself, the punctuation on both sides, and where it stands."""
    word, form, before, after = printed.lowers[i], printed.forms[i], printed.gaps[i], printed.gaps[i + 1]
    return [
        f"w={word}",
        f"f={form}",
        f"s3={word[-3:]}",
        f"p3={word[:3]}",
        f"g0={before}",
        f"g1={after}",
        f"g01={before}|{form}|{after}",
        f"at={min(i, 3) if i < 3 else 'm'}{(10 * i) // len(printed)}",
        f"left={min(len(printed) - i, 4)}",
        *(f"k={kind}" for kind in printed.kinds.get(word, ())),
    ]


def _states(printed: _Printed) -> list[str]:
    """For each word whether year, "In" and an editor's role came before it, and whether it stands in brackets."""
    found = []
    year = inside = role = False
    depth = 0
    for word, form, gap in zip(printed.lowers, printed.forms, printed.gaps, strict=False):
        depth = max(0, depth + gap.count("(") + gap.count("[") - gap.count(")") - gap.count("]"))
        found.append(f"{year:d}{inside:d}{role:d}{min(depth, 1)}")
        year = year or form == "year"
        inside = inside or (word in ("in", "em", "dans", "en") and _starts(gap))
        role = role or "roles" in printed.kinds.get(word, ())
    return found


_NUMERIC = frozenset(("year", "range", "num1", "num2", "num3", "num4", "num5", "alnum"))


def _gap(text: str) -> str:
    """Punctuation in one spelling; "_" for a mere space, "" for none."""
    marks = text.translate(_DASHES).strip()
    return "".join(marks.split())[:4] if marks else "_" if text else ""


def _starts(gap: str) -> bool:
    return any(mark in gap for mark in ".,;:!?)")


def _form(token: Token) -> str:
    """The shape of a word in a dozen classes."""
    text = token.text
    if token.kind == "id":
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


def _phrases(printed: _Printed) -> list[_Phrase]:
    """The phrase of each token. A dot after an initial or a short abbreviation ends no phrase."""
    found: list[_Phrase] = []
    start = 0
    for i, form in enumerate(printed.forms):
        gap = printed.gaps[i + 1]
        ends = any(mark in gap for mark in '.,;:!?()"[]') and not (gap == "." and form in ("I", "i", "II"))
        if ends or i + 1 == len(printed):
            index = found[-1].index + 1 if found else 0
            found += [_phrase(start, i + 1, index, printed)] * (i + 1 - start)
            start = i + 1
    return found


def _phrase(start: int, end: int, index: int, printed: _Printed) -> _Phrase:
    length, closing = end - start, printed.gaps[end]
    size = length if length < 4 else 4 if length < 6 else 6 if length < 10 else 10
    capitals = sum(form not in ("xx", "i") for form in printed.forms[start:end]) * 4 // length
    kinds = {kind for word in printed.lowers[start:end] for kind in printed.kinds.get(word, ()) if kind in _TELLING}
    shape = (f"ph={size}/{capitals}/{closing}", f"ph@={min(index, 6)}/{size}")
    return _Phrase(start, end, index, closing, shape, tuple(f"phk={kind}" for kind in sorted(kinds)))


def _phrase_features(phrase: _Phrase, i: int) -> list[str]:
    place = f"pho={min(i - phrase.start, 2)}{min(phrase.end - i, 3)}{phrase.closing}"
    return [*phrase.shape, place, *phrase.listed]


_TELLING = frozenset(("places", "publishers", "journals", "given", "bodies", "roles", "genres", "editions", "access"))


def _neighbours(i: int, printed: _Printed) -> list[str]:
    lowers, forms, gaps = printed.lowers, printed.forms, printed.gaps
    row = []
    for offset in (-2, -1, 1, 2):
        j = i + offset
        if not 0 <= j < len(lowers):
            row.append(f"f{offset}=none")
            continue
        row.append(f"f{offset}={forms[j]}{gaps[j] if offset < 0 else gaps[j + 1]}")
        if offset in (-1, 1):
            row.append(f"w{offset}={lowers[j]}")
            row += [f"k{offset}={kind}" for kind in printed.kinds.get(lowers[j], ())]
    if i > 0:
        row.append(f"pair={forms[i - 1]}{gaps[i]}{forms[i]}{gaps[i + 1]}")
    return row


def _whole(printed: _Printed) -> list[str]:
    """What the reference as a whole looks like: where its year stands, whether it quotes, in which tongue."""
    lowers, forms, gaps = printed.lowers, printed.forms, printed.gaps
    year_at = next((i for i, form in enumerate(forms) if form == "year"), None)
    front = "none" if year_at is None else "front" if year_at <= max(8, len(forms) // 3) else "back"
    bracket = "(" if year_at is not None and "(" in gaps[year_at] else "-"
    german = sum(word in lexicon.words("languages-de") for word in lowers)
    english = sum(word in lexicon.words("languages-en") for word in lowers)
    tongue = "de" if german > english else "en" if english else "?"
    quotes = any('"' in gap for gap in gaps)
    inside = any(word in ("in", "em") and _starts(gaps[i]) for i, word in enumerate(lowers))
    return [f"all={front}{bracket}{quotes:d}{inside:d}", f"tongue={tongue}"]


def _quoted(tokens: Sequence[Token]) -> list[int]:
    """For each token whether it stands between double quotes (of any kind)."""
    inside, found = 0, []
    for token in tokens:
        for mark in token.before.translate(_DASHES):
            if mark == '"':
                inside ^= 1
        found.append(inside)
    return found
