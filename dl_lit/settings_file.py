"""The text of a new configuration file: what was chosen, why it matters, and every other setting with its default."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from dl_lit.config import Settings
from dl_lit.config_problems import names_of
from dl_lit.errors import DatabaseUnusable, UsageError
from dl_lit.setting_meanings import MEANINGS

_HEAD = """\
# Settings of dl-lit. `dl-lit config show` tells which hold and why; docs/settings.md has them all.
# Stronger than this file: environment variables (DL_LIT_PIPELINE__QUEUE_SIZE=50), and options on the command line.
# A line that begins with "# " before a name is the default; take the sign away to change it.
"""


def text_of(chosen: Mapping[str, str]) -> str:
    """`chosen` has values by the names of settings ("contact.email"); all others stand as comments."""
    parts = [_HEAD]
    defaults = Settings.model_construct()
    for section, names in groupby(names_of(Settings), lambda name: name.rpartition(".")[0]):
        lines = [_line(name, chosen, _default(defaults, name)) for name in names]
        parts.append("\n".join((f"[{section}]", *lines)) + "\n")
    return "\n".join(parts)


def write_new(path: Path, text: str) -> Path | None:
    """Puts the file in place for its owner alone; returns where one that was there is kept.

    Raises UsageError for a text that no file can hold, DatabaseUnusable when the place cannot be written.
    """
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:  # halves of characters, as a terminal of another encoding sends them
        raise UsageError("What was given has signs that are no characters. Leave them out.") from error
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".new")
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(data)
        kept = _keep(path)
        partial.replace(path)
    except OSError as error:
        raise DatabaseUnusable(
            f"{path} cannot be written ({error.strerror}). Name another place with --config.", path=str(path)
        ) from error
    return kept


def _keep(path: Path) -> Path | None:
    if not path.exists():
        return None
    old = path.with_name(path.name + ".old")
    path.replace(old)
    return old


def _line(name: str, chosen: Mapping[str, str], default: Any) -> str:
    last, told = name.rpartition(".")[2], f"  # {MEANINGS[name]}" if name in MEANINGS else ""
    if name in chosen:
        return f"{last} = {_toml(chosen[name])}{told}"
    return f"# {last} = {_toml(default) if default is not None else '...'}{told}"


def _default(settings: Any, name: str) -> Any:
    for part in name.split("."):
        settings = getattr(settings, part)
    return settings


def _toml(value: Any) -> str:
    """JSON of strings, numbers, truth values and lists is TOML, but for the one letter that JSON leaves bare."""
    plain = list(value) if isinstance(value, tuple) else value
    return json.dumps(plain, ensure_ascii=False, default=str).replace("\x7f", "\\u007f")
