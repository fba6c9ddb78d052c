"""Works that share their place with another one's look-alike: each print has only the wrong one to choose from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.model import Decision, Person, Work
from test_enrichment_kinds import ARTICLE, BOOK, BOOK_RAW, RAW, TRANSLATION, outcome

# ── containers ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("title", ["Editorial", "Book reviews", "Obituary", "Introduction", "Frontmatter"])
def test_a_title_of_many_works_is_another_in_another_journal_though_volume_and_page_agree(title: str) -> None:
    own = replace(ARTICLE, title=title, authors=ARTICLE.authors[:1], pages="1-2")
    raw = f"Aldana, M. (2011). {title}. {{}}, 28(2), 1-2."
    assert outcome(raw.format("Journal of Polar Observation"), own).work == own
    assert outcome(raw.format("J. Polar Obs."), own).work == own
    for other in ("Journal of Solar Observation", "Annals of Beekeeping", "Journal of Ecology"):
        assert outcome(raw.format(other), own).decision is not Decision.ACCEPTED


def test_a_journal_that_looks_alike_is_no_place() -> None:
    own = Work(
        title="Markers of coastal disease", authors=ARTICLE.authors, year=2001, container="Journal of Urology",
        volume="75", type="journal-article", doi="10.5555/urology",
    )  # fmt: skip
    raw = "M. Aldana, T. Oyelaran, {} 75 (2001)."
    assert outcome(raw.format("Journal of Urology"), own).work == own
    assert outcome(raw.format("Journal of Virology"), own).decision is not Decision.ACCEPTED


def test_an_equal_page_excuses_no_other_journal_and_volume() -> None:
    own = Work(
        title="Statistical analysis of coastal counts", authors=ARTICLE.authors[:1], year=1988, container="Biometrics",
        volume="44", pages="331-340", type="journal-article", doi="10.5555/counts",
    )  # fmt: skip
    raw = "Aldana, M. (1988). Statistical analysis of coastal counts. {}, {}, 331-340."
    assert outcome(raw.format("Biometrics", 44), own).work == own
    assert outcome(raw.format("Journal of Ecology", 75), own).decision is not Decision.ACCEPTED
    assert outcome(raw.format("European Coastal Education", 75), own).decision is not Decision.ACCEPTED


@pytest.mark.parametrize("title", ["Water use of beech in lowland forests", "Beech in upland forests, use of water"])
def test_last_years_article_of_a_series_is_another_though_it_begins_on_the_same_page(title: str) -> None:
    own = Work(
        title="Water use of beech in upland forests", authors=ARTICLE.authors[:1], year=1999, volume="19",
        container="Journal of Hydrology", pages="222-234", type="journal-article", doi="10.5555/beech",
    )  # fmt: skip
    raw = "Aldana M. {}. {}. Journal of Hydrology {}:222-234."
    assert outcome(raw.format(own.title, 1998, 19), own).work == own
    assert outcome(raw.format(title, 1998, 18), own).decision is not Decision.ACCEPTED


@pytest.mark.parametrize("place", ["2006;22(1):1-2", "2007;24(1):1-2", "2007;23(4):1-2"])
def test_the_editorial_of_another_issue_is_another_one(place: str) -> None:
    own = replace(
        ARTICLE, title="Editorial", authors=ARTICLE.authors[:1], year=2007, volume="23", issue="1", pages="1-2"
    )
    raw = f"Aldana M. Editorial. {own.container}. {{}}."
    assert outcome(raw.format("2007;23(1):1-2"), own).work == own
    assert outcome(raw.format(place), own).decision is not Decision.ACCEPTED


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("The history of the decline of coastal schools", "History of the decline of coastal schools"),
        ("Die Entwicklung der Schulen an der Küste", "Entwicklung der Schulen an der Küste"),
        ("L'organisation du travail dans les ports du Nord", "Organisation du travail dans les ports du Nord"),
        ("A study of the habits of grey seals", "Study of the habits of grey seals"),
    ],
)
def test_an_article_left_out_before_the_title_takes_no_author_away(title: str, printed: str) -> None:
    own = replace(ARTICLE, title=title, authors=ARTICLE.authors[:1])
    raw = f"Aldana M. {printed}. {own.container} {own.year};{own.volume}:{own.pages}."
    assert outcome(raw, own).work == own


# ── yearly reports of bodies ─────────────────────────────────────────────────────────────────────────────

OUTLOOK = Work(
    title="Coasts at a Glance", authors=(Person(name="Organisation for Coastal Cooperation"),), year=2017,
    publisher="OCC", type="report", doi="10.5555/coasts",
)  # fmt: skip
OUTLOOK_RAW = "Organisation for Coastal Cooperation ({}), Coasts at a Glance{}. Paris: OCC."


@pytest.mark.parametrize("kind", ["report", "book", None])
def test_last_years_report_of_a_body_is_another_one(kind: str | None) -> None:
    own = replace(OUTLOOK, type=kind)
    assert outcome(OUTLOOK_RAW.format(2017, ""), own).work == own
    for year in (2016, 2018):
        assert outcome(OUTLOOK_RAW.format(year, ""), own).decision is Decision.REVIEW


@pytest.mark.parametrize("more", [": Europe", ": Asia/Pacific", " – Latin America and the Caribbean"])
def test_a_report_with_a_subtitle_that_the_record_lacks_is_another_one(more: str) -> None:
    assert outcome(OUTLOOK_RAW.format(2017, more), OUTLOOK).decision is not Decision.ACCEPTED
    own = replace(OUTLOOK, title=f"{OUTLOOK.title}{more}")
    assert outcome(OUTLOOK_RAW.format(2017, more), own).work == own
    assert outcome(OUTLOOK_RAW.format(2017, ""), own).decision is not Decision.ACCEPTED


def test_a_long_subtitle_of_a_report_may_be_left_out() -> None:
    own = replace(OUTLOOK, title=f"{OUTLOOK.title}: what forty winters of counting tell of fishing and trade")
    assert outcome(OUTLOOK_RAW.format(2017, ""), own).work == own


def test_a_report_is_itself_with_its_kind_for_a_subtitle() -> None:
    assert outcome(OUTLOOK_RAW.format(2017, ": Annual report"), OUTLOOK).work == OUTLOOK


@pytest.mark.parametrize("year", [1993, 1995])
def test_the_book_of_a_person_may_be_a_year_off(year: int) -> None:
    assert outcome(BOOK_RAW.replace("1994", str(year)), BOOK).work == BOOK


# ── originals behind a label ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "told",
    [
        "(dt.: {}. Bergstadt: Bergverlag)", "(engl. {})", "Original: {}", "(frz. Orig.: {}. Paris 1990)",
        "(H. Wood, Trans.; original: {})", "(engl. Ausg.: {})", "[Originaltitel: {}]",
        "(Originally published as {}, 1990)", "Trans. {}",
    ],
)  # fmt: skip
def test_a_title_behind_a_label_is_not_what_is_cited(told: str) -> None:
    raw = "Castellane, O. (1995). {}. Bergstadt: Bergverlag {}."
    one, two = replace(BOOK, year=1995), replace(TRANSLATION, year=1995)
    for cited, other in ((one, two), (two, one)):
        text = raw.format(cited.title, told.format(other.title))
        assert outcome(text, other).decision is not Decision.ACCEPTED
        assert outcome(text, cited).work == cited


# ── about a work ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "about",
    [
        "Zu Castellanes “{}”", "Kritik an {}", "Anmerkungen zu {}", "Remarks on {}", "Comment on {}",
        "Besprechung von {}", "Compte rendu de {}", "Reseña de {}", "Resenha de {}", "Recensione a {}",
        "Рецензия на книгу: {}", "Рец. на: {}", "评《{}》", "Review of {}", "On Castellane's “{}”",
    ],
)  # fmt: skip
def test_what_is_written_about_a_book_is_not_the_book(about: str) -> None:
    own = replace(BOOK, title=about.format(BOOK.title), doi="10.5555/about-it")
    raw = BOOK_RAW.replace(BOOK.title or "", own.title or "")
    assert outcome(raw, BOOK).decision is not Decision.ACCEPTED
    assert outcome(BOOK_RAW, own).decision is not Decision.ACCEPTED
    assert outcome(BOOK_RAW, BOOK).work == BOOK


@pytest.mark.parametrize("title", ["中国农村土地制度改革研究", "Теория северного общества"])
def test_a_review_in_another_script_is_not_the_book(title: str) -> None:
    book = replace(BOOK, title=title, authors=(Person("王", "伟"),) if title[0] == "中" else (Person("Смирнов", "А."),))
    raw = "王伟. {}. 北京: 人民出版社, 1994." if title[0] == "中" else "Смирнов А. {}. М., 1994."
    about = "评《{}》" if title[0] == "中" else "Рецензия на книгу: {}"
    assert outcome(raw.format(title), book).work == book
    assert outcome(raw.format(about.format(title)), book).decision is not Decision.ACCEPTED


@pytest.mark.parametrize("title", ["Remarks on the drift of coastal ice", "Anmerkungen zur Drift des Küsteneises"])
def test_a_work_that_is_called_remarks_is_itself(title: str) -> None:
    own = replace(ARTICLE, title=title)
    assert outcome(RAW.replace(ARTICLE.title or "", title), own).work == own


# ── other forms ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "form",
    [
        "U.S. Patent No. 9,000,000.", "ClinicalTrials.gov identifier NCT00123456.", "Blog post, https://blog.example.org/ice.",
        "[Video]. YouTube.", "[Audiobook]. Audible.", "R package version 1.1-8.", "дис. ... канд. наук. М.",
        "автореф. дис. М.", "[PowerPoint slides].",
    ],
)  # fmt: skip
def test_a_form_without_a_container_is_not_the_article(form: str) -> None:
    short = "Aldana, M., & Oyelaran, T. (2011). Seasonal drift of coastal ice in the Bay of Ternholm"
    assert outcome(f"{short}. {form}", ARTICLE).decision is not Decision.ACCEPTED
    assert outcome(f"{short}. Journal of Polar Observation.", ARTICLE).work == ARTICLE


@pytest.mark.parametrize("form", ["[Video]. YouTube", "[Audiobook]. Audible", "[Film]"])
def test_a_recording_is_not_the_book(form: str) -> None:
    assert outcome(f"Castellane, O. (1994). {BOOK.title} {form}.", BOOK).decision is not Decision.ACCEPTED


def test_a_registered_trial_may_be_named_beside_its_article() -> None:
    assert outcome(f"{RAW} ClinicalTrials.gov NCT00123456.", ARTICLE).work == ARTICLE


# ── supplements ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("told", [" (abstract)", ""])
@pytest.mark.parametrize("place", ["28(Suppl II):II-115", "28(Suppl):S-115", "28 Suppl 2:II-115–II-116"])
def test_the_page_of_a_supplement_is_another_page(told: str, place: str) -> None:
    raw = f"Aldana M, Oyelaran T. {ARTICLE.title}{told}. Journal of Polar Observation 2011;{place}."
    assert outcome(raw, ARTICLE).decision is not Decision.ACCEPTED
    full = raw.replace(place, "28:115-131").replace(" (abstract)", "")
    assert outcome(full, ARTICLE).work == ARTICLE


@pytest.mark.parametrize("registered", ["II-115-II-116", "II115", "S115"])
def test_an_article_in_a_supplement_is_itself(registered: str) -> None:
    own = replace(ARTICLE, pages=registered, issue="Suppl 2")
    raw = f"Aldana M, Oyelaran T. {ARTICLE.title}. Journal of Polar Observation 2011;28(Suppl 2):II-115."
    assert outcome(raw, own).work == own


# ── editions that the record states ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("registered", ["4", "4th ed.", "Fourth edition", "4., überarb. Aufl."])
def test_the_edition_that_the_record_states_is_compared(registered: str) -> None:
    own = replace(BOOK, edition=registered)
    raw = "Castellane, O. (1994). The weavers of the lower valley{}. Oldtown: Hill Press."
    for same in (" (4th ed.)", ". 4. Aufl", ", 4th edition", ""):
        assert outcome(raw.format(same), own).work == own
    for other in (" (5th ed.)", " (3rd ed.)", ". 5. Aufl", ", Second edition"):
        refused = outcome(raw.format(other), own)
        assert refused.decision is not Decision.ACCEPTED and refused.evidence[0].vetoes == ("edition",)


def test_a_year_in_the_place_of_an_edition_says_nothing() -> None:
    own = replace(BOOK, edition="1994 ed.")
    assert outcome(BOOK_RAW.replace("valley.", "valley (1st ed.)."), own).work == own
