"""Watches a run from its own thread: renews leases, keeps the run's heartbeat, and sees when all is done."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from dl_lit.errors import DatabaseBusy
from dl_lit.model import Stage
from dl_lit.pipeline.shutdown import Shutdown
from dl_lit.pipeline.stage import StageRunner

log = logging.getLogger(__name__)

LOOKS_FOR_THE_DEAD = 2.0  # seconds between two looks at whether those whose rows are waited for still live
LONGEST_SILENCE = 30.0  # seconds between two heartbeats; after 120 the store takes a run elsewhere for dead


class Supervisor:
    """`patience` is how long, in seconds, a run waits for rows that are due later without finishing any row; `rounds`
    how often rows may go from stage 3 by way of expansion to stage 3 again."""

    def __init__(
        self,
        runners: Sequence[StageRunner],
        shutdown: Shutdown,
        *,
        fed: Callable[[], bool],
        finished_rows: Callable[[], int],
        lease_seconds: float,
        patience: float,
        grace: float,
        heartbeat: Callable[[], None],
        rounds: int = 0,
        elsewhere: Callable[[int], None] | None = None,
        free_dead: Callable[[], object] = lambda: None,
    ) -> None:
        """`elsewhere` is told, once, how many rows another run has in work when this one has nothing else to do.

        `free_dead` frees what runs that are no more had in work: with each renewal, and often while nothing else is
        to be done.
        """
        self.finished = threading.Event()
        self._runners = runners
        self._order = _unrolled(runners, rounds)
        self._shutdown = shutdown
        self._fed = fed
        self._finished_rows = finished_rows
        self._renew_every = min(lease_seconds / 3, LONGEST_SILENCE)
        self._patience = patience
        self._grace = grace
        self._heartbeat = heartbeat
        self._elsewhere = elsewhere
        self._free_dead = free_dead
        self._freed_at = time.monotonic()
        self._waiting_since: float | None = None
        self._finished_then = 0
        self._draining_since: float | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor")

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _watch(self) -> None:
        renewed = time.monotonic()
        interval = min(0.1, self._renew_every)
        while not self._closed.wait(interval):
            try:
                if time.monotonic() - renewed >= self._renew_every:
                    self._renew()
                    renewed = time.monotonic()
                self._limit_draining()
                if not self.finished.is_set() and self.all_done():
                    self.finished.set()
            except DatabaseBusy as error:
                log.warning("%s", error)
            except BaseException as error:
                self._shutdown.fail(error)
                return

    def _renew(self) -> None:
        """Every runner, the heartbeat and what the dead have left, however many of them find the database busy."""
        busy: DatabaseBusy | None = None
        for renew in (*(runner.renew for runner in self._runners), self._heartbeat, self._free_dead):
            try:
                renew()
            except DatabaseBusy as error:
                busy = error
        if busy is not None:
            raise busy

    def _limit_draining(self) -> None:
        """After a first signal, work under way has `grace` seconds; then it is stopped."""
        if not self._shutdown.draining.is_set():
            return
        if self._draining_since is None:
            self._draining_since = time.monotonic()
        if time.monotonic() - self._draining_since > self._grace:
            self._shutdown.stop()

    def all_done(self) -> bool:
        """Whether no stage has, or will soon have, a row to work on.

        Asked from the first stage to the last: rows only move down, so a stage seen empty after those above it were
        seen empty stays empty. Stage 3 and expansion hand rows to each other, each time a step deeper: asked once more
        than there are steps, they are empty for good. Rows that another run has in work are waited for: what comes of
        them is this run's too, and should that run die, so are they. A paused run is not over: its rows may come due.
        """
        if self._shutdown.paused.is_set() or not self._fed():
            return False
        soonest: float | None = None
        elsewhere: dict[Stage, int] = {}
        for runner in self._order:
            waiting = runner.unfinished()
            if waiting is None or waiting.claimable:
                return False
            elsewhere[runner.stage] = waiting.claimed
            if waiting.next_attempt_at is not None:
                soonest = min(soonest or waiting.next_attempt_at, waiting.next_attempt_at)
        if others := sum(elsewhere.values()):
            self._tell_once(others)
            self._look_for_the_dead()
            return False
        return not self._worth_waiting(soonest)

    def _tell_once(self, rows: int) -> None:
        if self._shutdown.draining.is_set():
            return  # its own, which it could not give back: the disk is full
        tell, self._elsewhere = self._elsewhere, None
        if tell is not None:
            tell(rows)

    def _look_for_the_dead(self) -> None:
        if time.monotonic() - self._freed_at >= LOOKS_FOR_THE_DEAD:
            self._freed_at = time.monotonic()
            self._free_dead()

    def _worth_waiting(self, due: float | None) -> bool:
        """`due` is unix time."""
        if due is None:
            return False
        finished = self._finished_rows()
        if self._waiting_since is None or finished != self._finished_then:
            self._waiting_since, self._finished_then = time.time(), finished
        return due <= self._waiting_since + self._patience


def _unrolled(runners: Sequence[StageRunner], rounds: int) -> list[StageRunner]:
    around = [runner for runner in runners if runner.stage in (Stage.QUEUEING, Stage.EXPANSION)]
    order: list[StageRunner] = []
    for runner in runners:
        order += [*around * rounds, runner] if runner.stage is Stage.QUEUEING else [runner]
    return order
