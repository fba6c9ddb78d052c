"""The works that notes have cited so far, and which of them "Bell (n. 4)", "Bell, Tides" or "ders." stands for.

A short form stands for one work or for none: what could be several works is left out rather than guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from dl_lit.extraction.footnotes import phrases
from dl_lit.extraction.footnotes.judging import Kind
from dl_lit.extraction.footnotes.segments import Segment
from dl_lit.extraction.footnotes.short_forms import ShortForm, loose_form, readings
from dl_lit.identity.folding import letters, words
from dl_lit.model import Person, Reference

Parse = Callable[[str], Reference]


@dataclass(frozen=True, slots=True)
class _Cited:
    """A work, and a note that cites it. Where numbers begin again, another run of them begins."""

    work: Reference
    run: int
    note: int


class Memory:
    """Fed with the citations of a document in their order."""

    def __init__(self) -> None:
        self._cited: list[_Cited] = []
        self._last: Reference | None = None  # None as well: a short form that leads nowhere
        self._run = 0
        self._note = 0

    def open_note(self, number: int) -> None:
        """What is read from now on stands in this note."""
        self._run += number <= self._note
        self._note = number

    def read(self, segment: Segment, parse: Parse) -> Reference | None:
        """The citation with the fields of its work; "Ebd." names none of its own, nor does what leads nowhere."""
        if segment.kind is Kind.REPEAT:
            self._remember(self._last)
            return None
        if segment.kind is Kind.SHORT:
            return self._resolved(segment.text, parse)
        return self._remember(_with_year(self._with_author(segment.text, parse)))

    def _remember(self, work: Reference | None) -> Reference | None:
        self._last = work
        if work is not None:
            self._cited.append(_Cited(work, self._run, self._note))
        return work

    def _with_author(self, text: str, parse: Parse) -> Reference:
        """ "Ders., Title": the author of the work before; "Bell, Title, in: ders. (ed.), Book": Bell is the editor."""
        ditto = phrases.DITTO.match(text)
        if not ditto or not self._cited:
            return _with_editor(parse(text))
        reference = parse(text[ditto.end() :])
        others = reference.authors if "/" in ditto[0] else ()
        return _with_editor(replace(reference, raw=text, authors=(*_people(self._last), *others)))

    # ── short forms ──────────────────────────────────────────────────────────────────────────────────────

    def _resolved(self, text: str, parse: Parse) -> Reference | None:
        """A short form with the fields of the work that it stands for; a title of its own makes it a work."""
        forms = list(readings(text))
        for form in forms or [loose_form(text)]:
            named = [one for one in self._cited if self._is_by(one.work, form) and _is_of(one.work, form)]
            work = self._meant(form, named)
            if work is not None:
                self._remember(work)
                return replace(work, raw=text)
            if not named and form in forms and _is_work(form):
                return self._remember(parse(text))
        self._last = None
        return None

    def _meant(self, form: ShortForm, named: Sequence[_Cited]) -> Reference | None:
        """The one work among those by the printed names that note, year and title allow."""
        if form.note is not None:
            return self._in_note(form, named)
        if form.title is not None:
            return _only(one.work for one in named if _is_called(one.work, form.title))
        if form.is_back and form.year is None:
            return named[-1].work if named else None  # "a. a. O.": the one cited last
        return _only(one.work for one in named)

    def _in_note(self, form: ShortForm, named: Sequence[_Cited]) -> Reference | None:
        """The work in the note of that number, of this run of notes. Numbers may be wrong, a title tells that too."""
        there = [one.work for one in named if (one.run, one.note) == (self._run, form.note)]
        if form.title is None:
            return _only(there)
        called = [work for work in there if _is_called(work, form.title)]
        if called or there:
            return _only(called)
        return _only(one.work for one in named if _is_called(one.work, form.title))

    def _is_by(self, work: Reference, form: ShortForm) -> bool:
        """The work's print begins with the names, or its authors are those."""
        if phrases.DITTO.match(f"{form.names}."):
            return bool(_people(self._last)) and _people(work) == _people(self._last)
        names = re.sub(r",? (?:et\.? ?al|u\. ?a)\b\.?", "", form.names)
        wanted = words(names)
        if wanted and words(work.raw)[: len(wanted)] == wanted:
            return True
        parts = [part for part in re.split(r"/| und | and | & | u\. | y | e | et |,", names) if part.strip()]
        people = [person for person in _people(work) if person.family or person.name]
        return bool(parts) and len(parts) <= len(people) and all(map(_is_named, people, parts))


