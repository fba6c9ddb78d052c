"""Letters and digits as comparable text: case, accents, ligatures and compatibility forms folded, scripts kept."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

# Latin letters that no Unicode decomposition takes apart.
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n", "ŧ": "t"}
)
_ASCII_WORD = re.compile("[a-z0-9]+")
_LATIN_MARKS = re.compile("[\u0300-\u036f]+")
_LETTERS = re.compile(r"[^\W\d_]")
_FOREIGN_LETTERS = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")

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


def flat(text: str) -> str:
    """`text` folded letter by letter, so that each stands where it stood; a ligature is its first letter."""
    return text.lower() if text.isascii() else "".join(map(_flat_letter, text))


@lru_cache(maxsize=4096)
def _flat_letter(character: str) -> str:
    return (fold(character) or " ")[0]


def _without_accents(text: str) -> str:
    return _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", text))


@lru_cache(maxsize=1 << 13)
def is_word_character(character: str) -> bool:
    """Letters and digits of any script, and the marks that spell vowels in scripts that have them."""
    return character.isalnum() or unicodedata.category(character) in ("Mn", "Mc")


def words(text: str) -> list[str]:
    """The folded words of `text`, in order."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    folded = fold(text)
    if folded.isascii():
        return _ASCII_WORD.findall(folded)
    return "".join(c if is_word_character(c) else " " for c in folded).split()


def letters(text: str) -> str:
    """The folded letters and digits of `text`, run together."""
    if text.isascii():
        return "".join(_ASCII_WORD.findall(text.lower()))
    folded = fold(text)
    if folded.isascii():
        return "".join(_ASCII_WORD.findall(folded))
    return "".join(c for c in folded if is_word_character(c))


def to_latin(text: str) -> str:
    """`text` transliterated, for comparing a Cyrillic, Greek or Chinese form with its Latin one."""
    return text if text.isascii() else anyascii(text)


def is_latin(text: str) -> bool:
    """Whether most letters of `text` are Latin (true of a text without letters)."""
    if text.isascii():
        return True
    foreign = len(_FOREIGN_LETTERS.findall(text))
    return not foreign or foreign * 2 <= len(_LETTERS.findall(text))
