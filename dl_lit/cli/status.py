"""`status`: how far a library is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress

import click
from rich.console import Console, Group
from rich.live import Live

from dl_lit.cli.options import library_options, rows_option
from dl_lit.cli.output import show
from dl_lit.cli.reading import opened
from dl_lit.errors import UsageError
from dl_lit.library import Library
from dl_lit.store.records import LibraryCounts, WaitingRows
from dl_lit.store.store import Store
from dl_lit.ui import tables


@click.command("status")
@click.option("--watch", is_flag=True, help="Look again and again, until Ctrl-C.")
@click.option("--interval", type=click.FloatRange(0.2, 3600), help="Seconds between two looks (default 2).")
@library_options
@rows_option
def command(library: Library, watch: bool, interval: float | None, output_format: str) -> None:
    """Shows how far a library is.

    How many rows each stage has before it, in work, done and failed, and for what rows wait. Works while a run is
    going on; --watch follows it from another terminal, with --format json a line a look.

    \b
    Examples:
      dl-lit status
      dl-lit status --watch --interval 10
    """
    if interval is not None and not watch:
        raise UsageError("--interval goes with --watch.")
    with opened(library) as store, suppress(*([KeyboardInterrupt] if watch else [])):
        looks = _looks(store, (interval or 2.0) if watch else None)
        if output_format == "csv":
            head = True
            for counts, _ in looks:
                click.echo(_csv(counts, head=head), nl=False)
                head = False
        elif output_format == "json":
            for counts, waiting in looks:
                click.echo(tables.status_json(counts, waiting, indent=None if watch else 2))
        elif watch:
            _follow(looks)
        else:
            show(Group(*(tables.status_table(counts, waiting) for counts, waiting in looks)))


def _csv(counts: LibraryCounts, *, head: bool) -> str:
    text = tables.status_told(counts)
    return text if head else text.partition("\n")[2]


def _looks(store: Store, interval: float | None) -> Iterator[tuple[LibraryCounts, list[WaitingRows]]]:
    """One, or one every `interval` seconds without end."""
    yield store.counts(), store.waiting_rows()
    while interval is not None:
        time.sleep(interval)
        yield store.counts(), store.waiting_rows()


def _follow(looks: Iterator[tuple[LibraryCounts, list[WaitingRows]]]) -> None:
    """In place on a terminal; a file or a pipe has them one below the other."""
    console = Console()
    drawn = (tables.status_table(counts, waiting) for counts, waiting in looks)
    if not console.is_terminal:
        for table in drawn:
            show(table)
        return
    with Live(console=console, auto_refresh=False) as live:
        for table in drawn:
            live.update(table, refresh=True)
