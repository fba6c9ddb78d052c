"""Works that are easily taken for one another: each print is matched with its own, and never with the other alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dl_lit.enrichment.local import judged
from dl_lit.enrichment.matching import decide, judge
from dl_lit.extraction.parsing import parse_reference
from dl_lit.model import Decision, Enrichment, Evidence, Person, Work

ARTICLE = Work(
    title="Seasonal drift of coastal ice in the Bay of Ternholm",
    authors=(Person("Aldana", "Marta"), Person("Oyelaran", "Tunde")),
    year=2011,
    container="Journal of Polar Observation",
    volume="28",
    issue="2",
    pages="115-131",
    type="journal-article",
    doi="10.5555/ice",
)
RAW = (
    "Aldana, M., & Oyelaran, T. (2011). Seasonal drift of coastal ice in the Bay of Ternholm. "
    "Journal of Polar Observation, 28(2), 115–131."
)
BOOK = Work(
    title="The weavers of the lower valley",
    authors=(Person("Castellane", "Odile"),),
    year=1994,
    publisher="Hill Press",
    type="book",
    doi="10.5555/weavers",
)
BOOK_RAW = "Castellane, O. (1994). The weavers of the lower valley. Oldtown: Hill Press."
PREPRINT = replace(
    ARTICLE,
    type="posted-content",
    doi="10.5555/pre",
    year=2010,
    container=None,
    volume=None,
    issue=None,
    pages=None,
)
CHAPTER_RAW = (
    "Castellane, O. (1994). Dyes and markets. In B. Norrland (Ed.), The weavers of the lower valley (pp. 33–58). "
    "Oldtown: Hill Press."
)
CHAPTER = Work(
    title="Dyes and markets",
    authors=(Person("Castellane", "Odile"),),
    editors=(Person("Norrland", "Brita"),),
    year=1994,
    container="The weavers of the lower valley",
    pages="33-58",
    type="book-chapter",
    doi="10.5555/dyes",
)


def outcome(raw: str, *works: Work) -> Enrichment:
    reference = parse_reference(raw)
    return decide(reference, [judge(reference, work, service="test", query="text") for work in works])


def is_accepted(raw: str, work: Work) -> bool:
    return outcome(raw, work).decision is Decision.ACCEPTED


def evidence(raw: str, work: Work) -> Evidence:
    return judge(parse_reference(raw), work, service="test", query="text")


TRANSLATION = replace(
    BOOK, title="Die Weber des unteren Tals", year=1999, doi="10.5555/weber", publisher="Bergverlag", language="de"
)
SECOND_PART = replace(ARTICLE, title=f"{ARTICLE.title}. Part II", doi="10.5555/ice2", pages="132-150")


@pytest.mark.parametrize(
    ("raw", "own", "other"),
    [
        pytest.param(RAW, ARTICLE, PREPRINT, id="article and preprint"),
        pytest.param(BOOK_RAW, BOOK, TRANSLATION, id="original and translation"),
        pytest.param(
            "Castellane, O. (1999). Die Weber des unteren Tals. Bergverlag.", TRANSLATION, BOOK, id="translation"
        ),
        pytest.param(BOOK_RAW, BOOK, CHAPTER, id="book and chapter"),
        pytest.param(CHAPTER_RAW, CHAPTER, BOOK, id="chapter and book"),
        pytest.param(
            "Castellane, O. (2009). The weavers of the lower valley (3rd ed.). Hill Press.",
            replace(BOOK, year=2009, doi="10.5555/third"),
            BOOK,
            id="editions",
        ),
        pytest.param(
            RAW,
            ARTICLE,
            replace(ARTICLE, title=f"Erratum to: {ARTICLE.title}", pages="400", doi="10.5555/erratum"),
            id="article and erratum",
        ),
        pytest.param(
            RAW.replace("Seasonal", "Correction to: Seasonal").replace("115–131", "400"),
            replace(ARTICLE, title=f"Correction to: {ARTICLE.title}", pages="400", doi="10.5555/erratum"),
            ARTICLE,
            id="erratum and article",
        ),
        pytest.param(
            BOOK_RAW,
            BOOK,
            Work(
                title="Review of The weavers of the lower valley",
                authors=(Person("Haug", "Ida"),),
                year=1995,
                container="Textile Review",
                volume="3",
                pages="77",
                type="journal-article",
                doi="10.5555/review",
            ),
            id="book and review",
        ),
        pytest.param(
            RAW.replace("Ternholm.", "Ternholm. Part II.").replace("115–131", "132–150"),
            SECOND_PART,
            ARTICLE,
            id="part II and the whole",
        ),
        pytest.param(RAW, ARTICLE, SECOND_PART, id="the whole and part II"),
        pytest.param(
            RAW.replace("Ternholm.", "Ternholm. Part I."),
            replace(ARTICLE, title=f"{ARTICLE.title}. Part I", doi="10.5555/ice1"),
            SECOND_PART,
            id="parts I and II",
        ),
    ],
)
def test_each_print_is_matched_with_its_own(raw: str, own: Work, other: Work) -> None:
    for works in ((own, other), (other, own)):
        verdict = outcome(raw, *works)
        assert verdict.decision is Decision.ACCEPTED
        assert verdict.work == own
    if other is not PREPRINT:  # which stands for its article where the article itself is not to be had
        assert evidence(raw, other).decision is not Decision.ACCEPTED


# ── prints without a title ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("raw", "change"),
    [
        ("M. Aldana, T. Oyelaran, J. Polar Obs. 28 (2011) 115.", {}),
        ("M. Aldana, T. Oyelaran, J. Polar Obs. 28 (2011) 1l5.", {}),
        ("M. Aldana, T. Oyelaran, J. Polar Obs. 28 (2O11) 115.", {}),
        ("M. Aldana, T. Oyelaran, J. Polar Obs. 28,g115 (2011).", {}),
        ("M. Aldana, T. Oyelaran, J. Polar Obs. 28, 1 15 (2011).", {}),
        ("M. Aldana, T. Oyelaran, J. Polar Obs. 28(2) (2011) 115.", {"volume": "28(2)"}),
        ("M. Aldana, T. Oyelaran, J. Polar Obs. 2 (2011) 115.", {}),
        ("M. Aldana, T. Oyelaran, J. Polar Obs. (2011).", {"volume": None, "issue": None, "pages": None}),
        ("M. Aldana, T. Oyelaran, J. Polar Obs. 28 (2011).", {"pages": None}),
        ("M. Aldana, J. Polar Obs. 28 (2011).", {"pages": None, "authors": ARTICLE.authors[:1]}),
        ("J. Polar Obs. (2011) 115-131.", {"volume": None, "issue": None, "authors": ()}),
        ("J. Polar Obs. (2011) 115.", {"volume": None, "issue": None, "authors": ()}),
    ],
)
def test_without_a_title_all_that_the_record_says_must_be_printed(raw: str, change: dict[str, object]) -> None:
    work = replace(ARTICLE, **change)  # type: ignore[arg-type]
    assert evidence(raw, work).decision is Decision.ACCEPTED


@pytest.mark.parametrize(
    ("raw", "change"),
    [
        ("M. Aldana, T. Oyelaran, J. Polar Obs. 28 (2011) 116.", {}),
        ("M. Aldana, T. Oyelaran, J. Polar Obs. (2011).", {}),
        ("M. Aldana, T. Oyelaran, J. Polar Obs. 31 (2011) 40.", {"volume": None, "issue": None, "pages": None}),
        ("M. Aldana, T. Oyelaran, J. Polar Obs. (2010).", {"volume": None, "issue": None, "pages": None}),
        ("K. Aldana, J. Polar Obs. 28 (2011).", {"pages": None, "authors": ARTICLE.authors[:1]}),
        ("J. Polar Obs. 28 (2011) IFC.", {"pages": None, "authors": ()}),
        ("J. Polar Obs. (2011) 9.", {"volume": None, "issue": None, "pages": "9-12", "authors": ()}),
    ],
)
def test_without_a_title_anything_less_is_not_accepted(raw: str, change: dict[str, object]) -> None:
    work = replace(ARTICLE, **change)  # type: ignore[arg-type]
    assert evidence(raw, work).decision is not Decision.ACCEPTED


def test_a_scrambled_title_is_taken_with_first_author_year_and_container() -> None:
    raw = "Aldana, Marta. Ternholm of ice Bay drift coastal in the of Seasonal. Journal of Polar Observation. 2011"
    assert evidence(raw, replace(ARTICLE, volume=None, pages=None)).decision is Decision.ACCEPTED
    assert evidence(raw, replace(ARTICLE, volume=None, pages=None, year=2009)).decision is not Decision.ACCEPTED


def test_the_end_of_a_name_and_the_beginning_of_a_journal_are_no_umlaut() -> None:
    work = replace(ARTICLE, container="European Journal of Ice", authors=(Person("Andraskova", "N."),))
    assert "first_author" in evidence("[1] N. Andraskova, European Journal of Ice 28 (2011) 115.", work).agreed


# ── candidates of a catalogue ────────────────────────────────────────────────────────────────────────────


class Held:
    """A candidate as a catalogue gives it."""

    def __init__(self, work: Work, likeness: float) -> None:
        self.work = work
        self.likeness = likeness


def test_candidates_are_judged_until_one_is_accepted_and_no_rival_is_left() -> None:
    far = replace(ARTICLE, title="Something else", doi="10.5555/far")
    rival = replace(ARTICLE, title="Another thing", doi="10.5555/rival")
    taken = iter([[Held(ARTICLE, 10.0), Held(rival, 9.0), Held(ARTICLE, 8.0), Held(far, 1.0)], [Held(far, 99.0)]])
    found = judged(parse_reference(RAW), taken)
    assert [one.candidate.doi for one in found] == ["10.5555/ice", "10.5555/rival"]
    assert [one.rank for one in found] == [1, 2]
    assert len(list(taken)) == 1  # the second helping was not asked for


def test_a_further_helping_is_taken_when_none_fits() -> None:
    other = replace(ARTICLE, title="Something else", doi="10.5555/far", pages="1", authors=())
    found = judged(parse_reference(RAW), [[Held(other, 5.0)], [Held(ARTICLE, 6.0)]])
    assert [one.decision for one in found] == [Decision.REJECTED, Decision.ACCEPTED]


@pytest.mark.parametrize(
    "told",
    [": erratum", " (Corrigendum)", ". Erratum", " [Addendum]", ": a reply to Norrland", ": rejoinder", ", a comment"],
)
def test_a_correction_that_is_named_behind_the_title_is_not_the_article(told: str) -> None:
    title = ARTICLE.title or ""
    raw = RAW.replace(title, title + told)
    assert judge(parse_reference(raw), ARTICLE, service="x", query="x").decision is not Decision.ACCEPTED


def test_a_correction_that_is_named_before_the_title_is_not_the_article() -> None:
    raw = "Aldana, M. Erratum: Seasonal drift of coastal ice in the Bay of Ternholm. J. Polar Obs. 2012;29:400."
    assert judge(parse_reference(raw), ARTICLE, service="x", query="x").decision is not Decision.ACCEPTED


@pytest.mark.parametrize("container", ["Comments on Polar Observation", "Reply: A Journal", "Discussion Papers"])
def test_a_journal_that_is_named_like_a_comment_forbids_nothing(container: str) -> None:
    work = replace(ARTICLE, container=container)
    raw = RAW.replace("Journal of Polar Observation", container)
    assert judge(parse_reference(raw), work, service="x", query="x").decision is Decision.ACCEPTED


def test_a_reply_is_found_by_its_own_title() -> None:
    reply = replace(ARTICLE, title=f"{ARTICLE.title}: a reply", pages="132-133", doi="10.5555/reply")
    raw = RAW.replace(ARTICLE.title or "", reply.title or "").replace("115–131", "132–133")
    assert judge(parse_reference(raw), reply, service="x", query="x").decision is Decision.ACCEPTED


@pytest.mark.parametrize("edition", ["2nd ed.", "2. überarb. Aufl.", "Second edition", "(2e éd.)", "7th edn"])
def test_a_later_edition_of_another_year_needs_a_look(edition: str) -> None:
    raw = f"Castellane, O. (1995). The weavers of the lower valley, {edition} Oldtown: Hill Press."
    judged_one = judge(parse_reference(raw), BOOK, service="x", query="x")
    assert judged_one.decision is not Decision.ACCEPTED and "edition" in judged_one.vetoes
    same_year = raw.replace("1995", "1994")
    assert judge(parse_reference(same_year), BOOK, service="x", query="x").decision is Decision.ACCEPTED


def test_an_edition_that_the_record_names_must_be_the_printed_one() -> None:
    sixth = replace(BOOK, title="The weavers of the lower valley, 6th edition")
    raw = "Castellane, O. (1994). The weavers of the lower valley, 7th edition. Oldtown: Hill Press."
    assert judge(parse_reference(raw), sixth, service="x", query="x").decision is not Decision.ACCEPTED


@pytest.mark.parametrize("editors", ["12, Norrland ed.", "vol. 3, B. Norrland (Ed.)", "1st ed."])
def test_editors_and_first_editions_forbid_nothing(editors: str) -> None:
    raw = f"Castellane, O. (1995). The weavers of the lower valley, {editors} Oldtown: Hill Press."
    assert "edition" not in judge(parse_reference(raw), BOOK, service="x", query="x").vetoes
