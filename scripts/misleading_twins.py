"""Right prints in forms that are easily missed: each must be accepted as its own record."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from misleading_works import another, as_book

from dl_lit.model import Person, Work

Twin = Callable[[Work, random.Random], tuple[str, Work]]

_RUN_TOGETHER = (
    ("Physical Review B", "Phys.Rev. B{}"), ("Physical Review D", "Phys.Rev.D{}"),
    ("Nuclear Physics B", "Nucl.Phys.B{}"), ("Journal of High Energy Physics", "JHEP{}"),
    ("Physics Letters B", "Phys.Lett.B{}"), ("Physical Review A", "PRA{}"), ("Journal of Physics A", "J.Phys.A{}"),
    ("Review of Scientific Instruments", "Rev.Sci.Instrum.{}"),
)  # fmt: skip
_SHORT_NAMES = (
    ("The Astrophysical Journal", "ApJ"), ("The Astronomical Journal", "AJ"), ("Astronomy & Astrophysics", "A&A"),
    ("Astrophysical Journal Supplement Series", "ApJS"), ("Astronomy and Astrophysics", "A&A"),
    ("Monthly Notices of the Royal Astronomical Society", "MNRAS"), ("Physical Review Letters", "PRL"),
    ("Proceedings of the National Academy of Sciences", "PNAS"), ("The Astrophysical Journal Letters", "ApJL"),
    ("Journal of the American Chemical Society", "JACS"), ("BMJ", "Br Med J"), ("JAMA", "J Am Med Assoc"),
    ("CA: A Cancer Journal for Clinicians", "CA Cancer J Clin"),
    ("Publications of the Astronomical Society of the Pacific", "PASP"),
)  # fmt: skip
_BODIES = (
    ("World Health Organization", "WHO"), ("Intergovernmental Panel on Climate Change", "IPCC"),
    ("Organisation for Economic Co-operation and Development", "OECD"), ("Food and Agriculture Organization", "FAO"),
    ("National Institute of Standards and Technology", "NIST"), ("International Labour Office", "ILO"),
    ("United Nations Development Programme", "UNDP"), ("Centers for Disease Control and Prevention", "CDC"),
)  # fmt: skip


def _names(work: Work) -> str:
    return ", ".join(f"{one.given} {one.family}" for one in work.authors)


def _first_page(work: Work) -> str:
    return (work.pages or "").split("-")[0]


def run_together(work: Work, pick: random.Random) -> tuple[str, Work]:
    name, short = pick.choice(_RUN_TOGETHER)
    raw = f"{_names(work)}, {short.format(work.volume)}, {_first_page(work)} ({work.year})."
    return raw, replace(work, container=name)


def short_name(work: Work, pick: random.Random) -> tuple[str, Work]:
    name, short = pick.choice(_SHORT_NAMES)
    return f"{_names(work)} {work.year}, {short}, {work.volume}, {_first_page(work)}", replace(work, container=name)


def body(work: Work, pick: random.Random) -> tuple[str, Work]:
    name, short = pick.choice(_BODIES)
    book = as_book(work, pick, authors=(Person(name=name),))
    return f"{short}. {book.title}. {book.place}: {short}; {book.year}.", book


def body_in_full(work: Work, pick: random.Random) -> tuple[str, Work]:
    name, short = pick.choice(_BODIES)
    book = as_book(work, pick, authors=(Person(name=short),))
    return f"{name} ({book.year}). {book.title}. {book.place}: {name}.", book


def thousands(work: Work, pick: random.Random) -> tuple[str, Work]:
    page = pick.randint(1000, 29999)
    raw = f"{_names(work)}, {work.container} {work.volume}, {page:,}–{page + 8:,} ({work.year})."
    return raw, replace(work, pages=f"{page}-{page + 8}")


def preprint_for_article(work: Work, pick: random.Random) -> tuple[str, Work]:
    """An article's preprint stands for it where the article is not to be had."""
    record = replace(
        work, type="posted-content", container=pick.choice((None, "arXiv")), volume=None, issue=None, pages=None,
        year=(work.year or 2000) - pick.randint(0, 1),
    )  # fmt: skip
    raw = f"{_names(work)} ({work.year}). {work.title}. {work.container}, {work.volume}({work.issue}), {work.pages}."
    return raw, record


def article_for_preprint(work: Work, pick: random.Random) -> tuple[str, Work]:
    raw = f"{_names(work)} ({work.year}). {work.title}. arXiv preprint arXiv:2101.{pick.randint(10000, 99999)}."
    return raw, replace(work, year=(work.year or 2000) + pick.randint(0, 1))


