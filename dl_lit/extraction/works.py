"""Several works under one number: "12 (a) ...; (b) ..." and "5. P. Adler, ... (1980); R. Brandt, ... (1981)"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from dl_lit.extraction.entries import Entry
from dl_lit.extraction.looks import YEAR, starts_like_reference
from dl_lit.extraction.pages import Line

_LETTERS = "abcdefghijkl"
_FIRST_WORK = re.compile(r"\(?a ?\) ?(?=\S)")
_WORK_TAIL = re.compile(r"[;,]?(?: and)? ?\(?[a-l] ?\) ?$")
_Place = tuple[int, int]  # line and character where the text of a work begins


def works_of(entry: Entry) -> list[Entry]:
    """The entry's works, each an entry of its own; "12 (a) ...; (b) ..." gives the labels "12a" and "12b"."""
    if entry.label is None:
        return [entry]
    return _lettered(entry) or _parted_by_semicolons(entry) or [entry]


def _lettered(entry: Entry) -> list[Entry]:
    first = _FIRST_WORK.match(entry.texts[0])
    if entry.label is None or not first:
        return []
    places = [(0, entry.label_length + first.end())]
    for letter in _LETTERS[1:]:
        place = _next_work(entry.lines, letter, places[-1], bracket=first[0].startswith("("))
        if place is None:
            break
        places.append(place)
    works = _cut(entry.lines, places, _WORK_TAIL)
    return [Entry(tuple(lines), entry.label + letter) for letter, lines in zip(_LETTERS, works, strict=False)]


def _next_work(lines: Sequence[Line], letter: str, behind: _Place, *, bracket: bool) -> _Place | None:
    mark = re.compile(rf"(?:^|(?<=[;.,] )|(?<=[;.,])|(?<=and )){'[(]' if bracket else ''}{letter} ?[)] ?(?=\S|$)")
    for at in range(behind[0], len(lines)):
        found = mark.search(lines[at].text, behind[1] if at == behind[0] else 0)
        if found:
            return at, found.end()
    return None


def _cut(lines: Sequence[Line], places: Sequence[_Place], tail: re.Pattern[str]) -> list[list[Line]]:
    """The lines of each work that begins at one of two or more `places`, without the `tail` that leads to the next."""
    if len(places) < 2:
        return []
    return [_between(lines, start, end, tail) for start, end in pairwise([*places, (len(lines), 0)])]


def _between(lines: Sequence[Line], start: _Place, end: _Place, tail: re.Pattern[str]) -> list[Line]:
    """The lines from `start` up to the mark before `end`."""
    pieces = []
    for at in range(start[0], min(end[0] + 1, len(lines))):
        text = lines[at].text
        text = tail.sub("", text[: end[1]]) if at == end[0] else text
        text = text[start[1] :] if at == start[0] else text
        if text.strip():
            pieces.append(replace(lines[at], text=text))
    if pieces and end[0] < len(lines):
        pieces[-1] = replace(pieces[-1], text=pieces[-1].text.rstrip(" ;,"))
    return pieces


# ── parted by semicolons only ────────────────────────────────────────────────────────────────────────────

# What may stand before the names of the next work; a name is judged by `starts_like_reference`.
_LEAD = re.compile(r"\s*(?:(?:and|see(?:,? (?:also|e\.g\.))?,?|also|cf\.|vgl\.|siehe(?: auch)?|v[ée]ase)\s+)?", re.I)
_SEMICOLON = re.compile(r";$")
_OVER = frozenset("0123456789)]")  # a year, a page, a bracket: so a work ends, and no list of names does
_PREPRINT = re.compile(r"\barXiv\b|\b(?:astro-ph|hep-\w\w|cond-mat|math-ph|quant-ph|gr-qc|nucl-\w\w)/\d{7}", re.I)
_LEAST = 18  # letters of a work


def _parted_by_semicolons(entry: Entry) -> list[Entry]:
    """Each piece names its authors and is dated, so it is complete: those of one work never are."""
    marks = [(at, place + 1) for at, line in enumerate(entry.lines) for place in _ends_of_works(line.text)]
    if not marks:
        return []
    spans: list[tuple[_Place, _Place]] = []
    start = (0, entry.label_length)
    for mark in marks:
        begin = _beginning(entry.lines, mark)
        if begin and _is_work(_text(entry.lines, start, mark)[:-1]) and _begins_work(_text(entry.lines, begin)):
            spans.append((start, mark))
            start = begin
    if not spans:
        return []
    spans.append((start, (len(entry.lines), 0)))
    return [Entry(tuple(_between(entry.lines, start, end, _SEMICOLON)), entry.label) for start, end in spans]


def _ends_of_works(text: str) -> Iterator[int]:
    """Where a semicolon stands behind what can end a work, and before what can begin one."""
    at = text.find(";")
    while at >= 0:
        if at and text[at - 1] in _OVER and not text[at + 1 : at + 3].strip()[:1].isdigit():
            yield at
        at = text.find(";", at + 1)


def _text(lines: Sequence[Line], start: _Place, end: _Place | None = None) -> str:
    """From `start` to the end of the entry, or up to `end`."""
    texts = [line.text for line in lines[start[0] : end[0] + 1 if end else None]]
    if end:
        texts[-1] = texts[-1][: end[1]]
    texts[0] = texts[0][start[1] :]
    return " ".join(texts)


def _beginning(lines: Sequence[Line], mark: _Place) -> _Place | None:
    """The first letter of the work behind the semicolon, on the same line or the next."""
    at, place = mark
    if not lines[at].text[place:].strip():
        at, place = at + 1, 0
    match = _LEAD.match(lines[at].text, place) if at < len(lines) else None
    return (at, match.end()) if match else None


def _begins_work(text: str) -> bool:
    return starts_like_reference(text) == 1.0 and _is_work(re.split(r"(?<=[\d)\]]);", text, maxsplit=1)[0])


def _is_work(text: str) -> bool:
    """Long enough, with names first and a year or the number of a preprint."""
    if len(text) < _LEAST or starts_like_reference(text.lstrip("([ ")) < 0.8:
        return False
    return bool(YEAR.search(text) or _PREPRINT.search(text))
