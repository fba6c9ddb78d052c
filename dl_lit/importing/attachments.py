"""The files that an entry names, as JabRef, Zotero and Mendeley write them, and where they lie on this machine."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

_PART = re.compile(r"((?:\\.|[^\\;])+)(?:;|$)")
_FIELD = re.compile(r"(?:\\.|[^\\:])*")
_SOURCE = re.compile(r"(?i)https?://")  # where a file came from, which later JabRefs put behind its type
_ACCENT = re.compile(r"\{?\\([\"'`^~=.cvuHkr])\s*\{?\\?([A-Za-z])\}?\}?")  # {\"u}, {\"{u}}, \'e
_MARKS = {
    '"': "\u0308",
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "c": "\u0327",
    "v": "\u030c",
    "u": "\u0306",
    "H": "\u030b",
    "k": "\u0328",
    "r": "\u030a",
}
_MENDELEY = re.compile(r"\$\\backslash\$|\\textbackslash(?:\{\})?")


def named_files(text: str) -> tuple[str, ...]:
    """The PDFs in a `file` field: "description:path:type" (";" between several), or a bare path."""
    text = _MENDELEY.sub(lambda _: "\\", text.strip())
    if _is_pdf(text) and ";" not in text and text.count(":") <= 1 and "\\:" not in text:
        return (_plain(text.removeprefix(":")),)
    found = (_path_in(part) for part in _PART.findall(text))
    return tuple(dict.fromkeys(path for path in found if path))


def _path_in(part: str) -> str | None:
    fields = _split(part)
    if len(fields) > 3 and _SOURCE.match(fields[-1]):
        fields.pop()
    if len(fields) >= 3:
        # A colon of Windows ("C:\...") may stand there as it is.
        kind, path = fields[-1], ":".join(fields[1:-1])
    else:
        kind, path = "", max(fields, key=_is_pdf)
    path = path.strip()
    return path if path and (_is_pdf(path) or "pdf" in kind.lower()) else None


def _split(part: str) -> list[str]:
    """At the colons that no backslash stands before."""
    fields, place = [], 0
    while place <= len(part):
        match = _FIELD.match(part, place)
        assert match is not None
        fields.append(_plain(match[0]))
        place = match.end() + 1
    return fields


def _plain(text: str) -> str:
    r"""JabRef writes "\:", "\;" and "\\", Zotero also "\_"; a backslash before anything else is Windows's own."""
    return re.sub(r"\\([:;\\_&%#{}])", r"\1", text).strip()


def _is_pdf(path: str) -> bool:
    return path.strip().lower().endswith(".pdf")


def locate(named: str, folders: Sequence[Path]) -> Path | None:
    """The file that a path of this or another machine means: as it is, or its last parts below one of the folders."""
    return next((path for path in _places(named, folders) if path.is_file()), None)


def _spellings(named: str) -> Iterator[str]:
    """As it is, as a Windows path, as an address's path, with its letters out of TeX."""
    if named.lower().startswith("file:"):
        with contextlib.suppress(ValueError):
            yield unquote(urlsplit(named).path)
    yield from (named, named.replace("\\", "/"))
    if "%" in named:
        yield unquote(named)
    if "\\" in named:
        yield _ACCENT.sub(lambda found: unicodedata.normalize("NFC", found[2] + _MARKS[found[1]]), named)


def _places(named: str, folders: Sequence[Path]) -> Iterator[Path]:
    for text in dict.fromkeys(_spellings(named)):
        for form in dict.fromkeys((text, unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text))):
            if form.startswith(("/", "~")):
                yield Path(form).expanduser() if form.startswith("~/") else Path(form)
            else:
                yield Path(f"/{form}")  # Mendeley leaves the first slash out
            parts = [part for part in PurePosixPath(form).parts if part not in ("/", "..")]
            yield from (folder.joinpath(*parts[start:]) for start in range(len(parts)) for folder in folders)
