"""The kinds of works that records name: those of Crossref, and what it has no word for in those of CSL."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

WORK_TYPES = frozenset(
    (
        *("journal-article", "book", "monograph", "edited-book", "reference-book", "book-chapter", "book-section"),
        *("book-part", "book-set", "book-series", "proceedings", "proceedings-article", "proceedings-series"),
        *("posted-content", "dissertation", "report", "report-component", "report-series", "dataset", "database"),
        *("component", "peer-review", "journal", "journal-issue", "journal-volume", "reference-entry", "standard"),
        *("grant", "other", "software", "webpage", "legislation", "legal_case", "patent"),
    )
)
# What people and other vocabularies call them.
_ALIASES = {
    "article": "journal-article",
    "article-journal": "journal-article",
    "paper": "journal-article",
    "chapter": "book-chapter",
    "conference-paper": "proceedings-article",
    "paper-conference": "proceedings-article",
    "inproceedings": "proceedings-article",
    "preprint": "posted-content",
    "thesis": "dissertation",
    "phdthesis": "dissertation",
    "law": "legislation",
}


def unknown(words: Iterable[str]) -> str | None:
    """What is wrong with the first word that names no kind of work, with the likeliest one that is meant."""
    for word in words:
        if word not in WORK_TYPES:
            near = get_close_matches(word.lower(), sorted(WORK_TYPES | _ALIASES.keys()), 1)
            hint = f"; {_ALIASES.get(near[0], near[0])} may be meant" if near else ""
            return f"{word!r} is no kind of work{hint}. There are: {', '.join(sorted(WORK_TYPES))}"
    return None
