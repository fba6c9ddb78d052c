"""Volumes and parts of books, each held against another one, against the whole, and against its own record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.model import Person, Work
from test_enrichment_kinds import BOOK, is_accepted

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


# ── one volume, registered in many ways ──────────────────────────────────────────────────────────────────

LOGIC = Work(authors=(Person("Kutschera", "Franz von"),), year=1990, publisher="de Gruyter", type="book")
TECHNOLOGY = Work(authors=(Person("Singer", "Charles"),), year=1956, publisher="Clarendon Press", type="book")
OWN = "The Mediterranean Civilizations and the Middle Ages"
RECORDS = (
    *(
        replace(LOGIC, title=title, subtitle=subtitle, container=container, volume=volume)
        for title, subtitle, container, volume in (
            ("Logik", "Bd. III. Modallogik", None, None),
            ("Modallogik", None, "Logik", "3"),
            ("Logik III", None, None, None),
            ("Modallogik", None, "Logik", "III"),
            ("Logik. Band 3: Modallogik", None, None, None),
            ("Logik, Bd. 3", None, None, None),
            ("Logik", "Modallogik", None, "3"),
            ("Logik", None, None, "3"),
            ("Band III: Modallogik", None, "Logik", None),
        )
    ),
    *(
        replace(TECHNOLOGY, title=title, subtitle=subtitle, container=container, volume=volume)
        for title, subtitle, container, volume in (
            ("A History of Technology: Volume 2", None, None, None),
            ("A History of Technology, Volume II", None, None, None),
            ("A History of Technology", OWN, None, "2"),
            (OWN, None, "A History of Technology", "2"),
            (f"A History of Technology: {OWN}", None, None, "2"),
            (f"A History of Technology. Vol. II, {OWN}", None, None, None),
            ("A History of Technology", None, None, "2"),
            (f"A history of technology. 2, {OWN}", None, None, None),
            (f"Volume II: {OWN}", None, "A History of Technology", None),
        )
    ),
)
PRINTS = {
    "Logik": (
        "Kutschera, F. v. (1990). Logik. Bd. III. Modallogik. Berlin: de Gruyter.",
        "Kutschera, Franz von: Logik. Bd. III. Modallogik, Berlin 1990.",
        "Kutschera, F. v.: Logik, Bd. 3: Modallogik. Berlin, de Gruyter, 1990.",
        "Kutschera, Franz von, Modallogik (= Logik, Bd. 3), Berlin 1990.",
    ),
    "Technology": (
        f"Singer, C. (1956). A History of Technology, vol. 2: {OWN}. Oxford: Clarendon Press.",
        f"Singer, C., A History of Technology, vol. II, {OWN} (Oxford: Clarendon Press, 1956).",
        f"Charles Singer, A History of Technology. Vol. 2, {OWN}. Oxford: Clarendon Press, 1956.",
        f"Singer, Charles. {OWN}. Vol. 2 of A History of Technology. Oxford: Clarendon Press, 1956.",
        f"Singer, C. (1956). A History of Technology: Volume 2. {OWN}. Clarendon Press.",
    ),
}
OTHERS = (
    ("III", "II"),
    ("II", "V"),
    ("3", "2"),
    ("2", "5"),
    ("Modallogik", "Deontische Logik"),
    (OWN, "From the Renaissance"),
)


@pytest.mark.parametrize(
    "own", RECORDS, ids=lambda work: f"{work.title}, {work.subtitle}, {work.container}, {work.volume}"
)
def test_a_volume_is_itself_however_it_is_registered_and_no_other_one(own: Work) -> None:
    for raw in PRINTS["Logik" if own.year == 1990 else "Technology"]:
        assert is_accepted(raw, own)
        other = raw
        for old, new in OTHERS if own.year == 1990 else OTHERS[1:]:
            if old in raw:
                other = other.replace(old, new)
        assert not is_accepted(other, own)


@pytest.mark.parametrize(
    "printed", ["{}, vol. 2. Oxford: Clarendon Press.", "{} (Vol. 2). Clarendon Press.", "{}, 2. Oxford: Clarendon."]
)
def test_the_number_of_a_volume_is_enough_without_its_own_title(printed: str) -> None:
    raw = f"Singer, C. (1956). {printed}"
    for own in RECORDS[9:]:
        if own.title != OWN and not (own.title or "").startswith("Volume"):
            assert is_accepted(raw.format("A History of Technology"), own)
        assert not is_accepted(raw.format("A History of Technology").replace("2", "3"), own)


def test_an_article_about_two_centuries_is_no_volume_of_a_book() -> None:
    title = "Music in the cathedral in the centuries XIV, XV"
    book = replace(BOOK, title=title)
    raw = f"Castellane, O. (1994). {title}. Archive Notes, 18, 1–31."
    assert not is_accepted(raw, book)


@pytest.mark.parametrize(
    ("raw", "title", "container"),
    [
        ("Смирнов А. История общества: в 3 т. Т. 2. М.: Наука, 1985.", "История общества. Том 2", None),
        ("Смирнов А. История общества. Т. 2: Новое время. М.: Наука, 1985.", "Новое время", "История общества"),
        (
            "Смирнов А. История общества. Т. 2: Новое время. М.: Наука, 1985.",
            "История общества. Кн. вторая. Новое время",
            None,
        ),
    ],
)
def test_a_volume_in_cyrillic_is_itself(raw: str, title: str, container: str | None) -> None:
    own = Work(title=title, container=container, authors=(Person("Смирнов", "А."),), year=1985, type="book")
    assert is_accepted(raw, own)
    assert not is_accepted(raw.replace("Т. 2", "Т. 3").replace("Новое", "Старое"), own)
