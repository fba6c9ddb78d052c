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

    How many rows each stage has before it, in work, done and failed. Works while a run is going on.
    """
    with opened(library) as store:
        counts = store.counts()
    if output_format == "json":
        click.echo(tables.status_json(counts))
    else:
        Console().print(tables.status_table(counts))
