"""Documents name tests, files, commands and options that exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from dl_lit.cli.main import COMMANDS, program

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
MADE = {"commands.md"}  # from the commands' own help


def test_every_test_that_the_security_review_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "security.md").read_text("utf-8")))
    tests = "\n".join(file.read_text("utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    assert len(named) > 40
    assert named <= set(re.findall(r"def (test_\w+)\(", tests))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in links if link and not (page.parent / link).exists()] == []


def commands_in(page: Path) -> Iterator[tuple[str, list[str]]]:
    """(command, its words) of every `dl-lit …` in a block of shell commands."""
    for block in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            for part in re.split(r"&&|\|", line.partition("  #")[0]):
                words = shlex.split(part, comments=True)
                if words[:1] == ["dl-lit"] and len(words) > 1 and not words[1].startswith("-"):
                    yield words[1], words[2:]


def options_of(name: str, words: list[str]) -> set[str]:
    context = click.Context(program)
    command = program.get_command(context, name)
    while isinstance(command, click.Group) and words:
        command = command.get_command(context, words.pop(0))
    assert command is not None
    options = (one for one in command.params if isinstance(one, click.Option))
    return {spelling for one in options for spelling in (*one.opts, *one.secondary_opts)} | {"--help"}


@pytest.mark.parametrize("page", [page for page in PAGES if page.name not in MADE], ids=lambda page: page.name)
def test_commands_that_are_shown_are_there_with_their_options(page: Path) -> None:
    for name, words in commands_in(page):
        assert name in COMMANDS
        given = {word.partition("=")[0] for word in words if word.startswith("--") and word != "--"}
        assert given <= options_of(name, words), (name, words)
