"""`completion`: commands and options at the press of Tab."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

PROGRAM = "dl-lit"
VARIABLE = "_DL_LIT_COMPLETE"  # click's own name for it, made of the program's


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Writes what a shell needs to complete dl-lit.

    \b
    Examples:
      dl-lit completion bash >> ~/.bashrc
      dl-lit completion zsh >> ~/.zshrc
      dl-lit completion fish > ~/.config/fish/completions/dl-lit.fish
    """
    made = get_completion_class(shell)
    assert made is not None  # click knows these three
    program = context.find_root().command
    click.echo(made(program, {}, PROGRAM, VARIABLE).source())
