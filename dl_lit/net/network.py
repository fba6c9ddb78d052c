"""All of the program's outside connections: one pool a service, one a file host, one guard, one set of sessions."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable

from dl_lit import __version__
from dl_lit.config import BY_EMAIL, Services, Settings
from dl_lit.model import PoolHealth
from dl_lit.net.guard import AddressGuard, Origin, origin_of
from dl_lit.net.hosts import HostPools
from dl_lit.net.ledger import Ledger
from dl_lit.net.limits import Patience, PoolLimits
from dl_lit.net.pool import Classify, ServicePool, Tuner
from dl_lit.net.redact import RedactingFilter
from dl_lit.net.transport import Transport

PROJECT = "https://pypi.org/project/dl-lit/"


class Network:
    """Made once a run. When `stop` is set every wait ends with Stopping; `close` after the last use."""

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        *,
        stop: threading.Event,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        """`tell` is given, once a service, that it refuses us and is off for the run."""
        network = settings.network
        self._settings = settings
        self._ledger = ledger
        self._stop = stop
        self._tell = tell
        self._lock = threading.Lock()
        self._pools: dict[str, ServicePool] = {}
        self._transport = Transport(
            AddressGuard(network.allow_hosts),
            user_agent(settings),
            Patience(network.connect_timeout, network.read_timeout, network.total_timeout),
        )
        self.hosts = HostPools(network, self._transport, ledger, stop=stop)
        # urllib3 logs whole request lines at DEBUG, keys and all.
        self._filter = RedactingFilter(secrets_of(settings))
        logging.getLogger("urllib3.connectionpool").addFilter(self._filter)

    def service(
        self,
        name: str,
        limits: PoolLimits,
        *,
        tuner: Tuner | None = None,
        classify_429: Classify | None = None,
        advice: str = "",
    ) -> ServicePool:
        """The pool of a service; asked again for the same name, the same pool as before. `advice` as for the pool."""
        with self._lock:
            if name not in self._pools:
                self._pools[name] = ServicePool(
                    name,
                    limits,
                    transport=self._transport,
                    ledger=self._ledger,
                    stop=self._stop,
                    account=self.account(name),
                    own=self._own_address(name),
                    tuner=tuner,
                    classify_429=classify_429,
                    tell=self._tell,
                    advice=advice,
                )
            return self._pools[name]

    def health(self) -> tuple[PoolHealth, ...]:
        """Services first, then the file hosts that were met."""
        with self._lock:
            pools = list(self._pools.values())
        return tuple(pool.health() for pool in pools) + self.hosts.health()

    def close(self) -> None:
        """Closes all connections; requests under way, and later ones, end with Stopping."""
        self._transport.close()
        logging.getLogger("urllib3.connectionpool").removeFilter(self._filter)

    def account(self, name: str) -> str:
        return account_of(self._settings, name)

    def _own_address(self, name: str) -> Origin | None:
        """Base URLs are the user's own word, so their host and port need no permission."""
        if name not in Services.model_fields:
            return None
        base_url = self._settings.services.named(name).base_url
        return origin_of(base_url) if base_url else None


def user_agent(settings: Settings) -> str:
    """Who we are, honestly, with the user's contact if there is one."""
    contact = f"; mailto:{settings.contact.email}" if settings.contact.email else ""
    return f"dl-lit/{__version__} (+{PROJECT}{contact})"


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """The literal strings of the settings that no log may show."""
    keys = [settings.services.named(name).api_key for name in Services.model_fields]
    return tuple(key.get_secret_value() for key in keys if key is not None) + (
        (settings.contact.email,) if settings.contact.email else ()
    )


def account_of(settings: Settings, name: str) -> str:
    """The ledger's key for a service: limits are given to an address, a key or an e-mail address, so that others have
    limits of their own."""
    if name not in Services.model_fields:
        return name
    service = settings.services.named(name)
    key = service.api_key.get_secret_value() if service.api_key else ""
    email = f" {settings.contact.email}" if name in BY_EMAIL and settings.contact.email else ""
    return f"{name}@{hashlib.sha256(f'{service.base_url} {key}{email}'.encode()).hexdigest()[:12]}"


def who_asks(settings: Settings) -> str:
    """Four letters that change, but for bad luck, when an address, a key, the e-mail address or what is enabled does.

    They are kept in libraries, which people share: too short to tell a guessed e-mail address from a wrong one.
    """
    asked = [f"{account_of(settings, name)} {settings.services.named(name).enabled}" for name in Services.model_fields]
    return hashlib.sha256(f"{asked} {settings.contact.email}".encode()).hexdigest()[:4]
