"""How much of a work, and how much beside it, a file may hold to be its copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest

from dl_lit.model import DownloadReason
from download_world import TITLE
from test_download_recognition import EXPECTED, PREVIEW, TEXT, WRONG, Printed, article, judged, typeset

HEAD: Sequence[Printed] = [("A Journal 3", 8), (TITLE, 16), ("Astrid Berglund", 11), (TEXT, 9)]
PLAIN: Sequence[Printed] = [(TEXT, 9)]
BOOK = replace(EXPECTED, pages=None, type="book")
NINETEEN = replace(EXPECTED, pages="211-229")


@pytest.mark.parametrize(
    ("count", "pages", "reason"),
    [
        (4, "211-255", PREVIEW),
        (5, "211-270", PREVIEW),
        (9, "211-250", PREVIEW),
        (14, "211-240", None),  # small print on large paper
        (60, "211-229", None),  # a manuscript with wide lines
        (46, "101-105", None),  # with a supplement
        (220, "211-229", WRONG),
    ],
)
def test_the_records_pages_are_compared_with_the_files(
    tmp_path: Path, count: int, pages: str, reason: DownloadReason | None
) -> None:
    assert judged(tmp_path, article(TITLE, pages=count), replace(EXPECTED, pages=pages)).reason is reason


def numbered(first: int, count: int, *, covers: int = 0) -> bytes:
    """With a page number at the foot of each page, as journals have."""
    with pymupdf.open(stream=article(TITLE, pages=count)) as document:
        for n, sheet in enumerate(document):
            sheet.insert_text((290, 815), str(first + n), fontsize=8)
        for _ in range(covers):
            document.new_page(0).insert_text((60, 60), "A repository's cover")
        return bytes(document.tobytes())


def test_printed_page_numbers_tell_that_the_end_is_missing(tmp_path: Path) -> None:
    assert "its last page is 220" in (judged(tmp_path, numbered(211, 10), NINETEEN).detail or "")
    assert judged(tmp_path, numbered(211, 10, covers=1), NINETEEN).reason is PREVIEW
    assert judged(tmp_path, numbered(211, 18), NINETEEN).reason is None  # the last one holds a few lines, or none
    assert judged(tmp_path, numbered(1, 10), NINETEEN).reason is None  # another format, with its own numbers
    assert judged(tmp_path, numbered(1, 10), replace(NINETEEN, pages="1-19")).reason is None


def test_one_page_of_several_is_told_by_its_head_where_the_record_is_silent(tmp_path: Path) -> None:
    unknown = replace(EXPECTED, pages=None)
    head = "A Journal 38 (2011) 211-229"
    assert judged(tmp_path, article(TITLE, pages=1, above=head), unknown).reason is PREVIEW
    assert judged(tmp_path, article(TITLE, pages=1, above="A Journal 38 (2010-2011) 211"), unknown).reason is None
    assert judged(tmp_path, article(TITLE, pages=2, above=head), unknown).reason is None


def test_pages_with_little_text_are_not_a_longer_article(tmp_path: Path) -> None:
    sheets = typeset(HEAD, *([[("A figure", 9)] * 8] * 7))
    assert "little text" in (judged(tmp_path, sheets, NINETEEN).detail or "")


def sections(title: str) -> Sequence[Printed]:
    return [("A Journal 3", 8), (title, 16), ("C. Stranger", 11), (TEXT, 9)]


def test_an_issue_is_known_by_the_titles_in_it(tmp_path: Path) -> None:
    others = [page for n in range(5) for page in (sections(f"On bees and their neighbours {n}"), *[PLAIN] * 8)]
    assert "several works" in (judged(tmp_path, typeset(HEAD, *[PLAIN] * 18, *others), NINETEEN).detail or "")
    supplement = [sections("Supplementary text on glaciers"), *[PLAIN] * 44]
    assert judged(tmp_path, typeset(HEAD, *[PLAIN] * 18, *supplement), NINETEEN).reason is None


@pytest.mark.parametrize("word", ["Contenido", "Innehåll", "Spis treści", "Indice", "Aus dem Inhalt", "Articles"])
def test_an_issue_is_known_by_its_contents_whatever_they_are_called(tmp_path: Path, word: str) -> None:
    listed = "\n".join(f"{TITLE if n == 0 else 'On bees'} ........ {18 * n + 1}" for n in range(6))
    issue = typeset([("A Journal", 20), (word, 12), (listed, 10)], HEAD, *[PLAIN] * 60)
    assert judged(tmp_path, issue, NINETEEN).reason is WRONG
    alone = typeset([("A Journal", 20), (word, 12), (listed, 10)], PLAIN)
    assert judged(tmp_path, alone, replace(EXPECTED, pages=None)).reason is WRONG


def test_the_works_own_contents_may_come_before_its_title(tmp_path: Path) -> None:
    own = "1 Introduction ..... 1\n2 Methods ..... 10\n3 Results ..... 20\n4 Discussion ..... 40"
    assert judged(tmp_path, typeset([("Contents", 12), (own, 10)], HEAD, *[PLAIN] * 60), NINETEEN).reason is None


@pytest.mark.parametrize("count", [6, 19, 24, 39])
def test_a_few_pages_are_not_a_book(tmp_path: Path, count: int) -> None:
    assert judged(tmp_path, article(TITLE, pages=count), BOOK).reason is PREVIEW


def test_a_short_thesis_and_a_book_of_two_pages_on_one_are_whole(tmp_path: Path) -> None:
    assert judged(tmp_path, article(TITLE, pages=28), replace(BOOK, type="dissertation")).reason is None
    assert judged(tmp_path, article(TITLE, pages=24), replace(BOOK, type="dissertation")).reason is PREVIEW
    assert judged(tmp_path, article(TITLE, pages=24), replace(BOOK, pages="1-24")).reason is None
    wide = typeset(HEAD, *[PLAIN] * 29, size=(842, 595))
    assert judged(tmp_path, wide, BOOK).reason is None


def test_the_previous_articles_file_is_not_the_one_that_begins_on_its_last_page(tmp_path: Path) -> None:
    before = [("A Journal 3", 8), ("On bees", 16), ("C. Stranger", 11), (TEXT, 9)]
    assert judged(tmp_path, typeset(before, HEAD)).reason is PREVIEW
    assert judged(tmp_path, typeset(before, HEAD, *[PLAIN] * 8)).reason is None
    assert judged(tmp_path, typeset(before, HEAD), replace(EXPECTED, pages="101-102")).reason is None


def test_printed_page_numbers_tell_that_the_beginning_is_missing(tmp_path: Path) -> None:
    assert "its first page is 215" in (judged(tmp_path, numbered(215, 12), NINETEEN).detail or "")
    assert judged(tmp_path, numbered(212, 15), NINETEEN).reason is None  # its title page may have no number
    assert judged(tmp_path, numbered(5, 12), NINETEEN).reason is None


def test_page_numbers_are_read_at_the_edge_of_small_print_on_a_large_sheet(tmp_path: Path) -> None:
    with pymupdf.open(stream=article(TITLE, pages=12)) as document:
        for n, sheet in enumerate(document):
            sheet.insert_text((290, 700), f"A Journal {215 + n}", fontsize=8)
        assert "its first page is 215" in (judged(tmp_path, bytes(document.tobytes()), NINETEEN).detail or "")


def test_page_numbers_tell_what_stands_behind_the_article(tmp_path: Path) -> None:
    def with_more(first: int, then: int) -> bytes:
        with pymupdf.open(stream=numbered(first, 19)) as document, pymupdf.open(stream=numbered(then, 20)) as more:
            document.insert_pdf(more, from_page=1)
            return bytes(document.tobytes())

    assert "goes on with page 230" in (judged(tmp_path, with_more(211, 229), NINETEEN).detail or "")
    assert judged(tmp_path, with_more(211, 430), NINETEEN).reason is WRONG
    assert judged(tmp_path, with_more(211, 0), NINETEEN).reason is None  # a supplement, from its page 1 on
    assert judged(tmp_path, numbered(1, 38), replace(NINETEEN, pages="6-24")).reason is None  # a manuscript
