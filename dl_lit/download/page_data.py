"""The files that a page names in its structured data (JSON-LD, schema.org)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from dl_lit.download.page_links import PDF, media_type
from dl_lit.net.urls import joined

_SCRIPT = re.compile(rb"(?i)<script\b[^<>]{0,300}?application/ld\+json[^<>]{0,100}>")
_MOST, _LONGEST = 10, 200_000  # blocks, and bytes of one
_WORKS = frozenset(
    {"article", "scholarlyarticle", "medicalscholarlyarticle", "report", "thesis", "book", "chapter", "creativework"}
)


def files_in_data(body: bytes, base: str) -> Iterator[str]:
    """The PDFs that are an `encoding` or `associatedMedia` of a written work."""
    for work in _works(body):
        for media in (*_listed(work.get("encoding")), *_listed(work.get("associatedMedia"))):
            address, kind = media.get("contentUrl"), media.get("encodingFormat") or media.get("fileFormat")
            if not isinstance(address, str) or not isinstance(kind, str) or media_type(kind) != PDF:
                continue
            if (url := joined(base, address)) is not None:
                yield url


def _works(body: bytes) -> Iterator[dict[str, Any]]:
    for begin in list(_SCRIPT.finditer(body))[:_MOST]:
        end = body.find(b"</", begin.end(), begin.end() + _LONGEST)
        while end >= 0 and body[end + 2 : end + 8].lower() != b"script":
            end = body.find(b"</", end + 2, begin.end() + _LONGEST)
        try:
            told = json.loads(body[begin.end() : end]) if end >= 0 else None
        except (ValueError, RecursionError):
            continue
        for one in _listed(told):
            yield from (each for each in (one, *_listed(one.get("@graph"))) if _is_work(each))


def _listed(value: Any) -> list[dict[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _is_work(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(str(kind).lower() in _WORKS for kind in (kinds if isinstance(kinds, list) else [kinds]))
