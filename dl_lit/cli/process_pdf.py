"""`process-pdf`: the main job on single PDFs, one row after the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dl_lit.cli.grouped import GroupedCommand
from dl_lit.cli.options import library_options, run_options, settings_options, without_sizes
from dl_lit.cli.places import PLACE
from dl_lit.cli.running import process


@click.command("process-pdf", cls=GroupedCommand)
@click.argument("pdfs", nargs=-1, required=True, type=PLACE)
@without_sizes
@library_options
@settings_options
@run_options
def command(pdfs: tuple[Path, ...], **options: Any) -> int:
    """The same for PDFS, one row after the other.

    As process-pdf-concurrent --sequential: slower, easier to follow, same result.

    \b
    Example:
      dl-lit process-pdf paper.pdf
    """
    return process(pdfs, "process-pdf", sequential=True, **options)
