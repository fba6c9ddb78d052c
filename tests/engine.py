"""The whole machinery over a real store, with stage workers made for the occasion."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dl_lit.model import (
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    EnrichmentReason,
    Extraction,
    KeptFile,
    NoMetadataRow,
    PdfFile,
    PdfReason,
    Person,
    Reference,
    Stage,
    ToDownloadRow,
    Work,
)
from dl_lit.pipeline.progress import Progress
from dl_lit.pipeline.shutdown import Shutdown
from dl_lit.pipeline.stage import Sizes, StageRunner
from dl_lit.pipeline.supervisor import Supervisor
from dl_lit.pipeline.work import Task
from dl_lit.processes.owners import this_process
from dl_lit.queueing.queuer import Queuer
from dl_lit.stages import DownloadTask, EnrichmentTask, ExtractionTask, QueueingTask
from dl_lit.store.database import Database
from dl_lit.store.store import Store

PATIENCE = 20.0  # seconds after which a test gives up


@dataclass(frozen=True, slots=True)
class Wait:
    seconds: float


class Reader:
    """Gives every file `per_pdf` references; files named bad* are damaged."""

    def __init__(self, per_pdf: int = 3) -> None:
        self.per_pdf = per_pdf
        self.before: Callable[[Path], None] = lambda path: None

    def extract(self, path: Path) -> Extraction:
        self.before(path)
        if path.name.startswith("bad"):
            return Extraction(reason=PdfReason.DAMAGED)
        references = tuple(
            Reference(raw=f"{path.stem} number {n}", position=n, title=f"{path.stem} number {n}", year=2000)
            for n in range(1, self.per_pdf + 1)
        )
        return Extraction(pages=1, backend="test", references=references)


class Finder:
    """Accepts every reference as a work of its own, but rejects those in `unknown` and is silent on `silent`; all are
    one group, or each one `alone`."""

    def __init__(self) -> None:
        self.unknown: set[str] = set()
        self.silent: set[str] = set()
        self.alone = False
        self.before: Callable[[NoMetadataRow], None] = lambda row: None

    def groups(
        self, rows: Sequence[NoMetadataRow], stop: threading.Event
    ) -> Iterator[Iterator[tuple[NoMetadataRow, Enrichment]]]:
        for group in [[row] for row in rows] if self.alone else [rows]:
            yield self._found(group, stop)

    def _found(
        self, rows: Sequence[NoMetadataRow], stop: threading.Event
    ) -> Iterator[tuple[NoMetadataRow, Enrichment]]:
        for row in rows:
            if stop.is_set():
                return
            self.before(row)
            yield row, self._outcome(row.reference)

    def _outcome(self, reference: Reference) -> Enrichment:
        if reference.raw in self.silent:
            return Enrichment(Decision.UNANSWERED, reason=EnrichmentReason.SERVICE_SILENT)
        if reference.raw in self.unknown:
            return Enrichment(Decision.REJECTED, reason=EnrichmentReason.NO_CANDIDATES)
        doi = f"10.5555/{reference.raw.replace(' ', '-')}"
        work = Work(title=reference.title, authors=(Person("Doe", "J"),), year=2000, doi=doi)
        return Enrichment(Decision.ACCEPTED, work=work)


class Fetcher:
    """Has no copy of anything; each job is parked once for `park` seconds when that is set."""

    def __init__(self, park: float | None = None) -> None:
        self.park = park
        self.settled_rows: list[int] = []
        self.before: Callable[[ToDownloadRow], None] = lambda row: None

    def start(self, row: ToDownloadRow) -> dict[str, Any]:
        return {"row": row, "parked": self.park is None}

    def step(self, job: dict[str, Any]) -> Download | Wait:
        if not job["parked"]:
            job["parked"] = True
            return Wait(self.park or 0.0)
        self.before(job["row"])
        return Download(reason=DownloadReason.NO_OPEN_COPY)

    def settled(self, row_id: int) -> None:
        self.settled_rows.append(row_id)

    def dropped(self, row_id: int, file: KeptFile, *, is_held: bool) -> None:
        raise AssertionError("nothing was kept")


class Engine:
    """Runners over a database in `folder`; `run` works until all is done or `shutdown` says so."""

    def __init__(self, folder: Path, *, workers: int = 2, queue: int = 10, tasks: int = 4, **sizes: Any) -> None:
        self.store = Store(Database.open(folder / "literature.db"))
        self.owner = this_process()
        self.shutdown = Shutdown()
        self.progress = Progress()
        self.reader, self.finder, self.fetcher = Reader(), Finder(), Fetcher()
        self.fed = threading.Event()
        self.fed.set()
        self.sizes = Sizes(workers=workers, queue=queue, **{"poll": 0.05, **sizes})
        self._tasks = tasks
        self.runners: list[StageRunner] = []

    def tasks(self) -> list[Task]:
        store = self.store
        tasks: list[Task] = [
            ExtractionTask(store, self.reader),
            EnrichmentTask(store, self.finder),
            QueueingTask(store, Queuer(store)),
            DownloadTask(store, self.fetcher),
        ]
        return tasks[: self._tasks]

    def build(self) -> list[StageRunner]:
        below: StageRunner | None = None
        for task in reversed(self.tasks()):
            below = StageRunner(
                task,
                self.store,
                self.owner,
                self.sizes,
                progress=self.progress,
                shutdown=self.shutdown,
                below=below,
            )
            self.runners.insert(0, below)
        return self.runners

    def add(self, *names: str) -> None:
        run = self.store.start_run(self.owner, "test", {})
        self.store.add_pdfs(run, [PdfFile(f"/x/{name}.pdf", f"sha-{name}", 1) for name in names])

    def supervisor(
        self,
        patience: float = 0.0,
        lease: float = 60.0,
        grace: float = 5.0,
        elsewhere: Callable[[int], None] | None = None,
    ) -> Supervisor:
        return Supervisor(
            self.runners,
            self.shutdown,
            fed=self.fed.is_set,
            finished_rows=self.progress.finished_rows,
            lease_seconds=lease,
            patience=patience,
            grace=grace,
            heartbeat=lambda: None,
            elsewhere=elsewhere,
            free_dead=lambda: self.store.free_dead_claims(self.owner),
        )

    def run(self, **supervision: Any) -> None:
        """Until everything is done, an error, or a shutdown; then everything is joined and let go."""
        self.build()
        supervisor = self.supervisor(**supervision)
        threads = [runner.start(self.shutdown.fail) for runner in self.runners]
        supervisor.start()
        deadline = threading.Event()
        timer = threading.Timer(PATIENCE, deadline.set)
        timer.start()
        while not supervisor.finished.wait(0.02) and not self.shutdown.draining.is_set() and not deadline.is_set():
            pass
        timer.cancel()
        self.shutdown.drain()
        for runner in self.runners:
            runner.wake.set()
        for group in threads:
            group.join()
        supervisor.close()
        for runner in self.runners:
            runner.release_all()
        assert not deadline.is_set(), "the run did not end in time"

    def close(self) -> None:
        self.store.close()

    def claimed(self) -> int:
        return sum(self.store.waiting(stage).claimed for stage in Stage)
