"""How the stand-in behaves: its port, seed, latencies, budgets, and the faults that can be switched while it runs."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from dl_lit.errors import UsageError


class FaultMode(StrEnum):
    """What goes wrong. The two SEARCH words concern OpenAlex only: searches of anonymous clients are shed."""

    DOWN = "down"  # the connection is reset without an answer
    UNAVAILABLE = "unavailable"  # 503
    HTML = "html"  # 200 with an HTML page where data should be
    TOO_MANY = "too_many"  # 429 for ever
    SPENT = "spent"  # 429 with a Retry-After of `seconds`, by default two hours: the budget is spent
    REFUSED = "refused"  # 403: a key or an address that it does not want
    STALL = "stall"  # the connection is held open for `seconds`, then dropped
    SEARCH_LIMITED = "search_limited"  # 429 with Retry-After
    SEARCH_PAUSED = "search_paused"  # 503 with Retry-After


@dataclass(frozen=True, slots=True)
class Fault:
    """`share` is the part of the requests it hits (0..1); `seconds` the length of a stall or the Retry-After sent."""

    mode: FaultMode
    share: float = 1.0
    seconds: float | None = None


def parse_fault(text: str) -> tuple[str, Fault]:
    """`crossref=unavailable`, `openalex=too_many:0.2`, `127.0.0.5=stall`: a name, a mode, perhaps a share."""
    name, _, rest = text.partition("=")
    word, _, share = rest.partition(":")
    try:
        fault = Fault(FaultMode(word), float(share) if share else 1.0)
    except ValueError as error:
        modes = ", ".join(FaultMode)
        raise UsageError(f"Fault {text!r}: write NAME=MODE or NAME=MODE:SHARE, with a mode of {modes}.") from error
    if not name or not 0 <= fault.share <= 1:
        raise UsageError(f"Fault {text!r}: it needs the name of a service or host, and a share between 0 and 1.")
    return name, fault


@dataclass(frozen=True, slots=True)
class StandInSettings:
    """Times in seconds; a latency is the range from which each request's own is drawn.

    `openalex_credits` and `openalex_key_credits` are the budgets of a day without and with a key.
    `crossref_stall_seconds` above 0 holds requests over the concurrency limit for that long before refusing them.
    `semanticscholar_busy` is the share of requests without a key that Semantic Scholar turns away, as it is shared by
    the whole world; `europepmc_hollow` the share that Europe PMC answers with its version and nothing else.
    `drip_seconds` is how long the slow host takes for one file, `trickle_seconds` the one that is slower than anybody
    waits for, `body_seconds` each of the others. `patience_seconds` (whole seconds) is what the busy host and the one
    that renders on demand ask for.
    """

    port: int = 0
    seed: int = 0
    service_latency: tuple[float, float] = (0.005, 0.02)
    host_latency: tuple[float, float] = (0.01, 0.05)
    faults: Mapping[str, Fault] = field(default_factory=lambda: MappingProxyType({}))
    host_quirks: bool = True
    openalex_credits: int = 1_000
    openalex_key_credits: int = 10_000
    openalex_keys: tuple[str, ...] = ("stand-in-key",)
    crossref_stall_seconds: float = 0.0
    semanticscholar_keys: tuple[str, ...] = ("stand-in-key",)
    semanticscholar_busy: float = 0.5
    europepmc_hollow: float = 0.05
    core_keys: tuple[str, ...] = ("stand-in-key",)
    drip_seconds: float = 3.0
    trickle_seconds: float = 3600.0
    body_seconds: float = 0.0
    patience_seconds: int = 2
    oversized_bytes: int = 400_000_000
    log_path: Path | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise UsageError(f"Port {self.port} does not exist; choose one between 1 and 65535, or 0 for any.")
        for share in (self.semanticscholar_busy, self.europepmc_hollow):
            if not 0 <= share <= 1:
                raise UsageError(f"{share} is no share of requests; choose a number between 0 and 1.")
        for low, high in (self.service_latency, self.host_latency):
            if not 0 <= low <= high:
                raise UsageError(f"A latency of {low} to {high} seconds is no range; write the smaller number first.")


REALISTIC_SERVICE_LATENCY = (0.15, 0.4)
REALISTIC_HOST_LATENCY = (0.3, 2.0)


class Faults:
    """The faults in force, by name of service or address of host. Safe to change while requests are served."""

    def __init__(self, settings: StandInSettings) -> None:
        self._lock = threading.Lock()
        self._faults = dict(settings.faults)
        self._host_quirks = settings.host_quirks
        self._credits = settings.openalex_credits

    def set(self, name: str, mode: FaultMode | str, *, share: float = 1.0, seconds: float | None = None) -> None:
        with self._lock:
            self._faults[name] = Fault(FaultMode(mode), share, seconds)

    def clear(self, name: str | None = None) -> None:
        """End the fault of one service or host, or all of them."""
        with self._lock:
            if name is None:
                self._faults.clear()
            else:
                self._faults.pop(name, None)

    def of(self, name: str) -> Fault | None:
        with self._lock:
            return self._faults.get(name)

    @property
    def host_quirks(self) -> bool:
        """False makes every file host a plain one that simply serves its copies."""
        return self._host_quirks

    @host_quirks.setter
    def host_quirks(self, on: bool) -> None:
        self._host_quirks = on

    @property
    def openalex_credits(self) -> int:
        """The budget of a day for clients without a key; credits already spent stay spent."""
        return self._credits

    @openalex_credits.setter
    def openalex_credits(self, credits: int) -> None:
        self._credits = credits
