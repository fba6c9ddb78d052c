"""Works that go out in a format and come back through a parser that is not the writer's."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rispy

from dl_lit.catalogue import bibtex as bibtex_reader
from dl_lit.catalogue import csl as csl_reader
from dl_lit.exporting.bundle import write_bundle
from dl_lit.exporting.formats import FORMATS
from dl_lit.exporting.keys import Keyed, keyed
from dl_lit.extraction.backends import pandoc
from dl_lit.model import KeptFile, Person, Work
from dl_lit.services.fields import Node
from dl_lit.store.records import LibraryWork

PDFS = Path("/library/pdfs")
FILE = KeptFile("a b.pdf", "0" * 64, 10, 2, "openalex", "http://u/", "http://u/")
ARTICLE = Work(
    title="Über x² & ΔT: 50 % {mehr}",
    subtitle="Ein #1_Vergleich",
    authors=(Person("Müller-Lüdenscheidt", "Änne"), Person("van der Waals", "J. D."), Person(name="UNESCO and Sons")),
    year=2012,
    container="Zeitschrift für X & Y",
    volume="3",
    issue="2",
    pages="11-29",
    type="journal-article",
    doi="10.1000/a_b(c)d",
    issn="0028-0836",
    url="https://x.org/a_b?c=d&e=f",
    language="de",
    abstract="First line.\n\nER  - \nTY  - JOUR\nsecond line",
)
CHAPTER = Work(
    title="Преступление и наказание",
    authors=(Person("Достоевский", "Фёдор"),),
    editors=(Person("Éluard", "Paul"),),
    year=1999,
    container="Gesammelte Werke",
    pages="5",
    type="book-chapter",
    isbn="9783161484100",
    publisher="Mohr & Siebeck",
    place="Tübingen",
    edition="2",
)
THESIS = Work(title="On Thesis", authors=(Person("Doe"),), type="dissertation", publisher="University of X", year=1987)
PREPRINT = Work(title="A preprint", type="posted-content", arxiv="1706.03762", year=2017, pmid="123")
BARE = Work()
WORKS = (ARTICLE, CHAPTER, THESIS, PREPRINT, BARE)


def all_of(*works: Work, file: KeptFile | None = FILE, printed: str | None = None) -> list[Keyed]:
    entries = [LibraryWork(n, "t", work, file, 1, printed=printed) for n, work in enumerate(works, 1)]
    return list(keyed(entries))


def text_of(form: str, *works: Work, **more: Any) -> str:
    return FORMATS[form].write(all_of(*(works or WORKS), **more), PDFS)


def people(work: Work) -> list[str | None]:
    return [person.family or person.name for person in (*work.authors, *work.editors)]


@pytest.mark.parametrize("form", ["bibtex", "biblatex"])
def test_bibtex_and_biblatex_come_back_as_they_were(form: str) -> None:
    back = [one for one in bibtex_reader.parse(text_of(form)) if one is not None]
    assert len(back) == len(WORKS)
    for work, again in zip(WORKS[:4], back, strict=False):
        assert (again.year, again.doi, again.volume, again.issue, again.pages, again.isbn, again.arxiv) == (
            *(work.year, work.doi, work.volume, work.issue, work.pages, work.isbn, work.arxiv),
        )
        assert people(again) == people(work)
        assert (again.publisher, again.place, again.container) == (work.publisher, work.place, work.container)
    assert back[1].title == CHAPTER.title and [one.type for one in back[:3]] == [
        "journal-article",
        "book-chapter",
        "dissertation",
    ]


def test_biblatex_says_what_bibtex_has_no_words_for() -> None:
    text = text_of("biblatex")
    assert "@online{anon2017preprint" in text and "eprinttype = {arxiv}" in text
    assert (
        "@thesis{doe1987thesis" in text and "type = {phdthesis}" in text and "institution = {University of X}" in text
    )
    assert "subtitle = {{Ein \\#1\\_Vergleich}}" in text and "journaltitle" in text and "location = {Tübingen}" in text
    assert "eprinttype = {pubmed}" in text_of("biblatex", replace(PREPRINT, arxiv=None))


def test_csl_json_comes_back_as_it_was() -> None:
    items = json.loads(text_of("csl-json"))
    back = [csl_reader.parse_work(Node(item)) for item in items]
    assert [one.type for one in back[:4]] == ["journal-article", "book-chapter", "dissertation", "posted-content"]
    for work, again in zip(WORKS[:4], back, strict=False):
        assert (again.year, again.doi, again.volume, again.issue, again.pages, again.isbn) == (
            *(work.year, work.doi, work.volume, work.issue, work.pages, work.isbn),
        )
        assert people(again) == people(work)
    assert [item["id"] for item in items] == [one.key for one in all_of(*WORKS)]
    assert items[4] == {"id": "anon", "type": "document"}


def test_ris_comes_back_through_its_own_parser_and_no_abstract_ends_an_entry() -> None:
    text = text_of("ris")
    assert text.startswith("TY  - JOUR\n")
    entries = rispy.loads(text)
    assert [one["type_of_reference"] for one in entries] == ["JOUR", "CHAP", "THES", "UNPB", "GEN"]
    article = entries[0]
    assert article["authors"] == ["Müller-Lüdenscheidt, Änne", "van der Waals, J. D.", "UNESCO and Sons,"]
    assert (article["start_page"], article["end_page"], article["doi"]) == ("11", "29", "10.1000/a_b(c)d")
    assert article["abstract"] == "First line. ER - TY - JOUR second line"
    assert article["file_attachments1"] == "/library/pdfs/a b.pdf"
    assert entries[1]["secondary_authors"] == ["Éluard, Paul"] and "end_page" not in entries[1]


@pytest.mark.parametrize("form", ["bibtex", "biblatex", "ris", "csl-json"])
def test_pandoc_reads_every_work_of_a_thousand(form: str) -> None:
    """Another program's parsers, and names and titles in several scripts."""
    program = pandoc.program()
    assert program is not None
    many = [replace(one, title=f"{one.title} {n}") for n in range(250) for one in WORKS[:4]]
    source = {"csl-json": "csljson"}.get(form, form)
    done = subprocess.run(
        [str(program), "--from", source, "--to", "csljson"],
        input=text_of(form, *many, file=None).encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    back = json.loads(done.stdout)
    assert len(back) == 1000
    if form != "ris":
        assert {one["id"] for one in back} == {one.key for one in all_of(*many)}
    assert [one["author"][0]["family"] for one in back if "Достоевский" in str(one)] == ["Достоевский"] * 250


def test_csv_has_a_line_a_work_and_json_has_all_of_it() -> None:
    rows = list(csv.DictReader(io.StringIO(text_of("csv"))))
    assert len(rows) == len(WORKS)
    assert rows[0]["authors"] == "Müller-Lüdenscheidt, Änne; van der Waals, J. D.; UNESCO and Sons"
    assert rows[0]["title"] == "Über x² & ΔT: 50 % {mehr}: Ein #1_Vergleich"
    assert rows[0]["file"] == "/library/pdfs/a b.pdf" and rows[4]["title"] == ""
    record = json.loads(text_of("json"))[0]
    assert record["work"]["doi"] == ARTICLE.doi and record["file"]["path"] == "/library/pdfs/a b.pdf"


@pytest.mark.parametrize("form", list(FORMATS))
def test_what_nobody_has_verified_says_so_with_its_print(form: str) -> None:
    assert "A. Print, 1999" in text_of(form, THESIS, printed="A. Print, 1999")


@pytest.mark.parametrize("form", list(FORMATS))
def test_no_works_are_an_empty_file_of_the_format(form: str) -> None:
    text = FORMATS[form].write([], PDFS)
    assert "None" not in text
    if "json" in form:
        assert json.loads(text) == []


def test_a_bundle_has_all_formats_and_the_pdfs_by_the_names_that_they_use(tmp_path: Path) -> None:
    (tmp_path / "a b.pdf").write_bytes(b"%PDF")
    gone = replace(FILE, file_name="gone.pdf")
    out = io.BytesIO()
    missing = write_bundle([*all_of(ARTICLE), *all_of(THESIS, file=gone)], tmp_path, out)
    assert missing == ["gone.pdf"]
    with zipfile.ZipFile(out) as bundle:
        assert bundle.testzip() is None
        assert bundle.read("pdfs/a b.pdf") == b"%PDF"
        names = set(bundle.namelist())
        assert ":pdfs/a b.pdf:PDF" in bundle.read("works.bib").decode()
    assert names == {
        *("works.bib", "works.biblatex.bib", "works.ris", "works.csl.json", "works.csv", "works.json", "pdfs/a b.pdf"),
    }
