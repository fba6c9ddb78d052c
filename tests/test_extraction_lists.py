"""Which lines are found to be lists, in what order they are read, and where references are parted."""

from __future__ import annotations

from pathlib import Path

import pytest

from dl_lit.extraction.cleaning import clean
from dl_lit.extraction.furniture import bodies_of
from dl_lit.extraction.heading_words import AFTER_HEADS, LIST_HEADS
from dl_lit.extraction.headings import ends_list, heads_list, heads_more, heads_part, mentions_list, run_in_head
from dl_lit.extraction.layout import reading_order
from dl_lit.extraction.looks import likeness, never_starts, starts_like_reference
from dl_lit.extraction.pages import Line, Page
from pdf_pages import AUTHOR_YEAR, BODY, Sheet, article, assert_read_whole, hanging, read


def text(sheet: Sheet, paragraphs: int) -> Sheet:
    for _ in range(paragraphs):
        sheet.paragraph(BODY, after=6)
    return sheet


# ── headings ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "heading",
    [
        "References",
        "7. REFERENCES",
        "R E F E R E N C E S",
        "Ref erences",
        "Liter aturverzeichnis",
        "Literature Cited",
        "Works Cited",
        "Notes and references",
        "References and Notes:",
        "Literatur",
        "Quellen- und Literaturverzeichnis",
        "Verwendete Literatur",
        "VII. Bibliographie",
        "Références bibliographiques",
        "Ouvrages cités",
        "Referencias bibliográficas",
        "Obras citadas",
        "Fuentes y bibliografía",
        "Lista de referencias",
        "REFERÊNCIAS",
        "R E F E R Ê N C I A S B I B L I O G R Á F I C A S",
        "Bibliografia consultada",
        "Literatura citada",
        "Riferimenti bibliografici",
        "Literatuurlijst",
        "Källförteckning",
        "Litteraturliste",
        "Kirjallisuusluettelo",
        "Lähteet",
        "Piśmiennictwo",
        "Wykaz literatury",
        "Použitá literatura",
        "Список литературы",
        "Література",
        "Список використаних джерел",
        "Kaynakça",
        "Βιβλιογραφία",
        "Irodalomjegyzék",
        "Bibliografie selectivă",
        "参考文献",
        "引用文献",
        "참고문헌",
        "المراجع",
        "ביבליוגרפיה",
    ],
)
def test_what_heads_a_list_is_known_in_many_languages(heading: str) -> None:
    assert heads_list(heading)


def test_words_of_headings_are_written_in_small_letters() -> None:
    """They are matched against small letters, so that one with a capital would never be found."""
    assert LIST_HEADS.lower() == LIST_HEADS
    assert AFTER_HEADS.lower() == AFTER_HEADS
    assert heads_list("3. REFERENCES") and heads_list("IV Literatur") and ends_list("ACKNOWLEDGEMENTS")


@pytest.mark.parametrize(
    "line",
    [
        "References to earlier work are rare",
        "Literature and its readers in the city",
        "Sources of error",
        "Fuentes de energía",
    ],
)
def test_sentences_and_titles_with_such_words_head_no_list(line: str) -> None:
    assert not heads_list(line)


@pytest.mark.parametrize(
    "line",
    [
        "Appendix B: Questionnaire",
        "Acknowledgements",
        "About the Author",
        "Über den Autor",
        "Anschrift des Verfassers",
        "Sobre o autor",
        "Sobre los autores",
        "Agradecimentos",
        "Agradecimientos",
        "Conflito de interesses",
        "Conflicto de intereses",
        "Resumo",
        "Anexo A: Itens",
        "Endereço para correspondência",
        "Recebido em 12/03/2009",
        "Aprovado em: 4 de novembro de 2009",
        "Recibido: 12 de marzo de 2009",
        "Received 12 March 2009",
        "Eingegangen am 12.3.2009",
        "Conflits d'intérêts",
        "Streszczenie",
        "Приложение 1",
        "作者简介",
    ],
)
def test_what_ends_a_list_is_known_in_many_languages(line: str) -> None:
    assert ends_list(line)


def test_a_heading_may_run_into_the_first_reference() -> None:
    assert run_in_head("REFERÊNCIAS: SILVA, A. O tempo. 2001.") == len("REFERÊNCIAS: ")
    assert not run_in_head("A reference")
    assert heads_more("Further reading") and heads_more("Weiterführende Literatur") and not heads_more("References")
    assert heads_part("Fontes primárias") and not heads_part("Fonseca, A. (2001): Prima.")
    assert mentions_list("Sources and literature used here") and not mentions_list("the sources and literature.")


@pytest.mark.parametrize("heading", ["Documents and literature used", "REFERENCES QUOTED ABOVE"])
def test_an_unusual_heading_is_known_by_its_type_and_what_follows(tmp_path: Path, heading: str) -> None:
    assert_read_whole(read(hanging(article(heading=heading), AUTHOR_YEAR), tmp_path))


