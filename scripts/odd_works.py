"""Works with everything that breaks bibliographies: names of all sorts, maths, signs, scripts. The same every time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from dl_lit.identity import titles
from dl_lit.model import Person, Work

PEOPLE = (
    Person("Müller-Lüdenscheidt", "Änne"),
    Person("van der Waals", "Johannes D."),
    Person("de la Cruz", "María José"),
    Person("O'Brien", "Flann"),
    Person("D’Alembert", "Jean le Rond"),
    Person("Достоевский", "Фёдор Михайлович"),
    Person("Ёлкина", "Анна"),
    Person("李", "明"),
    Person("山田", "太郎"),
    Person("الخوارزمي", "محمد"),
    Person("Nguyễn", "Văn A"),
    Person("Gödel", "Kurt"),
    Person("Łukasiewicz", "Jan"),
    Person("Ångström", "Anders J."),
    Person("Şahin", "Çağrı"),
    Person("Smith", "J.-P."),
    Person("King Jr.", "Martin Luther"),
    Person("Ibn Sīnā"),
    Person("Plato"),
    Person(name="UNESCO"),
    Person(name="Barnes and Noble"),
    Person(name="R Core Team"),
    Person(name="Bundesministerium für Bildung, Wissenschaft und Forschung"),
    Person(name="Procter & Gamble"),
    Person("And", "Wolf"),
    Person("Von", "Karl"),
)
TITLES = (
    "On $x^2 + y^2 = z^2$ for odd $n$",
    "H<sub>2</sub>O and CO<sub>2</sub> at 50 %",
    "The ΔT ≤ 5 °C limit: α, β & γ",
    "Über die Größe des Maßes",
    "Преступление и наказание",
    "C# versus C++ & {braces}",
    "A 100 % _safe_ ~method~ for #1",
    "Back\\slash and ^caret^",
    "“Quoted” and ‘nested’ — with dashes – here",
    "Is it? Yes! No.",
    "TCP/IP: a study",
    "l'Hôpital's rule, d’après Bernoulli",
    "深層学習の基礎",
    "On e-mail, @handles and $100 bills",
    "La Niña y el fenómeno",
    "Fußnoten; Anmerkungen, und so weiter",
    "IPv6 at NASA: the DNA of mRNA",
    "A title that ends with a full stop.",
    "½ + ¼ = ¾ in ∑-notation",
    "Ein Vergleich [2. Aufl.]",
)
SUBTITLES = (None, None, "Eine Übersicht", "part {two}", "a 50 % solution & more", "что делать?")
CONTAINERS = (
    "Zeitschrift für X & Y",
    "Вестник МГУ. Серия 1",
    "Physical Review B",
    "日本物理学会誌",
    "Annals of {Sets}",
)
DOIS = ("10.1000/a_b(c)d;{}", "10.1002/(sici)1097-{}<1::aid>3.0.co;2-x", "10.5555/{}")
PAGES = ("11-29", "5", "e1234", "S12-S19", "1023-1029", "iv-xii", None)
KINDS = ("journal-article", "book-chapter", "book", "dissertation", "proceedings-article", "report", "posted-content")


def odd_works(count: int, seed: int = 1) -> Iterator[Work]:
    """`count` different works; each has the fields that its kind has."""
    pick = random.Random(seed)
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        yield _MAKERS.get(kind, _monograph)(pick, number, kind)


def _title(pick: random.Random, number: int) -> str:
    """Each its own: the number stands inside, where nothing cuts it off."""
    title = titles.strip_markup(TITLES[number % len(TITLES)])  # as all that comes in from services
    first, _, rest = title.partition(" ")
    return f"{first} {number} {rest}".strip() if rest else f"{title} {number}"


def _people(pick: random.Random) -> tuple[Person, ...]:
    return tuple(pick.sample(PEOPLE, pick.choice((1, 1, 2, 3, 5, 9))))


def _article(pick: random.Random, number: int, kind: str) -> Work:
    return Work(
        title=_title(pick, number),
        subtitle=pick.choice(SUBTITLES),
        authors=_people(pick),
        year=pick.randint(1720, 2026),
        container=pick.choice(CONTAINERS),
        volume=pick.choice(("3", "12a", "XIV", "101")),
        issue=pick.choice(("2", "3-4", "Suppl. 1", None)),
        pages=pick.choice(PAGES),
        type=kind,
        doi=pick.choice(DOIS).format(number),
        issn=pick.choice(("0028-0836", None)),
        url=pick.choice((f"https://x.org/a_b?c=d&e=f%20g#{number}", None)),
        language=pick.choice(("de", "en", "ru", None)),
    )


def _chapter(pick: random.Random, number: int, kind: str) -> Work:
    return Work(
        title=_title(pick, number),
        authors=_people(pick),
        editors=_people(pick) if kind == "book-chapter" else (),
        year=pick.randint(1900, 2026),
        container=pick.choice(CONTAINERS),
        pages=pick.choice(PAGES),
        type=kind,
        isbn=pick.choice(("9783161484100", None)),
        publisher=pick.choice(("Mohr & Siebeck", "O'Reilly", "Наука")),
        place=pick.choice(("Tübingen", "Москва", "New York, NY")),
        doi=f"10.1007/978-3-16-{number}_2",
    )


def _monograph(pick: random.Random, number: int, kind: str) -> Work:
    return Work(
        title=_title(pick, number),
        subtitle=pick.choice(SUBTITLES),
        authors=_people(pick),
        year=pick.randint(1900, 2026),
        type=kind,
        publisher=pick.choice(("Mohr & Siebeck", "University of X", "Наука")),
        doi=f"10.5555/m.{number}",
    )


def _preprint(pick: random.Random, number: int, kind: str) -> Work:
    return Work(
        title=_title(pick, number), authors=_people(pick), year=2017, type=kind, arxiv=f"1706.{number:05}", doi=None
    )


_MAKERS: dict[str, Callable[[random.Random, int, str], Work]] = {
    "journal-article": _article,
    "book-chapter": _chapter,
    "proceedings-article": _chapter,
    "posted-content": _preprint,
}
