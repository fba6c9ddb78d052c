"""A place at a file host: open URLs there one after another, then say how it went."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from requests.cookies import RequestsCookieJar

from dl_lit.errors import FetchFailed
from dl_lit.model import DownloadReason
from dl_lit.net.guard import host_key
from dl_lit.net.host import Host
from dl_lit.net.http import Pairs, retry_after
from dl_lit.net.reception import Reception
from dl_lit.net.redact import redact
from dl_lit.net.robots import Robots, Rules
from dl_lit.net.transport import Call, Transport

_HOPS = 10
_OVERLOADED = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class StreamedResponse:
    """An answer whose body is still to be read. `location` is set on a redirect not followed: absolute, checked."""

    status: int
    headers: Mapping[str, str]
    url: str
    location: str | None
    _reception: Reception
    _max_bytes: int

    def iter_bytes(self, max_bytes: int | None = None) -> Iterator[bytes]:
        """The decompressed body; FetchFailed (truncated, timeout, too_large, damaged) in the middle if need be."""
        return self._reception.chunks(self._max_bytes if max_bytes is None else max_bytes)

    @property
    def max_bytes(self) -> int:
        """The most that is taken of a body unless `iter_bytes` is told otherwise."""
        return self._max_bytes

    def read(self, max_bytes: int | None = None) -> bytes:
        return b"".join(self.iter_bytes(max_bytes))

    @property
    def received(self) -> int:
        """Bytes of the body that came over the wire so far."""
        return self._reception.received

    @property
    def retry_after(self) -> float | None:
        return retry_after(self.headers)


class Lease:
    """One of a host's places, from `HostPools.try_enter`. As a `with` block it calls `done` by itself."""

    def __init__(self, host: Host, transport: Transport, robots: Robots, max_bytes: int) -> None:
        self._host = host
        self._transport = transport
        self._robots = robots
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._slot: float | None = time.time()  # in hand when it begins, as `HostPools.try_enter` has it
        self._left = False
        self._written = time.monotonic()

    @property
    def host(self) -> str:
        return self._host.name

    @property
    def max_bytes(self) -> int:
        """The most that is taken of a body."""
        return self._max_bytes

    @property
    def most_seconds(self) -> float:
        """The time limit of a whole exchange."""
        return self._transport.patience.total

    @contextlib.contextmanager
    def open(
        self,
        url: str,
        *,
        headers: Pairs = (),
        cookies: RequestsCookieJar | None = None,
        deadline: float | None = None,
        max_bytes: int | None = None,
        spent: float = 0.0,
        follow: bool = True,
    ) -> Iterator[StreamedResponse]:
        """GETs `url`, following redirects within this host only, or none; each one followed waits here for its turn.

        `deadline` is on the clock of `time.monotonic()` (default: the total time limit from now, without the seconds
        `spent` on the same body before). After the first request of a lease each further one waits for the host's
        spacing. Raises FetchFailed, AddressRefused, Stopping.
        """
        if host_key(url) != self._host.name:
            raise ValueError(f"this lease is for {self._host.name}")
        call = Call(
            url=url,
            deadline=self._transport.deadline() - spent if deadline is None else deadline,
            headers=headers,
            cookies=cookies if cookies is not None else RequestsCookieJar(),
            gate=self._gate,
        )
        reception, location = self._follow(call) if follow else self._step(call)
        with contextlib.closing(reception):
            yield StreamedResponse(
                status=reception.status,
                headers=reception.headers,
                url=reception.url,
                location=location,
                _reception=reception,
                _max_bytes=self._max_bytes if max_bytes is None else max_bytes,
            )

    def book(self) -> float:
        """The slot (`time.monotonic()`) of a next request here, not waited for: see `HostPools.try_enter`."""
        return self._host.pacer.book()

    def rules(self, url: str) -> Rules:
        """What the host's robots.txt says, also of this page; asks for it if it is not known yet.

        Raises AddressRefused, Stopping.
        """
        rules = self._robots.rules(url, self._fetch_robots)
        if rules.crawl_delay:
            self._host.pacer.tune(1.0 / rules.crawl_delay)
        return rules

    def allows(self, url: str) -> bool:
        """Whether the host's robots.txt lets us read this page: see `rules`."""
        return self.rules(url).allow(url)

    def done(self, ok: bool | None, retry_after: float | None = None) -> None:
        """Gives the place back; only the first call counts.

        `ok` is about the host, not the file: a clear "404" is ok. `ok` False counts towards the end of this host,
        None neither for nor against it.
        """
        with self._lock:
            if self._left:
                return
            self._left = True
        self._host.leave(ok, retry_after)

    def __enter__(self) -> Lease:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: Any) -> None:
        self.done(ok=kind is None)

    def _fetch_robots(self, url: str, max_bytes: int, seconds: float) -> tuple[int, bytes]:
        body = b""
        with self.open(url, deadline=time.monotonic() + seconds) as response:
            if response.status == 200:
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) >= max_bytes:
                        break  # RFC 9309: what is beyond may be ignored
            return response.status, body[:max_bytes]

    def _follow(self, call: Call) -> tuple[Reception, str | None]:
        seen: set[tuple[str, str]] = set()
        for _ in range(_HOPS + 1):
            reception, target = self._step(call)
            if target is None or host_key(target) != self._host.name:
                return reception, target
            reception.close()
            # The same place once more is no circle if we come with other cookies.
            step = (target, str(call.cookies))
            if step in seen:
                break
            seen.add(step)
            call = replace(call, url=target)
        raise FetchFailed(
            f"{redact(call.url)} redirects in circles.", reason=DownloadReason.REDIRECT_LOOP, url=redact(call.url)
        )

    def _step(self, call: Call) -> tuple[Reception, str | None]:
        """One request, and where its answer leads to, checked."""
        reception = self._send(call)
        try:
            target = reception.location
            if target is not None:
                self._transport.guard.check(target)
        except BaseException:
            reception.close()
            raise
        return reception, target

    def _send(self, call: Call) -> Reception:
        if self._slot is None:
            self._slot = self._host.pacer.slot()
        try:
            return self._exchanged(call)
        finally:
            self._slot = None

    def _exchanged(self, call: Call) -> Reception:
        try:
            reception = self._transport.open(call)
        except FetchFailed as error:
            if error.reason == DownloadReason.TIMEOUT:
                self._host.pacer.slow_down(self._written)
            raise
        if reception.status in _OVERLOADED:
            self._host.pacer.slow_down(self._written)
        elif reception.status < 500:
            self._host.pacer.went_well(time.monotonic() - self._written)
        return reception

    def _gate(self, write: Callable[[], None]) -> None:
        def marked() -> None:
            self._written = time.monotonic()
            write()

        self._host.pacer.gate(marked, self._slot)
