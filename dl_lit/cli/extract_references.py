"""`extract-references`: printed references as JSON lines, without database, and without network unless asked to."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import click

from dl_lit.cli.options import extractor_option, settings_options
from dl_lit.errors import UsageError
from dl_lit.extraction.json_lines import as_line
from dl_lit.extractors import Reader, helpers_of
from dl_lit.intake import check_paths, find_pdfs, path_text
from dl_lit.model import Extraction, PdfReason, Stage
from dl_lit.ui.wording import explain, printable

# Reasons whose detail says more than their explanation.
DETAILED = {
    PdfReason.CRASHED,
    PdfReason.DAMAGED,
    PdfReason.EMPTY_LIST,
    PdfReason.INTERNAL_ERROR,
    PdfReason.NO_REFERENCES,
    PdfReason.SERVICE_SILENT,
    PdfReason.UNREADABLE,
}
AHEAD = 8  # files in work or done per job, before the first of them is written


@click.command("extract-references")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=lambda: os.cpu_count() or 1,
    show_default="processors",
    help="Files read at the same time.",
)
@extractor_option
@settings_options
def command(paths: tuple[Path, ...], output: Path | None, jobs: int, extractor: str | None, settings: Any) -> int:
    """Writes printed references as JSON lines.

    Reads PDFs, or folders of them, without database; one line holds one printed reference. Nothing is sent anywhere
    unless --extractor or the configuration names a GROBID or a language model.
    Lines come in the order of the files and, within a file, of the print. Files without references are named on
    standard error, each with its reason; the exit code is 1 only when every file failed.
    """
    check_paths(paths)
    chosen = settings(extraction={"extractor": extractor})
    helpers_of(chosen)
    files = list(find_pdfs(paths))
    if not files:
        click.echo("No PDFs there: nothing to do.", err=True)
        return 0
    failed = 0
    with _destination(output) as out, Reader(chosen, jobs, _say) as reader:
        for path, extraction in _extracted(reader, files, jobs):
            failed += extraction.reason is not None
            _report(path, extraction)
            for reference in extraction.references:
                out.write(as_line(reference, path_text(path)) + "\n")
    return 1 if failed == len(files) else 0


@contextmanager
def _destination(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        file = output.open("w", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}. Choose another --output.") from error
    with file:
        yield file


def _extracted(reader: Reader, files: list[Path], jobs: int) -> Iterator[tuple[Path, Extraction]]:
    """In the order of `files`, with no more than a few results held back."""
    waiting: list[tuple[Path, Future[Extraction]]] = []
    todo = iter(files)
    with ThreadPoolExecutor(jobs) as threads:
        try:
            for path in islice(todo, jobs * AHEAD):
                waiting.append((path, threads.submit(reader.extract, path)))
            while waiting:
                path, future = waiting.pop(0)
                yield path, future.result()
                for following in islice(todo, 1):
                    waiting.append((following, threads.submit(reader.extract, following)))
        except BaseException:
            for _, future in waiting:
                future.cancel()
            reader.interrupt()
            raise


def _say(text: str) -> None:
    click.echo(printable(text, lines=True), err=True)


def _report(path: Path, extraction: Extraction) -> None:
    if extraction.reason is not None:
        meaning = explain(Stage.EXTRACTION, extraction.reason)
        detail = f" ({extraction.detail})" if extraction.detail and extraction.reason in DETAILED else ""
        click.echo(printable(f"{path_text(path)}: {extraction.reason.value}: {meaning}{detail}"), err=True)
