"""`demo`: the main job on a built-in world, without internet or key."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import click

from dl_lit.cli.grouped import GroupedCommand
from dl_lit.cli.options import pipeline_options, progress_options
from dl_lit.cli.places import PLACE
from dl_lit.cli.running import run_pipeline, telling
from dl_lit.cli.sense import Wishes, check_run
from dl_lit.concurrent_pipeline import Plan
from dl_lit.config import load_settings
from dl_lit.errors import UsageError
from dl_lit.library import Library
from dl_lit.standin.process import note_port, port_again, standin_process
from dl_lit.standin.samples import write_samples
from dl_lit.ui.wording import printable

# Not a person's: the address of the demo's own reader, in a domain that cannot exist (RFC 2606), seen by no one but
# the stand-in on this machine.
DEMO_EMAIL = "reader@demo.invalid"


@click.command("demo", cls=GroupedCommand)
@click.option("--folder", type=PLACE, help="Where to work; by default a new ./dl-lit-demo.")
@click.option("--seed", type=int, default=0, show_default=True, help="Which copies exist and where.")
@click.option("--realistic", is_flag=True, help="Services answer in 150-400 ms, hosts in 0.3-2 s.")
@click.option("--concurrent/--sequential", default=True, help="All stages at once, or one row after the other.")
@pipeline_options
@progress_options
def command(
    folder: Path | None, seed: int, realistic: bool, concurrent: bool, sizes: dict[str, Any], **options: Any
) -> int:
    """Makes a library of samples, without internet.

    A stand-in on this machine plays all outside services. Works in a folder of its own, says where, and leaves it
    there to look at. Running it again on the same --folder carries on where it was.

    \b
    Examples:
      dl-lit demo
      dl-lit demo --folder /tmp/look --realistic
    """
    wishes = Wishes(options["enrich"], options["download"], not concurrent, sizes, catalogues=options["catalogues"])
    check_run(wishes, load_settings(overrides=_overrides(Path(), sizes, concurrent, options)))
    place = folder or _new_folder(Path.cwd())
    pdfs = place / "pdfs"
    library = Library.at(place / "library")
    try:
        samples = write_samples(pdfs, seed)
    except OSError as error:
        raise UsageError(f"The demo cannot write to {place}: {error.strerror}. Name another --folder.") from error
    there = printable(str(place.resolve()))
    tell = telling(options["view"])
    tell(f"The demo works in {there}: {len(samples)} sample PDFs in {pdfs.name}/, its own library.")
    world = ["--seed", str(seed), "--log", str(place / "requests.jsonl"), *(["--realistic"] if realistic else [])]
    note = place / "standin-port"
    with standin_process(*world, port=port_again(note)) as url:
        note_port(note, url)
        settings = load_settings(services_url=url, overrides=_overrides(place, sizes, concurrent, options))
        plan = Plan((pdfs,), "demo", enrich=options["enrich"], download=options["download"] and options["enrich"])
        return run_pipeline(settings, library, plan, options["view"])


def _new_folder(parent: Path) -> Path:
    for number in count(1):
        folder = parent / ("dl-lit-demo" if number == 1 else f"dl-lit-demo-{number}")
        if not folder.exists():
            return folder
    raise AssertionError("count() does not end")


def _overrides(place: Path, sizes: dict[str, Any], concurrent: bool, options: dict[str, Any]) -> dict[str, Any]:
    cache, catalogues = options["cache"], options["catalogues"]
    pipeline = {name: value for name, value in sizes.items() if value is not None}
    return {
        "contact": {"email": DEMO_EMAIL},
        "pipeline": {**pipeline, "sequential": not concurrent},
        "extraction": {
            "extractor": "builtin",  # the stand-in plays no GROBID and no language model
            "cache_dir": place / "cache",
            **({} if cache else {"cache": False}),
        },
        "catalogue": {
            **({} if cache else {"fetched": False}),
            **({"files": catalogues} if catalogues else {}),
        },
        # A key of the user's is none of the stand-in's business, and it would refuse it.
        "services": {name: {"api_key": None} for name in ("crossref", "openalex", "semanticscholar", "core")},
    }
