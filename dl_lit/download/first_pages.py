"""The first pages of a file as rows with their size of type, recognised where they are pictures."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pymupdf

from dl_lit.extraction.backends import tesseract
from dl_lit.extraction.limits import OcrLimits
from dl_lit.extraction.programs import ProgramFailed
from dl_lit.extraction.quality import POOR, quality
from dl_lit.identity.folding import is_latin, letters

TOP_LETTERS = 1200  # of a page: above its title there may be a journal's head, a licence, an abstract's beginning
_WITH_TEXT = 3  # pages that are read
_LOOKED_AT = 12  # pages among which these are: blank ones and pictures may come before
FEWEST_LETTERS = 80  # a page with fewer is blank or a picture
_WIDE = 1.15  # times the height
_LARGER = 1.15  # times the usual size
_BOLD = 16  # MuPDF's flag
_OCR_PAGES, _OCR_SECONDS, _OCR_DPI = 3, 25.0, 200
_NUMBER_ALONE = re.compile(r"\W*\d{1,4}\W*")
_YEAR = re.compile(r"(?:1[6-9]|20)\d\d")
_NUMBERED = re.compile(r"\d{1,4}\s+(?=\D)")
_BLANKS = r"[^\S\n]{0,20}"
REFERENCES = re.compile(
    rf"(?im)^{_BLANKS}(?:\d{{1,3}}\.?{_BLANKS}|[IVX]{{1,7}}\.?{_BLANKS})?"
    r"(?:references(?: cited| and notes)?|r e f e r e n c e s|bibliography|works cited|literature(?: cited)?|notes|"
    r"literatur(?:verzeichnis|hinweise)?|quellen|références|bibliographie|referencias|bibliografía|"
    rf"список литературы|литература|参考文献|文献){_BLANKS}:?{_BLANKS}$"
)
CONTENTS = re.compile(
    r"(?i)\W*(?:table of contents|contents|in this issue|(?:aus dem )?inhalt(?:sverzeichnis|sübersicht)?|sommaire|"
    r"table des matières|[íi]ndice|sumário|contenido|contenuti|inhoud|innehåll|innhold|indhold|sisällys|spis treści|"
    r"obsah|tartalom|cuprins|sadržaj|kazalo|içindekiler|περιεχόμενα|содержание|зміст|оглавление|目录|目次|차례)\W*"
)
_LEADER = re.compile(r"(?:(?:[.·…_]\s?){3,}|\s{3,})(\d{1,4})\W*$")
_FEWEST_LISTED = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One printed line; places and sizes in points."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool

    def is_like(self, other: Row) -> bool:
        return abs(self.size - other.size) < 0.06 * self.size + 0.3 and self.bold == other.bold


@dataclass(frozen=True, slots=True)
class FirstPage:
    """`number` counts from 1; `usual` is the size of most letters; `rows` has no line numbers."""

    number: int
    rows: tuple[Row, ...]
    usual: float
    usually_bold: bool
    height: float

    @property
    def text(self) -> str:
        """All of it up to a list of references: there the wanted work may be cited by another."""
        whole = self.whole_text
        heading = REFERENCES.search(whole)
        return whole[: heading.start()] if heading else whole

    @property
    def whole_text(self) -> str:
        return "\n".join(row.text for row in self.rows)

    @property
    def prominent(self) -> str:
        """Where a title may stand: the top, and the rows that stand out."""
        return "\n".join([self.text[:TOP_LETTERS], *(row.text for row in self.rows if self.stands_out(row))])

    def stands_out(self, row: Row) -> bool:
        return row.size > self.usual * _LARGER or (row.bold and not self.usually_bold)


def first_pages(document: Any) -> list[FirstPage]:
    """The first pages that have text."""
    pages: list[FirstPage] = []
    for number in range(min(document.page_count, _LOOKED_AT)):
        read = page_of(document, number)
        if sum(len(row.text) for row in read.rows) > 8:
            pages.append(read)
        if len([one for one in pages if len(letters(one.text)) >= FEWEST_LETTERS]) == _WITH_TEXT:
            break
    return pages


def page_of(document: Any, number: int) -> FirstPage:
    """`number` counts from 0."""
    page = document[number]
    return _page(number + 1, _rows(page), page.rect.height)


def described_as(document: Any) -> str:
    return " ".join(str(value) for value in (document.metadata or {}).values() if value)


def last_text(document: Any) -> str:
    """That of the last page, where some texts are signed."""
    return str(document[document.page_count - 1].get_text())


def is_wide(page: Any) -> bool:
    """Lying: a slide, or two printed pages."""
    return bool(page.rect.width > _WIDE * page.rect.height)


def listing_of(page: FirstPage) -> int:
    """The place of the row where a table of contents begins: by its heading, or by rows that lead to pages; else the
    number of rows."""
    listed = [n for n, row in enumerate(page.rows) if _LEADER.search(row.text)]
    to = [int(_LEADER.findall(page.rows[n].text)[-1]) for n in listed]
    rises = len(to) >= _FEWEST_LISTED and to == sorted(to) and to[0] < to[-1]
    headed = (n for n, row in enumerate(page.rows) if CONTENTS.fullmatch(row.text))
    return min(next(headed, len(page.rows)), listed[0] if rises else len(page.rows))


def _page(number: int, rows: Sequence[Row], height: float) -> FirstPage:
    sizes: Counter[float] = Counter()
    bold: Counter[bool] = Counter()
    for row in rows:
        sizes[round(row.size, 1)] += len(row.text)
        bold[row.bold] += len(row.text)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    return FirstPage(number, tuple(_unnumbered(rows, usual)), usual, bold[True] > bold[False], height)


def _rows(page: Any) -> list[Row]:
    found = []
    for block in page.get_text("dict", flags=pymupdf.TEXTFLAGS_TEXT)["blocks"]:
        for line in block.get("lines", ()):
            spans = [span for span in line["spans"] if span["text"].strip()]
            if spans:
                longest = max(spans, key=lambda span: len(span["text"]))
                bold = bool(longest["flags"] & _BOLD) or "bold" in longest["font"].lower()
                text = "".join(span["text"] for span in line["spans"])
                x0, y0, x1, y1 = line["bbox"]
                found.append(Row(text.strip(), x0, y0, x1, y1, longest["size"], bold))
    return found


def _unnumbered(rows: Sequence[Row], usual: float) -> Iterator[Row]:
    """Without the numbers of pages, and those that manuscripts print beside each line; a year may be of a title."""
    numbered = sum(1 for row in rows if _NUMBERED.match(row.text)) * 2 > len(rows) > 6
    for row in rows:
        if _NUMBER_ALONE.fullmatch(row.text) and not (_YEAR.fullmatch(row.text) and row.size > usual * _LARGER):
            continue
        text = _NUMBERED.sub("", row.text, count=1) if numbered else row.text
        yield Row(text, row.x0, row.y0, row.x1, row.y1, row.size, row.bold) if numbered else row


# ── pictures of pages ────────────────────────────────────────────────────────────────────────────────────


def is_readable(pages: Sequence[FirstPage], least: float = POOR) -> bool:
    """Whether there is text to judge by, of a quality of `least`: more than a stamp, and words rather than noise."""
    text = "\n".join(page.whole_text for page in pages)
    if len(set(letters(text))) < 8 or len(letters(text)) < FEWEST_LETTERS:
        return False
    return not is_latin(text) or quality([text]) >= least


def are_pictures(document: Any) -> bool:
    """Whether most of the first pages are filled by a picture."""
    pages = [document[number] for number in range(min(document.page_count, _OCR_PAGES + 1))]
    return 2 * sum(map(_is_picture, pages)) >= len(pages)


def _is_picture(page: Any) -> bool:
    area = max(1.0, abs(page.rect))
    return any(abs(pymupdf.Rect(image["bbox"]) & page.rect) > 0.5 * area for image in page.get_image_info())


def has_a_picture_on_top(document: Any) -> bool:
    """Whether the upper half of the first page has a picture as wide and flat as a line of print, in which a title
    may be drawn; logos are smaller, figures higher."""
    page = document[0]
    boxes = [pymupdf.Rect(one["bbox"]) for one in page.get_image_info()]
    width, height = page.rect.width, page.rect.height
    return any(box.y0 < height / 2 and box.width > width / 3 and height / 60 < box.height < height / 5 for box in boxes)


def _worth_recognising(document: Any) -> list[int]:
    """Pictures, or where no page is one, the first pages: their fonts may tell nothing."""
    numbers = range(min(document.page_count, _LOOKED_AT))
    return ([n for n in numbers if _is_picture(document[n])] or list(numbers))[:_OCR_PAGES]


def recognised(document: Any, ocr: OcrLimits, seconds: float) -> list[FirstPage]:
    """What tesseract reads of the first pages that are pictures; nothing where it is not installed or fails."""
    ends = time.monotonic() + min(seconds, _OCR_SECONDS)
    try:
        usable = tuple(language for language in ocr.languages if language in tesseract.languages())
    except ProgramFailed:
        return []
    found: list[FirstPage] = []
    for number in _worth_recognising(document) if usable else ():
        page = document[number]
        picture = page.get_pixmap(dpi=_OCR_DPI, colorspace=pymupdf.csGRAY, alpha=False).tobytes("pgm")
        try:
            lines, _ = tesseract.read_picture(
                picture, number + 1, scale=72 / _OCR_DPI, languages=usable, seconds=ends - time.monotonic()
            )
        except ProgramFailed:
            break
        rows = [Row(line.text, line.x0, line.y0, line.x1, line.y1, line.size, False) for line in lines]
        found.append(_page(number + 1, rows, page.rect.height))
    return found
