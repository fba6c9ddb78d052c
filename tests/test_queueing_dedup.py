"""When two works of verified metadata are one."""

from __future__ import annotations

from typing import Any

import pytest

from dl_lit.model import Person, Twin, Work
from dl_lit.queueing.dedup import find_twin, same_by_title
from library import work

LONG = "On the Careful Testing of Programs"


def rule(a: Work, b: Work) -> str | None:
    """The rule by which the two are one; the same from either side."""
    there, back = (find_twin(x, [(Twin("downloaded_references", 1, "?"), y)]) for x, y in ((a, b), (b, a)))
    assert (there and there.rule) == (back and back.rule)
    return there.rule if there else None


@pytest.mark.parametrize(
    ("shared", "expected"),
    [
        ({"doi": "10.1000/1"}, "doi"),
        ({"openalex_id": "W1"}, "openalex_id"),
        ({"arxiv": "1706.03762"}, "arxiv"),
        ({"pmid": "1"}, "pmid"),
        ({"pmcid": "PMC1"}, "pmcid"),
        ({"isbn": "9783161484100"}, None),  # all chapters of a book share it
        ({}, None),
    ],
)
def test_a_shared_identifier_makes_one_work_of_two_titles(shared: dict[str, Any], expected: str | None) -> None:
    assert rule(work("One Title", **shared), work("Another Title", authors=("Other",), year=1950, **shared)) == expected


def test_different_dois_veto_everything_else() -> None:
    same = {"openalex_id": "W1", "arxiv": "1706.03762", "pmid": "1"}
    assert rule(work(LONG, doi="10.1000/1", **same), work(LONG, doi="10.1000/2", **same)) is None


