"""A real HTTP/1.1 server on loopback for tests: a function answers, and every arrival is recorded.

with LocalServer(lambda arrival: Reply(body=b"hello")) as server:
    requests.get(server.url + "/x")
assert server.paths == ["/x"]
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from types import TracebackType
from typing import cast


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request as it reached the server; `time` is `time.monotonic()`, `in_flight` counts this request too."""

    time: float
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    in_flight: int
    client: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server sends. A `body` of several chunks is flushed chunk by chunk, without a Content-Length;
    `raw` goes to the socket as it is, in place of status, headers and body."""

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = field(default_factory=dict)
    raw: Iterable[bytes] | None = None


Answer = Callable[[Arrival], Reply]


class LocalServer:
    """Serves on `address` at a free port while the `with` block runs."""

    def __init__(
        self,
        answer: Answer | None = None,
        address: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.answer: Answer = answer or (lambda arrival: Reply())
        self.arrivals: list[Arrival] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._in_flight = 0
        self._server = _Server((address, port), _Handler)
        self._server.owner = self
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://{self._server.server_address[0]!s}:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [arrival.path for arrival in self.arrivals]

    @property
    def times(self) -> list[float]:
        return [arrival.time for arrival in self.arrivals]

    @property
    def most_in_flight(self) -> int:
        return max((arrival.in_flight for arrival in self.arrivals), default=0)

    def __enter__(self) -> LocalServer:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def arrive(self, handler: BaseHTTPRequestHandler, body: bytes) -> Arrival:
        now = time.monotonic()
        with self._lock:
            self._in_flight += 1
            headers = {name.lower(): value for name, value in handler.headers.items()}
            client = handler.client_address
            arrival = Arrival(now, handler.command, handler.path, headers, body, self._in_flight, client)
            self.arrivals.append(arrival)
        return arrival

    def leave(self) -> None:
        with self._lock:
            self._in_flight -= 1


def busiest_window(times: Iterable[float], width: float) -> int:
    """The greatest number of `times` that fall into any half-open window of `width` seconds."""
    ordered = sorted(times)
    start = most = 0
    for end, moment in enumerate(ordered):
        while ordered[start] <= moment - width:
            start += 1
        most = max(most, end - start + 1)
    return most


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a handler that drips for ever must not hold up the end of a test
    owner: LocalServer

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer's would look the name up in the DNS
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up in the middle is what several tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without these two, Nagle and delayed acknowledgements cost 44 ms a request.
    wbufsize = 65536
    disable_nagle_algorithm = True
    timeout = 30
    server: _Server

    def _serve(self) -> None:
        owner = self.server.owner
        arrival = owner.arrive(self, self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        try:
            reply = owner.answer(arrival)
            streamed = self._begin(reply)
        except BaseException:
            owner.leave()
            raise
        if streamed is None:
            # Before the flush: the client must not be able to send its next request while this one still counts.
            owner.leave()
            self.wfile.flush()
            return
        try:
            self._drip(streamed)
        finally:
            owner.leave()

    do_GET = do_POST = do_HEAD = _serve  # noqa: N815 (the names are http.server's)

    def _begin(self, reply: Reply) -> Iterable[bytes] | None:
        """Buffers the head, and the body if it is whole; returns the chunks that are still to be sent."""
        if reply.raw is not None:
            self.close_connection = True
            return reply.raw
        self.send_response(reply.status)
        for name, value in reply.headers.items() if isinstance(reply.headers, Mapping) else reply.headers:
            self.send_header(name, value)
        whole = reply.body if isinstance(reply.body, bytes) else None
        if whole is None:
            self.send_header("Connection", "close")
            self.close_connection = True
            self.end_headers()
            return cast("Iterable[bytes]", reply.body)
        self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(whole)
        return None

    def _drip(self, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            if self.server.owner.closing.is_set():
                return
            self.wfile.write(chunk)
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Tests read `arrivals`; nothing goes to standard error."""
