"""OpenAlex's records of the works: every root field of the API, locations included, with the gaps that it has."""

from __future__ import annotations

import hashlib
from typing import Any

from dl_lit.model import CopyVersion, Person
from dl_lit.standin.citations import cited_by, pmcid_of
from dl_lit.standin.context import Context
from dl_lit.standin.openalex_query import openalex_type
from dl_lit.standin.world import Copy, Entry

AUTHORS_IN_LISTS = 100


class Records:
    """Builds records on first use and keeps them."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._kept: dict[str, dict[str, Any]] = {}

    def of(self, entry: Entry) -> dict[str, Any]:
        key = entry.openalex_id
        if key not in self._kept:
            self._kept[key] = self._build(entry)
        return self._kept[key]

    def _build(self, entry: Entry) -> dict[str, Any]:
        chance = self._context.world.randomness("openalex", entry.work.key)
        untitled = chance.random() < 0.005 and not entry.is_parasite
        locations = self._locations(entry, sourceless=chance.random() < 0.05)
        best = locations[0] if entry.copies else None
        record = {**_identity(entry, untitled=untitled), **_people(entry), **_biblio(entry), **_rest(entry)}
        cited = [one for one in cited_by(self._context.world, entry) if one.in_openalex]
        record |= {
            "referenced_works_count": len(cited),
            "referenced_works": [f"https://openalex.org/{one.openalex_id}" for one in cited],
            "primary_location": locations[0] if locations else None,
            "best_oa_location": best,
            "locations_count": len(locations),
            "locations": locations,
            "open_access": {
                "is_oa": bool(entry.copies),
                "oa_status": entry.oa_status,
                "oa_url": best and (best["pdf_url"] or best["landing_page_url"]),
                "any_repository_has_fulltext": any(not copy.host.is_publisher for copy in entry.copies),
            },
        }
        return record

    def _locations(self, entry: Entry, *, sourceless: bool) -> list[dict[str, Any]]:
        locations = [self._location(entry, copy) for copy in entry.copies]
        if entry.doi and not any(copy.host.is_publisher for copy in entry.copies):
            locations.append(_closed_location(entry, self._context.addresses.doi(entry.doi)))
        if sourceless:
            locations = [{**location, "source": None} for location in locations]
        return locations

    def _location(self, entry: Entry, copy: Copy) -> dict[str, Any]:
        addresses = self._context.addresses
        return {
            "id": f"doi:{entry.doi}" if copy.host.is_publisher else f"pmh:oai:{copy.host.number}:{copy.slug}",
            "is_oa": True,
            "landing_page_url": addresses.landing(entry, copy),
            "pdf_url": addresses.pdf(copy),
            "source": _source(copy.host.name, "journal" if copy.host.is_publisher else "repository", entry),
            "license": copy.licence,
            "license_id": copy.licence and f"https://openalex.org/licenses/{copy.licence}",
            "version": str(copy.version),
            "is_accepted": copy.version is not CopyVersion.SUBMITTED,
            "is_published": copy.version is CopyVersion.PUBLISHED,
            "raw_source_name": copy.host.name,
            "raw_type": entry.work.type,
        }


def abridged(record: dict[str, Any]) -> dict[str, Any]:
    """The record as lists show it: authors beyond the hundredth are left out."""
    shown = dict(record)
    if len(record["authorships"]) > AUTHORS_IN_LISTS:
        shown |= {"authorships": record["authorships"][:AUTHORS_IN_LISTS], "is_authors_truncated": True}
    return shown


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])


def _closed_location(entry: Entry, landing: str) -> dict[str, Any]:
    return {
        "id": f"doi:{entry.doi}",
        "is_oa": False,
        "landing_page_url": landing,
        "pdf_url": None,
        "source": _source(entry.work.container, "journal", entry) if entry.work.container else None,
        "license": None,
        "license_id": None,
        "version": str(CopyVersion.PUBLISHED),
        "is_accepted": True,
        "is_published": True,
        "raw_source_name": entry.work.container,
        "raw_type": entry.work.type,
    }


def _source(name: str, kind: str, entry: Entry) -> dict[str, Any]:
    issn = entry.work.issn if kind == "journal" else None
    return {
        "id": f"https://openalex.org/S{_number(name)}",
        "display_name": name,
        "issn_l": issn,
        "issn": [issn] if issn else None,
        "is_oa": False,
        "is_in_doaj": False,
        "is_indexed_in_scopus": kind == "journal",
        "is_core": kind == "journal",
        "host_organization": None,
        "host_organization_name": entry.work.publisher if kind == "journal" else None,
        "host_organization_lineage": [],
        "type": kind,
    }


def _identity(entry: Entry, *, untitled: bool) -> dict[str, Any]:
    work, url = entry.work, f"https://openalex.org/{entry.openalex_id}"
    whole = f"{work.title}: {work.subtitle}" if work.subtitle else work.title
    ids = {"openalex": url, "doi": entry.doi and f"https://doi.org/{entry.doi}"}
    pmcid = pmcid_of(entry)
    ids["pmcid"] = pmcid and f"https://www.ncbi.nlm.nih.gov/pmc/articles/{pmcid.removeprefix('PMC')}"
    ids["pmid"] = work.pmid and f"https://pubmed.ncbi.nlm.nih.gov/{work.pmid}"
    return {
        "id": url,
        "doi": entry.doi and f"https://doi.org/{entry.doi}",
        "title": None if untitled else whole,
        "display_name": None if untitled else whole,
        "publication_year": work.year,
        "publication_date": f"{work.year}-01-01",
        "ids": {name: value for name, value in ids.items() if value},
        "language": work.language,
        "type": "erratum" if work.key.endswith("-correction") else openalex_type(work.type),
        "type_crossref": work.type,
        "indexed_in": [name for name, there in (("crossref", entry.in_crossref), ("pubmed", work.pmid)) if there],
    }


def _people(entry: Entry) -> dict[str, Any]:
    authors = entry.work.authors
    last = len(authors) - 1
    return {
        "authorships": [_authorship(person, n, last) for n, person in enumerate(authors)],
        "is_authors_truncated": False,
    }


def _authorship(person: Person, position: int, last: int) -> dict[str, Any]:
    name = person.name or " ".join(part for part in (person.given, person.family) if part)
    return {
        "author_position": "first" if position == 0 else "last" if position == last else "middle",
        "author": {"id": f"https://openalex.org/A{_number(name)}", "display_name": name, "orcid": None},
        "institutions": [],
        "countries": [],
        "is_corresponding": position == 0,
        "raw_author_name": name,
        "raw_affiliation_strings": [],
        "affiliations": [],
    }


def _biblio(entry: Entry) -> dict[str, Any]:
    first, _, last = (entry.work.pages or "").partition("-")
    pages = {"first_page": first or None, "last_page": last or first or None}
    return {"biblio": {"volume": entry.work.volume, "issue": entry.work.issue, **pages}}


def _rest(entry: Entry) -> dict[str, Any]:
    work = entry.work
    words = ["The", "stand-in", "has", "no", "abstract", "of", "this", "work"]
    empty = ("counts_by_year", "related_works", "topics", "keywords", "concepts", "mesh")
    return {
        "is_retracted": False,
        "is_paratext": False,
        "is_xpac": False,
        "has_fulltext": bool(entry.copies),
        "has_content": {"pdf": False, "grobid_xml": False},
        "content_urls": None,
        "cited_by_count": work.cited_by,
        "cited_by_api_url": f"https://api.openalex.org/works?filter=cites:{entry.openalex_id}",
        "abstract_inverted_index": {word: [n] for n, word in enumerate(words)} if len(work.title) % 3 == 0 else None,
        "primary_topic": None,
        **{name: [] for name in (*empty, "sustainable_development_goals", "awards", "funders")},
        "fwci": None,
        "updated_date": "2026-11-01T00:00:00",
        "created_date": f"{work.year}-06-01",
    }
