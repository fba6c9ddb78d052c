"""Where files lie: nothing is overwritten, nothing half-written is left, and a sudden end costs no second download."""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dl_lit.download.shelf import Shelf, slug
from dl_lit.errors import DiskFull
from dl_lit.library import Library
from dl_lit.model import CopyVersion, DownloadReason, KeptFile, Work
from download_world import TITLE, WORK, DownloadWorld, download_world, file, finish, outcomes, pdf, row


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.at(tmp_path / "library")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DownloadWorld]:
    with download_world(tmp_path) as made:
        yield made


def facts(body: bytes) -> KeptFile:
    sha256 = hashlib.sha256(body).hexdigest()
    return KeptFile(
        "", sha256, len(body), 3, "openalex", "http://a/x", "http://b/x", CopyVersion.ACCEPTED, "cc-by", "title"
    )


def keep(shelf: Shelf, reference_id: int, title: str | None, body: bytes) -> KeptFile:
    with shelf.temporary(reference_id) as part:
        part.write_bytes(body)
        return shelf.keep(reference_id, title, part, facts(body))


def test_a_note_that_cannot_be_removed_stops_nothing(library: Library, caplog: pytest.LogCaptureFixture) -> None:
    shelf = Shelf(library)
    (library.pdfs / ".incoming" / "7.json").mkdir()
    shelf.settled(7)
    assert "could not be removed" in caplog.text


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (
            "Observations of glaciers in the northern valleys, revisited",
            "observations-of-glaciers-in-the-northern-valleys",
        ),
        ("../../etc/passwd", "etc-passwd"),
        ("Über Gletscher\x00 / \\ : * ?", "uber-gletscher"),
        ("Наблюдения ледников", "nablyudeniya-lednikov"),
        ("x" * 80, "x" * 48),
        ("", "untitled"),
        (None, "untitled"),
        ("???", "untitled"),
    ],
)
def test_names_are_readable_and_go_nowhere_else(title: str | None, expected: str) -> None:
    assert slug(title) == expected


def test_two_works_never_overwrite_each_other(library: Library) -> None:
    shelf = Shelf(library)
    names = {keep(shelf, number, TITLE, b"%PDF-" + bytes([number])).file_name for number in range(5)}
    assert len(names) == len(list(library.pdfs.glob("*.pdf"))) == 5


def test_the_same_content_twice_is_one_file(library: Library) -> None:
    shelf = Shelf(library)
    first, second = keep(shelf, 1, "One", b"%PDF-same"), keep(shelf, 2, "Two", b"%PDF-same")
    assert first.file_name == second.file_name
    assert [path.name for path in library.pdfs.glob("*.pdf")] == [first.file_name]
    assert list((library.pdfs / ".incoming").glob("*.part")) == []


def test_the_content_of_an_earlier_run_is_not_stored_twice(library: Library) -> None:
    first = keep(Shelf(library), 1, "One", b"%PDF-same")
    assert keep(Shelf(library), 2, "Two", b"%PDF-same").file_name == first.file_name


def test_a_twin_that_somebody_took_away_is_stored_anew(library: Library) -> None:
    shelf = Shelf(library)
    first = keep(shelf, 1, "One", b"%PDF-same")
    (library.pdfs / first.file_name).unlink()
    second = keep(shelf, 2, "Two", b"%PDF-same")
    assert [path.name for path in library.pdfs.glob("*.pdf")] == [second.file_name]


