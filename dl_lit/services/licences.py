"""Names of licences as services write them, in the spelling of OpenAlex and Unpaywall ("cc-by-nc-nd")."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"creativecommons\.org/(?:licenses/(?P<code>[a-z-]+)|publicdomain/(?P<public>zero|mark))", re.I)
_NAME = re.compile(r"(?:creativecommons)?(?:cc)?((?:by|nc|nd|sa){1,3})(?:v?\d|$|international|unported)")


def licence_of(text: str | None) -> str | None:
    """ "CC BY-NC 4.0", "CCBYNC" and the licence's address -> "cc-by-nc"; any other licence as it is written."""
    if not text:
        return None
    address = _ADDRESS.search(text)
    if address is not None:
        code = address["code"]
        return f"cc-{code.lower()}" if code else "cc0" if address["public"].lower() == "zero" else "public-domain"
    squeezed = re.sub(r"[^a-z0-9]", "", text.lower())
    if squeezed.startswith(("cc0", "cczero")):
        return "cc0"
    name = _NAME.match(squeezed)
    return "-".join(("cc", *re.findall("by|nc|nd|sa", name[1]))) if name else text.strip() or None


def is_open(licence: str | None) -> bool:
    """Whether a licence alone (as `licence_of` spells it) shows that a copy may be used."""
    return licence is not None and (licence.startswith("cc-") or licence in ("cc0", "public-domain"))
