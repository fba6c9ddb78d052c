"""From PDFs made on the spot to the references that they print."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap

import pytest

from dl_lit.extraction.furniture import bodies_of
from dl_lit.extraction.limits import FileLimits
from dl_lit.extraction.pages import Line, Page
from dl_lit.extraction.worker import extract
from dl_lit.model import Extraction, PdfReason
from pdf_pages import AUTHOR_YEAR, BODY, Sheet, article, hanging


def read(sheet: Sheet, folder: Path) -> Extraction:
    return extract(str(sheet.save(folder / "paper.pdf")), FileLimits())


def raws(extraction: Extraction) -> list[str]:
    return [reference.raw for reference in extraction.references]


def folded(texts: list[str] | tuple[str, ...]) -> list[str]:
    return [text.replace(" ", "").replace("-", "") for text in texts]


def assert_read_whole(extraction: Extraction, entries: tuple[str, ...] = AUTHOR_YEAR) -> None:
    assert folded(raws(extraction)) == folded(entries)


def test_a_list_with_hanging_indents_is_read_entry_by_entry(tmp_path: Path) -> None:
    extraction = read(hanging(article(), AUTHOR_YEAR), tmp_path)
    assert_read_whole(extraction)
    assert extraction.reason is None
    assert [reference.position for reference in extraction.references] == list(range(1, 13))
    assert extraction.backend == "pymupdf"
    assert extraction.quality is not None and extraction.quality > 0.9


def test_a_list_with_first_lines_indented_is_read(tmp_path: Path) -> None:
    sheet = article()
    for entry in AUTHOR_YEAR:
        sheet.paragraph(entry, first=16)
    assert_read_whole(read(sheet, tmp_path))


def test_a_list_parted_by_space_only_is_read(tmp_path: Path) -> None:
    sheet = article()
    for entry in AUTHOR_YEAR:
        sheet.paragraph(entry, after=7)
    assert_read_whole(read(sheet, tmp_path))


def test_a_list_without_indents_or_space_is_read_by_its_words(tmp_path: Path) -> None:
    sheet = article()
    for entry in AUTHOR_YEAR:
        sheet.paragraph(entry)
    assert_read_whole(read(sheet, tmp_path))


@pytest.mark.parametrize("label", ["[{}] ", "{}. ", "({}) ", "{} ", "{}) "])
def test_numbered_lists_are_read_with_their_labels(tmp_path: Path, label: str) -> None:
    sheet = article(heading="6. References")
    for number, entry in enumerate(AUTHOR_YEAR, 1):
        sheet.paragraph(label.format(number) + entry, rest=18)
    extraction = read(sheet, tmp_path)
    assert_read_whole(extraction)
    assert [reference.label for reference in extraction.references] == [str(n) for n in range(1, 13)]


def test_keyed_labels_are_read(tmp_path: Path) -> None:
    sheet = article()
    for number, entry in enumerate(AUTHOR_YEAR):
        sheet.paragraph(f"[{entry[:3]}{80 + number}] {entry}", rest=18)
    extraction = read(sheet, tmp_path)
    assert_read_whole(extraction)
    assert extraction.references[0].label == "Adl80"


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    sheet = article(columns=2, paragraphs=9)
    assert_read_whole(read(hanging(sheet, AUTHOR_YEAR), tmp_path))


def test_a_two_column_list_below_text_of_one_column_is_read(tmp_path: Path) -> None:
    sheet = Sheet()
    for _ in range(5):
        sheet.paragraph(BODY, after=6)
    sheet.heading("Literatur")
    top = sheet.y
    sheet.columns = 2
    hanging(sheet, AUTHOR_YEAR[:6])
    sheet.column, sheet.y = 1, top
    hanging(sheet, AUTHOR_YEAR[6:])
    assert_read_whole(read(sheet, tmp_path))


def test_balanced_columns_below_balanced_text_are_read_as_one_list(tmp_path: Path) -> None:
    sheet = Sheet(columns=2)
    for column in (0, 1):
        sheet.column, sheet.y = column, 90
        sheet.paragraph(BODY, after=6).paragraph(BODY)
    sheet.column, sheet.y = 0, 420
    sheet.heading("REFERENCES")
    sheet.size, top = 8, sheet.y
    hanging(sheet, AUTHOR_YEAR[:6])
    sheet.column, sheet.y = 1, top
    hanging(sheet, AUTHOR_YEAR[6:])
    assert_read_whole(read(sheet, tmp_path))


def test_entries_over_page_breaks_stay_whole_between_running_heads(tmp_path: Path) -> None:
    sheet = Sheet(height=400, head="How Households Report Their Time")
    sheet.paragraph(BODY, after=4).heading("References")
    entries = tuple(entry.replace("(", f"(in print {number}, ", 1) for number in range(4) for entry in AUTHOR_YEAR)
    extraction = read(hanging(sheet, entries), tmp_path)
    assert extraction.pages > 3
    assert_read_whole(extraction, entries)


def test_the_page_of_a_reference_is_that_of_its_first_line(tmp_path: Path) -> None:
    sheet = article(paragraphs=11)
    extraction = read(hanging(sheet, AUTHOR_YEAR), tmp_path)
    assert_read_whole(extraction)
    pages = [reference.page for reference in extraction.references]
    assert set(pages) == {1, 2} and pages == sorted(pages, key=lambda page: page or 0)
    assert extraction.pages == 2


@pytest.mark.parametrize(
    "heading",
    ["Literaturverzeichnis", "7. Literatur",
     "Quellen und Literatur", "R E F E R E N C E S", "Bibliografía", "Works Cited",
     "Referências", "Références bibliographiques", "Bibliography:", "VII. References and notes"],
)  # fmt: skip
def test_headings_of_many_languages_are_known(tmp_path: Path, heading: str) -> None:
    sheet = article(heading=heading)
    assert_read_whole(read(hanging(sheet, AUTHOR_YEAR), tmp_path))


def test_a_list_without_a_heading_is_found_by_its_look(tmp_path: Path) -> None:
    sheet = article(heading="*")
    assert_read_whole(read(hanging(sheet, AUTHOR_YEAR), tmp_path))


@pytest.mark.parametrize(
    "after", ["Appendix A: Questions", "Danksagung", "About the Author", "Anmerkungen", "Table 1. Hours at work"]
)
def test_a_list_ends_at_what_comes_after_it(tmp_path: Path, after: str) -> None:
    sheet = hanging(article(), AUTHOR_YEAR).heading(after)
    for _ in range(3):
        sheet.paragraph(BODY, after=6)
    assert_read_whole(read(sheet, tmp_path))


def test_a_note_on_the_author_is_no_reference(tmp_path: Path) -> None:
    sheet = hanging(article(), AUTHOR_YEAR).gap(24)
    sheet.paragraph("JANE EXAMPLE is a Lecturer at the University of Somewhere. Address: 5 High Street.", first=20)
    sheet.paragraph("[email: jane@example.org]", first=20)
    assert_read_whole(read(sheet, tmp_path))


def test_a_table_inside_the_list_does_not_end_it(tmp_path: Path) -> None:
    sheet = hanging(article(paragraphs=8), AUTHOR_YEAR[:6]).gap(30)
    sheet.size = 8
    sheet.line("Table 3. Hours a day")
    for number in range(9):
        sheet.line(f"Group {number}   {number}.4   {number}.9   not significant")
    sheet.size = 10
    sheet.page()
    assert_read_whole(read(hanging(sheet, AUTHOR_YEAR[6:]), tmp_path))


def test_lists_of_several_chapters_are_all_read(tmp_path: Path) -> None:
    sheet = hanging(article(), AUTHOR_YEAR[:6]).page().heading("Chapter Two: Abstract")
    for _ in range(4):
        sheet.paragraph(BODY, after=6)
    sheet.heading("References")
    assert_read_whole(read(hanging(sheet, AUTHOR_YEAR[6:]), tmp_path))


def test_headings_of_parts_of_a_list_are_no_references(tmp_path: Path) -> None:
    sheet = article().heading("Primary sources")
    hanging(sheet, AUTHOR_YEAR[:6]).heading("Internetquellen")
    assert_read_whole(read(hanging(sheet, AUTHOR_YEAR[6:]), tmp_path))


def test_dashes_for_the_same_author_begin_a_reference(tmp_path: Path) -> None:
    entries = (
        *AUTHOR_YEAR[:4],
        "--- (1991): The second book of the same two. Opladen: Leske + Budrich.",
        "Ders. (1992): Ein drittes Buch, allein geschrieben und allein verlegt. Berlin: Selbstverlag des Verfassers.",
        *AUTHOR_YEAR[4:],
    )
    sheet = article()
    for entry in entries:
        sheet.paragraph(entry)
    assert_read_whole(read(sheet, tmp_path), entries)


def test_line_numbers_of_a_manuscript_are_left_out(tmp_path: Path) -> None:
    sheet = hanging(article(), AUTHOR_YEAR)
    for number in range(40):
        sheet.at(30, 90 + 12 * number, str(5 * number + 5), size=7)
    assert_read_whole(read(sheet, tmp_path))


def test_running_text_gives_no_references_and_says_so(tmp_path: Path) -> None:
    sheet = Sheet()
    for _ in range(20):
        sheet.paragraph(BODY, after=6)
    extraction = read(sheet, tmp_path)
    assert extraction.reason is PdfReason.NO_REFERENCES
    assert extraction.detail is not None and "no reference list" in extraction.detail
    assert extraction.references == ()


def test_a_heading_with_nothing_readable_below_is_an_empty_list(tmp_path: Path) -> None:
    sheet = article().paragraph("To be added before the text goes to print.")
    extraction = read(sheet, tmp_path)
    assert extraction.reason is PdfReason.EMPTY_LIST
    assert extraction.detail is not None and "could be read" in extraction.detail


def test_three_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    sheet = Sheet(width=842, height=595, columns=3, size=8)
    sheet.paragraph(BODY).heading("References")
    entries = AUTHOR_YEAR + tuple(entry.replace("(", "(reprint, ", 1) for entry in AUTHOR_YEAR * 2)
    assert_read_whole(read(hanging(sheet, entries), tmp_path), entries)


def test_labels_that_stand_far_from_their_entries_belong_to_them(tmp_path: Path) -> None:
    sheet = article()
    for number, entry in enumerate(AUTHOR_YEAR, 1):
        sheet.at(60, sheet.y, f"[{number}]")
        for line in wrap(entry, 70):
            sheet.line(line, 110)
    extraction = read(sheet, tmp_path)
    assert_read_whole(extraction)
    assert extraction.references[11].label == "12"


def test_what_follows_a_numbered_list_on_a_new_page_is_not_part_of_its_last_entry(tmp_path: Path) -> None:
    sheet = article()
    for number, entry in enumerate(AUTHOR_YEAR, 1):
        sheet.paragraph(f"{number}. {entry}", rest=18)
    sheet.page().heading("Some Collaboration")
    for number in range(1, 15):
        sheet.paragraph(
            f"{number} Institute for Advanced Studies of Time, University of Berlin, Berlin, Germany, since 1990"
        )
    assert_read_whole(read(sheet, tmp_path))


def test_a_run_in_heading_opens_a_list(tmp_path: Path) -> None:
    sheet = Sheet().paragraph(BODY, after=20)
    entries = ("Literatur: " + AUTHOR_YEAR[0], *AUTHOR_YEAR[1:])
    assert_read_whole(read(hanging(sheet, entries), tmp_path))


def test_a_chapter_about_literature_is_not_taken_for_a_list(tmp_path: Path) -> None:
    sheet = Sheet().heading("2. Literature")
    for _ in range(6):
        sheet.paragraph(BODY, after=6)
    sheet.heading("References")
    assert_read_whole(read(hanging(sheet, AUTHOR_YEAR), tmp_path))


def test_an_entry_without_a_year_at_the_end_is_kept(tmp_path: Path) -> None:
    entries = (*AUTHOR_YEAR, "Zander, P. (Hrsg.): Handbook of Household Ethics, Bern: Peter Lang.")
    assert_read_whole(read(hanging(article(), entries), tmp_path), entries)


def test_a_first_entry_that_is_not_indented_is_kept_whole(tmp_path: Path) -> None:
    first = "Perrier, N. (1979). Usages des cordages et esprit de village, avec un index des noms. In N. Perrier & J.P."
    sheet = article().line(first).line("Corbeau (Eds.), La fabrique du cordage (pp. 7-35). Paris: Lanterne.")
    whole = f"{first} Corbeau (Eds.), La fabrique du cordage (pp. 7-35). Paris: Lanterne."
    assert_read_whole(read(hanging(sheet, AUTHOR_YEAR), tmp_path), (whole, *AUTHOR_YEAR))


def test_bold_made_by_printing_twice_is_read_once(tmp_path: Path) -> None:
    sheet = article()
    for entry in AUTHOR_YEAR:
        top = sheet.y
        sheet.paragraph(entry, rest=16)
        after = sheet.y
        sheet.y = top
        sheet.paragraph(entry, rest=16.3)
        sheet.y = after
    assert_read_whole(read(sheet, tmp_path))


def test_a_label_before_an_address_or_a_small_letter_is_not_missed(tmp_path: Path) -> None:
    entries = (
        *AUTHOR_YEAR[:5],
        "www.example.org/time/use.php (accessed 14 November 2013).",
        "djb (2014). Stellungnahme zur Zeit. Berlin: djb.",
        *AUTHOR_YEAR[5:],
    )
    sheet = article()
    for number, entry in enumerate(entries, 1):
        sheet.paragraph(f"{number} {entry}", rest=18)
    assert_read_whole(read(sheet, tmp_path), entries)


def test_an_address_that_sticks_out_of_its_column_does_not_mix_the_columns(tmp_path: Path) -> None:
    sheet = article(columns=2, paragraphs=9)
    entries = tuple(
        entry.replace("Household ", "https://www.example.org/journals/of/household/studies/page ")
        for entry in AUTHOR_YEAR
    )
    assert_read_whole(read(hanging(sheet, entries * 3), tmp_path), entries * 3)


def test_a_line_that_begins_with_editors_is_no_beginning(tmp_path: Path) -> None:
    sheet = hanging(article(), AUTHOR_YEAR[:3])
    lines = (
        "Dies.: Challenging the unspoken, in the words of others. In Verschueren, Jeff.",
        "ed. Language and ideology. Antwerp 1999.",
    )
    sheet.line(lines[0]).line(lines[1])
    broken = " ".join(lines)
    entries = (*AUTHOR_YEAR[:3], broken, *AUTHOR_YEAR[3:])
    assert_read_whole(read(hanging(sheet, AUTHOR_YEAR[3:]), tmp_path), entries)


def test_a_list_without_a_heading_may_fill_most_of_a_document(tmp_path: Path) -> None:
    entries = AUTHOR_YEAR + tuple(entry.replace("(", "(reprint, ", 1) for entry in AUTHOR_YEAR * 3)
    sheet = Sheet().paragraph(BODY, after=30)
    assert_read_whole(read(hanging(sheet, entries), tmp_path), entries)


def test_a_doi_behind_a_link_is_found_if_the_entry_has_but_one(tmp_path: Path) -> None:
    sheet = article()
    for number, entry in enumerate(AUTHOR_YEAR):
        sheet.paragraph(entry, rest=16).line("[CrossRef]", 16)
        sheet.link(70, f"https://doi.org/10.1000/work{number}")
        if number == 1:
            sheet.link(90, "https://doi.org/10.1000/another")
        if number == 2:
            sheet.link(90, "https://www.example.org/10.html")
    dois = [reference.doi for reference in read(sheet, tmp_path).references]
    assert dois[:3] == ["10.1000/work0", None, "10.1000/work2"]
    assert dois[5] == "10.1000/smr.2010.77"  # what is printed comes first
    assert dois[11] == "10.1000/work11"


def test_a_foot_that_stands_on_one_page_only_is_no_part_of_the_last_entry(tmp_path: Path) -> None:
    sheet = hanging(article(paragraphs=2), AUTHOR_YEAR).at(250, 820, "Printed in Utrecht, no. 4 (2)")
    assert_read_whole(read(sheet, tmp_path))


def test_a_short_last_entry_with_a_label_is_kept(tmp_path: Path) -> None:
    entries = (*AUTHOR_YEAR, "See the note on page seven.")
    sheet = article()
    for number, entry in enumerate(entries, 1):
        sheet.paragraph(f"[{number}] {entry}", rest=18)
    assert_read_whole(read(sheet, tmp_path), entries)


def test_a_mark_repeated_behind_every_entry_is_no_label(tmp_path: Path) -> None:
    sheet = article()
    for entry in AUTHOR_YEAR:
        sheet.paragraph(entry, rest=16).line("[CrossRef]", 16)
    assert_read_whole(read(sheet, tmp_path), tuple(f"{entry} [CrossRef]" for entry in AUTHOR_YEAR))


class _NumberedLines(Sheet):
    """Numbers each line as it is set, right before it and so close that readers take both for one line."""

    numbers = 0

    def line(self, text: str, indent: float = 0) -> Sheet:
        before = (self.y, self.left)
        self.numbers += 1
        if self.y <= self.height - 90:
            self.at(before[1] - 14, before[0], str(self.numbers), size=7)
        return super().line(text, indent)


@pytest.mark.parametrize("label", ["", "[{}] "])
def test_a_number_close_to_every_line_is_no_label(tmp_path: Path, label: str) -> None:
    sheet = _NumberedLines()
    for _ in range(4):
        sheet.paragraph(BODY, after=6)
    sheet.heading("References")
    for number, entry in enumerate(AUTHOR_YEAR, 1):
        sheet.paragraph(label.format(number) + entry, rest=16)
    assert_read_whole(read(sheet, tmp_path), tuple(AUTHOR_YEAR))


def test_a_raised_label_may_touch_an_initial(tmp_path: Path) -> None:
    sheet = article()
    entries = [
        f"{initial}. Farrow, Tidal Sorting of Gravel, Harbour Rev. {n}, 14 (1987)."
        for n, initial in enumerate("ABCDEFG", 1)
    ]
    for number, entry in enumerate(entries, 1):
        sheet.at(sheet.left, sheet.y - 3, str(number), size=6)
        sheet.line(entry, indent=3.2)
    extraction = read(sheet, tmp_path)
    assert [reference.label for reference in extraction.references] == list("1234567")
    assert [reference.authors[0].family for reference in extraction.references] == ["Farrow"] * 7


def test_a_foot_with_a_bar_on_one_page_is_no_reference(tmp_path: Path) -> None:
    sheet = article(paragraphs=11)
    for entry in AUTHOR_YEAR[:6]:
        sheet.paragraph(entry, rest=16)
    sheet.page().at(60, 40, "M. Hartwell | 102")
    for entry in AUTHOR_YEAR[6:]:
        sheet.paragraph(entry, rest=16)
    assert_read_whole(read(sheet, tmp_path))


def test_a_head_of_one_page_may_end_a_little_within_the_text() -> None:
    def line(text: str, x0: float, x1: float, baseline: float) -> Line:
        return Line(text, x0, baseline - 8, x1, baseline + 2, baseline, 10)

    text = [line(f"what the pilots were paid {at}", 60, 500, 100 + 12 * at) for at in range(30)]
    head = [line("M. Hartwell and C. Okonkwo", 62, 190, 40), line("102", 480, 495, 40)]
    (body,) = bodies_of([Page(1, 560, 800, (*head, *text))])
    assert body.lines == tuple(text)


_MORE_BODY = (
    "We follow the accounts of the office and compare them with the tolls of the river, as the last section says. "
    "(Hartwell and Okonkwo 2014)."
)


def test_numbers_that_begin_anew_below_a_heading_begin_a_list(tmp_path: Path) -> None:
    sheet = article()
    for chapter in range(2):
        if chapter:
            sheet.gap(20).at(60, sheet.y, "2 Chapter about the timber", size=12, bold=True).gap(20)
            for _ in range(3):
                sheet.paragraph(f"{BODY} {_MORE_BODY}", after=6)
            sheet.heading("References")
        for number, entry in enumerate(AUTHOR_YEAR[6 * chapter : 6 * chapter + 6], 1):
            sheet.paragraph(f"[{number}] {entry}", rest=16)
    extraction = read(sheet, tmp_path)
    assert [reference.label for reference in extraction.references] == [*"123456"] * 2
    assert not any("accounts" in reference.raw for reference in extraction.references)
