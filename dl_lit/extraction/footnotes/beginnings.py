"""Where in a piece of a note the citation begins: behind "Vgl.", behind "... discussed by", or at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dl_lit.extraction.footnotes import phrases
from dl_lit.extraction.footnotes.judging import UNMISTAKABLE, URL, begins, is_comment
from dl_lit.extraction.footnotes.quoting import shut
from dl_lit.extraction.footnotes.short_forms import is_short_name

_UPPER = phrases.UPPER
_OPENING = phrases.OPENING
_NEAR = 80  # characters: an address further inside is mentioned, not cited

# In prose: words before which a title or an author's name may begin ...
_PLACES = re.compile(
    r"(?<=\s)(?:bei|von|by|durch|nach|in|auf|aus|from|siehe|see|vgl\.|cf\.|etwa|z\. ?B\.|auch|als|per|s\.|näher|"
    r"ausführlich\w*|insbes\w*\.?|bereits|schon|dazu|hierzu|jetzt|zuletzt|especially|also|further|notably)\s"
    rf"(?=[{_UPPER}{_OPENING}])|:\s+(?=[{_UPPER}{_OPENING}]|https?:|www\.)|(?<=[,(])\s?(?=www\.|https?:)"
)
# ... and those before which only what is unmistakable counts.
_ANYWHERE = re.compile(rf"(?<=[^\W\d_]{{2}})\s(?=[{_UPPER}])")


def beginnings(piece: str) -> Iterator[int]:
    """Where the citation may begin, the likeliest place first."""
    first = _behind_lead(piece)
    named = begins(piece[first:]) and not is_comment(piece[first:])
    if named:
        yield first
    for at in places_in_prose(piece, first):
        again = phrases.LEAD.match(piece, at)
        yield again.end() if again else at
    if not named:
        yield first
        yield from _address(piece)


def _behind_lead(piece: str) -> int:
    lead = None if phrases.DITTO.match(piece) else phrases.LEAD.match(piece)
    return lead.end() if lead else 0


def _address(piece: str) -> Iterator[int]:
    found = URL.search(piece)
    if found and found.start() < _NEAR and not phrases.VERB.search(piece[: found.start()]):
        yield found.start()


def places_in_prose(piece: str, first: int = 0) -> list[int]:
    """Places inside a sentence; short forms last, the tightest first ("Bell 1990", not "Contribution Bell 1990")."""
    closed = shut(piece)
    led = [found.end() for found in _PLACES.finditer(piece, first) if begins(piece[found.end() :])]
    anywhere = [found.end() for found in _ANYWHERE.finditer(piece, first)]
    others = [at for at in anywhere if UNMISTAKABLE.match(piece, at)]
    short = [at for at in anywhere if is_short_name(piece[at:])]
    return [at for at in (*sorted({*led, *others}), *reversed(short)) if not closed[at]]
