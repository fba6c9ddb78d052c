"""A network and a cache for tests of service clients: real pools without slowness, a real store, a local server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from dl_lit.config import Settings
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.limits import PoolLimits
from dl_lit.net.network import Network
from dl_lit.net.pool import ServicePool
from dl_lit.store.database import Database
from dl_lit.store.store import Store
from httpserver import Arrival, LocalServer, Reply

BUCKETS = {"default": 900.0, "single": 900.0, "list": 900.0, "search": 900.0}


@dataclass(frozen=True, slots=True)
class Outside:
    """What a client needs, at `url`; `arrivals` is what reached the server."""

    server: LocalServer
    network: Network
    store: Store
    stop: threading.Event

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def arrivals(self) -> list[Arrival]:
        return self.server.arrivals

    def pool(self, name: str, *, daily: float | None = None, rest_seconds: float = 30.0, **how: Any) -> ServicePool:
        limits = PoolLimits(rates=BUCKETS, concurrency=8, daily=daily, tries=1, rest_seconds=rest_seconds)
        return self.network.service(name, limits, **how)


@contextmanager
def outside(folder: Path, *services: str) -> Iterator[Outside]:
    """A server that plays `services`, and the network that reaches it."""
    with LocalServer() as server:
        settings = Settings.model_validate(
            {
                "services": {name: {"base_url": server.url} for name in services},
                "network": {"allow_hosts": [f"127.0.0.1:{server.port}"]},
            }
        )
        stop = threading.Event()
        network = Network(settings, MemoryLedger(), stop=stop)
        store = Store(Database.open(folder / "literature.db", settings.store, create=True))
        try:
            yield Outside(server, network, store, stop)
        finally:
            network.close()
            store.close()


def as_json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})


def query_of(arrival: Arrival) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(arrival.path).query, keep_blank_values=True))


def path_of(arrival: Arrival) -> str:
    return unquote(urlsplit(arrival.path).path)
