"""The series that a book is printed in, told behind its publisher: "coll. « Pluriel », 12", "(stw 666)"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dl_lit.enrichment.vocabulary import CHAPTERS
from dl_lit.identity import titles
from dl_lit.model import Reference

_WORD = (
    r"(?:coll(?:ection)?|collana|colecci[oó]n|cole(?:c?ç|c)[aã]o|col|(?:schriften|buch|taschenbuch)?reihe|serie|série|series"
    r"|reeks|seria|серия|сер)"
)
_QUOTED = r"[«“„\"‹]\s*[^«»“”„\"‹›]{2,80}?\s*[»”“\"›]"
_CAPITALS = r"[A-ZÀ-ÞА-ЯЁ][^\W_]+(?:[ \t'’-]+[^\W\d_]+){0,5}(?=\s*(?:[,.;:)/]|\d|$))"
_COUNT = r"(?:\s*,?\s*(?:n[°ºo]\.?|nr\.?|no\.?|vol\.?|bd\.?|band|t\.?|№)?\s*\d{1,4}(?!\d))?"
_TOLD = re.compile(rf"(?<=[,.;:(=/])\s*(?i:{_WORD})(?:\.|\b)\s*:?\s*(?:{_QUOTED}|{_CAPITALS}){_COUNT}")
# Without such a word only where the publisher is just before: a journal's section stands so, too.
_IN_BRACKETS = re.compile(rf"\s*\(\s*=?\s*{_QUOTED}{_COUNT}\s*\)")
_SIGLE = re.compile(r"\(\s*(?!(?i:mss?|dvd|cd|vhs|lp|ep|mp|fig|tab|app|rev)\b)[^\W\d_]{2,3}\s\d{1,5}\s*\)")


def find(reference: Reference, text: str) -> list[tuple[int, int]]:
    """Where `text`, the print, names a series."""
    found = [one.span() for one in (*_TOLD.finditer(text), *_SIGLE.finditer(text))]
    publisher = reference.publisher or ""
    end = text.find(publisher) + len(publisher) if publisher in text else -1
    behind = _IN_BRACKETS.match(text, end) if publisher and end >= 0 else None
    return [*found, behind.span()] if behind else found


def cut(reference: Reference, text: str, spans: Sequence[tuple[int, int]]) -> Reference:
    """`reference` without a series that was read as the container of a chapter, and without its number as volume."""
    name = titles.key(reference.container or "")
    told = next((text[start:end] for start, end in spans if name and name in titles.key(text[start:end])), None)
    if told is None:
        return reference
    kind = "book" if reference.type in CHAPTERS and not reference.editors else reference.type
    volume = None if reference.volume and re.search(rf"\b{re.escape(reference.volume)}\b", told) else reference.volume
    return replace(reference, container=None, volume=volume, type=kind)
