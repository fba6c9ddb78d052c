"""What `--help` says: examples that work, and options in groups."""

from __future__ import annotations

import importlib
import re
import shlex
from collections.abc import Iterator

import click
import pytest

from dl_lit.cli.grouped import GROUPS, GroupedCommand
from dl_lit.cli.main import COMMANDS, LazyGroup

PROGRAM = LazyGroup("dl-lit")


def leaves() -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, groups opened."""
    for name, module in COMMANDS.items():
        command: click.Command = importlib.import_module(f"dl_lit.cli.{module}").command
        if isinstance(command, click.Group):
            yield from ((f"{name} {below}", one) for below, one in command.commands.items())
        else:
            yield name, command


LEAVES = dict(leaves())


def examples(command: click.Command) -> list[str]:
    """The command lines below "Examples", lines that go on joined."""
    told = re.split(r"Examples?:\n", command.help or "")[-1]
    return [line.strip() for line in told.splitlines() if re.search(r"(^|\| )\s*dl-lit ", line)]


def parsed(group: click.Group, arguments: list[str], parent: click.Context | None = None) -> str:
    """The command that it is of. Raises what a wrong command line raises; runs nothing."""
    context = click.Context(group, parent=parent, info_name="dl-lit")
    name, command, rest = group.resolve_command(context, arguments)
    assert command is not None
    if isinstance(command, click.Group):
        return f"{name} {parsed(command, rest, context)}"
    command.make_context(name, rest, parent=context)
    return command.name or ""


@pytest.mark.parametrize("name", LEAVES)
def test_every_command_shows_examples_and_each_is_a_command_line(name: str, away_from_home: None) -> None:
    lines = examples(LEAVES[name])
    assert lines, f"{name} has no example"
    shown = [shlex.split(re.split(r" >>? ", line.split("dl-lit ", 1)[1])[0], comments=True) for line in lines]
    assert name in {parsed(PROGRAM, words) for words in shown}


def test_a_command_line_that_is_wrong_is_noticed(away_from_home: None) -> None:
    with pytest.raises(click.UsageError):
        parsed(PROGRAM, ["status", "--no-such-option"])


GROUPED = {name: command for name, command in LEAVES.items() if isinstance(command, GroupedCommand)}


@pytest.mark.parametrize("name", GROUPED)
def test_options_are_listed_once_each_and_under_headings(name: str) -> None:
    command = GROUPED[name]
    text = command.get_help(click.Context(command, info_name=name))
    options = [one for one in command.params if isinstance(one, click.Option)]
    for option in options:
        assert len(re.findall(rf"^  {re.escape(option.opts[0])}(?![\w-])", text, re.MULTILINE)) == 1, option.opts
    assert all(f"\n{heading}:\n" in text for heading in ("Library and settings", "What is told"))


def test_every_name_in_the_groups_is_an_options() -> None:
    known = {one.name for command in GROUPED.values() for one in command.params}
    assert {name for names in GROUPS.values() for name in names} <= known


def test_commands_with_many_options_list_them_in_groups() -> None:
    many = {name for name, command in LEAVES.items() if len(command.params) > 24}
    assert many <= set(GROUPED)
