"""`review --files`: suspect files, which a person keeps or refuses, and contents that are the copy of several works."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields

import click

from dl_lit.cli.reading import opened, opened_for_change
from dl_lit.config import load_settings
from dl_lit.download.placing import place, sha256_of
from dl_lit.download.shelf import Shelf, free_name
from dl_lit.download.verifier import ProcessVerifier
from dl_lit.errors import UsageError
from dl_lit.library import Library
from dl_lit.model import DownloadReason, KeptFile
from dl_lit.rows import written
from dl_lit.store.store import Store
from dl_lit.store.suspects import SharedCopy, SuspectFile
from dl_lit.ui.wording import printable

QUESTION = "[k]eep as its copy, [r]efuse, [s]kip, [q]uit"
NOTHING = "No file needs a look."
BY_PERSON = "person"  # what showed that a file is the work


def tell(library: Library, output_format: str) -> None:
    with opened(library) as store:
        files, shared = store.suspect_files(), store.shared_copies()
    if output_format == "csv":
        rows = [asdict(one) | {"path": str(library.quarantine / one.name)} for one in files]
        click.echo(written(rows, [*(field.name for field in fields(SuspectFile)), "path"], "csv"), nl=False)
        return
    if output_format == "json":
        told = {
            "suspect": [asdict(one) | {"path": str(library.quarantine / one.name)} for one in files],
            "shared": [asdict(one) for one in shared],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for one in files:
        click.echo(_described(library, one) + "\n")
    _tell_shared(shared)
    if not files and not shared:
        click.echo(NOTHING)


def _described(library: Library, one: SuspectFile) -> str:
    lines = (
        f"File {one.id}, for reference {one.reference_id}: {one.title or 'untitled'}",
        f"  {one.reason}: {one.detail or ''}",
        f"  from {one.source}, {one.final_url or one.url}",
        f"  {library.quarantine / one.name}",
    )
    return "\n".join(map(printable, lines))


def _tell_shared(shared: Sequence[SharedCopy]) -> None:
    for one in shared:
        click.echo("The same file is the copy of several works; one may be wrong, or two may be the same work:")
        for reference_id, title, name in one.works:
            click.echo(printable(f"  reference {reference_id}: {title or 'untitled'} ({name})"))
        click.echo()


def ask(library: Library) -> None:
    """Goes through the suspect files."""
    with opened_for_change(library) as store:
        files, shared = store.suspect_files(), store.shared_copies()
        for one in files:
            click.echo(_described(library, one))
            if not _asked(store, library, one):
                return
        _tell_shared(shared)
        click.echo("That was the last one." if files or shared else NOTHING)


def _asked(store: Store, library: Library, one: SuspectFile) -> bool:
    """False when the person has had enough."""
    while True:
        answer = click.prompt(QUESTION, default="s").strip().lower()
        if answer in ("q", "quit"):
            return False
        if answer in ("s", "skip"):
            return True
        if answer in ("k", "keep", "r", "refuse"):
            _decide(store, library, one, keep=answer.startswith("k"))
            return True


def keep(library: Library, number: int) -> None:
    _decide_by_number(library, number, keep=True)


def refuse(library: Library, number: int) -> None:
    _decide_by_number(library, number, keep=False)


def _decide_by_number(library: Library, number: int, *, keep: bool) -> None:
    with opened_for_change(library) as store:
        meant = next((one for one in store.suspect_files() if one.id == number), None)
        if meant is None:
            raise UsageError(f"There is no suspect file {number}. dl-lit review --files --list names those there are.")
        _decide(store, library, meant, keep=keep)


def _decide(store: Store, library: Library, one: SuspectFile, *, keep: bool) -> None:
    path = library.quarantine / one.name
    if not path.is_file():
        raise UsageError(f"{path} is not there any more. dl-lit library check --repair forgets it.")
    if keep:
        click.echo(printable(_kept(store, library, one)))
        return
    library.aside.mkdir(exist_ok=True)
    name = free_name(library.aside, path.name)
    place(path, library.aside / name)
    store.forget_suspect(one.name)
    click.echo(printable(f"Refused: moved to {library.aside / name}."))


def _kept(store: Store, library: Library, one: SuspectFile) -> str:
    """Makes it the copy; a file that is no PDF to open is none."""
    path, work = library.quarantine / one.name, store.subject(one.reference_id)
    with ProcessVerifier(load_settings().extraction) as verifier:
        face = verifier.look_at(path)
    if face.reason is not None and face.reason is not DownloadReason.ENCRYPTED:
        raise UsageError(f"{path.name} cannot be a copy: {face.detail}. Refuse it with --refuse-file {one.id}.")
    assert work is not None
    facts = KeptFile(
        file_name="",
        sha256=sha256_of(path),
        bytes=path.stat().st_size,
        pages=face.pages,
        source=one.source,
        url=one.url,
        final_url=one.final_url or one.url,
        identity=BY_PERSON,
    )
    shelf = Shelf(library)
    kept = shelf.keep(one.reference_id, work, path, facts)
    store.adopt(one.reference_id, kept)
    shelf.settled(one.reference_id)
    store.forget_suspect(one.name)
    path.unlink(missing_ok=True)  # of a content that lay in pdfs/ already
    return f"Kept: {kept.file_name} is the copy of reference {one.reference_id} now."
