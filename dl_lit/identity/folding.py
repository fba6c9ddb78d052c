"""Letters and digits as comparable text: case, accents, ligatures and compatibility forms folded, scripts kept."""

from __future__ import annotations

import html
import re
import unicodedata

from anyascii import anyascii

# Latin letters that no Unicode decomposition takes apart.
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n", "ŧ": "t"}
)
_ASCII_WORD = re.compile("[a-z0-9]+")
_FIRST_LATIN_MARK, _LAST_LATIN_MARK = "\u0300", "\u036f"

_MOST_ESCAPINGS = 3


def unescaped(text: str) -> str:
    """`text` with HTML entities resolved, also those that went through several escapings ("&amp;amp;")."""
    for _ in range(_MOST_ESCAPINGS):
        plain = html.unescape(text)
        if plain == text:
            break
        text = plain
    return text


def fold(text: str) -> str:
    """`text` in lower case without accents; marks of other scripts (Thai vowels, Devanagari signs) are kept."""
    if text.isascii():
        return text.lower()
    bare = _without_accents(_without_accents(text).casefold()).translate(_UNDECOMPOSED)
    return unicodedata.normalize("NFKC", bare)


def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(c for c in parts if not _FIRST_LATIN_MARK <= c <= _LAST_LATIN_MARK)


def is_word_character(character: str) -> bool:
    """Letters and digits of any script, and the marks that spell vowels in scripts that have them."""
    return character.isalnum() or unicodedata.category(character) in ("Mn", "Mc")


def words(text: str) -> list[str]:
    """The folded words of `text`, in order."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return "".join(c if is_word_character(c) else " " for c in fold(text)).split()


def letters(text: str) -> str:
    """The folded letters and digits of `text`, run together."""
    if text.isascii():
        return "".join(_ASCII_WORD.findall(text.lower()))
    return "".join(c for c in fold(text) if is_word_character(c))


def to_latin(text: str) -> str:
    """`text` transliterated, for comparing a Cyrillic, Greek or Chinese form with its Latin one."""
    return text if text.isascii() else anyascii(text)


def is_latin(text: str) -> bool:
    """Whether most letters of `text` are Latin (true of a text without letters)."""
    found = [c for c in text if c.isalpha()]
    foreign = sum(1 for c in found if ord(c) > 0x24F and not 0x1E00 <= ord(c) <= 0x1EFF)
    return foreign * 2 <= len(found)