# ── lists without headings ───────────────────────────────────────────────────────────────────────────────


def test_a_line_of_a_reference_is_told_from_a_line_of_text_in_any_language() -> None:
    assert likeness("SOUZA, J. P.; LIMA, A. O uso do tempo. Tempo e Vida, v. 3, n. 2, p. 11-20, 2008.") > 1
    assert likeness("Kowal, A., Nowak, B.: Czas i praca. Studia 12 (1999), 3-18.") > 1
    assert likeness("the answers were compared with the diaries that a smaller group kept during the week") < -1
    assert likeness("") < 0


def test_a_list_without_heading_begins_below_the_text_before_it(tmp_path: Path) -> None:
    sheet = text(Sheet(), 7).gap(20)
    assert_read_whole(read(hanging(sheet, AUTHOR_YEAR), tmp_path))


def test_lists_of_chapters_without_headings_are_all_found(tmp_path: Path) -> None:
    sheet = hanging(text(Sheet(), 5).gap(14), AUTHOR_YEAR[:6]).page()
    sheet = hanging(text(sheet, 5).gap(14), AUTHOR_YEAR[6:])
    assert_read_whole(read(sheet, tmp_path))


def test_a_list_without_heading_before_further_reading_is_read_once(tmp_path: Path) -> None:
    sheet = hanging(text(Sheet(), 6).gap(14), AUTHOR_YEAR[:8]).heading("Further reading")
    assert_read_whole(read(hanging(sheet, AUTHOR_YEAR[8:]), tmp_path))


# ── reading order ────────────────────────────────────────────────────────────────────────────────────────


def test_a_watermark_across_the_pages_is_left_out(tmp_path: Path) -> None:
    sheet = Sheet(height=500)
    sheet.at(150, 260, "DRAFT", size=70, bold=True)
    text(sheet, 6).page().at(150, 260, "DRAFT", size=70, bold=True)
    hanging(sheet.heading("References"), AUTHOR_YEAR)
    assert_read_whole(read(sheet, tmp_path))


def page_of(texts: list[tuple[float, str]]) -> Page:
    """A page with one line of each (left edge, text), 5 points a letter."""
    lines = [
        Line(text, x, 90 + 12 * at, x + 5 * len(text), 100 + 12 * at, 98 + 12 * at, 10)
        for at, (x, text) in enumerate(texts)
    ]
    return Page(1, 595, 842, tuple(lines))


def test_line_numbers_read_as_part_of_their_lines_are_cut_off() -> None:
    entry = [
        (60.0, "Adler, M. (1999): Time at work and at home."),
        (76.0, "Journal of Household Studies, 12(3), 210-233."),
    ]
    plain = entry * 10
    numbered = [(x - 30, f"{at}   {text}") if at % 5 == 0 else (x, text) for at, (x, text) in enumerate(plain, 1)]
    (body,) = bodies_of([page_of(numbered)])
    assert [line.text for line in body.lines] == [text for _, text in plain]
    assert [line.x0 for line in body.lines] == [x for x, _ in plain]


def test_labels_in_the_margin_are_no_line_numbers() -> None:
    labelled = [(30.0, f"{at} Adler, M. (1999): Time at work.") for at in (2, 3, 7)]
    page = page_of([(60.0, "Journal of Household Studies, 12(3), 210-233.")] * 6 + labelled)
    assert [line.text for line in reading_order([page])] == [line.text for line in page.lines]


def test_a_heading_below_columns_belongs_to_the_list_across_the_page(tmp_path: Path) -> None:
    sheet = Sheet(columns=2)
    for column in (0, 1):
        sheet.column, sheet.y = column, 90
        text(sheet, 2)
    sheet.column, sheet.y, sheet.columns = 0, sheet.y + 30, 1
    assert_read_whole(read(hanging(sheet.heading("References"), AUTHOR_YEAR), tmp_path))


def test_balanced_columns_in_one_type_are_parted_where_the_list_begins(tmp_path: Path) -> None:
    sheet = Sheet(columns=2)
    for column in (0, 1):
        sheet.column, sheet.y = column, 90
        text(sheet, 2)
    sheet.column, sheet.y = 0, 420
    sheet.heading("REFERENCES")
    top = sheet.y
    hanging(sheet, AUTHOR_YEAR[:6])
    sheet.column, sheet.y = 1, top
    assert_read_whole(read(hanging(sheet, AUTHOR_YEAR[6:]), tmp_path))


def test_what_stands_below_one_column_of_a_balanced_list_comes_after_it(tmp_path: Path) -> None:
    sheet = article(columns=2, paragraphs=3)
    top = sheet.y
    hanging(sheet, AUTHOR_YEAR[:6])
    end = sheet.y
    sheet.column, sheet.y = 1, top
    hanging(sheet, AUTHOR_YEAR[6:])
    sheet.column, sheet.y = 0, max(end, sheet.y)
    sheet.heading("Abstract").paragraph(BODY)
    assert_read_whole(read(sheet, tmp_path))


