"""Find the identifiers and links printed in a reference: where they stand, and what they are once normalised."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dl_lit.extraction.parsing import lexicon
from dl_lit.identity import arxiv, doi, isbn, pubmed

# What stands behind a DOI without a space: "[CrossRef]", "PMID: 12", ";doi:10.1000/b".
_BEHIND_DOI = r"\[[a-z]{4,}|pmid|pubmed|epub\b|https?:|[;,](?:doi|10\.\d{4})"
_OTHER_WORD = r"(?:arxiv|https?|www|doi|pm(?:c?id|c\d)|isbn|issn|pp?\.|vol|no\.)"
_DOI = re.compile(
    r"(?i)(?:\bdoi\s?[:=.]?\s*)?(?:https?\s?:\s?//\s?)?(?:(?:dx\.)?doi\.org/\s?)?\b10\.\s?\d{4,9}(?:\.\d+)*\s?/\s?"
    # Old DOIs made of SICIs hold a pair of angle brackets: "<1661::AID-SIM968>", the AMS's "<0130:DNF>".
    rf"(?:(?!{_BEHIND_DOI})[^\s\"<>“”]|<\d+::?\w[^\s<>]*>)+"
    # Elsevier's old identifiers break behind their bracket: "10.1016/0009-2614(80) 80396-4".
    r"(?:(?<=\(\d\d\))\s\d{5}-[\dX])?"
    # A line end in the middle: the word behind a joint goes on when it holds a digit and can be nothing else.
    rf"(?:(?<=[/_-])\s(?!{_OTHER_WORD})(?-i:[a-z\d])(?=[^\s]*\d)[^\s\"<>“”]+"
    rf"|(?<=\w\.)\s(?!{_OTHER_WORD})(?-i:[a-z])(?=[^\s]*\d)[^\s\"<>“”]+"
    r"|(?<=\w\.)\s\d\d\.\d{3}(?!\w))?"
)
_ARXIV = re.compile(
    r"(?i)\b(?:https?://)?(?:arxiv\.org/(?:abs|pdf)/|(?<!/)abs/(?=\d)"
    r"|arxiv[\s:.,(\[]{0,5}(?:(?:e-?|pre)prints?[\s:.,(\[]{0,5})?(?:arxiv[\s:.]{0,5})?)"
    r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?(?:\s?\[[a-z-]+(?:\.[a-z-]+)?\])?"
    r"|\b(?:astro-ph|cond-mat|gr-qc|hep-(?:ex|lat|ph|th)|math-ph|nucl-(?:ex|th)|quant-ph|math|cs|physics|nlin|q-bio)"
    r"(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?"
    r"|\b\d{4}\.\d{4,5}(?:v\d+)?\s?\[(?:[a-z]+-[a-z]+|math|cs|physics|nlin|q-bio)(?:\.[a-z-]+)?\]"
)
_PMID = re.compile(r"(?i)\b(?:pmid|pubmed(?:\s+(?:id|pmid))?)\s*[:.]?\s*(\d{4,9})\b")
_PMCID = re.compile(r"(?i)\b(?:pmcid\s*[:.]?\s*)?(PMC\d{4,9})\b")
_ISBN = re.compile(r"(?i)\bISBN(?:-1[03])?\s*[:.]?\s*((?:97[89][\s‐-―-]?)?\d[\d\s‐-―-]{7,14}[\dX])\b")
_ISSN = re.compile(r"(?i)\b[ep]?-?ISSN\s*[:.]?\s*(\d{4}[‐-―-]?\d{3}[\dX])\b")
_IN_URL = r"[^\s<>\"”“|]"
_DAY = r"(?:\d{1,4}[./-]\d{1,2}[./-]\d|(?:1[89]|20)\d\d\b)"
_URL = re.compile(
    rf"(?i)\b(?:(?:https?|ftp)\s?:\s?/\s?/\s?{_IN_URL}+|www\.[\w-]+\.{_IN_URL}+)"
    # Line ends in the middle, where what goes on looks like a part of an address and not like the next sentence.
    rf"(?:(?<=[/=&?_%~-])\s(?!{_DAY}|https?:|www\.)(?-i:[a-z\d]){_IN_URL}*[/._=?&-](?={_IN_URL})[^\s<>\"”“|]*"
    rf"|\s/(?-i:[a-z]){_IN_URL}+|(?<=\w\.)\s(?!https?:|www\.)(?-i:[a-z])[\w.-]*/{_IN_URL}+)*"
)
# A pattern is only tried where one of its marks is printed: most references have one identifier, if any.
_PATTERNS = (
    lexicon.marked(_DOI, "10."),
    lexicon.marked(
        _ARXIV, "arxiv|abs/|-ph|-ex|-th|-lat|-qc|-mat|-bio|-fin|math/|math.|[math|cs/|cs.|[cs|physics/|[physics|nlin"
    ),
    lexicon.marked(_PMCID, "pmc"),
    lexicon.marked(_PMID, "pmid|pubmed"),
    lexicon.marked(_ISBN, "isbn"),
    lexicon.marked(_ISSN, "issn"),
    lexicon.marked(_URL, "http|www.|ftp"),
)
_LEAD = 50  # characters that may stand before the mark: "https://dx.doi.org/", a protocol
_ALL_MARKS = tuple(mark for pattern in _PATTERNS for mark in pattern.marks)


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Normalised values; `spans` are the places (start, end) in the string that they take up, in order."""

    doi: str | None = None
    arxiv: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    isbn: str | None = None
    issn: str | None = None
    url: str | None = None
    spans: tuple[tuple[int, int], ...] = ()


_NONE = Identifiers()


def find(text: str) -> Identifiers:
    """All identifiers of a printed reference. A DOI printed as a link is a DOI, not a URL."""
    lower = text.lower()
    if not lexicon.any_in(_ALL_MARKS, lower):
        return _NONE
    spans: list[tuple[int, int]] = []

    def first(marked: lexicon.Marked) -> str | None:
        found = None
        places = [at for mark in marked.marks if (at := lower.find(mark)) >= 0]
        if not places:
            return None
        for match in marked.pattern.finditer(text, max(0, min(places) - _LEAD)):
            if any(start < match.end() and match.start() < end for start, end in spans):
                continue
            spans.append(match.span())
            found = found or match.group(match.lastindex or 0)
        return found

    printed = map(first, _PATTERNS)  # a DOI first: printed as a link, it is none
    printed_doi, printed_arxiv, printed_pmcid, printed_pmid, printed_isbn, printed_issn, printed_url = printed
    found_doi = doi.normalise(_tight(printed_doi)) if printed_doi else None
    return Identifiers(
        doi=found_doi,
        arxiv=arxiv.normalise(printed_arxiv) or arxiv.from_doi(found_doi),
        pmid=pubmed.pmid(printed_pmid),
        pmcid=pubmed.pmcid(printed_pmcid),
        isbn=isbn.normalise(printed_isbn),
        issn=isbn.normalise_issn(printed_issn),
        url=_tidy_url(printed_url),
        spans=tuple(sorted(spans)),
    )


def _tight(text: str | None) -> str | None:
    return re.sub(r"\s+", "", text) if text else None


def _tidy_url(url: str | None) -> str | None:
    """The link without the full stop or bracket of the sentence around it."""
    if url is None:
        return None
    url = re.sub(r"\s+", "", url).rstrip(".,;:'’»>]}")
    while url.endswith(")") and url.count("(") < url.count(")"):
        url = url[:-1].rstrip(".,;")
    return url if url.lower().startswith(("http", "ftp")) else f"http://{url}"
