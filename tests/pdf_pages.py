"""PDFs made for tests: lines set at given places, paragraphs wrapped into columns with the indents of a style."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pymupdf

from dl_lit.extraction.limits import FileLimits
from dl_lit.extraction.worker import extract
from dl_lit.model import Reference

open_pdf: Any = pymupdf.open  # PyMuPDF has no annotations
rect: Any = pymupdf.Rect

BODY = (
    "The survey asked every household twice about the hours spent at work and at home, and the answers were compared "
    "with the diaries that a smaller group kept during the same weeks. Differences between the two were small on days "
    "without travel, larger at the end of the week, and largest in spring, when many were away."
)

AUTHOR_YEAR = (
    "Adler, M. and Brandt, S. (1999): Time at work and time at home. A comparison of diaries. Journal of Household "
    "Studies, 12(3), 210-233.",
    "Bellmann, Karl (2003): Arbeit und Alltag im ländlichen Raum. Frankfurt am Main: Suhrkamp.",
    "Castell, R. (2001): The uses of spare hours. In: Dorn, P. (ed.): Leisure and its limits. London: Sage, 45-67.",
    "Dietrich, Anna/Engel, Horst (1987): Die Zeitbudgets der Haushalte. Opladen: Leske + Budrich.",
    "Esping, G. (1990): Three worlds of shopping. Cambridge: Polity Press.",
    "Fuchs, W. (2010): Measuring the week. Sociological Methods Review 39, 1-28. https://doi.org/10.1000/smr.2010.77",
    "Grün, Tobias (2005): Haushalt und Zeit. Ein Überblick. Zeitschrift für Alltagsforschung 8, S. 12-40.",
    "Hartmann, P. J. (1994): Diaries against questionnaires. Public Opinion Notes 58(2), 101-119.",
    "Ivens, L., Jansen, K. and Koch, M. (2012): Travel, time and work. Transport and Society 4, 77-95.",
    "König, Ursula (1978): Der Feierabend. Göttingen: Vandenhoeck & Ruprecht.",
    "Lorenz, B. (2007): Weekend effects in diary data. Survey Practice Quarterly 21(4), 300-318.",
    "Maier-Schmidt, E. (2015): Spring and the working week. Annals of Time Use 3, 5-19.",
)


class Sheet:
    """A PDF under construction; y runs down the page, and `paragraph` moves on to a new column or page by itself."""

    def __init__(
        self, *, width: float = 595, height: float = 842, columns: int = 1, size: float = 10, head: str | None = None
    ) -> None:
        """`head` is set at the top of each page with the page's number."""
        self.document = open_pdf()
        self.head = head
        self.width, self.height, self.columns, self.size = width, height, columns, size
        self.column, self.y = 0, 0.0
        self.page()

    def page(self) -> Sheet:
        self._page = self.document.new_page(width=self.width, height=self.height)
        self.column, self.y = 0, 90.0
        if self.head:
            self.at(60, 50, f"{self.head} {111 + len(self.document)}").at(290, self.height - 20, "Some Journal 4 (2)")
        return self

    @property
    def left(self) -> float:
        return 60 + self.column * (self.width - 100) / self.columns

    def at(self, x: float, y: float, text: str, *, size: float | None = None, bold: bool = False) -> Sheet:
        """A line at a place of its own (a running head, a page number)."""
        self._page.insert_text((x, y), text, fontsize=size or self.size, fontname="tibo" if bold else "tiro")
        return self

    def link(self, x: float, uri: str) -> Sheet:
        """Over the line set last."""
        area = rect(x, self.y - 2.2 * self.size, x + 50, self.y - 1.2 * self.size)
        self._page.insert_link({"kind": pymupdf.LINK_URI, "from": area, "uri": uri})
        return self

    def gap(self, points: float) -> Sheet:
        self.y += points
        return self

    def heading(self, text: str) -> Sheet:
        self.gap(14)
        self.at(self.left, self.y, text, size=self.size + 2, bold=True)
        return self.gap(18)

    def paragraph(self, text: str, *, first: float = 0, rest: float = 0, after: float = 0) -> Sheet:
        """`first` and `rest` are the indents of the first and the other lines."""
        letters = int((self.width - 130) / self.columns / (0.46 * self.size)) - (4 if self.columns > 1 else 0)
        for number, line in enumerate(textwrap.wrap(text, letters, break_on_hyphens=False)):
            self.line(line, rest if number else first)
        return self.gap(after)

    def line(self, text: str, indent: float = 0) -> Sheet:
        if self.y > self.height - 90:
            self.column += 1
            self.y = 90.0
            if self.column == self.columns:
                self.page()
        self.at(self.left + indent, self.y, text)
        return self.gap(1.2 * self.size)

    def save(self, path: Path, **options: object) -> Path:
        self.document.save(path, **options)
        self.document.close()
        return path


def article(columns: int = 1, *, paragraphs: int = 6, heading: str = "References") -> Sheet:
    """A sheet with a title and some text, ready for its list."""
    sheet = Sheet(columns=columns)
    sheet.at(60, 70, "How Households Report Their Time", size=16, bold=True)
    sheet.gap(20)
    for _ in range(paragraphs):
        sheet.paragraph(BODY, after=6)
    return sheet.heading(heading)


def hanging(sheet: Sheet, entries: Sequence[str], *, after: float = 0) -> Sheet:
    for entry in entries:
        sheet.paragraph(entry, rest=16, after=after)
    return sheet


def scanned(path: Path, *, stamp: str = "", turned: int = 0) -> Path:
    """The pages as pictures, as a scanner makes them; `turned` by 90 degrees or 270, they lie on their side."""
    scan: Any = open_pdf()
    with open_pdf(path) as document:
        for page in document:
            picture = page.get_pixmap(dpi=200, colorspace=pymupdf.csGRAY)
            width, height = page.rect.width, page.rect.height
            target = scan.new_page(width=height, height=width) if turned else scan.new_page(width=width, height=height)
            target.insert_image(target.rect, stream=picture.tobytes("png"), rotate=turned)
            if stamp:
                target.insert_text((150, 830), stamp, fontsize=7)
    scan.save(path.with_name("scan.pdf"))
    scan.close()
    return path.with_name("scan.pdf")


def read(sheet: Sheet, folder: Path) -> tuple[Reference, ...]:
    """The references of the paper."""
    return extract(str(sheet.save(folder / "paper.pdf")), FileLimits()).references


def folded(texts: list[str] | tuple[str, ...]) -> list[str]:
    return [text.replace(" ", "").replace("-", "") for text in texts]


def assert_read_whole(references: tuple[Reference, ...], entries: tuple[str, ...] = AUTHOR_YEAR) -> None:
    assert folded([reference.raw for reference in references]) == folded(entries)