def translated_title_registered(work: Work, pick: random.Random) -> tuple[str, Work]:
    """Journals register the English title of what is printed in another language."""
    original = another(pick).title
    raw = f"{_names(work)} ({work.year}). {original} [{work.title}]. {work.container}, {work.volume}, {work.pages}."
    return raw, work


def in_press(work: Work, pick: random.Random) -> tuple[str, Work]:
    told = pick.choice(("in press", "to appear", "forthcoming"))
    raw = f"{_names(work)} ({(work.year or 2000) - 1}). {work.title}. {work.container}, {told}."
    return raw, work


def online_first(work: Work, pick: random.Random) -> tuple[str, Work]:
    """Registered before it had its pages, counted from 1."""
    raw = f"{_names(work)} ({work.year}). {work.title}. {work.container}, {work.volume}({work.issue}), {work.pages}."
    return raw, replace(work, pages="1-12", volume=pick.choice((None, work.volume)), issue=None)


def subtitle_left_out(work: Work, pick: random.Random) -> tuple[str, Work]:
    more = another(pick).title
    raw = f"{_names(work)} ({work.year}). {work.title}. {work.container}, {work.volume}, {work.pages}."
    return raw, replace(work, title=f"{work.title}: {more}")


def subtitle_added(work: Work, pick: random.Random) -> tuple[str, Work]:
    more = another(pick).title
    raw = f"{_names(work)} ({work.year}). {work.title}: {more}. {work.container}, {work.volume}, {work.pages}."
    return raw, work


def misprinted_title(work: Work, pick: random.Random) -> tuple[str, Work]:
    letters = list(work.title or "")
    for place in pick.sample(range(1, len(letters)), max(1, len(letters) // 25)):
        if letters[place].isalpha():
            letters[place] = pick.choice("aeioulrnt")
    raw = f"{_names(work)} ({work.year}). {''.join(letters)}. {work.container}, {work.volume}, {work.pages}."
    return raw, work


def misread_name(work: Work, pick: random.Random) -> tuple[str, Work]:
    first = work.authors[0]
    family = list(first.family or "")
    place = pick.randrange(len(family))
    family[place : place + 1] = pick.choice(("", "l", family[place] * 2))
    raw = (
        f"{''.join(family)}, {first.given} ({work.year}). {work.title}. {work.container}, {work.volume}, {work.pages}."
    )
    return raw, replace(work, authors=work.authors[:1])


def roman_volume(work: Work, pick: random.Random) -> tuple[str, Work]:
    number, numeral = pick.choice((("40", "XL"), ("64", "LXIV"), ("19", "XIX"), ("112", "CXII"), ("7", "VII")))
    one, two = pick.sample((number, numeral), 2)
    return f"{_names(work)}, {work.container} {one} ({work.year}) {work.pages}.", replace(work, volume=two)


def cut_title(work: Work, pick: random.Random) -> tuple[str, Work]:
    """Extraction lost its first or its last line."""
    words = (work.title or "").split()
    half = max(2, len(words) // 2)
    left = " ".join(pick.choice((words[:half], words[-half:])))
    title = left if len(left) > 20 else work.title
    raw = f"{_names(work)} ({work.year}). {title}. {work.container}, {work.volume}({work.issue}), {work.pages}."
    return raw, work


def issue_alone(work: Work, pick: random.Random) -> tuple[str, Work]:
    more = another(pick).title
    raw = f"{work.title}. In: {work.container}, no. {work.issue}, {work.year}."
    return raw, replace(work, title=f"{work.title}: {more}")


def page_and_year_off(work: Work, pick: random.Random) -> tuple[str, Work]:
    first = int(_first_page(work)) + pick.choice((-1, 1))
    year = (work.year or 2000) + pick.choice((-1, 1))
    return f"{_names(work)} ({year}). {work.title}. {work.container}, {work.volume}({work.issue}), {first}.", work


TWINS: Mapping[str, Twin] = MappingProxyType(
    {
        "journal and volume run together": run_together,
        "journal by its acronym": short_name,
        "body by its acronym": body,
        "body in full, registered by its acronym": body_in_full,
        "pages with a thousands comma": thousands,
        "article, its preprint registered": preprint_for_article,
        "preprint, its article registered": article_for_preprint,
        "translated title in brackets, registered": translated_title_registered,
        "in press, a year early": in_press,
        "registered with pages from 1": online_first,
        "subtitle only registered": subtitle_left_out,
        "subtitle only printed": subtitle_added,
        "misprints in the title": misprinted_title,
        "one letter of the author's name": misread_name,
        "volume in Roman numerals": roman_volume,
        "title cut": cut_title,
        "main title, container, year and issue": issue_alone,
        "page and year off by one": page_and_year_off,
    }
)
