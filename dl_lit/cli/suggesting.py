"""What a person may have meant by a word that is none of those that an option or a list knows."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import click

_FEW = 8  # as many words may be listed to somebody who missed one


def suggesting(error: click.ClickException) -> click.ClickException:
    """The error, with the words nearest to a wrong one; of many words only these."""
    if not isinstance(error, click.BadParameter) or not isinstance(error.param, click.Parameter):
        return error
    if error.message.endswith((" integer range.", " float range.")):  # whose range nobody asked about
        message = error.message.removesuffix(" range.") + "."
        return click.BadParameter(message, ctx=error.ctx, param=error.param, param_hint=error.param_hint)
    wrong, is_choice, _ = error.message.partition(" is not one of ")
    if is_choice and isinstance(error.param.type, click.Choice):
        words = [str(one) for one in error.param.type.choices]
        near = did_you_mean(wrong.strip("'\""), words)
        if near:
            message = f"{wrong} is none of them.{near}" if len(words) > _FEW else f"{error.message}{near}"
            return click.BadParameter(message, ctx=error.ctx, param=error.param, param_hint=error.param_hint)
    return error


def did_you_mean(wrong: str, words: Iterable[str]) -> str:
    """ " Did you mean timeout or timed_out?", "" where nothing is near."""
    near = get_close_matches(wrong, list(words), 3, 0.6)
    return f" Did you mean {' or '.join(near)}?" if near else ""
