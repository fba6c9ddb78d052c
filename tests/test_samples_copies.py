"""Open copies: whole, short, recognisable by title and DOI, and the same bytes every time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pymupdf
import pytest

from dl_lit.standin.catalogue import CatalogueWork, load
from dl_lit.standin.copies import MAX_PAGES
from dl_lit.standin.samples import copy_pdf, preview_pdf

WORKS = {work.key: work for work in load()}


def opened(data: bytes) -> Any:
    return pymupdf.open(stream=data)


def first_page(data: bytes) -> str:
    with opened(data) as document:
        return " ".join(document[0].get_text().split())


@pytest.mark.parametrize(
    "key", ["watson1953molecular", "lecun2015deep", "luhmann1997gesellschaft", "pearl2009causality"]
)
def test_a_copy_shows_title_authors_and_doi_on_its_first_page(key: str) -> None:
    work = WORKS[key]
    text = first_page(copy_pdf(work, version="publishedVersion", seed=3))
    assert work.title in text and work.authors[0].family in text  # type: ignore[operator]
    assert (work.container or work.publisher or "") in text
    assert work.doi is None or f"https://doi.org/{work.doi}" in text
    assert "stand-in copy of the published version" in text


@pytest.mark.parametrize(
    ("key", "pages"),
    [
        ("watson1953molecular", 2),
        ("horton2015offline", 2),
        ("krizhevsky2017imagenet", 7),
        ("pearl2009causality", MAX_PAGES),
    ],
)
def test_a_copy_has_the_pages_of_the_work_up_to_a_book(key: str, pages: int) -> None:
    with opened(copy_pdf(WORKS[key])) as document:
        assert len(document) == pages
        assert all(len(page.get_text()) > 500 for page in document)


def test_every_title_fits_on_the_first_page_of_its_copy() -> None:
    longest = max(WORKS.values(), key=lambda work: len(work.title) + 20 * len(work.authors))
    with opened(copy_pdf(longest)) as document:
        assert len(document) == min(longest.page_count or 4, MAX_PAGES)


def test_the_versions_differ_and_say_so() -> None:
    work = WORKS["he2016deep"]
    published, accepted = copy_pdf(work), copy_pdf(work, version="acceptedVersion")
    assert published != accepted and "accepted manuscript" in first_page(accepted)
    assert "stand-in copy" in first_page(copy_pdf(work, version="unheard of"))


def test_the_same_arguments_give_the_same_bytes() -> None:
    work = WORKS["einstein1905elektrodynamik"]
    assert copy_pdf(work, seed=1) == copy_pdf(work, seed=1)
    assert copy_pdf(work, seed=1) != copy_pdf(work, seed=2)


def test_a_preview_is_the_first_page_alone() -> None:
    with opened(preview_pdf(WORKS["lecun2015deep"])) as document:
        assert len(document) == 1
    assert "Deep learning" in first_page(preview_pdf(WORKS["lecun2015deep"]))


def test_threads_may_ask_at_once() -> None:
    works = list(WORKS.values())[:12]

    def make(work: CatalogueWork) -> bytes:
        return copy_pdf(work, seed=9)

    with ThreadPoolExecutor(4) as executor:
        parallel = list(executor.map(make, works, timeout=30))
    assert parallel == [make(work) for work in works]
