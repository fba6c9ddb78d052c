"""A run's figures for Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats, as text over HTTP.

Hosts are counted together: a label for each would be thousands of series.
"""

from __future__ import annotations

import errno
from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server
from prometheus_client.core import CounterMetricFamily as Counter
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from dl_lit.errors import UsageError
from dl_lit.model import Health, PoolHealth
from dl_lit.pipeline.progress import Snapshot, StageStats


class Run(Protocol):
    """What is asked at each scrape, from the server's thread."""

    def snapshot(self) -> Snapshot: ...

    def health(self) -> Sequence[PoolHealth]: ...


class RunCollector(Collector):
    """The metrics of one run; all are described in docs/metrics.md."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def collect(self) -> Iterator[Metric]:
        snapshot, health = self._run.snapshot(), self._run.health()
        yield Gauge("dl_lit_run_seconds", "Time since the run began.", snapshot.seconds)
        if snapshot.eta is not None:
            yield Gauge("dl_lit_run_left_seconds", "Forecast of the time that the run still needs.", snapshot.eta)
        yield from _stages(snapshot.stages)
        yield _reasons(snapshot)
        yield from _services([pool for pool in health if "." not in pool.name])
        yield from _hosts([pool for pool in health if "." in pool.name])


def _stages(stages: Iterable[StageStats]) -> Iterator[Metric]:
    rows = Gauge("dl_lit_rows", "Rows that a stage has before it, in work, or put off.", labels=["stage", "state"])
    finished = Counter("dl_lit_rows_finished", "Rows that have left a stage.", labels=["stage", "verdict"])
    busy = Counter("dl_lit_stage_busy_seconds", "Time at work of a stage's workers together.", labels=["stage"])
    workers = Gauge("dl_lit_stage_workers", "Workers that a stage has.", labels=["stage"])
    for stage in stages:
        name = stage.stage.name.lower()
        for state in ("ahead", "active", "later"):
            rows.add_metric([name, state], getattr(stage, state))
        for verdict in ("done", "failed", "review", "duplicate"):
            finished.add_metric([name, verdict], getattr(stage, verdict))
        busy.add_metric([name], stage.seconds)
        workers.add_metric([name], stage.workers)
    yield from (rows, finished, busy, workers)


def _reasons(snapshot: Snapshot) -> Metric:
    reasons = Counter("dl_lit_reasons", "Rows that came to no good end, by reason.", labels=["stage", "reason"])
    for stage, counts in snapshot.reasons.items():
        for reason, number in counts.items():
            reasons.add_metric([stage.name.lower(), reason], number)
    return reasons


def _services(services: Sequence[PoolHealth]) -> Iterator[Metric]:
    requests = Counter("dl_lit_service_requests", "Requests to a service.", labels=["service"])
    errors = Counter("dl_lit_service_errors", "Requests to a service that failed.", labels=["service"])
    rate = Gauge("dl_lit_service_allowed_per_second", "How fast a service may be asked now.", labels=["service"])
    budget = Gauge("dl_lit_service_budget_left", "Credits or calls left of today's budget.", labels=["service"])
    state = Gauge("dl_lit_service_state", "1 for the state that a service is in.", labels=["service", "state"])
    for pool in services:
        requests.add_metric([pool.name], pool.requests)
        errors.add_metric([pool.name], pool.errors)
        rate.add_metric([pool.name], pool.rate)
        if pool.remaining is not None:
            budget.add_metric([pool.name], pool.remaining)
        for health in Health:
            state.add_metric([pool.name, health.name.lower()], float(pool.health is health))
    yield from (requests, errors, rate, budget, state)


def _hosts(hosts: Sequence[PoolHealth]) -> Iterator[Metric]:
    tally = Tally(pool.health for pool in hosts)
    states = Gauge("dl_lit_hosts", "File hosts that were met, by state.", labels=["state"])
    for health in Health:
        states.add_metric([health.name.lower()], tally[health])
    yield states
    yield Counter("dl_lit_host_requests", "Requests to file hosts.", sum(pool.requests for pool in hosts))
    yield Counter("dl_lit_host_errors", "Requests to file hosts that failed.", sum(pool.errors for pool in hosts))


@contextmanager
def served(run: Run, host: str, port: int) -> Iterator[str]:
    """Answers at the address that it gives for as long as the block lasts. Raises UsageError where it cannot listen."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(RunCollector(run))
    ProcessCollector(registry=registry)
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        raise UsageError(f"--metrics-port {port}: {_why(error)} Name another port or --metrics-host.") from error
    try:
        yield f"http://{host}:{server.server_port}/metrics"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _why(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "another program listens there."
    return f"nothing can listen there ({error.strerror or error})."
