"""The DOIs that a file gives as its own: alone on a line, or in a head or foot. In a sentence or a list of references
it may be that of a work which is only spoken of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dl_lit.download.expectation import Expectation
from dl_lit.download.first_pages import REFERENCES, FirstPage
from dl_lit.download.other_texts import OTHER_ABOVE, OTHER_BEFORE
from dl_lit.identity import doi as dois_of
from dl_lit.identity.folding import fold, letters

_EDGE = 0.25  # of the height, at top and bottom, where an article's own DOI stands
_WORDS_BESIDE_A_DOI = 40  # letters
_NOT_ITS_OWN = re.compile(
    r"\b(?:see|cf|extends?|earlier|previous|companion|data|dataset|code|codebook|supplement\w*|siehe|vgl|ergänzt|cited|cites"
    r"|refers?|refer to|comment\w*|response|reply|replication|original publication|related|linked|version of record"
    r"|of the (?:article|paper|study)|bezieht|zum (?:artikel|beitrag)|kommentar\w*|quelle)\b"
)
_LONGEST_POINTER = 60  # letters
# Repositories and preprint servers, where a work may have several: Zenodo, SSRN, OSF, figshare, Research Square …
_SEVERAL = re.compile(
    r"10\.(?:5281|2139|31\d{3}|35\d{3}|6084|21203|1101|48550|13140|17605|17632|20944|22541|26434|3386|7554|12688|3310"
    r"|35241|5194)/"
)
_ISSN = re.compile(r"\(?issn\)?|\d{4}-\d{3}[\dx]$")  # that of a journal


def has_its_own_doi(pages: Sequence[FirstPage], expectation: Expectation) -> bool:
    if expectation.doi is None or not pages:
        return False
    if any(OTHER_BEFORE.match(fold(row.text)) or OTHER_ABOVE.fullmatch(fold(row.text)) for row in pages[0].rows[:8]):
        return False
    return any(expectation.doi in found for page in pages for found in _own(page, expectation))


def other_doi(page: FirstPage, expectation: Expectation) -> str | None:
    """The DOI that the page gives as its own where it is another one of the registrant that gave the work's, who gives
    a work one."""
    wanted = expectation.doi
    if wanted is None or _SEVERAL.match(wanted):
        return None
    registrant = wanted.partition("/")[0] + "/"
    for found in _own(page, expectation):
        for doi in found:
            if doi.startswith(registrant) and not (_may_be(doi, wanted) or _ISSN.search(doi)):
                return doi
    return None


def _may_be(doi: str, wanted: str) -> bool:
    """The end may be cut, or have a part's or other letters behind it; but another number is another work's."""
    behind = doi.removeprefix(wanted) if doi.startswith(wanted) else None
    if behind is None:
        return wanted.startswith(doi)
    return not (wanted[-1:].isdigit() and behind[:1].isdigit())


def _own(page: FirstPage, expectation: Expectation) -> Iterator[list[str]]:
    """The DOIs of each row that gives them as the page's own."""
    container = letters(expectation.container or "")
    for place, row in enumerate(page.rows):
        if REFERENCES.fullmatch(row.text):
            return
        found = list(dois_of.find(row.text))
        if not found or _is_in_a_sentence(page, place) or _is_pointed_at(page, place):
            continue
        if _is_the_pages_own(page, row.text, row.y0, container):
            yield found


def _is_in_a_sentence(page: FirstPage, place: int) -> bool:
    """Words go on behind it, or on the next line."""
    row = page.rows[place]
    behind = row.text.rpartition("10.")[2].partition(" ")[2]
    below = page.rows[place + 1] if place + 1 < len(page.rows) else None
    goes_on = below is not None and below.is_like(row) and 0 < below.y0 - row.y0 < 1.75 * row.size
    return bool(re.match(r"\W*[a-z]{2,}", behind)) or (goes_on and below is not None and below.text[:1].islower())


def _is_pointed_at(page: FirstPage, place: int) -> bool:
    """The short line above it says that it is another text's: "DOI of the article:"."""
    above, row = page.rows[place - 1] if place else None, page.rows[place]
    if above is None or not 0 <= row.y0 - above.y0 < 2 * row.size or len(above.text) > _LONGEST_POINTER:
        return False
    return bool(_NOT_ITS_OWN.search(fold(above.text)))


def _is_the_pages_own(page: FirstPage, text: str, y: float, container: str) -> bool:
    beside = re.sub(r"(?i)https?://\S+|10\.\d{4,}\S+|\bdoi\b|digital object identifier|\d", " ", text)
    if _NOT_ITS_OWN.search(fold(beside)):
        return False
    told = letters(beside).replace(container, "") if container else letters(beside)
    at_the_edge = y < _EDGE * page.height or y > (1 - _EDGE / 2) * page.height
    return len(told) <= (_WORDS_BESIDE_A_DOI if at_the_edge else _WORDS_BESIDE_A_DOI // 3)
