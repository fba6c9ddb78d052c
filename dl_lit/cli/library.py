"""`library`: what concerns a library's files as a whole."""

from __future__ import annotations

import json
from collections import Counter

import click

from dl_lit.cli.import_pdfs import adopter
from dl_lit.cli.options import library_options, rows_option
from dl_lit.cli.reading import must_be_still, opened, opened_for_change
from dl_lit.errors import UsageError
from dl_lit.inventory import Finding, Kind, Stock, take_stock
from dl_lit.library import Library
from dl_lit.mending import Mender
from dl_lit.rows import written
from dl_lit.ui.wording import printable


@click.group("library")
def command() -> None:
    """A library's files on the disk."""


@command.command("check")
@click.option("--fix", is_flag=True, help="Put right what is wrong; nothing is deleted.")
@click.option("--lost", is_flag=True, help="With --fix: what is missing is lost, even if most is.")
@library_options
@rows_option
def check(fix: bool, lost: bool, library: Library, output_format: str) -> int:
    """Compares the files on the disk with the database.

    Every file is read. Missing: the database has it, the disk has not. Changed: its content is not what was verified.
    Orphaned: it lies in pdfs/ or quarantine/ and the database does not know it. The exit code is 3 when something is
    wrong and left so.

    With --fix, missing copies are looked for again by the next run, unless another file has their content. A changed
    copy that is still whole and that work is recorded anew; any other is moved to the library's folder aside/, and its
    work is looked for again. An orphan that is the copy of a work without one (by hash, DOI or first page) becomes
    it; any other is moved to aside/. When most copies are missing, as when their disk is not mounted, these are left
    as they are, unless you say with --lost that they are gone.

    \b
    Examples:
      dl-lit library check
      dl-lit library check --fix
    """
    if lost and not fix:
        raise UsageError("--lost says how to put it right: use it with --fix.")
    if fix:
        with opened_for_change(library) as store:
            must_be_still(store, "Use --fix")
            with adopter(store, library, by_link=True, jobs=1) as (adopting, verifier):
                stock = take_stock(store, library)
                Mender(store, library, adopting, verifier).mend(stock, are_lost=lost)
    else:
        with opened(library) as store:
            stock = take_stock(store, library)
    _tell(stock, output_format)
    return 3 if stock.left else 0


COLUMNS = ("kind", "place", "file_name", "references", "detail", "done")


def _tell(stock: Stock, output_format: str) -> None:
    if output_format == "csv":
        click.echo(written(list(map(_as_json, stock.findings)), COLUMNS, "csv"), nl=False)
        return
    if output_format == "json":
        numbers = {"well": stock.well, "withdrawn": stock.withdrawn, "unfinished": stock.unfinished}
        told = {**numbers, "left": stock.left, "findings": [_as_json(one) for one in stock.findings]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for one in stock.findings:
        whose = f" of reference {', '.join(map(str, one.references))}" if one.references else ""
        done = f" → {one.done}" if one.done else ""
        click.echo(printable(f"{one.kind.value}: {one.place}/{one.name}{whose}: {one.detail}{done}"))
    counts = Counter(one.kind for one in stock.findings)
    parts = [f"{stock.well} files are as they should be"]
    parts += [f"{counts[kind]} {kind.value}" for kind in Kind if counts[kind]]
    parts += [f"{stock.withdrawn} of matches taken back"] if stock.withdrawn else []
    parts += [f"{stock.unfinished} of a run that is not over"] if stock.unfinished else []
    click.echo(", ".join(parts) + ".")
    if stock.most_are_missing and stock.left:
        click.echo(
            f"{stock.missing} of {stock.copies} copies are missing: is the disk that has them mounted, or was their "
            "folder moved? Bring them back; if they are gone, dl-lit library check --fix --lost has them looked for."
        )
    elif stock.left and not any(one.done for one in stock.findings):
        click.echo("dl-lit library check --fix puts this right; nothing is deleted.")


def _as_json(one: Finding) -> dict[str, object]:
    return {
        "kind": one.kind.value,
        "place": one.place,
        "file_name": one.name,
        "references": list(one.references),
        "detail": one.detail,
        "done": one.done,
    }
