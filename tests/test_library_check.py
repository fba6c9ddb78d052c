"""`library check` as a person types it: the disk against the database, and what --fix does about it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dl_lit.cli.main import run
from dl_lit.download.shelf import Shelf
from dl_lit.library import Library
from dl_lit.model import Attempt, Download, DownloadReason, KeptFile, Person, Reference, Work
from dl_lit.store import this_process
from download_world import TITLE, WORK, pdf
from library import ME, SmallLibrary

OTHER = Work(title="Tides in narrow inlets of the western coast", authors=WORK.authors, year=1999, doi="10.1000/tides")


def keep(shelf: Shelf, reference_id: int, work: Work, body: bytes) -> KeptFile:
    facts = KeptFile("", hashlib.sha256(body).hexdigest(), len(body), 3, "openalex", "http://a/x", "http://a/x")
    with shelf.temporary(reference_id) as part:
        part.write_bytes(body)
        kept = shelf.keep(reference_id, work, part, facts)
    return kept


def downloaded(library: SmallLibrary, *works: Work, body: bytes | None = None) -> list[Path]:
    """Each work with a copy, as a run leaves it; the paths of their files."""
    library.accept(*(works or (WORK,)))
    library.queue()
    shelf = Shelf(Library.at(Path("library")))
    paths = []
    for row in library.claim_downloads():
        kept = keep(shelf, row.id, row.work, body or pdf(row.work.title or ""))
        library.store.finish_download(row, ME, Download(file=kept))
        shelf.settled(row.id)
        paths.append(Path("library/pdfs", kept.file_name))
    return paths


def check(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = run(["library", "check", *options, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def found(told: dict[str, Any]) -> list[tuple[str, str, str, list[int]]]:
    return [(one["kind"], one["place"], one["file_name"], one["references"]) for one in told["findings"]]


def all_is_well(capsys: pytest.CaptureFixture[str]) -> bool:
    code, told = check(capsys)
    return (code, told["findings"]) == (0, [])


def contents(folder: str = "library") -> set[str]:
    """The hashes of all PDFs below a folder: what --fix may move and never lose."""
    paths = (path for path in Path(folder).rglob("*") if path.is_file() and path.suffix in (".pdf", ".txt"))
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


# ── looking ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_library_in_order_has_nothing_to_tell(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    downloaded(library, WORK, OTHER)
    assert run(["library", "check"]) == 0
    assert capsys.readouterr().out == "2 files are as they should be.\n"


def test_missing_changed_and_orphaned_files_are_told_and_left(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    gone, changed = downloaded(library, WORK, OTHER)
    gone.unlink()
    changed.write_bytes(b"%PDF-tampered")
    (gone.parent / "below").mkdir()
    (gone.parent / "below" / "mine.pdf").write_bytes(b"%PDF-mine")
    (gone.parent / ".DS_Store").write_bytes(b"of no interest")
    code, told = check(capsys)
    assert (code, told["left"]) == (3, 3)
    assert found(told) == [
        ("missing", "pdfs", gone.name, [1]),
        ("changed", "pdfs", changed.name, [2]),
        ("orphaned", "pdfs", "below/mine.pdf", []),
    ]
    assert run(["library", "check"]) == 3
    out = capsys.readouterr().out
    assert f"missing: pdfs/{gone.name} of reference 1: it is not there" in out
    assert "1 missing, 1 changed, 1 orphaned" in out
    assert library.ids("downloaded_references") == [1, 2]


def test_a_file_of_two_works_is_told_once(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    library.accept(WORK, OTHER)
    library.queue()
    kept = keep(Shelf(Library.at(Path("library"))), 1, WORK, pdf())
    library.download(Download(file=kept))
    Path("library/pdfs", kept.file_name).unlink()
    _, told = check(capsys)
    assert found(told) == [("missing", "pdfs", kept.file_name, [1, 2])]


def test_what_a_run_is_about_to_record_is_no_orphan(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    library.accept(WORK)
    library.queue()
    keep(Shelf(Library.at(Path("library"))), 1, WORK, pdf())
    code, told = check(capsys)
    assert (code, told["unfinished"], told["findings"]) == (0, 1, [])


def test_a_file_of_a_match_taken_back_is_no_orphan(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    downloaded(library)
    library.store.refuse(1)
    code, told = check(capsys)
    assert (code, told["withdrawn"], told["findings"]) == (0, 1, [])
    assert run(["library", "check"]) == 0
    assert "1 of matches taken back" in capsys.readouterr().out


def test_without_a_library_there_is_nothing_to_check(away_from_home: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["library", "check"]) == 2
    assert "There is no library" in capsys.readouterr().err


# ── mending ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_copy_is_looked_for_again(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    [gone] = downloaded(library)
    gone.unlink()
    code, told = check(capsys, "--fix")
    assert (code, told["findings"][0]["done"]) == (0, "its work is looked for again by the next run")
    assert library.ids("to_download_references") == [1]
    assert library.field("to_download_references", 1, "reason") is None
    assert all_is_well(capsys)
    assert run(["why", "1"]) == 0
    assert "copy_lost" in capsys.readouterr().out


def test_a_copy_under_another_name_is_put_back(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    [copy] = downloaded(library)
    copy.rename(copy.with_name("renamed by me.pdf"))
    code, told = check(capsys, "--fix")
    assert code == 0
    assert [one["done"] for one in told["findings"]] == [
        "put back from renamed by me.pdf",
        "it is a copy's missing file, and was put back",
    ]
    assert copy.is_file()
    assert library.ids("downloaded_references") == [1]
    assert all_is_well(capsys)


def test_a_copy_whose_content_another_work_has_is_put_back(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = downloaded(library, WORK, OTHER, body=pdf(TITLE, extra=OTHER.title or ""))
    one.unlink()
    assert check(capsys, "--fix")[0] == 0
    assert one.samefile(two)
    assert all_is_well(capsys)


def test_a_copy_with_notes_in_it_is_still_a_copy(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    [copy] = downloaded(library)
    copy.write_bytes(pdf(extra="a note of mine"))
    code, told = check(capsys, "--fix")
    assert (code, told["findings"][0]["done"]) == (0, "still that work: its new hash is recorded")
    assert library.field("downloaded_references", 1, "file_sha256") == hashlib.sha256(copy.read_bytes()).hexdigest()
    assert library.field("downloaded_references", 1, "file_source") == "openalex"
    assert all_is_well(capsys)


def test_a_copy_that_became_something_else_moves_aside(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    [copy] = downloaded(library)
    Path("library/aside").mkdir()
    Path("library/aside", copy.name).write_bytes(b"there before")
    copy.write_bytes(pdf("A history of opera"))
    before = contents() | {hashlib.sha256(b"there before").hexdigest()}
    assert check(capsys, "--fix")[0] == 0
    assert library.ids("to_download_references") == [1]
    assert Path("library/aside", f"{copy.stem}_2.pdf").read_bytes() == pdf("A history of opera")
    assert contents() == before
    assert all_is_well(capsys)


def test_an_orphan_that_is_a_work_without_a_copy_becomes_it(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    library.accept(WORK, OTHER)
    library.queue()
    library.fail_downloads()
    Path("library/pdfs/sub").mkdir()
    Path("library/pdfs/dropped here.pdf").write_bytes(pdf())
    Path("library/pdfs/sub/x.pdf").write_bytes(pdf("An offprint", extra=f"doi:{OTHER.doi}"))
    before = contents()
    code, told = check(capsys, "--fix")
    assert code == 0
    assert all("adopted by reference" in one["done"] for one in told["findings"])
    assert library.ids("downloaded_references") == [1, 2]
    assert contents() == before
    assert not Path("library/pdfs/dropped here.pdf").exists()
    assert not Path("library/pdfs/sub/x.pdf").exists()
    assert all_is_well(capsys)


def test_an_orphan_that_is_nobodys_moves_aside(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    [copy] = downloaded(library)
    for name, body in {"opera.pdf": pdf("A history of opera"), "notes.txt": b"mine", "twice.pdf": pdf()}.items():
        (copy.parent / name).write_bytes(body)
    before = contents()
    code, told = check(capsys, "--fix")
    assert code == 0
    assert sorted(path.name for path in Path("library/aside").iterdir()) == ["notes.txt", "opera.pdf", "twice.pdf"]
    assert contents() == before
    assert "no such work" in told["findings"][1]["done"]
    assert all_is_well(capsys)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def link_to_nothing(path: Path) -> None:
    path.symlink_to("nowhere.pdf")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize("make", [pipe, link_to_a_device, link_to_nothing, link_to_itself])
@pytest.mark.parametrize("has_the_name_of", ["a copy", "a copy that is there under another name", "nothing"])
def test_what_is_no_file_is_told_and_moves_aside(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str], make: Callable[[Path], None], has_the_name_of: str
) -> None:
    [copy] = downloaded(library)
    odd = copy.with_name("odd.pdf") if has_the_name_of == "nothing" else copy
    if has_the_name_of == "a copy":
        copy.unlink()
    elif odd == copy:
        copy.rename(copy.with_name("mine.pdf"))
    make(odd)
    code, told = check(capsys)
    assert code == 3 and (odd != copy or told["findings"][0]["detail"] == "what has its name is no file")
    code, told = check(capsys, "--fix")
    assert code == 0
    assert os.path.lexists(Path("library/aside", odd.name))
    assert copy.is_file() is (has_the_name_of != "a copy")
    assert library.ids("to_download_references") == ([1] if has_the_name_of == "a copy" else [])
    assert all_is_well(capsys)


@pytest.mark.parametrize("make", [pipe, link_to_nothing])
def test_what_is_no_file_in_the_quarantine_moves_aside(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str], make: Callable[[Path], None]
) -> None:
    path = suspected(library)
    path.unlink()
    make(path)
    assert check(capsys, "--fix")[0] == 0
    assert os.path.lexists(Path("library/aside", path.name))
    assert all_is_well(capsys)


def test_without_hard_links_an_orphan_keeps_its_name(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*arguments: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    library.accept(WORK)
    library.queue()
    Path("library/pdfs/dropped here.pdf").write_bytes(pdf())
    monkeypatch.setattr(os, "link", no_links)
    assert check(capsys, "--fix")[0] == 0
    assert library.field("downloaded_references", 1, "file_name") == "dropped here.pdf"
    assert all_is_well(capsys)


def test_what_cannot_be_mended_is_left_with_the_reason(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    [copy] = downloaded(library)
    (copy.parent / "opera.pdf").write_bytes(pdf("A history of opera"))
    Path("library/aside").write_bytes(b"a file where the folder should be")
    code, told = check(capsys, "--fix")
    assert (code, told["left"]) == (3, 1)
    assert "nothing was done" in told["findings"][0]["detail"]
    assert (copy.parent / "opera.pdf").exists()


def test_a_file_that_cannot_be_read_is_told_and_costs_the_others_nothing(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, fine = downloaded(library, WORK, OTHER)
    orphan = closed.with_name("orphan.pdf")
    orphan.write_bytes(b"%PDF-")
    original = Path.open

    def guarded(path: Path, *arguments: Any, **named: Any) -> Any:
        if path.name in (closed.name, orphan.name):
            raise PermissionError(13, "Permission denied")
        return original(path, *arguments, **named)

    monkeypatch.setattr(Path, "open", guarded)
    code, told = check(capsys)
    assert code == 3
    assert found(told) == [("changed", "pdfs", closed.name, [1]), ("orphaned", "pdfs", orphan.name, [])]
    assert told["findings"][0]["detail"] == "it cannot be read (Permission denied)"
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != closed.name)
    assert check(capsys, "--fix")[0] == 3
    assert closed.is_file()
    assert fine.is_file()


def three() -> tuple[Work, ...]:
    return (
        WORK,
        OTHER,
        Work(title="Lichens of the northern walls", authors=WORK.authors, year=2003, doi="10.1000/walls"),
    )


def test_a_disk_that_is_not_mounted_loses_no_copies(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    paths = downloaded(library, *three())
    Path("library/pdfs").rename("away")
    before = library.ids("downloaded_references")
    assert check(capsys, "--fix")[0] == 3
    assert library.ids("downloaded_references") == before
    assert run(["library", "check", "--fix"]) == 3
    assert "3 of 3 copies are missing" in capsys.readouterr().out
    shutil.rmtree("library/pdfs")
    Path("away").rename("library/pdfs")
    assert all_is_well(capsys)
    for path in paths:
        path.unlink()
    code, told = check(capsys, "--fix", "--lost")
    assert (code, told["left"]) == (0, 0)
    assert library.ids("to_download_references") == before


def test_links_that_lead_to_a_disk_that_is_not_mounted_stay(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in downloaded(library, *three()):
        path.unlink()
        path.symlink_to("/no/such/disk")
    assert check(capsys, "--fix")[0] == 3
    assert len(list(Path("library/pdfs").glob("*.pdf"))) == 3


def test_of_a_folder_that_was_moved_within_the_library_all_comes_back(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = downloaded(library, *three())
    Path("library/pdfs/old").mkdir()
    for path in paths:
        path.rename(path.parent / "old" / path.name)
    assert check(capsys, "--fix")[0] == 0
    assert all_is_well(capsys)


def test_lost_is_said_of_what_is_put_right(library: SmallLibrary) -> None:
    downloaded(library)
    assert run(["library", "check", "--lost"]) == 2


def test_nothing_is_mended_while_a_run_goes_on(library: SmallLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    [gone] = downloaded(library)
    gone.unlink()
    library.clock.now = time.time()
    library.store.start_run(this_process(), "test", {})
    assert run(["library", "check", "--fix"]) == 2
    assert "A run works on this library" in capsys.readouterr().err
    assert library.ids("downloaded_references") == [1]


# ── files that wait, and suspects ────────────────────────────────────────────────────────────────────────


def waiting(library: SmallLibrary) -> Path:
    library.print_references(Reference(TITLE, title=TITLE, year=2011, authors=(Person(family="Berglund"),)))
    Path("mine.pdf").write_bytes(pdf())
    assert run(["import-pdfs", "mine.pdf", "--jobs", "1"]) == 0
    [file] = library.store.owned_files(1)
    return Path("library/pdfs", file.file_name)


def take_away(path: Path) -> None:
    path.unlink()


def write_notes(path: Path) -> None:
    path.write_bytes(pdf(extra="a note of mine"))


def spoil(path: Path) -> None:
    path.write_bytes(b"%PDF-spoilt")


@pytest.mark.parametrize(("change", "waits"), [(take_away, False), (write_notes, True), (spoil, False)])
def test_a_file_that_waits_is_checked_like_a_copy(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str], change: Callable[[Path], None], waits: bool
) -> None:
    path = waiting(library)
    assert all_is_well(capsys)
    change(path)
    assert check(capsys)[0] == 3
    assert check(capsys, "--fix")[0] == 0
    assert bool(library.store.owned_files(1)) is waits
    assert all_is_well(capsys)


def suspected(library: SmallLibrary) -> Path:
    """A file in quarantine/, as a download leaves it."""
    library.accept(WORK)
    library.queue()
    shelf, body = Shelf(Library.at(Path("library"))), pdf("A history of opera")
    with shelf.temporary(1) as part:
        part.write_bytes(body)
        name = shelf.quarantine(1, WORK, part, hashlib.sha256(body).hexdigest(), DownloadReason.WRONG_WORK)
    attempt = Attempt("openalex", "http://a/x", None, "a", DownloadReason.WRONG_WORK, quarantined_as=name)
    library.download(Download(reason=DownloadReason.WRONG_WORK, attempts=(attempt,)))
    return Path("library/quarantine", name)


@pytest.mark.parametrize(("change", "kind"), [(take_away, "missing"), (spoil, "changed")])
def test_the_quarantine_is_checked_too(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str], change: Callable[[Path], None], kind: str
) -> None:
    path = suspected(library)
    assert all_is_well(capsys)
    change(path)
    code, told = check(capsys)
    assert (code, found(told)) == (3, [(kind, "quarantine", path.name, [1])])
    before = contents()
    assert check(capsys, "--fix")[0] == 0
    assert contents() == before
    assert library.ids("failed_downloads") == [1]
    assert all_is_well(capsys)


def test_a_strange_file_in_the_quarantine_moves_aside(
    library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    path = suspected(library)
    shutil.copy(path, path.with_name("strange.pdf"))
    code, told = check(capsys, "--fix")
    assert (code, found(told)) == (0, [("orphaned", "quarantine", "strange.pdf", [])])
    assert Path("library/aside/strange.pdf").is_file()
    assert path.is_file()
    assert all_is_well(capsys)


def test_a_holding_that_has_another_file_by_now_is_not_lost(library: SmallLibrary) -> None:
    downloaded(library)
    [holding] = library.store.held_files()
    library.store.lose(replace(holding, file=replace(holding.file, file_name="another.pdf")), "gone")
    assert library.ids("downloaded_references") == [1]
