"""Whether an e-mail address can be a person's own: services write to it, and refuse those that are made up."""

from __future__ import annotations

import re

HINT = "must be an e-mail address of your own, as jane.roe@uni-nord.de: services write to it when something goes wrong"

_ADDRESS = re.compile(r"[^@\s<>()\[\],;:\"]+@[^@\s<>()\[\],;:\"/]+")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_](?:[\w-]*[^\W_])")
# What manuals put where the reader's own belongs: RFC 2606's examples, and words that stand for themselves.
_PLACEHOLDER = re.compile(
    r"@(?:.*\.)?example(?:\.[a-z]{2,3})?$|\.tld$|@(?:.*\.)?domain\.[a-z]+$|@your\b|@your?[-_]?(?:domain|university|org)"
    r"|^your?[-_.]?(?:e-?mail|name|address)|^e-?mail@e-?mail\.|@localhost(?:\.|$)",
    re.IGNORECASE,
)


def problem(email: str) -> str | None:
    """What is wrong with it, or None."""
    if _ADDRESS.fullmatch(email) is None or _DOMAIN.fullmatch(email.rpartition("@")[2]) is None:
        return HINT
    return f"is a placeholder; it {HINT}" if _PLACEHOLDER.search(email) else None
