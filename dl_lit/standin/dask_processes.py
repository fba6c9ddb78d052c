"""A Dask cluster on this machine, its scheduler and each worker a process of its own, for tests and benchmarks."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

_HOST = "127.0.0.1"
_START_SECONDS = 60.0  # a loaded machine starts Python slowly
_GOODBYE_SECONDS = 5.0


class DaskProcesses:
    """`folder` takes logs and the workers' files; `env` is added to the environment of all.

    A task is given up when more than `allowed_failures` workers died with it.
    """

    def __init__(
        self, folder: Path, *, workers: int = 0, env: Mapping[str, str] | None = None, allowed_failures: int = 3
    ) -> None:
        self.folder = folder
        allowed = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(allowed_failures)}
        self._env = {**os.environ, **allowed, **(env or {})}
        self.port = _free_port()
        self.address = f"tcp://{_HOST}:{self.port}"
        self._workers: list[subprocess.Popen[bytes]] = []
        self._started = 0
        self._scheduler: subprocess.Popen[bytes] | None = None
        self.start_scheduler()
        for _ in range(workers):
            self.start_worker()

    def __enter__(self) -> DaskProcesses:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def workers(self) -> tuple[int, ...]:
        """The process ids of those that live; they need not have reported to the scheduler yet."""
        return tuple(worker.pid for worker in self._workers if worker.poll() is None)

    def start_scheduler(self) -> None:
        """Also again, at the same address, after `kill_scheduler`."""
        options = ["--host", _HOST, "--port", str(self.port), "--no-dashboard"]
        self._scheduler = self._start("scheduler", "distributed.cli.dask_scheduler", options)
        self._wait_until_it_listens(self._scheduler)

    def start_worker(self, *, env: Mapping[str, str] | None = None) -> int:
        """Its process id. It may not have reported to the scheduler yet."""
        options = [self.address, "--host", _HOST, "--nthreads", "1", "--no-dashboard", "--memory-limit", "0"]
        options += ["--no-nanny", "--local-directory", str(self.folder)]
        worker = self._start("worker", "distributed.cli.dask_worker", options, env)
        self._workers.append(worker)
        return worker.pid

    def kill_worker(self, pid: int) -> None:
        """As the kernel does when memory is short."""
        worker = next(worker for worker in self._workers if worker.pid == pid)
        self._workers.remove(worker)
        worker.kill()
        worker.wait()

    def signal_scheduler(self, number: signal.Signals) -> None:
        if self._scheduler is not None:
            self._scheduler.send_signal(number)

    def kill_scheduler(self) -> None:
        if self._scheduler is not None:
            self._scheduler.kill()
            self._scheduler.wait()

    def close(self) -> None:
        """The workers first: they say goodbye to the scheduler, and wait long for one that is gone."""
        scheduler = [self._scheduler] if self._scheduler is not None else []
        for group in (self._workers, scheduler):
            for process in group:
                process.terminate()
            for process in group:
                _see_gone(process)
        self._workers, self._scheduler = [], None

    def _start(
        self, name: str, module: str, options: Sequence[str], env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        self._started += 1
        with (self.folder / f"{name}-{self._started}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", module, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**self._env, **(env or {})},
                cwd=self.folder,
                start_new_session=True,
            )

    def _wait_until_it_listens(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(OSError), socket.create_connection((_HOST, self.port), timeout=1):
                return
            time.sleep(0.02)
        raise RuntimeError(f"The Dask scheduler did not start; its log is in {self.folder}.")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((_HOST, 0))
        port: int = found.getsockname()[1]
        return port


def _see_gone(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_GOODBYE_SECONDS)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
