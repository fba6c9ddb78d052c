"""Records that resemble a work and are not it: corrections, supplements, reviews, recommendations, re-deposits.

They are made up for the stand-in, because a search at Crossref finds such records beside the work, often above it.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import replace

from dl_lit.model import Person
from dl_lit.standin.catalogue import CatalogueWork

SHARE = 0.3  # share of the works with a DOI that have a parasite


def parasites_of(work: CatalogueWork, seed: int) -> tuple[CatalogueWork, ...]:
    """None, one, or (for the famous) two."""
    chance = random.Random(f"{seed}|parasite|{work.key}")
    if not work.doi or chance.random() > SHARE:
        return ()
    kinds = _BOOK_KINDS if work.type == "book" else _ARTICLE_KINDS
    return tuple(make(work) for make in chance.sample(kinds, 2 if work.cited_by > 20_000 else 1))


def _bare(work: CatalogueWork, kind: str, doi: str) -> CatalogueWork:
    return replace(work, key=f"{work.key}-{kind}", doi=doi, cited_by=0, arxiv=None, pmid=None, isbn=None)


def _correction(work: CatalogueWork) -> CatalogueWork:
    title = f"Correction: {work.title}"
    return replace(_bare(work, "correction", f"{work.doi}-c1"), title=title, year=work.year + 1, pages="1")


def _component(work: CatalogueWork) -> CatalogueWork:
    part = _bare(work, "component", f"{work.doi}/s001")
    return replace(part, type="component", authors=(), container=None, volume=None, issue=None, pages=None)


def _peer_review(work: CatalogueWork) -> CatalogueWork:
    review = _bare(work, "review", f"{work.doi}/v1/review1")
    return replace(
        review, title=f'Review for "{work.title}"', type="peer-review", authors=(), container=None, pages=None
    )


def _recommendation(work: CatalogueWork) -> CatalogueWork:
    number = int.from_bytes(hashlib.sha256(work.key.encode()).digest()[:3])
    record = _bare(work, "recommendation", f"10.3410/f.{number}.793{number % 10_000:06d}")
    title = f"Faculty Opinions recommendation of {work.title}."
    container = "Faculty Opinions – Post-Publication Peer Review of the Biomedical Literature"
    authors = (Person(family="Recommender", given="Faculty"),)
    return replace(
        record, title=title, type="dataset", authors=authors, container=container, volume=None, issue=None, pages=None
    )


def _reprint(work: CatalogueWork) -> CatalogueWork:
    number = int.from_bytes(hashlib.sha256(work.key.encode()).digest()[3:6])
    record = _bare(work, "reprint", f"10.65215/{number:x}")
    return replace(record, year=2025, type="journal-article", container="Reprints of Note", volume="1", pages=None)


def _book_review(work: CatalogueWork) -> CatalogueWork:
    record = _bare(work, "bookreview", f"{work.doi}.review")
    title = f"Book review: {work.title}"
    authors = (Person(family="Reviewer", given="Rita"),)
    return replace(
        record, title=title, type="journal-article", authors=authors, year=work.year + 1, container="Book Reviews"
    )


_ARTICLE_KINDS: tuple[Callable[[CatalogueWork], CatalogueWork], ...] = (
    _correction,
    _component,
    _peer_review,
    _recommendation,
    _reprint,
)
_BOOK_KINDS: tuple[Callable[[CatalogueWork], CatalogueWork], ...] = (_book_review, _reprint)
