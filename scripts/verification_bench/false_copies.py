"""Files that are not the wanted work, or not whole, however much they look like it: none may be kept."""

from __future__ import annotations

import random
from dataclasses import replace

from dl_lit.download.verify import Expectation
from dl_lit.model import Person
from dl_lit.standin.catalogue import CatalogueWork
from verification_bench.setting import A0, SCREEN, Draft, locked, names, paragraph, scanned
from verification_bench.true_copies import article, source, whole_book
from verification_bench.works import Made, Maker, Shelf, entering, expectation, pages_of

FALSE: dict[str, Maker] = {}


kind = entering(FALSE)


def about(name: str, *forms: str, pages: int = 3, size: float = 15) -> None:
    """Another text that has the title within its own: `{t}` is the title, `{a}` the first author, `{w}` all."""

    def maker(shelf: Shelf) -> Made:
        work = shelf.article(longest=110)
        form = shelf.rng.choice(forms)
        title = form.format(t=work.title, a=work.authors[0].family, w=names(work.authors))
        people = names(shelf.other(work).authors) if shelf.rng.random() < 0.5 else names(work.authors)
        body = article(work, shelf.rng, title=title, people=people, pages=pages, size=size).bytes()
        return Made(body, expectation(work, pages="101-106"))

    FALSE[name] = maker


about("erratum", "Erratum to: {t}", "Erratum: {t}", "Corrigendum to “{t}”", "Correction: {t}", "Correction to: {t}")
about("erratum in German", "Berichtigung zu: {t}", "Erratum zu: {t}", "Korrektur: {t}")
about(
    "retraction",
    "Retraction note to: {t}",
    "Retraction: {t}",
    "Expression of concern: {t}",
    "Notice of retraction: {t}",
)
about("comment", "Comment on “{t}”", "Commentary on {a} et al.: {t}", "A comment on {t}", "Comments on: {t}")
about(
    "reply", "Response to “{t}”", "Reply to: {t}", "A reply to {a}’s “{t}”", "Rejoinder: {t}", "Author response to: {t}"
)
about(
    "reply behind the title",
    "{t}: A reply",
    "{t}: Rejoinder",
    "{t} – a response to critics",
    "{t}: comment",
    "{t}: Erratum",
)
about("review of it", "Review of {w}: {t}", "Book review: {t}", "[Review of the article {t}]", "Rezension zu: {t}")
about(
    "supplement",
    "Supplementary material for: {t}",
    "Supporting information for\n{t}",
    "Online appendix to “{t}”",
    pages=8,
)
about(
    "supplement behind the title",
    "{t}\nSupplementary information",
    "{t}: Online appendix",
    "{t}\n(Supporting Information)",
)
about("revisited", "{t} revisited", "{t}: Ten years after", "Beyond “{t}”", "Rethinking {t}", pages=6)
about(
    "longer title",
    "On the limits of {t}",
    "{t} and what became of them",
    "A critique of {t}",
    "Notes towards {t}",
    pages=6,
)
about("replication", "A replication of “{t}”", "{t}: a replication study", "Replicating {t}", pages=6)


@kind("another work of the same authors")
def same_authors(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(replace(shelf.other(work), authors=work.authors), shelf.rng).bytes(), expectation(work))


@kind("another work altogether")
def another(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(shelf.other(work), shelf.rng, doi=True).bytes(), expectation(work))


@kind("same title, other authors")
def same_title(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(work, shelf.rng, people=names(shelf.other(work).authors)).bytes(), expectation(work))


