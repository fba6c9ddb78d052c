"""What is accepted, what is left to a person, what is rejected, and what may never be accepted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dl_lit.enrichment.matching import decide, judge
from dl_lit.enrichment.sameness import same_work
from dl_lit.model import Decision, Enrichment, EnrichmentReason, Evidence, Person, Reference, Work

LECUN = Work(
    title="Deep learning for the recognition of handwritten numerals",
    authors=(Person("LeCun", "Yann"), Person("Bengio", "Yoshua"), Person("Hinton", "Geoffrey")),
    year=2015,
    container="Journal of Machine Vision",
    volume="21",
    issue="3",
    pages="436-444",
    type="journal-article",
    doi="10.5555/deep",
)
RAW = (
    "LeCun, Y., Bengio, Y., Hinton, G. (2015). Deep learning for the recognition of handwritten numerals. "
    "Journal of Machine Vision, 21(3), 436–444."
)


def look(raw: str, work: Work, **parsed: object) -> Evidence:
    return judge(replace(Reference(raw=raw), **parsed), work, service="crossref", query="bibliographic")  # type: ignore[arg-type]


def outcome(raw: str, *works: Work, **parsed: object) -> Enrichment:
    reference = replace(Reference(raw=raw), **parsed)  # type: ignore[arg-type]
    judged = [judge(reference, work, service="crossref", query="bibliographic", rank=n) for n, work in enumerate(works)]
    return decide(reference, judged)


# ── acceptance ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_work_printed_in_full_is_accepted_with_every_signal() -> None:
    evidence = look(RAW, LECUN)
    assert evidence.decision is Decision.ACCEPTED
    assert set(evidence.agreed) == {
        "title", "first_author", "year", "container", "volume", "issue", "first_page", "last_page"
    }  # fmt: skip
    assert not evidence.disagreed and not evidence.vetoes
    assert 0.8 < evidence.score <= 1


@pytest.mark.parametrize(
    "raw",
    [
        "[12] Y. LeCun, Y. Bengio, and G. Hinton, “Deep learning for the recognition of handwritten numerals,” "
        "J. Mach. Vis., vol. 21, no. 3, pp. 436–444, 2015.",
        "LeCun Y, Bengio Y, Hinton G. Deep learning for the recognition of handwritten numerals. "
        "J Mach Vis. 2015;21:436-44.",
        "LECUN, Yann: DEEP LEARNING FOR THE RECOGNITION OF HANDWRITTEN NUMERALS. 2015",
        "LeCun, Yann (2015): Deep leaming for the recog-nition of handwritten numerals, "
        "in: Journal of Machine Vision 21, S. 436-444.",
        "LeCun, Y. Deep learning for the recognition of handwritten numerals.",
        "Deep learning for the recognition of handwritten numerals. Journal of Machine Vision, 2015.",
    ],
)
def test_styles_misprints_and_short_forms_of_a_work_are_accepted(raw: str) -> None:
    assert outcome(raw, LECUN).work == LECUN


def test_wrongly_parsed_fields_are_mended_by_the_printed_string() -> None:
    found = outcome(RAW, LECUN, title="Journal of Machine Vision", container="21(3)", authors=(Person("Deep", "L."),))
    assert found.decision is Decision.ACCEPTED


@pytest.mark.parametrize(
    "raw",
    [
        "LeCun, Y.; Bengio, Y.; Hinton, G. J. Mach. Vis. 2015, 21, 436.",
        "Y. LeCun, Y. Bengio and G. Hinton, Journal of Machine Vision 21, 436 (2015).",
        "J. Mach. Vis. 2015, 21, 436.",
        "LeCun, Y. et al., J. Mach. Vis. 21, 436.",
        "Y. LeCun and G. Hinton, Journal ofMachine Vislon21, 436 (2015).",
    ],
)
def test_without_a_title_container_volume_and_first_page_are_needed(raw: str) -> None:
    assert outcome(raw, LECUN).decision is Decision.ACCEPTED


@pytest.mark.parametrize(
    "raw",
    [
        "LeCun, Y.; Bengio, Y.; Hinton, G. J. Mach. Vis. 2015, 21.",
        "LeCun, Y. J. Mach. Vis. 2015, 436.",
        "LeCun, Y. Proc. Natl. Acad. Sci. 2015, 21, 436.",
        "J. Mach. Vis. 21, 436.",
    ],
)
def test_without_a_title_nothing_less_is_accepted(raw: str) -> None:
    assert outcome(raw, LECUN).decision is not Decision.ACCEPTED


def test_a_chapter_has_no_volume_but_then_needs_author_and_year() -> None:
    chapter = replace(LECUN, container="Readings in Vision", volume=None, issue=None, type="book-chapter")
    assert outcome("Y. LeCun, Readings in Vision (2015) 436.", chapter).decision is Decision.ACCEPTED
    assert outcome("Readings in Vision (2015) 436.", chapter).decision is not Decision.ACCEPTED


def test_a_record_without_pages_needs_all_of_several_authors_and_the_year() -> None:
    record = replace(LECUN, pages=None)
    assert outcome("LeCun, Bengio, Hinton, J. Mach. Vis. 21 (2015).", record).decision is Decision.ACCEPTED
    assert outcome("LeCun, Bengio, J. Mach. Vis. 21 (2015).", record).decision is Decision.REVIEW


def test_a_scrambled_title_needs_its_place() -> None:
    title = "numerals handwritten of recognition the for learning Deep"
    assert outcome(f"LeCun, Y. {title}. J. Mach. Vis. 2015. 21. 436-444", LECUN).decision is Decision.ACCEPTED
    assert "title_words" in look(f"{title}, Springer", LECUN).agreed
    assert outcome(f"{title}, Springer 2015", LECUN).decision is not Decision.ACCEPTED


def test_retracted_works_are_still_the_works_that_were_cited() -> None:
    assert outcome(RAW, replace(LECUN, title=f"RETRACTED: {LECUN.title}")).decision is Decision.ACCEPTED


def test_a_record_in_another_script_agrees_by_the_transliterated_name() -> None:
    work = Work(title="Война и мир", authors=(Person("Толстой", "Лев"),), year=1869, type="book", doi="10.5555/war")
    assert outcome("Толстой Л. Война и мир. Москва, 1869.", work).decision is Decision.ACCEPTED
    found = look("Tolstoj, L.: Война и мир, 1869", work, authors=(Person("Tolstoi", "L."),), title="Война и мир")
    assert "first_author" in found.agreed


@pytest.mark.parametrize(("family", "accepted"), [("Thornfield", True), ("Somebody", False)])
def test_the_author_that_a_dash_stands_for_is_compared_as_if_printed(family: str, accepted: bool) -> None:
    raw = "———. 1991. “Institutions of the Coast.” Journal of Harbour Studies 5 (1): 97–112."
    record = Work(
        title="Institutions of the Coast",
        authors=(Person("Thornfield", "Ada"),),
        year=1991,
        container="Journal of Harbour Studies",
        volume="5",
        issue="1",
        pages="97-112",
        type="journal-article",
        doi="10.5555/coast",
    )
    evidence = look(raw, record, authors=(Person(family, "A"),), title=record.title, year=1991)
    assert ("first_author" in evidence.agreed) is accepted


def test_family_and_given_name_may_have_changed_places_in_the_record() -> None:
    swapped = replace(LECUN, authors=(Person("Wei", "Wang"), Person("Na", "Li")))
    raw = RAW.replace("LeCun, Y., Bengio, Y., Hinton, G.", "Wang, W., Li, N.")
    assert "first_author" in look(raw, swapped, authors=(Person("Wang", "W."), Person("Li", "N."))).agreed


# ── titles that must not be taken for others ─────────────────────────────────────────────────────────────

CAPITAL = Work(title="Capital", authors=(Person("Marx", "Karl"),), year=2014, type="book", doi="10.5555/capital")


def test_a_title_contained_in_the_printed_one_is_not_it() -> None:
    raw = "Piketty, T. (2014). Capital in the Twenty-First Century. Cambridge: Harvard University Press."
    assert outcome(raw, replace(CAPITAL, authors=(Person("Piketty", "Thomas"),))).decision is Decision.REJECTED
    longer = replace(CAPITAL, title="Capital in the Twenty-First Century", authors=())
    assert outcome("Marx, K. (2014). Capital. London.", longer).decision is Decision.REJECTED


def test_a_short_title_needs_more_than_an_author() -> None:
    assert outcome("Marx, Karl: Capital.", CAPITAL).decision is Decision.REVIEW
    placed = replace(CAPITAL, container="Economy and Society", volume="3", type="journal-article")
    assert outcome("Marx, K. (2014). Capital. Economy and Society, 3.", placed).decision is Decision.ACCEPTED


def test_a_generic_title_needs_its_place() -> None:
    work = replace(LECUN, title="Introduction")
    assert outcome("LeCun, Y. (2015). Introduction.", work).decision is Decision.REVIEW
    assert outcome("LeCun, Y. (2015). Introduction. J. Mach. Vis. 21, 436–444.", work).decision is Decision.ACCEPTED


def test_a_title_without_author_or_year_is_for_a_person_to_judge() -> None:
    work = replace(LECUN, authors=(), year=None)
    assert outcome(RAW, work).decision is not Decision.ACCEPTED


def test_the_book_of_a_printed_chapter_is_not_the_chapter() -> None:
    book = Work(
        title="Handbook of machine vision", authors=(Person("Doe", "J."),), year=2015, type="book", doi="10.5555/b"
    )
    raw = "LeCun, Y. (2015). Reading numerals. In J. Doe (Ed.), Handbook of machine vision (pp. 1-20). Springer."
    assert outcome(raw, book).decision is Decision.REJECTED
    parsed = {"title": "Reading numerals", "container": "Handbook of machine vision", "type": "book-chapter"}
    assert outcome(raw.replace(" In J. Doe (Ed.),", ""), book, **parsed).decision is Decision.REJECTED


def test_a_main_title_is_enough_with_author_and_year() -> None:
    long = replace(LECUN, title="Deep learning for the recognition of numerals: a survey of forty years")
    raw = "LeCun, Y. (2015). Deep learning for the recognition of numerals. Journal of Machine Vision."
    evidence = look(raw, long)
    assert evidence.decision is Decision.ACCEPTED and "main_title" in evidence.agreed
    assert look("LeCun, Y. Deep learning for the recognition of numerals. Springer.", long).decision is Decision.REVIEW
    parsed = "Deep learning for the recognition of numerals: second thoughts"
    plain = replace(LECUN, title="Deep learning for the recognition of numerals")
    assert "main_title" in look("LeCun 2015: something unlike it", plain, title=parsed).agreed


# ── vetoes ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "veto"),
    [
        ({"authors": (Person("Miller", "A."), Person("Jones", "B."))}, "authors"),
        ({"year": 2012}, "year"),
        ({"title": "Deep learning for the recognition of handwritten numerals, part 2", "pages": "700-710"}, "part"),
        ({"title": LECUN.title, "pages": "12-20", "volume": None, "container": None}, "pages"),
        ({"container": "Annals of Botany", "volume": "3", "pages": "1-9"}, "container"),
        ({"title": f"Correction: {LECUN.title}"}, "about another work"),
        ({"title": f"Faculty Opinions recommendation of {LECUN.title}."}, "about another work"),
        ({"title": f"Review of {LECUN.title}"}, "about another work"),
        ({"type": "component"}, "type: component"),
        ({"type": "peer-review"}, "type: peer-review"),
        ({"type": "dataset"}, "type: dataset"),
        ({"type": "journal-issue"}, "type: journal-issue"),
        ({"type": "book"}, "type: book"),
    ],
)
def test_what_contradicts_the_print_forbids_acceptance(change: dict[str, object], veto: str) -> None:
    parsed = {
        "authors": (Person("LeCun", "Y."), Person("Bengio", "Y."), Person("Hinton", "G.")),
        "title": LECUN.title,
        "year": 2015,
        "container": "Journal of Machine Vision",
        "volume": "21",
        "issue": "3",
        "pages": "436-444",
        "type": "journal-article",
    }
    evidence = look(RAW, replace(LECUN, **change), **parsed)  # type: ignore[arg-type]
    assert veto in evidence.vetoes
    assert evidence.decision is not Decision.ACCEPTED
    assert evidence.score < 0.5


def test_a_correction_that_is_cited_itself_is_accepted() -> None:
    erratum = replace(LECUN, title=f"Erratum: {LECUN.title}", pages="900", doi="10.5555/erratum")
    raw = RAW.replace("Deep learning", "Erratum: Deep learning").replace("436–444", "900")
    assert outcome(raw, erratum).decision is Decision.ACCEPTED
    assert outcome("LeCun, Y. J. Mach. Vis. 2015, 21, 900.", erratum).decision is Decision.ACCEPTED


def test_a_data_set_that_is_cited_as_one_is_accepted() -> None:
    data = replace(LECUN, type="dataset", container="Zenodo", volume=None, issue=None, pages=None)
    raw = "LeCun, Y. (2015). Deep learning for the recognition of handwritten numerals [Data set]. Zenodo."
    assert outcome(raw, data).decision is Decision.ACCEPTED


def test_subtitles_that_differ_forbid_acceptance() -> None:
    work = replace(LECUN, title="Machine vision in practice", subtitle="proceedings of the winter school")
    raw = "LeCun, Y. (2015). Machine vision in practice: an engineering approach to cameras. Springer."
    evidence = look(raw, work, title="Machine vision in practice: an engineering approach to cameras")
    assert "subtitle" in evidence.vetoes and evidence.decision is not Decision.ACCEPTED
    assert "subtitle" in look(raw, work).vetoes


def test_a_part_that_only_the_print_names_forbids_acceptance() -> None:
    work = replace(LECUN, title="The recognition of handwritten numerals by machines")
    raw = "LeCun, Y. (2015). The recognition of handwritten numerals by machines. Part II. Springer."
    assert "part" in look(raw, work).vetoes
    assert "part" not in look(raw.replace(" Part II.", ""), work).vetoes


def test_a_review_in_a_journal_is_not_the_printed_book() -> None:
    review = replace(LECUN, title="Machine vision in practice", container="Book Reviews Quarterly", year=2015)
    raw = "LeCun, Y. (2015). Machine vision in practice. New York: Springer."
    evidence = look(raw, review, type="book", title="Machine vision in practice", publisher="Springer")
    assert evidence.vetoes == ("type: journal-article",)


def test_books_may_be_two_years_off_and_articles_one() -> None:
    raw = "LeCun, Y. (2015). Deep learning for the recognition of handwritten numerals. Springer."
    book = replace(LECUN, type="book", container=None, volume=None, pages=None, year=2017)
    assert look(raw, book, year=2015).decision is Decision.ACCEPTED
    assert "year" in look(raw, replace(book, type="journal-article"), year=2015).vetoes
    assert look(raw, replace(book, type="journal-article", year=2016), year=2015).decision is Decision.ACCEPTED
    assert "year" in look(raw, replace(book, year=2018), year=2015).vetoes


def test_pages_of_an_article_online_first_may_count_from_one() -> None:
    parsed = {"pages": "436-444", "year": 2015}
    assert look(RAW, replace(LECUN, pages="1-9"), **parsed).decision is Decision.ACCEPTED
    assert "first_page" in look(RAW, replace(LECUN, pages="1-9"), **parsed).disagreed


# ── printed identifiers ──────────────────────────────────────────────────────────────────────────────────


def test_a_printed_doi_that_fits_needs_little_else() -> None:
    assert outcome("LeCun 2015, doi:10.5555/deep", LECUN, doi="10.5555/deep").decision is Decision.ACCEPTED
    assert look(f"{LECUN.title}", LECUN, doi="10.5555/deep").decision is Decision.ACCEPTED


def test_a_printed_doi_alone_is_taken_at_its_word() -> None:
    assert outcome("https://doi.org/10.5555/deep", LECUN, doi="10.5555/deep").decision is Decision.ACCEPTED
    assert outcome("doi:10.5555/deep", LECUN, doi="10.5555/deep").decision is Decision.ACCEPTED


def test_a_printed_doi_with_words_that_show_nothing_of_the_work_is_for_a_person() -> None:
    found = outcome("available here: doi:10.5555/deep", LECUN, doi="10.5555/deep")
    assert (found.decision, found.reason) == (Decision.REVIEW, EnrichmentReason.WEAK_MATCH)


def test_a_printed_doi_of_another_work_is_a_conflict() -> None:
    raw = "Miller, A. (1999). A history of the Baltic herring trade. Fish Review 3, 7-9. doi:10.5555/deep"
    found = outcome(raw, LECUN, doi="10.5555/deep")
    assert (found.decision, found.reason) == (Decision.REVIEW, EnrichmentReason.CONFLICT)
    assert found.work is None and found.evidence[0].candidate == LECUN


def test_another_work_that_fits_wins_over_a_wrong_doi() -> None:
    herring = Work(
        title="A history of the Baltic herring trade",
        authors=(Person("Miller", "Ann"),),
        year=1999,
        doi="10.5555/fish",
        type="journal-article",
    )
    raw = "Miller, A. (1999). A history of the Baltic herring trade. doi:10.5555/deep"
    found = outcome(raw, LECUN, herring, doi="10.5555/deep")
    assert found.work == herring
    assert "doi" in found.evidence[1].disagreed


def test_a_doi_whose_title_differs_needs_author_year_and_place() -> None:
    translated = replace(LECUN, title="Tiefes Lernen zur Erkennung von Ziffern")
    assert outcome(RAW, translated, doi="10.5555/deep").decision is Decision.ACCEPTED
    assert outcome(RAW, translated).decision is not Decision.ACCEPTED


# ── choosing ─────────────────────────────────────────────────────────────────────────────────────────────


def test_no_candidates_and_no_match_are_two_reasons() -> None:
    assert outcome(RAW).reason is EnrichmentReason.NO_CANDIDATES
    other = Work(title="Something else entirely", authors=(Person("Roe", "R."),), year=1950)
    found = outcome(RAW, other)
    assert (found.decision, found.reason) == (Decision.REJECTED, EnrichmentReason.NO_MATCH)
    assert len(found.evidence) == 1


def test_a_weak_match_is_kept_for_a_person() -> None:
    found = outcome("LeCun, Y. (2011). Deep learning for the recognition of handwritten numerals.", LECUN)
    assert (found.decision, found.reason) == (Decision.REVIEW, EnrichmentReason.WEAK_MATCH)


def test_two_works_that_fit_equally_are_ambiguous() -> None:
    twin = replace(LECUN, doi="10.5555/other", container="Annals of Vision", volume="7", pages="1-9")
    found = outcome("LeCun, Y. (2015). Deep learning for the recognition of handwritten numerals.", LECUN, twin)
    assert (found.decision, found.reason) == (Decision.REVIEW, EnrichmentReason.AMBIGUOUS)


def test_the_print_decides_between_two_works_of_one_title() -> None:
    twin = replace(LECUN, doi="10.5555/other", container="Annals of Vision", volume="7", pages="1-9")
    assert outcome(RAW, twin, LECUN).work == LECUN


def test_duplicate_deposits_are_one_work_and_chosen_alike_in_any_order() -> None:
    twin = replace(LECUN, doi="10.65215/again")
    assert outcome(RAW, twin, LECUN).work == outcome(RAW, LECUN, twin).work == LECUN
    poor = replace(LECUN, doi="10.5555/aaa", issue=None)
    assert outcome(RAW, poor, LECUN).work == outcome(RAW, LECUN, poor).work == LECUN


def test_of_duplicates_the_one_that_explains_more_of_the_print_is_taken() -> None:
    editorial = replace(LECUN, title=f"Editorial: {LECUN.title}", doi="10.5555/zzz")
    raw = RAW.replace("Deep learning", "Editorial: Deep learning")
    assert outcome(raw, LECUN, editorial).work == editorial


def test_the_article_is_taken_before_its_preprint() -> None:
    preprint = replace(
        LECUN, doi="10.5555/pre", type="posted-content", container=None, volume=None, issue=None, pages=None
    )
    raw = "LeCun, Y. (2015). Deep learning for the recognition of handwritten numerals."
    assert outcome(raw, preprint, LECUN).work == LECUN


# ── two records of one work ──────────────────────────────────────────────────────────────────────────────


def test_records_of_one_work_are_recognised() -> None:
    assert same_work(LECUN, replace(LECUN, title=None))  # the same DOI
    again = replace(LECUN, doi="10.5555/2")
    assert same_work(LECUN, again)
    assert same_work(LECUN, replace(again, authors=()))  # the same place
    assert same_work(LECUN, replace(again, title=f"{LECUN.title}!"))
    assert same_work(LECUN, replace(again, title=f"Editorial: {LECUN.title}"))
    assert same_work(LECUN, replace(again, type="posted-content", year=2013, pages=None, volume=None))
    assert same_work(replace(LECUN, authors=(), pages=None), replace(again, authors=(), pages=None))


@pytest.mark.parametrize(
    "change",
    [
        {"title": None},
        {"title": "Another title altogether"},
        {"title": f"{LECUN.title} 2", "pages": "1"},
        {"authors": (Person("Miller", "A."),), "pages": "1"},
        {"authors": (), "pages": "1"},
        {"year": 2011, "pages": "1"},
        {"pages": "9"},
        {"issue": "9", "year": 2011},
        {"type": "dataset"},
    ],
)
def test_records_of_different_works_are_kept_apart(change: dict[str, object]) -> None:
    assert not same_work(LECUN, replace(replace(LECUN, doi="10.5555/2"), **change))  # type: ignore[arg-type]


# ── anything at all ──────────────────────────────────────────────────────────────────────────────────────

texts = st.text(max_size=60)
maybe = st.none() | texts
works = st.builds(
    Work, title=maybe, subtitle=maybe,
    authors=st.lists(st.builds(Person, family=maybe, given=maybe, name=maybe), max_size=3).map(tuple),
    year=st.none() | st.integers(1400, 2030), container=maybe, volume=maybe, pages=maybe, type=maybe, doi=maybe,
)  # fmt: skip


@given(texts, maybe, works)
def test_no_print_and_no_record_make_matching_raise(raw: str, title: str | None, work: Work) -> None:
    evidence = look(raw, work, title=title)
    assert 0.0 <= evidence.score <= 1.0
    assert evidence == look(raw, work, title=title)
    assert not (evidence.decision is Decision.ACCEPTED and evidence.vetoes)


@given(works)
def test_a_record_is_the_same_work_as_itself_when_it_says_enough(work: Work) -> None:
    assert same_work(work, work) or not work.doi
