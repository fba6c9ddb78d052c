"""Politeness proved from the request log alone: rates, spacing, concurrency, budgets, orders to wait, robots.txt."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from dl_lit.standin.limits import TOLERANCE
from dl_lit.standin.log import Entry, read_log

# Requests in any one second, by service and bucket (apis.md §3-§19). Unpaywall, Europe PMC, PMC's bucket, HAL, the DNB
# and doi.org publish no rule; theirs are the figures that we hold ourselves to.
RATES = {
    ("crossref", "public-single"): 5,
    ("crossref", "public-array"): 1,
    ("crossref", "polite-single"): 10,
    ("crossref", "polite-array"): 3,
    ("crossref", "plus-single"): 150,
    ("crossref", "plus-array"): 150,
    ("openalex", "anonymous"): 10,
    ("openalex", "keyed"): 30,
    ("unpaywall", "lookup"): 10,
    ("semanticscholar", "keyless"): 1,
    ("semanticscholar", "keyed"): 1,
    ("europepmc", "search"): 5,
    ("idconv", "convert"): 3,
    ("pmc", "list"): 5,
    ("pmc", "metadata"): 5,
    ("doaj", "search"): 2,
    ("hal", "search"): 2,
    ("openlibrary", "anonymous"): 1,
    ("openlibrary", "identified"): 3,
    ("dnb", "search"): 1,
    ("doi", "resolve"): 2,
}
# Requests in a longer window: how many, in how many seconds.
WINDOWS = {
    ("datacite", "anonymous"): (500, 300.0),
    ("datacite", "identified"): (1000, 300.0),
    ("opencitations", "call"): (180, 60.0),
    ("zenodo", "record"): (60, 60.0),
    ("zenodo", "search"): (30, 60.0),
    ("core", "keyless"): (5, 10.0),
    ("core", "keyed"): (10, 10.0),
}
CONCURRENCY = {
    ("crossref", "public-single"): 1,
    ("crossref", "public-array"): 1,
    ("crossref", "polite-single"): 3,
    ("crossref", "polite-array"): 3,
    ("arxiv", "query"): 1,
}
SPACING = {("arxiv", "query"): 3.0, ("wayback", "cdx"): 2.0}
MANNERS = frozenset({"/robots.txt", "/.well-known/tdmrep.json"})
IMPOLITE = frozenset({"concurrency", "speed", "spacing", "boolean", "robots", "embargo"})


@dataclass(frozen=True, slots=True)
class Rules:
    """What is allowed; times in seconds.

    `tolerance` is for the wire: two requests sent a second apart may arrive that much closer. `reaction` is for the
    client: a request that left before the order to wait had been read is no disobedience.
    """

    rates: Mapping[tuple[str, str], int] = field(default_factory=lambda: MappingProxyType(RATES))
    concurrency: Mapping[tuple[str, str], int] = field(default_factory=lambda: MappingProxyType(CONCURRENCY))
    windows: Mapping[tuple[str, str], tuple[int, float]] = field(default_factory=lambda: MappingProxyType(WINDOWS))
    spacing: Mapping[tuple[str, str], float] = field(default_factory=lambda: MappingProxyType(SPACING))
    host_spacing: float = 1.0
    host_concurrency: int = 2
    tolerance: float = TOLERANCE
    reaction: float = 0.1


DEFAULT_RULES = Rules()


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach: which rule, at which service and bucket or host, when (unix seconds), and what was seen."""

    rule: str
    target: str
    time: float
    detail: str

    def __str__(self) -> str:
        return f"{datetime.fromtimestamp(self.time, UTC):%H:%M:%S.%f} {self.target}: {self.rule}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A call that had been answered for good, and was made again."""

    target: str
    path: str
    times: int


def audit(log_path: Path, rules: Rules = DEFAULT_RULES) -> list[Violation]:
    """Every breach in a request log, in order of time. An empty list is the proof of politeness."""
    entries = read_log(log_path)
    found = [*_refusals(entries)]
    for (service, bucket), group in _by_bucket(entries).items():
        found += _rates(group, rules.rates.get((service, bucket)), f"{service} {bucket}", rules)
        limit, seconds = rules.windows.get((service, bucket), (None, 0.0))
        found += _rates(group, limit, f"{service} {bucket}", rules, seconds)
        found += _crowds(group, rules.concurrency.get((service, bucket)), f"{service} {bucket}")
        found += _spacings(group, rules.spacing.get((service, bucket), 0.0), f"{service} {bucket}", rules)
        found += _budgets(group, f"{service} {bucket}", rules)
    for target, group in _by_target(entries).items():
        found += _orders(group, target, rules)
        if group[0].service is None:
            found += _crowds(group, rules.host_concurrency, target)
            found += _spacings(group, rules.host_spacing, target, rules)
    return sorted(found, key=lambda violation: violation.time)


