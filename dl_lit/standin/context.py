"""What every service and host of the stand-in shares: the world, its addresses, the counters and the faults."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from dl_lit.model import CopyVersion
from dl_lit.standin.catalogue import CatalogueWork
from dl_lit.standin.limits import Dice, Windows
from dl_lit.standin.search import Index
from dl_lit.standin.settings import Fault, FaultMode, Faults, StandInSettings
from dl_lit.standin.wire import Reply, Request, page
from dl_lit.standin.world import Addresses, Entry, World

CACHED_BYTES = 32_000_000


class MakeCopy(Protocol):
    """`samples.copy_pdf`: the bytes of the open copy of a work."""

    def __call__(self, work: CatalogueWork, *, version: CopyVersion, seed: int) -> bytes: ...


class Service(Protocol):
    """One outside service. `answer` decides at once; the server then waits out latency and sends.

    `bucket` names the limit that a request counts against, whatever becomes of it.
    """

    def bucket(self, request: Request) -> str: ...

    def answer(self, request: Request) -> Reply: ...


class Copies:
    """The bytes of open copies, made on first use and kept while there is room."""

    def __init__(self, seed: int, make: MakeCopy) -> None:
        self._seed = seed
        self._make = make
        self._lock = threading.Lock()
        self._making = threading.Lock()  # one at a time, while finished copies go on being served
        self._kept: dict[tuple[str, CopyVersion, str], bytes] = {}
        self._bytes = 0

    def get(
        self,
        work: CatalogueWork,
        version: CopyVersion | None,
        *,
        form: str = "",
        change: Callable[[bytes], bytes] | None = None,
    ) -> bytes:
        """The copy (published if no version is named); `change` makes another form of it, kept by the name `form`."""
        key = (work.key, version or CopyVersion.PUBLISHED, form)
        pdf = self._find(key)
        if pdf is not None:
            return pdf
        with self._making:
            pdf = self._find(key)
            if pdf is None:
                pdf = self._make(work, version=key[1], seed=self._seed)
                pdf = change(pdf) if change else pdf
                self._keep(key, pdf)
        return pdf

    def _find(self, key: tuple[str, CopyVersion, str]) -> bytes | None:
        with self._lock:
            return self._kept.get(key)

    def _keep(self, key: tuple[str, CopyVersion, str], pdf: bytes) -> None:
        with self._lock:
            self._bytes += len(pdf)
            while self._bytes > CACHED_BYTES and self._kept:
                self._bytes -= len(self._kept.pop(next(iter(self._kept))))
            self._kept[key] = pdf


@dataclass(frozen=True, slots=True)
class Context:
    settings: StandInSettings
    world: World
    addresses: Addresses
    faults: Faults
    dice: Dice
    copies: Copies
    index: Index
    windows: Windows = field(default_factory=Windows)
    first_asked: dict[str, float] = field(default_factory=dict)

    def landing_of(self, entry: Entry) -> str | None:
        """Where the DOI leads: to the publisher's copy, or to the wall of a publisher that has none to give."""
        copy = next((copy for copy in entry.copies if copy.host.is_publisher), None)
        if copy is not None:
            return self.addresses.at(copy.host, copy.landing_path)
        return None


def faulty(fault: Fault | None, request: Request, dice: Dice) -> Reply | None:
    """The answer of something that is out of order just now; None if this request is spared."""
    if fault is None or fault.mode in (FaultMode.SEARCH_LIMITED, FaultMode.SEARCH_PAUSED):
        return None
    if fault.share < 1 and dice.throw(f"fault {request.path} {request.query}").random() >= fault.share:
        return None
    return _fault_reply(fault)


def _fault_reply(fault: Fault) -> Reply:
    wait = fault.seconds
    retry = () if wait is None else (("Retry-After", f"{wait:.0f}"),)
    match fault.mode:
        case FaultMode.DOWN:
            return Reply(0, dropped=True, refused="fault")
        case FaultMode.STALL:
            return Reply(0, dropped=True, hold=20.0 if wait is None else wait, refused="fault")
        case FaultMode.HTML:
            return page("We are improving our service", "<p>Please come back later.</p>", refused="fault")
        case FaultMode.SPENT:
            asked = 7200.0 if wait is None else wait
            return Reply(429, b"", None, (("Retry-After", f"{asked:.0f}"),), refused="fault", retry_after=asked)
        case FaultMode.REFUSED:
            return Reply(403, b"Forbidden", "text/plain", refused="fault")
        case FaultMode.TOO_MANY:
            return Reply(429, b"", None, retry, refused="fault", retry_after=wait)
        case _:
            return page("503 Service Unavailable", status=503, headers=retry, refused="fault", retry_after=wait)


def unix_clock() -> Callable[[], float]:
    """Unix time that never steps back, so that the log's spacings are true."""
    start = time.time() - time.perf_counter()
    return lambda: start + time.perf_counter()
