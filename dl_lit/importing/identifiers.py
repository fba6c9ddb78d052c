"""Lists of identifiers, one a line: DOIs, arXiv, PubMed and PMC ids, ISBNs, also as addresses."""

from __future__ import annotations

import re

from dl_lit.identity import arxiv, isbn, pubmed
from dl_lit.identity import doi as dois
from dl_lit.importing.entries import BibEntry, Bibliography, reference_of
from dl_lit.model import Work

_DOI = r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?10\.\d{4,9}/"
_BETWEEN = re.compile(rf"[\s,;]+(?={_DOI})", re.IGNORECASE)
_WITH_TEXT = re.compile(rf"(?P<doi>{_DOI}[^\s,]+),[^\s,]*\s.*", re.IGNORECASE)  # "10.1000/a,A title": a table's row
_ISBN = re.compile(r"(?i)^isbn(?:-1[03])?:?\s*")


def parse(text: str) -> Bibliography:
    """Blank lines and what follows "#" at the beginning of a line are passed over."""
    found: list[BibEntry] = []
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        entries = [entry_of(one, len(found) + place) for place, one in enumerate(_several(line), 1)]
        found += filter(None, entries)
        if None in entries:
            problems.append(f"line {number}: {line.strip()[:80]!r} is no identifier that is known here")
    return Bibliography(tuple(found), tuple(problems))


def _several(line: str) -> list[str]:
    """The DOIs of a line that holds several; else the line, of which nothing but a DOI is taken where text follows."""
    parts = _BETWEEN.split(line.strip())
    if len(parts) > 1:
        return parts
    followed = _WITH_TEXT.fullmatch(parts[0])
    return [followed["doi"] if followed else parts[0]]


def entry_of(text: str, position: int) -> BibEntry | None:
    work = _work(text.strip().strip(",;\"'"))
    return None if work is None else BibEntry(str(position), reference_of(work, str(position), position))


def _work(text: str) -> Work | None:
    """A DOI of arXiv's is both; a number alone is an ISBN when its check digit fits, and else PubMed's."""
    if (doi := dois.normalise(text)) is not None:
        return Work(doi=doi, arxiv=arxiv.from_doi(doi))
    if (preprint := arxiv.normalise(text)) is not None:
        return Work(arxiv=preprint)
    if (pmc := pubmed.pmcid(text)) is not None:
        return Work(pmcid=pmc)
    if (book := isbn.normalise(_ISBN.sub("", text))) is not None:
        return Work(isbn=book)
    pmid = pubmed.pmid(text)
    return None if pmid is None else Work(pmid=pmid)
