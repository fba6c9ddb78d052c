"""One stage: its feeder claims rows into a bounded buffer, its workers take, work and commit.

The same `feed` and `work` serve both modes: threads call them in loops, sequential mode calls them in turn.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from dl_lit.errors import DatabaseBusy, DatabaseUnusable, LeaseLost, RetryLater, StopRun
from dl_lit.model import Stage
from dl_lit.pipeline.buffers import Buffer, Watermarks
from dl_lit.pipeline.patience import patiently
from dl_lit.pipeline.progress import Load, Progress
from dl_lit.pipeline.shutdown import Shutdown
from dl_lit.pipeline.work import Finished, Flush, Item, Parked, Table, Task, Verdict, Waiting, name_of

log = logging.getLogger(__name__)

COMMIT_SECONDS = 0.5  # a result is visible after this time even when the commit batch is not full
CRASHES_BEFORE_GIVING_UP = 3
CRASHED = "internal_error"
LOOK_SHARE = 20  # times as long as a look took, there is none


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything a stage has; times in seconds."""

    workers: int
    queue: int
    checkpoint: int = 10
    lease: float = 120.0
    poll: float = 1.0
    worker_timeout: float = 600.0
    backpressure: float | None = 0.8  # share of the queue size at which the stage above is held back; None: never


