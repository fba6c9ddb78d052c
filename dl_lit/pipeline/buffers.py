"""The bounded buffer between a stage's feeder and its workers, and the watermarks of back-pressure.

The buffer holds claimed rows only; the table stays the truth, so losing a buffer loses nothing.
"""

from __future__ import annotations

import heapq
import queue
import threading
import time
from collections.abc import Callable

from dl_lit.pipeline.work import Item


class Buffer:
    """A bounded `queue.Queue` of fresh items, and a heap of parked ones that come back when their time is up."""

    def __init__(self, size: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.size = size
        self._fresh: queue.Queue[Item] = queue.Queue(maxsize=size)
        self._parked: list[tuple[float, int, Item]] = []
        self._count = 0
        self._lock = threading.Lock()
        self._clock = clock

    def free(self) -> int:
        """How many items the feeder may add. Parked rows count only beyond five queues full of them, so that one slow
        host cannot keep the others from being fed."""
        room = self.size - self._fresh.qsize()
        return max(0, min(room, 5 * self.size - self.parked()))

    def put(self, item: Item) -> None:
        """Never blocks: only the feeder puts, and no more than `free` allows."""
        self._fresh.put_nowait(item)

    def park(self, item: Item, seconds: float) -> None:
        with self._lock:
            self._count += 1
            heapq.heappush(self._parked, (self._clock() + max(0.0, seconds), self._count, item))

    def take(self, limit: int, timeout: float) -> list[Item]:
        """Up to `limit` items: those whose waiting is over first, then fresh ones; empty after `timeout` seconds."""
        items = self._due(limit)
        if items:
            return items
        try:
            items = [self._fresh.get(timeout=self._until_due(timeout))]
        except queue.Empty:
            return self._due(limit)
        while len(items) < limit:
            try:
                items.append(self._fresh.get_nowait())
            except queue.Empty:
                break
        return items

    def _due(self, limit: int) -> list[Item]:
        items: list[Item] = []
        with self._lock:
            while len(items) < limit and self._parked and self._parked[0][0] <= self._clock():
                items.append(heapq.heappop(self._parked)[2])
        return items

    def _until_due(self, timeout: float) -> float:
        with self._lock:
            if not self._parked:
                return max(0.0, timeout)
            return min(max(0.001, self._parked[0][0] - self._clock()), max(0.001, timeout))

    def empty(self) -> list[Item]:
        """Takes everything out, parked items too."""
        items: list[Item] = []
        while True:
            try:
                items.append(self._fresh.get_nowait())
            except queue.Empty:
                break
        with self._lock:
            items += [item for _, _, item in self._parked]
            self._parked.clear()
        return items

    def queued(self) -> int:
        return self._fresh.qsize()

    def parked(self) -> int:
        with self._lock:
            return len(self._parked)


class Watermarks:
    """Back-pressure with two marks: closed from `high` rows up, open again at `low` or below."""

    def __init__(self, high: int, low: int) -> None:
        self.high = high
        self.low = low
        self._closed = False

    def closed(self, backlog: int) -> bool:
        """Whether the stage above must stop claiming, now that this many rows wait below it."""
        if backlog >= self.high:
            self._closed = True
        elif backlog <= self.low:
            self._closed = False
        return self._closed
