"""RIS files as references to look for: the format of Research Information Systems, as EndNote and Zotero write it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import rispy

from dl_lit.identity import arxiv, isbn, names, pubmed
from dl_lit.identity import doi as dois
from dl_lit.importing.attachments import named_files
from dl_lit.importing.entries import BibEntry, Bibliography, reference_of
from dl_lit.model import Person, Work
from dl_lit.services.fields import Node

TYPES = {
    "JOUR": "journal-article",
    "MGZN": "journal-article",
    "NEWS": "journal-article",
    "EJOUR": "journal-article",
    "ABST": "journal-article",
    "INPR": "journal-article",
    "BOOK": "book",
    "EBOOK": "book",
    "EDBOOK": "edited-book",
    "CHAP": "book-chapter",
    "ECHAP": "book-chapter",
    "ENCYC": "reference-entry",
    "DICT": "reference-entry",
    "CPAPER": "proceedings-article",
    "CONF": "proceedings",
    "THES": "dissertation",
    "RPRT": "report",
    "GOVDOC": "report",
    "UNPB": "posted-content",
    "DATA": "dataset",
    "COMP": "software",
    "ELEC": "webpage",
    "STAND": "standard",
    "PAT": "patent",
    "STAT": "legislation",
    "CASE": "legal_case",
}
_BEGIN = re.compile(r"^[ \t\ufeff]*TY  ?- ?", re.MULTILINE)
_END = re.compile(r"^[ \t]*ER  ?-.*$", re.MULTILINE)
_YEAR = re.compile(r"(?<!\d)(?:1[4-9]|20)\d\d(?!\d)")
_CONTAINERS = ("secondary_title", "journal_name", "alternate_title3", "alternate_title2", "alternate_title1")


def parse(text: str) -> Bibliography:
    found: list[BibEntry] = []
    problems = []
    for line, record in _records(text):
        entry = _entry(record, len(found) + 1)
        if entry is not None:
            found.append(entry)
        else:
            problems.append(f"line {line}: an entry has no title and no identifier")
    return Bibliography(tuple(found), tuple(problems))


def _records(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Each entry with the line that it begins in, also one whose end is missing."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    starts = [match.start() for match in _BEGIN.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        body = "\n".join(line.lstrip() for line in _END.split(text[start:end])[0].strip().splitlines())
        # One blank instead of two after a tag is a slip of some programs.
        spelt = re.sub(r"^([A-Z][A-Z0-9]) {0,2}- ?", r"\1  - ", body, flags=re.MULTILINE)
        yield text.count("\n", 0, start) + 1, rispy.loads(f"{spelt}\nER  - \n")[0]


def _entry(record: Mapping[str, Any], position: int) -> BibEntry | None:
    """None for one that nobody could look for."""
    work = _work(record)
    if not (work.title or work.doi or work.arxiv or work.pmid or work.isbn):
        return None
    key = str(record.get("id") or position)
    attached = [str(record[name]) for name in ("file_attachments1", "file_attachments2") if name in record]
    files = dict.fromkeys(file for text in attached for one in text.split(";") for file in named_files(one))
    return BibEntry(key, reference_of(work, key, position), tuple(files))


def _work(record: Mapping[str, Any]) -> Work:
    doi = dois.normalise(_one(record, "doi")) or _doi_among(record.get("urls", ()))
    number = _one(record, "issn")
    accession = _one(record, "accession_number")
    pages = "-".join(filter(None, (_one(record, "start_page"), _one(record, "end_page"))))
    return Work(
        title=_one(record, "title", "primary_title", "short_title"),
        authors=_people(record, "authors", "first_authors"),
        editors=_people(record, "secondary_authors"),
        year=_year(_one(record, "year", "publication_year", "date")),
        container=_one(record, *_CONTAINERS),
        volume=_one(record, "volume"),
        issue=_one(record, "number"),
        pages=pages or None,
        publisher=_one(record, "publisher"),
        place=_one(record, "place_published"),
        type=TYPES.get(_one(record, "type_of_reference") or ""),
        doi=doi,
        arxiv=arxiv.normalise(accession) or arxiv.from_doi(doi),
        pmid=pubmed.pmid(accession),
        isbn=isbn.normalise(number),
        issn=isbn.normalise_issn(number),
        url=next((url for text in record.get("urls", ()) if (url := Node(text).url())), None),
        language=_one(record, "language"),
        sources=("ris",),
        edition=_one(record, "edition"),
    )


def _one(record: Mapping[str, Any], *names_of_it: str) -> str | None:
    return next((text for name in names_of_it if (text := Node(record.get(name)).text())), None)


def _doi_among(urls: Any) -> str | None:
    return next((doi for text in urls if "doi.org" in text and (doi := dois.normalise(text))), None)


def _people(record: Mapping[str, Any], *names_of_it: str) -> tuple[Person, ...]:
    listed = next((record[name] for name in names_of_it if record.get(name)), ())
    return tuple(_person(text) for one in listed if (text := " ".join(one.split())))


def _person(text: str) -> Person:
    """With a comma a person, as RIS has it; with one at the end (EndNote's way) or none a body, unless it can be a
    person's name."""
    if text.endswith(","):
        return Person(name=text.rstrip(", "))
    return Person(name=text) if "," not in text and (" and " in text or " & " in text) else names.parse(text)


def _year(text: str | None) -> int | None:
    """Of "2012", "2012/05/27/" or "27 May 2012"."""
    found = _YEAR.search(text or "")
    return int(found.group()) if found else None
