"""Make the fields of a reference out of its labelled words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dl_lit.extraction.parsing import numbers
from dl_lit.extraction.parsing.authors import split_names
from dl_lit.extraction.parsing.identifiers import Identifiers
from dl_lit.extraction.parsing.tokens import Token
from dl_lit.model import Reference


def assemble(
    raw: str,
    tokens: Sequence[Token],
    labels: Sequence[str],
    found: Identifiers,
    *,
    language: str | None,
    label: str | None,
) -> Reference:
    """The reference that the labelled words of `raw` spell."""
    date = _text(raw, tokens, labels, "date") or raw
    return Reference(
        raw=raw,
        label=label,
        authors=split_names(_text(raw, tokens, labels, "author") or ""),
        title=_text(raw, tokens, labels, "title"),
        year=numbers.year(date),
        year_text=numbers.year_text(date),
        container=_text(raw, tokens, labels, "container"),
        volume=numbers.volume(_text(raw, tokens, labels, "volume") or ""),
        pages=numbers.pages(_text(raw, tokens, labels, "pages") or ""),
        doi=found.doi,
        arxiv=found.arxiv,
        pmid=found.pmid,
        pmcid=found.pmcid,
        isbn=found.isbn,
        issn=found.issn,
        url=found.url,
        language=language,
    )


def _text(raw: str, tokens: Sequence[Token], labels: Sequence[str], wanted: str) -> str | None:
    """The first unbroken stretch with that label."""
    first = next((i for i, name in enumerate(labels) if name == wanted), None)
    if first is None:
        return None
    last = first
    while last + 1 < len(labels) and labels[last + 1] == wanted:
        last += 1
    return re.sub(r"\s+", " ", raw[tokens[first].start : tokens[last].end]).strip() or None
