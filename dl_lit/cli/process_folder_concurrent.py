"""`process-folder-concurrent`: the main job on folders of PDFs, all four stages at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dl_lit.cli.grouped import GroupedCommand
from dl_lit.cli.options import library_options, pipeline_options, run_options, settings_options
from dl_lit.cli.places import PLACE
from dl_lit.cli.running import process


@click.command("process-folder-concurrent", cls=GroupedCommand)
@click.argument("folders", nargs=-1, required=True, type=PLACE)
@click.option("--concurrent/--sequential", default=True, help="All stages at once, or one row after the other.")
@pipeline_options
@library_options
@settings_options
@run_options
def command(folders: tuple[Path, ...], concurrent: bool, **options: Any) -> int:
    """Finds and fetches what PDFs in FOLDERS cite.

    Reads every PDF, finds verified metadata for every reference, merges twins, and downloads lawful copies. May be
    stopped at any time; the same command carries on. Exit codes: 0 all done, 1 error, 2 usage, 3 something is left
    for later, 130 interrupted.

    \b
    Examples:
      dl-lit process-folder-concurrent ./pdfs --email you@your-university.edu
      dl-lit process-folder-concurrent ./pdfs --library ~/thesis --download-workers 8
      dl-lit process-folder-concurrent ./pdfs --no-download --limit 10
    """
    return process(folders, "process-folder-concurrent", sequential=not concurrent, **options)
