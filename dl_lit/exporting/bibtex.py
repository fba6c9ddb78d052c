"""Works as BibTeX (UTF-8), with stable, unique citation keys and JabRef's `file` field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from anyascii import anyascii
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library as BibLibrary
from bibtexparser.model import Entry, Field

from dl_lit.model import Person, Work
from dl_lit.store.records import LibraryWork

ENTRY_TYPES = {
    "journal-article": "article",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "book-chapter": "incollection",
    "book-section": "incollection",
    "reference-entry": "incollection",
    "proceedings-article": "inproceedings",
    "proceedings": "proceedings",
    "dissertation": "phdthesis",
    "report": "techreport",
    "posted-content": "misc",
}
CONTAINER_FIELDS = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
VERBATIM = frozenset({"doi", "url", "file", "eprint"})  # read as they are; LaTeX escapes would break them
SPECIAL = re.compile(r"(?<!\\)([&%$#_])")
LONELY = {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def as_bibtex(works: Iterable[LibraryWork], pdfs: Path) -> str:
    """All works as one BibTeX text; `pdfs` is the folder that kept files are relative to. The address of a work without
    a file is the one that a person can open."""
    library, taken = BibLibrary(), set[str]()
    for one in works:
        key = _unique(citation_key(one.work), taken)
        work = replace(one.work, url=one.url) if one.url else one.work
        fields = {**_fields(work), **_file(one, pdfs)}
        escaped = [
            Field(name, _verbatim(name, value) if name in VERBATIM else escape(value)) for name, value in fields.items()
        ]
        library.add(Entry(entry_type(one.work), key, escaped))
    return str(write_string(library))


def entry_type(work: Work) -> str:
    return ENTRY_TYPES.get(work.type or "", "misc")


def citation_key(work: Work) -> str:
    """Family name, year and the title's first long word, in ASCII: "mueller2012bildung"."""
    first = (work.authors or work.editors or (Person(name="anon"),))[0]
    family = _ascii(first.family or first.name or "anon")
    words = [_ascii(word) for word in (work.title or "").split()]
    word = next((word for word in words if len(word) > 3), "".join(words[:1]))
    return f"{family or 'anon'}{work.year or ''}{word}"


def _ascii(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", anyascii(text).lower())


def _unique(key: str, taken: set[str]) -> str:
    """The key, or the key with the first free one of a, b, ... z, a1, ... behind it."""
    candidate, number = key, 0
    while candidate in taken:
        round_, letter = divmod(number, 26)
        candidate = f"{key}{chr(ord('a') + letter)}{round_ or ''}"
        number += 1
    taken.add(candidate)
    return candidate


def _fields(work: Work) -> dict[str, str]:
    kind = entry_type(work)
    title = f"{work.title}: {work.subtitle}" if work.title and work.subtitle else work.title
    # These three hold braces of our own and mend their words themselves.
    braced = {
        "author": _people(work.authors),
        "editor": _people(work.editors),
        "title": title and f"{{{_balanced(title)}}}",
    }
    values = {
        CONTAINER_FIELDS.get(kind, "howpublished"): work.container,
        "year": work.year and str(work.year),
        "volume": work.volume,
        "number": work.issue,
        "pages": work.pages and re.sub(r"\s*[-–—]+\s*", "--", work.pages),
        "school" if kind == "phdthesis" else "institution" if kind == "techreport" else "publisher": work.publisher,
        "address": work.place,
        "doi": work.doi,
        "eprint": work.arxiv,
        "archiveprefix": work.arxiv and "arXiv",
        "isbn": work.isbn,
        "issn": work.issn,
        "url": work.url,
        "language": work.language,
        "abstract": work.abstract,
    }
    mended = {name: value if name in VERBATIM else _balanced(value) for name, value in values.items() if value}
    return {**{name: value for name, value in braced.items() if value}, **mended}


def _people(people: Iterable[Person]) -> str:
    return " and ".join(filter(None, map(_person, people)))


def _person(person: Person) -> str:
    if person.family:
        return f"{_balanced(person.family)}, {_balanced(person.given)}" if person.given else _balanced(person.family)
    # Braces keep BibTeX from taking a body's name apart.
    return f"{{{_balanced(person.name)}}}" if person.name else ""


def _balanced(text: str) -> str:
    """Without braces: one that has no partner would swallow the rest of the file."""
    return text.replace("{", "(").replace("}", ")")


def _verbatim(name: str, value: str) -> str:
    """Styles that print an address within another command let LaTeX read it, where a backslash (or ^^5c) begins a
    command, as \\input; no address may hold either as it is. The path of a file has its own use for backslashes."""
    return _encoded(value if name == "file" else value.replace("\\", "%5C").replace("^", "%5E"))


def _encoded(text: str) -> str:
    """An address that ends where its field ends: braces without a partner, and a backslash at the end, encoded."""
    if text.endswith("\\"):
        text = f"{text[:-1]}%5C"
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            break
    return text if depth == 0 else text.replace("{", "%7B").replace("}", "%7D")


def escape(text: str) -> str:
    """What LaTeX would take as a command becomes its character."""
    text = re.sub(r"\\(?![&%$#_])", r"\\textbackslash{}", text)
    text = SPECIAL.sub(r"\\\1", text)
    return "".join(LONELY.get(character, character) for character in text)


def _file(one: LibraryWork, pdfs: Path) -> dict[str, str]:
    if one.file is None:
        return {}
    # JabRef's form is description:path:type; its own separators are escaped with a backslash.
    path = re.sub(r"([:;\\])", r"\\\1", str(pdfs / one.file.file_name))
    reserved = {"tdmreservation": _balanced(one.file.reserved)} if one.file.reserved else {}
    return {"file": f":{path}:PDF", **reserved}
