"""Documents that are no PDFs, as pandoc reads them: its syntax tree (JSON), made from bytes, without network."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from pathlib import Path
from typing import Any

from dl_lit.errors import UnreadableDocument
from dl_lit.extraction.programs import ProgramFailed, ProgramTookTooLong, output_of
from dl_lit.model import PdfReason

NAME = "pandoc"

_HEAP_EXHAUSTED = 251  # the code with which programs made by GHC end when `-M` is reached
_MEMORY_WORDS = ("heap exhausted", "cannot allocate memory", "heap overflow")
_CURE = "install pandoc (https://pandoc.org/installing.html), or: pip install 'dl-lit[pandoc]'"


def program() -> str | None:
    """Where it is: on the PATH, or where the package pypandoc-binary has put it."""
    return shutil.which("pandoc") or _bundled()


def _bundled() -> str | None:
    package = importlib.util.find_spec("pypandoc")
    if package is None or package.origin is None:
        return None
    path = Path(package.origin).parent / "files" / "pandoc"
    return str(path) if os.access(path, os.X_OK) else None


def tree(content: bytes, form: str, *, seconds: float, memory_bytes: int) -> dict[str, Any]:
    """The syntax tree of `content`; `form` is pandoc's name of its format. Raises UnreadableDocument or MemoryError."""
    pandoc = program()
    if pandoc is None:
        raise UnreadableDocument(f"documents that are no PDFs are read by pandoc: {_CURE}", reason=PdfReason.NO_READER)
    heap = f"-M{max(1, memory_bytes >> 20)}m"
    # --sandbox (pandoc 2.15 and later): it reads no other file and fetches nothing.
    command = [pandoc, "--sandbox", "--from", form, "--to", "json", "+RTS", heap, "-RTS"]
    try:
        result: dict[str, Any] = json.loads(output_of(command, seconds=seconds, given=content))
    except ProgramTookTooLong as error:
        raise UnreadableDocument(str(error), reason=PdfReason.TIMED_OUT) from error
    except ProgramFailed as error:
        raise _failure(error) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(f"pandoc's answer cannot be read: {error}", reason=PdfReason.DAMAGED) from error
    return result


def _failure(error: ProgramFailed) -> Exception:
    text = str(error)
    if error.code == _HEAP_EXHAUSTED or any(words in text.lower() for words in _MEMORY_WORDS):
        return MemoryError(text)
    if "--sandbox" in text:
        return UnreadableDocument(f"pandoc is older than 2.15: {_CURE}", reason=PdfReason.NO_READER)
    return UnreadableDocument(text, reason=PdfReason.DAMAGED)
