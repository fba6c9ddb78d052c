"""Runs the pipeline in front of a person: log file, live panel or plain lines, summary, exit code."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import click
from rich.console import Console

from dl_lit.cli import dry_run as rehearsal
from dl_lit.cli.log_file import log_file
from dl_lit.cli.output import show
from dl_lit.cli.sense import Wishes, check_run
from dl_lit.cli.view import View
from dl_lit.concurrent_pipeline import ConcurrentPipelineOrchestrator, Plan, RunSummary
from dl_lit.config import Settings
from dl_lit.extractors import helpers_of
from dl_lit.intake import check_paths
from dl_lit.library import Library
from dl_lit.model import PoolHealth
from dl_lit.net.network import secrets_of
from dl_lit.pipeline.progress import Snapshot
from dl_lit.store.database import Database
from dl_lit.store.store import Store
from dl_lit.taking_in import Source
from dl_lit.ui import plain, summary
from dl_lit.ui.panel.live import LivePanel
from dl_lit.ui.wording import printable

PLAIN_SECONDS = 5.0
QUIET_SECONDS = 600.0  # between two lines of a watcher to whom nothing happens


def process(
    paths: Sequence[Path],
    command: str,
    *,
    sequential: bool,
    sizes: Mapping[str, Any],
    library: Library,
    settings: Callable[..., Settings],
    extractor: str | None,
    cluster: str | None,
    catalogues: Sequence[Path],
    enrich: bool,
    download: bool,
    cache: bool,
    view: View,
    filters: Mapping[str, Any],
    expansion: Mapping[str, Any],
    limit: int | None,
    max_entries: int | None,
    dry_run: bool,
) -> int:
    """What the four process commands have in common: options into settings, plan and view."""
    chosen = settings(
        pipeline={**sizes, "sequential": True if sequential else None},
        **sections(extractor, cluster, catalogues, cache, filters, expansion),
    )
    wishes = Wishes(
        enrich, download, sequential, sizes, expansion, filters, catalogues, max_entries, dry_run, view.log_format
    )
    check_run(wishes, chosen)
    helpers_of(chosen)
    plan = Plan(tuple(paths), command, enrich, download and enrich, limit, max_entries)
    if dry_run:
        check_paths(plan.paths)
        click.echo(rehearsal.told(library, chosen, plan.paths, limit))
        return 0
    return run_pipeline(chosen, library, plan, view)


def sections(
    extractor: str | None,
    cluster: str | None,
    catalogues: Sequence[Path],
    cache: bool,
    filters: Mapping[str, Any],
    expansion: Mapping[str, Any],
) -> dict[str, Mapping[str, Any]]:
    """What the options say of the sections of the settings; None where they say nothing."""
    return {
        "extraction": {"extractor": extractor, "cluster": cluster, "cache": None if cache else False},
        "queueing": filters,
        "expansion": expansion,
        "catalogue": {"files": tuple(catalogues) or None, "fetched": None if cache else False},
    }


def run_pipeline(settings: Settings, library: Library, plan: Plan, view: View, source: Source | None = None) -> int:
    """The whole of a process-... command; its exit code. `source` hands in other files than the plan's paths."""
    check_paths(plan.paths)
    helpers_of(settings)  # before anything is written: an extractor that lacks a setting cannot work
    library.make_folders()
    with log_file(library, secrets_of(settings), view.log_format):
        orchestrator = ConcurrentPipelineOrchestrator(settings, library, plan, tell=telling(view), source=source)
        with _metrics(orchestrator, view), _watched(orchestrator, view):
            result = orchestrator.run()
        show_summary(settings, library, result, view, asked_for_pdfs=not plan.searches, asked_for_copies=plan.download)
    return result.exit_code


def say(text: str) -> None:
    click.echo(printable(text, lines=True), err=True)


def telling(view: View) -> Callable[[str], None]:
    """How a run tells what a person should know: in lines of text, or of JSON as its progress."""
    return say if view.log_format == "text" else _say_as_json


def _say_as_json(text: str) -> None:
    print(plain.json_notice(text), file=sys.stderr)


@contextmanager
def _metrics(orchestrator: ConcurrentPipelineOrchestrator, view: View) -> Iterator[None]:
    if view.metrics is None:
        yield
        return
    from dl_lit.metrics import served  # not at the top: its import takes a tenth of a second

    with served(orchestrator, view.metrics.host, view.metrics.port) as address:
        telling(view)(f"Metrics for Prometheus: {address}")
        yield


@contextmanager
def _watched(orchestrator: ConcurrentPipelineOrchestrator, view: View) -> Iterator[None]:
    console = Console(stderr=True)
    if view.panel and view.log_format == "text" and console.is_terminal and not console.is_dumb_terminal:
        with LivePanel(orchestrator, console).shown():
            yield
        return
    lines = Lines(orchestrator, view)
    with _every(PLAIN_SECONDS, lines.tell):
        yield
    if view.log_format == "json":
        lines.tell()  # a program wants the last figures, not those of some seconds before


class Reported(Protocol):
    """A run, as far as lines tell of it."""

    def snapshot(self) -> Snapshot: ...

    def health(self) -> Sequence[PoolHealth]: ...


class Lines:
    """Progress in lines on standard error."""

    def __init__(self, orchestrator: Reported, view: View) -> None:
        self._orchestrator = orchestrator
        self._line = plain.json_line if view.log_format == "json" else plain.text_line
        self._only_changes = view.only_changes
        self._told: tuple[object, ...] = ()
        self._told_at = float("-inf")

    def tell(self) -> None:
        snapshot, health = self._orchestrator.snapshot(), self._orchestrator.health()
        if self._line is plain.text_line and not snapshot.stages:
            return  # the run has not begun, as while a cluster is waited for
        facts, now = plain.facts(snapshot, health), time.monotonic()
        if self._only_changes and facts == self._told and now - self._told_at < QUIET_SECONDS:
            return
        self._told, self._told_at = facts, now
        print(self._line(snapshot, health), file=sys.stderr)


@contextmanager
def _every(seconds: float, tell: Callable[[], None]) -> Iterator[None]:
    over = threading.Event()

    def loop() -> None:
        while not over.wait(seconds):
            tell()

    thread = threading.Thread(target=loop, name="progress")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def show_summary(
    settings: Settings,
    library: Library,
    result: RunSummary,
    view: View,
    *,
    asked_for_pdfs: bool = True,
    asked_for_copies: bool = True,
) -> None:
    """What was found, what not and why, what to do next, where the files are."""
    database = Database.open(library.database, settings.store)
    try:
        store = Store(database)
        facts = summary.Facts(
            library=library,
            exit_code=result.exit_code,
            seconds=result.seconds,
            given=result.intake.total,
            cached=result.snapshot.cached,
            left=result.left,
            ready=result.ready,
            counts=store.counts(),
            reasons=store.failure_reasons(),
            waiting=store.waiting_rows(),
            ill=[pool for pool in result.health if "." not in pool.name],
            has_contact=settings.contact.email is not None,
            asked_for_pdfs=asked_for_pdfs,
            asked_for_copies=asked_for_copies,
        )
    finally:
        database.close()
    if view.log_format == "json":
        click.echo(summary.as_json(facts))
    else:
        show(summary.render(facts))
