"""How well a text was read, judged by what matters for references: letters, words, spaces between them."""

from __future__ import annotations

import re
from collections.abc import Iterable

POOR = 0.6  # below it another backend is worth its time

_CID = re.compile(r"\(cid:\d+\)")
_WORD = re.compile(r"\S+")
_SAMPLE = 60_000  # characters: enough to judge by, whatever the length of the file


def quality(texts: Iterable[str]) -> float:
    """0..1 over the first pages given; 0 for no text at all. A dense or a short text is not a bad one."""
    text = " ".join(_sample(texts))
    words = _WORD.findall(_CID.sub("\ufffd", text))
    if not words:
        return 0.0
    letters = sum(character.isalpha() for character in text)
    readable = sum(_is_readable(word) for word in words) / len(words)
    rubbish = (text.count("\ufffd") + 6 * len(_CID.findall(text))) / len(text)
    lone = sum(len(word) == 1 and word.isalpha() for word in words) / len(words)
    endless = sum(len(word) for word in words if len(word) > 40 and "/" not in word) / len(text)
    enough_letters = min(1.0, 2.5 * letters / len(text))
    return float(max(0.0, min(1.0, readable * enough_letters - 3 * rubbish - max(0.0, lone - 0.25) - endless)))


def _sample(texts: Iterable[str]) -> list[str]:
    taken, length = [], 0
    for text in texts:
        taken.append(text)
        length += len(text)
        if length > _SAMPLE:
            break
    return taken


def _is_readable(word: str) -> bool:
    """Made of letters or digits with some punctuation, not of codes."""
    solid = sum(character.isalnum() for character in word)
    return "\ufffd" not in word and (solid >= 0.5 * len(word) or len(word) <= 2)
