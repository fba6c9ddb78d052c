"""Works that share title, author and often the year, and are told apart by what is printed around them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.model import Person, Work
from test_enrichment_kinds import ARTICLE, BOOK, is_accepted, outcome

TITLE = "The weavers of the lower valley"
RUSSIAN = replace(
    BOOK, title="Ткачи нижней долины", authors=(Person("Лотарев", "П. С."),), publisher="Холм", doi="10.5555/tkachi"
)


@pytest.mark.parametrize(
    "raw",
    [
        f"Castellane, O. (2014). {TITLE} (1994). In J. Rohde (Ed.), The rural craft reader (pp. 25–48). Hyde.",
        f"Castellane, Odile. [1994] 2001. “{TITLE}.” Pp. 231–46 in The New Craft Reader, edited by S. Seid. Oldtown.",
        f'Castellane, Odile, "{TITLE}," in Oldtown History of Modern Craft, Oldtown, 1994.',
        f"Castellane, O. (1994 [1963]). {TITLE}. In: D. Schott (Hg.), Handwerk und Dorf. Suhr, S. 351–383.",
    ],
)
def test_an_excerpt_in_a_reader_is_not_the_book(raw: str) -> None:
    assert not is_accepted(raw, BOOK)


@pytest.mark.parametrize(
    "raw",
    [
        f"Castellane, O. (1994). {TITLE}, pp. 25–48. Oldtown: Hill Press.",
        f"Castellane, O. (1994). {TITLE} (Studies in rural craft, 12). Oldtown: Hill Press.",
        f"Castellane, Odile, “{TITLE}”, Oldtown, Hill Press, 1994.",
        f"Castellane, Odile. {TITLE}. Edited by S. Seid. Oldtown: Hill Press, 1994.",
    ],
)
def test_pages_editors_and_a_series_leave_the_book_what_it_is(raw: str) -> None:
    assert is_accepted(raw, BOOK)


@pytest.mark.parametrize(
    "raw",
    [
        f'Castellane, Odile. "Looms." {TITLE}. Oldtown: Hill Press, 1994. 88–121.',
        f'Castellane, Odile. "Looms of the Plain". {TITLE}. Hill Press, 1994, pp. 213-258.',
        f"Castellane, O. 'Looms', {TITLE} (Oldtown, 1994), ch. 4.",
        f"Castellane, O. «Looms of the plain», in Castellane, {TITLE}, Oldtown, 1994, p. 12-40.",
        f"Castellane, O. Looms of the plain. In Castellane, O., {TITLE}, 49–100. Oldtown: Hill Press, 1994.",
    ],
)
def test_a_chapter_of_the_authors_own_book_is_not_the_book(raw: str) -> None:
    assert not is_accepted(raw, BOOK)


def test_a_chapter_before_two_slashes_is_not_the_book() -> None:
    assert not is_accepted(
        "Лотарев П.С. Понятие сюжета // Лотарев П.С. Ткачи нижней долины. М.: Холм, 1994. С. 28–89.", RUSSIAN
    )
    assert is_accepted("Лотарев П.С. Ткачи нижней долины. М.: Холм, 1994.", RUSSIAN)


def test_an_article_whose_title_is_quoted_is_found_in_its_journal() -> None:
    raw = f'Aldana, Marta, and Tunde Oyelaran. "{ARTICLE.title}." Journal of Polar Observation 28.2 (2011): 115-131.'
    assert is_accepted(raw, ARTICLE)


@pytest.mark.parametrize("title", ['The "lower" valley and its weavers', "“Weavers”: craft of the lower valley"])
def test_a_quotation_within_a_title_is_no_other_text(title: str) -> None:
    assert is_accepted(f"Castellane, Odile. {title}. Oldtown: Hill Press, 1994.", replace(BOOK, title=title))


def test_a_nickname_in_quotation_marks_is_no_other_text() -> None:
    assert is_accepted(f'Castellane, Odile "Odd". {TITLE}. Oldtown: Hill Press, 1994.', BOOK)


PRINT = replace(ARTICLE, type="posted-content", container=None, volume=None, issue=None, pages=None)
REPORT = replace(PRINT, type="report", publisher="Office for Polar Matters")
OTHER = replace(PRINT, type="other")
THESIS = replace(BOOK, type="dissertation", publisher="University of Oldtown")
SAID = f"Aldana, M., & Oyelaran, T. (2011). {ARTICLE.title}"


@pytest.mark.parametrize("work", [PRINT, REPORT, OTHER], ids=lambda work: work.type)
@pytest.mark.parametrize(
    "behind",
    [
        ". PhD thesis. University of Oldtown.", " (Master's thesis). Oldtown University.",
        ". Paper presented at the PSS.",
        ". Poster, Society for Polar Science, Oldtown.", " [data set]. OSF.", " [R code]. GitHub.",
        ". Polar Today Blog.",
        ". Presentation at PSS, Oldtown.", ", sermon.",
    ],
)  # fmt: skip
def test_what_is_no_preprint_report_or_other_text_does_not_stand_for_one(work: Work, behind: str) -> None:
    assert not is_accepted(SAID + behind, work)


@pytest.mark.parametrize(
    ("behind", "work"),
    [
        (". bioRxiv.", PRINT), (". arXiv preprint arXiv:1101.01234.", PRINT), (" (working paper no. 12). SSRN.", PRINT),
        (". Journal of Polar Observation, 28(2), 115–131.", PRINT), (". Preprint, not peer reviewed.", PRINT),
        (". Oldtown: Office for Polar Matters.", REPORT), (". Technical report 12, unpublished.", REPORT),
        (". Oldtown.", OTHER), (". Unpublished manuscript.", OTHER),
    ],
)  # fmt: skip
def test_preprints_reports_and_others_are_known_by_their_own_prints(behind: str, work: Work) -> None:
    assert is_accepted(SAID + behind, work)


def test_an_article_of_a_journal_is_no_other_text() -> None:
    assert not is_accepted(f"{SAID}. Journal of Polar Observation, 28(2), 115–131.", OTHER)


@pytest.mark.parametrize(
    "raw",
    [
        f'Castellane, O. "{TITLE}." Paper given at the Craft History Meeting, 1994.',
        f"Castellane, Odile, '{TITLE}', seminar paper, University of Oldtown, 1994.",
        f"Castellane, Odile. {TITLE}. Oldtown: UKZN Press, 1994.",
        f'Castellane, Odile. "{TITLE}." Oldtown & County Guardian, 3 August 1994.',
    ],
)
def test_a_talk_a_book_and_a_newspaper_do_not_stand_for_the_thesis(raw: str) -> None:
    assert not is_accepted(raw, THESIS)


@pytest.mark.parametrize(
    "behind",
    [
        "PhD thesis, University of Oldtown, 1994.", "University of Oldtown, 1994.", "Diss., Oldtown 1994.",
        "Unpublished doctoral dissertation, University of Oldtown, defended 3 August 1994.",
        "Tesis para optar al grado de doctor, Oldtown, 1994.",
    ],
)  # fmt: skip
def test_a_thesis_is_known_by_its_own_prints(behind: str) -> None:
    assert is_accepted(f"Castellane, Odile. {TITLE}. {behind}", THESIS)


LECTURED = f"Castellane, Odile. {TITLE}. "


@pytest.mark.parametrize(
    "behind",
    [
        "Hörbuch, 8 CDs. Oldtown: Soundhouse 1994.", "Audiobook. Read by S. Vance. Ear Studios, 1994.",
        "BBC Two, 1994.",
        "Vorlesungsmitschrift Oldtown, Wintersemester 1993/94.", "Manuskript 1994, Castellane-Archiv, MS 2901.",
        "Granby Television, 1994.", "Artificial Lens, 1994. DVD.", "Exhibition. Museum of Craft, Oldtown, 1994.",
        "Inaugural Lecture, University of Oldtown, 1994.", "YouTube. Craft & Society, 1994. Web.",
    ],
)  # fmt: skip
def test_what_was_read_shown_or_left_in_an_archive_is_not_the_book(behind: str) -> None:
    assert not is_accepted(LECTURED + behind, BOOK)


@pytest.mark.parametrize(
    "behind",
    [
        "Oldtown: Hill Press, 1994. With a DVD.",
        "Oldtown: Hill Press, 1994. As seen on BBC Two.", "Oldtown: BBC Books, 1994.",
        "Inaugural Lecture. Oldtown: Hill Press, 1994.", "Exhibition Catalogue. Oldtown: Hill Press, 1994.",
        "Oldtown: Valley House, 1994.",
    ],
)  # fmt: skip
def test_a_book_with_a_recording_or_of_a_lecture_is_the_book(behind: str) -> None:
    assert is_accepted(LECTURED + behind, BOOK)


@pytest.mark.parametrize(
    "raw",
    [
        f"Castellane, O., '{TITLE}', Craft Today, August 1994.",
        f'Castellane, Odile. 1994. "{TITLE}." Rural Culture.',
    ],
)
def test_a_magazine_that_is_named_is_not_the_name_of_a_publisher(raw: str) -> None:
    assert not is_accepted(raw, BOOK)


@pytest.mark.parametrize(
    "raw",
    [
        f"Castellane, O., '{TITLE}', Hill Press, Oldtown 1994.",
        f"Castellane, O. {TITLE}. Rural Craft Studies 4. Oldtown: Hill Press, 1994.",
        f"Castellane, O. {TITLE}. Valley House, 1994.",
    ],
)
def test_a_publisher_or_a_series_of_the_book_leaves_no_doubt(raw: str) -> None:
    assert is_accepted(raw, BOOK)


@pytest.mark.parametrize(
    "raw",
    [
        f"{TITLE}, Odile Castellane. (1994). Reviewed by P. Hollen. Craft Eval 1996.",
        f"Alder, R., Odile Castellane: {TITLE}, 1994 (Besprechungsaufsatz).",
        f"Castellane, O. {TITLE}. Abridged edition. Oldtown: Hill Press; 1993.",
    ],
)
def test_a_review_and_an_abridged_edition_are_not_the_book(raw: str) -> None:
    assert not is_accepted(raw, BOOK)


@pytest.mark.parametrize("edition", ["Unabridged edition", "Peer reviewed by two readers"])
def test_unabridged_and_peer_reviewed_say_nothing_against_the_book(edition: str) -> None:
    assert (
        "edition"
        not in outcome(f"Castellane, O. {TITLE}. {edition}. Oldtown: Hill Press; 1993.", BOOK).evidence[0].vetoes
    )


@pytest.mark.parametrize("behind", ["практикум", "курс лекций"])
def test_exercises_and_lectures_to_a_russian_textbook_are_not_the_textbook(behind: str) -> None:
    assert not is_accepted(f"Лотарев П.С. Ткачи нижней долины: {behind}. М.: Холм, 1994.", RUSSIAN)
    named = replace(RUSSIAN, title=f"Ткачи нижней долины: {behind}")
    assert is_accepted(f"Лотарев П.С. Ткачи нижней долины: {behind}. М.: Холм, 1994.", named)
