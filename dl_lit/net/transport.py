"""One exchange with one server: a request out through its gate, an answer in under a deadline. No retries, no waits.

Redirects are not followed here. Everything that goes wrong is `FetchFailed` with a `DownloadReason`, or
`AddressRefused`; messages hold no secrets.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin

import requests
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar
from requests.utils import requote_uri, select_proxy
from urllib3.exceptions import HTTPError

from dl_lit.errors import AddressRefused, FetchFailed
from dl_lit.model import DownloadReason
from dl_lit.net.body import ACCEPTED, decoded
from dl_lit.net.connections import Gate, GuardedAdapter, Wire
from dl_lit.net.guard import AddressGuard, Origin
from dl_lit.net.http import Pairs, pairs
from dl_lit.net.limits import Patience
from dl_lit.net.redact import redact
from dl_lit.net.watchdog import Watch, Watchdog

_CHUNK = 64 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Call:
    """What to send. `deadline` is on the clock of `time.monotonic()`; `own` is an origin allowed as it is."""

    url: str
    deadline: float
    method: str = "GET"
    params: Pairs = ()
    headers: Pairs = ()
    json: Any = None
    cookies: RequestsCookieJar | None = None
    gate: Gate | None = None
    own: Origin | None = None


@dataclass(slots=True)
class Reception:
    """An answer whose body is still on the wire; close it, or read `chunks` to the end."""

    status: int
    headers: Mapping[str, str]
    url: str
    _response: requests.Response
    _watch: Watch
    received: int = field(default=0)

    @property
    def location(self) -> str | None:
        """Where a redirect leads, as an absolute URL."""
        target = self.headers.get("Location") if self.status in REDIRECTS else None
        if not target:
            return None
        with contextlib.suppress(UnicodeError):
            target = target.encode("latin-1").decode("utf-8")
        return requote_uri(urljoin(self.url, target.strip()))

    def chunks(self, max_bytes: int) -> Iterator[bytes]:
        """The decompressed body; FetchFailed when it is cut off, too slow, damaged or over `max_bytes`."""
        return decoded(self._wire_chunks(), self.headers.get("Content-Encoding"), max_bytes)

    def close(self) -> None:
        self._watch.cancel()
        self._response.close()

    def _wire_chunks(self) -> Iterator[bytes]:
        raw = self._response.raw
        while True:
            try:
                chunk: bytes = raw.read1(_CHUNK, decode_content=False)
            except (HTTPError, OSError, ValueError) as error:
                raise _failure(error, self.url, self._watch, DownloadReason.TRUNCATED) from error
            if self._watch.expired:  # the end of a shut socket looks like the end of a body
                raise _too_slow(self.url)
            if not chunk:
                return
            self.received += len(chunk)
            yield chunk


class Transport:
    """Sessions, one a thread, over guarded connections; `close` closes them all."""

    def __init__(self, guard: AddressGuard, user_agent: str, patience: Patience) -> None:
        self.guard = guard
        self.patience = patience
        self._user_agent = user_agent
        self._watchdog = Watchdog()
        self._local = threading.local()
        self._lock = threading.Lock()
        self._sessions: list[requests.Session] = []

    def deadline(self) -> float:
        return time.monotonic() + self.patience.total

    def open(self, call: Call) -> Reception:
        """Sends `call` and returns as soon as the headers are there."""
        session, wire = self._session()
        try:
            prepared = session.prepare_request(self._request(call))
            proxies = session.merge_environment_settings(call.url, {}, True, None, None)
        except (requests.RequestException, ValueError) as error:
            raise FetchFailed(
                f"{redact(call.url)} cannot be asked for: not a valid URL.", reason=DownloadReason.CONNECTION
            ) from error
        watch = self._watchdog.watch(call.deadline)
        wire.own, wire.gate, wire.watch, wire.written = call.own, call.gate, watch, False
        try:
            response = self._send(session, wire, prepared, dict(proxies))
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            watch.cancel()
            raise _failure(error, call.url, watch, DownloadReason.CONNECTION, written=wire.written) from error
        except BaseException:
            watch.cancel()
            raise
        if call.cookies is not None:
            extract_cookies_to_jar(call.cookies, prepared, response.raw)  # type: ignore[no-untyped-call]
        return Reception(response.status_code, response.headers, prepared.url or call.url, response, watch)

    def close(self) -> None:
        with self._lock:
            sessions, self._sessions = self._sessions, []
        for session in sessions:
            session.close()
        self._watchdog.close()

    def _request(self, call: Call) -> requests.Request:
        headers = {"User-Agent": self._user_agent, "Accept-Encoding": ACCEPTED, **dict(pairs(call.headers))}
        return requests.Request(
            call.method,
            call.url.strip(),
            params=pairs(call.params),
            headers=headers,
            json=call.json,
            cookies=call.cookies,
        )

    def _send(
        self, session: requests.Session, wire: Wire, prepared: requests.PreparedRequest, options: dict[str, Any]
    ) -> requests.Response:
        url = prepared.url or ""
        if select_proxy(url, options["proxies"]):
            # The proxy makes the connection, so the target is checked before, and the gate passed here.
            self.guard.check(url, own=wire.own)
            wire.pass_gate(lambda: None)
        left = max(0.001, (wire.watch.deadline if wire.watch else 0) - time.monotonic())
        timeout = (min(self.patience.connect, left), min(self.patience.read, left))
        return session.get_adapter(url).send(prepared, timeout=timeout, **options)

    def _session(self) -> tuple[requests.Session, Wire]:
        if not hasattr(self._local, "session"):
            wire = Wire(self.guard)
            session = requests.Session()
            session.mount("http://", GuardedAdapter(wire))
            session.mount("https://", GuardedAdapter(wire))
            # A `default` entry in ~/.netrc would hand the user's password to every publisher.
            session.auth = _no_auth
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            with self._lock:
                self._sessions.append(session)
            self._local.session, self._local.wire = session, wire
        return self._local.session, self._local.wire


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _failure(
    error: Exception, url: str, watch: Watch, default: DownloadReason, *, written: bool = True
) -> FetchFailed | AddressRefused:
    if watch.expired:
        return _too_slow(url, written=written)
    slow = isinstance(error, requests.Timeout | TimeoutError) or "timed out" in str(error).lower()
    reason = DownloadReason.TIMEOUT if slow else default
    said = "did not answer in time" if slow else f"broke off ({_cause(error)})"
    return FetchFailed(f"{redact(url)} {said}.", reason=reason, url=redact(url), written=written)


def _too_slow(url: str, *, written: bool = True) -> FetchFailed:
    return FetchFailed(
        f"{redact(url)} took longer than the total time limit.",
        reason=DownloadReason.TIMEOUT,
        url=redact(url),
        written=written,
    )


def _cause(error: BaseException) -> str:
    """The name of the innermost error: the texts of requests and urllib3 contain whole URLs."""
    seen = error
    while (inner := getattr(seen, "reason", None) or seen.__cause__ or seen.__context__) and isinstance(
        inner, BaseException
    ):
        if inner is seen:
            break
        seen = inner
    return type(seen).__name__ if not isinstance(seen, OSError) or not seen.strerror else seen.strerror
