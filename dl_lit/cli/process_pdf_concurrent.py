"""`process-pdf-concurrent`: the main job on single PDFs, all four stages at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dl_lit.cli.grouped import GroupedCommand
from dl_lit.cli.options import library_options, pipeline_options, run_options, settings_options
from dl_lit.cli.places import PLACE
from dl_lit.cli.running import process


@click.command("process-pdf-concurrent", cls=GroupedCommand)
@click.argument("pdfs", nargs=-1, required=True, type=PLACE)
@click.option("--concurrent/--sequential", default=True, help="All stages at once, or one row after the other.")
@pipeline_options
@library_options
@settings_options
@run_options
def command(pdfs: tuple[Path, ...], concurrent: bool, **options: Any) -> int:
    """Finds and fetches what the PDFS cite.

    Like process-folder-concurrent otherwise.

    \b
    Example:
      dl-lit process-pdf-concurrent paper.pdf --email you@your-university.edu
    """
    return process(pdfs, "process-pdf-concurrent", sequential=not concurrent, **options)
