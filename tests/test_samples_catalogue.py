"""The stand-in catalogue keeps its own rules: plausible facts, valid identifiers, and neighbours that look alike."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from dl_lit.model import Person
from dl_lit.standin.catalogue import CatalogueWork, load, parse
from dl_lit.standin.citing import Face
from dl_lit.standin.typesetting import font

WORKS = load()
TYPES = {
    "journal-article",
    "book",
    "book-chapter",
    "proceedings-article",
    "posted-content",
    "dissertation",
    "report",
    "other",
}


def by_key(key: str) -> CatalogueWork:
    return next(work for work in WORKS if work.key == key)


def test_there_are_enough_works_of_every_kind() -> None:
    assert len(WORKS) >= 450
    types = Counter(work.type for work in WORKS)
    assert set(types) == TYPES
    assert types["journal-article"] > len(WORKS) / 2
    assert types["book"] >= 80 and types["book-chapter"] >= 15 and types["proceedings-article"] >= 20
    languages = Counter(work.language for work in WORKS)
    assert languages["de"] >= 80 and {"fr", "es", "pt"} <= set(languages)
    assert sum(work.doi is None for work in WORKS) >= 100


def test_keys_and_dois_are_unique() -> None:
    assert len({work.key for work in WORKS}) == len(WORKS)
    dois = [work.doi for work in WORKS if work.doi]
    assert len(set(dois)) == len(dois)


def test_dois_are_lower_case_and_well_formed() -> None:
    for work in WORKS:
        assert work.doi is None or re.fullmatch(r"10\.\d{4,9}/[^\sA-Z]+", work.doi), work


def test_years_and_pages_are_plausible() -> None:
    for work in WORKS:
        assert 1800 <= work.year <= 2026, work
        match = re.fullmatch(r"(\d+)-(\d+)", work.pages or "")
        if match:
            first, last = int(match[1]), int(match[2])
            assert first <= last < first + 400, work
            assert work.page_count == last - first + 1, work
        assert work.page_count is None or work.page_count > 0, work


def test_isbns_and_issns_have_right_checksums() -> None:
    for work in WORKS:
        if work.isbn:
            digits = [int(digit) for digit in work.isbn]
            assert len(digits) == 13 and sum(digits[::2]) % 10 == -3 * sum(digits[1::2]) % 10, work
        if work.issn:
            digits_and_check = work.issn.replace("-", "")
            check = digits_and_check[7]
            total = sum((8 - place) * int(digit) for place, digit in enumerate(digits_and_check[:7]))
            assert (total + (10 if check == "X" else int(check))) % 11 == 0, work


def test_arxiv_numbers_and_pmids_are_well_formed() -> None:
    for work in WORKS:
        assert work.arxiv is None or re.fullmatch(r"\d{4}\.\d{4,5}|[a-z-]+/\d{7}", work.arxiv), work
        assert work.pmid is None or work.pmid.isdigit(), work
        assert (work.type != "posted-content") or work.arxiv, work


def test_every_work_has_a_title_and_someone_responsible() -> None:
    for work in WORKS:
        assert work.title.strip() == work.title and work.title, work
        assert work.authors or work.editors, work
        for person in (*work.authors, *work.editors):
            assert (person.family and person.given) or person.name, work
        assert work.type not in ("journal-article", "book-chapter", "proceedings-article") or work.container, work
        assert work.field, work


@pytest.mark.parametrize("family", ["times", "helvetica"])
def test_the_fonts_can_print_every_character(family: str) -> None:
    text = {char for work in WORKS for char in repr(work)}
    for face in Face:
        missing = {char for char in text if not font(family, face).has_glyph(ord(char))}
        assert not missing


def test_the_neighbours_that_are_hard_to_keep_apart_are_there() -> None:
    titles = defaultdict(list)
    for work in WORKS:
        titles[work.title.casefold()].append(work)
    assert len(titles["introduction"]) == 3
    assert len(titles["editorial"]) == 2
    assert len({work.authors for work in titles["deep learning"]}) == 2
    assert {work.type for work in titles["attention is all you need"]} == {"proceedings-article", "posted-content"}
    assert len(titles["die gegenwärtige situation in der quantenmechanik"]) == 3
    assert {work.type for work in titles["non-cooperative games"]} == {"dissertation", "journal-article"}
    assert by_key("weinert2001vergleichende").container == by_key("weinert2001leistungsmessungen").title
    assert by_key("dahrendorf1958homo1").title == by_key("dahrendorf1958homo2").title
    assert any(work.title.isupper() for work in WORKS)


def test_names_outside_ascii_particles_and_bodies_are_there() -> None:
    families = {person.family for work in WORKS for person in work.authors}
    assert {"Müller", "Đorđević", "García Márquez", "Ångström", "van der Maaten", "von Neumann"} <= families
    bodies = {person.name for work in WORKS for person in work.authors if person.name}
    assert {"OECD", "World Health Organization", "Statistisches Bundesamt"} <= bodies


def test_a_line_of_the_file_becomes_persons_and_bodies() -> None:
    work = parse(
        '{"key": "k", "title": "T", "year": 2000, "type": "report", "language": "en", "cited_by": 1,'
        ' "authors": [["Doe", "Jo"], ["A Body"]], "editors": []}'
    )
    assert work.authors == (Person(family="Doe", given="Jo"), Person(name="A Body"))


def test_a_line_with_an_unknown_field_is_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        parse('{"authors": [], "editors": [], "colour": "red"}')
