"""Finding what the library already has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dl_lit.model import CitingPaper, Decision, Enrichment, Extraction, Reference, Twin, WithMetadataRow, Work
from library import ME, SmallLibrary, work


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


def twins(library: SmallLibrary, one: Work) -> list[Twin]:
    return [twin for twin, _ in library.store.find_twins(WithMetadataRow(0, one, 0))]


@pytest.mark.parametrize(
    "printed",
    [
        Reference("?", doi="10.1000/known"),
        Reference("?", arxiv="1706.03762"),
        Reference("?", pmid="12"),
        Reference("?", pmcid="PMC12"),
        Reference("?", title="Known Work!"),
        Reference("?", title="Known work of tests"),
        Reference("SMITH, known  work (2001)  0"),
        Reference("?", title="Bekanntes Werk"),
    ],
)
def test_a_printed_reference_finds_the_work_by_any_of_its_names(library: SmallLibrary, printed: Reference) -> None:
    known = work("Known Work", subtitle="of Tests", doi="10.1000/known", arxiv="1706.03762", pmid="12", pmcid="PMC12")
    library.print_references(Reference("Smith, Known Work (2001) 0", 1, title="Bekanntes Werk"))
    [row] = library.claim_references()
    library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, known))
    assert library.store.find_known(printed) == [known]


def test_the_surest_names_come_first_and_each_work_once(library: SmallLibrary) -> None:
    by_title, by_doi = work("Shared Title", doi="10.1000/1"), work("Shared Title", doi="10.1000/2")
    library.accept(by_title, by_doi)
    assert library.store.find_known(Reference("?", title="Shared title", doi="10.1000/2")) == [by_doi, by_title]


def test_what_was_not_accepted_is_not_known(library: SmallLibrary) -> None:
    library.print_references(Reference("rejected", 1, title="Rejected"), Reference("waiting", 2, title="Waiting"))
    rejected, _ = library.claim_references()
    library.store.finish_enrichment(rejected, ME, Enrichment(Decision.REJECTED))
    assert library.store.find_known(Reference("rejected", title="Rejected")) == []
    assert library.store.find_known(Reference("waiting", title="Waiting")) == []
    assert library.store.find_known(Reference("", title="")) == []


def test_a_title_of_a_hundred_works_brings_only_some(library: SmallLibrary) -> None:
    library.accept(*(work("Introduction", doi=f"10.1000/{i}") for i in range(30)))
    assert len(library.store.find_known(Reference("?", title="Introduction"))) == 20


def test_twins_are_sought_past_queueing_only(library: SmallLibrary) -> None:
    one = work("A Title", doi="10.1000/1")
    library.accept(one)
    assert twins(library, one) == []
    library.queue()
    assert twins(library, one) == [Twin("to_download_references", 1, "doi")]
    library.download()
    assert twins(library, one) == [Twin("downloaded_references", 1, "doi")]


def test_works_without_a_copy_are_twins_too(library: SmallLibrary) -> None:
    library.accept(work("A Title", doi="10.1000/1"))
    library.queue()
    library.fail_downloads()
    assert twins(library, work("A Title")) == [Twin("failed_downloads", 1, "title")]


def test_works_with_another_doi_are_not_even_candidates(library: SmallLibrary) -> None:
    library.accept(*(work("Introduction", doi=f"10.1000/{i}", arxiv="1706.03762") for i in range(3)))
    library.queue()
    assert twins(library, work("Introduction", doi="10.1000/9", arxiv="1706.03762")) == []
    assert [twin.rule for twin in twins(library, work("Introduction", doi="10.1000/1"))] == ["doi"]
    assert len(twins(library, work("Introduction", arxiv="1706.03762"))) == 3


def test_a_row_is_not_its_own_twin(library: SmallLibrary) -> None:
    [row_id] = library.accept(work("A Title"))
    library.queue()
    assert library.store.find_twins(WithMetadataRow(row_id, work("A Title"), 0)) == []


def test_each_twin_comes_once_by_the_surest_rule(library: SmallLibrary) -> None:
    library.accept(work("A Title", openalex_id="W1", arxiv="1706.03762"))
    library.queue()
    same = work("A Title", openalex_id="W1", arxiv="1706.03762", doi="10.1000/1")
    assert twins(library, same) == [Twin("to_download_references", 1, "openalex_id")]


@pytest.mark.parametrize(("year", "found"), [(2000, 1), (2001, 1), (2002, 1), (2003, 0), (None, 1)])
def test_namesakes_of_other_years_are_not_even_candidates(library: SmallLibrary, year: int | None, found: int) -> None:
    library.accept(work("A Title"))
    library.queue()
    assert len(twins(library, work("A Title", year=year))) == found


def test_citing_pdfs_are_counted_once_each_over_several_references(library: SmallLibrary) -> None:
    library.accept(work("A"), work("B"))
    library.accept(work("A", doi="10.1000/1"))
    assert [library.store.citing_pdfs(i) for i in (1, 2, 3)] == [1, 1, 1]
    assert library.store.citing_pdfs(1, 2) == 1
    assert library.store.citing_pdfs(1, 2, 3) == 2


def test_the_papers_that_cite_a_reference_come_with_their_whole_lists(library: SmallLibrary) -> None:
    for doi in ("10.1000/citing", None):
        [row] = library.add_pdfs()
        printed = (Reference("second", 2), Reference("first", 1)) if doi else (Reference("third", 1),)
        library.store.finish_extraction(row, ME, Extraction(pages=3, backend="test", doi=doi, references=printed))
    ids = {row.reference.raw: row.id for row in library.claim_references()}
    paper = CitingPaper("10.1000/citing", (ids["first"], ids["second"]), ("first", "second"))
    assert library.store.citing_papers([ids["second"]]) == [paper]
    assert library.store.citing_papers(ids.values()) == [paper]
    assert library.store.citing_papers([ids["third"]]) == []


@pytest.mark.parametrize(
    ("printed", "is_found"),
    [
        (Reference("?", year=1986, volume="323", pages="533-6"), True),
        (Reference("?", year=1986, volume="323", pages="pp. 533"), True),
        (Reference("?", year=1986, volume="323", pages="534"), False),
        (Reference("?", year=1987, volume="323", pages="533"), False),
        (Reference("?", year=1986, pages="533"), False),
    ],
)
def test_a_print_without_title_finds_a_work_by_its_place(
    library: SmallLibrary, printed: Reference, is_found: bool
) -> None:
    known = work("Learning by example", doi="10.1000/known", year=1986, volume="323", pages="533-536")
    library.accept(known)
    assert library.store.find_known(printed) == ([known] if is_found else [])
