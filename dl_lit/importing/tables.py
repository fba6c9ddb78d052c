"""Tables (CSV, also with semicolons or tabs) as references to look for: those of `export --to csv`, Zotero, Scopus and
Web of Science, and any other whose head names its columns so."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from dl_lit.identity import arxiv, isbn, names, pubmed
from dl_lit.identity import doi as dois
from dl_lit.importing.attachments import named_files
from dl_lit.importing.entries import BibEntry, Bibliography, reference_of
from dl_lit.model import Person, Work
from dl_lit.work_types import WORK_TYPES

# What heads call a column, in lower case; the first that has something counts.
_HEADS: Mapping[str, tuple[str, ...]] = {
    "key": ("key", "citation key", "eid", "ut (unique wos id)"),
    "title": ("title", "article title", "document title", "titel"),
    "authors": ("authors", "author", "autoren", "autor"),
    "editors": ("editors", "editor", "herausgeber"),
    "year": ("year", "publication year", "date", "jahr"),
    "container": ("container", "publication title", "source title", "journal", "zeitschrift"),
    "volume": ("volume", "band"),
    "issue": ("issue", "number", "heft"),
    "pages": ("pages", "seiten"),
    "publisher": ("publisher", "verlag"),
    "place": ("place", "publisher city", "ort"),
    "type": ("type",),
    "doi": ("doi", "dois"),
    "arxiv": ("arxiv", "arxiv id"),
    "pmid": ("pmid", "pubmed id"),
    "pmcid": ("pmcid",),
    "isbn": ("isbn",),
    "issn": ("issn",),
    "url": ("url", "link"),
    "language": ("language",),
    "file": ("file", "file attachments"),
}
_TELLING = frozenset({*_HEADS["doi"], *_HEADS["title"], *_HEADS["pmid"]})
_DELIMITERS = ",;\t"
_PAGES = ("page start", "page end")  # Scopus; Web of Science writes "start page"
_OF_TWO = re.compile(r"\s(?:and|und|&)\s", re.IGNORECASE)  # in a body's name; people stand apart
_YEAR = re.compile(r"(?<!\d)(?:1[4-9]|20)\d\d(?!\d)")
_ESCAPED = re.compile(r"^'(?=[=+\-@\t\r])")  # what keeps a spreadsheet from running a cell


def is_table(text: str) -> bool:
    """Told by the head: two columns or more, of which one is a title, a DOI or a PubMed id."""
    head = _head(text)
    return len(head) > 1 and not _TELLING.isdisjoint(head)


def parse(text: str) -> Bibliography:
    found: list[BibEntry] = []
    problems = []
    try:
        for line, cells in _rows(text):
            entry = _entry(cells, len(found) + 1)
            if entry is not None:
                found.append(entry)
            else:
                problems.append(f"line {line}: the row has no title and no identifier")
    except csv.Error as error:
        problems.append(f"what comes after row {len(found) + len(problems) + 1} cannot be read: {error}")
    return Bibliography(tuple(found), tuple(problems))


def _head(text: str) -> list[str]:
    first = text.lstrip().partition("\n")[0].strip()
    return [cell.strip().lower() for cell in next(csv.reader([first], delimiter=_delimiter(first)), [])]


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count)


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row that has something, by its columns, with the line that it begins in."""
    head, began = _head(text), 1
    reader = csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=_delimiter(text.lstrip().partition("\n")[0]))
    skipped = len(text[: len(text) - len(text.lstrip())].splitlines())
    for cells in reader:
        line, began = began, reader.line_num + 1
        if line > 1 and any(cell.strip() for cell in cells):
            yield line + skipped, dict(zip(head, (_ESCAPED.sub("", one.strip()) for one in cells), strict=False))


def _entry(cells: Mapping[str, str], position: int) -> BibEntry | None:
    """None for one that nobody could look for."""
    said = {name: next(filter(None, (cells.get(head) for head in heads)), None) for name, heads in _HEADS.items()}
    work = _work(said, cells)
    if not (work.title or work.doi or work.arxiv or work.pmid or work.isbn):
        return None
    key = said["key"] or str(position)
    # Zotero writes bare paths, parted by semicolons.
    parts = (said["file"] or "").split(";")
    files = dict.fromkeys(file for part in parts for file in named_files(part) if Path(file).suffix)
    return BibEntry(key, reference_of(work, key, position), tuple(files))


def _work(said: Mapping[str, str | None], cells: Mapping[str, str]) -> Work:
    doi = dois.normalise(said["doi"])
    year = _YEAR.search(said["year"] or "")
    pages = said["pages"] or "-".join(filter(None, (cells.get(name) for name in _PAGES))) or None
    return Work(
        title=said["title"],
        container=said["container"],
        volume=said["volume"],
        issue=said["issue"],
        publisher=said["publisher"],
        place=said["place"],
        url=said["url"],
        language=said["language"],
        authors=_people(said["authors"]),
        editors=_people(said["editors"]),
        year=int(year[0]) if year else None,
        pages=pages,
        type=said["type"] if said["type"] in WORK_TYPES else None,
        doi=doi,
        arxiv=arxiv.normalise(said["arxiv"]) or arxiv.from_doi(doi),
        pmid=pubmed.pmid(said["pmid"]) if said["pmid"] else None,
        pmcid=pubmed.pmcid(said["pmcid"]) if said["pmcid"] else None,
        isbn=isbn.normalise(said["isbn"]),
        issn=isbn.normalise_issn(said["issn"]),
    )


def _people(text: str | None) -> tuple[Person, ...]:
    """Parted by semicolons. Where several are parted by commas alone, nobody can tell them from their given names."""
    parts = [part.strip() for part in (text or "").split(";") if part.strip()]
    if len(parts) == 1 and parts[0].count(",") > 1:
        return ()
    return tuple(Person(name=part) if _OF_TWO.search(part) else names.parse(part) for part in parts)
