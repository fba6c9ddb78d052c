"""Titles and printed strings compare by their words, in any script, and by the numbers that tell parts apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_lit.identity import raw, titles
from dl_lit.identity.folding import fold, is_word_character


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Über die Größe", "Ueber die Groesse"),
        ("DEEP LEARNING", "Deep learning."),
        ("β-catenin signalling", "Beta-catenin signalling"),
        ("The structure of H<sub>2</sub>O", "The structure of H2O"),
        ("On <i>Drosophila</i> wings", "On Drosophila wings"),
        ("Q &amp;amp; A", "Q & A"),
        ("<mml:math><mml:mi>x</mml:mi></mml:math> rays", "x rays"),
        ("The $\\alpha$ particle", "The alpha particle"),
        ("Café society: a study", "Cafe Society — A Study"),
        ("ﬁeld theory", "field theory"),
    ],
)
def test_spellings_of_one_title_have_one_key(a: str, b: str) -> None:
    assert titles.key(a) == titles.key(b)
    assert titles.similarity(a, b) == 1.0


@pytest.mark.parametrize("title", ["前言", "Война и мир", "가을", "ההיסטוריה", "تاريخ", "ประวัติศาสตร์", "हिन्दी", "Λόγος"])
def test_a_title_of_another_script_never_becomes_empty(title: str) -> None:
    assert titles.key(title)
    assert titles.similarity(title, title) == 1.0


def test_a_title_within_a_longer_one_is_not_like_it() -> None:
    assert titles.similarity("Capital", "Capital in the Twenty-First Century") < 0.5


def test_a_transliterated_title_is_like_the_original() -> None:
    assert titles.similarity("Война и мир", "Voina i mir") > 0.85


def test_titles_without_any_letters_are_like_nothing() -> None:
    assert titles.similarity("", "") == 0.0
    assert titles.similarity("—", "Deep learning") == 0.0


def test_only_equal_keys_reach_a_similarity_of_one() -> None:
    assert 0.9 < titles.similarity("learning deep", "deep learning") < 1.0


@pytest.mark.parametrize(
    "title",
    ["Introduction", "EDITORIAL", "1. Introduction", "Chapter 3", "Book reviews", "Einleitung", "Part one", "IV", "序"],
)
def test_titles_that_many_works_bear_are_generic(title: str) -> None:
    assert titles.is_generic(title)


@pytest.mark.parametrize("title", ["Capital", "Deep learning", "Ulysses", "深度学习", "Introduction to algorithms"])
def test_titles_of_their_own_are_not_generic(title: str) -> None:
    assert not titles.is_generic(title)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Methods of physics, Part 1", ("1",)),
        ("Methods of physics. II", ("2",)),
        ("World War I", ("1",)),
        ("Volume four", ("4",)),
        ("Teil XIV der Chronik", ("14",)),
        ("COVID-19 in 2020", ("19", "2020")),
        ("I and thou", ()),
        ("Vitamin C", ()),
        ("Deep learning", ()),
    ],
)
def test_numbers_of_parts_are_read_in_any_numerals(title: str, expected: tuple[str, ...]) -> None:
    assert titles.numbers(title) == expected


def test_markup_goes_and_inequalities_stay() -> None:
    assert titles.strip_markup("<p>If p < 0.5 and q > 3</p><!-- x --> then") == "If p < 0.5 and q > 3 then"


@given(st.text())
def test_a_key_holds_word_characters_only_and_is_empty_only_without_any(text: str) -> None:
    once = titles.key(text)
    assert all(map(is_word_character, once))
    assert bool(once) or not any(c.isalnum() for c in titles.strip_markup(text))


def test_the_end_of_one_word_and_the_beginning_of_the_next_are_no_umlaut() -> None:
    assert titles.key("Flora Europaea") == "floraeuropaa"
    assert titles.key("Mueller") == titles.key("Müller") == "muller"


@given(st.text(), st.text())
def test_similarity_is_symmetric_and_bounded(a: str, b: str) -> None:
    assert 0.0 <= titles.similarity(a, b) <= 1.0
    assert titles.similarity(a, b) == titles.similarity(b, a)


@given(st.text())
def test_no_text_makes_a_title_raise(text: str) -> None:
    titles.numbers(text)
    titles.is_generic(text)
    assert titles.strip_markup(titles.strip_markup(text)) == titles.strip_markup(text)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("label", ["[12] ", "(3) ", "7. ", "[Smi01] ", "14) ", ""])
def test_the_same_string_under_another_label_has_the_same_key(label: str) -> None:
    assert raw.key(label + "Smith, J. (2001): Über X.") == raw.key("SMITH, J. (2001). Uber X")


def test_a_year_or_a_title_at_the_start_is_no_label() -> None:
    assert raw.key("1984. A novel") != raw.key("A novel") or raw.key("2001 a space odyssey") == "2001aspaceodyssey"
    assert raw.key("[12]") == "12"


@given(st.text())
def test_a_raw_key_is_stable(text: str) -> None:
    assert raw.key(raw.key(text)) == raw.key(text)
