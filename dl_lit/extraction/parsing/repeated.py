"""Authors that a list prints once: "—", "______", "Ders.", "Idem" stand for those of the entry before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from dl_lit.extraction.parsing.authors import has_editor_role
from dl_lit.model import Person, Reference

_MARK = r"(?:[—―]+|[–-]{2,}|–(?=[\s:,.(])|_{2,}|\b(?:ders(?:elbe)?|dies(?:elben?)?|id(?:em)?|eadem|ead)\b\.?)"
_MARKS = re.compile(rf"(?i)^\W*?(?:[\[(]?\d{{1,4}}[\]).]*\s+)?({_MARK}(?:[\s,;/&]+(?:and |und |e |y )?{_MARK})*)")
_ONE_MARK = re.compile(rf"(?i){_MARK}")
_BULLET = re.compile(r"\s*[–—-]\s*$")  # a single dash may also be the sign of a list's item
_NEAR = 4  # characters in which the role of an editor follows


def inherit_authors(references: Iterable[Reference]) -> tuple[Reference, ...]:
    """`references` of one list in order, those that repeat authors by a sign with the authors that it stands for.

    One sign alone stands for all authors of the entry before, one that others follow ("— and Jane Doe") for the first
    of them, several for as many. `raw` stays as printed.
    """
    found: list[Reference] = []
    before: tuple[Person, ...] = ()
    for reference in references:
        marks = _MARKS.match(reference.raw)
        if marks and before:
            reference = _filled(reference, marks, before)
        before = reference.authors or reference.editors
        found.append(reference)
    return tuple(found)


def _filled(reference: Reference, marks: re.Match[str], before: tuple[Person, ...]) -> Reference:
    count = len(_ONE_MARK.findall(marks[1]))
    if has_editor_role(reference.raw[marks.end() : marks.end() + 30], within=_NEAR):
        others = reference.editors
        return replace(reference, editors=(*_meant(before, count, bool(others)), *others))
    if reference.authors and _BULLET.fullmatch(marks.group()):
        return reference
    return replace(reference, authors=(*_meant(before, count, bool(reference.authors)), *reference.authors))


def _meant(before: tuple[Person, ...], count: int, others: bool) -> tuple[Person, ...]:
    return before[:count] if others or count > 1 else before
