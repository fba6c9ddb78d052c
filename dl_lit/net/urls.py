"""URLs that others wrote: put together without a crash, or not at all."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

# Servers refuse longer ones too; redaction and comparison of what is longer would cost more than it can be worth.
MAX_LETTERS = 8192


def joined(base: str, address: str) -> str | None:
    """`address`, as it stands on the page or in the header of `base`, as an absolute URL.

    None when it is malformed ("http://[x") or longer than `MAX_LETTERS`.
    """
    address = address.strip()
    if len(address) > MAX_LETTERS:
        return None
    try:
        url = urljoin(base, address)
        urlsplit(url)
    except ValueError:
        return None
    return url if len(url) <= MAX_LETTERS else None
