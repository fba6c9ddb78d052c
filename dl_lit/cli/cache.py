"""`cache`: what is kept to save time, and how to be rid of it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click

from dl_lit.cached_extractor import cache_path, clear_cache, look_at_cache
from dl_lit.cli.options import library_options, rows_option
from dl_lit.cli.output import put_rows
from dl_lit.cli.places import PLACE
from dl_lit.config import Settings, load_settings
from dl_lit.errors import DatabaseUnusable, UsageError
from dl_lit.fetched import clear_fetched, fetched_path, look_at_fetched
from dl_lit.library import Library
from dl_lit.store.cache_file import CacheStats
from dl_lit.store.database import Database
from dl_lit.store.fetched_file import FetchedStats
from dl_lit.store.records import CachedAnswers
from dl_lit.store.store import Store
from dl_lit.ui import tables
from dl_lit.ui.tables import CacheRow
from dl_lit.ui.wording import printable


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which of the three caches the command is about."""

    extraction: bool
    fetched: bool
    services: bool


@click.command("cache")
@click.argument("action", type=click.Choice(["info", "clear"]), default="info")
@click.option("--extraction", is_flag=True, help="Only what was read from PDFs.")
@click.option("--fetched", is_flag=True, help="Only the built-in catalogue: works that services sent.")
@click.option("--services", is_flag=True, help="Only what services answered.")
@click.option("--config", type=PLACE, help="Configuration file (TOML).")
@library_options
@rows_option
def command(
    action: str,
    extraction: bool,
    fetched: bool,
    services: bool,
    config: Path | None,
    library: Library,
    output_format: str,
) -> None:
    """Shows or clears the caches.

    There are three. Two are for all libraries, in the user's cache folder: what was read from PDFs, and the built-in
    catalogue of works that services sent. The third is what services answered, in each library's own database.
    Clearing costs time later, never a result of a library.

    \b
    Examples:
      dl-lit cache
      dl-lit cache clear --services
    """
    if action == "clear" and output_format != "table":
        raise UsageError(f"--format {output_format} goes with cache info: cache clear only says what it dropped.")
    all_of_them = not (extraction or fetched or services)
    chosen = _Chosen(*(all_of_them or one for one in (extraction, fetched, services)))
    settings = load_settings(file=config)
    if services and not library.database.is_file():
        raise UsageError(f"There is no library at {library.folder}. Name it with --library.")
    if action == "clear":
        _clear(chosen, settings, library)
    else:
        rows = _rows(chosen, settings, library)
        put_rows(output_format, lambda: tables.caches_table(rows), lambda form: tables.caches_told(rows, form))


def _clear(chosen: _Chosen, settings: Settings, library: Library) -> None:
    if chosen.extraction:
        dropped = clear_cache(settings.extraction)
        click.echo(printable(f"{cache_path(settings.extraction)}: {dropped} results of extraction dropped."))
    if chosen.fetched:
        dropped = clear_fetched(settings)
        click.echo(printable(f"{fetched_path(settings)}: {dropped} fetched records dropped."))
    if chosen.services and library.database.is_file():
        with closing(Store(Database.open(library.database, settings.store, create=False))) as store:
            dropped = store.cache_clear()
        click.echo(printable(f"{library.database}: {dropped} answers of services dropped."))


def _rows(chosen: _Chosen, settings: Settings, library: Library) -> list[CacheRow]:
    rows = []
    if chosen.extraction:
        rows.append(_extraction(settings))
    if chosen.fetched:
        rows.append(_fetched(settings))
    if chosen.services:
        rows.append(_services(settings, library))
    return rows


def _extraction(settings: Settings) -> CacheRow:
    limit = settings.extraction.cache_mb << 20
    try:
        found = look_at_cache(settings.extraction) or CacheStats(0, 0, 0, None, None)
    except DatabaseUnusable as error:
        return CacheRow("extraction", str(cache_path(settings.extraction)), limit=limit, problem=error.message)
    return CacheRow(
        "extraction",
        str(cache_path(settings.extraction)),
        entries=found.entries,
        bytes=found.bytes,
        limit=limit,
        hits=found.hits,
        oldest=found.oldest,
        last_used=found.last_used,
        problem=None if settings.extraction.cache else "switched off by extraction.cache",
    )


def _fetched(settings: Settings) -> CacheRow:
    place, limit = str(fetched_path(settings)), settings.catalogue.fetched_mb << 20
    try:
        found = look_at_fetched(settings) or FetchedStats(0, 0, 0, 0, None)
    except DatabaseUnusable as error:
        return CacheRow("fetched", place, limit=limit, problem=error.message)
    return CacheRow(
        "fetched",
        place,
        entries=found.works + found.records,
        bytes=found.bytes,
        limit=limit,
        expired=found.expired,
        last_used=found.last_used,
        problem=None if settings.catalogue.fetched else "switched off by catalogue.fetched",
    )


def _services(settings: Settings, library: Library) -> CacheRow:
    found = CachedAnswers(0, 0, 0, None)
    if library.database.is_file():
        with closing(Store(Database.look(library.database, settings.store))) as store:
            found = store.cache_stats()
    return CacheRow(
        "services",
        str(library.database),
        entries=found.entries,
        bytes=found.bytes,
        expired=found.expired,
        oldest=found.oldest,
        problem=None if library.database.is_file() else "there is no library; name one with --library",
    )
