"""`why`: the whole story of one reference."""

from __future__ import annotations

import click

from dl_lit.cli.options import format_option, library_options
from dl_lit.cli.output import show
from dl_lit.cli.reading import opened, the_one_meant
from dl_lit.library import Library
from dl_lit.ui import story


@click.command("why")
@click.argument("reference", metavar="REFERENCE")
@library_options
@format_option
def command(library: Library, reference: str, output_format: str) -> None:
    """Tells the whole story of one reference.

    REFERENCE is a DOI, an arXiv number, a PMCID, an OpenAlex id, a title, words of what is printed, or the id that
    other commands show. The story: where it is printed, what was read, every candidate with what spoke for and
    against it, every copy that was tried, merges, and each step with its time.

    \b
    Examples:
      dl-lit why 10.1000/xyz
      dl-lit why "a theory of testing"
    """
    with opened(library) as store:
        told = the_one_meant(store, reference)
    if output_format == "json":
        click.echo(story.as_json(told))
    else:
        show(story.story(told))
