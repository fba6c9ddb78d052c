"""What has the wanted title and is another work: a namesake's, one with a DOI of its own, another edition, a cover."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dl_lit.download.given_names import is_namesake
from dl_lit.model import Person
from download_world import TITLE
from test_download_recognition import EXPECTED, PREVIEW, TEXT, UNVERIFIED, WRONG, article, judged, typeset

UNKNOWN = replace(EXPECTED, pages=None)
BOOK = replace(UNKNOWN, type="book", year=2009, doi=None)


def person(name: str) -> Person:
    family, _, given = name.partition(", ")
    return Person(family=family, given=given)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("Groeneveld, Marten", "Sophie Groeneveld"),
        ("Groeneveld, Marten", "S. K. GROENEVELD1,*"),
        ("Groeneveld, Marten", "Groeneveld, S., Smith, J."),
        ("Smith, John", "Smith K, Brown J"),
        *(("Smith, Henry", f"{short} Smith") for short in ("Bas", "Nacho", "Kees", "Klaus")),
    ],
)
def test_another_given_name_is_a_namesakes(name: str, row: str) -> None:
    assert is_namesake(person(name), row)
    assert not is_namesake(person(name), f"{row}\n{person(name).given} {person(name).family}")


@pytest.mark.parametrize(
    ("name", "row"),
    [
        *(("Groeneveld, Marten", row) for row in ("Groeneveld", "By MARTEN GROENEVELD", "Prof. Dr. Groeneveld")),
        ("Groeneveld, Marten", "Groeneveld, M., Smith, S."),
        *(("Zhang, Wei", row) for row in ("Zhang Wei", "Wei Zhang and Li Chen")),
        ("Smith, William", "Bill Smith"),
        ("Smit, Sebastiaan", "Bas Smit"),
        ("Smit, Cornelis", "Kees Smit"),
        ("Smit, Nikolaus", "Klaus Smit"),
        ("Ivanov, Yuri", "I. Ivanov"),
        ("van der Berg, Johanna", "Johanna van der Berg1*, Xiaoming Li1,2"),
        *(("Abernathy, Charles T.", row) for row in ("C. Thomas Abernathy", "Thomas Abernathy")),
        ("Jones, A.", "Smith, Jones, Brown"),
        ("Böttcher, Karl-Heinz", "H. Boettcher"),
    ],
)
def test_initials_short_forms_and_transliterations_are_no_other_name(name: str, row: str) -> None:
    assert not is_namesake(person(name), row)


def test_a_namesakes_work_is_set_aside(tmp_path: Path) -> None:
    one = replace(EXPECTED, authors=(Person(family="Berglund", given="Astrid"),))
    assert judged(tmp_path, article(TITLE, "Sven Berglund"), one).reason is UNVERIFIED
    assert judged(tmp_path, article(TITLE, "Sven Berglund and F. Oduya")).reason is None  # one of two fits


def with_doi(doi: str) -> bytes:
    return article(TITLE, above=f"A Journal 3 (2011)  https://doi.org/{doi}")


@pytest.mark.parametrize(
    ("wanted", "printed", "is_other"),
    [
        ("10.1000/glaciers.7", "10.1000/glaciers.8", True),
        ("10.1000/glaciers.7", "10.1000/glaciers.77", True),
        ("10.1000/glaciers.7", "10.1000/glaciers.7.s001", False),  # a part of it
        ("10.1000/glaciers.7", "10.1000/GLACIERS.7", False),
        ("10.1000/glaciers.7", "10.2000/preprints.1", False),  # another registrant's, as of a repository
        ("10.1000/978-3-1_7", "10.1000/978-3-1", False),  # of the book that the chapter is in
        ("10.1000/glaciers.7", "10.1000/(issn)1234-567x", False),
        ("10.5281/zenodo.11", "10.5281/zenodo.12", False),  # which counts versions
    ],
)
def test_another_doi_of_the_same_registrant_is_another_works(
    tmp_path: Path, wanted: str, printed: str, is_other: bool
) -> None:
    verdict = judged(tmp_path, with_doi(printed), replace(EXPECTED, doi=wanted))
    assert verdict.reason is (UNVERIFIED if is_other else None)


def book(edition: str, imprint: str) -> bytes:
    title = [(TITLE, 20), ("Astrid Berglund", 12), (edition, 10)]
    return typeset(title, [(imprint, 8)], *[[(TEXT, 9)]] * 44)


@pytest.mark.parametrize(
    ("edition", "imprint", "year", "is_other"),
    [
        ("Second edition", "(c) A. Berglund 2016. First published 2009", 2009, True),
        ("3rd revised and expanded edition", "Third edition published 2019 by the Press", 2009, True),
        ("2., erweiterte Auflage", "Verlag am Berg, 2012", 2009, True),
        ("Tenth edition", "(c) A. Berglund 2016", 2009, True),
        ("Second edition", "(c) A. Berglund 2016. First published 2009", 2016, False),
        ("Second edition", "(c) A. Berglund 2016", 2015, False),  # dated ahead
        ("Second edition", "All rights reserved", 2009, False),  # no year tells
        ("First edition", "(c) A. Berglund 2009. Reprinted 2018", 2009, False),
    ],
)
def test_a_later_edition_than_the_records_year_is_set_aside(
    tmp_path: Path, edition: str, imprint: str, year: int, is_other: bool
) -> None:
    verdict = judged(tmp_path, book(edition, imprint), replace(BOOK, year=year))
    assert verdict.reason is (UNVERIFIED if is_other else None), verdict.detail


def test_the_records_own_edition_decides_where_it_has_one(tmp_path: Path) -> None:
    second = book("Second edition", "(c) A. Berglund 2016")
    assert judged(tmp_path, second, replace(BOOK, edition="3")).reason is WRONG
    assert judged(tmp_path, second, replace(BOOK, edition="2nd ed.")).reason is None
    assert judged(tmp_path, second, replace(BOOK, edition="2016 ed.", year=2016)).reason is None  # a year is no number


COVER = [
    ("University of Somewhere", 14),
    (TITLE, 16),
    ("Berglund, Astrid", 10),
    ("IMPORTANT NOTE: You are advised to consult the publisher's version if you wish to cite from it.\n" * 3, 9),
    ("Link to publication in Somewhere's research database", 9),
]


def test_a_repositorys_cover_alone_or_before_another_text_is_no_copy(tmp_path: Path) -> None:
    assert judged(tmp_path, typeset(COVER), UNKNOWN).reason is PREVIEW
    other = [("On bees", 16), ("C. Stranger", 11), (TEXT, 9)]
    assert judged(tmp_path, typeset(COVER, other, [(TEXT, 9)]), UNKNOWN).reason is UNVERIFIED
    own = [(TITLE, 16), ("Astrid Berglund", 11), (TEXT, 9)]
    assert judged(tmp_path, typeset(COVER, own, [(TEXT, 9)]), UNKNOWN).reason is None


@pytest.mark.parametrize(("first", "wanted"), [("", WRONG), ("Abstract", None), ("1. Introduction", None)])
def test_a_file_of_figures_s1_and_s2_is_a_supplement(tmp_path: Path, first: str, wanted: object) -> None:
    captions = "Figure S1. Ice at the station\nFigure S2. Snow at the station\nTable S1. Depths"
    sheets = [(TITLE, 16), ("Astrid Berglund", 11), (first, 10), (captions, 9)]
    assert judged(tmp_path, typeset([one for one in sheets if one[0]], *[[(TEXT, 9)]] * 8)).reason is wanted
