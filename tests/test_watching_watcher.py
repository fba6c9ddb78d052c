"""A watched folder over a real store: what is handed in, moved, told and remembered, look by look."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dl_lit.errors import DatabaseBusy
from dl_lit.intake import identify
from dl_lit.model import Extraction, PdfFile, PdfReason, PdfRow, Reference, Stage
from dl_lit.relations import Reach
from dl_lit.store.records import AddedPdfs
from dl_lit.taking_in import Door
from dl_lit.watching.moving import Places
from dl_lit.watching.watcher import Watch, Watcher
from library import LEASE, ME, SmallLibrary

INTERVAL = 2.0


def content(text: str) -> bytes:
    return f"%PDF-1.7\n{text}\n%%EOF\n".encode()


class Watched:
    """A folder, its watcher and its library; time passes only in `look`, and stages only when told to."""

    def __init__(self, root: Path, *, move: bool = True, recursive: bool = False) -> None:
        self.root = root
        self.folder = root / "in"
        self.folder.mkdir()
        places = Places(root / "completed", root / "failed") if move else None
        self.watch = Watch(self.folder, recursive=recursive, places=places, interval=INTERVAL, still=2.0, patience=60.0)
        self.library = SmallLibrary(root / "literature.db")
        self.told: list[str] = []
        self.now = 0.0
        self.finished = 0
        self.start()

    def start(self) -> None:
        """As a new process, after whatever happened to the last one."""
        self.watcher = Watcher(self.watch, tell=self.told.append, clock=lambda: self.now, pause=self._pause)
        self.run = self.library.store.start_run(ME, "watch", {"watch": str(self.folder)})
        self.leaving = threading.Event()
        self.door = Door(
            self.library.store,
            self.run,
            Reach(),
            self.leaving,
            finished_rows=lambda: self.finished,
            came=lambda: None,
        )
        self.looks_left = 0

    def look(self, times: int = 1) -> None:
        """So many looks of one watch; the watcher itself goes on where it was."""
        self.leaving.clear()
        self.looks_left = times
        self.watcher.feed(self.door)

    def _pause(self, leaving: threading.Event, seconds: float) -> None:
        self.now += seconds
        self.looks_left -= 1
        if self.looks_left <= 0:
            leaving.set()

    def put(self, name: str, text: str | None = None) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content(text or name))
        return path

    def read(self, *, reason: PdfReason | None = None, references: int = 0) -> list[str]:
        """All that waits is read; the names."""
        rows = [r for r in self.library.store.claim(Stage.EXTRACTION, ME, 2000, LEASE) if isinstance(r, PdfRow)]
        for row in rows:
            printed = tuple(Reference(f"{row.path} {n}", position=n) for n in range(1, references + 1))
            self.library.store.finish_extraction(row, ME, Extraction(reason=reason, references=printed))
        self.finished += len(rows)
        return sorted(Path(row.path).name for row in rows)

    def paths(self) -> list[str]:
        return [Path(path).name for (path,) in self.library.rows("SELECT path FROM source_pdfs ORDER BY id")]

    def files(self, below: str) -> list[str]:
        folder = self.root / below
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    watched = Watched(tmp_path)
    yield watched
    watched.library.close()


def test_a_file_is_taken_when_it_is_still_and_moved_when_it_is_done_with(watched: Watched) -> None:
    watched.put("a.PDF")
    watched.look()
    assert watched.paths() == []
    watched.look(2)
    assert watched.read() == ["a.PDF"]
    watched.look()
    assert (watched.files("in"), watched.files("completed")) == ([], ["a.PDF"])
    assert watched.library.rows("SELECT path FROM source_pdfs") == [(str(watched.root / "completed" / "a.PDF"),)]
    watched.look(5)
    assert watched.read() == []


def test_a_pdf_stays_while_anything_that_it_cites_is_open(watched: Watched) -> None:
    watched.put("a.pdf")
    watched.look(2)
    watched.read(references=2)
    watched.look(3)
    assert watched.files("in") == ["a.pdf"]
    assert watched.told[-1].startswith("1 PDF stays in")


def test_a_file_that_could_not_be_read_goes_to_the_failed_ones(watched: Watched) -> None:
    watched.put("a.pdf")
    watched.look(2)
    watched.read(reason=PdfReason.ENCRYPTED)
    watched.look()
    assert (watched.files("in"), watched.files("failed")) == ([], ["a.pdf"])


def test_without_moving_everything_stays_and_is_handed_in_once(tmp_path: Path) -> None:
    watched = Watched(tmp_path, move=False)
    watched.put("a.pdf")
    watched.look(3)
    assert watched.read() == ["a.pdf"]
    watched.look(400)
    assert (watched.read(), watched.files("in"), watched.told) == ([], ["a.pdf"], [])
    watched.library.close()


def test_a_thousand_files_at_once_are_all_taken_and_all_moved(watched: Watched) -> None:
    for number in range(1000):
        watched.put(f"{number}.pdf")
    watched.look(2)
    assert len(watched.read()) == 1000
    watched.look()
    assert (watched.files("in"), len(watched.files("completed"))) == ([], 1000)
    assert watched.library.rows("SELECT count(*) FROM watched_files") == [(0,)]


def test_the_same_content_twice_is_read_once_and_both_files_are_moved(watched: Watched) -> None:
    watched.put("a.pdf", "same")
    watched.put("b.pdf", "same")
    watched.look(2)
    assert len(watched.read()) == 1
    watched.look()
    assert watched.files("completed") == ["a.pdf", "b.pdf"]
    watched.put("a.pdf", "same")
    watched.look(3)
    assert watched.read() == []
    assert watched.files("completed") == ["a.pdf", "a_2.pdf", "b.pdf"]


def test_a_file_that_vanishes_stops_nothing_and_what_it_cites_is_still_done(watched: Watched) -> None:
    watched.put("a.pdf").unlink()
    gone = watched.put("b.pdf")
    watched.look(2)
    watched.read(references=1)
    gone.unlink()
    watched.look(40)
    watched.start()
    watched.look()
    assert watched.library.store.backlog(Stage.ENRICHMENT, watched.run) == 1
    assert watched.told == [watched.told[0]] * len(watched.told)  # only that a PDF is not done with


def test_a_renamed_file_keeps_its_pdf(watched: Watched) -> None:
    path = watched.put("a.pdf")
    watched.look(2)
    path.rename(watched.folder / "b.pdf")
    watched.look(3)
    assert watched.paths() == ["b.pdf"]
    watched.read()
    watched.look()
    assert watched.files("completed") == ["b.pdf"]
    assert watched.library.rows("SELECT count(*) FROM watched_files") == [(0,)]


def test_files_and_folders_that_are_moved_in_are_found(tmp_path: Path) -> None:
    watched = Watched(tmp_path, recursive=True)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.pdf").write_bytes(content("a"))
    outside.rename(watched.folder / "new")
    watched.look(2)
    assert watched.read() == ["a.pdf"]
    watched.look()
    assert watched.files("completed") == ["new/a.pdf"]
    watched.library.close()


def test_a_file_that_is_overwritten_while_it_waits_is_a_new_pdf_and_neither_is_lost(watched: Watched) -> None:
    watched.put("a.pdf", "first")
    watched.look(2)
    watched.read(references=1)
    watched.put("a.pdf", "second edition")
    watched.look(3)
    assert watched.read() == ["a.pdf"]
    watched.look()
    assert watched.files("completed") == ["a.pdf"]
    watched.start()
    watched.look()
    assert watched.library.store.backlog(Stage.ENRICHMENT, watched.run) == 1


def test_a_restarted_watcher_reads_no_file_again(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.put("a.pdf")
    watched.look(2)
    watched.read(references=1)
    watched.start()
    monkeypatch.setattr("dl_lit.watching.watcher.identify", None)
    watched.look(5)
    assert watched.library.store.backlog(Stage.ENRICHMENT, watched.run) == 1


def test_rubbish_is_told_of_once_and_stops_nothing(watched: Watched) -> None:
    os.mkfifo(watched.folder / "pipe.pdf")
    (watched.folder / "folder.pdf").mkdir()
    (watched.folder / "empty.pdf").touch()
    (watched.folder / "loop.pdf").symlink_to("loop.pdf")
    (watched.folder / "half.pdf").write_bytes(content("half")[:10])
    watched.put("under way.pdf.part")
    watched.put("good.pdf")
    watched.look(60)
    assert watched.read() == ["good.pdf", "half.pdf"]
    watched.look(5)
    assert [text.split(" ")[0] for text in watched.told] == [
        str(watched.folder / "pipe.pdf"),
        str(watched.folder / "empty.pdf"),
    ]
    assert watched.files("failed") == ["empty.pdf"]


def test_a_file_that_never_stops_growing_is_never_taken(watched: Watched) -> None:
    path = watched.put("a.pdf")
    for _ in range(50):
        with path.open("ab") as file:
            file.write(content("more"))
        watched.look()
    assert watched.paths() == []


def test_a_file_that_changes_while_it_is_hashed_is_not_taken_yet(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = watched.put("a.pdf")
    watched.look()

    def slow(one: Path) -> PdfFile:
        file = identify(one)
        path.write_bytes(content("changed meanwhile"))
        return file

    monkeypatch.setattr("dl_lit.watching.watcher.identify", slow)
    watched.look()
    monkeypatch.undo()
    assert watched.paths() == []
    watched.look(2)
    assert watched.read() == ["a.pdf"]


def test_a_network_folder_that_goes_away_comes_back_with_its_files(watched: Watched) -> None:
    watched.put("a.pdf")
    watched.look(2)
    away = watched.folder.rename(watched.root / "away")
    watched.look(3)
    watched.read(reason=PdfReason.UNREADABLE)
    watched.look(3)
    assert [("cannot be read" in text) for text in watched.told] == [True]
    away.rename(watched.folder)
    watched.look(35)
    assert watched.read() == ["a.pdf"]
    watched.look()
    assert (watched.files("completed"), len(watched.told)) == (["a.pdf"], 2)


def test_what_cannot_be_moved_is_told_of_once_and_moved_when_it_can(watched: Watched) -> None:
    watched.put("a.pdf")
    watched.look(2)
    watched.read()
    (watched.root / "completed").write_text("a file where the folder should be", "utf-8")
    watched.look(100)
    assert len(watched.told) == 1 and "cannot be moved" in watched.told[0]
    (watched.root / "completed").unlink()
    watched.look(40)
    assert watched.files("completed") == ["a.pdf"]


def test_of_many_that_cannot_be_moved_one_is_told(watched: Watched) -> None:
    for number in range(5):
        watched.put(f"{number}.pdf")
    watched.look(2)
    watched.read()
    (watched.root / "completed").write_text("a file where the folder should be", "utf-8")
    watched.look(100)
    assert len(watched.told) == 1 and "0.pdf is done with and cannot be moved" in watched.told[0]
    (watched.root / "completed").unlink()
    watched.look(40)
    assert len(watched.files("completed")) == 5


def test_a_move_that_a_kill_cut_off_is_ended_by_the_next_watcher(watched: Watched) -> None:
    path = watched.put("a.pdf")
    watched.look(2)
    watched.read()
    target = watched.root / "completed" / "a.pdf"
    target.parent.mkdir()
    watched.library.store.move_file(str(path), str(target))
    os.link(path, target)
    watched.start()
    watched.look(3)
    assert (watched.files("in"), watched.files("completed")) == ([], ["a.pdf"])
    assert watched.paths() == ["a.pdf"]


def test_a_busy_database_costs_a_look_and_no_file(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.put("a.pdf")
    watched.look()

    def busy(files: object) -> AddedPdfs:
        raise DatabaseBusy("held by another program")

    monkeypatch.setattr(watched.door, "hand_in", busy)
    watched.look(2)
    monkeypatch.undo()
    watched.look(1)
    assert watched.read() == ["a.pdf"]


def test_a_name_that_is_no_utf_8_comes_through(watched: Watched) -> None:
    name = os.fsdecode(b"caf\xe9.pdf")
    watched.put(name, "coffee")
    watched.look(2)
    watched.read()
    watched.look()
    assert [os.fsencode(path.name) for path in (watched.root / "completed").iterdir()] == [b"caf\xe9.pdf"]


def test_a_slow_folder_is_looked_at_less_often(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    def pause(leaving: threading.Event, seconds: float) -> None:
        pauses.append(seconds)
        leaving.set()

    ticks = iter([0.0, 0.0, 0.0, 10.0])
    watcher = Watcher(replace(watched.watch), tell=print, clock=lambda: next(ticks), pause=pause)
    watcher.feed(watched.door)
    assert pauses == [pytest.approx(90.0)]
