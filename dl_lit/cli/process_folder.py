"""`process-folder`: the main job on folders of PDFs, one row after the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dl_lit.cli.grouped import GroupedCommand
from dl_lit.cli.options import library_options, run_options, settings_options, without_sizes
from dl_lit.cli.places import PLACE
from dl_lit.cli.running import process
from dl_lit.cli.watch_folder_concurrent import INTERVAL, watch_folder
from dl_lit.errors import UsageError

NAME = "process-folder"
OF_ONE_PASS = {"limit": "--limit", "max_entries": "--max-entries", "dry_run": "--dry-run"}


@click.command(NAME, cls=GroupedCommand)
@click.argument("folders", nargs=-1, required=True, type=PLACE)
@click.option("--watch", is_flag=True, help="Go on with every PDF that comes in, until stopped.")
@INTERVAL
@without_sizes
@library_options
@settings_options
@run_options
def command(folders: tuple[Path, ...], watch: bool, interval: float | None, **options: Any) -> int:
    """The same for FOLDERS, one row after the other.

    As process-folder-concurrent --sequential: slower, easier to follow, same result. With --watch as
    watch-folder-concurrent on one folder.

    \b
    Examples:
      dl-lit process-folder ./pdfs
      dl-lit process-folder ~/inbox --watch --interval 10
    """
    if watch:
        return _watch(folders, interval, **options)
    if interval is not None:
        raise UsageError("--interval would do nothing: nothing is watched without --watch. Add it.")
    return process(folders, NAME, sequential=True, **options)


def _watch(folders: tuple[Path, ...], interval: float | None, **options: Any) -> int:
    if len(folders) > 1:
        raise UsageError("--watch takes one folder. Start one process for each; they may share a library.")
    for name, option in OF_ONE_PASS.items():
        if options.pop(name):
            raise UsageError(f"{option} is of a run that ends, and --watch goes on. Leave one of them out.")
    way: dict[str, Any] = {"sequential": True, "places": None, "recursive": False, "interval": interval}
    return watch_folder(folders[0], NAME, **way, **options)
