"""Is this the journal? Printed names of containers are full, abbreviated ("Phys. Rev. Lett.") or acronyms ("JAMA")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from dl_lit.enrichment.printed import Printed, Span, Word
from dl_lit.enrichment.vocabulary import AFTER_A_CONTAINER, SMALL_WORDS
from dl_lit.identity import titles
from dl_lit.identity.folding import words
from dl_lit.identity.names import fold_word

# The next word of the same phrase, or after the dot of an abbreviation another abbreviation or a section's letter.
_GOES_ON = re.compile(r"(?:[\s:\-–—&/']*([^\W\d_]+)|\.\s*([A-Z](?=\W)|[A-Z][a-z]{1,6}(?=\.)))")
_MAY_PRECEDE = frozenset({"in", "the"})


def find(printed: Printed, name: str, taken: Span | None) -> Span | None:
    """Where the container `name` is printed, not within `taken` (the title)."""
    for variant in _variants(name):
        for span in _candidates(printed, variant):
            if (taken is None or not taken.covers(span)) and _stands_alone(printed, span):
                return span
    return None


def alike(printed: str, name: str) -> bool:
    """Whether a parsed container is the candidate's, abbreviated or not."""
    if any(titles.similarity(printed, variant) >= 0.88 for variant in _variants(name)):
        return True
    theirs = _significant(words(name))
    ours = _significant(words(printed))
    return bool(ours) and len(ours) == len(theirs) and all(map(_abbreviates, ours, theirs))


@lru_cache(maxsize=4096)
def _variants(name: str) -> list[str]:
    """`name`, and its main part: "JAMA: The Journal …" is printed as either."""
    plain = titles.strip_markup(name)
    parts = [part.strip() for part in re.split(r"\s*[:(=/]\s*|\s+[-–—]\s+", plain) if len(part.strip()) > 3]
    section = re.match(r"(.{4,}?)[,:.]?\s+(?:Section|Part|Series)\s+([A-Z])\b", plain)
    if section:
        parts.append(f"{section.group(1)} {section.group(2)}")
    without_article = re.sub(r"(?i)^the\s+", "", plain)
    return list(dict.fromkeys([plain, without_article, *parts]))


def _candidates(printed: Printed, name: str) -> list[Span]:
    key = titles.key(name)
    found = list(printed.find(key))
    if not found and len(key) >= 8 and (like := printed.find_like(key, 86)) is not None:
        found.append(like)
    return found + _abbreviated(printed, _significant(words(name)))


def _significant(tokens: Sequence[str]) -> list[str]:
    kept = [fold_word(token) or token for token in tokens if token not in SMALL_WORDS]
    return kept or list(tokens)


def _abbreviated(printed: Printed, name: Sequence[str]) -> list[Span]:
    """Runs of printed words that shorten the words of `name` one by one."""
    found: list[Span] = []
    if not name:
        return found
    if len(name) == 1:
        return [w.span for w in printed.words if w.capital and len(w.text) >= 3 and _abbreviates(w.text, name[0])]
    tokens = printed.significant
    acronym = "".join(word[0] for word in name)
    for start, word in enumerate(tokens):
        if word.text[:1] != acronym[0]:
            continue
        run = tokens[start : start + len(name)]
        if len(run) == len(name) and all(_abbreviates(w.text, full) for w, full in zip(run, name, strict=True)):
            found.append(Span(run[0].span.start, run[-1].span.end))
        elif len(name) >= 3 and word.text == acronym and _in_capitals(printed, word):
            found.append(word.span)
    return found


def _in_capitals(printed: Printed, word: Word) -> bool:
    text = printed.within(word.span)
    return text == text.upper()


def _abbreviates(short: str, full: str) -> bool:
    """ "Phys" and "Natl" shorten "Physical" and "National": same first letter, the others in order."""
    if not short or not full or short[0] != full[0] or len(short) > len(full):
        return False
    rest = iter(full)
    return all(letter in rest for letter in short)


def _stands_alone(printed: Printed, span: Span) -> bool:
    """Not a part of a longer name: "Physical Review" is not "Physical Review B"."""
    if " " not in printed.within(span).strip() and printed.within(span)[:1].islower():
        return False  # "the nature of things" is not Nature
    after = _GOES_ON.match(printed.after(span))
    if after and (after.group(1) or after.group(2)).lower() not in AFTER_A_CONTAINER:
        return False
    before = re.search(r"([^\W\d_]+)\s*$", printed.before(span))
    return before is None or before.group(1).lower() in _MAY_PRECEDE or span.end - span.start >= 25
