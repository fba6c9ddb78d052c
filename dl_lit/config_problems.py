"""What is said about settings that cannot work: which, why, what may be meant, and nothing that may be a secret."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

_SECRET = frozenset({"api_key", "email", "base_url"})  # an address may carry a user and a password
PREFIX = "DL_LIT_"  # of environment variables
_WANTED = {
    "int_parsing": "it must be a whole number",
    "int_type": "it must be a whole number",
    "int_from_float": "it must be a whole number",
    "float_parsing": "it must be a number",
    "float_type": "it must be a number",
    "finite_number": "it must be a number",
    "bool_parsing": "it must be true or false",
    "bool_type": "it must be true or false",
    "string_type": "it must be text, in quotation marks",
    "tuple_type": 'it must be a list, as ["one", "two"]',
    "enum": "it must be one of {expected}",
    "literal_error": "it must be one of {expected}",
    "greater_than_equal": "it must be at least {ge}",
    "greater_than": "it must be more than {gt}",
    "less_than_equal": "it must be at most {le}",
    "less_than": "it must be less than {lt}",
}
# Read by the program itself or by `scripts/`, not settings.
_OTHER_VARIABLES = frozenset({"CONFIG", "LIBRARY", "VENV"})


def explained(error: ValidationError, model: type[BaseModel]) -> str:
    """Each wrong setting in a line, in words that end with what to do."""
    lines = [_line(problem, model) for problem in error.errors(include_url=False)]
    if len(lines) == 1:
        return f"This setting cannot work; correct it in the file, the environment or the options: {lines[0]}."
    told = "\n".join(f"  {line}" for line in lines)
    return f"These settings cannot work; correct them in the file, the environment or the options:\n{told}"


def _line(problem: ErrorDetails, model: type[BaseModel]) -> str:
    location = problem["loc"]
    name = ".".join(map(str, location))
    if problem["type"] == "extra_forbidden":
        return no_such_setting(name, model)
    given = f" (given: {problem['input']!r})" if _may_be_shown(location, model) else ""
    variable = _variable(name, PREFIX)
    where = f", set by {variable}" if variable in os.environ else ""
    return f"{name}: {_wanted(problem)}{given}{where}"


def _wanted(problem: ErrorDetails) -> str:
    """What the value must be, in words of files and not of programs."""
    told = _WANTED.get(problem["type"])
    return told.format(**problem.get("ctx", {})) if told else problem["msg"].removeprefix("Value error, ")


def no_such_setting(name: str, model: type[BaseModel]) -> str:
    """With the likeliest that is meant: one that is spelt nearly so, or one of that name in another section."""
    settings = list(names_of(model))
    known = settings + sorted({section for one in settings for section in _above(one)})
    last = name.rpartition(".")[2]
    elsewhere = [one for one in known if one.rpartition(".")[2] == last]
    near = get_close_matches(name, known, 1, 0.75) or elsewhere or get_close_matches(name, known, 1)
    hint = f"; {near[0]} may be meant" if near else "; `dl-lit config show` lists those that there are"
    return f"{name}: there is no such setting{hint}"


def _above(name: str) -> Iterator[str]:
    """The sections that a setting is in: "services.hal" and "services"."""
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def names_of(model: type[BaseModel], above: str = "") -> Iterator[str]:
    """The settings of a model and of its sections, as they are written in a file: "pipeline.queue_size"."""
    for name, field in model.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            yield from names_of(section, f"{above}{name}.")
        else:
            yield f"{above}{name}"


def unknown_variables(names: Iterable[str], prefix: str, model: type[BaseModel]) -> str | None:
    """What is wrong with environment variables that look like ours and name no section; None without any.

    Those that name a section, and in it no setting, are found by the model.
    """
    spelt = {_variable(name, prefix): name for name in names_of(model)}
    lines = []
    for name in sorted(names):
        inner = name.upper().removeprefix(prefix)
        if inner == name.upper() or inner in _OTHER_VARIABLES or inner.lower().partition("__")[0] in model.model_fields:
            continue
        near = get_close_matches(name.upper(), spelt, 1)
        lines.append(f"{name}{f' ({near[0]} may be meant)' if near else ''}")
    if not lines:
        return None
    return (
        f"The environment has variables that are no settings: {', '.join(lines)}. Correct or unset them; "
        "a section and its setting are joined by two underscores."
    )


def _variable(name: str, prefix: str) -> str:
    return prefix + name.upper().replace(".", "__")


def _may_be_shown(location: Sequence[int | str], model: type[BaseModel]) -> bool:
    """Whether a value may be repeated: not a secret's, and not a whole section's, which may hold one."""
    section: Any = model
    for depth, part in enumerate(location):
        field = section.model_fields.get(str(part))
        if field is None or part in _SECRET:
            return False
        if not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)):
            return all(isinstance(index, int) for index in location[depth + 1 :])
        section = field.annotation
    return False
