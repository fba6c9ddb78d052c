"""`retry`: lets what failed be tried again."""

from __future__ import annotations

import re
import time

import click

from dl_lit.cli.failures import STAGES, check_reasons, reasons_option
from dl_lit.cli.options import library_options
from dl_lit.cli.reading import opened_for_change
from dl_lit.library import Library
from dl_lit.model import Stage
from dl_lit.store.decisions import Selection
from dl_lit.ui import story
from dl_lit.ui.wording import STAGE_NAMES

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_WAITING = tuple(map(str, Stage))  # tables in which a reference is tried without being told to


class Age(click.ParamType[float]):
    """A length of time such as 90m, 12h, 3d, 2w; its value is seconds."""

    name = "age"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhdw])\s*", str(value).lower())
        if match is None:
            self.fail(f"{value!r} is no length of time; write for example 90m, 12h, 3d or 2w.", param, ctx)
        return float(match[1]) * _UNITS[match[2]]


@click.command("retry")
@click.argument("ids", metavar="[ID]...", nargs=-1, type=click.IntRange(min=1))
@click.option("--stage", type=click.Choice(list(STAGES)), help="Only what failed in this stage.")
@reasons_option
@click.option("--older-than", type=Age(), help="Only what failed longer ago than this, for example 12h or 3d.")
@click.option("--all", "everything", is_flag=True, help="All failures.")
@library_options
def command(
    library: Library,
    ids: tuple[int, ...],
    stage: str | None,
    reasons: tuple[str, ...],
    older_than: float | None,
    everything: bool,
) -> None:
    """Lets what failed be tried again.

    Nothing that was read or found is lost; the rows only wait again, and the next run of the same process command does
    them. ID are ids of references (with --stage extraction: of PDFs). What a person has refused stays refused unless
    its reason is named.

    \b
    Examples:
      dl-lit retry --all
      dl-lit retry --stage download --reason bad_status --reason timeout
      dl-lit retry --stage enrichment --older-than 30d
    """
    if not (ids or stage or reasons or older_than is not None or everything):
        raise click.UsageError("Say what to try again: ids, --stage, --reason, --older-than, or --all.")
    if ids and everything:
        raise click.UsageError("Give ids, or --all: not both.")
    check_reasons(stage, reasons)
    # Ids of PDFs and of references are different numbers.
    unnamed = [one for name, one in STAGES.items() if not (ids and name == "extraction")]
    chosen = (STAGES[stage],) if stage else tuple(unnamed)
    before = None if older_than is None else time.time() - older_than
    with opened_for_change(library) as store:
        counts = store.retry(Selection(chosen, reasons, before, ids))
        named = [] if stage == "extraction" else [told for one in ids if (told := store.told(one)) is not None]
    for one, count in counts.items():
        if count or stage:
            click.echo(f"{STAGE_NAMES[one]}: {count} will be tried again")
    for told in named:
        if told.table not in _WAITING:
            click.echo(story.not_tried(told))
    if any(counts.values()):
        click.echo("Run the same process command again to do so.")
    elif not (named or stage):
        click.echo("Nothing that has failed is meant, so that nothing will be tried again. See dl-lit failures.")