def repeats(log_path: Path, *, hosts: bool = False) -> list[Repeat]:
    """Calls of services (and of file hosts, if asked for) answered 200 or 404, and delivered, more than once.

    Not what every process asks each host for anew.
    """
    calls = Counter(
        (_target(entry), f"{entry.method} {entry.path}")
        for entry in read_log(log_path)
        if is_answered_for_good(entry) and (hosts or entry.service) and entry.path not in MANNERS
    )
    return [Repeat(target, path, times) for (target, path), times in calls.items() if times > 1]


def is_answered_for_good(entry: Entry) -> bool:
    return entry.delivered and entry.status in (200, 404) and entry.refused is None


def _target(entry: Entry) -> str:
    return entry.service or entry.host


def _by_target(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[_target(entry)].append(entry)
    return groups


def _by_bucket(entries: Iterable[Entry]) -> dict[tuple[str, str], list[Entry]]:
    groups: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.service is not None:
            groups[entry.service, entry.bucket or ""].append(entry)
    return groups


def _refusals(entries: Iterable[Entry]) -> Iterator[Violation]:
    """What the server itself turned away as impolite, or served although robots.txt forbids it."""
    for entry in entries:
        if entry.refused in IMPOLITE:
            yield Violation("refused", _target(entry), entry.time, f"{entry.refused}: {entry.method} {entry.path}")


def _rates(
    entries: Sequence[Entry], limit: int | None, target: str, rules: Rules, window: float = 1.0
) -> Iterator[Violation]:
    """A window holds one request too many when the request `limit` places earlier began less than its length before."""
    if limit is None:
        return
    for first, last in zip(entries, entries[limit:], strict=False):
        seconds = last.time - first.time
        if seconds < window - rules.tolerance:
            allowed = f"{limit} a second allowed" if window == 1.0 else f"{limit} in {window:g} s allowed"
            yield Violation("rate", target, last.time, f"{limit + 1} requests in {seconds:.3f} s, {allowed}")


def _crowds(entries: Iterable[Entry], limit: int | None, target: str) -> Iterator[Violation]:
    for entry in entries:
        if limit is not None and entry.in_flight > limit:
            yield Violation("concurrency", target, entry.time, f"{entry.in_flight} at once, {limit} allowed")


def _spacings(entries: Sequence[Entry], least: float, target: str, rules: Rules) -> Iterator[Violation]:
    """Starts too close together; a Crawl-delay counts from the robots.txt that asks for it."""
    for before, after in pairwise(entries):
        least = max(least, before.crawl_delay or 0.0)
        seconds = after.time - before.time
        if seconds < least - rules.tolerance:
            yield Violation("spacing", target, after.time, f"{seconds:.3f} s between starts, {least:g} s asked for")


def _budgets(entries: Iterable[Entry], target: str, rules: Rules) -> Iterator[Violation]:
    """After the budget refused a request, none that costs as much may follow on that day."""
    refused: dict[object, Entry] = {}
    for entry in entries:
        day = datetime.fromtimestamp(entry.time, UTC).date()
        notice = refused.get(day)
        if notice and entry.cost >= notice.cost and entry.time > notice.finished + rules.reaction:
            detail = f"{entry.method} {entry.path} asks for {entry.cost} credits, {notice.left} were left"
            yield Violation("budget", target, entry.time, detail)
        if entry.refused == "budget" and (notice is None or entry.cost < notice.cost):
            refused[day] = entry


def _orders(entries: Sequence[Entry], target: str, rules: Rules) -> Iterator[Violation]:
    """Requests made although an answer said to come back later: 429 and 503 speak for the whole service or host, 202
    for its own address. The budget's order has a rule of its own."""
    orders: list[Entry] = []
    for entry in entries:
        orders = [order for order in orders if entry.time < order.finished + (order.retry_after or 0) - rules.tolerance]
        for order in orders:
            concerned = order.status != 202 or order.path == entry.path
            if concerned and entry.time > order.finished + rules.reaction:
                waited = entry.time - order.finished
                detail = f"came back after {waited:.3f} s, {order.status} said {order.retry_after:g} s"
                yield Violation("retry-after", target, entry.time, detail)
        if entry.retry_after and entry.delivered and entry.refused != "budget":
            orders.append(entry)
