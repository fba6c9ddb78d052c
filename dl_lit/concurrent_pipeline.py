"""Runs the whole job: wires the stages over one library, in threads or, as the same class, in sequence."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from dl_lit.cached_extractor import caching
from dl_lit.catalogue.catalogue import CatalogueSet
from dl_lit.config import QueueingSettings, Settings
from dl_lit.download.downloader import Downloader
from dl_lit.download.unasked import are_on
from dl_lit.download.verifier import ProcessVerifier
from dl_lit.enrichment import hydrate
from dl_lit.enrichment.cascade import Enricher
from dl_lit.errors import DatabaseBusy, DlLitError, StoreError
from dl_lit.expansion.expander import Expander, Taste
from dl_lit.extraction.escalation import Extractor
from dl_lit.extraction.executor import TextPool
from dl_lit.extractors import BuiltinReader, build_extractor, open_reader
from dl_lit.fetched import remembering
from dl_lit.library import Library
from dl_lit.model import PoolHealth, Stage, Work
from dl_lit.net.network import Network, who_asks
from dl_lit.pipeline.progress import Progress, Snapshot
from dl_lit.pipeline.shutdown import Shutdown
from dl_lit.pipeline.stage import Sizes, StageRunner
from dl_lit.pipeline.supervisor import Supervisor
from dl_lit.pipeline.work import Task
from dl_lit.processes.owners import this_process
from dl_lit.queueing.filters import Filters, is_about_another
from dl_lit.queueing.queuer import Queuer
from dl_lit.queueing.ranking import priority, query_words
from dl_lit.relations import Reach
from dl_lit.services.registry import ServiceSet, build_services, lacking
from dl_lit.services.unkept import Unkept
from dl_lit.stages import DownloadTask, EnrichmentTask, ExpansionTask, ExtractionTask, QueueingTask
from dl_lit.store.database import Database
from dl_lit.store.machine import NAME as LEDGER_NAME
from dl_lit.store.machine import MachineLedger
from dl_lit.store.records import LiveRun, Waiting
from dl_lit.store.run_table import RunTable
from dl_lit.store.store import Store
from dl_lit.taking_in import Door, Intake, Named, Source

log = logging.getLogger(__name__)

EXPANSION_WORKERS = 2  # threads; each asks for fifty works at once
# From first to last, and which stage holds which back.
ORDER = (Stage.EXTRACTION, Stage.ENRICHMENT, Stage.QUEUEING, Stage.EXPANSION, Stage.DOWNLOAD)
BELOW = {
    Stage.EXTRACTION: Stage.ENRICHMENT,
    Stage.ENRICHMENT: Stage.QUEUEING,
    Stage.QUEUEING: Stage.DOWNLOAD,
    Stage.EXPANSION: Stage.QUEUEING,
}
BELOW_FIRST = (Stage.DOWNLOAD, Stage.QUEUEING, Stage.ENRICHMENT, Stage.EXTRACTION, Stage.EXPANSION)
IDLE_SLEEP = 0.05  # seconds the sequential mode sleeps at most when only waiting rows are left


@dataclass(frozen=True, slots=True)
class Plan:
    """What a command asks for. With `enrich` or `download` off, rows wait in front of that stage.

    Of `most_pdfs` and `most_references` no more are read, or looked for, in this run; the rest waits for the next. The
    works that came in by `searches` are done too. `watch` is the folder that a watcher watches, as its rows name it.
    """

    paths: tuple[Path, ...] = ()
    command: str = ""
    enrich: bool = True
    download: bool = True
    most_pdfs: int | None = None
    most_references: int | None = None
    searches: tuple[int, ...] = ()
    watch: str | None = None

    def most(self) -> dict[Stage, int]:
        asked = {Stage.EXTRACTION: self.most_pdfs, Stage.ENRICHMENT: self.most_references}
        return {stage: most for stage, most in asked.items() if most is not None}


@dataclass(frozen=True, slots=True)
class RunSummary:
    """How a run ended. `exit_code` as in design §8: 0 all final, 3 something left for later, 130 interrupted.

    Of what is `left`, `ready` rows wait for nothing but a run that may do more.
    """

    run_id: int
    exit_code: int
    intake: Intake
    snapshot: Snapshot
    health: tuple[PoolHealth, ...]
    left: int
    ready: int
    seconds: float


class ConcurrentPipelineOrchestrator:
    """PDFs → `no_metadata` → `with_metadata` → `to_download_references` → `downloaded_references`.

    `run` blocks until the PDFs of the plan and all that they cite have reached a final state, only waiting rows are
    left, or the run is stopped through `shutdown`. What other PDFs left in the library is not touched. `snapshot` and
    `health` may be called from other threads meanwhile. Raises StopRun.
    """

    def __init__(
        self,
        settings: Settings,
        library: Library,
        plan: Plan,
        *,
        shutdown: Shutdown | None = None,
        tell: Callable[[str], None] = log.warning,
        source: Source | None = None,
    ) -> None:
        """`tell` is given what a person should know at once; `source` hands in other files than the plan's paths."""
        self.shutdown = shutdown or Shutdown()
        self._tell = tell
        self._settings = settings
        self._library = library
        self._plan = plan
        self._source = source or Named(plan.paths)
        self._progress = Progress()
        self._door: Door | None = None
        self._fed = threading.Event()
        self._looking = threading.Lock()
        self._last = self._progress.snapshot({})
        self._last_health: tuple[PoolHealth, ...] = ()
        self._table: RunTable | None = None
        self._network: Network | None = None
        self._runners: tuple[StageRunner, ...] = ()
        self._owner = this_process()
        self._reach = Reach(**settings.expansion.model_dump()) if plan.enrich else Reach()

    # ── what others may look at while it runs ────────────────────────────────────────────────────────────

    def snapshot(self) -> Snapshot:
        """The run now; before it has begun an empty one, after its end the last one."""
        with self._looking:
            if self._table is not None:
                self._last = self._look()
            return self._last

    def _look(self) -> Snapshot:
        try:
            return self._progress.snapshot({runner.stage: runner.load() for runner in self._runners})
        except DatabaseBusy:
            return self._last  # a panel can wait; it must not fail because the database is being written

    def health(self) -> tuple[PoolHealth, ...]:
        """Services and file hosts, with the same memory as `snapshot`."""
        with self._looking:
            if self._network is not None and self._table is not None:
                with suppress(DatabaseBusy):
                    self._last_health = self._network.health()
            return self._last_health

    @property
    def intake(self) -> Intake:
        return Intake() if self._door is None else self._door.intake

    # ── the run ──────────────────────────────────────────────────────────────────────────────────────────

    def run(self) -> RunSummary:
        started = time.monotonic()
        self._library.make_folders()
        with ExitStack() as stack:
            reader = self._reader(stack)  # first: a cluster that is not there is said before anything is written
            store = self._open_store(stack)
            run_id = store.start_run(self._owner, self._plan.command, self._options())
            self._table = RunTable(store, run_id, self._plan.most(), self._reach)
            for search_id in self._plan.searches:
                store.adopt_search(run_id, search_id)
            supervisor = self._assemble(stack, store, self._table, run_id, reader)
            try:
                with self.shutdown.signals():
                    self._supervised(store, run_id, supervisor)
            except BaseException as error:
                self._record_failure(store, run_id, error)
                raise
            return self._summary(store, run_id, time.monotonic() - started)

    def _supervised(self, store: Store, run_id: int, supervisor: Supervisor) -> None:
        supervisor.start()
        try:
            self._run_stages(store, run_id, supervisor)
        finally:
            self.shutdown.drain()
            supervisor.close()
            self._let_go(store)

    @staticmethod
    def _record_failure(store: Store, run_id: int, error: BaseException) -> None:
        exit_code = error.exit_code if isinstance(error, DlLitError) else 1
        try:
            store.finish_run(run_id, {"error": f"{type(error).__name__}: {error}"}, exit_code)
        except DlLitError as second:
            # The disk may be full or the file gone: the first error is the one that the person must see.
            log.warning("The end of the run could not be recorded: %s", second)

    def _open_store(self, stack: ExitStack) -> Store:
        database = Database.open(self._library.database, self._settings.store)
        stack.callback(database.close)
        stack.callback(self._look_away)
        store = Store(database)
        store.free_stale_claims(self._owner)
        store.make_due(who_asks(self._settings))
        if self._plan.download and (again := store.look_again(are_on(self._settings))):
            self._tell(f"{again} works without a copy are looked for again: an index is asked now that was off before.")
        if database.backup is not None:
            self._tell(f"The database was brought up to date; the older one is kept as {database.backup}.")
        for other in store.live_runs():
            self._tell(
                f"Another run ({_named(other)}) is working on this library. Both share its rows and the services' "
                "limits, and nothing is done twice."
            )
        return store

    def _look_away(self) -> None:
        """The database is about to be closed: whoever asks for a snapshot from now on gets the last one."""
        with self._looking:
            self._table = None

    def _assemble(
        self, stack: ExitStack, store: Store, table: RunTable, run_id: int, reader: BuiltinReader
    ) -> Supervisor:
        sizes = self._settings.pipeline
        runners: dict[Stage, StageRunner] = {}
        tasks = self._tasks(stack, store, run_id, reader)
        for task, workers in sorted(tasks, key=lambda task: BELOW_FIRST.index(task[0].stage)):
            runners[task.stage] = StageRunner(
                task,
                table,
                self._owner,
                self._sizes(workers),
                progress=self._progress,
                shutdown=self.shutdown,
                below=runners.get(BELOW.get(task.stage, task.stage)),
            )
        self._runners = tuple(runners[stage] for stage in ORDER if stage in runners)
        return Supervisor(
            self._runners,
            self.shutdown,
            rounds=self._reach.depth,
            fed=self._fed.is_set,
            finished_rows=self._progress.finished_rows,
            lease_seconds=sizes.lease_seconds,
            patience=sizes.patience_seconds,
            grace=sizes.grace_seconds,
            heartbeat=lambda: store.heartbeat(run_id),
            elsewhere=lambda rows: self._tell(_waits_for_others(store, run_id, rows)),
            free_dead=lambda: store.free_dead_claims(self._owner),
        )

    def _tasks(self, stack: ExitStack, store: Store, run_id: int, reader: BuiltinReader) -> list[tuple[Task, int]]:
        sizes, settings = self._settings.pipeline, self._settings
        network = self._network = Network(settings, self._ledger(stack), stop=self.shutdown.stopping, tell=self._tell)
        stack.callback(network.close)
        self.shutdown.on_stop(network.close)
        extractor = self._extractor(stack, store, network, reader)
        tasks: list[tuple[Task, int]] = [(ExtractionTask(store, extractor), reader.at_once)]
        if not self._plan.enrich:
            return tasks
        fetched = stack.enter_context(remembering(settings, self._tell))
        kept = Unkept(store)
        cache, hears = (fetched.behind(kept), fetched.hears) if fetched else (kept, None)
        services = build_services(settings, network, cache, hears)
        for index in filter(None, (services.crossref, services.openalex)):
            index.take_along("doi", self._dois_ahead)
        for name, reason in lacking(settings).items():
            self._tell(f"{name} is left out: it {reason}.")
        catalogues = CatalogueSet(settings.catalogue.files)
        stack.callback(catalogues.close)
        enricher = Enricher(services, store, catalogues or None, fetched)
        tasks.append((EnrichmentTask(store, enricher), sizes.enrichment_workers))
        self._reach = self._within(services)
        tasks.append((QueueingTask(store, _queuer(store, settings.queueing), self._seed(store, run_id)), 1))
        if self._reach.depth:
            expander = Expander(services, _taste(settings.queueing, self._reach), partial(hydrate.records, services))
            tasks.append((ExpansionTask(store, expander, run_id, self._reach), EXPANSION_WORKERS))
        if self._plan.download:
            verifier = ProcessVerifier(settings.extraction)
            stack.callback(verifier.close)
            self.shutdown.on_stop(verifier.close)
            downloader = Downloader(settings, network, services, self._library, verifier, memory=store)
            tasks.append((DownloadTask(store, downloader), sizes.download_workers))
        return tasks

    def _dois_ahead(self) -> Sequence[str]:
        return self._table.dois_ahead(self._owner) if self._table is not None else ()

    def _seed(self, store: Store, run_id: int) -> Callable[[int], None] | None:
        """What stage 3 is to do with a work that has a place in the library now."""
        if not self._reach.depth:
            return None
        return lambda reference_id: store.seed_expansion(run_id, [reference_id], self._reach)

    def _within(self, services: ServiceSet) -> Reach:
        """How far the run can go with these services; a row that nobody can be asked about is not even noted."""
        if services.openalex is not None or not self._reach.depth:
            return self._reach
        self._tell(
            "OpenAlex is off, which alone tells what cites a work: --expand-citations is left out, and what works cite "
            "is asked of others. Enable services.openalex for more."
        )
        return replace(self._reach, citations=0)

    def _reader(self, stack: ExitStack) -> BuiltinReader:
        workers = 1 if self._settings.pipeline.sequential else self._settings.pipeline.extraction_workers
        extraction = self._settings.extraction
        if self._plan.searches:  # nothing is read
            extraction = extraction.model_copy(update={"cluster": None})
        reader = open_reader(extraction, workers, self._tell)
        stack.callback(reader.close)
        self.shutdown.on_stop(reader.interrupt)
        return reader

    def _extractor(self, stack: ExitStack, store: Store, network: Network, reader: BuiltinReader) -> Extractor:
        texts = TextPool(self._settings.extraction)
        stack.callback(texts.close)
        self.shutdown.on_stop(texts.interrupt)
        extractor = build_extractor(self._settings, reader, texts, network, store, self._tell)
        return stack.enter_context(caching(extractor, self._settings.extraction, self._tell))

    def _ledger(self, stack: ExitStack) -> MachineLedger:
        """One for all runs of this user on the machine; where that cannot be had, one for this library."""
        folder = self._settings.network.state_folder
        try:
            ledger = MachineLedger(folder / LEDGER_NAME, owner=self._owner)
        except (StoreError, DatabaseBusy) as error:
            self._tell(
                f"{error.message} Until then the services' limits are shared by the runs on this library only. "
                "Another folder can be named by network.state_dir."
            )
            ledger = MachineLedger(self._library.folder / LEDGER_NAME, owner=self._owner)
        stack.callback(ledger.close)
        stack.callback(self._look_away)  # before the ledger closes: a panel may ask for the services' health any time
        return ledger

    def _sizes(self, workers: int) -> Sizes:
        sizes = self._settings.pipeline
        return Sizes(
            workers=workers,
            queue=sizes.queue_size,
            checkpoint=sizes.checkpoint_interval,
            lease=sizes.lease_seconds,
            poll=sizes.poll_seconds,
            worker_timeout=sizes.worker_timeout_seconds,
            backpressure=sizes.backpressure_threshold if sizes.enable_backpressure else None,
        )

    def _run_stages(self, store: Store, run_id: int, supervisor: Supervisor) -> None:
        if self._settings.pipeline.sequential:
            with self._taking_in(store, run_id):
                self._run_sequentially(supervisor)
        else:
            self._run_concurrently(store, run_id, supervisor)
        if self.shutdown.error is not None:
            raise self.shutdown.error

    def _run_concurrently(self, store: Store, run_id: int, supervisor: Supervisor) -> None:
        threads = [runner.start(self.shutdown.fail) for runner in self._runners]
        with self._intake_thread(store, run_id):
            # The main thread waits in short steps: only between them does Python run signal handlers.
            while not supervisor.finished.wait(0.2) and not self.shutdown.draining.is_set():
                pass
        for runner in self._runners:
            runner.wake.set()
        for group in threads:
            group.join()

    def _run_sequentially(self, supervisor: Supervisor) -> None:
        """The stage nearest the end goes first, so that each work is finished before the next is begun."""
        idle = IDLE_SLEEP if self._plan.watch is None else self._settings.pipeline.poll_seconds
        while not self.shutdown.draining.is_set() and not supervisor.finished.is_set():
            if not any(self._advance(runner) for runner in reversed(self._runners)):
                supervisor.finished.wait(idle)

    @staticmethod
    def _advance(runner: StageRunner) -> bool:
        """One small batch of one stage, a parked row first; False when it has nothing to do now."""
        if runner.work(1, timeout=0.0):
            return True
        return bool(runner.feed(limit=runner.task.batch)) and runner.work(1, timeout=0.0)

    # ── intake ───────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _taking_in(self, store: Store, run_id: int) -> Iterator[None]:
        """All files first, unless they come for as long as the run goes on."""
        if self._plan.watch is not None:
            with self._intake_thread(store, run_id):
                yield
            return
        self._take_in(store, run_id)
        yield

    @contextmanager
    def _intake_thread(self, store: Store, run_id: int) -> Iterator[None]:
        """The run ends with the block: what the intake waits for would not come any more."""
        intake = threading.Thread(target=self._take_in_guarded, args=(store, run_id), name="intake")
        intake.start()
        try:
            yield
        finally:
            self.shutdown.drain()
            intake.join()

    def _take_in_guarded(self, store: Store, run_id: int) -> None:
        try:
            self._take_in(store, run_id)
        except BaseException as error:
            self.shutdown.fail(error)

    def _take_in(self, store: Store, run_id: int) -> None:
        self._door = Door(
            store,
            run_id,
            self._reach,
            self.shutdown.draining,
            finished_rows=self._progress.finished_rows,
            came=self._runners[0].wake.set,
        )
        self._source.feed(self._door)
        if not self.shutdown.draining.is_set():
            self._fed.set()

    # ── the end ──────────────────────────────────────────────────────────────────────────────────────────

    def _let_go(self, store: Store) -> None:
        for runner in self._runners:
            runner.release_all()
        try:
            for stage in Stage:
                store.release(stage, self._owner)
        except DlLitError as error:
            # Not raised: an error that ended the run is already on its way, and it is the one to be seen.
            log.warning("Rows stay claimed until the next run frees them: %s", error)

    def _summary(self, store: Store, run_id: int, seconds: float) -> RunSummary:
        table = RunTable(store, run_id)
        waiting = [table.waiting(runner.stage) for runner in self._runners]
        left, ready = sum(map(_left, waiting)), sum(one.claimable for one in waiting)
        exit_code = 130 if self.shutdown.interrupted else 3 if left else 0
        snapshot = self.snapshot()
        summary = {
            "left": left,
            "seconds": round(seconds, 3),
            "stages": {s.stage.value: {"done": s.done, "failed": s.failed} for s in snapshot.stages},
        }
        store.finish_run(run_id, summary, exit_code)
        return RunSummary(run_id, exit_code, self.intake, snapshot, self.health(), left, ready, seconds)

    def _options(self) -> dict[str, object]:
        return {
            "paths": [str(path) for path in self._plan.paths],
            "enrich": self._plan.enrich,
            "download": self._plan.download,
            "pipeline": self._settings.pipeline.model_dump(),
            "expansion": self._settings.expansion.model_dump(),
            "who_asks": who_asks(self._settings),
            "watch": self._plan.watch,
        }


