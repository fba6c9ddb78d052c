"""What OpenAlex's records say, as works and locations (apis.md §3.5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dl_lit.identity import arxiv, isbn, names, pubmed
from dl_lit.identity import doi as dois_of
from dl_lit.model import CopyVersion, Location, Person, Work
from dl_lit.services.fields import Node, page_range

NAME = "openalex"
MAX_AUTHORS = 100  # lists are cut there; single records are cut too, so that a work is the same both ways

FIELDS = (
    *("id", "doi", "title", "display_name", "publication_year", "ids", "language", "type", "primary_location"),
    *("best_oa_location", "locations", "open_access", "authorships", "biblio", "is_retracted", "cited_by_count"),
    "abstract_inverted_index",
)
_CROSSREF_TYPES = frozenset(
    (
        *("journal-article", "book", "monograph", "edited-book", "reference-book", "book-chapter", "book-section"),
        *("book-part", "proceedings", "proceedings-article", "posted-content", "dissertation", "report", "dataset"),
        *("report-component", "component", "peer-review", "journal-issue", "journal", "reference-entry", "standard"),
        *("grant", "other"),
    )
)
_TYPES: Mapping[str, str] = {
    "article": "journal-article",
    "review": "journal-article",
    "letter": "journal-article",
    "editorial": "journal-article",
    "erratum": "journal-article",
    "retraction": "journal-article",
    "preprint": "posted-content",
    "conference-paper": "proceedings-article",
    "paratext": "other",
    "libguides": "other",
    "supplementary-materials": "component",
}
_MAX_ABSTRACT_WORDS = 5000


def parse_work(record: Node) -> Work:
    """An OpenAlex record as a `Work`; whatever is missing or odd is left out."""
    locations = parse_locations(record)
    primary = record["primary_location"]
    source = primary["source"]
    in_repository = source["type"].text() == "repository"
    doi = dois_of.normalise(record["doi"].text() or record["ids"]["doi"].text())
    return Work(
        title=record["title"].plain() or record["display_name"].plain(),
        authors=_authors(record["authorships"]),
        year=record["publication_year"].year(),
        container=None if in_repository else source["display_name"].plain(),
        volume=record["biblio"]["volume"].text(),
        issue=record["biblio"]["issue"].text(),
        pages=page_range(record["biblio"]["first_page"].text(), record["biblio"]["last_page"].text()),
        publisher=None if in_repository else source["host_organization_name"].plain(),
        type=_type(record),
        doi=doi,
        openalex_id=openalex_id(record),
        arxiv=arxiv.from_doi(doi) or _arxiv_of(record["locations"]),
        pmid=pubmed.pmid(record["ids"]["pmid"].text()),
        pmcid=pubmed.pmcid(record["ids"]["pmcid"].text()),
        issn=isbn.normalise_issn(source["issn_l"].text()),
        url=primary["landing_page_url"].url(),
        language=record["language"].text(),
        abstract=_abstract(record["abstract_inverted_index"].value),
        cited_by_count=record["cited_by_count"].whole(),
        is_oa=record["open_access"]["is_oa"].flag(),
        oa_status=record["open_access"]["oa_status"].text(),
        is_retracted=record["is_retracted"].flag() is True,
        locations=locations,
        sources=(NAME,),
    )


def parse_locations(record: Node) -> tuple[Location, ...]:
    """Every location that is marked as open, the index's favourite marked; closed publisher pages are left out."""
    best = record["best_oa_location"]
    nodes = [node for node in record["locations"] if node["is_oa"].flag()]
    if best["is_oa"].flag() is not False and not any(_same(node, best) for node in nodes):
        nodes.insert(0, best)
    found = (_location(node, is_best=_same(node, best)) for node in nodes)
    return tuple(dict.fromkeys(location for location in found if location is not None))


def slim(record: dict[str, Any]) -> dict[str, Any]:
    """What is worth keeping of a record: affiliations make up most of its size and are never used."""
    kept = {name: record[name] for name in (*FIELDS, "type_crossref") if name in record}
    people = list(Node(record)["authorships"])[:MAX_AUTHORS]
    kept["authorships"] = [
        {
            "raw_author_name": one["raw_author_name"].value,
            "author": {"display_name": one["author"]["display_name"].value},
        }
        for one in people
    ]
    return kept


def openalex_id(record: Node) -> str | None:
    return bare_id(record["id"].text() or record["ids"]["openalex"].text() or "")


def bare_id(url: str) -> str | None:
    bare = url.rpartition("/")[2].upper()
    return bare if re.fullmatch(r"W\d+", bare) else None


def _authors(authorships: Node) -> tuple[Person, ...]:
    printed = (entry["raw_author_name"].plain() or entry["author"]["display_name"].plain() for entry in authorships)
    return tuple(names.parse(name) for name in printed if name)


def _type(record: Node) -> str | None:
    """In Crossref's vocabulary: as registered where the record says so, else translated."""
    registered = record["type_crossref"].text() or record["primary_location"]["raw_type"].text()
    if registered in _CROSSREF_TYPES:
        return registered
    kind = record["type"].text()
    if kind == "article" and record["primary_location"]["source"]["type"].text() == "conference":
        return "proceedings-article"
    return _TYPES.get(kind or "", kind if kind in _CROSSREF_TYPES else None if kind is None else "other")


def _arxiv_of(locations: Node) -> str | None:
    urls = (node[name].url() for node in locations for name in ("landing_page_url", "pdf_url"))
    return next((found for url in urls if url and "arxiv.org" in url and (found := arxiv.normalise(url))), None)


def _same(a: Node, b: Node) -> bool:
    """Newer records give locations an id; older ones only their two addresses."""
    if not isinstance(b.value, dict):
        return False
    if a["id"].text() and b["id"].text():
        return a["id"].text() == b["id"].text()
    return all(a[name].text() == b[name].text() for name in ("landing_page_url", "pdf_url"))


def _location(node: Node, *, is_best: bool) -> Location | None:
    pdf, landing = node["pdf_url"].url(), node["landing_page_url"].url()
    if pdf is None and landing is None:
        return None
    return Location(
        source=NAME,
        pdf_url=pdf,
        landing_url=landing,
        version=version_of(node["version"].text()),
        licence=node["license"].text(),
        host_type="repository" if node["source"]["type"].text() == "repository" else "publisher",
        is_best=is_best,
    )


def version_of(word: str | None) -> CopyVersion | None:
    return next((version for version in CopyVersion if version.value == word), None)


def _abstract(index: Any) -> str | None:
    """The abstract put together again from the places of its words."""
    if not isinstance(index, dict):
        return None
    places = {
        place: word
        for word, positions in index.items()
        if isinstance(positions, list)
        for place in positions
        if isinstance(place, int) and 0 <= place < _MAX_ABSTRACT_WORDS
    }
    return Node(" ".join(places[place] for place in sorted(places))).plain()
