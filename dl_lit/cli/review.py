"""`review`: the matches that a person must look at, and those that a person wants to look at."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

import click
from rich.console import Console
from rich.text import Text

from dl_lit.cli import review_files
from dl_lit.cli.options import library_options, rows_option
from dl_lit.cli.reading import opened, opened_for_change, the_one_meant
from dl_lit.errors import UsageError
from dl_lit.identity.doi import normalise
from dl_lit.library import Library
from dl_lit.store.store import Store
from dl_lit.store.stories import Story
from dl_lit.store.undoing import is_accepted
from dl_lit.ui import review_rows, story

QUESTION = "Number of the right one, [n]one of them, [s]kip, [q]uit"
QUESTION_ACCEPTED = "[k]eep, [n]ot that work, number of another one, [s]kip, [q]uit"
NOTHING = "Nothing needs a look."
NOTHING_ACCEPTED = "There is no accepted match that you have not looked at."


@click.command("review")
@click.argument("reference", metavar="[REFERENCE]", required=False)
@click.option("--list", "listing", is_flag=True, help="Only list them, with their candidates.")
@click.option("--accepted", is_flag=True, help="Those that were accepted without you, the least sure first.")
@click.option("--accept", metavar="ID", type=click.IntRange(min=1), help="Take a candidate as the work of this one.")
@click.option("--candidate", type=click.IntRange(min=1), help="With --accept: which, by its number.  [default: 1]")
@click.option("--doi", help="With --accept: which, by its DOI.")
@click.option(
    "--reject",
    metavar="ID",
    type=click.IntRange(min=1),
    help="No candidate is its work; an accepted one is taken back.",
)
@click.option("--files", is_flag=True, help="Downloaded files that need a look, not matches.")
@click.option("--keep-file", metavar="N", type=click.IntRange(min=1), help="A suspect file is the copy of its work.")
@click.option("--refuse-file", metavar="N", type=click.IntRange(min=1), help="It is not: it goes to aside/.")
@click.option("--limit", type=click.IntRange(min=1), default=1000, show_default=True, help="At most so many.")
@library_options
@rows_option
def command(
    library: Library,
    reference: str | None,
    listing: bool,
    accepted: bool,
    accept: int | None,
    candidate: int | None,
    doi: str | None,
    reject: int | None,
    files: bool,
    keep_file: int | None,
    refuse_file: int | None,
    limit: int,
    output_format: str,
) -> None:
    """Goes through the matches that need a look.

    Shows what is printed and each candidate for it, what differs standing out, and asks. A choice is kept at once; the
    next run of the same process command goes on with the chosen work. --list, --accept and --reject do the same
    without questions.

    With --accepted, or for a REFERENCE (an id, a DOI, words of the title), matches that were accepted already:
    --reject takes one back, --accept changes it. The reference leaves that work, which stays if others cite it and is
    withdrawn if not; a downloaded file is never deleted. No run accepts a work again that you refused for a reference.

    With --files, what was downloaded and lies in quarantine/ for works without a copy, with the reason, and files that
    are the copy of several works. --keep-file and --refuse-file decide by the number that --files shows.

    \b
    Examples:
      dl-lit review
      dl-lit review --list --format json
      dl-lit review --accept 12 --candidate 2
      dl-lit review --accepted --list --limit 20
      dl-lit review 10.1000/xyz
      dl-lit review --reject 12
      dl-lit review --files --list --format json
      dl-lit review --keep-file 31
    """
    if files or keep_file or refuse_file:
        chosen = (reference, accepted, accept, candidate, doi, reject, keep_file, refuse_file)
        _review_files(library, keep_file, refuse_file, sum(map(bool, chosen)), listing, output_format)
        return
    if sum(bool(one) for one in (listing, accept, reject)) > 1:
        raise click.UsageError("Choose one of --list, --accept and --reject.")
    if (reference or accepted) and (accept or reject or (reference and accepted)):
        raise click.UsageError("REFERENCE or --accepted, one of them, goes with --list or with questions.")
    if ((candidate or doi) and not accept) or (candidate and doi):
        raise click.UsageError("--candidate or --doi, one of them, goes with --accept.")
    if output_format != "table" and not listing:
        raise click.UsageError(f"--format {output_format} goes with --list.")
    if doi is not None and normalise(doi) is None:
        raise click.UsageError(f"--doi {doi!r} is no DOI: write it as 10.1000/xyz.")
    if listing:
        _list(library, reference, accepted, limit, output_format)
    elif accept is not None:
        _accept(library, accept, candidate or 1, doi)
    elif reject is not None:
        _reject(library, reject)
    else:
        _ask_about_all(library, reference, accepted, limit)


def _review_files(
    library: Library, keep_file: int | None, refuse_file: int | None, chosen: int, listing: bool, output_format: str
) -> None:
    """`chosen` is how many options that exclude each other were given."""
    if chosen > 1:
        raise click.UsageError("Files are decided one by one and apart from matches.")
    if output_format != "table" and not listing:
        raise click.UsageError(f"--format {output_format} goes with --list.")
    if keep_file or refuse_file:
        if listing:
            raise click.UsageError("Choose one of --list, --keep-file and --refuse-file.")
        (review_files.keep if keep_file else review_files.refuse)(library, keep_file or refuse_file or 0)
    elif listing:
        review_files.tell(library, output_format)
    elif is_terminal():
        review_files.ask(library)
    else:
        raise UsageError("review asks questions and needs a terminal. Use --list, --keep-file and --refuse-file.")


def _ask_about_all(library: Library, reference: str | None, accepted: bool, limit: int) -> None:
    if not is_terminal():
        raise UsageError("review asks questions and needs a terminal. Use --list, --accept and --reject instead.")
    with opened_for_change(library) as store:
        ids = _chosen_ids(store, reference, accepted, limit)
        if ids:
            go_through(store, Console(), ids)
        else:
            click.echo(NOTHING_ACCEPTED if accepted else NOTHING)


def is_terminal() -> bool:
    return sys.stdin.isatty()


def _chosen_ids(store: Store, reference: str | None, accepted: bool, limit: int) -> list[int]:
    """Which references to show: an id means that one, another name all prints of the work."""
    if reference is None:
        return store.accepted(limit) if accepted else store.under_review(limit)
    meant = the_one_meant(store, reference)
    return [meant.id] if reference.strip().lstrip("#").isdecimal() else store.prints_of(meant.id)[:limit]


def go_through(store: Store, console: Console, ids: Sequence[int]) -> None:
    """Asks about one reference after the other."""
    before = {one: told.table for one in ids if (told := store.told(one)) is not None}
    for number, reference_id in enumerate(ids, 1):
        told = store.told(reference_id)
        if told is None or _is_decided(told, before[reference_id]):
            continue  # decided elsewhere meanwhile
        console.rule(f"{number} of {len(ids)}")
        console.print(story.for_review(told))
        if not _ask(store, told, console):
            return
    console.print("That was the last one.")


def _is_decided(told: Story, before: str) -> bool:
    return told.table != before and not (is_accepted(told.table) and is_accepted(before))


def _ask(store: Store, told: Story, console: Console) -> bool:
    """False when the person has had enough."""
    accepted = is_accepted(told.table)
    shown = story.worth_a_look(told)
    while True:
        answer = click.prompt(QUESTION_ACCEPTED if accepted else QUESTION, default="s").strip().lower()
        if answer in ("q", "quit"):
            return False
        if answer in ("s", "skip"):
            return True
        try:
            if _does(store, told, answer, console):
                return True
        except UsageError as error:
            console.print(error.message)
            continue
        keep = ", k" if accepted else ""
        console.print(f"Answer with a number up to {len(shown)}{keep}, n, s or q.")


def _does(store: Store, told: Story, answer: str, console: Console) -> bool:
    """Carries an answer out; False when it is none."""
    shown = story.worth_a_look(told)
    if answer in ("k", "keep") and is_accepted(told.table):
        store.confirm(told.id)
    elif answer in ("n", "none", "not"):
        for line in story.taken_back(store.refuse(told.id)):
            console.print(Text(line))
    elif answer.isdecimal() and 1 <= int(answer) <= len(shown):
        store.take(told.id, shown[int(answer) - 1].id)
    else:
        return False
    return True


def _list(library: Library, reference: str | None, accepted: bool, limit: int, output_format: str) -> None:
    with opened(library) as store:
        ids = _chosen_ids(store, reference, accepted, limit)
        stories = [told for one in ids if (told := store.told(one)) is not None]
    if output_format == "json":
        click.echo(json.dumps([asdict(told) for told in stories], indent=2, ensure_ascii=False))
        return
    if output_format == "csv":
        click.echo(review_rows.csv(stories), nl=False)
        return
    console = Console()
    for told in stories:
        console.print(story.for_review(told))
        console.print()
    if not stories:
        console.print(NOTHING_ACCEPTED if accepted else NOTHING)


def _accept(library: Library, reference_id: int, candidate: int, doi: str | None) -> None:
    with opened_for_change(library) as store:
        told = store.told(reference_id)
        chosen = _chosen(told, candidate, doi) if told else None
        if told is not None and chosen is None:
            raise UsageError(
                f"Reference {reference_id} has no such candidate. dl-lit review {reference_id} --list shows those "
                "there are."
            )
        store.take(reference_id, chosen or 0)
        click.echo(f"Reference {reference_id} is taken for it. {next_step(store)}")


def _chosen(told: Story, number: int, doi: str | None) -> int | None:
    """The id of the candidate."""
    shown = story.worth_a_look(told)
    if doi is not None:
        wanted = normalise(doi)
        return next((one.id for one in told.candidates if wanted and one.evidence.candidate.doi == wanted), None)
    return shown[number - 1].id if number <= len(shown) else None


def _reject(library: Library, reference_id: int) -> None:
    with opened_for_change(library) as store:
        back = store.refuse(reference_id)
        for line in story.taken_back(back):
            click.echo(line)
        if back.again or (back.file_name and back.stays_as):
            click.echo(next_step(store))


def next_step(store: Store) -> str:
    """Who goes on with what a person has changed: a run under way sees it by itself."""
    live = store.live_runs()
    if live:
        return f"The run that is under way (process {live[0].pid}) goes on with it."
    return "Run the same process command again to go on with it."
