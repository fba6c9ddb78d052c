"""What rows wait for, each cause once: stages and rows that wait for the same are told together."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dl_lit.config import Services
from dl_lit.model import DownloadReason, Silence, Stage
from dl_lit.store.records import WaitingRows
from dl_lit.ui.wording import STAGE_NAMES

_TIMELESS = frozenset({*Silence, "retry_later"})
_HOST = re.compile(r"the host (\S+) (.+)")
_HOSTS_NAMED = 3


@dataclass(slots=True)
class Outage:
    """`service` is None where no service's name begins the text; `is_over` when the time it was waited for has come.

    Hosts that did the same are one cause, `of_host` being what each did; so are embargoes, of which the first is told.
    """

    service: str | None
    said: str
    of_host: str | None = None
    hosts: dict[str, None] = field(default_factory=dict)
    rows: Counter[Stage] = field(default_factory=Counter)
    is_over: bool = False

    @property
    def text(self) -> str:
        if self.of_host is None:
            return self.said
        named = ", ".join(list(self.hosts)[:_HOSTS_NAMED])
        more = len(self.hosts) - _HOSTS_NAMED
        hosts = f"the hosts {named}" if len(self.hosts) > 1 else f"the host {named}"
        return f"{hosts}{f' and {more} more' if more > 0 else ''}: {self.of_host}"

    @property
    def stages(self) -> str:
        """ "3 in find works, 2 in get copies"."""
        return ", ".join(f"{count} in {STAGE_NAMES[stage]}" for stage, count in self.rows.items())

    @property
    def when(self) -> str:
        return " (its time has come: run the same command again)" if self.is_over else ""


def outages(waiting: Sequence[WaitingRows], *, now: float | None = None) -> list[Outage]:
    """The most rows first. A row that waits for several services counts for each of them."""
    now = time.time() if now is None else now
    found: dict[str, Outage] = {}
    for rows in waiting:
        for text in dict.fromkeys((rows.detail or rows.reason).split("\n")):
            outage = _cause(found, rows.reason, text)
            outage.rows[rows.stage] += rows.count
            outage.is_over |= rows.due is not None and rows.due <= now
    return sorted(found.values(), key=lambda one: -one.rows.total())


def _cause(found: dict[str, Outage], reason: str, text: str) -> Outage:
    if (host := _HOST.fullmatch(text)) is not None:
        outage = found.setdefault(f"the host {host[2]}", Outage(None, text, host[2]))
        outage.hosts[host[1]] = None
        return outage
    service = service_of(text) if reason in _TIMELESS else None
    one_cause = reason if reason == DownloadReason.EMBARGOED else text
    outage = found.setdefault(service or one_cause, Outage(service, text))
    if one_cause == reason:
        outage.said = min(outage.said, text)  # they differ in the day first
    return outage


def service_of(text: str) -> str | None:
    """Whom a text is about that says why a service gave no answer: it begins with its name."""
    word = text.split(" ", 1)[0].rstrip(":")
    return word if word in Services.model_fields else None


def in_words(waiting: Sequence[WaitingRows], instead: Mapping[str, str] | None = None) -> Iterable[tuple[Outage, str]]:
    """Each with its text, or what is known better of that service."""
    better = instead or {}
    return ((one, better.get(one.service or "", one.text) + one.when) for one in outages(waiting))
