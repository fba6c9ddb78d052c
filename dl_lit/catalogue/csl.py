"""CSL-JSON, the format in which reference managers exchange works (docs.citationstyles.org, schema 1.0.2)."""

from __future__ import annotations

import re

from dl_lit.identity import arxiv, isbn, pubmed
from dl_lit.identity import doi as dois
from dl_lit.model import Person, Work
from dl_lit.services.fields import Node

TYPES = {
    "article-journal": "journal-article",
    "article-magazine": "journal-article",
    "article-newspaper": "journal-article",
    "article": "posted-content",
    "book": "book",
    "chapter": "book-chapter",
    "entry": "reference-entry",
    "entry-dictionary": "reference-entry",
    "entry-encyclopedia": "reference-entry",
    "paper-conference": "proceedings-article",
    "thesis": "dissertation",
    "report": "report",
    "dataset": "dataset",
    "review": "journal-article",
    "review-book": "journal-article",
    "standard": "standard",
}
_YEAR = re.compile(r"\b(1[4-9]\d\d|20\d\d)\b")


def parse_work(record: Node) -> Work:
    """One CSL item as a `Work`; whatever is missing or odd is left out."""
    doi = dois.normalise(record["DOI"].text())
    kind = record["type"].text() or ""
    number = record["number"].text() or ""
    preprint = arxiv.normalise(number) if number.lower().startswith("arxiv") else None
    return Work(
        title=record["title"].plain(),
        authors=_people(record["author"]),
        editors=_people(record["editor"]),
        year=_year(record["issued"]),
        container=record["container-title"].plain(),
        volume=record["volume"].text(),
        issue=record["issue"].text(),
        pages=record["page"].text() or (None if preprint else number or None),
        publisher=record["publisher"].plain(),
        place=record["publisher-place"].plain(),
        type=TYPES.get(kind, kind or None),
        doi=doi,
        arxiv=preprint or arxiv.from_doi(doi),
        pmid=pubmed.pmid(record["PMID"].text()),
        pmcid=pubmed.pmcid(record["PMCID"].text()),
        isbn=isbn.normalise(record["ISBN"].first()),
        issn=isbn.normalise_issn(record["ISSN"].first()),
        url=record["URL"].url(),
        language=record["language"].text(),
        sources=("csl",),
        edition=record["edition"].text(),
    )


def _people(people: Node) -> tuple[Person, ...]:
    return tuple(person for entry in people if (person := _person(entry)) is not None)


def _person(entry: Node) -> Person | None:
    literal = entry["literal"].plain() or entry["name"].plain()
    family, given = entry["family"].plain(), entry["given"].plain()
    if family is None:
        return Person(name=literal or given) if literal or given else None
    particle = entry["non-dropping-particle"].plain() or entry["dropping-particle"].plain()
    suffix = entry["suffix"].plain()
    return Person(
        family=f"{particle} {family}" if particle else family,
        given=", ".join(part for part in (given, suffix) if part) or None,
    )


def _year(issued: Node) -> int | None:
    year = issued["date-parts"][0][0].year()
    text = issued["raw"].text() or issued["literal"].text() or issued.text() or ""
    found = _YEAR.search(text)
    return year or (int(found.group()) if found else None)