def _people(work: Reference | None) -> tuple[Person, ...]:
    return (work.authors or work.editors) if work else ()


def _is_named(person: Person, printed: str) -> bool:
    """By the last word of the printed name; of a family name of several words, each may stand for it ("Ríos")."""
    word, family = letters(printed.split()[-1]), person.family or ""
    return word in {
        letters(family or person.name or ""),
        *(letters(part) for part in family.split() if part[0].isupper()),
    }


def _is_of(work: Reference, form: ShortForm) -> bool:
    """Of the year; a letter behind it counts where the work was printed with one, too."""
    if form.year is None:
        return True
    lettered = re.fullmatch(r"\d{4}([a-z])", work.year_text or "")
    return work.year == form.year and not (lettered and form.letter and lettered[1] != form.letter)


_ARTICLES = frozenset(
    ("the", "a", "an", "der", "die", "das", "ein", "eine", "le", "la", "les", "un", "une", "el", "los", "las", "o",
     "os", "as", "il", "lo", "gli", "i", "de", "het")
)  # fmt: skip


def _is_called(work: Reference, title: str) -> bool:
    """The short title's words stand in the title in this order, or somewhere in the print one behind the other."""
    wanted = words(title)
    wanted = wanted[1:] if len(wanted) > 1 and wanted[0] in _ARTICLES else wanted
    if not any(len(word) > 2 for word in wanted):
        return False
    rest = iter(words(work.title or ""))
    return all(word in rest for word in wanted) or f" {' '.join(wanted)} " in f" {' '.join(words(work.raw))} "


def _only(works: Iterable[Reference]) -> Reference | None:
    """The work, if all are the same one: it may have been cited in full more than once."""
    found = list(works)
    return found[-1] if found and len({_identity(work) for work in found}) == 1 else None


def _identity(work: Reference) -> tuple[str, int | None]:
    return letters(work.title or work.raw), work.year


_SERIAL = re.compile(
    r"(?i)(?:yearbook|jahrbuch|report|bericht|almana|statisti|handbook|handbuch|programm|annual|anuario|anuário|review)"
)


def _is_work(form: ShortForm) -> bool:
    """ "Quast, Tides and Ports (1925) 12", "Harbour Yearbook 1997, p. 309": a title, not names."""
    return form.year is not None and form.note is None and bool("," in form.names or _SERIAL.search(form.names))


# ── works in full ────────────────────────────────────────────────────────────────────────────────────────

_OWN_BOOK = re.compile(r"(?i)\bin:? (?:ders|dies|dens|id|idem)\.?,? ?[(\[](?:hrsgg?|hgg?|eds?)\.?[)\]]")


def _with_editor(reference: Reference) -> Reference:
    own = _OWN_BOOK.search(reference.raw) and not reference.editors
    return replace(reference, editors=reference.authors) if own else reference


_DAY = re.compile(r"(?<![\d./])\d{1,2}\. ?\d{1,2}\. ?((?:19|20)\d\d)(?!\d)")


def _with_year(reference: Reference) -> Reference:
    """Newspapers are cited by the day ("3.4.1999"), which is no year to a parser of reference lists."""
    day = _DAY.search(reference.raw) if reference.year is None else None
    return replace(reference, year=int(day[1]), year_text=day[1]) if day else reference
