"""Whether a file has about as much in it as its work: not a part, and not a whole issue or book around it.

The range of pages in the record is the strongest sign. A manuscript has up to three times as many pages as print, and a
supplement may stand behind it; small print on large paper makes half as many, hardly a quarter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pymupdf

from dl_lit.download.expectation import Expectation
from dl_lit.download.fault import Fault
from dl_lit.download.first_pages import FEWEST_LETTERS, FirstPage, Row, is_wide, listing_of, page_of
from dl_lit.download.headings import last_listed
from dl_lit.download.other_texts import calls_itself_thesis, tells_an_extent
from dl_lit.download.title_rows import Shown
from dl_lit.identity.folding import fold, is_latin, letters
from dl_lit.model import DownloadReason

_LEAST_SHARE = 4  # a manuscript or another format has fewer pages than the record, but hardly a quarter
_FEWEST_EXPECTED = 10  # of so few, two or three may be an odd copy
_LEAST_LETTERS = 900  # of a printed page, pictures and all; asked of files with less than half the pages
_LETTERS_OF_A_SIGN = 3  # what a Chinese or Japanese character says
_FEWEST_OF_A_BOOK, _FEWEST_OF_A_THESIS = 40, 25  # pages; UNESCO calls a book what has 49, Nash's thesis has 28
_PAGES_OF_A_REVIEW = 15
_MORE_PAGES, _MORE_PAGES_IF_UNKNOWN = 15, 50  # than an article has an issue
_MOST_TIMES, _MOST_BEHIND = 6, 60  # an article's pages as a manuscript, and a supplement behind it
_LIKE_TITLES, _LOOKED_THROUGH = 3, 200  # headings as large as the title; pages
_LARGE = 1.25  # times the usual size
_NOT_A_MANUSCRIPTS = 3  # page; they begin on 1, or 2 behind a cover
_LONG_RUN = 5  # pages
_SHORTEST_RUN, _IN_STEP = 3, 0.6  # pages with the right number; their share
_MOST_COVERS = 3
_EDGE = 0.1  # of the height
_WITH_YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d\b")
_RANGE = re.compile(r"(?<![\d–-])(\d{1,5})\s?[–-]\s?(\d{1,5})(?![\d–-])")
_OWN_SECTIONS = re.compile(r"\b(?:introduction|einleitung|methods?|results|discussion|conclusions?|fazit|references)\b")


def is_short(document: Any, expectation: Expectation) -> bool:
    """Less than half of the record's pages, where these are more than a few."""
    return _are_few(_leaves(document), expectation.page_count)


def _are_few(leaves: int, expected: int) -> bool:
    return expected > _FEWEST_EXPECTED and 2 * leaves < expected


def too_little(document: Any, expectation: Expectation) -> Fault | None:
    pages, expected = document.page_count, expectation.page_count
    if pages == 1 and expected > 1:
        said = "a book" if expectation.is_book and not expectation.pages else str(expected)
        return Fault(DownloadReason.PREVIEW, f"one page of {said}")
    if pages == 1 and not expectation.pages and (printed := _printed_extent(page_of(document, 0))) > 1:
        return Fault(DownloadReason.PREVIEW, f"one page of {printed} by its own head")
    if (cut := ends_early(document, expectation) or begins_inside(document, expectation)) is not None:
        return cut
    leaves = _leaves(document)
    if leaves * _LEAST_SHARE < expected > _FEWEST_EXPECTED:
        return Fault(DownloadReason.PREVIEW, f"{pages} pages of {expected}")
    if _are_few(leaves, expected) and _says_little(document, expected):
        return Fault(DownloadReason.PREVIEW, f"{pages} pages with little text, of {expected}")
    least = _FEWEST_OF_A_THESIS if expectation.type == "dissertation" else _FEWEST_OF_A_BOOK
    if expectation.is_book and expected <= 2 and leaves < least:
        return Fault(DownloadReason.PREVIEW, f"{pages} pages: a part of the book, or something about it")
    return None


