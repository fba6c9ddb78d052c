"""Copies that are the wanted work, however they look: each must be kept, or set aside where a person would doubt."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import replace

from dl_lit.identity.folding import to_latin
from dl_lit.model import Person
from dl_lit.standin.catalogue import CatalogueWork
from verification_bench.setting import Draft, names, paragraph
from verification_bench.works import Made, Maker, Shelf, entering, expectation, pages_of

TRUE: dict[str, Maker] = {}
SIX = 6
UMLAUTS = {
    ord(letter): spelt for letter, spelt in zip("äöüßÄÖÜ", ("ae", "oe", "ue", "ss", "Ae", "Oe", "Ue"), strict=True)
}


kind = entering(TRUE)


def source(work: CatalogueWork) -> str:
    return (
        f"{work.container or work.publisher or 'Working Papers'} {work.volume or ''} ({work.year}) {work.pages or ''}"
    )


def whole(work: CatalogueWork) -> int:
    return pages_of(work) or SIX


def article(
    work: CatalogueWork,
    rng: random.Random,
    *,
    title: str | None = None,
    people: str | None = None,
    pages: int | None = None,
    doi: bool = False,
    size: float = 17,
    draft: Draft | None = None,
) -> Draft:
    """A usual copy: journal, title, authors, abstract, text; it has as many pages as the record says, or `pages`."""
    sheet = draft or Draft()
    sheet.page().text(source(work), 8, after=10)
    sheet.title(title or work.title, size)
    sheet.text(names(work.authors or work.editors) if people is None else people, 11, after=10)
    if doi:
        sheet.text(f"https://doi.org/{work.doi}", 8, after=10)
    sheet.text("Abstract", 9, "tibo").text(paragraph(rng), 9, after=10)
    return sheet.filler(whole(work) if pages is None else pages, rng)


@kind("plain")
def plain(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(work, shelf.rng).bytes(), expectation(work))


@kind("with a doi")
def with_doi(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(work, shelf.rng, doi=True).bytes(), expectation(work))


@kind("short title")
def short_title(shelf: Shelf) -> Made:
    work = shelf.short_titled()
    return Made(article(work, shelf.rng).bytes(), expectation(work))


@kind("accents lost")
def accents_lost(shelf: Shelf) -> Made:
    work = shelf.german()
    bare = "".join(c for c in unicodedata.normalize("NFKD", work.title) if not unicodedata.combining(c))
    return Made(article(work, shelf.rng, title=bare).bytes(), expectation(work))


@kind("umlauts spelt out")
def umlauts(shelf: Shelf) -> Made:
    work = shelf.german()
    spelt = work.title.translate(UMLAUTS)
    return Made(article(work, shelf.rng, title=spelt).bytes(), expectation(work))


@kind("subtitle missing in print")
def subtitle_missing(shelf: Shelf) -> Made:
    work = shelf.subtitled()
    return Made(article(work, shelf.rng).bytes(), expectation(work))


@kind("subtitle inside the record's title")
def subtitle_inside(shelf: Shelf) -> Made:
    work = shelf.subtitled()
    whole = expectation(work, title=f"{work.title}: {work.subtitle}", subtitle=None)
    return Made(article(work, shelf.rng).bytes(), whole)


@kind("subtitle missing in the record")
def subtitle_more(shelf: Shelf) -> Made:
    work = shelf.subtitled()
    both = f"{work.title}: {work.subtitle}"
    return Made(article(work, shelf.rng, title=both).bytes(), expectation(work, subtitle=None))


@kind("subtitle on its own line")
def subtitle_line(shelf: Shelf) -> Made:
    work = shelf.subtitled()
    return Made(
        article(work, shelf.rng, title=f"{work.title}\n{work.subtitle}").bytes(), expectation(work, subtitle=None)
    )


@kind("running title above")
def running_title(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft()
    draft.head = f"{work.authors[0].family} / {' '.join(work.title.split()[:4])}"
    return Made(article(work, shelf.rng, draft=draft).bytes(), expectation(work))


@kind("capitals")
def capitals(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(
        article(work, shelf.rng, title=work.title.upper(), people=names(work.authors).upper()).bytes(),
        expectation(work),
    )


@kind("letter-spaced")
def letter_spaced(shelf: Shelf) -> Made:
    work = shelf.article(longest=80)
    spaced = "   ".join(" ".join(word) for word in work.title.split())
    people = ", ".join(" ".join(person.family or "") for person in work.authors)
    return Made(article(work, shelf.rng, title=spaced, people=people, size=13).bytes(), expectation(work))


@kind("ligatures")
def ligatures(shelf: Shelf) -> Made:
    work = shelf.article()
    printed = work.title.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("fl", "ﬂ").replace("ff", "ﬀ")
    return Made(article(work, shelf.rng, title=printed).bytes(), expectation(work))


@kind("hyphenated over lines")
def hyphenated(shelf: Shelf) -> Made:
    work = shelf.article()
    words = [
        f"{word[: len(word) // 2]}-\n{word[len(word) // 2 :]}" if len(word) > 9 else word for word in work.title.split()
    ]
    return Made(article(work, shelf.rng, title=" ".join(words)).bytes(), expectation(work))


@kind("narrow column")
def narrow(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text(source(work), 8, after=10)
    draft.text(work.title, 15, "tibo", width=200, after=8).text(names(work.authors), 10, width=200, after=8)
    left = draft.y
    while draft.y < 740:
        draft.text(paragraph(shelf.rng), width=215, after=4)
    draft.y = left
    while draft.y < 720:
        draft.text(paragraph(shelf.rng), x=310, width=215, after=4)
    draft.page().filler(whole(work), shelf.rng)
    return Made(draft.bytes(), expectation(work))


@kind("title between columns of journal data")
def interleaved(shelf: Shelf) -> Made:
    """The file's order is row by row, so that each line of the title is followed by one of the box beside it."""
    work = shelf.article(longest=110)
    draft = Draft().page()
    words = work.title.split()
    rows = [" ".join(words[n : n + 3]) for n in range(0, len(words), 3)]
    box = ("RESEARCH ARTICLE", "Received 3 May", "Accepted 9 June", "Open Access", "Volume 3", "Issue 2", "ISSN 1234")
    for number, row in enumerate(rows):
        draft.put(70, draft.y, row, 16, "tibo")
        draft.put(440, draft.y, box[number % len(box)], 8)
        draft.y += 20
    draft.text(names(work.authors), 11, after=10).filler(whole(work), shelf.rng)
    return Made(draft.bytes(), expectation(work))


