"""How well a text was read, judged by what references are made of: letters in words, capitals, figures, spaces."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from string import ascii_letters

POOR = 0.6  # below it another backend is worth its time

_CID = re.compile(r"\(cid:\d+\)")
_SAMPLE = 10_000  # characters, four pages or so: enough to judge by, whatever the length of the file
_JUDGED = 400  # letters: fewer say nothing about what is usual

_LATIN = re.compile("[\u00c0-\u024f]")  # accented
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_LETTERS, _VOWELS = ascii_letters.encode(), "aeiouyAEIOUY"
_VOWELS_USUAL = 0.27  # of the Latin letters; languages have 0.33 to 0.5, lists of names and initials a little less
_BARE_USUAL = 0.6  # of the Latin letters; Vietnamese, the richest in accents, has about 0.7
# Scripts that part words by spaces; a run of so many letters is then several words, or a German compound.
_LONG_RUN = 20
_RUN = re.compile(rf"[A-Za-z\u00c0-\u058f]{{{_LONG_RUN},}}")
_RUNS_USUAL = 0.1  # of the letters
_LONG = 2_000  # letters: an article of so many names a year and has page numbers
_LOST = 0.5  # a long text without any figure, or any capital, has lost its years, or its names


def quality(texts: Iterable[str]) -> float:
    """0..1 over the first pages given; 0 for no text at all. A dense or a short text is not a bad one."""
    text = " ".join(_sample(texts))
    words = Counter(_CID.sub("\ufffd", text).split())  # half of all words come again: each is looked at once
    count = words.total()
    if not count:
        return 0.0
    letters = readable = lone = 0
    for word, times in words.items():
        if word.isalpha():  # most
            letters += times * len(word)
            readable += times
            lone += times * (len(word) == 1)
        else:
            letters += times * sum(map(str.isalpha, word))
            readable += times * _is_readable(word)
    rubbish = (text.count("\ufffd") + 6 * len(_CID.findall(text))) / len(text)
    enough_letters = min(1.0, 2.5 * letters / len(text))
    score = readable / count * enough_letters - 3 * rubbish - max(0.0, lone / count - 0.25)
    if letters >= _JUDGED:
        score *= _are_words(text)
        runs = sum(times * sum(map(len, _RUN.findall(word))) for word, times in words.items() if len(word) >= _LONG_RUN)
        score -= max(0.0, runs / letters - _RUNS_USUAL)
    if letters >= _LONG:
        score *= _has_figures_and_capitals(text)
    return float(max(0.0, min(1.0, score)))


def _are_words(text: str) -> float:
    """1 where a Latin text has its share of vowels and of letters without accents.

    A font that decodes to other letters ("5HIHUHQFHV", "Òåæåòåîãåó") gives neither.
    """
    plain = text.encode("ascii", "ignore")
    others = {letter: times for letter, times in Counter(_BEYOND_ASCII.findall(text)).items() if letter.isalpha()}
    accented = {letter: times for letter, times in others.items() if _LATIN.match(letter)}
    bare, accents = _count(plain, _LETTERS), sum(accented.values())
    count = bare + accents
    if not count or 2 * count < bare + sum(others.values()):
        return 1.0
    vowels = sum(times for letter, times in accented.items() if unicodedata.normalize("NFD", letter)[0] in _VOWELS)
    shares = (_count(plain, _VOWELS.encode()) + vowels) / count, bare / count
    return min(1.0, shares[0] / _VOWELS_USUAL, shares[1] / _BARE_USUAL)


def _count(text: bytes, signs: bytes) -> int:
    return len(text) - len(text.translate(None, signs))


def _has_figures_and_capitals(text: str) -> float:
    """1, or less where fonts of their own for old-style figures or small capitals were not decoded."""
    figures = any(character.isdigit() for character in text)
    # Scripts without capitals have none to lose.
    capitals = any(character.isupper() for character in text) or text.casefold() == text.upper()
    return 1.0 if figures and capitals else _LOST


def _sample(texts: Iterable[str]) -> list[str]:
    taken, length = [], 0
    for text in texts:
        taken.append(text)
        length += len(text)
        if length > _SAMPLE:
            break
    return taken


def _is_readable(word: str) -> bool:
    """Made of letters or digits with some punctuation, not of codes."""
    if word.isalnum() or word[:-1].isalnum():  # nearly all
        return word[-1] != "\ufffd"
    return "\ufffd" not in word and (2 * sum(map(str.isalnum, word)) >= len(word) or len(word) <= 2)
