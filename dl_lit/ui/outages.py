"""What rows wait for, each cause once: stages and rows that wait for the same are told together."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dl_lit.config import Services
from dl_lit.model import Silence, Stage
from dl_lit.store.records import WaitingRows
from dl_lit.ui.wording import STAGE_NAMES

_TIMELESS = frozenset({*Silence, "retry_later"})


@dataclass(slots=True)
class Outage:
    """`service` is None where no service's name begins the text; `is_over` when the time it was waited for has come."""

    service: str | None
    text: str
    rows: Counter[Stage] = field(default_factory=Counter)
    is_over: bool = False

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
            service = service_of(text) if rows.reason in _TIMELESS else None
            outage = found.setdefault(service or text, Outage(service, text))
            outage.rows[rows.stage] += rows.count
            outage.is_over |= rows.due is not None and rows.due <= now
    return sorted(found.values(), key=lambda one: -one.rows.total())


def service_of(text: str) -> str | None:
    """Whom a text is about that says why a service gave no answer: it begins with its name."""
    word = text.split(" ", 1)[0].rstrip(":")
    return word if word in Services.model_fields else None


def in_words(waiting: Sequence[WaitingRows], instead: Mapping[str, str] | None = None) -> Iterable[tuple[Outage, str]]:
    """Each with its text, or what is known better of that service."""
    better = instead or {}
    return ((one, better.get(one.service or "", one.text) + one.when) for one in outages(waiting))
