"""Which format a file of another program has: told by what is in it, since names of files say little."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from dl_lit.errors import UsageError
from dl_lit.importing import bibtex, identifiers, json_files, ris, tables
from dl_lit.importing.entries import Bibliography

_BIBTEX = re.compile(r"^\s*@\s*[a-zA-Z]+\s*[{(]", re.MULTILINE)
_RIS = re.compile(r"^\s*TY  ?- ?\S", re.MULTILINE)
_JSON = re.compile(r"\s*[\[{]")
_PARSERS: Mapping[str, Callable[[str], Bibliography]] = MappingProxyType(
    {
        "bibtex": bibtex.parse,
        "ris": ris.parse,
        "json": json_files.parse,
        "table": tables.parse,
        "identifiers": identifiers.parse,
    }
)
ENDINGS = {"bibtex": ".bib", "ris": ".ris", "json": ".json", "table": ".csv", "identifiers": ".txt"}


def read(path: Path) -> Bibliography:
    """Raises OSError, or UsageError for what has no entry."""
    return entries_of(text_of(path.read_bytes(), str(path)), str(path))


def entries_of(text: str, name: str) -> Bibliography:
    """Raises UsageError for what has no entry; `name` is that of the file."""
    bibliography = parse(text, name)
    if not bibliography.entries:
        told = f" ({bibliography.problems[0]})" if bibliography.problems else ""
        raise UsageError(
            f"{name} has no entry that can be read{told}. BibTeX, RIS, CSL-JSON, JSON of references, CSV with a head "
            "(title, doi, ...) and lists of identifiers are known. Nothing was changed."
        )
    return bibliography


def text_of(data: bytes, name: str) -> str:
    """Raises UsageError for what is no text: by chance, some of its lines would be identifiers."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")  # "Unicode" of Windows programs
    _check_is_text(data, name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")  # older files of Windows programs


def _check_is_text(data: bytes, name: str) -> None:
    if data.startswith(b"PK\x03\x04"):
        what = "a ZIP file. Unpack it, and import the .bib, .ris or .json file that is in it"
    elif b"%PDF-" in data[:1024]:
        what = "a PDF. dl-lit import-pdfs takes the copies that you have, process-pdf-concurrent reads what a PDF cites"
    elif b"\0" in data:
        what = "no text. Let the program that it is from write BibTeX, RIS or CSL-JSON, and import that"
    else:
        return
    raise UsageError(f"{name} is {what}. Nothing was changed.")


def parse(text: str, name: str) -> Bibliography:
    """Raises UsageError for JSON that is none."""
    try:
        return _PARSERS[format_of(text)](text)
    except ValueError as error:
        raise UsageError(f"{name} is not valid JSON: {error}. Nothing was changed.") from error


def format_of(text: str) -> str:
    """ "bibtex", "ris", "json", "table" or, where nothing tells, "identifiers"."""
    if _JSON.match(text):
        return "json"
    if tables.is_table(text):
        return "table"
    if _RIS.search(text):
        return "ris"
    return "bibtex" if _BIBTEX.search(text) else "identifiers"
