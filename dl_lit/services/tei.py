"""Reads the references of GROBID's TEI (apis.md §20): https://tei-c.org/release/doc/tei-p5-doc/en/html/ref-biblStruct.html"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from dl_lit.identity import arxiv, isbn, names, pubmed
from dl_lit.identity import doi as dois
from dl_lit.model import Person, Reference
from dl_lit.services.fields import Node, page_range

_TEI = "{http://www.tei-c.org/ns/1.0}"
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20|21)\d\d(?!\d)")
_THESIS = re.compile(r"(?i)thesis|dissertation|\bdiss\b|arbeit\b|habilitation")


def parse_references(body: bytes) -> tuple[Reference, ...] | None:
    """The references in the order of the document; None when this is no TEI (or is meant to harm the reader)."""
    try:
        root: Element = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        return None
    if root.tag != f"{_TEI}TEI":
        return None
    found = (_reference(struct) for struct in root.iter(f"{_TEI}biblStruct"))
    return tuple(reference for reference in found if reference is not None)


def _reference(struct: Element) -> Reference | None:
    raw = _raw(struct)
    if not any(character.isalnum() for character in raw):
        return None
    article, whole = _child(struct, "analytic"), _child(struct, "monogr")
    title, container = _titles(article, whole)
    imprint = _child(whole, "imprint")
    year_text = _date(imprint)
    year = _YEAR.search(year_text or "")
    return Reference(
        raw=raw,
        authors=_people(article, "author") or _people(whole, "author"),
        editors=_people(whole, "editor") or _people(article, "editor"),
        title=title,
        year=int(year[0]) if year else None,
        year_text=year_text,
        container=container,
        volume=_scope(imprint, "volume"),
        issue=_scope(imprint, "issue"),
        pages=_scope(imprint, "page"),
        publisher=_text_of(imprint, "publisher"),
        place=_text_of(imprint, "pubPlace"),
        type=_kind(struct, article, whole),
        doi=dois.normalise(_identifier(struct, "doi")),
        arxiv=arxiv.normalise(_identifier(struct, "arxiv")),
        pmid=pubmed.pmid(_identifier(struct, "pmid")),
        pmcid=pubmed.pmcid(_identifier(struct, "pmcid")),
        isbn=isbn.normalise(_identifier(struct, "isbn")),
        issn=isbn.normalise_issn(_identifier(struct, "issn", "issne", "eissn")),
        url=_address(struct),
    )


def _raw(struct: Element) -> str:
    """The printed string; an old GROBID that does not send it has at least its pieces, in the order of the TEI."""
    printed = _note(struct, "raw_reference")
    return printed or _text(" ".join(struct.itertext())) or ""


def _titles(article: Element | None, whole: Element | None) -> tuple[str | None, str | None]:
    """The work's own title and that of what holds it; a book has only the one, a journal is never the work itself."""
    own, holder = _title(article), _title(whole)
    levels = {title.get("level") for title in _children(whole, "title")}
    if own is None and "j" not in levels and not _people(article, "author"):
        return holder, None
    return own, holder


def _title(part: Element | None) -> str | None:
    titles = _children(part, "title")
    titles.sort(key=lambda title: title.get("type") != "main")  # abbreviations and subtitles come second
    return next((text for title in titles if (text := _inner(title))), None)


def _people(part: Element | None, tag: str) -> tuple[Person, ...]:
    return tuple(person for element in _children(part, tag) if (person := _person(element)) is not None)


def _person(element: Element) -> Person | None:
    family = _text_of(element, "surname", deep=True)
    given = " ".join(text for name in element.iter(f"{_TEI}forename") if (text := _inner(name)))
    if family:
        return Person(family=family, given=given or None)
    body = _text_of(element, "orgName", deep=True) or given
    if body:
        return Person(name=body)
    text = _inner(element)
    return names.parse(text) if text else None


def _date(imprint: Element | None) -> str | None:
    # An "accessed" one is the day of a look at a web page, not the work's.
    dates = [date for date in _children(imprint, "date") if date.get("type") != "accessed"]
    dates.sort(key=lambda date: date.get("type") != "published")
    return next((text for date in dates if (text := _inner(date) or _text(date.get("when")))), None)


def _scope(imprint: Element | None, unit: str) -> str | None:
    for scope in _children(imprint, "biblScope"):
        if scope.get("unit") == unit:
            found = page_range(_text(scope.get("from")), _text(scope.get("to"))) or _inner(scope)
            if found:
                return found
    return None


def _identifier(struct: Element, *kinds: str) -> str | None:
    for element in struct.iter(f"{_TEI}idno"):
        if (element.get("type") or "").lower() in kinds and (text := _inner(element)):
            return text
    return None


def _address(struct: Element) -> str | None:
    targets = (Node(element.get("target")).url() for element in struct.iter(f"{_TEI}ptr"))
    return next((target for target in targets if target), None)


def _kind(struct: Element, article: Element | None, whole: Element | None) -> str | None:
    """In Crossref's words, as far as the TEI says."""
    report = _note(struct, "report_type")
    if report:
        return "dissertation" if _THESIS.search(report) else "report"
    levels = {title.get("level") for title in _children(whole, "title")}
    if "j" in levels:
        return "journal-article"
    if _title(article) is None:
        return "book" if _title(whole) else None
    if _children(whole, "meeting"):
        return "proceedings-article"
    return "book-chapter" if "m" in levels else None


def _note(struct: Element, kind: str) -> str | None:
    notes = (_inner(note) for note in struct.iter(f"{_TEI}note") if note.get("type") == kind)
    return next((text for text in notes if text), None)


def _child(part: Element | None, tag: str) -> Element | None:
    return next(iter(_children(part, tag)), None)


def _children(part: Element | None, tag: str) -> list[Element]:
    return part.findall(f"{_TEI}{tag}") if part is not None else []


def _text_of(part: Element | None, tag: str, *, deep: bool = False) -> str | None:
    elements: Iterator[Element] = iter(())
    if part is not None:
        elements = part.iter(f"{_TEI}{tag}") if deep else iter(_children(part, tag))
    return next((text for element in elements if (text := _inner(element))), None)


def _inner(element: Element) -> str | None:
    return _text("".join(element.itertext()))


def _text(value: str | None) -> str | None:
    return Node(value).text()
