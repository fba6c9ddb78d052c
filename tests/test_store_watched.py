"""What the store knows of watched folders: whose PDFs a restarted watcher has, and when a file is done with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dl_lit.model import (
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    Extraction,
    PdfFile,
    PdfReason,
    PdfRow,
    Reference,
    Stage,
)
from dl_lit.store.run_rows import OF_REFERENCES
from dl_lit.store.watched import HandedIn
from library import LEASE, ME, SmallLibrary, work

FOLDER = "/inbox"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


def hand_in(library: SmallLibrary, *names: str, folder: str = FOLDER) -> int:
    """One PDF of each name, by a run that watches the folder; the run's id."""
    run = library.store.start_run(ME, "watch", {"watch": folder})
    paths = [f"{folder}/{name}" for name in names]
    added = library.store.add_pdfs(run, [PdfFile(path, f"sha-{path}", 9) for path in paths])
    library.store.handed_in(folder, [(path, "9:1:1", pdf) for path, pdf in zip(paths, added.ids, strict=True)])
    return run


def read(library: SmallLibrary, extraction: Extraction) -> PdfRow:
    [row] = library.store.claim(Stage.EXTRACTION, ME, 1, LEASE)
    assert isinstance(row, PdfRow)
    library.store.finish_extraction(row, ME, extraction)
    return row


def settled(library: SmallLibrary) -> list[str]:
    return [file.path for file in library.store.settled_files(FOLDER, OF_REFERENCES)]


def test_a_file_is_done_with_when_all_that_it_cites_has_reached_a_final_state(library: SmallLibrary) -> None:
    run = hand_in(library, "a.pdf")
    assert settled(library) == []
    reference = library.print_references("another paper's")  # not of the file
    [row] = library.store.claim(Stage.EXTRACTION, ME, 1, LEASE, run_id=run)
    assert isinstance(row, PdfRow) and row.id != reference
    library.store.finish_extraction(row, ME, Extraction(references=(Reference("cited", position=1),)))
    assert settled(library) == []
    for claimed in library.claim_references():
        library.store.finish_enrichment(claimed, ME, Enrichment(Decision.ACCEPTED, work(claimed.reference.raw)))
    assert settled(library) == []
    library.queue()
    assert settled(library) == []
    assert library.store.held_files_of(FOLDER, OF_REFERENCES) == 1
    library.fail_downloads()
    assert settled(library) == ["/inbox/a.pdf"]
    assert library.store.held_files_of(FOLDER, OF_REFERENCES) == 0


@pytest.mark.parametrize("reason", [DownloadReason.EMBARGOED, DownloadReason.RETRY_LATER])
def test_what_waits_for_an_embargo_or_a_service_is_not_done_with(library: SmallLibrary, reason: DownloadReason) -> None:
    hand_in(library, "a.pdf")
    read(library, Extraction(references=(Reference("cited", position=1),)))
    for claimed in library.claim_references():
        library.store.finish_enrichment(claimed, ME, Enrichment(Decision.ACCEPTED, work()))
    library.queue()
    library.download(Download(reason=reason, retry_after=86400.0))
    assert settled(library) == []
    assert [file.path for file in library.store.settled_files(FOLDER, (Stage.ENRICHMENT,))] == ["/inbox/a.pdf"]


def test_a_pdf_that_could_not_be_read_is_done_with_and_says_why(library: SmallLibrary) -> None:
    hand_in(library, "a.pdf")
    read(library, Extraction(reason=PdfReason.DAMAGED))
    [file] = library.store.settled_files(FOLDER, OF_REFERENCES)
    assert (file.path, file.reason, file.sha256) == ("/inbox/a.pdf", PdfReason.DAMAGED, "sha-/inbox/a.pdf")


def test_a_moved_file_is_not_watched_and_its_pdf_lies_where_it_was_moved_to(library: SmallLibrary) -> None:
    hand_in(library, "a.pdf", "b.pdf")
    library.store.move_file("/inbox/a.pdf", "/done/a.pdf")
    assert library.rows("SELECT path, target FROM watched_files") == [
        ("/inbox/a.pdf", "/done/a.pdf"),
        ("/inbox/b.pdf", None),
    ]
    library.store.file_moved("/inbox/a.pdf", "/done/a.pdf")
    assert library.rows("SELECT path FROM watched_files") == [("/inbox/b.pdf",)]
    assert library.rows("SELECT path FROM source_pdfs") == [("/done/a.pdf",), ("/inbox/b.pdf",)]


def test_a_second_file_of_the_same_content_does_not_take_the_path_along(library: SmallLibrary) -> None:
    run = hand_in(library, "a.pdf")
    same = PdfFile("/inbox/copy.pdf", "sha-/inbox/a.pdf", 9)
    [pdf] = library.store.add_pdfs(run, [PdfFile("/inbox/a.pdf", same.sha256, 9), same]).ids[:1]
    library.store.handed_in(FOLDER, [(same.path, "9:2:2", pdf)])
    library.store.file_moved(same.path, "/done/copy.pdf")
    assert library.field("source_pdfs", pdf, "path") == "/inbox/a.pdf"


def test_a_restarted_watcher_has_the_pdfs_of_its_forerunners_that_have_work_left(library: SmallLibrary) -> None:
    hand_in(library, "gone.pdf", "done.pdf", "here.pdf")
    hand_in(library, "other.pdf", folder="/elsewhere")
    for name in ("gone.pdf", "done.pdf"):
        library.store.forget_file(f"/inbox/{name}")
    [done] = library.rows("SELECT id FROM source_pdfs WHERE path = '/inbox/done.pdf'")[0]

    with library.store.database.transaction() as connection:
        connection.execute("UPDATE source_pdfs SET state = 'done', finished_at = 1 WHERE id = ?", (done,))
    again = library.store.start_run(ME, "watch", {"watch": FOLDER})
    resumed = library.store.watch(again, FOLDER)
    assert [HandedIn("/inbox/here.pdf", 3, "9:1:1", None, "sha-/inbox/here.pdf")] == resumed.files
    assert resumed.pdf_ids == [1, 3]
    assert library.store.watch(again, FOLDER, everything=True).pdf_ids == [1, 2, 3]


def test_a_pdf_that_is_renamed_while_it_is_read_is_read_again(library: SmallLibrary) -> None:
    run = hand_in(library, "a.pdf")
    [row] = library.store.claim(Stage.EXTRACTION, ME, 1, LEASE)
    assert isinstance(row, PdfRow)
    library.store.add_pdfs(run, [PdfFile("/inbox/b.pdf", row.sha256, 9)])
    library.store.finish_extraction(row, ME, Extraction(reason=PdfReason.UNREADABLE))
    assert library.rows("SELECT state, path FROM source_pdfs") == [("waiting", "/inbox/b.pdf")]
    assert read(library, Extraction()).path == "/inbox/b.pdf"
    assert library.rows("SELECT state FROM source_pdfs") == [("done",)]
