"""`standin`: serves a local world of services and publishers, for demos, tests and trying things out."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from types import MappingProxyType

import click

from dl_lit.cli.places import PLACE
from dl_lit.errors import UsageError
from dl_lit.standin import catalogue
from dl_lit.standin.hosts import HOSTS
from dl_lit.standin.samples import write_samples
from dl_lit.standin.server import SERVICES, StandIn, serve
from dl_lit.standin.settings import (
    REALISTIC_HOST_LATENCY,
    REALISTIC_SERVICE_LATENCY,
    StandInSettings,
    parse_fault,
)


@click.command("standin")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any free port.")
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Which copies exist and where: same seed, same world."
)
@click.option("--realistic", is_flag=True, help="Services answer in 150-400 ms, hosts in 0.3-2 s.")
@click.option("--service-latency", type=(float, float), metavar="FROM TO", help="Seconds a service takes to answer.")
@click.option("--host-latency", type=(float, float), metavar="FROM TO", help="Seconds a file host takes to answer.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME=MODE[:SHARE]",
    help="Something that goes wrong, for example crossref=unavailable or openalex=too_many:0.2. May be repeated.",
)
@click.option(
    "--works",
    type=PLACE,
    help="JSON lines of works in place of the built-in ones (as in dl_lit/standin/data/works.jsonl).",
)
@click.option("--plain-hosts", is_flag=True, help="File hosts without quirks.")
@click.option("--log", type=PLACE, help="File for the request log (JSON lines).")
@click.option("--until-eof", is_flag=True, hidden=True, help="End when standard input is closed.")
@click.option("--samples", type=PLACE, help="Also write the sample PDFs into this folder.")
def command(
    port: int,
    seed: int,
    realistic: bool,
    service_latency: tuple[float, float] | None,
    host_latency: tuple[float, float] | None,
    faults: tuple[str, ...],
    works: Path | None,
    plain_hosts: bool,
    log: Path | None,
    samples: Path | None,
    until_eof: bool,
) -> None:
    """Serves a local world of services and hosts.

    Until Ctrl-C. It listens on 127.0.0.1 (services) and 127.0.0.2... (file hosts) only. Point dl-lit at it with
    --services-url.

    \b
    Example:
      dl-lit standin --port 8765
    """
    usual = StandInSettings()
    services, hosts = (
        (REALISTIC_SERVICE_LATENCY, REALISTIC_HOST_LATENCY)
        if realistic
        else (usual.service_latency, usual.host_latency)
    )
    wrong = dict(map(parse_fault, faults))
    for name in wrong.keys() - SERVICES.keys() - {host.address for host in HOSTS}:
        raise UsageError(f"--fault {name}=...: there is no such service or host. Services: {', '.join(SERVICES)}.")
    settings = StandInSettings(
        port=port,
        seed=seed,
        service_latency=service_latency or services,
        host_latency=host_latency or hosts,
        faults=MappingProxyType(wrong),
        host_quirks=not plain_hosts,
        log_path=log,
    )
    chosen = catalogue.read(works) if works is not None else None
    if samples is not None:
        write_samples(samples, seed)
    serve(settings, works=chosen, ready=_tell, stop=_end_of_input() if until_eof else None)


def _end_of_input() -> threading.Event:
    """Set when standard input ends: whoever started us is gone."""
    over = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=wait, name="end-of-input", daemon=True).start()
    return over


def _tell(standin: StandIn) -> None:
    click.echo(f"The stand-in serves at {standin.url}; requests are logged in {standin.log_path}. Ctrl-C ends it.")
    click.echo(f"Try: dl-lit process-folder-concurrent ./pdfs --services-url {standin.url} --email me@home.invalid")
