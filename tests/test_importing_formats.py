"""What files of other programs say, in each format; and out again and back in."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from dl_lit.errors import UsageError
from dl_lit.exporting.formats import FORMATS
from dl_lit.exporting.keys import keyed
from dl_lit.importing import bibtex, identifiers, json_files, ris
from dl_lit.importing.formats import format_of, parse, read
from dl_lit.model import KeptFile, Person, Work
from dl_lit.store.records import LibraryWork

RIS = """1.
TY  - JOUR
AU  - Müller, Jörg
AU  - Johnson and Johnson
TI  - A title
JO  - J. Short
T2  - Journal of Long Names
PY  - 2012/05/27/
SP  - 11
EP  - 29
UR  - https://doi.org/10.1000/AB
L1  - internal-pdf://x/a.pdf
ER  -

TY - CHAP
TI - Slips of a program
PY - c1999
SN - 978-3-16-148410-0

TY  - GEN
N2  - nothing to look for
ER  -
"""


def test_ris_is_read_with_its_slips_and_what_cannot_be_looked_for_is_told_by_line() -> None:
    found = ris.parse(RIS)
    article, chapter = (one.reference for one in found.entries)
    assert article.authors == (Person("Müller", "Jörg"), Person(name="Johnson and Johnson"))
    assert (article.container, article.year, article.pages, article.doi) == (
        *("Journal of Long Names", 2012, "11-29", "10.1000/ab"),
    )
    assert (chapter.title, chapter.year, chapter.isbn) == ("Slips of a program", 1999, "9783161484100")
    assert found.entries[0].files == ("internal-pdf://x/a.pdf",)
    assert found.problems == ("line 20: an entry has no title and no identifier",)


def test_csl_json_is_read_as_a_list_an_object_and_lines() -> None:
    items = [{"id": "a", "type": "book", "title": "One", "author": [{"literal": "UNESCO"}]}, {"title": "Two"}]
    for text in (json.dumps(items), json.dumps({"items": items}), "\n".join(map(json.dumps, items))):
        entries = parse(text, "x").entries
        assert [(one.key, one.reference.title) for one in entries] == [("a", "One"), ("2", "Two")]
        assert entries[0].reference.authors == (Person(name="UNESCO"),)


def test_references_come_back_as_extract_references_wrote_them() -> None:
    line = {"source_pdf": "a.pdf", "position": 7, "raw": "Müller, J. A title. 2012.", "year": 2012, "authors": []}
    line |= {"title": "A title", "year_text": "2012a", "from_note": True}
    (entry,) = parse(json.dumps(line), "x").entries
    assert (entry.reference.raw, entry.reference.year_text, entry.reference.position) == (line["raw"], "2012a", 1)
    assert entry.reference.from_note


def test_wrong_values_in_json_cost_their_entry_only() -> None:
    good = {"raw": "A good one. 2001."}
    bad = [{"raw": "x", "year": "soon"}, 5, {"raw": " "}, "no identifier", {"authors": "x", "title": "y"}]
    found = json_files.parse(json.dumps([*bad, good]))
    assert [one.reference.raw for one in found.entries] == ["A good one. 2001."]
    assert [problem.partition(":")[0] for problem in found.problems] == [f"entry {n}" for n in range(1, 6)]
    assert "year" in found.problems[0]


def test_a_broken_line_of_json_costs_that_line_only() -> None:
    found = json_files.parse('{"doi": "10.1000/a"}\n{"doi": \n\n{"doi": "10.1000/b"}')
    assert [one.reference.doi for one in found.entries] == ["10.1000/a", "10.1000/b"]
    assert found.problems == ("line 2: it is no JSON object",)


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("10.1000/AbC", "doi", "10.1000/abc"),
        (" https://doi.org/10.1000/abc , ", "doi", "10.1000/abc"),
        ("doi:10.48550/arXiv.1706.03762", "arxiv", "1706.03762"),
        ("arXiv:1706.03762v3", "arxiv", "1706.03762"),
        ("https://arxiv.org/abs/hep-th/9901001", "arxiv", "hep-th/9901001"),
        ("PMID: 123456", "pmid", "123456"),
        ("https://pubmed.ncbi.nlm.nih.gov/123456/", "pmid", "123456"),
        ("123456", "pmid", "123456"),
        ("PMC123456", "pmcid", "PMC123456"),
        ("ISBN 978-3-16-148410-0", "isbn", "9783161484100"),
        ("316148410X", "isbn", "9783161484100"),
    ],
)
def test_an_identifier_a_line_is_known_by_its_form(line: str, name: str, value: str) -> None:
    (entry,) = identifiers.parse(line).entries
    assert getattr(entry.reference, name) == value
    assert entry.reference.raw


def test_lines_that_are_no_identifier_are_told_and_comments_passed_over() -> None:
    found = identifiers.parse("# mine\n\n10.1000/a\nhello\n10.1000/b")
    assert len(found.entries) == 2
    assert found.problems == ("line 4: 'hello' is no identifier that is known here",)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (RIS, "ris"),
        ("% comment\n@article{a, title={x}}", "bibtex"),
        ("\n [1]", "json"),
        ('{"a": 1}', "json"),
        ("10.1000/a", "identifiers"),
        ("key,DOI,Title\n", "table"),
        ("10.1000/a,b,c\n", "identifiers"),
        ("", "identifiers"),
    ],
)
def test_the_format_is_told_by_what_is_in_the_file(text: str, form: str) -> None:
    assert format_of(text) == form


@pytest.mark.parametrize("text", ["", "[]", "[1", "hello"])
def test_what_has_no_entry_is_refused_with_the_formats_that_are_known(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text(text)
    with pytest.raises(UsageError, match="Nothing was changed"):
        read(path)


def test_files_of_older_windows_programs_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.ris"
    path.write_bytes("TY  - BOOK\r\nTI  - Über\r\nER  - \r\n".encode("cp1252"))
    assert read(path).entries[0].reference.title == "Über"


ODD = [
    Work(title="Über x² & {Klammern} 100 %", authors=(Person("Müller", "Ä."), Person(name="A and B"))),
    Work(title="Преступление и наказание", authors=(Person("Достоевский", "Фёдор"),), year=1866, type="book"),
    Work(title="$E = mc^2$ and $\\alpha$", authors=(Person("van der Waals", "J. D."),), doi="10.1000/a_b", year=1999),
    Work(
        title="东亚研究",
        authors=(Person("王", "伟"),),
        container="Z. f. X & Y",
        volume="3",
        pages="5-9",
        year=2001,
        type="journal-article",
    ),
]


@pytest.mark.parametrize("form", ["bibtex", "biblatex", "ris", "csl-json", "csv"])
def test_a_thousand_works_go_out_and_come_back_in(form: str) -> None:
    file = KeptFile("a b.pdf", "0" * 64, 10, 2, "x", "http://u/", "http://u/")
    works = [LibraryWork(n, "t", ODD[n % 4], file, 1) for n in range(1000)]
    back = parse(FORMATS[form].write(list(keyed(works)), Path("/l/pdfs")), "x")
    assert back.problems == ()
    assert [one.key for one in back.entries] == [one.key for one in keyed(works)]
    for number, entry in enumerate(back.entries[:4]):
        given, again = ODD[number], entry.reference
        for name in ("year", "doi", "volume", "pages", "container"):
            assert getattr(again, name) == getattr(given, name)
        assert [one.family or one.name for one in again.authors] == [one.family or one.name for one in given.authors]
        if form in ("ris", "csv"):
            assert again.title == given.title
    if form != "csl-json":
        assert all(entry.files == ("/l/pdfs/a b.pdf",) for entry in back.entries)


def test_a_comma_at_the_end_of_a_ris_name_keeps_it_whole() -> None:
    """EndNote's way with bodies, and ours with names of one part."""
    text = "TY  - JOUR\nTI  - A title\nAU  - R Core Team,\nAU  - Procter & Gamble\nAU  - Doe, Jane\nER  - \n"
    [entry] = parse(text, "a.ris").entries
    assert entry.reference.authors == (
        Person(name="R Core Team"),
        Person(name="Procter & Gamble"),
        Person("Doe", "Jane"),
    )


