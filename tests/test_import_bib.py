"""`import-bib` as a person types it: works of BibTeX files come in as references, their PDFs as copies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bibtexparser.model import Entry, Field
from hypothesis import given
from hypothesis import strategies as st

from dl_lit.catalogue.bibtex import Decoder, work_of
from dl_lit.cli.main import run
from dl_lit.errors import UnreadableDocument
from dl_lit.extraction.kinds import kind_of
from dl_lit.importing.attachments import locate, named_files
from dl_lit.importing.bibtex import parse
from dl_lit.importing.formats import read
from dl_lit.intake import identify
from dl_lit.library import Library
from dl_lit.model import Decision, Enrichment, PdfFile, PdfReason, Person, Stage, Work
from dl_lit.ui.wording import PDF_REASONS
from download_world import DOI, TITLE, WORK, pdf
from library import ME, SmallLibrary

BIB = r"""
@Comment{jabref-meta: fileDirectory:/nowhere/papers;}
@string{jog = "Journal of Glaciers"}
@article{berglund11,
  author = {Berglund, Astrid and Femi Oduya},
  title = {Observations of {Glaciers} in the Northern Valleys},
  journal = jog, year = 2011, volume = {12}, number = {3}, pages = {101--109},
  doi = {https://doi.org/10.1000/glaciers.7},
  file = {:sub/mine.pdf:PDF},
}
@book{m99, title = {{\"U}ber Gezeiten}, editor = {M{\"u}ller, Eva}, date = {1999-05}, publisher = {Verlag}}
@misc{nothing, note = {neither title nor DOI}}
@article{m99, title = {Twice a key}, title = {Twice a title}, author = {Doe, J.}}
@article{torn, title = {unclosed
@misc{last, title = {Last \& least}, eprint = {1706.03762}, archiveprefix = {arXiv}}
"""


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────


def test_signs_in_text_and_addresses_come_through_latex() -> None:
    """To LaTeX a "%" in an address begins a comment, and its caret is an accent."""
    [entry] = parse(
        r"@article{a, title = {On x\textasciicircum{}2 at 50 \%}, language = {de},"
        r" url = {https://x.org/a\_b?c=d\&e=f%20g#7}, doi = {10.1000/a%28b}}"
    ).entries
    reference = entry.reference
    assert reference.title == "On x^2 at 50 %" and reference.language == "de"
    assert (reference.url, reference.doi) == ("https://x.org/a_b?c=d&e=f%20g#7", "10.1000/a(b")


def test_an_entry_of_no_kind_with_an_arxiv_number_is_a_preprint() -> None:
    [preprint, other] = parse("@misc{a, title={A}, eprint={1706.03762}}\n@misc{b, title={B}}").entries
    assert (preprint.reference.type, other.reference.type) == ("posted-content", None)


def test_entries_become_references_with_their_fields() -> None:
    bibliography = parse(BIB)
    first, second, third, last = (entry.reference for entry in bibliography.entries)
    assert first.title == TITLE.replace("glaciers", "Glaciers").replace("northern valleys", "Northern Valleys")
    assert first.authors == (Person("Berglund", "Astrid"), Person("Oduya", "Femi"))
    assert (first.year, first.container, first.volume, first.issue, first.pages, first.doi, first.type) == (
        *(2011, "Journal of Glaciers", "12", "3"),
        *("101-109", DOI, "journal-article"),
    )
    assert first.raw == (
        "Berglund, Astrid, Oduya, Femi (2011). Observations of Glaciers in the Northern Valleys."
        " Journal of Glaciers, 12(3), 101-109. doi:10.1000/glaciers.7."
    )
    assert (second.title, second.editors, second.year) == ("Über Gezeiten", (Person("Müller", "Eva"),), 1999)
    assert (third.title, third.label) == ("Twice a key", "m99")
    assert (last.title, last.arxiv, last.position) == ("Last & least", "1706.03762", 4)
    assert bibliography.folders == (Path("/nowhere/papers"),)
    assert len(bibliography.problems) == 2
    assert bibliography.problems[0] == "line 12: nothing has no title and no DOI"
    assert bibliography.problems[1].startswith("line 14: ")


def test_accents_in_braces_and_keys_that_are_there_twice_make_no_bodies_of_people() -> None:
    names = "Nov{\\'a}k, {\\v Z}ofia and {{\\v Z}}ivkovi{\\'c} and {The {RAND} Group}"
    entry = f"@article{{%s, title={{Ferries and hedges}}, author={{{names}}}}}"
    found = parse("\n".join((entry % "same", entry % "same", entry % "other")))
    people = [Person(family="Novák", given="Žofia"), Person(family="Živković"), Person(name="The RAND Group")]
    assert [list(one.reference.authors) for one in found.entries] == [people] * 3
    assert work_of(Entry("article", "a", [Field("author", "{V}an {A}")])).authors[0].name is None


def test_files_of_older_programs_are_read(tmp_path: Path) -> None:
    (tmp_path / "old.bib").write_bytes("@book{x, title = {Über Eis}}".encode("cp1252"))
    (tmp_path / "new.bib").write_bytes("\ufeff@book{x, title = {Über Eis}}".encode())
    for name in ("old.bib", "new.bib"):
        assert [entry.reference.title for entry in read(tmp_path / name).entries] == ["Über Eis"]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (":papers/x y.pdf:PDF", ["papers/x y.pdf"]),
        ("Full text:papers/x.PDF:PDF", ["papers/x.PDF"]),
        (r":C\:\\Users\\me\\x.pdf:PDF", [r"C:\Users\me\x.pdf"]),
        (r"a\;b\:c:dir/a\;b.pdf:PDF", ["dir/a;b.pdf"]),
        (
            "Full Text PDF:files/12/Smith - 2001.pdf:application/pdf;Snapshot:files/13/x.html:text/html",
            ["files/12/Smith - 2001.pdf"],
        ),
        ("A.pdf:files/1/A.pdf:application/pdf;B.pdf:files/2/B.pdf:application/pdf", ["files/1/A.pdf", "files/2/B.pdf"]),
        (r"PDF:/home/me/Zotero/storage/AB12/a\_b.pdf:application/pdf", ["/home/me/Zotero/storage/AB12/a_b.pdf"]),
        (":home/me/x.pdf:pdf", ["home/me/x.pdf"]),
        (r":C$\backslash$:/Users/me/x.pdf:pdf", ["C:/Users/me/x.pdf"]),
        ("/home/me/x.pdf", ["/home/me/x.pdf"]),
        (r"C:\Users\me\x.pdf", [r"C:\Users\me\x.pdf"]),
        ("a.pdf;b.pdf", ["a.pdf", "b.pdf"]),
        (":x.pdf:PDF;:x.pdf:PDF", ["x.pdf"]),
        ("Snapshot:files/13/x.html:text/html", []),
        ("", []),
        (";;:::", []),
        (r":x.pdf:PDF:https\://example.org/x.pdf", ["x.pdf"]),
        ("file:///home/me/a%20b.pdf", ["file:///home/me/a%20b.pdf"]),
    ],
)
def test_the_forms_of_the_file_field(field: str, expected: list[str]) -> None:
    assert list(named_files(field)) == expected


def test_a_path_of_another_machine_is_found_by_its_end(tmp_path: Path) -> None:
    for name in ("storage/AB12/x.pdf", "storage/CD34/x.pdf", "y.pdf", "e\u0301te.pdf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"%PDF-")
    assert locate("/Users/me/Zotero/storage/CD34/x.pdf", [tmp_path]) == tmp_path / "storage/CD34/x.pdf"
    assert locate(r"C:\papers\y.pdf", [tmp_path]) == tmp_path / "y.pdf"
    assert locate(str(tmp_path / "y.pdf"), []) == tmp_path / "y.pdf"
    assert locate(str(tmp_path / "y.pdf").lstrip("/"), []) == tmp_path / "y.pdf"
    assert locate("\u00e9te.pdf", [tmp_path]) == tmp_path / "e\u0301te.pdf"
    assert locate("z.pdf", [tmp_path]) is None
    assert locate("../../y.pdf", [tmp_path]) == tmp_path / "y.pdf"


@pytest.mark.parametrize(
    "named",
    [
        "file://{}/f\u00fc r.pdf",
        "file://localhost{}/f%C3%BC%20r.pdf",
        "{}/f%C3%BC%20r.pdf",
        r"{}/f{{\"u}} r.pdf",
        r"papers/f{{\"{{u}}}} r.pdf",
    ],
)
def test_a_path_is_found_however_its_letters_are_written(tmp_path: Path, named: str) -> None:
    file = tmp_path / "f\u00fc r.pdf"
    file.write_bytes(b"%PDF-")
    assert locate(named.format(tmp_path), [tmp_path]) == file
    assert locate("file://[", [tmp_path]) is None


def test_jabrefs_folder_is_meant_from_its_file_on(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    Path("deep").mkdir()
    text = BIB.replace("{:", "{:") + "\n@comment{jabref-meta: fileDirectory:../papers/sub;}\n"
    Path("deep/mine.bib").write_text(text)
    assert [one["outcome"] for one in told(capsys, "deep/mine.bib")] == ["adopted"]


def test_a_base_folder_that_is_none_is_refused(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "mine.bib", "--pdf-base-dir", "mine.bib"]) == 2
    assert "is no folder" in capsys.readouterr().err


# ── taking in ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def library(away_from_home: None, tmp_path: Path) -> Iterator[SmallLibrary]:
    Library.at(tmp_path / "library").make_folders()
    library = SmallLibrary(tmp_path / "library" / "literature.db")
    (tmp_path / "mine.bib").write_text(BIB)
    (tmp_path / "papers/sub").mkdir(parents=True)
    (tmp_path / "papers/sub/mine.pdf").write_bytes(pdf())
    yield library
    library.close()


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert run(["import-bib", *arguments, "--jobs", "1", "--format", "json"]) == 0
    files: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["files"]
    return files


def test_works_come_in_as_references_with_their_pdfs(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    [one] = told(capsys, "mine.bib", "--pdf-base-dir", "papers")
    assert (one["outcome"], one["reference"], one["table"]) == ("adopted", 1, "no_metadata")
    assert library.ids("no_metadata") == [1, 2, 3, 4]
    assert library.rows("SELECT label, position FROM citations ORDER BY id")[0] == ("berglund11", 1)
    assert [file.identity for file in library.store.owned_files(1)] == ["title"]
    assert run(["status"]) == 0


def test_the_same_file_again_and_an_edited_one_bring_in_nothing_twice(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "mine.bib")
    assert run(["import-bib", "mine.bib"]) == 0
    assert "0 works came into the library, 4 were there already" in capsys.readouterr().err
    Path("mine.bib").write_text(BIB + "@book{new, title = {New}}")
    assert run(["import-bib", "mine.bib"]) == 0
    assert "1 work came into the library, 4 were there already" in capsys.readouterr().err
    assert library.ids("no_metadata") == [1, 2, 3, 4, 5]
    [edited] = library.rows("SELECT count(*) FROM citations WHERE source_pdf_id = 2")
    assert edited == (5,)


def test_pdfs_may_be_named_by_a_second_import(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    [one] = told(capsys, "mine.bib")
    assert (one["outcome"], one["path"], one["reference"]) == ("file not found", "sub/mine.pdf", 1)
    [one] = told(capsys, "mine.bib", "--pdf-base-dir", "papers")
    assert (one["outcome"], one["reference"]) == ("adopted", 1)


def test_a_work_that_is_in_the_library_already_gets_the_pdf_at_once(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    library.accept(WORK)
    library.queue()
    [one] = told(capsys, "mine.bib", "--pdf-base-dir", "papers")
    assert (one["outcome"], one["reference"], one["table"]) == ("adopted", 1, "downloaded_references")
    assert library.ids("no_metadata") == [2, 3, 4, 5]


def test_an_entry_that_was_matched_meanwhile_gets_its_pdf(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "mine.bib")
    for row in library.claim_references():
        if row.id == 1:
            library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, WORK))
    library.queue()
    library.fail_downloads()
    [one] = told(capsys, "mine.bib", "--pdf-base-dir", "papers")
    assert (one["outcome"], one["table"]) == ("adopted", "downloaded_references")


def test_a_pdf_that_is_another_work_is_not_believed(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    Path("papers/sub/mine.pdf").write_bytes(pdf("A history of opera in small towns"))
    [one] = told(capsys, "mine.bib", "--pdf-base-dir", "papers")
    assert one["outcome"] == "no such work"
    assert "its first pages do not show the work" in one["detail"]
    assert list(Path("library/pdfs").glob("*.pdf")) == []


def test_what_the_entry_says_decides_between_equal_titles(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Work(title=TITLE, authors=WORK.authors, year=1980, doi="10.1000/other")
    another = Work(title=TITLE, authors=WORK.authors, year=1970, doi="10.1000/another")
    library.accept(other, another)
    library.queue()
    [one] = told(capsys, "mine.bib", "--pdf-base-dir", "papers")
    assert (one["outcome"], one["reference"]) == ("adopted", 3), one["detail"]


def test_two_entries_may_name_one_file(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    entry = f"title = {{{TITLE}}}, author = {{Berglund, A.}}, file = {{:sub/mine.pdf:PDF}}"
    Path("mine.bib").write_text(f"@article{{a, {entry}}}\n@misc{{b, {entry}, year = 2011}}")
    [one] = told(capsys, "mine.bib", "--pdf-base-dir", "papers")
    assert one["outcome"] == "adopted"
    assert all(library.store.owned_files(number) for number in (1, 2))


def test_a_file_that_was_read_as_a_document_before_is_taken_in(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    file = identify(Path("mine.bib").absolute())
    number = library.store.start_run(ME, "test", {})
    library.store.add_pdfs(number, [PdfFile(file.path, file.sha256, file.size, PdfReason.NOT_A_PDF)])
    told(capsys, "mine.bib")
    assert library.rows("SELECT state, reason, backend FROM source_pdfs") == [("done", None, "bibtex")]
    assert library.ids("no_metadata") == [1, 2, 3, 4]


def test_a_library_is_made_where_there_is_none(
    away_from_home: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.bib").write_text(BIB)
    assert run(["import-bib", "mine.bib"]) == 0
    error = capsys.readouterr().err
    assert "4 works came into the library" in error
    assert "process-folder-concurrent mine.bib" in error
    assert Path("library/literature.db").is_file()


def test_what_is_no_bibtex_is_refused(away_from_home: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "no.bib").write_text("hello")
    assert run(["import-bib", "no.bib"]) == 2
    assert "no.bib has no entry that can be read" in capsys.readouterr().err
    assert run(["import-bib", "."]) == 2
    assert not Path("library").exists()


def test_a_run_is_given_the_file_like_a_pdf(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "mine.bib")
    number = library.store.start_run(ME, "test", {})
    added = library.store.add_pdfs(number, [identify(Path("mine.bib").absolute())])
    assert (added.new, added.known) == (0, 1)
    claimed = library.store.claim(Stage.ENRICHMENT, ME, 10, 60.0, run_id=number)
    assert sorted(row.id for row in claimed) == [1, 2, 3, 4]


def test_a_bibtex_file_that_was_not_taken_in_names_the_command_that_does(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="dl-lit import takes"):
        kind_of(tmp_path / "x.bib", b"@article{a, title={A}}", max_bytes=1)
    assert "dl-lit import" in PDF_REASONS[PdfReason.NOT_A_PDF]


@given(st.text(alphabet="aZ9ßéЖ李ﬁ.,;:()/ -", max_size=30))
def test_what_needs_no_decoding_is_what_decoding_gives(text: str) -> None:
    """Most fields are spared the LaTeX reader, which must make no difference."""
    plain = Entry("book", "a", [Field("title", text)])
    braced = Entry("book", "a", [Field("title", f"{text}\\&")])  # LaTeX for certain
    [one], [other] = Decoder().decoded(plain).fields, Decoder().decoded(braced).fields
    assert f"{one.value}&" == other.value
