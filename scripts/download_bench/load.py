"""Many works at many hosts: the request log against the rules, and the time against what they allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from worldtools import Outcome, rows, run

from dl_lit.standin.audit import audit
from dl_lit.standin.hosts import HOSTS, OBTAINABLE, Quirk
from dl_lit.standin.server import StandIn
from dl_lit.standin.settings import StandInSettings
from download_bench.ledger import AT_ONCE, Figures, figures
from download_bench.telling import Part, parts_below, table
from download_bench.worlds import Placed, arranged, hosts_only, made_up, small_copy, waiting_library

WORKS, QUICK_WORKS = 500, 60
WORKERS = 8
ALLOWED = 1.2
LATENCY = (0.1, 0.6)
# These only move bytes, which tells of the disk and not of the rules; the bodies have a part of their own.
LEFT_OUT = frozenset({Quirk.TRICKLE, Quirk.ENDLESS, Quirk.GZIP_BOMB})


def places(count: int, most: int | None = None) -> list[Placed]:
    """Round robin over the hosts; a work at a host that gives no file has a second copy at one that does."""
    hosts = [host for host in HOSTS if host.quirk not in LEFT_OUT][:most]
    good = [host for host in hosts if host.quirk in OBTAINABLE]
    found, turn = [], 0
    for number in range(count):
        host = hosts[number % len(hosts)]
        if host.quirk in OBTAINABLE:
            found.append(Placed(made_up(number), (host,)))
        else:
            found.append(Placed(made_up(number), (host, good[turn % len(good)])))
            turn += 1
    return found


def measured(folder: Path, quick: bool) -> Part:
    folder.mkdir(parents=True)
    placed = places(QUICK_WORKS if quick else WORKS)
    log, library = folder / "requests.jsonl", folder / "library"
    settings = StandInSettings(log_path=log, host_latency=LATENCY)
    with StandIn(
        settings, works=[one.work for one in placed], make_copy=small_copy, arrange=arranged(placed)
    ) as standin:
        paper = waiting_library(library, placed, standin)
        outcome = run(paper, library, standin.url, "--download-workers", str(WORKERS), settings=hosts_only(folder))
    found = figures(log, WORKERS)
    breaches = audit(log)
    return Part(
        "Load",
        tuple(told(placed, found, outcome, library, len(breaches))),
        tuple(faults(found, [str(one) for one in breaches], outcome, library, strict=not quick)),
    )


def told(placed: list[Placed], found: Figures, outcome: Outcome, library: Path, breaches: int) -> Iterator[str]:
    hosts = {host.address for one in placed for host in one.hosts}
    kept = rows(library, "SELECT count(*) FROM downloaded_references")[0][0]
    reasons = Counter(row[0] for row in rows(library, "SELECT reason FROM failed_downloads"))
    bound = found.binding
    low, high = LATENCY
    yield f"{len(placed)} works at {len(hosts)} hosts, {WORKERS} workers, answers after {low:g} to {high:g} s."
    yield "Works of a host that gives no file have a second, good one too. *Rules allow* is the greater of what the"
    yield "slowest host's spacing and orders ask for between its first and last request, and the time of all requests"
    yield "over the workers."
    yield ""
    values = [
        ("requests", found.requests),
        ("breaches of a rule", breaches),
        ("most requests at once at one host", f"{max(one.at_once for one in found.hosts)} of {AT_ONCE}"),
        ("wall, first request to last answer", f"{found.wall:.1f} s"),
        (
            "rules allow",
            f"{found.bound:.1f} s ({bound.host}: {bound.bound:.1f} s; workers: {found.busy / WORKERS:.1f} s)",
        ),
        ("ratio", f"{found.ratio:.2f}"),
        ("workers' idle share", f"{found.idle:.0%}"),
        (
            "the whole program",
            f"{outcome.seconds:.1f} s, peak {outcome.peak_bytes / 1e6:.0f} MB in {outcome.peak_processes} processes",
        ),
        ("kept", f"{kept} of {len(placed)}"),
        ("without a copy", ", ".join(f"{reason} {count}" for reason, count in reasons.most_common()) or "none"),
    ]
    yield from table(("", ""), values)
    yield ""
    yield "The hosts that took longest (*late*: what passed between requests on top of what the rules ask for, whether"
    yield "or not there was more to ask for):"
    yield ""
    slowest = sorted(found.hosts, key=lambda one: one.bound, reverse=True)[:10]
    yield from table(
        ("host", "requests", "most at once", "closest s", "asked for s", "rules allow s", "late s"),
        (
            (
                _name(one.host),
                one.requests,
                one.at_once,
                f"{one.closest or 0:.3f}",
                f"{one.asked_for:g}",
                f"{one.bound:.1f}",
                f"{one.late:.1f}",
            )
            for one in slowest
        ),
    )


def _name(address: str) -> str:
    return next((f"{address} ({host.quirk})" for host in HOSTS if host.address == address), address)


def faults(found: Figures, breaches: list[str], outcome: Outcome, library: Path, *, strict: bool) -> Iterator[str]:
    yield from breaches
    if outcome.exit_code:
        yield f"exit {outcome.exit_code}"
    if strict and found.ratio > ALLOWED:
        yield f"{found.ratio:.2f} times what the rules allow"
    resumable, strays = parts_below(library)
    if strays or resumable:
        yield f"left on the disk: {[path.name for path in (*strays, *resumable)]}"
