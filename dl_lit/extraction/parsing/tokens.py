"""Cut a printed reference into words; the punctuation between two words is kept as the gap before and after them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

# A word keeps inner apostrophes, hyphens and dots of abbreviations apart: "J.-P." is two words, "Ross-on-Wye" one,
# "155-9" one, "42(2)" two. CJK letters are words of their own, because no space parts a title from a journal there.
_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(
    rf"[{_CJK}]"
    r"|\d+(?:[.]\d+)*(?:[A-Za-z]{1,2}(?![^\W_]))?(?:\s?[-‐-―−]\s?[A-Za-z]?\d+(?![^\W_]))?"
    rf"|(?:(?![{_CJK}])[^\W_])+(?:['’ʼ`´‐‑\-](?:(?![{_CJK}])[^\W_])+)*"
    r"|&|–––+|———*|___+"
)


class Token(NamedTuple):
    """A word with its place in the string; `kind` is "word", or "id" for an identifier or link taken as a whole."""

    text: str
    start: int
    end: int
    before: str  # the punctuation between the previous word and this one
    after: str
    kind: str = "word"


def tokenise(text: str, spans: Iterable[tuple[int, int]] = ()) -> list[Token]:
    """The words of `text`; each of `spans` (identifiers, links) is one token."""
    pieces: list[tuple[int, int, str]] = []
    position = 0
    for start, end in [*spans, (len(text), len(text))]:
        pieces += [(*match.span(), "word") for match in _WORD.finditer(text, position, start)]
        if end > start:
            pieces.append((start, end, "id"))
        position = end
    gaps = _gaps(text, pieces)
    return [
        Token(text[start:end], start, end, gaps[i], gaps[i + 1], kind) for i, (start, end, kind) in enumerate(pieces)
    ]


def _gaps(text: str, pieces: Iterable[tuple[int, int, str]]) -> list[str]:
    """What stands between the pieces, before the first and behind the last."""
    gaps, position = [], 0
    for start, end, _ in pieces:
        gaps.append(text[position:start])
        position = end
    return [*gaps, text[position:]]
