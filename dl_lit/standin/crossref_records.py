"""Crossref's records of the works, with the flaws that real deposits have."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

from dl_lit.model import Person
from dl_lit.standin.citations import cited_by
from dl_lit.standin.context import Context
from dl_lit.standin.world import Entry

LICENCES = {
    "cc-by": "http://creativecommons.org/licenses/by/4.0/",
    "cc-by-sa": "http://creativecommons.org/licenses/by-sa/4.0/",
    "cc-by-nc-nd": "http://creativecommons.org/licenses/by-nc-nd/4.0/",
}
_SELECTABLE = (
    "DOI URL ISBN ISSN type title subtitle short-title original-title container-title short-container-title author "
    "editor issued published published-print published-online volume issue page article-number publisher "
    "publisher-location abstract is-referenced-by-count references-count link license reference relation update-to "
    "resource member prefix score language created deposited indexed subject"
)
SELECTABLE = frozenset(_SELECTABLE.split())
FLAWS = ("no date", "no title", "capitals", "markup", "entities", "short pages", "no issue", "no authors")
FLAW_SHARES = (0.02, 0.008, 0.02, 0.02, 0.02, 0.06, 0.05, 0.008)


class Records:
    """Builds records on first use and keeps them; a record is a function of the work, the seed and the port."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._kept: dict[str, dict[str, Any]] = {}

    def of(self, entry: Entry, *, score: float | None = None) -> dict[str, Any]:
        key = entry.work.key
        if key not in self._kept:
            self._kept[key] = self._build(entry)
        return self._kept[key] if score is None else {**self._kept[key], "score": score}

    def _build(self, entry: Entry) -> dict[str, Any]:
        chance = self._context.world.randomness("crossref", entry.work.key)
        flaws = {flaw for flaw, share in zip(FLAWS, FLAW_SHARES, strict=True) if chance.random() < share}
        if entry.is_parasite:
            flaws = set()
        record = {**_identity(entry), **_titles(entry, flaws), **_people(entry, flaws), **_dates(entry, flaws)}
        record |= _place_in_container(entry, flaws)
        record |= self._links(entry)
        record |= _references(cited_by(self._context.world, entry))
        return {key: value for key, value in record.items() if value is not None}

    def _links(self, entry: Entry) -> dict[str, Any]:
        addresses = self._context.addresses
        copy = next((copy for copy in entry.copies if copy.host.is_publisher), None)
        landing = self._context.landing_of(entry)
        record: dict[str, Any] = {"resource": {"primary": {"URL": landing}}} if landing else {}
        if copy is not None:
            url = addresses.at(copy.host, copy.pdf_path)
            shared = {"content-version": "vor", "intended-application": "text-mining"}
            record["link"] = [{"URL": url, "content-type": "application/pdf", **shared}]
        if copy is not None and copy.licence in LICENCES:
            start = {"date-parts": [[entry.work.year, 1, 1]]}
            url = LICENCES[copy.licence]
            record["license"] = [{"URL": url, "content-version": "vor", "delay-in-days": 0, "start": start}]
        return record


def _identity(entry: Entry) -> dict[str, Any]:
    work = entry.work
    doi = work.doi or ""
    abstract = (
        f"<jats:p>The stand-in has no abstract of “{html.escape(work.title)}”; this sentence takes its place.</jats:p>"
    )
    return {
        "DOI": doi.lower(),
        "URL": f"https://doi.org/{doi.lower()}",
        "type": work.type,
        "prefix": doi.partition("/")[0],
        "member": str(sum(map(ord, doi.partition("/")[0])) % 9000),
        "publisher": work.publisher or work.container or "Unknown publisher",
        "publisher-location": work.place,
        "is-referenced-by-count": work.cited_by,
        "language": work.language,
        "abstract": abstract if work.type == "journal-article" and len(work.title) % 3 == 0 else None,
        "score": 1.0,
    }


