"""Watches a folder for as long as a run goes on: hands in what is whole and still, and moves away what is done with."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Protocol

from dl_lit.errors import DatabaseBusy
from dl_lit.intake import BATCH, identify, path_from_text, path_text
from dl_lit.model import PdfFile, PdfReason, Stage
from dl_lit.store.records import AddedPdfs
from dl_lit.store.watched import HandedIn, Settled
from dl_lit.watching import wholeness
from dl_lit.watching.looking import Look, look, signature_of
from dl_lit.watching.moving import Mover, Places, Record, finish
from dl_lit.watching.settling import Settling

log = logging.getLogger(__name__)

# Looking takes at most this share of the time, however large and slow the folder is.
SHARE = 0.1
# Seconds after which what is done with is asked for even if this run has finished nothing: another run may have.
ASK_AGAIN = 60.0
TIDY_AGAIN = 600.0  # the same where nothing is moved
READ_AGAIN = 3  # times that a file which is readable is read again although its reader found that it is not


class Store(Record, Protocol):
    """The library, as far as watching needs it."""

    def handed_in(self, folder: str, files: Sequence[tuple[str, str, int]]) -> None: ...

    def settled_files(self, folder: str, through: Collection[Stage]) -> list[Settled]: ...

    def held_files_of(self, folder: str, through: Collection[Stage]) -> int: ...

    def forget_file(self, path: str) -> None: ...


class Door(Protocol):
    """The run, as far as whoever hands it files needs it."""

    @property
    def store(self) -> Store: ...

    @property
    def leaving(self) -> Event:
        """Set when nothing more may be handed in."""

    def hand_in(self, files: Sequence[PdfFile]) -> AddedPdfs:
        """Waits while the database is busy; raises DatabaseBusy when it stays so."""

    def resume(self, folder: str) -> list[HandedIn]:
        """What earlier runs have handed in of this folder; it is this run's now, even where its file is gone."""

    def finished_rows(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Watch:
    """What to watch and how. `folder` is absolute and without links; `places` None: nothing is moved; `but` are folders
    to leave alone; `through` the stages that this run does. Times in seconds."""

    folder: Path
    recursive: bool = False
    places: Places | None = None
    but: tuple[Path, ...] = ()
    through: tuple[Stage, ...] = (Stage.ENRICHMENT, Stage.QUEUEING, Stage.DOWNLOAD)
    interval: float = 2.0
    still: float = 2.0
    patience: float = 600.0


def _pause(leaving: Event, seconds: float) -> None:
    leaving.wait(seconds)


class Watcher:
    """A source of files that ends only with its run. Nothing that lies in the folder raises."""

    def __init__(
        self,
        watch: Watch,
        *,
        tell: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[Event, float], None] = _pause,
        before_move: Callable[[Path], None] = lambda target: None,
    ) -> None:
        """`tell` is given what a person should know, each thing once; `pause` waits for the next look, or the end."""
        self._watch = watch
        self._tell = tell
        self._clock = clock
        self._pause = pause
        self._before_move = before_move
        self._key = path_text(watch.folder)
        self._settling = Settling(still=watch.still, patience=watch.patience, whole=wholeness.is_whole)
        self._closed: dict[Path, str] = {}
        # Files that could not be moved: the folder of each, and why. Of a folder each reason is told once.
        self._stuck: dict[str, tuple[Path, str]] = {}
        self._read_again: dict[str, int] = {}
        self._asked_at = float("-inf")
        self._handed_in = 0
        self._finished_then = (-1, 0)

    def feed(self, door: Door) -> None:
        mover = self._mover(door)
        self._resume(door)
        while not door.leaving.is_set():
            began = self._clock()
            try:
                self.look(door, mover)
            except DatabaseBusy as error:
                log.warning("The next look at %s tries again: %s", self._watch.folder, error)
            self._pause(door.leaving, max(self._watch.interval, (self._clock() - began) * (1 / SHARE - 1)))
        with suppress(DatabaseBusy):
            self._tell_what_stays(door)

    def _tell_what_stays(self, door: Door) -> None:
        if self._watch.places is None:
            return
        if held := door.store.held_files_of(self._key, self._watch.through):
            self._tell(
                f"{_some(held)} in {self._watch.folder} until all that is cited there has reached a final state. "
                "dl-lit status tells for what rows wait."
            )

    def _mover(self, door: Door) -> Mover | None:
        places = self._watch.places
        if places is None:
            return None
        return Mover(self._watch.folder, places, door.store, before_move=self._before_move)

    def _resume(self, door: Door) -> None:
        """Ends the moves that an earlier run could not, and remembers what it has handed in."""
        for file in door.resume(self._key):
            try:
                if file.target is not None and finish(file, door.store):
                    continue
            except OSError as error:
                log.warning("%s could not be moved on: %s", file.path, error)
            self._settling.recall(path_from_text(file.path), file.signature)

    # ── one look ─────────────────────────────────────────────────────────────────────────────────────────

    def look(self, door: Door, mover: Mover | None) -> None:
        watch = self._watch
        seen = look(watch.folder, recursive=watch.recursive, but=watch.but)
        self._tell_of_closed(seen.closed)
        ready = iter(self._settling.ready(seen, self._clock()))
        for path in self._settling.new_oddities(seen):
            self._tell(f"{path} is no file and no folder, and is left alone.")
        while (group := list(islice(ready, BATCH))) and not door.leaving.is_set():
            self._hand_in(door, group, seen)
        if self._is_time_to_ask(door, mover):
            self._clear(door, mover)

    def _tell_of_closed(self, closed: dict[Path, str]) -> None:
        for folder in closed.keys() - self._closed.keys():
            self._tell(f"The folder {folder} cannot be read ({closed[folder]}). It is looked for again and again.")
        for folder in self._closed.keys() - closed.keys():
            self._tell(f"The folder {folder} can be read again, or is gone for good.")
        self._closed = dict(closed)

    def _hand_in(self, door: Door, paths: Sequence[Path], seen: Look) -> None:
        files = list(self._identified(paths, seen))
        added = door.hand_in([file for _, _, file in files]) if files else AddedPdfs(0, 0, 0, ())
        rows = [(file.path, signature, pdf) for (_, signature, file), pdf in zip(files, added.ids, strict=True)]
        door.store.handed_in(self._key, rows)
        self._handed_in += len(rows)
        for path, signature, file in files:
            self._settling.recall(path, signature)
            log.info("%s is taken in", path)
            if file.problem is not None:
                self._tell(f"{path} cannot be used: {file.problem.value}. dl-lit failures tells more.")

    def _identified(self, paths: Sequence[Path], seen: Look) -> Iterator[tuple[Path, str, PdfFile]]:
        """With the signature that each had before and after its bytes were read; without what changed or vanished."""
        for path in paths:
            file = identify(path)
            if signature_of(path) == seen.files[path]:
                yield path, str(seen.files[path]), file
            else:
                self._settling.changed(path)

    # ── what is done with ────────────────────────────────────────────────────────────────────────────────

    def _is_time_to_ask(self, door: Door, mover: Mover | None) -> bool:
        """Only when something was finished since, or for long nothing was: the question reads many rows."""
        finished, now = (door.finished_rows(), self._handed_in), self._clock()
        is_news = mover is not None and finished != self._finished_then
        if not is_news and now - self._asked_at < (TIDY_AGAIN if mover is None else ASK_AGAIN):
            return False
        self._finished_then, self._asked_at = finished, now
        return True

    def _clear(self, door: Door, mover: Mover | None) -> None:
        """Moves away what is done with; forgets what was taken away by somebody else."""
        for file in door.store.settled_files(self._key, self._watch.through):
            if door.leaving.is_set():
                return
            path = path_from_text(file.path)
            if not os.path.lexists(path):
                self._forget(door, file.path, path)
            elif file.reason is PdfReason.UNREADABLE and self._is_readable_now(path):
                self._settling.changed(path)
            elif mover is not None:
                self._move(mover, file, path)

    def _forget(self, door: Door, text: str, path: Path) -> None:
        # A folder that is away takes its files along, and brings them back.
        if self._watch.folder not in self._closed and self._closed.keys().isdisjoint(path.parents):
            door.store.forget_file(text)
            self._end_with(text)

    def _end_with(self, text: str) -> None:
        self._stuck.pop(text, None)
        self._read_again.pop(text, None)

    def _is_readable_now(self, path: Path) -> bool:
        """A network folder may have been away when the file was to be read."""
        text = path_text(path)
        tries = self._read_again.get(text, 0)
        if tries >= READ_AGAIN or identify(path).sha256 is None:
            return False
        self._read_again[text] = tries + 1
        return True

    def _move(self, mover: Mover, file: Settled, path: Path) -> None:
        try:
            target = mover.move(file)
        except OSError as error:
            why = (path.parent, error.strerror or str(error))
            if why not in self._stuck.values():
                self._tell(
                    f"{path} is done with and cannot be moved ({why[1]}). It is tried again and again, as are others "
                    "for which that holds."
                )
            self._stuck[file.path] = why
            return
        if target is not None:
            log.info("%s is done with: moved to %s", path, target)
            self._end_with(file.path)


def _some(held: int) -> str:
    return "1 PDF stays" if held == 1 else f"{held} PDFs stay"
