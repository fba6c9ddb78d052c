"""Volumes and pages that are nearly those of a work, or those of the work that is told of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.model import Decision
from test_enrichment_kinds import ARTICLE, outcome

TITLE = ARTICLE.title or ""
WHO = "Aldana, M., & Oyelaran, T."
OWN = "Journal of Polar Observation"


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("place", ["28, 116", "28, 151–131", "28, 1155", "28, 115.1–131", "28(2), 140–155"])
def test_a_page_that_is_nearly_right_or_in_the_right_issue_is_forgiven(place: str) -> None:
    assert outcome(f"{WHO} (2011). {TITLE}. {OWN}, {place}.", ARTICLE).work == ARTICLE


@pytest.mark.parametrize(
    "printed", [f"{TITLE}: temporal trends. {OWN}, 28(2), 140–155", f"{TITLE}. {OWN}, 28, 1250–1261"]
)
def test_another_page_of_the_volume_is_another_article(printed: str) -> None:
    assert outcome(f"{WHO} (2011). {printed}.", ARTICLE).decision is not Decision.ACCEPTED


@pytest.mark.parametrize("place", ["31, 1–20", "31(4), 409–440"])
def test_where_each_article_begins_on_page_1_another_volume_is_another_article(place: str) -> None:
    first = replace(ARTICLE, pages="1-34")
    assert outcome(f"{WHO} (2011). {TITLE}. {OWN}, {place}.", first).decision is not Decision.ACCEPTED
    assert outcome(f"{WHO} (2011). {TITLE}. {OWN}, 28, 115–131.", first).work == first


# ── places in brackets ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "place",
    [
        "[J. Polar Obs. 28, 115 (2011)] (Erratum). J. Polar Obs. 2012, 29, 1396.",
        "(vol 28, 115, 2011). J Polar Obs. 2012;29:109901.",
        "[J. Polar Obs. 28, 115–131 (2011)]. J. Polar Obs. 29, 1396 (2012).",
    ],
)
def test_a_place_in_brackets_before_another_is_that_of_the_work_told_of(place: str) -> None:
    assert outcome(f"{WHO} {TITLE} {place}", ARTICLE).decision is not Decision.ACCEPTED


@pytest.mark.parametrize(
    "place",
    [
        "J. Polar Obs. 28, 115 (2011) [Russ. J. Ice 12, 44 (2012)].", "J. Polar Obs. (2011) 28(2), 115–131.",
        "Zh. Led. 12, 44 (2011) [J. Polar Obs. 28, 115 (2011)].",
    ],
)  # fmt: skip
def test_a_place_in_brackets_behind_it_is_a_translation_of_the_same_work(place: str) -> None:
    assert outcome(f"{WHO} {TITLE}. {place}", ARTICLE).work == ARTICLE


# ── volumes ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("place", ["First Hill Monthly, 28(3).", "Naturen, vol. 28.", "NOLU OR 28/2005."])
def test_an_equal_volume_does_not_make_another_journal_the_records(place: str) -> None:
    assert outcome(f"{WHO} (2011). {TITLE}. {place}", ARTICLE).decision is not Decision.ACCEPTED
