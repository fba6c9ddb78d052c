"""The least time that any program could take for the requests of a run, from the world's limits and the request log.

Each part is true by itself: no arrangement of the same requests could be done sooner. So the greatest of them, behind
what comes before the first request, is a lower bound of the whole.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from download_bench.ledger import SPACING, host_figures
from enrichment_bench.ledger import least

from dl_lit.standin import catalogue
from dl_lit.standin.audit import RATES
from dl_lit.standin.hosts import HOSTS
from dl_lit.standin.log import Entry, read_log
from pipeline_bench.measured import Figures

# Buckets in which one call can ask for many: how many identifiers, where the call lists any.
AT_ONCE = {("core", "keyless"): 10, ("crossref", "polite-array"): 50, ("doaj", "search"): 10, ("hal", "search"): 50}
_LISTED = re.compile(r"\bdoi:|(?<=[(\s])\"10\.", re.IGNORECASE)  # HAL's lists have no field's name in each place
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"&?,|)]+")
_BY_ADDRESS = {host.address: host for host in HOSTS}


@dataclass(frozen=True, slots=True)
class Bound:
    """`lead` is what passed before the first request; `parts` what the rest takes at least, by cause. Seconds."""

    lead: float
    parts: Mapping[str, float]

    @property
    def binding(self) -> str:
        return max(self.parts, key=lambda name: self.parts[name])

    @property
    def seconds(self) -> float:
        return self.lead + self.parts[self.binding]

    def greatest(self, count: int) -> list[tuple[str, float]]:
        return sorted(self.parts.items(), key=lambda part: -part[1])[:count]


def lead_of(log: Path, figures: Figures) -> float:
    """Start of the program and the reading of the first PDF."""
    return read_log(log)[0].time - figures.started


def bound(log: Path, figures: Figures, lead: float, works: Path, workers: Mapping[str, int]) -> Bound:
    entries = [entry for entry in read_log(log) if entry.refused is None]
    parts = dict(_limits(entries))
    threads = workers["enrichment"] + workers["download"]
    parts[f"answers awaited by {threads} workers"] = sum(one.finished - one.time for one in entries) / threads
    cores = os.cpu_count() or 1
    parts[f"CPU of {cores} cores"] = figures.cpu / cores
    parts["the longest chain of one work"] = longest_chain(entries, works)
    return Bound(lead, parts)


def _limits(entries: Iterable[Entry]) -> Iterator[tuple[str, float]]:
    services: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    hosts: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.service is None:
            hosts[entry.host].append(entry)
        else:
            services[entry.service, entry.bucket or ""].append(entry)
    for key, group in services.items():
        if (seconds := soonest(key, fewest(key, group))) is not None:
            last = min(one.finished - one.time for one in group)
            yield f"limit of {key[0]} ({key[1]})", seconds + last
    for host, group in hosts.items():
        yield f"spacing of {host}", host_figures(host, group).bound


def soonest(key: tuple[str, str], calls: int) -> float | None:
    """Seconds from the first call to the last; as many as a second allows may go out at once at its beginning."""
    seconds = least(key, calls)
    return max(0.0, seconds - 1.0) if seconds is not None and key in RATES else seconds


def fewest(key: tuple[str, str], entries: Sequence[Entry]) -> int:
    """Calls, had every list been full."""
    most = AT_ONCE.get(key)
    if most is None:
        return len(entries)
    listed = [found for one in entries if (found := len(_LISTED.findall(unquote(one.path))))]
    return len(entries) - len(listed) + -(-sum(listed) // most)


def longest_chain(entries: Iterable[Entry], works: Path) -> float:
    """The requests that concern one work alone are made one after the other; at one host also a second apart."""
    keys = {work.doi.lower(): work.key for work in catalogue.read(works) if work.doi}
    chains: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if (key := _work_of(entry, keys)) is not None:
            chains[key].append(entry)
    return max((_seconds(chain) for chain in chains.values()), default=0.0)


def _work_of(entry: Entry, keys: Mapping[str, str]) -> str | None:
    if entry.service is None:
        host = _BY_ADDRESS.get(entry.host)
        found = host.find(entry.path.partition("?")[0]) if host is not None else None
        return found[1] if found is not None else None
    dois = Counter(doi.lower() for doi in _DOI.findall(unquote(entry.path)))
    return keys.get(next(iter(dois))) if len(dois) == 1 else None


def _seconds(chain: Sequence[Entry]) -> float:
    total = chain[-1].finished - chain[-1].time
    for before, after in pairwise(chain):
        took = before.finished - before.time
        total += max(took, SPACING) if before.service is None and before.host == after.host else took
    return total
