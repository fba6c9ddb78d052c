"""What shows that a file is the wanted work: its title with an author, its own DOI, arXiv's stamp."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dl_lit.download.author_rows import is_telling, names_an_author, who_is_wanted
from dl_lit.download.bylines import has_byline
from dl_lit.download.covers import other_behind_cover
from dl_lit.download.expectation import Expectation
from dl_lit.download.fault import Fault
from dl_lit.download.first_pages import REFERENCES, FirstPage, described_as
from dl_lit.download.headings import SHORT_KEY, in_latin, is_listed, shown
from dl_lit.download.other_texts import OTHER_ABOVE, OTHER_BEFORE
from dl_lit.download.title_prints import Care
from dl_lit.download.title_rows import Shown, Wanted, forms_of
from dl_lit.identity import doi as dois_of
from dl_lit.identity import names
from dl_lit.identity.folding import fold, letters
from dl_lit.model import DownloadReason

_EDGE = 0.25  # of the height, at top and bottom, where an article's own DOI stands
_WORDS_BESIDE_A_DOI = 40  # letters
_NOT_ITS_OWN = re.compile(
    r"\b(?:see|cf|extends?|earlier|previous|companion|data|dataset|code|codebook|supplement\w*|siehe|vgl|ergänzt|cited|cites"
    r"|refers?|refer to|comment\w*|response|reply|replication|original publication|related|linked"
    r"|of the (?:article|paper|study)|bezieht|zum (?:artikel|beitrag)|kommentar\w*|quelle)\b"
)
_LONGEST_POINTER = 60  # letters


@dataclass(frozen=True, slots=True)
class Known:
    """`identity` says what showed the work, on `page`; `fault` why it is another one."""

    identity: str | None = None
    page: FirstPage | None = None
    fault: Fault | None = None
    hit: Shown | None = None  # the title as it stands on `page`


def know(document: Any, pages: Sequence[FirstPage], expectation: Expectation, *, is_read: bool = False) -> Known:
    """`is_read`: the text was recognised from pictures. What a file says in its description alone shows nothing."""
    described = described_as(document)
    by_doi = _has_its_own_doi(pages, expectation)
    care = Care.SURE if by_doi else Care.READ if is_read else Care.TYPED
    hits = list(_hits(pages, expectation, care))
    own = [hit for hit in hits if hit.other is None]
    if own and (fault := other_behind_cover(document, pages, hits, expectation)) is not None:
        return Known(fault=fault)
    if own:
        named = by_doi or names_an_author(document, pages, own, described, expectation)
        return _by_title(own[0], expectation, by_doi=by_doi, named=named)
    if _is_stamped(pages, expectation):
        return Known("arxiv", pages[0])
    if hits:
        return Known(fault=Fault(DownloadReason.WRONG_WORK, f"another text about it: {hits[0].other}"))
    named = names_an_author(document, pages, (), described, expectation)
    if by_doi and (named or not expectation.authors):
        return _by_doi(document, pages, expectation)
    forms = _forms(expectation)
    if named and any(in_latin(page, form) for page in pages for form in forms):
        return Known("title", pages[0])
    return Known(fault=_listed(pages, forms))


def _by_title(hit: Shown, expectation: Expectation, *, by_doi: bool, named: bool) -> Known:
    if named:
        return Known("title and doi" if by_doi else "title", hit.page, hit=hit)
    telling = is_telling(expectation.title or "", SHORT_KEY)
    if not expectation.authors and telling:
        return Known("title", hit.page, hit=hit)
    who = who_is_wanted(expectation.authors)
    if not telling:
        return Known(fault=Fault(DownloadReason.WRONG_WORK, f"a title that many works have, without {who or 'a name'}"))
    return Known(fault=Fault(DownloadReason.UNVERIFIED, f"it has the title, but none of the authors ({who})"))


def _by_doi(document: Any, pages: Sequence[FirstPage], expectation: Expectation) -> Known:
    """Without the title, which may be a translated one, a line must give the authors as its own."""
    if has_byline(document, pages, expectation):
        return Known("doi", pages[0])
    detail = "the work's DOI stands on it, but neither its title nor a line with its authors"
    return Known(fault=Fault(DownloadReason.WRONG_WORK, detail))


def _forms(expectation: Expectation, care: Care = Care.TYPED) -> list[Wanted]:
    title = expectation.title or ""
    families = frozenset(word for one in expectation.authors for word in names.family_words(one) if len(word) > 2)
    return forms_of(Wanted(title, expectation.subtitle, care=care, families=families)) if letters(title) else []


def _hits(pages: Sequence[FirstPage], expectation: Expectation, care: Care) -> Iterator[Shown]:
    """The whole title before a part of it."""
    taken: set[tuple[int, int]] = set()
    for form in _forms(expectation, care):
        for page in pages:
            for hit in shown(page, form):
                if (place := (page.number, hit.first)) not in taken:
                    taken.add(place)
                    yield hit


def _listed(pages: Sequence[FirstPage], forms: Sequence[Wanted]) -> Fault | None:
    if not any(is_listed(page, form) for page in pages for form in forms):
        return None
    return Fault(DownloadReason.WRONG_WORK, "a table of contents that lists it: a whole issue or book, or a part")


# ── DOI and stamp ──────────────────────────────────────────────────────────────────────────────


def _has_its_own_doi(pages: Sequence[FirstPage], expectation: Expectation) -> bool:
    """The DOI stands alone, or in a head or foot; in a sentence or a list it may be a work's that is discussed here."""
    if expectation.doi is None or not pages:
        return False
    if any(OTHER_BEFORE.match(fold(row.text)) or OTHER_ABOVE.fullmatch(fold(row.text)) for row in pages[0].rows[:8]):
        return False
    container = letters(expectation.container or "")
    for page in pages:
        for place, row in enumerate(page.rows):
            if REFERENCES.fullmatch(row.text):
                break
            if expectation.doi not in dois_of.find(row.text) or _is_in_a_sentence(page, place):
                continue
            if not _is_pointed_at(page, place) and _is_the_pages_own(page, row.text, row.y0, container):
                return True
    return False


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


def _is_stamped(pages: Sequence[FirstPage], expectation: Expectation) -> bool:
    """arXiv prints "arXiv:1706.03762v7 [cs.CL] 2 Aug 2023" in the margin; a citation has no subject after it."""
    if expectation.arxiv is None:
        return False
    stamp = rf"(?i)arxiv:\s*{re.escape(expectation.arxiv)}(?:v\d+)?\s*\["
    return any(re.search(stamp, page.text) for page in pages[:2])
