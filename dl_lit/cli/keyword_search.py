"""`keyword-search`: finds works by words, keeps the search, and lets its works come into the library."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from dl_lit import keyword_search as searching
from dl_lit.catalogue.catalogue import CatalogueSet
from dl_lit.cli.options import LANGUAGES, TYPES, YEAR, library_options, rows_option, settings_options
from dl_lit.cli.places import PLACE
from dl_lit.cli.reading import opened
from dl_lit.cli.running import run_pipeline
from dl_lit.cli.sense import check_catalogues
from dl_lit.cli.view import View
from dl_lit.concurrent_pipeline import Plan
from dl_lit.config import Settings, no_year_between
from dl_lit.errors import DatabaseBusy, StoreError, UsageError
from dl_lit.fetched import remembering
from dl_lit.keywords.language import And, by_author, parse
from dl_lit.keywords.questions import says_what_is_wanted
from dl_lit.library import Library
from dl_lit.model import Work
from dl_lit.net.ledger import Ledger, MemoryLedger
from dl_lit.net.network import Network
from dl_lit.queueing.filters import Filters
from dl_lit.services.registry import ServiceSet, build_services
from dl_lit.store.database import Database
from dl_lit.store.machine import NAME as LEDGER_NAME
from dl_lit.store.machine import MachineLedger
from dl_lit.store.store import Store
from dl_lit.ui import results as shown
from dl_lit.ui.wording import printable

NAME = "keyword-search"
OFFLINE = ("library", "catalogue")


@click.command(NAME)
@click.argument("query", required=False)
@click.option("--author", help="Only works of an author or editor of this name.")
@click.option("--from-year", type=YEAR, help="Only works of this year or later.")
@click.option("--to-year", type=YEAR, help="Only works of this year or earlier.")
@click.option("--type", "types", **TYPES, help="Only this kind, as journal-article; may be repeated.")
@click.option("--language", "languages", **LANGUAGES, help="Only in this language, as en; may be repeated.")
@click.option("--open-only", is_flag=True, help="Only works of which an index knows an open copy.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="At most so many works.")
@click.option(
    "--source",
    "sources",
    multiple=True,
    type=click.Choice(searching.SOURCES),
    help="Search only here; may be repeated. Without it everywhere.",
)
@click.option("--offline", is_flag=True, help="Send nothing: only the library and the catalogues.")
@click.option(
    "--catalogue",
    "catalogues",
    multiple=True,
    type=PLACE,
    help="Local catalogue to search too. May be given several times.",
)
@click.option("--saved", is_flag=True, help="List the searches that were kept.")
@click.option("--show", type=click.IntRange(min=1), metavar="N", help="Show what search N found, without asking again.")
@click.option("--enqueue", is_flag=True, help="Let the works found come into the library as verified ones.")
@click.option("--download", is_flag=True, help="The same, and look for their copies at once.")
@rows_option
@library_options
@settings_options
def command(
    query: str | None,
    library: Library,
    settings: Any,
    saved: bool,
    show: int | None,
    enqueue: bool,
    download: bool,
    output_format: str,
    catalogues: tuple[Path, ...],
    **wishes: Any,
) -> int:
    """Finds works by words, and keeps the search.

    QUERY is words that must all be there; "a phrase"; AND, OR, NOT in capitals; brackets; and title:, author:,
    container:, abstract: or text: before a word, phrase or bracket. A word without a field is looked for in title and
    abstract. Case and accents do not count; words are not stemmed, and there are no wildcards. The library, the
    catalogues, OpenAlex (10 credits a page of a hundred, three pages at most) and Crossref are asked. Whatever they
    send, only works that fit the query are shown, the same work of several sources once.

    Every search is kept: --saved lists them, --show N shows one again. With --enqueue its works wait in the library as
    verified ones, apart from what PDFs cite; the process commands leave them alone. With --download the last stages run
    on them: twins merged, copies looked for. Stopped, `keyword-search --show N --download` carries on. The exit code is
    3 when a service gave no answer, or something is left for later.

    \b
    Examples:
      dl-lit keyword-search 'title:"software testing" AND (mutation OR coverage) NOT survey' --from-year 2015
      dl-lit keyword-search 'literate programming' --author Knuth --download
      dl-lit keyword-search --show 3 --format csv
    """
    _check(query or wishes["author"], saved=saved, show=show)
    if saved or show is not None:
        _check_bare("--saved" if saved else "--show", enqueues=saved and (enqueue or download))
    _check_wishes(wishes)
    if download and output_format == "csv":
        raise UsageError(
            "--download tells the end of the run too, which is no CSV. Use --show N --format csv after it."
        )
    if saved:
        with opened(library) as store:
            click.echo(shown.searches(store.saved_searches(), output_format), nl=False)
        return 0
    chosen = settings(catalogue={"files": catalogues or None})
    _check_catalogues(chosen, wishes["sources"], catalogues)
    number, silent = (show, False) if show is not None else _search(query or "", library, chosen, wishes)
    _tell(library, number, output_format)
    if enqueue or download:
        _enqueue(library, chosen, number)
    if not download:
        return 3 if silent else 0
    plan = Plan(command=NAME, searches=(number,))
    return max(run_pipeline(chosen, library, plan, _view(output_format)), 3 if silent else 0)


def _view(output_format: str) -> View:
    return View() if output_format == "table" else View("json", panel=False)


def _check(asked: str | None, *, saved: bool, show: int | None) -> None:
    if bool(asked) + saved + (show is not None) != 1:
        raise UsageError("Give a QUERY (or --author), or --saved, or --show N: one of them.")


# What belongs to a new search: one that was kept has its own.
_OF_A_SEARCH = ("author", "from_year", "to_year", "types", "languages", "open_only", "limit", "sources", "offline")


def _check_bare(option: str, *, enqueues: bool) -> None:
    context = click.get_current_context()
    given = [one for one in _OF_A_SEARCH if context.get_parameter_source(one) is ParameterSource.COMMANDLINE]
    named = [one.opts[0] for one in context.command.params if one.name in given]
    named += ["--enqueue or --download"] if enqueues else []
    if named:
        raise UsageError(
            f"{option} is about searches that were kept; {', '.join(named)} would do nothing. Leave it out."
        )


def _check_wishes(wishes: Mapping[str, Any]) -> None:
    problem = no_year_between(wishes["from_year"], wishes["to_year"])
    if problem is not None:
        raise UsageError(f"--from-year, --to-year: {problem}.")
    online = [one for one in wishes["sources"] if one not in OFFLINE]
    if wishes["offline"] and online:
        raise UsageError(f"--offline sends nothing, and --source {online[0]} is a service. Leave one of them out.")


def _check_catalogues(settings: Settings, sources: Sequence[str], given: Sequence[Path]) -> None:
    if given and sources and "catalogue" not in sources:
        raise UsageError("--catalogue is searched only with --source catalogue, or without any --source.")
    if "catalogue" in sources and not settings.catalogue.files:
        raise UsageError("--source catalogue: there is none to search. Name one with --catalogue.")
    check_catalogues(settings)


def _search(query: str, library: Library, settings: Settings, wishes: Mapping[str, Any]) -> tuple[int, bool]:
    """The number under which the search is kept, and whether a service was silent."""
    wish = _wish(query, wishes)
    wanted = set(wishes["sources"] or searching.SOURCES) & set(OFFLINE if wishes["offline"] else searching.SOURCES)
    library.make_folders()
    with ExitStack() as stack:
        database = Database.open(library.database, settings.store)
        stack.callback(database.close)
        store = Store(database)
        places = _places(stack, store, settings, wanted)
        found = searching.search(wish, places)
        for line in shown.told(found.told):
            click.echo(printable(line), err=True)
        options = {name: value for name, value in wishes.items() if value}
        told = {name: asdict(one) for name, one in found.told.items()}
        results = [(one.work, one.found_by) for one in found.results]
        number = store.save_search(query, options, told, results)
    return number, any(one.silent for one in found.told.values())


def _wish(query: str, wishes: Mapping[str, Any]) -> searching.Wish:
    conditions = [parse(query)] if query else []
    conditions += [by_author(wishes["author"])] if wishes["author"] else []
    node = conditions[0] if len(conditions) == 1 else And(tuple(conditions))
    if not says_what_is_wanted(node):
        raise UsageError("The query says only what must not be there. Add a word that must, or --author.")
    names = ("from_year", "to_year", "types", "languages", "open_only")
    return searching.Wish(node, Filters(**{name: wishes[name] for name in names}), wishes["limit"])


def _places(stack: ExitStack, store: Store, settings: Settings, wanted: set[str]) -> searching.Places:
    catalogues = CatalogueSet(settings.catalogue.files if "catalogue" in wanted else ())
    stack.callback(catalogues.close)
    services = _services(stack, store, settings) if wanted - set(OFFLINE) else ServiceSet()
    return searching.Places(
        library=(lambda: _works(store)) if "library" in wanted else None,
        catalogues=catalogues.those_with if catalogues else None,
        openalex=services.openalex if "openalex" in wanted else None,
        crossref=services.crossref if "crossref" in wanted else None,
    )


def _services(stack: ExitStack, store: Store, settings: Settings) -> ServiceSet:
    stop = threading.Event()
    network = Network(settings, _ledger(stack, settings), stop=stop)
    stack.callback(network.close)
    stack.callback(stop.set)
    fetched = stack.enter_context(remembering(settings, _say))
    if fetched is None:
        return build_services(settings, network, store)
    return build_services(settings, network, fetched.behind(store), fetched.hears)


def _ledger(stack: ExitStack, settings: Settings) -> Ledger:
    """The one that all runs of this user share, so that a search keeps the limits of those under way."""
    folder = settings.network.state_folder
    try:
        ledger = MachineLedger(folder / LEDGER_NAME)
    except (StoreError, DatabaseBusy) as error:
        text = f"{error.message} This search keeps the services' limits by itself."
        _say(text)
        return MemoryLedger()
    stack.callback(ledger.close)
    return ledger


def _say(text: str) -> None:
    click.echo(printable(text, lines=True), err=True)


def _works(store: Store) -> Iterator[tuple[int, Work]]:
    last = 0
    while page := store.works(after_id=last):
        yield from ((one.id, one.work) for one in page)
        last = page[-1].id


def _tell(library: Library, number: int, output_format: str) -> None:
    with opened(library) as store:
        one = store.saved_search(number)
        ids = store.ids_of([work for work, _ in one.results])
    click.echo(shown.results(one, ids, output_format), nl=False)


def _enqueue(library: Library, settings: Settings, number: int) -> None:
    database = Database.open(library.database, settings.store)
    try:
        came = Store(database).enqueue_search(number)
    finally:
        database.close()
    click.echo(
        f"{came.new} works came into the library, {came.known} were there already, {came.nameless} have no identifier "
        "and were left out.",
        err=True,
    )
