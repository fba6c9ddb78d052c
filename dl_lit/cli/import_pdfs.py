"""`import-pdfs`: PDFs that the user has already become the copies of works in the library."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from dl_lit.adopting import Adopter, Adoption, Names, Outcome
from dl_lit.cli.files import JOBS, in_order
from dl_lit.cli.options import library_options, rows_option
from dl_lit.cli.places import PLACE
from dl_lit.cli.reading import opened_for_change
from dl_lit.config import load_settings
from dl_lit.download.shelf import Shelf
from dl_lit.download.verifier import ProcessVerifier
from dl_lit.errors import UsageError
from dl_lit.intake import check_paths, find_documents, path_text
from dl_lit.library import Library
from dl_lit.rows import written
from dl_lit.store.store import Store
from dl_lit.ui.wording import printable

HOW = click.option(
    "--link/--copy",
    "by_link",
    default=False,
    help="Give files a second name in the library (a hard link, where the disk allows it), or copy them (default).",
)


@click.command("import-pdfs")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=PLACE)
@click.option("--as", "reference_id", type=click.IntRange(min=1), metavar="ID", help="The PDF is of this reference.")
@HOW
@JOBS
@library_options
@rows_option
def command(
    paths: tuple[Path, ...], reference_id: int | None, by_link: bool, jobs: int, library: Library, output_format: str
) -> None:
    """Takes PDFs that you have as works' copies.

    PATH are PDFs, or folders of them. Each is known by its hash, by the DOI or the arXiv number on its first pages, or
    by its title there, and is checked as downloads are. It becomes the copy of the work, which is not fetched any more;
    for a reference that is still to be found it waits, and is taken when copies are looked for. Nothing is kept of
    files that are no work of the library. Your files stay where they are. With --as you say yourself what a file is,
    for example of a scan; only that it is a whole PDF is checked then.

    \b
    Each file is told of with its reason:
      adopted, already there, no such work, unclear, not a PDF

    \b
    Examples:
      dl-lit import-pdfs ~/papers
      dl-lit import-pdfs scan.pdf --as 17
    """
    check_paths(paths)
    if reference_id is not None and (len(paths) > 1 or paths[0].is_dir()):
        raise UsageError("--as is for one PDF. Name that file alone.")
    with (
        opened_for_change(library) as store,
        adopter(store, library, by_link=by_link, jobs=jobs) as (adopting, verifier),
    ):
        if reference_id is not None:
            tell(iter([adopting.adopt(adopting.judge_as(paths[0], reference_id))]), output_format)
            return
        files = pdfs_below(paths, library)
        judged = in_order(adopting.judge, files, jobs, interrupt=verifier.close)
        tell((adopting.adopt(one) for _, one in judged), output_format)


COLUMNS = ("path", "outcome", "detail", "reference", "table", "file_name")


@contextmanager
def adopter(store: Store, library: Library, *, by_link: bool, jobs: int) -> Iterator[tuple[Adopter, ProcessVerifier]]:
    """What adopts files into a library, by the names that its references have now."""
    library.make_folders()
    limits = load_settings().extraction
    most_bytes = int(limits.max_file_mb * 1_000_000)
    with ProcessVerifier(limits, jobs) as verifier:
        yield (
            Adopter(store, Shelf(library), verifier, Names.of(store), by_link=by_link, most_bytes=most_bytes),
            verifier,
        )


def pdfs_below(paths: Sequence[Path], library: Library) -> list[Path]:
    """The PDFs in folders and all files that are named outright, without the library's own."""
    named = {path.absolute() for path in paths if not path.is_dir()}
    own = (library.pdfs, library.quarantine)
    return [
        path
        for path in find_documents(paths)
        if path in named or (path.suffix.lower() == ".pdf" and not any(path.is_relative_to(folder) for folder in own))
    ]


def tell(
    adoptions: Iterator[Adoption],
    output_format: str,
    *,
    nothing: str = "No PDFs there.",
    also: Mapping[str, Any] | None = None,
) -> None:
    """A line a file as it is done and the numbers of each outcome, or all of it as JSON (and what is `also` to be told
    there), or the files as CSV."""
    done = []
    for one in adoptions:
        done.append(one)
        if output_format == "table":
            where = f" → {one.file_name}" if one.file_name else ""
            click.echo(printable(f"{one.outcome.value}: {path_text(one.path)}{where} ({one.detail})"))
    counts = Counter(one.outcome for one in done)
    if output_format == "csv":
        click.echo(written(list(map(_as_json, done)), COLUMNS, "csv"), nl=False)
        return
    if output_format == "json":
        told = {"files": [_as_json(one) for one in done], "counts": {one.value: counts[one] for one in Outcome}}
        told |= also or {}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(", ".join(f"{counts[one]} {one.value}" for one in Outcome if counts[one]) or nothing)


def _as_json(one: Adoption) -> dict[str, str | int | None]:
    return {
        "path": path_text(one.path),
        "outcome": one.outcome.value,
        "detail": one.detail,
        "reference": one.reference_id,
        "table": one.table,
        "file_name": one.file_name,
    }
