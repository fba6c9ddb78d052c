"""Two words that differ by a few letters: is one of them misprinted? "Upland" is no misprint of "lowland"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rapidfuzz.distance import OSA

from dl_lit.identity.word_lists import ENDINGS, FIELDS, NEGATIONS, OPPOSITES, PREFIXES

_STEM = 3  # letters behind two beginnings that tell words apart
_LONG_STEM = 4  # letters that stand alone, and with a negation before them
_RHYME = 6  # letters up to which another first letter makes another word
# First letters that scans and fingers take for one another, and that spellings exchange.
_ALIKE = " ce co eo hb nu il ij lt ft mn vy rn bd pq uv gq gc sz ck iy dt vw kx hk tr yj zj fp oq ao ae ai eu "
_DECADE = re.compile(r"(\d{2,4})(?:s|er|erne|talet)")


def unlike(mine: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of words that only one of two titles has, no blank lost or added in them."""
    left, right = set(mine) - set(other), set(other) - set(mine)
    if left and right:
        left, right = left - _run_together(other), right - _run_together(mine)
        left, right = left - _parts_of(mine, set(other)), right - _parts_of(other, set(mine))
    yield from ((one, two) for one in left for two in right)


def _run_together(tokens: Sequence[str]) -> set[str]:
    return {one + two for one, two in pairwise(tokens)}


def _parts_of(tokens: Sequence[str], whole: set[str]) -> set[str]:
    return {part for one, two in pairwise(tokens) if one + two in whole for part in (one, two)}


def are_two(one: str, two: str) -> bool:
    """Whether each is a word of its own: they begin in two known ways, or one denies the other."""
    if {one, two} <= FIELDS and not _are_two_forms(one, two):
        return True
    if abs(len(one) - len(two)) > len("anti") or one[-1:] != two[-1:]:
        return False
    return (
        _begin_otherwise(one, two)
        or _denies(one, two)
        or _denies(two, one)
        or _are_opposite_inside(one, two)
        or _are_two_decades(one, two)
    )


def may_be_two(one: str, two: str) -> bool:
    """Whether it is more than a misprint, but not much: another form ("Sprache", "Sprachen") or a rhyme ("bats")."""
    return _are_two_forms(one, two) or _rhyme(one, two)


def _are_two_forms(one: str, two: str) -> bool:
    """Singular and plural, or two cases."""
    short = min(len(one), len(two))
    alike = next((place for place in range(short) if one[place] != two[place]), short)
    return alike >= _LONG_STEM and one[alike:] in ENDINGS and two[alike:] in ENDINGS


def _begin_otherwise(one: str, two: str) -> bool:
    """ "Upland" and "lowland", "in" and "out"; "pro-" and "pre-" are as near as a misprint."""
    for length in range(1, len(one) + 1):
        beginning, stem = one[:length], one[length:]
        if beginning not in PREFIXES or (stem and len(stem) < _STEM) or not two.endswith(stem):
            continue
        other = two[: len(two) - len(stem)]
        if other in PREFIXES and other != beginning and OSA.distance(beginning, other) > 1:
            return True
    return False


def _denies(one: str, two: str) -> bool:
    """ "Unemployment" and "employment"."""
    if not one.endswith(two) or len(two) < _LONG_STEM:
        return False
    return NEGATIONS.get(one[: len(one) - len(two)], 99) <= len(two)


def _rhyme(one: str, two: str) -> bool:
    if len(one) != len(two) or not _STEM <= len(one) <= _RHYME or one[1:] != two[1:]:
        return False
    first, second = one[0], two[0]
    return (one + two).isalpha() and f" {first}{second} " not in _ALIKE and f" {second}{first} " not in _ALIKE


def _are_opposite_inside(one: str, two: str) -> bool:
    """ "Nordwestdeutschland" and "Nordostdeutschland", "female" and "male"."""
    return any(
        one.count(left) == 1 and one.replace(left, right) == two
        for pair in OPPOSITES
        for left, right in (pair, pair[::-1])
        if left in one
    )


def _are_two_decades(one: str, two: str) -> bool:
    first, second = _DECADE.fullmatch(one), _DECADE.fullmatch(two)
    return bool(first and second) and one != two
