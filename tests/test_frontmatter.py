"""What a PDF says about itself on its first pages, told by the look of the lines."""

from __future__ import annotations

from dl_lit.extraction.frontmatter import FrontMatter, describe
from dl_lit.extraction.pages import Line, Page

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
