"""`unmerge`: undoes a merge."""

from __future__ import annotations

import click

from dl_lit.cli.options import library_options
from dl_lit.cli.reading import opened_for_change
from dl_lit.cli.review import next_step
from dl_lit.library import Library
from dl_lit.ui import story


@click.command("unmerge")
@click.argument("reference_id", metavar="ID", type=click.IntRange(min=1))
@library_options
def command(library: Library, reference_id: int) -> None:
    """Makes a merged reference a work of its own.

    ID is the reference that was merged into another (the first number of a line of `dl-lit merge-log`). It takes its
    citations and what had been merged into it along, and a copy of it is looked for in the next run. Where both were
    taken for the same work (one DOI), one of the two matches is wrong: that of ID is taken back, and it needs a look.
    No run merges the two again.

    \b
    Example:
      dl-lit unmerge 17
    """
    with opened_for_change(library) as store:
        parted = store.unmerge(reference_id)
        step = next_step(store)
    for line in story.parted(parted):
        click.echo(line)
    if parted.back is None or parted.back.again:
        click.echo(step)
