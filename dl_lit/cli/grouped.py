"""Help of commands with dozens of options, in groups."""

from __future__ import annotations

import click

# Heading -> the options' names in Python. What is not named stands first, under "Options".
GROUPS = {
    "What to read": ("extractor", "cluster", "limit", "max_entries", "dry_run"),
    "How far to go": ("enrich", "download", "catalogues", "references", "citations", "most_related", "most_expanded"),
    "Which copies": ("min_citations", "from_year", "to_year", "types", "languages", "open_only", "query"),
    "Library and settings": ("folder", "db_path", "config", "email", "services_url", "cache"),
    "Speed": (
        "extraction_workers",
        "enrichment_workers",
        "download_workers",
        "queue_size",
        "checkpoint_interval",
        "enable_backpressure",
        "backpressure_threshold",
        "worker_timeout_seconds",
    ),
    "What is told": ("log_format", "panel", "metrics_port", "metrics_host"),
}
_HEADINGS = {name: heading for heading, names in GROUPS.items() for name in names}


class GroupedCommand(click.Command):
    """A command of which `--help` lists the options under headings, each with its own order."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {heading: [] for heading in ("Options", *GROUPS)}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None and isinstance(parameter, click.Option):
                sections[_HEADINGS.get(parameter.name or "", "Options")].append(record)
        for heading, records in sections.items():
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)
