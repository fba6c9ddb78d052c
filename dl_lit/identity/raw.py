"""The key under which the same printed reference in two PDFs is recognised."""

from __future__ import annotations

import re

from dl_lit.identity.folding import letters

_LABEL = re.compile(r"^\s*(?:\[[^\]\s]{1,12}\]|\(\d{1,4}\)|\d{1,4}[.)](?=\s))\s*")


def key(raw: str) -> str:
    """Folded letters and digits of a printed reference, without the number or label of its list."""
    return letters(_LABEL.sub("", raw, count=1)) or letters(raw)
