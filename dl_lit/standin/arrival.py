"""When bytes came to this machine, by the word of its kernel, however late a busy process reads them.

What is judged is when a client sent. On loopback that is when the kernel got it; a thread of the server may come to
read it a tenth of a second later when the processors are busy, and would take two polite requests for one breach.
"""

from __future__ import annotations

import contextlib
import io
import socket
import struct
import sys
from collections.abc import Iterable
from typing import Any

_STAMP = struct.Struct("ll")  # seconds and nanoseconds
_SPACE = socket.CMSG_SPACE(_STAMP.size) if hasattr(socket, "CMSG_SPACE") else 0
_OPTION = 35 if sys.platform == "linux" else None  # SO_TIMESTAMPNS, which Python has no name for


def stamp(listener: socket.socket) -> None:
    """From now on the connections that it accepts know when bytes came; where the system cannot, nothing changes."""
    if _OPTION is not None:
        with contextlib.suppress(OSError):
            listener.setsockopt(socket.SOL_SOCKET, _OPTION, 1)


class Arrivals(io.RawIOBase):
    """Reads a connection. `arrived` is the unix time at which what was read last came; None where nobody knows."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.arrived: float | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if _OPTION is None:
            return self._connection.recv_into(buffer)
        size, told, _, _ = self._connection.recvmsg_into([buffer], _SPACE)
        self.arrived = _time(told)
        return size


def _time(told: Iterable[tuple[int, int, bytes]]) -> float | None:
    for level, kind, data in told:
        if (level, kind) == (socket.SOL_SOCKET, _OPTION) and len(data) == _STAMP.size:
            seconds, nanoseconds = _STAMP.unpack(data)
            return float(seconds + nanoseconds / 1e9)
    return None
