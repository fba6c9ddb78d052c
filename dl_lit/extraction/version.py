"""The extractor's version: a fingerprint of all that decides what is read out of a file, to know results by."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

# The packages whose code and data (word lists, the model) decide, and the one module that gives results their form.
_PARTS = ("extraction", "identity", "model.py")
_LIBRARIES = ("anyascii", "pdfminer.six", "pdfplumber", "PyMuPDF", "python-crfsuite", "rapidfuzz")
# Once one of them is installed, a file that gave nothing without it deserves another look.
_TOOLS = ("pdftotext", "ocrmypdf", "tesseract", "pandoc")


def fingerprint(*settings: object) -> str:
    """32 hexadecimal digits that differ whenever code, model, libraries, programs or `settings` (by repr) differ."""
    return hashlib.sha256(f"{_of_this_program()} {settings!r}".encode()).hexdigest()[:32]


@cache
def _of_this_program() -> str:
    """Once a process: about 10 ms."""
    digest = hashlib.sha256()
    for path in _sources(Path(__file__).resolve().parents[1]):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    for line in (*_libraries(), *_tools()):
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def _sources(package: Path) -> Iterator[Path]:
    for part in _PARTS:
        whole = package / part
        files = [whole] if whole.is_file() else sorted(whole.rglob("*"))
        yield from (file for file in files if file.is_file() and "__pycache__" not in file.parts)


def _libraries() -> Iterator[str]:
    yield f"python {sys.version_info[:3]} unicode {unicodedata.unidata_version}"
    for name in _LIBRARIES:
        try:
            yield f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            yield f"{name} none"


def _tools() -> Iterator[str]:
    for name in _TOOLS:
        found = shutil.which(name)
        if found is not None:
            told = os.stat(found)  # noqa: PTH116 - `which` gives text
            yield f"{name} {told.st_size} {told.st_mtime_ns}"
