"""Which works come first: those nearest to what the user is after, where that is said; then those that most of the
user's PDFs cite, then the most cited anywhere, then the newest."""

from __future__ import annotations

import math
from collections.abc import Collection

from dl_lit.identity.folding import words
from dl_lit.model import Work

# The weights keep the three apart: nothing in a lower one outweighs a step in a higher one.
_POPULARITY_STEPS = 100  # so coarse that recency can decide between works that are about equally cited
_MOST_CITATIONS = 1e6
_NEAREST = 1e6  # beyond any number of PDFs
_SHORT_WORD = 3  # letters; shorter words of a query say nothing
_YEARS = (1800, 2100)  # a fixed scale: the rank of a work must not depend on when it is computed


def priority(citing_pdfs: int, work: Work, query: Collection[str] = ()) -> float:
    """Greater goes first. Without a `query` the whole number is how many of the user's PDFs cite the work."""
    return (
        _NEAREST * relevance(work, query)
        + citing_pdfs
        + 0.9 * _popularity(work.cited_by_count)
        + 0.008 * _recency(work.year)
    )


def query_words(text: str | None) -> frozenset[str]:
    """The words of a query that a work can be near to."""
    return frozenset(word for word in words(text or "") if len(word) >= _SHORT_WORD)


def relevance(work: Work, query: Collection[str]) -> float:
    """0..1: the share of the query's words that the work has; one in the title counts whole, elsewhere half."""
    if not query:
        return 0.0
    title = set(words(f"{work.title or ''} {work.subtitle or ''}"))
    rest = set(words(f"{work.abstract or ''} {work.container or ''}"))
    found = sum(1.0 if word in title else 0.5 if word in rest else 0.0 for word in query)
    return round(found / len(query), 3)


def _popularity(citations: int | None) -> float:
    share = min(1.0, math.log1p(max(0, citations or 0)) / math.log1p(_MOST_CITATIONS))
    return round(share * _POPULARITY_STEPS) / _POPULARITY_STEPS


def _recency(year: int | None) -> float:
    first, last = _YEARS
    return (min(max(year or first, first), last) - first) / (last - first)
