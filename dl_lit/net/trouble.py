"""What a service did instead of answering, in words: the same for every question, so that rows that wait for one cause
are counted together; and what a person can do about it."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass

from dl_lit.errors import FetchFailed
from dl_lit.model import DownloadReason

AGAIN = "Wait some minutes, then run the same command again."


@dataclass(frozen=True, slots=True)
class Trouble:
    """`did` follows the service's name: "was overloaded (503)"; `cure` is whole sentences."""

    did: str
    cure: str

    def told(self, service: str) -> str:
        return f"{service} {self.did}. {self.cure}"


def of_status(status: int, advice: str) -> Trouble:
    """A status that is tried again later; `advice` says what would raise the limits, or is empty."""
    if status == 429:
        return Trouble("asked us to slow down (429)", _joined(AGAIN, advice))
    if status < 500 or status in (503, 504):
        return Trouble(f"was overloaded ({status})", _joined(AGAIN, advice))
    return Trouble(f"answered with an error ({status})", AGAIN)


def of_failure(error: FetchFailed, service: str) -> Trouble:
    """No answer, or half of one."""
    cause = error.context.get("cause")
    because = f" ({cause})" if cause else ""
    cure = f"Check your connection, your proxy and services.{service}.base_url; then run the same command again."
    if error.reason == DownloadReason.TIMEOUT:
        return Trouble("did not answer in time", AGAIN)
    if error.reason == DownloadReason.TRUNCATED:
        return Trouble(f"broke off{because}", AGAIN)
    return Trouble(f"could not be reached{because}", cure)


class Troubles:
    """Counts them over a run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: Counter[str] = Counter()
        self._last: Trouble | None = None

    def add(self, trouble: Trouble) -> None:
        with self._lock:
            self._times[trouble.did] += 1
            self._last = trouble

    def latest(self) -> tuple[str, str]:
        """What it did last and how often, "was overloaded (503), 12 times", and the cure; empty when all is well."""
        with self._lock:
            if self._last is None:
                return "", ""
            times = self._times[self._last.did]
            return self._last.did + (f", {times} times" if times > 1 else ""), self._last.cure


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
