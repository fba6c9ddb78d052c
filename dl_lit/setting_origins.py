"""Where each setting of a run has its value from: the environment, the file, or nowhere but the program itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic_settings import EnvSettingsSource, TomlConfigSettingsSource

from dl_lit.config import Settings, default_config_file, load_settings
from dl_lit.config_problems import PREFIX, names_of
from dl_lit.net.redact import HIDDEN, redact

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Setting:
    """`value` is plain JSON that a person may see; `origin` DEFAULT, the file's path, or the environment variable."""

    name: str
    value: Any
    origin: str


def settings_with_origins(file: Path | None) -> list[Setting]:
    """Every setting, in the order of the manual; raises UsageError as `load_settings` does."""
    settings, path = load_settings(file=file), file or default_config_file()
    environment = EnvSettingsSource(Settings)()
    written = TomlConfigSettingsSource(Settings, path)() if path.is_file() else {}
    return [
        Setting(name, _shown(_at(settings, name)), _variable(name, environment) or _file(name, written, path))
        for name in names_of(Settings)
    ]


def _at(settings: BaseModel, name: str) -> Any:
    value: Any = settings
    for part in name.split("."):
        value = getattr(value, part)
    return value


def _shown(value: Any) -> Any:
    """As JSON has it, without what is secret."""
    if isinstance(value, SecretStr):
        return HIDDEN
    if isinstance(value, tuple):
        return [_shown(one) for one in value]
    if isinstance(value, Path):
        return str(value)
    return redact(value) if isinstance(value, str) and "://" in value else value


def _variable(name: str, environment: Mapping[str, Any]) -> str | None:
    """The variable that has it: its own, or that of a section above it, which holds JSON."""
    if not _has(environment, name):
        return None
    parts = name.upper().split(".")
    ours = {variable.upper(): variable for variable in os.environ}
    spelt = (PREFIX + "__".join(parts[:depth]) for depth in range(len(parts), 0, -1))
    return next((ours[one] for one in spelt if one in ours), None)


def _file(name: str, written: Mapping[str, Any], path: Path) -> str:
    return str(path) if _has(written, name) else DEFAULT


def _has(values: Any, name: str) -> bool:
    for part in name.split("."):
        if not isinstance(values, Mapping) or part not in values:
            return False
        values = values[part]
    return True
