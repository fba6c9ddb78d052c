"""Whether a host is down or we are: without a network nothing may be marked as failed."""

from __future__ import annotations

import socket
import threading
import time
from urllib.parse import urlsplit

from dl_lit.config import Services, Settings
from dl_lit.net.proxies import proxy_of

_SILENT_SECONDS = 5.0  # how long a knock in vain is believed
_CONNECT_SECONDS = 3.0
_FIRST = ("crossref", "openalex", "arxiv")
_OTHERS = ("doi", "europepmc", "datacite", "unpaywall", "doaj", "zenodo", "hal", "pmc", "osf")  # when those are off
_MOST_DOORS = 3
_PORTS = {"http": 80, "https": 443, "socks4": 1080, "socks4a": 1080, "socks5": 1080, "socks5h": 1080}


class Reachability:
    """Remembers when anything answered last, and knocks at the services when that is too long ago."""

    def __init__(self, settings: Settings) -> None:
        self._doors = _doors(settings.services)
        self._lock = threading.Lock()
        self._answered_at = self._silent_at = -_SILENT_SECONDS

    def answered(self) -> None:
        """Some host has just answered, whatever it said."""
        self._answered_at = time.monotonic()

    def is_online(self, since: float) -> bool:
        """Whether anything answered after `since` (`time.monotonic()`), or a service's door opens. Nothing is sent."""
        with self._lock:
            if self._answered_at >= since:
                return True
            if time.monotonic() - self._silent_at < _SILENT_SECONDS:
                return False
            if any(_opens(door) for door in self._doors):
                self.answered()
                return True
            self._silent_at = time.monotonic()
            return False


def _doors(services: Services) -> tuple[tuple[str, int], ...]:
    named = ((name, services.named(name)) for name in (*_FIRST, *_OTHERS))
    on = [(name, service.base_url) for name, service in named if service.enabled]
    first = [url for name, url in on if name in _FIRST] or [url for _, url in on]
    return tuple(dict.fromkeys(map(_door, first[:_MOST_DOORS])))


def _door(base_url: str) -> tuple[str, int]:
    """Where the connection for a request to a service would go: behind a proxy, nothing else can be reached."""
    parts = urlsplit(proxy_of(base_url) or base_url)
    return parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 80)


def _opens(door: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(door, timeout=_CONNECT_SECONDS):
            return True
    except OSError:
        return False
