"""A server that plays one service, a network that asks it, and threads that ask together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from dl_lit.config import Settings
from dl_lit.errors import DlLitError
from dl_lit.net.http import HttpRequest
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.limits import PoolLimits
from dl_lit.net.network import Network
from dl_lit.net.pool import ServicePool
from httpserver import Answer, Arrival, LocalServer, Reply

FAST = {"default": 1000.0}


class World:
    """A server, a network whose Crossref is that server, and the event that stops it."""

    def __init__(
        self,
        server: LocalServer,
        ledger: MemoryLedger | None = None,
        tell: Callable[[str], None] | None = None,
        **network: Any,
    ) -> None:
        self.server = server
        self.ledger = ledger or MemoryLedger()
        self.stop = threading.Event()
        settings = Settings.model_validate({"services": {"crossref": {"base_url": server.url}}, "network": network})
        self.network = Network(settings, self.ledger, stop=self.stop, tell=tell)

    def pool(self, **limits: Any) -> ServicePool:
        hooks = {name: limits.pop(name) for name in ("tuner", "classify_429", "advice") if name in limits}
        limits = {"rates": FAST, "concurrency": 8, "backoff_seconds": 0.005, "rest_seconds": 60.0, **limits}
        return self.network.service("crossref", PoolLimits(**limits), **hooks)

    def request(self, path: str = "/works", **more: Any) -> HttpRequest:
        return HttpRequest(self.server.url + path, **more)


class Worlds:
    """Makes worlds and closes them all at the end of the `with` block."""

    def __init__(self) -> None:
        self._made: list[World] = []

    def __call__(self, answer: Answer | None = None, **options: Any) -> World:
        self._made.append(World(LocalServer(answer).__enter__(), **options))
        return self._made[-1]

    def __enter__(self) -> Worlds:
        return self

    def __exit__(self, *_: object) -> None:
        for world in self._made:
            world.network.close()
            world.server.__exit__(None, None, None)


def replies(*sequence: Reply) -> Answer:
    """These answers one after another, the last one for ever."""
    lock, left = threading.Lock(), list(sequence)

    def answer(arrival: Arrival) -> Reply:
        with lock:
            return left.pop(0) if len(left) > 1 else left[0]

    return answer


def together(work: Callable[[], object], threads: int) -> list[object]:
    """Runs `work` in so many threads; what each returned or raised."""
    results: list[object] = []

    def run() -> None:
        try:
            results.append(work())
        except DlLitError as error:
            results.append(error)

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(30)
        assert not thread.is_alive()
    return results
