"""Parts and volumes as they are named in many languages."""

from __future__ import annotations

import pytest

from dl_lit.identity import parts, titles
from dl_lit.identity.folding import words

SECOND = (
    "Vol. 2", "Т. 2", "Ч. 2", "кн. 2", "t. 2", "tom II", "Том 2", "Часть 2", "Ч. II", "2-я часть", "3-й том",
    "Teil 2", "Bd. 2", "2. Band", "Zweiter Band", "Band II", "díl 2", "2. díl", "sv. 2", "cz. 2", "część II",
    "deel 2", "bind 2", "osa 2", "2. osa", "cilt 2", "2. cilt", "2. kötet", "volumen 2", "tome second",
    "tomo segundo", "第2卷", "第二卷", "第2巻", "2권", "제2권", "الجزء الثاني", "ج. 2", "المجلد الثاني", "τόμος Β",
    "τ. 2", "кн. вторая", "вып. 2", "knj. 2", "parte seconda", "Part Two", "Second Part", "Livre II", "tome 2",
    "Zweites Buch", "卷二",
)  # fmt: skip


@pytest.mark.parametrize("said", SECOND)
def test_a_part_is_read_wherever_it_stands(said: str) -> None:
    wanted = "3" if said.startswith("3") else "2"
    (found,) = parts.find(f"The weavers, {said}. Oldtown")
    assert found.numbers == (wanted,)
    assert f"The weavers, {said}. Oldtown"[found.start : found.end].startswith(said.rstrip("."))
    assert parts.may_name(said, words(said))
    leading = parts.leading(f": {said}")
    assert leading is not None and leading.numbers == (wanted,)
    assert titles.numbers(f"The weavers, {said}") == (wanted,)


@pytest.mark.parametrize(
    "text",
    [
        "2 vol., Paris",
        "3 Bde.",
        "Vol. 12 of Hill Studies",
        "全2册",
        "deux tomes",
        "B. Norrland",
        "the party 2",
        "pp. 2–9",
    ],
)
def test_counts_of_volumes_and_volumes_of_series_are_no_parts(text: str) -> None:
    assert not list(parts.find(text))


@pytest.mark.parametrize(("said", "numbers"), [("上册", ("1",)), ("（下）", ("3", "2")), ("中卷", ("2",))])
def test_of_three_volumes_or_two_the_last_is_either(said: str, numbers: tuple[str, ...]) -> None:
    assert next(parts.find(f"中国通史{said}")).numbers == numbers
