"""Options that several commands share, each defined once."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from dl_lit import work_types
from dl_lit.cli.output import check_output
from dl_lit.cli.places import PLACE
from dl_lit.cli.view import MetricsAddress, View
from dl_lit.config import ExtractorName, Settings, default_config_file, load_settings
from dl_lit.errors import UsageError
from dl_lit.library import Library

Command = TypeVar("Command", bound=Callable[..., Any])


def library_options(command: Command) -> Command:
    """`--library` and the older `--db-path`, handed on as one `library`."""

    @click.option(
        "--library",
        "folder",
        type=PLACE,
        envvar="DL_LIT_LIBRARY",
        show_default="store.library, else ./library",
        help="Folder of the library: database, PDFs, quarantine, logs.",
    )
    @click.option("--db-path", type=PLACE, help="The database, when it lies outside the library's folder.")
    @wraps(command)
    def wrapped(*args: Any, folder: Path | None, db_path: Path | None, **kwargs: Any) -> Any:
        _check_places(folder, db_path)
        if folder is None:
            # The older form: the database says where the library is.
            folder = db_path.parent if db_path else load_settings(file=kwargs.get("config")).store.library
        return command(*args, library=Library.at(folder, db_path), **kwargs)

    return wrapped  # type: ignore[return-value]


def _check_places(folder: Path | None, db_path: Path | None) -> None:
    """A file where a folder belongs, or the other way round, is a slip that nothing should be made of."""
    if folder is not None and folder.is_file():
        raise UsageError(
            f"--library {folder}: that is a file. Name the library's folder, or its database by --db-path."
        )
    if db_path is not None and db_path.is_dir():
        raise UsageError(f"--db-path {db_path}: that is a folder. Name the database file, or the folder by --library.")


def settings_options(command: Command) -> Command:
    """`--config`, `--email` and `--services-url`, handed on as one loader `settings`."""

    @click.option("--config", type=PLACE, help="Configuration file (TOML).")
    @click.option("--email", help="Your address, sent to the services so that they can reach you. Never invented.")
    @click.option(
        "--services-url",
        metavar="URL",
        help="Use URL/<service> for every outside service, for example a stand-in on this machine.",
    )
    @wraps(command)
    def wrapped(*args: Any, config: Path | None, email: str | None, services_url: str | None, **kwargs: Any) -> Any:
        check_output(kwargs.get("output"), [config or default_config_file()])

        def settings(**sections: dict[str, Any]) -> Settings:
            overrides = {name: _chosen(values) for name, values in sections.items()}
            if email is not None:
                overrides["contact"] = {"email": email}
            return load_settings(file=config, services_url=services_url, overrides=overrides)

        settings()  # what is wrong with them is said before the command touches anything
        return command(*args, settings=settings, **kwargs)

    return wrapped  # type: ignore[return-value]


def _chosen(values: dict[str, Any]) -> dict[str, Any]:
    """Only what was given on the command line: an option left out must not outrank the file."""
    return {name: value for name, value in values.items() if value is not None}


_COUNT, _SHARE = click.IntRange, click.FloatRange
# The ranges are those of config.Pipeline.
SIZE_OPTIONS = (
    ("--extraction-workers", "extraction_workers", _COUNT(1, 10), "Processes that read PDFs."),
    ("--enrichment-workers", "enrichment_workers", _COUNT(1, 20), "Threads that ask the services."),
    ("--download-workers", "download_workers", _COUNT(1, 20), "Threads that download."),
    ("--queue-size", "queue_size", _COUNT(10, 1000), "Rows buffered between stages."),
    ("--backpressure-threshold", "backpressure_threshold", _SHARE(0.5, 1.0), "Share of the queue that stops feeding."),
    ("--worker-timeout", "worker_timeout_seconds", _SHARE(60, 3600), "Seconds after which a row in work is given up."),
    ("--checkpoint-interval", "checkpoint_interval", _COUNT(1, 100), "Rows written in one transaction."),
)


def pipeline_options(command: Command) -> Command:
    """The sizes of a run (R3), handed on as one dictionary `sizes`; what was not given is None."""
    names = [name for _, name, _, _ in SIZE_OPTIONS] + ["enable_backpressure"]

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        sizes = {name: kwargs.pop(name) for name in names}
        return command(*args, sizes=sizes, **kwargs)

    for option, name, kind, text in reversed(SIZE_OPTIONS):
        wrapped = click.option(option, name, type=kind, metavar="N", help=text)(wrapped)
    wrapped = click.option(
        "--backpressure/--no-backpressure",
        "enable_backpressure",
        default=None,
        help="Hold a stage back when the next is behind.",
    )(wrapped)
    return wrapped  # type: ignore[return-value]


def without_sizes(command: Command) -> Command:
    """For the sequential forms, which have one of everything: hands on an empty `sizes`."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return command(*args, sizes={}, **kwargs)

    return wrapped  # type: ignore[return-value]


