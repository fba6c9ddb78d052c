"""The printed lines for readers that take text: the list where there is one, else the end, and signs of a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from dl_lit.config import ExtractionSettings
from dl_lit.errors import Stopping
from dl_lit.extraction.executor import TextPool
from dl_lit.extraction.limits import FileLimits
from dl_lit.extraction.list_text import extract
from dl_lit.model import ListText
from pdf_pages import AUTHOR_YEAR, BODY, Sheet, article, hanging

CITING = "Many have said so [3]. Others did not (Quill 2019, p. 4), and some said both [4, 7-9]."
NO_LIST = "Nothing in this text cites anything; it goes on and on about the weather of an ordinary week at home."


def read(sheet: Sheet, tmp_path: Path) -> ListText:
    return extract(str(sheet.save(tmp_path / "paper.pdf")), FileLimits())


def test_a_list_is_handed_over_without_its_heading_and_the_text_before(tmp_path: Path) -> None:
    text = read(hanging(article(), AUTHOR_YEAR), tmp_path)
    assert text.is_list and text.has_signs
    assert text.lines[0].text.startswith(AUTHOR_YEAR[0][:30])
    assert text.lines[-1].text.endswith(AUTHOR_YEAR[-1][-20:])
    assert not any("References" in line.text for line in text.lines)


def test_lines_know_their_page(tmp_path: Path) -> None:
    text = read(hanging(article(paragraphs=20), AUTHOR_YEAR * 3), tmp_path)
    pages = [line.page for line in text.lines]
    assert pages == sorted(pages)
    assert len(set(pages)) > 1


def test_without_a_list_the_last_pages_are_handed_over(tmp_path: Path) -> None:
    sheet = Sheet()
    for number in range(1, 8):
        for _ in range(3 + number):
            sheet.paragraph(f"Part {number}. {NO_LIST}", after=3 * number)
        if number < 7:
            sheet.page()
    text = read(sheet, tmp_path)
    assert {line.page for line in text.lines} == {5, 6, 7}
    assert not text.is_list
    assert not text.has_signs


def test_citations_in_the_text_are_signs_of_a_list(tmp_path: Path) -> None:
    sheet = Sheet()
    for _ in range(6):
        sheet.paragraph(NO_LIST * 9, after=6).paragraph(CITING, after=6)
    text = read(sheet, tmp_path)
    assert text.has_signs and not text.is_list


def test_a_heading_alone_is_a_sign(tmp_path: Path) -> None:
    assert read(article(paragraphs=1).paragraph("See the supplement."), tmp_path).has_signs


def test_lines_full_of_what_references_hold_are_a_sign(tmp_path: Path) -> None:
    sheet = Sheet().paragraph(NO_LIST * 12, after=8)
    for entry in AUTHOR_YEAR:
        sheet.paragraph(entry)
    text = read(sheet.paragraph(BODY), tmp_path)
    assert text.has_signs


def test_an_unreadable_file_has_no_text(tmp_path: Path) -> None:
    (tmp_path / "no.pdf").write_text("not a PDF")
    assert extract(str(tmp_path / "no.pdf"), FileLimits()) == ListText()
    assert extract(str(tmp_path / "gone.pdf"), FileLimits()) == ListText()


def test_the_pool_reads_in_a_child_and_survives_what_goes_wrong_there(tmp_path: Path) -> None:
    path = hanging(article(), AUTHOR_YEAR).save(tmp_path / "paper.pdf")
    with_child = TextPool(ExtractionSettings())
    try:
        assert with_child.read(path).is_list
    finally:
        with_child.close()
    with pytest.raises(Stopping):
        with_child.read(path)
    crashing = TextPool(ExtractionSettings(time_limit_seconds=5), task="child_tasks:read")
    try:
        assert crashing.read("segfault") == ListText()
    finally:
        crashing.close()


def test_lines_know_the_dois_that_a_click_on_them_leads_to(tmp_path: Path) -> None:
    sheet = hanging(article(), AUTHOR_YEAR)
    sheet.paragraph("Zorn, D. (2002): Standing at home. Seats 7, 1-9.").link(60, "https://doi.org/10.1000/zorn")
    text = read(sheet, tmp_path)
    assert [line.dois for line in text.lines if line.text.startswith("Zorn")] == [("10.1000/zorn",)]
