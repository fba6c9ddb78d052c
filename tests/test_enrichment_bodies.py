"""A group's article is printed under its writers, a writer's under the group; bodies and people have many names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.model import Decision, Person, Work
from test_enrichment_kinds import evidence

TITLE = "Fish consumption and mood in coastal villages, 1980-2016: a systematic analysis"
BY_A_GROUP = Work(
    title=TITLE,
    authors=(Person(name="FCS 2016 Coastal Diet Collaborators"),),
    year=2017,
    container="The Lancet",
    volume="390",
    issue="10100",
    pages="1151-1210",
    type="journal-article",
    doi="10.5555/group",
)
BY_PEOPLE = replace(BY_A_GROUP, authors=(Person("Farrow", "Mina"), Person("Lund", "Ada")))
PLACE = "Lancet. 2017;390:1151-210."


@pytest.mark.parametrize(
    "who",
    ["Naghavi M, Abajobir AA, Abbafati C, et al.", "World Health Organization.", "Anonymous.", "EFSA."],
)
def test_a_group_s_article_may_be_cited_under_its_writers_or_another_body(who: str) -> None:
    assert evidence(f"{who} {TITLE}. {PLACE}", BY_A_GROUP).decision is Decision.ACCEPTED


@pytest.mark.parametrize("who", ["Coastal Diet Collaborating Group.", "WHO Expert Consultation.", "Anonymous."])
def test_an_article_by_people_may_be_cited_under_their_group_or_nobody(who: str) -> None:
    assert evidence(f"{who} {TITLE}. {PLACE}", BY_PEOPLE).decision is Decision.ACCEPTED


@pytest.mark.parametrize(
    ("place", "year"),
    [("Lancet. 2017;390:1211-59.", 2017), ("Lancet. 2017;391:1151-210.", 2017), ("BMJ. 2017;390:1151-210.", 2017),
     ("Lancet. 2018;390:1151-210.", 2018), ("2017.", 2017)],
)  # fmt: skip
def test_another_place_or_year_of_a_group_s_article_is_another_work(place: str, year: int) -> None:
    found = evidence(f"Naghavi M, Abajobir AA. {TITLE}. {place}", BY_A_GROUP)
    assert "authors" in found.vetoes and found.decision is not Decision.ACCEPTED


def test_a_short_title_is_not_enough_for_other_authors() -> None:
    short = replace(BY_A_GROUP, title="Fish and coastal mood")
    assert "authors" in evidence(f"Naghavi M, Abajobir AA. Fish and coastal mood. {PLACE}", short).vetoes


def test_other_people_than_the_record_s_are_still_other_authors() -> None:
    assert "authors" in evidence(f"Naghavi M, Abajobir AA. {TITLE}. {PLACE}", BY_PEOPLE).vetoes


def test_a_printed_doi_stands_for_the_place_of_a_group_s_article() -> None:
    raw = f"Naghavi M, et al. (2017) {TITLE}. doi:10.5555/group"
    assert evidence(raw, BY_A_GROUP).decision is Decision.ACCEPTED


def test_a_container_may_be_printed_as_the_acronym_its_name_begins_with() -> None:
    weekly = replace(BY_A_GROUP, container="MMWR Morbidity and Mortality Weekly Report", volume="60", pages="1207-1212")
    weekly = replace(weekly, authors=BY_PEOPLE.authors)
    assert "container" in evidence(f"Farrow M, Lund A. {TITLE}. MMWR 2017;60:1207-12.", weekly).agreed
    assert "container" not in evidence(f"Farrow M, Lund A. {TITLE}. MMWR Recomm Rep 2017;60:1-12.", weekly).agreed


CHAPTER = Work(
    title="Market places as networked publics",
    authors=(Person("boyd", "Danah"),),
    year=2010,
    container="A woven self",
    pages="39-58",
    type="book-chapter",
)


@pytest.mark.parametrize("who", ["boyd, d. (2010).", "boyd, danah (2010).", "boyd, d. m. (2010).", "boyd d. (2010)."])
def test_names_in_small_letters_are_names(who: str) -> None:
    raw = f"{who} Market places as networked publics. In Z. Roe (Ed.), A woven self (pp. 39–58). Hill Press."
    assert evidence(raw, CHAPTER).decision is Decision.ACCEPTED


@pytest.mark.parametrize("who", ["see, e.g., Marwick, A. (2010).", "lund, d. (2010)."])
def test_words_and_other_names_in_small_letters_are_not_the_author(who: str) -> None:
    see = replace(CHAPTER, authors=(Person("see", "Ernest"),)) if who.startswith("see") else CHAPTER
    raw = f"{who} Market places as networked publics. In Z. Roe (Ed.), A woven self. Hill Press."
    assert "first_author" not in evidence(raw, see).agreed


def test_the_second_surname_may_be_left_out_with_the_right_initial() -> None:
    book = Work(title="La rebelión de los pastores", authors=(Person("Ortega y Sanz", "José"),), year=1930, type="book")
    assert (
        evidence("Ortega, J. (1930). La rebelión de los pastores. Madrid: Austral.", book).decision is Decision.ACCEPTED
    )
    other = evidence("Ortega, M. (1930). La rebelión de los pastores. Madrid: Austral.", book)
    assert other.decision is not Decision.ACCEPTED
