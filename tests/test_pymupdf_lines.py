"""Lines out of MuPDF's runs of letters: what belongs together, what is left out, what a line looks like."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymupdf

from dl_lit.extraction.backends.pymupdf import Document
from dl_lit.extraction.pages import Line
from pdf_pages import open_pdf


def lines_of(folder: Path, fill: Callable[[Any], None]) -> tuple[Line, ...]:
    """The lines of a page that `fill` has written on."""
    path = folder / "page.pdf"
    with open_pdf() as document:
        fill(document.new_page())
        document.subset_fonts()
        document.save(path)
    with Document(path) as read:
        return read.page(1).lines


def put(page: Any, x: float, y: float, text: str, **look: Any) -> float:
    """Writes and returns where the text ends."""
    size, font = look.get("fontsize", 10), look.get("fontname", "helv")
    page.insert_text((x, y), text, **{"fontsize": 10, **look})
    return x + float(pymupdf.get_text_length(text, fontname=font, fontsize=size))


def test_a_raised_number_begins_the_line_that_stands_below_it(tmp_path: Path) -> None:
    def fill(page: Any) -> None:
        end = put(page, 72, 96.5, "12", fontsize=6)
        put(page, end + 2.5, 100, "Quist, Harbour Lights, p. 4.")
        put(page, 72, 112, "Ibid.")

    first, second = lines_of(tmp_path, fill)
    assert first.text == "12 Quist, Harbour Lights, p. 4."
    assert (round(first.x0), round(first.baseline, 1), round(first.size, 1)) == (72, 100, 10)
    assert second.text == "Ibid."


def test_most_letters_decide_what_a_line_of_several_fonts_is(tmp_path: Path) -> None:
    def fill(page: Any) -> None:
        end = put(page, 72, 100, "Quist, A. ")
        end = put(page, end, 100, "A long history of small harbours, ", fontname="heit")
        put(page, end, 100, "1987", fontname="hebo")
        put(page, 72, 130, "References", fontname="hebo")

    entry, heading = lines_of(tmp_path, fill)
    assert entry.text == "Quist, A. A long history of small harbours, 1987"
    assert (entry.bold, entry.italic, entry.font) == (False, True, "Helvetica-Oblique")
    assert (heading.text, heading.bold, heading.italic) == ("References", True, False)


def test_wide_gaps_part_lines_and_lesser_ones_do_not(tmp_path: Path) -> None:
    def fill(page: Any) -> None:
        end = put(page, 72, 100, "[1]")
        put(page, end + 25, 100, "Quist, Harbour Lights.")
        put(page, 400, 100, "A margin")

    assert [line.text for line in lines_of(tmp_path, fill)] == ["[1] Quist, Harbour Lights.", "A margin"]


def test_text_that_is_not_upright_is_left_out(tmp_path: Path) -> None:
    def fill(page: Any) -> None:
        for x, (turn, text) in enumerate(
            ((90, "Up the side"), (180, "On its head"), (270, "Down the side"), (90, "x"))
        ):
            put(page, 100 + 100 * x, 300, text, rotate=turn)
            put(page, 72, 100 + 15 * x, f"Upright {x}")

    assert [line.text for line in lines_of(tmp_path, fill)] == [f"Upright {x}" for x in range(4)]


def test_slanted_letters_are_upright(tmp_path: Path) -> None:
    slant = pymupdf.Matrix(1, 0, -0.3, 1, 0, 0)

    def fill(page: Any) -> None:
        put(page, 72, 100, "Slanted by the program", morph=(pymupdf.Point(72, 100), slant))

    assert [line.text for line in lines_of(tmp_path, fill)] == ["Slanted by the program"]


def test_blanks_before_letters_of_their_font_belong_to_the_line(tmp_path: Path) -> None:
    """A dash for the author named before is a rule drawn over blanks."""

    def fill(page: Any) -> None:
        end = put(page, 72, 104, "        ")
        put(page, end, 100, ", 1984: Harbour Lights.")

    (line,) = lines_of(tmp_path, fill)
    assert (line.text, round(line.x0)) == (", 1984: Harbour Lights.", 72)


def test_blanks_before_another_font_are_no_part_of_the_line(tmp_path: Path) -> None:
    def fill(page: Any) -> None:
        end = put(page, 72, 100, "        ", fontname="tiro")
        put(page, end, 100, "Harbour Lights.")

    (line,) = lines_of(tmp_path, fill)
    assert line.text == "Harbour Lights." and line.x0 > 80


def test_a_line_that_runs_both_ways_stays_whole(tmp_path: Path) -> None:
    def fill(page: Any) -> None:
        page.insert_htmlbox(pymupdf.Rect(50, 50, 500, 90), "<p>שלום <b>עולם</b> 1987</p>")

    (line,) = lines_of(tmp_path, fill)
    assert line.text == "שלום עולם 1987"


def test_a_font_embedded_in_part_goes_by_its_own_name(tmp_path: Path) -> None:
    def fill(page: Any) -> None:
        page.insert_htmlbox(pymupdf.Rect(50, 50, 500, 90), "<p>שלום</p>")

    (line,) = lines_of(tmp_path, fill)
    with pymupdf.Document(tmp_path / "page.pdf") as document:
        (embedded,) = {font[3] for font in document[0].get_fonts()}
    assert embedded[6] == "+" and embedded[7:].startswith(line.font)  # MuPDF cuts long names short


def test_letters_that_no_font_names_do_not_cost_the_page(tmp_path: Path) -> None:
    def fill(page: Any) -> None:
        put(page, 72, 100, 'A "quoted" \\ path\x01, and more')

    (line,) = lines_of(tmp_path, fill)
    assert line.text.startswith('A "quoted" \\ path') and line.text.endswith(", and more")


def test_a_font_that_names_half_a_letter_does_not_cost_the_page(tmp_path: Path) -> None:
    def fill(page: Any) -> None:
        put(page, 72, 100, "A Salt Harbour, 2001")
        document = page.parent
        names = document.get_new_xref()
        document.update_object(names, "<<>>")
        document.update_stream(
            names,
            b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <41> <D800> endbfchar endcmap",
        )
        document.xref_set_key(page.get_fonts()[0][0], "ToUnicode", f"{names} 0 R")

    (line,) = lines_of(tmp_path, fill)
    assert line.text.startswith("\ufffd") and line.text.endswith(" Salt Harbour, 2001")
