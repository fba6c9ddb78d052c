"""What kind of document a file is: by its content first, by its ending where the content can be anything (text)."""

from __future__ import annotations

import codecs
import re
import zipfile
from pathlib import Path

from dl_lit.errors import UnreadableDocument
from dl_lit.model import PdfReason

PDF = "pdf"
# Endings of documents that are text, and pandoc's names of their formats.
_TEXTS = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".tex": "latex",
    ".md": "markdown",
    ".markdown": "markdown",
}
_ARCHIVES = frozenset({".docx", ".odt", ".epub"})
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_MIMETYPES = {b"application/vnd.oasis.opendocument.text": "odt", b"application/epub+zip": "epub"}
_MARKS = (
    (b"<!doctype html", "a web page (HTML)"),
    (b"<html", "a web page (HTML)"),
    (b"<?xml", "XML"),
    (b"pk\x03\x04", "a ZIP or Office file"),
    (_OLD_OFFICE, "an old Office file"),
    (b"{\\rtf", "RTF"),
    (b"%!ps", "PostScript"),
    (b"\x89png", "a picture"),
    (b"\xff\xd8", "a picture"),
)
# What a person can do about a file of that kind.
_CURES = {
    "a web page (HTML)": "name it .html to have it read",
    "a picture": "make a PDF of it",
    "plain text": "name it .md to have it read, or save it as PDF",
    "something unknown": "save it as PDF, docx, odt, epub or html",
}
FOR_BIBTEX = "dl-lit import takes its works in, then this command looks for their copies"
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
# An archive that is larger than both of these when unpacked was made to fill the memory.
_BOMB_BYTES, _BOMB_RATIO = 100_000_000, 100
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]{3,20})", re.I)
_INPUTENC = re.compile(rb"\\usepackage\s*\[\s*([\w-]{3,20})\s*\]\s*\{inputenc\}")
_ENCODINGS = {"latin9": "iso8859-15", "ansinew": "cp1252", "applemac": "mac-roman", "iso-8859-1": "cp1252"}


def kind_of(path: Path, head: bytes, *, max_bytes: int) -> str:
    """PDF, or pandoc's name of the format; raises UnreadableDocument. `head` is the file's first kilobyte."""
    ending = path.suffix.lower()
    start = _stripped(head)
    if start.startswith(b"%PDF-") or (b"%PDF-" in head and ending not in _TEXTS):
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return _in_archive(path, ending, max_bytes)
    if ending in _TEXTS:
        return _text(ending, head)
    if ending in _ARCHIVES:
        raise _no_archive(ending, head)
    if ending == ".bib":
        raise _unreadable(PdfReason.NOT_A_PDF, f"it is a BibTeX file; {FOR_BIBTEX}")
    name = _name(head)
    raise _unreadable(PdfReason.NOT_A_PDF, f"it is {name}; {_CURES.get(name, 'save it as PDF or docx')}")


def decoded(content: bytes) -> str:
    """Text of any encoding: UTF-8, UTF-16 with its mark, what the document itself names, or Western European."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    named = _CHARSET.search(content[:4096]) or _INPUTENC.search(content[:16384])
    name = named[1].decode("ascii").lower() if named else "cp1252"
    try:
        return content.decode(_ENCODINGS.get(name, name), "replace")
    except LookupError:
        return content.decode("cp1252", "replace")


def _stripped(head: bytes) -> bytes:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")


def _name(head: bytes) -> str:
    start = _stripped(head).lower()
    unmarked = "something unknown" if _CONTROLS.search(head) else "plain text"
    return next((name for mark, name in _MARKS if start.startswith(mark)), unmarked)


def _text(ending: str, head: bytes) -> str:
    utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\x00" in head and not utf16:
        name = _name(head)
        what = "binary" if name == "something unknown" else name
        raise _unreadable(PdfReason.WRONG_TYPE, f"it is {what}, no text, whatever its ending ({ending}) says")
    return _TEXTS[ending]


def _no_archive(ending: str, head: bytes) -> UnreadableDocument:
    if head.startswith(_OLD_OFFICE):
        detail = f"it is locked by a password or in the format of an old Office; save it anew as {ending}"
        return _unreadable(PdfReason.ENCRYPTED, detail)
    return _unreadable(PdfReason.WRONG_TYPE, f"it is {_name(head)}, whatever its ending ({ending}) says")


def _in_archive(path: Path, ending: str, max_bytes: int) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bomb(archive, path.stat().st_size, max_bytes)
            form = _form(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        if ending in _ARCHIVES:
            raise _unreadable(PdfReason.DAMAGED, f"its structure is broken ({error}); get the file again") from error
        raise _unreadable(PdfReason.NOT_A_PDF, "it is a ZIP or Office file, and a broken one") from error
    if form is None:
        reason = PdfReason.WRONG_TYPE if ending in _ARCHIVES else PdfReason.NOT_A_PDF
        raise _unreadable(reason, "it is a ZIP or Office file, but no docx, odt or epub")
    return form


def _form(archive: zipfile.ZipFile) -> str | None:
    names = set(archive.namelist())
    if "word/document.xml" in names:
        return "docx"
    if "mimetype" not in names:
        return None
    with archive.open("mimetype") as file:
        form = _MIMETYPES.get(file.read(100).strip())
    if form == "odt" and "META-INF/manifest.xml" in names:
        with archive.open("META-INF/manifest.xml") as file:
            if b"encryption-data" in file.read(1 << 20):
                raise _unreadable(PdfReason.ENCRYPTED, "it opens with a password only; save a copy without one")
    return form


def _refuse_bomb(archive: zipfile.ZipFile, size: int, max_bytes: int) -> None:
    unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > max_bytes or unpacked > max(_BOMB_BYTES, _BOMB_RATIO * size):
        detail = f"{size / 1e6:.1f} MB become {unpacked / 1e6:.0f} MB when it is unpacked"
        raise _unreadable(PdfReason.TOO_LARGE, detail)


def _unreadable(reason: PdfReason, detail: str) -> UnreadableDocument:
    return UnreadableDocument(detail, reason=reason)
