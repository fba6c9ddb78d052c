"""BibTeX and BibLaTeX files as works."""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares.latex_encoding import LatexDecodingMiddleware
from bibtexparser.model import Entry, Field

from dl_lit.identity import arxiv, isbn, names, pubmed, titles
from dl_lit.identity import doi as dois
from dl_lit.model import Person, Work
from dl_lit.services.fields import Node

TYPES = {
    "article": "journal-article",
    "book": "book",
    "mvbook": "book",
    "collection": "edited-book",
    "inbook": "book-chapter",
    "incollection": "book-chapter",
    "conference": "proceedings-article",
    "inproceedings": "proceedings-article",
    "proceedings": "proceedings",
    "phdthesis": "dissertation",
    "mastersthesis": "dissertation",
    "thesis": "dissertation",
    "techreport": "report",
    "report": "report",
    "dataset": "dataset",
}
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_DASHES = re.compile("--+|[\u2013\u2014]")
_YEAR = re.compile(r"\b(1[4-9]\d\d|20\d\d)\b")


# Read as they are: to LaTeX, what stands behind a "%" in an address is a comment.
VERBATIM = frozenset({"doi", "url", "eprint", "file", "pdf", "localfile", "local-url"})
# Letters, figures and signs that mean in LaTeX what they are.
_PLAIN = re.compile(r"(?:[^\W_]|[.,;:()/]| (?! )|-(?!-))*")
_ESCAPED = re.compile(r"\\([&%$#_~])")


def parse(text: str) -> Iterator[Work | None]:
    """The entries of a file in their order; None for one that cannot be read."""
    with quiet():
        library = parse_string(text)
    yield from map(work_of, map(Decoder().decoded, library.entries))
    yield from (None for _ in library.failed_blocks)


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps the parser from telling on standard error what its callers tell in their own words."""
    logger = logging.getLogger("bibtexparser.splitter")
    logger.addFilter(_nothing)
    try:
        yield
    finally:
        logger.removeFilter(_nothing)


def _nothing(record: logging.LogRecord) -> bool:
    return False


class Decoder:
    """Takes LaTeX out of entries' fields."""

    def __init__(self) -> None:
        self._latex = LatexDecodingMiddleware(keep_braced_groups=True)

    def decoded(self, entry: Entry) -> Entry:
        """A copy; paths and addresses in it only lose the backslashes that LaTeX wants."""
        fields = [one for one in entry.fields if one.key.lower() not in VERBATIM]
        as_they_stand = [one for one in fields if _PLAIN.fullmatch(str(one.value))]  # most, and LaTeX takes a while
        text = Entry(entry.entry_type, entry.key, [one for one in fields if one not in as_they_stand])
        [done] = self._latex.transform(Library([text])).entries or [text]
        plain = [*as_they_stand, *(Field(one.key, _circumflex(one.value)) for one in done.fields)]
        verbatim = [one for one in entry.fields if one.key.lower() in VERBATIM]
        as_is = [Field(one.key, _ESCAPED.sub(r"\1", str(one.value))) for one in verbatim]
        return Entry(entry.entry_type, entry.key, [*plain, *as_is])


def _circumflex(value: object) -> object:
    """The decoder gives the accent in place of the sign."""
    return value.replace("\u02c6", "^") if isinstance(value, str) else value


def work_of(entry: Entry) -> Work:
    """Its fields must be decoded from LaTeX (`Decoder`)."""
    fields = {field.key.lower(): str(field.value) for field in entry.fields}
    doi = dois.normalise(_one(fields, "doi"))
    number = _one(fields, "number")
    eprint = _one(fields, "eprint")
    is_arxiv = (_one(fields, "archiveprefix", "eprinttype") or "arxiv").lower() == "arxiv"
    preprint = (arxiv.normalise(eprint) if is_arxiv else None) or arxiv.from_doi(doi)
    return Work(
        title=_one(fields, "title"),
        subtitle=_one(fields, "subtitle"),
        authors=_people(fields.get("author")),
        editors=_people(fields.get("editor")),
        year=_year(_one(fields, "year", "date")),
        container=_one(fields, "journal", "journaltitle", "booktitle"),
        volume=_one(fields, "volume"),
        issue=_one(fields, "issue") or number,
        pages=_DASHES.sub("-", _one(fields, "pages", "eid") or "") or None,
        publisher=_one(fields, "publisher", "institution", "school", "organization"),
        place=_one(fields, "address", "location"),
        type=TYPES.get(entry.entry_type.lower()) or ("posted-content" if preprint else None),
        doi=doi,
        arxiv=preprint,
        pmid=pubmed.pmid(_one(fields, "pmid")),
        isbn=isbn.normalise(_one(fields, "isbn")),
        issn=isbn.normalise_issn(_one(fields, "issn")),
        url=Node(_one(fields, "url")).url(),
        language=_one(fields, "language", "langid"),
        sources=("bibtex",),
        edition=_one(fields, "edition"),
    )


def _one(fields: Mapping[str, str], *keys: str) -> str | None:
    """The first of these fields that says something, without braces and markup."""
    found = (titles.strip_markup(fields[key].replace("{", "").replace("}", "")) for key in keys if key in fields)
    return next((Node(text).text() for text in found if text), None)


def _people(text: str | None) -> tuple[Person, ...]:
    """ "Curie, Marie and {Johnson and Johnson} and others": braces keep a body's name whole."""
    found = []
    for name in _names(" ".join((text or "").split())):
        bare = name.replace("{", "").replace("}", "").strip()
        if bare and bare.lower() != "others":
            found.append(Person(name=bare) if _is_one_group(name) else names.parse(bare))
    return tuple(found)


def _names(text: str) -> Iterator[str]:
    """What stands between the "and"s that are in no braces."""
    start = counted = depth = 0
    for match in _AND.finditer(text):
        depth += text.count("{", counted, match.start()) - text.count("}", counted, match.start())
        counted = match.start()
        if depth <= 0:
            yield text[start:counted]
            start = match.end()
    yield text[start:]


def _is_one_group(name: str) -> bool:
    """ "{A body}", but not "{V}an {A}"."""
    if not (name.startswith("{") and name.endswith("}")):
        return False
    depths = itertools.accumulate((letter == "{") - (letter == "}") for letter in name)
    return all(depth > 0 for depth in itertools.islice(depths, len(name) - 1))


def _year(text: str | None) -> int | None:
    found = _YEAR.search(text or "")
    return int(found.group()) if found else None
