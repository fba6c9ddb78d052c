"""Settings, from the models of `dl_lit.config` and `dl_lit.setting_meanings`."""

from __future__ import annotations

import enum
import json
import typing
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from dl_lit.config import Services, Settings
from dl_lit.config_problems import PREFIX, names_of
from dl_lit.services.registry import OFFERS
from dl_lit.setting_meanings import meaning
from reference.markdown import MADE, code, table

HEAD = f"""# Settings

{MADE.format("the program's own settings")}
How files, environment and options go together, and which few settings matter, is in
[Configuration](configuration.md). Under each name stands the environment variable. A range is what is allowed;
everything else is refused with a message.
"""
ANY_SERVICE = f"""## services

Each service is a section of its own, `[services.NAME]`, with `base_url` (an address), `enabled` (true or false) and
`api_key`. The environment variables are `{PREFIX}SERVICES__NAME__BASE_URL`, `{PREFIX}SERVICES__NAME__ENABLED` and
`{PREFIX}SERVICES__NAME__API_KEY`. A key is of use where [Services](services.md) says so. `grobid` and `llm` have
more, below.
"""
ELSEWHERE = {"osf": "files of OSF preprints", "grobid": "reads references", "llm": "reads references"}
# A default that depends on the machine is told in the meaning.
DEPENDS = frozenset({"pipeline.extraction_workers"})
SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}


def page() -> str:
    defaults, parts = Settings.model_construct(), [HEAD]
    for section, names in groupby(names_of(Settings), lambda name: name.rpartition(".")[0]):
        own = list(names)
        if section.startswith("services."):
            own = [name for name in own if name.rpartition(".")[2] not in ("base_url", "api_key", "enabled")]
            if section == f"services.{next(iter(Services.model_fields))}":
                parts.append(ANY_SERVICE + "\n" + table(("Service", "`base_url`", "`enabled`", "For"), _services()))
        if own:
            rows = (_row(name, defaults) for name in own)
            parts.append(f"## {section}\n\n{table(('Setting', 'Type', 'Default', 'Meaning'), rows)}")
    return "\n".join(parts)


def _services() -> Iterator[tuple[str, ...]]:
    for name in Services.model_fields:
        service = Services().named(name)
        purpose = OFFERS[name].purpose if name in OFFERS else ELSEWHERE[name]
        yield code(name), code(service.base_url) if service.base_url else "–", str(service.enabled).lower(), purpose


def _row(name: str, defaults: BaseModel) -> tuple[str, ...]:
    *above, last = name.split(".")
    section: Any = defaults
    for part in above:
        section = getattr(section, part)
    field = type(section).model_fields[last]
    variable = PREFIX + name.upper().replace(".", "__")
    default = "–" if name in DEPENDS else _default(getattr(section, last))
    return f"{code(last)}<br>{code(variable)}", _type(field), default, meaning(name)


def _default(value: Any) -> str:
    if value is None:
        return "–"
    plain = list(value) if isinstance(value, tuple) else value
    return code(json.dumps(plain, ensure_ascii=False, default=str))


def _type(field: FieldInfo) -> str:
    limits = [f"{sign} {found}" for name, sign in SIGNS.items() if (found := _limit(field.metadata, name)) is not None]
    return ", ".join((_named(field.annotation), *limits))


def _limit(metadata: list[Any], name: str) -> Any:
    return next((getattr(one, name) for one in metadata if getattr(one, name, None) is not None), None)


def _named(kind: Any) -> str:
    """The type in words: "text", "list of texts", "auto, builtin, grobid or llm"."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return _named(inner[0])
    if origin is typing.Literal:
        return " or ".join(map(code, inner))
    if origin is tuple:
        return f"list of {_named(inner[0])}s"
    if inner:  # a type or nothing
        return _named(next(one for one in inner if one is not type(None)))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return " or ".join(code(one.value) for one in kind)
    return {str: "text", int: "integer", float: "number", bool: "true or false", Path: "path", SecretStr: "text"}[kind]
