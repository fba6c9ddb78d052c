"""Words beside a work that nothing in its record accounts for: in doubt, the match is left to a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.model import Decision, Person
from test_enrichment_kinds import ARTICLE, BOOK, outcome

WHO = "Castellane, O. (1994). The weavers of the lower valley"
TITLE = ARTICLE.title or ""
SAID = f"Aldana, M., & Oyelaran, T. (2011). {TITLE}."


@pytest.mark.parametrize(
    "beside",
    [
        "Oldtown, lõputöö.", "[podkast]", "Film skript.", "(vokietiškai skaityta paskaita)",
        "Oldtown, typescript.", "(screenplay)", "Oldtown, sermon.", "(sheet music)",
    ],
)  # fmt: skip
def test_a_book_printed_with_words_of_another_kind_is_left_to_a_person(beside: str) -> None:
    verdict = outcome(f"{WHO}. {beside}", BOOK)
    assert verdict.decision is Decision.REVIEW
    assert verdict.evidence[0].disagreed[-1].startswith("unexplained: ")


@pytest.mark.parametrize(
    "beside",
    [
        "Oldtown: Hill Press.", "Bergstadt, Verlag am Hügel, 2., überarb. und erw. Aufl.", "Oldtown: HP, 412 pages.",
        "Edited and translated by H. Wood, with an introduction and notes.", "Oldtown: Hill Press, in press.",
        "Oldtown: Edizioni dell'Orso.", "Old- town: Hill Press.", "[The weavers of the other valley].",
        "[the weavers of the other valley].", "Available from: https://hill.example/books/the-weavers-of-it read.",
        "Consultado el 3 de marzo de 2019.", "Oldtown: Hill Press, xii, 412 pp., 30 figs.", "hill.example.com/list",
        "Oldtown (zuerst).", "Oldtown, esp. chs. 3 and 4.", "Oldtown, see p. 12.", "Oldtown: Hill Press; paperback ed.",
        "Edizione critica dell'Istituto Hill.",
        "Technical report.", "Oldtown 1994, zuletzt gesehen am 3. Mai 2019.", "Orig. Die Weber im unteren Tal.",
    ],
)  # fmt: skip
def test_what_references_say_beside_a_book_leaves_no_doubt(beside: str) -> None:
    assert outcome(f"{WHO}. {beside}", BOOK).work == BOOK


@pytest.mark.parametrize(
    "elsewhere",
    [
        "Oldtown Morning Post, 14 April.",
        "Kunsthalle Oldtown, Ausstellung.",
        "Hill Monthly.",
        "In: Ice and Men. Oldtown.",
    ],
)
def test_an_article_is_doubtful_where_something_else_than_its_journal_is_named(elsewhere: str) -> None:
    assert outcome(f"{SAID} {elsewhere}", ARTICLE).decision is not Decision.ACCEPTED


@pytest.mark.parametrize(
    "place",
    [
        "J. Polar Obs.", "Journal of Polar Observation, 28(2).", "28: 115.", "", "Retrieved 14 April 2014 from https://x.example/a",
        "arXiv preprint.", "Accepted, to appear.",
    ],
)  # fmt: skip
def test_an_article_is_taken_in_its_journal_and_where_nothing_else_is_named(place: str) -> None:
    assert outcome(f"{SAID} {place}", ARTICLE).work == ARTICLE


def test_a_printed_doi_explains_whatever_stands_beside() -> None:
    raw = f"{WHO}. Oldtown, typescript. https://doi.org/10.5555/weavers"
    assert outcome(raw, replace(BOOK, doi="10.5555/weavers")).decision is Decision.ACCEPTED


def test_a_misprint_in_the_publisher_is_no_other_word() -> None:
    own = replace(BOOK, publisher="University press of Oldtown and district")
    assert outcome(f"{WHO}. Univ. press of Oldtown and distriet.", own).work == own


def test_the_medium_that_every_russian_print_names_is_explained() -> None:
    book = replace(BOOK, title="Ткачи нижней долины", authors=(Person("Иванов", "Пётр"),), year=2005)
    said = "Иванов П.С. Ткачи нижней долины / П.С. Иванов. – Москва : Юрайт, 2005. – 512 с. – Текст : "
    assert outcome(f"{said}непосредственный.", book).decision is Decision.ACCEPTED
    assert outcome(f"{said}непосредственный, аудиозапись.", book).decision is not Decision.ACCEPTED
