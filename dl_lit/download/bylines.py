"""Lines that name a work's authors as its authors: names and hardly a word besides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dl_lit.download.author_rows import LAST_LETTERS
from dl_lit.download.expectation import Expectation
from dl_lit.download.first_pages import FirstPage, last_text
from dl_lit.download.heading_words import entries
from dl_lit.identity import names
from dl_lit.identity.folding import letters
from dl_lit.model import Person

# In small letters beside names.
_SMALL = entries(
    """and und et og och en by von par por di da de del der den des du la le las los dos do van vom zu zur ten ter bin
    ibn al el the of for at in with mit für authors author autor autoren auteur dr prof phd"""
)
_OF_A_TITLE = 12  # letters
_MOST_MORE = 3  # times the name of a body, for its address


def is_byline(text: str, expectation: Expectation) -> bool:
    """A row that goes on with the title is of a citation."""
    title = letters(expectation.title or "")[:_OF_A_TITLE]
    if len(title) == _OF_A_TITLE and title in letters(text):
        return False
    return _has_no_other_words(text) and any(_is_named(person, text) for person in expectation.authors)


def has_byline(document: Any, pages: Sequence[FirstPage], expectation: Expectation) -> bool:
    """On the first pages, or at the end of the last one; true of a work without authors."""
    rows = [row.text for page in pages for row in page.rows]
    rows += last_text(document)[-LAST_LETTERS:].split("\n")
    return not expectation.authors or any(is_byline(row, expectation) for row in rows)


def _has_no_other_words(text: str) -> bool:
    plain = [word for word in re.findall(r"[^\W\d_]+", re.sub(r"\S+@\S+", " ", text)) if len(word) > 1]
    return not any(word.islower() and word.casefold() not in _SMALL for word in plain)


def _is_named(person: Person, text: str) -> bool:
    key = letters(text)
    if person.name and letters(person.name) in key:
        return len(key) <= _MOST_MORE * len(letters(person.name))
    printed = names.folded_words(text)  # "Mueller" is "Müller", and "Groeneveld" has no umlaut
    runs = {letters(names.family_key(person)), letters(person.family or "")}
    folded = names.family_words(person)
    return any(len(run) > 1 and run in key for run in runs) or (bool(folded) and printed.issuperset(folded))
