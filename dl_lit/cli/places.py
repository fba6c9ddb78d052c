"""Paths on a command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


class Place(click.Path):
    """A path as it is given. An empty one is a slip (an unset variable of the shell), not the current folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("it is empty; write . for the current folder.", param, ctx)
        return super().convert(value, param, ctx)


PLACE = Place()
