"""GROBID's TEI as references: every field where GROBID puts it, and no document too odd to be survived."""

from __future__ import annotations

import pytest

from dl_lit.model import Person, Reference
from dl_lit.services.tei import parse_references
from reading_services import ENTITY_BOMB, tei

ARTICLE = """<biblStruct xml:id="b0"><analytic><title level="a" type="main">On the
   Patience of Servers</title>
 <author><persName><forename type="first">Ada</forename><forename type="middle">B</forename>
   <surname>Quill</surname></persName></author>
 <author><orgName type="collaboration">Queue Group</orgName></author>
 <idno type="DOI">https://doi.org/10.1000/Patience.7</idno><idno type="arXiv">arXiv:2101.00001v2</idno>
 <idno type="PMID">12345678</idno><idno type="PMCID">PMC7654321</idno><ptr target="https://example.org/p"/></analytic>
 <monogr><title level="j">Journal of Waiting</title><title level="j" type="abbrev">J. Wait.</title>
 <idno type="ISSN">0378-5955</idno>
 <imprint><biblScope unit="volume">12</biblScope><biblScope unit="issue">3</biblScope>
 <biblScope unit="page" from="45" to="67"/><publisher>Slow Press</publisher><pubPlace>Bern</pubPlace>
 <date type="published" when="2019-05-02">2019a</date></imprint></monogr>
 <note type="raw_reference">Quill, A. B. and Queue Group: On the Patience of Servers.
   J. Wait. 12(3), 45-67 (2019a)</note>
</biblStruct>"""
CHAPTER = """<biblStruct><analytic><title level="a" type="main">Queues at home</title>
 <author><persName><surname>Ruhe</surname></persName></author></analytic>
 <monogr><title level="m">The Waiting House</title><editor><persName><forename>K</forename><surname>Amt</surname>
 </persName></editor><editor>Petra Still</editor><idno type="ISBN">978-3-16-148410-0</idno>
 <imprint><date when="1998"/><biblScope unit="page">e4375</biblScope></imprint></monogr>
 <note type="raw_reference">Ruhe: Queues at home, in: Amt, Still (eds.), The Waiting House, 1998, e4375</note>
</biblStruct>"""
BOOK = """<biblStruct><monogr><title level="m">Patience</title><author><persName><forename>Zoe</forename>
 <surname>Lang</surname></persName></author><imprint><date type="accessed" when="2020"/><date>in press</date></imprint>
 </monogr><note type="raw_reference">Lang, Zoe. Patience. In press.</note></biblStruct>"""


def read(*structs: str) -> tuple[Reference, ...]:
    references = parse_references(tei(*structs))
    assert references is not None
    return references


def test_every_field_of_an_article_is_read() -> None:
    assert read(ARTICLE) == (
        Reference(
            raw="Quill, A. B. and Queue Group: On the Patience of Servers. J. Wait. 12(3), 45-67 (2019a)",
            authors=(Person(family="Quill", given="Ada B"), Person(name="Queue Group")),
            title="On the Patience of Servers",
            year=2019,
            year_text="2019a",
            container="Journal of Waiting",
            volume="12",
            issue="3",
            pages="45-67",
            publisher="Slow Press",
            place="Bern",
            type="journal-article",
            doi="10.1000/patience.7",
            arxiv="2101.00001",
            pmid="12345678",
            pmcid="PMC7654321",
            issn="0378-5955",
            url="https://example.org/p",
        ),
    )


def test_a_chapter_keeps_its_book_and_editors() -> None:
    (chapter,) = read(CHAPTER)
    assert (chapter.title, chapter.container, chapter.type) == ("Queues at home", "The Waiting House", "book-chapter")
    assert chapter.editors == (Person(family="Amt", given="K"), Person(family="Still", given="Petra"))
    assert (chapter.year, chapter.pages, chapter.isbn) == (1998, "e4375", "9783161484100")


def test_a_book_has_its_title_where_others_have_the_container() -> None:
    (book,) = read(BOOK)
    assert (book.title, book.container, book.type) == ("Patience", None, "book")
    assert book.authors == (Person(family="Lang", given="Zoe"),)
    assert (book.year, book.year_text) == (None, "in press")


def test_a_journal_without_an_article_title_is_not_the_work() -> None:
    (reference,) = read(
        '<biblStruct><monogr><title level="j">Phys. Wait.</title><author><persName><surname>Ohm</surname></persName>'
        '</author></monogr><note type="raw_reference">Ohm, Phys. Wait. 3, 1</note></biblStruct>'
    )
    assert (reference.title, reference.container, reference.type) == (None, "Phys. Wait.", "journal-article")


@pytest.mark.parametrize(
    ("note", "kind"),
    [("Ph.D. thesis", "dissertation"), ("Technical Report 7", "report"), ("Diplomarbeit", "dissertation")],
)
def test_a_report_type_says_what_it_is(note: str, kind: str) -> None:
    text = f'<note type="report_type">{note}</note><note type="raw_reference">A printed string</note>'
    (reference,) = read(f'<biblStruct><monogr><title level="m">It</title></monogr>{text}</biblStruct>')
    assert reference.type == kind


def test_a_conference_paper_is_told_by_its_meeting() -> None:
    (reference,) = read(
        '<biblStruct><analytic><title level="a">Fast queues</title></analytic><monogr><title level="m">Proc. Q</title>'
        '<meeting>Bern</meeting></monogr><note type="raw_reference">Fast queues, Proc. Q, Bern</note></biblStruct>'
    )
    assert reference.type == "proceedings-article"


def test_junk_identifiers_are_left_out() -> None:
    (reference,) = read(
        '<biblStruct><analytic><idno type="DOI">n/a</idno><idno type="PMID">none</idno><ptr target="ftp://x"/></analytic>'
        '<note type="raw_reference">Some printed thing</note></biblStruct>'
    )
    assert (reference.doi, reference.pmid, reference.url) == (None, None, None)


def test_without_the_printed_string_its_pieces_stand_in() -> None:
    (reference,) = read('<biblStruct><monogr><title level="m">Lone Title</title></monogr></biblStruct>')
    assert reference.raw == "Lone Title"


def test_references_without_a_letter_are_none() -> None:
    assert read("<biblStruct/>", '<biblStruct><note type="raw_reference"> . </note></biblStruct>') == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"not xml",
        tei(BOOK)[:-20],
        b"\xff\xfe\x00",
        b"<TEI/>",
        ENTITY_BOMB,
        b'<?xml encoding="nonsense"?><a/>',
    ],
)
def test_rubbish_is_no_list(body: bytes) -> None:
    assert parse_references(body) is None
