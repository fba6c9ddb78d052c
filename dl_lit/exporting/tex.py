"""What BibTeX and biblatex have in common: braces, escapes, people, pages, and JabRef's `file` field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library as BibLibrary
from bibtexparser.model import Entry, Field

from dl_lit.exporting.keys import Keyed
from dl_lit.identity import names
from dl_lit.model import Person, Work
from dl_lit.store.records import LibraryWork

VERBATIM = frozenset({"doi", "url", "file", "eprint"})  # read as they are; LaTeX escapes would break them
SPECIAL = re.compile(r"(?<!\\)([&%$#_])")
# babel's names of the most frequent languages: without one, programs take a title for English and change its capitals.
_BABEL = (
    "ar:arabic bg:bulgarian ca:catalan cs:czech da:danish de:ngerman el:greek en:english es:spanish fi:finnish"
    " fr:french he:hebrew hr:croatian hu:hungarian it:italian ja:japanese ko:korean la:latin nb:norsk nl:dutch no:norsk"
    " pl:polish pt:portuguese ro:romanian ru:russian sk:slovak sl:slovene sv:swedish tr:turkish uk:ukrainian zh:chinese"
)
LANGIDS = dict(pair.split(":") for pair in _BABEL.split())
_AND = re.compile(r"\band\b", re.IGNORECASE)
LONELY = {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def written(
    works: Iterable[Keyed], pdfs: Path, kind_of: Callable[[Work], str], fields_of: Callable[[Work], dict[str, str]]
) -> str:
    """All works as one text, with what both dialects say alike: the note of one that is not verified, and the file."""
    library = BibLibrary()
    for one in works:
        fields = {**fields_of(one.work), **mended({"note": one.note}), **_kept_file(one.entry, pdfs)}
        library.add(_entry(kind_of(one.work), one.key, fields))
    return str(write_string(library))


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> Entry:
    """With every value as LaTeX wants it."""
    return Entry(
        kind,
        key,
        [Field(name, _verbatim(name, one) if name in VERBATIM else escape(one)) for name, one in fields.items()],
    )


def mended(values: Mapping[str, str | int | None]) -> dict[str, str]:
    """Those that say something, without braces that would swallow the rest of the file."""
    said = {name: str(one) for name, one in values.items() if one}
    return {name: one if name in VERBATIM else balanced(one) for name, one in said.items()}


def people_and_title(work: Work, title: str | None) -> dict[str, str]:
    """These hold braces of our own: bodies stay whole, and titles keep their capitals."""
    values = {
        "author": people(work.authors),
        "editor": people(work.editors),
        "title": title and f"{{{balanced(title)}}}",
    }
    return {name: one for name, one in values.items() if one}


def kept_whole(values: Mapping[str, str | None]) -> dict[str, str]:
    """Titles of books and the like, in braces as well: programs that write titles small would write names small."""
    return {name: f"{{{balanced(one)}}}" for name, one in values.items() if one}


def of_lists(values: Mapping[str, str | None]) -> dict[str, str]:
    """Publishers and places, of which a field may name several: an "and" within one name stands in braces."""
    return {name: _whole(one) if _AND.search(one) else balanced(one) for name, one in values.items() if one}


def at_the_end(work: Work) -> dict[str, str | None]:
    """The fields of every entry that BibTeX and biblatex name alike."""
    return {
        "isbn": work.isbn,
        "issn": work.issn,
        "url": work.url,
        "language": work.language,
        "langid": langid(work.language),
        "abstract": work.abstract,
    }


def langid(language: str | None) -> str | None:
    """Of "de" or "de-AT"."""
    return language and LANGIDS.get(language.partition("-")[0].lower())


def pages(printed: str | None) -> str | None:
    return printed and re.sub(r"\s*[-–—]+\s*", "--", printed)


def people(several: Iterable[Person]) -> str:
    return " and ".join(filter(None, map(_person, several)))


def _person(person: Person) -> str:
    if person.family:
        if person.given:
            return ", ".join(balanced(part) for part in (person.family, *reversed(names.given_and_suffix(person))))
        return _whole(person.family) if " " in person.family else balanced(person.family)
    return _whole(person.name) if person.name else ""


def _whole(name: str) -> str:
    """Braces keep BibTeX from taking a body's name, or a name of one part, apart."""
    return f"{{{balanced(name)}}}"


def balanced(text: str) -> str:
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


def _kept_file(one: LibraryWork, pdfs: Path) -> dict[str, str]:
    if one.file is None:
        return {}
    # JabRef's form is description:path:type; its own separators are escaped with a backslash.
    path = re.sub(r"([:;\\])", r"\\\1", str(pdfs / one.file.file_name))
    reserved = {"tdmreservation": balanced(one.file.reserved)} if one.file.reserved else {}
    return {"file": f":{path}:PDF", **reserved}