def extractor_option(command: Command) -> Command:
    """`--extractor`, handed on as `extractor`; None leaves it to the configuration."""
    option = click.option(
        "--extractor",
        type=click.Choice([name.value for name in ExtractorName]),
        help="Who reads the references: the built-in reader, a GROBID, or a language model. With auto (default) the "
        "built-in reader, helped by those of the others that are enabled where it can read nothing.",
    )
    return option(command)


def cluster_option(command: Command) -> Command:
    """`--extract-on`, handed on as `cluster`; None leaves it to the configuration."""
    option = click.option(
        "--extract-on",
        "cluster",
        metavar="ADDRESS",
        help="Read PDFs on the workers of this Dask scheduler, as tcp://host:8786 (needs the extra dask).",
    )
    return option(command)


NO_CACHE = click.option(
    "--no-cache",
    "cache",
    flag_value=False,
    default=True,
    help="Use nothing that is kept for all libraries (what was read, works fetched), and keep nothing for next time.",
)


def progress_options(command: Command) -> Command:
    """How far to go and how to tell about it."""
    for option in reversed(
        (
            click.option(
                "--catalogue",
                "catalogues",
                multiple=True,
                type=PLACE,
                help="Local catalogue to ask before any service. May be given several times.",
            ),
            click.option("--no-enrich", "enrich", flag_value=False, default=True, help="Stop after reading the PDFs."),
            click.option("--no-download", "download", flag_value=False, default=True, help="Stop before downloading."),
            NO_CACHE,
        )
    ):
        command = option(command)
    return view_options(command)


def view_options(command: Command) -> Command:
    """How a run tells about itself, handed on as one `view`."""

    @click.option(
        "--log-format",
        type=click.Choice(["text", "json"]),
        default="text",
        help="Progress without a terminal, and the log file: lines of text, or JSON lines.",
    )
    @click.option("--no-panel", "panel", flag_value=False, default=True, help="Plain lines even on a terminal.")
    @click.option("--metrics-port", type=_COUNT(0, 65535), help="Let Prometheus ask at this port (0: a free one).")
    @click.option("--metrics-host", help="The address to listen at for it (default 127.0.0.1: this machine only).")
    @wraps(command)
    def wrapped(
        *args: Any, log_format: str, panel: bool, metrics_port: int | None, metrics_host: str | None, **kwargs: Any
    ) -> Any:
        if metrics_host is not None and metrics_port is None:
            raise UsageError("--metrics-host would do nothing without --metrics-port. Add it.")
        metrics = None if metrics_port is None else MetricsAddress(metrics_host or "127.0.0.1", metrics_port)
        return command(*args, view=View(log_format, panel, metrics=metrics), **kwargs)

    return wrapped  # type: ignore[return-value]


