"""`clear-downloaded`: lets go of copies, so that they are fetched anew."""

from __future__ import annotations

from collections.abc import Sequence

import click

from dl_lit.clearing import Cleared, clear, is_meant
from dl_lit.cli.options import library_options
from dl_lit.cli.reading import must_be_still, opened_for_change
from dl_lit.errors import UsageError
from dl_lit.library import Library
from dl_lit.store.store import Store
from dl_lit.ui.wording import counted, printable


@click.command("clear-downloaded")
@click.argument("ids", metavar="[ID]...", nargs=-1, type=click.IntRange(min=1))
@click.option("--all", "everything", is_flag=True, help="The copies of all works.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@library_options
def command(library: Library, ids: tuple[int, ...], everything: bool, yes: bool) -> None:
    """Lets go of copies, to look for them anew.

    ID are references whose copies are to go; the next run looks for others. Their files move to the library's folder
    aside/: nothing is deleted, and what was found out about the works stays.

    \b
    Examples:
      dl-lit clear-downloaded 17 23
      dl-lit clear-downloaded --all --yes
    """
    if bool(ids) == everything:
        raise click.UsageError("Say whose copies: ids, or --all.")
    with opened_for_change(library) as store:
        must_be_still(store, "Clear copies")
        _check_ids(store, ids)
        wanted = None if everything else {store.now_known_as(one) for one in ids}
        number = _number(store, wanted)
        if number and not yes:
            copies = counted(number, "copy", "copies")
            click.confirm(f"Let go of {copies}? The files move to {library.aside}.", abort=True)
        _tell(_cleared(store, library, wanted))


def _number(store: Store, wanted: set[int] | None) -> int:
    return sum(is_meant(one, wanted) for one in store.held_files())


def _cleared(store: Store, library: Library, wanted: set[int] | None) -> Cleared:
    try:
        return clear(store, library, wanted)
    except OSError as error:
        raise UsageError(
            f"{error.filename} could not be moved ({error.strerror}). Make {library.folder} writable, then run this "
            "again: the copies before it are let go of, the others are as they were."
        ) from error


def _check_ids(store: Store, ids: Sequence[int]) -> None:
    unknown = [str(one) for one in ids if store.told(one) is None]
    if unknown:
        raise UsageError(f"There is no reference {', '.join(unknown)}. Nothing was changed; dl-lit why finds ids.")


def _tell(cleared: Cleared) -> None:
    for name in cleared.kept:
        click.echo(printable(f"{name} stays: it is another work's copy, too"))
    files = f"; {counted(len(cleared.moved), 'file')} moved to aside/" if cleared.moved else ""
    click.echo(f"{counted(cleared.works, 'work')} without a copy now{files}.")
    if cleared.works:
        click.echo("The next run of the same process command looks for them anew.")