def test_a_doi_on_one_side_only_forbids_nothing() -> None:
    assert rule(work(LONG, doi="10.1000/1"), work(LONG)) == "title_authors_year"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({}, {"title": "ON THE  CAREFUL TESTING OF PROGRAMS."}),
        ({"title": "Über Müller"}, {"title": "Ueber Mueller"}),
        ({"title": LONG, "subtitle": "A Study"}, {"title": f"{LONG}: A Study"}),
        ({"title": LONG, "subtitle": "A Study"}, {"title": LONG}),
        ({"title": "О тестировании программ"}, {"title": "О тестировании программ"}),
        ({}, {"year": 2002}),
        ({"authors": ("Smith", "Roe", "Poe")}, {"authors": ("Smith", "Roe")}),
        ({"authors": ("Smith", "Roe")}, {"authors": ("Roe", "Smith")}),
        ({"authors": ("Müller",)}, {"authors": ("Mueller",)}),
        ({"type": "book-chapter"}, {"type": "proceedings-article"}),
        ({"type": "journal-article"}, {"type": "posted-content"}),
        ({"type": "book"}, {"type": "something new"}),
        ({"type": "report"}, {"type": "book"}),
        ({"year": None, "container": "J", "pages": "1-9"}, {"container": "J.", "pages": "1–9"}),
    ],
)
def test_title_authors_and_year_make_one_work(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert rule(work(**{"title": LONG} | a), work(**{"title": LONG} | b)) == "title_authors_year"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({}, {"year": 2003}),
        ({}, {"year": None}),
        ({"year": None}, {"year": None}),
        ({}, {"authors": ("Other",)}),
        ({}, {"authors": ()}),
        ({"authors": ()}, {"authors": ()}),
        ({"authors": ("Smith", "Roe", "Poe")}, {"authors": ("Smith", "Doe", "Noe")}),
        ({}, {"title": "On the Careful Testing of Programmers"}),
        ({"title": "Capital"}, {"title": "Capital in the Twenty-First Century"}),
        ({"title": "Capital"}, {"title": "Capital", "subtitle": "in the Twenty-First Century"}),
        ({"title": f"{LONG}, Part 1"}, {"title": f"{LONG}, Part 2"}),
        ({"title": f"{LONG} II"}, {"title": f"{LONG} III"}),
        ({"title": LONG, "subtitle": "Volume 1"}, {"title": LONG, "subtitle": "Volume 2"}),
        ({"type": "book"}, {"type": "book-chapter"}),
        ({"type": "book"}, {"type": "journal-article"}),  # the article is its review
        ({"type": "peer-review"}, {"type": "journal-article"}),
        ({"type": "dissertation"}, {"type": "journal-article"}),
        ({"type": "dataset"}, {"type": "journal-article"}),
        ({"title": None}, {"title": None}),
        ({"title": "—"}, {"title": "—"}),
    ],
)
def test_in_doubt_they_are_two(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert rule(work(**{"title": LONG} | a), work(**{"title": LONG} | b)) is None


@pytest.mark.parametrize(
    ("b", "one"),
    [
        ({"container": "Handbook", "pages": "1-12"}, True),
        ({"container": "Handbook", "pages": "1-12", "volume": "2"}, True),
        ({"container": "Handbook", "pages": "13-20"}, False),
        ({"container": "Another Handbook", "pages": "1-12"}, False),
        ({"container": "Handbook", "pages": None}, False),
        ({"container": None, "pages": "1-12"}, False),
    ],
)
def test_a_generic_title_needs_the_same_place(b: dict[str, Any], one: bool) -> None:
    introduction = work("Introduction", container="Handbook", pages="1-12")
    assert rule(introduction, work("Introduction", **b)) == ("title_authors_year" if one else None)


def test_different_volumes_are_different_places() -> None:
    one, two = (work("Editorial", container="J", pages="1", volume=volume) for volume in ("1", "2"))
    assert rule(one, two) is None


def test_editors_stand_in_for_authors() -> None:
    one = Work(title=LONG, editors=(Person("Roe"),), year=2001)
    assert rule(one, one) == "title_authors_year"
    assert rule(one, work(LONG, authors=("Roe",))) == "title_authors_year"


def test_bodies_are_authors_too() -> None:
    body = Work(title=LONG, authors=(Person(name="World Health Organization"),), year=2001)
    assert rule(body, body) == "title_authors_year"


def test_one_namesake_does_not_count_for_two() -> None:
    assert same_by_title(work(LONG, authors=("Li", "Li", "Li")), work(LONG, authors=("Roe", "Li", "Poe"))) == 0.0


def test_the_same_year_is_surer_than_the_next() -> None:
    assert same_by_title(work(LONG), work(LONG)) > same_by_title(work(LONG), work(LONG, year=2002)) > 0.9


def test_the_surest_rule_wins_and_keeps_the_place_of_the_twin() -> None:
    candidates = [
        (Twin("downloaded_references", 1, "title"), work(LONG)),
        (Twin("to_download_references", 2, "arxiv"), work(LONG, arxiv="1706.03762", year=2002)),
        (Twin("failed_downloads", 3, "title"), work("Something Else")),
    ]
    found = find_twin(work(LONG, arxiv="1706.03762"), candidates)
    assert found == Twin("to_download_references", 2, "arxiv", 1.0)


def test_between_equals_the_doi_decides_and_not_the_order() -> None:
    first = (Twin("downloaded_references", 1, "title"), work(LONG, doi="10.1000/b"))
    second = (Twin("downloaded_references", 2, "title"), work(LONG, doi="10.1000/a"))
    third = (Twin("downloaded_references", 3, "title"), work(LONG))
    for candidates in ([first, second, third], [third, second, first]):
        found = find_twin(work(LONG), candidates)
        assert found is not None
        assert found.id == 2


def test_without_candidates_there_is_no_twin() -> None:
    assert find_twin(work(LONG), []) is None


PLACE: dict[str, Any] = {"volume": "12", "pages": "101-119", "year": 2001}


@pytest.mark.parametrize(
    ("title", "more", "one"),
    [
        ("On the Carefull Testing of Progams", PLACE, True),
        ("On the Carefull Testing of Progams", PLACE | {"pages": "120-131"}, False),
        ("On the Carefull Testing of Progams", PLACE | {"volume": None}, False),
        ("On the Carefull Testing of Progams", PLACE | {"year": 2002}, False),
        ("On the Careful Testing of Programs, 2", PLACE, False),
        ("On the Careless Writing of Manuals", PLACE, False),
    ],
)
def test_a_misprinted_title_needs_the_same_page_of_the_same_volume(title: str, more: dict[str, Any], one: bool) -> None:
    assert rule(work(LONG, **PLACE), work(title, **more)) == ("title_authors_year" if one else None)
