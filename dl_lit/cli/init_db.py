"""`init-db`: makes an empty library, or brings an older one up to date."""

from __future__ import annotations

import click

from dl_lit.cli.options import library_options
from dl_lit.config import load_settings
from dl_lit.library import Library
from dl_lit.store.database import Database
from dl_lit.ui.wording import printable


@click.command("init-db")
@library_options
def command(library: Library) -> None:
    """Makes the library's folder and database.

    An existing database of an older version is migrated, with a backup.

    \b
    Example:
      dl-lit init-db --library ~/thesis
    """
    existed = library.database.exists()
    library.make_folders()
    database = Database.open(library.database, load_settings().store)
    backup = database.backup
    database.close()
    if backup is not None:
        told = f"{library.database} was brought up to date; the older file is kept as {backup}."
    else:
        told = f"{library.database} is {'there and up to date' if existed else 'ready'}."
    click.echo(printable(told))
