"""What goes along with a work and bears its title is not the work; a work that is such a text itself is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest

from download_world import DOI, TITLE
from test_download_recognition import EXPECTED, PREVIEW, TEXT, UNVERIFIED, WRONG, Printed, article, judged, typeset

NAMES = "Astrid Berglund and Femi Oduya"
UNKNOWN = replace(EXPECTED, pages=None)
REPORT = replace(UNKNOWN, type="report")


def page(*printed: Printed) -> list[Printed]:
    return [*printed, (TEXT, 9)]


def beside(*, above: str = "A Journal 3", below: str = "", behind: str = "") -> bytes:
    first = page((above, 9), (TITLE, 16), (below, 10), (NAMES, 11), (behind, 10))
    return typeset([one for one in first if one[0]], *[[(TEXT, 9)]] * 8)


SATELLITES = [
    *("Online supplement", "Appendices", "APPENDIX B", "Online Resource 1", "Additional file 3", "Anhang", "Anexos"),
    *("Questionnaire", "Fragebogen", "Cuestionario", "Codebook", "Peer Review File", "Decision letter", "Gutachten"),
    *("Reviewers' comments and authors' replies", "Executive summary", "Plain language summary", "Résumé exécutif"),
    *("AUTOREFERAT", "Lecture notes", "Solutions Manual", "Workbook", "Arbeitsheft", "Instructor's manual"),
    *("Data supplement", "Trial protocol and statistical analysis plan", "Lecture 7", "Journal Club"),
    *(
        "Study protocol",
        "Thesis proposal",
        "Workbook to accompany",
        "Studienprotokoll",
        "Policy brief no. 7",
        "Leseprobe",
        "Sample chapter",
    ),
]


@pytest.mark.parametrize("words", SATELLITES)
def test_a_line_beside_the_title_says_that_it_goes_along_with_the_work(tmp_path: Path, words: str) -> None:
    assert judged(tmp_path, beside(above=words)).reason is WRONG
    assert judged(tmp_path, beside(below=words)).reason is WRONG
    itself = replace(EXPECTED, title=f"{words}: {TITLE}")
    assert judged(tmp_path, article(f"{words}: {TITLE}", pages=9), itself).reason is None


@pytest.mark.parametrize(
    "words",
    [
        *(
            "Research article",
            "OPEN ACCESS",
            "A Journal 3 (2011) 101-109",
            "University of Somewhere",
            "Letters",
            "March 2011",
        ),
        *("Summary", "Abstract", "Evidence from two valleys", "By", "Nobel Lecture", "Working Paper 12", "Essays"),
    ],
)
def test_other_lines_beside_the_title_say_nothing(tmp_path: Path, words: str) -> None:
    assert judged(tmp_path, beside(above=words)).reason is None
    assert judged(tmp_path, beside(below=words)).reason is None


def test_a_link_to_the_supplement_in_the_margin_says_nothing(tmp_path: Path) -> None:
    with pymupdf.open(stream=typeset([("Supplementary material", 9)])) as document:
        first = document[0]
        for y, (text, size) in zip((80, 110, 130), ((TITLE, 16), (NAMES, 11), (TEXT, 9)), strict=True):
            first.insert_text((180, y), text, fontsize=size)
        for _ in range(8):
            document.new_page().insert_text((50, 60), TEXT, fontsize=9)
        body = bytes(document.tobytes())
    assert judged(tmp_path, body).reason is None


@pytest.mark.parametrize("words", ["Lecture notes", "Workbook", "Summary of the doctoral dissertation", "Leseprobe"])
def test_the_line_may_stand_behind_the_authors(tmp_path: Path, words: str) -> None:
    assert judged(tmp_path, beside(behind=words)).reason is WRONG
    assert judged(tmp_path, beside(behind="Supplementary information")).reason is None


def test_a_protocol_with_the_works_own_doi_is_the_work(tmp_path: Path) -> None:
    assert judged(tmp_path, beside(above="Study protocol", behind=f"https://doi.org/{DOI}")).reason is None
    assert judged(tmp_path, beside(above="Appendix", behind=f"https://doi.org/{DOI}")).reason is WRONG


def test_a_report_may_be_a_policy_brief(tmp_path: Path) -> None:
    assert judged(tmp_path, beside(above="Policy brief no. 7"), REPORT).reason is None


@pytest.mark.parametrize(
    "behind", ["study protocol for a trial", "a pilot study", "protocol of a cluster trial", "une étude pilote"]
)
def test_a_text_that_came_before_the_work_says_so_behind_the_title(tmp_path: Path, behind: str) -> None:
    printed = article(f"{TITLE}: {behind}", pages=9)
    assert judged(tmp_path, printed).reason is WRONG
    assert judged(tmp_path, printed, replace(EXPECTED, title=f"{TITLE}: results of a cluster trial")).reason is WRONG
    assert judged(tmp_path, printed, replace(EXPECTED, title=f"{TITLE}: {behind}")).reason is None


def test_in_a_short_file_any_word_below_the_title_is_a_doubt(tmp_path: Path) -> None:
    wanted = replace(EXPECTED, pages="101-119", container="Dossier")
    assert judged(tmp_path, beside(below="Argumentaire"), wanted).reason is UNVERIFIED
    assert judged(tmp_path, beside(below="Dossier"), wanted).reason is None
    assert judged(tmp_path, beside(below="Argumentaire"), replace(wanted, pages="101-109")).reason is None


# ── in place of a text ───────────────────────────────────────────────────────────────────────────────────

SORRY = "The printed version can be consulted in the reading room, by all members and on every day of the week.\n" * 2


@pytest.mark.parametrize(
    "says",
    [
        *("The full text is under embargo until 1 March 2027.", "Full text coming soon", "Es gilt eine Sperrfrist."),
        *("Due to copyright restrictions this is not shown.", "You may request a copy from the author."),
        *("The file will be made available here after the defence.", "Le texte intégral est sous embargo."),
    ],
)
def test_a_page_that_says_where_the_text_is_not_is_no_copy(tmp_path: Path, says: str) -> None:
    body = typeset([(TITLE, 16), (NAMES, 11), (f"{says}\n{SORRY}", 10)])
    assert judged(tmp_path, body, UNKNOWN).reason is PREVIEW
    longer = typeset(page((TITLE, 16), (NAMES, 11), (says, 9)), *[[(TEXT, 9)]] * 5)
    assert judged(tmp_path, longer, UNKNOWN).reason is None


@pytest.mark.parametrize(
    "around",
    [
        "Show full item record\nFiles in this item: paper.pdf\nThis item appears in: Articles",
        "PMID: 1234567\nSimilar articles\nCited by 12 articles\nLinkOut",
        "Get access   Article contents\nYou do not have access to this content.",
    ],
)
def test_a_printed_page_of_an_index_or_publisher_is_no_copy(tmp_path: Path, around: str) -> None:
    assert judged(tmp_path, typeset(page((TITLE, 16), (NAMES, 11), (around, 9))), UNKNOWN).reason is WRONG


def test_the_words_of_such_a_page_in_a_short_article_say_nothing(tmp_path: Path) -> None:
    words = "PMID: 1234567\nCited by 12 articles\nDownload PDF"
    article = typeset(page((TITLE, 16), (NAMES, 11), (words, 9)), [(TEXT, 9)], [(TEXT, 9)])
    assert judged(tmp_path, article, UNKNOWN).reason is None


def test_a_withdrawal_is_no_copy_but_a_whole_withdrawn_article_is(tmp_path: Path) -> None:
    says = "This article has been withdrawn at the request of the authors."
    notice = page((f"WITHDRAWN: {TITLE}", 16), (NAMES, 11), (says, 9))
    assert judged(tmp_path, typeset(notice, [(TEXT, 9)]), UNKNOWN).reason is WRONG
    assert judged(tmp_path, typeset(notice, *[[(TEXT, 9)]] * 8), UNKNOWN).reason is None


def test_a_form_and_a_programme_are_no_copy(tmp_path: Path) -> None:
    form = typeset(page(("Deposit Agreement", 18), (TITLE, 12), (NAMES, 11)), [("Signature: ________", 9)])
    assert judged(tmp_path, form, UNKNOWN).reason is WRONG
    programme = typeset(page(("Programme of the Workshop on Snow", 20), ("9:00", 9), (TITLE, 12), (NAMES, 10)))
    assert judged(tmp_path, programme, UNKNOWN).reason is WRONG


# ── named by another text ────────────────────────────────────────────────────────────────────────────────


def test_a_box_in_another_text_is_not_the_work(tmp_path: Path) -> None:
    editorial: list[Printed] = [("Snow, and what it does to us", 20), ("C. Stranger", 9)]
    linked = typeset([*editorial, ("LINKED RESEARCH", 11), (TITLE, 12), (NAMES, 9), (TEXT, 9)], *[[(TEXT, 9)]] * 3)
    assert judged(tmp_path, linked, UNKNOWN).reason is WRONG
    text = "\n".join(TEXT.split("\n")[:9])
    boxed = typeset([*editorial, (text, 9), ("Our choice", 11), (TITLE, 12), (NAMES, 9)], *[[(TEXT, 9)]] * 3)
    assert judged(tmp_path, boxed, UNKNOWN).reason is WRONG
    translated = typeset(
        [("Was man im Norden alles sah", 20), (NAMES, 9), (text, 9), (TITLE, 12), (text, 9)], *[[(TEXT, 9)]] * 3
    )
    assert judged(tmp_path, translated, UNKNOWN).reason is None


def test_a_newsletter_or_a_book_of_abstracts_is_not_the_work(tmp_path: Path) -> None:
    news = typeset(page(("Newsletter of the Institute", 20), (TITLE, 12), (NAMES, 9)), *[[(TEXT, 9)]] * 4)
    assert judged(tmp_path, news, UNKNOWN).reason is WRONG
    assert judged(tmp_path, news, replace(UNKNOWN, container="Newsletter of the Institute")).reason is None
    abstracts = typeset([("Book of Abstracts", 24)], page((TITLE, 12), (NAMES, 9)), *[[(TEXT, 9)]] * 4)
    assert judged(tmp_path, abstracts).reason is WRONG


@pytest.mark.parametrize(
    "lines",
    [
        ("A new study by Dr Astrid Berglund shows it.", "Original publication:", f"https://doi.org/{DOI}"),
        ("Replication files by Astrid Berglund", "DOI of the article:", DOI),
        ("Berglund, Astrid. Observations of Glaciers in the Northern", f"Valleys. A Journal. https://doi.org/{DOI}"),
        ("A commentary on the study of Berglund and Oduya", f"https://doi.org/{DOI}"),
        ("Berglund and Oduya report that it is so.", f"Refers to: https://doi.org/{DOI}"),
    ],
)
def test_a_doi_without_the_title_and_a_line_of_its_authors_is_another_texts(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    body = typeset(page(("Snow on the hills", 18), *((line, 10) for line in lines)), *[[(TEXT, 9)]] * 8)
    assert judged(tmp_path, body).reason is WRONG
    own = typeset(page(("Schnee", 18), ("Von Astrid BERGLUND und F. Oduya", 10), (DOI, 10)), *[[(TEXT, 9)]] * 8)
    assert judged(tmp_path, own).identity == "doi"


def test_slides_are_told_by_their_headings_and_a_wide_report_is_none(tmp_path: Path) -> None:
    wide = (720.0, 540.0)
    few = typeset(
        [(TITLE, 30), (NAMES, 16)], *[[("A finding", 26), ("It is small, and few saw it.", 18)]] * 3, size=wide
    )
    assert "slides" in (judged(tmp_path, few, UNKNOWN).detail or "")
    lines = "\n".join(TEXT.split("\n")[:12])
    wordy = typeset([(TITLE, 30), (NAMES, 16)], *[[("A finding", 26), (lines, 9)]] * 9, size=wide)
    assert "slides" in (judged(tmp_path, wordy, UNKNOWN).detail or "")
    assert judged(tmp_path, wordy, REPORT).reason is None


@pytest.mark.parametrize("words", ["Additional file 2: Tables S1-S9", "Online Appendix", "Supplementary Material S2"])
def test_a_heading_behind_the_authors_says_that_it_is_a_supplement(tmp_path: Path, words: str) -> None:
    body = typeset([("A Journal 3", 9), (TITLE, 16), (NAMES, 9), (words, 12), (TEXT, 9)], *[[(TEXT, 9)]] * 8)
    assert judged(tmp_path, body).reason is WRONG
    button = typeset([(TITLE, 16), (NAMES, 9), ("Supporting Information", 12), (TEXT, 9)], *[[(TEXT, 9)]] * 8)
    assert judged(tmp_path, button).reason is None


def test_a_cover_may_say_that_only_the_summary_follows(tmp_path: Path) -> None:
    names = ("Astrid Berglund", 10)
    cover = typeset([(TITLE, 20), names, ("Executive Summary", 12)], *[[(TEXT, 9)]] * 5)
    assert judged(tmp_path, cover, REPORT).reason is WRONG
    report = typeset([(TITLE, 20), names, ("Executive Summary", 12), (TEXT, 9)], *[[(TEXT, 9)]] * 5)
    assert judged(tmp_path, report, REPORT).reason is None
