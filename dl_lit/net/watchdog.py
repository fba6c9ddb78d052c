"""Shuts the socket of an exchange that goes past its deadline, wherever in the exchange it hangs.

Socket time limits start anew with every byte, so a server that drips one byte a second could hold a worker for ever:
in the TLS handshake, in the headers or in the body. One thread for all exchanges watches the clock.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import socket
import threading
import time


class Watch:
    """The deadline of one exchange (`time.monotonic()`); `expired` turns true when its socket was shut.

    It is `abandoned` when that was not for its deadline but because everything ends.
    """

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.expired = False
        self.abandoned = False
        self.over = False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._owned = False

    def attach(self, sock: socket.socket, *, owned: bool = False) -> None:
        """Watches `sock` from now on; an `owned` one (a duplicate) is closed when it is replaced or let go."""
        with self._lock:
            self._let_go()
            self._socket, self._owned = sock, owned
            if self.expired:
                _shut(sock)

    def cancel(self) -> None:
        with self._lock:
            self.over = True
            self._let_go()

    def expire(self, *, abandoned: bool = False) -> None:
        with self._lock:
            if self.over:
                return
            self.expired, self.abandoned = True, abandoned
            if self._socket is not None:
                _shut(self._socket)

    def _let_go(self) -> None:
        if self._owned and self._socket is not None:
            self._socket.close()
        self._socket = None


class Watchdog:
    """Keeps the watches; its thread starts with the first one and ends with `close`, which ends all exchanges."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._heap: list[tuple[float, int, Watch]] = []
        self._order = itertools.count()
        self._thread: threading.Thread | None = None
        self._closed = False

    def watch(self, deadline: float) -> Watch:
        watch = Watch(deadline)
        with self._changed:
            if self._closed:
                watch.expire(abandoned=True)
                return watch
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="net-watchdog", daemon=True)
                self._thread.start()
            heapq.heappush(self._heap, (deadline, next(self._order), watch))
            if self._heap[0][2] is watch:
                self._changed.notify()
        return watch

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()
            thread = self._thread
            watches = [watch for _, _, watch in self._heap]
        for watch in watches:
            watch.expire(abandoned=True)
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while (watch := self._next_due()) is not None:
            watch.expire()

    def _next_due(self) -> Watch | None:
        with self._changed:
            while not self._closed:
                while self._heap and self._heap[0][2].over:
                    heapq.heappop(self._heap)
                if not self._heap:
                    self._changed.wait()
                elif (wait := self._heap[0][0] - time.monotonic()) > 0:
                    self._changed.wait(wait)
                else:
                    return heapq.heappop(self._heap)[2]
        return None


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # The base class's method: SSLSocket.shutdown would drop the TLS layer below a reader at work.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
