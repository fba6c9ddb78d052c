"""What the tagger sees of each word: its form, its neighbours, the punctuation around it, and the phrase it stands in."""

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
    """A run of words between two marks of punctuation that end something."""

    start: int
    end: int
    index: int
    closing: str


def features(tokens: Sequence[Token]) -> list[list[str]]:
    """One list of features a token, for the tagger in `tagging`."""
    kinds = lexicon.kinds_by_word()
    gaps = [_gap(token.before) for token in tokens] + [_gap(tokens[-1].after) if tokens else ""]
    forms = [_form(token) for token in tokens]
    lowers = [token.text.lower() if form not in _NUMERIC else form for token, form in zip(tokens, forms, strict=True)]
    phrases = _phrases(tokens, gaps, forms)
    common = _whole(forms, lowers, gaps)
    quoted = _quoted(tokens)
    rows: list[list[str]] = []
    seen_year = seen_in = seen_role = False
    depth = 0
    for i, token in enumerate(tokens):
        depth = max(0, depth + gaps[i].count("(") + gaps[i].count("[") - gaps[i].count(")") - gaps[i].count("]"))
        row = [
            f"w={lowers[i]}",
            f"f={forms[i]}",
            f"s3={lowers[i][-3:]}",
            f"p3={lowers[i][:3]}",
            f"g0={gaps[i]}",
            f"g1={gaps[i + 1]}",
            f"g01={gaps[i]}|{forms[i]}|{gaps[i + 1]}",
            f"state={seen_year:d}{seen_in:d}{seen_role:d}{min(depth, 1)}{quoted[i]}",
            f"at={min(i, 3) if i < 3 else 'm'}{(10 * i) // len(tokens)}",
            f"left={min(len(tokens) - i, 4)}",
        ]
        row += [f"k={kind}" for kind in kinds.get(lowers[i], ())]
        row += _neighbours(i, lowers, forms, gaps, kinds)
        row += _phrase_features(phrases[i], i, forms, lowers, kinds)
        row += [f"{name}|{seen_year:d}{seen_in:d}" for name in common]
        rows.append(row)
        seen_year = seen_year or forms[i] == "year"
        seen_in = seen_in or (lowers[i] in ("in", "em", "dans", "en") and _starts(gaps[i]))
        seen_role = seen_role or "roles" in kinds.get(lowers[i], ())
    return rows


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


def _phrases(tokens: Sequence[Token], gaps: Sequence[str], forms: Sequence[str]) -> list[_Phrase]:
    """The phrase of each token. A dot after an initial or a short abbreviation ends no phrase."""
    found: list[_Phrase] = []
    start = 0
    for i in range(len(tokens)):
        gap = gaps[i + 1]
        ends = any(mark in gap for mark in '.,;:!?()"[]') and not (gap == "." and forms[i] in ("I", "i", "II"))
        if ends or i + 1 == len(tokens):
            index = found[-1].index + 1 if found else 0
            found += [_Phrase(start, i + 1, index, gap)] * (i + 1 - start)
            start = i + 1
    return found


def _phrase_features(
    phrase: _Phrase, i: int, forms: Sequence[str], lowers: Sequence[str], kinds: Mapping[str, tuple[str, ...]]
) -> list[str]:
    inside = range(phrase.start, phrase.end)
    length = phrase.end - phrase.start
    size = length if length < 4 else 4 if length < 6 else 6 if length < 10 else 10
    capitals = sum(forms[j] not in ("xx", "i") for j in inside) * 4 // length
    listed = {kind for j in inside for kind in kinds.get(lowers[j], ()) if kind in _TELLING}
    return [
        f"ph={size}/{capitals}/{phrase.closing}",
        f"ph@={min(phrase.index, 6)}/{size}",
        f"pho={min(i - phrase.start, 2)}{min(phrase.end - i, 3)}{phrase.closing}",
        *(f"phk={kind}" for kind in sorted(listed)),
    ]


_TELLING = frozenset(("places", "publishers", "journals", "given", "bodies", "roles", "genres", "editions", "access"))


def _neighbours(
    i: int, lowers: Sequence[str], forms: Sequence[str], gaps: Sequence[str], kinds: Mapping[str, tuple[str, ...]]
) -> list[str]:
    row = []
    for offset in (-2, -1, 1, 2):
        j = i + offset
        if not 0 <= j < len(lowers):
            row.append(f"f{offset}=none")
            continue
        row.append(f"f{offset}={forms[j]}{gaps[j] if offset < 0 else gaps[j + 1]}")
        if offset in (-1, 1):
            row.append(f"w{offset}={lowers[j]}")
            row += [f"k{offset}={kind}" for kind in kinds.get(lowers[j], ())]
    if i > 0:
        row.append(f"pair={forms[i - 1]}{gaps[i]}{forms[i]}{gaps[i + 1]}")
    return row


def _whole(forms: Sequence[str], lowers: Sequence[str], gaps: Sequence[str]) -> list[str]:
    """What the reference as a whole looks like: where its year stands, whether it quotes titles, in which tongue it is."""
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
