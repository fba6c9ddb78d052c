"""Files that bear the work's title and are a part of it, or more than it: previews, covers, issues, slides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from dl_lit.download.expectation import Expectation
from dl_lit.download.first_pages import CONTENTS, FirstPage
from dl_lit.download.headings import last_listed
from dl_lit.download.other_texts import calls_itself_preview, calls_itself_thesis, shop_words, tells_an_extent
from dl_lit.identity.folding import letters
from dl_lit.model import DownloadReason

_POSTER = 1.5e6  # square points: nearly A2
_FEWEST_LETTERS_OF_A_WORK = 150  # besides its title and authors
_LEAST_SHARE = 4  # a manuscript or another format has fewer pages than the record, but hardly a quarter
_FEWEST_EXPECTED = 10  # of so few, two or three may be an odd copy
_PAGES_OF_A_REVIEW, _PAGES_OF_A_SHOP, _PAGES_OF_A_PREVIEW = 15, 3, 3
_MORE_PAGES, _MORE_PAGES_IF_UNKNOWN = 15, 50  # than an article has an issue
_FEWEST_SLIDES, _LETTERS_OF_A_SLIDE = 5, 900


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file is not kept."""

    reason: DownloadReason
    detail: str


def before_reading(document: Any, expectation: Expectation) -> Fault | None:
    """What needs no look at the text."""
    pages, expected = document.page_count, expectation.page_count
    if document.xref_get_key(document.pdf_catalog(), "Collection")[0] != "null":
        return Fault(DownloadReason.UNVERIFIED, "a portfolio: a cover page with other files inside")
    if pages == 1 and expected > 1:
        said = "a book" if expectation.is_book and not expectation.pages else str(expected)
        return Fault(DownloadReason.PREVIEW, f"one page of {said}")
    if pages <= _PAGES_OF_A_PREVIEW and max(_FEWEST_EXPECTED, pages * _LEAST_SHARE) < expected:
        return Fault(DownloadReason.PREVIEW, f"{pages} pages of {expected}")
    return None


def after_reading(
    document: Any, pages: Sequence[FirstPage], shown_on: FirstPage | None, expectation: Expectation
) -> Fault | None:
    """What a file that shows the work's title is if not the work. `shown_on` is the page of the title."""
    count = document.page_count
    text = "\n".join(page.whole_text for page in pages)
    if count == 1 and _area(document[0]) > _POSTER:
        return Fault(DownloadReason.WRONG_WORK, "one page of a poster's size")
    if _are_slides(document) and expectation.type != "presentation":
        return Fault(DownloadReason.WRONG_WORK, "slides: few words on each of many wide pages")
    if count <= _PAGES_OF_A_PREVIEW and calls_itself_preview(text):
        return Fault(DownloadReason.PREVIEW, "it calls itself a preview, or says that there is no full text")
    if count <= _PAGES_OF_A_SHOP and shop_words(text) >= 2:
        return Fault(DownloadReason.WRONG_WORK, "a page that sells the work or asks for a login, printed as a PDF")
    if count <= 2 and shown_on is not None and _is_bare(document, text, expectation):
        return Fault(DownloadReason.PREVIEW, "a cover: hardly a word besides title and authors")
    return _other_extent(count, pages, shown_on, expectation)


def _area(page: Any) -> float:
    return float(page.rect.width * page.rect.height)


def _are_slides(document: Any) -> bool:
    count = document.page_count
    if count < _FEWEST_SLIDES:
        return False
    sample = [document[number] for number in range(0, count, max(1, count // 20))]
    wide = sum(1 for page in sample if page.rect.width > 1.15 * page.rect.height)
    if wide * 4 < len(sample) * 3:
        return False
    return 20 < median(len(page.get_text()) for page in sample) < _LETTERS_OF_A_SLIDE


def _is_bare(document: Any, text: str, expectation: Expectation) -> bool:
    if any(page.get_images() for page in document):
        return False
    people = sum(len(letters(f"{one.given or ''}{one.family or one.name or ''}")) for one in expectation.authors)
    own = len(letters(f"{expectation.title}{expectation.subtitle or ''}{expectation.doi or ''}")) + people
    return len(letters(text)) - own < _FEWEST_LETTERS_OF_A_WORK


def _other_extent(
    count: int, pages: Sequence[FirstPage], shown_on: FirstPage | None, expectation: Expectation
) -> Fault | None:
    if expectation.is_book:
        listed = last_listed(pages)
        if listed > 1.5 * count + 20:
            return Fault(DownloadReason.PREVIEW, f"a part: its contents go to page {listed}, it has {count}")
        if count <= _PAGES_OF_A_REVIEW and pages and tells_an_extent(pages[0].text[:1500]):
            return Fault(DownloadReason.WRONG_WORK, f"a review: {count} pages that begin with the extent of a book")
        return None
    if expectation.is_article and shown_on is not None:
        return _more_than_an_article(count, pages, shown_on, expectation)
    return None


def _more_than_an_article(
    count: int, pages: Sequence[FirstPage], shown_on: FirstPage, expectation: Expectation
) -> Fault | None:
    expected = expectation.page_count
    most = expected + _MORE_PAGES if expected else _MORE_PAGES_IF_UNKNOWN
    contents = [page for page in pages if any(CONTENTS.fullmatch(row.text) for row in page.rows)]
    if count > most and any(page.number < shown_on.number for page in contents):
        return Fault(DownloadReason.WRONG_WORK, f"a whole issue or book: contents before the title, {count} pages")
    if count > most and any(calls_itself_thesis(page.text[:3000]) for page in pages):
        return Fault(DownloadReason.WRONG_WORK, f"a thesis of {count} pages, not the article")
    return None
