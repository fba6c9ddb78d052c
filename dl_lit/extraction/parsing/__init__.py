"""A printed reference taken apart: `parse_reference` reads the fields out of one string, inventing nothing."""

from __future__ import annotations

import re

from dl_lit.extraction.parsing import identifiers, tagging
from dl_lit.extraction.parsing.assemble import assemble
from dl_lit.extraction.parsing.mending import mend
from dl_lit.extraction.parsing.parts import parts_of
from dl_lit.extraction.parsing.repeated import inherit_authors
from dl_lit.extraction.parsing.tokens import tokenise
from dl_lit.model import Reference

__all__ = ["inherit_authors", "parse_reference"]

_RAISED = re.compile("[⁰¹²³⁴-⁹]{1,4}(?=[^\\W\\d_])")  # "¹I. Szabó"
_LEVELLED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LONGEST = 4000  # characters; what is longer is no reference, but a page that was not split


def parse_reference(
    raw: str,
    *,
    language: str | None = None,
    label: str | None = None,
    position: int = 0,
    page: int | None = None,
) -> Reference:
    """The fields of `raw`. `language` is the document's, for references that do not show their own; never raises."""
    text = raw[:_LONGEST]
    if raised := _RAISED.match(text):
        label = label or raised.group().translate(_LEVELLED)
        text = " " * raised.end() + text[raised.end() :]
    found = identifiers.find(text)
    tokens = tokenise(text, found.spans)
    labels = mend(text, tokens, tagging.label(tokens))
    parts = parts_of(text, tokens, labels)
    return assemble(parts, found, raw=raw, language=language, label=label, position=position, page=page)
