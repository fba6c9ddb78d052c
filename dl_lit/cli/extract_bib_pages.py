"""`extract-bib-pages`: the pages of the bibliography as a PDF, without database or network."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import click

from dl_lit.cli.files import JOBS, in_order, tell_failure, warn
from dl_lit.cli.options import settings_options
from dl_lit.cli.output import identity_of
from dl_lit.cli.places import PLACE
from dl_lit.errors import UsageError
from dl_lit.extraction.bibliography_pool import BibliographyPool
from dl_lit.intake import check_paths, find_documents, path_text
from dl_lit.ui.wording import printable

LONGEST_STEM = 200  # bytes: with what is added, a file name stays below the usual limit of 255


@click.command("extract-bib-pages")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=PLACE)
@click.option(
    "--output-dir",
    type=PLACE,
    default=Path(),
    show_default="the current folder",
    help="Folder to write to; it is made if need be.",
)
@click.option("--max-ref-pages", type=click.IntRange(min=1), help="At most so many pages of each PDF, the first ones.")
@click.option("--force", is_flag=True, help="Overwrite what an earlier run has written.")
@JOBS
@settings_options
def command(
    paths: tuple[Path, ...], output_dir: Path, max_ref_pages: int | None, force: bool, jobs: int, settings: Any
) -> int:
    """Writes the pages of the bibliography as a PDF.

    Of each PDF, or each in the folders: all pages from the heading of a reference list to its end, as
    NAME-bibliography.pdf. Where that is taken, a number is added. The paths of the written files go to standard output;
    PDFs without a list are named on standard error, each with its reason. The exit code is 1 only when every file
    failed.

    \b
    Examples:
      dl-lit extract-bib-pages paper.pdf
      dl-lit extract-bib-pages ./pdfs --output-dir bibliographies --max-ref-pages 20
    """
    check_paths(paths)
    files = _pdfs(paths)
    if not files:
        click.echo("No PDFs there: nothing to do.", err=True)
        return 0
    shelf = _Shelf(output_dir, files, force=force)
    failed = 0
    with BibliographyPool(settings().extraction, jobs, most=max_ref_pages) as pool:
        for path, pages in in_order(pool.extract, files, jobs, interrupt=pool.interrupt):
            if pages.pdf is not None:
                click.echo(printable(path_text(shelf.write(pages.pdf, path.stem))))
            elif pages.reason is not None:
                failed += 1
                tell_failure(path, pages.reason, pages.detail)
    return 1 if failed == len(files) else 0


def _pdfs(paths: Sequence[Path]) -> list[Path]:
    """What the folders hold of PDFs, and whatever was named outright: that has a right to its reason."""
    named = {Path(os.path.abspath(path)) for path in paths}  # noqa: PTH100 - as `find_documents` gives them
    found = list(find_documents(paths))
    pdfs = [file for file in found if file.suffix.lower() == ".pdf" or file in named]
    if others := len(found) - len(pdfs):
        warn(f"{others} other document{'s are' if others > 1 else ' is'} left out: only PDFs have pages to copy.")
    return pdfs


class _Shelf:
    """The folder written to. Neither a file of the user's nor one of this run is ever overwritten.

    At no time does a half-written file stand under a final name. Raises UsageError where the folder cannot be written.
    """

    def __init__(self, folder: Path, sources: Iterable[Path], *, force: bool) -> None:
        self._folder = Path(os.path.abspath(folder))  # noqa: PTH100 - as `find_documents` gives the sources
        self._force = force
        self._kept = {identity_of(source) for source in sources}
        with _refusals_explained(folder):
            folder.mkdir(parents=True, exist_ok=True)

    def write(self, pdf: bytes, stem: str) -> Path:
        """The path written to."""
        temporary = self._folder / f".dl-lit-{secrets.token_hex(6)}.part"
        with _refusals_explained(self._folder):
            try:
                with temporary.open("xb") as file:
                    file.write(pdf)
                    file.flush()
                    os.fsync(file.fileno())
                target = temporary.replace(self._free_name(stem))
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        self._kept.add(identity_of(target))
        return target

    def _free_name(self, stem: str) -> Path:
        return next(name for name in self._names(stem) if not self._is_kept(name) and (self._force or _reserved(name)))

    def _is_kept(self, name: Path) -> bool:
        """A source of this run, by whatever name, or what it has written."""
        identity = identity_of(name)
        return identity is not None and identity in self._kept

    def _names(self, stem: str) -> Iterator[Path]:
        while len(os.fsencode(stem)) > LONGEST_STEM:
            stem = stem[:-1]
        for number in count(1):
            yield self._folder / f"{stem}-bibliography{'' if number == 1 else f'-{number}'}.pdf"


def _reserved(target: Path) -> bool:
    """Whether the name was free and is now ours, as an empty file: another process may be after the same one."""
    try:
        target.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


@contextmanager
def _refusals_explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise  # the folder is as good as any
        raise UsageError(f"{folder} cannot be written: {error.strerror}. Choose another --output-dir.") from error