@kind("same title and first author's name in the list of references")
def same_title_cited_author(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = article(work, shelf.rng, people=names(shelf.other(work).authors), pages=2)
    draft.text("References", 11, "tibo").text(
        f"{names(work.authors)} ({work.year}). Quite another matter. {source(work)}."
    )
    return Made(draft.bytes(), expectation(work, pages="101-103"))


@kind("short title within a longer one of the same authors")
def longer_title(shelf: Shelf) -> Made:
    work = shelf.short_titled()
    more = shelf.rng.choice(
        (" for speech recognition", " in small firms and large ones", " of harbours", " and its discontents")
    )
    return Made(article(work, shelf.rng, title=work.title + more).bytes(), expectation(work))


@kind("same title, another subtitle")
def other_subtitle(shelf: Shelf) -> Made:
    work = shelf.subtitled()
    title = f"{work.title}: Lectures on harbours and tides"
    return Made(article(work, shelf.rng, title=title).bytes(), expectation(work))


@kind("next part")
def next_part(shelf: Shelf) -> Made:
    work = shelf.article()
    unit = shelf.rng.choice(("Part {}", "{}.", "Part {}: Evidence", "({})"))
    wanted = expectation(work, title=f"{work.title}. {unit.format('I')}", subtitle=None)
    title = f"{work.title}. {unit.format(shelf.rng.choice(('II', 'III')))}"
    return Made(article(work, shelf.rng, title=title).bytes(), wanted)


@kind("next year's report")
def next_year(shelf: Shelf) -> Made:
    work = shelf.article()
    wanted = expectation(work, title=f"{work.title}: report for 2014", subtitle=None)
    return Made(article(work, shelf.rng, title=f"{work.title}: report for 2015").bytes(), wanted)


@kind("another volume")
def another_volume(shelf: Shelf) -> Made:
    work = shelf.book()
    book = replace(work, title=f"{work.title}. Volume 2", subtitle=None)
    return Made(
        whole_book(book, shelf.rng, pages=90).bytes(), expectation(work, title=f"{work.title}. Volume 1", subtitle=None)
    )


@kind("whole issue with its contents")
def whole_issue(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = (
        Draft().page().text(work.container or "A Journal", 26, after=30).text(f"Volume {work.volume} ({work.year})", 14)
    )
    contents(draft.page(), work, shelf)
    for number in range(8):
        one = work if number == 5 else shelf.other(work)
        article(one, shelf.rng, pages=8, draft=draft)
    return Made(draft.bytes(), expectation(work, pages="101-108"))


@kind("whole issue, the contents on its cover")
def whole_issue_cover(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text(work.container or "A Journal", 26, after=30)
    contents(draft, work, shelf, size=12)
    for number in range(8):
        article(work if number == 5 else shelf.other(work), shelf.rng, pages=8, draft=draft)
    return Made(draft.bytes(), expectation(work, pages="101-108"))


@kind("whole issue that begins with it")
def whole_issue_first(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = (
        Draft().page().text(work.container or "A Journal", 26, after=30).text(f"Volume {work.volume} ({work.year})", 14)
    )
    contents(draft.page(), work, shelf, place=0)
    for number in range(8):
        article(shelf.other(work) if number else work, shelf.rng, pages=8, draft=draft)
    return Made(draft.bytes(), expectation(work, pages="1-8"))


def contents(draft: Draft, work: CatalogueWork, shelf: Shelf, *, size: float = 10, place: int = 5) -> None:
    draft.text("Contents", 15, "tibo", after=12)
    for number in range(8):
        one = work if number == place else shelf.other(work)
        dots = shelf.rng.choice((" ........ ", "   ", "\n"))
        draft.text(names(one.authors), size).text(f"{one.title}{dots}{number * 8 + 1}", size, after=6)


@kind("table of contents alone")
def contents_alone(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text(work.container or "A Journal", 26, after=30)
    contents(draft, work, shelf)
    draft.page()
    contents(draft, shelf.other(work), shelf)
    return Made(draft.bytes(), expectation(work, pages=shelf.rng.choice((None, "101-103"))))


@kind("book for its chapter")
def book_for_chapter(shelf: Shelf) -> Made:
    work = shelf.chapter()
    draft = Draft((430, 650)).page().title(work.container or "", 22).text("Edited by several hands", 12)
    draft.page().text("Contents", 14, "tibo", after=20)
    for number in range(9):
        title = work.title if number == 4 else f"On the {number + 1}th of these matters"
        people = names(work.authors) if number == 4 else names(shelf.article().authors)
        draft.text(f"{number + 1}  {title} ..... {number * 20 + 7}", 10).text(people, 9, after=4)
    return Made(draft.page().filler(100, shelf.rng).bytes(), expectation(work))


@kind("cover alone")
def cover(shelf: Shelf) -> Made:
    work = shelf.book()
    draft = Draft((430, 650)).page().text(names(work.authors or work.editors), 14, after=80).title(work.title, 24)
    return Made(draft.bytes(), expectation(work))


@kind("repository cover alone")
def repository_cover(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text("University of Somewhere", 20, after=20).text(work.title, 14, after=8)
    draft.text(names(work.authors), 10, after=20).text(
        f"DOI: {work.doi}\nFull text is not available from this repository."
    )
    return Made(draft.bytes(), expectation(work, pages=shelf.rng.choice((work.pages, None, "101"))))


@kind("front matter of a book")
def front_matter(shelf: Shelf) -> Made:
    work = shelf.book()
    draft = Draft((430, 650)).page().text(names(work.authors or work.editors), 12, after=40).title(work.title, 22)
    draft.page().text("Contents", 14, "tibo", after=20)
    for number in range(9):
        draft.text(f"{number + 1}  On the {number + 1}th of these matters ..... {number * 30 + 7}", 10)
    return Made(draft.page().filler(6, shelf.rng).bytes(), expectation(work))


@kind("first page as a preview")
def preview(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(work, shelf.rng, pages=1).bytes(), expectation(work))


@kind("first page, said to be a preview")
def said_preview(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft()
    draft.head = shelf.rng.choice(
        ("Preview of the first page", "This is a preview of subscription content", "Page 1 of 14")
    )
    return Made(article(work, shelf.rng, pages=1, draft=draft).bytes(), expectation(work, pages=None))


@kind("three pages of forty")
def three_pages(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(work, shelf.rng, pages=3).bytes(), expectation(work, pages="101-140"))


@kind("poster")
def poster(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft(A0).page().title(work.title, 80).text(names(work.authors), 40, after=60)
    for _ in range(20):
        draft.text(paragraph(shelf.rng), 30, after=20)
    return Made(draft.bytes(), expectation(work, pages=shelf.rng.choice((None, work.pages))))


@kind("slides")
def slides(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft(SCREEN).page().title(work.title, 36).text(names(work.authors), 24)
    for number in range(24):
        draft.page().title(f"Finding {number + 1}", 30).text("\n".join(paragraph(shelf.rng).split(". ")[:4]), 18)
    return Made(draft.bytes(), expectation(work))


@kind("thesis of the same title")
def thesis(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text("University of Somewhere", 14, after=60).title(work.title, 18)
    draft.text(names(work.authors[:1]), 14, after=40)
    draft.text(
        "A thesis submitted in partial fulfilment of the requirements for the degree of Doctor of Philosophy", 11
    )
    return Made(draft.page().filler(150, shelf.rng).bytes(), expectation(work))


@kind("review of a book")
def book_review(shelf: Shelf) -> Made:
    work = shelf.book()
    people = names(work.authors or work.editors)
    head = shelf.rng.choice(
        (
            f"{people}: {work.title}. {work.publisher}, {work.year}. 348 pp.",
            f"{work.title}\nBy {people}. 348 pages, £19.99.",
        )
    )
    draft = Draft().page().text("BOOK REVIEWS", 12, after=10).text(head, 12, "tibo", after=10)
    draft.filler(3, shelf.rng).text("C. Stranger", 10, "tiit")
    return Made(draft.bytes(), expectation(work))


@kind("cites it on its first page")
def cites_it(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().title("On bees and their neighbours").text("C. Stranger", 11, after=10)
    draft.text(f"We follow {names(work.authors)}, {work.title}, {source(work)}, doi:{work.doi}, in most respects.")
    return Made(draft.filler(6, shelf.rng).bytes(), expectation(work))


@kind("cites it in its references")
def in_references(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().title("On bees and their neighbours").text("C. Stranger", 11, after=10).filler(1, shelf.rng)
    heading = shelf.rng.choice(
        ("References", "REFERENCES CITED", "References and notes", "R E F E R E N C E S", "Notes")
    )
    draft.page().text(heading, 12, "tibo", after=6)
    for number in range(8):
        one = work if number == 4 else shelf.other(work)
        draft.text(
            f"{number + 1}. {names(one.authors)} ({one.year}).\n{one.title}. {source(one)}. doi:{one.doi}", 9, after=3
        )
    return Made(draft.bytes(), expectation(work, pages="101-102"))


@kind("its references run on at the top of a page")
def references_go_on(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = (
        Draft()
        .page()
        .title("On bees and their neighbours")
        .text("C. Stranger", 11, after=10)
        .text(paragraph(shelf.rng))
    )
    draft.page()
    for number in range(12):
        one = work if number == 0 else shelf.other(work)
        draft.text(f"{names(one.authors)} ({one.year}):\n{one.title}. In: {source(one)}.", 9, after=3)
    return Made(draft.bytes(), expectation(work, pages="101-102"))


@kind("follows it up, and gives its doi")
def follow_up(shelf: Shelf) -> Made:
    work = shelf.article()
    other = replace(shelf.other(work), authors=work.authors)
    draft = article(other, shelf.rng, pages=1)
    draft.y = 780
    draft.text(f"* This extends our earlier article, which is at https://doi.org/{work.doi} and may be read there.", 8)
    return Made(draft.page().filler(5, shelf.rng).bytes(), expectation(work))


@kind("data that go with it")
def data(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().title("Codebook and data").text(names(work.authors), 11, after=8)
    draft.text(f"Data for the article https://doi.org/{work.doi}", 10, after=8)
    return Made(draft.filler(6, shelf.rng).bytes(), expectation(work))


@kind("its list of publications")
def publications(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().title(f"Publications of {names(work.authors[:1])}")
    for number in range(12):
        one = work if number == 2 else shelf.other(work)
        draft.text(f"{one.title}\n{source(one)}", 10, after=5)
    return Made(draft.page().filler(3, shelf.rng).bytes(), expectation(work))


@kind("described as it, with another text")
def lying_description(shelf: Shelf) -> Made:
    work = shelf.article()
    other = replace(shelf.other(work), authors=work.authors)
    return Made(article(other, shelf.rng).describe(title=work.title).bytes(), expectation(work))


@kind("licence of the publisher")
def licence(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = (
        Draft()
        .page()
        .title("Licence agreement")
        .text(f"License Number 5012345678901\nLicensed content title: {work.title}")
    )
    draft.text(f"Licensed content author: {names(work.authors)}\nOrder total 0.00 USD", after=12).filler(3, shelf.rng)
    return Made(draft.bytes(), expectation(work, pages="101-104"))


@kind("login page as a PDF")
def login(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = (
        Draft()
        .page()
        .text("Sign in   Register   Cart", 8, after=10)
        .title(work.title)
        .text(names(work.authors), 11, after=8)
    )
    draft.text(source(work), 9, after=8).text("Abstract", 11, "tibo").text(paragraph(shelf.rng), after=20)
    draft.text("Access through your institution\nLog in with your password\nBuy this article: US$ 39.95", 12)
    draft.page().text("About us   Contact   Privacy policy   Terms and conditions   Cookie settings", 8)
    return Made(draft.bytes(), expectation(work, pages=shelf.rng.choice((None, "101-106"))))


@kind("scan of another work")
def other_scan(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(scanned(article(shelf.other(work), shelf.rng, pages=5).bytes()), expectation(work))


@kind("encrypted")
def encrypted(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(work, shelf.rng).bytes(**locked(user_pw="secret")), expectation(work))


@kind("cut off")
def cut_off(shelf: Shelf) -> Made:
    work = shelf.article()
    body = article(work, shelf.rng, pages=30).bytes()
    return Made(body[: len(body) // 2], expectation(work))


@kind("cut off, with an end mark")
def cut_off_marked(shelf: Shelf) -> Made:
    work = shelf.article()
    body = article(work, shelf.rng, pages=30).bytes(garbage=0, use_objstms=0)
    return Made(body[: len(body) // 3] + b"\n%%EOF\n", expectation(work, pages="101-130"))


@kind("no pages")
def no_pages(shelf: Shelf) -> Made:
    work = shelf.article()
    body = (
        b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    )
    tail = (
        b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000055 00000 n \ntrailer\n<</Size 3/Root 1 0 R>>\n"
    )
    return Made(body + tail + b"startxref\n104\n%%EOF\n", expectation(work))


@kind("blank pages")
def blank(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(Draft().blank(pages_of(work)).bytes(), expectation(work))


@kind("portfolio")
def portfolio(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = (
        Draft().page().text("For the best experience, open this PDF portfolio in a reader that knows portfolios.", 14)
    )
    draft.describe(title=work.title, author=names(work.authors))
    draft.document.embfile_add("paper.pdf", article(work, shelf.rng).bytes())
    draft.document.xref_set_key(draft.document.pdf_catalog(), "Collection", "<</Type/Collection/View/D>>")
    return Made(draft.bytes(), expectation(work, pages=None))


@kind("garbage with a PDF's mark")
def garbage(shelf: Shelf) -> Made:
    return Made(
        random.Random(1).randbytes(900) + b"%PDF-1.5\n" + random.Random(2).randbytes(30_000) + b"%%EOF", wanted(shelf)
    )


@kind("PDF behind 2,000 other bytes")
def late_mark(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(b"<html>" + b" " * 1994 + article(work, shelf.rng).bytes(), expectation(work))


@kind("page of a website")
def website(shelf: Shelf) -> Made:
    work = wanted(shelf)
    return Made(f"<!doctype html><title>{work.title}</title><p>%%EOF".encode(), work)


@kind("scan of a page of an index card")
def card(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = (
        Draft((420, 300)).page().text(f"{names(work.authors)}\n{work.title}\n{source(work)}\nShelf mark 12 a 34", 10)
    )
    return Made(draft.bytes(), expectation(work, authors=work.authors or (Person(name="Anonymous"),), pages=None))


def wanted(shelf: Shelf) -> Expectation:
    return expectation(shelf.article())
