"""Works as BibTeX (UTF-8), for every program that reads it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dl_lit.exporting import tex
from dl_lit.exporting.keys import Keyed
from dl_lit.identity import titles
from dl_lit.model import Work

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


def as_bibtex(works: Iterable[Keyed], pdfs: Path) -> str:
    """All works as one BibTeX text; `pdfs` is the folder that kept files are relative to."""
    return tex.written(works, pdfs, entry_type, _fields)


def entry_type(work: Work) -> str:
    return ENTRY_TYPES.get(work.type or "", "misc")


def _fields(work: Work) -> dict[str, str]:
    kind = entry_type(work)
    publisher = {"phdthesis": "school", "techreport": "institution"}.get(kind, "publisher")
    container = CONTAINER_FIELDS.get(kind, "howpublished")
    is_title = container == "booktitle"
    whole = tex.people_and_title(work, titles.whole(work)) | tex.kept_whole(
        {container: work.container if is_title else None}
    )
    return (
        whole
        | tex.of_lists({publisher: work.publisher, "address": work.place})
        | tex.mended(
            {
                container: None if is_title else work.container,
                "year": work.year and str(work.year),
                "volume": work.volume,
                "number": work.issue,
                "pages": tex.pages(work.pages),
                "doi": work.doi,
                "eprint": work.arxiv,
                "archiveprefix": work.arxiv and "arXiv",
                **tex.at_the_end(work),
            }
        )
    )
