"""Do two titles differ by a word? "… of copper" is not "… of silver", and "Defects and …" is another work than "…"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rapidfuzz.distance import Levenshtein

from dl_lit.identity import titles, word_pairs
from dl_lit.identity.folding import words
from dl_lit.identity.names import fold_word
from dl_lit.identity.word_lists import SMALL_WORDS

_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 3  # letters of a word that says something


def differ(ours: str, theirs: str, known: Collection[str] = ()) -> bool:
    """Whether one of two titles has a word that the other does not, not even misprinted or run into another one.

    `known` words of names and containers in ours are there because the title was read too far.
    """
    mine, other = _tokens(ours), _tokens(theirs)
    if mine == other:
        return False
    left, right = _unmatched(mine, other)
    lost = [word for word in right if not _stands_in(word, mine)]
    return bool(lost or _added(left, other, known)) or _are_other(mine, other) or _letters_differ(ours, theirs)


def adds(ours: str, theirs: str, known: Collection[str]) -> bool:
    """Whether ours has a word that theirs does not have, in whatever order they are."""
    mine, other = _tokens(ours), _tokens(theirs)
    return bool(_added(_unmatched(mine, other)[0], other, known)) or _are_other(mine, other)


def may_differ(ours: str, theirs: str) -> bool:
    """Whether a word of one title is in the other in another form ("Sprache", "Sprachen") or rhymes with one there."""
    mine, other = _tokens(ours), _tokens(theirs)
    return mine != other and any(word_pairs.may_be_two(*pair) for pair in word_pairs.unlike(mine, other))


def _added(words_of_ours: Sequence[str], other: Sequence[str], known: Collection[str]) -> list[str]:
    return [word for word in words_of_ours if word not in known and not _stands_in(word, other)]


def _tokens(title: str) -> list[str]:
    return [fold_word(word) or word for word in words(titles.strip_markup(title))]


def _unmatched(mine: Sequence[str], other: Sequence[str]) -> tuple[list[str], list[str]]:
    """Words of either that have more letters without a counterpart than a misprint spoils."""
    left, right = "".join(mine), "".join(other)
    here, there = bytearray(len(left)), bytearray(len(right))
    for block in Levenshtein.opcodes(left, right):
        if block.tag == "equal":
            here[block.src_start : block.src_end] = b"\1" * (block.src_end - block.src_start)
            there[block.dest_start : block.dest_end] = b"\1" * (block.dest_end - block.dest_start)
    return _spoilt(mine, here), _spoilt(other, there)


def _spoilt(tokens: Sequence[str], matched: bytearray) -> list[str]:
    found, start = [], 0
    for token in tokens:
        lost = len(token) - sum(matched[start : start + len(token)])
        start += len(token)
        if token.isalpha() and len(token) >= _LEAST and token not in SMALL_WORDS and lost > _misprints(token):
            found.append(token)
    return found


def _misprints(word: str) -> int:
    return 1 if len(word) < 6 else 2 if len(word) < 12 else 3


def _stands_in(word: str, others: Sequence[str]) -> bool:
    """At another place, or shortened: "Int." and "Proc." stand for the words that they begin, and these for them."""
    return word in others or any(
        len(one) >= _LEAST and one not in SMALL_WORDS and (word.startswith(one) or one.startswith(word))
        for one in others
        if one[:1] == word[:1]
    )


def _are_other(mine: Sequence[str], other: Sequence[str]) -> bool:
    """ "Hypo-" and "hyper-", "increase" and "decrease" are nearer than misprints."""
    return any(word_pairs.are_two(one, two) for one, two in word_pairs.unlike(mine, other))


def _letters_differ(ours: str, theirs: str) -> bool:
    """ "Hepatitis B" is not "hepatitis C": both name something by a letter that the other does not have."""
    mine, other = (set(_capitals(title)) for title in (ours, theirs))
    return bool(mine - other) and bool(other - mine) and len(_tokens(ours)) == len(_tokens(theirs))


def _capitals(title: str) -> list[str]:
    return [word for word in _WORD.findall(titles.strip_markup(title)) if len(word) == 1 and word.isupper()]
