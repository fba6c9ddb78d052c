"""The parts of a reference, by name, and the first guess at where they lie: rules on the printed year and full stops."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dl_lit.extraction.parsing.tokens import Token

_YEAR = re.compile(r"(?:1[4-9]|20)\d\d[a-z]?")


def label(tokens: Sequence[Token]) -> list[str]:
    """One of the segment names for each token."""
    labels = ["note"] * len(tokens)
    year_at = next((i for i, t in enumerate(tokens) if _YEAR.fullmatch(t.text)), None)
    state = "author"
    for i, token in enumerate(tokens):
        if token.kind == "id":
            labels[i] = "id"
        elif i == year_at:
            labels[i] = "date"
            state = "title" if state == "author" else state
        elif state == "author" and i and _ends_sentence(tokens[i - 1]):
            state = labels[i] = "title"
        elif state == "title" and labels[i - 1] == "title" and _ends_sentence(tokens[i - 1]):
            state = labels[i] = "container"
        elif token.text[0].isdigit() and state == "container":
            labels[i] = "pages" if "-" in token.text or "–" in token.text else "volume"
        else:
            labels[i] = state
    return labels


def _ends_sentence(token: Token) -> bool:
    return token.after.startswith((". ", "? ", "! ", ".”", '."', "”", '," ', "“,")) and len(token.text) > 2
