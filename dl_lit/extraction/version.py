"""The extractor's version: a fingerprint of all that decides what is read out of a file, to know results by."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from dl_lit import __version__

# The packages whose code and data (word lists, the model) decide, and the one module that gives results their form.
_PARTS = ("extraction", "identity", "model.py")
_LIBRARIES = ("anyascii", "pdfminer.six", "pdfplumber", "PyMuPDF", "python-crfsuite", "rapidfuzz")
# Once one of them is installed, a file that gave nothing without it deserves another look.
_PROGRAMS = ("pdftotext", "ocrmypdf", "tesseract", "pandoc")


@dataclass(frozen=True, slots=True)
class Facts:
    """All of a machine that decides what is read out of a file. `code` is a SHA-256; the rest is for people, too."""

    dl_lit: str
    code: str
    python: str
    libraries: tuple[str, ...]
    programs: tuple[str, ...]


def fingerprint(*settings: object, of: Facts | None = None) -> str:
    """32 hexadecimal digits that differ whenever code, model, libraries, programs or `settings` (by repr) differ.

    `of` another machine than this one.
    """
    return hashlib.sha256(f"{of or facts()!r} {settings!r}".encode()).hexdigest()[:32]


@cache
def facts() -> Facts:
    """Once a process: about 10 ms."""
    python = f"{'.'.join(map(str, sys.version_info[:3]))}, Unicode {unicodedata.unidata_version}"
    return Facts(__version__, _code(), python, tuple(_libraries()), tuple(_programs()))


def _code() -> str:
    digest = hashlib.sha256()
    for path in _sources(Path(__file__).resolve().parents[1]):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _sources(package: Path) -> Iterator[Path]:
    for part in _PARTS:
        whole = package / part
        files = [whole] if whole.is_file() else sorted(whole.rglob("*"))
        yield from (file for file in files if file.is_file() and "__pycache__" not in file.parts)


def _libraries() -> Iterator[str]:
    for name in _LIBRARIES:
        try:
            yield f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            yield f"{name} none"


def _programs() -> Iterator[str]:
    for name in _PROGRAMS:
        found = shutil.which(name)
        if found is not None:
            told = os.stat(found)  # noqa: PTH116 - `which` gives text
            yield f"{name} {told.st_size} {told.st_mtime_ns}"