def test_keeping_a_file_does_not_list_all_that_are_kept(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(library)
    monkeypatch.setattr(Path, "iterdir", lambda self: pytest.fail("the folder was listed"))
    assert keep(shelf, 1, "One", b"%PDF-1").file_name != keep(shelf, 2, "Two", b"%PDF-2").file_name


def test_a_file_that_only_looks_the_same_is_not_taken_for_it(library: Library) -> None:
    body = b"%PDF-new"
    impostor = library.pdfs / f"9-other-{hashlib.sha256(body).hexdigest()[:12]}.pdf"
    Shelf(library)
    impostor.write_bytes(b"changed by someone")
    assert keep(Shelf(library), 1, "One", body).file_name != impostor.name
    assert impostor.read_bytes() == b"changed by someone"


def test_left_overs_of_dead_processes_are_removed_and_those_of_living_ones_kept(library: Library) -> None:
    shelf = Shelf(library)
    dead = multiprocessing.get_context("spawn").Process(target=time.monotonic)
    dead.start()
    dead.join(30)
    incoming = library.pdfs / ".incoming"
    names = {
        number: f"{number}-{shelf._host}-{pid}-1.part"
        for number, pid in ((1, dead.pid), (2, os.getppid()), (3, os.getpid()))
    }
    for name in names.values():
        (incoming / name).write_bytes(b"%PDF-half")
    (incoming / "old.json").write_text("{}")
    os.utime(incoming / "old.json", (1, 1))
    (incoming / "4-elsewhere-1-1.part").write_bytes(b"another machine")
    Shelf(library)
    assert {path.name for path in incoming.iterdir()} == {names[2], names[3], "4-elsewhere-1-1.part"}


def test_a_full_disk_stops_the_run_with_its_cure(library: Library) -> None:
    shelf = Shelf(library)
    with pytest.raises(DiskFull, match="space"), shelf.temporary(1):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(OSError, match="other"), shelf.temporary(1):
        raise OSError(errno.EIO, "other")


# ── after a sudden end ───────────────────────────────────────────────────────────────────────────────────


def test_a_kept_file_is_found_again_until_its_row_is_settled(library: Library) -> None:
    kept = keep(Shelf(library), 7, TITLE, pdf())
    shelf = Shelf(library)
    assert shelf.kept_before(7, TITLE) == kept
    assert shelf.kept_before(8, TITLE) is None
    shelf.settled(7)
    assert shelf.kept_before(7, TITLE) is None


def test_a_file_that_was_kept_for_another_work_of_the_same_reference_is_not_taken(library: Library) -> None:
    shelf = Shelf(library)
    kept = keep(shelf, 7, TITLE, pdf())
    assert shelf.kept_before(7, "Another title") is None
    assert shelf.kept_before(7, TITLE, "10.1000/b") is None
    assert shelf.kept_before(7, TITLE) == kept


@pytest.mark.parametrize("note", ["", "[]", "{}", '{"file_name": "../../x"}', "null"])
def test_a_note_that_makes_no_sense_is_no_note(library: Library, note: str) -> None:
    shelf = Shelf(library)
    (library.pdfs / ".incoming" / "7.json").write_text(note)
    assert shelf.kept_before(7, TITLE) is None


def test_a_note_never_leads_out_of_the_library(library: Library, tmp_path: Path) -> None:
    shelf = Shelf(library)
    (library.folder / "x.pdf").write_bytes(b"%PDF-")
    values = {**{name: getattr(facts(b"%PDF-"), name) for name in KeptFile.__slots__}, "file_name": "../x.pdf"}
    (library.pdfs / ".incoming" / "7.json").write_text(json.dumps({**values, "of": [TITLE, None]}))
    assert shelf.kept_before(7, TITLE) is None


def test_a_note_without_its_file_is_forgotten(library: Library) -> None:
    shelf = Shelf(library)
    kept = keep(shelf, 7, TITLE, pdf())
    (library.pdfs / kept.file_name).unlink()
    assert shelf.kept_before(7, TITLE) is None
    assert not (library.pdfs / ".incoming" / "7.json").exists()


def test_a_changed_file_is_not_used(library: Library) -> None:
    shelf = Shelf(library)
    kept = keep(shelf, 7, TITLE, pdf())
    (library.pdfs / kept.file_name).write_bytes(b"%PDF-tampered")
    assert shelf.kept_before(7, TITLE) is None


def test_a_file_kept_before_the_end_of_a_process_is_not_fetched_again(world: DownloadWorld) -> None:
    url = world.hosts.put("2/a.pdf", file())
    first = world.get(url)
    again = finish(world.downloader(), row(url))
    assert again.file == first.file
    assert outcomes(again) == ["success"]
    assert world.hosts.visited == ["2/a.pdf"]
    downloader = world.downloader()
    downloader.settled(7)
    finish(downloader, row(url))
    assert world.hosts.visited == ["2/a.pdf", "2/a.pdf"]


def keep_and_die(folder: Path, at: str) -> None:
    """A process that ends without a word in the middle of keeping a file."""

    def die(*arguments: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    shelf = Shelf(Library.at(folder))
    if at == "before the rename":
        shelf._twin = lambda sha256: None  # type: ignore[method-assign]
        shelf._note = die  # type: ignore[method-assign,assignment]
    keep(shelf, 7, TITLE, pdf())
    die()


@pytest.mark.parametrize("at", ["before the rename", "after the rename"])
def test_a_kill_at_any_instant_leaves_nothing_that_confuses(tmp_path: Path, at: str) -> None:
    process = multiprocessing.get_context("fork").Process(
        target=keep_and_die, args=(tmp_path / "library", at), daemon=True
    )
    process.start()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL
    library = Library.at(tmp_path / "library")
    kept = Shelf(library).kept_before(7, TITLE)
    assert (kept is None) is (at == "before the rename")
    assert len(list(library.pdfs.glob("*.pdf"))) == (0 if kept is None else 1)
    assert list((library.pdfs / ".incoming").glob("*.part")) == []


def test_suspect_files_are_kept_apart_with_their_reason(world: DownloadWorld) -> None:
    download = world.get(world.hosts.put("2/a.pdf", file(pdf("A history of opera in small towns"))), work=WORK)
    (name,) = world.quarantined
    assert name.endswith("-wrong_work.pdf")
    assert download.attempts[0].quarantined_as == name
    assert download.reason is DownloadReason.WRONG_WORK
    assert world.files == []


def test_a_title_with_slashes_stays_in_the_folder(world: DownloadWorld) -> None:
    title = "../../escape/attempts of northern glaciers"
    download = world.get(world.hosts.put("2/a.pdf", file(pdf(title))), work=Work(title=title))
    assert download.file is not None
    assert world.files == [download.file.file_name]
