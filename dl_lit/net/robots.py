"""robots.txt of hosts whose landing pages are read (RFC 9309): 4xx allows all, 5xx and silence allow nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from dl_lit.errors import FetchFailed
from dl_lit.model import DownloadReason

AGENT = "dl-lit"

_DAY = 24 * 3600.0
_SOON = 5.0  # after no answer: who comes at the same time need not ask too
_MAX_BYTES = 512 * 1024
_SECONDS = 15.0
_LONGEST_DELAY = 60.0

# (url, max_bytes, seconds) -> status and body
Fetch = Callable[[str, int, float], tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin's robots.txt says to us; without `parsed`, all or nothing is allowed.

    It said nothing if there was `trouble` or a `status` that is no answer: then it does not forbid, it is down.
    """

    expires: float
    parsed: Protego | None = None
    all_allowed: bool = False
    trouble: FetchFailed | None = None
    status: int | None = None

    def allow(self, url: str) -> bool:
        return bool(self.parsed.can_fetch(url, AGENT)) if self.parsed is not None else self.all_allowed

    @property
    def crawl_delay(self) -> float | None:
        """Seconds between two requests, if they are named; more than a minute is taken as one."""
        delay = self.parsed.crawl_delay(AGENT) if self.parsed is not None else None
        return min(float(delay), _LONGEST_DELAY) if delay else None


class Robots:
    """Rules of each origin, asked for once a day at most."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asking: dict[str, threading.Lock] = {}
        self._rules: dict[str, Rules] = {}

    def is_being_asked(self, url: str) -> bool:
        """Whether somebody waits for this origin's rules just now: who comes too would only wait for him."""
        origin = _origin(url)
        with self._lock:
            asking, rules = self._asking.get(origin), self._rules.get(origin)
        is_known = rules is not None and rules.expires > time.monotonic()
        return asking is not None and asking.locked() and not is_known

    def rules(self, url: str, fetch: Fetch) -> Rules:
        origin = _origin(url)
        with self._lock:
            asking = self._asking.setdefault(origin, threading.Lock())
        with asking:
            rules = self._rules.get(origin)
            if rules is None or rules.expires <= time.monotonic():
                rules = self._rules[origin] = _ask(f"{origin}/robots.txt", fetch)
            return rules


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def _ask(url: str, fetch: Fetch) -> Rules:
    try:
        status, body = fetch(url, _MAX_BYTES, _SECONDS)
    except FetchFailed as error:
        if error.reason == DownloadReason.REDIRECT_LOOP:  # unavailable, as if it were not there (RFC 9309, 2.3.1.2)
            return Rules(time.monotonic() + _DAY, all_allowed=True)
        return Rules(time.monotonic() + _SOON, trouble=error)
    now = time.monotonic()
    if status == 200:
        return Rules(now + _DAY, parsed=Protego.parse(body.decode("utf-8-sig", errors="replace")))
    if status >= 500 or status == 429:
        return Rules(now + _SOON, status=status)
    return Rules(now + _DAY, all_allowed=True)
