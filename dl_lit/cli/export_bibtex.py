"""`export-bibtex`: a library's works as a BibTeX file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from dl_lit.cli.options import library_options
from dl_lit.cli.output import check_output, destination
from dl_lit.cli.places import PLACE
from dl_lit.cli.reading import opened
from dl_lit.exporting.bibtex import as_bibtex
from dl_lit.library import Library
from dl_lit.store.records import LibraryWork
from dl_lit.store.store import Store


@click.command("export-bibtex")
@click.option("--output", type=PLACE, help="Write here instead of standard output.")
@click.option("--with-copy-only", is_flag=True, help="Only works whose PDF is in the library.")
@click.option("--cited-only", is_flag=True, help="Only works that your PDFs cite, without those found otherwise.")
@library_options
def command(library: Library, output: Path | None, with_copy_only: bool, cited_only: bool) -> None:
    """Writes a library's works as BibTeX.

    All works with verified metadata, in UTF-8; a kept PDF stands in JabRef's `file` field.
    """
    check_output(output, (), database=library.database)
    with opened(library) as store:
        text = as_bibtex(_works(store, with_copy_only, cited_only), library.pdfs)
    with destination(output) as out:
        out.write(text)


def _works(store: Store, with_copy_only: bool, cited_only: bool) -> Iterator[LibraryWork]:
    page_of = store.downloaded if with_copy_only else store.works
    last = 0
    while page := page_of(after_id=last):
        yield from (one for one in page if one.cited_by_pdfs or not cited_only)
        last = page[-1].id
