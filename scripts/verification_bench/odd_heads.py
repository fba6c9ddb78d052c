"""True copies whose heads look like something else: initials like numbers of parts, years above, kinds above."""

from __future__ import annotations

from verification_bench.scans import TRUE
from verification_bench.setting import Draft, names, paragraph
from verification_bench.true_copies import SIX, article, kind
from verification_bench.works import Made, Shelf, expectation

__all__ = ["TRUE"]  # with the kinds of this module entered


@kind("initial like a number, in the title's print")
def initial(shelf: Shelf) -> Made:
    work = shelf.article()
    name = f"{shelf.rng.choice(('I.', 'V.', 'X.', 'I. V.'))} {work.authors[0].family}"
    return Made(article(work, shelf.rng, title=f"{work.title}\n{name}").bytes(), expectation(work))


@kind("in one size, a year above")
def year_above(shelf: Shelf) -> Made:
    work = shelf.article()
    above = shelf.rng.choice(
        ("MAY 1968", f"{work.container} 12, 145-152, {work.year}", f"© {work.year}", f"Report No. 12, {work.year}")
    )
    draft = Draft().page().text(above, 10, after=30).text(work.title, 10, after=10)
    draft.text(f"{names(work.authors)}, {work.year}", 10, after=30).filler(SIX, shelf.rng)
    return Made(draft.bytes(), expectation(work, pages=None))


@kind("a sign for and")
def ampersand(shelf: Shelf) -> Made:
    work = shelf.article(longest=100)
    wanted = expectation(work, title=f"Tides and {work.title}", subtitle=None)
    return Made(article(work, shelf.rng, title=f"Tides & {work.title}").bytes(), wanted)


@kind("a reply, its kind above")
def reply(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text("REPLY", 11, "tibo", after=6).title(work.title).text(names(work.authors), 11)
    wanted = expectation(work, title=f"Reply: {work.title}", subtitle=None, pages=None)
    return Made(draft.filler(SIX, shelf.rng).bytes(), wanted)


@kind("British print of an American title")
def british(shelf: Shelf) -> Made:
    work = shelf.article(longest=80)
    wanted = expectation(work, title=f"{work.title} and labor behavior in fiber centers", subtitle=None)
    printed = f"{work.title} and labour behaviour in fibre centres"
    return Made(article(work, shelf.rng, title=printed).bytes(), wanted)


@kind("pages of a report on their sides")
def landscape(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft((842.0, 595.0)).page().title(work.title, 24).text(names(work.authors), 12, after=8)
    for number in range(12):
        draft.page().text(f"Finding {number + 1}", 16, "tibo", after=8).text(paragraph(shelf.rng)[:600], 11)
    return Made(draft.bytes(), expectation(work, type="report", pages=None))


@kind("speaks of previews, logins and prices")
def speaks_of_shops(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().title(work.title).text(names(work.authors), 11, after=8)
    draft.text("This is a preview of the argument that the second part makes at length.", after=8)
    draft.text(
        "Users who log in and accept the privacy policy pay a fee of US$ 3.50 each month; those who do not subscribe "
        "see the first page of each text, and whoever wants more must purchase the rest of it, as we show below."
    )
    return Made(draft.filler(2, shelf.rng).bytes(), expectation(work, pages="101-102"))
