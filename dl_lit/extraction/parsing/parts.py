"""The labelled stretches of a reference, and their text without the punctuation around it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dl_lit.extraction.parsing.tokens import Token

_BRACKETS = (("(", ")"), ("[", "]"))
_EDGE = " \t,;:.·–—-_/|*†"
_BRACKET = re.compile(r"[\[\]()]")
_QUOTE = re.compile('["“„«»]')
QUOTES = "\"“”„«»‘’‚‹›'`´"
_AROUND = _EDGE + QUOTES


class Run(NamedTuple):
    """An unbroken stretch of words with one label; `start` and `end` are places in the string, `first` counts words."""

    label: str
    start: int
    end: int
    first: int
    words: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The stretches of one reference."""

    raw: str
    runs: tuple[Run, ...]
    by_label: Mapping[str, Sequence[Run]]

    def all(self, label: str) -> Sequence[Run]:
        return self.by_label.get(label, ())

    def text(self, label: str) -> str | None:
        """The tidied text of the main stretch with that label: the longest, the first of equals."""
        runs = self.all(label)
        return tidy(self.raw, max(runs, key=lambda run: run.words)) if runs else None


def parts_of(raw: str, tokens: Sequence[Token], labels: Sequence[str]) -> Parts:
    if len(tokens) != len(labels):
        raise ValueError(f"{len(labels)} labels for {len(tokens)} words")
    borders = [i for i, label in enumerate(labels) if i == 0 or labels[i - 1] != label]
    runs = [
        Run(labels[first], tokens[first].start, tokens[end - 1].end, first, end - first)
        for first, end in zip(borders, [*borders[1:], len(labels)], strict=False)
    ]
    by_label: dict[str, list[Run]] = {}
    for run in runs:
        by_label.setdefault(run.label, []).append(run)
    return Parts(raw, tuple(runs), by_label)


def tidy(raw: str, run: Run) -> str | None:
    """The words of `run` without the punctuation around them, but with what belongs to them (?, !, brackets)."""
    start, end = run.start, run.end
    if start and raw[start - 1] in "([" and _closes(raw, start, end):
        start -= 1
    while end < len(raw) and raw[end] in "?!":
        end += 1
    text = raw[start:end]
    for opening, closing in _BRACKETS:
        if text.count(opening) > text.count(closing) and raw[end : end + 2].lstrip(".")[:1] == closing:
            text = raw[start : raw.index(closing, end) + 1]  # "(Laminaria sp.)" keeps its dot
    text = " ".join(text.split()).strip(_AROUND)
    if _BRACKET.search(text):
        for opening, closing in _BRACKETS:
            text = _unwrapped(text, opening, closing)
    return (_with_quotes(text) if _QUOTE.search(text) else text) or None


def _closes(raw: str, start: int, end: int) -> bool:
    """Whether a bracket that opens before the first word closes inside: "(Un)certain futures"."""
    opening = raw[start - 1]
    closing = ")" if opening == "(" else "]"
    at = raw.find(closing, start, end)
    return at >= 0 and opening not in raw[start:at]


def _unwrapped(text: str, opening: str, closing: str) -> str:
    """Without a bracket that has no partner at one of the ends."""
    if text.startswith(opening) and closing not in text:
        return text[1:].strip(_EDGE)
    if text.endswith(opening) or (text.endswith(closing) and opening not in text):
        return text[:-1].strip(_EDGE)
    return text


def _with_quotes(text: str) -> str:
    """The closing quote that was cut off the end comes back when it opens inside."""
    for opening, closing in _quote_pairs(text):
        if opening in text and closing not in text[text.rindex(opening) + 1 :]:
            return text + closing
    return text + '"' if text.count('"') % 2 else text


def _quote_pairs(text: str) -> tuple[tuple[str, str], ...]:
    """“ closes in German and opens in English; » opens in German and closes in French."""
    low = ("„", "“") if "„" in text else ("“", "”")
    opens_right = "»" in text and ("«" not in text or text.index("»") < text.index("«"))
    return (low, ("»", "«") if opens_right else ("«", "»"))
