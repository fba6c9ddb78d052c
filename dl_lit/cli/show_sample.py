"""`show-sample`: some rows of a table, as they are."""

from __future__ import annotations

import click

from dl_lit.cli.options import library_options, rows_option
from dl_lit.cli.output import put_rows
from dl_lit.cli.reading import opened
from dl_lit.cli.suggesting import did_you_mean
from dl_lit.errors import UsageError
from dl_lit.library import Library
from dl_lit.rows import written
from dl_lit.store import inspecting
from dl_lit.ui import table_rows


def _completed(context: click.Context, argument: click.Parameter, begun: str) -> list[str]:
    return [name for name in inspecting.names() if name.startswith(begun)]


@click.command("show-sample")
@click.argument("table", default="downloaded_references", shell_complete=_completed)
@click.option("--limit", type=click.IntRange(min=1), default=3, show_default=True, help="At most so many rows.")
@library_options
@rows_option
def command(table: str, limit: int, library: Library, output_format: str) -> None:
    """Shows the latest rows of TABLE.

    Without TABLE those of the works that have a copy.

    `dl-lit inspect-tables` lists the tables. On a terminal, what is empty is left out and what is long is cut; json and
    csv have it all.

    \b
    Example:
      dl-lit show-sample needs_review --limit 5
    """
    names = inspecting.names()
    if table not in names:
        near = did_you_mean(table, names) or f" There are: {', '.join(names)}."
        raise UsageError(f"There is no table {table}.{near}")
    with opened(library) as store:
        connection = store.database.reader()
        rows, columns = inspecting.sample(connection, table, limit), inspecting.columns(connection, table)
    put_rows(output_format, lambda: table_rows.records(table, rows), lambda form: written(rows, columns, form))
