"""Works as CSL-JSON, for citation processors and reference managers (CSL data schema 1.0.2)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dl_lit.exporting.keys import Keyed
from dl_lit.identity import names, titles
from dl_lit.model import Person

TYPES = {
    "journal-article": "article-journal",
    "posted-content": "article",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "book-set": "book",
    "proceedings": "book",
    "book-chapter": "chapter",
    "book-section": "chapter",
    "book-part": "chapter",
    "reference-entry": "entry-encyclopedia",
    "proceedings-article": "paper-conference",
    "dissertation": "thesis",
    "report": "report",
    "report-component": "report",
    "dataset": "dataset",
    "database": "dataset",
    "peer-review": "review",
    "journal-issue": "periodical",
    "standard": "standard",
    "software": "software",
    "webpage": "webpage",
    "patent": "patent",
    "legislation": "legislation",
    "legal_case": "legal_case",
}


def as_csl(works: Iterable[Keyed], pdfs: Path) -> str:
    """All works as one JSON list. The format has no place for files."""
    return json.dumps([_item(one) for one in works], ensure_ascii=False, indent=2) + "\n"


def _item(one: Keyed) -> dict[str, Any]:
    work = one.work
    item = {
        "id": one.key,
        "type": TYPES.get(work.type or "", "document"),
        "title": titles.whole(work),
        "author": [_name(person) for person in work.authors],
        "editor": [_name(person) for person in work.editors],
        "issued": {"date-parts": [[work.year]]} if work.year else None,
        "container-title": work.container,
        "volume": work.volume,
        "issue": work.issue,
        "page": work.pages,
        "edition": work.edition,
        "publisher": work.publisher,
        "publisher-place": work.place,
        "number": f"arXiv:{work.arxiv}" if work.arxiv else None,  # as Zotero has it
        "DOI": work.doi,
        "PMID": work.pmid,
        "PMCID": work.pmcid,
        "ISBN": work.isbn,
        "ISSN": work.issn,
        "URL": work.url,
        "language": work.language,
        "abstract": work.abstract,
        "note": one.note,
    }
    return {name: value for name, value in item.items() if value}


def _name(person: Person) -> dict[str, str]:
    if person.family is None:
        return {"literal": person.name or person.given or ""}
    given = dict(zip(("given", "suffix"), names.given_and_suffix(person), strict=False))
    return {"family": person.family, **given}
