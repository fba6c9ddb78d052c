"""What a PDF says about itself on its first pages, told by the look of the lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from dl_lit.extraction.backends.pymupdf import Document
from dl_lit.extraction.frontmatter import FrontMatter, describe
from dl_lit.extraction.limits import FileLimits
from dl_lit.extraction.pages import Line, Metadata, Page
from dl_lit.extraction.worker import extract
from pdf_pages import open_pdf

_BODY = "Plain text of the article goes on for a while in letters of the usual size, line after line."


def _line(text: str, y: float, *, size: float = 10.0, x: float = 70.0, bold: bool = False) -> Line:
    return Line(text, x, y, x + 5 * len(text), y + size, y + size, size, "Serif", bold)


def _page(*lines: Line, number: int = 1) -> Page:
    body = [_line(_BODY, 400 + 12 * i) for i in range(25)]
    return Page(number, 595, 842, (*lines, *body))


def _names(front: FrontMatter) -> list[str]:
    return [f"{person.family}|{person.given}" for person in front.authors]


def test_the_largest_print_is_the_title_and_the_names_below_are_the_authors() -> None:
    page = _page(
        _line("ORIGINAL ARTICLE", 60, size=11),
        _line("The strength of weak ties in the", 100, size=17),
        _line("spread of rumours", 121, size=17),
        _line("Anna Meier and Bob J. Smith", 150, size=12),
        _line("Department of Sociology, University of Somewhere", 170, size=9),
        _line("Abstract", 200, bold=True),
    )
    front = describe([page])
    assert front.title == "The strength of weak ties in the spread of rumours"
    assert _names(front) == ["Meier|Anna", "Smith|Bob J."]


def test_a_title_broken_by_a_hyphen_is_mended() -> None:
    page = _page(_line("Die stillen Tage der Hafenmeister bei-", 100, size=18), _line("tragen zu können", 121, size=18))
    assert describe([page]).title == "Die stillen Tage der Hafenmeister beitragen zu können"


def test_marks_of_affiliation_part_names_and_are_no_part_of_them() -> None:
    page = _page(
        _line("Practical machine learning for everyone", 100, size=17),
        _line("Nora Whitby", 140, size=11, bold=True),
        _line("1, Arun Pillai", 138, size=11, x=140),
        _line("2*, Clive Barrow", 139, size=11, x=240),
        _line("3", 139, size=8, x=350),
        _line("1 University of Somewhere", 160, size=8),
    )
    assert _names(describe([page])) == ["Whitby|Nora", "Pillai|Arun", "Barrow|Clive"]


def test_names_above_the_title_are_taken_where_none_stand_below() -> None:
    page = _page(
        _line("Ida Kranz", 80, size=14),
        _line("Die stillen Tage der neuen Werften", 110, size=18),
        _line("Institut am Hafen", 140),
    )
    assert _names(describe([page])) == ["Kranz|Ida"]


def test_names_beside_the_article_are_not_its_authors() -> None:
    page = _page(
        _line("A title in the right column of a page", 100, size=17, x=170),
        _line("Jane Editor", 130, size=8, x=20),
        _line("Abstract", 150, x=170),
    )
    assert describe([page]).authors == ()


def test_words_that_are_no_names_are_no_authors() -> None:
    page = _page(
        _line("Natural products in modern medicine", 100, size=17), _line("Open Access Full Text Article", 130, size=11)
    )
    assert describe([page]).authors == ()


def test_the_name_of_the_journal_is_not_the_title() -> None:
    page = _page(
        _line("Journal of Applied Botany", 50, size=20),
        _line("Vol. 3, No. 4, 2014", 75, size=18),
        _line("Growth of beans under water", 120, size=16),
    )
    assert describe([page]).title == "Growth of beans under water"


def test_a_short_masthead_yields_to_the_title_below_it() -> None:
    page = _page(
        _line("Forschung aktuell", 30, size=40), _line("Den Nationalen Aktionsplan wirksam machen", 190, size=20)
    )
    assert describe([page]).title == "Den Nationalen Aktionsplan wirksam machen"


def test_a_running_head_that_comes_again_is_not_the_title() -> None:
    head = _line("Papers on Everything and More", 30, size=20)
    first = _page(head, _line("A study of a single thing", 100, size=16))
    assert describe([first, _page(head, number=2)]).title == "A study of a single thing"


def test_a_page_of_plain_text_has_no_title() -> None:
    assert describe([_page()]).title is None


def test_only_mastheads_and_headings_give_no_title() -> None:
    page = Page(
        1,
        595,
        842,
        (_line("www.example.org/journal/home", 60, size=20), _line("ISSN 1234-5678 and further print", 700)),
    )
    assert describe([page]).title is None


def test_pages_without_text_are_passed_over() -> None:
    article = _page(_line("A study of a single thing", 100, size=16), number=2)
    assert describe([Page(1, 595, 842), article]).title == "A study of a single thing"
    assert describe([Page(1, 595, 842)]) == FrontMatter()
    assert describe([]) == FrontMatter()


def test_the_year_is_that_of_publication_not_of_submission() -> None:
    page = _page(
        _line("Received: 1 May 2011", 700), _line("Published online: 3 June 2013", 712), _line("cited in 1999", 500)
    )
    assert describe([page]).year == 2013


def test_the_year_in_the_head_serves_where_nothing_says_published() -> None:
    assert describe([_page(_line("Historical Social Research, Vol. 34 — 2009 — No. 3", 40))]).year == 2009


def test_a_bare_cover_gives_its_last_year() -> None:
    cover = Page(1, 595, 842, (_line("A portfolio of cooperation since 1994", 200, size=18), _line("Bonn 2006", 500)))
    assert describe([cover]).year == 2006


def test_accepted_is_better_than_no_year() -> None:
    assert describe([_page(_line("Accepted: 11 Aug 2014", 300))]).year == 2014
    assert describe([_page()]).year is None


def test_the_doi_of_the_article_beats_those_it_cites() -> None:
    page = _page(
        _line("DOI: 10.1000/own.1", 40, size=8),
        _line("As was shown earlier (see the work at 10.2000/cited.7) there is more to say.", 420),
    )
    assert describe([page]).doi == "10.1000/own.1"


def test_a_doi_cut_at_a_line_end_yields_to_the_whole_one() -> None:
    page = _page(_line("https://doi.org/10.1000/own.12345", 40), _line("Cite as: Meier (2020) 10.1000/own", 60))
    assert describe([page]).doi == "10.1000/own.12345"


def test_dois_in_the_list_of_references_are_not_the_articles() -> None:
    page = Page(
        1, 595, 842, (_line(_BODY, 100), _line("References", 120), _line("https://doi.org/10.2000/cited.7", 790))
    )
    assert describe([page]).doi is None
    assert (
        describe(
            [
                _page(
                    _line("in a text 10.2000/cited.7 as it goes on and on and on and on and on to the end", 420),
                    number=2,
                )
            ]
        ).doi
        is None
    )


def test_a_title_that_is_printed_again_on_the_second_page_is_the_title_all_the_same() -> None:
    cover = Page(
        1,
        595,
        842,
        (_line("Ida Kranz", 240, size=14), _line("Die stillen Tage", 280, size=18), _line("Papier 7 der Reihe", 700)),
    )
    assert describe([cover, _page(_line("Die stillen Tage", 80, size=18), number=2)]).title == "Die stillen Tage"
    running_head = _page(_line("Die stillen Tage", 30, size=9), number=2)
    assert describe([cover, running_head]).title == "Die stillen Tage"


def test_of_two_lines_in_the_same_size_the_bold_one_is_the_title() -> None:
    page = _page(
        _line("Ida Kranz, Jon Vega", 100, size=18), _line("Caught in the net of ships", 130, size=18, bold=True)
    )
    assert describe([page]).title == "Caught in the net of ships"


def test_a_masthead_at_the_very_top_yields_to_the_title_but_not_to_a_subtitle() -> None:
    masthead = (_line("OPEN FORUM: STUDIES OF", 45, size=13, bold=True), _line("HARBOUR LIFE", 59, size=13, bold=True))
    title = _line("Doubt and memory on the quay: a dialogue", 106, size=12, bold=True)
    assert describe([_page(*masthead, title)]).title == "Doubt and memory on the quay: a dialogue"
    subtitle = _line("A second look at all of the letters", 80, size=12, bold=True)
    assert describe([_page(*masthead, subtitle)]).title == "OPEN FORUM: STUDIES OF HARBOUR LIFE"


def test_a_byline_is_no_title_even_where_the_title_is_short() -> None:
    page = _page(
        _line("Der Hafenbericht", 150, size=18, bold=True),
        _line("von Ida Maria Kranz und Jon Vega", 185, size=15, bold=True),
    )
    front = describe([page])
    assert front.title == "Der Hafenbericht"
    assert _names(front) == ["Kranz|Ida Maria", "Vega|Jon"]


@pytest.mark.parametrize("heading", ["1 Introduction", "Schlagwörter", "Palabras clave", "RESUMO", "2. Einleitung"])
def test_a_heading_is_no_title_with_or_without_a_number(heading: str) -> None:
    page = _page(_line("An estimate of the tides", 34, size=12, bold=True), _line(heading, 300, size=14, bold=True))
    assert describe([page]).title == "An estimate of the tides"


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("Growth of beans under water*", "Growth of beans under water"),
        ("Growth of beans under water**", "Growth of beans under water"),
        ("Growth of beans at the harbour1", "Growth of beans at the harbour"),
        ("Growth of beans in water and CO2", "Growth of beans in water and CO2"),
        ("Growth of beans after 1990", "Growth of beans after 1990"),
    ],
)
def test_the_mark_of_a_note_is_no_part_of_the_title(printed: str, title: str) -> None:
    assert describe([_page(_line(printed, 100, size=16))]).title == title


# ── what the file says beside its pages ──────────────────────────────────────────────────────────────────


def test_a_title_in_the_metadata_counts_only_where_it_is_printed_too() -> None:
    plain = _page(_line("DIE STILLEN TAGE DER WERFTEN. EIN BERICHT", 70, size=9.5), _line("Ida Kranz", 110, size=12))
    told = Metadata(title="Die stillen Tage der Werften", author="Ida Kranz")
    assert describe([plain], told).title == "Die stillen Tage der Werften"
    assert describe([_page()], told).title is None


def test_more_of_the_printed_title_is_taken_from_the_metadata_but_not_another_one() -> None:
    page = _page(
        _line("Bound over time:", 80, size=13),
        _line("How pay is handed down in families", 110, size=18),
        _line("Notes on Society and Pay", 40, size=9),
    )
    whole = "Bound over time: How pay is handed down in families"
    assert describe([page], Metadata(title=whole)).title == whole
    series = Metadata(title="Notes on Society and Pay")
    assert describe([page], series).title == "How pay is handed down in families"


@pytest.mark.parametrize(
    "nonsense", ["Microsoft Word - a_report_of_tides", "a report of tides.doc", "untitled report of tides", "tides"]
)
def test_what_programs_write_for_a_title_is_none(nonsense: str) -> None:
    assert describe([_page(_line(nonsense, 300))], Metadata(title=nonsense)).title is None


def test_the_doi_of_the_metadata_serves_where_none_is_printed() -> None:
    told = Metadata(doi="10.1000/told.1")
    assert describe([_page()], told).doi == "10.1000/told.1"
    assert describe([_page(_line("DOI: 10.1000/own.1", 40, size=8))], told).doi == "10.1000/own.1"


def _saved(path: Path, info: dict[str, str], xmp: str | None = None) -> Path:
    document = open_pdf()
    document.new_page().insert_text(
        (72, 72), "Some text on a page, long enough to be taken for the text of an article and for no scan."
    )
    document.set_metadata(info)
    if xmp is not None:
        document.set_xml_metadata(xmp)
    document.save(path)
    document.close()
    return path


def test_metadata_come_from_the_files_info_and_xmp(tmp_path: Path) -> None:
    xmp = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><prism:doi>10.1000/a&lt;b&gt;7</prism:doi></x:xmpmeta>"
    with Document(_saved(tmp_path / "a.pdf", {"title": " A title ", "author": "Ida Kranz"}, xmp)) as document:
        assert document.metadata == Metadata("A title", "Ida Kranz", "10.1000/a<b>7")
    subject = {"subject": "Notes on Tides, 4 (2018) 9-16. doi:10.1000/tides.4"}
    with Document(_saved(tmp_path / "b.pdf", subject)) as document:
        assert document.metadata == Metadata(doi="10.1000/tides.4")
    two = {"subject": "doi:10.1000/tides.4 and doi:10.1000/tides.5"}
    with Document(_saved(tmp_path / "c.pdf", two)) as document:
        assert document.metadata == Metadata()


def test_a_file_tells_its_doi_only_in_its_metadata_and_it_is_read(tmp_path: Path) -> None:
    path = _saved(tmp_path / "a.pdf", {"subject": "doi:10.1000/tides.4"})
    assert extract(str(path), FileLimits()).doi == "10.1000/tides.4"
