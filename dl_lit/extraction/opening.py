"""Opening a file that may be anything: every way of being no readable document gets its own reason."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dl_lit.errors import UnreadableDocument
from dl_lit.extraction import kinds
from dl_lit.extraction.backends.pymupdf import ERRORS, Document
from dl_lit.model import PdfReason

_HEAD, _TAIL = 1024, 2048  # bytes in which readers look for %PDF- and %%EOF


def kind_of(path: Path, *, max_bytes: int) -> str:
    """What the file is (`kinds`); raises UnreadableDocument with the reason when it is nothing that can be read."""
    head, _ = _ends(path, max_bytes)
    return kinds.kind_of(path, head, max_bytes=max_bytes)


def open_pdf(path: Path, *, max_bytes: int) -> Document:
    """The opened PDF; raises UnreadableDocument with the reason. The caller closes it."""
    _, tail = _ends(path, max_bytes)
    whole = b"%%EOF" in tail
    try:
        with named_plainly(path) as plain:
            document = Document(plain)
    except ERRORS as error:
        if is_out_of_memory(error):
            raise MemoryError(str(error)) from error
        raise _unreadable(*_broken(whole, str(error))) from error
    try:
        _check(document, whole)
    except BaseException:
        document.close()
        raise
    return document


@contextmanager
def named_plainly(path: Path) -> Iterator[Path]:
    """The file under a name that MuPDF takes: it knows only UTF-8, file systems know any bytes."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        with path.open("rb") as file:  # not a link to it: a child that is killed would leave that behind
            yield Path(f"/dev/fd/{file.fileno()}")
        return
    yield path


def ends_properly(path: Path) -> bool:
    """The file has its end mark; a download that broke off has not."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return b"%%EOF" in file.read()


def _ends(path: Path, max_bytes: int) -> tuple[bytes, bytes]:
    try:
        if stat.S_ISFIFO(path.stat().st_mode):
            raise _unreadable(PdfReason.UNREADABLE, "it is a pipe, not a file")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size == 0:
                raise _unreadable(PdfReason.EMPTY_FILE, "it has no bytes")
            if size > max_bytes:
                limit = f"{max_bytes / 1e6:.0f} MB (extraction.max_file_mb)"
                raise _unreadable(PdfReason.TOO_LARGE, f"{size / 1e6:.0f} MB is more than {limit}")
            head = file.read(_HEAD)
            file.seek(max(0, size - _TAIL))
            return head, file.read(_TAIL)
    except OSError as error:
        raise _unreadable(PdfReason.UNREADABLE, error.strerror or str(error)) from error


def _broken(whole: bool, message: str) -> tuple[PdfReason, str]:
    if whole:
        return PdfReason.DAMAGED, f"its structure is broken ({message})"
    return PdfReason.TRUNCATED, "its end is missing; get the file again"


def _check(document: Document, whole: bool) -> None:
    if not document.is_pdf:
        raise _unreadable(PdfReason.NOT_A_PDF, "it only claims to be a PDF")
    if document.needs_password:
        raise _unreadable(PdfReason.ENCRYPTED, "it opens with a password only; save a copy without one")
    if document.page_count == 0:
        if document.is_repaired and not whole:
            raise _unreadable(*_broken(whole, "no pages"))
        raise _unreadable(PdfReason.NO_PAGES, "it has no pages")


def is_out_of_memory(error: BaseException) -> bool:
    """MuPDF, short of memory, raises its own errors instead of MemoryError."""
    text = str(error).lower()
    return "malloc" in text or "out of memory" in text or "calloc" in text


def _unreadable(reason: PdfReason, detail: str) -> UnreadableDocument:
    return UnreadableDocument(detail, reason=reason)