def _left(waiting: Waiting) -> int:
    """What another run could do something about."""
    return waiting.claimable + waiting.claimed + waiting.later - waiting.resting


def _named(run: LiveRun) -> str:
    return f"process {run.pid}, since {time.strftime('%H:%M', time.localtime(run.started_at))}"


def _waits_for_others(store: Store, run_id: int, rows: int) -> str:
    others = "; ".join(_named(one) for one in store.live_runs() if one.id != run_id)
    held = "1 row is" if rows == 1 else f"{rows} rows are"
    return (
        f"{held} in work in another run{f' ({others})' if others else ''}. This run has nothing else to do: it waits "
        "until they are finished there, and takes over what that run leaves. Ctrl-C ends this run only."
    )


def _queuer(store: Store, wanted: QueueingSettings) -> Queuer:
    return Queuer(store, _filters(wanted), wanted.query)


def _filters(wanted: QueueingSettings) -> Filters:
    return Filters(**wanted.model_dump(exclude={"query"}))


def _taste(wanted: QueueingSettings, reach: Reach) -> Taste:
    """Related works must fit the filters, and come in the order in which their copies would be looked for."""
    filters, query = _filters(wanted), query_words(wanted.query)

    def rank(work: Work) -> float:
        return priority(0, work, query)

    def is_wanted(work: Work) -> bool:
        return not is_about_another(work) and filters.objection(work) is None

    return Taste(is_wanted, rank, reach.most_related)
