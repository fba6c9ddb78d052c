"""Lines of one reference made into one line of text: hyphens mended, DOIs and URLs made whole."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

_WORD_BEFORE = re.compile(r"([^\W\d_]+)-$")
_WORD_AFTER = re.compile(r"[^\W\d_]+")
# "Kinder- und Jugendhilfe": the hyphen stands for the word's second half, which follows later.
_CONJUNCTIONS = frozenset(
    (
        "und",
        "oder",
        "bzw",
        "sowie",
        "bis",
        "zum",
        "zur",
        "wie",
        "noch",
        "statt",
        "and",
        "or",
        "to",
        "et",
        "ou",
        "y",
        "e",
        "und/oder",
    )
)
# Halves before which English and German always keep the hyphen.
_KEEPING = frozenset(
    ("self", "non", "e", "co", "ex", "semi", "quasi", "well", "cross", "long", "short", "high", "low", "t")
)
_ADDRESS_TAIL = re.compile(r"(?:https?:/{0,2}|www\.|doi\.org|doi: ?10\.|\b10\.\d{4,9}/)\S*$", re.I)
_ADDRESS_ONLY = re.compile(r"[\w./%~?=&#:+@;()\-_,$!*'<>\[\]|{}]+")
# What people write after an address, and what would otherwise pass for more of it.
_REMARK = re.compile(
    r"(?:accessed|retrieved|zugriff|abruf|abgerufen|stand|last|letzter|zuletzt|available|download|visited|viewed|eingesehen|"
    r"gesehen|online|pdf|consult|in|and|und|am|on|html?)\w*[:.,;)]*$",
    re.I,
)
_ADDRESS_BREAKS = tuple("/-_.=&?:#%~+")
_BROKEN_SCHEME = re.compile(r"(https?:) ?(/) ?(/) ?(?=\S)", re.I)
_SPACED_DOI = re.compile(r"(\b10\.\d{4,9}/) (?=\S*\d)|(?<=doi\.org/) (?=10\.)|(?<=dx\.doi) (?=\.org)", re.I)
# One publisher's fonts code the dash of page ranges as the letter e: "803e833".
_E_FOR_DASH = re.compile(r"(?<![\w.-])(\d{2,5})e(\d{2,5})(?![\w-])")
_MANY_SPACES = re.compile(r"\s{2,}")


def words_of(texts: Sequence[str]) -> frozenset[str]:
    """All words of a document (hyphenated ones too) that stand inside a line, in small letters."""
    whole = "\n".join([text.rpartition(" ")[0] if text.endswith("-") else text for text in texts])
    return frozenset([word.strip(".,;:()[]\"“”„‚‘’'") for word in set(whole.casefold().split())])


def joined(texts: Sequence[str], words: Collection[str] = ()) -> str:
    """One line; `words` are those of the document, which tell a broken word from a broken compound."""
    whole = ""
    for text in texts:
        whole = _append(whole, text.strip(), words) if whole else text.strip()
    if "ttp" in whole or "TTP" in whole:
        whole = _BROKEN_SCHEME.sub(r"\1//", whole)
    whole = _E_FOR_DASH.sub(_with_dash, whole)
    if "10." in whole or "oi" in whole or "OI" in whole:
        whole = _SPACED_DOI.sub(lambda match: match[1] or "", whole)
    return _MANY_SPACES.sub(" ", whole).strip()


def _with_dash(match: re.Match[str]) -> str:
    first, last = match[1], match[2]
    rises = len(last) < len(first) or int(last) > int(first)
    return f"{first}–{last}" if rises else match[0]


def _append(whole: str, text: str, words: Collection[str]) -> str:
    if not text:
        return whole
    if _goes_on_as_address(whole, text):
        return whole + text
    if whole.endswith("-") and not whole.endswith(" -"):
        return _mend(whole, text, words)
    if whole.endswith(("–", "/")) and whole[-2:-1].isdigit() and text[0].isdigit():
        return whole + text
    return f"{whole} {text}"


def _goes_on_as_address(whole: str, text: str) -> bool:
    """The line ended inside a DOI or URL, and the next one begins with what can only be more of it."""
    last_words = whole.rfind(" ", 0, max(0, whole.rfind(" "))) + 1  # two, for "doi: 10.1000/..."
    if not _ADDRESS_TAIL.search(whole, last_words):
        return False
    first = text.split(maxsplit=1)[0]
    if (
        not _ADDRESS_ONLY.fullmatch(first)
        or _REMARK.match(first)
        or first.lower().startswith(("http", "www.", "doi:", "("))
    ):
        return False
    if whole.endswith(_ADDRESS_BREAKS):
        return not (whole.endswith(".") and first[0].isupper())
    core = first.rstrip(".,;)")
    if any(mark in core for mark in "/_=&?%#~"):
        return True
    return first[0].islower() and any(mark in core for mark in ".-0123456789")


def _mend(whole: str, text: str, words: Collection[str]) -> str:
    """The hyphen at the end of `whole`: dropped where it breaks a word, kept where it is the word's own."""
    before, after = _WORD_BEFORE.search(whole), _WORD_AFTER.match(text)
    if not before or not after or not after[0][0].islower():
        return whole + text
    first, second = before[1].casefold(), after[0].casefold()
    if second in _CONJUNCTIONS:
        return f"{whole} {text}"
    if first + second in words:
        return whole[:-1] + text
    if f"{first}-{second}" in words or first in _KEEPING:
        return whole + text
    return whole[:-1] + text
