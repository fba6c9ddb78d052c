"""The bytes of a page as UTF-8, whatever charset it came in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from email.message import Message

_META = re.compile(rb"(?i)<meta\b[^<>]{0,300}?charset\s{0,9}=\s{0,9}[\"']?([a-z0-9_:.-]{1,40})")
_HEAD = 2048  # bytes in which a page says it
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Python's names of those that pages have; others, as "idna" and "punycode", can take very long.
_OF_PAGES = re.compile(
    r"utf-8|ascii|(?:iso8859|latin)\S+|cp\d+|koi8\S+|gb\S+|big5\S*|shift_jis\S*|euc_\S+|iso2022_\S+|mac_\S+"
)
_LAST = "cp1252"  # what browsers take where nothing is said


def as_utf8(body: bytes, content_type: str | None) -> bytes:
    """`body` without a mark at its beginning, undecodable bytes replaced; `content_type` is its header's."""
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace").encode()
    if (wide := _by_zeros(body)) is not None:
        return body.decode(wide, "replace").encode()
    return body if _is_utf8(body) else body.decode(_told(body, content_type), "replace").encode()


def _by_zeros(body: bytes) -> str | None:
    """UTF-16 without a mark shows itself: markup begins in ASCII."""
    first, second = body[:2] == b"<\0", body[:2] == b"\0<"
    return "utf-16-le" if first else "utf-16-be" if second else None


def _is_utf8(body: bytes) -> bool:
    """What has other letters than ASCII and is UTF-8 is so by more than chance, whatever a header says; the last letter
    may be cut."""
    try:
        return not codecs.getincrementaldecoder("utf-8")().decode(body).isascii()
    except UnicodeError:
        return False


def _told(body: bytes, content_type: str | None) -> str:
    return next((charset for charset in _said(body, content_type) if _is_of_pages(charset)), _LAST)


def _said(body: bytes, content_type: str | None) -> Iterator[str]:
    head = Message()
    head["Content-Type"] = content_type or "text/html"
    yield head.get_content_charset("")
    if (of_page := _META.search(body[:_HEAD])) is not None:
        yield of_page[1].decode("ascii")


def _is_of_pages(charset: str) -> bool:
    try:
        return _OF_PAGES.fullmatch(codecs.lookup(charset).name) is not None
    except (LookupError, ValueError):
        return False
