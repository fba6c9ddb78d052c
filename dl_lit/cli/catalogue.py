"""`catalogue`: builds and describes local catalogues of works."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from dl_lit.catalogue.building import CatalogueBuilder
from dl_lit.catalogue.catalogue import Catalogue, CatalogueInfo
from dl_lit.catalogue.packing import Tally, add_files
from dl_lit.cli.options import format_option
from dl_lit.cli.output import check_output
from dl_lit.cli.places import PLACE
from dl_lit.intake import check_paths, find_files
from dl_lit.ui.wording import printable

# Of files in folders; one that is named outright may have any.
ENDINGS = (".json", ".jsonl", ".ndjson", ".gz", ".parquet", ".bib")


@click.group("catalogue")
def command() -> None:
    """Local catalogues of works.

    A catalogue holds works out of dumps or bibliographies in a file of its own, and is searched without a network:
    by `match`, and by the process commands before they ask any service (--catalogue).
    """


@command.command("build")
@click.argument("files", nargs=-1, required=True, type=PLACE)
@click.option("--output", required=True, type=PLACE, help="The catalogue to write.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=lambda: os.cpu_count() or 1,
    show_default="processors",
    help="Processes that read records at the same time.",
)
def build(files: tuple[Path, ...], output: Path, jobs: int) -> int:
    """Makes a catalogue of the works in FILES.

    FILES are Crossref or OpenAlex JSON (lines, or one answer; also gzipped), OpenAlex snapshot parquet (needs
    dl-lit[parquet]), CSL-JSON or BibTeX; each is known by its contents. Folders are searched for files ending in .json,
    .jsonl, .ndjson, .gz, .parquet or .bib. A catalogue that is there already is replaced when the new one is whole.
    Lines and records without a work, and files that cannot be read, are named on standard error and left out; the exit
    code is then 3, and 1 when there is no work at all.

    \b
    Example:
      dl-lit catalogue build dumps/ --output mine.catalogue
    """
    check_paths(files)
    found = list(find_files(files, ENDINGS))
    check_output(output, found, replaces=True)
    tally = Tally(lambda text: click.echo(printable(text), err=True))
    with CatalogueBuilder(output, [path.name for path in files]) as builder:
        add_files(builder, found, jobs, tally)
        if not tally.works:
            click.echo("No works there: no catalogue was made.", err=True)
            return 1
        built = builder.finish()
    bad = f", {tally.bad} records without a work" if tally.bad else ""
    click.echo(f"{output}: {built.works} works{bad}, {built.bytes / 1e6:.1f} MB, in {built.seconds:.1f} s.", err=True)
    if tally.unread:
        click.echo(f"{tally.unread} files could not be read to their ends.", err=True)
    return 3 if tally.bad or tally.unread else 0


@command.command("info")
@click.argument("catalogue", type=PLACE)
@format_option
def info(catalogue: Path, output_format: str) -> int:
    """Says what CATALOGUE holds.

    \b
    Example:
      dl-lit catalogue info mine.catalogue
    """
    opened = Catalogue(catalogue)
    facts = opened.info()
    opened.close()
    if output_format == "json":
        click.echo(json.dumps(_as_object(facts), ensure_ascii=False))
        return 0
    table = Table(show_header=False, box=None)
    for name, value in _as_object(facts).items():
        table.add_row(name, ", ".join(value) if isinstance(value, list) else str(value))
    Console().print(table)
    return 0


def _as_object(facts: CatalogueInfo) -> dict[str, object]:
    return {
        "path": str(facts.path),
        "works": facts.works,
        "bytes": facts.bytes,
        "made": facts.made,
        "version": facts.version,
        "sources": list(facts.sources),
    }
