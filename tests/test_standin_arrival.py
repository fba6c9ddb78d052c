"""A request counts from when it came to the machine, however late it is read."""

from __future__ import annotations

import io
import socket
import sys
import time

import pytest

from dl_lit.standin.arrival import Arrivals, stamp


def connected() -> tuple[socket.socket, socket.socket]:
    with socket.socket() as listener:
        stamp(listener)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
        return client, server


def wait_until_told(client: socket.socket, arrivals: Arrivals) -> None:
    """The kernel begins to note times a little after it was asked to, by a task of its own."""
    deadline = time.monotonic() + 20
    while arrivals.arrived is None and time.monotonic() < deadline:
        client.sendall(b"x")
        arrivals.readinto(bytearray(1))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells when bytes came")
def test_bytes_that_are_read_late_are_known_to_have_come_early() -> None:
    client, server = connected()
    with client, server:
        arrivals = Arrivals(server)
        wait_until_told(client, arrivals)
        reader = io.BufferedReader(arrivals)
        for line in (b"first\n", b"second\n"):
            before = time.time()
            client.sendall(line)
            time.sleep(0.05)  # the reader is busy elsewhere; what came late would tell so
            assert reader.readline() == line
            assert arrivals.arrived is not None
            assert before - 0.005 <= arrivals.arrived <= time.time() - 0.04


def test_the_end_of_a_connection_is_the_end_of_its_bytes() -> None:
    client, server = connected()
    with server:
        client.close()
        assert io.BufferedReader(Arrivals(server)).readline() == b""
