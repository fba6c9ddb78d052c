"""Cut a printed reference into words; the punctuation between two words is kept as the gap before and after them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

# A word keeps inner apostrophes, hyphens and dots of abbreviations apart: "J.-P." is two words, "Ross-on-Wye" one,
# "155-9" one, "42(2)" two. CJK letters are words of their own, because no space parts a title from a journal there.
_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_NUMBER = r"\d+(?:[.]\d+)*(?:[A-Za-z]{1,2}(?![^\W_]))?(?:\s?[-‐-―−]\s?[A-Za-z]?\d+(?![^\W_]))?"
_SIGNS = r"&|–––+|———*|___+"
_WORD = re.compile(rf"[^\W\d_][^\W_]*(?:['’ʼ`´‐‑\-][^\W_]+)*|{_NUMBER}|{_SIGNS}")
_EAST_ASIAN = re.compile(f"[{_CJK}]")
_EAST_ASIAN_WORD = re.compile(
    rf"[{_CJK}]|{_NUMBER}|(?:(?![{_CJK}])[^\W_])+(?:['’ʼ`´‐‑\-](?:(?![{_CJK}])[^\W_])+)*|{_SIGNS}"
)


class Token(msgspec.Struct, frozen=True, gc=False):
    """A word with its place in the string; `kind` is "word", or "id" for an identifier or link taken as a whole.

    A struct, because a list easily has some thousand: named tuples take four times as long to make.
    """

    text: str
    start: int
    end: int
    before: str  # the punctuation between the previous word and this one
    after: str
    kind: str = "word"


def tokenise(text: str, spans: Sequence[tuple[int, int]] = ()) -> list[Token]:
    """The words of `text`; each of `spans` (identifiers, links), in order, is one token."""
    word = _WORD if text.isascii() or not _EAST_ASIAN.search(text) else _EAST_ASIAN_WORD
    pieces: list[tuple[int, int]] = []
    position = 0
    for start, end in spans:
        pieces += [match.span() for match in word.finditer(text, position, start)]
        pieces.append((start, end))
        position = end
    pieces += [match.span() for match in word.finditer(text, position)]
    kinds = dict.fromkeys(spans, "id")
    gaps = _gaps(text, pieces)
    return [
        Token(text[piece[0] : piece[1]], *piece, before, after, kinds.get(piece, "word"))
        for piece, before, after in zip(pieces, gaps, gaps[1:], strict=False)
    ]


def _gaps(text: str, pieces: Iterable[tuple[int, int]]) -> list[str]:
    """What stands between the pieces, before the first and behind the last."""
    gaps, position = [], 0
    for start, end in pieces:
        gaps.append(text[position:start])
        position = end
    gaps.append(text[position:])
    return gaps
