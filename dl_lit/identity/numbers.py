"""Numbers of volumes and pages, as they are compared between a print and a record."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[^\W\d_]{0,3}\d{1,7}[^\W\d_]?")
# Not single letters that stand for something else: "C" and "D" are sections of journals.
_ROMAN = re.compile(r"(?i)(?=[ivxlcdm]{2}|[ivx]$)m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
HAN = {character: number for number, character in enumerate("一二三四五六七八九十", 1)}
_LEADING = re.compile(r"^(?:pp?|[^\W\d_]+(?=0))?0*(?=\d)")


def first_number(text: str | None) -> str | None:
    """The first number of a volume or a range of pages: "pp. 012-19" is 12, "S130" stays."""
    found = _NUMBER.search(text.lower()) if text else None
    return _LEADING.sub("", found.group()) if found else None


def in_figures(text: str | None) -> str | None:
    """The number that is written in Roman numerals ("XL" is "40"); any other text as it is."""
    numeral = (text or "").strip(" .").lower()
    return str(roman(numeral)) if _ROMAN.fullmatch(numeral) else text


def roman(numeral: str) -> int:
    """The value of a numeral in small letters."""
    values = [_VALUES[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))
