"""`runs`: what was done with a library, and when."""

from __future__ import annotations

import click
from rich.console import Console

from dl_lit.cli.options import library_options, rows_option
from dl_lit.cli.reading import opened
from dl_lit.library import Library
from dl_lit.ui import run_rows


@click.command("runs")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many.")
@library_options
@rows_option
def command(library: Library, limit: int, output_format: str) -> None:
    """Lists the runs on a library.

    The latest first: when each began, how long it took, what it read, matched and fetched, and how it ended. With json
    also the options that it was given.
    """
    with opened(library) as store:
        records = store.runs(limit)
    if output_format == "table":
        Console().print(run_rows.table(records))
    else:
        click.echo(run_rows.told(records, output_format), nl=False)
