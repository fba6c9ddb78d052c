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
from dl_lit.download.first_pages import FirstPage, described_as
from dl_lit.download.headings import SHORT_KEY, in_latin, is_listed, shown
from dl_lit.download.own_dois import has_its_own_doi, other_doi
from dl_lit.download.title_prints import Care
from dl_lit.download.title_rows import Shown, Wanted, forms_of
from dl_lit.identity import names
from dl_lit.identity.folding import letters
from dl_lit.model import DownloadReason


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
    by_doi = has_its_own_doi(pages, expectation)
    care = Care.SURE if by_doi else Care.READ if is_read else Care.TYPED
    hits = list(_hits(pages, expectation, care))
    own = [hit for hit in hits if hit.other is None]
    if own and (fault := other_behind_cover(document, pages, hits, expectation)) is not None:
        return Known(fault=fault)
    if own and not by_doi and (other := other_doi(own[0].page, expectation)) is not None:
        detail = f"it has the title, but gives another DOI as its own: {other}"
        return Known(fault=Fault(DownloadReason.UNVERIFIED, detail))
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


# ── stamp ──────────────────────────────────────────────────────────────────────────────


def _is_stamped(pages: Sequence[FirstPage], expectation: Expectation) -> bool:
    """arXiv prints "arXiv:1706.03762v7 [cs.CL] 2 Aug 2023" in the margin; a citation has no subject after it."""
    if expectation.arxiv is None:
        return False
    stamp = rf"(?i)arxiv:\s*{re.escape(expectation.arxiv)}(?:v\d+)?\s*\["
    return any(re.search(stamp, page.text) for page in pages[:2])
