"""`extract-references`: printed references as JSON lines, without database, and without network unless asked to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dl_lit.cached_extractor import caching
from dl_lit.cli import explaining
from dl_lit.cli.files import JOBS, in_order, tell_failure, warn
from dl_lit.cli.options import NO_CACHE, extractor_option, settings_options
from dl_lit.cli.output import check_output, destination
from dl_lit.cli.places import PLACE
from dl_lit.config import ExtractorName
from dl_lit.errors import UsageError
from dl_lit.extraction.json_lines import as_line
from dl_lit.extractors import Reader, helpers_of
from dl_lit.intake import check_paths, find_documents, path_text


@click.command("extract-references")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=PLACE)
@click.option(
    "--output",
    type=PLACE,
    help="Write here instead of standard output. An older file stands until the run is over, and for good if it fails.",
)
@JOBS
@NO_CACHE
@extractor_option
@click.option("--explain", is_flag=True, help="Show instead which lines were taken for what, and why.")
@click.option("--page", "pages", type=click.IntRange(min=1), multiple=True, help="With --explain: this page only.")
@click.option("--pictures", type=PLACE, help="With --explain: draw PDFs' pages into this folder.")
@settings_options
def command(
    paths: tuple[Path, ...],
    output: Path | None,
    jobs: int,
    cache: bool,
    extractor: str | None,
    explain: bool,
    pages: tuple[int, ...],
    pictures: Path | None,
    settings: Any,
) -> int:
    """Writes printed references as JSON lines.

    Reads PDFs, other documents (docx, odt, epub, html, tex, md; with pandoc), or folders of them, without database;
    one line holds one printed reference. Nothing is sent anywhere unless --extractor or the configuration names a
    GROBID or a language model.
    Lines come in the order of the files and, within a file, of the print. Files without references are named on
    standard error, each with its reason; the exit code is 1 only when every file failed.

    \b
    Examples:
      dl-lit extract-references papers/ --output references.jsonl
      dl-lit extract-references paper.pdf --explain --page 12 --pictures pictures/
    """
    if (explain or pages or pictures) and extractor not in (None, ExtractorName.BUILTIN):
        raise UsageError(f"--explain shows what the built-in reader does, not {extractor}. Leave one of them out.")
    check_paths(paths)
    files = list(find_documents(paths))
    check_output(output, files)
    chosen = settings(extraction={"extractor": extractor, "cache": None if cache else False})
    helpers_of(chosen)
    if not files:
        click.echo("No documents there: nothing to do.", err=True)
        return 0
    if explain or pages or pictures:
        return explaining.explain(files, chosen.extraction, pages, pictures, output)
    failed = cached = 0
    with (
        destination(output) as out,
        Reader(chosen, jobs, warn) as reader,
        caching(reader, chosen.extraction, warn) as extractor_,
    ):
        for path, extraction in in_order(extractor_.extract, files, jobs, interrupt=reader.interrupt):
            failed += extraction.reason is not None
            cached += extraction.cached
            if extraction.reason is not None:
                tell_failure(path, extraction.reason, extraction.detail)
            for reference in extraction.references:
                out.write(as_line(reference, path_text(path)) + "\n")
        if failed == len(files):
            out.discard()
    if cached:
        warn(f"{cached} of {len(files)} files were read before: results from the cache (--no-cache reads them anew).")
    return 1 if failed == len(files) else 0
