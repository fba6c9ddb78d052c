"""`plan`: what a folder will cost and how long it will take, before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dl_lit import planning
from dl_lit.cached_extractor import caching
from dl_lit.catalogue.catalogue import CatalogueSet
from dl_lit.cli.files import JOBS, in_order, tell_failure, warn
from dl_lit.cli.options import NO_CACHE, expansion_options, format_option, settings_options
from dl_lit.cli.output import show
from dl_lit.cli.places import PLACE
from dl_lit.cli.sense import check_catalogues, check_expansion
from dl_lit.config import Settings
from dl_lit.errors import StoreError
from dl_lit.extraction.executor import ParserPool
from dl_lit.fetched import remembering
from dl_lit.foreseeing import Paper, Printed, count
from dl_lit.intake import check_paths, find_documents
from dl_lit.net.budget import Budget
from dl_lit.net.ledger import Ledger, MemoryLedger
from dl_lit.net.limits import PoolLimits
from dl_lit.net.network import account_of
from dl_lit.relations import Reach
from dl_lit.services.offers import Offer
from dl_lit.services.registry import OFFERS, given, why_off
from dl_lit.store.machine import NAME as LEDGER_NAME
from dl_lit.store.machine import MachineLedger
from dl_lit.ui.wording import budgets_end, duration

Offers = dict[str, tuple[Offer, PoolLimits]]


@click.command("plan")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=PLACE)
@click.option(
    "--catalogue",
    "catalogues",
    multiple=True,
    type=PLACE,
    help="Local catalogue that the run would ask before any service. May be given several times.",
)
@click.option("--no-download", "download", flag_value=False, default=True, help="Reckon without the search for copies.")
@expansion_options
@JOBS
@NO_CACHE
@settings_options
@format_option
def command(
    paths: tuple[Path, ...],
    catalogues: tuple[Path, ...],
    download: bool,
    expansion: dict[str, Any],
    jobs: int,
    cache: bool,
    settings: Any,
    output_format: str,
) -> int:
    """Tells what it will cost; sends nothing.

    Reads the PDFs and reckons how many calls and credits each service will be asked for, how long that takes at the
    limits that hold for you, and how many days the daily budgets need. Nothing is sent; what is read is kept, so that
    the run itself need not read it again. Catalogues and what was fetched for other libraries are asked as the run
    would ask them. What a search will find is estimated; downloads depend on the hosts.

    \b
    Examples:
      dl-lit plan ./pdfs
      dl-lit plan ./pdfs --no-download --format json
    """
    check_paths(paths)
    chosen = settings(
        extraction={"extractor": "builtin", "cache": None if cache else False},
        expansion=expansion,
        catalogue={"files": catalogues or None, "fetched": None if cache else False},
    )
    check_expansion(expansion, chosen)
    check_catalogues(chosen)
    files = list(find_documents(paths))
    printed = _counted(_papers(files, chosen, jobs), chosen)
    offers = _offers(chosen)
    reach = Reach(**chosen.expansion.model_dump())
    workers = 1 if chosen.pipeline.sequential else chosen.pipeline.enrichment_workers
    with _budgets(chosen, offers) as left:
        plan = planning.plan(printed, offers, left, download=download, reach=reach, workers=workers)
    if output_format == "json":
        click.echo(json.dumps({"files": len(files), **asdict(plan), "seconds": plan.seconds}, indent=2))
    else:
        show(_told(plan, len(files), chosen))
    return 0


def _papers(files: Sequence[Path], settings: Settings, jobs: int) -> list[Paper]:
    papers = []
    with (
        ParserPool(settings.extraction, jobs) as pool,
        caching(pool, settings.extraction, warn) as extractor,
    ):
        for path, extraction in in_order(extractor.extract, files, jobs, interrupt=pool.interrupt):
            papers.append(Paper(extraction.references, extraction.doi is not None))
            if extraction.reason is not None:
                tell_failure(path, extraction.reason, extraction.detail)
    return papers


def _counted(papers: Sequence[Paper], settings: Settings) -> Printed:
    with closing(CatalogueSet(settings.catalogue.files)) as catalogues, remembering(settings, warn) as fetched:
        if fetched is None:
            return count(papers, catalogues or None)
        return count(papers, catalogues or None, fetched, lambda service, keys: len(fetched.records(service, keys)))


def _offers(settings: Settings) -> Offers:
    off = why_off(settings)
    return {
        name: (offer, offer.limits_with(given(settings, name))) for name, offer in OFFERS.items() if name not in off
    }


@contextmanager
def _budgets(settings: Settings, offers: Offers) -> Iterator[Callable[[str], float | None]]:
    """The credits left today at a service, as this machine's runs know them."""
    path = settings.network.state_folder / LEDGER_NAME
    ledger: Ledger = MemoryLedger()
    opened: MachineLedger | None = None
    if path.is_file():
        try:
            ledger = opened = MachineLedger(path)
        except StoreError as error:
            warn(f"{error.message} The budgets are reckoned as if nothing had been spent today.")
    try:
        yield lambda name: Budget(name, offers[name][1].daily, ledger, account=account_of(settings, name)).remaining()
    finally:
        if opened is not None:
            opened.close()


def _raising(names: Sequence[str], settings: Settings) -> Iterator[str]:
    """What would raise the budgets of these services."""
    for name in names:
        if advice := OFFERS[name].advice(name, given(settings, name)):
            yield f"{name}: {advice}"


def _told(plan: planning.Plan, files: int, chosen: Settings) -> RenderableType:
    printed, off = plan.printed, why_off(chosen)
    parts: list[RenderableType] = [
        Text(f"{files} files, {printed.references} printed references:", style="bold"),
        Text(
            f"  with a DOI {printed.dois}, an arXiv number {printed.arxiv}, a PMID or PMC id "
            f"{printed.pmids + printed.pmcids}, an "
            f"ISBN {printed.isbns}; to be searched for {printed.searches}; too little printed {printed.unsearchable}"
        ),
        Text(f"  printed before {printed.repeated}; known without asking {printed.local}"),
        _costs(plan),
    ]
    if plan.related:
        parts.append(Text(f"About {plan.related:,} works would come in that no PDF cites."))
    if plan.slowest is not None:
        parts.append(
            Text(
                f"About {duration(plan.seconds)} for the services; {plan.slowest} sets the pace. Downloads come on top."
            )
        )
    budgets = [cost.service for cost in plan.costs if cost.left is not None]
    if budgets:
        parts.append(Text(" ".join((budgets_end(), *_raising(budgets, chosen))), style="dim"))
    parts += [
        Text(f"{name} is not reckoned with: {why}.", style="dim")
        for name, why in off.items()
        if name in planning.SERVICES
    ]
    return Group(*parts)


def _costs(plan: planning.Plan) -> Table:
    table = Table(box=None)
    table.add_column("service")
    for name in ("calls", "credits", "left today", "time", "days"):
        table.add_column(name, justify="right")
    for cost in plan.costs:
        left = "no limit" if cost.left is None else f"{cost.left:,.0f}"
        figures = (f"{cost.calls:,}", f"{cost.credits:,.0f}", left, duration(cost.seconds), str(cost.days))
        table.add_row(cost.service, *figures)
    return table
