"""What a run asked of each service, from the stand-in's request log, and the least time its limits allow for that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dl_lit.standin.audit import RATES, SPACING, WINDOWS
from dl_lit.standin.log import read_log


@dataclass(frozen=True, slots=True)
class Asked:
    """Calls, credits and failed calls by (service, bucket); `seconds` from the first call to the end of the last."""

    calls: Mapping[tuple[str, str], int]
    credits: Mapping[tuple[str, str], int]
    refused: Mapping[tuple[str, str], int]
    seconds: float

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
    return Asked(Counter(keys), credits, Counter(wrong), ended - began)


def lines(found: Asked) -> Iterable[str]:
    for key in sorted(found.calls):
        bound = found.bounds.get(key)
        least_time = f"{bound:.0f} s" if bound is not None else "–"
        yield (
            f"| {key[0]} | {key[1]} | {found.calls[key]} | {found.credits[key] or '–'} | "
            f"{found.refused.get(key) or '–'} | {least_time} |"
        )