def ends_early(document: Any, expectation: Expectation) -> Fault | None:
    """By the numbers printed on its pages, where these run in step with the record's: they stop before its last one."""
    first, last = expectation.first_and_last
    count = document.page_count
    if first < _NOT_A_MANUSCRIPTS or not _SHORTEST_RUN <= count < last - first:
        return None
    printed = [_edge_numbers(page) for page in document]
    for before in range(min(_MOST_COVERS, count - _SHORTEST_RUN) + 1):
        fits = sum(first + n in numbers for n, numbers in enumerate(printed[before:]))
        end = first + count - before - 1
        if fits >= max(_SHORTEST_RUN, _IN_STEP * (count - before)) and end < last - 1:
            return Fault(DownloadReason.PREVIEW, f"its last page is {end}, the work goes to {last}")
    return None


def begins_inside(document: Any, expectation: Expectation) -> Fault | None:
    """By the numbers printed on its pages, where all of them are of the record's: they begin behind its first one."""
    first, last = expectation.first_and_last
    count = document.page_count
    if not _SHORTEST_RUN <= count < last - first:
        return None
    printed = [_edge_numbers(page) for page in document]
    for start in range(first + 2, last - count + 3):
        fits = sum(start + n in numbers for n, numbers in enumerate(printed))
        if fits >= max(_SHORTEST_RUN, _IN_STEP * count):
            return Fault(DownloadReason.PREVIEW, f"its first page is {start}, the work begins on {first}")
    return None


def _edge_numbers(page: Any) -> set[int]:
    """The numbers at the ends of the lines in a page's head and foot; what is printed may be smaller than its sheet."""
    width, height = page.rect.width, page.rect.height
    printed = [block for block in page.get_text("blocks") if block[4].strip()]
    top, end = min((one[1] for one in printed), default=0), max((one[3] for one in printed), default=height)
    edge = _EDGE * (end - top)
    above, below = max(_EDGE * height, top + edge), min((1 - _EDGE) * height, end - edge)
    edges = (pymupdf.Rect(0, 0, width, above), pymupdf.Rect(0, below, width, height))
    lines = [line for one in edges for line in page.get_text(clip=one).split("\n")]
    return {int(found) for line in lines for found in re.findall(r"^\s*\d{1,5}\b|\b\d{1,5}\s*$", line)}


def _printed_extent(page: FirstPage) -> int:
    """The pages that a head or foot gives beside its year, as journals do: "J. Biol. 38 (2013) 211-223"; else 0."""
    for row in page.rows:
        if _EDGE * 1.5 * page.height < row.y0 < (1 - 1.5 * _EDGE) * page.height or not _WITH_YEAR.search(row.text):
            continue
        for first, last in _RANGE.findall(row.text):
            if not _WITH_YEAR.fullmatch(first) and 0 < int(last) - int(first) < _LOOKED_THROUGH:
                return int(last) - int(first) + 1
    return 0


def _leaves(document: Any) -> int:
    """Printed pages: a wide one may show two."""
    if document.page_count > 2 * _LOOKED_THROUGH:
        return int(document.page_count)
    return sum(2 if is_wide(page) else 1 for page in document)


def _says_little(document: Any, expected: int) -> bool:
    """Never of a scan, whose text is not known."""
    texts = [page.get_text() for page in document]
    counts = [sum(map(str.isalpha, text)) for text in texts]
    bare = [page for page, count in zip(document, counts, strict=True) if count < FEWEST_LETTERS]
    if 2 * sum(1 for page in bare if page.get_images()) > len(counts):
        return False
    weight = 1 if is_latin("".join(texts[:3])) else _LETTERS_OF_A_SIGN
    return weight * sum(counts) < _LEAST_LETTERS * expected


def begins_too_late(document: Any, hit: Shown, expectation: Expectation) -> Fault | None:
    """Of a file of what was printed before it: the work begins on its last page."""
    rest, expected = document.page_count - hit.page.number + 1, expectation.page_count
    if hit.page.number > 1 and expected > 2 and (rest == 1 or rest * _LEAST_SHARE < expected > _FEWEST_EXPECTED):
        where = f"it begins on page {hit.page.number} of {document.page_count}"
        return Fault(DownloadReason.PREVIEW, f"{where}, and has {expected}: a copy of what stands before it")
    return None


