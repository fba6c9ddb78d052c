"""Files that bear the work's title and are no copy by their shape: portfolios, posters, slides, covers, offers."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from dl_lit.download import extent
from dl_lit.download.covers import is_cover
from dl_lit.download.editions import other_edition
from dl_lit.download.expectation import Expectation
from dl_lit.download.fault import Fault
from dl_lit.download.first_pages import FirstPage, is_wide, page_of
from dl_lit.download.notices import as_notice
from dl_lit.download.other_texts import calls_itself_preview, shop_words
from dl_lit.download.title_rows import Shown
from dl_lit.identity.folding import letters
from dl_lit.model import DownloadReason

_POSTER = 1.5e6  # square points: nearly A2
_FEWEST_LETTERS_OF_A_WORK = 150  # besides its title and authors
_PAGES_OF_A_SHOP, _PAGES_OF_A_PREVIEW = 3, 3
_FEWEST_SLIDES = 3
# Of a page: fewer are pictures, or surely slides, or usually, or hardly where there are no headings.
_FEWEST_LETTERS_OF_A_SLIDE, _LETTERS_OF_A_BARE_SLIDE, _LETTERS_OF_A_SLIDE, _MOST_LETTERS_OF_A_SLIDE = 20, 300, 900, 1600
_WORDS_OF_A_LABEL = 7


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
    if expectation.type != "presentation" and _are_slides(document, expectation):
        return Fault(DownloadReason.WRONG_WORK, "slides: few words on each of many wide pages")
    if count <= _PAGES_OF_A_PREVIEW and calls_itself_preview(text):
        return Fault(DownloadReason.PREVIEW, "it calls itself a preview, or says that there is no full text")
    if count <= _PAGES_OF_A_SHOP and shop_words(_labels(pages)) >= 2:
        return Fault(DownloadReason.WRONG_WORK, "a page that sells the work or asks for a login, printed as a PDF")
    if count == 1 and is_cover(pages[0]):
        return Fault(DownloadReason.PREVIEW, "a repository's cover without the text")
    if (notice := as_notice(count, pages, hit, expectation)) is not None:
        return notice
    if count <= 2 and shown_on is not None and _is_bare(document, text, expectation):
        return Fault(DownloadReason.PREVIEW, "a cover: hardly a word besides title and authors")
    return _other_extent(document, pages, shown_on, hit, expectation)


def _area(page: Any) -> float:
    return float(page.rect.width * page.rect.height)


def _are_slides(document: Any, expectation: Expectation) -> bool:
    """Few words on wide pages, or more below headings. Reports are often wide, and a wide page may hold two."""
    count = document.page_count
    sample = range(0, count, max(1, count // 20))
    wide = sum(1 for n in sample if is_wide(document[n]))
    if count < _FEWEST_SLIDES or wide * 4 < len(sample) * 3:
        return False
    said = median(len(document[n].get_text()) for n in sample)
    if not _FEWEST_LETTERS_OF_A_SLIDE < said < _MOST_LETTERS_OF_A_SLIDE or expectation.type == "report":
        return _FEWEST_LETTERS_OF_A_SLIDE < said < _LETTERS_OF_A_BARE_SLIDE
    if said < _LETTERS_OF_A_BARE_SLIDE:
        return True
    two_to_a_page = abs(2 * count - expectation.page_count) < count // 2
    return _has_headings(document, sample) or (said < _LETTERS_OF_A_SLIDE and not two_to_a_page)


def _has_headings(document: Any, sample: range) -> bool:
    """Whether most pages begin with a row in large print."""
    pages = [page_of(document, n) for n in sample]
    headed = [page for page in pages if any(row.size > 1.3 * page.usual for row in page.rows[:3])]
    return len(headed) * 4 > len(pages) * 3


def _labels(pages: Sequence[FirstPage]) -> str:
    """Short rows, as of buttons and forms; in sentences a work may speak of logins and prices."""
    rows = (row.text for page in pages for row in page.rows)
    return "\n".join(row for row in rows if len(row.split()) <= _WORDS_OF_A_LABEL)


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
        return late or extent.part_of_a_book(document.page_count, pages) or other_edition(pages, expectation)
    if expectation.is_article and shown_on is not None:
        return extent.more_than_an_article(document, pages, shown_on, hit, expectation)
    return None