def run_options(command: Command) -> Command:
    """All that the process commands share about what to do, how far, and how to tell about it."""
    for option in reversed(
        (
            click.option("--limit", type=click.IntRange(min=1), help="Read at most so many PDFs in this run."),
            click.option("--max-entries", type=click.IntRange(min=1), help="Look for at most so many references."),
            click.option("--dry-run", is_flag=True, help="Only say which PDFs would be read; change nothing."),
        )
    ):
        command = option(command)
    return reading_options(command)


def reading_options(command: Command) -> Command:
    """The same without what makes sense only where the number of PDFs is known beforehand."""
    return progress_options(expansion_options(_filter_options(extractor_option(cluster_option(command)))))


_EXPANSION_OPTIONS = (
    ("--expand-references", "references", (0, 3), "Also take in what matched works cite, so many steps far (0-3)."),
    ("--expand-citations", "citations", (0, 3), "Also take in what cites matched works, so many steps far (0-3)."),
    ("--most-related", "most_related", (1, 500), "Take in at most so many with one work (default 50)."),
    ("--most-expanded", "most_expanded", (1, 100_000), "Take in at most so many in one run (default 1000)."),
)


def expansion_options(command: Command) -> Command:
    """How far to go from matched works to related ones (R34), handed on as one dictionary `expansion`."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        expansion = {name: kwargs.pop(name) for _, name, _, _ in _EXPANSION_OPTIONS}
        return command(*args, expansion=expansion, **kwargs)

    for option, name, (low, high), text in reversed(_EXPANSION_OPTIONS):
        wrapped = click.option(option, name, type=click.IntRange(low, high), metavar="N", help=text)(wrapped)
    return wrapped  # type: ignore[return-value]


def known_types(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    problem = work_types.unknown(given)
    if problem is not None:
        raise click.BadParameter(f"{problem}.")
    return given


def two_letters(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    for word in given:
        if re.fullmatch("[a-z]{2}", word) is None:
            raise click.BadParameter(f"{word!r} is no code of a language: write its two letters (ISO 639-1), as en.")
    return given


def some_words(context: click.Context, option: click.Parameter, given: str | None) -> str | None:
    if given is not None and not given.strip():
        raise click.BadParameter("it has no words. Write some, or leave the option out.")
    return given


YEAR = click.IntRange(1000, 2200)
TYPES: dict[str, Any] = {"multiple": True, "callback": known_types}
LANGUAGES: dict[str, Any] = {"multiple": True, "callback": two_letters}
_FILTER_OPTIONS = (
    ("--min-citations", "min_citations", {"type": click.IntRange(min=0)}, "Copies only of works cited so often."),
    ("--from-year", "from_year", {"type": YEAR}, "Copies only of works of this year or later."),
    ("--to-year", "to_year", {"type": YEAR}, "Copies only of works of this year or earlier."),
    ("--type", "types", TYPES, "Copies only of this kind, as journal-article; may be repeated."),
    ("--language", "languages", LANGUAGES, "Copies only in this language, as en; may be repeated."),
    ("--open-only", "open_only", {"is_flag": True}, "Copies only where an index knows an open one."),
    ("--rank-by", "query", {"metavar": "WORDS", "callback": some_words}, "Copies of works near to these words first."),
)


def _filter_options(command: Command) -> Command:
    """Which works a copy is looked for, and which first (R32), handed on as one dictionary `filters`."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        filters = {name: kwargs.pop(name) or None for _, name, _, _ in _FILTER_OPTIONS}
        return command(*args, filters=filters, **kwargs)

    for option, name, kind, text in reversed(_FILTER_OPTIONS):
        wrapped = click.option(option, name, help=text, **kind)(wrapped)
    return wrapped  # type: ignore[return-value]


def rows_option(command: Command) -> Command:
    """`--format` where what comes out are rows; see `output.put_rows`."""
    return _format("table", "json", "csv")(command)


def format_option(command: Command) -> Command:
    return _format("table", "json")(command)


def _format(*forms: str) -> Callable[[Command], Command]:
    return click.option("--format", "output_format", type=click.Choice(forms), default=forms[0], show_default=True)
