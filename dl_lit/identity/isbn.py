"""ISBNs (as 13 digits) and ISSNs, kept only when their check digit is right."""

from __future__ import annotations

import re

_LABEL = re.compile(r"(?i)^\s*(?:e-?|p-?)?is[bs]n(?:-1[03])?\s*(?:\([^)]*\))?\s*[:.]?\s*")
_ISBN = re.compile(r"(?:97[89][- ]?)?(?:[0-9][- ]?){9}[0-9Xx](?![0-9])")
_ISSN = re.compile(r"([0-9]{4})[-\u2010-\u2013 ]?([0-9]{3}[0-9Xx])")


def normalise(text: str | None) -> str | None:
    """The ISBN-13 of `text` (ISBN-10 converted, hyphens dropped); None when the check digit is wrong."""
    clean = re.sub("[\u2010-\u2015]", "-", _LABEL.sub("", text or "")).strip(" .,;")
    match = _ISBN.match(clean)
    if match is None:
        return None
    digits = re.sub("[- ]", "", match.group()).upper()
    if len(digits) == 10:
        return _from_ten(digits)
    return digits if digits.isdigit() and _check_13(digits[:12]) == digits[12] else None


def normalise_issn(text: str | None) -> str | None:
    """The ISSN of `text` as `1234-567X`; None when the check digit is wrong."""
    match = _ISSN.fullmatch(_LABEL.sub("", text or "").strip(" .,;"))
    if match is None:
        return None
    digits = (match.group(1) + match.group(2)).upper()
    total = sum(int(d) * weight for d, weight in zip(digits[:7], range(8, 1, -1), strict=True))
    check = "0123456789X"[-total % 11]
    return f"{digits[:4]}-{digits[4:]}" if check == digits[7] else None


def _from_ten(digits: str) -> str | None:
    total = sum(int(d) * weight for d, weight in zip(digits[:9], range(10, 1, -1), strict=True))
    if "0123456789X"[-total % 11] != digits[9]:
        return None
    body = f"978{digits[:9]}"
    return body + _check_13(body)


def _check_13(body: str) -> str:
    total = sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(body))
    return str(-total % 10)
