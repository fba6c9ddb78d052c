"""Works as biblatex (UTF-8), whose entry types and fields say more than BibTeX's (biblatex manual 3.20, §2)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dl_lit.exporting import tex
from dl_lit.exporting.keys import Keyed
from dl_lit.model import Work

ENTRY_TYPES = {
    "journal-article": "article",
    "book": "book",
    "monograph": "book",
    "book-set": "mvbook",
    "edited-book": "collection",
    "reference-book": "reference",
    "book-chapter": "incollection",
    "book-section": "incollection",
    "book-part": "incollection",
    "reference-entry": "inreference",
    "proceedings-article": "inproceedings",
    "proceedings": "proceedings",
    "dissertation": "thesis",
    "report": "report",
    "report-component": "report",
    "posted-content": "online",
    "webpage": "online",
    "dataset": "dataset",
    "database": "dataset",
    "software": "software",
    "patent": "patent",
    "journal-issue": "periodical",
}
_IN_BOOKS = frozenset({"incollection", "inreference", "inproceedings"})
_OF_INSTITUTIONS = frozenset({"thesis", "report"})


def as_biblatex(works: Iterable[Keyed], pdfs: Path) -> str:
    """All works as one biblatex text; `pdfs` is the folder that kept files are relative to."""
    return tex.written(works, pdfs, entry_type, _fields)


def entry_type(work: Work) -> str:
    return ENTRY_TYPES.get(work.type or "", "misc")


def _fields(work: Work) -> dict[str, str]:
    kind = entry_type(work)
    container = "journaltitle" if kind == "article" else "booktitle" if kind in _IN_BOOKS else "howpublished"
    publisher = "institution" if kind in _OF_INSTITUTIONS else "publisher"
    is_title = container == "booktitle"
    titles = {"subtitle": work.subtitle, container: work.container if is_title else None}
    whole = tex.people_and_title(work, work.title) | tex.kept_whole(titles)
    return (
        whole
        | tex.of_lists({publisher: work.publisher, "location": work.place})
        | tex.mended(
            {
                container: None if is_title else work.container,
                "date": work.year,
                "volume": work.volume,
                "number": work.issue,
                "pages": tex.pages(work.pages),
                "edition": work.edition,
                # Mandatory for these two, and unknown: a key of biblatex's own that every style can print.
                "type": {"thesis": "phdthesis", "report": "techreport"}.get(kind),
                "doi": work.doi,
                **_eprint(work),
                **tex.at_the_end(work),
            }
        )
    )


def _eprint(work: Work) -> dict[str, str | None]:
    """The one archive that biblatex has room for: arXiv before PubMed."""
    if work.arxiv:
        return {"eprint": work.arxiv, "eprinttype": "arxiv"}
    return {"eprint": work.pmid, "eprinttype": work.pmid and "pubmed"}
