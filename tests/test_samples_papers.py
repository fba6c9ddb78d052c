"""The sample papers: many, varied, deterministic, and what the truth says is what they print."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from dl_lit.standin.catalogue import load
from dl_lit.standin.papers import PAPERS
from dl_lit.standin.samples import SampleReference, sample_truth, write_samples

WORKS = {work.key: work for work in load()}
SAMPLES = {paper.file: paper for paper in PAPERS}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("samples")
    write_samples(path)
    yield path
    shutil.rmtree(path)


def opened(path: Path) -> Any:
    return pymupdf.open(path)


def folded(text: str) -> str:
    """Without spaces and hyphens, which line ends add and take."""
    return re.sub(r"[\s\-]", "", text)


def body(path: Path) -> str:
    """The text of all pages between running heads, in reading order."""
    sheet = SAMPLES[path.name].sheet
    with opened(path) as document:
        area = (0, sheet.top - 10, sheet.width, sheet.height - sheet.bottom + 10)
        return folded("".join(page.get_text(clip=area) for page in document))


def truth_of(file: str, seed: int = 0) -> list[SampleReference]:
    return [reference for reference in sample_truth(seed) if reference.source_pdf == file]


def test_there_are_enough_papers_references_and_works() -> None:
    truth = sample_truth()
    assert len(PAPERS) >= 14 and len(truth) >= 330
    cited = Counter(reference.work_key for reference in truth if reference.work_key)
    assert len(cited) >= 250
    assert sum(count > 1 for count in cited.values()) >= 60
    unknown = sum(reference.work_key is None for reference in truth)
    assert 0.05 <= unknown / len(truth) <= 0.08
    assert set(cited) <= set(WORKS)


def test_layouts_and_styles_vary() -> None:
    assert {paper.sheet.columns for paper in PAPERS} == {1, 2}
    assert len({type(paper.style) for paper in PAPERS}) >= 10
    assert {"[{}]", "{}.", "({})", "{}", ""} <= {paper.label for paper in PAPERS}
    assert {paper.shape for paper in PAPERS if not paper.label} == {"hanging", "first-line", "spacing"}
    headings = {paper.heading for paper in PAPERS}
    assert {"References", "Bibliography", "Literatur", "Literaturverzeichnis", "Works Cited"} <= headings
    assert sum(paper.language == "de" for paper in PAPERS) >= 3
    assert {"appendix", "thanks", ""} == {paper.tail for paper in PAPERS}
    assert any(" " in paper.file for paper in PAPERS) and any("مراجعة" in paper.file for paper in PAPERS)


def test_positions_count_from_one_without_gaps() -> None:
    for paper in PAPERS:
        assert [reference.position for reference in truth_of(paper.file)] == list(range(1, paper.references + 1))


def test_no_list_cites_a_work_twice() -> None:
    for paper in PAPERS:
        keys = [reference.work_key for reference in truth_of(paper.file) if reference.work_key]
        assert len(set(keys)) == len(keys), paper.file


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.file)
def test_the_printed_list_is_the_truth_in_its_order(folder: Path, paper: Any) -> None:
    text = body(folder / paper.file)
    at = text.rindex(folded(paper.heading))
    for reference in truth_of(paper.file):
        wanted = folded(reference.label + reference.printed)
        found = text.find(wanted, at)
        assert found >= at, reference.printed
        at = found + len(wanted)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.file)
def test_a_paper_looks_like_one(folder: Path, paper: Any) -> None:
    with opened(folder / paper.file) as document:
        assert 3 <= len(document) <= 8
        assert document.metadata["title"] == paper.title
        first, second = document[0].get_text(), document[1].get_text()
        assert all(author in first for author in paper.authors)
        assert f"10.5555/{paper.journal.split()[0].casefold()}" in first
        assert str(paper.first_page) in first and str(paper.first_page + 1) in second
        assert not any(font[1] == "n/a" for page in document for font in page.get_fonts()), "a font is not embedded"


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.file)
def test_no_line_leaves_the_page(folder: Path, paper: Any) -> None:
    with opened(folder / paper.file) as document:
        for page in document:
            right = max(word[2] for word in page.get_text("words"))
            assert right <= paper.sheet.width - paper.sheet.right + 2


@pytest.mark.parametrize("paper", [paper for paper in PAPERS if paper.style.numbered], ids=lambda paper: paper.file)
def test_every_number_is_cited_in_the_text(folder: Path, paper: Any) -> None:
    text = body(folder / paper.file)
    before = text[: text.rindex(folded(paper.heading))]
    cited = {int(number) for group in re.findall(r"[\d,]+", before) for number in group.split(",") if number}
    assert set(range(1, paper.references + 1)) <= cited


def test_lists_run_over_columns_and_pages_and_break_words_and_dois(folder: Path) -> None:
    with opened(folder / "Reyes_Lindqvist_2023_attention.pdf") as document:
        pages = [page.get_text() for page in document]
    start = next(number for number, text in enumerate(pages) if "REFERENCES" in text)
    assert start < len(pages) - 1
    lines = "".join(pages).splitlines()
    assert any(re.search(r"[a-z]-$", line.strip()) for line in lines)
    assert any(re.search(r"10\.\d{4,9}/$|doi\.org/$|10\.$", line.strip()) for line in lines)


def test_authors_are_repeated_as_dashes() -> None:
    for paper in PAPERS:
        if paper.dashes:
            dashes = [r for r in truth_of(paper.file) if r.printed.startswith(paper.style.dash)]
            assert len(dashes) >= 2, paper.file


def test_some_references_carry_small_errors() -> None:
    wrong = 0
    for reference in sample_truth():
        if reference.work_key:
            work = WORKS[reference.work_key]
            who = (work.authors or work.editors)[0]
            printed_name = (who.family or who.name or "") in reference.printed
            wrong += str(work.year) not in reference.printed or not printed_name
    assert 10 <= wrong <= 60


def test_some_print_their_doi_and_some_do_not() -> None:
    known = [reference for reference in sample_truth() if reference.work_key and WORKS[reference.work_key].doi]
    with_doi = sum((WORKS[item.work_key or ""].doi or "") in item.printed.lower() for item in known)
    assert 0.25 < with_doi / len(known) < 0.75


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for path in write_samples(tmp_path / "again"):
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_another_seed_gives_other_lists() -> None:
    assert sample_truth(1) != sample_truth(0)
    assert sample_truth(1) == sample_truth(1)
