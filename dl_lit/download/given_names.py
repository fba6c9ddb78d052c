"""Whether a family name is a namesake's of a wanted author: each time it is printed, beside another given name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dl_lit.download.heading_words import entries
from dl_lit.identity import names
from dl_lit.identity.folding import is_latin, words
from dl_lit.identity.vocabulary import PARTICLES
from dl_lit.model import Person

_MOST_GIVEN = 3  # words; more are no name
_APART = re.compile(r"[,;:·•|/&*†‡§()\[\]]|\b(?:and|und|et|AND|UND|ET|By|by|BY|mit|with)\b|\s[ey]\s")
_NO_NAMES = PARTICLES | entries(
    "al etal ed eds hg hrsg dr prof professor sir lord mr mrs ms jr sr ii iii iv phd md msc ma"
)
# Short forms with another first letter than the names have that they stand for.
_SHORT_FORMS = {
    **dict.fromkeys(("bill", "billy"), "w"),
    **dict.fromkeys(("bob", "bobby", "dick", "beto"), "r"),
    **dict.fromkeys(("ted", "ned", "beth", "betty", "betsy", "liz", "lisa", "lalo"), "e"),
    **dict.fromkeys(("tony", "bert", "sasha", "xander", "sandro", "alik"), "a"),
    **dict.fromkeys(("peggy", "polly", "molly", "manolo"), "m"),
    **dict.fromkeys(("hans", "pepe", "ivan", "ian"), "j"),
    **dict.fromkeys(("paco", "pancho", "kiko"), "f"),
    **dict.fromkeys(("klaus", "claus"), "n"),
    **dict.fromkeys(("gus", "guus"), "a"),
    "nacho": "i",
    "beppe": "g",
    "kees": "c",
    "bas": "s",
    "rick": "efp",
    "mitja": "d",
}
_ONE_LETTER = ("jyi", "jye", "kcqx", "zsxc", "jc", "tcz", "vw", "vbu", "hg", "hx", "gk", "uwy", "dj", "gj", "dt")


def is_namesake(person: Person, text: str) -> bool:
    """`text` has rows of names; a family name alone is anybody's."""
    given = [names.fold_word(word) for word in words(person.given or "")]
    ours = {letter for word in given if word for letter in _letters(word)}
    if not ours or not is_latin(text) or not is_latin(person.given or ""):
        return False
    found = [beside for row in text.split("\n") for beside in _beside(person, row)]
    return bool(found) and not any(_may_be_one(ours, beside) for beside in found)


def _may_be_one(ours: set[str], beside: list[str]) -> bool:
    if not beside or len(beside) > _MOST_GIVEN:
        return True
    theirs = {letter for word in beside for letter in _letters(word)}
    return bool(ours & theirs) or any(ours & set(one) and theirs & set(one) for one in _ONE_LETTER)


def _letters(word: str) -> str:
    """That with which the name begins, or the names that it is short for."""
    return word[0] + _SHORT_FORMS.get(word, "")


def _beside(person: Person, row: str) -> Iterator[list[str]]:
    """The words next to the family name, wherever the row has it: before it, or initials behind its comma."""
    family = set(names.family_words(person))
    parts = [_tokens(part) for part in _APART.split(row)]
    for part, following in zip(parts, [*parts[1:], []], strict=True):
        if family and family.issubset(part):
            given = [word for word in part if word not in family]
            yield given or [word for word in following if all(len(one) < 3 for one in following)]


def _tokens(text: str) -> list[str]:
    return [word for word in names.words_in_order(text) if word and word not in _NO_NAMES]
