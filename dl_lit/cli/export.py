"""`export`: a library's works in the formats of other programs."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from dl_lit.cli.options import YEAR, library_options
from dl_lit.cli.output import STDOUT, check_output, destination
from dl_lit.cli.places import PLACE
from dl_lit.cli.reading import opened, opened_for_change
from dl_lit.cli.suggesting import did_you_mean
from dl_lit.config import no_year_between
from dl_lit.errors import DlLitError, UsageError
from dl_lit.exporting.bundle import write_bundle
from dl_lit.exporting.formats import FORMATS, Format
from dl_lit.exporting.keys import Keyed
from dl_lit.exporting.selection import VERIFIED, Selection, State, selected
from dl_lit.library import Library
from dl_lit.store import exported
from dl_lit.store.store import Store
from dl_lit.ui.wording import counted, many, printable

log = logging.getLogger(__name__)

_ZIP = "zip"
_MISSING_SHOWN = 5
_PDFS_SHOWN = 5
_NOTHING = "No work of the library fits. dl-lit status shows how far it is; --state names what is not verified."


@click.command("export")
@click.option(
    "--to",
    "form",
    type=click.Choice([*FORMATS, _ZIP]),
    show_default="by the ending of --output, else bibtex",
    help="Format.",
)
@click.option("--output", type=PLACE, help="Write here instead of standard output.")
@click.option("--per-pdf", type=PLACE, metavar="FOLDER", help="A file for each of your PDFs, of what it cites.")
@click.option(
    "--state",
    "states",
    type=click.Choice([one.value for one in State]),
    multiple=True,
    help="Only these; may be given several times.",
)
@click.option("--with-copy-only", is_flag=True, help="Only works whose PDF is in the library (--state copy).")
@click.option("--cited-only", is_flag=True, help="Only works that your PDFs cite, without those found otherwise.")
@click.option(
    "--cited-by", multiple=True, metavar="PDF", help="Only what this PDF cites: its path, or a part of its name."
)
@click.option("--from-year", type=YEAR, help="Only works of this year or later.")
@click.option("--to-year", type=YEAR, help="Only works of this year or earlier.")
@library_options
def command(library: Library, form: str | None, output: Path | None, per_pdf: Path | None, **wanted: Any) -> None:
    """Writes a library's works for other programs.

    By default all works with verified metadata, as BibTeX; a kept PDF stands in the `file` field as JabRef and Zotero
    read it. States: copy, no-copy, waiting (verified, its copy not looked for yet); review, unmatched, untried
    (not verified: what was read from the print, and a note that says so). csv and json have more of each work; zip has
    all formats, and the PDFs.

    \b
    Examples:
      dl-lit export --output works.bib
      dl-lit export --state copy --from-year 2000 --output recent.ris
      dl-lit export --cited-by thesis.pdf --to biblatex --output thesis.bib
      dl-lit export --per-pdf bibliographies/
      dl-lit export --output library.zip
    """
    check_output(output, (), database=library.database)
    form = form or _by_ending(output)
    _check(form, output, per_pdf, wanted)
    with opened(library) as store:
        works = selected(store, _selection(store, wanted))
        if not works:
            click.echo(_NOTHING, err=True)
        _keep_keys(library, works)
        if per_pdf is not None:
            _write_each(store, works, per_pdf, FORMATS[form], library)
            return
    if form == _ZIP:
        _write_zip(works, library, output)
    else:
        with destination(output) as out:
            out.write(FORMATS[form].write(works, library.pdfs))
    if output not in (None, STDOUT) and works:
        click.echo(printable(f"{counted(len(works), 'work')} {many('is', len(works), 'are')} in {output}."), err=True)


def _by_ending(output: Path | None) -> str:
    """The format that a file's name promises."""
    name = output.name.lower() if output is not None else ""
    if name.endswith(".zip"):
        return _ZIP
    endings = sorted(FORMATS.items(), key=lambda one: -len(one[1].ending))  # .csl.json before .json
    return next((form for form, one in endings if name.endswith(one.ending)), "bibtex")


