"""Answers that the library could not take because another program held it: kept in memory until it can."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dl_lit.errors import DatabaseBusy
from dl_lit.services.base import Cache, Cached

MOST = 5_000  # answers; the oldest are forgotten first


@dataclass(frozen=True, slots=True)
class _Held:
    payload: str | None
    ttl_seconds: float


class Unkept:
    """A cache before another one. What that refuses is known all the same, so that nothing is asked for twice, and goes
    along with the next answers that it takes."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._held: dict[tuple[str, str], _Held] = {}
        self._lock = threading.Lock()

    def cache_get_many(self, service: str, keys: Sequence[str]) -> Mapping[str, Cached]:
        with self._lock:
            held = {key: self._held[service, key] for key in keys if (service, key) in self._held} if self._held else {}
        return {**self._cache.cache_get_many(service, [key for key in keys if key not in held]), **held}

    def cache_put_many(self, service: str, answers: Mapping[str, str | None], ttl_seconds: float) -> None:
        """Raises DatabaseBusy when they are in memory only."""
        try:
            self._cache.cache_put_many(service, answers, ttl_seconds)
        except DatabaseBusy:
            self._hold(service, answers, ttl_seconds)
            raise
        with self._lock:
            for key in answers:
                self._held.pop((service, key), None)  # older than what was just taken
        self._hand_on()

    def _hold(self, service: str, answers: Mapping[str, str | None], ttl_seconds: float) -> None:
        with self._lock:
            self._held.update({(service, key): _Held(payload, ttl_seconds) for key, payload in answers.items()})
            for oldest in list(self._held)[:-MOST]:
                del self._held[oldest]

    def _hand_on(self) -> None:
        """What was held goes to the other cache, or is held again."""
        with self._lock:
            held, self._held = self._held, {}
        groups: defaultdict[tuple[str, float], dict[str, str | None]] = defaultdict(dict)
        for (service, key), one in held.items():
            groups[service, one.ttl_seconds][key] = one.payload
        for (service, ttl_seconds), answers in groups.items():
            try:
                self._cache.cache_put_many(service, answers, ttl_seconds)
            except DatabaseBusy:
                self._hold(service, answers, ttl_seconds)
