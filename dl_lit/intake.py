"""Finds the documents that a command names and identifies each by the hash of its bytes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from dl_lit.errors import UsageError
from dl_lit.model import PdfFile, PdfReason

BATCH = 25  # files hashed and registered at once
# Endings of what a folder is searched for; a file that is named outright may have any.
DOCUMENTS = (".pdf", ".docx", ".odt", ".epub", ".html", ".htm", ".xhtml", ".tex", ".md", ".markdown")


def find_documents(paths: Sequence[Path]) -> Iterator[Path]:
    """Every document in the folders and every file named outright."""
    return find_files(paths, DOCUMENTS)


def find_files(paths: Sequence[Path], endings: tuple[str, ...]) -> Iterator[Path]:
    """Every file with such an ending in the folders (at any depth, in order of their names), and every file named
    outright.

    Links to folders are followed, each folder once. A folder that cannot be entered is given itself, so that
    `identify` records it as unreadable.
    """
    seen: set[Path] = set()
    for path in paths:
        for file in _below(path, endings) if path.is_dir() else [path]:
            absolute = Path(os.path.abspath(file))  # noqa: PTH100 - resolve() would lose a symlink's own name
            if absolute not in seen:
                seen.add(absolute)
                yield absolute


def _below(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    closed: list[str] = []
    been: set[str] = set()
    for parent, folders, files in os.walk(folder, followlinks=True, onerror=lambda e: closed.append(e.filename)):
        yield from (Path(closed.pop()) for _ in tuple(closed))
        true = os.path.realpath(parent)
        if true in been:
            folders.clear()
            continue
        been.add(true)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.lower().endswith(endings) and not is_passed_over(name):
                yield Path(parent, name)
    yield from map(Path, closed)


def is_passed_over(name: str) -> bool:
    # "._x.pdf" is what macOS leaves on foreign disks beside x.pdf, "~$x.docx" what Word keeps while it is open
    return name.startswith((".", "~$"))


def check_paths(paths: Sequence[Path]) -> None:
    """Raises UsageError for a path that does not exist or a folder that cannot be entered."""
    for path in paths:
        if not path.exists():
            raise UsageError(f"There is nothing at {path}. Check the path.", path=str(path))
        if path.is_dir() and not os.access(path, os.R_OK | os.X_OK):
            raise UsageError(f"The folder {path} may not be read. Give read permission.", path=str(path))


def identify(path: Path) -> PdfFile:
    """The file's size and SHA-256, or why it has none."""
    try:
        if not path.is_file():
            return PdfFile(path_text(path), None, 0, PdfReason.UNREADABLE)
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
                size += len(block)
    except OSError:
        return PdfFile(path_text(path), None, 0, PdfReason.UNREADABLE)
    if size == 0:
        # Every empty file has the same hash; as "the same PDF" only one of them would ever be reported.
        return PdfFile(path_text(path), None, 0, PdfReason.EMPTY_FILE)
    return PdfFile(path_text(path), digest.hexdigest(), size)


def path_text(path: Path) -> str:
    """The path as the database keeps it: itself or, where its bytes are no UTF-8, a reversible `file://` URI."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return "file://" + quote_from_bytes(os.fsencode(path))
    return str(path)


def path_from_text(text: str) -> Path:
    """The inverse of `path_text`."""
    return (
        Path(os.fsdecode(unquote_to_bytes(text.removeprefix("file://")))) if text.startswith("file://") else Path(text)
    )
