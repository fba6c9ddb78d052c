"""`merge-log`: which references were found to be one work."""

from __future__ import annotations

import click

from dl_lit.cli.options import library_options, rows_option
from dl_lit.cli.output import put_rows
from dl_lit.cli.reading import opened
from dl_lit.library import Library
from dl_lit.ui import story


@click.command("merge-log")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many.")
@library_options
@rows_option
def command(library: Library, limit: int, output_format: str) -> None:
    """Lists which references became one work.

    The latest first: which reference went into which, by what rule, how sure that was, and which fields of the one
    that stays were filled. `dl-lit unmerge` undoes one.

    \b
    Example:
      dl-lit merge-log --limit 20
    """
    with opened(library) as store:
        rows = store.merges(limit)
    put_rows(output_format, lambda: story.merges(rows), lambda form: story.merges_told(rows, form))
