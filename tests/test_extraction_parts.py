"""Bullets, headings inside lists, running numbers and works parted by semicolons: none of them costs a reference."""

from __future__ import annotations

from pathlib import Path

import pytest

from dl_lit.extraction.bullets import bullet_length
from dl_lit.extraction.cleaning import clean
from dl_lit.extraction.entries import Entry
from dl_lit.extraction.headings import heads_part, without_number
from dl_lit.extraction.layout import reading_order
from dl_lit.extraction.numbering import Numbering, first_of_chain, in_brackets, label_of
from dl_lit.extraction.pages import Line, Page
from dl_lit.extraction.parts import part_heads
from dl_lit.extraction.works import works_of
from pdf_pages import AUTHOR_YEAR, BODY, Sheet, article, assert_read_whole, folded, hanging, read

PHYSICS = (
    ("P. Adler, Nucl. Phys. B123, 45 (1980)", "R. Brandt and Q. Dorn, Phys. Lett. 77B, 1 (1981)"),
    ("K. Fuchs, arXiv:1905.12345",),
    ("M. Grün, Phys. Rev. D 12, 345 (1999)", "S. Ivens, Phys. Rev. D 14, 33 (2001)", "A. König, hep-th/0102030"),
    ("T. Lorenz, The spare hour (Sage, London, 1997)",),
)


def lines_of(*texts: str, size: float = 10, step: float = 12) -> list[Line]:
    return [
        Line(text, 50, 60 + step * at, 50 + 4.5 * len(text), 70 + step * at, 68 + step * at, size, column=1)
        for at, text in enumerate(texts)
    ]


# ── bullets ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mark", ["•", "–", "-", "*", "·"])
@pytest.mark.parametrize("indents", [(0, 10), (0, 0), (10, 0)])
def test_bullets_part_a_list_and_are_no_part_of_it(mark: str, indents: tuple[float, float], tmp_path: Path) -> None:
    sheet = article()
    for entry in AUTHOR_YEAR:
        sheet.paragraph(f"{mark} {entry}", first=indents[0], rest=indents[1])
    assert_read_whole(read(sheet, tmp_path))


def test_bullets_before_a_few_entries_are_left_out_of_them(tmp_path: Path) -> None:
    sheet = article()
    for at, entry in enumerate(AUTHOR_YEAR):
        sheet.paragraph(entry if at % 3 else f"• {entry}", rest=16)
    assert_read_whole(read(sheet, tmp_path))


@pytest.mark.parametrize(
    ("text", "length"),
    [("• Adler", 2), ("•Adler", 1), ("▪ «Time»", 2), ("–Adler", 0), ("- ", 0), ("— , Time", 0), ("Adler", 0), ("", 0)],
)
def test_a_bullet_stands_before_a_word(text: str, length: int) -> None:
    assert bullet_length(text) == length


def test_bullets_of_symbol_fonts_are_read() -> None:
    assert clean("\uf0b7 Adler") == "• Adler" and clean("\uf0a7 Adler") == "▪ Adler"


# ── headings inside a list ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "heads",
    [
        ("1. Primary sources", "2. Secondary literature", "3. Websites"),
        ("A. Primary sources", "B. Secondary sources", "C. Films"),
        ("I. Quellen", "II. Literatur", "III. Internet"),
        ("1) Archives", "2) Printed works", "3) Interviews"),
        ("(a) Diaries", "(b) What others made of them", "(c) Photographs"),
        ("5.1 Diaries of households", "5.2 What others made of them", "5.3 Photographs"),
        ("Diaries", "What others made of them", "Photographs"),
    ],
)
def test_headings_inside_a_list_are_no_references(heads: tuple[str, str, str], tmp_path: Path) -> None:
    sheet = article(heading="Bibliography")
    for at, head in enumerate(heads):
        hanging(sheet.heading(head), AUTHOR_YEAR[4 * at : 4 * at + 4])
    assert_read_whole(read(sheet, tmp_path))


def test_parts_that_are_counted_in_the_type_of_the_list_are_known(tmp_path: Path) -> None:
    sheet = article(heading="Bibliography")
    for at, head in enumerate(("1. Diaries", "2. What others made of them", "3. Photographs")):
        hanging(sheet.paragraph(head), AUTHOR_YEAR[4 * at : 4 * at + 4])
    assert_read_whole(read(sheet, tmp_path))


def test_each_part_may_count_its_references_anew(tmp_path: Path) -> None:
    sheet = article(heading="Bibliography")
    for at, head in enumerate(("A. Primary sources", "B. Secondary literature", "C. Websites")):
        sheet.heading(head)
        for number, entry in enumerate(AUTHOR_YEAR[4 * at : 4 * at + 4], 1):
            sheet.paragraph(f"{number}. {entry}", rest=16)
    references = read(sheet, tmp_path)
    assert_read_whole(references)
    assert [reference.label for reference in references] == 3 * ["1", "2", "3", "4"]


def test_numbered_entries_without_signs_of_references_are_no_headings() -> None:
    numbered = lines_of(*(f"{number}. House of Hours" for number in range(1, 9)))
    assert part_heads(numbered) == []


def test_numbers_and_letters_count_parts() -> None:
    assert heads_part("2. Secondary literature") and heads_part("IV. Films") and heads_part("(b) Interviews")
    assert not heads_part("2. Adler, M. (1999): Films.")
    assert without_number("6.2 Films") == "Films" and without_number("Films") == "Films"


# ── running numbers ──────────────────────────────────────────────────────────────────────────────────────


def numbered(sheet: Sheet, count: int, label: str) -> Sheet:
    for number, entry in enumerate(AUTHOR_YEAR[:count], 1):
        sheet.paragraph(f"{label.format(number)} {entry}", rest=16)
    return sheet


