"""MARC 21 in XML, as libraries hand out their records: the fields of a book or thesis as a `Work`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from dl_lit.identity import doi as dois_of
from dl_lit.identity import isbn, names
from dl_lit.model import Location, Person, Work
from dl_lit.services.fields import Node
from dl_lit.services.licences import licence_of

MARC = "{http://www.loc.gov/MARC21/slim}"

_NON_SORTING = re.compile("[\x88\x89\x98\x9c]")  # around an article that is passed over in sorting
_ISBD_END = re.compile(r"[\s/:;,=]+$")
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_EDITORS = frozenset({"edt", "hrsg", "herausgeber", "herausgeberin", "editor", "herausgebendes organ"})
_AUTHORS = frozenset({"aut", "verfasser", "verfasserin", "author", "cre", "dis"})


def parse_record(record: Element, source: str) -> Work:
    """One `record`; whatever is missing or odd is left out."""
    thesis, host = _field(record, "502"), _field(record, "773")
    series = _first(record, ("490", "a"), ("830", "a"))
    return Work(
        title=_first(record, ("245", "a")),
        subtitle=_first(record, ("245", "b")),
        authors=tuple(_people(record, _AUTHORS, main=True)),
        editors=tuple(_people(record, _EDITORS, main=False)),
        year=_year(_first(record, ("264", "c"), ("260", "c"))) or _year((_control(record, "008") or "")[7:11]),
        container=_first(record, ("773", "t")) if host is not None else series,
        volume=_first(record, ("490", "v"), ("830", "v")),
        publisher=_first(record, ("264", "b"), ("260", "b"), ("502", "c")),
        place=_first(record, ("264", "a"), ("260", "a")),
        type="dissertation" if thesis is not None else _type(record, is_part=host is not None),
        doi=_doi(record),
        isbn=next((found for text in _values(record, "020", "a") if (found := isbn.normalise(text))), None),
        issn=next((found for text in _values(record, "022", "a") if (found := isbn.normalise_issn(text))), None),
        language=_first(record, ("041", "a")),
        locations=_locations(record, source),
        sources=(source,),
        edition=_first(record, ("250", "a")),
    )


def isbns(record: Element) -> set[str]:
    """All ISBNs of a record, which may be those of several bindings."""
    return {found for code in "az9" for text in _values(record, "020", code) if (found := isbn.normalise(text))}


def _fields(record: Element, tag: str) -> Iterator[Element]:
    return (field for field in record.iter(f"{MARC}datafield") if field.get("tag") == tag)


def _field(record: Element, tag: str) -> Element | None:
    return next(_fields(record, tag), None)


def _subfields(field: Element, code: str) -> list[str]:
    texts = (clean(one.text) for one in field.iter(f"{MARC}subfield") if one.get("code") == code)
    return [text for text in texts if text]


def _values(record: Element, tag: str, code: str) -> list[str]:
    return [text for field in _fields(record, tag) for text in _subfields(field, code)]


def _first(record: Element, *places: tuple[str, str]) -> str | None:
    return next((text for tag, code in places for text in _values(record, tag, code)), None)


def _control(record: Element, tag: str) -> str | None:
    return next((one.text for one in record.iter(f"{MARC}controlfield") if one.get("tag") == tag), None)


def clean(text: str | None) -> str | None:
    """Composed letters, no marks for sorting, no punctuation that only parts one field from the next."""
    composed = unicodedata.normalize("NFC", _NON_SORTING.sub("", text or ""))
    return _ISBD_END.sub("", Node(composed).text() or "") or None


def _people(record: Element, roles: frozenset[str], *, main: bool) -> Iterator[Person]:
    """Those of the main entry are authors unless it says otherwise, the others only if it says so."""
    for tag in ("100", "110", "700", "710"):
        for field in _fields(record, tag):
            said = {text.lower() for code in "4e" for text in _subfields(field, code)}
            fits = bool(said & roles) if said else main and tag in ("100", "110")
            if fits and (person := _person(field, is_body=tag.endswith("10"))) is not None:
                yield person


def _person(field: Element, *, is_body: bool) -> Person | None:
    name = " ".join(_subfields(field, "a")[:1])
    if not name:
        return None
    if is_body:
        return Person(name=name)
    return names.parse(name)


def _type(record: Element, *, is_part: bool) -> str:
    leader = next((one.text or "" for one in record.iter(f"{MARC}leader")), "")
    if leader[7:8] == "s":
        return "journal"
    return "book-chapter" if is_part or leader[7:8] == "a" else "book"


def _year(text: str | None) -> int | None:
    match = _YEAR.search(text or "")
    return int(match[1]) if match else None


def _doi(record: Element) -> str | None:
    marked = (field for field in _fields(record, "024") if "doi" in (text.lower() for text in _subfields(field, "2")))
    return next((doi for field in marked for text in _subfields(field, "a") if (doi := dois_of.normalise(text))), None)


def _locations(record: Element, source: str) -> tuple[Location, ...]:
    """Links are mostly tables of contents; a file counts where the record says that anyone may read it."""
    rights = " ".join(text for code in "af" for text in _values(record, "506", code)).lower()
    if "open access" not in rights and "unrestricted" not in rights:
        return ()
    licence = licence_of(next(iter(_values(record, "540", "u")), None))
    files = (field for field in _fields(record, "856") if "application/pdf" in _subfields(field, "q"))
    urls: Iterable[str] = (text for field in files for text in _subfields(field, "u") if Node(text).url())
    return tuple(
        Location(source=source, pdf_url=url, licence=licence, host_type="repository") for url in dict.fromkeys(urls)
    )
