"""Are two records one work? Registries hold duplicates, and preprints beside their articles."""

from __future__ import annotations

from dl_lit.enrichment import signals
from dl_lit.enrichment.vocabulary import DATA
from dl_lit.identity import names, titles
from dl_lit.model import Work


def same_work(a: Work, b: Work) -> bool:
    """Two records of one work: a duplicate deposit with the same fields, or a preprint and its article."""
    if a.doi and a.doi == b.doi:
        return True
    if (
        not a.title
        or not b.title
        or (a.type != b.type and DATA & {a.type, b.type})
        or (a.type in DATA and a.doi != b.doi)
    ):
        return False
    likeness = titles.similarity(a.title, b.title)
    if _at_one_place(a, b) and likeness >= (0.75 if _same_first_author(a, b) else 1.0):
        return True
    if likeness < 1.0 or titles.numbers(a.title) != titles.numbers(b.title) or not _same_first_author(a, b):
        return False
    gap = abs(a.year - b.year) if a.year and b.year else 0
    if (a.type == "posted-content") != (b.type == "posted-content"):
        return gap <= 3
    same_pages = not a.pages or not b.pages or signals.page_key(a.pages) == signals.page_key(b.pages)
    return gap <= 1 and same_pages and not titles.is_generic(a.title)


def _at_one_place(a: Work, b: Work) -> bool:
    """Records of one page of one volume of one container."""
    keys = [(signals.page_key(w.volume), signals.page_key(w.pages), titles.key(w.container or "")) for w in (a, b)]
    same_issue = not a.issue or not b.issue or signals.page_key(a.issue) == signals.page_key(b.issue)
    return keys[0] == keys[1] and all(keys[0]) and same_issue


def _same_first_author(a: Work, b: Work) -> bool:
    """Whether one's first author is among the other's. Where neither names any, container and year must do."""
    if not a.authors and not b.authors:
        return bool(a.container and a.year) and (titles.key(a.container or ""), a.year) == (
            titles.key(b.container or ""),
            b.year,
        )
    return any(
        names.same_family(ours.authors[0], theirs)
        for ours, other in ((a, b), (b, a))
        if ours.authors
        for theirs in other.authors
    )
