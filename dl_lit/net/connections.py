"""urllib3 connections that dial only checked addresses and write a request only when its gate opens.

The gate is passed after the connection stands: a slow handshake then delays a request, but can never push two
requests together at the server.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, parse_headers
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from dl_lit.net.guard import AddressGuard, Origin
from dl_lit.net.watchdog import Watch

Write = Callable[[], None]
Gate = Callable[[Write], None]

# Before the one answer: "103 Early Hints", "102 Processing" (RFC 9110, 15.2).
_MOST_INTERIM = 100
_SWITCHING_PROTOCOLS = 101  # an answer for good, which nobody asked for
# A name with many dead addresses must not cost many connect timeouts.
_ADDRESSES_TRIED = 3


@dataclass(slots=True)
class Wire:
    """What the connections of one thread obey during one exchange."""

    guard: AddressGuard
    own: Origin | None = None
    gate: Gate | None = None
    watch: Watch | None = None


class _Answer(HTTPResponse):
    """The one answer to a request: what only says that it will come is passed over."""

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(_MOST_INTERIM):
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not 100 <= status < 200 or status == _SWITCHING_PROTOCOLS:
                return version, status, reason
            parse_headers(self.fp)
        raise HTTPException("no end of interim answers")


class GuardedHTTPConnection(HTTPConnection):
    response_class = _Answer
    wire: Wire
    dialled_for: Origin | None = None

    def _new_conn(self) -> socket.socket:
        self.dialled_for = self.wire.own
        return _dial(self, self.wire)

    def request(self, *args: Any, **kwargs: Any) -> None:
        _write(self, self.wire, lambda: HTTPConnection.request(self, *args, **kwargs))


class GuardedHTTPSConnection(HTTPSConnection):
    response_class = _Answer
    wire: Wire
    dialled_for: Origin | None = None

    def _new_conn(self) -> socket.socket:
        self.dialled_for = self.wire.own
        return _dial(self, self.wire)

    def request(self, *args: Any, **kwargs: Any) -> None:
        _write(self, self.wire, lambda: HTTPConnection.request(self, *args, **kwargs))


def _write(connection: GuardedHTTPConnection | GuardedHTTPSConnection, wire: Wire, write: Write) -> None:
    if connection.dialled_for != wire.own:
        # A kept connection to a service's own address must not serve a URL that somebody else wrote.
        connection.close()
    if connection.sock is None:
        connection.connect()
    if wire.watch is not None and connection.sock is not None:
        wire.watch.attach(connection.sock)
    if wire.gate is None:
        write()
    else:
        wire.gate(write)


def _dial(connection: HTTPConnection, wire: Wire) -> socket.socket:
    try:
        addresses = wire.guard.addresses(connection._dns_host, connection.port or 0, own=wire.own)
    except socket.gaierror as error:
        raise NameResolutionError(connection.host, connection, error) from error
    failure: Exception | None = None
    for address in addresses[:_ADDRESSES_TRIED]:
        try:
            sock = create_connection(
                (address, connection.port),
                connection.timeout,
                source_address=connection.source_address,
                socket_options=connection.socket_options,
            )
        except TimeoutError:
            failure = ConnectTimeoutError(connection, f"Connection to {connection.host} timed out.")
        except OSError as error:
            failure = NewConnectionError(connection, f"Failed to connect to {connection.host}: {error}")
            failure.__cause__ = error
        else:
            if wire.watch is not None:
                # TLS takes the socket over, so the handshake is watched through a duplicate.
                wire.watch.attach(sock.dup(), owned=True)
            return sock
    raise failure or NewConnectionError(connection, f"{connection.host} has no address.")


class _GuardedHTTPPool(HTTPConnectionPool):
    ConnectionCls = GuardedHTTPConnection
    wire: Wire

    def _new_conn(self) -> Any:
        return _wired(super()._new_conn(), self.wire)


class _GuardedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = GuardedHTTPSConnection
    wire: Wire

    def _new_conn(self) -> Any:
        return _wired(super()._new_conn(), self.wire)


def _wired(connection: Any, wire: Wire) -> Any:
    connection.wire = wire
    return connection


class _GuardedManager(PoolManager):
    def __init__(self, wire: Wire, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._wire = wire
        self.pool_classes_by_scheme = {"http": _GuardedHTTPPool, "https": _GuardedHTTPSPool}

    def _new_pool(self, scheme: str, host: str, port: int, request_context: dict[str, Any] | None = None) -> Any:
        return _wired(super()._new_pool(scheme, host, port, request_context), self._wire)


class GuardedAdapter(HTTPAdapter):
    """A requests adapter whose direct connections obey `wire`. (Through a proxy, `transport` checks beforehand.)"""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        super().__init__(pool_connections=8, pool_maxsize=2)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        self.poolmanager = _GuardedManager(
            self._wire, num_pools=connections, maxsize=maxsize, block=block, **pool_kwargs
        )
