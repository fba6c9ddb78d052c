"""`import-pdfs` as a person types it: PDFs that they have become the copies of works, whatever stage these are in."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from dl_lit.adopting import Names
from dl_lit.cli.main import run
from dl_lit.download.downloader import Downloader
from dl_lit.download.verify import Face
from dl_lit.identity import titles
from dl_lit.library import Library
from dl_lit.model import (
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    EnrichmentReason,
    KeptFile,
    Person,
    Queueing,
    Reference,
    Work,
)
from dl_lit.store import Store
from download_world import DOI, TITLE, WORK, download_world, file, finish, in_process, pdf
from library import ME, SmallLibrary

REFERENCE = Reference(f"Berglund, A. {TITLE}. 2011.", title=TITLE, year=2011, authors=(Person(family="Berglund"),))
EVENINGS = "It tells at length of evenings in many small towns, and of those who sang there and were forgotten."


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "mine.pdf").write_bytes(pdf())
    return folder


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert run(["import-pdfs", *arguments, "--jobs", "1", "--format", "json"]) == 0
    files: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["files"]
    return files


def outcome(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    [one] = told(capsys, *arguments)
    return one["outcome"], one["detail"]


def kept_names() -> list[str]:
    return sorted(path.name for path in Path("library/pdfs").glob("*.pdf"))


def queued(library: SmallLibrary, *works: Work) -> list[int]:
    ids = library.accept(*(works or (WORK,)))
    library.queue()
    return ids


# ── in whatever stage the work is ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("stage", ["to_download_references", "failed_downloads", "claimed", "filtered"])
def test_a_pdf_becomes_the_copy_of_a_work_that_waits_for_one_or_found_none(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str], stage: str
) -> None:
    if stage == "filtered":
        library.accept(WORK)
        [row] = library.claim_works()
        library.store.finish_queueing(row, ME, Queueing(unwanted=DownloadReason.FILTERED_OUT))
    else:
        queued(library)
    if stage == "failed_downloads":
        library.fail_downloads()
    if stage == "claimed":
        library.claim_downloads()
    [one] = told(capsys, str(papers))
    assert (one["outcome"], one["reference"], one["table"]) == ("adopted", 1, "downloaded_references")
    assert one["detail"] == "known by its title"
    [work] = [one for one in library.store.works() if one.file]
    assert work.file is not None
    assert (
        kept_names() == [work.file.file_name] == ["berglund2011-observations-of-glaciers-in-the-northern-valleys-1.pdf"]
    )
    assert work.file.sha256 == hashlib.sha256(pdf()).hexdigest()
    assert (work.file.source, work.file.pages) == ("import", 3)
    assert work.file.url == (papers / "mine.pdf").as_uri()
    assert (papers / "mine.pdf").stat().st_nlink == 1
    assert library.field("downloaded_references", 1, "reason") is None
    assert run(["why", "1"]) == 0
    assert "imported" in capsys.readouterr().out


def test_a_pdf_whose_name_is_no_utf_8_is_taken_like_any_other(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queued(library)
    (papers / "mine.pdf").rename(papers / os.fsdecode(b"m\xfcller.pdf"))
    [one] = told(capsys, str(papers))
    assert (one["outcome"], one["table"]) == ("adopted", "downloaded_references")


def test_the_same_folder_again_changes_nothing(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queued(library)
    told(capsys, str(papers))
    (papers / "again.pdf").write_bytes(pdf())
    assert {one["outcome"] for one in told(capsys, str(papers))} == {"already there"}
    assert len(kept_names()) == 1


def test_another_file_of_a_work_that_has_its_copy_is_left(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queued(library)
    told(capsys, str(papers))
    (papers / "mine.pdf").write_bytes(pdf(pages=9))
    assert outcome(capsys, str(papers)) == ("already there", "reference 1 has another copy")
    assert len(kept_names()) == 1


def test_a_file_with_a_doi_only_is_known_by_it(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queued(library)
    (papers / "mine.pdf").write_bytes(pdf("An offprint", extra=f"https://doi.org/{DOI}"))
    assert outcome(capsys, str(papers)) == ("adopted", "known by its doi")


def test_links_are_made_where_they_are_wanted(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queued(library)
    told(capsys, str(papers), "--link")
    assert Path("library/pdfs", *kept_names()).samefile(papers / "mine.pdf")


def test_a_copy_that_was_taken_away_is_put_back(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queued(library)
    told(capsys, str(papers))
    names = kept_names()
    Path("library/pdfs", names[0]).unlink()
    assert outcome(capsys, str(papers)) == ("adopted", "the missing copy of reference 1 is back")
    assert kept_names() == names
    Path("library/pdfs", names[0]).write_bytes(b"notes")
    assert outcome(capsys, str(papers))[0] == "unclear"
    assert Path("library/pdfs", names[0]).read_bytes() == b"notes"


def test_all_works_with_one_missing_content_get_it_back(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queued(library, WORK, Work(title="Another", doi="10.1000/another"))
    sha256 = hashlib.sha256(pdf()).hexdigest()
    for row in library.claim_downloads():
        kept = KeptFile(f"{row.id}.pdf", sha256, len(pdf()), 3, "openalex", "http://a/x", "http://a/x")
        library.store.finish_download(row, ME, Download(file=kept))
    assert outcome(capsys, str(papers)) == ("adopted", "the missing copy of reference 1 is back")
    assert kept_names() == ["1.pdf", "2.pdf"]


def printed(library: SmallLibrary) -> None:
    library.print_references(REFERENCE)


def under_review(library: SmallLibrary) -> None:
    printed(library)
    [row] = library.claim_references()
    library.store.finish_enrichment(row, ME, Enrichment(Decision.REVIEW, reason=EnrichmentReason.AMBIGUOUS))


def not_found(library: SmallLibrary) -> None:
    printed(library)
    [row] = library.claim_references()
    library.store.finish_enrichment(row, ME, Enrichment(Decision.REJECTED, reason=EnrichmentReason.NO_MATCH))


def matched(library: SmallLibrary) -> None:
    library.accept(WORK)


@pytest.mark.parametrize("stage", [printed, under_review, not_found, matched])
def test_a_pdf_waits_for_a_work_that_is_still_to_be_found(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str], stage: Any
) -> None:
    stage(library)
    [one] = told(capsys, str(papers))
    assert one["outcome"] == "adopted"
    assert one["detail"] == "known by its title; it is taken when copies are looked for"
    assert [file.file_name for file in library.store.owned_files(1)] == kept_names() == [one["file_name"]]
    assert outcome(capsys, str(papers)) == ("already there", "it waits for reference 1")


def to_the_queue(library: SmallLibrary) -> None:
    for row in library.claim_references():
        library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, WORK))
    library.queue()


def test_a_pdf_that_waited_is_taken_and_nobody_is_asked(
    library: SmallLibrary, papers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed(library)
    told(capsys, str(papers))
    to_the_queue(library)
    with download_world(tmp_path / "elsewhere") as world:
        world.hosts.put("2/a.pdf", file())
        folders = Library.at(tmp_path / "library")
        downloader = Downloader(
            world.settings, world.network, world.services, folders, in_process, memory=library.store
        )
        [row] = library.claim_downloads()
        download = finish(downloader, row)
        assert world.hosts.server.arrivals == []
    assert library.store.finish_download(row, ME, download) == "downloaded_references"
    [work] = [one for one in library.store.works() if one.file]
    assert work.file is not None
    assert [work.file.file_name] == kept_names()
    assert work.file.source == "import"
    assert [one.waits for one in library.store.held_files()] == [False]


def test_a_filter_does_not_keep_out_what_need_not_be_fetched(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed(library)
    told(capsys, str(papers))
    [row] = library.claim_references()
    library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, WORK))
    [work] = library.claim_works()
    unwanted = Queueing(unwanted=DownloadReason.FILTERED_OUT)
    assert library.store.finish_queueing(work, ME, unwanted) == "to_download_references"


def test_a_pdf_of_one_print_serves_the_work_that_it_is_merged_into(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [first] = queued(library)
    library.fail_downloads()
    library.print_references(REFERENCE)
    second = library.ids("no_metadata")[0]
    told(capsys, str(papers))
    assert library.store.owned_files(second) == [], "the verified work was free for it"
    assert library.ids("downloaded_references") == [first]


def test_a_work_without_a_copy_is_looked_for_again_when_a_print_brings_one(library: SmallLibrary) -> None:
    [first] = queued(library)
    library.fail_downloads()
    library.print_references(REFERENCE)
    second = library.ids("no_metadata")[0]
    library.store.adopt(second, KeptFile("x.pdf", "a" * 64, 10, 3, "import", "file:///x", "file:///x"))
    [row] = library.claim_references()
    library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, WORK))
    [work] = library.claim_works()
    [(twin, _)] = library.store.find_twins(work)
    library.store.finish_queueing(work, ME, Queueing(twin))
    assert library.ids("to_download_references") == [first]
    assert [file.file_name for file in library.store.owned_files(first)] == ["x.pdf"]


def import_and_die(folder: str, papers: str) -> None:
    def die(*arguments: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    os.chdir(folder)
    Store.adopt = die  # type: ignore[method-assign,assignment]
    run(["import-pdfs", papers, "--jobs", "1"])


def test_a_kill_between_the_file_and_its_row_loses_and_doubles_nothing(
    library: SmallLibrary, papers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queued(library)
    library.fail_downloads()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=import_and_die, args=(str(tmp_path), str(papers)), daemon=True)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert len(kept_names()) == 1
    assert outcome(capsys, str(papers))[0] == "adopted"
    assert library.ids("downloaded_references") == [1]
    assert len(kept_names()) == 1


def scan() -> bytes:
    """Pages without a letter."""
    with pymupdf.open() as document:
        for _ in range(2):
            document.new_page().draw_rect((50, 50, 200, 200))
        return bytes(document.tobytes())


def test_a_person_says_what_a_scan_is(
    library: SmallLibrary, papers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed(library)
    (papers / "mine.pdf").write_bytes(scan())
    result, detail = outcome(capsys, str(papers))
    assert (result, "--as tells" in detail) == ("unclear", True)
    waits = ("adopted", "as you say; it is taken when copies are looked for")
    assert outcome(capsys, str(papers / "mine.pdf"), "--as", "1") == waits
    to_the_queue(library)
    with download_world(tmp_path / "elsewhere") as world:
        folders = Library.at(tmp_path / "library")
        downloader = Downloader(
            world.settings, world.network, world.services, folders, in_process, memory=library.store
        )
        [row] = library.claim_downloads()
        download = finish(downloader, row)
    assert library.store.finish_download(row, ME, download) == "downloaded_references"
    assert library.field("downloaded_references", 1, "file_identity") == "person"
    assert library.field("downloaded_references", 1, "file_pages") == 2
    again = outcome(capsys, str(papers / "mine.pdf"), "--as", "1")
    assert again == ("already there", "reference 1 has this copy already")


def test_what_a_person_says_must_make_sense(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queued(library)
    assert run(["import-pdfs", str(papers), "--as", "1"]) == 2
    assert run(["import-pdfs", str(papers / "mine.pdf"), "--as", "99"]) == 2
    assert "There is no reference 99" in capsys.readouterr().err
    (papers / "mine.pdf").write_bytes(b"hello")
    assert outcome(capsys, str(papers / "mine.pdf"), "--as", "1")[0] == "not a PDF"
    (papers / "mine.pdf").write_bytes(b"")
    assert outcome(capsys, str(papers / "mine.pdf"), "--as", "1")[0] == "not a PDF"
    assert kept_names() == []


# ── files that are not taken ─────────────────────────────────────────────────────────────────────────────


def test_what_is_no_work_of_the_library_leaves_nothing(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queued(library)
    files = {
        "no PDF.pdf": b"hello",
        "empty.pdf": b"",
        "opera.pdf": pdf("A history of opera in small towns"),
        "locked.pdf": pdf(password="x"),
        "torn.pdf": pdf()[:-400],
        "cites it.pdf": pdf("A history of opera", extra=f"{EVENINGS}\nReferences\n{TITLE}. doi:{DOI}"),
    }
    (papers / "mine.pdf").unlink()
    for name, body in files.items():
        (papers / name).write_bytes(body)
    (papers / "notes.docx").write_bytes(b"not looked at")
    done = {Path(one["path"]).name: one["outcome"] for one in told(capsys, str(papers))}
    assert done == {
        "no PDF.pdf": "not a PDF",
        "empty.pdf": "not a PDF",
        "opera.pdf": "no such work",
        "locked.pdf": "unclear",
        "torn.pdf": "unclear",
        "cites it.pdf": "no such work",
    }
    assert kept_names() == []
    assert [path.name for path in Path("library/pdfs").rglob("*") if path.is_file()] == []


def test_a_file_of_more_than_the_limit_is_not_read(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queued(library)
    mine = papers / "mine.pdf"
    with mine.open("r+b") as file:
        file.truncate(20 * 2**30)  # without taking any room
    assert outcome(capsys, str(mine)) == ("unclear", "it is larger than extraction.max_file_mb")
    assert outcome(capsys, str(mine), "--as", "1") == ("unclear", "it is larger than extraction.max_file_mb")


def test_a_file_that_may_be_two_works_is_left_to_a_person(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Work(title=TITLE, authors=WORK.authors, year=1980, doi="10.1000/other")
    queued(library, WORK, other)
    assert outcome(capsys, str(papers)) == ("unclear", "it may be any of the references 1, 2")
    (papers / "mine.pdf").write_bytes(pdf(extra=f"doi:{DOI}"))
    assert outcome(capsys, str(papers)) == ("adopted", "known by its title and doi")


def test_the_longer_of_two_titles_is_meant(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = Work(title="Observations of glaciers", authors=WORK.authors, year=2011)
    queued(library, part, WORK)
    [one] = told(capsys, str(papers))
    assert one["reference"] == 2


def test_two_prints_of_one_work_wait_with_one_file(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library.print_references(REFERENCE)
    library.print_references(REFERENCE)
    told(capsys, str(papers))
    names = {file.file_name for number in (1, 2) for file in library.store.owned_files(number)}
    assert len(names) == len(kept_names()) == 1
    assert all(library.store.owned_files(number) for number in (1, 2))


def test_the_library_itself_may_lie_among_the_papers(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queued(library)
    told(capsys, str(papers))
    assert [Path(one["path"]).parent.name for one in told(capsys, ".")] == ["papers"]


def test_lines_for_a_person_name_the_file_and_the_reason(
    library: SmallLibrary, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queued(library)
    assert run(["import-pdfs", str(papers)]) == 0
    out = capsys.readouterr().out
    assert f"adopted: {papers / 'mine.pdf'} → berglund2011-" in out
    assert out.endswith("1 adopted\n")
    (papers / "mine.pdf").unlink()
    assert run(["import-pdfs", str(papers)]) == 0
    assert capsys.readouterr().out == "No PDFs there.\n"


def test_without_a_library_there_is_nothing_to_import_into(
    away_from_home: None, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import-pdfs", str(papers)]) == 2
    assert "There is no library" in capsys.readouterr().err
    assert run(["import-pdfs", "nowhere"]) == 2


def test_a_title_with_a_misprint_is_still_a_candidate() -> None:
    names = Names()
    names.add("title", titles.key("Measurements of tides in narrow inlets"), 4)
    names.add("title", titles.key("On ice"), 5)
    printed_title = titles.key("Measurement of tides in narrow inlets, by A. Body. On ice floes")
    assert names.candidates(Face(prominent=(printed_title,))) == [5, 4]
    assert names.candidates(Face(prominent=("anothertextaltogether",))) == []


def test_a_download_without_a_file_of_the_users_own_goes_its_way(library: SmallLibrary) -> None:
    queued(library)
    assert library.store.owned_files(1) == []
    assert library.download(Download(reason=DownloadReason.NO_OPEN_COPY)) == ["failed_downloads"]
