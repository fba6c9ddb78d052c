"""Prints that lost a letter, a line or a digit: they are matched where all else is right, and not where it is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.identity.numbers import in_figures
from dl_lit.model import Decision, Person
from test_enrichment_kinds import ARTICLE, evidence, outcome

TITLE = ARTICLE.title or ""
CITED = f"{{}}, M. (2011). {TITLE}. Journal of Polar Observation, 28(2), 115–131."

# ── names ────────────────────────────────────────────────────────────────────────────────────────────────

ONE_LETTER = [
    ("Kem", "Kern"), ("Ker", "Kern"), ("Kern", "Kem"), ("Bums", "Burns"), ("Cark", "Clark"), ("Dvis", "Davis"),
    ("Liu", "Lin"), ("Rothe", "Roth"), ("Xoss", "Foss"), ("Hlil", "Hill"),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "name"), ONE_LETTER)
def test_one_wrong_letter_of_a_name_is_forgiven_where_all_else_is_right(printed: str, name: str) -> None:
    own = replace(ARTICLE, authors=(Person(name, "Marta"),))
    assert outcome(CITED.format(printed), own).work == own
    assert outcome(f"M. {printed}, J. Polar Obs. 28 (2011) 115.", own).work == own


@pytest.mark.parametrize(("printed", "name"), ONE_LETTER[:3])
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("115–131", "140–155"),
        ("28(2)", "31(2)"),
        ("(2011)", "(2010)"),
        ("Polar Observation", "Beekeeping"),
        ("M.", "K."),
    ],
)
def test_one_wrong_letter_of_a_name_is_not_forgiven_where_more_is_wrong(
    printed: str, name: str, right: str, wrong: str
) -> None:
    own = replace(ARTICLE, authors=(Person(name, "Marta"),))
    assert outcome(CITED.format(printed).replace(right, wrong), own).decision is not Decision.ACCEPTED


@pytest.mark.parametrize(("printed", "name"), [("Kurz", "Kern"), ("Mailer", "Müller"), ("Li", "Lu"), ("Wei", "Weiss")])
def test_another_name_is_not_forgiven_though_all_else_is_right(printed: str, name: str) -> None:
    own = replace(ARTICLE, authors=(Person(name, "Marta"),))
    assert "authors" in evidence(CITED.format(printed), own).vetoes


# ── volumes in Roman numerals ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("printed", "registered"),
    [
        ("XL", "40"), ("40", "XL"), ("LXIV", "64"), ("IV", "4"), ("CXII", "112"), ("T. XL", "40"), ("xl,", "40"),
        ("vol. X", "10"),
    ],
)  # fmt: skip
def test_a_volume_in_roman_numerals_is_the_volume(printed: str, registered: str) -> None:
    own = replace(ARTICLE, volume=registered)
    agreed = evidence(f"Aldana, M. (2011). {TITLE}. Journal of Polar Observation, {printed}, 115–131.", own).agreed
    assert "volume" in agreed
    if printed != "vol. X" and printed != "xl,":
        assert outcome(f"M. Aldana, T. Oyelaran, J. Polar Obs. {printed} (2011) 115.", own).work == own


@pytest.mark.parametrize("printed", ["XLI", "LX", "IV"])
def test_another_volume_in_roman_numerals_is_another_volume(printed: str) -> None:
    own = replace(ARTICLE, volume="40", pages="900-905")
    raw = f"Aldana, M. (2011). {TITLE}. Journal of Polar Observation, {printed}, 115–131."
    assert "volume" in evidence(raw, own).disagreed
    assert outcome(f"M. Aldana, T. Oyelaran, J. Polar Obs. {printed} (2011) 115.", own).work is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("XL", "40"), ("mcmxc", "1990"), ("IX.", "9"), ("V", "5"), ("D", "D"), ("C", "C"), ("IIX", "IIX"),
        ("40", "40"), ("", ""),
    ],
)  # fmt: skip
def test_roman_numerals_are_read_as_figures(text: str, number: str) -> None:
    assert in_figures(text) == number
    assert in_figures(None) is None


# ── titles cut by extraction ─────────────────────────────────────────────────────────────────────────────

CUT = [
    "coastal ice in the Bay of Ternholm", "ice in the Bay of Ternholm", "Seasonal drift of coastal ice",
    "Seasonal drift of coastal ice in the", "of coastal ice in the Bay",
]  # fmt: skip


@pytest.mark.parametrize("title", CUT)
def test_a_cut_title_is_enough_with_author_volume_and_page(title: str) -> None:
    for raw in (
        f"Aldana, M., & Oyelaran, T. (2011). {title}. Journal of Polar Observation, 28(2), 115–131.",
        f"Aldana M, Oyelaran T. {title}. J Polar Obs 2011;28:115-31",
        f"Aldana M, Oyelaran T. {title}. 2011;28:115-31",
    ):
        assert outcome(raw, ARTICLE).work == ARTICLE


@pytest.mark.parametrize("title", CUT)
@pytest.mark.parametrize("changed", [{"volume": "29"}, {"pages": "140-155"}, {"year": 2005}])
def test_a_cut_title_is_not_enough_where_a_number_is_another(title: str, changed: dict[str, object]) -> None:
    raw = f"Aldana, M., & Oyelaran, T. (2011). {title}. Journal of Polar Observation, 28(2), 115–131."
    assert outcome(raw, replace(ARTICLE, **changed)).decision is not Decision.ACCEPTED  # type: ignore[arg-type]


def test_the_article_of_a_longer_title_is_another_one_on_another_page() -> None:
    longer = replace(ARTICLE, title=f"Currents and {TITLE[:1].lower()}{TITLE[1:]} in winter", pages="140-155")
    raw = f"Aldana, M., & Oyelaran, T. (2011). {TITLE}. Journal of Polar Observation, 28(2), 115–131."
    assert outcome(raw, longer).decision is not Decision.ACCEPTED


@pytest.mark.parametrize("title", ["Botanical notes from the north", "ice", "Seasonal drift of inland ice sheets"])
def test_another_title_is_not_a_cut_one(title: str) -> None:
    raw = f"Aldana, M., & Oyelaran, T. (2011). {title}. Journal of Polar Observation, 28(2), 115–131."
    assert "title_part" not in evidence(raw, ARTICLE).agreed


# ── main titles with container, year and issue ───────────────────────────────────────────────────────────

LONG = replace(ARTICLE, title=f"{TITLE}: evidence from forty winters")


@pytest.mark.parametrize(
    "place",
    [
        "Journal of Polar Observation ({i}), {y}.",
        "in: Journal of Polar Observation, Heft {i}/{y}.",
        "J Polar Obs {y}, no. {i}.",
    ],
)
def test_a_main_title_is_enough_with_container_year_and_issue(place: str) -> None:
    for own in (LONG, replace(LONG, volume=None), replace(ARTICLE, subtitle="evidence from forty winters")):
        assert outcome(f"{TITLE}. {place.format(i=2, y=2011)}", own).work == own
        for issue, year in ((2, 2010), (7, 2011)):
            raw = f"{TITLE}. {place.format(i=issue, y=year)}"
            assert outcome(raw, own).decision is not Decision.ACCEPTED


# ── one page and one year off ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("year", "page"), [(2010, 116), (2012, 114), (2011, 114), (2010, 115)])
def test_one_page_and_one_year_off_are_forgiven_in_the_volume(year: int, page: int) -> None:
    raw = f"Aldana, M., & Oyelaran, T. ({year}). {TITLE}. Journal of Polar Observation, {{}}, {page}–131."
    assert outcome(raw.format("28(2)"), ARTICLE).work == ARTICLE
    if (year, page) != (2011, 114):
        assert outcome(raw.format("29(2)").replace(f"{page}–", "140–"), ARTICLE).decision is not Decision.ACCEPTED


def test_one_page_off_is_not_forgiven_in_another_volume_or_further_away() -> None:
    raw = f"Aldana, M., & Oyelaran, T. (2010). {TITLE}. Journal of Polar Observation, {{}}."
    for place in ("27(2), 116–131", "28(2), 118–131", "28(3), 116–131"):
        assert outcome(raw.format(place), ARTICLE).decision is not Decision.ACCEPTED
