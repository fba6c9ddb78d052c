"""Records of the newer services as works: every field, the odd forms, and what is too odd to be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from dl_lit.model import CopyVersion, Location, Person, Work
from dl_lit.services import (
    crossref,
    datacite,
    dnb,
    doaj,
    doi,
    europepmc,
    hal,
    idconv,
    marc,
    opencitations,
    openlibrary,
    semanticscholar,
    zenodo,
)
from dl_lit.services.fields import Node, quoted
from dl_lit.services.licences import is_open, licence_of

ADA = Person(family="Byron", given="Ada")
PARSERS: dict[str, Callable[[Node], Any]] = {
    "semanticscholar": semanticscholar.parse_work,
    "datacite": datacite.parse_work,
    "europepmc": europepmc.parse_work,
    "idconv": idconv.parse_work,
    "opencitations": opencitations.parse_work,
    "doaj": doaj.parse_work,
    "zenodo": zenodo.parse_work,
    "hal": hal.parse_work,
    "openlibrary": openlibrary.parse_edition,
    "openlibrary search": openlibrary.parse_found,
    "doi": doi.parse_work,
}
ODD: tuple[Any, ...] = (
    None,
    {},
    [],
    "text",
    7,
    {"title": 3},
    {"title": [None]},
    {"authors": [None, 3, {}]},
    {"author": "x"},
)
ODDER: tuple[Any, ...] = (
    {"metadata": [], "files": {}, "bibjson": 1, "externalIds": [], "journal": "x", "openAccessPdf": "no"},
    {"authorList": {"author": {}}, "fullTextUrlList": None, "pubTypeList": {"pubType": "x"}, "journalInfo": []},
    {"titles": {"title": "x"}, "creators": {}, "rightsList": [None], "contentUrl": {}, "types": [], "container": 1},
    {"authFullName_s": "x", "issued": {"date-parts": [[None]]}, "publishers": "x", "isbn": 9783161484100},
)


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("odd", [*ODD, *ODDER])
def test_no_record_is_too_odd_to_be_read(name: str, odd: Any) -> None:
    work = PARSERS[name](Node(odd))
    assert work is None or isinstance(work, Work)


# ── Semantic Scholar ─────────────────────────────────────────────────────────────────────────────────────


def test_a_record_of_semantic_scholar() -> None:
    record = {
        "externalIds": {"DOI": "10.1000/A", "ArXiv": "2001.00001", "PubMed": "123", "PubMedCentral": "456"},
        "title": "On <i>tubes</i>",
        "venue": "J. Tub.",
        "year": 2001,
        "journal": {"name": "Journal of Tubes", "pages": "1 - 9", "volume": "3"},
        "authors": [{"name": "Ada Byron"}, {"name": None}],
        "isOpenAccess": True,
        "openAccessPdf": {"url": "https://pub.test/a.pdf", "status": "GOLD", "license": "CCBYNC"},
        "publicationTypes": ["Review", "JournalArticle"],
        "citationCount": 5,
    }
    assert semanticscholar.parse_work(Node(record)) == Work(
        title="On tubes",
        authors=(ADA,),
        year=2001,
        container="Journal of Tubes",
        volume="3",
        pages="1-9",
        type="journal-article",
        doi="10.1000/a",
        arxiv="2001.00001",
        pmid="123",
        pmcid="PMC456",
        cited_by_count=5,
        is_oa=True,
        oa_status="gold",
        locations=(
            Location(source="semanticscholar", pdf_url="https://pub.test/a.pdf", licence="cc-by-nc", is_best=True),
        ),
        sources=("semanticscholar",),
    )


@pytest.mark.parametrize(
    ("pdf", "expected"),
    [
        ({"url": "", "status": "CLOSED"}, None),
        ({"url": "https://doi.org/10.1000/a", "status": "BRONZE"}, (None, "https://doi.org/10.1000/a")),
        ({"url": "https://repo.test/1", "status": "GREEN"}, ("https://repo.test/1", None)),
    ],
)
def test_an_open_copy_without_an_address_is_none(pdf: Any, expected: Any) -> None:
    work = semanticscholar.parse_work(Node({"title": "x", "openAccessPdf": pdf}))
    assert work is not None
    assert [(one.pdf_url, one.landing_url) for one in work.locations] == ([expected] if expected else [])


def test_kinds_that_disagree_say_nothing() -> None:
    work = semanticscholar.parse_work(Node({"title": "x", "publicationTypes": ["Book", "JournalArticle"]}))
    assert work is not None and work.type is None


# ── DataCite ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_record_of_datacite() -> None:
    record = {
        "doi": "10.48550/ARXIV.2001.00001",
        "titles": [
            {"title": "Des tubes", "titleType": "TranslatedTitle"},
            {"title": "On tubes"},
            {"title": "A survey", "titleType": "Subtitle"},
        ],
        "creators": [
            {"name": "Byron, Ada", "givenName": "Ada", "familyName": "Byron", "nameType": "Personal"},
            {"name": "Byron, Ada"},
            {"name": "Institute of Tubes", "nameType": "Organizational"},
            {"name": "(:unav)"},
        ],
        "contributors": [
            {"name": "Ohm, Otto", "contributorType": "Editor"},
            {"name": "Volt, Vera", "contributorType": "Sponsor"},
        ],
        "publicationYear": 2020,
        "publisher": {"name": "arXiv"},
        "container": {"title": "Tubes", "volume": "1", "issue": "2", "firstPage": "3", "lastPage": "4"}
        | {"identifier": "0028-0836", "identifierType": "ISSN"},
        "types": {"resourceTypeGeneral": "Preprint", "resourceType": "Article"},
        "url": "https://arxiv.org/abs/2001.00001",
        "contentUrl": ["https://repo.test/file.pdf?download=1"],
        "rightsList": [{"rights": "All mine"}, {"rightsUri": "https://creativecommons.org/licenses/by-sa/4.0/"}],
        "descriptions": [
            {"description": "Notes", "descriptionType": "Other"},
            {"description": "We <b>show</b>.", "descriptionType": "Abstract"},
        ],
        "language": "en",
    }
    work = datacite.parse_work(Node(record))
    assert (work.title, work.subtitle, work.year, work.publisher) == ("On tubes", "A survey", 2020, "arXiv")
    assert work.authors == (ADA, ADA, Person(name="Institute of Tubes"))
    assert work.editors == (Person(family="Ohm", given="Otto"),)
    assert (work.container, work.volume, work.issue, work.pages, work.issn) == ("Tubes", "1", "2", "3-4", "0028-0836")
    assert (work.type, work.doi, work.arxiv) == ("posted-content", "10.48550/arxiv.2001.00001", "2001.00001")
    assert (work.abstract, work.language) == ("We show.", "en")
    (location,) = work.locations
    assert (location.pdf_url, location.licence) == ("https://repo.test/file.pdf?download=1", "cc-by-sa")


@pytest.mark.parametrize(
    ("general", "said", "expected"),
    [
        ("Dissertation", None, "dissertation"),
        ("Dataset", "Survey", "dataset"),
        ("Software", None, "software"),
        ("Text", "Doctoral thesis", "dissertation"),
        ("Text", "Journal Article", "journal-article"),
        ("Text", "Conference Paper", "proceedings-article"),
        ("Text", "Monograph", "book"),
        ("Text", None, "other"),
        ("Image", "Figure", "other"),
        (None, "Preprint", "posted-content"),
        (None, None, None),
    ],
)
def test_types_of_datacite_in_crossrefs_words(general: str | None, said: str | None, expected: str | None) -> None:
    record = {"types": {"resourceTypeGeneral": general, "resourceType": said}}
    assert datacite.parse_work(Node(record)).type == expected


def test_a_file_without_an_open_licence_is_no_location() -> None:
    record = {"contentUrl": "https://repo.test/file.pdf", "rightsList": [{"rights": "Restricted"}]}
    assert datacite.parse_work(Node(record)).locations == ()


# ── Europe PMC ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_record_of_europe_pmc() -> None:
    record = {
        "source": "MED",
        "pmid": "123",
        "pmcid": "PMC456",
        "doi": "10.1000/A",
        "title": "On tubes.",
        "authorList": {
            "author": [{"fullName": "Byron A", "firstName": "Ada", "lastName": "Byron"}, {"collectiveName": "Tubers"}]
        },
        "journalInfo": {"volume": "3", "issue": "4", "journal": {"title": "Tubes", "essn": "0028-0836"}},
        "pubYear": "2001",
        "pageInfo": "1-9",
        "abstractText": "<h4>Aim</h4>Tubes.",
        "pubTypeList": {"pubType": ["Journal Article", "Retracted Publication"]},
        "isOpenAccess": "Y",
        "license": "cc by-nc",
        "fullTextUrlList": {
            "fullTextUrl": [
                {"availabilityCode": "S", "documentStyle": "doi", "url": "https://doi.org/10.1000/a"},
                {"availabilityCode": "OA", "documentStyle": "pdf", "site": "Europe_PMC", "url": "https://e.test/1.pdf"},
                {"availabilityCode": "F", "documentStyle": "html", "site": "Publisher", "url": "https://pub.test/1"},
            ]
        },
    }
    work = europepmc.parse_work(Node(record))
    assert (work.title, work.year, work.pages, work.type) == ("On tubes", 2001, "1-9", "journal-article")
    assert work.authors == (ADA, Person(name="Tubers"))
    assert (work.doi, work.pmid, work.pmcid, work.issn) == ("10.1000/a", "123", "PMC456", "0028-0836")
    assert work.is_oa and work.is_retracted
    assert [(one.pdf_url, one.landing_url, one.licence, one.is_best) for one in work.locations] == [
        ("https://e.test/1.pdf", None, "cc-by-nc", True),
        (None, "https://pub.test/1", "cc-by-nc", False),
    ]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"source": "PPR"}, "posted-content"),
        ({"bookOrReportDetails": {"publisher": "P"}}, "book"),
        ({"pubTypeList": {"pubType": ["Book Chapter"]}, "bookOrReportDetails": {}}, "book-chapter"),
        ({"pubTypeList": {"pubType": ["Thesis"]}}, "dissertation"),
        ({"journalInfo": {"journal": {"title": "J"}}}, "journal-article"),
        ({}, None),
    ],
)
def test_types_of_europe_pmc(record: Any, expected: str | None) -> None:
    assert europepmc.parse_work(Node(record)).type == expected


def test_authors_are_read_from_the_string_where_there_is_no_list() -> None:
    work = europepmc.parse_work(Node({"authorString": "Byron A, Ohm O."}))
    assert [person.family for person in work.authors] == ["Byron", "Ohm"]


# ── OpenCitations ────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_of_opencitations_meta() -> None:
    row = {
        "id": "doi:10.1000/A pmid:123 openalex:W42 omid:br/061",
        "title": "On tubes",
        "author": "Byron, Ada [orcid:0000-0001-2345-6789 omid:ra/061]; Institute Of Tubes [omid:ra/062]",
        "pub_date": "2001-05",
        "venue": "Journal of Tubes [issn:0028-0836 omid:br/062]",
        "volume": "3",
        "issue": "",
        "page": "12-12",
        "type": "journal article",
        "publisher": "Tube Press [crossref:78 omid:ra/063]",
        "editor": "",
    }
    work = opencitations.parse_work(Node(row))
    assert (work.title, work.year, work.container, work.publisher) == (
        *("On tubes", 2001),
        *("Journal of Tubes", "Tube Press"),
    )
    assert work.authors[0] == ADA and len(work.authors) == 2
    assert (work.doi, work.pmid, work.openalex_id, work.issn) == ("10.1000/a", "123", "W42", "0028-0836")
    assert (work.pages, work.volume, work.issue, work.type) == ("12", "3", None, "journal-article")


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ("omid:br/06 doi:10.1000/A pmid:7", ("10.1000/a", "7")),
        (
            "10.1002/(sici)10(19)4:5<3::a>3.0.co;2-u",
            ("10.1002/(sici)10(19)4:5<3::a>3.0.co;2-u", None),
        ),
        ("omid:br/06", None),
        ("", None),
    ],
)
def test_what_is_cited_has_identifiers_only(ids: str, expected: Any) -> None:
    work = opencitations.parse_cited(ids)
    assert (work and (work.doi, work.pmid)) == expected


# ── DOAJ, Zenodo, HAL ────────────────────────────────────────────────────────────────────────────────────


def test_an_article_of_doaj() -> None:
    article = {
        "title": "On tubes",
        "year": "2001",
        "author": [{"name": "Ada Byron"}],
        "identifier": [{"type": "eissn", "id": "0028-0836"}, {"type": "DOI", "id": "10.1000/A"}],
        "link": [
            {"type": "fulltext", "content_type": "PDF", "url": "https://pub.test/1.pdf"},
            {"type": "fulltext", "url": "https://pub.test/1"},
            {"type": "homepage", "url": "https://pub.test/"},
        ],
        "journal": {
            "title": "Tubes",
            "volume": "3",
            "number": "4",
            "license": [{"type": "CC BY-SA"}],
            "language": ["EN"],
        },
        "start_page": "1",
        "end_page": "9",
    }
    work = doaj.parse_work(Node({"bibjson": article}))
    assert (work.title, work.authors, work.year, work.doi, work.issn) == (
        *("On tubes", (ADA,), 2001),
        *("10.1000/a", "0028-0836"),
    )
    assert (work.container, work.volume, work.issue, work.pages) == ("Tubes", "3", "4", "1-9")
    assert [(one.pdf_url, one.landing_url) for one in work.locations] == [
        ("https://pub.test/1.pdf", None),
        (None, "https://pub.test/1"),
    ]
    assert {(one.licence, one.version) for one in work.locations} == {("cc-by-sa", CopyVersion.PUBLISHED)}


def test_a_record_of_zenodo() -> None:
    about = {
        "title": "On tubes",
        "creators": [{"name": "Byron, Ada"}],
        "contributors": [{"name": "Ohm, Otto", "type": "Editor"}],
        "publication_date": "2020-05-01",
        "resource_type": {"type": "publication", "subtype": "section"},
        "access_right": "open",
        "license": {"id": "cc-by-4.0"},
        "imprint": {"publisher": "Tube Press", "place": "Husum", "isbn": "978-3-16-148410-0"},
        "part_of": {"title": "All Tubes", "pages": "7-9"},
    }
    files = [
        {"key": "data.csv", "links": {"self": "https://z.test/data"}},
        {"key": "Text.PDF", "links": {"self": "https://z.test/text"}},
    ]
    work = zenodo.parse_work(Node({"doi": "10.5281/zenodo.2", "metadata": about, "files": files}))
    assert (work.title, work.authors, work.editors) == ("On tubes", (ADA,), (Person(family="Ohm", given="Otto"),))
    assert (work.type, work.year, work.container, work.pages) == ("book-chapter", 2020, "All Tubes", "7-9")
    assert (work.publisher, work.place, work.isbn) == ("Tube Press", "Husum", "9783161484100")
    assert [(one.pdf_url, one.licence) for one in work.locations] == [("https://z.test/text", "cc-by")]
    closed = zenodo.parse_work(Node({"metadata": {**about, "access_right": "embargoed"}, "files": files}))
    assert closed.locations == () and closed.is_oa is False


def test_a_document_of_hal() -> None:
    document = {
        "title_s": ["On tubes", "Des tubes"],
        "authFullName_s": ["Ada Byron"],
        "authLastName_s": ["Byron"],
        "authFirstName_s": ["Ada"],
        "doiId_s": "10.1000/A",
        "producedDateY_i": 2001,
        "uri_s": "https://hal.test/hal-1",
        "fileMain_s": "https://hal.test/hal-1/document",
        "openAccess_bool": True,
        "submitType_s": "file",
        "docType_s": "COUV",
        "bookTitle_s": "All Tubes",
        "isbn_s": "3-16-148410-X",
        "issue_s": ["4"],
        "licence_s": "http://creativecommons.org/licenses/by/4.0/",
    }
    work = hal.parse_work(Node(document))
    assert (work.title, work.authors, work.year, work.doi) == ("On tubes", (ADA,), 2001, "10.1000/a")
    assert (work.type, work.container, work.issue, work.isbn) == ("book-chapter", "All Tubes", "4", "9783161484100")
    assert [(one.pdf_url, one.licence) for one in work.locations] == [("https://hal.test/hal-1/document", "cc-by")]
    for changed in ({"submitType_s": "notice"}, {"openAccess_bool": False}, {"fileMain_s": None}):
        assert hal.parse_work(Node({**document, **changed})).locations == ()
    assert hal.parse_work(Node({"authFullName_s": ["Ada Byron"]})).authors == (ADA,)


# ── books ────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_edition_of_open_library() -> None:
    record = {
        "title": "All tubes",
        "subtitle": "and some pipes",
        "authors": [{"name": "Ada Byron"}],
        "publishers": [{"name": "Tube Press"}],
        "publish_places": [{"name": "Husum"}],
        "publish_date": "May 2, 1999",
        "identifiers": {"isbn_10": ["316148410X"]},
    }
    work = openlibrary.parse_edition(Node(record))
    assert (work.title, work.subtitle, work.authors, work.year) == ("All tubes", "and some pipes", (ADA,), 1999)
    assert (work.publisher, work.place, work.isbn, work.type) == ("Tube Press", "Husum", "9783161484100", "book")


def test_a_work_of_many_editions_has_no_publisher_of_its_own() -> None:
    record = {"title": "x", "publisher": ["A", "B"], "isbn": ["9783161484100", "9780306406157"], "key": "/works/OL1W"}
    work = openlibrary.parse_found(Node(record))
    assert (work.publisher, work.isbn, work.url) == (None, None, "https://openlibrary.org/works/OL1W")


def marc_record(fields: str, leader: str = "00000nam a2200000 c 4500") -> Work:
    text = f'<record xmlns="http://www.loc.gov/MARC21/slim"><leader>{leader}</leader>{fields}</record>'
    return marc.parse_record(fromstring(text), "dnb")


def field(tag: str, *subfields: tuple[str, str]) -> str:
    inner = "".join(f'<subfield code="{code}">{text}</subfield>' for code, text in subfields)
    return f'<datafield tag="{tag}" ind1=" " ind2=" ">{inner}</datafield>'


def test_a_record_in_marc() -> None:
    work = marc_record(
        field("020", ("a", "3-16-148410-X"))
        + field("041", ("a", "ger"))
        + field("100", ("a", "Mu\u0308ller, A\u0308nne"), ("4", "aut"))
        + field("245", ("a", "\u0098Die\u009c Bru\u0308cken :"), ("b", "ein U\u0308berblick /"), ("c", "Änne Müller"))
        + field("264", ("a", "Husum :"), ("b", "Küstenverlag,"), ("c", "[1999]"))
        + field("490", ("a", "Nordseereihe ;"), ("v", "7"))
        + field("700", ("a", "Ohm, Otto"), ("e", "Herausgeber"), ("4", "edt"))
        + field("700", ("a", "Volt, Vera"), ("e", "Illustrator"))
        + field("710", ("a", "Deichverband"), ("4", "aut"))
        + field("856", ("u", "https://d-nb.test/04"), ("3", "Inhaltsverzeichnis"), ("q", "application/pdf"))
    )
    assert (work.title, work.subtitle) == ("Die Brücken", "ein Überblick")
    assert work.authors == (Person(family="Müller", given="Änne"), Person(name="Deichverband"))
    assert work.editors == (Person(family="Ohm", given="Otto"),)
    assert (work.place, work.publisher, work.year) == ("Husum", "Küstenverlag", 1999)
    assert (work.container, work.volume, work.isbn, work.type) == ("Nordseereihe", "7", "9783161484100", "book")
    assert work.locations == ()


def test_an_open_thesis_in_marc_has_its_file() -> None:
    work = marc_record(
        field("024", ("a", "10.1000/Diss"), ("2", "doi"))
        + field("502", ("b", "Dissertation"), ("c", "Universität Husum"), ("d", "2012"))
        + field("506", ("a", "Open Access"), ("f", "Unrestricted online access"))
        + field("540", ("u", "https://creativecommons.org/licenses/by/4.0/"))
        + field("856", ("u", "https://d-nb.test/34"), ("q", "application/pdf"))
        + '<controlfield tag="008">130101s2012    gw |||||o|||| 00||||ger  </controlfield>'
    )
    assert (work.type, work.publisher, work.doi, work.year) == (
        "dissertation",
        "Universität Husum",
        "10.1000/diss",
        2012,
    )
    assert [(one.pdf_url, one.licence) for one in work.locations] == [("https://d-nb.test/34", "cc-by")]


@pytest.mark.parametrize(
    ("fields", "leader", "expected"),
    [
        ("", "00000nas a2200000 c 4500", "journal"),
        ("", "00000naa a2200000 c 4500", "book-chapter"),
        (field("773", ("t", "All Tubes")), "00000nam a2200000 c 4500", "book-chapter"),
        ("", "", "book"),
    ],
)
def test_types_in_marc(fields: str, leader: str, expected: str) -> None:
    assert marc_record(fields, leader).type == expected


@pytest.mark.parametrize(
    ("title", "author", "expected"),
    [
        ("Die Brücken: and (not) or", "von Müller", "tit=Die and tit=Brücken and per=von and per=Müller"),
        ('a "quoted" title=x', None, "tit=a and tit=quoted and tit=title and tit=x"),
        ("and, or", "Müller", ""),
    ],
)
def test_a_query_to_the_national_library_has_words_only(title: str, author: str | None, expected: str) -> None:
    assert dnb.query_of(title, author) == expected


# ── doi.org, Crossref ────────────────────────────────────────────────────────────────────────────────────


def test_csl_json_of_two_agencies() -> None:
    crossref_like = {
        "type": "journal-article",
        "title": "On tubes",
        "author": [{"family": "Byron", "given": "Ada"}, {"name": "Tubers"}, {}],
        "issued": {"date-parts": [[2001, 5]]},
        "container-title": "Tubes",
        "page": "1-9",
        "DOI": "10.1000/A",
        "ISSN": ["0028-0836"],
    }
    datacite_like = {
        "type": "thesis",
        "title": "Tubes",
        "author": [{"literal": "Tubers"}],
        "issued": {"date-parts": [["2020"]]},
        "DOI": "10.5281/zenodo.1",
        "publisher-place": "Husum",
        "ISBN": "http://id.test/isbn/9783161484100",
    }
    work = doi.parse_work(Node(crossref_like))
    assert (work.title, work.authors, work.year) == ("On tubes", (ADA, Person(name="Tubers")), 2001)
    assert (work.container, work.pages, work.type, work.issn) == ("Tubes", "1-9", "journal-article", "0028-0836")
    thesis = doi.parse_work(Node(datacite_like))
    assert (thesis.type, thesis.year, thesis.place, thesis.isbn) == ("dissertation", 2020, "Husum", "9783161484100")
    assert doi.parse_work(Node({"type": "motion_picture"})).type == "other"


def test_deposited_references_keep_their_places() -> None:
    listed = [
        {"DOI": "10.1000/A", "doi-asserted-by": "publisher", "author": "Byron", "year": "1999a", "first-page": "1"},
        {},
        "odd",
        {"unstructured": "Byron, A. (1999) <i>Tubes</i>.", "ISBN": "http://id.crossref.org/isbn/9783161484100"},
        {"article-title": "T", "journal-title": "J", "volume-title": "V", "volume": "3", "issue": "4"},
    ]
    first, empty, odd, whole, parts = crossref.parse_references(Node(listed))
    assert [one.position for one in (first, empty, odd, whole, parts)] == [1, 2, 3, 4, 5]
    assert (first.doi, first.doi_asserted_by, first.year, first.first_page) == ("10.1000/a", "publisher", "1999a", "1")
    assert (empty.doi, empty.unstructured, odd.author) == (None, None, None)
    assert (whole.unstructured, whole.isbn) == ("Byron, A. (1999) Tubes.", "9783161484100")
    assert (parts.article_title, parts.journal_title, parts.volume_title, parts.issue) == ("T", "J", "V", "4")


# ── helpers ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CC BY-NC-ND 4.0", "cc-by-nc-nd"),
        ("cc by", "cc-by"),
        ("CCBYNCSA", "cc-by-nc-sa"),
        ("cc-by-4.0", "cc-by"),
        ("https://creativecommons.org/licenses/by-sa/3.0/de/", "cc-by-sa"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "cc0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "public-domain"),
        ("CC0-1.0", "cc0"),
        ("Elsevier user licence", "Elsevier user licence"),
        ("Bylaws apply", "Bylaws apply"),
        ("", None),
        (None, None),
    ],
)
def test_licences_have_one_spelling(text: str | None, expected: str | None) -> None:
    assert licence_of(text) == expected


def test_only_some_licences_open_a_copy() -> None:
    assert [is_open(one) for one in ("cc-by", "cc0", "public-domain", "Elsevier user licence", None)] == [
        *(True, True, True),
        *(False, False),
    ]


def test_a_phrase_cannot_break_out_of_its_quotes() -> None:
    assert quoted('On "tubes" \\') == '"On  tubes"'


def test_a_file_that_semantic_scholar_calls_closed_is_no_open_copy() -> None:
    pdf = {"url": "https://pub.test/a.pdf", "status": "CLOSED"}
    work = semanticscholar.parse_work(Node({"title": "Tides", "openAccessPdf": pdf}))
    assert work is not None and work.locations == ()
