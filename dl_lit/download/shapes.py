"""Files that bear the work's title and are no copy by their shape: portfolios, posters, slides, covers, offers."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from dl_lit.download import extent
from dl_lit.download.expectation import Expectation
from dl_lit.download.fault import Fault
from dl_lit.download.first_pages import FirstPage
from dl_lit.download.headings import Shown
from dl_lit.download.other_texts import calls_itself_preview, shop_words
from dl_lit.identity.folding import letters
from dl_lit.model import DownloadReason

_POSTER = 1.5e6  # square points: nearly A2
_FEWEST_LETTERS_OF_A_WORK = 150  # besides its title and authors
_PAGES_OF_A_SHOP, _PAGES_OF_A_PREVIEW = 3, 3
_FEWEST_SLIDES, _LETTERS_OF_A_SLIDE = 5, 900


def before_reading(document: Any) -> Fault | None:
    """What needs no look at the text."""
    if document.xref_get_key(document.pdf_catalog(), "Collection")[0] != "null":
        return Fault(DownloadReason.UNVERIFIED, "a portfolio: a cover page with other files inside")
    return None


def after_reading(
    document: Any, pages: Sequence[FirstPage], shown_on: FirstPage | None, hit: Shown | None, expectation: Expectation
) -> Fault | None:
    """What a file that shows the work is if not the work; its title, the `hit`, stands on the page `shown_on`."""
    count = document.page_count
    if (little := extent.too_little(document, expectation)) is not None:
        return little
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
    return _other_extent(document, pages, shown_on, hit, expectation)


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
    document: Any, pages: Sequence[FirstPage], shown_on: FirstPage | None, hit: Shown | None, expectation: Expectation
) -> Fault | None:
    late = extent.begins_too_late(document, hit, expectation) if hit is not None else None
    if late is not None or expectation.is_book:
        return late or extent.part_of_a_book(document.page_count, pages)
    if expectation.is_article and shown_on is not None:
        return extent.more_than_an_article(document, pages, shown_on, hit, expectation)
    return None
