"""`review`: the matches that a person must look at."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click
from rich.console import Console, Group
from rich.text import Text

from dl_lit.cli.options import format_option, library_options
from dl_lit.cli.reading import opened, opened_for_change
from dl_lit.errors import UsageError
from dl_lit.identity.doi import normalise
from dl_lit.library import Library
from dl_lit.store.store import Store
from dl_lit.store.stories import Story
from dl_lit.ui import story

QUESTION = "Number of the right one, [n]one of them, [s]kip, [q]uit"


@click.command("review")
@click.option("--list", "listing", is_flag=True, help="Only list them, with their candidates.")
@click.option("--accept", metavar="ID", type=click.IntRange(min=1), help="Take a candidate as the work of this one.")
@click.option("--candidate", type=click.IntRange(min=1), help="With --accept: which, by its number.  [default: 1]")
@click.option("--doi", help="With --accept: which, by its DOI.")
@click.option("--reject", metavar="ID", type=click.IntRange(min=1), help="Say that no candidate is this one's work.")
@click.option("--limit", type=click.IntRange(min=1), default=1000, show_default=True, help="At most so many.")
@library_options
@format_option
def command(
    library: Library,
    listing: bool,
    accept: int | None,
    candidate: int | None,
    doi: str | None,
    reject: int | None,
    limit: int,
    output_format: str,
) -> None:
    """Goes through the matches that need a look.

    Shows what is printed and each candidate for it, words that differ standing out, and asks. A choice is kept at
    once; the next run of the same process command goes on with the chosen work. --list, --accept and --reject do the
    same without questions.

    \b
    Examples:
      dl-lit review
      dl-lit review --list --format json
      dl-lit review --accept 12 --candidate 2
    """
    if sum(bool(one) for one in (listing, accept, reject)) > 1:
        raise click.UsageError("Choose one of --list, --accept and --reject.")
    if ((candidate or doi) and not accept) or (candidate and doi):
        raise click.UsageError("--candidate or --doi, one of them, goes with --accept.")
    if listing:
        _list(library, limit, output_format)
    elif accept is not None:
        _accept(library, accept, candidate or 1, doi)
    elif reject is not None:
        _reject(library, reject)
    else:
        _ask_about_all(library, limit)


def _ask_about_all(library: Library, limit: int) -> None:
    if not is_terminal():
        raise UsageError("review asks questions and needs a terminal. Use --list, --accept and --reject instead.")
    with opened_for_change(library) as store:
        go_through(store, Console(), limit)


def is_terminal() -> bool:
    return sys.stdin.isatty()


def go_through(store: Store, console: Console, limit: int) -> None:
    """Asks about one reference after the other."""
    ids = store.under_review(limit)
    for number, reference_id in enumerate(ids, 1):
        told = store.told(reference_id)
        if told is None or told.table != "needs_review":
            continue  # decided elsewhere meanwhile
        console.rule(f"{number} of {len(ids)}")
        console.print(_shown(told))
        if not _ask(store, told, console):
            return
    console.print("Nothing needs a look." if not ids else "That was the last one.")


def _shown(told: Story) -> Group:
    return Group(
        *(Text(one.raw, style="bold") for one in told.printed),
        Text(""),
        *(story.candidate(one, told, number) for number, one in enumerate(told.candidates, 1)),
    )


def _ask(store: Store, told: Story, console: Console) -> bool:
    """False when the person has had enough."""
    while True:
        answer = click.prompt(QUESTION, default="s").strip().lower()
        if answer in ("q", "quit"):
            return False
        if answer in ("s", "skip"):
            return True
        if answer in ("n", "none"):
            store.refuse(told.id)
            return True
        if answer.isdecimal() and 1 <= int(answer) <= len(told.candidates):
            store.take(told.id, told.candidates[int(answer) - 1].id)
            return True
        console.print(f"Answer with a number up to {len(told.candidates)}, n, s or q.")


def _list(library: Library, limit: int, output_format: str) -> None:
    with opened(library) as store:
        stories = [told for one in store.under_review(limit) if (told := store.told(one)) is not None]
    if output_format == "json":
        click.echo(json.dumps([asdict(told) for told in stories], indent=2, ensure_ascii=False))
        return
    console = Console()
    for told in stories:
        console.print(Text(story.short(told), style="bold"))
        for number, one in enumerate(told.candidates, 1):
            console.print(story.candidate(one, told, number))
        console.print()
    if not stories:
        console.print("Nothing needs a look.")


def _accept(library: Library, reference_id: int, candidate: int, doi: str | None) -> None:
    with opened_for_change(library) as store:
        told = store.told(reference_id)
        chosen = _chosen(told, candidate, doi) if told else None
        if chosen is None:
            raise UsageError(
                f"Reference {reference_id} has no such candidate. dl-lit review --list shows those there are."
            )
        store.take(reference_id, chosen)
    click.echo(f"Reference {reference_id} is taken for it. Run the same process command again to go on with it.")


def _chosen(told: Story, number: int, doi: str | None) -> int | None:
    """The id of the candidate."""
    if doi is not None:
        wanted = normalise(doi)
        return next((one.id for one in told.candidates if wanted and one.evidence.candidate.doi == wanted), None)
    return told.candidates[number - 1].id if number <= len(told.candidates) else None


def _reject(library: Library, reference_id: int) -> None:
    with opened_for_change(library) as store:
        store.refuse(reference_id)
    click.echo(f"Reference {reference_id} has none of its candidates.")
