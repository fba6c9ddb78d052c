"""Foot- and endnotes of whole documents: where they stand, how they go on, when their references count."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from dl_lit.extraction.limits import FileLimits
from dl_lit.extraction.worker import extract
from dl_lit.model import PdfReason, Person, Reference
from pdf_pages import AUTHOR_YEAR, BODY, Sheet, hanging

NOTES = (
    "Vgl. Karla Ahlers, Die stille Werft, Emden 1994, S. 17.",
    "Jan Fehr, Ebbe und Recht, in: Tom Gerth (Hrsg.), Küsten im Wandel, Kiel 2003, S. 5-31.",
    "Das Wort steht hier für jede Art von Hafen.",
    "Ina Holm, Der Kai als Bühne, in: Zeitschrift für Hafenkunde 8 (1999), S. 40-52; Uwe Jark, Kräne, Bremen 2001.",
)
WORKS = ["Karla Ahlers", "Jan Fehr", "Ina Holm", "Uwe Jark"]


def noted_page(sheet: Sheet, notes: Sequence[str], first: int = 1, *, mark: str = "{} ", size: float = 8) -> Sheet:
    """A page of text, with `notes` in small type at its foot."""
    for _ in range(3):
        sheet.paragraph(BODY, after=6)
    sheet.y = sheet.height - 90 - 20 * len(notes)
    return set_notes(sheet, notes, first, mark=mark, size=size)


def set_notes(sheet: Sheet, notes: Sequence[str], first: int = 1, *, mark: str = "{} ", size: float = 8) -> Sheet:
    usual, sheet.size = sheet.size, size
    for number, note in enumerate(notes, first):
        sheet.paragraph(mark.format(number) + note, rest=12)
    sheet.size = usual
    return sheet


def references(sheet: Sheet, path: Path) -> tuple[Reference, ...]:
    return extract(str(sheet.save(path)), FileLimits()).references


def families(found: Sequence[Reference]) -> list[str | None]:
    return [reference.authors[0].family for reference in found if reference.authors]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "noted.pdf"


@pytest.mark.parametrize("mark", ["{} ", "{}) ", "[{}] ", "{}. ", "({}) "])
def test_works_are_read_from_the_feet_of_pages(path: Path, mark: str) -> None:
    found = references(noted_page(Sheet(), NOTES, mark=mark), path)
    assert families(found) == ["Ahlers", "Fehr", "Holm", "Jark"]
    assert all(reference.from_note for reference in found)
    assert [(reference.position, reference.label, reference.page) for reference in found] == [
        *((1, "1", 1), (2, "2", 1)),
        *((3, "4", 1), (4, "4", 1)),
    ]
    assert found[0].raw == "Karla Ahlers, Die stille Werft, Emden 1994, S. 17."


def test_raised_marks_belong_to_their_notes(path: Path) -> None:
    sheet = noted_page(Sheet(), ())
    sheet.y = 700
    for number, note in enumerate(NOTES[:2], 1):
        sheet.at(60, sheet.y - 3, str(number), size=5).at(72, sheet.y, note, size=8)
        sheet.gap(10)
    found = references(sheet, path)
    assert [reference.label for reference in found] == ["1", "2"]
    assert found[0].raw.startswith("Karla Ahlers")


@pytest.mark.parametrize("firsts", [(1, 3), (1, 1), (7, 9)], ids=["running", "by page", "an excerpt"])
def test_numbers_run_on_or_begin_again_on_each_page(path: Path, firsts: tuple[int, int]) -> None:
    sheet = noted_page(Sheet(), NOTES[:2], firsts[0]).page()
    found = references(noted_page(sheet, NOTES[2:], firsts[1]), path)
    assert families(found) == ["Ahlers", "Fehr", "Holm", "Jark"]
    assert [reference.page for reference in found] == [1, 1, 2, 2]


def test_a_note_goes_on_at_the_foot_of_the_next_page(path: Path) -> None:
    sheet = noted_page(Sheet(), [NOTES[0], "Jan Fehr, Ebbe und Recht, in: Tom Gerth (Hrsg.), Küsten im"]).page()
    for _ in range(3):
        sheet.paragraph(BODY, after=6)
    sheet.y = 700
    sheet.at(72, sheet.y, "Wandel, Kiel 2003, S. 5-31.", size=8).gap(10)
    found = references(set_notes(sheet, NOTES[3:], 3), path)
    assert [reference.raw for reference in found][1] == NOTES[1]


def test_a_note_may_fill_the_foot_of_the_next_page_alone(path: Path) -> None:
    sheet = noted_page(Sheet(), [NOTES[0], "Jan Fehr, Ebbe und Recht, in: Tom Gerth (Hrsg.), Küsten im"]).page()
    for _ in range(3):
        sheet.paragraph(BODY, after=6)
    sheet.at(72, 740, "Wandel, Kiel 2003, S. 5-31.", size=8)
    assert [reference.raw for reference in references(sheet, path)][1] == NOTES[1]


def test_a_line_of_a_note_may_be_a_little_larger(path: Path) -> None:
    sheet = noted_page(Sheet(), NOTES[:1])
    for row, (text, size) in enumerate(
        [
            ("2 Jan Fehr, Ebbe und Recht, in: Tom", 8),
            ("Gerth (Hrsg.), Küsten im Wandel,", 9.7),
            ("Kiel 2003, S. 5-31.", 8),
        ]
    ):
        sheet.at(60, sheet.y + 10 * row, text, size=size)
    assert references(sheet, path)[1].raw == NOTES[1]


def test_hyphens_at_line_ends_are_mended(path: Path) -> None:
    sheet = noted_page(Sheet(), NOTES[:1])
    sheet.at(60, sheet.y, "2 Jan Fehr, Ebbe und Recht, in: Tom Gerth (Hrsg.), Küsten im Wan-", size=8).gap(10)
    sheet.at(72, sheet.y, "del, Kiel 2003, S. 5-31.", size=8)
    assert references(sheet, path)[1].raw == NOTES[1]


def test_notes_stand_at_the_foot_of_their_column(path: Path) -> None:
    sheet = Sheet(columns=2)
    for notes, first in ((NOTES[:2], 1), (NOTES[2:], 3)):
        for _ in range(3):
            sheet.paragraph(BODY, after=6)
        sheet.y = 600
        set_notes(sheet, notes, first)
        sheet.y = sheet.height
    assert families(references(sheet, path)) == ["Ahlers", "Fehr", "Holm", "Jark"]


def test_notes_may_stand_across_both_columns(path: Path) -> None:
    sheet = Sheet(columns=2)
    for _ in range(8):
        sheet.paragraph(BODY, after=6)
        if sheet.column == 0 and sheet.y > 560:
            sheet.column, sheet.y = 1, 90.0
    sheet.columns, sheet.column, sheet.y = 1, 0, 680.0
    assert families(references(set_notes(sheet, NOTES), path)) == ["Ahlers", "Fehr", "Holm", "Jark"]


def test_notes_may_stand_in_the_margin(path: Path) -> None:
    sheet = Sheet()
    for row in range(40):
        sheet.at(200, 90 + 16 * row, "The survey asked every household twice about hours of work.")
    for row, line in enumerate(
        ["1 Karla Ahlers, Die", "stille Werft, Em-", "den 1994.", "", "2 Jan Fehr, Ebbe", "und Recht, Kiel", "2003."]
    ):
        sheet.at(60, 606 + 8 * row, line, size=6.5) if line else None
    assert families(references(sheet, path)) == ["Ahlers", "Fehr"]


def test_a_list_wins_over_the_notes(path: Path) -> None:
    sheet = noted_page(Sheet(), NOTES).page()
    sheet.heading("Literatur")
    found = references(hanging(sheet, AUTHOR_YEAR), path)
    assert len(found) == len(AUTHOR_YEAR)
    assert not any(reference.from_note for reference in found)


def test_dense_notes_are_not_taken_for_a_list_without_a_heading(path: Path) -> None:
    sheet = Sheet()
    works = [f"Siehe {work}" for work in AUTHOR_YEAR]
    for at in range(0, 12, 4):
        noted_page(sheet, works[at : at + 4], at + 1)
        if at < 8:
            sheet.page()
    found = references(sheet, path)
    assert len(found) == len(AUTHOR_YEAR)
    assert all(reference.from_note for reference in found)
    assert found[0].raw.startswith("Adler, M.")


def test_comments_only_are_no_references(path: Path) -> None:
    notes = ("Das Wort steht hier für jede Art von Hafen.", "So auch auf den Inseln.", "Das gilt bis heute.")
    extraction = extract(str(noted_page(Sheet(), notes).save(path)), FileLimits())
    assert extraction.references == ()
    assert extraction.reason == PdfReason.NO_REFERENCES


def test_a_note_with_a_star_gives_no_references(path: Path) -> None:
    sheet = noted_page(Sheet(), ["Karla Ahlers, Hafenamt Emden, Deichstr. 3, 26721 Emden, 1994."], mark="* ")
    found = references(set_notes(sheet, NOTES), path)
    assert families(found) == ["Ahlers", "Fehr", "Holm", "Jark"]


def test_a_table_in_small_type_is_no_note(path: Path) -> None:
    sheet = Sheet()
    for row in range(1, 9):
        sheet.at(60, 90 + 10 * row, f"{row} Emden {1990 + row} 17,3 20,5 31,8", size=8)
    sheet.y = 220
    assert families(references(noted_page(sheet, NOTES), path)) == ["Ahlers", "Fehr", "Holm", "Jark"]


@pytest.mark.parametrize("rule", [None, "_" * 20])
def test_notes_as_large_as_the_text_stand_below_a_gap_or_a_rule(path: Path, rule: str | None) -> None:
    sheet = Sheet()
    for notes, first in ((NOTES[:2], 1), (NOTES[2:], 3)):
        for _ in range(6):
            sheet.paragraph(BODY)
        if rule:
            sheet.line(rule)
        set_notes(sheet.gap(0 if rule else 10), notes, first, size=10)
        if first == 1:
            sheet.page()
    assert families(references(sheet, path)) == ["Ahlers", "Fehr", "Holm", "Jark"]


def test_numbered_headings_are_no_notes(path: Path) -> None:
    sheet = Sheet()
    for number in range(1, 7):
        sheet.gap(12).line(f"{number} What the households said in spring")
        sheet.gap(12).paragraph(BODY).paragraph("So Karla Ahlers, Die stille Werft, Emden 1994, had said.")
    assert references(sheet, path) == ()


# ── endnotes ─────────────────────────────────────────────────────────────────────────────────────────────


def endnoted(heading: str, notes: Sequence[str] = NOTES, *, size: float = 10) -> Sheet:
    sheet = Sheet()
    for _ in range(5):
        sheet.paragraph(BODY, after=6)
    return set_notes(sheet.heading(heading), notes, size=size)


@pytest.mark.parametrize(
    "heading",
    ["Anmerkungen", "Notes", "Endnotes", "Fußnoten", "Notas", "Anmerkungen und Literatur", "NOTES AND REFERENCES"],
)
@pytest.mark.parametrize("size", [8, 10])
def test_works_are_read_from_endnotes(path: Path, heading: str, size: float) -> None:
    found = references(endnoted(heading, size=size), path)
    assert families(found) == ["Ahlers", "Fehr", "Holm", "Jark"]
    assert all(reference.from_note for reference in found)


def test_endnotes_end_at_the_next_heading(path: Path) -> None:
    sheet = endnoted("Anmerkungen").heading("Summary")
    sheet.paragraph("5 Tom Gerth, Strand und Stadt, Kiel 1999, S. 4, was read by all of the households in the survey.")
    assert families(references(sheet, path)) == ["Ahlers", "Fehr", "Holm", "Jark"]


def test_a_list_called_references_and_notes_stays_a_list(path: Path) -> None:
    sheet = endnoted("References and notes", [entry for entry in AUTHOR_YEAR])
    found = references(sheet, path)
    assert len(found) == len(AUTHOR_YEAR)
    assert not any(reference.from_note for reference in found)


def test_references_and_notes_that_comment_are_read_as_notes(path: Path) -> None:
    notes = (*NOTES, "Ebd., S. 6.", "Vgl. Nora Kuhl, Deich und Dorf, Husum 1987.")
    found = references(endnoted("References and notes", notes), path)
    assert families(found) == ["Ahlers", "Fehr", "Holm", "Jark", "Kuhl"]


# ── works cited before ───────────────────────────────────────────────────────────────────────────────────


def test_the_same_author_takes_the_name_of_the_work_before(path: Path) -> None:
    notes = (NOTES[0], "Ders., Werft und Wort, Emden 1999; dies., Tauwerk, Emden 2001.", "Ebd., S. 9.")
    found = references(noted_page(Sheet(), notes), path)
    assert families(found) == ["Ahlers", "Ahlers", "Ahlers"]
    assert [reference.raw for reference in found[1:]] == [
        "Ders., Werft und Wort, Emden 1999",
        "dies., Tauwerk, Emden 2001.",
    ]


def test_the_same_author_may_have_others_beside_or_edit_the_book(path: Path) -> None:
    notes = (
        NOTES[0],
        "Dies./Uwe Jark, Werft und Wort, Emden 1999.",
        "Jan Fehr, Ebbe, in: ders. (Hrsg.), Küsten im Wandel, Kiel 2003, S. 5-31.",
    )
    _, together, own = references(noted_page(Sheet(), notes), path)
    assert [person.family for person in together.authors] == ["Ahlers", "Jark"]
    assert own.editors == own.authors == (Person("Fehr", "Jan"),)


def test_a_short_form_stands_for_the_work_cited_before(path: Path) -> None:
    notes = (*NOTES, "Ahlers 1994, S. 20.", "Fehr, a.a.O., S. 6.", "Vgl. Holm (Anm. 4), S. 41.")
    found = references(noted_page(Sheet(), notes), path)[4:]
    assert [reference.raw for reference in found] == [
        "Ahlers 1994, S. 20.",
        "Fehr, a.a.O., S. 6.",
        "Holm (Anm. 4), S. 41.",
    ]
    assert families(found) == ["Ahlers", "Fehr", "Holm"]
    assert [reference.year for reference in found] == [1994, 2003, 1999]
    assert [reference.label for reference in found] == ["5", "6", "7"]


def test_a_short_form_that_leads_nowhere_is_no_reference(path: Path) -> None:
    found = references(noted_page(Sheet(), (*NOTES, "Quast 1994, S. 20.", "Ahlers 1871, S. 2.")), path)
    assert families(found) == ["Ahlers", "Fehr", "Holm", "Jark"]


BY_ONE_AUTHOR = (
    "Karla Ahlers, Die stille Werft, Emden 1994, S. 17.",
    "Karla Ahlers, Taue und Tarife, in: Zeitschrift für Hafenkunde 8 (1999), S. 40-52.",
    "Jan Fehr, Boote bauen, Kiel 2003; Karla Ahlers, Kräne am Kai, Bremen 2001.",
)


def resolved(path: Path, *notes: str, before: Sequence[str] = BY_ONE_AUTHOR) -> list[int | None]:
    """The years of what the `notes` behind those of `before` cite."""
    found = references(noted_page(Sheet(), (*before, *notes)), path)
    return [reference.year for reference in found if int(reference.label or 0) > len(before)]


@pytest.mark.parametrize(
    ("note", "year"),
    [
        ("Ahlers (Anm. 1), S. 20.", 1994),
        ("Ahlers (wie Anm. 2), S. 20.", 1999),
        ("Ahlers, supra note 1, at 47.", 1994),
        ("Ahlers (n. 1), 46.", 1994),
        ("Ahlers, a.a.O. (Fn. 1), S. 20.", 1994),
        ("Ahlers, Werft (Fn. 1), S. 21.", 1994),
        ("Ahlers: Werft, S. 21.", 1994),
        ("Ahlers, Werft, cit., p. 21.", 1994),
        ("Ahlers (s. o. Fn. 2), S. 21.", 1999),
        ("Ahlers (note 2 above), 21.", 1999),
        ("Fehr, S. 21.", 2003),
        ("Ahlers, Taue und Tarife, S. 41.", 1999),
        ("Ahlers, «Taue», S. 41, a. A.", 1999),
        ("Karla Ahlers, Kräne, 48, disagrees.", 2001),
        ("Ahlers, Kräne, a.a.O., S. 9.", 2001),
        ("Fehr, Boote (oben Anm. 3), S. 110.", 2003),
        ("Ahlers, a.a.O., S. 9.", 2001),
        ("Ahlers, Kräne (Anm. 7), S. 9.", 2001),
    ],
)
def test_a_short_form_follows_its_note_and_title(path: Path, note: str, year: int) -> None:
    assert resolved(path, note) == [year]


@pytest.mark.parametrize(
    "note",
    [
        "Fehr (Anm. 1), S. 20.",
        "Ahlers (Anm. 9), S. 20.",
        "Ahlers, Werft (Anm. 2), S. 20.",
        "Ahlers, Strandgut, 48.",
        "Ahlers, Strandgut, a.a.O., S. 48.",
        "Ahl, Werft, 48.",
        "Ahl 1994, S. 3.",
        "Ahlers, S. 3.",
    ],
)
def test_a_short_form_never_stands_for_another_work(path: Path, note: str) -> None:
    assert resolved(path, note) == []


def test_a_short_form_that_several_works_fit_stands_for_none(path: Path) -> None:
    both = ("Karla Ahlers, Die Werft, Emden 1994; Karla Ahlers, Werft am Meer, Kiel 1994, S. 7.", NOTES[1])
    assert resolved(path, "Ahlers (Anm. 1), S. 3.", "Ahlers 1994, S. 3.", "Ahlers, Werft, S. 3.", before=both) == []
    again = (BY_ONE_AUTHOR[0], "Karla Ahlers, Die stille Werft, Emden 1994, S. 99.")
    assert resolved(path, "Ahlers, Werft, S. 3.", before=again) == [1994]


def test_a_note_that_repeats_a_work_can_be_pointed_to(path: Path) -> None:
    notes = ("Ebd., S. 5.", "Ahlers (Anm. 1), S. 3.", "Fehr (Anm. 4), S. 6.", "Ahlers (Anm. 5), S. 9.")
    before = (BY_ONE_AUTHOR[0], BY_ONE_AUTHOR[1], "Jan Fehr, Boote bauen, Kiel 2003.")
    assert resolved(path, *notes, before=before) == [1994, 2003, 1994]


def test_a_note_number_counts_within_its_chapter(path: Path) -> None:
    sheet = noted_page(Sheet(), BY_ONE_AUTHOR[:2]).page()
    chapter = ("Karla Ahlers, Kräne am Kai, Bremen 2001.", "Ahlers (Anm. 1), S. 3.", "Ahlers (Anm. 7), S. 3.")
    found = references(noted_page(sheet, chapter), path)
    assert [reference.year for reference in found[2:]] == [2001, 2001]


def test_the_same_author_is_the_one_named_last_also_in_short(path: Path) -> None:
    notes = ("Ahlers (Anm. 1), S. 3; dies., Tauwerk, Emden 2001.", "Quast 1871, S. 2; ders., Tonnen, Emden 1872.")
    found = references(noted_page(Sheet(), (BY_ONE_AUTHOR[0], NOTES[1], *notes)), path)
    known, unknown = found[-2:]
    assert [person.family for person in known.authors] == ["Ahlers"]
    assert (unknown.year, unknown.authors) == (1872, ())


def test_the_same_author_may_be_cited_in_short(path: Path) -> None:
    notes = ("Dies., Tauwerk, Emden 2001.", "Dies. (Anm. 1), S. 9.")
    assert resolved(path, *notes, before=(BY_ONE_AUTHOR[0],)) == [2001, 1994]


def test_a_family_name_of_several_words_may_be_shortened(path: Path) -> None:
    before = ("Pedro de los Ríos Urrutia, Cofradías y deuda, Madrid, Faro, 1995, p. 45.", NOTES[0])
    assert resolved(path, "De los Ríos, op. cit., p. 50.", before=before) == [1995]


def test_a_yearbook_without_authors_is_a_work_though_it_looks_short(path: Path) -> None:
    found = references(noted_page(Sheet(), (*NOTES, "Harbour Yearbook 1997, S. 309.")), path)
    assert found[-1].raw == "Harbour Yearbook 1997, S. 309."


def test_a_title_that_reads_like_names_is_a_work_unless_they_were_cited_before(path: Path) -> None:
    found = references(noted_page(Sheet(), (*NOTES, "Quast, Hafen und Flut (1925) 12.")), path)
    assert found[-1].raw == "Quast, Hafen und Flut (1925) 12."


def test_a_newspaper_is_dated_by_its_day(path: Path) -> None:
    found = references(noted_page(Sheet(), (*NOTES, "„Ein Kran für alle“, in: Emder Bote, 3.4.1999, S. 2.")), path)
    assert (found[-1].year, found[-1].year_text) == (1999, "1999")


def test_persons_are_those_of_the_print(path: Path) -> None:
    [first, *_] = references(noted_page(Sheet(), NOTES), path)
    assert first.authors == (Person("Ahlers", "Karla"),)
