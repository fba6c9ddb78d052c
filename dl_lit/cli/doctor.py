"""`doctor`: whether this machine has what dl-lit needs, and what is set."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from dl_lit import __version__
from dl_lit.cli.options import library_options, rows_option, settings_options
from dl_lit.cli.output import show
from dl_lit.config import ExtractorName, Services, Settings, default_config_file
from dl_lit.errors import DatabaseBusy, DlLitError, StoreError
from dl_lit.extraction.backends import pandoc, pdftotext, tesseract
from dl_lit.extraction.executor import ParserPool
from dl_lit.extraction.programs import ProgramFailed
from dl_lit.extractors import lacking, open_reader
from dl_lit.library import Library
from dl_lit.model import Probe, ProbeState
from dl_lit.net.ledger import Ledger, MemoryLedger
from dl_lit.net.network import Network
from dl_lit.net.redact import redact
from dl_lit.services import grobid
from dl_lit.services.base import Cached
from dl_lit.services.probing import probe_all
from dl_lit.services.registry import build_services
from dl_lit.standin.samples import write_samples
from dl_lit.store.database import Database
from dl_lit.store.machine import NAME as LEDGER_NAME
from dl_lit.store.machine import MachineLedger
from dl_lit.store.store import Store
from dl_lit.ui import tables
from dl_lit.ui.tables import Check

LIBRARIES = ("pymupdf", "pdfplumber", "requests", "rich", "rapidfuzz", "pydantic-settings")
SQLITE_NEEDED = (3, 37, 0)  # STRICT tables
FREE_MB_WANTED = 500
PROBLEMS_SHOWN = 5
NOT_IN_USE = "not enabled; optional: reads reference lists that the built-in reader cannot"
PROBE_PATIENCE = {"connect_timeout": 5.0, "read_timeout": 10.0, "total_timeout": 20.0}  # seconds


@click.command("doctor")
@library_options
@settings_options
@click.option("--online", is_flag=True, help="Also ask every service one cheap question.")
@rows_option
def command(library: Library, settings: Any, online: bool, output_format: str) -> int:
    """Checks this machine, settings and library.

    Looks at Python, libraries, optional tools, settings and the library's folder and database, and reads a sample PDF.
    Without --online, nothing is sent but a question to a GROBID that is enabled, whether it is there. The exit code is
    1 when something is wrong that dl-lit cannot do without, or when no service answers.

    \b
    Examples:
      dl-lit doctor
      dl-lit doctor --online
    """
    named: Path | None = click.get_current_context().params["config"]
    checks = list(_checks(library, settings(), named or default_config_file()))
    probes = _probes(settings(network=PROBE_PATIENCE)) if online else None
    if output_format == "json":
        click.echo(tables.doctor_json(checks, probes))
    elif output_format == "csv":
        click.echo(tables.doctor_csv(checks, probes), nl=False)
    else:
        show(tables.doctor_table(checks))
        if probes is not None:
            show(tables.probes_table(probes))
    cut_off = probes is not None and all(probe.state is not ProbeState.ANSWERS for probe in probes)
    return 1 if cut_off or any(check.ok is False for check in checks) else 0


def _probes(settings: Settings) -> list[Probe]:
    with ExitStack() as stack:
        stop = threading.Event()
        network = Network(settings, _ledger(settings, stack), stop=stop)
        stack.callback(network.close)
        stack.callback(stop.set)
        services = build_services(settings, network, _NoCache())
        found = probe_all(services.clients())
    return found + [Probe(name, ProbeState.OFF, detail=reason) for name, reason in services.off.items()]


def _ledger(settings: Settings, stack: ExitStack) -> Ledger:
    """The one that all runs of this user share, so that the probes keep the limits of those under way."""
    folder = settings.network.state_folder
    try:
        ledger = MachineLedger(folder / LEDGER_NAME)
    except (StoreError, DatabaseBusy):
        return MemoryLedger()
    stack.callback(ledger.close)
    return ledger


class _NoCache:
    """Probes are never answered from memory, so that none is needed."""

    def cache_get_many(self, service: str, keys: Sequence[str]) -> dict[str, Cached]:
        return {}

    def cache_put_many(self, service: str, answers: Mapping[str, str | None], ttl_seconds: float) -> None:
        """Forgets."""


def _checks(library: Library, settings: Settings, file: Path) -> Iterator[Check]:
    yield Check("dl-lit", True, f"{__version__}, Python {sys.version.split()[0]}")
    yield _sqlite()
    yield Check("libraries", True, ", ".join(f"{name} {version(name)}" for name in LIBRARIES))
    yield _reading(settings)
    yield from optional_readers()
    yield _config_file(file)
    yield _contact(settings)
    yield from _services(settings)
    yield _cluster(settings)
    yield _grobid(settings)
    yield _language_model(settings)
    yield _space(library)
    yield _database(library, settings)


def _sqlite() -> Check:
    fine = sqlite3.sqlite_version_info >= SQLITE_NEEDED
    return Check("SQLite", fine, sqlite3.sqlite_version, "" if fine else "3.37 or newer is needed: use a newer Python")


def _reading(settings: Settings) -> Check:
    """The real thing: a child process reads a sample."""
    try:
        with tempfile.TemporaryDirectory() as folder, ParserPool(settings.extraction, 1) as pool:
            extraction = pool.extract(write_samples(Path(folder))[0])
    except DlLitError as error:
        return Check("reading PDFs", False, error.message, "install dl-lit again")
    if extraction.reason is not None:
        return Check("reading PDFs", False, f"a sample gave {extraction.reason.value}: {extraction.detail}")
    return Check("reading PDFs", True, f"{len(extraction.references)} references in {extraction.seconds:.2f} s")


def _cluster(settings: Settings) -> Check:
    """As a run would: connect, compare versions, read a sample there."""
    address = settings.extraction.cluster
    if address is None:
        return Check("dask", None, "not in use; optional: reads PDFs on other machines (--extract-on)")
    try:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            reader = open_reader(settings.extraction, 1)
            stack.callback(reader.close)
            extraction = reader.extract(write_samples(folder)[0])
    except DlLitError as error:
        return Check("dask", False, error.message)
    open_to_all = "" if address.startswith("tls:") else "; not encrypted: only in a network that you trust"
    told = f"{len(extraction.references)} references of a sample in {extraction.seconds:.2f} s"
    return Check("dask", extraction.reason is None, f"{address}, {reader.at_once} PDFs at once, {told}{open_to_all}")


def optional_readers() -> Iterator[Check]:
    """The programs that read what PyMuPDF and pdfplumber cannot, and what each is for."""
    poppler = pdftotext.program()
    yield _tool("pdftotext", poppler, "a third reader for PDFs whose fonts are hard to decode", "package poppler-utils")
    found = tesseract.program()
    use = "reads scanned PDFs (OCR)"
    yield _tool("tesseract", found and f"{found}, languages: {_languages()}", use, "package tesseract-ocr")
    yield _tool(
        "pandoc", pandoc.program(), "reads docx, odt, epub, html, tex and md", "or: pip install 'dl-lit[pandoc]'"
    )


def _tool(name: str, found: str | None, use: str, cure: str) -> Check:
    if found:
        return Check(name, True, f"{found}; {use}")
    return Check(name, None, f"not installed; optional: {use} ({cure})")


def _languages() -> str:
    try:
        return " ".join(name for name in tesseract.languages() if name != "osd") or "none: install its language data"
    except ProgramFailed as error:
        return f"unknown ({error})"


def _config_file(path: Path) -> Check:
    return Check("configuration", True if path.is_file() else None, f"{path}{'' if path.is_file() else ' (not there)'}")


def _contact(settings: Settings) -> Check:
    if settings.contact.email:
        return Check("contact", True, "set")
    cure = 'dl-lit init, --email, DL_LIT_CONTACT__EMAIL, or [contact] email = "..." in the configuration'
    return Check("contact", None, "not set: no Unpaywall, and only the public lane of Crossref", cure)


def _services(settings: Settings) -> Iterator[Check]:
    usual = Services()
    for name in Services.model_fields:
        if name in (ExtractorName.GROBID, ExtractorName.LLM):
            continue  # they have lines of their own
        service = settings.services.named(name)
        if service.base_url != usual.named(name).base_url:
            yield Check(name, None, f"at {redact(service.base_url)} instead of its usual address")
        if service.api_key is not None:
            yield Check(name, True, "has a key")


def _grobid(settings: Settings) -> Check:
    """Asked only where a run would ask it too."""
    service = settings.services.grobid
    if not _in_use(settings, ExtractorName.GROBID):
        return Check("grobid", None, NOT_IN_USE)
    where = redact(service.base_url)
    problem = _asked(settings) if service.base_url else "services.grobid.base_url is empty"
    if problem is None:
        return Check("grobid", True, f"answers at {where}")
    needed = False if settings.extraction.extractor is ExtractorName.GROBID else None
    return Check("grobid", needed, f"no GROBID at {where}: {problem}", "start it, or set services.grobid.base_url")


def _asked(settings: Settings) -> str | None:
    network = Network(settings, MemoryLedger(), stop=threading.Event())
    try:
        return grobid.is_alive(network.service(grobid.NAME, grobid.check_limits()), settings.services.grobid.base_url)
    finally:
        network.close()


def _language_model(settings: Settings) -> Check:
    if not _in_use(settings, ExtractorName.LLM):
        return Check("llm", None, NOT_IN_USE)
    missing = lacking(settings, ExtractorName.LLM)
    if missing is not None:
        needed = False if settings.extraction.extractor is ExtractorName.LLM else None
        return Check("llm", needed, f"{missing} is not set, so it is not asked", f"set {missing}")
    service = settings.services.llm
    return Check("llm", True, f"{service.model} at {redact(service.base_url)} (configured; not asked)")


def _in_use(settings: Settings, name: ExtractorName) -> bool:
    chosen = settings.extraction.extractor
    return chosen is name or (chosen is ExtractorName.AUTO and settings.services.named(name).enabled)


def _space(library: Library) -> Check:
    place = library.folder
    while not place.exists():
        place = place.parent
    if not place.is_dir():
        return Check("library", False, f"{place} is no folder, so that {library.folder} cannot be", "use --library")
    free = shutil.disk_usage(place).free // 1_000_000
    if not os.access(place, os.W_OK):
        return Check("library", False, f"{place} cannot be written", "give write permission or use --library")
    fine = free >= FREE_MB_WANTED
    return Check("library", True if fine else None, f"{library.folder}, {free} MB free on its disk")


def _database(library: Library, settings: Settings) -> Check:
    if not library.database.is_file():
        return Check("database", None, f"{library.database} is not there yet; the first run makes it")
    try:
        with Database.look(library.database, settings.store) as database:
            problems = Store(database).problems()
    except DlLitError as error:
        return Check("database", False, error.message)
    return Check("database", not problems, f"{library.database}: {'; '.join(problems[:PROBLEMS_SHOWN]) or 'sound'}")
