"""Does the sentence in which a title stands go on before or behind it? Then it is part of another title."""

from __future__ import annotations

import re
from collections.abc import Collection

from rapidfuzz import fuzz, process

from dl_lit.enrichment.printed import Printed, Span
from dl_lit.enrichment.vocabulary import NOT_NAMES, NOT_TITLES, SEASONS
from dl_lit.identity import editions, titles
from dl_lit.identity.folding import words
from dl_lit.identity.names import fold_word
from dl_lit.identity.word_lists import SMALL_WORDS

# From the last mark that can stand between a title and what is before it; up to the first one behind it.
_AHEAD = re.compile(r"[^.:;,?!()\[\]{}“”\"„»«‘’‚‹›\d–—/|=]*")  # read backwards
_BEHIND = re.compile(r"(?:(?!\s-\s)[^.:;,?!()\[\]{}“”\"„»«’‹›\d–—/|=])*")
# "A note on “…", "Summary of: …": what is quoted there is only the object of the title.
_OBJECT = re.compile(
    r"(?i)\b(?:on|of|to|for|with|from|zu|zum|zur|über|von|sur|de|sobre|aus)\s*(?::\s*[“\"„»«‘‚‹›]?|[“\"„»«‘‚‹›])\s*$"
)
_PARTICLE = re.compile(r",\s*(?:[^\W\d_]+\.?[\s-]){1,3}(?:von|zu|zum|zur|de)\s*:\s*$")  # "Kutschera, Franz von: …"
_EDITION = re.compile(r"(?i)\b(?:ed|edn|edition|éd|aufl|auflage|ausg|ausgabe|edición|edição)\b")
_COMMA = re.compile(r"\s*,([^.:;,()\[\]“”\"„»«‘’\d]*)")
_IN = re.compile(r"\s*In\b")
# Seasons are what titles speak of; months only date them.
_NO_PART_OF_A_TITLE = (NOT_NAMES | NOT_TITLES | SMALL_WORDS) - SEASONS
_LEAST = 3  # letters of a word that says something


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


def _says_more(fragment: str, known: Collection[str]) -> bool:
    unknown = [
        word
        for word in map(fold_word, words(fragment))
        if len(word) >= _LEAST and word not in known and word not in _NO_PART_OF_A_TITLE
    ]
    return any(process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=75) is None for word in unknown)