@kind("preprint with arXiv stamp")
def preprint(shelf: Shelf) -> Made:
    work = shelf.preprint()
    draft = article(work, shelf.rng, pages=9)
    draft.document[0].insert_text(
        (20, 600), f"arXiv:{work.arxiv}v2  [cs.LG]  3 Jan {work.year}", fontsize=18, rotate=90
    )
    return Made(draft.bytes(), expectation(work))


@kind("preprint under another title, stamped")
def stamped_only(shelf: Shelf) -> Made:
    work = shelf.preprint()
    draft = article(work, shelf.rng, title="Towards a new look at an old question", pages=9)
    draft.document[0].insert_text(
        (20, 600), f"arXiv:{work.arxiv}v1  [cs.LG]  3 Jan {work.year}", fontsize=18, rotate=90
    )
    return Made(draft.bytes(), expectation(work))


@kind("manuscript with line numbers")
def line_numbers(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page()
    words = work.title.split()
    lines = (*(" ".join(words[n : n + 5]) for n in range(0, len(words), 5)), names(work.authors)[:80])
    for number, text in enumerate(lines, 1):
        draft.put(40, draft.y, str(number), 8)
        draft.put(70, draft.y, text, 12)
        draft.y += 24
    draft.filler(whole(work), shelf.rng)
    return Made(draft.bytes(), expectation(work))


@kind("manuscript in one size")
def typewritten(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text(work.title, 11, "cour", after=20).text(names(work.authors), 11, "cour", after=20)
    return Made(draft.filler(whole(work), shelf.rng).bytes(), expectation(work))


@kind("repository cover with the title")
def cover_with_title(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text("University of Somewhere", 20, after=20).text("Research repository", 12, after=20)
    draft.text(work.title, 14, after=8).text(names(work.authors), 10, after=20)
    draft.text(f"DOI: {work.doi}\nDocument version: accepted author manuscript\nTerms of use: this copy may be read.")
    return Made(article(work, shelf.rng, draft=draft).bytes(), expectation(work))


@kind("two repository covers without the title")
def bare_covers(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft()
    for _ in range(2):
        draft.page().text("University of Somewhere", 20, after=20).text(paragraph(shelf.rng))
    return Made(article(work, shelf.rng, draft=draft).bytes(), expectation(work))


@kind("cover with a citation of the work")
def citing_cover(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text("Open Research Online", 18, after=20)
    draft.text(f"How to cite: {names(work.authors)} ({work.year}). {work.title}. {source(work)}.")
    return Made(article(work, shelf.rng, draft=draft).bytes(), expectation(work))


@kind("blank pages in front")
def blank_front(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(work, shelf.rng, draft=Draft().blank(3)).bytes(), expectation(work))


@kind("book of 300 pages")
def book(shelf: Shelf) -> Made:
    work = shelf.book()
    return Made(whole_book(work, shelf.rng).bytes(), expectation(work))


def whole_book(work: CatalogueWork, rng: random.Random, *, front: int = 0, pages: int = 300) -> Draft:
    people = names(work.authors or work.editors)
    draft = Draft((430, 650)).blank(front)
    draft.page().text(work.title, 11).blank()
    draft.page().text(people, 12, after=40).title(work.title, 22)
    draft.text(work.subtitle or "", 14, after=200).text(work.publisher or "A Press", 10)
    draft.page().text(f"© {work.year} {work.publisher}\nAll rights reserved. ISBN 978-0-00-000000-2", 8)
    draft.page().text("Contents", 14, "tibo", after=20)
    for number in range(9):
        draft.text(f"{number + 1}  On the {number + 1}th of these matters ..... {number * 30 + 7}", 10)
    chapter = Draft((430, 650)).page().filler(10, rng).bytes()
    while draft.document.page_count < pages:
        draft.add(chapter)
    return draft


@kind("book whose title page comes late")
def late_title_page(shelf: Shelf) -> Made:
    work = shelf.book()
    draft = Draft((430, 650)).page().text("A Series of Studies", 9).blank(2)
    draft.page().text("Edited by a board of nine, founded long ago", 9).blank(1)
    draft.page().text(names(work.authors or work.editors), 12, after=40).title(work.title, 22)
    return Made(draft.page().filler(80, shelf.rng).bytes(), expectation(work))


@kind("chapter offprint")
def offprint(shelf: Shelf) -> Made:
    work = shelf.chapter()
    draft = Draft((430, 650))
    draft.head = work.container
    draft.page().text("Chapter 7", 11, after=10).title(work.title, 16).text(names(work.authors), 11, after=20)
    return Made(draft.filler(whole(work), shelf.rng).bytes(), expectation(work))


@kind("thesis, title after its author")
def thesis(shelf: Shelf) -> Made:
    work = shelf.thesis()
    draft = Draft().page().text("University of Somewhere\nFaculty of Arts", 14, after=60)
    draft.text(names(work.authors), 14, after=60).text(f"{work.title}\n{work.subtitle or ''}", 18, after=60)
    draft.text("A dissertation submitted for the degree of Doctor of Philosophy", 11).text(str(work.year))
    return Made(draft.page().filler(90, shelf.rng).bytes(), expectation(work))


@kind("begins in the middle of a page of another")
def in_the_middle(shelf: Shelf) -> Made:
    work, before = shelf.article(), shelf.article()
    draft = Draft()
    draft.head = source(work)
    draft.page().text(paragraph(shelf.rng), after=6).text(paragraph(shelf.rng), after=6)
    draft.text("References", 10, "tibo").text(
        f"1. {names(before.authors)}. {before.title}. {source(before)}.", 8, after=16
    )
    draft.title(work.title, 14).text(names(work.authors), 10, after=10)
    return Made(draft.filler(whole(work), shelf.rng).bytes(), expectation(work))


@kind("begins in the middle, in bold type")
def bold_in_the_middle(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page()
    for _ in range(3):
        draft.text(paragraph(shelf.rng), after=6)
    draft.text(work.title, 10, "tibo", after=4).text(names(work.authors), 10, "tiit", after=8)
    return Made(draft.filler(whole(work), shelf.rng).bytes(), expectation(work))


@kind("two works in one file")
def two_works(shelf: Shelf) -> Made:
    work = shelf.article()
    first = article(work, shelf.rng)
    return Made(article(shelf.other(work), shelf.rng, draft=first).bytes(), expectation(work))


@kind("erratum in front")
def erratum_in_front(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().title(f"Erratum to: {work.title}", 15).text(names(work.authors), 10, after=10)
    draft.text("On page 3 the second sentence should read as follows. " + paragraph(shelf.rng))
    return Made(article(work, shelf.rng, draft=draft).bytes(), expectation(work))


@kind("retracted article")
def retracted(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(work, shelf.rng, title=f"RETRACTED ARTICLE: {work.title}").bytes(), expectation(work))


@kind("short communication")
def communication(shelf: Shelf) -> Made:
    work = replace(shelf.article(), pages="12")
    one = expectation(work, pages=shelf.rng.choice(("12-12", "12", "e12", "L5", None)))
    return Made(article(work, shelf.rng, pages=1).bytes(), one)


@kind("abbreviated last page")
def abbreviated(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(work, shelf.rng, pages=1).bytes(), expectation(work, pages="1735-5"))


@kind("letter that is cited as one page")
def one_page_record(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(work, shelf.rng, pages=5).bytes(), expectation(work, pages="101"))


@kind("fewer, larger pages than in print")
def fewer_pages(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(work, shelf.rng, pages=12).bytes(), expectation(work, pages="101-132"))


@kind("with a long supplement behind")
def long_supplement(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = article(work, shelf.rng, pages=SIX).page().title("Supplementary information").filler(40, shelf.rng)
    return Made(draft.bytes(), expectation(work, pages="101-105"))


@kind("Cyrillic")
def cyrillic(shelf: Shelf) -> Made:
    title = shelf.rng.choice(("Наблюдения ледников в северных долинах", "О природе вещей и пределах познания в науке"))
    person = Person(family="Иванов", given="Пётр")
    work = replace(shelf.article(), title=title, authors=(person,), subtitle=None)
    return Made(article(work, shelf.rng).bytes(), expectation(work))


@kind("Cyrillic, record transliterated")
def transliterated(shelf: Shelf) -> Made:
    work = replace(
        shelf.article(),
        title="Наблюдения ледников в северных долинах",
        authors=(Person(family="Иванов", given="Пётр"),),
    )
    person = Person(family="Ivanov", given="Petr")
    wanted = expectation(work, title="Nabliudeniia lednikov v severnykh dolinakh", authors=(person,), subtitle=None)
    return Made(article(work, shelf.rng).bytes(), wanted)


@kind("Chinese")
def chinese(shelf: Shelf) -> Made:
    title = shelf.rng.choice(("北方山谷冰川的观测与分析", "社会资本与地方治理的比较研究"))
    work = replace(shelf.article(), title=title, authors=(Person(family="李", given="明"),), subtitle=None)
    return Made(article(work, shelf.rng).bytes(), expectation(work))


@kind("Japanese")
def japanese(shelf: Shelf) -> Made:
    work = replace(
        shelf.article(),
        title="北部の谷における氷河の観測について",
        authors=(Person(family="田中", given="健"),),
        subtitle=None,
    )
    return Made(article(work, shelf.rng).bytes(), expectation(work))


@kind("Greek")
def greek(shelf: Shelf) -> Made:
    title = "Παρατηρήσεις παγετώνων στις βόρειες κοιλάδες"
    work = replace(
        shelf.article(), title=title, authors=(Person(family="Παπαδόπουλος", given="Γιώργος"),), subtitle=None
    )
    return Made(article(work, shelf.rng).bytes(), expectation(work))


@kind("authors in another script")
def foreign_authors(shelf: Shelf) -> Made:
    work = shelf.article()
    named = replace(work, authors=(Person(family="Иванов", given="Пётр"), Person(family="Щербакова", given="Ольга")))
    people = ", ".join(f"{to_latin(p.given or '')} {to_latin(p.family or '')}" for p in named.authors)
    return Made(article(work, shelf.rng, people=people).bytes(), expectation(named))


@kind("translated title with its DOI")
def translated(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(
        article(work, shelf.rng, title="Von den Dingen, die hier anders heißen", doi=True).bytes(), expectation(work)
    )


@kind("both titles, the translated one first")
def parallel(shelf: Shelf) -> Made:
    work = shelf.article()
    title = f"Von den Dingen, die hier anders heißen\n{work.title}"
    return Made(article(work, shelf.rng, title=title).bytes(), expectation(work))


@kind("a second title in small print")
def small_parallel(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text(source(work), 8).title("Von den Dingen, die hier anders heißen")
    draft.text(names(work.authors), 11, after=8).text(paragraph(shelf.rng), 9, after=8)
    draft.text(work.title, 9, "tibo", after=4).text(paragraph(shelf.rng), 9)
    return Made(draft.filler(whole(work), shelf.rng).bytes(), expectation(work))


@kind("misprints in the title")
def misprinted(shelf: Shelf) -> Made:
    work = shelf.article(least=45)
    place = shelf.rng.randrange(5, len(work.title) - 5)
    title = work.title[:place] + work.title[place + 1 :]
    return Made(article(work, shelf.rng, title=title).bytes(), expectation(work))


@kind("note marks behind title and names")
def note_marks(shelf: Shelf) -> Made:
    work = shelf.article()
    people = ", ".join(f"{names((person,))}{n}*" for n, person in enumerate(work.authors, 1))
    return Made(article(work, shelf.rng, title=f"{work.title}*", people=people).bytes(), expectation(work))


@kind("dropped initial")
def dropped_initial(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text(source(work), 8, after=30)
    draft.put(70, draft.y, work.title[0], 40, "tibo")
    draft.text(work.title[1:], 16, "tibo", x=105, after=10).text(names(work.authors), 11, after=10)
    return Made(draft.filler(whole(work), shelf.rng).bytes(), expectation(work))


@kind("markup in the record")
def markup(shelf: Shelf) -> Made:
    work = shelf.article()
    words = work.title.split()
    words[1] = f"<i>{words[1]}</i>"
    return Made(article(work, shelf.rng).bytes(), expectation(work, title=" ".join(words).replace("&", "&amp;")))


@kind("authors at the end")
def signed(shelf: Shelf) -> Made:
    work = shelf.short_titled()
    draft = article(work, shelf.rng, people="", pages=2).text(names(work.authors), 10, "tiit")
    return Made(draft.bytes(), expectation(work, pages="101-102"))


@kind("no authors in the record")
def anonymous(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(work, shelf.rng).bytes(), expectation(work, authors=()))


@kind("editorial with its DOI")
def editorial(shelf: Shelf) -> Made:
    work = replace(shelf.article(), title="Editorial", subtitle=None)
    return Made(article(work, shelf.rng, pages=2, doi=True).bytes(), expectation(work, pages="1-2"))


@kind("series kicker above")
def kicker(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text("NBER WORKING PAPER SERIES", 18, "tibo", after=40).title(work.title, 15)
    draft.text(names(work.authors), 11, after=20).text("Working Paper 12345", 10)
    return Made(draft.page().filler(30, shelf.rng).bytes(), expectation(work, pages="1-30"))


@kind("report of an organisation")
def report(shelf: Shelf) -> Made:
    work = replace(shelf.article(), authors=(Person(name="Organisation for Harbours and Tides"),), type="report")
    return Made(article(work, shelf.rng, pages=40).bytes(), expectation(work, pages=None))


@kind("edited book")
def edited(shelf: Shelf) -> Made:
    work = shelf.book()
    book = replace(work, authors=(), editors=work.authors or work.editors)
    return Made(whole_book(book, shelf.rng, pages=200).bytes(), expectation(book))


@kind("manuscript with a wide supplement, thrice the pages")
def wide_manuscript(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = article(work, shelf.rng, pages=45).page().title("Supplementary methods", 17).filler(24, shelf.rng)
    return Made(draft.bytes(), expectation(work, pages="101-112"))


@kind("working paper whose own contents come before the title")
def own_contents(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text("Contents", 13, "tibo", after=8)
    draft.text("1 Introduction ..... 1\n2 Methods ..... 10\n3 Results ..... 20\n4 Discussion ..... 40")
    return Made(article(work, shelf.rng, pages=60, draft=draft).bytes(), expectation(work, pages="211-229"))


@kind("short thesis")
def short_thesis(shelf: Shelf) -> Made:
    work = shelf.thesis()
    draft = Draft().page().title(work.title, 18).text(names(work.authors), 14, after=60)
    draft.text("A dissertation submitted for the degree of Doctor of Philosophy", 11)
    return Made(draft.page().filler(27, shelf.rng).bytes(), expectation(work))


@kind("protocol, wanted as one")
def wanted_protocol(shelf: Shelf) -> Made:
    work = shelf.article(longest=90)
    word, behind = shelf.rng.choice((("STUDY PROTOCOL", "study protocol for a trial"), ("Workbook", "A workbook")))
    title = f"{work.title}: {behind}"
    named = replace(work, title=title, subtitle=None)
    draft = Draft().page().text(word, 9, after=8)
    draft.title(title).text(names(work.authors), 11, after=8).text(f"https://doi.org/{work.doi}", 8)
    return Made(draft.filler(whole(work), shelf.rng).bytes(), expectation(named))


@kind("policy brief, wanted as a report")
def brief(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text("Policy brief no. 7", 12, after=8).title(work.title).text(names(work.authors), 11)
    return Made(draft.filler(4, shelf.rng).bytes(), expectation(work, pages=None, type="report"))


@kind("withdrawn article, all of it")
def whole_withdrawn(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = article(work, shelf.rng, title=f"WITHDRAWN: {work.title}", pages=9)
    return Made(draft.bytes(), expectation(work, pages=None))


@kind("below a word of its journal, or of its place")
def labelled(shelf: Shelf) -> Made:
    work = shelf.article()
    word = shelf.rng.choice(("OPEN ACCESS", "Letters", "University of Somewhere", "Articles", "Original Investigation"))
    draft = Draft().page().text(word, 12, after=8).title(work.title).text(names(work.authors), 11, after=8)
    return Made(draft.filler(whole(work), shelf.rng).bytes(), expectation(work))
