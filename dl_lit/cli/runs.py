"""`runs`: what was done with a library, and when."""

from __future__ import annotations

import click

from dl_lit.cli.options import library_options, rows_option
from dl_lit.cli.output import put_rows
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

    \b
    Example:
      dl-lit runs --limit 5
    """
    with opened(library) as store:
        records = store.runs(limit)
    put_rows(output_format, lambda: run_rows.table(records), lambda form: run_rows.told(records, form))
