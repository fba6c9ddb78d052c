"""False copies with the work's title that hold a part of it, or a whole issue around it."""

from __future__ import annotations

from verification_bench.false_copies import FALSE, kind
from verification_bench.setting import Draft, names
from verification_bench.true_copies import article, source
from verification_bench.works import Made, Shelf, expectation

__all__ = ["FALSE", "kind"]  # with the kinds of this module entered

BOOK = (430.0, 650.0)
HEADINGS = ("Contenido", "Innehåll", "Spis treści", "Indice", "Aus dem Inhalt", "Articles", "Volume 12, Number 3")


@kind("whole issue, its contents under another word")
def issue_in_other_words(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text(work.container or "A Journal", 26, after=30)
    draft.text(shelf.rng.choice(HEADINGS), 14, "tibo", after=10)
    for number in range(8):
        title = shelf.other(work).title if number else work.title
        draft.text(f"{title[:60]} ........ {18 * number + 1}", 10, after=4)
    for number in range(7):
        article(shelf.other(work) if number else work, shelf.rng, pages=18, draft=draft)
    return Made(draft.bytes(), expectation(work, pages="1-18"))


@kind("whole issue without contents")
def issue_without_contents(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft()
    for number in range(7):
        article(shelf.other(work) if number else work, shelf.rng, pages=18, draft=draft)
    return Made(draft.bytes(), expectation(work, pages="1-18"))


@kind("ten times the pages of the article")
def ten_times(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(work, shelf.rng, pages=220).bytes(), expectation(work, pages="211-229"))


@kind("first pages of many more")
def first_pages_only(shelf: Shelf) -> Made:
    work = shelf.article()
    few, pages = shelf.rng.choice(((4, "211-255"), (5, "211-270"), (9, "1-40")))
    return Made(article(work, shelf.rng, pages=few).bytes(), expectation(work, pages=pages))


@kind("abstract and title page of a longer article")
def little_text(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = article(work, shelf.rng, pages=1)
    for number in range(5):
        draft.page().text(f"Figure {number + 1}. One of the findings, with its bars.", 9)
    return Made(draft.bytes(), expectation(work, pages="211-230"))


@kind("previous article, on whose last page it begins")
def previous_article(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = article(shelf.other(work), shelf.rng, pages=1)
    draft.page().text("So much for the matter.", after=10).title(work.title, 17).text(names(work.authors), 11, after=9)
    return Made(draft.filler(1, shelf.rng).bytes(), expectation(work, pages="146-151"))


@kind("one chapter of the book, under its name")
def one_chapter(shelf: Shelf) -> Made:
    work = shelf.book()
    draft = Draft(BOOK).page().text(f"{work.title}\n{names(work.authors or work.editors)}", 9, after=20)
    draft.title("Chapter 3\nSmiths and their customers", 18)
    return Made(draft.filler(24, shelf.rng).bytes(), expectation(work))


@kind("introduction or index of the book, behind its title page")
def piece_of_a_book(shelf: Shelf) -> Made:
    work = shelf.book()
    draft = Draft(BOOK).page().title(work.title, 22).text(names(work.authors or work.editors), 13)
    draft.page().title(shelf.rng.choice(("Introduction", "Index", "Preface")), 15)
    return Made(draft.filler(18, shelf.rng).bytes(), expectation(work))


@kind("sample of the book")
def sample(shelf: Shelf) -> Made:
    work = shelf.book()
    draft = Draft(BOOK).page().text(shelf.rng.choice(("Leseprobe aus", "Sample chapter", "Extrait")), 12, after=9)
    draft.title(work.title, 22).text(names(work.authors or work.editors), 13)
    return Made(draft.page().filler(14, shelf.rng).bytes(), expectation(work))


@kind("slides, three to a page")
def handout(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().title(work.title, 20).text(names(work.authors), 14).text(source(work), 10)
    for number in range(8):
        draft.page()
        for place in range(3):
            draft.title(f"Finding {3 * number + place}", 16).text(
                "• it is small\n• it is old\n• few saw it", 14, after=90
            )
    return Made(draft.bytes(), expectation(work, pages="211-229"))
