"""Works as RIS, which every reference manager reads (Research Information Systems' format of 2011)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import rispy

from dl_lit.exporting.keys import Keyed
from dl_lit.identity import titles
from dl_lit.identity.names import inverted
from dl_lit.model import Person

TYPES = {
    "journal-article": "JOUR",
    "book": "BOOK",
    "monograph": "BOOK",
    "book-set": "BOOK",
    "edited-book": "EDBOOK",
    "reference-book": "BOOK",
    "book-chapter": "CHAP",
    "book-section": "CHAP",
    "book-part": "CHAP",
    "reference-entry": "ENCYC",
    "proceedings-article": "CPAPER",
    "proceedings": "CONF",
    "dissertation": "THES",
    "report": "RPRT",
    "posted-content": "UNPB",
    "dataset": "DATA",
    "database": "DATA",
    "software": "COMP",
    "webpage": "ELEC",
    "standard": "STAND",
    "patent": "PAT",
    "legislation": "STAT",
    "legal_case": "CASE",
}


class _Writer(rispy.RisWriter):  # type: ignore[misc]
    """Without the numbers before the entries: not all programs pass over them."""

    def set_header(self, count: int) -> str:
        return ""


def as_ris(works: Iterable[Keyed], pdfs: Path) -> str:
    """All works as one RIS text; `pdfs` is the folder that kept files are relative to."""
    return str(rispy.dumps([_entry(one, pdfs) for one in works], implementation=_Writer)).lstrip("\n")


def _entry(one: Keyed, pdfs: Path) -> dict[str, Any]:
    work, first, last = one.work, *_pages(one.work.pages)
    values: dict[str, Any] = {
        "type_of_reference": TYPES.get(work.type or "", "GEN"),
        "id": one.key,
        "authors": list(map(_name, work.authors)),
        "secondary_authors": list(map(_name, work.editors)),
        "title": titles.whole(work),
        "secondary_title": work.container,
        "year": work.year and str(work.year),
        "volume": work.volume,
        "number": work.issue,
        "start_page": first,
        "end_page": last,
        "edition": work.edition,
        "publisher": work.publisher,
        "place_published": work.place,
        "issn": work.isbn or work.issn,
        "doi": work.doi,
        "accession_number": work.pmid or work.arxiv,
        "urls": [work.url] if work.url else [],
        "language": work.language,
        "abstract": work.abstract,
        "notes": [one.note] if one.note else [],
        "file_attachments1": str(pdfs / one.entry.file.file_name) if one.entry.file else None,
    }
    return {name: _plain(value) for name, value in values.items() if value}


def _name(person: Person) -> str:
    """Of one word, or "family, given"; a comma behind several words, as EndNote has it, keeps them together."""
    name = inverted(person)
    return f"{name}," if " " in name and not (person.family and person.given) else name


def _pages(pages: str | None) -> tuple[str | None, str | None]:
    first, _, last = (pages or "").replace("–", "-").partition("-")
    return first.strip() or None, last.strip() or None


def _plain(value: Any) -> Any:
    """On one line: a line of its own could begin like a tag and end the entry."""
    return [" ".join(one.split()) for one in value] if isinstance(value, list) else " ".join(value.split())
