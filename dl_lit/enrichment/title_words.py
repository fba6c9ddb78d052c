"""Do two titles differ by a word? "… of copper" is not "… of silver", and "Defects and …" is another work than "…"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from dl_lit.enrichment import editions, word_pairs
from dl_lit.enrichment.printed import Printed, Span
from dl_lit.enrichment.vocabulary import FURNITURE, NOT_NAMES, NOT_TITLES, SEASONS, SMALL_WORDS
from dl_lit.identity import titles
from dl_lit.identity.folding import words
from dl_lit.identity.names import fold_word

# From the last mark that can stand between a title and what is before it; up to the first one behind it.
_AHEAD = re.compile(r"[^.:;,?!()\[\]{}“”\"„»«‘’‚‹›\d–—/|=]*")  # read backwards
_BEHIND = re.compile(r"(?:(?!\s-\s)[^.:;,?!()\[\]{}“”\"„»«’‹›\d–—/|=])*")
# "A note on “…", "Summary of: …": what is quoted there is only the object of the title.
_OBJECT = re.compile(
    r"(?i)\b(?:on|of|to|for|with|from|zu|zum|zur|über|von|sur|de|sobre|aus)\s*(?::\s*[“\"„»«‘‚‹›]?|[“\"„»«‘‚‹›])\s*$"
)
_PARTICLE = re.compile(r",\s*(?:[^\W\d_]+\.?[\s-]){1,3}(?:von|zu|zum|zur|de)\s*:\s*$")  # "Kutschera, Franz von: …"
_WORD = re.compile(r"[^\W\d_]+")
_EDITION = re.compile(r"(?i)\b(?:ed|edn|edition|éd|aufl|auflage|ausg|ausgabe|edición|edição)\b")
_COMMA = re.compile(r"\s*,([^.:;,()\[\]“”\"„»«‘’\d]*)")
_IN = re.compile(r"\s*In\b")
# Seasons are what titles speak of; months only date them.
_NO_PART_OF_A_TITLE = (FURNITURE | NOT_NAMES | NOT_TITLES | SMALL_WORDS) - SEASONS
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


def goes_on(printed: Printed, span: Span, container: Span | None, known: Collection[str], parsed: str | None) -> bool:
    """Whether the sentence in which the title stands at `span` begins before or ends behind it.

    `known` are words of names and places, `parsed` is the title that was read.
    """
    before, after = printed.before(span), printed.behind(span, with_parts=False)
    if _OBJECT.search(before) and not _PARTICLE.search(before):
        return True
    comma = _behind_a_comma(parsed, printed.within(span))
    if container is not None and container.start >= span.end:
        after = after[: max(0, printed.origin[container.start] - printed.end[span.end - 1])]
        comma = comma or _after_comma(after)
    ahead, behind = _AHEAD.match(before[::-1]), _BEHIND.match(after)
    if behind and _IN.match(behind.group()) and not _reads_on(parsed, printed.within(span)):
        behind = None
    fragments = (ahead.group()[::-1] if ahead else "", behind.group() if behind else "", comma)
    return any(_says_more(one, known) for one in fragments)


def _behind_a_comma(parsed: str | None, title: str) -> str:
    """ "…, revisited": what was read as title beyond `title` and a comma."""
    key, rest = titles.key(title), editions.blanked(titles.strip_markup(parsed or ""))
    place = len(title)
    return _after_comma(rest[place:]) if titles.key(rest[:place]) == key else ""


def _after_comma(text: str) -> str:
    """What a comma puts behind a title, unless it is an edition or a publisher's acronym."""
    found = _COMMA.match(text)
    if not found or _EDITION.search(found.group(1)) or (found.group(1).isupper() and len(found.group(1).strip()) < 6):
        return ""
    return found.group(1)


def _reads_on(parsed: str | None, title: str) -> bool:
    return bool(parsed) and titles.key(title) + "in" in titles.key(parsed or "")


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


def _says_more(fragment: str, known: Collection[str]) -> bool:
    unknown = [
        word
        for word in map(fold_word, words(fragment))
        if len(word) >= _LEAST and word not in known and word not in _NO_PART_OF_A_TITLE
    ]
    return any(process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=75) is None for word in unknown)