SHORT = "Kohl & Sons. The harbour and its clocks, a history in pictures. Bremen."


@pytest.mark.parametrize("after", ["Acknowledgements", "About the author", "Appendix A", "Függelék"])
@pytest.mark.parametrize("label", ["[{}]", "{}."])
def test_the_last_numbered_entry_is_kept_before_whatever_follows(after: str, label: str, tmp_path: Path) -> None:
    sheet = numbered(article(), 9, label).paragraph(f"{label.format(10)} {SHORT}", rest=16)
    sheet.heading(after)
    for _ in range(3):
        sheet.paragraph(BODY)
    assert_read_whole(read(sheet, tmp_path), (*AUTHOR_YEAR[:9], SHORT))


@pytest.mark.parametrize("heading", ["Zdroje", "Netografia", "Marejeo", "What We Read"])
@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("label", ["[{}]", "{}."])
def test_a_list_from_one_on_is_whole_under_any_heading(heading: str, columns: int, label: str, tmp_path: Path) -> None:
    sheet = numbered(article(columns, heading=heading), 12, label)
    assert_read_whole(read(sheet, tmp_path))


def test_a_last_entry_that_runs_over_into_the_next_column_is_whole(tmp_path: Path) -> None:
    sheet = numbered(article(2, paragraphs=2), 4, "[{}]")
    sheet.y = sheet.height - 90 - 1.2 * sheet.size
    sheet.paragraph(f"[5] {AUTHOR_YEAR[4]} {AUTHOR_YEAR[5]} See also the notes of L. and of M. and of N.", rest=16)
    assert [reference.label for reference in read(sheet, tmp_path)] == ["1", "2", "3", "4", "5"]


def test_a_list_that_begins_at_the_foot_of_a_column_and_goes_on_beside_it_is_read_in_order() -> None:
    left = [(f"The survey asked them again in week {row}", 60 + 12 * row, 10) for row in range(40)]
    left += [("References", 560, 10)]
    left += [(f"[{row + 1}] Adler, M. (199{row}): Time. Sage, 1-9.", 580 + 10 * row, 8) for row in range(4)]
    right = [(f"[{row + 5}] Brandt, S. (198{row % 9}): Home. Sage, 1-9.", 60 + 10 * row, 8) for row in range(30)]
    lines = [
        Line(text, x, y - 8, x + 200, y + 2, y, size)
        for x, column in ((50, left), (320, right))
        for text, y, size in column
    ]
    ordered = [line.text for line in reading_order([Page(1, 595, 842, tuple(lines))])]
    assert ordered == [text for text, _, _ in left + right]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("[12] Adler", (("[", "]"), 12)),
        ("(3) Adler", (("(", ")"), 3)),
        ("4. Adler", (("", "."), 4)),
        ("5 Adler", (("", ""), 5)),
        ("5 hours", None),
        ("[12 Adler", None),
        ("1999", None),
        ("Adler", None),
    ],
)
def test_labels_are_told_from_other_numbers(text: str, label: object) -> None:
    assert label_of(text) == label


def test_the_number_that_is_due_goes_on_and_others_do_not() -> None:
    numbering = Numbering()
    texts = ["[1] A", "more", "[2] B", "7. Street", "[4] C", "[9] D", "[5] E"]
    assert [numbering.goes_on(text) for text in texts] == [False, False, True, False, True, False, True]


def test_a_chain_is_followed_back_to_one_or_left_alone() -> None:
    whole = lines_of("We asked.", "[1] Adler", "[2] Brandt", "and more", "[3] Castell", "[4] Dorn")
    assert first_of_chain(whole, 3) == 1
    assert first_of_chain(whole[2:], 1) == 1
    assert first_of_chain(lines_of("We asked.", "they said"), 1) == 1
    assert in_brackets(whole) == 4


# ── several works under one number ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("label", ["[{}]", "{}."])
@pytest.mark.parametrize("columns", [1, 2])
def test_works_parted_by_semicolons_are_references_of_their_own(label: str, columns: int, tmp_path: Path) -> None:
    sheet = article(columns, paragraphs=9)
    for number, works in enumerate(PHYSICS, 1):
        sheet.paragraph(f"{label.format(number)} {'; '.join(works)}.", rest=16)
    references = read(sheet, tmp_path)
    assert folded([reference.raw.rstrip(".") for reference in references]) == folded(sum(PHYSICS, ()))
    assert [reference.label for reference in references] == ["1", "1", "2", "3", "3", "3", "4"]


@pytest.mark.parametrize(
    "text",
    [
        "Adler, P.; Brandt, R.; Dorn, Q. Time at home. Harb. Lett. 2007, 48, 83.",
        "Adler P, Brandt R. Time at home. J Week. 2001;12(3):34-56; discussion 57.",
        "P. Adler, Time in 1984; a history (Sage, London, 1990).",
        "P. Adler, Nucl. Phys. B123, 45 (1980); erratum ibid. B124, 60 (1981).",
    ],
)
def test_semicolons_inside_one_work_part_nothing(text: str) -> None:
    entry = Entry(tuple(lines_of(f"[1] {text}")), "1", 4)
    assert works_of(entry) == [entry]


def test_the_words_that_lead_to_the_next_work_are_left_out() -> None:
    lines = lines_of("[1] P. Adler, Nucl. Phys. B123, 45 (1980);", "see also R. Brandt, Phys. Lett. 77B, 1 (1981)")
    texts = [entry.texts for entry in works_of(Entry(tuple(lines), "1", 4))]
    assert texts == [["P. Adler, Nucl. Phys. B123, 45 (1980)"], ["R. Brandt, Phys. Lett. 77B, 1 (1981)"]]
