"""`status`: how far a library is."""

from __future__ import annotations

import click
from rich.console import Console

from dl_lit.cli.options import format_option, library_options
from dl_lit.cli.reading import opened
from dl_lit.library import Library
from dl_lit.ui import tables


@click.command("status")
@library_options
@format_option
def command(library: Library, output_format: str) -> None:
    """Shows how far a library is.

    How many rows each stage has before it, in work, done and failed, and for what rows wait. Works while a run is
    going on.
    """
    with opened(library) as store:
        counts, waiting = store.counts(), store.waiting_rows()
    if output_format == "json":
        click.echo(tables.status_json(counts, waiting))
    else:
        Console().print(tables.status_table(counts, waiting))
