"""An `Extraction` as bytes, to be kept in a file: compressed JSON behind a byte that says which form it has."""

from __future__ import annotations

import zlib
from functools import cache

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from dl_lit.model import Extraction

_FORM = b"\x01"  # to be raised when the bytes behind it mean something else


@cache
def _adapter() -> TypeAdapter[Extraction]:
    return TypeAdapter(Extraction)


def pack(extraction: Extraction) -> bytes | None:
    """None for what has no UTF-8: halves of surrogate pairs out of broken fonts."""
    try:
        text = _adapter().dump_json(extraction, exclude_defaults=True)
    except PydanticSerializationError:
        return None
    return _FORM + zlib.compress(text)


def unpack(packed: bytes) -> Extraction | None:
    """The inverse of `pack`; None for bytes that are nothing of ours."""
    if packed[:1] != _FORM:
        return None
    try:
        return _adapter().validate_json(zlib.decompress(packed[1:]))
    except (zlib.error, ValidationError):
        return None
