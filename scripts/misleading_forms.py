"""More pairs of works and right prints: theses, newspapers, editions and volumes, as many languages print them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from misleading_twins import Twin
from misleading_works import Maker, Pair, Thing, another, as_book

from dl_lit.model import Work

_THESES = (
    "Dissertação (Mestrado)", "Tese (Doutorado)", "Doktora tezi", "Yüksek lisans tezi", "Disertační práce",
    "Praca doktorska", "Rozprawa doktorska", "Автореферат диссертации", "Дис. ... канд. наук",
    "رسالة دكتوراه", "博士論文",
    "博士学位论文", "박사학위논문", "M.Sc. thesis", "Licentiatavhandling", "Tesi di laurea", "Proefschrift",
    "Väitöskirja",
    "Habilitationsschrift", "Thèse de doctorat", "Tesis doctoral", "Doktorsavhandling", "Διδακτορική διατριβή",
)  # fmt: skip
_NEWSPAPERS = (
    "{people} ({year}, April {day}). {title}. {name}.", "{people}, “{title},” {name}, {day} April {year}.",
    "{people}: {title}. In: {name}, {day}.4.{year}, S. {page}.",
    "{people}. {title}[N]. {name}, {year}-04-{day}({page}).",
    "{people}. {title}. {name}. {year} Apr {day};Sect. A:{page}.",
    "{people}, « {title} », {name}, {day} avril {year}, p. {page}.",
)  # fmt: skip
_EDITIONS = (
    "2d ed.", "2nd, rev. and enl. ed.", "Rev. ed.", "New edition", "Neuausg.", "2., neu bearb. Aufl.", "wyd. 2",
    "Изд. 2-е",
    "2-е изд., перераб. и доп.", "2. vyd.", "2e druk", "第2版", "2 uppl.", "2ª edición", "deuxième édition", "2. baskı",
)  # fmt: skip
_VOLUMES = (
    "Т. {}", "Ч. {}", "кн. {}", "t. {}", "tom {}", "cz. {}", "díl {}", "deel {}", "bind {}", "cilt {}",
    "第{}卷", "제{}권",
)  # fmt: skip
_CENTURIES = (
    ("in the 19th Century", "in the nineteenth century"), ("au XXIe siècle", "au XXI siècle"),
    ("im 19. Jahrhundert", "im 19. Jh."), ("nel secolo XIX", "nel sec. XIX"), ("en el siglo XIX", "en el s. XIX"),
)  # fmt: skip
_ACCESSED = (
    "Accessed 14 April 2019.", "(Zugriff am 14.4.2019).", "Retrieved April 14, 2019, from https://example.org/a",
    "(дата обращения: 14.04.2019).", "Acesso em: 14 abr. 2019.", "[2019-04-14].", "Consulté le 14 avril 2019.",
)  # fmt: skip


def _people(work: Work) -> str:
    return f"{work.authors[0].family}, {work.authors[0].given}"


def _alone(work: Work) -> Work:
    return replace(work, authors=work.authors[:1])


def _thesis(work: Work, pick: random.Random) -> Work:
    one = as_book(
        _alone(work), pick, type="dissertation", publisher=f"University of {pick.choice(('Oldtown', 'Averbury'))}"
    )
    return replace(one, place=None, doi=f"{work.doi}.2")


def thesis(work: Work, pick: random.Random) -> Pair:
    return Thing(_alone(work)), Thing(_thesis(work, pick), note=f". {pick.choice(_THESES)}")


def book_and_thesis(work: Work, pick: random.Random) -> Pair:
    return Thing(as_book(_alone(work), pick)), Thing(_thesis(work, pick), note=f". {pick.choice(_THESES)}")


def newspaper(work: Work, pick: random.Random) -> Pair:
    article = _alone(work)
    day, page = pick.randint(10, 28), pick.randint(1, 40)
    name = pick.choice(("The Oldtown Guardian", "Ternholmer Zeitung", "Le Monde de Castell", "Norrland Times"))
    printed = pick.choice(_NEWSPAPERS).format(
        people=_people(article), year=work.year, title=work.title, name=name, day=day, page=page
    )
    record = replace(article, container=name, volume=None, issue=None, pages=None, doi=f"{work.doi}.2")
    return Thing(article), Thing(record, whole=printed)


def edition(work: Work, pick: random.Random) -> Pair:
    first = as_book(work, pick)
    later = replace(first, year=(first.year or 2000) + pick.randint(3, 9), doi=f"{first.doi}.2")
    return Thing(first), Thing(later, note=f". {pick.choice(_EDITIONS)}")


def volume(work: Work, pick: random.Random) -> Pair:
    one, two = pick.sample(range(1, 8), 2)
    form = pick.choice(_VOLUMES)
    whole = as_book(work, pick)
    first, second = (
        replace(whole, title=f"{whole.title}. {form.format(n)}", doi=f"{work.doi}.{n}") for n in (one, two)
    )
    return Thing(first), Thing(second)


def registered_volume(work: Work, pick: random.Random) -> tuple[str, Work]:
    """One volume of a book in several, printed in full and registered in one of many ways."""
    book, own, number = as_book(_alone(work), pick), another(pick).title, pick.randint(1, 9)
    printed = pick.choice(("{w}. Vol. {n}: {o}", "{w}, vol. {n}, {o}", "{w}. Bd. {n}. {o}", "{o} (= {w}, Bd. {n})"))
    title = printed.format(w=book.title, n=number, o=own)
    raw = f"{_people(book)} ({book.year}). {title}. {book.place}: {book.publisher}."
    records = (
        replace(book, title=f"{book.title}: Volume {number}"), replace(book, title=own, container=book.title),
        replace(book, title=own, container=book.title, volume=str(number)), replace(book, volume=str(number)),
        replace(book, subtitle=own, volume=str(number)), replace(book, title=f"{book.title}, Bd. {number}: {own}"),
    )  # fmt: skip
    return raw, pick.choice(records)


def century(work: Work, pick: random.Random) -> tuple[str, Work]:
    registered, printed = pick.choice(_CENTURIES)
    book = as_book(_alone(work), pick)
    raw = f"{_people(book)} ({book.year}). {book.title} {printed}. {book.place}: {book.publisher}."
    return raw, replace(book, title=f"{book.title} {registered}")


def accessed(work: Work, pick: random.Random) -> tuple[str, Work]:
    one = _alone(work)
    return f"{_people(one)} ({one.year}). {one.title}. {one.container}, {one.volume}. {pick.choice(_ACCESSED)}", one


PAIRS: Mapping[str, Maker] = MappingProxyType(
    {
        "article and thesis, in many languages": thesis,
        "book and thesis": book_and_thesis,
        "article and newspaper": newspaper,
        "editions, in many languages": edition,
        "volumes, in many languages": volume,
    }
)
RIGHT: Mapping[str, Twin] = MappingProxyType(
    {
        "one volume, registered in many ways": registered_volume,
        "centuries written otherwise": century,
        "day of access": accessed,
    }
)
