"""Works of one title in other places, or by namesakes, where no number tells them apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.model import Decision, Person
from test_enrichment_kinds import ARTICLE, BOOK, outcome

TITLE = ARTICLE.title or ""
SHORT = f"Aldana, M., & Oyelaran, T. (2011). {TITLE}. "


@pytest.mark.parametrize(
    "place",
    [
        "Fauna norvegica.", "Fauna norvegica, Serie B.", "In: Fauna norvegica.", "Annals of Botany.", "Nature.",
        "NINA Rapport 450.", "NINA Rapport 450: 1-30.", "NINA-rapport nr. 450.", "Rapport 12, Norsk institutt.",
        "Meddelelser om Grønland.", "Annals of Botany, in press.", "Informe 12.", "Fisken og havet 12.",
    ],
)  # fmt: skip
def test_another_journal_or_series_is_another_work_though_no_number_says_so(place: str) -> None:
    refused = outcome(SHORT + place, ARTICLE)
    assert refused.decision is not Decision.ACCEPTED


@pytest.mark.parametrize(
    "place",
    [
        "Journal of Polar Observation.", "J. Polar Obs.", "J Polar Observ", "In: Journal of Polar Observation.",
        "Jour. of Polar Observation, in press.", "Preprint.", "bioRxiv.",
        "Retrieved May 3, 2012, from https://example.org/ice", "[in Norwegian]. Google Scholar CrossRef",
        "Published online 14 April 2011.", "Open access full text.", "Im Druck.", "《极地观测》.", "JPO.",
        "Disponível em: https://x.org/y. Acesso em: 14 abr. 2014.", "",
    ],
)  # fmt: skip
def test_its_own_journal_and_notes_that_are_no_place_forbid_nothing(place: str) -> None:
    assert outcome(SHORT + place, ARTICLE).work == ARTICLE


def test_a_name_behind_the_title_forbids_nothing_where_the_page_is_right() -> None:
    raw = f"{SHORT}Izvestiya polyarnykh nablyudeniy, 28, 115–131."
    assert outcome(raw, ARTICLE).work == ARTICLE


@pytest.mark.parametrize(
    "place",
    [
        "(2011). {}. Journal of Polar Observation, 28(2), 140–155.", "(2011). {}. Journal of Polar Observation, 31.",
        "(2011). {}. Annals of Botany.", "(2010). {}.",
    ],
)  # fmt: skip
def test_a_namesake_is_told_by_the_initial_and_one_thing_more(place: str) -> None:
    own = replace(ARTICLE, authors=(Person("Smith", "John"),))
    told = place.format(TITLE)
    assert outcome(f"Smith, P. {told}", own).decision is not Decision.ACCEPTED
    if "140" in place or "2010" in place:
        assert outcome(f"Smith, J. {told}", own).work == own


@pytest.mark.parametrize(
    "place", ["Journal of Polar Observation, 28(2), 115–131.", "Journal of Polar Observation.", ""]
)
def test_an_initial_alone_may_be_wrong(place: str) -> None:
    own = replace(ARTICLE, authors=(Person("Smith", "John"),))
    assert outcome(f"Smith, P. (2011). {TITLE}. {place}", own).work == own


def test_a_book_of_a_namesake_a_year_off_needs_a_look() -> None:
    own = replace(BOOK, authors=(Person("Smith", "John"),))
    raw = f"Smith, {{}}. ({{}}). {BOOK.title}. Oldtown: Hill Press."
    assert outcome(raw.format("P", 1993), own).decision is Decision.REVIEW
    assert outcome(raw.format("P", 1994), own).work == own
    assert outcome(raw.format("J", 1993), own).work == own
