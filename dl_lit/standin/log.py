"""The request log: one JSON line for each request, written and flushed when it has finished."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

_SECRETS = re.compile(r"(?<=[?&])((?:api[_-]?key|mailto|email|token|md5|signature)=)[^&#]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One request. Times are unix seconds: `time` when it came, `finished` just before its last bytes
    left. `host` is the address asked; `service` is None for file hosts. `in_flight` counts the requests at that
    service or host, this one included, when it began. `delivered` says whether the client was there to the end;
    `client` is its port. `refused` says which limit it broke ("fault" for a fault that was switched on). `cost` is in
    credits, those asked for where the budget refused them, and `left` what remains of the budget.
    """

    time: float
    finished: float
    host: str
    service: str | None
    bucket: str | None
    method: str
    path: str
    status: int
    in_flight: int
    delivered: bool
    client: int
    refused: str | None = None
    cost: int = 0
    left: int | None = None
    retry_after: float | None = None
    crawl_delay: float | None = None


def redact(path: str) -> str:
    return _SECRETS.sub(r"\1***", path)


class RequestLog:
    """Appends entries to a file; safe for many threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8")

    def write(self, entry: Entry) -> None:
        values = {name: value for name, value in asdict(entry).items() if value is not None}
        line = json.dumps(values, ensure_ascii=False) + "\n"
        with self._lock:
            if not self._file.closed:
                self._file.write(line)
                self._file.flush()

    def close(self) -> None:
        with self._lock:
            self._file.close()


def read_log(path: Path) -> list[Entry]:
    """The entries of a log in order of their start. A line cut short by a killed server is left out."""
    entries = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            values = json.loads(line)
        except json.JSONDecodeError:
            continue
        entries.append(Entry(**{"service": None, "bucket": None, **values}))
    return sorted(entries, key=lambda entry: entry.time)
