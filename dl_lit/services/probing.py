"""Asks every service one cheap question at the same time: who answers, how fast, and what is left of the budgets."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from dl_lit.errors import RetryLater, SkipItem, Stopping
from dl_lit.model import Probe, ProbeState, Silence
from dl_lit.services.base import Index
from dl_lit.silence import kind_of


def probe_all(clients: Sequence[Index], *, clock: Callable[[], float] = time.monotonic) -> list[Probe]:
    """One probe of each client, all at once, in their order; Stopping if the program stops."""
    if not clients:
        return []
    with ThreadPoolExecutor(len(clients), thread_name_prefix="probe") as threads:
        return list(threads.map(lambda client: _probe(client, clock), clients))


def _probe(client: Index, clock: Callable[[], float]) -> Probe:
    begun = clock()
    try:
        client.probe()
    except Stopping:
        raise
    except (RetryLater, SkipItem) as error:
        return Probe(client.name, _state(error), None, client.pool.health().remaining, error.message)
    return Probe(client.name, ProbeState.ANSWERS, clock() - begun, client.pool.health().remaining)


def _state(error: RetryLater | SkipItem) -> ProbeState:
    kind = kind_of(error) if isinstance(error, RetryLater) else Silence.DECLINED
    return {Silence.REFUSED: ProbeState.REFUSED, Silence.BUDGET: ProbeState.SPENT}.get(kind, ProbeState.SILENT)
