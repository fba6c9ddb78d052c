"""Authors that a list prints only once."""

from __future__ import annotations

import pytest

from dl_lit.extraction.parsing import inherit_authors, parse_reference
from dl_lit.model import Person, Reference

_ANNA, _BERND = Person(family="Meier", given="Anna"), Person(family="Schulz", given="Bernd")


def _filled(raw: str, *own: Person, before: tuple[Person, ...] = (_ANNA, _BERND)) -> Reference:
    first = Reference(raw="Meier, Anna; Schulz, Bernd (1999): Blick.", authors=before)
    return inherit_authors([first, Reference(raw=raw, authors=own)])[1]


@pytest.mark.parametrize(
    "raw",
    [
        "— (2001): Arbeit.",
        "–––– (2001): Arbeit.",
        "---. Arbeit. 2001.",
        "– (2001): Arbeit.",
        "______. Arbeit. São Paulo, 2001.",
        "Ders. (2001): Arbeit.",
        "ders.: Arbeit. 2001.",
        "Dies. 2001: Arbeit.",
        "Id., Arbeit, 2001.",
        "IDEM. Arbeit. 2001.",
        "[12] ———. Arbeit. 2001.",
        "7. Ders.: Arbeit. 2001",
    ],
)
def test_a_sign_for_repetition_stands_for_the_authors_before(raw: str) -> None:
    filled = _filled(raw)
    assert filled.authors == (_ANNA, _BERND)
    assert filled.raw == raw


@pytest.mark.parametrize(
    "raw", ["Idemann, K. (2001): Arbeit.", "Diesel, R. (1901): Arbeit.", "Arbeit – ein Wort. 2001.", "Iden. 2001", ""]
)
def test_what_only_begins_like_such_a_sign_is_none(raw: str) -> None:
    assert _filled(raw).authors == ()


def test_a_dash_that_only_marks_an_item_leaves_its_authors_alone() -> None:
    other = Person(family="Kranz", given="O.")
    assert _filled("– Kranz, O. (2001): Arbeit.", other).authors == (other,)


def test_authors_behind_the_sign_join_the_first_of_those_before() -> None:
    other = Person(family="Kranz", given="O.")
    assert _filled("———, and O. Kranz. 2001. Arbeit.", other).authors == (_ANNA, other)


def test_as_many_signs_as_authors() -> None:
    third = Person(family="Kranz", given="O.")
    assert _filled("———, and ———. 2001. Arbeit.", before=(_ANNA, _BERND, third)).authors == (_ANNA, _BERND)


def test_repeated_editors_are_editors() -> None:
    filled = _filled("— (Hg.) (2001): Arbeit.")
    assert (filled.authors, filled.editors) == ((), (_ANNA, _BERND))


def test_signs_follow_one_another() -> None:
    first = Reference(raw="Meier, Anna (1999): Blick.", authors=(_ANNA,))
    found = inherit_authors([first, Reference(raw="— (2000): Arbeit."), Reference(raw="— (2001): Haus.")])
    assert [reference.authors for reference in found] == [(_ANNA,)] * 3


def test_those_who_edited_the_entry_before_wrote_this_one() -> None:
    first = Reference(raw="Meier, Anna (Hg.) (1999): Blick.", editors=(_ANNA,))
    assert inherit_authors([first, Reference(raw="Dies. (2000): Arbeit.")])[1].authors == (_ANNA,)


def test_at_the_head_of_a_list_there_is_nobody_to_repeat() -> None:
    reference = Reference(raw="— (2001): Arbeit.")
    assert inherit_authors([reference]) == (reference,)


def test_a_list_is_filled_from_its_print() -> None:
    raws = [
        "Meier, Anna (1999): Blick und Bild. Bern: Huber.",
        "— (2001): Arbeit und Leben. Berlin: Springer.",
        "Schulz, Bernd (2002): Haus und Hof. Köln: Böhlau.",
    ]
    found = inherit_authors(parse_reference(raw) for raw in raws)
    assert [reference.authors[0].family for reference in found] == ["Meier", "Meier", "Schulz"]
    assert [reference.raw for reference in found] == raws
