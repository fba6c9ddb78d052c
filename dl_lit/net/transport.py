"""One exchange with one server: a request out through its gate, an answer in under a deadline. No retries, no waits.

Redirects are not followed here. Everything that goes wrong is `FetchFailed` with a `DownloadReason`, or
`AddressRefused`; messages hold no secrets.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar
from urllib3.exceptions import HTTPError

from dl_lit.errors import FetchFailed, Stopping
from dl_lit.model import DownloadReason
from dl_lit.net.body import ACCEPTED
from dl_lit.net.connections import Gate, GuardedAdapter, Wire
from dl_lit.net.guard import AddressGuard, Origin
from dl_lit.net.http import Pairs, pairs
from dl_lit.net.limits import Patience
from dl_lit.net.proxies import proxy_of
from dl_lit.net.reception import Reception, failure
from dl_lit.net.redact import redact
from dl_lit.net.watchdog import Watch, Watchdog


@dataclass(frozen=True, slots=True)
class Call:
    """What to send. `deadline` is on the clock of `time.monotonic()`; `own` is an origin allowed as it is.

    `read_timeout` in seconds takes the place of the transport's, for a service that works long before it answers.
    """

    url: str
    deadline: float
    method: str = "GET"
    params: Pairs = ()
    headers: Pairs = ()
    json: Any = None
    body: bytes | None = None
    read_timeout: float | None = None
    cookies: RequestsCookieJar | None = None
    gate: Gate | None = None
    own: Origin | None = None


class Transport:
    """Sessions, one a thread, over guarded connections; `close` closes them all."""

    def __init__(self, guard: AddressGuard, user_agent: str, patience: Patience) -> None:
        self.guard = guard
        self.patience = patience
        self._user_agent = user_agent
        self._watchdog = Watchdog()
        self._local = threading.local()
        self._lock = threading.Lock()
        self._sessions: dict[threading.Thread, requests.Session] = {}
        self._closed = False

    def deadline(self) -> float:
        return time.monotonic() + self.patience.total

    def open(self, call: Call) -> Reception:
        """Sends `call` and returns as soon as the headers are there."""
        session, wire = self._session()
        try:
            prepared = session.prepare_request(self._request(call))
            # As `session.merge_environment_settings`, which would also read all proxies of the environment each time.
            options = {"stream": True, "verify": _certificates() or session.verify, "cert": session.cert}
        except (requests.RequestException, ValueError):
            raise FetchFailed(
                f"{redact(call.url)} cannot be asked for: not a valid URL.", reason=DownloadReason.CONNECTION
            ) from None
        watch = self._watchdog.watch(call.deadline)
        wire.own, wire.gate, wire.watch = call.own, call.gate, watch
        try:
            response = self._send(session, wire, prepared, options, call.read_timeout or self.patience.read)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            watch.cancel()
            raise failure(error, call.url, watch, DownloadReason.CONNECTION) from None
        except BaseException:
            watch.cancel()
            raise
        _watch_on(watch, response)
        if call.cookies is not None:
            extract_cookies_to_jar(call.cookies, prepared, response.raw)  # type: ignore[no-untyped-call]
        return Reception(response.status_code, response.headers, prepared.url or call.url, response, watch)

    def close(self) -> None:
        """Closes all connections; exchanges under way and later calls raise Stopping."""
        with self._lock:
            self._closed = True
            sessions, self._sessions = self._sessions, {}
        self._watchdog.close()
        for session in sessions.values():
            session.close()

    def _request(self, call: Call) -> requests.Request:
        headers = {"User-Agent": self._user_agent, "Accept-Encoding": ACCEPTED, **dict(pairs(call.headers))}
        return requests.Request(
            call.method,
            call.url.strip(),
            params=pairs(call.params),
            headers=headers,
            json=call.json,
            data=call.body,
            cookies=call.cookies,
        )

    def _send(
        self,
        session: requests.Session,
        wire: Wire,
        prepared: requests.PreparedRequest,
        options: dict[str, Any],
        read_timeout: float,
    ) -> requests.Response:
        url = prepared.url or ""
        proxy = proxy_of(url)
        options["proxies"] = {"all": proxy} if proxy else {}
        if proxy:
            # The proxy makes the connection, so the target is checked before, and the gate passed here.
            self.guard.check(url, own=wire.own, by_proxy=True)
            if wire.gate is not None:
                wire.gate(_nothing)
        left = max(0.001, (wire.watch.deadline if wire.watch else 0) - time.monotonic())
        timeout = (min(self.patience.connect, left), min(read_timeout, left))
        return session.get_adapter(url).send(prepared, timeout=timeout, **options)

    def _session(self) -> tuple[requests.Session, Wire]:
        if self._closed:
            raise _ended()
        if not hasattr(self._local, "session"):
            wire = Wire(self.guard)
            session = requests.Session()
            session.mount("http://", GuardedAdapter(wire))
            session.mount("https://", GuardedAdapter(wire))
            # A `default` entry in ~/.netrc would hand the user's password to every publisher.
            session.auth = _no_auth
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            self._keep(session)
            self._local.session, self._local.wire = session, wire
        return self._local.session, self._local.wire

    def _keep(self, session: requests.Session) -> None:
        """`close` may have come in between; what it does not find in the list nobody closes.

        Threads that lookups are made in come and go: the connections of those that have gone are closed here.
        """
        with self._lock:
            is_late = self._closed
            over = [self._sessions.pop(thread) for thread in tuple(self._sessions) if not thread.is_alive()]
            if is_late:
                over.append(session)
            else:
                self._sessions[threading.current_thread()] = session
        for one in over:
            one.close()
        if is_late:
            raise _ended()


def _certificates() -> str | None:
    """The user's own authorities, by the names that requests knows."""
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or None


def _ended() -> Stopping:
    return Stopping("The program is shutting down; its connections are closed.")


def _watch_on(watch: Watch, response: requests.Response) -> None:
    """Behind a proxy only now is there a socket to be had."""
    connection = response.raw.connection
    if connection is not None and connection.sock is not None:
        watch.attach(connection.sock)


def _nothing() -> None:
    """What is left to write when the gate has been passed already."""


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
