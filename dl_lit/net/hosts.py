"""File hosts, made on demand: at most two requests at once, a second or more apart, and ended when they only fail."""

from __future__ import annotations

import threading

from dl_lit.config import Network as NetworkSettings
from dl_lit.model import PoolHealth
from dl_lit.net.guard import host_key
from dl_lit.net.host import Ended, Host, Wait
from dl_lit.net.lease import Lease
from dl_lit.net.ledger import Ledger
from dl_lit.net.pacing import Pacer
from dl_lit.net.robots import Robots
from dl_lit.net.transport import Transport
from dl_lit.net.waiting import check

__all__ = ["Ended", "HostPools", "Lease", "Wait"]

_SLOWEST = 1 / 4  # of the normal rate: a host that wants to be asked less often says so (Retry-After, Crawl-delay)
_STEP = 1 / 4  # of it, regained by one good answer: at one request a second, twenty would take minutes


class HostPools:
    """The way in to all file hosts. A host is a name; its ports and schemes share one politeness."""

    def __init__(
        self, settings: NetworkSettings, transport: Transport, ledger: Ledger, *, stop: threading.Event
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._ledger = ledger
        self._stop = stop
        self._robots = Robots()
        self._lock = threading.Lock()
        self._hosts: dict[str, Host] = {}

    def try_enter(self, url: str, slot: float | None = None) -> Lease | Wait | Ended:
        """A lease to ask this URL's host right now, or why not; never sleeps. AddressRefused if it is not http(s).

        `slot` is one that `Lease.book` gave for this host; it is used up by a lease.
        """
        check(self._stop)
        host = self._host(host_key(url))
        refusal = host.try_enter(slot)
        if refusal is not None:
            return refusal
        return Lease(host, self._transport, self._robots, int(self._settings.max_file_mb * 1024 * 1024))

    def is_asking_robots(self, url: str) -> bool:
        """Whether somebody is at this origin for its robots.txt just now."""
        return self._robots.is_being_asked(url)

    def health(self) -> tuple[PoolHealth, ...]:
        with self._lock:
            hosts = list(self._hosts.values())
        return tuple(host.health() for host in hosts)

    def _host(self, name: str) -> Host:
        with self._lock:
            if name not in self._hosts:
                rate = 1.0 / self._settings.host_spacing
                pacer = Pacer(f"host:{name}", rate, self._ledger, self._stop, slowest=_SLOWEST, step=_STEP)
                settings = self._settings
                self._hosts[name] = Host(name, pacer, settings.host_concurrency, settings.host_failures, self._ledger)
            return self._hosts[name]
