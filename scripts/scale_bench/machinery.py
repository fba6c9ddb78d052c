"""The pipeline as it is, with stages whose answers are ready at once: what is left is its own cost.

Threads, queues, claims, commits, the comparison with the library and the log of every step are those of a real run.
Nothing is read from PDFs, asked of services or judged.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from enrichment_bench.papers import as_work, generated

from dl_lit.concurrent_pipeline import ConcurrentPipelineOrchestrator, Plan
from dl_lit.config import Settings
from dl_lit.extractors import BuiltinReader
from dl_lit.library import DATABASE_NAME, Library
from dl_lit.model import (
    Attempt,
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    Evidence,
    Extraction,
    KeptFile,
    NoMetadataRow,
    PdfFile,
    Reference,
    ToDownloadRow,
    Work,
)
from dl_lit.pipeline.work import Task
from dl_lit.queueing.queuer import Queuer
from dl_lit.stages import DownloadTask, EnrichmentTask, ExtractionTask, QueueingTask
from dl_lit.standin.catalogue import CatalogueWork
from dl_lit.store.store import Store
from dl_lit.taking_in import Door

REFERENCES = 40  # of a paper
SHARED, POPULAR = 4, 50  # so many of them are to one of so many works that others cite too
CANDIDATES = 4  # of a search, on average with those that needed none
NO_COPY = DownloadReason.NO_OPEN_COPY

Outcome = tuple[NoMetadataRow, Enrichment]


@dataclass(frozen=True, slots=True)
class Papers:
    """Papers numbered from `first`, and what they cite; another `seed` gives other works."""

    first: int
    count: int
    seed: int

    def files(self) -> list[PdfFile]:
        numbers = range(self.first, self.first + self.count)
        return [PdfFile(f"/bench/{self.seed}/paper{n:06}.pdf", f"{self.seed:08x}{n:056x}", 100_000) for n in numbers]

    def cited(self) -> dict[str, tuple[Work, ...]]:
        """By the path of the citing paper."""
        made = [_work(one, self.seed) for one in generated(POPULAR + self.count * REFERENCES, self.seed)]
        popular, own = made[:POPULAR], made[POPULAR:]
        pick = random.Random(self.seed)
        return {
            file.path: (*pick.sample(popular, SHARED), *own[n * REFERENCES : (n + 1) * REFERENCES - SHARED])
            for n, file in enumerate(self.files())
        }


def _work(made: CatalogueWork, seed: int) -> Work:
    return replace(as_work(made), openalex_id=f"W{seed}{made.cited_by:08}")


class Ready:
    """All three outside parts of the stages in one."""

    def __init__(self, cited: dict[str, tuple[Work, ...]]) -> None:
        self._lists = {path: tuple(map(_reference, works, range(1, 1 + len(works)))) for path, works in cited.items()}
        self._works = {_printed(work): work for works in cited.values() for work in works}

    def extract(self, path: Path) -> Extraction:
        return Extraction(pages=9, backend="bench", references=self._lists[str(path)])

    def groups(self, rows: Sequence[NoMetadataRow], stop: threading.Event) -> Iterator[Iterator[Outcome]]:
        yield (self._found(row) for row in rows)

    def _found(self, row: NoMetadataRow) -> Outcome:
        work = self._works[row.reference.raw]
        accepted = Evidence("crossref", "text", work, 0.97, Decision.ACCEPTED, agreed=("title", "year"))
        other = Evidence("crossref", "text", work, 0.41, Decision.REJECTED, disagreed=("title",))
        return row, Enrichment(Decision.ACCEPTED, work, (accepted, *[other] * (CANDIDATES - 1)))

    def start(self, row: ToDownloadRow) -> ToDownloadRow:
        return row

    def step(self, job: ToDownloadRow) -> Download:
        url = f"https://journals.bench.invalid/{job.id}"
        tried = Attempt("unpaywall", url, url, "journals.bench.invalid", DownloadReason.GONE, status=404)
        return Download(reason=NO_COPY, attempts=(tried,))

    def settled(self, row_id: int) -> None:
        """Nothing lies outside the database."""

    def dropped(self, row_id: int, file: KeptFile, *, is_held: bool) -> None:
        """Nor here."""


def _reference(work: Work, position: int) -> Reference:
    names = ("authors", "title", "year", "container", "volume", "issue", "pages", "doi")
    return Reference(_printed(work), position=position, **{name: getattr(work, name) for name in names})


def _printed(work: Work) -> str:
    names = ", ".join(f"{one.family}, {one.given}" for one in work.authors)
    return (
        f"{names} ({work.year}). {work.title}. {work.container}, {work.volume}({work.issue}), {work.pages}. {work.doi}"
    )


class Machinery(ConcurrentPipelineOrchestrator):
    """Runs the papers through a library; with `enrich` off their references wait."""

    def __init__(self, library: Path, papers: Papers, *, enrich: bool = True) -> None:
        plan = Plan(command="bench", enrich=enrich, download=enrich)
        place = Library(library, library / DATABASE_NAME)
        super().__init__(Settings(), place, plan, source=_Handed(papers.files()))
        self._ready = Ready(papers.cited())

    def _tasks(self, stack: ExitStack, store: Store, run_id: int, reader: BuiltinReader) -> list[tuple[Task, int]]:
        sizes, ready = self._settings.pipeline, self._ready
        tasks: list[tuple[Task, int]] = [(ExtractionTask(store, ready), 2)]
        if self._plan.enrich:
            tasks += [
                (EnrichmentTask(store, ready), sizes.enrichment_workers),
                (QueueingTask(store, Queuer(store)), 1),
                (DownloadTask(store, ready), sizes.download_workers),
            ]
        return tasks


class _Handed:
    """Hands in files that are known already."""

    def __init__(self, files: Sequence[PdfFile]) -> None:
        self._files = files

    def feed(self, door: Door) -> None:
        for start in range(0, len(self._files), 100):
            door.hand_in(self._files[start : start + 100])
