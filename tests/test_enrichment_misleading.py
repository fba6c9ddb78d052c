"""Prints made to mislead: works that share nearly all of a title, each with only the wrong one to choose from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.model import Decision, Person, Work
from test_enrichment_kinds import ARTICLE, BOOK, BOOK_RAW, RAW, TRANSLATION, outcome

# ── titles that differ by a word ─────────────────────────────────────────────────────────────────────────

TITLE = ARTICLE.title or ""
ELSEWHERE = RAW.replace("115–131", "140–155")


@pytest.mark.parametrize(
    "other",
    [
        f"{TITLE} under a rising wind",
        f"Currents and {TITLE[:1].lower()}{TITLE[1:]}",
        f"A note on “{TITLE}”",
        TITLE.replace("coastal", "inland"),
        TITLE.replace("drift", "melt"),
        f"{TITLE} in winter",
    ],
)
def test_a_title_with_other_words_is_another_work_in_both_directions(other: str) -> None:
    printed = ELSEWHERE.replace(TITLE, other)
    own = replace(ARTICLE, title=other, pages="140-155", doi="10.5555/other")
    assert outcome(printed, own).work == own
    assert outcome(printed, ARTICLE).decision is not Decision.ACCEPTED
    assert outcome(RAW, own).decision is not Decision.ACCEPTED


@pytest.mark.parametrize(
    ("one", "two"),
    [("hepatitis B", "hepatitis C"), ("hypothermia", "hyperthermia"), ("male seals", "female seals"), ("men", "women")],
)
def test_titles_that_differ_in_a_letter_that_matters_are_two(one: str, two: str) -> None:
    first = replace(ARTICLE, title=f"Occurrence of {one} on coastal ice", pages="1-9")
    second = replace(first, title=f"Occurrence of {two} on coastal ice", pages="140-155")
    printed = ELSEWHERE.replace(TITLE, second.title or "")
    assert outcome(printed, second).work == second
    assert outcome(printed, first).decision is not Decision.ACCEPTED


@pytest.mark.parametrize(
    "printed",
    [
        RAW.replace("Seasonal drift", "Saesonal dritf"),
        RAW.replace("coastal ice", "coastalice"),
        RAW.replace("Ternholm. J", "Ternholm J"),
        RAW.replace("2011). S", "2011) S").replace(".", ""),
        RAW.replace("coastal", "costal").replace("115–131", "151"),
        "Aldana, M., Oyelaran, T.: Seasonal drift of coastal ice in the Bay of Ternholm. In: Polar Observation (2011)",
    ],
)
def test_misprints_and_lost_marks_are_no_other_words(printed: str) -> None:
    assert outcome(printed, ARTICLE).work == ARTICLE


def test_a_word_that_was_cited_wrongly_is_forgiven_where_the_page_agrees() -> None:
    assert outcome(RAW.replace("coastal", "inland"), ARTICLE).work == ARTICLE


# ── parts, volumes, meetings ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (". Part A", ". Part B"),
        (" (I)", " (IV)"),
        (" [Part 2]", " [Part 3]"),
        (" (Mitt. I)", " (Mitt. II)"),
        (", Vol. 1", ", Vol. 2"),
        (". I. Theory", ". II. Observations"),
        ("", ". II. Observations"),
        ("", " II"),
        ("", " (IV)"),
        ("", ", Vol. 2"),
        ("", ": Teil 2"),
        ("", ". Part B"),
    ],
)
def test_another_part_is_another_work_in_both_directions(one: str, two: str) -> None:
    for base, printed in ((ARTICLE, RAW), (BOOK, BOOK_RAW)):
        title = base.title or ""
        pages = ("1-9", "140-155") if base.pages else (None, None)
        first, second = (
            replace(base, title=f"{title}{part}", pages=page) for part, page in zip((one, two), pages, strict=True)
        )
        prints = [
            printed.replace(title, work.title or "").replace("115–131", work.pages or "") for work in (first, second)
        ]
        assert [outcome(raw, own).work for raw, own in zip(prints, (first, second), strict=True)] == [first, second]
        assert outcome(prints[0], second).decision is not Decision.ACCEPTED
        assert outcome(prints[1], first).decision is not Decision.ACCEPTED


@pytest.mark.parametrize(("one", "two"), [("Tenth", "Eleventh"), ("10th", "11th"), ("X", "XI"), ("10.", "11.")])
def test_the_meetings_of_a_series_are_told_apart(one: str, two: str) -> None:
    title = "{} International Symposium on the Weavers of the Lower Valley"
    tenth = replace(BOOK, title=title.format(one), type="proceedings", doi="10.5555/tenth")
    eleventh = replace(tenth, title=title.format(two), year=1995, doi="10.5555/eleventh")
    raw = BOOK_RAW.replace(BOOK.title or "", title.format(two)).replace("1994", "1995")
    assert outcome(raw, eleventh).work == eleventh
    assert outcome(raw, tenth).decision is not Decision.ACCEPTED


@pytest.mark.parametrize(
    "printed",
    [
        BOOK_RAW.replace("valley.", "valley. Vol. 12 of Hill Studies."),
        BOOK_RAW.replace("valley.", "valley. B. Norrland (Ed.)."),
        BOOK_RAW.replace("valley.", "valley, I. Norrland (Ed.)."),
    ],
)
def test_a_series_and_initials_behind_a_title_are_no_part(printed: str) -> None:
    assert outcome(printed, BOOK).work == BOOK


# ── the same title in another form, or another year ──────────────────────────────────────────────────────

SHORT_RAW = f"Aldana, M., & Oyelaran, T. (2011). {TITLE}. "
THESIS = replace(
    ARTICLE, type="dissertation", container=None, volume=None, issue=None, pages=None, publisher="University of Oldtown"
)
REPORT = replace(THESIS, type="report")
TALK = replace(
    ARTICLE, type="proceedings-article", container="Meeting of the Oldtown Society", volume=None, issue=None, pages=None
)
PAPER = replace(TALK, container="Proceedings of the 5th Conference on Ice", pages="12-20")


@pytest.mark.parametrize(
    ("printed", "own"),
    [
        ("PhD thesis, University of Oldtown.", THESIS),
        ("Diss., Oldtown.", THESIS),
        ("Master's thesis. University of Oldtown.", THESIS),
        ("Tech. Rep. No. 12-3, University of Oldtown.", REPORT),
        ("Working Paper 12. University of Oldtown.", REPORT),
        ("Paper presented at the Meeting of the Oldtown Society, Oldtown.", TALK),
        ("Poster presented at the Meeting of the Oldtown Society.", TALK),
        ("[abstract]. Meeting of the Oldtown Society.", TALK),
        ("In Proceedings of the 5th Conference on Ice, pp. 12-20.", PAPER),
        ("In Proceedings of the 5th Conference on Ice.", PAPER),
    ],
)
def test_another_form_of_an_article_is_another_work_in_both_directions(printed: str, own: Work) -> None:
    assert outcome(SHORT_RAW + printed, own).work == own
    assert outcome(SHORT_RAW + printed, ARTICLE).decision is not Decision.ACCEPTED
    assert outcome(RAW, own).decision is not Decision.ACCEPTED


@pytest.mark.parametrize("printed", ["arXiv preprint arXiv:1101.12345.", "Journal of Polar Observation, in press."])
def test_a_preprint_and_an_article_in_press_stand_for_the_article(printed: str) -> None:
    assert outcome(SHORT_RAW.replace("2011", "2010") + printed, ARTICLE).work == ARTICLE


def test_next_years_article_of_one_title_is_another_work_in_both_directions() -> None:
    survey = replace(ARTICLE, title="Annual survey of coastal ice in the Bay of Ternholm")
    following = replace(survey, year=2012, volume="29", pages="140-155", doi="10.5555/2012")
    raw = RAW.replace(TITLE, survey.title or "")
    later = raw.replace("2011", "2012").replace("28(2)", "29(2)").replace("115–131", "140–155")
    assert outcome(raw, survey).work == survey and outcome(later, following).work == following
    assert outcome(raw, following).decision is not Decision.ACCEPTED
    assert outcome(later, survey).decision is not Decision.ACCEPTED


# ── about a work, beside a work ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "about",
    [
        "Author Correction: {}", "Retraction Note: {}", "Expression of concern: {}", "Reply: {}", "Comment: {}",
        "Supplement to: {}", "Supporting information for {}", "{}: erratum", "{} (Erratum)", "{}: a reply",
        "Comment on “{}”", "Response to “{}”",
    ],
)  # fmt: skip
def test_what_is_about_a_work_is_another_in_both_directions(about: str) -> None:
    title = about.format(TITLE)
    own = replace(ARTICLE, title=title, pages="400", year=2012, doi="10.5555/about")
    raw = RAW.replace(TITLE, title).replace("115–131", "400").replace("2011", "2012")
    assert outcome(raw, own).work == own
    assert outcome(raw, ARTICLE).decision is not Decision.ACCEPTED
    assert outcome(RAW, own).decision is not Decision.ACCEPTED


@pytest.mark.parametrize("title", ["Data from: {}", "Code for {}", "Replication data for: {}"])
def test_the_data_of_an_article_are_another_work_in_both_directions(title: str) -> None:
    own = replace(
        ARTICLE, title=title.format(TITLE), type="dataset", container="Zenodo", volume=None, issue=None, pages=None
    )
    raw = SHORT_RAW.replace(TITLE, own.title or "") + "Zenodo."
    assert outcome(raw, own).work == own
    assert outcome(raw, ARTICLE).decision is not Decision.ACCEPTED
    assert outcome(RAW, own).decision is not Decision.ACCEPTED


@pytest.mark.parametrize("title", ["Erratum: {}", "{} (Erratum)"])
@pytest.mark.parametrize("behind", [" Erratum: 29, 400 (2012).", "; 29, 400(E) (2012)."])
def test_an_erratum_printed_behind_its_article_is_not_what_is_cited(title: str, behind: str) -> None:
    erratum = replace(ARTICLE, title=title.format(TITLE), volume="29", pages="400", year=2012, doi="10.5555/erratum")
    assert outcome(RAW + behind, erratum).decision is not Decision.ACCEPTED
    assert outcome(RAW + behind, ARTICLE, erratum).work == ARTICLE


def test_of_two_works_in_one_print_the_first_is_cited() -> None:
    second = Work(
        title="Harbours of the northern sea in the age of sail",
        authors=(Person("Norrland", "Brita"),),
        year=2012,
        container="Annals of Harbours",
        volume="7",
        pages="9-15",
        type="journal-article",
        doi="10.5555/second",
    )
    raw = f"{RAW[:-1]}; B. Norrland, {second.title}, Annals of Harbours 7 (2012) 9–15."
    assert outcome(raw, second).decision is not Decision.ACCEPTED
    assert outcome(raw, second, ARTICLE).work == ARTICLE


@pytest.mark.parametrize("told", [": instructor's manual", ": a workbook", ": study guide", ". Lösungsheft"])
def test_the_companion_of_a_book_is_another_book_in_both_directions(told: str) -> None:
    own = replace(BOOK, title=f"{BOOK.title}{told}", doi="10.5555/companion")
    raw = BOOK_RAW.replace(BOOK.title or "", own.title or "")
    assert outcome(raw, own).work == own
    assert outcome(raw, BOOK).decision is not Decision.ACCEPTED
    assert outcome(BOOK_RAW, own).decision is not Decision.ACCEPTED


def test_a_chapter_on_laboratories_in_a_handbook_is_no_laboratory_handbook() -> None:
    title, container = "Methods outside the laboratory", "Handbook of social psychology"
    raw = f"Castellane, O. (1994). {title}. In H. Wood (Ed.), {container} (pp. 82–114). Oldtown: Hill Press."
    own = replace(BOOK, title=title, container=container, pages="82-114", type="book-chapter")
    assert outcome(raw, own).work == own


def test_the_title_of_the_original_in_brackets_is_not_the_original() -> None:
    raw = f"Castellane, O. (1995). {TRANSLATION.title} [{BOOK.title}]. Bergverlag."
    assert outcome(raw, BOOK).decision is not Decision.ACCEPTED
    assert outcome(raw, replace(TRANSLATION, year=1995)).decision is Decision.ACCEPTED
    original = f"Castellane, O. (1994). {BOOK.title} [{TRANSLATION.title}]. Hill Press."
    assert outcome(original, replace(TRANSLATION, year=1995)).decision is not Decision.ACCEPTED
    assert outcome(original, BOOK).work == BOOK


def test_a_translated_title_is_taken_where_the_place_agrees() -> None:
    raw = RAW.replace(TITLE, f"Die Drift des Küsteneises in der Bucht von Ternholm [{TITLE}]")
    assert outcome(raw, ARTICLE).work == ARTICLE


def test_a_review_that_bears_the_title_of_its_book_is_taken_on_its_page() -> None:
    review = Work(
        title=BOOK.title, authors=(Person("Haug", "Ida"),), year=1995, container="Textile Review", volume="3",
        pages="77-79", type="journal-article", doi="10.5555/review",
    )  # fmt: skip
    raw = f"Haug, I. (1995). [Review of the book {BOOK.title}, by O. Castellane]. Textile Review, 3, 77–79."
    assert outcome(raw, review).work == review
    assert outcome(raw, BOOK).decision is not Decision.ACCEPTED


@pytest.mark.parametrize("title", ["Preface", "Editorial", "Book reviews"])
def test_a_title_of_many_works_needs_its_page_or_its_author_and_issue(title: str) -> None:
    own = replace(ARTICLE, title=title, authors=ARTICLE.authors[:1])
    assert outcome(f"Aldana, M. (2011). {title}. Journal of Polar Observation, 28(2), 115–131.", own).work == own
    assert outcome(f"Aldana, M. (2011). {title}. Journal of Polar Observation, 28(2).", own).work == own
    for less in ("28", "28(3)"):
        raw = f"Aldana, M. (2011). {title}. Journal of Polar Observation, {less}."
        assert outcome(raw, own).decision is not Decision.ACCEPTED
    assert outcome(f"{title}. Journal of Polar Observation. 2011;28(2).", own).decision is not Decision.ACCEPTED


# ── short forms ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("printed", "container"),
    [
        ("Phys.Rev. B28", "Physical Review B"),
        ("Phys.Rev.B28", "Physical Review B"),
        ("PRB28", "Physical Review B"),
        ("JHEP28", "Journal of High Energy Physics"),
        ("ApJ, 28", "The Astrophysical Journal"),
        ("ApJL, 28", "The Astrophysical Journal Letters"),
        ("ApJS 28", "Astrophysical Journal Supplement Series"),
        ("AJ, 28", "The Astronomical Journal"),
        ("A&A 28", "Astronomy & Astrophysics"),
        ("PNAS 28", "Proceedings of the National Academy of Sciences of the United States of America"),
        ("Nature28", "Nature"),
    ],
)
def test_a_journal_is_known_by_its_acronym_and_with_its_volume_run_into_it(printed: str, container: str) -> None:
    raw = f"M. Aldana, T. Oyelaran, {printed}, 115 (2011)."
    assert outcome(raw, replace(ARTICLE, container=container)).work is not None
    assert outcome(raw, replace(ARTICLE, container="Annals of Beekeeping")).work is None


@pytest.mark.parametrize(
    ("printed", "container"),
    [
        ("ApJ, 28", "The Astrophysical Journal Letters"),
        ("AJ Oyelaran, J. Polar Obs. 28", "The Astronomical Journal"),
        ("A. A. Oyelaran, J. Polar Obs. 28", "Astronomy & Astrophysics"),
        ("Phys.Rev. B28", "Physical Review D"),
        ("PRB28", "Physical Review"),
    ],
)
def test_another_journal_of_like_letters_and_initials_are_not_it(printed: str, container: str) -> None:
    raw = f"M. Aldana, T. Oyelaran, {printed}, 115 (2011)."
    assert outcome(raw, replace(ARTICLE, container=container)).work is None


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("World Health Organization", "WHO"),
        ("Centers for Disease Control and Prevention", "CDC"),
        ("Food and Agriculture Organization of the United Nations", "FAO"),
        ("Organisation for Economic Co-operation and Development", "OECD"),
        ("Intergovernmental Panel on Climate Change", "IPCC"),
    ],
)
def test_a_body_is_known_by_its_acronym_either_way_round(full: str, short: str) -> None:
    for registered, printed in ((full, short), (short, full), (full, full)):
        work = replace(BOOK, authors=(Person(name=registered),))
        for raw in (f"{printed} (1994). {BOOK.title}. Hill Press.", f"{printed}. {BOOK.title}. Hill Press; 1994."):
            assert outcome(raw, work).work == work
    other = replace(BOOK, authors=(Person(name="Hill Weavers Association"),))
    assert outcome(f"{short}. {BOOK.title}. Hill Press; 1994.", other).work is None


@pytest.mark.parametrize("pages", ["13,115–13,131", "13,115", "13,115-131"])
def test_a_page_may_have_a_comma_for_its_thousands(pages: str) -> None:
    raw = f"M. Aldana, T. Oyelaran, J. Polar Obs. 28, {pages} (2011)."
    assert outcome(raw, replace(ARTICLE, pages="13115-13131")).work is not None
    assert outcome(raw, replace(ARTICLE, pages="13,115-13,131")).work is not None
    assert outcome(raw, replace(ARTICLE, pages="14115-14131")).work is None


@pytest.mark.parametrize(
    ("told", "own"),
    [
        (", revisited", f"{TITLE}, revisited"),
        (" (second part)", f"{TITLE} (second part)"),
        (". Reply", f"{TITLE}. Reply"),
        (": authors' reply", f"{TITLE}: authors' reply"),
        (" (Abstract only)", f"{TITLE} (Abstract only)"),
    ],
)
def test_what_is_said_right_behind_a_title_makes_it_another_in_both_directions(told: str, own: str) -> None:
    short = "Aldana, M., & Oyelaran, T. (2011). {}. Journal of Polar Observation, 28."
    other = replace(ARTICLE, title=own, pages="400", doi="10.5555/told")
    assert outcome(short.format(TITLE + told), ARTICLE).decision is not Decision.ACCEPTED
    assert outcome(short.format(TITLE), other).decision is not Decision.ACCEPTED
    assert outcome(RAW.replace(TITLE, TITLE + told).replace("115–131", "400"), other).work == other


@pytest.mark.parametrize("form", ["[Data set]. Zenodo.", "[Computer software].", "Lab Report LR98-0012."])
def test_data_programs_and_numbered_reports_are_no_articles(form: str) -> None:
    assert outcome(SHORT_RAW + form, ARTICLE).decision is not Decision.ACCEPTED


def test_of_two_printed_places_the_first_is_cited() -> None:
    second = replace(ARTICLE, title="Harbours of the north", volume="29", pages="400", year=2012, doi="10.5555/second")
    raw = "M. Aldana, T. Oyelaran, J. Polar Obs. 28, 115 (2011); 29, 400 (2012)."
    assert outcome(raw, second).decision is not Decision.ACCEPTED
    assert outcome(raw, second, ARTICLE).work == ARTICLE


@pytest.mark.parametrize(
    "raw",
    [
        "O. Castellane, The weavers of the lower valley, HP, Oldtown, 1994, ch. 3.",
        "Castellane, O. 1994. The weavers of the lower valley. Hill Studies 12. Oldtown: Hill Press.",
        "Castellane O. The weavers of the lower valley: a history of their houses. Oldtown: Hill Press; 1994. 412 p.",
        "CASTELLANE, O. The weavers of the lower valley. 2nd ed. Oldtown: HP, 1994.",
        "Odile Castellane, The Weavers of the Lower Valley (Oldtown: Hill Press, 1994), 33-35.",
    ],
)
def test_what_stands_behind_the_title_of_a_book_is_seldom_its_title(raw: str) -> None:
    assert outcome(raw, BOOK).work == BOOK


def test_a_part_is_told_though_the_journal_has_a_volume_of_its_number() -> None:
    raw = RAW.replace("Ternholm.", "Ternholm. Part 2: Melt.").replace("28(2), 115–131", "2(4), 140–155")
    assert outcome(raw, replace(ARTICLE, volume="2", issue="4")).decision is not Decision.ACCEPTED


def test_a_volume_is_not_counted_for_the_issue_of_an_editorial() -> None:
    own = replace(ARTICLE, title="Editorial", authors=ARTICLE.authors[:1], volume="2", issue="2")
    raw = "M. Aldana. “Editorial.” Journal of Polar Observation, vol. 2, 2011."
    assert outcome(raw, own).decision is not Decision.ACCEPTED
