"""Is this the journal? Printed names of containers are full, abbreviated ("Phys. Rev. Lett.") or acronyms ("JAMA")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from dl_lit.enrichment.printed import Printed, Span, Word
from dl_lit.enrichment.vocabulary import AFTER_A_CONTAINER
from dl_lit.identity import titles
from dl_lit.identity.folding import words
from dl_lit.identity.lookalikes import is_misprint
from dl_lit.identity.names import fold_word
from dl_lit.identity.word_lists import ENDINGS, FIELDS, SMALL_WORDS

# The next word of the same phrase, or after the dot of an abbreviation another abbreviation or a section's letter.
_GOES_ON = re.compile(r"(?:[\s:\-–—&/']*([^\W\d_]+)|\.\s*([A-Z](?=\W)|[A-Z][a-z]{1,6}(?=\.)))")
_SPOILT = re.compile(r"[^\W\d_A-ZÀ-Þ][A-Z](?![a-z]{3})")  # a capital within a word, where no blank was lost
_DIGITS = "0123456789"
# Without a number behind it, as that would be the volume of a section: "Deep-Sea Research II 45 (1998)".
_ROMAN_VOLUME = re.compile(r"[\s,.]*[IVXLCDM]{2,}[\s,(]*(?:1[4-9]|20)\d\d\b")
_PEOPLE = re.compile(r"[,;&]")
_NUMBER = re.compile(r"[\s,.;:(]*(?:[Vv]ol\.?\s*)?\d")
_CHUNK = re.compile(r"[A-Z][a-z]{0,3}")
_VOLUME = re.compile(r"[\s,.;:]*(?:[Vv]ol\.?\s*)?\d{1,3}(?!\d)")
_SECTION = re.compile(r"(.{4,}?)[,:.]?\s+(Section|Part|Series)\s+([A-Z]|[IVX]{2,4})\b")
# "CA: A Cancer Journal", "Comptes Rendus de l'Académie", "Eksperimental'noi i Teoreticheskoi": left out when shortened.
_SMALL = re.compile(r"(?:(?<=[:.–—]\s)|(?<=[A-Z]{2}\s)|^)[Aa]n?\s(?=\w)|(?<=\s)(?:[ldLD]['’]|[aeiouyà]\s)(?=\w)")
# Words at the end of a name that its acronym does without: "ApJS", "PNAS".
_LEFT_OUT = frozenset({"series", "united", "states", "america", "usa", "international", "edition", "online", "print"})
_MAY_PRECEDE = frozenset({"in", "the"})
_LONGEST_ACRONYM = 5
_MANY = 4  # words of a name that is known though one of them could be another


def find(printed: Printed, name: str, taken: Span | None) -> Span | None:
    """Where the container `name` is printed, not within `taken` (the title)."""
    for variant in _variants(name):
        for span in _candidates(printed, variant):
            if (taken is None or not taken.covers(span)) and _stands_alone(printed, span, variant):
                return span
    return None


def alike(printed: str, name: str) -> bool:
    """Whether a parsed container is the candidate's, abbreviated or not."""
    if any(
        titles.similarity(printed, one) >= 0.88 and is_misprint(titles.key(printed), one) for one in _variants(name)
    ):
        return True
    theirs = _significant(words(name))
    ours = _significant(words(printed))
    return bool(ours) and len(ours) == len(theirs) and all(map(_abbreviates, ours, theirs))


@lru_cache(maxsize=4096)
def _variants(name: str) -> list[str]:
    """`name`, and its main part: "JAMA: The Journal …" is printed as either."""
    plain = titles.strip_markup(name)
    parts = [part.strip() for part in re.split(r"\s*[:(=/]\s*|\s+[-–—]\s+", plain) if len(part.strip()) > 3]
    if section := _SECTION.match(plain):
        parts += [f"{section.group(1)} {section.group(3)}", f"{section.group(1)} {section.group(2)} {section.group(3)}"]
    without_article = re.sub(r"(?i)^the\s+", "", plain)
    without_small = " ".join(_SMALL.sub(" ", plain).replace("'", "").replace("’", "").split())
    return list(dict.fromkeys([plain, without_article, without_small, *parts, *_own_acronym(plain)]))


def _own_acronym(name: str) -> list[str]:
    """ "MMWR" of "MMWR Morbidity and Mortality Weekly Report"."""
    first, _, rest = name.partition(" ")
    initials = "".join(word[0] for word in _significant(words(rest)))
    return [first] if len(first) > 2 and first.isupper() and first.lower() == initials else []


def _candidates(printed: Printed, name: str) -> list[Span]:
    key = titles.key(name)
    found = list(printed.find(key, glued_to_number=True))
    like = printed.find_like(key, 86) if not found and len(key) >= 8 else None
    if like is not None and is_misprint(
        printed.letters[like.start : like.end], name, spoilt=_SPOILT.search(printed.within(like)) is not None
    ):
        found.append(like)
    if name.isupper() and (full := _spelt_out(printed, fold_word(name))):
        found.append(full)
    return found + _abbreviated(printed, _significant(words(name)))


