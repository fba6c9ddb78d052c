"""Which format a file of another program has: told by what is in it, since names of files say little."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from dl_lit.errors import UsageError
from dl_lit.importing import bibtex, identifiers, json_files, ris
from dl_lit.importing.entries import Bibliography

_BIBTEX = re.compile(r"^\s*@\s*[a-zA-Z]+\s*[{(]", re.MULTILINE)
_RIS = re.compile(r"^\s*TY  ?- ?\S", re.MULTILINE)
_JSON = re.compile(r"\s*[\[{]")
_PARSERS: Mapping[str, Callable[[str], Bibliography]] = MappingProxyType(
    {"bibtex": bibtex.parse, "ris": ris.parse, "json": json_files.parse, "identifiers": identifiers.parse}
)
ENDINGS = {"bibtex": ".bib", "ris": ".ris", "json": ".json", "identifiers": ".txt"}


def read(path: Path) -> Bibliography:
    """Raises OSError, or UsageError for what has no entry."""
    return entries_of(text_of(path.read_bytes()), str(path))


def entries_of(text: str, name: str) -> Bibliography:
    """Raises UsageError for what has no entry; `name` is that of the file."""
    bibliography = parse(text, name)
    if not bibliography.entries:
        told = f" ({bibliography.problems[0]})" if bibliography.problems else ""
        raise UsageError(
            f"{name} has no entry that can be read{told}. BibTeX, RIS, CSL-JSON, JSON of references and lists of "
            "identifiers are known. Nothing was changed."
        )
    return bibliography


def text_of(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")  # older files of Windows programs


def parse(text: str, name: str) -> Bibliography:
    """Raises UsageError for JSON that is none."""
    try:
        return _PARSERS[format_of(text)](text)
    except ValueError as error:
        raise UsageError(f"{name} is not valid JSON: {error}. Nothing was changed.") from error


def format_of(text: str) -> str:
    """ "bibtex", "ris", "json" or, where nothing tells, "identifiers"."""
    if _JSON.match(text):
        return "json"
    if _RIS.search(text):
        return "ris"
    return "bibtex" if _BIBTEX.search(text) else "identifiers"
