"""`watch-folder-concurrent`: the main job on a folder into which PDFs come, until it is stopped."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from dl_lit.cli.grouped import GroupedCommand
from dl_lit.cli.options import library_options, pipeline_options, reading_options, settings_options
from dl_lit.cli.places import PLACE
from dl_lit.cli.running import run_pipeline, sections, telling
from dl_lit.cli.sense import Wishes, check_run
from dl_lit.cli.view import View
from dl_lit.concurrent_pipeline import Plan
from dl_lit.config import Settings
from dl_lit.errors import UsageError
from dl_lit.extractors import helpers_of
from dl_lit.intake import check_paths, path_text
from dl_lit.library import Library
from dl_lit.model import Stage
from dl_lit.watching.lock import only_watcher
from dl_lit.watching.moving import Places
from dl_lit.watching.watcher import Watch, Watcher

NAME = "watch-folder-concurrent"

INTERVAL = click.option(
    "--interval",
    type=click.FloatRange(0.05, 86400),
    metavar="SECONDS",
    help="Time between two looks at the folder that is watched (default 2).",
)


@click.command(NAME, cls=GroupedCommand)
@click.argument("watched", metavar="FOLDER", type=PLACE)
@click.option("--move-completed", is_flag=True, help="Move PDFs away when all that they cite is in a final state.")
@click.option("--completed-dir", type=PLACE, help="Where to (default: completed in FOLDER).")
@click.option("--failed-dir", type=PLACE, help="Where PDFs go that could not be read (default: failed in FOLDER).")
@click.option("--recursive", is_flag=True, help="Also watch the folders in FOLDER.")
@INTERVAL
@pipeline_options
@library_options
@settings_options
@reading_options
def command(
    watched: Path,
    move_completed: bool,
    completed_dir: Path | None,
    failed_dir: Path | None,
    recursive: bool,
    interval: float | None,
    **options: Any,
) -> int:
    """The same for every PDF that comes into FOLDER.

    As process-folder-concurrent, and goes on until it is stopped. A PDF is taken when it has stopped growing and is
    whole. Ctrl-C or SIGTERM ends the watch; the same command carries on. Exit codes: 130 the usual one, 1 error, 2
    usage, or another process watches FOLDER.

    \b
    Examples:
      dl-lit watch-folder-concurrent ~/inbox --email you@your-university.edu
      dl-lit watch-folder-concurrent ~/inbox --move-completed --recursive
    """
    places = _places(watched, move_completed, completed_dir, failed_dir)
    return watch_folder(
        watched, NAME, sequential=False, places=places, recursive=recursive, interval=interval, **options
    )


def watch_folder(
    watched: Path,
    command: str,
    *,
    sequential: bool,
    places: Places | None,
    recursive: bool,
    interval: float | None,
    library: Library,
    settings: Callable[..., Settings],
    view: View,
    enrich: bool,
    download: bool,
    **options: Any,
) -> int:
    """What the commands that watch have in common: options into settings, watch and view."""
    check_paths([watched])
    chosen = _settings(settings, interval, sequential=sequential, **options)
    _check_run(chosen, enrich, download, view.log_format, **options)
    watch = Watch(
        folder=_real(watched),
        recursive=recursive,
        places=places,
        through=_through(enrich, download),
        interval=chosen.watch.interval_seconds,
        still=chosen.watch.still_seconds,
        patience=chosen.watch.patience_seconds,
    )
    plan = Plan((watch.folder,), command, enrich, download and enrich, watch=path_text(watch.folder))
    return _run(watch, library, chosen, plan, replace(view, only_changes=True))


def _settings(
    settings: Callable[..., Settings],
    interval: float | None,
    *,
    sequential: bool,
    sizes: Mapping[str, Any],
    extractor: str | None,
    cluster: str | None,
    catalogues: Sequence[Path],
    cache: bool,
    filters: Mapping[str, Any],
    expansion: Mapping[str, Any],
) -> Settings:
    return settings(
        pipeline={**sizes, "sequential": sequential},
        watch={"interval_seconds": interval},
        **sections(extractor, cluster, catalogues, cache, filters, expansion),
    )


def _check_run(settings: Settings, enrich: bool, download: bool, log_format: str, **options: Any) -> None:
    wishes = {name: options[name] for name in ("sizes", "expansion", "filters", "catalogues")}
    check_run(Wishes(enrich, download, log_format=log_format, **wishes), settings)
    helpers_of(settings)


def _places(folder: Path, move: bool, completed: Path | None, failed: Path | None) -> Places | None:
    given = [name for name, place in (("--completed-dir", completed), ("--failed-dir", failed)) if place is not None]
    if not move:
        if given:
            raise UsageError(f"{', '.join(given)} would do nothing: nothing is moved without --move-completed. Add it.")
        return None
    return Places(_place(folder, completed or folder / "completed"), _place(folder, failed or folder / "failed"))


def _place(folder: Path, place: Path) -> Path:
    if _real(place) == _real(folder):
        raise UsageError(f"PDFs cannot be moved from {folder} to itself. Name another folder.")
    return _real(place)


def _through(enrich: bool, download: bool) -> tuple[Stage, ...]:
    """The stages that a reference must have left: those that this run does."""
    if not enrich:
        return ()
    return (Stage.ENRICHMENT, Stage.QUEUEING, *((Stage.DOWNLOAD,) if download else ()))


def _check_folder(watch: Watch, library: Library) -> None:
    if not watch.folder.is_dir():
        raise UsageError(f"{watch.folder} is a file. Name the folder that it comes into.")
    for place in (watch.folder, *_targets(watch)):
        if place == _real(library.folder) or any(place.is_relative_to(own) for own in _own(library)):
            raise UsageError(f"{place} belongs to the library {library.folder}. Name another folder.")
    if watch.places is not None and not os.access(watch.folder, os.W_OK):
        raise UsageError(f"Nothing can be moved out of {watch.folder}: give write permission, or no --move-completed.")


def _own(library: Library) -> tuple[Path, ...]:
    """What the library itself puts files into; what lies there is no new PDF."""
    return tuple(map(_real, (library.pdfs, library.quarantine, library.aside, library.logs)))


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _targets(watch: Watch) -> tuple[Path, ...]:
    return () if watch.places is None else (watch.places.completed, watch.places.failed)


def _check_targets(watch: Watch) -> None:
    """Whether they can be made is known at once; they are made for the first PDF that goes there."""
    for folder in _targets(watch):
        try:
            is_there = folder.exists()
            folder.mkdir(parents=True, exist_ok=True)
            if not is_there:
                folder.rmdir()
        except OSError as error:
            raise UsageError(f"The folder {folder} cannot be made ({error.strerror}). Name another one.") from error


def _run(watch: Watch, library: Library, settings: Settings, plan: Plan, view: View) -> int:
    _check_folder(watch, library)
    say = telling(view)
    watcher = Watcher(replace(watch, but=(*_own(library), *_targets(watch))), tell=say)
    with only_watcher(watch.folder, _real(library.folder), settings.network.state_folder, say):
        _check_targets(watch)
        say(f"Watching {watch.folder}, every {watch.interval:g} s. Ctrl-C or SIGTERM ends it; nothing is lost.")
        return run_pipeline(settings, library, plan, view, watcher)
