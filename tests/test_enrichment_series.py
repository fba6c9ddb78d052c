"""Books that name the series they came out in, as French, German, Spanish and Italian styles do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.enrichment import series
from dl_lit.model import Decision, Person, Reference, Work
from test_enrichment_kinds import evidence

BOOK = Work(
    title="Tisser et punir",
    subtitle="naissance de la manufacture",
    authors=(Person("Castellane", "Odile"),),
    year=1975,
    publisher="Gallimard",
    type="book",
    doi="10.5555/tisser",
)


@pytest.mark.parametrize(
    "behind",
    [
        "Paris, Gallimard, coll. « Bibliothèque des histoires », 1975.",
        "Paris, Gallimard, coll. Bibliothèque des histoires, 1975.",
        "Paris, Gallimard, collection « Bibliothèque des histoires », 1975.",
        "Paris, Gallimard (« L'évolution de l'humanité », 34), 1975.",
        "Paris, Gallimard, coll. « stw », 1975.",
        "Paris: Gallimard, 1975 (stw 666).",
        "Paris: Gallimard, 1975. (Reihe Geschichte der arbeitenden Klassen, Bd. 12)",
        "Torino: Einaudi, collana «Biblioteca di cultura storica», 1975.",
        "Madrid: Gallimard, colección Historia moderna y contemporánea, 1975.",
    ],
)
def test_a_book_may_name_its_series(behind: str) -> None:
    assert evidence(f"Odile Castellane, Tisser et punir, {behind}", BOOK).decision is Decision.ACCEPTED


def test_a_chapter_is_not_the_book_of_its_title_though_its_book_names_a_series() -> None:
    raw = (
        "Odile Castellane, « Tisser et punir », in Jean Morel (dir.), Les métiers du tissage, Paris, Gallimard, "
        "coll. « Bibliothèque des histoires », 1975, p. 112-140."
    )
    assert evidence(raw, BOOK).decision is not Decision.ACCEPTED


def test_quotation_marks_in_brackets_are_a_series_only_behind_a_publisher() -> None:
    raw = "Odile Castellane, Tisser et punir (« L'évolution de l'humanité », 34), 1975, p. 12-40."
    assert series.find(Reference(raw=raw), raw) == []
    assert series.find(Reference(raw=raw, publisher="Tisser et punir"), raw) != []


def test_a_series_does_not_explain_what_stands_beside_it() -> None:
    raw = "Odile Castellane, Tisser et punir, Paris, Gallimard, coll. « Pluriel », 1975, enregistrement sonore."
    found = evidence(raw, BOOK)
    assert found.decision is not Decision.ACCEPTED


@pytest.mark.parametrize("told", ["(dvd 2)", "(mss 12)", "(film)"])
def test_a_medium_in_brackets_is_no_series(told: str) -> None:
    found = evidence(f"Odile Castellane, Tisser et punir. Paris: Gallimard, 1975 {told}.", BOOK)
    assert found.decision is not Decision.ACCEPTED


def test_a_chapter_registered_in_a_series_keeps_its_container() -> None:
    chapter = replace(BOOK, type="book-chapter", container="Bibliothèque des histoires", pages="112-140")
    raw = "Odile Castellane, « Tisser et punir », Paris, Gallimard, coll. « Bibliothèque des histoires », 1975, p. 112."
    assert "container" in evidence(raw, chapter).agreed