def part_of_a_book(count: int, pages: Sequence[FirstPage]) -> Fault | None:
    listed = last_listed(pages)
    if listed > 1.5 * count + 20:
        return Fault(DownloadReason.PREVIEW, f"a part: its contents go to page {listed}, it has {count}")
    if count <= _PAGES_OF_A_REVIEW and pages and tells_an_extent(pages[0].text[:1500]):
        return Fault(DownloadReason.WRONG_WORK, f"a review: {count} pages that begin with the extent of a book")
    return None


def more_than_an_article(
    document: Any, pages: Sequence[FirstPage], shown_on: FirstPage, hit: Shown | None, expectation: Expectation
) -> Fault | None:
    count, expected = document.page_count, expectation.page_count
    if count <= (expected + _MORE_PAGES if expected else _MORE_PAGES_IF_UNKNOWN):
        return None
    if any(page.number < shown_on.number and _lists_works(page, expectation) for page in pages):
        return Fault(DownloadReason.WRONG_WORK, f"a whole issue or book: contents before the title, {count} pages")
    if any(calls_itself_thesis(page.text[:3000]) for page in pages):
        return Fault(DownloadReason.WRONG_WORK, f"a thesis of {count} pages, not the article")
    if numbered := _numbered_behind(document, hit, expectation):
        detail = f"a whole issue or book: behind the work it goes on with page {numbered}"
        return Fault(DownloadReason.WRONG_WORK, detail)
    if hit is not None and _begins_others(document, hit):
        return Fault(DownloadReason.WRONG_WORK, f"a whole issue or book: titles of several works, {count} pages")
    if expected and count > _MOST_TIMES * expected + _MOST_BEHIND:
        return Fault(DownloadReason.WRONG_WORK, f"{count} pages for {expected}: more than the article")
    return None


def _lists_works(page: FirstPage, expectation: Expectation) -> bool:
    """A table of contents, but not the work's own, which names its sections."""
    rows = page.rows[listing_of(page) :]
    text = "\n".join(row.text for row in rows)
    own = len(set(_OWN_SECTIONS.findall(fold(text)))) > 1 and letters(expectation.title or "") not in letters(text)
    return bool(rows) and not own


def _numbered_behind(document: Any, hit: Shown | None, expectation: Expectation) -> int:
    """The number with which the print goes on behind the work's own pages; 0 where it does not, or where a supplement
    begins with its page 1. A manuscript's own numbers come to the record's some pages behind its title."""
    first, last = expectation.first_and_last
    if hit is None or first <= _LONG_RUN or document.page_count > _LOOKED_THROUGH:
        return 0
    printed = [_edge_numbers(page) for page in document]
    end = next((n for n in range(1, len(printed)) if last in printed[n] and last - 1 in printed[n - 1]), len(printed))
    behind = printed[end + 1 :] if 0 <= end - (last - first) - (hit.page.number - 1) <= 1 else []
    for place in range(len(behind) - _LONG_RUN + 1):
        for number in behind[place]:
            runs = all(number + n in behind[place + n] for n in range(1, _LONG_RUN))
            if runs and number - place >= _NOT_A_MANUSCRIPTS:
                return number
    return 0


def _begins_others(document: Any, hit: Shown) -> bool:
    """Whether, behind the work's title, several different headings have its print: in an issue, each article's."""
    title = hit.page.rows[hit.first]
    if title.size < _LARGE * hit.page.usual:
        return False
    found: set[str] = set()
    for number in range(hit.page.number, min(document.page_count, _LOOKED_THROUGH)):
        page = page_of(document, number)
        found |= {key for row in page.rows if (key := _title_like(row, title, page))}
        if len(found) >= _LIKE_TITLES:
            return True
    return False


def _title_like(row: Row, title: Row, page: FirstPage) -> str:
    """Its letters, where a row in the upper half has the print of a title; else nothing."""
    same = abs(row.size - title.size) < 0.3 and row.bold == title.bold
    key = letters(row.text)
    telling = same and row.y0 < page.height / 2 and len(row.text.split()) > 2 and len(key) >= 12
    return key if telling and key not in letters(title.text) else ""
