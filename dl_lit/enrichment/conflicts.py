"""What a candidate must not be: a correction, review, supplement or part of the work that is printed."""

from __future__ import annotations

import re

from dl_lit.enrichment.printed import Printed
from dl_lit.identity import titles
from dl_lit.model import Reference, Work

_NEVER = frozenset(
    {"component", "peer-review", "journal-issue", "journal", "journal-volume", "grant", "book-set", "book-series"}
)
_ABOUT_ANOTHER = re.compile(
    r"(?i)^\W*(?:(?:author|publisher)(?:['’]?s)?\s+)?(?:correction|corrigend(?:um|a)|errat(?:um|a)|retraction|retracted|withdrawn|expression of"
    r" concern|addendum|berichtigung|comments? on|reply to|response to|review(?: of| for)\b|book review|buchbesprechung|rezension"
    r"|faculty opinions recommendation|faculty of 1000 evaluation|supplement(?:ary|al) (?:information|material|data)|supporting information"
    r"|data from|dataset|figure \d|table s?\d|decision letter|author response)\b"
)
_KINDS = re.compile(
    r"(?i)correction|corrigend|errat|retract|withdrawn|concern|addendum|berichtigung|comment|reply|response|review|besprechung|rezension"
    r"|faculty|evaluation|supplement|supporting|data|figure|table|decision"
)
_BOOKS = frozenset({"book", "monograph", "edited-book", "reference-book"})
_CHAPTERS = frozenset({"book-chapter", "book-section", "book-part", "reference-entry"})
_ARTICLES = frozenset({"journal-article", "proceedings-article"})
# The registries' own copies of what others published.
_REDEPOSITS = ("10.65215/",)


def of_type(reference: Reference, printed: Printed, work: Work) -> list[str]:
    """The kinds of thing that `work` is and the print is not, as words for the evidence."""
    found = []
    if work.type in _NEVER:
        found.append(f"type: {work.type}")
    if work.type == "dataset" and reference.type != "dataset" and not _shows(printed, "data", "repository", "archive"):
        found.append("type: dataset")
    title = titles.strip_markup(work.title or "")
    about = _ABOUT_ANOTHER.match(title)
    if about and not _same_kind_printed(about.group(), printed):
        found.append("about another work")
    if reference.type and _book_against_other(reference, work):
        found.append(f"type: {work.type}")
    return found


def is_redeposit(work: Work) -> bool:
    return bool(work.doi and work.doi.startswith(_REDEPOSITS))


def _same_kind_printed(kind: str, printed: Printed) -> bool:
    words = _KINDS.findall(kind)
    return all(word.lower() in printed.text.lower() for word in words) if words else titles.key(kind) in printed.letters


def _shows(printed: Printed, *words: str) -> bool:
    return any(word in printed.text.lower() for word in words)


def _book_against_other(reference: Reference, work: Work) -> bool:
    """A book is neither a review of it nor a chapter in it, and the other way round."""
    if reference.type in _BOOKS:
        return work.type in _CHAPTERS or (work.type in _ARTICLES and reference.volume is None)
    if reference.type in _CHAPTERS:
        return work.type in _BOOKS and not _is_titled(reference, work)
    return reference.type in _ARTICLES and bool(reference.container and reference.pages) and work.type in _BOOKS


def _is_titled(reference: Reference, work: Work) -> bool:
    return bool(reference.title and work.title) and titles.similarity(reference.title or "", work.title or "") >= 0.9
