"""Which works come first: those that most of the user's PDFs cite, then the most cited anywhere, then the newest."""

from __future__ import annotations

import math

from dl_lit.model import Work

# The weights keep the three apart: nothing in a lower one outweighs a step in a higher one.
_POPULARITY_STEPS = 100  # so coarse that recency can decide between works that are about equally cited
_MOST_CITATIONS = 1e6
_YEARS = (1800, 2100)  # a fixed scale: the rank of a work must not depend on when it is computed


def priority(citing_pdfs: int, work: Work) -> float:
    """Greater goes first. The whole number is how many of the user's PDFs cite the work."""
    return citing_pdfs + 0.9 * _popularity(work.cited_by_count) + 0.008 * _recency(work.year)


def _popularity(citations: int | None) -> float:
    share = min(1.0, math.log1p(max(0, citations or 0)) / math.log1p(_MOST_CITATIONS))
    return round(share * _POPULARITY_STEPS) / _POPULARITY_STEPS


def _recency(year: int | None) -> float:
    first, last = _YEARS
    return (min(max(year or first, first), last) - first) / (last - first)