@pytest.mark.parametrize("form", ["bibtex", "biblatex", "ris", "csl-json", "json"])
def test_a_name_of_one_part_and_an_arxiv_number_come_back(form: str) -> None:
    work = Work(
        title="On medicine", authors=(Person("Ibn Sīnā"),), year=2017, type="posted-content", arxiv="1706.03762"
    )
    text = FORMATS[form].write(list(keyed([LibraryWork(1, "t", work, None, 1)])), Path("/pdfs"))
    [entry] = parse(text, "works").entries
    [author] = entry.reference.authors
    assert (author.family or author.name, author.given) == ("Ibn Sīnā", None)
    assert (entry.reference.arxiv, entry.reference.type) == ("1706.03762", "posted-content")


def test_works_that_export_wrote_as_json_come_back_with_their_print() -> None:
    work = {"title": "A", "subtitle": "B", "authors": [{"family": "Doe"}], "year": 2001, "doi": "10.1000/x"}
    [entry] = parse(
        json.dumps([{"key": "doe2001a", "id": 3, "printed": "Doe (2001) A: B.", "work": work}]), "a"
    ).entries
    reference = entry.reference
    assert (reference.label, reference.raw, reference.title) == ("doe2001a", "Doe (2001) A: B.", "A: B")
    assert (reference.authors, reference.year, reference.doi) == ((Person("Doe"),), 2001, "10.1000/x")


