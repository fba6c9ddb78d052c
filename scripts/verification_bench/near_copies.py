"""False copies that are nearly the wanted work: one word is another, the heading goes on, the cover is ours."""

from __future__ import annotations

from dl_lit.standin.catalogue import CatalogueWork
from verification_bench.false_copies import kind
from verification_bench.satellites import FALSE
from verification_bench.setting import Draft, names
from verification_bench.true_copies import article
from verification_bench.works import Made, Shelf, expectation

__all__ = ["FALSE"]  # with the kinds of this module entered

OTHER_WORDS = (
    *(("men", "women"), ("male patients", "female patients"), ("rural Iran", "rural Iraq"), ("Niger", "Nigeria")),
    *(("hypotension", "hypertension"), ("supervised learning", "unsupervised learning"), ("2D flows", "3D flows")),
    *(("linear models", "nonlinear models"), ("rural schools", "urban schools"), ("upper limbs", "lower limbs")),
    *(("import tariffs", "export tariffs"), ("influenza H1N1", "influenza H3N2"), ("serum IgG", "serum IgA")),
    *(("Mali", "Malawi"), ("Austria", "Australia"), ("boys", "girls"), ("the 1980s", "the 1990s")),
)


@kind("one word is another")
def other_word(shelf: Shelf) -> Made:
    work = shelf.article(longest=80)
    pair = list(shelf.rng.choice(OTHER_WORDS))
    shelf.rng.shuffle(pair)
    ours, theirs = (f"{work.title} and {ending}" for ending in pair)
    return Made(article(work, shelf.rng, title=theirs).bytes(), expectation(work, title=ours, subtitle=None))


@kind("its heading goes on on the next line")
def goes_on(shelf: Shelf) -> Made:
    work = shelf.article(longest=80)
    more = shelf.rng.choice(("In Rural Malawi", "Among Fishermen of the Great Lakes", "During the Drought Years"))
    title = shelf.rng.choice((f"{work.title}\n{more}", f"{work.title}\n{more}".upper()))
    return Made(article(work, shelf.rng, title=title).bytes(), expectation(work, subtitle=None))


@kind("its heading begins on the line before")
def begins_sooner(shelf: Shelf) -> Made:
    work = shelf.article(longest=80)
    first = shelf.rng.choice(("Measuring", "Towards a History of", "Explaining", "Gender, Place,", "Why"))
    return Made(article(work, shelf.rng, title=f"{first}\n{work.title}").bytes(), expectation(work))


@kind("another subtitle on its own line")
def other_subtitle_line(shelf: Shelf) -> Made:
    work = shelf.subtitled()
    draft = article(work, shelf.rng, title=f"{work.title}\nThe Harbours and the Tides of the North")
    return Made(draft.bytes(), expectation(work))


@kind("our cover, another work behind it")
def other_behind_cover(shelf: Shelf) -> Made:
    work = shelf.article()
    return Made(article(shelf.other(work), shelf.rng, draft=_cover(work)).bytes(), expectation(work))


@kind("our cover, the erratum behind it")
def erratum_behind_cover(shelf: Shelf) -> Made:
    work = shelf.article()
    draft = article(work, shelf.rng, title=f"Erratum to: {work.title}", draft=_cover(work))
    return Made(draft.bytes(), expectation(work))


def _cover(work: CatalogueWork) -> Draft:
    draft = Draft().page().text("HAL Id: hal-01234567\nSubmitted on 3 Mar 2015", 9, after=40).title(work.title, 17)
    return draft.text(names(work.authors), 12, after=40).text(
        f"To cite this version: {names(work.authors)}. {work.year}"
    )
