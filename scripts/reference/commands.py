"""Commands, from their own `--help`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from dl_lit.cli.main import COMMANDS, program

HEAD = """# Commands

Made by `scripts/make_reference` from the commands' own `--help`; do not edit.
"""


def page() -> str:
    with click.Context(program, info_name="dl-lit", max_content_width=100, terminal_width=100) as context:
        parts = [HEAD, _section("dl-lit", program.get_help(context))]
        for name in COMMANDS:
            command = program.get_command(context, name)
            assert command is not None
            parts += _sections(command, name, context)
    return "\n".join(parts)


def _sections(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    """A section for the command, then one for each command below it."""
    if command.hidden:
        return
    with click.Context(command, info_name=name, parent=parent, terminal_width=100) as context:
        yield _section(context.command_path, command.get_help(context))
        if isinstance(command, click.Group):
            for below in command.list_commands(context):
                inner = command.get_command(context, below)
                assert inner is not None
                yield from _sections(inner, below, context)


def _section(title: str, text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return f"## {title}\n\n```text\n{lines}\n```\n"