@pytest.mark.parametrize(
    ("data", "cure"),
    [
        (b"PK\x03\x04\x14\x00123456\n7654321\n", "is a ZIP file. Unpack it"),
        (b"%PDF-1.7\n123456\n", "is a PDF. dl-lit import-pdfs"),
        (b"abc\x00\n123456\n", "is no text"),
    ],
)
def test_a_file_that_is_no_text_is_refused_as_a_whole(data: bytes, cure: str, tmp_path: Path) -> None:
    """A line of it may look like a PubMed id."""
    path = tmp_path / "x.bib"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=cure):
        read(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_by_the_names_of_its_columns(delimiter: str) -> None:
    """As Scopus, Zotero and Web of Science name them."""
    rows = [
        ["EID", "Authors", "Document Title", "Year", "Source title", "Page start", "Page end", "DOI", "PubMed ID"],
        ["e1", "Müller, Jörg; Doe, J.", "A title, with a comma", "2001", "J. of X", "1", "9", "10.1000/a", ""],
        ["", "Smith J., Doe A., Roe B.", 'Of "quotes"', "", "", "", "", "", "12345"],
        ["", "", "", "1999", "", "", "", "", ""],
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    found = parse("\n" + text.getvalue(), "x")
    assert found.problems == ("line 5: the row has no title and no identifier",)
    first, second = (one.reference for one in found.entries)
    assert (first.label, first.title, first.year, first.container, first.pages, first.doi) == (
        *("e1", "A title, with a comma", 2001, "J. of X", "1-9", "10.1000/a"),
    )
    assert [person.family for person in first.authors] == ["Müller", "Doe"]
    assert (second.title, second.pmid, second.authors) == ('Of "quotes"', "12345", ())


def test_text_behind_a_doi_is_not_taken_for_a_part_of_it() -> None:
    found = identifiers.parse(
        "10.1000/a,A title,1992\n10.1000/b;c\n10.1000/d,e\n10.1000/f, 10.1000/g https://doi.org/10.1000/h\n"
        "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2\n"
    )
    assert found.problems == ()
    assert [one.reference.doi for one in found.entries] == [
        *("10.1000/a", "10.1000/b;c", "10.1000/d,e", "10.1000/f", "10.1000/g", "10.1000/h"),
        "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_encodings_and_line_ends_of_windows_are_read(encoding: str, end: str, tmp_path: Path) -> None:
    path = tmp_path / "x.bib"
    path.write_bytes(end.join(["@book{a,", " title = {Über Köln},", " year = 2000", "}"]).encode(encoding))
    assert read(path).entries[0].reference.title == "Über Köln"


def test_a_broken_entry_is_told_by_line_key_and_what_is_missing(capfd: pytest.CaptureFixture[str]) -> None:
    found = bibtex.parse(
        "@book{torn, title={Three, year=2000\n\n"
        "@article{c, title={Four}}\n"
        "@article{d title={Five}}\n"
        "@article{e, title {Six}}\n"
        "@article{f, title={Seven} year={2000}}\n"
        "@misc{g,}\n"
        "@misc{h, title={Eight}"
    )
    assert [one.key for one in found.entries] == ["c", "f"]
    assert found.problems == (
        "line 1: torn breaks off: a closing brace or quotation mark is missing",
        "line 4: d lacks a comma after its key",
        "line 5: e has a field without an equals sign",
        "line 7: g has no title and no DOI",
        "line 8: h breaks off: a closing brace or quotation mark is missing",
    )
    assert capfd.readouterr().err == ""
