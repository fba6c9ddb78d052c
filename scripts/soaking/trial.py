"""One library and its world: runs are started, disturbed, and brought to the end; then it is asked what must hold."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import IO

import psutil
from worldtools import ROOT, run_command

from soaking.points import Point
from soaking.world import SlowedStandIn, World, settings

LONGEST_RUN = 300.0  # seconds; a run that takes longer is stuck
STARTING = 0.2
LAST_RUNS = 3  # that may be needed to finish what a fault has left to wait
INTERRUPTED = 130


class Stuck(Exception):
    """A run did not end."""


class Trial:
    """`ends` are the times (unix) from when to when something broke off, `struck` how often the fault came to pass."""

    def __init__(
        self, folder: Path, world: World, standin: SlowedStandIn, dice: random.Random, calm_seconds: float = 0.0
    ) -> None:
        self.folder = folder
        self.library = folder / "library"
        self.log = standin.log_path
        self.standin = standin
        self.dice = dice
        self.ends: list[tuple[float, float]] = []
        self.struck = 0
        self.problems: list[str] = []
        self.exits: list[int] = []
        self.mounts: list[Path] = []
        self.runs_at_once = 0
        self._world = world
        self._calm_seconds = calm_seconds
        self._runs = 0
        self._ended_at = 0.0
        self._alive: list[subprocess.Popen[bytes]] = []

    # ── runs ─────────────────────────────────────────────────────────────────────────────────────────────

    def start(
        self, point: Point | None = None, *, limit: int = 0, changed: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """A run over all papers, disturbed at `point`; none of its files may have more than `limit` bytes (0: any);
        `changed` are settings of the environment."""
        command = run_command([self._world.papers], self.library, self.standin.url)[3:]
        self._runs += 1
        environment = {**settings(self.folder), **(changed or {})}
        with self.output("wb") as output:
            process = subprocess.Popen(
                [*_limited(limit), sys.executable, "-m", "soaking.child", (point or Point()).as_text(), *command],
                stdout=output,
                stderr=output,
                env=environment,
                cwd=ROOT,
            )
        self._alive.append(process)
        self.runs_at_once = max(self.runs_at_once, len(self._alive))
        return process

    def output(self, mode: str) -> IO[bytes]:
        """What the last run has said."""
        return (self.folder / f"run {self._runs}.txt").open(mode)

    def wait(self, process: subprocess.Popen[bytes], seconds: float = LONGEST_RUN) -> int:
        """Its exit code; no process of its own may outlive it."""
        children = self.children(process)
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise Stuck(f"a run did not end within {seconds:.0f} s") from error
        self._ended_at = time.time()
        self.exits.append(code)
        self._alive.remove(process)
        _, left = psutil.wait_procs(children, timeout=10)
        self.problems += [f"process {child.pid} outlived its parent by 10 s" for child in left]
        return code

    @staticmethod
    def children(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
        try:
            return psutil.Process(process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def broke_off(self, seconds: float = 0.0) -> None:
        """Something of a run was cut off when it ended, or in the `seconds` before that."""
        self.struck += 1
        self.ends.append((self._ended_at - seconds, self._ended_at))

    def was_hit(self, seconds: float = 0.0) -> None:
        """Something of a run that goes on was cut off in the last `seconds`."""
        self.struck += 1
        self.breaks_off(seconds)

    def breaks_off(self, seconds: float = 0.0) -> None:
        """What was under way in the last `seconds` may be done again by another run."""
        self.ends.append((time.time() - seconds, time.time()))

    def send(self, process: subprocess.Popen[bytes], number: signal.Signals) -> None:
        if process.poll() is None:
            process.send_signal(number)

    def finish(self) -> None:
        """Undisturbed runs until all is done."""
        for _ in range(LAST_RUNS):
            code = self.wait(self.start())
            if code == 0:
                return
            self.let_wait_no_longer()
        self.problems.append(f"the last runs ended with {self.exits[-LAST_RUNS:]}, not with 0")

    def let_wait_no_longer(self) -> None:
        """As if the times that services and hosts named had passed."""
        with closing(self.open()) as database, database:
            for table in ("source_pdfs", "no_metadata", "with_metadata", "to_download_references"):
                database.execute(f"UPDATE {table} SET next_attempt_at = NULL, wait_by = NULL")

    def open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.database, timeout=60, isolation_level=None)

    @property
    def database(self) -> Path:
        return self.library / "literature.db"

    # ── the end ──────────────────────────────────────────────────────────────────────────────────────────

    def clear(self) -> None:
        """No process may be left, whatever has gone wrong."""
        for process in self._alive:
            family = [*self.children(process), process]
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()
            psutil.wait_procs([one for one in family if isinstance(one, psutil.Process)], timeout=5)
        self._alive.clear()

    def forget(self) -> None:
        for folder in self.mounts:
            subprocess.run(["umount", str(folder)], check=True)
        shutil.rmtree(self.folder)

    def any_moment(self, process: subprocess.Popen[bytes]) -> None:
        """Each fifth time while the program starts, else while it works; what it began before shortens its work."""
        if self.dice.random() < STARTING:
            self.moment(0.1, 1.5)
            return
        self.until_it_works(process)
        self.moment(0.0, self._calm_seconds / 2)

    def until_it_works(self, process: subprocess.Popen[bytes]) -> None:
        """The library has PDFs, or the run is over."""
        while process.poll() is None:
            if self.database.exists():
                with suppress(sqlite3.Error), closing(self.open()) as database:
                    if database.execute("SELECT count(*) FROM source_pdfs").fetchone()[0]:
                        return
            time.sleep(0.05)

    def moment(self, least: float, most: float) -> None:
        """Waits: there is no event to wait for, any moment will do."""
        time.sleep(self.dice.uniform(least, most))


def _limited(bytes_of_a_file: int) -> list[str]:
    """A shell's `ulimit`, which counts in blocks of 1,024 bytes where the shell is bash."""
    if not bytes_of_a_file:
        return []
    return ["bash", "-c", f'ulimit -f {bytes_of_a_file // 1024} && exec "$@"', "limited"]


def said(trial: Trial) -> Sequence[str]:
    """The last lines of the last run."""
    with trial.output("rb") as output:
        return output.read().decode("utf-8", "replace").splitlines()[-5:]
