"""A printed reference taken apart: `parse_reference` reads the fields out of one string, inventing nothing."""

from __future__ import annotations

from dl_lit.extraction.parsing import identifiers
from dl_lit.extraction.parsing.assemble import assemble
from dl_lit.extraction.parsing.segments import label as label_tokens
from dl_lit.extraction.parsing.tokens import tokenise
from dl_lit.model import Reference

__all__ = ["parse_reference"]


def parse_reference(raw: str, *, language: str | None = None, label: str | None = None) -> Reference:
    """The fields of `raw`. `language` is the document's, used where the reference itself does not tell; never raises."""
    found = identifiers.find(raw)
    tokens = tokenise(raw, found.spans)
    return assemble(raw, tokens, label_tokens(tokens), found, language=language, label=label)
