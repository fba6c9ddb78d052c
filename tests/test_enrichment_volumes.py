"""Volumes and parts of books, each held against another one, against the whole, and against its own record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.model import Decision, Person, Work
from test_enrichment_kinds import BOOK, outcome

RUSSIAN = replace(BOOK, title="Теория северного общества", authors=(Person("Смирнов", "А."),))
CHINESE = replace(BOOK, title="中国农村土地制度改革研究", authors=(Person("王", "伟"),))
PAIRS = (
    (BOOK, "t. 1", "t. 2"), (BOOK, "tom I", "tom II"), (BOOK, "Erster Band", "Zweiter Band"),
    (BOOK, "1. Band", "2. Band"), (BOOK, "díl 1", "díl 2"), (BOOK, "1. díl", "2. díl"),
    (BOOK, "sv. 1", "sv. 2"), (BOOK, "cz. 1", "cz. 2"), (BOOK, "część I", "część II"),
    (BOOK, "deel 1", "deel 2"), (BOOK, "bind 1", "bind 2"), (BOOK, "1. osa", "2. osa"),
    (BOOK, "cilt 1", "cilt 2"), (BOOK, "1. kötet", "2. kötet"), (BOOK, "tomo primero", "tomo segundo"),
    (BOOK, "knj. 1", "knj. 2"), (BOOK, "parte prima", "parte seconda"), (BOOK, "Part One", "Part Two"),
    (BOOK, "zv. 1", "zv. 2"), (BOOK, "الجزء الأول", "الجزء الثاني"), (BOOK, "τόμος Α΄", "τόμος Β΄"),
    (RUSSIAN, "Т. 1", "Т. 2"), (RUSSIAN, "Ч. I", "Ч. II"), (RUSSIAN, "кн. 1", "кн. 2"),
    (RUSSIAN, "Часть 1", "Часть 2"), (RUSSIAN, "Кн. первая", "Кн. вторая"), (RUSSIAN, "вып. 1", "вып. 2"),
    (CHINESE, "第一卷", "第二卷"), (CHINESE, "上册", "下册"), (CHINESE, "上", "下"), (CHINESE, "제1권", "제2권"),
)  # fmt: skip


def is_accepted(raw: str, work: Work) -> bool:
    return outcome(raw, work).decision is Decision.ACCEPTED


def raw_of(work: Work, title: str) -> str:
    author = work.authors[0]
    return f"{author.family}, {author.given} ({work.year}). {title}. Oldtown: Hill Press."


@pytest.mark.parametrize(("whole", "one", "two"), PAIRS)
@pytest.mark.parametrize("mark", [". ", ", "])
def test_a_volume_is_neither_another_one_nor_the_whole(whole: Work, one: str, two: str, mark: str) -> None:
    first, second = (replace(whole, title=f"{whole.title}{mark}{part}") for part in (one, two))
    for cited, other in ((first, second), (second, first)):
        raw = raw_of(whole, cited.title or "")
        assert is_accepted(raw, cited)
        assert not is_accepted(raw, other)
        assert not is_accepted(raw, whole)
        assert not is_accepted(raw_of(whole, whole.title or ""), cited)


@pytest.mark.parametrize(("whole", "one", "two"), PAIRS)
@pytest.mark.parametrize("mark", [". ", ", "])
def test_the_volume_that_the_record_has_as_a_number_is_compared(whole: Work, one: str, two: str, mark: str) -> None:
    for part, volume, other in ((one, "1", "2"), (two, "2", "1")):
        raw = raw_of(whole, f"{whole.title}{mark}{part}")
        assert is_accepted(raw, replace(whole, volume=volume))
        assert not is_accepted(raw, replace(whole, volume=other))