def _keep_keys(library: Library, works: Sequence[Keyed]) -> None:
    """A work that is found later must not take over a name that a text already cites."""
    new = {one.entry.id: one.key for one in works if not one.is_given}
    if not new:
        return
    try:
        with opened_for_change(library) as store:
            store.keep_citation_keys(new)
    except DlLitError as error:
        # Of a library that may only be read, or that a run is writing to, the names may change with the next export.
        log.warning("The citation keys could not be kept: %s", error)


def _check(form: str, output: Path | None, per_pdf: Path | None, wanted: dict[str, Any]) -> None:
    if form == _ZIP and (output is None or per_pdf is not None):
        raise UsageError("--to zip needs --output, and does not go with --per-pdf.")
    if per_pdf is not None and per_pdf.exists() and not per_pdf.is_dir():
        raise UsageError(f"--per-pdf {per_pdf}: that is no folder. Name one.")
    if per_pdf is not None and output is not None:
        raise UsageError("Give --output for one file, or --per-pdf for a folder of them: not both.")
    if wanted["with_copy_only"] and wanted["states"]:
        raise UsageError("--with-copy-only means --state copy: give one of the two.")
    problem = no_year_between(wanted["from_year"], wanted["to_year"])
    if problem is not None:
        raise UsageError(f"{problem[0].upper()}{problem[1:]}.")


def _selection(store: Store, wanted: dict[str, Any]) -> Selection:
    states = {State.COPY} if wanted["with_copy_only"] else set(map(State, wanted["states"])) or VERIFIED
    ids = None
    if wanted["cited_by"]:
        pdfs = [pdf for word in wanted["cited_by"] for pdf in _meant(store, word)]
        ids = frozenset(one for pdf in pdfs for one in exported.cited_by(store.database.reader(), pdf))
    return Selection(frozenset(states), wanted["from_year"], wanted["to_year"], wanted["cited_only"], ids)


def _meant(store: Store, word: str) -> list[int]:
    """The PDFs whose name has the word, or is it; also a path as the shell completes it."""
    paths = exported.source_pdfs(store.database.reader())
    place = os.path.realpath(word)
    named = [
        pdf
        for pdf, path in paths.items()
        if word in (path, Path(path).name, Path(path).stem) or place == os.path.realpath(path)
    ]
    found = named or [pdf for pdf, path in paths.items() if word.lower() in Path(path).name.lower()]
    if not found:
        names = sorted({Path(path).name for path in paths.values()})
        listed = ", ".join(names[:_PDFS_SHOWN]) + (", …" if len(names) > _PDFS_SHOWN else "")
        near = did_you_mean(word, names) or f" It has read: {listed or 'none yet'}."
        raise UsageError(f"The library has read no PDF with {word!r} in its name.{near}")
    return found


def _write_each(store: Store, works: Sequence[Keyed], folder: Path, form: Format, library: Library) -> None:
    by_id, taken = {one.entry.id: one for one in works}, set[str]()
    for pdf, path in exported.source_pdfs(store.database.reader()).items():
        cited = [by_id[one] for one in sorted(exported.cited_by(store.database.reader(), pdf)) if one in by_id]
        with destination(folder / _free(Path(path).stem, pdf, form.ending, taken)) as out:
            out.write(form.write(cited, library.pdfs))
    click.echo(printable(f"{counted(len(taken), 'file')} {many('is', len(taken), 'are')} in {folder}."), err=True)


def _free(stem: str, pdf: int, ending: str, taken: set[str]) -> str:
    """PDFs of one name in several folders are told apart by their ids."""
    safe = re.sub(r"[^\w .()-]", "_", stem)[:100] or "pdf"
    name = f"{safe}{ending}" if f"{safe}{ending}".casefold() not in taken else f"{safe}-{pdf}{ending}"
    taken.add(name.casefold())
    return name


def _write_zip(works: Sequence[Keyed], library: Library, output: Path | None) -> None:
    with destination(output, binary=True) as out:
        missing = write_bundle(works, library.pdfs, out.file)
    if missing:
        shown = ", ".join(missing[:_MISSING_SHOWN]) + (", …" if len(missing) > _MISSING_SHOWN else "")
        told = f"{len(missing)} PDFs are not there and were left out ({shown}). dl-lit library check tells more."
        click.echo(printable(told), err=True)
