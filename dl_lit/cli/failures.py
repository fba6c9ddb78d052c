"""`failures`: what failed, why, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Sequence

import click

from dl_lit.cli.options import library_options, rows_option
from dl_lit.cli.output import put_rows
from dl_lit.cli.reading import opened
from dl_lit.library import Library
from dl_lit.model import Stage
from dl_lit.ui import tables
from dl_lit.ui.wording import EXPLANATIONS, STAGE_WORDS

# Those in which something can fail, by the word of `--stage`.
STAGES = {STAGE_WORDS[stage]: stage for stage in Stage if EXPLANATIONS[stage]}
REASONS = sorted({str(reason) for words in EXPLANATIONS.values() for reason in words})
reasons_option = click.option(
    "--reason",
    "reasons",
    type=click.Choice(REASONS),
    metavar="REASON",
    multiple=True,
    help="Only for this reason, as dl-lit failures names it; may be repeated.",
)


@click.command("failures")
@click.option("--stage", type=click.Choice(list(STAGES)), help="Only failures of this stage.")
@reasons_option
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many, latest first."
)
@library_options
@rows_option
def command(library: Library, stage: str | None, reasons: tuple[str, ...], limit: int, output_format: str) -> None:
    """Lists what has failed, and why.

    PDFs and references by stage and reason, each reason with what it means or what can be done about it; the latest
    first.

    \b
    Examples:
      dl-lit failures --stage download --reason blocked
      dl-lit failures --format csv > failures.csv
    """
    check_reasons(stage, reasons)
    with opened(library) as store:
        failures = store.failures(limit, STAGES[stage] if stage else None, reasons)
        put_rows(
            output_format,
            lambda: tables.failures_table(failures, store.failure_reasons()),
            lambda form: tables.failures_told(failures, form),
        )


def check_reasons(stage: str | None, reasons: Sequence[str]) -> None:
    """A reason of another stage would find nothing, which looks as if nothing had failed."""
    strange = [one for one in reasons if stage is not None and one not in EXPLANATIONS[STAGES[stage]]]
    if strange:
        raise click.UsageError(f"Nothing fails in {stage} for {', '.join(strange)}. Leave out --stage or the reason.")
