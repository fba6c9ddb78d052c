"""Quotation marks and brackets in a note: what stands inside them is not cut, and is no prose of the author's."""

from __future__ import annotations

import re

_QUOTED = re.compile(
    r"„[^“”\"„]{1,300}[“”\"]|“[^”“]{1,300}”|\"[^\"“]{1,300}[\"“”]|«[^»«]{1,300}»|»[^«»]{1,300}«|"
    r"(?<!\w)[‘‚].{2,300}?[’‘](?!\w)"
)
_BRACKETED = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\]")


def shut(text: str) -> bytearray:
    """For each character, and the end, whether it stands inside quotation marks or brackets."""
    inside = bytearray(len(text) + 1)
    for pattern in (_QUOTED, _BRACKETED):
        for found in pattern.finditer(text):
            first, last = found.start() + 1, found.end() - 1
            inside[first:last] = b"\1" * (last - first)
    return inside


def unquoted(text: str) -> str:
    """The text without what it quotes."""
    return _QUOTED.sub(" ", text)
