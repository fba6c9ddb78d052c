"""Editions as they are printed in many languages, each held against the record of another edition and its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.identity import editions
from test_enrichment_kinds import BOOK, CHAPTER, is_accepted

SECOND = (
    "2d ed.", "2nd rev. and enl. ed.", "2nd, revised and enlarged edition", "2nd edn", "2/e", "Edition 2",
    "Second edition", "2., neu bearb. Aufl.", "2., überarbeitete und erweiterte Auflage", "Zweite Auflage",
    "wyd. 2", "wyd. II", "Wyd. 2 popr.", "wydanie drugie", "Изд. 2-е", "2-е изд., перераб. и доп.",
    "Изд. 2-е, испр. и доп.", "изд. второе", "второе издание", "2-ге вид.", "2. vyd.", "2., přeprac. vyd.",
    "druhé vydání", "2. vydanie", "2. izd.", "2. prošireno izd.", "2e druk", "tweede druk",
    "2e, herziene druk", "2e éd.", "2ème édition", "2e éd. revue et augmentée", "deuxième édition", "2.ª ed.",
    "2ª edición", "segunda edición", "2. ed. rev. e ampl.", "2ª edizione", "II ed.", "seconda edizione",
    "2 uppl.", "2:a uppl.", "andra upplagan", "2. opplag", "2. udg.", "2. utg.", "2. painos", "2. kiad.",
    "2., bőv. kiad.", "ediția a 2-a", "2. baskı", "ikinci baskı", "genişletilmiş 2. baskı", "第2版", "第二版",
    "제2판", "الطبعة الثانية", "ط. 2", "ط2", "چاپ دوم", "2η έκδ.", "β΄ έκδοση",
)  # fmt: skip
REVISED = (
    "Rev. ed.", "rev. and enl. ed.", "New ed.", "Updated edition", "Revised edition", "Expanded ed.",
    "Neuausg.", "Neuausgabe", "neu bearb. Aufl.", "überarb. Neuausg.", "Nouvelle édition", "nouv. éd.",
    "nueva edición", "ed. rev. e ampl.", "edição revista", "nova edição", "nuova edizione", "修订版", "増補版",
    "改訂版", "新版", "개정판",
)  # fmt: skip
FORMS = ("Castellane, O. ({}). {}. {}. Oldtown: Hill Press.", "Castellane, O.: {1}, {2}, Oldtown {0}.")


@pytest.mark.parametrize("said", [*SECOND, *REVISED])
def test_a_later_edition_is_not_the_first_but_itself(said: str) -> None:
    for form in FORMS:
        later = form.format(1995, BOOK.title, said)
        assert not is_accepted(later, BOOK)
        assert not is_accepted(later, replace(BOOK, year=1995, edition="1st ed."))
        assert is_accepted(later, replace(BOOK, year=1995))
        assert is_accepted(later, replace(BOOK, year=1995, edition=said))


@pytest.mark.parametrize("said", SECOND)
def test_the_number_of_an_edition_is_read_in_print_and_record(said: str) -> None:
    assert editions.edition(f"The weavers, {said}, Oldtown") == editions.registered(said) == 2
    for other in ("3", "3rd ed.", "Third edition", "3., erw. Aufl.", "第3版"):
        raw = FORMS[0].format(1994, BOOK.title, said)
        assert not is_accepted(raw, replace(BOOK, edition=other))


@pytest.mark.parametrize("said", REVISED)
def test_a_revised_edition_has_no_number(said: str) -> None:
    assert editions.edition(f"The weavers, {said}, Oldtown") == editions.registered(said) == editions.REVISED
    assert is_accepted(FORMS[0].format(1994, BOOK.title, said), replace(BOOK, edition="3rd ed."))


@pytest.mark.parametrize(
    "said",
    [
        "Reprint ed.",
        "Paperback ed.",
        "1st ed.",
        "1. Aufl.",
        "1-е изд.",
        "第1版",
        "wyd. 1",
        "American ed.",
        "Student ed.",
    ],
)
def test_first_editions_and_reprints_of_the_next_year_may_be_the_book(said: str) -> None:
    assert is_accepted(FORMS[0].format(1995, BOOK.title, said), BOOK)


@pytest.mark.parametrize(
    "said", ["vol. 2, ed. B. Norrland", "vol. 2 ed. by B. Norrland", "3 vols., ed. by B. Norrland"]
)
def test_volumes_before_editors_are_no_edition(said: str) -> None:
    assert editions.edition(f"The weavers, {said}. Oldtown") is None


@pytest.mark.parametrize(
    ("raw", "pages"),
    [
        (
            "Castellane, O. (1994). Dyes and markets. In B. Norrland (Ed.), The weavers of the lower valley (2nd ed., "
            "pp. 60–88). Oldtown: Hill Press.",
            "60-88",
        ),
        (
            "Castellane, O. (1995). Dyes and markets. In B. Norrland (Ed.), The weavers of the lower valley (2nd ed., "
            "pp. 33–58). Oldtown: Hill Press.",
            "33-58",
        ),
        (
            "Castellane, O.: Dyes and markets. In: B. Norrland (Hg.), The weavers of the lower valley, 2. Aufl., "
            "Oldtown 1995, S. 60–88.",
            "60-88",
        ),
    ],
)
def test_a_chapter_of_a_later_edition_is_not_that_of_the_first(raw: str, pages: str) -> None:
    year = 1995 if "1995" in raw else 1994
    assert not is_accepted(raw, CHAPTER)
    assert is_accepted(raw, replace(CHAPTER, year=year, pages=pages))
    assert is_accepted(raw, replace(CHAPTER, year=year, pages=pages, container=f"{CHAPTER.container} (2nd ed.)"))
