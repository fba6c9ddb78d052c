"""What every citation style needs: marked-up text, names, page ranges, and the record as a paper cites it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dl_lit.model import Person
from dl_lit.standin.catalogue import CatalogueWork

ITALIC_ON, BOLD_ON, FACE_OFF, RAISED_ON = "\ue000", "\ue001", "\ue002", "\ue003"  # private use: no title contains them

_CAPITALS = (
    *("BF0", "S0", "A:", "B:VISI", "NEJMoa", "PNAS", "MCSE", "TPAMI", "TIT", "TAC", "TSMC", "TKDE", "CVPR", "ICCV"),
    *("PhysRevLett", "PhysRevA", "PhysRevB", "PhysRev", "RevModPhys", "CBO", "N19-", "D14-"),
)

_MARKS = re.compile(f"([{ITALIC_ON}{BOLD_ON}{FACE_OFF}{RAISED_ON}])")
_TWO_STOPS = re.compile(r"([.?!][”’“]?\ue002?)\.(?!\.)")


class Face(StrEnum):
    ROMAN = "roman"
    ITALIC = "italic"
    BOLD = "bold"
    RAISED = "raised"  # a small superscript


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one face."""

    text: str
    face: Face = Face.ROMAN


@dataclass(frozen=True, slots=True)
class Citation:
    """A record as one paper cites it, small errors included. `dash` says that its author repeats the entry above."""

    work: CatalogueWork
    suffix: str = ""  # the "a" of 1926a
    show_doi: bool = True
    dash: bool = False
    url: str | None = None
    accessed: str | None = None

    @property
    def year(self) -> str:
        return f"{self.work.year}{self.suffix}"

    def title(self, joint: str = ": ") -> str:
        title = self.work.title.removesuffix("*")
        if not self.work.subtitle:
            return title
        return title + (" " if title[-1] in "?!." else joint) + self.work.subtitle


def italic(text: str) -> str:
    return f"{ITALIC_ON}{text}{FACE_OFF}"


def bold(text: str) -> str:
    return f"{BOLD_ON}{text}{FACE_OFF}"


def raised(text: str) -> str:
    return f"{RAISED_ON}{text}{FACE_OFF}"


def runs(marked: str) -> tuple[Run, ...]:
    faces = {ITALIC_ON: Face.ITALIC, BOLD_ON: Face.BOLD, RAISED_ON: Face.RAISED, FACE_OFF: Face.ROMAN}
    face = Face.ROMAN
    found: list[Run] = []
    for part in _MARKS.split(marked):
        if part in faces:
            face = faces[part]
        elif part:
            found.append(Run(part, face))
    return tuple(found)


def plain(marked: str) -> str:
    return _MARKS.sub("", marked)


def sentence(*parts: str | None) -> str:
    """The parts, each closed by one full stop."""
    closed = " ".join(part if re.search(r"[.?!][”’“]?\ue002?$", part) else f"{part}." for part in parts if part)
    return _TWO_STOPS.sub(r"\1", closed)


def comma(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def surname(person: Person) -> str:
    return person.family or person.name or ""


def initials(person: Person, stop: str = ".", gap: str = " ") -> str:
    """ "Yann" -> "Y."; "Jean-Paul" -> "J.-P."; a suffix ("Jr.") is left to `generation`."""
    names = (person.given or "").split(",")[0].split()
    return gap.join("-".join(part[0] + stop for part in name.split("-") if part) for name in names)


def generation(person: Person) -> str:
    """ "Jr." and the like, which given names carry behind a comma."""
    return (person.given or "").partition(", ")[2]


def inverted(person: Person, stop: str = ".", gap: str = " ", joint: str = ", ") -> str:
    """ "LeCun, Y." in the punctuation that a style wants."""
    if not person.family:
        return person.name or ""
    return comma(person.family + joint + initials(person, stop, gap), generation(person))


def inverted_full(person: Person) -> str:
    return f"{person.family}, {person.given}" if person.family else person.name or ""


def direct(person: Person) -> str:
    """ "Y. LeCun"."""
    if not person.family:
        return person.name or ""
    return comma(f"{initials(person)} {person.family}", generation(person))


def direct_full(person: Person) -> str:
    if not person.family:
        return person.name or ""
    given, _, suffix = (person.given or "").partition(", ")
    return comma(f"{given} {person.family}", suffix)


def join_names(names: Sequence[str], last: str, joint: str = ", ") -> str:
    """ "A, B{last}C"; `last` carries its own spaces."""
    return names[0] if len(names) == 1 else joint.join(names[:-1]) + last + names[-1]


def dashed(pages: str | None) -> str:
    """ "1-38" with the en dash that printers use."""
    return (pages or "").replace("-", "–")


def shortened(pages: str | None) -> str:
    """ "2278-2324" -> "2278-324", as Vancouver and MLA print it."""
    match = re.fullmatch(r"(\d+)-(\d+)", pages or "")
    if not match or len(match[1]) != len(match[2]):
        return pages or ""
    first, last = match[1], match[2]
    shared = next((i for i, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), len(first) - 1)
    return f"{first}-{last[min(shared, len(last) - 2) if len(last) > 1 else 0 :]}"


def printed_doi(citation: Citation) -> str | None:
    """The DOI with the capitals that its publisher prints; a paper that prints none gives None."""
    doi = citation.work.doi
    if not doi or not citation.show_doi:
        return None
    prefix, _, suffix = doi.partition("/")
    if "<" in suffix:
        return f"{prefix}/{suffix.upper()}"
    start = next((capitals for capitals in _CAPITALS if suffix.startswith(capitals.lower())), "")
    return f"{prefix}/{start}{suffix[len(start) :]}"


def doi_url(citation: Citation) -> str | None:
    doi = printed_doi(citation)
    return doi and f"https://doi.org/{doi}"


def link(citation: Citation) -> str | None:
    return citation.url or doi_url(citation)