def test_raised_labels_in_the_margin_belong_to_their_lines(tmp_path: Path) -> None:
    sheet = article()
    for number, entry in enumerate(AUTHOR_YEAR, 1):
        sheet.at(sheet.left, sheet.y - 3.5, str(number), size=6.5)
        sheet.paragraph(entry, first=9, rest=9)
    references = read(sheet, tmp_path)
    assert_read_whole(references)
    assert [reference.label for reference in references] == [str(number) for number in range(1, 13)]


# ── splitting ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mark", ["({}) ", "{}) "])
def test_several_works_under_one_number_are_parted(tmp_path: Path, mark: str) -> None:
    sheet = article()
    pairs = zip(AUTHOR_YEAR[::2], AUTHOR_YEAR[1::2], strict=True)
    for number, (first, second) in enumerate(pairs, 1):
        sheet.paragraph(f"[{number}] {mark.format('a')}{first.rstrip('.')}; {mark.format('b')}{second}", rest=18)
    references = read(sheet, tmp_path)
    assert_read_whole(
        references, tuple(entry.rstrip(".") if at % 2 == 0 else entry for at, entry in enumerate(AUTHOR_YEAR))
    )
    assert [reference.label for reference in references[:4]] == ["1a", "1b", "2a", "2b"]


def test_a_bracketed_letter_inside_a_title_parts_nothing(tmp_path: Path) -> None:
    sheet = article()
    entries = tuple(entry.replace(": ", ": On rule (b) and (c). ", 1) for entry in AUTHOR_YEAR)
    for number, entry in enumerate(entries, 1):
        sheet.paragraph(f"{number}. {entry}", rest=18)
    assert_read_whole(read(sheet, tmp_path), entries)


def test_labels_on_lines_of_their_own_are_labels(tmp_path: Path) -> None:
    sheet = article()
    for number, entry in enumerate(AUTHOR_YEAR, 1):
        sheet.line(f"{number}.").paragraph(entry)
    assert_read_whole(read(sheet, tmp_path))


def test_years_in_brackets_at_line_starts_are_no_labels(tmp_path: Path) -> None:
    sheet = article()
    for entry in AUTHOR_YEAR:
        head, year, tail = entry.partition("(")
        sheet.line(head).paragraph(year + tail, after=5)
    assert_read_whole(read(sheet, tmp_path))


def test_keyed_entries_of_narrow_columns_are_read(tmp_path: Path) -> None:
    sheet = article(columns=3, paragraphs=4)
    for number, entry in enumerate(AUTHOR_YEAR):
        sheet.paragraph(f"[{entry[:3]}{80 + number}] {entry} {'Reprinted many times since. ' * 6}", rest=10)
    references = read(sheet, tmp_path)
    assert [reference.label for reference in references] == [f"{e[:3]}{80 + n}" for n, e in enumerate(AUTHOR_YEAR)]


def test_names_in_capitals_begin_references_and_dates_of_access_do_not() -> None:
    assert starts_like_reference("ARISTÓTELES. Retórica. Lisboa: Casa, 2005.") >= 0.8
    assert never_starts("Acesso em: 7 mai. 2022.") and never_starts("Buenos Aires: Editorial Sur, 1998.")
    assert not never_starts("Paris, A. (1998): A name.")


# ── letters ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("printed", "read_as"),
    [
        ("M´etodo, t´ecnico, n´umero", "Método, técnico, número"),
        ("poe ´tica, dialo ´gica", "poética, dialógica"),
        ("the ´new´ town", "the ´new´ town"),
        ("c´est, n´est, s´est", "c´est, n´est, s´est"),
        ("םולש תויח", "חיות שלום"),
        ("שלום חיות", "שלום חיות"),
        ("1998 ,(םילשורי) רפס", "ספר (ירושלים), 1998"),
        ("ﻢﻠﻌﻟا", "العلم"),
        ("العلم والحياة", "العلم والحياة"),
        ("A\u0301rea e\u0301", "Área é"),
    ],
)
def test_detached_accents_and_right_to_left_lines_are_read(printed: str, read_as: str) -> None:
    assert clean(printed) == read_as


def test_the_head_of_only_this_page_beside_its_number_is_no_part_of_the_list(tmp_path: Path) -> None:
    sheet = text(Sheet(), 3).heading("References")
    hanging(sheet, AUTHOR_YEAR[:6])
    sheet.page().at(60, 50, "Letters on Households").at(540, 50, "1122")
    hanging(sheet, AUTHOR_YEAR[6:])
    assert_read_whole(read(sheet, tmp_path))
