"""Papers typeset in the layouts and styles of the samples, and the world of works that they cite.

Of the references of a paper a quarter are to the stand-in's own works, which other papers cite too, one in twenty is to
a work that no service knows, and the rest are to generated articles that no other paper cites.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from enrichment_bench.papers import generated

from dl_lit.standin import catalogue
from dl_lit.standin.catalogue import CatalogueWork
from dl_lit.standin.citing import Citation
from dl_lit.standin.composing import compose
from dl_lit.standin.copies import PYMUPDF_LOCK
from dl_lit.standin.papers import PAPERS, Paper
from dl_lit.standin.reference_lists import listed

REFERENCES = 40  # of a paper
SHARED, UNKNOWN = 4, 20  # one in so many of them
DOIS = 0.6  # share of the references that print their DOI, where the work has one and the style shows any
SEED = 3


def works(papers: int, references: int = REFERENCES) -> tuple[CatalogueWork, ...]:
    """The world for so many papers: the stand-in's own works and the articles of each paper."""
    return (*catalogue.load(), *_articles(papers * references))


def _articles(count: int) -> Iterator[CatalogueWork]:
    """Their copies have as many pages as is printed of them."""
    for work in generated(count, SEED):
        first, _, last = (work.pages or "").partition("-")
        yield replace(work, page_count=int(last) - int(first) + 1)


def write_papers(folder: Path, papers: int, references: int = REFERENCES) -> list[Path]:
    """PDFs of so many papers; a paper's number gives the same bytes and cites the same works however many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    articles = tuple(_articles(papers * references))
    paths = []
    for number in range(papers):
        own = articles[number * references : (number + 1) * references]
        path = folder / f"paper{number:03}.pdf"
        path.write_bytes(_typeset(_paper(number, references), own))
        paths.append(path)
    return paths


def _paper(number: int, references: int) -> Paper:
    model = PAPERS[number % len(PAPERS)]
    return replace(
        model,
        file=f"paper{number:03}.pdf",
        title=f"{model.title}, Part {number + 1}",
        first_page=100 + number,
        references=references,
        abbreviate=False,
    )


def _typeset(paper: Paper, articles: Sequence[CatalogueWork]) -> bytes:
    pick = random.Random(f"{SEED}:{paper.file}")
    chosen = [(work.key or None, _cited(work, pick)) for work in _cites(paper, articles, pick)]
    with PYMUPDF_LOCK:
        return compose(paper, listed(paper, chosen, pick), SEED)


def _cites(paper: Paper, articles: Sequence[CatalogueWork], pick: random.Random) -> Iterator[CatalogueWork]:
    old = [work for work in catalogue.load() if work.field in paper.fields]
    shared, unknown = paper.references // SHARED, paper.references // UNKNOWN
    yield from pick.sample(old, shared)
    yield from articles[: paper.references - shared - unknown]
    for work in articles[paper.references - unknown :]:
        yield replace(work, key="", doi=None, type="report", container=None, title=f"Notes on {work.title.lower()}")


def _cited(work: CatalogueWork, pick: random.Random) -> Citation:
    return Citation(work, show_doi=pick.random() < DOIS)
