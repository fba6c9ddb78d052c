"""A printed reference taken apart: `parse_reference` reads the fields out of one string, inventing nothing."""

from __future__ import annotations

from dl_lit.extraction.parsing import identifiers, tagging
from dl_lit.extraction.parsing.assemble import assemble
from dl_lit.extraction.parsing.mending import mend
from dl_lit.extraction.parsing.parts import parts_of
from dl_lit.extraction.parsing.tokens import tokenise
from dl_lit.model import Reference

__all__ = ["parse_reference"]


def parse_reference(raw: str, *, language: str | None = None, label: str | None = None) -> Reference:
    """The fields of `raw`. `language` is the document's, for references that do not show their own; never raises."""
    found = identifiers.find(raw)
    tokens = tokenise(raw, found.spans)
    labels = mend(raw, tokens, tagging.label(tokens))
    return assemble(parts_of(raw, tokens, labels), found, language=language, label=label)
