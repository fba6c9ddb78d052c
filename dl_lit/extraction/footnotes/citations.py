"""From notes to references: citations parsed, "ders." and short forms given the names of the works they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dl_lit.extraction.footnotes import phrases
from dl_lit.extraction.footnotes.judging import Kind
from dl_lit.extraction.footnotes.memory import Memory, Parse
from dl_lit.extraction.footnotes.segments import Segment, segments
from dl_lit.extraction.footnotes.zones import Note, endnotes, footnotes, heads_notes, set_off_footnotes
from dl_lit.extraction.joining import joined, words_of
from dl_lit.extraction.looks import signals
from dl_lit.extraction.numbering import in_brackets
from dl_lit.extraction.pages import Line
from dl_lit.extraction.sections import Section
from dl_lit.model import Reference

_FEWEST = 2  # works cited in full; a single one may be a slip
_NUMBERED = 8  # entries "[1]" to "[8]" are a list, even at the foot of a page and in small type
_LISTED = 0.8  # of the notes' lines
_CITING = 0.4  # of the notes that may be headings
_COMMENTING = 0.15  # of the notes: from here up they are notes, not the entries of a list


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation in a note."""

    segment: Segment
    note: Note


def cited_in_notes(lines: Sequence[Line], sections: Sequence[Section]) -> list[Cited]:
    """The citations in foot- and endnotes, if the document's references stand there; nothing where a list has them."""
    heads = [section.heading for section in sections if section.heading is not None]
    if any(not heads_notes(head) for head in heads):
        return []
    if not heads and any(in_brackets(section.lines) >= _NUMBERED for section in sections):
        return []
    notes = max(endnotes(lines), footnotes(lines), key=len)
    cited = _cited(notes, lines)
    if not notes:
        notes = set_off_footnotes(lines)
        cited = _cited(notes, lines)
        if _citing(cited) < _CITING * len(notes):
            return []
    if (heads or _are_listed(notes, sections)) and not _comment(cited, notes):
        return []
    works = sum(citation.segment.kind is Kind.FULL for citation in cited)
    return cited if works >= max(_FEWEST, _listed_elsewhere(sections, notes) + 1) else []


def _cited(notes: Sequence[Note], lines: Sequence[Line]) -> list[Cited]:
    """What the numbered notes cite; behind a star stand authors' addresses and thanks."""
    words = words_of([line.text for line in lines]) if notes else frozenset()
    texts = ((note, joined(note.texts, words)) for note in notes if note.number)
    return [Cited(segment, note) for note, text in texts for segment in segments(text)]


def _citing(cited: Sequence[Cited]) -> int:
    """How many notes cite anything."""
    return len({citation.note.lines for citation in cited})


def _listed_elsewhere(sections: Sequence[Section], notes: Sequence[Note]) -> int:
    """Lines like those of references in what looks like a list, the notes aside: about as many as it has works."""
    places = {(line.page, round(line.baseline)) for note in notes for line in note.lines}
    listed = (line for section in sections for line in section.lines)
    return sum(signals(line.text) >= 2 and (line.page, round(line.baseline)) not in places for line in listed)


def _are_listed(notes: Sequence[Note], sections: Sequence[Section]) -> bool:
    """What looks like notes and what looks like a list are the same lines: a numbered list at the foot of its pages."""
    listed = {(line.page, round(line.baseline)) for section in sections for line in section.lines}
    lines = [line for note in notes for line in note.lines]
    return sum((line.page, round(line.baseline)) in listed for line in lines) > _LISTED * len(lines)


def _comment(cited: Sequence[Cited], notes: Sequence[Note]) -> bool:
    """Under "References and notes" stands a list, or notes that comment and refer to each other."""
    back = {citation.note.lines for citation in cited if citation.segment.kind is not Kind.FULL}
    led = {note.lines for note in notes if phrases.CUE.match(note.lines[0].text)}
    return len(back | led) > _COMMENTING * len(notes)


def references(cited: Sequence[Cited], parse: Parse) -> list[Reference]:
    """The references, flagged as such. "Ebd." names no work of its own, nor does a short form that leads nowhere."""
    memory = Memory()
    found: list[Reference] = []
    note: Note | None = None
    for citation in cited:
        if citation.note is not note:
            note = citation.note
            memory.open_note(note.number)
        reference = memory.read(citation.segment, parse)
        if reference is not None:
            page = citation.note.lines[0].page
            label = str(citation.note.number) if citation.note.number else None
            found.append(replace(reference, position=len(found) + 1, page=page, label=label, from_note=True))
    return found
