"""`failures`: what failed, why, and what a person can do about it."""

from __future__ import annotations

import click

from dl_lit.cli.options import library_options, rows_option
from dl_lit.cli.output import put_rows
from dl_lit.cli.reading import opened
from dl_lit.library import Library
from dl_lit.model import Stage
from dl_lit.ui import tables

STAGES = {
    "extraction": Stage.EXTRACTION,
    "enrichment": Stage.ENRICHMENT,
    "download": Stage.DOWNLOAD,
    "expansion": Stage.EXPANSION,
}


@click.command("failures")
@click.option("--stage", type=click.Choice(list(STAGES)), help="Only failures of this stage.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many, latest first."
)
@library_options
@rows_option
def command(library: Library, stage: str | None, limit: int, output_format: str) -> None:
    """Lists what has failed, and why.

    PDFs and references by stage and reason, each reason with what it means or what can be done about it; the latest
    first.

    \b
    Examples:
      dl-lit failures --stage download
      dl-lit failures --format csv > failures.csv
    """
    with opened(library) as store:
        failures = store.failures(limit, STAGES[stage] if stage else None)
        put_rows(
            output_format,
            lambda: tables.failures_table(failures, store.failure_reasons()),
            lambda form: tables.failures_told(failures, form),
        )
