"""What a server counts: requests in a sliding window, requests in flight, and its seeded dice."""

from __future__ import annotations

import random
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Hashable

# Two requests sent a second apart can arrive a little closer together, because the wire and the scheduler are not
# even. The stand-in and the audit forgive this much, and never more.
TOLERANCE = 0.005


class Windows:
    """Sliding windows, one per key; only admitted requests count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._admitted: defaultdict[Hashable, deque[float]] = defaultdict(deque)

    def admit(self, key: Hashable, now: float, limit: int, seconds: float = 1.0) -> bool:
        """Whether a request at `now` is among the first `limit` of the last `seconds`; if so, it is counted."""
        with self._lock:
            times = self._admitted[key]
            while times and times[0] <= now - seconds + TOLERANCE:
                times.popleft()
            if len(times) >= limit:
                return False
            times.append(now)
            return True


class Gauges:
    """Requests in flight, by name."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count: Counter[str] = Counter()

    def enter(self, name: str) -> int:
        """Count one more; returns how many that makes, this one included."""
        with self._lock:
            self._count[name] += 1
            return self._count[name]

    def leave(self, name: str) -> None:
        with self._lock:
            self._count[name] -= 1


class Dice:
    """Chance that depends on the seed, on what is asked and on how often it was asked before, and on nothing else."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lock = threading.Lock()
        self._asked: Counter[str] = Counter()

    def throw(self, key: str) -> random.Random:
        with self._lock:
            self._asked[key] += 1
            count = self._asked[key]
        return random.Random(f"{self._seed}|{key}|{count}")


def seeded_share(seed: int, *parts: str) -> float:
    """A number in 0..1 that depends on the seed and the parts only."""
    return random.Random("|".join((str(seed), *parts))).random()
