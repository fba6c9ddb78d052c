"""Decompresses a body piece by piece under a cap, so that a gzip bomb costs no more than the cap allows."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from dl_lit.errors import FetchFailed
from dl_lit.model import DownloadReason

PIECE = 256 * 1024
ACCEPTED = "gzip, deflate"

_MOST_DIGITS = 18  # of a length: more is nonsense, and costs time to read
_INFLATED = frozenset({"gzip", "x-gzip", "deflate"})
_NOT_TAKEN = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz"})
# How what we ask for begins as it is: some servers send it so and call it compressed.
_PLAIN = (b"%pdf-", b"<!doctype", b"<html", b"<?xml")
_HEAD = 16
_MOST_CODINGS = 4  # of one body
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_RAW_DEFLATE = -zlib.MAX_WBITS


def length_of(headers: Mapping[str, str]) -> int | None:
    """What Content-Length says, None where it says nothing that makes sense."""
    told = (headers.get("Content-Length") or "").strip()
    return int(told) if told.isascii() and told.isdigit() and len(told) <= _MOST_DIGITS else None


def decoded(chunks: Iterable[bytes], encoding: str | None, max_bytes: int) -> Iterator[bytes]:
    """The plain bytes of a body sent with this Content-Encoding; FetchFailed past `max_bytes` or if it is damaged.

    What plainly is not encoded, or has an encoding that is no compression ("utf-8", "none"), is taken as it is.
    """
    named = (part.strip().lower() for part in (encoding or "").split(","))
    codings = [coding for coding in named if coding in _INFLATED or coding in _NOT_TAKEN]
    if len(codings) > _MOST_CODINGS:
        raise FetchFailed(f"The body is compressed {len(codings)} times over.", reason=DownloadReason.DAMAGED)
    stream: Iterable[bytes] = chunks
    for coding in reversed(codings):
        stream = capped(_unpacked(stream, coding), max_bytes)
    return capped(stream, max_bytes)


def _unpacked(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    rest = iter(chunks)
    head = b""
    for chunk in rest:
        head += chunk
        if len(head) >= _HEAD:
            break
    whole = chain([head] if head else [], rest)
    if not head or head.lstrip()[:_HEAD].lower().startswith(_PLAIN):
        yield from whole
    elif coding in _INFLATED:
        yield from _inflated(whole, coding)
    else:
        raise FetchFailed(f"The body has an encoding that was not asked for ({coding}).", reason=DownloadReason.DAMAGED)


def capped(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > max_bytes:
            raise too_large(max_bytes)
        yield chunk


def too_large(max_bytes: int) -> FetchFailed:
    return FetchFailed(
        f"The body is larger than {max_bytes:,} bytes, the most that is taken.", reason=DownloadReason.TOO_LARGE
    )


def _inflated(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    inflater = None
    members = 0
    for chunk in chunks:
        pending, more = chunk, False
        while pending or more:
            if inflater is None:
                if members and pending[:1] != b"\x1f":
                    return  # padding behind the last member
                inflater = _inflater(coding, pending)
            piece = _step(inflater, pending)
            if piece:
                yield piece
            # A full piece can mean that more is ready although all input has been taken.
            more = len(piece) == PIECE and not inflater.eof
            pending = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            if inflater.eof:
                inflater, members = None, members + 1
    if inflater is not None:
        raise FetchFailed("The compressed body ends in the middle.", reason=DownloadReason.TRUNCATED)


def _step(inflater: zlib._Decompress, data: bytes) -> bytes:
    try:
        return inflater.decompress(data, PIECE)
    except zlib.error as error:
        raise FetchFailed(f"The compressed body is damaged ({error}).", reason=DownloadReason.DAMAGED) from error


def _inflater(coding: str, start: bytes) -> zlib._Decompress:
    # "deflate" means zlib, but some servers send it raw; zlib's first byte has 8 in its lower half.
    raw = coding == "deflate" and start[0] & 0x0F != 8
    return zlib.decompressobj(_RAW_DEFLATE if raw else _GZIP_OR_ZLIB)
