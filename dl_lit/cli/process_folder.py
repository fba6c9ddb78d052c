"""`process-folder`: the main job on folders of PDFs, one row after the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dl_lit.cli.options import library_options, run_options, settings_options, without_sizes
from dl_lit.cli.places import PLACE
from dl_lit.cli.running import process


@click.command("process-folder")
@click.argument("folders", nargs=-1, required=True, type=PLACE)
@without_sizes
@library_options
@settings_options
@run_options
def command(folders: tuple[Path, ...], **options: Any) -> int:
    """The same for FOLDERS, one row after the other.

    As process-folder-concurrent --sequential: slower, easier to follow, same result.
    """
    return process(folders, "process-folder", sequential=True, **options)
