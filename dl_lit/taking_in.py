"""How files come into a run: the door that takes them, and the source that hands in what a command names."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from dl_lit.intake import BATCH, find_documents, identify
from dl_lit.model import PdfFile
from dl_lit.pipeline.patience import patiently
from dl_lit.relations import Reach
from dl_lit.store.records import AddedPdfs
from dl_lit.store.store import Store
from dl_lit.store.watched import HandedIn


@dataclass(frozen=True, slots=True)
class Intake:
    """What was handed in: PDFs new to the library, known ones, and files that are unreadable or empty."""

    new: int = 0
    known: int = 0
    problem: int = 0

    @property
    def total(self) -> int:
        return self.new + self.known + self.problem

    def plus(self, added: AddedPdfs) -> Intake:
        return Intake(self.new + added.new, self.known + added.known, self.problem + added.problem)


class Door:
    """Takes files into one run, from one thread. `came` is called after each group."""

    def __init__(
        self,
        store: Store,
        run_id: int,
        reach: Reach,
        leaving: threading.Event,
        *,
        finished_rows: Callable[[], int],
        came: Callable[[], None],
    ) -> None:
        """`leaving` is set when nothing more may come; `finished_rows` counts the rows that have left their stage."""
        self.store = store
        self.leaving = leaving
        self.finished_rows = finished_rows
        self.intake = Intake()
        self._run_id = run_id
        self._reach = reach
        self._came = came

    def hand_in(self, files: Sequence[PdfFile]) -> AddedPdfs:
        """Raises DatabaseBusy when the database stays busy."""
        added = patiently(self.store.add_pdfs, self._run_id, files)
        self._expand(added.ids)
        self.intake = self.intake.plus(added)
        self._came()
        return added

    def resume(self, folder: str) -> list[HandedIn]:
        """Takes over what earlier watchers of this folder have left, and tells the files that they handed in."""
        resumed = patiently(self.store.watch, self._run_id, folder, everything=self._reach.depth > 0)
        self._expand(resumed.pdf_ids)
        self._came()
        return resumed.files

    def _expand(self, pdf_ids: Sequence[int]) -> None:
        if self._reach.depth:
            patiently(self.store.resume_expansion, self._run_id, pdf_ids, self._reach)


class Source(Protocol):
    """Hands in files. The run ends when this has returned and all that came is done."""

    def feed(self, door: Door) -> None: ...


class Named:
    """Every document that the paths name, in small groups, so that the first is worked on while the last is hashed."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths

    def feed(self, door: Door) -> None:
        documents: Iterator[Path] = find_documents(self._paths)
        while group := [identify(path) for path in islice(documents, BATCH) if not door.leaving.is_set()]:
            door.hand_in(group)
