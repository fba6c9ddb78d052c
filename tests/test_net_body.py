"""Decompression under a cap: bombs, damage, members in a row, every chunking."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator

import pytest

from dl_lit.errors import FetchFailed
from dl_lit.model import DownloadReason
from dl_lit.net.body import PIECE, decoded, length_of

TEXT = os.urandom(50_000) + b"x" * 600_000


def _in_chunks(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize("size", [1000, 65536, 10_000_000])
@pytest.mark.parametrize(
    ("encoding", "sent"),
    [
        (None, TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("X-GZIP", gzip.compress(TEXT)),
        ("gzip", gzip.compress(TEXT[:1234]) + gzip.compress(TEXT[1234:])),
        ("gzip", gzip.compress(TEXT) + b"\0" * 512),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", _raw_deflate(TEXT)),
        ("deflate, gzip", gzip.compress(zlib.compress(TEXT))),
        ("UTF-8", TEXT),
        ("none", TEXT),
        ("binary, gzip", gzip.compress(TEXT)),
    ],
)
def test_a_body_comes_out_whole(encoding: str | None, sent: bytes, size: int) -> None:
    assert b"".join(decoded(_in_chunks(sent, size), encoding, len(TEXT))) == TEXT


def test_an_empty_body_is_empty_under_any_encoding() -> None:
    assert b"".join(decoded([], "gzip", 10)) == b"".join(decoded([], "br", 10)) == b""


def test_a_body_over_the_cap_is_cut_off_at_the_cap() -> None:
    with pytest.raises(FetchFailed) as caught:
        list(decoded(_in_chunks(TEXT, 1000), None, len(TEXT) - 1))
    assert caught.value.reason == DownloadReason.TOO_LARGE


def test_a_gzip_bomb_costs_one_piece_at_a_time_and_ends_at_the_cap() -> None:
    bomb = gzip.compress(b"\0" * 30_000_000)
    largest = total = 0
    with pytest.raises(FetchFailed, match=r"1,000,000 bytes") as caught:
        for piece in decoded([bomb], "gzip", 1_000_000):
            largest = max(largest, len(piece))
            total += len(piece)
    assert caught.value.reason == DownloadReason.TOO_LARGE
    assert largest <= PIECE
    assert total <= 1_000_000


def test_a_bomb_within_a_bomb_is_capped_at_the_inner_layer() -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 30_000_000))
    with pytest.raises(FetchFailed) as caught:
        list(decoded([bomb], "gzip, gzip", 100_000))
    assert caught.value.reason == DownloadReason.TOO_LARGE


def test_a_compressed_body_that_ends_early_is_truncated() -> None:
    with pytest.raises(FetchFailed) as caught:
        list(decoded([gzip.compress(TEXT)[:-20]], "gzip", 10**9))
    assert caught.value.reason == DownloadReason.TRUNCATED


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_damaged_compressed_body_is_damaged(encoding: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        list(decoded([b"\x1f\x8b\x08" + b"nonsense" * 10], encoding, 10**9))
    assert caught.value.reason == DownloadReason.DAMAGED


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, gzip"])
@pytest.mark.parametrize("size", [1, 1000, 10_000_000])
@pytest.mark.parametrize("plain", [b"%PDF-1.7\n" + TEXT[:9000], b"\n<!DOCTYPE html>" + TEXT[:9000]])
def test_what_is_called_compressed_and_plainly_is_not_is_taken_as_it_is(encoding: str, plain: bytes, size: int) -> None:
    assert b"".join(decoded(_in_chunks(plain, size), encoding, len(plain))) == plain


def test_a_body_compressed_thousands_of_times_over_is_refused() -> None:
    with pytest.raises(FetchFailed, match="5000 times") as caught:
        list(decoded([b"x"], ", ".join(["gzip"] * 5000), 10))
    assert caught.value.reason == DownloadReason.DAMAGED


@pytest.mark.parametrize(
    ("told", "length"), [("12", 12), (" 12 ", 12), ("-1", None), ("1e3", None), ("", None), ("9" * 5000, None)]
)
def test_a_length_that_makes_no_sense_is_none(told: str, length: int | None) -> None:
    assert length_of({"Content-Length": told}) == length


def test_an_encoding_that_was_not_asked_for_is_refused() -> None:
    with pytest.raises(FetchFailed, match="br") as caught:
        list(decoded([b"x"], "br", 10))
    assert caught.value.reason == DownloadReason.DAMAGED
