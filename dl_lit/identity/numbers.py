"""Numbers of volumes and pages, as they are compared between a print and a record."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[^\W\d_]{0,3}\d{1,7}[^\W\d_]?")
_LEADING = re.compile(r"^(?:pp?|[^\W\d_]+(?=0))?0*(?=\d)")


def first_number(text: str | None) -> str | None:
    """The first number of a volume or a range of pages: "pp. 012-19" is 12, "S130" stays."""
    found = _NUMBER.search(text.lower()) if text else None
    return _LEADING.sub("", found.group()) if found else None
