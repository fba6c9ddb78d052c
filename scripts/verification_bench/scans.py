"""True copies that are scans, or that say little of themselves: broken fonts, repaired files, prints of web pages."""

from __future__ import annotations

from verification_bench.setting import Draft, locked, misread, names, read, scanned
from verification_bench.true_copies import TRUE, article, kind, source, whole
from verification_bench.works import Made, Shelf, expectation

FIVE = "101-105"  # pages, that are quickly drawn
__all__ = ["TRUE"]  # with the kinds of this module entered


@kind("scan without text")
def scan(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(scanned(article(work, shelf.rng, pages=5).bytes()), expectation(work, pages=FIVE), doubt=True)


@kind("scan with a text layer")
def scan_with_text(shelf: Shelf) -> Made:
    work = shelf.article()
    body = article(work, shelf.rng, pages=5).bytes()
    text = [misread(page, 0.02, shelf.rng) for page in read(body)]
    return Made(scanned(body, dpi=80, text=text), expectation(work, pages=FIVE))


@kind("scan with a poor text layer")
def scan_with_poor_text(shelf: Shelf) -> Made:
    work = shelf.article()
    body = article(work, shelf.rng, pages=5).bytes()
    text = [misread(page, 0.2, shelf.rng) for page in read(body)]
    return Made(scanned(body, text=text), expectation(work, pages=FIVE), doubt=True)


@kind("scan with an archive's stamp only")
def scan_with_stamp(shelf: Shelf) -> Made:
    work = shelf.article()
    stamp = "This content downloaded from 192.0.2.7 on Mon, 02 Jan 2020. All use subject to the archive's terms"
    return Made(
        scanned(article(work, shelf.rng, pages=5).bytes(), stamp=stamp), expectation(work, pages=FIVE), doubt=True
    )


@kind("scan behind an archive's cover")
def scan_behind_cover(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text(work.title, 13, after=6).text(f"Author(s): {names(work.authors)}", after=4)
    draft.text(f"Source: {source(work)}\nStable URL: https://archive.test/stable/1234", after=40)
    draft.text("Your use of the archive indicates your acceptance of its terms and conditions of use.")
    return Made(draft.add(scanned(article(work, shelf.rng, pages=5).bytes())).bytes(), expectation(work, pages=FIVE))


@kind("letters that are not what they look like")
def scrambled(shelf: Shelf) -> Made:
    """As from fonts without a table of their letters: readable on the screen, nonsense to a program."""
    work = shelf.article()
    body = article(work, shelf.rng, pages=5).bytes()
    text = ["".join(chr(33 + (ord(c) * 7) % 90) if c.isalpha() else c for c in page) for page in read(body)]
    return Made(scanned(body, text=text), expectation(work, pages=FIVE), doubt=True)


@kind("may not be printed")
def unprintable(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(work, shelf.rng).bytes(**locked(owner_pw="owner")), expectation(work))


@kind("table of objects damaged")
def repaired(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(work, shelf.rng).bytes().replace(b"startxref", b"startxxxx"), expectation(work))


@kind("junk before and behind")
def junk(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(b"\r\n" * 450 + article(work, shelf.rng).bytes() + b"\0" * 6000, expectation(work))


@kind("described by another title")
def misdescribed(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(work, shelf.rng).describe(title=shelf.other(work).title).bytes(), expectation(work))


@kind("web print of an open article")
def web_print(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text("Log in   Register   Cart   Articles   About", 8, after=10)
    draft.title(work.title).text(names(work.authors), 11, after=8).text("Open access", 8, after=8)
    return Made(draft.filler(whole(work), shelf.rng).bytes(), expectation(work))


@kind("cites itself on its first page")
def cites_itself(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = Draft().page().text(f"Please cite as: {names(work.authors)}, {work.title}, {source(work)}", 7, after=10)
    draft.title(work.title).text(names(work.authors), 11, after=8)
    return Made(draft.filler(whole(work), shelf.rng).bytes(), expectation(work))
