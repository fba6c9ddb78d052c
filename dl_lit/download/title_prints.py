"""Is a printed title the wanted one with a misprint, or does it have another word? "Iraq" is no misprint of "Iran"."""

from __future__ import annotations

import re
from enum import Enum

from rapidfuzz.distance import OSA

from dl_lit.identity import title_words, titles, word_pairs
from dl_lit.identity.folding import words
from dl_lit.identity.lookalikes import counterparts, is_misprint
from dl_lit.identity.word_lists import SMALL_WORDS

_AND = re.compile(r"(?i)&|\b(?:and|und|et|a n d|u n d)\b")  # set with blanks too
_PART = re.compile(
    r"(?i)(?:\b|(?<=[:.–—-]))(?:part|pt|teil|partie|parte|deel|del)\.?\s+(?=(?:[ivx]{1,4}|\d{1,2})\b)"
)  # "II" says it
_COUNTED = re.compile(r"(?<=[.:–—]\s)([IVX]{1,4})(?=[.:]\s)")  # "Fluids. II. Mixtures"
_ROMAN = {"I": 1, "V": 5, "X": 10}
# British and American, which differ by as much as misprints do.
_SPELLINGS = (
    (re.compile(r"(?i)(?<=[a-z]{3})our(?=s?\b|al|ed|ing|ist|er|able|less)"), "or"),
    (re.compile(r"(?i)(?<=[a-z])([tb])re(?=s?\b)"), r"\1er"),
    (re.compile(r"(?i)(?<=[a-uw-z])([iy])s(?=e[drs]?\b|ing\b|ations?\b)"), r"\1z"),
    (re.compile(r"(?i)(?<=[a-z])ogue(?=s?\b)"), "og"),
    (re.compile(r"(?i)(?<=progra)mme(?=s?\b)"), "m"),
)
_LIGATURES = re.compile("ff[il]?|f[il]")  # fonts without a table lose them
_DIGITS = re.compile(r"\d+")
_NOTE = re.compile(r"(?<=[^\W\d])\d{1,2}$")  # its number, run into the word
_SHORT, _LONG = 4, 10  # letters: up to so many no misprint is told from another word, from so many two are forgiven


class Care(Enum):
    """How sure the letters are, or the work."""

    TYPED = "typed"  # hardly a misprint in a heading
    READ = "read"  # recognised from a picture
    SURE = "sure"  # the work's own DOI stands there


def key_of(title: str) -> str:
    """As `titles.key`, whatever stands for "and", in one spelling of English."""
    return titles.key(_plain(title)) or titles.key(title)


def _plain(title: str) -> str:
    title = _PART.sub(" ", counted(title))
    text = _AND.sub(" ", titles.strip_markup(title) if "<" in title or "\\" in title or "&" in title else title)
    for pattern, spelt in _SPELLINGS:
        text = pattern.sub(spelt, text)
    return titles.greek_spelt(text)


def counted(title: str) -> str:
    """With the number of a part in figures, where it stands between stops: there "I" is no pronoun."""
    return _COUNTED.sub(lambda found: f"Part {_figure(found[1])}", title)


def _figure(roman: str) -> int:
    values = [_ROMAN[letter] for letter in roman]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def other_word(wanted: str, printed: str, care: Care, text: str) -> str | None:
    """The word of the print that is another one than the wanted title's; `text` is that of the page."""
    if care is Care.SURE or any(_bare(key(wanted)) == _bare(key(printed)) for key in (key_of, titles.key)):
        return None
    said = words(text)
    for ours, theirs in _pairs(wanted, printed):
        slip = _is_slip(theirs, ours, care) and not (care is Care.READ and _is_spoken_of(ours, theirs, said))
        if not slip and not _is_meant(ours, theirs, said):
            return f"“{theirs}” for “{ours}”" if theirs else f"“{ours}” is missing"
    if not _is_spaced(printed) and title_words.differ(_plain(wanted), _plain(printed)):
        return f"“{' '.join(printed.split())[-60:]}”"
    return None


def _bare(key: str) -> str:
    return _LIGATURES.sub("", key)


def _pairs(wanted: str, printed: str) -> list[tuple[str, str]]:
    """Words of the wanted title, each with what is printed for it, where that is not the same."""
    ours = [key for word in words(_plain(wanted)) if (key := titles.key(word))]
    theirs = _as_parted(counterparts(key_of(printed), ours), set(map(titles.key, words(_plain(printed)))))
    return [(one, two) for one, two in zip(ours, theirs, strict=True) if one != two]


def _as_parted(found: list[str], tokens: set[str]) -> list[str]:
    """What stands between two words belongs to the first where it is so printed ("Nigeria")."""
    parted = list(found)
    for place in range(1, len(parted)):
        before, after = parted[place - 1], parted[place]
        for cut in range(1, len(after)):
            if before + after[:cut] in tokens and after[cut:] in tokens and after not in tokens:
                parted[place - 1 : place + 1] = [before + after[:cut], after[cut:]]
                break
    return parted


def _is_slip(printed: str, word: str, care: Care) -> bool:
    if word in SMALL_WORDS and len(printed) <= _SHORT:
        return True
    if not _DIGITS.search(word):
        printed = _NOTE.sub("", printed)
    if printed == word:
        return True
    if word_pairs.are_two(printed, word):
        return False
    if care is Care.READ:
        return is_misprint(printed, word, spoilt=True)
    if _DIGITS.findall(printed) != _DIGITS.findall(word):
        return False
    least = 0 if len(word) <= _SHORT else 1 if len(word) < _LONG else 2
    begins_alike = printed[:1] == word[:1] or printed == word[1:] or len(word) >= _LONG
    return begins_alike and OSA.distance(printed, word, score_cutoff=least) <= least


def _is_meant(word: str, printed: str, said: list[str]) -> bool:
    """Whether the text goes on with the wanted word, so that the heading has a misprint."""
    near = OSA.distance(word, printed, score_cutoff=3) <= 3
    return near and not word_pairs.are_two(printed, word) and said.count(word) > 1 >= said.count(printed)


def _is_spoken_of(word: str, printed: str, said: list[str]) -> bool:
    """Whether the text goes on with the printed word, so that it is no misprint."""
    return said.count(printed) > 1 and word not in said


def _is_spaced(printed: str) -> bool:
    tokens = printed.split()
    return 2 * sum(len(token) == 1 for token in tokens) > len(tokens)
