"""Words as near as misprints: another word makes another work, a misprint or a lost blank does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.model import Decision, Work
from test_enrichment_kinds import ARTICLE, BOOK, outcome

TWO_WORDS = [
    ("upland", "lowland"), ("inland", "upland"), ("northern", "southern"), ("prewar", "postwar"),
    ("pre-war", "post-war"),
    ("prenatal", "postnatal"), ("inpatient", "outpatient"), ("in-patient", "out-patient"), ("male", "female"),
    ("inflammatory", "antiinflammatory"), ("inflammatory", "anti-inflammatory"), ("hypotension", "hypertension"),
    ("microeconomic", "macroeconomic"), ("intracellular", "intercellular"), ("intracellular", "extracellular"),
    ("monolingual", "bilingual"), ("unilateral", "bilateral"), ("underweight", "overweight"), ("legal", "illegal"),
    ("employment", "unemployment"), ("direct", "indirect"), ("formal", "informal"), ("typical", "atypical"),
    ("construction", "reconstruction"), ("imports", "exports"), ("internal", "external"), ("maternal", "paternal"),
    ("afferent", "efferent"), ("1980s", "1990s"),
    ("nordwestdeutsche", "nordostdeutsche"), ("oberschlesische", "niederschlesische"), ("heart", "health"),
]  # fmt: skip
TWO_FORMS = [
    ("Sprache", "Sprachen"), ("weaver", "weavers"), ("Jahrhundert", "Jahrhunderts"), ("bats", "cats"), ("tea", "sea"),
]  # fmt: skip
ONE_WORD = [
    ("lowland", "low land"), ("atypical", "a typical"), ("behaviour", "behavior"), ("catalogue", "catalog"),
    ("judgement", "judgment"), ("fetal", "foetal"), ("analyse", "analyze"), ("northern", "northem"),
    ("prenatal", "prcnatal"), ("observers", "obsevers"), ("theatre", "theater"), ("children's", "childrens"),
    ("modern", "modem"), ("hills", "hilis"), ("encyclopaedic", "encyclopedic"), ("weavers", "weaver- s"),
]  # fmt: skip


def _title(word: str) -> str:
    return f"Observations on {word} groups of the Ternholm coast"


def _of_article(word: str, place: str) -> str:
    return f"Aldana, M., & Oyelaran, T. (2011). {_title(word)}. {place}"


def _of_book(word: str) -> str:
    return f"Castellane, O. (1994). {_title(word)}. Oldtown: Hill Press."


def _both(words: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for one, two in words for pair in ((one, two), (two, one))]


@pytest.mark.parametrize(("one", "two"), _both(TWO_WORDS))
def test_another_word_makes_another_work(one: str, two: str) -> None:
    article, book = replace(ARTICLE, title=_title(two)), replace(BOOK, title=_title(two))
    assert outcome(_of_book(one), book).decision is not Decision.ACCEPTED
    assert outcome(_of_book(two), book).work == book
    for place in ("", "Journal of Polar Observation, 28.", "Journal of Polar Observation, 28(2), 140–155."):
        assert outcome(_of_article(one, place), article).decision is not Decision.ACCEPTED


@pytest.mark.parametrize(("one", "two"), _both([*TWO_WORDS, *TWO_FORMS, *ONE_WORD]))
def test_in_its_place_a_work_is_itself_though_a_word_is_another(one: str, two: str) -> None:
    article: Work = replace(ARTICLE, title=_title(two))
    assert outcome(_of_article(one, "Journal of Polar Observation, 28(2), 115–131."), article).work == article


@pytest.mark.parametrize(("one", "two"), _both(TWO_FORMS))
def test_another_form_of_a_word_and_a_rhyme_need_a_place(one: str, two: str) -> None:
    article, book = replace(ARTICLE, title=_title(two)), replace(BOOK, title=_title(two))
    assert outcome(_of_book(one), book).decision is Decision.REVIEW
    assert outcome(_of_article(one, ""), article).decision is Decision.REVIEW
    assert outcome(_of_article(one, "Journal of Polar Observation, 28(2), 140–155."), article).work is None
    assert outcome(_of_article(one, "Journal of Polar Observation, 28."), article).work == article


@pytest.mark.parametrize(("one", "two"), _both(ONE_WORD))
def test_misprints_spellings_and_blanks_make_no_other_work(one: str, two: str) -> None:
    article, book = replace(ARTICLE, title=_title(two)), replace(BOOK, title=_title(two))
    assert outcome(_of_book(one), book).work == book
    assert outcome(_of_article(one, ""), article).work == article
