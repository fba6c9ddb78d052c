"""Files that come into a watched folder, as people, browsers and copy programs let them: PDFs, twins and rubbish."""

from __future__ import annotations

import hashlib
import os
import random
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pymupdf

from dl_lit.standin import catalogue
from dl_lit.standin.catalogue import CatalogueWork

LINE = 95  # characters of a printed line
SLOWLY = 5  # pieces in which a slow copy arrives


class Trickle:
    """Puts one thing after the other into `folder`; `good` counts contents that must end among the completed files,
    `bad` are names that must end among the failed ones."""

    def __init__(self, folder: Path, outside: Path, seed: int) -> None:
        self.folder = folder
        self.outside = outside
        self.good: Counter[str] = Counter()
        self.bad: list[str] = []
        self.done: Counter[str] = Counter()
        self._dice = random.Random(seed)
        self._works = [work for work in catalogue.load() if work.doi and work.authors and work.pages and work.volume]
        self._last = b""
        self._number = 0
        self._actions: list[tuple[int, Callable[[str], None]]] = [
            (60, self._moved_in),
            (12, self._copied_slowly),
            (6, self._downloaded),
            (6, self._renamed),
            (4, self._twin),
            (3, self._empty),
            (3, self._half),
            (2, self._page),
            (2, self._vanishing),
            (1, self._pipe),
            (1, self._folder),
            (1, self._loop),
        ]

    def step(self) -> None:
        self._number += 1
        [action] = self._dice.choices([one for _, one in self._actions], [weight for weight, _ in self._actions])
        action(f"{self._number:05d}")
        self.done[action.__name__.strip("_")] += 1

    # ── what ends among the completed files ──────────────────────────────────────────────────────────────

    def _moved_in(self, name: str) -> None:
        self._put(self._paper(), f"{name}.pdf")

    def _copied_slowly(self, name: str) -> None:
        content = self._count(self._paper())
        tick = threading.Event()
        with (self.folder / f"{name}.PDF").open("wb") as file:
            for piece in range(SLOWLY):
                file.write(content[len(content) * piece // SLOWLY : len(content) * (piece + 1) // SLOWLY])
                file.flush()
                tick.wait(0.2)

    def _downloaded(self, name: str) -> None:
        """As Firefox does it: an empty file reserves the name."""
        (self.folder / f"{name}.pdf").touch()
        part = self.folder / f"{name}.pdf.part"
        part.write_bytes(self._count(self._paper()))
        part.rename(self.folder / f"{name}.pdf")

    def _renamed(self, name: str) -> None:
        self._put(self._paper(), f"{name}.pdf").rename(self.folder / f"{name} renamed.pdf")

    def _twin(self, name: str) -> None:
        self._put(self._last or self._paper(), f"{name} twin.pdf")

    # ── what does not ────────────────────────────────────────────────────────────────────────────────────

    def _empty(self, name: str) -> None:
        self._rubbish(f"{name} empty.pdf", b"")

    def _half(self, name: str) -> None:
        self._rubbish(f"{name} half.pdf", self._paper()[:700])

    def _page(self, name: str) -> None:
        self._rubbish(f"{name} page.pdf", f"<html>please log in {name}</html>".encode())

    def _vanishing(self, name: str) -> None:
        path = self.folder / f"{name} gone.pdf"
        path.write_bytes(self._paper())
        path.unlink()

    def _pipe(self, name: str) -> None:
        os.mkfifo(self.folder / f"{name} pipe.pdf")

    def _folder(self, name: str) -> None:
        (self.folder / f"{name} folder.pdf").mkdir()

    def _loop(self, name: str) -> None:
        (self.folder / f"{name} loop.pdf").symlink_to(f"{name} loop.pdf")

    # ── making and putting ───────────────────────────────────────────────────────────────────────────────

    def _rubbish(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)
        self.bad.append(name)

    def _put(self, content: bytes, name: str) -> Path:
        part = self.outside / name
        part.write_bytes(self._count(content))
        return part.rename(self.folder / name)

    def _count(self, content: bytes) -> bytes:
        self.good[hashlib.sha256(content).hexdigest()] += 1
        self._last = content
        return content

    def _paper(self) -> bytes:
        """A page that cites three works, mostly with their DOIs; no two are the same."""
        cited = self._dice.sample(self._works, 3)
        lines = [f"Paper {self._number} about something", "", "It cites what is listed below.", "", "References", ""]
        for number, work in enumerate(cited, 1):
            text = f"[{number}] {_printed(work, doi=self._dice.random() < 0.8)}"
            lines += [text[start : start + LINE] for start in range(0, len(text), LINE)]
        document = pymupdf.open()
        page = document.new_page()
        for row, line in enumerate(lines):
            page.insert_text((50, 60 + 13 * row), line, fontsize=9, fontname="tiro")
        content: bytes = document.tobytes()
        document.close()
        return content


def _printed(work: CatalogueWork, *, doi: bool) -> str:
    authors = ", ".join(f"{one.family or one.name}, {(one.given or 'X')[0]}." for one in work.authors[:4])
    text = f"{authors} ({work.year}). {work.title}. {work.container}, {work.volume}, {work.pages}."
    return f"{text} https://doi.org/{work.doi}" if doi else text
