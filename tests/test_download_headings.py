"""Which headings are the wanted title, and which are longer, have another subtitle or number, or only a name below."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest

import test_download_recognition
from dl_lit.download.verify import Expectation, Verdict
from dl_lit.model import DownloadReason, Person

Line = tuple[str, float, str]  # text, size, font
FILLER = "\n".join("A sentence of no interest stands here to fill the page with letters." for _ in range(8))
WANTED = Expectation(title="Household income and school attendance", authors=(Person(family="Phiri", given="Grace"),))
SUBTITLED = replace(WANTED, subtitle="The income of households in 2014")


def sheet(*lines: Line) -> bytes:
    """A page that begins with `lines`, and another of filler."""
    with pymupdf.open() as document:
        page, y = document.new_page(), 60.0
        for text, size, font in lines:
            page.insert_text((60, y), text, fontsize=size, fontname=font)
            y += 1.3 * size
        page.insert_text((60, y + 20), FILLER, fontsize=10)
        document.new_page().insert_text((60, 60), FILLER, fontsize=10)
        return bytes(document.tobytes())


def title(*rows: str, size: float = 16) -> list[Line]:
    return [(row, size, "hebo") for row in rows]


AUTHOR: Line = ("Grace Phiri", 11, "helv")
T = "Household Income and School Attendance"


def judged(folder: Path, body: bytes, expectation: Expectation = WANTED) -> Verdict:
    return test_download_recognition.judged(folder, body, expectation)


@pytest.mark.parametrize(
    "rows",
    [
        (T.upper(), "IN RURAL MALAWI"),
        (T, "Among Fishermen of the Lake"),
        (T, "During the Drought Years"),
        ("Measuring", T),
        ("Gender,", T),
        ("Why", T),
        (T, "II. The Absence of Teachers"),
    ],
)
def test_a_heading_that_goes_on_or_begins_sooner_is_another_title(tmp_path: Path, rows: tuple[str, ...]) -> None:
    assert judged(tmp_path, sheet(*title(*rows), AUTHOR)).reason is DownloadReason.WRONG_WORK


@pytest.mark.parametrize("line", ["The Absence of Teachers", "II. The Absence of Teachers"])
def test_what_stands_below_in_smaller_print_may_make_it_another_title(tmp_path: Path, line: str) -> None:
    body = sheet(*title(T), (line, 13, "heit"), AUTHOR)
    assert judged(tmp_path, body, SUBTITLED).reason is DownloadReason.WRONG_WORK


def test_another_subtitle_on_the_next_line_needs_no_colon(tmp_path: Path) -> None:
    assert judged(tmp_path, sheet(*title(T, "The Absence of Teachers"), AUTHOR), SUBTITLED).reason is not None
    assert judged(tmp_path, sheet(*title(T, "The Income of Households in 2015"), AUTHOR), SUBTITLED).reason is not None
    assert judged(tmp_path, sheet(*title(T, "The Income of Households in 2014"), AUTHOR), SUBTITLED).reason is None
    assert judged(tmp_path, sheet(*title(T), AUTHOR), SUBTITLED).reason is None


def test_a_title_in_quotation_marks_has_its_subtitle_on_the_next_line(tmp_path: Path) -> None:
    quoted = replace(SUBTITLED, title=f'"{T}"')
    harbours = sheet(*title(f'"{T}"', "The Harbours and the Tides of the North"), AUTHOR)
    assert judged(tmp_path, harbours, quoted).reason is DownloadReason.WRONG_WORK
    assert judged(tmp_path, sheet(*title(f'"{T}"'), AUTHOR), quoted).reason is None


def test_an_unknown_subtitle_on_the_next_line_is_the_works(tmp_path: Path) -> None:
    assert judged(tmp_path, sheet(*title(T, "Evidence from Three Surveys"), AUTHOR)).reason is None


@pytest.mark.parametrize("name", ["I. R. Phiri", "V. Phiri", "X. Phiri and Y. Wu", "By I. Phiri, 1968"])
@pytest.mark.parametrize("size", [16, 10])
def test_an_authors_initial_is_no_number_of_a_part(tmp_path: Path, name: str, size: float) -> None:
    body = sheet(*title(T, size=size), *title(name, size=size))
    assert judged(tmp_path, body, replace(WANTED, authors=(Person(family="Phiri"),))).reason is None


@pytest.mark.parametrize(
    "above", ["MAY 1968", "Agronomy Review 12, 145-152, 1968", "Discussion Paper 2014-07", "© 1968", "March 2014"]
)
def test_a_year_above_a_title_makes_no_list_of_references(tmp_path: Path, above: str) -> None:
    body = sheet((above, 10, "helv"), (T, 10, "helv"), ("Grace Phiri, 1968", 10, "helv"))
    assert judged(tmp_path, body).reason is None


def test_years_on_many_rows_make_one(tmp_path: Path) -> None:
    entries = [(f"Brown, A. ({1960 + n}):", 10.0, "helv") for n in range(6)]
    rows = [line for entry in entries for line in (entry, (T, 10.0, "helv"))]
    assert judged(tmp_path, sheet(*rows, AUTHOR)).reason is not None


@pytest.mark.parametrize("printed", ["Household income & school attendance", "Household income und school attendance"])
def test_and_may_be_a_sign(tmp_path: Path, printed: str) -> None:
    assert judged(tmp_path, sheet(*title(printed), AUTHOR)).reason is None


def test_a_wanted_reply_has_its_kind_above_it(tmp_path: Path) -> None:
    reply = replace(WANTED, title=f"Reply: {WANTED.title}")
    assert judged(tmp_path, sheet(("REPLY", 10, "hebo"), *title(T), AUTHOR), reply).reason is None
    assert judged(tmp_path, sheet(*title(T), AUTHOR), reply).reason is not None
    assert judged(tmp_path, sheet(("REPLY TO", 10, "hebo"), *title(T), AUTHOR)).reason is not None


def test_a_wanted_review_stands_below_a_heading_of_reviews(tmp_path: Path) -> None:
    review = Expectation(
        title="The market for ploughs. By Willem van der Berg", authors=(Person(family="Banda", given="John"),)
    )
    body = sheet(
        ("BOOK REVIEWS", 12, "hebo"),
        ("The Market for Ploughs. By Willem van der Berg. University Press, 2001. 212 pp.", 11, "heit"),
        ("John Banda", 10, "helv"),
    )
    assert judged(tmp_path, body, review).reason is None
    book = Expectation(title="The market for ploughs", authors=(Person(family="van der Berg"),), type="book")
    assert judged(tmp_path, body, book).reason is not None


@pytest.mark.parametrize(
    "line",
    [
        "In his well-known article, Phiri (2010) argues that this is so.",
        "1 See G. Phiri, Polity, 2005.",
        "We thank Grace Phiri for comments.",
        "Phiri, G. (2010). Something else altogether. Polity, 3, 1-9.",
    ],
)
def test_an_author_who_is_only_spoken_of_is_not_the_author(tmp_path: Path, line: str) -> None:
    body = sheet(*title(T), ("Ngozi Okafor", 11, "helv"), (line, 10, "helv"))
    assert judged(tmp_path, body).reason is DownloadReason.UNVERIFIED


@pytest.mark.parametrize(
    "line", ["Von G. PHIRI (Bern)", "Ngozi Okafor1 and Grace Phiri2,3", "Grace Phiri, University of Malawi, 1968"]
)
def test_an_author_is_named_on_a_row_of_names(tmp_path: Path, line: str) -> None:
    assert judged(tmp_path, sheet(*title(T), (line, 11, "helv"))).reason is None


def test_a_family_of_two_letters_is_known_beside_its_initial(tmp_path: Path) -> None:
    wanted = replace(WANTED, authors=(Person(family="Li", given="X."),))
    assert judged(tmp_path, sheet(*title(T), ("X. Li and Y. Wu", 11, "helv")), wanted).reason is None
    assert judged(tmp_path, sheet(*title(T), ("Z. Li and Y. Wu", 11, "helv")), wanted).reason is not None


@pytest.mark.parametrize(
    "line",
    [
        "vorgelegt von Grace Phiri aus Kassel",
        "présentée et soutenue publiquement par Grace Phiri le 12 juin 1998",
        "presentada por Grace Phiri para optar al grado de doctora",
    ],
)
def test_the_author_of_a_thesis_is_named_in_a_sentence(tmp_path: Path, line: str) -> None:
    assert judged(tmp_path, sheet(*title(T), (line, 10, "helv"))).reason is None
    other = line.replace("Grace Phiri", "Ngozi Okafor")
    assert judged(tmp_path, sheet(*title(T), (other, 10, "helv"))).reason is not None
