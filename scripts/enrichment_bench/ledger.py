"""What a run asked of each service, from the stand-in's request log, and the least time its limits allow for that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from dl_lit.net.limits import SAFETY
from dl_lit.standin.audit import RATES, SPACING, WINDOWS
from dl_lit.standin.log import Entry, read_log

START = 12.0  # seconds


@dataclass(frozen=True, slots=True)
class Asked:
    """Calls, credits and failed calls by (service, bucket); `seconds` from the first call to the end of the last;
    `times` of the calls of each, and of its last answer, in seconds since the first call of all."""

    calls: Mapping[tuple[str, str], int]
    credits: Mapping[tuple[str, str], int]
    refused: Mapping[tuple[str, str], int]
    seconds: float
    times: Mapping[tuple[str, str], list[float]]

    @property
    def binding(self) -> tuple[str, str]:
        return max(self.bounds, key=lambda key: self.bounds[key])

    @property
    def above(self) -> str:
        """Where the seconds went that the limit that binds does not ask for."""
        times = self.times[self.binding]
        interval = self.bound / self.calls[self.binding] / SAFETY  # as we send, a little slower than allowed
        idle = [(began, max(0.0, ended - began - interval)) for began, ended in pairwise(times)]
        early, late = (sum(gap for at, gap in idle if (at < START) is early) for early in (True, False))
        parts = (
            f"{times[0] + early:.1f} in its first {START:.0f} s, when there is little to ask yet",
            f"{self.bound / SAFETY - self.bound:.1f} as we send at {SAFETY:g} of the limit",
            f"{late:.1f} idle later",
            f"{self.seconds - times[-1]:.1f} after its last answer",
        )
        return f"{self.seconds - self.bound:.1f} s above the limit of {self.binding[0]}: {', '.join(parts)}."

    @property
    def bounds(self) -> dict[tuple[str, str], float]:
        """Seconds that the published limits ask for so many calls."""
        return {key: found for key, calls in self.calls.items() if (found := least(key, calls)) is not None}

    @property
    def bound(self) -> float:
        return max(self.bounds.values(), default=0.0)


def least(key: tuple[str, str], calls: int) -> float | None:
    if key in RATES:
        return calls / RATES[key]
    if key in SPACING:
        return (calls - 1) * SPACING[key]
    if key in WINDOWS:
        most, seconds = WINDOWS[key]
        return max(0, calls - most) / most * seconds
    return None


def asked(log: Path) -> Asked:
    entries = [entry for entry in read_log(log) if entry.service is not None]
    keys = [(entry.service or "", entry.bucket or "") for entry in entries]
    credits: Counter[tuple[str, str]] = Counter()
    for key, entry in zip(keys, entries, strict=True):
        credits[key] += entry.cost
    wrong = [key for key, entry in zip(keys, entries, strict=True) if entry.status >= 400 and entry.status != 404]
    began, ended = min(entry.time for entry in entries), max(entry.finished for entry in entries)
    counts: Counter[tuple[str, str]] = Counter(keys)
    times = {key: _times([one for k, one in zip(keys, entries, strict=True) if k == key], began) for key in counts}
    return Asked(counts, credits, Counter(wrong), ended - began, times)


def _times(entries: Sequence[Entry], began: float) -> list[float]:
    return [*sorted(one.time - began for one in entries), max(one.finished for one in entries) - began]


def lines(found: Asked) -> Iterable[str]:
    for key in sorted(found.calls):
        bound = found.bounds.get(key)
        least_time = f"{bound:.0f} s" if bound is not None else "–"
        yield (
            f"| {key[0]} | {key[1]} | {found.calls[key]} | {found.credits[key] or '–'} | "
            f"{found.refused.get(key) or '–'} | {least_time} |"
        )
