"""`config`: what is set, and where."""

from __future__ import annotations

from pathlib import Path

import click

from dl_lit.cli.options import rows_option
from dl_lit.cli.output import put_rows
from dl_lit.cli.places import PLACE
from dl_lit.config import default_config_file
from dl_lit.setting_origins import DEFAULT, settings_with_origins
from dl_lit.ui import settings_table


@click.group("config")
def command() -> None:
    """The settings of runs."""


@command.command("show")
@click.option("--config", type=PLACE, help="Configuration file (TOML).")
@click.option("--changed", is_flag=True, help="Only those that are not the default.")
@rows_option
def show(config: Path | None, changed: bool, output_format: str) -> None:
    """Shows each setting and where its value comes from.

    The environment is stronger than the file, and options of a command are stronger than both. Keys are hidden. A
    setting that cannot work is told as a run would tell it.

    \b
    Example:
      dl-lit config show
    """
    rows = settings_with_origins(config)
    if changed:
        rows = [row for row in rows if row.origin != DEFAULT]
    put_rows(
        output_format,
        lambda: settings_table.table(rows, config or default_config_file()),
        lambda form: settings_table.told(rows, form),
    )
