"""Is that the name of a container with a misprint in it, or another one that looks like it?"""

from __future__ import annotations

from rapidfuzz.distance import OSA, Levenshtein

from dl_lit.identity import titles
from dl_lit.identity.folding import words
from dl_lit.identity.word_lists import FIELDS, SMALL_WORDS

# Letters that a scan takes for one.
_RUN_TOGETHER = (("rn", "m"), ("nn", "rm"), ("cl", "d"), ("vv", "w"))
_SHORTEST_NAME = 3
_LONG = 7  # letters from which two misprints in one word are forgiven


def is_misprint(letters: str, name: str, *, spoilt: bool = False) -> bool:
    """Whether `letters`, run together as printed, are `name` with no more than misprints in each of its words.

    "Annual Review of Psychology" is as a whole nearly "Annual Review of Sociology"; word by word it is not.
    In a print that is `spoilt` ("PhysiMlogy") each word may have one misprint more.
    """
    wanted = [key for word in words(titles.strip_markup(name)) if (key := titles.key(word))]
    printed_for = counterparts(letters, wanted)
    return all(_may_be(printed, word, int(spoilt)) for printed, word in zip(printed_for, wanted, strict=True))


def is_near(printed: str, name: str) -> bool:
    """Whether a name is printed with one letter lost, added, changed or moved, or two run into one."""
    if min(len(printed), len(name)) < _SHORTEST_NAME:
        return False
    return OSA.distance(printed, name, score_cutoff=1) <= 1 or _scanned(printed) == _scanned(name)


def counterparts(letters: str, wanted: list[str]) -> list[str]:
    """What stands in `letters` for each of the words; what stands between two belongs to the second."""
    owner = [place for place, word in enumerate(wanted) for _ in word]
    found = [""] * len(wanted)
    for block in Levenshtein.opcodes("".join(wanted), letters):
        for step in range(block.dest_end - block.dest_start):
            place = min(block.src_start + step, max(block.src_start, block.src_end - 1), len(owner) - 1)
            found[owner[place]] += letters[block.dest_start + step]
    return found


def _may_be(printed: str, word: str, more: int) -> bool:
    if printed == word or word in SMALL_WORDS:
        return True
    if {printed, word} <= FIELDS:
        return False
    return any(_is_near(*both, more) for both in ((printed, word), (_scanned(printed), _scanned(word))))


def _is_near(printed: str, word: str, more: int) -> bool:
    """Words of one ending mostly differ in their beginnings: there a second misprint is forgiven in long ones only."""
    begins_alike = printed[:1] == word[:1] or word == printed[1:]
    least = (2 if len(word) >= (_LONG if begins_alike else _LONG + 1) else 1) + more * (len(word) >= 4)
    return (begins_alike or len(word) >= 4) and OSA.distance(printed, word, score_cutoff=least) <= least


def _scanned(text: str) -> str:
    for letters, one in _RUN_TOGETHER:
        text = text.replace(letters, one)
    return text
