"""Decompresses a body piece by piece under a cap, so that a gzip bomb costs no more than the cap allows."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from dl_lit.errors import FetchFailed
from dl_lit.model import DownloadReason

PIECE = 256 * 1024
ACCEPTED = "gzip, deflate"

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_RAW_DEFLATE = -zlib.MAX_WBITS


def decoded(chunks: Iterable[bytes], encoding: str | None, max_bytes: int) -> Iterator[bytes]:
    """The plain bytes of a body sent with this Content-Encoding; FetchFailed past `max_bytes` or if it is damaged."""
    codings = [
        part.strip().lower() for part in (encoding or "").split(",") if part.strip().lower() not in ("", "identity")
    ]
    stream: Iterable[bytes] = chunks
    for coding in reversed(codings):
        if coding not in ("gzip", "x-gzip", "deflate"):
            raise FetchFailed(
                f"The body has an encoding that was not asked for ({coding}).", reason=DownloadReason.DAMAGED
            )
        stream = capped(_inflated(stream, coding), max_bytes)
    return capped(stream, max_bytes)


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