def _titles(entry: Entry, flaws: set[str]) -> dict[str, Any]:
    work = entry.work
    title = html.escape(work.title, quote=False) if "entities" in flaws else work.title
    if "capitals" in flaws:
        title = title.upper()
    if "markup" in flaws:
        first, _, rest = title.partition(" ")
        title = f"<i>{first}</i> {rest}".strip()
    if "no title" in flaws:
        title = ""
    subtitle = [work.subtitle] if work.subtitle else []
    return {"title": [title], "subtitle": subtitle, "short-title": [], "original-title": []}


def _people(entry: Entry, flaws: set[str]) -> dict[str, Any]:
    work = entry.work
    authors = [] if "no authors" in flaws else [_person(person, n) for n, person in enumerate(work.authors)]
    editors = [_person(person, n) for n, person in enumerate(work.editors)]
    return {"author": authors or None, "editor": editors or None}


def _person(person: Person, position: int) -> dict[str, Any]:
    parts: dict[str, Any] = {"name": person.name} if person.name else {"given": person.given, "family": person.family}
    parts |= {"sequence": "additional" if position else "first", "affiliation": []}
    return {key: value for key, value in parts.items() if value is not None}


def _dates(entry: Entry, flaws: set[str]) -> dict[str, Any]:
    parts = {"date-parts": [[entry.work.year]]}
    if "no date" in flaws:
        return {"issued": {"date-parts": [[None]]}, "created": {"date-parts": [[2002, 7, 26]]}}
    return {"issued": parts, "published-print": parts}


def _place_in_container(entry: Entry, flaws: set[str]) -> dict[str, Any]:
    work = entry.work
    return {
        "container-title": [work.container] if work.container else [],
        "volume": work.volume,
        "issue": None if "no issue" in flaws else work.issue,
        "page": abbreviated(work.pages) if work.pages and "short pages" in flaws else work.pages,
        "ISBN": [work.isbn] if work.isbn else None,
        "ISSN": [work.issn] if work.issn else None,
    }


def _references(cited: Sequence[Entry]) -> dict[str, Any]:
    """As publishers deposit them: some in parts, some as one string; Crossref has found the DOIs of most."""
    listed = [_reference(entry, number) for number, entry in enumerate(cited, 1)]
    return {"references-count": len(listed), "reference": listed or None}


def _reference(entry: Entry, number: int) -> dict[str, Any]:
    work, kind = entry.work, (number + len(entry.work.title)) % 5
    first = next((person.family or person.name for person in work.authors), None)
    shared = {"key": f"ref{number}", "author": first, "year": str(work.year)}
    if entry.doi and entry.in_crossref and kind:
        shared |= {"DOI": entry.doi, "doi-asserted-by": "crossref" if kind % 2 else "publisher"}
    if kind == 4:
        whole = f"{first or 'Anonymous'} ({work.year}). {work.title}. {work.container or work.publisher or ''}"
        shared = {**{name: shared[name] for name in ("key", "DOI", "doi-asserted-by") if name in shared}}
        return {**shared, "unstructured": whole.strip()}
    in_journal = work.type in ("journal-article", "proceedings-article")
    title = (
        {"article-title": work.title, "journal-title": work.container} if in_journal else {"volume-title": work.title}
    )
    first_page = (work.pages or "").partition("-")[0] or None
    parts = {**shared, **title, "volume": work.volume, "first-page": first_page}
    return {name: value for name, value in parts.items() if value is not None}


def abbreviated(pages: str) -> str:
    """`1425-1437` as `1425-37`."""
    found = re.fullmatch(r"(\d+)-(\d+)", pages)
    if not found or len(found[1]) != len(found[2]):
        return pages
    first, last = found[1], found[2]
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), 0)
    return f"{first}-{last[min(same, len(last) - 2) :]}" if len(last) > 2 else pages


def csl(record: dict[str, Any]) -> dict[str, Any]:
    """CSL-JSON as content negotiation gives it: Crossref's record with strings in place of one-element lists."""
    flat = {key: value for key, value in record.items() if key not in ("link", "license", "resource", "score")}
    for key in ("title", "container-title"):
        flat[key] = (record.get(key) or [""])[0]
    flat["type"] = {"journal-article": "article-journal", "proceedings-article": "paper-conference"}.get(
        record["type"], record["type"]
    )
    return flat
