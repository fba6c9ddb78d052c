"""A small library to test with: a real store on a real file, a clock that stands still, and shortcuts through it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dl_lit.config import Store as StoreSettings
from dl_lit.model import (
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    Extraction,
    KeptFile,
    NoMetadataRow,
    PdfFile,
    PdfRow,
    Person,
    Queueing,
    Reference,
    Stage,
    ToDownloadRow,
    Twin,
    WithMetadataRow,
    Work,
)
from dl_lit.store import Database, Store

ME = "here:1:1.00"
OTHER = "elsewhere:2:2.00"
LEASE = 60.0
A_FILE = KeptFile("w1.pdf", "f" * 64, 1234, 9, "unpaywall", "http://host.test/a", "http://host.test/a.pdf")


class Clock:
    """Stands still until told otherwise."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class SmallLibrary:
    """References go in with `print_references`, and through the stages one after the other."""

    def __init__(self, path: Path, settings: StoreSettings | None = None) -> None:
        self.clock = Clock()
        self.store = Store(Database.open(path, settings), self.clock)
        self._pdfs = len(self.ids("source_pdfs"))  # names go on where an older one ended

    def close(self) -> None:
        problems = self.store.problems()
        self.store.close()
        assert problems == []

    # ── stage 1 ──────────────────────────────────────────────────────────────────────────────────────────

    def add_pdfs(self, number: int = 1) -> list[PdfRow]:
        """New PDFs, claimed."""
        names = [f"paper{self._pdfs + i}" for i in range(1, number + 1)]
        self._pdfs += number
        run = self.store.start_run(ME, "test", {})
        self.store.add_pdfs(run, [PdfFile(f"/pdfs/{name}.pdf", f"sha-{name}", 100) for name in names])
        rows = self.store.claim(Stage.EXTRACTION, ME, number, LEASE)
        return sorted((row for row in rows if isinstance(row, PdfRow)), key=lambda row: row.id)

    def print_references(self, *references: Reference | str) -> int:
        """A new PDF that cites these; returns its id."""
        [row] = self.add_pdfs()
        numbered = [_at(i, one) for i, one in enumerate(references, 1)]
        self.store.finish_extraction(row, ME, Extraction(pages=3, backend="test", references=tuple(numbered)))
        return row.id

    # ── stages 2 to 4, on rows claimed before ────────────────────────────────────────────────────────────

    def claim_references(self, limit: int = 100, owner: str = ME) -> list[NoMetadataRow]:
        """In the order of their ids, not of the claim."""
        rows = self.store.claim(Stage.ENRICHMENT, owner, limit, LEASE)
        return sorted((row for row in rows if isinstance(row, NoMetadataRow)), key=lambda row: row.id)

    def claim_works(self, limit: int = 100) -> list[WithMetadataRow]:
        rows = self.store.claim(Stage.QUEUEING, ME, limit, LEASE)
        return sorted((row for row in rows if isinstance(row, WithMetadataRow)), key=lambda row: row.id)

    def claim_downloads(self, limit: int = 100) -> list[ToDownloadRow]:
        rows = self.store.claim(Stage.DOWNLOAD, ME, limit, LEASE)
        return sorted((row for row in rows if isinstance(row, ToDownloadRow)), key=lambda row: row.id)

    def accept(self, *works: Work, raw: str = "printed") -> list[int]:
        """One PDF that cites these works, all of them accepted; returns the references' ids."""
        self.print_references(*(f"{raw} {i}" for i in range(len(works))))
        rows = self.claim_references()
        for row, one in zip(rows, works, strict=True):
            self.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, one))
        return [row.id for row in rows]

    def queue(self, twin: Twin | None = None, priority: float = 0.0) -> list[str]:
        return [self.store.finish_queueing(row, ME, Queueing(twin, priority=priority)) for row in self.claim_works()]

    def download(self, outcome: Download | None = None) -> list[str]:
        outcome = outcome or Download(file=A_FILE)
        return [self.store.finish_download(row, ME, outcome) for row in self.claim_downloads()]

    def fail_downloads(self) -> list[str]:
        return self.download(Download(reason=DownloadReason.NO_OPEN_COPY))

    # ── looking ──────────────────────────────────────────────────────────────────────────────────────────

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.store.database.reader().all(sql, parameters)]

    def ids(self, table: str) -> list[int]:
        return [row[0] for row in self.rows(f"SELECT id FROM {table} ORDER BY id")]

    def field(self, table: str, row_id: int, name: str) -> Any:
        return self.rows(f"SELECT {name} FROM {table} WHERE id = ?", row_id)[0][0]


def _at(position: int, one: Reference | str) -> Reference:
    return Reference(one, position=position) if isinstance(one, str) else one


def work(title: str | None = "On Testing", *, authors: Sequence[str] = ("Smith",), **fields: Any) -> Work:
    """A work of 2001 by Smith, unless told otherwise."""
    return Work(title=title, authors=tuple(Person(family=name) for name in authors), **{"year": 2001} | fields)
