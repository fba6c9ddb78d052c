"""One request and its answer on the wire: counting, waiting, sending in the manner asked for, and the log line."""

from __future__ import annotations

import io
import select
import socket
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from dl_lit.standin.arrival import Arrivals
from dl_lit.standin.log import Entry, redact
from dl_lit.standin.wire import Reply, Request

if TYPE_CHECKING:
    from dl_lit.standin.server import StandIn

HOME = "127.0.0.1"  # the address of the services; the others are file hosts
PIECE = 65_536
DRIPS = 40
MAX_BODY = 10_000_000


def _destination(host: str, path: str) -> tuple[str, str]:
    """The name that is counted and the path below it: of the service on 127.0.0.1, of the file host elsewhere."""
    if host != HOME:
        return host, path
    _, name, *rest = f"{path}/".split("/", 2)
    return name, "/" + "".join(rest).removesuffix("/") if rest and rest[0] else "/"


class Once:
    """Calls a function the first time only."""

    def __init__(self, function: Callable[[], None]) -> None:
        self._function: Callable[[], None] | None = function

    def __call__(self) -> None:
        function, self._function = self._function, None
        if function is not None:
            function()


class Exchange(BaseHTTPRequestHandler):
    """A connection that is kept open for many requests."""

    protocol_version = "HTTP/1.1"
    wbufsize = 65_536
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self._arrivals = Arrivals(self.connection)
        self.rfile.close()
        self.rfile = io.BufferedReader(self._arrivals)

    def parse_request(self) -> bool:
        # A request begins when it has come, not when a thread has read it or understood its headers.
        came = self._arrivals.arrived
        self._began = self._standin.clock() - (max(0.0, time.time() - came) if came is not None else 0.0)
        return super().parse_request()

    @property
    def _standin(self) -> StandIn:
        return self.server.standin  # type: ignore[attr-defined, no-any-return]  # the server is always a Listener

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the request log tells all."""

    def do_GET(self) -> None:
        standin = self._standin
        host = self.connection.getsockname()[0]
        parts = urlsplit(self.path)
        name, path = _destination(host, parts.path)
        in_flight = standin.gauges.enter(name)
        self._leave = Once(lambda: standin.gauges.leave(name))
        self._finished = self._began
        reply, delivered = Reply(500), False
        try:
            body = self._read_body()
            headers = {key.lower(): value for key, value in self.headers.items()}
            query = tuple(parse_qsl(parts.query, keep_blank_values=True))
            request = Request(self.command, path, query, parts.query, headers, host, self._began, in_flight, body)
            reply = standin.answer(name, request)
            delivered = self._wait(standin.latency(name, request) + reply.hold) and self._send(reply)
        except OSError:
            self.close_connection = True
        finally:
            self._leave()
            self._log(name, host, reply, in_flight, delivered)

    do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_GET  # noqa: N815  # the base class's names

    def _read_body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        return self.rfile.read(min(int(length) if length.isdigit() else 0, MAX_BODY))

    def _wait(self, seconds: float) -> bool:
        """Wait unless the client leaves (or we are stopped, which hangs up on it); whether it is still there."""
        poll = select.poll()
        poll.register(self.connection, select.POLLIN)
        if not poll.poll(seconds * 1000):
            return True
        try:
            gone = not self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except OSError:
            gone = True
        if not gone:  # it has sent its next request already
            self._standin.stopping.wait(seconds)
        self.close_connection = self.close_connection or gone
        return not gone

    def _send(self, reply: Reply) -> bool:
        if reply.dropped:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            self.close_connection = True
            return False
        self.close_connection = self.close_connection or reply.unannounced
        self.wfile.write(self._head(reply))
        if self.command == "HEAD" or not reply.body:
            return self._send_last(b"")
        if reply.announced is not None and reply.announced != len(reply.body):
            self.close_connection = True
        if reply.drip:
            return self._drip(reply)
        for _ in range(reply.repeat - 1):
            self.wfile.write(reply.body)
        last = max(0, len(reply.body) - PIECE)
        self.wfile.write(reply.body[:last])
        return self._send_last(reply.body[last:])

    def _drip(self, reply: Reply) -> bool:
        size = -(-len(reply.body) // DRIPS)
        pieces = [reply.body[start : start + size] for start in range(0, len(reply.body), size)]
        for piece in pieces[:-1]:
            self.wfile.write(piece)
            self.wfile.flush()
            if not self._wait(reply.drip / len(pieces)):
                return False
        return self._send_last(pieces[-1])

    def _send_last(self, piece: bytes) -> bool:
        """Once these bytes are out, the client may send its next request: so it is no longer in flight before."""
        self.wfile.write(piece)
        self._leave()
        self._finished = self._standin.clock()
        self.wfile.flush()
        return True

    def _head(self, reply: Reply) -> bytes:
        phrase = HTTPStatus(reply.status).phrase
        lines = [f"HTTP/1.1 {reply.status} {phrase}", f"Date: {self.date_time_string()}"]
        if reply.content_type is not None:
            lines.append(f"Content-Type: {reply.content_type}")
        if not reply.unannounced:
            lines.append(f"Content-Length: {reply.length}")
        lines += [f"{name}: {value}" for name, value in reply.headers]
        if self.close_connection:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def _log(self, name: str, host: str, reply: Reply, in_flight: int, delivered: bool) -> None:
        self._standin.log.write(
            Entry(
                time=self._began,
                finished=max(self._finished, self._began) if delivered else self._standin.clock(),
                host=host,
                service=None if name == host else name,
                bucket=reply.bucket,
                method=self.command,
                path=redact(self.path),
                status=reply.status,
                in_flight=in_flight,
                delivered=delivered,
                client=self.client_address[1],
                refused=reply.refused,
                cost=reply.cost,
                left=reply.left,
                retry_after=reply.retry_after,
                crawl_delay=reply.crawl_delay,
            )
        )
