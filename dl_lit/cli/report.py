"""`report`: a library as one HTML page."""

from __future__ import annotations

import time
import webbrowser
from pathlib import Path

import click

from dl_lit.cli.options import library_options
from dl_lit.cli.output import STDOUT, check_output, destination
from dl_lit.cli.places import PLACE
from dl_lit.cli.reading import opened
from dl_lit.errors import UsageError
from dl_lit.library import Library
from dl_lit.report.facts import gathered
from dl_lit.report.links import Files
from dl_lit.report.page import page
from dl_lit.ui.wording import printable

REPORT_NAME = "report.html"


@click.command("report")
@click.option("--output", type=PLACE, show_default="report.html in the library's folder", help="Write here.")
@click.option("--open", "is_opened", is_flag=True, help="Show it in the browser.")
@library_options
def command(library: Library, output: Path | None, is_opened: bool) -> None:
    """Writes a library as one HTML page.

    What was cited, matched, found and missing, and why; plots; a table of all works to search and sort; a page for each
    of your PDFs with its reference list; the network of your PDFs and the works they share. One file that works
    without internet and prints well. Its links to PDFs are relative: move or give it away with the library's folder.

    \b
    Examples:
      dl-lit report --open
      dl-lit report --library thesis --output thesis/report.html
    """
    target = output or library.folder / REPORT_NAME
    if target == STDOUT and is_opened:
        raise UsageError("--open needs a file: name one with --output, or leave that out.")
    check_output(target, (), database=library.database)
    with opened(library) as store:
        facts = gathered(store, library, Files(target.expanduser().parent))
    with destination(target) as out:
        out.write(page(facts, time.time()))
    if target != STDOUT:
        click.echo(printable(f"The report is {target}."), err=True)
    if is_opened:
        webbrowser.open(target.resolve().as_uri())