def _significant(tokens: Sequence[str]) -> list[str]:
    kept = [fold_word(token) or token for token in tokens if token not in SMALL_WORDS]
    return kept or list(tokens)


def _abbreviated(printed: Printed, name: Sequence[str]) -> list[Span]:
    """Runs of printed words that shorten the words of `name` one by one, and acronyms of it."""
    found: list[Span] = []
    if not name:
        return found
    if len(name) == 1:
        return [w.span for w in printed.words if w.capital and len(w.text) >= 3 and _abbreviates(w.text, name[0])]
    tokens = printed.significant
    for start, word in enumerate(tokens):
        if word.text[:1] != name[0][:1]:
            continue
        span = _shortened(tokens[start : start + len(name)], name) or _acronym(printed, word, name)
        if span and (span.end - span.start > 2 or _volume_follows(printed, span)):
            found.append(span)
    return found


def _spelt_out(printed: Printed, acronym: str) -> Span | None:
    """ "Br Med J 12" where "BMJ" is registered: words with capitals that begin with its letters in turn."""
    size = len(acronym)
    tokens = printed.significant if 3 <= size <= _LONGEST_ACRONYM else ()
    for start in range(len(tokens) - size + 1):
        run = tokens[start : start + size]
        if all(word.capital and word.text[0] == letter for word, letter in zip(run, acronym, strict=True)):
            span = Span(run[0].span.start, run[-1].span.end)
            names_nobody = sum(len(word.text) > 1 for word in run) > 1 and not _PEOPLE.search(printed.within(span))
            if names_nobody and _NUMBER.match(printed.after(span)):
                return span
    return None


def _shortened(run: Sequence[Word], name: Sequence[str]) -> Span | None:
    """The run if it shortens `name`; a volume may be glued to its last word ("Phys. Rev. B71")."""
    if len(run) < len(name):
        return None
    last = run[-1].text.rstrip(_DIGITS) or run[-1].text
    short = [*(word.text for word in run[:-1]), last]
    if not all(map(_abbreviates, short, name)) and not _abbreviate_fields(short, name):
        return None
    return Span(run[0].span.start, run[-1].span.end - (len(run[-1].text) - len(last)))


def _abbreviate_fields(short: Sequence[str], name: Sequence[str]) -> bool:
    """ "Can. J. Fish. Aquat. Sci.": among so many words "fish" shortens "fisheries" after all."""
    return len(name) >= _MANY and all(
        _abbreviates(one, full) or (one in FIELDS and full.startswith(one) and full[len(one) :] not in ENDINGS)
        for one, full in zip(short, name, strict=True)
    )


def _acronym(printed: Printed, word: Word, name: Sequence[str]) -> Span | None:
    """ "JAMA", "ApJ", "JHEP12": capitals that begin the words of `name` in turn, small letters that go on with them."""
    text = printed.within(word.span)
    letters = text.rstrip(_DIGITS)
    chunks = _CHUNK.findall(letters)
    if len(chunks) < 2 or "".join(chunks) != letters or len(chunks) > len(name):
        return None
    if not all(_abbreviates(fold_word(chunk), full) for chunk, full in zip(chunks, name, strict=False)):
        return None
    if not set(name[len(chunks) :]) <= _LEFT_OUT:
        return None
    return Span(word.span.start, word.span.end - (len(text) - len(letters)))


def _volume_follows(printed: Printed, span: Span) -> bool:
    """Two letters are a journal ("AJ 121", "A&A, 525") and no initials where a volume is next."""
    return _VOLUME.match(printed.after(span)) is not None


def _abbreviates(short: str, full: str) -> bool:
    """ "Phys" and "Natl" shorten "Physical" and "National": same first letter, the others in order."""
    if not short or not full or short[0] != full[0] or len(short) > len(full):
        return False
    if short in FIELDS and short != full:
        return False  # "Biology" does not shorten "Biotechnology"
    rest = iter(full)
    return all(letter in rest for letter in short)


def _stands_alone(printed: Printed, span: Span, name: str) -> bool:
    """Not a part of a longer name: "Physical Review" is not "Physical Review B"."""
    if " " not in printed.within(span).strip() and printed.within(span)[:1].islower():
        return False  # "the nature of things" is not Nature
    if _goes_on(printed.after(span)):
        return False
    before = re.search(r"([^\W\d_]+)\s*$", printed.before(span))
    if before is None or before.group(1).lower() in _MAY_PRECEDE or span.end - span.start >= 25:
        return True
    return _begins_as_acronym(before.group(1), name)


def _goes_on(after: str) -> bool:
    found = _GOES_ON.match(after)
    if found is None or _ROMAN_VOLUME.match(after):
        return False
    return (found.group(1) or found.group(2)).lower() not in AFTER_A_CONTAINER


def _begins_as_acronym(word: str, name: str) -> bool:
    """ "AJR Am J Roentgenol"."""
    initials = iter("".join(one[0] for one in _significant(words(name))))
    return len(word) > 1 and word.isupper() and all(letter in initials for letter in word.lower())
