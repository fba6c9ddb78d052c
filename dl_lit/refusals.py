"""What a person has refused for a reference, and by which names a refused work is known again."""

from __future__ import annotations

from collections.abc import Iterator

from dl_lit.identity import titles
from dl_lit.model import Refusals, Work

REFUSED = "refused by a person"  # stands among the vetoes of such a candidate
_IDENTIFIERS = ("doi", "openalex_id", "arxiv", "pmid", "pmcid")


def names_of(work: Work) -> Iterator[tuple[str, str]]:
    """All (kind, value) by which a record of this work can be told; its title counts together with its year."""
    yield from _identifiers(work)
    if key := titles.key(work.title or ""):
        yield "title", f"{key}:{work.year or ''}"


def is_refused(work: Work, refused: Refusals) -> bool:
    """A DOI decides alone, as another one is another work; without one any identifier, and the title without any."""
    if not refused:
        return False
    if work.doi:
        return ("doi", work.doi) in refused
    names = list(_identifiers(work)) or list(names_of(work))
    return not refused.isdisjoint(names)


def is_same(work: Work, other: Work) -> bool:
    """Whether the two are records of one work, as far as their names tell."""
    if work.doi or other.doi:
        return work.doi == other.doi
    return is_refused(work, frozenset(names_of(other)))


def _identifiers(work: Work) -> Iterator[tuple[str, str]]:
    return ((kind, value) for kind in _IDENTIFIERS if (value := getattr(work, kind)))
