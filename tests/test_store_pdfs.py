"""Taking PDFs in, and what extraction leaves behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dl_lit.model import Extraction, PdfFile, PdfReason, PdfRow, Person, Reference, Stage
from dl_lit.store.records import AddedPdfs
from library import LEASE, ME, SmallLibrary

A = PdfFile("/pdfs/a.pdf", "sha-a", 10)
B = PdfFile("/pdfs/b.pdf", "sha-b", 20)
UNREADABLE = PdfFile("/pdfs/u.pdf", None, 0, PdfReason.UNREADABLE)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


def add(library: SmallLibrary, *files: PdfFile, retry: bool = False) -> AddedPdfs:
    return library.store.add_pdfs(library.store.start_run(ME, "test", {}), files, retry=retry)


def extract(library: SmallLibrary, extraction: Extraction) -> int:
    [row] = library.store.claim(Stage.EXTRACTION, ME, 10, LEASE)
    assert isinstance(row, PdfRow)
    assert library.store.finish_extraction(row, ME, extraction) == "source_pdfs"
    return row.id


def test_files_are_counted_as_new_known_or_problem(library: SmallLibrary) -> None:
    assert add(library, A, UNREADABLE) == AddedPdfs(1, 0, 1, (1, 2))
    assert add(library, B, A, UNREADABLE) == AddedPdfs(1, 1, 1, (3, 1, 2))
    assert library.store.backlog(Stage.EXTRACTION) == 2


def test_a_file_with_a_problem_goes_straight_to_failed(library: SmallLibrary) -> None:
    add(library, UNREADABLE, PdfFile("/pdfs/empty.pdf", "sha-0", 0, PdfReason.EMPTY_FILE))
    assert library.rows("SELECT state, reason FROM source_pdfs") == [("failed", "unreadable"), ("failed", "empty_file")]
    assert library.store.backlog(Stage.EXTRACTION) == 0


def test_the_same_content_under_another_name_is_the_same_pdf(library: SmallLibrary) -> None:
    add(library, A)
    moved = PdfFile("/elsewhere/renamed.pdf", "sha-a", 10)
    assert add(library, moved) == AddedPdfs(0, 1, 0, (1,))
    assert library.field("source_pdfs", 1, "path") == moved.path


def test_of_two_copies_in_one_folder_the_first_name_stays(library: SmallLibrary) -> None:
    copy = PdfFile("/pdfs/copy of a.pdf", "sha-a", 10)
    for _ in range(3):
        assert add(library, A, copy).ids == (1, 1)
        assert library.field("source_pdfs", 1, "path") == A.path


def test_a_changed_file_is_another_pdf(library: SmallLibrary) -> None:
    add(library, A)
    assert add(library, PdfFile(A.path, "sha-new", 11)).new == 1


def test_a_file_that_can_be_read_now_is_read(library: SmallLibrary) -> None:
    add(library, UNREADABLE)
    assert add(library, PdfFile(UNREADABLE.path, "sha-u", 30)) == AddedPdfs(0, 1, 0, (1,))
    [row] = library.store.claim(Stage.EXTRACTION, ME, 10, LEASE)
    assert row == PdfRow(1, UNREADABLE.path, "sha-u", 0)


def test_a_file_that_vanished_during_the_run_is_read_when_it_is_back(library: SmallLibrary) -> None:
    add(library, A)
    extract(library, Extraction(reason=PdfReason.UNREADABLE))
    add(library, A)
    assert library.store.backlog(Stage.EXTRACTION) == 1


def test_an_error_of_the_file_is_not_tried_again_unless_asked(library: SmallLibrary) -> None:
    add(library, A)
    extract(library, Extraction(reason=PdfReason.ENCRYPTED, detail="needs a password"))
    assert library.rows("SELECT state, reason, last_error, attempts FROM source_pdfs") == [
        ("failed", "encrypted", "needs a password", 1)
    ]
    add(library, A)
    assert library.store.backlog(Stage.EXTRACTION) == 0
    add(library, A, retry=True)
    assert library.store.backlog(Stage.EXTRACTION) == 1
    assert library.rows("SELECT state, reason, last_error, attempts, finished_at FROM source_pdfs") == [
        ("waiting", None, None, 0, None)
    ]


def test_a_pdf_that_is_done_is_not_done_again(library: SmallLibrary) -> None:
    add(library, A)
    extract(library, Extraction(references=(Reference("Smith 2001", 1),)))
    add(library, A, retry=True)
    assert library.store.backlog(Stage.EXTRACTION) == 0


def test_a_pdf_that_is_done_stays_done_when_its_file_is_gone(library: SmallLibrary) -> None:
    add(library, A)
    extract(library, Extraction())
    add(library, PdfFile(A.path, "sha-a", 0, PdfReason.UNREADABLE))
    assert library.field("source_pdfs", 1, "state") == "done"


def test_a_file_read_before_and_out_of_reach_now_is_that_pdf(library: SmallLibrary) -> None:
    add(library, A)
    extract(library, Extraction())
    assert add(library, PdfFile(A.path, None, 0, PdfReason.UNREADABLE)).ids == (1,)
    assert library.rows("SELECT state, sha256, size FROM source_pdfs") == [("done", "sha-a", 10)]


def test_an_unreadable_file_that_turns_out_to_be_a_known_pdf_is_forgotten(library: SmallLibrary) -> None:
    add(library, A, UNREADABLE)
    assert add(library, PdfFile(UNREADABLE.path, "sha-a", 10)).ids == (1,)
    assert library.rows("SELECT id, path FROM source_pdfs") == [(1, UNREADABLE.path)]


def test_each_empty_file_is_reported(library: SmallLibrary) -> None:
    empty = [PdfFile(f"/pdfs/{name}.pdf", None, 0, PdfReason.EMPTY_FILE) for name in "xy"]
    assert add(library, *empty).problem == 2
    assert [failure.what for failure in library.store.failures(5)] == ["/pdfs/y.pdf", "/pdfs/x.pdf"]


def test_a_known_pdf_that_has_become_a_problem_fails(library: SmallLibrary) -> None:
    add(library, A)
    assert add(library, PdfFile(A.path, "sha-a", 10**10, PdfReason.TOO_LARGE)).problem == 1
    assert library.rows("SELECT state, reason FROM source_pdfs") == [("failed", "too_large")]


def test_what_was_read_of_the_pdf_itself_is_kept(library: SmallLibrary) -> None:
    add(library, A)
    author = Person("Müller", "Ä.")
    pdf = extract(
        library,
        Extraction(
            12,
            "pymupdf",
            0.9,
            "Über Tests",
            (author,),
            2020,
            "10.1000/self",
            (Reference("x", 1),),
            seconds=1.5,
            backend_note="pymupdf 0.90",
        ),
    )
    names = (
        "pages, backend, backend_note, quality, title, authors, year, doi, reference_count, seconds, state, claimed_by"
    )
    assert library.rows(f"SELECT {names} FROM source_pdfs WHERE id = ?", pdf) == [
        (
            *(
                12,
                "pymupdf",
                "pymupdf 0.90",
                0.9,
                "Über Tests",
                '[{"family":"Müller","given":"Ä."}]',
                2020,
                "10.1000/self",
                1,
                1.5,
            ),
            *("done", None),
        )
    ]


def test_every_field_of_a_printed_reference_comes_back_from_the_claim(library: SmallLibrary) -> None:
    full = Reference(
        raw="[7] Smith, J. & Institute (2001a). Title.",
        position=7,
        page=31,
        label="[7]",
        authors=(Person("Smith", "J."), Person(name="Institute")),
        editors=(Person("García Márquez", "Gabriel"),),
        title="Заголовок",
        translated_title="Title",
        year=2001,
        year_text="2001a",
        container="Journal",
        volume="0",
        issue="3–4",
        pages="1-9",
        publisher="Press",
        place="Wien",
        type="journal-article",
        doi="10.1000/x",
        arxiv="1706.03762",
        pmid="1",
        pmcid="PMC1",
        isbn="9783161484100",
        issn="0028-0836",
        url="http://host.test/x",
        language="ru",
        from_note=True,
    )
    bare = Reference("bare", 8)
    library.print_references(full, bare)
    rows = {row.reference.position: row.reference for row in library.claim_references()}
    assert rows == {7: full, 8: bare}


def test_a_citation_keeps_the_print_and_what_was_read_from_it(library: SmallLibrary) -> None:
    pdf = library.print_references(Reference("Smith 2001", 4, page=9, label="4.", title="On", authors=(Person("S"),)))
    [row] = library.rows(
        "SELECT source_pdf_id, reference_id, original_reference_id, position, page, label, raw FROM citations"
    )
    assert row == (pdf, 1, 1, 4, 9, "4.", "Smith 2001")
    [(fields,)] = library.rows("SELECT fields FROM citations")
    assert json.loads(fields) == {"title": "On", "authors": [{"family": "S"}]}


def test_a_citation_says_whether_a_note_holds_it(library: SmallLibrary) -> None:
    library.print_references(Reference("Smith 2001", 1, from_note=True), Reference("Roe 2002", 2))
    assert library.rows("SELECT raw, from_note FROM citations ORDER BY id") == [("Smith 2001", 1), ("Roe 2002", 0)]


def test_ids_of_references_are_never_used_again(library: SmallLibrary) -> None:
    library.print_references("a", "b")
    with library.store.database.transaction() as connection:
        for table in ("state_log", "citations", "no_metadata", "source_pdfs", "reference_ids"):
            connection.execute(f"DELETE FROM {table}")
    library.print_references("c")
    assert library.ids("no_metadata") == [3]
