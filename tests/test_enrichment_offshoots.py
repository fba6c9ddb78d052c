"""Summaries, follow-ups, readers and lives that bear the title of another work: each is matched with its own alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.model import Decision, Work
from test_enrichment_kinds import ARTICLE, BOOK, BOOK_RAW, RAW, outcome

TITLE = ARTICLE.title or ""
NOTES = [
    " (letter)", " [letter]", ": letter to the editor", ": executive summary", ". Summary", ": a summary",
    " (abstract)", ". Kurzfassung", ": résumé", ": resumen ejecutivo", ": Leserbrief", ": sintesi",
]  # fmt: skip
REPORTS = [
    ": five-year follow-up", " - a 10-year follow-up study", ": follow-up results", ": long-term results",
    ": study protocol", ": 5-Jahres-Ergebnisse", ": interim analysis", ": protocol for a randomised trial",
]  # fmt: skip
BOOKS = [
    ": case studies", ": an anthology", ": A Reader", ": a critical reader", ": a sourcebook", ": teacher's guide",
    ": eine Anthologie", ": ein Lesebuch", ": antología", ": guía del profesor", ": études de cas",
    ": selected readings", ": technical appendix", ": annotated bibliography", ": a graphic novel", ": Materialien",
    ": Eine Biographie", ": The life of Ada Lovelace", ": a life and times of her", ": vita di una tessitrice",
]  # fmt: skip
PLACES = [
    "Journal of Polar Observation, 28.",
    "Journal of Polar Observation, 28(2), 140–155.",
    "Journal of Polar Observation.",
    "",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("told", [*NOTES, *REPORTS])
def test_what_is_printed_behind_the_title_of_an_article_makes_it_another(told: str, place: str) -> None:
    raw = f"Aldana, M., & Oyelaran, T. (2011). {TITLE}{told}. {place}"
    assert outcome(raw, ARTICLE).decision is not Decision.ACCEPTED


@pytest.mark.parametrize("told", [*NOTES, *REPORTS])
def test_an_article_that_is_registered_so_is_itself_and_not_the_other(told: str) -> None:
    own = replace(ARTICLE, title=f"{TITLE}{told}", pages="140-155", doi="10.5555/own")
    raw = RAW.replace(TITLE, own.title or "").replace("115–131", "140–155")
    assert outcome(raw, own).work == own
    for short in (RAW, f"Aldana, M., & Oyelaran, T. (2011). {TITLE}. Journal of Polar Observation, 28."):
        assert outcome(short, own).decision is not Decision.ACCEPTED


@pytest.mark.parametrize("told", [" (letter)", " [letter]", " (abstract)", ": five-year follow-up", ". Summary"])
def test_on_its_page_an_article_is_itself_whatever_it_is_said_to_be(told: str) -> None:
    assert outcome(RAW.replace(TITLE, f"{TITLE}{told}"), ARTICLE).work == ARTICLE
    registered = replace(ARTICLE, title=f"{TITLE}{told}")
    assert outcome(RAW, registered).work == registered


def test_a_follow_up_is_itself_though_misprinted() -> None:
    own = replace(ARTICLE, title=f"{TITLE}: three-year follow-up", pages="140-155")
    assert outcome(f"Aldana M, Oyelaran T. {TITLE}: three-pear follow-up. J Polar Obs 2011;28.", own).work == own


@pytest.mark.parametrize("told", [*BOOKS, ": executive summary", ". Summary", " (abstract)", ": five-year follow-up"])
@pytest.mark.parametrize("kind", ["book", "report", None])
def test_what_is_printed_behind_the_title_of_a_book_makes_it_another(told: str, kind: str | None) -> None:
    own = replace(BOOK, title=f"{BOOK.title}{told}", type=kind, doi="10.5555/own")
    raw = BOOK_RAW.replace(BOOK.title or "", own.title or "")
    assert outcome(raw, own).work == own
    assert outcome(raw, replace(BOOK, type=kind)).decision is not Decision.ACCEPTED
    assert outcome(BOOK_RAW, replace(BOOK, type=kind)).work == replace(BOOK, type=kind)


@pytest.mark.parametrize("told", [": five-year follow-up", ": an anthology", ": a summary", ": a biography"])
def test_a_subtitle_that_the_record_keeps_apart_is_its_own(told: str) -> None:
    own = replace(BOOK, subtitle=told.strip(": "))
    assert outcome(BOOK_RAW.replace(BOOK.title or "", f"{BOOK.title}{told}"), own).work == own


@pytest.mark.parametrize(
    "told",
    [
        ": a history of their houses", ": letters from the coast", ": lives and deaths in the mills", ": a readership",
        ": protocols of a dispute", ". Biographical Studies 3",
    ],
)  # fmt: skip
def test_other_subtitles_may_be_missing_in_a_record(told: str) -> None:
    assert outcome(BOOK_RAW.replace(BOOK.title or "", f"{BOOK.title}{told}"), BOOK).work == BOOK


@pytest.mark.parametrize("container", ["Biography", "Protocol", "Letters in Polar Observation", "Synthese"])
def test_a_journal_that_is_named_so_is_no_kind(container: str) -> None:
    own: Work = replace(ARTICLE, container=container)
    for raw in (
        f"Aldana, M., & Oyelaran, T. (2011). {TITLE}. {container}, 28(2), 115–131.",
        f"M. Aldana, T. Oyelaran, {TITLE}, {container} 28 (2011).",
    ):
        assert outcome(raw, own).work == own
