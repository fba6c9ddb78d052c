"""What a candidate must not be: a correction, review, supplement or part of the work that is printed."""

from __future__ import annotations

import re

from dl_lit.enrichment.printed import Printed
from dl_lit.enrichment.vocabulary import ARTICLES, BOOKS, CHAPTERS, NEVER_CITED
from dl_lit.identity import titles
from dl_lit.model import Reference, Work

_ABOUT_ANOTHER = re.compile(
    r"(?i)^\W*(?:(?:author|publisher)(?:['’]?s)?\s+)?(?:correction|corrigend(?:um|a)|errat(?:um|a)|retraction"
    r"|expression of concern|addendum|berichtigung|comments? on|reply to|response to|review(?: of| for)\b|book review"
    r"|buchbesprechung|rezension|faculty opinions recommendation|faculty of 1000 evaluation|supporting information"
    r"|supplement(?:ary|al) (?:information|material|data)|data from|dataset|figure \d|table s?\d|decision letter"
    r"|author response)\b"
)
_KINDS = re.compile(
    r"(?i)correction|corrigend|errat|retract|concern|addendum|berichtigung|comment|reply|response|review|besprechung"
    r"|rezension|faculty|evaluation|supplement|supporting|data|figure|table|decision"
)
# The registries' own copies of what others published.
_REDEPOSITS = ("10.65215/",)


def of_type(reference: Reference, printed: Printed, work: Work) -> list[str]:
    """The kinds of thing that `work` is and the print is not, as words for the evidence."""
    found = []
    if work.type in NEVER_CITED:
        found.append(f"type: {work.type}")
    if work.type == "dataset" and reference.type != "dataset" and not _shows(printed, "data", "repository", "archive"):
        found.append("type: dataset")
    title = titles.strip_markup(work.title or "")
    about = _ABOUT_ANOTHER.match(title)
    if about and not _same_kind_printed(about.group(), printed):
        found.append("about another work")
    if not about and _ABOUT_ANOTHER.match(reference.title or "") and _is_whole_in(title, reference.title or ""):
        found.append("printed about this work")
    if reference.type and _book_against_other(reference, work):
        found.append(f"type: {work.type}")
    return found


def _is_whole_in(title: str, printed: str) -> bool:
    """Whether the printed title goes on with `title`: "Correction to: …" is the correction, not the article."""
    key = titles.key(title)
    return len(key) >= 12 and key in titles.key(printed) and key != titles.key(printed)


def is_redeposit(work: Work) -> bool:
    return bool(work.doi and work.doi.startswith(_REDEPOSITS))


def _same_kind_printed(kind: str, printed: Printed) -> bool:
    words = _KINDS.findall(kind)
    return all(word.lower() in printed.text.lower() for word in words) if words else titles.key(kind) in printed.letters


def _shows(printed: Printed, *words: str) -> bool:
    return any(word in printed.text.lower() for word in words)


def _book_against_other(reference: Reference, work: Work) -> bool:
    """A book is neither a review of it nor a chapter in it, and the other way round."""
    if reference.type in BOOKS:
        return work.type in CHAPTERS or (work.type in ARTICLES and reference.volume is None)
    if reference.type in CHAPTERS:
        return work.type in BOOKS and not _is_titled(reference, work)
    return reference.type in ARTICLES and bool(reference.container and reference.pages) and work.type in BOOKS


def _is_titled(reference: Reference, work: Work) -> bool:
    return bool(reference.title and work.title) and titles.similarity(reference.title or "", work.title or "") >= 0.9