class Look:
    """What waits, for panels: a look that takes long at a large library is made the less often for it."""

    def __init__(self, look: Callable[[], Waiting], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._look = look
        self._clock = clock
        self._last: Waiting | None = None
        self._again = 0.0

    def now(self) -> Waiting:
        began = self._clock()
        if self._last is None or began >= self._again:
            self._last = self._look()
            ended = self._clock()
            self._again = ended + LOOK_SHARE * (ended - began)
        return self._last


class StageRunner:
    """Runs one task. `below` is the next stage: it is woken by commits, and holds this one back when it is behind."""

    def __init__(
        self,
        task: Task,
        table: Table,
        owner: str,
        sizes: Sizes,
        *,
        progress: Progress,
        shutdown: Shutdown,
        below: StageRunner | None = None,
    ) -> None:
        self.task = task
        self.stage: Stage = task.stage
        self.sizes = sizes
        self.wake = threading.Event()
        self._table = table
        self._owner = owner
        self._progress = progress
        self._shutdown = shutdown
        self._below = below
        self._buffer = Buffer(sizes.queue)
        share = sizes.backpressure or 1.0
        high = max(2, round(share * sizes.queue))
        self._marks = Watermarks(high, high // 2)
        self._feeding = threading.Lock()
        self._held: dict[int, float | None] = {}  # claimed row -> when work on it began (None: queued or parked)
        self._held_lock = threading.Lock()
        self.held_back = False
        self._look = Look(lambda: table.waiting(self.stage))

    # ── feeding ──────────────────────────────────────────────────────────────────────────────────────────

    def feed(self, limit: int | None = None) -> int:
        """Claims what fits into the buffer, at most `limit` rows, and says how many came; 0 if the database is busy."""
        try:
            return self._feed(limit)
        except DatabaseBusy as error:
            log.warning("%s: %s", self.stage.value, error)
            return 0

    def _feed(self, limit: int | None) -> int:
        with self._feeding:
            self.held_back = self._must_hold_back()
            room = self._buffer.free() if limit is None else min(limit, self._buffer.free())
            if self.held_back or room < 1 or self._shutdown.paused.is_set() or self._shutdown.draining.is_set():
                return 0
            with self._held_lock:
                held = frozenset(self._held)
            rows = self._table.claim(self.stage, self._owner, room, self.sizes.lease, exclude=held)
            with self._held_lock:
                self._held.update((row.id, None) for row in rows)
            for row in rows:
                self._buffer.put(Item(row))
            return len(rows)

    def _must_hold_back(self) -> bool:
        if self._below is None or self.sizes.backpressure is None:
            return False
        # Asked at every commit: all that counts is on which side of the mark it is, however much waits. One PDF alone
        # cannot close the way: its references are taken in rounds with those of others, which must be read for that.
        waiting = self._table.backlog(self._below.stage, most=self._marks.high, of_one_pdf=self._marks.low)
        # Nor does it count what of it lies in the queue: the table must have rows of the others to choose from.
        queued = 0 if self.stage is Stage.EXTRACTION else self._below.queued()
        return self._marks.closed(waiting + queued)

    def _feed_forever(self) -> None:
        while not self._shutdown.draining.is_set():
            self.wake.clear()
            if not self.feed():
                self.wake.wait(self.sizes.poll)

    # ── working ──────────────────────────────────────────────────────────────────────────────────────────

    def work(self, worker: int, timeout: float, limit: int | None = None) -> bool:
        """Takes a batch and works it to the end; False when nothing came within `timeout` seconds, or in a pause."""
        if self._shutdown.paused.is_set():
            self._shutdown.draining.wait(timeout)
            return False
        items = self._buffer.take(min(limit or self.task.batch, self.task.batch), timeout)
        if not items:
            return False
        if self._buffer.queued() <= self._buffer.size // 2:
            self.wake.set()
        self._work_batch(worker, items)
        return True

    def _work_forever(self, worker: int) -> None:
        while not self._shutdown.draining.is_set():
            self.work(worker, timeout=0.2)

    def _work_batch(self, worker: int, items: Sequence[Item]) -> None:
        left = {item.row.id: item for item in items}
        self._in_work(left)
        self._progress.begin(self.stage, worker, _names(items))
        try:
            self._run(worker, items, left)
        except StopRun as error:
            self._shutdown.fail(error)
        except RetryLater as error:
            # Nobody's mistake (another program holds the database, the run is stopping): the rows just go back.
            log.warning("%s: %s", self.stage.value, error)
        except Exception as error:
            self._isolate(worker, left, error)
        finally:
            self._progress.end(self.stage, worker)
            self._release(left)

    def _run(self, worker: int, items: Sequence[Item], left: dict[int, Item]) -> None:
        """Steps through the task; results are committed in groups, even when a later item crashes."""
        pending: list[Finished] = []
        since = time.monotonic()
        try:
            for step in self.task.run(items, self._shutdown.holding):
                self._in_work(left)  # the batch is alive, however slow it is
                if isinstance(step, Parked):
                    del left[step.item.row.id]
                    self._park(step)
                    continue
                if isinstance(step, Finished):
                    pending.append(step)
                is_due = isinstance(step, Flush) or time.monotonic() - since >= COMMIT_SECONDS
                if is_due or len(pending) >= self.sizes.checkpoint:
                    self._commit(worker, pending, left)
                    since = time.monotonic()
        finally:
            self._commit(worker, pending, left)

    def _in_work(self, ids: Collection[int]) -> None:
        with self._held_lock:
            self._held.update((row_id, time.monotonic()) for row_id in ids)

    def _park(self, step: Parked) -> None:
        with self._held_lock:
            self._held[step.item.row.id] = None
        self._buffer.park(step.item, step.seconds)

    def _commit(self, worker: int, pending: list[Finished], left: dict[int, Item]) -> None:
        """One transaction for the group; a row whose lease was lost is dropped from it, not the others."""
        if not pending:
            return
        written = self._commit_group(pending)
        for finished in pending:
            left.pop(finished.item.row.id, None)
            self._forget(finished.item.row.id)
        pending.clear()
        for finished in written:
            self._progress.finished(self.stage, worker, finished)
            self.task.settled(finished)
        if self._below is not None:
            self._below.wake.set()

    def _commit_group(self, pending: Sequence[Finished]) -> list[Finished]:
        """Tries again while another process holds the database: the results were paid for."""
        try:
            return patiently(self._write_group, pending)
        except DatabaseBusy as error:
            raise DatabaseUnusable(
                f"Results could not be written: {error} Close the other program and run the same command again."
            ) from error

    def _write_group(self, pending: Sequence[Finished]) -> list[Finished]:
        written: list[Finished] = []
        with self._table.database.transaction():
            for finished in pending:
                try:
                    written.append(self.task.finish(finished, self._owner))
                except LeaseLost as error:
                    log.warning("%s", error)
        return written

    def _isolate(self, worker: int, left: dict[int, Item], error: Exception) -> None:
        """A crash in a batch: each unfinished item is tried alone, and a lone item that crashes waits."""
        log.error("%s: %s while working on %s", self.stage.value, type(error).__name__, list(left), exc_info=error)
        if len(left) == 1:
            self._put_off(worker, left, error)
            return
        for item in tuple(left.values()):
            alone = {item.row.id: left.pop(item.row.id)}
            try:
                self._run(worker, [item], alone)
            except StopRun as stop:
                self._shutdown.fail(stop)
            except RetryLater as later:
                log.warning("%s: %s", self.stage.value, later)
            except Exception as again:
                self._put_off(worker, alone, again)
            left.update(alone)

    def _put_off(self, worker: int, left: dict[int, Item], error: Exception) -> None:
        """Nothing is lost to a mistake of ours: the row waits and, after a few tries, fails with what happened."""
        row_id, item = next(iter(left.items()))
        text = f"{type(error).__name__}: {error}"
        try:
            last = self._table.crashes(self.stage, row_id) + 1 >= CRASHES_BEFORE_GIVING_UP
            failure = self.task.give_up(item, text) if last else None
            if failure is not None:
                self._commit(worker, [failure], left)
                return
            self._table.postpone(self.stage, row_id, self._owner, seconds=None, error=text, reason=CRASHED)
        except (LeaseLost, DatabaseBusy) as lost:
            log.warning("%s", lost)
            return
        later = Finished(item, None, Verdict.LATER, CRASHED, name_of(item.row))
        self._progress.finished(self.stage, worker, later)
        del left[row_id]
        self._forget(row_id)

    # ── holding and letting go ───────────────────────────────────────────────────────────────────────────

    def _forget(self, row_id: int) -> None:
        with self._held_lock:
            self._held.pop(row_id, None)

    def _release(self, left: dict[int, Item]) -> None:
        if not left:
            return
        try:
            self._table.release(self.stage, self._owner, tuple(left))
        except StopRun as error:
            self._shutdown.fail(error)
        except DatabaseBusy as error:
            log.warning("%s: rows stay claimed until their lease ends: %s", self.stage.value, error)
        for row_id in left:
            self._forget(row_id)

    def release_all(self) -> None:
        """At the end: everything that is still queued or parked goes back to its table."""
        self._release({item.row.id: item for item in self._buffer.empty()})

    def renew(self) -> None:
        """Renews the leases of all rows held, but not of one that has been in work for longer than the time limit."""
        now = time.monotonic()
        with self._held_lock:
            ids = [i for i, since in self._held.items() if since is None or now - since < self.sizes.worker_timeout]
        if ids:
            self._table.renew(self.stage, self._owner, ids, self.sizes.lease)

    def unfinished(self) -> Waiting | None:
        """What the stage still has in its table, or None while a row is in our hands, or known to be claimable.

        One look at both: a feeder that claimed in between would leave neither a row in hand nor one to claim.
        """
        with self._feeding:
            with self._held_lock:
                if self._held:
                    return None
            if self._table.backlog(self.stage, most=0):
                return None  # how many there are takes long to count in a great library, and does not matter
            return self._table.waiting(self.stage)

    def queued(self) -> int:
        return self._buffer.queued()

    def load(self) -> Load:
        waiting = self._look.now()
        return Load(waiting.claimable, self._buffer.queued(), self._buffer.parked(), self.held_back, waiting.later)

    # ── threads ──────────────────────────────────────────────────────────────────────────────────────────

    def start(self, on_failure: Callable[[BaseException], None]) -> Threads:
        """Starts the feeder and the workers; an error that escapes any of them goes to `on_failure`."""
        executor = ThreadPoolExecutor(self.sizes.workers, thread_name_prefix=self.stage.value)
        futures = [executor.submit(self._work_forever, number) for number in range(1, self.sizes.workers + 1)]
        feeder = threading.Thread(
            target=_guarded, args=(self._feed_forever, on_failure), name=f"feed-{self.stage.value}"
        )
        feeder.start()
        for future in futures:
            future.add_done_callback(lambda done: _report(done, on_failure))
        return Threads(executor, feeder)


@dataclass(frozen=True, slots=True)
class Threads:
    """The threads of one running stage."""

    executor: ThreadPoolExecutor
    feeder: threading.Thread

    def join(self) -> None:
        self.feeder.join()
        self.executor.shutdown(wait=True)


def _guarded(run: Callable[[], None], on_failure: Callable[[BaseException], None]) -> None:
    try:
        run()
    except BaseException as error:
        on_failure(error)


def _report(done: Future[None], on_failure: Callable[[BaseException], None]) -> None:
    error = done.exception()
    if error is not None:
        on_failure(error)


def _names(items: Sequence[Item]) -> str:
    more = f" and {len(items) - 1} more" if len(items) > 1 else ""
    return name_of(items[0].row) + more
