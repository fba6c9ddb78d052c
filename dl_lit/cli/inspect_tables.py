"""`inspect-tables`: what is in the database, table by table."""

from __future__ import annotations

import click

from dl_lit.cli.options import library_options, rows_option
from dl_lit.cli.output import put_rows
from dl_lit.cli.reading import opened
from dl_lit.library import Library
from dl_lit.store import inspecting
from dl_lit.ui import table_rows


@click.command("inspect-tables")
@library_options
@rows_option
def command(library: Library, output_format: str) -> None:
    """Lists the tables of the database.

    How many rows each has, and what it is for.

    For those who want to ask by SQL; any SQLite program may read the file, also while a run is going on. json and csv
    have the columns, too.

    \b
    Example:
      dl-lit inspect-tables
    """
    with opened(library) as store:
        found = inspecting.tables(store.database.reader())
    put_rows(
        output_format,
        lambda: table_rows.tables(found, library.database),
        lambda form: table_rows.tables_told(found, form),
    )
